"""The end of the log: what an append has to know of all before it, and the clocks of the facts that come next."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from ledger.decisions import Register
from ledger.facts import Fact, content, known
from ledger.rejected import Because, Rejected
from ledger.seal.tree import Frontier, leaf_hash
from ledger.store import log
from ledger.store.schema import text_of, to_microseconds
from ledger.store.statements import Row
from ledger.values import moment_text

Indexed = tuple[int, Fact]
"""A fact, and its place among those that a caller gave, from 0."""


class Last(NamedTuple):
    """The last fact of a log; its moments in microseconds, as the store keeps them."""

    position: int
    recorded_at: int
    known_at: int
    fact: Fact
    leaf_hash: bytes


@dataclass(slots=True)
class Head:
    """The log, folded to what the next facts are decided and sealed by."""

    register: Register = field(default_factory=Register)
    """Who has which name; of keys, only those of the facts that are being decided."""
    versions: dict[str, int] = field(default_factory=dict)
    """How many facts there are about each subject that was looked up."""
    tree: Frontier = field(default_factory=Frontier)
    last: Last | None = None

    def catch_up(self, connection: Connection, tree: Frontier) -> None:
        """Fold in what others have appended since this was the end of the log."""
        if self.tree.size == tree.size:
            return
        if self.tree.size == 0:
            log.check_whole(connection, tree.size)
        for record in log.naming(connection, after=self.tree.size):
            self.register.after(record.position, record.fact)
        self.register.position = tree.size
        self.versions.clear()
        newest = log.last_of(connection, tree.size)
        if newest is not None:
            position, recorded_at, known_at, fact, leaf = newest
            self.last = Last(position, to_microseconds(recorded_at), to_microseconds(known_at), fact, leaf)
        self.tree = tree

    def recall(self, connection: Connection, step: Iterable[Indexed]) -> None:
        """Look up what the decisions about these facts need: who has their keys, and how long their streams are."""
        keys: set[str] = set()
        positions: set[int] = set()
        streams: set[str] = set()
        for _, fact in step:
            streams.add(fact.subject)
            if fact.key is not None:  # of a correction, too, whose key is another fact's
                keys.add(fact.key)
            if fact.event == "FactReplaced" and fact.by.key is not None:
                keys.add(fact.by.key)
            if (fact.event == "FactReplaced" or fact.event == "FactVoided") and fact.position is not None:
                positions.add(fact.position)
        if keys or positions:
            for record in log.named_by(connection, keys, positions):
                self.register.recall(record.position, record.fact)
        if unknown := streams - self.versions.keys():
            self.versions.update(dict.fromkeys(unknown, 0), **log.versions(connection, unknown))

    def extend(
        self,
        facts: Iterable[Indexed],
        now: dt.datetime,
        *,
        migrate: bool,
        refused: Callable[[Rejected, Fact], None],
    ) -> tuple[list[Row], int]:
        """Decide facts one after another, give the new ones their places and clocks, and fold them in.

        Their keys have been recalled, and their streams looked up. Gives the rows of the new ones, and the number of
        those that were there already; `refused` is told of each that cannot be a fact of this ledger, with its index.
        """
        register, versions, last = self.register, self.versions, self.last
        rows: list[Row] = []
        repeated = 0
        clock = to_microseconds(now)
        for index, fact in facts:
            try:
                if fact.known_at is not None and not migrate:
                    raise _known_without_migration(fact, fact.known_at)
                if register.decide(fact) == "repeat":
                    repeated += 1
                    continue
                recorded_at = clock if last is None or last.recorded_at < clock else last.recorded_at + 1
                known_at = recorded_at if fact.known_at is None else _known_at(fact, fact.known_at, now, last)
            except Rejected as refusal:
                refusal.index = index
                refused(refusal.with_traceback(None), fact)  # which would keep this step's facts in memory
                continue
            position = register.position + 1
            said = content(fact)
            state = known(said, fact, text_of(known_at))
            leaf, stream, effective = leaf_hash(state), fact.subject, fact.effective
            version = versions[stream] = versions[stream] + 1
            day = effective.isoformat() if effective is not None else None
            rows.append((position, stream, version, fact.tag, state, fact.own_key, day, known_at, recorded_at, leaf))
            register.after(position, fact, said)
            last = Last(position, recorded_at, known_at, fact, leaf)
        self.tree, self.last = self.tree.add(*[row[-1] for row in rows]), last
        return rows, repeated


def _known_without_migration(fact: Fact, known_at: dt.datetime) -> Rejected:
    return Rejected(
        "known_at_without_migration",
        f"{fact.event} says that it became known at {moment_text(known_at)}.",
        forbidden_by="Outside a migration, a fact becomes known when it is recorded.",
        remedy="Leave `known_at` out, or record with --migrate.",
    )


def _known_at(fact: Fact, known_at: dt.datetime, now: dt.datetime, last: Last | None) -> int:
    """The moment that a migration gives, where knowledge may have grown: neither before the last fact nor later."""
    asked = f"{fact.event} says that it became known at {moment_text(known_at)}"
    if known_at > now:
        raise Rejected(
            "known_at_in_future",
            f"{asked}.",
            forbidden_by=f"That is in the future: it is {moment_text(now)}.",
            remedy="Correct `known_at`, or leave it out.",
        )
    moment = to_microseconds(known_at)
    if last is not None and moment < last.known_at:
        raise Rejected(
            "known_at_goes_back",
            f"{asked}, before the ledger's last fact did, at {text_of(last.known_at)}.",
            forbidden_by=because(last.position, last.fact),
            remedy="Correct `known_at`, leave it out, or migrate all of the history into a new ledger together.",
        )
    return moment


def because(position: int, fact: Fact) -> Because:
    """A recorded fact, as the refusal that it is the ground of names it."""
    effective = fact.effective_on
    return Because(position, fact.event, effective.isoformat() if effective is not None else None)


def check_versions(connection: Connection, expected: Mapping[str, int]) -> None:
    """Refuse to go on where a stream is at another version than the caller saw. Raises Rejected (`stream_moved`)."""
    found = log.versions(connection, expected) if expected else {}
    for stream, version in expected.items():
        if found.get(stream, 0) != version:
            newest = log.newest(connection, stream)
            raise Rejected(
                "stream_moved",
                f"The stream {stream} was expected at version {version}, and is at version {found.get(stream, 0)}.",
                forbidden_by=because(newest.position, newest.fact) if newest is not None else None,
                remedy="Read it again, and decide again.",
            )
