"""Two answers side by side, and every value that differs."""

from collections.abc import Iterable
from dataclasses import replace

from desk.reports.page import (
    Cell,
    Column,
    Kind,
    Section,
    Table,
    amount,
    name,
    nothing,
    positions,
    rate,
    status,
    text,
)
from desk.reports.sections.common import value_cell
from projections import words
from projections.answer import FacilityAnswer, Report
from projections.changes import Change
from projections.committee import CommitteeReport


def compared_section(report: CommitteeReport) -> Section:
    """What differs from the other answer that the report is compared with."""
    assert report.compared is not None
    other, changed = report.compared.other, report.compared.changes
    match report.compared.with_:
        case "date":
            title, was, now = (
                f"What changed since {words.day(other.as_of)}",
                words.day(other.as_of),
                words.day(report.as_of),
            )
        case "knowledge":
            title = f"What changed with knowledge since position {other.known.position:,}"
            was, now = f"position {other.known.position:,}", f"position {report.known.position:,}"
        case "assumption":
            title, was, now = "What would change with the facts assumed", "as it is", "as it would be"
    before, after = (report, other) if report.compared.with_ == "assumption" else (other, report)
    count_of = words.count(len(changed), "value differs", "values differ")
    lead = (f"{count_of[0].upper()}{count_of[1:]}." if changed else "Nothing differs.",)
    return Section("compared", title, lead, (_beside(before, after, was, now), _changes(changed, was, now)))


def _beside(before: Report, after: Report, was: str, now: str) -> Table:
    former = {each.facility: each for each in before.facilities}
    latter = {each.facility: each for each in after.facilities}
    rows = []
    for each in dict.fromkeys((*latter, *former)):
        pairs = [
            (_headline(former.get(each), figure), _headline(latter.get(each), figure))
            for figure in ("legal", "charged", "total")
        ]
        differs = any(one.value != other.value for one, other in pairs)
        rows.append(
            (
                name(each, tone="strong"),
                *(
                    replace(cell, tone="changed") if one.value != other.value and side else cell
                    for one, other in pairs
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
        for side, when in (("before", was), ("after", now))
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
            return amount(answer.obligations.total)


def _changes(changed: Iterable[Change], was: str, now: str) -> Table:
    return Table(
        "changes",
        "Every value that differs",
        (
            Column("facility", "Facility", 3, "name"),
            Column("what", "What", 5),
            Column("before", was[0].upper() + was[1:], 4),
            Column("after", now[0].upper() + now[1:], 4),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                name(each.facility, tone="strong") if each.facility is not None else nothing("offers"),
                text(each.what),
                nothing("none") if each.only == "after" else value_cell(each.kind, each.before),
                nothing("none")
                if each.only == "before"
                else replace(value_cell(each.kind, each.after), tone="changed"),
                positions(each.because),
            )
            for each in changed
        ),
        "Nothing differs.",
    )
