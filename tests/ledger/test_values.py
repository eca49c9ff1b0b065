"""The units: what is a date, a moment, a time of day, an amount, a rate, a name, and what only looks like one."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ledger.values import (
    Amount,
    Currency,
    Date,
    Days,
    Fraction,
    ListOf,
    Measure,
    Moment,
    NamesOrAny,
    OneOrMany,
    Period,
    RatePerAnnum,
    Slug,
    SomeOf,
    Text,
    TimeOfDay,
    instant_of,
    moment_text,
    parse_moment,
    plain,
)


def parsed(kind: Any, found: object) -> Any:
    return TypeAdapter(kind).validate_python(found)


def refused(kind: Any, found: object) -> str:
    """What the refusal says."""
    with pytest.raises(ValidationError) as refusal:
        parsed(kind, found)
    return str(refusal.value.errors()[0]["msg"])


# --- amounts, rates, fractions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "0.00", "80000.00", "999999999999999999.999999999999"])
def test_an_amount_keeps_the_digits_that_were_written(text: str) -> None:
    assert plain(parsed(Amount, text)) == text


@pytest.mark.parametrize(
    "found",
    [
        *(80000, 80000.0, True, None, Decimal("NaN"), Decimal(-1), ["5"]),
        *("", " 5", "5 ", "5\n", "1" * 19, "0.0000000000001"),
        *["8e4", "-1", "-0", "+5", ".5", "5.", "007", "1,000", "1_000", "0x10", "NaN", "Infinity", "１２", "٣"],
    ],
)
def test_what_is_no_decimal_text_is_no_amount(found: object) -> None:
    assert refused(Amount, found) == 'allowed is a decimal in quotation marks, not negative, such as "80000.00"'


def test_a_decimal_of_python_is_an_amount_and_is_never_written_with_an_exponent() -> None:
    assert plain(parsed(Amount, Decimal("8E+4"))) == "80000"


def test_a_rate_and_a_measure_may_be_negative() -> None:
    assert parsed(RatePerAnnum, "-0.005") == Decimal("-0.005")
    assert parsed(Measure, "-1500000.00") == Decimal(-1500000)


@pytest.mark.parametrize(("text", "taken"), [("0.999999999999", True), ("1", True), ("1.000000000001", False)])
def test_a_fraction_is_at_most_one(text: str, taken: bool) -> None:
    if taken:
        assert plain(parsed(Fraction, text)) == text
    else:
        assert refused(Fraction, text) == (
            'allowed is a decimal in quotation marks, not negative, at most 1, such as "0.99"'
        )


# --- dates -----------------------------------------------------------------------------------------------------------


@given(st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31)))
def test_a_date_is_the_day_that_its_text_names(day: dt.date) -> None:
    assert parsed(Date, day.isoformat()) == day == parsed(Date, day)


@pytest.mark.parametrize("found", ["2001-02-29", "2001-02-30", "2001-13-01", "2001-00-10", "0000-01-01", "1900-02-29"])
def test_a_date_that_does_not_exist_is_refused(found: str) -> None:
    assert refused(Date, found) == "allowed is a date of the calendar; this one does not exist"


@pytest.mark.parametrize(
    "found",
    [
        *(20010731, True, None, dt.datetime(2001, 7, 31, tzinfo=dt.UTC), "2001-07-31\n"),
        *["2001-7-31", "31.07.2001", "20010731", "2001-W31-2", "2001-07-31T00:00:00", "２００１-07-31"],
    ],
)
def test_what_is_written_otherwise_is_no_date(found: object) -> None:
    assert refused(Date, found) == "allowed is a date as YYYY-MM-DD, such as 2001-07-31"


@pytest.mark.parametrize(
    ("day", "taken"), [("1900-12-31", False), ("1901-01-01", True), ("2199-12-31", True), ("2200-01-01", False)]
)
def test_dates_are_of_the_years_that_the_calendars_know(day: str, taken: bool) -> None:
    if taken:
        assert parsed(Date, day).isoformat() == day
    else:
        assert refused(Date, day) == "allowed is a date of the years 1901 to 2199"


# --- moments and times of day ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "in_utc"),
    [
        ("2001-08-14T12:00:00Z", "2001-08-14T12:00:00Z"),
        ("2001-08-14T12:00Z", "2001-08-14T12:00:00Z"),
        ("2001-08-14T08:00:00-04:00", "2001-08-14T12:00:00Z"),
        ("2001-08-14T23:30:00.000001-04:00", "2001-08-15T03:30:00.000001Z"),
    ],
)
def test_a_moment_is_kept_in_utc(text: str, in_utc: str) -> None:
    assert moment_text(parse_moment(text)) == in_utc


@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_comes_back_from_its_text(moment: dt.datetime) -> None:
    try:
        written = moment_text(moment)
    except OverflowError:  # within a day of the first or the last year
        return
    assert parse_moment(written) == moment.astimezone(dt.UTC)


@pytest.mark.parametrize(
    "found",
    [
        *(997790400, None, "2001-08-14 12:00:00Z", "2001-08-14T12:00:00Z\n"),
        dt.datetime(2001, 8, 14, 12),  # noqa: DTZ001  (without a zone, on purpose)
        *("2001-08-14", "2001-08-14T12:00:00", "20010814T120000Z", "2001-08-14T12:00:00.1234567Z"),
        *("2001-08-14T25:00:00Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:00:00-10:00"),
    ],
)
def test_a_moment_without_a_zone_or_written_otherwise_is_refused(found: object) -> None:
    assert refused(Moment, found) == "allowed is an instant with its zone, such as 2001-08-14T12:00:00Z"


@pytest.mark.parametrize("text", ["17:00 America/New_York", "00:00 UTC", "23:59 America/Argentina/Buenos_Aires"])
def test_a_time_of_day_has_its_zone(text: str) -> None:
    assert parsed(TimeOfDay, text) == text


@pytest.mark.parametrize(
    "found",
    [
        *(1700, None, "17:00", "5:00 UTC", "24:00 UTC", "12:60 UTC", "17:00 UTC ", "17:00 UTC\n", "17:00  UTC"),
        *("١٧:00 UTC", "17:00 ../../etc/passwd", "17:00 America/../UTC", "17:00 localtime", "17:00 posix/UTC"),
    ],
)
def test_what_is_written_otherwise_is_no_time_of_day(found: object) -> None:
    assert refused(TimeOfDay, found) == 'allowed is a time of day and its zone, such as "17:00 America/New_York"'


@pytest.mark.parametrize("found", ["17:00 Mars/Phobos", "17:00 America", "17:00 Utopia"])
def test_a_zone_that_nobody_keeps_is_refused(found: str) -> None:
    assert refused(TimeOfDay, found) == "allowed is a zone of the tz database, such as America/New_York"


def test_an_hour_of_a_day_is_an_instant_by_its_zone() -> None:
    assert instant_of(dt.date(2001, 7, 31), "17:00 America/New_York") == dt.datetime(2001, 7, 31, 21, tzinfo=dt.UTC)
    assert instant_of(dt.date(2001, 12, 31), "17:00 America/New_York") == dt.datetime(2001, 12, 31, 22, tzinfo=dt.UTC)


@given(
    st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31)),
    st.times(),
    st.sampled_from(["UTC", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Apia", "America/New_York", "Etc/GMT-14"]),
)
def test_an_untimed_fact_comes_before_every_hour_of_its_day(day: dt.date, time: dt.time, zone: str) -> None:
    assert instant_of(day, None) <= instant_of(day, f"{time:%H:%M} {zone}")


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cit", "notes-12-3-4", "a.b_c", "0", "a--b", "a" * 120])
def test_a_name_is_a_slug(name: str) -> None:
    assert parsed(Slug, name) == name


@pytest.mark.parametrize("name", ["", "Cit", "cit x", "-cit", "cit-", "çit", "cit\n", "cit/x", "٣", "a" * 121])
def test_what_is_no_slug_is_no_name(name: str) -> None:
    refused(Slug, name)


@pytest.mark.parametrize("text", ["LPC", "two\nlines", "\ttabbed", "10½%", "\U0001f4b5"])
def test_text_is_for_people(text: str) -> None:
    assert parsed(Text, text) == text


@pytest.mark.parametrize("text", ["", " ", "\n", "a\x00b", "\x1b[31m", "a" * 4001])
def test_text_is_not_blank_nor_holds_control_characters(text: str) -> None:
    refused(Text, text)


@pytest.mark.parametrize(("kind", "text"), [(Currency, "USD"), (Period, "6 months"), (Period, "1 year")])
def test_a_currency_and_a_period_are_words_of_their_own(kind: Any, text: str) -> None:
    assert parsed(kind, text) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((Currency, text) for text in ("usd", "US", "USD\n", "ＵＳＤ")),
        *((Period, text) for text in ("6", "0 months", "٦ months", "6 months\n", "half a year")),
    ],
)
def test_what_is_written_otherwise_is_neither(kind: Any, text: str) -> None:
    refused(kind, text)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_one_name_stands_for_a_list_of_it_where_a_field_says_so() -> None:
    assert parsed(OneOrMany[Slug], "cit") == ("cit",) == parsed(OneOrMany[Slug], ["cit"])
    refused(SomeOf[Slug], "cit")


def test_a_list_may_be_empty_only_where_that_means_something() -> None:
    assert parsed(ListOf[Slug], []) == ()
    for kind in (SomeOf[Slug], OneOrMany[Slug], NamesOrAny):
        refused(kind, [])


def test_any_is_no_name_among_names() -> None:
    assert parsed(NamesOrAny, "any") is None
    assert parsed(NamesOrAny, ["notes-14"]) == ("notes-14",)
    assert refused(NamesOrAny, ["any", "notes-14"]) == "allowed is the word `any` by itself, or a list of names"


def test_days_are_of_one_sort() -> None:
    assert Days(days=0).days == 0
    assert Days(business_days=5, calendar="us").business_days == 5
    assert refused(Days, {}) == "allowed is exactly one of `days`, `business_days`"
    assert refused(Days, {"days": 5, "business_days": 5}) == "allowed is exactly one of `days`, `business_days`"
    assert refused(Days, {"days": 5, "calendar": "us"}) == "allowed is `calendar` only beside `business_days`"
