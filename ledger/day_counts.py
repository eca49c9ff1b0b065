"""Day counts: the part of a year between two dates, exactly, as a fraction of whole numbers."""

import calendar
import datetime as dt
from fractions import Fraction
from typing import assert_never

from ledger.values import DayCount


def year_fraction(day_count: DayCount, start: dt.date, end: dt.date, *, months: int | None = None) -> Fraction | None:
    """The part of a year from and including `start` to and excluding `end`.

    `months` is the length of the regular coupon period that begins on `start`; only `actual/actual ICMA` needs it, and
    without it has no answer: None. The conventions with thirty-day months do not add up over parts of a period.
    """
    days = (end - start).days
    match day_count:
        case "actual/360":
            return Fraction(days, 360)
        case "actual/365":
            return Fraction(days, 365)
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
        case "actual/actual ISDA":
            return sum((_part_of_year(year, start, end) for year in range(start.year, end.year + 1)), Fraction(0))
        case "actual/actual ICMA":
            if months is None:
                return None
            return Fraction(days, (months_after(start, months) - start).days) * Fraction(months, 12)
        case _:
            assert_never(day_count)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _thirty(start: dt.date, first: int, end: dt.date, last: int) -> Fraction:
    return Fraction(360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first, 360)


def _ends_february(day: dt.date) -> bool:
    return day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]


def _part_of_year(year: int, start: dt.date, end: dt.date) -> Fraction:
    first, last = max(start, dt.date(year, 1, 1)), min(end, dt.date(year + 1, 1, 1))
    return Fraction((last - first).days, 366 if calendar.isleap(year) else 365)
