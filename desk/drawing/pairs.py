"""What is and what would be: for each facility two bands of status, one above the other; where they differ, a frame."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from desk.drawing.bands import Band
from desk.drawing.statuses import LOOKS, area, legend, on_status, patterns, pointer
from desk.drawing.svg import (
    HAIR,
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
class Pair:
    """One facility: its bands as they are, and as they would be, in order."""

    name: str
    as_is: tuple[Band, ...]
    as_would_be: tuple[Band, ...]

    def differs(self, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
        """The stretches on which the two differ, each with the first day after it."""
        edges = {band.from_ for band in (*self.as_is, *self.as_would_be) if first < band.from_ <= last}
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
    """The statuses of facilities from a first day through a last one, on both sides; `as_of` is pointed at."""
    scale = TimeScale(first, last + dt.timedelta(days=1), 20 + max(map(width_of, sides)), WIDTH - 8)
    bottom = _TOP + len(rows) * _ROW
    used = {band.legal for row in rows for band in (*row.as_is, *row.as_would_be) if _within(band, first, last)}
    body = [
        scale.axis(_TOP, bottom),
        *(_row(name, row, _TOP + index * _ROW, scale, last, sides) for index, row in enumerate(rows)),
        *([pointer(scale.at(as_of), 4, bottom, day(as_of), scale.right)] if as_of is not None else []),
        legend(name, used, 8, bottom + 30),
        element("rect", x=WIDTH - 150, y=bottom + 21, width=18, height=11, fill="none", stroke=_MARK, stroke_width=1.6),
        label(WIDTH - 127, bottom + 30, "days that differ", font_size=10),
    ]
    says = " ".join(_says(row, first, last) for row in rows)
    title = f"Status, {sides[0]} and {sides[1]}, {day(first)} to {day(last)}"
    return Drawing(name, title, says, bottom + 38, "".join(body), patterns(name, used))


def _row(name: str, row: Pair, top: float, scale: TimeScale, last: dt.date, sides: tuple[str, str]) -> str:
    parts = [
        label(8, top + 12, fitting(row.name, WIDTH - 16), font_weight="bold"),
        rule(8, top + _ROW, scale.right, top + _ROW, stroke=HAIR, stroke_width=0.5),
    ]
    for index, (words, of_row) in enumerate(zip(sides, (row.as_is, row.as_would_be), strict=True)):
        y = top + 17 + index * _BAND
        parts.append(label(8, y + 12, words, font_size=10, fill=QUIET))
        parts += [_band(name, band, scale, y) for band in of_row if _within(band, scale.first, last)]
    for begin, end in row.differs(scale.first, last):
        x = scale.at(begin)
        mark = {"x": x, "y": top + 15, "width": scale.at(end) - x, "height": 2 * _BAND + 4}
        parts.append(element("rect", **mark, fill="none", stroke=_MARK, stroke_width=1.6))
    return "".join(parts)


def _band(name: str, band: Band, scale: TimeScale, y: float) -> str:
    x, end = scale.at(band.from_), scale.at(band.until or scale.last)
    look = LOOKS[band.legal]
    words = fitting_one_of((LEGAL[band.legal], look.short, look.letter), end - x - 7, 10)
    drawn = area(name, band.legal, x, y, end - x, _BAND)
    return drawn + (on_status(band.legal, x + 4, y + 11.5, words, 10) if words else "")


def _on(of_row: Sequence[Band], at: dt.date) -> Legal | None:
    return next((band.legal for band in reversed(of_row) if band.from_ <= at), None)


def _within(band: Band, first: dt.date, last: dt.date) -> bool:
    return band.from_ <= last and (band.until is None or band.until > first)


def _says(row: Pair, first: dt.date, last: dt.date) -> str:
    spans = [
        f"from {day(begin)} until {day(end)} {_words(_on(row.as_would_be, begin))} instead of "
        f"{_words(_on(row.as_is, begin))}"
        for begin, end in row.differs(first, last)
    ]
    return f"{row.name}: {'; '.join(spans) or 'no difference'}."


def _words(legal: Legal | None) -> str:
    return "nothing" if legal is None else LEGAL[legal]
