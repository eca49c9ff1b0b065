"""Two answers side by side, and every value that differs."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from desk.drawing.pairs import Pair, Span, pairs
from desk.reports.page import (
    RESTS_ON,
    Cell,
    Column,
    Figure,
    Kind,
    Section,
    Table,
    amount,
    day,
    name,
    nothing,
    positions,
    rate,
    rests_on,
    status,
    text,
)
from desk.reports.sections.common import chunks, numbered, value_cell
from projections import words
from projections.answer import FacilityAnswer, Report
from projections.changes import Change
from projections.committee import CommitteeReport, FacilityTimeline

_ROWS_A_DRAWING = 12
_Sides = tuple[str, str]
"""What the side before and the side after are called."""


def compared_section(report: CommitteeReport) -> Section:
    """What differs from the other answer that the report is compared with."""
    assert report.compared is not None
    other, changed = report.compared.other, report.compared.changes
    sides: _Sides
    match report.compared.with_:
        case "date":
            sides = words.day(other.as_of), words.day(report.as_of)
            title = f"What changed since {sides[0]}"
        case "knowledge":
            sides = f"position {other.known.position:,}", f"position {report.known.position:,}"
            title = f"What changed with knowledge since {sides[0]}"
        case "assumption":
            sides = "as it is", "as it would be"
            title = "What would change with the facts assumed"
    before, after = (report, other) if report.compared.with_ == "assumption" else (other, report)
    count_of = words.count(len(changed), "value differs", "values differ")
    lead = (f"{count_of[0].upper()}{count_of[1:]}." if changed else "Nothing differs.",)
    assumed = (_assumed(report),) if report.compared.with_ == "assumption" else ()
    tables = (_beside(before, after, sides), _changes(report, (before, after), sides))
    return Section("compared", title, lead, (*assumed, *_drawings(report, sides), *tables))


def _assumed(report: CommitteeReport) -> Table:
    assert report.compared is not None
    return Table(
        "assumed",
        "What is assumed",
        (
            Column("effective", "Date", 2, "day"),
            Column("event", "Fact", 3),
            Column("says", "What it says", 8),
            Column("position", "Position", 2, "positions"),
        ),
        tuple(
            (
                day(dt.date.fromisoformat(each.fact["effective"])) if "effective" in each.fact else nothing(),
                text(each.fact["event"], tone="strong"),
                text("; ".join(_told(each.fact))),
                positions([each.position]),
            )
            for each in report.compared.assumed
        ),
        "Nothing is assumed.",
    )


def _told(fact: dict[str, Any]) -> Iterator[str]:
    for field, value in fact.items():
        if field not in ("event", "effective") and (field, value) != ("standing", "stated"):
            yield f"{words.plain(field)}: {_said(value)}"


def _said(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# --- the statuses over time ------------------------------------------------------------------------------------------


def _drawings(report: CommitteeReport, sides: _Sides) -> Iterator[Figure]:
    """The statuses that differ on some day, one above the other: of the same ledger on two dates, none do."""
    assert report.compared is not None
    here, there = _spans(report.timelines), _spans(report.compared.timelines)
    before, after = (here, there) if report.compared.with_ == "assumption" else (there, here)
    rows = [Pair(each, before.get(each, ()), after.get(each, ())) for each in dict.fromkeys((*after, *before))]
    changes = {span.from_ for row in rows for span in (*row.as_is[1:], *row.as_would_be[1:])}
    changes |= {(*row.as_is, *row.as_would_be)[0].from_ for row in rows if not row.as_is or not row.as_would_be}
    first, last = min([report.as_of, *changes]), max([report.as_of + dt.timedelta(days=90), *changes])
    room = (last - first) / 25
    differing = [row for row in rows if row.differs(first, last)] if report.compared.timelines else []
    for index, chunk in enumerate(chunks(differing, _ROWS_A_DRAWING)):
        drawing = pairs(f"beside-{index}", chunk, first - room, last + room, sides, report.as_of)
        yield Figure(numbered("Statuses that differ", index, len(differing), _ROWS_A_DRAWING), drawing)


def _spans(timelines: Iterable[FacilityTimeline]) -> dict[str, tuple[Span, ...]]:
    return {each.facility: tuple(Span.of(row.legal, row.from_, row.until) for row in each.rows) for each in timelines}


# --- values ----------------------------------------------------------------------------------------------------------


def _beside(before: Report, after: Report, sides: _Sides) -> Table:
    former = {each.facility: each for each in before.facilities}
    latter = {each.facility: each for each in after.facilities}
    rows = []
    for each in dict.fromkeys((*latter, *former)):
        headlines = [
            (_headline(former.get(each), figure), _headline(latter.get(each), figure))
            for figure in ("legal", "charged", "total")
        ]
        differs = any(one.value != other.value for one, other in headlines)
        rows.append(
            (
                name(each, tone="strong"),
                *(
                    replace(cell, tone="changed") if one.value != other.value and side else cell
                    for one, other in headlines
                    for side, cell in enumerate((one, other))
                ),
                Cell(
                    "text",
                    "differs" if differs else "same",
                    "≠" if differs else "=",
                    tone="changed" if differs else "quiet",
                ),
            )
        )
    compared: tuple[tuple[str, str, int, Kind], ...] = (
        ("legal", "Status", 4, "status"),
        ("charged", "Rate", 2, "rate"),
        ("total", "Total owed", 4, "amount"),
    )
    columns = [
        Column(f"{key}_{side}", f"{label}, {when}", width, kind)
        for key, label, width, kind in compared
        for side, when in zip(("before", "after"), sides, strict=True)
    ]
    return Table(
        "side_by_side",
        "Side by side",
        (Column("facility", "Facility", 4, "name"), *columns, Column("differs", "", 1)),
        tuple(rows),
        "No facility is on record on either side.",
    )


def _headline(answer: FacilityAnswer | None, figure: str) -> Cell:
    if answer is None:
        return nothing("not on record")
    match figure:
        case "legal":
            return status(answer.legal)
        case "charged":
            return rate(answer.rate.charged)
        case _:
            return amount(answer.obligations.total, answer.currency)


def _changes(report: CommitteeReport, answers: tuple[Report, Report], sides: _Sides) -> Table:
    assert report.compared is not None
    was, now = (f"{side[0].upper()}{side[1:]}" for side in sides)
    there = [{None, *(each.facility for each in answer.facilities)} for answer in answers]
    return Table(
        "changes",
        "Every value that differs",
        (
            Column("facility", "Facility", 3, "name"),
            Column("what", "What", 5),
            Column("before", was, 4),
            Column("after", now, 4),
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.facility, tone="strong" if index == 0 else "repeated")
                if each.facility is not None
                else nothing("offers"),
                name(each.what),
                _value(report, each, each.before) if each.only != "after" else _none(each.facility in there[0]),
                replace(
                    _value(report, each, each.after) if each.only != "before" else _none(each.facility in there[1]),
                    tone="changed",
                ),
                *rests_on(each.because, report),
            )
            for _, together in groupby(report.compared.changes, key=lambda each: each.facility)
            for index, each in enumerate(together)
        ),
        "Nothing differs.",
    )


def _none(on_record: bool) -> Cell:
    return nothing("none" if on_record else "not on record")


def _value(report: CommitteeReport, change: Change, value: Any) -> Cell:
    return value_cell(change.kind, value, report.currencies.get(change.facility or ""))
