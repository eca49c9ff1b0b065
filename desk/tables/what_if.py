"""A what-if: the facts assumed, and the two answers side by side where they differ."""

import json
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from desk.answers import Compared
from desk.tables.parts import (
    NOT_STATED,
    Identity,
    blank,
    grid,
    headed,
    heading,
    indented,
    money,
    percent,
    positions,
    reasons,
    state,
    title,
)
from ledger.facts import as_record
from ledger.records import Recorded
from projections.answer import Obligations
from scenarios import Difference

_SHOWN_APART = ("event", "effective", "note", "source", "standing")
_RATES = ("rate charged", "rate if_default_rate")
_VALUES = ("legal", "payment", *_RATES, *Obligations.model_fields)


def what_if_tables(compared: Compared) -> Group:
    """What was assumed, what differs, and the facts behind the values as they would be."""
    as_is, differences = compared.comparison.as_is, compared.comparison.differences
    parts: list[RenderableType] = [
        heading(f"What if, as of {as_is.as_of}", as_is.known, as_is.standing, as_stood=as_is.as_stood),
        blank(),
        title("Assumed", "nothing of this is recorded"),
        indented(_assumed(compared.assumed)),
        blank(),
    ]
    if not differences:
        return Group(*parts, Text(f"Nothing differs on {as_is.as_of}.", "bold"))
    because = {reason.position: reason for each in differences for reason in each.because}
    facts = tuple(because[position] for position in sorted(because))
    parts += [title("What differs"), indented(_differences(differences)), blank()]
    parts += [title("Because"), indented(reasons(facts, head=compared.comparison.head))]
    return Group(*parts)


def _assumed(assumed: Iterable[Recorded]) -> RenderableType:
    table = grid("right", "fold")
    for record in assumed:
        written = as_record(record.fact)
        hidden = _SHOWN_APART if record.fact.own_key is None else (*_SHOWN_APART, "key")
        own = ", ".join(f"{name} {_plain(value)}" for name, value in written.items() if name not in hidden)
        dated = f" {written['effective']}" if "effective" in written else ""
        lines = [Text(f"{record.fact.event}{dated}: {own}")]
        if record.fact.note is not None:
            lines.append(Text(record.fact.note, "dim"))
        table.add_row(str(record.position), Group(*lines))
    return table


def _differences(differences: Iterable[Difference]) -> RenderableType:
    table = headed("", "as it is", "as it would be", "because")
    for facility, of_facility in groupby(differences, key=lambda each: each.facility):
        table.add_row(Text(facility, "bold"))
        for each in of_facility:
            because = positions(reason.position for reason in each.because)
            table.add_row(
                Identity(each.what, indent=2),
                _value(each.what, each.as_is),
                _value(each.what, each.as_would_be),
                because,
            )
    return table


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case [*items] if all(isinstance(item, str) for item in items):
            return " and ".join(items)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _value(what: str, value: Any) -> str:
    """A value in words; what is not a value of the facility itself is one of its parts, and may be absent."""
    match value:
        case None:
            return NOT_STATED if what in _VALUES else "—"
        case str() if what in _RATES:
            return percent(Decimal(value))
        case str() if what in Obligations.model_fields:
            return money(Decimal(value))
        case str():
            return state(value)
        case _:
            return _plain(value)
