"""The end of the log: what an append has to know of all before it, and the clocks of the fact that comes next."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from ledger.decisions import Register
from ledger.facts import Fact
from ledger.records import Recorded
from ledger.rejected import Because, Rejected
from ledger.store.mapper import FactEvent, StoredFact, stored_fact
from ledger.store.seal import Frontier
from ledger.values import moment_text

MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(slots=True)
class Head:
    """The log, folded to what the next fact is decided and sealed by."""

    register: Register = field(default_factory=Register)
    versions: Counter[str] = field(default_factory=Counter)
    """How many facts there are about each subject."""
    tree: Frontier = field(default_factory=Frontier)
    last: Recorded | None = None

    @property
    def position(self) -> int:
        """The length of the log."""
        return self.tree.size

    def add(self, record: Recorded) -> None:
        """Fold in a record of the log."""
        self.register.after(record.position, record.fact)
        self.versions[record.fact.subject] += 1
        self.tree = self.tree.add(record.leaf_hash)
        self.last = record

    def extend(self, fact: Fact, now: dt.datetime, *, migrate: bool) -> tuple[Recorded, StoredFact] | None:
        """Decide a fact, give it its place and its clocks, and fold it in; None for one that is there already.

        Raises Rejected, and then nothing is folded in.
        """
        if fact.known_at is not None and not migrate:
            raise Rejected(
                "known_at_without_migration",
                f"{fact.event} says that it became known at {moment_text(fact.known_at)}.",
                forbidden_by="Outside a migration, a fact becomes known when it is recorded.",
                remedy="Leave `known_at` out, or record with --migrate.",
            )
        if self.register.decide(fact) == "repeat":
            return None
        recorded_at = now if self.last is None else max(now, self.last.recorded_at + MICROSECOND)
        known_at = recorded_at if fact.known_at is None else self._known_at(fact, fact.known_at, now)
        fact = fact.model_copy(update={"known_at": known_at})
        stored = stored_fact(FactEvent(fact.subject, self.versions[fact.subject] + 1, fact, recorded_at))
        record = Recorded(self.position + 1, recorded_at, known_at, fact, stored.leaf_hash)
        self.add(record)
        return record, stored

    def _known_at(self, fact: Fact, known_at: dt.datetime, now: dt.datetime) -> dt.datetime:
        """The moment that a migration gives, where knowledge may have grown: neither before the last fact nor later."""
        asked = f"{fact.event} says that it became known at {moment_text(known_at)}"
        if known_at > now:
            raise Rejected(
                "known_at_in_future",
                f"{asked}.",
                forbidden_by=f"That is in the future: it is {moment_text(now)}.",
                remedy="Correct `known_at`, or leave it out.",
            )
        if self.last is not None and known_at < self.last.known_at:
            raise Rejected(
                "known_at_goes_back",
                f"{asked}, before the ledger's last fact did, at {moment_text(self.last.known_at)}.",
                forbidden_by=because(self.last),
                remedy="Correct `known_at`, leave it out, or migrate all of the history into a new ledger together.",
            )
        return known_at


def because(record: Recorded) -> Because:
    """A record, as the refusal that it is the ground of names it."""
    effective = record.fact.effective_on
    return Because(record.position, record.fact.event, effective.isoformat() if effective is not None else None)
