"""The Book: the only door to the store. Facts are recorded together or not at all, and read as a prefix of the log."""

import datetime as dt
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Event, Lock
from typing import Self

from sqlalchemy import ColumnElement, Connection, func, select

from ledger.facts import Fact, FactReplaced, FactVoided, FirstHandFact
from ledger.head import Head, check_versions
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected, SeveralRejected, StoreUnusable
from ledger.seal.tree import Frontier, consistency_path, hashes_of, inclusion_path, root
from ledger.store import answers, copying, faults, log, names
from ledger.store.answers import Issued
from ledger.store.database import Database
from ledger.store.faults import StoreUnsettled
from ledger.store.schema import FORMAT_VERSION, to_microseconds
from ledger.store.schema import facts as table
from ledger.store.spool import by_knowledge
from ledger.store.statements import Row

__all__ = ["FACTS_AT_A_TIME", "Book", "Issued", "Receipt"]

FACTS_AT_A_TIME = 1000
"""How many facts are decided, written and reported as progress together; larger steps are no faster."""

SECONDS_BETWEEN_LOOKS = 0.1
"""How long a fact that another process recorded may go unseen by a follower."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a call to record: how many facts were recorded, were there already, or were refused.

    `position` is the length of the log afterwards and `root` its Merkle root (32 bytes); of a dry run, what they would
    have been. The facts recorded are the last ones of that log.
    """

    recorded: int
    repeated: int
    refused: int
    position: int
    root: bytes


class Book:
    """A ledger, opened. Threads may share it, and other processes may write to the same database meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._head = Head()
        self._turn = Lock()

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Self:
        """The ledger at `sqlite:///path`, or at `postgresql+psycopg://user@host/database`.

        With `create`, an empty one is made there if there is none; the database of a server has to be there. Options go
        behind the URL: `?mode=ro` to read only, `?timeout=60` for the seconds that a writer waits for another.
        `sqlite://` is a ledger in memory. Raises StoreUnusable; a database that is no ledger is left alone.
        """
        return cls(Database(url, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the ledger."""
        self._database.close()

    @property
    def format(self) -> int:
        """How the tables are arranged: the only format that this program opens."""
        return FORMAT_VERSION

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know of the database that the ledger is in, in sentences."""
        return self._database.backend.notices

    # --- recording ---------------------------------------------------------------------------------------------------

    def record(
        self,
        facts: Iterable[Fact],
        *,
        now: dt.datetime,
        migrate: bool = False,
        expected: Mapping[str, int] | None = None,
        dry_run: bool = False,
        refused: Callable[[Rejected, Fact], None] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Receipt:
        """Record all the facts or none, in the order given; `now` is the clock, with its zone.

        A fact is recorded at `now`, or a microsecond after the one before it where that is later. It becomes known
        then, too, unless a migration says when it did; a migration records by that moment, undated facts last. The
        facts are taken as they are needed, a thousand at a time, and none is kept.

        `expected` gives streams (a fact's `subject`) the versions that the caller decided upon. `dry_run` decides all
        and writes nothing. `refused`, if given, is told of each fact that is refused, and all others are recorded;
        without it, all are refused if one is. `progress` is told how many facts are done.

        Raises StoreUnusable, and Rejected: by the rules of `ledger.decisions`, or `stream_moved`,
        `known_at_without_migration`, `known_at_in_future`, `known_at_goes_back`; SeveralRejected where several facts
        are refused. The `index` of a refusal is that of the fact refused, from 0, in the order given. Whatever else
        the facts raise while they are taken, nothing is recorded.
        """
        if now.tzinfo is None:
            msg = "`now` is an instant with its zone"
            raise ValueError(msg)
        now = now.astimezone(dt.UTC)
        in_order = by_knowledge(facts) if migrate else enumerate(facts)
        refusals: list[Rejected] = []
        done = repeated = 0
        step = list(islice(in_order, FACTS_AT_A_TIME))  # before anybody else has to wait
        with self._turn, self._appending(dry_run=dry_run) as (connection, head, commitments, rows):
            before = head.tree.size
            check_versions(connection, expected or {})
            while step:
                if rows:
                    log.insert(connection, rows)
                    rows.clear()
                    head.register.forget()
                if commitments:
                    step = [(index, names.without_names(fact, commitments)) for index, fact in step]
                head.recall(connection, step)
                tell = refused or (lambda refusal, _: refusals.append(refusal))
                new, there_already = head.extend(step, now, migrate=migrate, refused=tell)
                if not (dry_run or refusals):
                    rows += new
                done, repeated = done + len(step), repeated + there_already
                if progress is not None:
                    progress(done)
                step = list(islice(in_order, FACTS_AT_A_TIME))
            if refusals:
                raise refusals[0] if len(refusals) == 1 else SeveralRejected(refusals)
        recorded = head.tree.size - before
        return Receipt(recorded, repeated, done - recorded - repeated, head.tree.size, head.tree.root)

    def void(self, wrong: int | str, reason: str, *, now: dt.datetime) -> Receipt:
        """Void the fact at a position, or under a key. Raises as `record` does."""
        position, key = _named(wrong)
        return self.record([FactVoided(position=position, key=key, reason=reason)], now=now)

    def replace(self, wrong: int | str, reason: str, by: FirstHandFact, *, now: dt.datetime) -> Receipt:
        """Void the fact at a position, or under a key, and record another in its place. Raises as `record` does."""
        position, key = _named(wrong)
        return self.record([FactReplaced(position=position, key=key, reason=reason, by=by)], now=now)

    # --- reading -----------------------------------------------------------------------------------------------------

    def prefix(self, known: int | dt.datetime | dt.date | None = None) -> Prefix:
        """What was known at a position, at an instant with its zone, or at the end of a day in UTC; without it, all.

        The root is that of the bytes read, not of the hashes stored beside them. Raises Rejected
        (`no_such_position`, `moment_without_zone`) and StoreUnusable.
        """
        with self._database.reading() as connection:
            records = tuple(log.read(connection, _known(known)))
        if isinstance(known, int) and known != len(records):
            raise _no_such_position(known, len(records))
        return Prefix(records, root(record.leaf_hash for record in records))

    def read(self, after: int = 0) -> Iterator[Recorded]:
        """The facts after a position, one by one, as the log stands when the first is taken. Raises StoreUnusable."""
        with self._database.reading() as connection:
            yield from log.read(connection, after=after)

    def follow(self, after: int = 0) -> Generator[Recorded, None, None]:
        """The facts after a position, and then each new one as it is recorded, by whomever. It ends when it is closed.

        Positions have no gaps and come in the order of commits, so no look can miss one. Raises StoreUnusable.
        """
        woken = Event()
        self._database.listen(woken)
        try:
            while True:
                woken.clear()
                with self._database.reading() as connection:
                    some = list(log.read(connection, table.c.position <= after + FACTS_AT_A_TIME, after=after))
                for record in some:
                    after = record.position
                    yield record
                if not some:
                    woken.wait(SECONDS_BETWEEN_LOOKS)
        finally:
            self._database.unlisten(woken)

    def end(self, position: int | None = None) -> tuple[int, bytes]:
        """The length of the log and its root, or the root at an earlier position, over the bytes as they are.

        Raises Rejected (`no_such_position`) and StoreUnusable.
        """
        with self._database.reading() as connection:
            size = log.tree_of(connection).size
            if position is not None and not 0 <= position <= size:
                raise _no_such_position(position, size)
            size = size if position is None else position
            return size, root(log.leaves(connection, size))

    def roots(self, positions: Iterable[int]) -> dict[int, bytes]:
        """The roots at these positions, in one reading of the log, as far as it goes. Raises StoreUnusable."""
        wanted = set(positions)
        with self._database.reading() as connection:
            tree = Frontier()
            found = {0: tree.root}
            for leaf in log.leaves(connection, max(wanted, default=0)):
                tree = tree.add(leaf)
                if tree.size in wanted:
                    found[tree.size] = tree.root
        return {position: found[position] for position in sorted(wanted & found.keys())}

    def stream_versions(self) -> dict[str, int]:
        """How many facts there are about each subject: what `expected` is compared with."""
        versions = select(table.c.stream, func.max(table.c.version)).group_by(table.c.stream)
        with self._database.reading() as connection:
            return {stream: version for stream, version in connection.execute(versions)}  # noqa: C416  (rows, for mypy)

    # --- evidence ----------------------------------------------------------------------------------------------------

    def verify(
        self, sealed: Mapping[int, bytes] | None = None, progress: Callable[[int, int], object] | None = None
    ) -> list[str]:
        """What is wrong with the log as it is stored, a sentence each; nothing, if it is as the Book wrote it.

        That somebody rewrote the bytes together with all that stands beside them, only a root kept elsewhere shows:
        `sealed` has such roots, by the length of the log that they were of. `progress` is told how many facts are done,
        of how many.
        """
        with self._database.reading() as connection:
            damage = self._database.backend.damage(connection)
            return [*damage, *log.differences(connection, sealed or {}, progress)]

    def prove(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        """The stored bytes at a position, and the path that proves them to be in the log of the first `size` facts.

        Raises Rejected (`no_such_position`) and StoreUnusable.
        """
        with self._database.reading() as connection:
            last = log.tree_of(connection).size
            if not 1 <= position <= size <= last:
                raise _no_such_position(position if not 1 <= position <= last else size, last)
            state = log.state_at(connection, position)
            if state is None:
                raise faults.position_missing(position)
            return state, hashes_of(inclusion_path(position - 1, size), log.leaves(connection, size))

    def prove_growth(self, old_size: int, size: int) -> list[bytes]:
        """The path that proves that the log of the first `size` facts begins with that of the first `old_size`.

        Raises Rejected (`no_such_position`) and StoreUnusable.
        """
        with self._database.reading() as connection:
            last = log.tree_of(connection).size
            if not 0 <= old_size <= size <= last:
                raise _no_such_position(max(old_size, size), last)
            return hashes_of(consistency_path(old_size, size), log.leaves(connection, size))

    def issue(self, asked: str, digest: bytes, *, now: dt.datetime) -> Issued:
        """Register an answer that is handed out: what was asked, as JSON, and the SHA-256 of the answer's bytes.

        Its fingerprint is the SHA-256 of what was asked. Raises Rejected (`answer_differs`) where another answer was
        issued under it.
        """
        answer = Issued(sha256(asked.encode()).hexdigest(), asked, digest, now)
        with self._turn, self._database.writing() as connection:
            answers.issue(connection, answer)
        return answer

    def issued(self, beginning: str = "") -> list[Issued]:
        """The answers that were handed out and whose fingerprints begin like this, in their order."""
        with self._database.reading() as connection:
            return answers.issued(connection, beginning)

    # --- names that are kept out of facts ----------------------------------------------------------------------------

    def withhold(self, name: str, salt: bytes) -> str:
        """Keep a name out of the facts that are recorded from now on: they hold a commitment to it, which is returned.

        `salt` is 32 random bytes. A name has one commitment in a ledger, so facts about one person stay about one.
        """
        with self._turn, self._database.writing() as connection:
            return names.withhold(connection, name, salt)

    def forget(self, name: str) -> str | None:
        """Let go of a name: its commitment then stands for nobody. None if the name was not withheld."""
        with self._turn, self._database.writing() as connection:
            return names.forget(connection, name)

    def withheld(self) -> dict[str, tuple[str, bytes]]:
        """The commitment and the random bytes of each name that is withheld."""
        with self._database.reading() as connection:
            return names.withheld(connection)

    def verify_names(self) -> list[str]:
        """What is wrong with what is kept of names that are withheld, a sentence each, which does not say the name."""
        return names.differences(self.withheld())

    # --- copies ------------------------------------------------------------------------------------------------------

    def back_up(self, file: Path, progress: Callable[[int, int], object] | None = None) -> tuple[int, bytes]:
        """Copy the ledger as it is at one moment, whatever is written meanwhile, to a SQLite file; its length and root.

        The copy is a ledger itself, and is checked before it is there; `progress` is told how many facts of it are, of
        how many. Raises Rejected (`copy_exists`) and StoreUnusable.
        """
        tree = copying.back_up(self._database, file, progress)
        return tree.size, tree.root

    @classmethod
    def restore(cls, file: Path, url: str, progress: Callable[[int, int], object] | None = None) -> tuple[int, bytes]:
        """Make a ledger at `url`, where there is none, of a copy, checked before and after; its length and root.

        `progress` is told, each time, how many facts are checked, of how many.
        Raises Rejected (`ledger_exists`) and StoreUnusable.
        """
        tree = copying.restore(file, url, progress)
        return tree.size, tree.root

    @classmethod
    def upgrade(cls, url: str) -> tuple[int, int]:
        """Bring a ledger into the format that this program works with: the format it had, and the one it has.

        Raises StoreUnusable, and then nothing has changed.
        """
        from ledger.store.migrations import upgrade  # which loads Alembic

        return upgrade(url)

    # --- the head of the log -----------------------------------------------------------------------------------------

    @contextmanager
    def _appending(self, *, dry_run: bool) -> Iterator[tuple[Connection, Head, Mapping[str, str], list[Row]]]:
        """A transaction, the head of the log in it, the names that are withheld, and a list for the last rows.

        The head is kept only if all that is folded in was committed.
        """
        head, self._head = self._head, Head()
        before = transaction = None
        rows: list[Row] = []
        try:
            if dry_run:
                with self._database.reading() as connection:
                    before = log.tree_of(connection)
                    head.catch_up(connection, before)
                    yield connection, head, names.commitments(connection), rows
                return
            with self._database.appending() as turn:
                before, transaction = log.tree_before(turn), turn.begun.transaction
                head.catch_up(turn.connection, before)
                yield turn.connection, head, turn.begun.commitments, rows
                log.end_turn(turn.connection, rows, before, head.tree)
                head.register.forget()
        except StoreUnsettled as unsettled:
            self._settle(head, transaction, unsettled)
        except BaseException:
            if before is not None and head.register.position == before.size:
                self._head = head
            raise
        self._head = head

    def _settle(self, head: Head, transaction: str | None, unsettled: StoreUnsettled) -> None:
        """Find out whether a transaction was committed that was cut off in it. Raises StoreUnusable if it was not.

        Whoever gets the next turn knows: it waits until the transaction that was cut off is over. What the server says
        of it is not enough, as another server may have taken over that had not heard of it; nor is the last fact, which
        another writer may have recorded alike.
        """
        try:
            with self._database.appending() as turn:
                connection, reached = turn.connection, log.tree_before(turn).size
                there = log.last_of(connection, head.tree.size) if reached >= head.tree.size else None
                undone = transaction is not None and log.is_undone(connection, transaction)
        except StoreUnusable:
            raise unsettled from None
        if undone or (head.last is not None and (there is None or there.leaf_hash != head.last.leaf_hash)):
            raise faults.cut_off(self._database.place) from unsettled


def _named(wrong: int | str) -> tuple[int | None, str | None]:
    return (wrong, None) if isinstance(wrong, int) else (None, wrong)


def _no_such_position(asked: int, last: int) -> Rejected:
    return Rejected(
        "no_such_position",
        f"The log was asked for as known at position {asked}.",
        forbidden_by=f"It ends at position {last}." if asked > 0 else "Positions are counted from 1.",
        remedy="Ask for a position of the log, or for a moment.",
    )


def _known(known: int | dt.datetime | dt.date | None) -> ColumnElement[bool]:
    """The condition that cuts the log where knowledge ended. `known_at` never decreases, so each is a prefix."""
    match known:
        case None:
            return log.EVERYTHING
        case int():
            return table.c.position <= known
        case dt.datetime(tzinfo=None):
            raise Rejected(
                "moment_without_zone",
                f"The log was asked for as known at {known.isoformat()}, an instant without a zone.",
                remedy=f"Write its zone, such as {known.isoformat()}Z for UTC.",
            )
        case dt.datetime():
            return table.c.known_at <= to_microseconds(known)
        case dt.date():
            return table.c.known_at <= to_microseconds(dt.datetime.combine(known, dt.time.max, dt.UTC))
