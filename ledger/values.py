"""One home for each unit: dates, moments, times of day, amounts, rates, names, periods.

Every value here is exact and is written as text in a record: amounts and rates are decimal strings, dates are
`YYYY-MM-DD`, moments carry a zone. A binary number is refused wherever money or a rate is due.
"""

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    PlainSerializer,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic import Field as Field
from pydantic import model_validator as model_validator
from pydantic_core import PydanticCustomError, core_schema

# Digits are spelled out, because `\d` would also match those of other scripts.
DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
SLUG_PATTERN = r"^[a-z0-9]+([._-]+[a-z0-9]+)*$"
TEXT_PATTERN = r"^\s*[^\s\x00-\x1f\x7f][^\x00-\x08\x0e-\x1f\x7f]*$"
CURRENCY_PATTERN = r"^[A-Z]{3}$"
TIME_OF_DAY_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9] [A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+){0,2}$"
PERIOD_PATTERN = r"^[1-9][0-9]{0,3} (day|week|month|year)s?$"


def not_allowed(code: str, allowed: str, *, found: str | None = None) -> PydanticCustomError:
    """A fault of one value: its code, and in words what would be allowed in its place.

    `found` says what was found where the value itself would not show it, as with two fields of which only one may be.
    """
    context = {"allowed": allowed} if found is None else {"allowed": allowed, "found": found}
    return PydanticCustomError(cast("Any", code), cast("Any", "allowed is {allowed}"), context)


class Value(BaseModel):
    """A part of a fact: frozen, strict, closed to unknown fields, written under the names of the record format."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        use_attribute_docstrings=True,
        ser_json_inf_nan="constants",
    )


def exactly_one(model: Value, *names: str) -> None:
    """Refuse a model that gives none of these fields, or more than one."""
    given = [f"`{name}`" for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        allowed = "exactly one of " + ", ".join(f"`{name}`" for name in names)
        raise not_allowed("one_of", allowed, found=" and ".join(given) or "none of them")


def at_least_one(model: Value, *names: str) -> None:
    """Refuse a model that gives none of these fields."""
    if all(getattr(model, name) in (None, ()) for name in names):
        allowed = "at least one of " + ", ".join(f"`{name}`" for name in names)
        raise not_allowed("one_of", allowed, found="none of them")


_DECIMAL = re.compile(DECIMAL_PATTERN)


def _decimal(example: str, *, negative: bool = False, at_most: int | None = None) -> Any:
    limits = ("" if negative else ", not negative") + ("" if at_most is None else f", at most {at_most}")
    allowed = f'a decimal in quotation marks{limits}, such as "{example}"'

    def parse(found: object) -> Decimal:
        text = format(found, "f") if isinstance(found, Decimal) and found.is_finite() else found
        if isinstance(text, str) and _DECIMAL.fullmatch(text) and (negative or not text.startswith("-")):
            number = Decimal(text)
            if at_most is None or number <= at_most:
                return number
        raise not_allowed("decimal_string", allowed)

    return parse


def plain(number: Decimal) -> str:
    """A decimal as text, digits as they were written, never in exponent notation."""
    return format(number, "f")


Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal("80000.00")),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN.replace("-?", ""), "examples": ["80000.00"]}),
]
"""An amount of money in the facility's currency, never negative; at most 18 digits before the point and 12 after."""

RatePerAnnum = Annotated[
    Decimal,
    BeforeValidator(_decimal("0.1275", negative=True)),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN, "examples": ["0.1275"]}),
]
"""A rate as a fraction a year: `"0.1275"` is twelve and three quarters percent. Margins may be negative."""

Number = Annotated[
    Decimal,
    BeforeValidator(_decimal("1.5")),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN.replace("-?", ""), "examples": ["1.5"]}),
]
"""A count that need not be whole; never negative."""

Factor = Annotated[
    Decimal,
    BeforeValidator(_decimal("1.5", negative=True)),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN, "examples": ["1.5"]}),
]
"""What an index is multiplied by; negative where the rate falls as the index rises."""

Fraction = Annotated[
    Decimal,
    BeforeValidator(_decimal("0.99", at_most=1)),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN.replace("-?", ""), "examples": ["0.99"]}),
]
"""A part of a whole, from 0 to 1."""

Measure = Annotated[
    Decimal,
    BeforeValidator(_decimal("1.25", negative=True)),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN, "examples": ["1.25"]}),
]
"""What a covenant measures or requires: an amount or a ratio, below zero where there is a deficit."""


FIRST_YEAR, LAST_YEAR = 1901, 2199
"""The years that the holiday calendars know."""


@lru_cache(maxsize=4096)  # many facts have the same day
def _day(written: str) -> dt.date | None:
    if not re.fullmatch(DATE_PATTERN, written):
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise not_allowed("no_such_date", "a date of the calendar; this one does not exist") from None


def _date(found: object) -> dt.date:
    day = _day(found) if isinstance(found, str) else found
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise not_allowed("date", "a date as YYYY-MM-DD, such as 2001-07-31")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise not_allowed("date_out_of_range", f"a date of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


Date = Annotated[
    dt.date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date", "pattern": DATE_PATTERN})
]
"""A day of the calendar, of a year from 1901 to 2199."""


def parse_moment(found: object) -> dt.datetime:
    """An instant from text or a datetime, in UTC; one without a zone is refused."""
    moment = found
    if isinstance(found, str) and re.fullmatch(MOMENT_PATTERN, found):
        with suppress(ValueError):
            moment = dt.datetime.fromisoformat(found)
    if isinstance(moment, dt.datetime) and moment.tzinfo is not None:
        with suppress(OverflowError):
            return moment.astimezone(dt.UTC)
    raise not_allowed("moment", "an instant with its zone, such as 2001-08-14T12:00:00Z")


def moment_text(moment: dt.datetime) -> str:
    """An instant as text in UTC: `2001-08-14T12:00:00Z`, with microseconds only where there are some."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"


Moment = Annotated[
    dt.datetime,
    BeforeValidator(parse_moment),
    PlainSerializer(moment_text, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant, kept in UTC to the microsecond."""


def _time_of_day(found: object) -> str:
    if isinstance(found, str) and re.fullmatch(TIME_OF_DAY_PATTERN, found):
        try:
            ZoneInfo(found.split(" ", 1)[1])
        except (KeyError, ValueError, OSError):
            raise not_allowed("no_such_zone", "a zone of the tz database, such as America/New_York") from None
        return found
    raise not_allowed("time_of_day", 'a time of day and its zone, such as "17:00 America/New_York"')


TimeOfDay = Annotated[
    str, BeforeValidator(_time_of_day), WithJsonSchema({"type": "string", "pattern": TIME_OF_DAY_PATTERN})
]
"""A time of day with its zone, `17:00 America/New_York`."""


_WHERE_DAYS_BEGIN = dt.timezone(dt.timedelta(hours=14))
"""The zone in which each day begins first: no time of day, in whatever zone, comes before that."""


def instant_of(day: dt.date, at: str | None) -> dt.datetime:
    """The instant, in UTC, at which a fact of `day` applies; an untimed one stands at the start of its day, anywhere.

    The order of facts goes by day first, so this is compared only among facts of one day (docs/DERIVATION.md, 1).
    """
    if at is None:
        return dt.datetime.combine(day, dt.time.min, _WHERE_DAYS_BEGIN).astimezone(dt.UTC)
    clock, zone = at.split(" ", 1)
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), ZoneInfo(zone)).astimezone(dt.UTC)


Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=120)]
"""A name in the record: lower-case letters and digits, joined by hyphens, points or underscores."""

Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, max_length=4000)]
"""Words for people; never blank, and free of control characters."""

Currency = Annotated[str, StringConstraints(pattern=CURRENCY_PATTERN)]
"""An ISO 4217 code."""


def _one_or_many(found: object) -> object:
    return (found,) if isinstance(found, str) else found


class _OneOrMany:
    """Marks a list that may also be written as its only item."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        many = cast("core_schema.TupleSchema", handler(source))
        either = core_schema.union_schema([*many["items_schema"], many])
        return core_schema.no_info_before_validator_function(_one_or_many, many, json_schema_input_schema=either)


Item = TypeVar("Item")

ListOf = Annotated[tuple[Item, ...], Strict(False)]
"""A list, perhaps empty."""

SomeOf = Annotated[tuple[Item, ...], Strict(False), Field(min_length=1)]
"""A list of at least one."""

OneOrMany = Annotated[tuple[Item, ...], Strict(False), Field(min_length=1), _OneOrMany]
"""A list of at least one; a record may also write the only one by itself."""

Names = Annotated[ListOf[Slug], _OneOrMany]
Texts = Annotated[ListOf[Text], _OneOrMany]
Dates = SomeOf[Date]


def _names_or_any(found: object) -> object:
    if isinstance(found, list | tuple) and "any" in found:
        raise not_allowed("any_among_names", "the word `any` by itself, or a list of names")
    return None if found == "any" else found


NamesOrAny = Annotated[
    OneOrMany[Slug] | None,
    BeforeValidator(_names_or_any, json_schema_input_type=Literal["any"] | OneOrMany[Slug] | None),
]
"""Names of facilities, or None for any of the group; a record may also write the word `any`."""


def _form(found: object) -> str:
    return "word" if isinstance(found, str) else "mapping"


WORD_OR_MAPPING = Discriminator(_form)
"""Tells apart the members tagged `word` and `mapping` of a union, so that a fault is one member's and not both's."""

CalendarName = Literal["us", "weekdays", "none"]
"""`us`: the holidays of the Federal Reserve and weekends; `weekdays`: weekends only; `none`: every day counts."""

Roll = Literal["none", "following", "modified_following", "preceding", "modified_preceding"]
"""Where a date goes that is no business day; `modified`: not into another month."""

DayCount = Literal[
    "30/360 US",
    "30/360 bond basis",
    "30E/360",
    "actual/360",
    "actual/365",
    "actual/actual ISDA",
    "actual/actual ICMA",
]

Period = Annotated[str, StringConstraints(pattern=PERIOD_PATTERN)]
"""A length of time in words: `6 months`, `1 year`."""


class Days(Value):
    """A number of days, or of business days of a calendar, counted from the day after the one they run from."""

    days: int | None = Field(default=None, ge=0, le=36600)
    business_days: int | None = Field(default=None, ge=0, le=10000)
    calendar: CalendarName | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> "Days":
        exactly_one(self, "days", "business_days")
        if self.days is not None and self.calendar is not None:
            raise not_allowed("one_of", "`calendar` only beside `business_days`", found="`days` and `calendar`")
        return self
