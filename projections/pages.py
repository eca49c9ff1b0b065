"""The pages of the books of one facility: those that are turned, and the one that is being written.

Each movement on the page at hand is posted, so that the accounts are in balance and say what the page says.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ledger.facts.terms import InterestSchedule
from projections.accrual import Basis, Loan
from projections.carried import Carried
from projections.money_record import Flow, FlowKind, Record
from projections.owed import Owed
from projections.postings import Account, Posting

_NOTHING = Decimal(0)


class Page(NamedTuple):
    """A page that was turned; nothing on it changes any more."""

    day: dt.date
    owed: Owed
    carried: Carried


class Pages:
    """The pages turned so far, with the postings and flows noted on them, and the page at hand."""

    def __init__(self, record: Record) -> None:
        self.record = record
        opening = record.opening
        start, at = opening.fact.interest_paid_to or opening.effective, (opening.position,)
        self.page = Owed({None: Loan(opening.fact.principal)}, at, start, at, start)
        self.carried = Carried(self.page.loans, self.page.loans)
        self.turned: list[Page] = []
        self.postings: list[Posting] = []
        self.flows: list[Flow] = []

    def take_over(self, others: "Pages", before: dt.date) -> None:
        """Go on behind the pages of other books from before a day, which are the same here."""
        self.turned = others.turned[: bisect_left(others.turned, before, key=_day_of)]
        self.postings = others.postings[: self.turned[-1].owed.posted]
        self._begin_a_page()

    def on(self, day: dt.date) -> Owed:
        """The page of a day that was turned."""
        return self.turned[bisect_right(self.turned, day, key=_day_of) - 1].owed

    def turn(self, day: dt.date) -> None:
        """Close the page of a day, and go on on a new one."""
        self.page.posted = len(self.postings)
        self.turned.append(Page(day, self.page, self.carried))
        self._begin_a_page()

    def _begin_a_page(self) -> None:
        self.page, self.carried = self.turned[-1].owed.copy(), self.turned[-1].carried.copy()

    # --- accounts ----------------------------------------------------------------------------------------------------

    def book(self, day: dt.date, what: str, against: Account, positions: Iterable[int]) -> None:
        """Post what has moved on the page since the last posting, against one account."""
        page, booked = self.page, self.carried.booked
        claims: dict[Account, Decimal | None] = {
            "principal": page.outstanding,
            "accrued_interest": page.carried - page.credit,
            "interest_due": page.interest_unpaid,
            "fees": page.fees_owed,
            "unapplied": -page.unapplied,
        }
        legs: dict[Account, Decimal] = {}
        for account, balance in claims.items():
            moved = _NOTHING if balance is None else balance - booked.get(account, _NOTHING)
            if moved:
                legs[account] = moved
                booked[account] = booked.get(account, _NOTHING) + moved
        if rest := -sum(legs.values(), _NOTHING):
            legs[against] = rest
        if legs:
            self.postings.append(Posting(day, what, legs, tuple(positions)))

    def flow(self, day: dt.date, kind: FlowKind, amount: Decimal | None, moved: Decimal | None) -> None:
        """Note what the schedule as agreed lists; flows of nothing are not among it."""
        if self.record.as_agreed and amount != 0:
            self.flows.append(Flow(day, kind, amount, moved))

    # --- what interest runs on ---------------------------------------------------------------------------------------

    def interest_terms(self, day: dt.date) -> InterestSchedule | None:
        """What the schedule of a day says of interest, if there is one."""
        said = self.record.terms.schedule.on(day)
        return said.value.interest if said is not None else None

    def note_basis(self, day: dt.date, *, rests: bool) -> None:
        """Note from which day on interest runs on what, where that has changed."""
        page, carried, interest = self.page, self.carried, self.interest_terms(day)
        if rests:
            carried.at_rest = page.loans
        loans = page.loans
        if interest is not None and page.outstanding != 0:
            loans = carried.at_rest if interest.rests is not None else loans
            loans = carried.lent if interest.reckoned_on == "original" else loans
        bearing = tuple(loan for loan in loans.values() if loan.amount != 0)
        overdue = page.interest_unpaid if self.record.opening.fact.interest_on_overdue else _NOTHING
        if not page.bases or page.bases[-1][1:] != (bearing, overdue):
            since = max(day, page.bases[-1].from_) if page.bases else day
            page.bases = (*page.bases, Basis(since, bearing, overdue))
        if not page.principal or page.principal[-1][1] != page.outstanding:
            page.principal = (*page.principal, (day, page.outstanding))

    def accrued(self, to: dt.date) -> Fraction | None:
        """What has accrued up to, not including, a day, what was paid ahead not deducted. Exact."""
        exact = self.record.accrual.interest(self.page.accrues_from, to, self.page.bases)
        return None if exact is None else exact + Fraction(self.page.carried) - self.page.retired


def _day_of(page: Page) -> dt.date:
    return page.day


class AtThePage:
    """Something that writes on the page at hand."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.record = pages.record

    @property
    def page(self) -> Owed:
        """What is owed, as far as the page at hand is written."""
        return self.pages.page

    @property
    def carried(self) -> Carried:
        """What is carried from page to page."""
        return self.pages.carried
