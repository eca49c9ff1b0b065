"""Keeping the books of one facility: on each day what falls due, then what the record says happened, in its order.

Interest is exact until it falls due, is added to principal or is paid ahead; then it is rounded, once. What the record
does not say stays None, and spreads to every sum that needs it.

What a page says hangs on nothing that the terms and the record say of later days. So books that differ from others only
from a day on take over their pages from before it, and go on from there.
"""

import datetime as dt
from bisect import bisect_right
from decimal import localcontext
from typing import NamedTuple

from projections.accrual import Loan
from projections.due_dates import DueDates
from projections.falling_due import FallingDue, OfDay
from projections.fees import Fees
from projections.figures import EXACT
from projections.happening import Happening
from projections.money_record import Flow, Record
from projections.owed import Owed
from projections.pages import Pages
from projections.postings import Posting

_A_DAY = dt.timedelta(days=1)


class Keeper:
    """The books as they are kept, day by day, as far as somebody has asked for."""

    def __init__(self, record: Record, alike: "Alike | None" = None) -> None:
        self.record = record
        self.due_dates = DueDates(record.terms)
        self.fees = Fees(record)
        self._pages = Pages(record)
        self._falling_due = FallingDue(self._pages, self.due_dates, self.fees)
        self._happening = Happening(self._pages, self.fees)
        first = min(record.opening.fact.interest_paid_to or record.opening.effective, record.opening.effective)
        self._kept = first - _A_DAY
        if alike is not None and alike.before > first:
            self._pages.take_over(alike.keeper._pages, alike.before)
            self._kept = min(alike.keeper._kept, alike.before - _A_DAY)
            return
        with localcontext(EXACT):
            self._open(first)
            self._pages.turn(dt.date.min)
            for day in sorted({day for _, day in record.missed if day < first}):
                self._falling_due.on(day, OfDay())
                self._pages.turn(day)

    def on(self, day: dt.date) -> Owed:
        """The page of a day; not to be written on."""
        if day > self._kept:
            with localcontext(EXACT):
                self._keep(day)
        return self._pages.on(day)

    @property
    def postings(self) -> list[Posting]:
        """What was posted as far as the books are kept."""
        return self._pages.postings

    @property
    def flows(self) -> list[Flow]:
        """What was lent, fell due or was added to principal as far as the books are kept, if they are as agreed."""
        return self._pages.flows

    def _open(self, first: dt.date) -> None:
        opening, pages = self.record.opening, self._pages
        principal, proceeds = opening.fact.principal, opening.fact.proceeds
        if principal is not None and proceeds is not None:
            pages.page.loans = {None: Loan(proceeds)}
            pages.book(opening.effective, "opened", "opening", [opening.position])
            pages.page.loans = {None: Loan(principal)}
            pages.book(opening.effective, "discount", "discount_income", [opening.position])
        else:
            pages.book(opening.effective, "opened", "opening", [opening.position])
        interest = pages.interest_terms(opening.effective)
        if interest is not None and interest.rests is not None and interest.rests.principal is not None:
            pages.carried.at_rest = {None: Loan(interest.rests.principal)}
        pages.flow(opening.effective, "advance", principal if proceeds is None else proceeds, principal)
        pages.note_basis(first, rests=False)

    def _keep(self, through: dt.date) -> None:
        for day, terms in sorted(self._days(self._kept, through).items(), key=lambda each: each[0]):
            self._kept = day - _A_DAY
            since = terms.counts_from or day
            self._falling_due.on(day, terms)
            if since != day:
                self._pages.note_basis(since, rests=False)
            self._pages.note_basis(since if self._happening.on(day) else day, rests=terms.rests)
            self._pages.turn(day)
        self._kept = through

    def _days(self, after: dt.date, through: dt.date) -> dict[dt.date, OfDay]:
        """The days after one day up to another on which something moves, each with what the terms say of it."""
        recorded = self.record.days
        days = {day: OfDay() for day in recorded[bisect_right(recorded, after) : bisect_right(recorded, through)]}

        def on(day: dt.date) -> OfDay:
            return days.setdefault(day, OfDay())

        for each in self.due_dates.interest(after, through):
            on(each.on).interest_to = each.to
        for day in self.due_dates.capitalised(after, through):
            on(day).interest_to = on(day).interest_to or day
        for each in self.due_dates.principal(after, through):
            on(each.on).instalment = each
        for day in self.due_dates.maturities(after, through):
            on(day).matures = True
            if self.record.as_agreed:
                on(day).interest_to = day
        for day, said, fee in self.due_dates.fees(after, min(through, self.record.terminated)):
            on(day).fees.append((said, fee))
        for day in self.due_dates.rests(after, through):
            on(day).rests = True
        return days


class Alike(NamedTuple):
    """Books that say the same of all days before one."""

    keeper: Keeper
    before: dt.date
