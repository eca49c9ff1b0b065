"""A what-if: the facts assumed, and the two answers side by side where they differ, on dates and over time."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from desk.asked import Asked
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
    words,
)
from ledger.facts import as_record
from ledger.records import Recorded
from projections.answer import Because, Obligations
from scenarios import Comparison, Difference
from scenarios.compare import without
from scenarios.over_time import Stretch, cost_in_words, signed

_SHOWN_APART = ("event", "effective", "note", "source", "standing")
_RATES = ("rate charged", "rate if_default_rate")
_AMOUNTS = ("interest", *Obligations.model_fields)
_VALUES = ("legal", "payment", *_RATES, *_AMOUNTS)


def what_if_tables(asked: Asked) -> Group:
    """What was assumed, then what differs: on each date asked about, over time, in money."""
    answered = asked.answered
    parts: list[RenderableType] = [Text(asked.script.question, "bold"), blank()] if asked.script.question else []
    for comparison in answered.comparisons:
        as_is = comparison.as_is
        asked_on = heading(f"What if, as of {as_is.as_of}", as_is.known, as_is.standing, as_stood=as_is.as_stood)
        parts += [asked_on, blank()] if comparison is answered.comparisons[0] else [title(f"As of {as_is.as_of}")]
        parts += _assumptions(answered.assumed) if comparison is answered.comparisons[0] else []
        parts += _compared(comparison)
    if not answered.comparisons:
        parts += [title(f"What if, as known at position {answered.known.position}"), blank()]
        parts += _assumptions(answered.assumed)
    if answered.over_time is not None:
        parts += [blank(), title(f"From {answered.over_time.first} through {answered.over_time.last}")]
        parts += [indented(_stretches(answered.over_time.stretches))]
    if asked.script.ask is not None and asked.script.ask.cost_through is not None:
        parts += [blank(), title(f"What it costs through {asked.script.ask.cost_through}")]
        parts += [indented(Group(*(list(map(cost_in_words, answered.costs)) or ["Neither interest nor fees differ."])))]
    if asked.checked is not None:
        agrees = Text("The answer is the one expected.") if asked.checked.agrees else Text(str(asked.checked), "red")
        parts += [blank(), agrees]
    return Group(*parts)


def _assumptions(assumed: Sequence[Recorded]) -> list[RenderableType]:
    told = indented(_assumed(assumed)) if assumed else indented(Text("Nothing."))
    return [title("Assumed", "nothing of this is recorded"), told, blank()]


def _compared(comparison: Comparison) -> list[RenderableType]:
    differences = comparison.differences
    if not differences:
        return [Text(f"Nothing differs on {comparison.as_is.as_of}.", "bold")]
    because = _each_once(each.because for each in differences)
    gone = without(_each_once(each.no_longer for each in differences), because)
    whys = {each.facility: each.why for each in differences if each.why is not None}
    told: list[RenderableType] = [
        title("What differs"),
        indented(_differences(differences)),
        blank(),
        title("Because"),
        *(indented(Text(f"{facility}: {why}")) for facility, why in whys.items()),
        indented(reasons(because, head=comparison.head)),
    ]
    return [*told, blank(), title("No longer because"), indented(reasons(gone))] if gone else told


def _each_once(becauses: Iterable[Because]) -> Because:
    found = {reason.position: reason for because in becauses for reason in because}
    return tuple(found[position] for position in sorted(found))


def _stretches(stretches: Sequence[Stretch]) -> RenderableType:
    if not stretches:
        return Text("Nothing differs.")
    table = headed("", "from", "until", "as it is", "as it would be", "by", keep=("from", "until", "by"))
    for facility, of_facility in groupby(stretches, key=lambda each: each.facility):
        table.add_row(Text(facility, "bold"))
        for each in of_facility:
            table.add_row(
                Identity(words(each.what), indent=2),
                str(each.from_),
                str(each.until),
                _value(each.what, each.as_is),
                _value(each.what, each.as_would_be),
                _by(each),
            )
    return table


def _by(stretch: Stretch) -> str:
    if stretch.by is None:
        return ""
    return f"{'+' if stretch.by > 0 else ''}{percent(stretch.by)}" if stretch.what in _RATES else signed(stretch.by)


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
        case str() if what in _AMOUNTS:
            return money(Decimal(value))
        case str():
            return state(value)
        case _:
            return _plain(value)
