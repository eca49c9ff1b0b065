"""What if this had happened, or that had not? Facts are assumed behind a prefix; the ledger never sees them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from ledger.book import Book
from ledger.decisions import Register
from ledger.facts import Fact, Standing
from ledger.records import Prefix, Recorded
from ledger.rejected import Rejected
from projections.report import report
from projections.view import View
from scenarios.compare import Comparison


def assume(prefix: Prefix, facts: Iterable[Fact]) -> Prefix:
    """The prefix with these facts as if they had been recorded next, at the positions after its last.

    They pass the rules that recorded facts pass: Rejected, with the `index` of the fact, where one does not. A fact
    that the prefix has already, under the same key, adds nothing. The root stays that of the ledger's own prefix.
    """
    register = Register.of(prefix.records)
    records = list(prefix.records)
    known_at = prefix.known_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    for index, fact in enumerate(facts):
        try:
            decided = register.decide(fact)
        except Rejected as refusal:
            refusal.index = index
            raise
        if decided == "record":
            position = len(records) + 1
            register.after(position, fact)
            records.append(Recorded(position, known_at, known_at, fact, leaf_hash=b""))
    return Prefix(tuple(records), prefix.root)


class WhatIf:
    """A prefix of a ledger, and the facts assumed on top of it so far."""

    def __init__(self, prefix: Prefix, standing: Standing = "inferred", *, as_stood: bool = False) -> None:
        self.prefix = prefix
        self.assumed = prefix
        self._standing: Standing = standing
        self._as_stood = as_stood

    def assume(self, *facts: Fact) -> None:
        """Assume more facts, in this order; corrections among them. Raises Rejected, and then assumes none of them."""
        self.assumed = assume(self.assumed, facts)

    def compare(self, on: dt.date, facilities: Collection[str] | None = None) -> Comparison:
        """The answers on a date, as it is and as it would be; KeyError for a facility in neither."""
        as_is, as_would_be = (
            View.of(prefix, on, standing=self._standing, as_stood=self._as_stood)
            for prefix in (self.prefix, self.assumed)
        )
        there = None if facilities is None else [name for name in facilities if name in as_is.timelines]
        return Comparison(report(as_is, there), report(as_would_be, facilities), self.prefix.position)


@contextmanager
def what_if(
    book: Book,
    known_at: int | dt.datetime | dt.date | None = None,
    *,
    standing: Standing = "inferred",
    as_stood: bool = False,
) -> Iterator[WhatIf]:
    """A what-if on a ledger as known at a position, an instant or the end of a day; the ledger is only read."""
    yield WhatIf(book.prefix(known_at), standing, as_stood=as_stood)
