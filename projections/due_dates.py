"""Due dates: when interest, principal and fees fall due by the terms, and what an instalment comes to.

A due date that is no business day is rolled. With `shift_then_calculate` the interest period ends on the day to which
it is rolled; with `calculate_then_shift` it ends on the day that stands in the terms. A maturity is a date of its own:
it is never rolled, and no period goes beyond it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.calendars import Cycle, rolled
from ledger.facts.terms import PrincipalSchedule, Recurring, RecurringFee, Schedule
from ledger.values import CalendarName, Roll
from projections.terms import FacilityTerms, Said

LONGEST_CLOSURE = dt.timedelta(days=10)
"""More days than banks are ever closed in a row."""
_A_DAY = dt.timedelta(days=1)
_LONGER_AND_LONGER = tuple(dt.timedelta(days=366 * years) for years in (1, 10, 100))
"""How far to look for a due date, each time further."""


class FallsDue(NamedTuple):
    """A date on which something falls due, the end of the period for which it does, and the date in the terms.

    The period ends on the one or on the other of the two dates; from then on, what is paid bears no interest.
    """

    on: dt.date
    to: dt.date
    due: dt.date


@dataclass(frozen=True)
class Recurrence:
    """Days a period apart, up to the maturity, rolled to business days."""

    cycle: Cycle
    stub: Literal["short", "long"] | None
    roll: Roll
    calendar: CalendarName
    ends: Callable[[dt.date], dt.date | None]
    """The maturity by the terms of a day, if there is one."""

    @classmethod
    def of(
        cls, recurring: Recurring, schedule: Schedule | None, ends: Callable[[dt.date], dt.date | None]
    ) -> "Recurrence":
        """What recurs by the terms, on the business days of a schedule; without one, on every day."""
        if schedule is None:
            return cls(Cycle(recurring.from_, recurring.every), recurring.stub, "none", "none", ends)
        cycle = Cycle(recurring.from_, recurring.every, schedule.end_of_month)
        return cls(cycle, recurring.stub, schedule.roll, schedule.calendar, ends)

    def between(self, after: dt.date, through: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
        """The dates after one day up to another: each as it is rolled, and as it stands in the cycle."""
        for day in self.cycle.after(after - LONGEST_CLOSURE):
            if day > through + LONGEST_CLOSURE:
                return
            on = rolled(day, self.roll, self.calendar)
            if after < on <= through and self._stands(day):
                yield on, day

    def last(self, day: dt.date) -> dt.date | None:
        """The last of the dates, as rolled, that is not after a day; None before the first."""
        for number in range(self.cycle.number_on(day + LONGEST_CLOSURE), -1, -1):
            unrolled = self.cycle.nth(number)
            on = rolled(unrolled, self.roll, self.calendar)
            if on <= day and self._stands(unrolled):
                return on
        return None

    def _stands(self, day: dt.date) -> bool:
        """Whether a date of the cycle is before the maturity, and not the one that a long last period does without.

        The first is never done without, since the terms name it.
        """
        end = self.ends(day)
        if end is None or day >= end:
            return end is None
        return day == self.cycle.first or self.stub != "long" or self.cycle.nth(self.cycle.number_on(day) + 1) <= end


@dataclass(frozen=True)
class DueDates:
    """When payments fall due under one facility."""

    terms: FacilityTerms

    def interest(self, after: dt.date, through: dt.date) -> Iterator[FallsDue]:
        """The scheduled due dates of interest, each with the end of its interest period; the maturity among them.

        An annuity has its interest in the instalments, unless its terms give interest dates of its own.
        """
        yield from self._interest_periods(after, through)
        for day in self.maturities(after, through):
            schedule = self.terms.schedule.on(day)
            if schedule is not None and _interest_dates(schedule.value) is not None:
                yield FallsDue(day, day, day)

    def _interest_periods(self, after: dt.date, through: dt.date) -> Iterator[FallsDue]:
        for said in self.terms.schedule.said:
            if (recurring := _interest_dates(said.value)) is not None:
                yield from self._recurring(said, recurring, after, through)

    def periods_begin(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days after one day up to another on which an interest period begins as another ends."""
        for each in self._interest_periods(after - LONGEST_CLOSURE, through + LONGEST_CLOSURE):
            if after < each.to <= through:
                yield each.to

    def period_began(self, day: dt.date) -> dt.date | None:
        """When the interest period that a day lies in began; None in the first, and where no schedule gives any."""
        for length in _LONGER_AND_LONGER:
            if found := max(self.periods_begin(day - length, day), default=None):
                return found
        return None

    def next_interest(self, after: dt.date) -> dt.date | None:
        """The first scheduled due date of interest after a day; None where no schedule gives one."""
        for length in _LONGER_AND_LONGER:
            if found := min((each.on for each in self.interest(after, after + length)), default=None):
                return found
        return None

    def principal(self, after: dt.date, through: dt.date) -> Iterator[FallsDue]:
        """The scheduled due dates of instalments of principal, the maturity not among them."""
        for said in self.terms.schedule.said:
            principal = said.value.principal
            if principal is None or principal.kind == "bullet":
                continue
            if principal.kind == "listed":
                yield from self._listed(said, principal, after, through)
            elif (recurring := _instalments(said.value)) is not None:
                yield from self._recurring(said, recurring, after, through)

    def maturities(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days on which the debt matures by the terms of that day."""
        for day in sorted({said.value for said in self.terms.matures.said}):
            if after < day <= through and self.terms.matures_on(day) == day:
                yield day

    def fees(
        self, after: dt.date, through: dt.date
    ) -> Iterator[tuple[dt.date, Said[tuple[RecurringFee, ...]], RecurringFee]]:
        """The due dates of the fees that come back, the maturity among them."""
        for said in self.terms.recurring_fees.said:
            for fee in said.value:
                days = [each.on for each in self._recurring(None, fee, after, through)]
                if fee.rate is not None:
                    days += [day for day in self.maturities(after, through) if day > fee.from_]
                for day in days:
                    if self.terms.recurring_fees.on(day) is said:
                        yield day, said, fee

    def capitalised(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days up to which interest is added to principal, where they are not due dates anyway."""
        for said in self.terms.schedule.said:
            until = said.value.interest.capitalise_until if said.value.interest is not None else None
            holds = until is not None and after < until <= through and self.terms.schedule.on(until) is said
            if until is not None and holds and self._interest_due(said, until) is None:
                yield until

    def add_to_principal(self) -> Iterator[dt.date]:
        """The days on which the terms may add interest to principal, without a fact that says so.

        Interest is capitalised up to a day; a given annuity may be less than the interest, until the debt matures.
        """
        last = max((said.value for said in self.terms.matures.said), default=dt.date.min)
        for said in self.terms.schedule.said:
            interest, principal, before = said.value.interest, said.value.principal, said.from_ - LONGEST_CLOSURE
            if interest is not None and interest.capitalise_until is not None:
                yield interest.capitalise_until
                yield from (each.on for each in self.interest(before, interest.capitalise_until + LONGEST_CLOSURE))
            if principal is not None and principal.kind == "annuity" and principal.amount is not None:
                yield from (each.on for each in self.principal(before, last))

    def capitalises(self, to: dt.date) -> bool:
        """Whether interest for a period that ends on a day is added to principal instead of falling due.

        Where the last day of that is a due date, the period that is due on it is the last one.
        """
        said = self.terms.schedule.on(to)
        until = said.value.interest.capitalise_until if said is not None and said.value.interest is not None else None
        if said is None or until is None:
            return False
        due = self._interest_due(said, until)
        return to <= (until if due is None else due.to)

    def _interest_due(self, said: Said[Schedule], day: dt.date) -> FallsDue | None:
        """What falls due, if anything does, on a day as it stands in the terms."""
        assert said.value.interest is not None
        around = day - LONGEST_CLOSURE, day + LONGEST_CLOSURE
        return next((each for each in self._recurring(said, said.value.interest, *around) if each.due == day), None)

    def rests(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days on which the principal that interest runs on is set anew."""
        for said in self.terms.schedule.said:
            if said.value.interest is not None and said.value.interest.rests is not None:
                yield from (each.on for each in self._recurring(said, said.value.interest.rests, after, through))

    def instalments_left(self, day: dt.date) -> list[FallsDue] | None:
        """The instalments after a day that pay the debt off, the last of them included; None where none is the last."""
        schedule = self.terms.schedule.on(day)
        principal = schedule.value.principal if schedule is not None else None
        by = principal.amortises_by if principal is not None else None
        end = by or self.terms.matures_on(day)
        if schedule is None or end is None or (recurring := _instalments(schedule.value)) is None:
            return None
        recurrence = Recurrence.of(recurring, schedule.value, lambda _: end)
        shifted = schedule.value.adjust == "shift_then_calculate"
        left = [FallsDue(on, on if shifted else due, due) for on, due in recurrence.between(day, end) if on < end]
        return [*left, FallsDue(end, end, end)] if day < end else []

    def _recurring(
        self, said: Said[Schedule] | None, recurring: Recurring, after: dt.date, through: dt.date
    ) -> Iterator[FallsDue]:
        """The dates on which something recurs while the schedule that says so holds, or by any where none says so.

        What a schedule puts off to the maturity, or beyond it, falls due with it.
        """
        schedule = said.value if said is not None else None
        shifted = schedule is None or schedule.adjust == "shift_then_calculate"
        for on, day in Recurrence.of(recurring, schedule, self.terms.matures_on).between(after, through):
            matures = self.terms.matures_on(day) if said is not None else None
            if (said is None or self.terms.schedule.on(day) is said) and (matures is None or on < matures):
                yield FallsDue(on, on if shifted else day, day)

    def _listed(
        self, said: Said[Schedule], principal: PrincipalSchedule, after: dt.date, through: dt.date
    ) -> Iterator[FallsDue]:
        shifted = said.value.adjust == "shift_then_calculate"
        for due in principal.due:
            on = rolled(due.on, said.value.roll, said.value.calendar)
            matures = self.terms.matures_on(due.on)
            before_maturity = matures is None or on < matures
            if after < on <= through and self.terms.schedule.on(due.on) is said and before_maturity:
                yield FallsDue(on, on if shifted else due.on, due.on)


def _interest_dates(schedule: Schedule) -> Recurring | None:
    """When interest recurs: as it says, or with the instalments of an annuity."""
    principal = schedule.principal
    annuity = schedule.interest is None and principal is not None and principal.kind == "annuity"
    return _instalments(schedule) if annuity else schedule.interest


def _instalments(schedule: Schedule) -> Recurring | None:
    """When instalments of principal recur: as they say, or with the interest."""
    principal, interest = schedule.principal, schedule.interest
    if principal is not None and principal.every is not None and principal.from_ is not None:
        return Recurring(every=principal.every, from_=principal.from_, stub=principal.stub)
    return interest


def level_payment(debt: Fraction, rate: Fraction, years: Iterable[Fraction]) -> Fraction:
    """What, paid now and at the end of each of the periods to come, pays off a debt at a constant rate. Exact.

    `debt` is what is owed now, the interest of the period just over included; `years` are the lengths of the periods to
    come. The denominator is carried unreduced: reducing it at each step would take longer than all the rest.
    """
    top, bottom = 1, 1
    for length in reversed([*years]):
        growth = 1 + rate * length
        top, bottom = bottom * growth.numerator + top * growth.denominator, bottom * growth.numerator
    return debt * Fraction(bottom, top)
