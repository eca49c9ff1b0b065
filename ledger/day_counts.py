"""Day counts: the part of a year between two dates, in exact whole numbers.

Every convention but `actual/actual ICMA` counts days against a basis that is always the same, so that the counts of one
period can be added and subtracted as integers. The conventions with thirty-day months do not add up over parts of a
period: what accrues over a part is the difference of two counts from the start of the whole.
"""

import calendar
import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple, assert_never

from ledger.values import DayCount

FixedBasis = Literal[
    "30/360 US", "30/360 bond basis", "30E/360", "actual/360", "actual/365", "actual/actual ISDA"
]  # fmt: skip
"""The conventions that need nothing but the two dates."""

BASIS: Mapping[FixedBasis, int] = {
    "30/360 US": 360,
    "30/360 bond basis": 360,
    "30E/360": 360,
    "actual/360": 360,
    "actual/365": 365,
    "actual/actual ISDA": 365 * 366,
}
"""What the count of a year comes to, by convention."""


class Regular(NamedTuple):
    """A regular coupon period, or one that would be regular: its dates, and how many months it has."""

    begins: dt.date
    ends: dt.date
    months: int


def counted(day_count: FixedBasis, start: dt.date, end: dt.date) -> int:
    """The days counted from and including `start` to and excluding `end`, against the BASIS of the convention."""
    match day_count:
        case "actual/360" | "actual/365":
            return (end - start).days
        case "actual/actual ISDA":
            in_leap_years = _days_of_leap_years(end) - _days_of_leap_years(start)
            return 366 * (end - start).days - in_leap_years
        case "30E/360":
            return _thirty(start, min(start.day, 30), end, min(end.day, 30))
        case "30/360 bond basis":
            first = min(start.day, 30)
            return _thirty(start, first, end, min(end.day, 30) if first == 30 else end.day)
        case "30/360 US":
            first, last = start.day, end.day
            if _ends_february(start):
                last = 30 if _ends_february(end) else last
                first = 30
            last = 30 if last == 31 and first >= 30 else last
            return _thirty(start, min(first, 30), end, last)
        case _:
            assert_never(day_count)


def year_fraction(day_count: DayCount, start: dt.date, end: dt.date, regular: Regular | None = None) -> Fraction | None:
    """The part of a year from and including `start` to and excluding `end`.

    Only `actual/actual ICMA` needs the regular coupon period that both dates lie in; without it the answer is None.
    """
    if day_count != "actual/actual ICMA":
        return Fraction(counted(day_count, start, end), BASIS[day_count])
    if regular is None:
        return None
    return Fraction((end - start).days * regular.months, 12 * (regular.ends - regular.begins).days)


def _thirty(start: dt.date, first: int, end: dt.date, last: int) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _ends_february(day: dt.date) -> bool:
    return day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]


def _days_of_leap_years(day: dt.date) -> int:
    """How many of the days before `day` are days of leap years."""
    before = day.year - 1
    whole = 366 * (before // 4 - before // 100 + before // 400)
    return whole + (day.timetuple().tm_yday - 1 if calendar.isleap(day.year) else 0)
