"""Dates, figures and states in words, the same in every place and every locale."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from ledger.facts.terms import DefaultGround
from projections.answer import Payment
from projections.figures import minor_digits
from projections.states import Legal

NOT_STATED = "not stated"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LEGAL: Mapping[Legal, str] = {
    "not_open": "not open",
    "closed": "closed",
    "no_default": "no Default",
    "waived": "waived",
    "default": "Default in grace",
    "forborne": "forborne",
    "event_of_default": "Event of Default",
    "accelerated": "accelerated",
}

PAYMENT: Mapping[Payment, str] = {
    "current": "current",
    "past_due": "past due",
    "matured_unpaid": "matured, unpaid",
    "paid": "paid",
}


def day(date: dt.date) -> str:
    """A date that is the same on both sides of the ocean: 12 Sep 2001."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


_LIKE_A_DAY = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])")


def prose(says: str) -> str:
    """A sentence with its dates in words; the dates within names, such as those of Defaults, stay as they are."""
    return _LIKE_A_DAY.sub(_read_as_day, says)


def _read_as_day(found: re.Match[str]) -> str:
    try:
        return day(dt.date.fromisoformat(found[0]))
    except ValueError:
        return found[0]


def moment(at: dt.datetime) -> str:
    """An instant in UTC to the minute: 14 Aug 2001, 12:00 UTC."""
    utc = at.astimezone(dt.UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


def amount(figure: Decimal, currency: str | None = None) -> str:
    """An amount in the form of its currency, which stands before it where one is stated: JPY 1,500, USD 1,500.00."""
    written = figures(figure, currency)
    return written if currency is None else f"{currency} {written}"


def figures(figure: Decimal, currency: str | None = None) -> str:
    """An amount without its currency: separators between thousands, and the places of the minor unit.

    Two places where no currency is stated; further places only where the amount has them.
    """
    places = len(f"{figure:f}".partition(".")[2].rstrip("0"))
    return f"{figure:,.{max(places, minor_digits(currency))}f}"


def rate(per_annum: Decimal) -> str:
    """A rate as a percentage: to the basis point, with further digits only where it has them."""
    percent = (per_annum * 100).normalize()
    exponent = percent.as_tuple().exponent
    return f"{percent:.{max(2, -exponent) if isinstance(exponent, int) else 2}f}%"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 facility, 1,018 days."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Iterable[str], at_most: int = 6) -> str:
    """Names in a sentence: a, b and c; or the first few `and 12 more`."""
    every = list(names)
    shown = every[:at_most] if len(every) > at_most + 1 else every
    rest = [f"{len(every) - len(shown)} more"] if len(shown) < len(every) else []
    *first, last = [*shown, *rest] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def ground(name: DefaultGround) -> str:
    """A ground for the default rate in the field's words."""
    return {"event_of_default": "Event of Default", "non_renewal": "non-renewal"}.get(name, plain(name))


def plain(name: str) -> str:
    """A name of the interface in words: `event_of_default` is an event of default."""
    return name.replace("_", " ")


def each_once(names: Iterable[object]) -> str:
    """Names in a row, all of them, and none twice."""
    return ", ".join(dict.fromkeys(str(name) for name in names))
