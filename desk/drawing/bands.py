"""Bands of status over time: a row a facility, up to a date and, drawn thinner, ahead of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from desk.drawing.marks import beneath, in_order, in_words, marks_legend
from desk.drawing.statuses import LOOKS, area, legend, on_status, patterns, pointer
from desk.drawing.svg import HAIR, QUIET, WIDTH, Drawing, element, fitting, fitting_one_of, label, rule, width_of
from desk.drawing.timescale import TimeScale, scale_of
from projections.states import Legal
from projections.words import LEGAL, day

_ROW, _BAND, _AHEAD, _TOP = 26.0, 16.0, 7.0, 20.0


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time with one status; `until` is the first day after it, None where it goes on."""

    from_: dt.date
    until: dt.date | None
    legal: Legal
    marks: tuple[str, ...] = ()
    """What it rests on, if on less than stated facts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One facility: its bands in order, the ones that begin after the date being ahead of it."""

    name: str
    bands: tuple[Band, ...]


def bands(name: str, rows: Sequence[Row], as_of: dt.date) -> Drawing:
    """The statuses of facilities over time. Where nothing changed before a date, the scale begins shortly before it."""
    left = 26 + min(max((width_of(row.name) for row in rows), default=0), 170)
    changes = [band.from_ for row in rows for band in row.bands[1:]]
    openings = [row.bands[0].from_ for row in rows if row.bands]
    horizon = max([as_of + dt.timedelta(days=90), *(day for day in changes if day > as_of)])
    began = min([as_of, *changes]) if changes else min([as_of, *openings])
    scale = scale_of([began], horizon, left, WIDTH - 8)
    bottom = _TOP + len(rows) * _ROW
    used = {band.legal for row in rows for band in row.bands}
    marked = in_order(mark for row in rows for band in row.bands for mark in band.marks)
    today = scale.at(as_of)
    parts = [
        element("rect", x=today, y=_TOP, width=scale.right - today, height=bottom - _TOP, fill="#f4f5f7"),
        scale.axis(_TOP, bottom),
        *(_row(name, row, _TOP + index * _ROW, scale, as_of) for index, row in enumerate(rows)),
        pointer(today, 4, bottom, day(as_of), scale.right),
        *(_on_the_date(name, row, _TOP + (index + 0.5) * _ROW, today, as_of) for index, row in enumerate(rows)),
        legend(name, used, 8, bottom + 30),
        label(
            WIDTH - 8,
            bottom + 30,
            "thin: ahead, if nothing further happens",
            font_size=10,
            fill=QUIET,
            text_anchor="end",
        ),
        marks_legend(marked, 8, bottom + 46),
    ]
    return Drawing(
        name,
        f"Status over time, to {day(as_of)}",
        " ".join(_says(row, as_of) for row in rows),
        bottom + (54 if marked else 38),
        "".join(parts),
        patterns(name, used),
    )


def _row(name: str, row: Row, top: float, scale: TimeScale, as_of: dt.date) -> str:
    middle = top + _ROW / 2
    parts = [
        label(8, middle + 4, fitting(row.name, scale.left - 14)),
        rule(8, top + _ROW, scale.right, top + _ROW, stroke=HAIR, stroke_width=0.5),
    ]
    for band in row.bands:
        until = band.until or scale.last
        now = min(until, as_of)
        if band.from_ <= as_of:
            parts.append(_band(name, band, scale.at(band.from_), scale.at(now), middle, _BAND))
        if until > as_of:
            begins = scale.at(max(band.from_, as_of))
            parts.append(_band(name, band, begins, scale.at(until), middle, _AHEAD))
        parts.append(beneath(band.marks, scale.at(band.from_), scale.at(until), middle + _BAND / 2 + 2))
    return "".join(parts)


def _on_the_date(name: str, row: Row, middle: float, x: float, as_of: dt.date) -> str:
    """The status on the date, on the line of the date: a tile with its letter, however short the status has lasted."""
    legal = next((band.legal for band in reversed(row.bands) if band.from_ <= as_of), None)
    if legal is None:
        return ""
    letter = LOOKS[legal].letter
    half = _BAND / 2 + 1
    tile = area(name, legal, x - half, middle - half, 2 * half, 2 * half)
    return tile + on_status(legal, x - width_of(letter, 10) / 2, middle + 3.5, letter, 10)


def _band(name: str, band: Band, x: float, end: float, middle: float, height: float) -> str:
    wide = end - x
    if wide <= 0:
        return ""
    drawn = area(name, band.legal, x, middle - height / 2, wide, height)
    if height < _BAND:
        return drawn
    look = LOOKS[band.legal]
    words = fitting_one_of((LEGAL[band.legal], look.short, look.letter), wide - 7, 10)
    return drawn + (on_status(band.legal, x + 4, middle + 3.5, words, 10) if words else "")


def _says(row: Row, as_of: dt.date) -> str:
    told = []
    for band in row.bands:
        ahead = "then, if nothing further happens, " if band.from_ > as_of else ""
        told.append(f"{ahead}{LEGAL[band.legal]} from {day(band.from_)}{in_words(band.marks)}")
    return f"{row.name}: {', '.join(told)}."
