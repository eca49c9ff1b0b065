"""A what-if: the facts assumed, and the two answers side by side where they differ, on dates and over time."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from desk.asked import Asked
from desk.tables.parts import (
    Identity,
    blank,
    grid,
    headed,
    heading,
    indented,
    percent,
    positions,
    reasons,
    title,
)
from desk.tables.sweeps import contagion_tables, cover_tables
from ledger.records import Recorded
from projections.answer import Because
from scenarios import Comparison, Difference
from scenarios.assume import Taken
from scenarios.compare import without
from scenarios.over_time import OverTime, Stretch, costs_in_words
from scenarios.steps import Assumption


def what_if_tables(asked: Asked) -> Group:
    """What was assumed, what differs on each date asked about, over time and in money, and what was searched for."""
    answered = asked.answered
    parts: list[RenderableType] = [Text(asked.script.question, "bold"), blank()] if asked.script.question else []
    if answered.comparisons:
        as_is = answered.comparisons[0].as_is
        days = " and ".join(str(comparison.as_is.as_of) for comparison in answered.comparisons)
        parts.append(heading(f"What if, as of {days}", as_is.known, as_is.standing, as_stood=as_is.as_stood))
    else:
        parts.append(title("What if", f"as known at position {answered.known.position}"))
    parts += [blank(), *_assumptions(answered.taken)]
    for comparison in answered.comparisons if answered.taken else ():
        if len(answered.comparisons) > 1:
            parts.append(title(f"On {comparison.as_is.as_of}"))
        parts += [*_compared(comparison), blank()]
    if answered.over_time is not None:
        parts.append(title(f"From {answered.over_time.first} through {answered.over_time.last}"))
        parts += [*_over_time(answered.over_time), blank()]
    if asked.script.ask is not None and asked.script.ask.cost_through is not None:
        told = list(costs_in_words(answered.costs)) or ["Neither interest nor fees differ."]
        parts += [title(f"What it costs through {asked.script.ask.cost_through}"), indented(Group(*told)), blank()]
    parts += [part for each in answered.downfalls for part in (contagion_tables(each), blank())]
    parts += [part for each in answered.covers for part in (cover_tables(each), blank())]
    if asked.checked is not None:
        agrees = Text("The answer is the one expected.") if asked.checked.agrees else Text(str(asked.checked), "red")
        parts.append(agrees)
    return Group(*parts)


def _assumptions(taken: Sequence[Taken]) -> list[RenderableType]:
    table = grid("right", "fold")
    for step, facts in taken:
        lines = [Text(str(step))]
        if isinstance(step, Assumption) and step.fact.note is not None:
            lines.append(Text(step.fact.note, "dim"))
        table.add_row(_span(facts), Group(*lines))
    told = table if taken else Text("Nothing.")
    return [title("Assumed", "nothing of this is recorded"), indented(told), blank()]


def _span(facts: Sequence[Recorded]) -> str:
    """The positions of the facts of a step."""
    if not facts:
        return ""
    first, last = facts[0].position, facts[-1].position
    return str(first) if first == last else f"{first}–{last}"


def _compared(comparison: Comparison) -> list[RenderableType]:
    differences = comparison.differences
    if not differences:
        return [Text(f"Nothing differs on {comparison.as_is.as_of}.", "bold")]
    return [title("What differs"), indented(_differences(differences)), *_reasons(differences, comparison.head)]


def _over_time(over_time: OverTime) -> list[RenderableType]:
    stretches = over_time.stretches
    if not stretches:
        return [indented(Text("Nothing differs."))]
    return [indented(_stretches(stretches)), *_reasons(stretches, over_time.known.position)]


def _reasons(differences: Sequence[Difference], head: int) -> list[RenderableType]:
    """Why some values would differ: the line that says it, the facts behind them, the facts no longer behind them."""
    because = _each_once(each.because for each in differences)
    gone = without(_each_once(each.no_longer for each in differences), because)
    whys = dict.fromkeys(f"{each.facility}: {each.why}" for each in differences if each.why is not None)
    told: list[RenderableType] = [
        blank(),
        title("Because"),
        *(indented(Text(why)) for why in whys),
        indented(reasons(because, head=head)),
    ]
    return [*told, blank(), title("No longer because"), indented(reasons(gone))] if gone else told


def _each_once(becauses: Iterable[Because]) -> Because:
    found = {reason.position: reason for because in becauses for reason in because}
    return tuple(found[position] for position in sorted(found))


def _stretches(stretches: Sequence[Stretch]) -> RenderableType:
    table = headed("", "from", "until", "as it is", "as it would be", "by", "because", keep=("from", "until", "by"))
    for facility, of_facility in groupby(stretches, key=lambda each: each.facility):
        table.add_row(Text(facility, "bold"))
        for each in of_facility:
            table.add_row(
                Identity(each.label, indent=2),
                str(each.from_),
                str(each.until),
                _value(each, each.as_is),
                _value(each, each.as_would_be),
                _by(each),
                _behind(each),
            )
    return table


def _behind(difference: Difference) -> Text:
    """The positions of the facts behind a value as it would be."""
    return positions(reason.position for reason in difference.because) if difference.because else Text("")


def _differences(differences: Iterable[Difference]) -> RenderableType:
    table = headed("", "as it is", "as it would be", "because")
    for facility, of_facility in groupby(differences, key=lambda each: each.facility):
        table.add_row(Text(facility, "bold"))
        for each in of_facility:
            table.add_row(
                Identity(each.label, indent=2), _value(each, each.as_is), _value(each, each.as_would_be), _behind(each)
            )
    return table


def _value(difference: Difference, value: Any) -> str:
    """A value in words; what is no value of the facility itself may be absent."""
    if value is None and difference.part != "value":
        return "—"
    return percent(Decimal(value)) if difference.is_rate and value is not None else difference.in_words(value)


def _by(stretch: Stretch) -> str:
    """By how much a figure differs, with its sign."""
    if stretch.by is None or not stretch.is_rate:
        return stretch.by_in_words
    return f"{'+' if stretch.by > 0 else ''}{percent(stretch.by)}"
