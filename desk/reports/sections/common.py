"""What several sections need."""

import datetime as dt
from decimal import Decimal
from typing import Any

from desk.reports.page import (
    Cell,
    amount,
    count,
    day,
    not_stated,
    nothing,
    per_1000,
    prose,
    rate,
    status,
    text,
)
from projections import words
from projections.changes import ValueKind


def chunks(items: list[Any], size: int) -> list[list[Any]]:
    """A list in pieces of a size, the last one perhaps shorter."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def numbered(caption: str, index: int, items: int, size: int) -> str:
    """A caption, with its number where one drawing is not enough for all items."""
    return f"{caption} ({index + 1} of {-(-items // size)})" if items > size else caption


def value_cell(kind: ValueKind, value: Any, currency: str | None) -> Cell:
    """A value as JSON shows it, as a cell; an amount in the form of a currency."""
    if value is None:
        return nothing("none") if kind == "date" else not_stated()
    match kind:
        case "status":
            return status(value) if value in words.LEGAL and value != "default" else text(words.plain(str(value)))
        case "amount":
            return amount(Decimal(str(value)), currency)
        case "per_1000":
            return per_1000(Decimal(str(value)))
        case "rate":
            return rate(Decimal(str(value)))
        case "date":
            return day(dt.date.fromisoformat(str(value)))
        case "count":
            return count(int(value))
        case "yes_no":
            return text("holds" if value else "none holds")
        case "text":
            return prose(str(value))
