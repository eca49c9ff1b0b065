"""Calendars: business days, due dates that fall on none, and dates a period apart. The holidays are QuantLib's."""

import calendar as months
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from typing import Any

from ledger.values import CalendarName, Days, Period, Roll

_A_DAY = dt.timedelta(days=1)


@cache
def _federal_reserve() -> Any:
    """QuantLib's calendar, imported at the first question: most ledgers ask none, and the import takes its time."""
    import QuantLib

    return QuantLib, QuantLib.UnitedStates(QuantLib.UnitedStates.FederalReserve)


@cache
def _banks_are_open(day: dt.date) -> bool:
    quantlib, federal_reserve = _federal_reserve()
    return bool(federal_reserve.isBusinessDay(quantlib.Date(day.day, day.month, day.year)))


def is_business_day(day: dt.date, calendar: CalendarName) -> bool:
    """Whether banks are open: always (`none`), on weekdays, or on days that the Federal Reserve keeps (`us`)."""
    match calendar:
        case "none":
            return True
        case "weekdays":
            return day.weekday() < 5
        case "us":
            return day.weekday() < 5 and _banks_are_open(day)


def business_days_after(day: dt.date, number: int, calendar: CalendarName) -> dt.date:
    """The `number`-th business day after `day`, which is not counted itself; a negative number goes back."""
    step = _A_DAY if number > 0 else -_A_DAY
    left = abs(number)
    while left > 0:
        day += step
        left -= is_business_day(day, calendar)
    return day


def days_after(day: dt.date, period: Days) -> dt.date:
    """The last of a number of days, or of business days, after `day`, which is not counted itself."""
    if period.business_days is not None:
        return business_days_after(day, period.business_days, period.calendar or "us")
    return day + dt.timedelta(days=period.days or 0)


def days_before(day: dt.date, period: Days) -> dt.date:
    """The first of a number of days, or of business days, before `day`, which is not counted itself."""
    if period.business_days is not None:
        return business_days_after(day, -period.business_days, period.calendar or "us")
    return day - dt.timedelta(days=period.days or 0)


def first_day_to_look_back(day: dt.date, period: Days) -> dt.date:
    """The first day from which a number of days, or of business days, back is `day` or a later one."""
    if period.business_days is not None:
        return business_days_after(day - _A_DAY, period.business_days, period.calendar or "us") + _A_DAY
    return day + dt.timedelta(days=period.days or 0)


def rolled(day: dt.date, roll: Roll, calendar: CalendarName) -> dt.date:
    """The business day on which what is due on `day` is paid: that day itself, if it is one.

    `modified` stays in the month: a following day in the next month gives way to the preceding one, and the other way
    round.
    """
    match roll:
        case "none":
            return day
        case "following":
            return _nearest(day, _A_DAY, calendar)
        case "preceding":
            return _nearest(day, -_A_DAY, calendar)
        case "modified_following":
            found = _nearest(day, _A_DAY, calendar)
            return found if found.month == day.month else _nearest(day, -_A_DAY, calendar)
        case "modified_preceding":
            found = _nearest(day, -_A_DAY, calendar)
            return found if found.month == day.month else _nearest(day, _A_DAY, calendar)


def _nearest(day: dt.date, step: dt.timedelta, calendar: CalendarName) -> dt.date:
    while not is_business_day(day, calendar):
        day += step
    return day


def months_after(day: dt.date, number: int) -> dt.date:
    """The same day of a later month, or of an earlier one; that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def ends_month(day: dt.date) -> bool:
    """Whether a day is the last of its month."""
    return (day + _A_DAY).day == 1


@dataclass(frozen=True)
class Cycle:
    """Dates a period apart: the first, and every one after it; each is reckoned from the first.

    With `end_of_month`, a cycle of months whose first date ends a month goes from month's end to month's end.
    """

    first: dt.date
    every: Period
    end_of_month: bool = False

    @cached_property
    def months(self) -> int | None:
        """How many months the period has; None where it is one of days or weeks."""
        number, unit = self.every.split(" ")
        return {"month": 1, "year": 12}[unit.removesuffix("s")] * int(number) if unit[0] in "my" else None

    @cached_property
    def days(self) -> int | None:
        """How many days the period has; None where it is one of months or years."""
        number, unit = self.every.split(" ")
        return {"day": 1, "week": 7}[unit.removesuffix("s")] * int(number) if unit[0] in "dw" else None

    def nth(self, number: int) -> dt.date:
        """The date so many periods after the first; before it, where the number is negative."""
        if self.months is None:
            assert self.days is not None
            return self.first + dt.timedelta(days=number * self.days)
        day = months_after(self.first, number * self.months)
        if self.end_of_month and ends_month(self.first):
            return day.replace(day=months.monthrange(day.year, day.month)[1])
        return day

    def number_on(self, day: dt.date) -> int:
        """The number of the last date on or before `day`: negative where that is before the first."""
        if self.months is None:
            assert self.days is not None
            return (day - self.first).days // self.days
        reached = ((day.year - self.first.year) * 12 + day.month - self.first.month) // self.months
        return reached if self.nth(reached) <= day else reached - 1

    def after(self, day: dt.date) -> Iterator[dt.date]:
        """The dates after `day`, from the first one on, without end."""
        return (self.nth(number) for number in count(max(self.number_on(day) + 1, 0)))
