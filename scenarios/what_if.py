"""What if this had happened, or that had not? Facts are assumed on top of a prefix, and asked about; none is stored."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from ledger.book import Book
from ledger.facts import Fact, Standing
from ledger.records import Prefix
from projections.report import report
from projections.view import View
from scenarios.assume import assume
from scenarios.compare import Comparison


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
