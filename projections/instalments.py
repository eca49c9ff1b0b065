"""Instalments of principal: what each comes to by the terms."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from ledger.calendars import rolled
from ledger.facts.terms import PrincipalSchedule
from projections.accrual import Basis
from projections.carried import Carried, Level
from projections.due_dates import DueDates, FallsDue, level_payment
from projections.figures import total
from projections.money_record import Record
from projections.owed import Owed

_NOTHING = Decimal(0)
_A_DAY = dt.timedelta(days=1)


class Instalments:
    """The instalments of one facility. A level one is worked out once, and carried from page to page."""

    def __init__(self, record: Record, due_dates: DueDates) -> None:
        self.record = record
        self.due_dates = due_dates

    def amount(
        self,
        page: Owed,
        carried: Carried,
        falls_due: FallsDue,
        left: Decimal | None,
        accrued: Decimal | None,
    ) -> Decimal | None:
        """What an instalment comes to by its kind: of an annuity, less the interest that it covers first.

        `left` is the principal that is not due yet, `accrued` the interest to pay first.
        """
        said = self.record.terms.schedule.on(falls_due.due)
        principal = said.value.principal if said is not None else None
        if said is None or principal is None:
            return None
        if principal.kind == "listed":
            paid_on = {due: rolled(due.on, said.value.roll, said.value.calendar) for due in principal.due}
            return sum((due.amount for due in principal.due if paid_on[due] == falls_due.on), _NOTHING)
        payment = (
            principal.amount
            if principal.amount is not None
            else self._level(page, carried, falls_due, principal, left, accrued)
        )
        if principal.kind == "equal":
            return payment
        return total([payment, None if accrued is None else -accrued])

    def _level(
        self,
        page: Owed,
        carried: Carried,
        falls_due: FallsDue,
        principal: PrincipalSchedule,
        left: Decimal | None,
        accrued: Decimal | None,
    ) -> Decimal | None:
        """The instalment that pays the debt off in equal parts, or by equal payments at the rate of the day before.

        It is worked out once, and anew when the terms, the rate of an annuity, or what was lent change.
        """
        day = falls_due.on
        rest = self.due_dates.instalments_left(day)
        if rest is None or left is None:
            return None
        terms: tuple[object, ...] = (principal, self.record.terms.matures_on(day), carried.lent)
        if principal.kind == "equal":
            if carried.level is None or carried.level.worked_out_from != terms:
                carried.level = Level(terms, self.record.money(Fraction(left) / (1 + len(rest))))
            return carried.level.amount if rest else left
        if accrued is None or not rest:
            return None if accrued is None else left + accrued
        rate = self._contract_rate(page, max(day - _A_DAY, self.record.opening.effective))
        if carried.level is None or carried.level.worked_out_from != (*terms, rate):
            edges = [max(page.accrues_from, falls_due.to), *(each.to for each in rest)]
            years = [self.record.contract.years(*edge) for edge in pairwise(edges)]
            known = [length for length in years if length is not None]
            payment = None
            if rate is not None and len(known) == len(years):
                payment = self.record.money(level_payment(Fraction(left + accrued), rate, known))
            carried.level = Level((*terms, rate), payment)
        return carried.level.amount

    def _contract_rate(self, page: Owed, day: dt.date) -> Fraction | None:
        """The contract rate on all the principal together."""
        outstanding = page.outstanding
        a_year = self.record.contract.yearly(day, Basis(day, tuple(page.loans.values())))
        return Fraction(a_year) / Fraction(outstanding) if outstanding and a_year is not None else None
