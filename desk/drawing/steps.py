"""Step lines: how a rate went, a panel a facility, over one scale of time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desk.drawing.marks import beneath, in_order, in_words, marks_legend
from desk.drawing.statuses import pointer
from desk.drawing.svg import HAIR, INK, QUIET, WIDTH, Drawing, element, fitting, label, on_lines, rule, width_of
from desk.drawing.timescale import TimeScale, scale_of
from projections.words import NOT_STATED, day, rate

_PANEL, _TOP, _PAD = 78.0, 14.0, 18.0


@dataclass(frozen=True, slots=True)
class Step:
    """A rate from a day on; None is not stated. `beside` is what would be charged under the default formula."""

    from_: dt.date
    level: Decimal | None
    beside: Decimal | None = None
    marks: tuple[str, ...] = ()
    """What the rate charged rests on, if on less than stated facts."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One facility and its steps, in order."""

    name: str
    steps: tuple[Step, ...]


def steps(name: str, panels: Sequence[Panel], as_of: dt.date) -> Drawing:
    """The rates of facilities over time. Every panel has a scale of its own, whose ends are written beside it."""
    left = 74 + min(max((width_of(panel.name) for panel in panels), default=0), 130)
    changes = [step.from_ for panel in panels for step in panel.steps[1:]]
    scale = scale_of(changes, as_of, left, WIDTH - 50)
    bottom = _TOP + len(panels) * _PANEL
    parts = [scale.axis(_TOP, bottom), pointer(scale.at(as_of), 0, bottom, day(as_of), scale.right)]
    parts += [_panel(panel, _TOP + index * _PANEL, scale, as_of) for index, panel in enumerate(panels)]
    parts.append(rule(8, bottom + 27, 34, bottom + 27, stroke=INK, stroke_width=1.8))
    parts.append(label(40, bottom + 30, "rate charged", font_size=10))
    parts.append(rule(130, bottom + 27, 156, bottom + 27, stroke=QUIET, stroke_width=1.1, stroke_dasharray="2 2.5"))
    parts.append(label(162, bottom + 30, "rate under the default formula", font_size=10))
    marked = in_order(mark for panel in panels for step in panel.steps for mark in step.marks if step.level is not None)
    parts.append(marks_legend(marked, 8, bottom + 46))
    says = " ".join(_says(panel) for panel in panels)
    height = bottom + (54 if marked else 38)
    return Drawing(name, f"Rates over time, to {day(as_of)}", says, height, "".join(parts))


def _panel(panel: Panel, top: float, scale: TimeScale, as_of: dt.date) -> str:
    levels = [level for step in panel.steps for level in (step.level, step.beside) if level is not None]
    low, high = min(levels), max(levels)
    span = high - low or Decimal(1)

    def height(level: Decimal) -> float:
        share = (level - low) / span if high != low else Decimal("0.5")
        return top + _PANEL - _PAD - float(share) * (_PANEL - 2 * _PAD)

    ends = [*(step.from_ for step in panel.steps[1:]), as_of]
    runs = [
        (step, scale.at(step.from_), scale.at(end))
        for step, end in zip(panel.steps, ends, strict=True)
        if end > scale.first
    ]
    charged = [(x, end, step.level) for step, x, end in runs]
    beside = [(x, end, step.beside) for step, x, end in runs]
    parts = [
        label(8, top + _PANEL / 2 + 4, fitting(panel.name, scale.left - 66)),
        *(
            label(scale.left - 6, height(level) + 3.5, rate(level), font_size=9.5, fill=QUIET, text_anchor="end")
            for level in dict.fromkeys((low, high))
        ),
        rule(8, top + _PANEL, scale.right, top + _PANEL, stroke=HAIR, stroke_width=0.5),
        _line([(x, end, height(level) if level is not None else None) for x, end, level in beside], dashed=True),
        _line([(x, end, height(level) if level is not None else None) for x, end, level in charged], dashed=False),
    ]
    parts += [beneath(step.marks, x, end, height(step.level) + 3) for step, x, end in runs if step.level is not None]
    written = float("-inf")
    for x, _, level in charged:
        words = rate(level) if level is not None else ""
        if level is not None and x >= written:
            parts.append(on_lines(x + 2, height(level) - 4, words, font_size=9.5))
            written = x + width_of(words, 9.5) + 6
    return "".join(parts)


def _line(runs: Sequence[tuple[float, float, float | None]], *, dashed: bool) -> str:
    path, drawing = "", False
    for x, end, y in runs:
        if y is None:
            drawing = False
            continue
        path += f"{'L' if drawing else 'M'}{x:.2f} {y:.2f}H{end:.2f}"
        drawing = True
    if not path:
        return ""
    stroke = {"stroke": QUIET, "stroke_width": 1.1, "stroke_dasharray": "2 2.5"} if dashed else {}
    return element("path", **{"d": path, "fill": "none", "stroke": INK, "stroke_width": 1.8, **stroke})


def _says(panel: Panel) -> str:
    told = (
        f"{rate(step.level) if step.level is not None else NOT_STATED} from {day(step.from_)}{in_words(step.marks)}"
        for step in panel.steps
    )
    return f"{panel.name}: {', '.join(told)}."
