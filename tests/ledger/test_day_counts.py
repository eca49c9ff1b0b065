"""Day counts and business days, against QuantLib, the field's reference, and against what the conventions say."""

import datetime as dt
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.calendars import business_days_after, days_after, is_business_day, months_after
from ledger.day_counts import Regular, year_fraction
from ledger.values import CalendarName, DayCount, Days

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


def there(day: dt.date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


@pytest.mark.parametrize("day_count", REFERENCES)
def test_each_day_count_agrees_with_quantlib_around_the_ends_of_months(day_count: DayCount) -> None:
    reference = REFERENCES[day_count]
    dates = [(day, there(day)) for day in ENDS_OF_MONTHS]
    for (start, their_start), (end, their_end) in product(dates, dates):
        if start <= end:
            ours = year_fraction(day_count, start, end)
            assert ours is not None
            assert abs(float(ours) - reference.yearFraction(their_start, their_end)) < NEAR_ENOUGH, (start, end)


DATES = st.dates(dt.date(1950, 1, 1), dt.date(2050, 12, 31))


@pytest.mark.parametrize("day_count", REFERENCES)
@given(one=DATES, other=DATES)
@settings(max_examples=200, deadline=None)
def test_each_day_count_agrees_with_quantlib_on_any_dates(day_count: DayCount, one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    ours = year_fraction(day_count, start, end)
    assert ours is not None
    theirs = REFERENCES[day_count].yearFraction(there(start), there(end))
    assert abs(float(ours) - theirs) < NEAR_ENOUGH


@given(start=DATES, months=st.sampled_from((1, 3, 6, 12)), share=st.floats(0, 1))
@settings(max_examples=300, deadline=None)
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
