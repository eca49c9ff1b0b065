"""The Book: the only door to the store. Facts are recorded together or not at all, and read as a prefix of the log."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Self

from sqlalchemy import ColumnElement, Connection, func, select

from ledger.facts import Fact, FactReplaced, FactVoided, FirstHandFact
from ledger.head import Head, because
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected
from ledger.store import log
from ledger.store.database import Database
from ledger.store.mapper import StoredFact
from ledger.store.schema import facts as table
from ledger.store.schema import to_microseconds
from ledger.store.seal import root

FACTS_AT_A_TIME = 1000
"""How many facts are decided, written and reported as progress together; larger steps are no faster."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a call to record: the facts in the order recorded, how many were there already, and the log after.

    `position` is the length of the log and `root` its Merkle root (32 bytes); of a dry run, what they would have been.
    """

    recorded: tuple[Recorded, ...]
    repeated: int
    position: int
    root: bytes


class Book:
    """A ledger, opened. Threads may share it, and other processes may write to the same file meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._head = Head()
        self._turn = Lock()

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Self:
        """The ledger at `sqlite:///path`; with `create`, an empty one is made there if there is none.

        Options go behind the path: `?mode=ro` to read only, `?timeout=60` for the seconds that a writer waits for
        another. `sqlite://` is a ledger in memory. Raises StoreUnusable; a database that is no ledger is left alone.
        """
        return cls(Database(url, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the ledger."""
        self._database.close()

    def record(
        self,
        facts: Iterable[Fact],
        *,
        now: dt.datetime,
        migrate: bool = False,
        expected: Mapping[str, int] | None = None,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Receipt:
        """Record all the facts or none, in the order given; `now` is the clock, with its zone.

        A fact is recorded at `now`, or a microsecond after the one before it where that is later. It becomes known
        then, too, unless a migration says when it did; a migration records by that moment, undated facts last.

        `expected` gives streams (a fact's `subject`) the versions that the caller decided upon. `dry_run` decides all
        and writes nothing. `progress` is told how many facts are done.

        Raises StoreUnusable, and Rejected: by the rules of `ledger.decisions`, or `stream_moved`,
        `known_at_without_migration`, `known_at_in_future`, `known_at_goes_back`. The `index` of a refusal is that of
        the fact refused, from 0, in the order given.
        """
        if now.tzinfo is None:
            msg = "`now` is an instant with its zone"
            raise ValueError(msg)
        now = now.astimezone(dt.UTC)
        in_order = _by_knowledge(facts) if migrate else enumerate(facts)
        recorded: list[Recorded] = []
        done = 0
        with self._turn, self._appending(dry_run=dry_run) as (connection, head):
            _check(expected or {}, head, connection)
            while step := list(islice(in_order, FACTS_AT_A_TIME)):
                fresh = [new for index, fact in step if (new := _extended(head, index, fact, now, migrate=migrate))]
                if not dry_run:
                    log.append(connection, [stored for _, stored in fresh])
                recorded += (record for record, _ in fresh)
                done += len(step)
                if progress is not None:
                    progress(done)
        return Receipt(tuple(recorded), done - len(recorded), head.position, head.tree.root)

    def void(self, wrong: int | str, reason: str, *, now: dt.datetime) -> Receipt:
        """Void the fact at a position, or under a key. Raises as `record` does."""
        position, key = _named(wrong)
        return self.record([FactVoided(position=position, key=key, reason=reason)], now=now)

    def replace(self, wrong: int | str, reason: str, by: FirstHandFact, *, now: dt.datetime) -> Receipt:
        """Void the fact at a position, or under a key, and record another in its place. Raises as `record` does."""
        position, key = _named(wrong)
        return self.record([FactReplaced(position=position, key=key, reason=reason, by=by)], now=now)

    def prefix(self, known: int | dt.datetime | dt.date | None = None) -> Prefix:
        """What was known at a position, at an instant with its zone, or at the end of a day in UTC; without it, all.

        The root is that of the bytes read, not of the hashes stored beside them. Raises Rejected
        (`no_such_position`, `moment_without_zone`) and StoreUnusable.
        """
        with self._database.reading() as connection:
            records = tuple(log.read(connection, _known(known)))
        if isinstance(known, int) and known != len(records):
            raise Rejected(
                "no_such_position",
                f"The log was asked for as known at position {known}.",
                forbidden_by=f"It ends at position {len(records)}." if known > 0 else "Positions are counted from 1.",
                remedy="Ask for a position of the log, or for a moment.",
            )
        return Prefix(records, root(record.leaf_hash for record in records))

    def stream_versions(self) -> dict[str, int]:
        """How many facts there are about each subject: what `expected` is compared with."""
        versions = select(table.c.stream, func.max(table.c.version)).group_by(table.c.stream)
        with self._database.reading() as connection:
            return {stream: version for stream, version in connection.execute(versions)}  # noqa: C416  (rows, for mypy)

    def verify(self) -> list[str]:
        """What is wrong with the log as it is stored, a sentence each; nothing, if it is as the Book wrote it.

        That somebody rewrote the bytes together with all that stands beside them, only a root kept elsewhere shows.
        """
        with self._database.reading() as connection:
            return list(log.differences(connection))

    @contextmanager
    def _appending(self, *, dry_run: bool) -> Iterator[tuple[Connection, Head]]:
        """A transaction, and the head of the log in it, which is kept only if all that is folded in was committed."""
        head, self._head = self._head, Head()
        with self._database.reading() if dry_run else self._database.writing() as connection:
            for record in log.read(connection, after=head.position):
                head.add(record)
            committed = head.position
            try:
                yield connection, head
            except Rejected:
                if head.position == committed:
                    self._head = head
                raise
        if not dry_run:
            self._head = head


def _extended(
    head: Head, index: int, fact: Fact, now: dt.datetime, *, migrate: bool
) -> tuple[Recorded, StoredFact] | None:
    try:
        return head.extend(fact, now, migrate=migrate)
    except Rejected as refused:
        refused.index = index
        raise


def _by_knowledge(facts: Iterable[Fact]) -> Iterator[tuple[int, Fact]]:
    """Facts with their index in the order given, sorted by when they became known, undated ones last."""
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return iter(sorted(enumerate(facts), key=lambda each: each[1].known_at or latest))


def _check(expected: Mapping[str, int], head: Head, connection: Connection) -> None:
    """Refuse to go on where a stream is at another version than the caller saw."""
    for stream, version in expected.items():
        if (found := head.versions[stream]) != version:
            newest = log.newest(connection, stream)
            raise Rejected(
                "stream_moved",
                f"The stream {stream} was expected at version {version}, and is at version {found}.",
                forbidden_by=because(newest) if newest is not None else None,
                remedy="Read it again, and decide again.",
            )


def _named(wrong: int | str) -> tuple[int | None, str | None]:
    return (wrong, None) if isinstance(wrong, int) else (None, wrong)


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
