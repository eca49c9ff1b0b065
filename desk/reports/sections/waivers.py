"""Waivers and when they end, amendments and what they wait for."""

from desk.drawing import Span, calendar
from desk.reports.page import (
    RESTS_ON,
    Cell,
    Column,
    Figure,
    Section,
    Table,
    count,
    day,
    marks,
    name,
    nothing,
    rests_on,
    text,
)
from desk.reports.sections.common import chunks, numbered
from projections import words
from projections.answer import WaiverAnswer
from projections.committee import CommitteeReport

_ROWS_A_DRAWING = 20


def waivers(report: CommitteeReport) -> Section:
    """The waivers that end soon, and all of them."""
    ending = Table(
        "waivers_ending",
        "Ending within 90 days",
        (
            Column("within", "Within", 2, "count"),
            Column("waiver", "Waiver", 5, "name"),
            Column("facility", "Facility", 4, "name"),
            Column("kind", "Kind", 3),
            Column("until", "Until", 3, "day"),
            Column("days", "Days left", 2, "count"),
            *RESTS_ON,
        ),
        tuple(
            (
                Cell("count", each.within, f"{each.within} days", tone="strong"),
                name(each.waiver),
                name(each.facility),
                text(each.kind),
                day(each.until),
                count(each.days),
                *rests_on(each.because, report),
            )
            for each in report.waivers_ending
        ),
        "No waiver or forbearance in force ends by date within 90 days.",
    )
    spans = [
        _span(waiver, report)
        for each in report.facilities
        for waiver in each.waivers
        if waiver.state != "not_yet" and (waiver.from_ is not None or waiver.state == "pending")
    ]
    drawings = [
        Figure(numbered("Waiver calendar", index, len(spans), _ROWS_A_DRAWING), drawing)
        for index, drawing in enumerate(
            calendar(f"waivers-{index}", chunk, report.as_of)
            for index, chunk in enumerate(chunks(spans, _ROWS_A_DRAWING))
        )
    ]
    every = Table(
        "waivers",
        "Waivers and forbearances on record",
        (
            Column("facility", "Facility", 3, "name"),
            Column("waiver", "Waiver", 5, "name"),
            Column("kind", "Kind", 3),
            Column("state", "State", 3),
            Column("from", "In force from", 2, "day"),
            Column("until", "Until", 2, "day"),
            Column("ended_on", "Ended on", 2, "day"),
            Column("ended_by", "Ended by", 3),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(
            (
                name(each.facility, tone="strong" if index == 0 else "repeated"),
                name(waiver.waiver),
                text(waiver.kind),
                text("begins after the date" if waiver.state == "not_yet" else words.plain(waiver.state)),
                day(waiver.from_),
                day(waiver.until, none="no end by date"),
                day(waiver.ended_on),
                text(waiver.ended_by) if waiver.ended_by is not None else nothing(),
                marks(waiver.because, report),
            )
            for each in report.facilities
            for index, waiver in enumerate(each.waivers)
        ),
        "No waiver and no forbearance is on record.",
    )
    return Section("waivers", "Waivers, and when they end", (), (ending, *drawings, every))


def _span(waiver: WaiverAnswer, report: CommitteeReport) -> Span:
    ended = None
    if waiver.ended_on is not None:
        by = f" by {waiver.ended_by}" if waiver.ended_by not in (None, "date") else ""
        ended = f"{waiver.state} {words.day(waiver.ended_on)}{by}"
    until, in_force = waiver.ended_on or waiver.until, waiver.state == "in_force"
    return Span(waiver.waiver, waiver.from_, until, in_force, ended, report.marks(waiver.because))


def amendments(report: CommitteeReport) -> Section:
    """The amendments signed by the date, and the conditions still open."""
    amendments = Table(
        "amendments",
        "Amendments signed by the date",
        (
            Column("facility", "Facility", 3, "name"),
            Column("amendment", "Amendment", 4, "name"),
            Column("signed", "Signed", 2, "day"),
            Column("in_effect", "In effect since", 3, "day"),
            Column("open", "Conditions open", 2, "count"),
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.facility, tone="strong"),
                name(amendment.amendment),
                day(amendment.signed),
                day(amendment.in_effect, none="not in effect"),
                count(sum(one.name == amendment.amendment for one in report.open_conditions)),
                *rests_on(amendment.because, report),
            )
            for each in report.facilities
            for amendment in each.amendments
        ),
        "No amendment is on record.",
    )
    conditions = Table(
        "open_conditions",
        "Conditions still open",
        (
            Column("facility", "Facility", 3, "name"),
            Column("of", "Of", 3),
            Column("name", "Name", 4, "name"),
            Column("condition", "Condition", 3, "name"),
            Column("says", "What it asks", 6),
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.facility, tone="strong"),
                text(each.of),
                name(each.name),
                name(each.condition),
                text(each.says),
                *rests_on(each.because, report),
            )
            for each in report.open_conditions
        ),
        "No condition is open.",
    )
    return Section("amendments", "Amendments, and conditions still open", (), (amendments, conditions))
