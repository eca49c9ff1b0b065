"""What is and what would be: for each facility two bands, one above the other; where they differ, a frame."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from desk.drawing.statuses import LOOKS, area, legend, on_status, patterns, pointer
from desk.drawing.svg import (
    HAIR,
    INK,
    PAPER,
    QUIET,
    WIDTH,
    Drawing,
    element,
    fitting,
    fitting_one_of,
    label,
    rule,
    width_of,
)
from desk.drawing.timescale import TimeScale
from projections.states import Legal
from projections.words import LEGAL, day

_ROW, _BAND, _TOP = 52.0, 16.0, 20.0
_SIDES = ("as it is", "as it would be")
_MARK = "#2457a6"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with one value, in words; `until` is the first day after it, None where it goes on."""

    from_: dt.date
    until: dt.date | None
    words: str
    legal: Legal | None = None
    """The status, where that is the value."""

    @classmethod
    def of(cls, legal: Legal, from_: dt.date, until: dt.date | None) -> "Span":
        """A stretch of time with one status."""
        return cls(from_, until, LEGAL[legal], legal)


@dataclass(frozen=True, slots=True)
class Pair:
    """A value of one facility: as it is, and as it would be, in order."""

    name: str
    as_is: tuple[Span, ...]
    as_would_be: tuple[Span, ...]

    def differs(self, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
        """The stretches on which the two differ, each with the first day after it."""
        edges = {span.from_ for span in (*self.as_is, *self.as_would_be) if first < span.from_ <= last}
        days = sorted({first, *edges})
        ends = [*days[1:], last + dt.timedelta(days=1)]
        found: list[tuple[dt.date, dt.date]] = []
        parts = (
            (_on(self.as_is, at) != _on(self.as_would_be, at), at, end) for at, end in zip(days, ends, strict=True)
        )
        for differ, group in groupby(parts, lambda part: part[0]):
            same = list(group)
            if differ:
                found.append((same[0][1], same[-1][2]))
        return found


def pairs(
    name: str,
    rows: Sequence[Pair],
    first: dt.date,
    last: dt.date,
    sides: tuple[str, str] = _SIDES,
    as_of: dt.date | None = None,
) -> Drawing:
    """Values of facilities from a first day through a last one, on both sides; `as_of` is pointed at."""
    scale = TimeScale(first, last + dt.timedelta(days=1), 20 + max(map(width_of, sides)), WIDTH - 8)
    bottom = _TOP + len(rows) * _ROW
    spans = [span for row in rows for span in (*row.as_is, *row.as_would_be) if _within(span, first, last)]
    used = {span.legal for span in spans if span.legal is not None}
    body = [
        scale.axis(_TOP, bottom),
        *(_row(name, row, _TOP + index * _ROW, scale, last, sides) for index, row in enumerate(rows)),
        *([pointer(scale.at(as_of), 4, bottom, day(as_of), scale.right)] if as_of is not None else []),
        legend(name, used, 8, bottom + 30),
        *(_key(bottom + 30) if any(row.differs(first, last) for row in rows) else ()),
    ]
    says = " ".join(_says(row, first, last) for row in rows)
    title = f"{sides[0].capitalize()} and {sides[1]}, {day(first)} to {day(last)}"
    return Drawing(name, title, says, bottom + 38, "".join(body), patterns(name, used))


def _key(y: float) -> Iterable[str]:
    yield element("rect", x=WIDTH - 150, y=y - 9, width=18, height=11, fill="none", stroke=_MARK, stroke_width=1.6)
    yield label(WIDTH - 127, y, "days that differ", font_size=10)


def _row(name: str, row: Pair, top: float, scale: TimeScale, last: dt.date, sides: tuple[str, str]) -> str:
    parts = [
        label(8, top + 12, fitting(row.name, WIDTH - 16), font_weight="bold"),
        rule(8, top + _ROW, scale.right, top + _ROW, stroke=HAIR, stroke_width=0.5),
    ]
    for index, (words, of_row) in enumerate(zip(sides, (row.as_is, row.as_would_be), strict=True)):
        y = top + 17 + index * _BAND
        parts.append(label(8, y + 12, words, font_size=10, fill=QUIET))
        parts += [_band(name, span, scale, y) for span in of_row if _within(span, scale.first, last)]
    for begin, end in row.differs(scale.first, last):
        x = scale.at(begin)
        mark = {"x": x, "y": top + 15, "width": scale.at(end) - x, "height": 2 * _BAND + 4}
        parts.append(element("rect", **mark, fill="none", stroke=_MARK, stroke_width=1.6))
    return "".join(parts)


def _band(name: str, span: Span, scale: TimeScale, y: float) -> str:
    x, end = scale.at(span.from_), scale.at(span.until or scale.last)
    if span.legal is None:
        box = element("rect", x=x, y=y, width=end - x, height=_BAND, fill=PAPER, stroke=INK, stroke_width=0.6)
        words = fitting_one_of((span.words,), end - x - 7, 10)
        return box + (label(x + 4, y + 11.5, words, font_size=10) if words else "")
    look = LOOKS[span.legal]
    words = fitting_one_of((span.words, look.short, look.letter), end - x - 7, 10)
    drawn = area(name, span.legal, x, y, end - x, _BAND)
    return drawn + (on_status(span.legal, x + 4, y + 11.5, words, 10) if words else "")


def _on(of_row: Sequence[Span], at: dt.date) -> str:
    return next((span.words for span in reversed(of_row) if span.from_ <= at), "nothing")


def _within(span: Span, first: dt.date, last: dt.date) -> bool:
    return span.from_ <= last and (span.until is None or span.until > first)


def _says(row: Pair, first: dt.date, last: dt.date) -> str:
    spans = [
        f"from {day(begin)} until {day(end)} {_on(row.as_would_be, begin)} instead of {_on(row.as_is, begin)}"
        for begin, end in row.differs(first, last)
    ]
    return f"{row.name}: {'; '.join(spans) or 'no difference'}."
