"""Accrual: the interest of a period, exactly.

What accrues over a period is worked out from its start: between any two days it is the difference of two accruals, so
that a change of rate or of principal within the period, or asking on one more day, moves nothing.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from ledger.calendars import Cycle
from ledger.day_counts import BASIS, Regular, counted
from projections.figures import EXACT
from projections.rates import FACILITY, Under
from projections.terms import FacilityTerms


class Loan(NamedTuple):
    """Principal that is priced in one way: a loan by its name, or what is under no loan in particular."""

    amount: Decimal | None
    name: str | None = None
    under: Under = FACILITY


class Basis(NamedTuple):
    """What interest runs on from a day on: loans, and interest overdue where the terms say that it bears interest."""

    from_: dt.date
    loans: tuple[Loan, ...]
    overdue: Decimal | None = Decimal(0)


Yearly = Callable[[dt.date, Basis], Decimal | None]
"""The interest of a year at the rates of a day; None where some rate or amount is not stated."""

Changes = Callable[[dt.date, dt.date], Iterable[dt.date]]
"""The days after one day up to another on which the interest of a year may change by itself."""


@dataclass(frozen=True)
class Accrual:
    """How interest accrues under one facility."""

    terms: FacilityTerms
    yearly: Yearly
    changes: Changes

    def interest(self, start: dt.date, end: dt.date, bases: Sequence[Basis]) -> Fraction | None:
        """The interest from and including `start` to and excluding `end`; None where something is not stated."""
        if start >= end:
            return Fraction(0)
        return self.accrue(
            start, end, self.edges(start, end, bases), lambda day: self.yearly(day, basis_on(bases, day))
        )

    def edges(self, start: dt.date, end: dt.date, bases: Sequence[Basis]) -> set[dt.date]:
        """The days of a period on which the interest of a year may become another, its first and last among them."""
        edges = {start, end, *self.changes(start, end)}
        edges |= {basis.from_ for basis in bases if start < basis.from_ < end}
        return edges | {
            ends for basis in bases for loan in basis.loans if (ends := loan.under.ends) and start < ends < end
        }

    def accrue(
        self, start: dt.date, end: dt.date, edges: Iterable[dt.date], yearly: Callable[[dt.date], Decimal | None]
    ) -> Fraction | None:
        """What accrues over a period from an amount a year, which may change on the days of `edges`."""
        said = self.terms.day_count.on(end)
        if said is None:
            return None
        with localcontext(EXACT):
            if said.value == "actual/actual ICMA":
                return self._by_coupon_periods(start, end, edges, yearly)
            count, before, result = said.value, 0, Decimal(0)
            for first, last in pairwise(sorted({start, end, *edges})):
                a_year = yearly(first)
                if a_year is None:
                    return None
                after = counted(count, start, last)
                result += a_year * (after - before)
                before = after
            return Fraction(result) / BASIS[count]

    def _by_coupon_periods(
        self, start: dt.date, end: dt.date, edges: Iterable[dt.date], yearly: Callable[[dt.date], Decimal | None]
    ) -> Fraction | None:
        """The same where a day's part of a year hangs on the coupon period of the schedule that it lies in."""
        said = self.terms.schedule.on(start)
        interest = said.value.interest if said is not None else None
        if said is None or interest is None:
            return None
        cycle = Cycle(interest.from_, interest.every, said.value.end_of_month)
        if cycle.months is None:
            return None
        numbers = range(cycle.number_on(start), cycle.number_on(end) + 1)
        inner = (day for number in numbers if start < (day := cycle.nth(number)) < end)
        result = Fraction(0)
        for first, last in pairwise(sorted({start, end, *edges, *inner})):
            number = cycle.number_on(first)
            regular = Regular(cycle.nth(number), cycle.nth(number + 1), cycle.months)
            a_year = yearly(first)
            if a_year is None:
                return None
            result += Fraction(a_year * (last - first).days * regular.months) / (
                12 * (regular.ends - regular.begins).days
            )
        return result

    def years(self, start: dt.date, end: dt.date) -> Fraction | None:
        """The length of a period in years; None without a day count."""
        return self.accrue(start, end, (), lambda _: Decimal(1))


def basis_on(bases: Sequence[Basis], day: dt.date) -> Basis:
    """What interest runs on from a day on."""
    number = bisect_right(bases, day, key=_FROM)
    return bases[number - 1] if number else Basis(day, (Loan(None),))


_FROM = itemgetter(0)
