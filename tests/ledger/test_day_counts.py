"""Day counts and business days, against QuantLib, the field's reference, and against what the conventions say."""

import datetime as dt
import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from typing import Any, get_args

import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.calendars import (
    Cycle,
    business_days_after,
    days_after,
    days_before,
    first_day_to_look_back,
    is_business_day,
    months_after,
    rolled,
)
from ledger.day_counts import BASIS, FixedBasis, Regular, counted, year_fraction
from ledger.values import CalendarName, DayCount, Days, Roll
from tests.money.by_quantlib import CALENDARS, ROLLS

REFERENCES: dict[DayCount, Any] = {
    "30/360 US": QuantLib.Thirty360(QuantLib.Thirty360.USA),
    "30/360 bond basis": QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
    "30E/360": QuantLib.Thirty360(QuantLib.Thirty360.European),
    "actual/360": QuantLib.Actual360(),
    "actual/365": QuantLib.Actual365Fixed(),
    "actual/actual ISDA": QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
}
NEAR_ENOUGH = 1e-12
"""QuantLib reckons in binary numbers; ours are exact."""

ENDS_OF_MONTHS = [
    first + dt.timedelta(days=offset)
    for first in (dt.date(year, month, 1) for year in (1999, 2000, 2003, 2004) for month in (1, 2, 3, 7, 9, 12))
    for offset in (-3, -2, -1, 0, 1, 14)
]

LEAP_YEAR_AND_MORE = ("2004-02-25", "2005-03-02")
"""All months, with the end of February of a leap year and of one that is none."""
CENTURY_WITHOUT_LEAP_DAY = ("2099-12-26", "2100-03-02")
SEVEN_YEARS = ("1999-12-26", "2006-03-05")
RANGES = [LEAP_YEAR_AND_MORE, CENTURY_WITHOUT_LEAP_DAY, *([SEVEN_YEARS] if os.environ.get("ASOF_NIGHTLY") else [])]


def there(day: dt.date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


def pairs(first: str, last: str) -> Iterator[tuple[tuple[dt.date, Any], tuple[dt.date, Any]]]:
    """Every two days of a range, the earlier one first, each also as QuantLib has it."""
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    days = [start + dt.timedelta(days=offset) for offset in range((end - start).days + 1)]
    return combinations_with_replacement([(day, there(day)) for day in days], 2)


@pytest.mark.parametrize(("first", "last"), RANGES)
@pytest.mark.parametrize("day_count", [each for each in REFERENCES if each != "actual/actual ISDA"])
def test_on_every_pair_of_a_range_of_dates_a_count_of_days_is_that_of_quantlib(
    day_count: FixedBasis, first: str, last: str
) -> None:
    theirs = REFERENCES[day_count].dayCount
    assert [
        (start, end)
        for (start, their_start), (end, their_end) in pairs(first, last)
        if counted(day_count, start, end) != theirs(their_start, their_end)
    ] == []


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_on_every_pair_of_a_range_of_dates_actual_over_actual_is_that_of_quantlib(first: str, last: str) -> None:
    theirs, basis = REFERENCES["actual/actual ISDA"].yearFraction, BASIS["actual/actual ISDA"]
    assert [
        (start, end)
        for (start, their_start), (end, their_end) in pairs(first, last)
        if abs(counted("actual/actual ISDA", start, end) / basis - theirs(their_start, their_end)) > NEAR_ENOUGH
    ] == []


@pytest.mark.parametrize("months", [1, 3, 6, 12])
@pytest.mark.parametrize("end_of_month", [True, False])
def test_in_every_part_of_each_coupon_period_actual_over_actual_of_icma_is_that_of_quantlib(
    months: int, end_of_month: bool
) -> None:
    cycle = Cycle(dt.date(2003, 8, 31), f"{months} months", end_of_month)
    reference, differences = QuantLib.ActualActual(QuantLib.ActualActual.ISMA), []
    for number in range(-12 // months, 24 // months):
        begins, ends = cycle.nth(number), cycle.nth(number + 1)
        their_begins, their_ends = there(begins), there(ends)
        for offset in range(1, (ends - begins).days + 1):
            day = begins + dt.timedelta(days=offset)
            ours = year_fraction("actual/actual ICMA", begins, day, Regular(begins, ends, months))
            theirs = reference.yearFraction(their_begins, there(day), their_begins, their_ends)
            if ours is None or abs(ours - theirs) > NEAR_ENOUGH:
                differences.append((begins, day))
    assert differences == []


DATES = st.dates(dt.date(1950, 1, 1), dt.date(2050, 12, 31))


@pytest.mark.parametrize("day_count", REFERENCES)
@given(one=DATES, other=DATES)
@settings(max_examples=50, deadline=None)
def test_each_day_count_agrees_with_quantlib_on_any_dates(day_count: DayCount, one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    ours = year_fraction(day_count, start, end)
    assert ours is not None
    theirs = REFERENCES[day_count].yearFraction(there(start), there(end))
    assert abs(float(ours) - theirs) < NEAR_ENOUGH


@given(start=DATES, months=st.sampled_from((1, 3, 6, 12)), share=st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_within_a_regular_coupon_period_actual_over_actual_agrees_with_quantlib(
    start: dt.date, months: int, share: float
) -> None:
    ends = months_after(start, months)
    day = start + dt.timedelta(days=int((ends - start).days * share))
    ours = year_fraction("actual/actual ICMA", start, day, Regular(start, ends, months))
    assert ours is not None
    reference = QuantLib.ActualActual(QuantLib.ActualActual.ISMA)
    theirs = reference.yearFraction(there(start), there(day), there(start), there(ends)) if day > start else 0.0
    assert abs(float(ours) - theirs) < NEAR_ENOUGH


def test_without_a_coupon_period_actual_over_actual_of_icma_has_no_answer() -> None:
    assert year_fraction("actual/actual ICMA", dt.date(2001, 1, 1), dt.date(2001, 7, 1)) is None


@pytest.mark.parametrize(
    ("day_count", "start", "end", "days", "year"),
    [
        ("30/360 US", "2003-02-28", "2003-03-31", 30, 360),  # the last of February counts as the 30th
        ("30/360 bond basis", "2003-02-28", "2003-03-31", 33, 360),
        ("30E/360", "2003-02-28", "2003-03-31", 32, 360),
        ("30/360 US", "2004-02-28", "2004-03-31", 33, 360),  # in a leap year the 28th is not the last
        ("30/360 US", "2004-02-29", "2004-08-31", 180, 360),
        ("30/360 US", "2003-02-28", "2004-02-29", 360, 360),
        ("30/360 bond basis", "2003-01-30", "2003-03-31", 60, 360),
        ("30/360 bond basis", "2003-01-29", "2003-03-31", 62, 360),
        ("30E/360", "2003-01-29", "2003-03-31", 61, 360),
        ("actual/360", "2003-01-01", "2004-01-01", 365, 360),
        ("actual/365", "2004-01-01", "2005-01-01", 366, 365),
    ],
)
def test_what_a_convention_says_in_whole_numbers(
    day_count: DayCount, start: str, end: str, days: int, year: int
) -> None:
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    assert year_fraction(day_count, first, last) == Fraction(days, year)


ISDA_COMPARISON = [
    # from, to, and the days by 30/360 (bond basis), by 30E/360 and by actual/360
    ("2007-01-15", "2007-01-30", 15, 15, 15),
    ("2007-01-15", "2007-02-15", 30, 30, 31),
    ("2007-01-15", "2007-07-15", 180, 180, 181),
    ("2007-09-30", "2008-03-31", 180, 180, 183),
    ("2007-09-30", "2007-10-31", 30, 30, 31),
    ("2007-09-30", "2008-09-30", 360, 360, 366),
    ("2007-01-15", "2007-01-31", 16, 15, 16),
    ("2007-01-31", "2007-02-28", 28, 28, 28),
    ("2007-02-28", "2007-03-31", 33, 32, 31),
    ("2006-08-31", "2007-02-28", 178, 178, 181),
    ("2007-02-28", "2007-08-31", 183, 182, 184),
    ("2007-02-14", "2007-02-28", 14, 14, 14),
    ("2007-02-26", "2008-02-29", 363, 363, 368),
    ("2008-02-29", "2009-02-28", 359, 359, 365),
    ("2008-02-29", "2008-03-30", 31, 31, 30),
    ("2008-02-29", "2008-03-31", 32, 31, 31),
    ("2007-02-28", "2007-03-05", 7, 7, 5),
    ("2007-10-31", "2007-11-28", 28, 28, 28),
    ("2007-08-31", "2008-02-29", 179, 179, 182),
    ("2008-02-29", "2008-08-31", 182, 181, 184),
    ("2008-08-31", "2009-02-28", 178, 178, 181),
    ("2009-02-28", "2009-08-31", 183, 182, 184),
]
"""The sheet "Comparison" of ISDA's worked examples of 30/360 and 30E/360 in the 2006 ISDA Definitions
(isda.org/2008/12/22/30-360-day-count-conventions), of section 4.16 (f), (g) and (e)."""


@pytest.mark.parametrize(("start", "end", "bond_basis", "european", "actual"), ISDA_COMPARISON)
def test_days_are_counted_as_in_the_examples_that_isda_publishes(
    start: str, end: str, bond_basis: int, european: int, actual: int
) -> None:
    dates = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    conventions: tuple[FixedBasis, ...] = ("30/360 bond basis", "30E/360", "actual/360")
    assert [counted(each, *dates) for each in conventions] == [bond_basis, european, actual]


def test_two_halves_of_a_year_come_to_361_days_of_the_bond_basis_as_isda_notes() -> None:
    halves = dt.date(2006, 8, 31), dt.date(2007, 2, 28), dt.date(2007, 8, 31)
    conventions: tuple[FixedBasis, ...] = ("30/360 bond basis", "30E/360")
    assert [sum(counted(each, *half) for half in pairwise(halves)) for each in conventions] == [361, 360]


def test_actual_over_actual_of_isda_splits_at_the_turn_of_the_year() -> None:
    fraction = year_fraction("actual/actual ISDA", dt.date(2003, 12, 31), dt.date(2004, 1, 2))
    assert fraction == Fraction(1, 365) + Fraction(1, 366)


@pytest.mark.parametrize("day_count", [*REFERENCES, "actual/actual ICMA"])
def test_no_time_is_no_part_of_a_year(day_count: DayCount) -> None:
    for day in ENDS_OF_MONTHS:
        assert year_fraction(day_count, day, day, Regular(day, months_after(day, 6), 6)) == 0


@pytest.mark.parametrize("day_count", ["actual/360", "actual/365", "actual/actual ISDA"])
@given(days=st.lists(DATES, min_size=3, max_size=3).map(sorted))
@settings(max_examples=100, deadline=None)
def test_counts_of_actual_days_add_up_over_parts(day_count: DayCount, days: list[dt.date]) -> None:
    start, middle, end = days
    parts = [year_fraction(day_count, start, middle), year_fraction(day_count, middle, end)]
    assert sum(part for part in parts if part is not None) == year_fraction(day_count, start, end)


def test_a_count_of_thirty_day_months_does_not_add_up_over_parts() -> None:
    start, middle, end = dt.date(2003, 1, 1), dt.date(2003, 1, 31), dt.date(2003, 2, 1)
    parts = [year_fraction("30/360 US", start, middle), year_fraction("30/360 US", middle, end)]
    assert [parts, year_fraction("30/360 US", start, end)] == [[Fraction(30, 360), Fraction(1, 360)], Fraction(30, 360)]


# --- months and business days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        ("2003-01-31", 1, "2003-02-28"),
        ("2004-01-31", 1, "2004-02-29"),
        ("2003-01-31", 2, "2003-03-31"),
        ("2003-08-31", 6, "2004-02-29"),
        ("2003-03-15", -3, "2002-12-15"),
        ("2003-11-30", 14, "2005-01-30"),
        ("2003-05-05", 0, "2003-05-05"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, reached: str) -> None:
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(reached)


FEDERAL_HOLIDAYS_OF_2001 = [
    "2001-01-01", "2001-01-15", "2001-02-19", "2001-05-28", "2001-07-04",
    "2001-09-03", "2001-10-08", "2001-11-12", "2001-11-22", "2001-12-25",
]  # fmt: skip


def test_the_us_calendar_has_the_holidays_that_the_federal_reserve_published() -> None:
    year = [dt.date(2001, 1, 1) + dt.timedelta(days=offset) for offset in range(365)]
    closed = [day for day in year if day.weekday() < 5 and not is_business_day(day, "us")]
    assert [day.isoformat() for day in closed] == FEDERAL_HOLIDAYS_OF_2001


@pytest.mark.parametrize(
    ("day", "us", "weekdays", "none"),
    [
        ("2004-12-31", True, True, True),  # the holiday of a Saturday is not moved to the Friday before
        ("2005-01-01", False, False, True),
        ("2012-01-02", False, True, True),  # that of a Sunday is moved to the Monday after
        ("2021-06-18", True, True, True),
        ("2022-06-20", False, True, True),  # Juneteenth, first kept in 2022
        ("2001-05-27", False, False, True),
    ],
)
def test_business_days_are_those_of_the_calendar(day: str, us: bool, weekdays: bool, none: bool) -> None:
    calendars: tuple[CalendarName, ...] = ("us", "weekdays", "none")
    assert [is_business_day(dt.date.fromisoformat(day), each) for each in calendars] == [us, weekdays, none]


@pytest.mark.parametrize(
    ("number", "reached"), [(0, "2001-05-24"), (1, "2001-05-25"), (2, "2001-05-29"), (3, "2001-05-30")]
)
def test_business_days_are_counted_from_the_day_after(number: int, reached: str) -> None:
    assert business_days_after(dt.date(2001, 5, 24), number, "us") == dt.date.fromisoformat(reached)


@pytest.mark.parametrize(
    ("period", "reached"),
    [
        (Days(days=5), "2001-05-29"),
        (Days(days=0), "2001-05-24"),
        (Days(business_days=3), "2001-05-30"),
        (Days(business_days=3, calendar="weekdays"), "2001-05-29"),
        (Days(business_days=3, calendar="none"), "2001-05-27"),
    ],
)
def test_days_are_counted_in_their_own_unit_and_business_days_are_american_unless_said(
    period: Days, reached: str
) -> None:
    assert days_after(dt.date(2001, 5, 24), period) == dt.date.fromisoformat(reached)


PERIODS = st.one_of(
    st.builds(Days, days=st.integers(0, 20)),
    st.builds(Days, business_days=st.integers(0, 10), calendar=st.sampled_from(get_args(CalendarName))),
)


@given(day=DATES, period=PERIODS)
@settings(max_examples=100)
def test_the_first_day_to_look_back_to_a_day_does_and_the_day_before_it_does_not(day: dt.date, period: Days) -> None:
    first = first_day_to_look_back(day, period)
    assert days_before(first, period) >= day
    assert days_before(first - dt.timedelta(days=1), period) < day


@pytest.mark.parametrize("calendar", get_args(CalendarName))
@pytest.mark.parametrize("roll", [each for each in get_args(Roll) if each != "none"])
def test_a_day_is_rolled_to_the_business_day_to_which_quantlib_rolls_it(roll: Roll, calendar: CalendarName) -> None:
    """On every day of two years, among them the ends of months that fall on weekends."""
    for offset in range(731):
        day = dt.date(2004, 1, 1) + dt.timedelta(days=offset)
        theirs = CALENDARS[calendar].adjust(there(day), ROLLS[roll])
        assert there(rolled(day, roll, calendar)) == theirs, day
