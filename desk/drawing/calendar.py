"""A calendar of waivers: from when to when each was or is in force, and which ends are near."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from desk.drawing.marks import beneath, in_order, in_words, marks_legend
from desk.drawing.statuses import pointer
from desk.drawing.svg import HAIR, INK, QUIET, WIDTH, Drawing, element, fitting, label, on_lines, rule, width_of
from desk.drawing.timescale import TimeScale, scale_of
from projections.words import day

_ROW, _BAR, _TOP = 22.0, 11.0, 32.0
_NEAR = (30, 60, 90)
_SHADES = ("#dfe3e9", "#e9ecf0", "#f2f4f6")


@dataclass(frozen=True, slots=True)
class Span:
    """One waiver: `until` is the first day outside it, None where it has no end by date; `ended` how it ended."""

    name: str
    from_: dt.date | None
    until: dt.date | None
    in_force: bool
    ended: str | None = None
    marks: tuple[str, ...] = ()
    """What it rests on, if on less than stated facts."""


def calendar(name: str, spans: Sequence[Span], as_of: dt.date) -> Drawing:
    """Waivers as bars: full while in force, hollow once ended, dashed while pending; days near the date are shaded."""
    left = 26 + min(max((width_of(span.name) for span in spans), default=0), 200)
    dates = [day for span in spans for day in (span.from_, span.until) if day is not None]
    horizon = max([as_of + dt.timedelta(days=_NEAR[-1]), *dates])
    scale = scale_of([*dates, as_of], horizon, left, WIDTH - 8)
    bottom = _TOP + len(spans) * _ROW
    marked = in_order(mark for span in spans for mark in span.marks)
    parts = [
        *(
            _shade(scale, as_of, days, shade, bottom)
            for days, shade in reversed(list(zip(_NEAR, _SHADES, strict=True)))
        ),
        scale.axis(_TOP, bottom),
        *(_span(span, _TOP + index * _ROW, scale, as_of) for index, span in enumerate(spans)),
        pointer(scale.at(as_of), 2, bottom, day(as_of), scale.right),
        label(
            8,
            bottom + 30,
            "full: in force · hollow: ended · dashed: pending · shaded: the next 30, 60, 90 days",
            font_size=10,
            fill=QUIET,
        ),
        marks_legend(marked, 8, bottom + 46),
    ]
    says = " ".join(_says(span) for span in spans)
    height = bottom + (54 if marked else 38)
    return Drawing(name, f"Waivers and forbearances, to {day(as_of)}", says, height, "".join(parts))


def _shade(scale: TimeScale, as_of: dt.date, days: int, shade: str, bottom: float) -> str:
    x, end = scale.at(as_of), scale.at(as_of + dt.timedelta(days=days))
    ground = element("rect", x=x, y=_TOP - 8, width=end - x, height=bottom - _TOP + 8, fill=shade)
    words = str(days)
    if end - x < 20 * (1 + _NEAR.index(days)):
        return ground
    return ground + label(end - 2, _TOP - 10, words, font_size=9, fill=QUIET, text_anchor="end")


def _span(span: Span, top: float, scale: TimeScale, as_of: dt.date) -> str:
    middle = top + _ROW / 2
    x = scale.at(span.from_ or as_of)
    end = scale.at(span.until) if span.until is not None else scale.right
    style = (
        {"fill": INK}
        if span.in_force
        else {"fill": "#ffffff", "stroke_dasharray": "3 2"}
        if span.from_ is None
        else {"fill": "#ffffff"}
    )
    bar = element(
        "rect",
        x=x,
        y=middle - _BAR / 2,
        width=max(end - x, 2),
        height=_BAR,
        stroke=INK,
        stroke_width=1,
        **style,
    )
    arrow = "" if span.until is not None else _open_end(scale.right, middle)
    words = span.ended or (day(span.until) if span.until is not None else "no end by date")
    room_right = scale.right - end
    beside = (
        on_lines(end + 5, middle + 3.5, words, font_size=9.5, fill=INK)
        if width_of(words, 9.5) + 6 <= room_right
        else on_lines(x - 5, middle + 3.5, words, font_size=9.5, fill=INK, text_anchor="end")
        if width_of(words, 9.5) + 6 <= x - scale.left
        else ""
    )
    return (
        label(8, middle + 4, fitting(span.name, scale.left - 14))
        + rule(8, top + _ROW, scale.right, top + _ROW, stroke=HAIR, stroke_width=0.5)
        + bar
        + beneath(span.marks, x, end, middle + _BAR / 2 + 2)
        + arrow
        + beside
    )


def _open_end(x: float, middle: float) -> str:
    half = _BAR / 2 + 2
    return element("path", d=f"M{x:.2f} {middle - half:.2f}l6 {half:.2f}l-6 {half:.2f}z", fill=INK)


def _says(span: Span) -> str:
    begun = f"from {day(span.from_)}" if span.from_ is not None else "pending"
    ends = f" until {day(span.until)}" if span.until is not None else ", with no end by date"
    return f"{span.name}: {begun}{ends}{f', {span.ended}' if span.ended else ''}{in_words(span.marks)}."
