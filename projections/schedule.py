"""The schedule of a facility: what was lent, what falls due by the terms, and when the rate is fixed anew.

It is read from books kept as agreed: each payment is taken to be made in full when it falls due. Payments on record
count for what they paid ahead of that, or beyond it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from projections.answer import ScheduleKind, ScheduleRow
from projections.figures import stripped, total
from projections.money_record import Flow
from projections.obligations import Books
from projections.rates import FACILITY, Pricing
from projections.view import View

_A_DAY = dt.timedelta(days=1)
_NOTHING = Decimal(0)

_ORDER: tuple[ScheduleKind, ...] = (
    "advance",
    "principal",
    "interest",
    "capitalised",
    "fee",
    "rate_reset",
    "maturity",
)
"""In which order the lines of one day stand."""


def schedule(view: View, facility: str, until: dt.date) -> tuple[ScheduleRow, ...]:
    """The schedule of a facility up to a day, which is included. Raises KeyError for one not in the record."""
    timeline = view.timelines[facility]
    listed = _Listed(timeline.books[facility].agreed(), timeline.pricing[facility])
    return tuple(listed.rows(until))


@dataclass(frozen=True)
class _Listed:
    """The books as agreed, and the rates, that a schedule is read from."""

    books: Books
    pricing: Pricing

    @property
    def opened(self) -> dt.date:
        return self.books.opening.effective

    def rows(self, until: dt.date) -> Iterator[ScheduleRow]:
        if until < self.opened:
            return
        flows = [*self.books.flows(until), *(Flow(day, "rate_reset", _NOTHING, _NOTHING) for day in self.resets(until))]
        for day, of_day in groupby(sorted(flows, key=lambda flow: flow.day), lambda flow: flow.day):
            yield from self.of_day(day, sorted(of_day, key=lambda flow: _ORDER.index(flow.kind)))

    def of_day(self, day: dt.date, flows: Sequence[Flow]) -> Iterator[ScheduleRow]:
        """The lines of a day, each with what is owed, and at which rate, after it."""
        before = max(day - _A_DAY, self.opened)
        principal = self.books.on(before).outstanding if day > self.opened else _NOTHING
        rate = self.rate(before)
        falls_due = [flow.amount for flow in flows if flow.kind in ("interest", "capitalised")]
        page = self.books.on(day)
        accrued = total([*falls_due, self.books.money(self.books.accrued(page, day))])
        for number, flow in enumerate(flows, start=1):
            principal = page.outstanding if number == len(flows) else total([principal, flow.moved])
            if flow.kind in ("interest", "capitalised"):
                accrued = total([accrued, None if flow.amount is None else -flow.amount])
            if flow.kind == "rate_reset":
                rate = self.rate(day)
            yield ScheduleRow(
                date=day,
                kind=flow.kind,
                amount=self.books.money(flow.amount),
                principal=self.books.money(principal),
                rate=stripped(rate),
                accrued_interest=self.books.money(accrued),
            )

    def resets(self, until: dt.date) -> Iterator[dt.date]:
        """The days on which the rate is fixed anew, or changes otherwise, while there is debt to bear it."""
        fixed = {*self.pricing.resets(self.opened, until), *self.steps()}
        for day in sorted({*self.pricing.changes(self.opened, until)}):
            matures = self.pricing.terms.matures_on(day)
            over = (matures is not None and day >= matures) or self.books.on(day).outstanding == 0
            if not over and (day in fixed or self.rate(day) != self.rate(day - _A_DAY)):
                yield day

    def steps(self) -> Iterator[dt.date]:
        """The days on which the terms give a rate anew, be it the same."""
        rates = self.pricing.terms.rate
        for said in rates.said:
            yield from (step.from_ for step in said.value.steps or () if rates.on(step.from_) is said)

    def rate(self, day: dt.date) -> Decimal | None:
        """The contract rate of a day; not stated where loans outstanding have different ones."""
        loans = [loan for loan in self.books.on(day).loans.values() if loan.amount != 0]
        rates = {self.pricing.contract_rate(day, under) for under in [loan.under for loan in loans] or [FACILITY]}
        return rates.pop() if len(rates) == 1 else None
