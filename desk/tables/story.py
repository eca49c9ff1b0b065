"""The timeline of a facility, and the explanation of one value."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from desk.answers import Explained, Timeline
from desk.tables.parts import (
    NOT_STATED,
    blank,
    grid,
    headed,
    indented,
    legal_text,
    positions,
    reasons,
    state,
    title,
    view_heading,
)
from projections.answer import Reason, Step


def timeline_tables(timeline: Timeline) -> Group:
    """The legal status of a facility over time, each stretch with its reason."""
    table = headed("from", "until", "legal", "why", keep=("from", "until"))
    for row in timeline.rows:
        why = Text.assemble(row.why, " ", positions(reason.position for reason in row.because))
        table.add_row(str(row.from_), str(row.until or ""), legal_text(row.legal), why)
    return Group(
        view_heading(f"Timeline of {timeline.facility}", timeline.view),
        blank(),
        table,
        blank(),
        Text("until: the first day after · […]: positions in the log", "dim"),
    )


def explanation_tables(explained: Explained) -> Group:
    """A value, and the steps that lead to it, each with the facts behind it."""
    told = explained.explanation
    answer = state(told.answer) if told.answer is not None else NOT_STATED
    asked = f"{told.what} of {told.facility} on {told.as_of}: {answer}"
    parts: list[RenderableType] = [view_heading(asked, explained.view)]
    if any(step.happening is not None for step in told.steps):
        return Group(*parts, blank(), *_chronicle(told.steps))
    for step in told.steps:
        parts += [blank(), Text(step.sentence)]
        if step.because:
            parts.append(indented(reasons(step.because)))
    return Group(*parts)


def _chronicle(steps: Iterable[Step]) -> Iterator[RenderableType]:
    """A story as prose beside its days, each sentence with its positions; below it every fact that it rests on."""
    told, rests_on = grid("keep", "fold"), dict[int, Reason]()
    for step in steps:
        numbers = [reason.position for reason in step.because]
        day = "" if step.happening is None else str(step.happening.on)
        told.add_row(day, Text.assemble(step.sentence, " ", positions(numbers)))
        rests_on.update(zip(numbers, step.because, strict=True))
    yield told
    yield blank()
    yield title("Rests on")
    yield indented(reasons(tuple(rests_on[position] for position in sorted(rests_on))))
