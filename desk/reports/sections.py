"""The sections of a report, in the order in which a committee reads them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from desk.drawing import Band, Drawing, Edge, Node, Panel, Row, Span, Step, bands, calendar, graph, steps
from desk.drawing.graph import EdgeKind, facility
from desk.reports.page import (
    Cell,
    Column,
    Figure,
    Kind,
    Page,
    Section,
    Table,
    amount,
    count,
    day,
    day_stated,
    marks,
    name,
    names,
    not_stated,
    nothing,
    positions,
    rate,
    status,
    text,
)
from projections import words
from projections.answer import Because, FacilityAnswer, OfferAnswer, Report, WaiverAnswer
from projections.changes import Change, ValueKind
from projections.committee import CommitteeReport, Evidence
from projections.states import Legal

_ROWS_A_DRAWING = 30
_PANELS_A_DRAWING = 7
_NODES_A_DRAWING = 40

_COUNTING = {
    "stated": "stated facts alone",
    "inferred": "facts stated or inferred",
    "recited": "facts stated, inferred or recited",
}

_LEGEND = (
    ("until", "the first day after"),
    ("not stated", "the record does not say; it is neither zero nor a usual value"),
    ("inferred", "rests on a fact that follows from what a paper says, and that no paper states"),
    ("recited", "rests on a fact that a paper only mentions as possible"),
    ("deemed", "rests on a paper executed after the date, or whose execution is not stated"),
    ("facts", "the positions in the log of the facts that a value rests on"),
)


def page(report: CommitteeReport) -> Page:
    """A report laid out."""
    known = f"position {report.known.position:,}"
    moment = f", {words.moment(report.known.at)}" if report.known.at is not None else ""
    counting = _COUNTING[report.standing] + ("; papers not executed by the date left out" if report.as_stood else "")
    only = report.asked.facilities
    facts = [
        ("As of", f"the end of {words.day(report.as_of)}"),
        ("As known at", known + moment),
        ("Counting", counting),
        ("Facilities", words.listed(only, 12) if only else f"all that are on record ({len(report.facilities):,})"),
    ]
    if report.compared is not None:
        facts.append(("Compared with", _other(report)))
    facts += [("Root", report.known.root), ("Fingerprint", report.fingerprint), ("Model", report.asked.model)]
    return Page(
        title=f"Credit report as of {words.day(report.as_of)}",
        subtitle=f"As known at {known}{moment}",
        facts=tuple(facts),
        sections=tuple(_sections(report)),
        legend=_LEGEND,
        report=report,
    )


def _other(report: CommitteeReport) -> str:
    assert report.compared is not None
    other = report.compared.other
    match report.compared.with_:
        case "date":
            return f"{words.day(other.as_of)}, from the same knowledge"
        case "knowledge":
            moment = f", {words.moment(other.known.at)}" if other.known.at is not None else ""
            return f"the same date as known at position {other.known.position:,}{moment}"
        case "assumption":
            return "what would be the case with facts assumed that are not on record"


def _sections(report: CommitteeReport) -> Iterator[Section]:
    yield Section("summary", "Summary", report.summary, ())
    yield _facilities(report)
    yield _timeline(report)
    yield _defaults(report)
    yield _waivers(report)
    yield _amendments(report)
    yield _rates(report)
    yield _due_dates(report)
    yield _offers(report.offers)
    if report.compared is not None:
        yield compared_section(report)
    yield _findings(report)
    yield _evidence(report)


def _figures(report: CommitteeReport) -> dict[tuple[str | None, str], Evidence]:
    return {(each.facility, each.figure): each for each in report.evidence}


# --- facilities ------------------------------------------------------------------------------------------------------


def _facilities(report: CommitteeReport) -> Section:
    every, evidence = report.facilities, _figures(report)
    statuses = Table(
        "facilities",
        "Status on the date",
        (
            Column("facility", "Facility", 6, "name", note_key="name"),
            Column("legal", "Legal status", 4, "status"),
            Column("since", "Since", 3, "day"),
            Column("until", "Until", 3, "day"),
            Column("payment", "Payment", 4),
            Column("days_past_due", "Days past due", 2, "count"),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(_status_row(each) for each in every),
        "No facility is on record, as far as it was known.",
    )
    opened = [each for each in every if each.legal != "not_open"]
    return Section(
        "facilities",
        "Facilities",
        (),
        (statuses, _rate_table(opened, evidence), _owed_table(opened), _totals(report)),
    )


def _status_row(each: FacilityAnswer) -> tuple[Cell, ...]:
    is_open = each.legal != "not_open"
    payment = text(words.PAYMENT[each.payment]) if each.payment is not None else not_stated()
    return (
        name(each.facility, note=each.name, tone="strong"),
        status(each.legal),
        day(each.since),
        day(each.until, none="no change ahead" if is_open else "–"),
        payment if is_open else nothing(),
        count(each.obligations.days_past_due) if is_open else nothing(),
        marks(each.because, deemed=each.deemed),
    )


def _rate_table(opened: Iterable[FacilityAnswer], evidence: dict[tuple[str | None, str], Evidence]) -> Table:
    rows = []
    for each in opened:
        rests = [evidence[each.facility, f"rate: {words.plain(part.part)}"] for part in each.rate.parts]
        because = tuple(reason for one in rests for reason in one.because)
        deemed = any(one.deemed for one in rests)
        rows.append(
            (
                name(each.facility, tone="strong"),
                rate(each.rate.charged),
                _made_of(each),
                rate(each.rate.if_default_rate) if _has_default_rate(each) else nothing("none in the terms"),
                names(map(words.plain, each.rate.grounds))
                if each.rate.default_rate_available
                else nothing("none holds"),
                marks(because, deemed=deemed) if because else nothing(),
            )
        )
        rows += [
            (
                name(each.facility, tone="repeated"),
                rate(loan.charged),
                text(f"loan {loan.loan}{f', {loan.option}' if loan.option else ''}"),
                nothing(),
                nothing(),
                nothing(),
            )
            for loan in each.rates
        ]
    return Table(
        "rates",
        "Rates on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("charged", "Charged", 2, "rate"),
            Column("made_of", "Made of", 6),
            Column("if_default_rate", "Under the default formula", 3, "rate"),
            Column("grounds", "Ground for it", 4),
            Column("standing", "Rests on", 3, "marks"),
        ),
        tuple(rows),
        "No facility is open.",
    )


def _has_default_rate(each: FacilityAnswer) -> bool:
    return each.rate.if_default_rate is not None or bool(each.rate.default_rate_available)


def _made_of(each: FacilityAnswer) -> Cell:
    if not each.rate.parts:
        return not_stated()
    parts = [
        f"{words.rate(part.rate) if part.rate is not None else words.NOT_STATED} {part.index or words.plain(part.part)}"
        for part in each.rate.parts
    ]
    return text(" + ".join(parts) + (f" (option {each.rate.option})" if each.rate.option else ""))


_OWED = (
    ("principal", "Principal"),
    ("accrued_interest", "Accrued interest"),
    ("interest_unpaid", "Unpaid interest"),
    ("fees", "Fees"),
)


def _owed_table(opened: Iterable[FacilityAnswer]) -> Table:
    rows = tuple(
        (
            name(each.facility, tone="strong"),
            text(each.currency) if each.currency is not None else not_stated(),
            *(amount(getattr(each.obligations, figure)) for figure, _ in _OWED),
            replace(amount(each.obligations.total), tone="strong"),
            _lacks(each),
            amount(each.obligations.contingent_default_interest),
            _per_1000(each),
        )
        for each in opened
    )
    return Table(
        "obligations",
        "Obligations on the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("currency", "Currency", 3),
            *(Column(key, label, 4, "amount") for key, label in _OWED),
            Column("total", "Total", 4, "amount"),
            Column("total_lacks", "The total lacks", 5),
            Column("contingent_default_interest", "Contingent default interest", 3, "amount"),
            Column("interest_per_1000", "Interest per 1,000", 3, "amount"),
        ),
        rows,
        "No facility is open.",
    )


def _lacks(each: FacilityAnswer) -> Cell:
    lacking = [label.lower() for key, label in _OWED if getattr(each.obligations, key) is None]
    return text(words.listed(lacking)) if lacking else nothing("nothing")


def _per_1000(each: FacilityAnswer) -> Cell:
    per_1000 = each.obligations.interest_per_1000
    return amount(per_1000) if per_1000 is None else Cell("amount", per_1000, f"{per_1000:,f}")


def _totals(report: CommitteeReport) -> Table:
    rows = tuple(
        (
            text(total.currency) if total.currency is not None else not_stated(),
            names([words.listed(total.facilities)]),
            amount(total.total),
            amount(total.stated) if len(total.lacks) < 4 * len(total.facilities) and total.stated else nothing(),
            text(words.listed(total.lacks, 4)) if total.lacks else nothing("nothing"),
        )
        for total in report.totals
        if total.currency is not None
    )
    return Table(
        "totals",
        "Totals by currency",
        (
            Column("currency", "Currency", 2),
            Column("facilities", "Facilities", 5),
            Column("total", "Total", 3, "amount"),
            Column("stated", "Stated in full", 3, "amount"),
            Column("lacks", "The total lacks", 6),
        ),
        rows,
        "No total is given: amounts are added up within a currency, and no facility states one.",
    )


# --- status over time ------------------------------------------------------------------------------------------------


def _timeline(report: CommitteeReport) -> Section:
    rows = [
        Row(each.facility, tuple(Band(row.from_, row.until, row.legal) for row in (*each.to_date, *each.ahead)))
        for each in report.timelines
    ]
    drawings = [
        Figure(_numbered("Status over time", index, len(rows), _ROWS_A_DRAWING), drawing)
        for index, drawing in enumerate(
            bands(f"status-{index}", chunk, report.as_of) for index, chunk in enumerate(_chunks(rows, _ROWS_A_DRAWING))
        )
    ]
    table = Table(
        "timeline",
        "Each status, up to the date and ahead of it",
        (
            Column("facility", "Facility", 3, "name"),
            Column("from", "From", 2, "day"),
            Column("until", "Until", 2, "day"),
            Column("legal", "Legal status", 3, "status"),
            Column("when", "When", 2),
            Column("why", "Why", 6),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                name(each.facility, tone="strong" if index == 0 else "repeated"),
                day(row.from_),
                day(row.until, none="open"),
                status(row.legal),
                text("if nothing happens" if row.from_ > report.as_of else "to date", tone="quiet"),
                text(row.why),
                positions(row.because),
            )
            for each in report.timelines
            for index, row in enumerate((*each.to_date, *each.ahead))
        ),
        "No facility is open.",
    )
    return Section("timeline", "Status over time, and what changes next", (), (*drawings, table))


def _chunks(items: list[Any], size: int) -> list[list[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _numbered(caption: str, index: int, items: int, size: int) -> str:
    return f"{caption} ({index + 1} of {-(-items // size)})" if items > size else caption


# --- Defaults --------------------------------------------------------------------------------------------------------


def _defaults(report: CommitteeReport) -> Section:
    evidence = _figures(report)
    rows = tuple(
        (
            name(each.facility, tone="strong" if index == 0 else "repeated"),
            name(default.default),
            day(default.arose),
            day(default.became_event_of_default, none="not yet"),
            text(default.state + (f" on {words.day(default.cured_on)}" if default.cured_on else "")),
            names(default.waivers) if default.waivers else nothing("nothing"),
            marks(default.because, deemed=bool(evidence[each.facility, f"Default {default.default}"].deemed)),
            positions(default.because),
        )
        for each in report.facilities
        for index, default in enumerate(each.defaults)
    )
    defaults = Table(
        "defaults",
        "Defaults, and what covers them",
        (
            Column("facility", "Facility", 3, "name"),
            Column("default", "Default", 6, "name"),
            Column("arose", "Arose", 2, "day"),
            Column("event_of_default_since", "Event of Default since", 2, "day"),
            Column("state", "State", 3),
            Column("covered_by", "Covered by", 4),
            Column("standing", "Rests on", 3, "marks"),
            Column("facts", "Facts", 2, "positions"),
        ),
        rows,
        "There is no Default.",
    )
    return Section(
        "defaults",
        "Defaults, and the waivers that cover them",
        (),
        (defaults, *_graphs(report), _links(report), _not_counted(report)),
    )


_EDGES: dict[str, EdgeKind] = {
    "cross_payment": "default",
    "cross_default": "default",
    "cross_acceleration": "default",
    "rescission": "rescission",
    "with_waiver": "with_waiver",
    "covers": "covers",
}

_REACHES = {
    "cross_payment": "if it is not paid when due",
    "cross_default": "if an Event of Default continues there",
    "cross_acceleration": "if it is made due",
    "rescission": "ends it by an act",
    "with_waiver": "ends with it",
    "covers": "covers its Defaults",
}


def _graphs(report: CommitteeReport) -> Iterator[Figure]:
    """The graph of each set of things that reach one another; one too large to be read is left to the table."""
    legal: dict[str, Legal] = {each.facility: each.legal for each in report.facilities}
    waivers = {waiver.waiver: words.plain(waiver.state) for each in report.facilities for waiver in each.waivers}
    for index, members in enumerate(_together(report)):
        if len(members) > _NODES_A_DRAWING:
            continue
        nodes = [
            facility(each, legal[each])
            if each in legal
            else Node(each, waivers.get(each, "not in this report"), None if each in waivers else "not_open")
            for each in members
        ]
        edges = [Edge(each.from_, each.to, _EDGES[each.kind]) for each in report.links if each.to in members]
        yield Figure("Cross-defaults, and the acts that end waivers", graph(f"reach-{index}", nodes, edges))


def _together(report: CommitteeReport) -> list[list[str]]:
    """What is linked, directly or through others, in the order of first mention."""
    sets: list[dict[str, None]] = []
    for link in report.links:
        joined = [each for each in sets if link.from_ in each or link.to in each]
        rest = [each for each in sets if each not in joined]
        merged = {name: None for each in joined for name in each}
        sets = [*rest, {**merged, link.from_: None, link.to: None}]
    return [list(each) for each in sets]


def _links(report: CommitteeReport) -> Table:
    return Table(
        "links",
        "What reaches what",
        (
            Column("from", "From", 4, "name"),
            Column("reaches", "Reaches", 4, "name"),
            Column("how", "How", 4),
            Column("by", "Clause, or act by whom", 5),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                name(link.from_, tone="strong"),
                name(link.to),
                text(_REACHES[link.kind]),
                text(link.by),
                positions(link.because),
            )
            for link in report.links
        ),
        "No clause and no waiver looks at another debt.",
    )


def _not_counted(report: CommitteeReport) -> Table:
    return Table(
        "not_counted",
        "On record, and not counted",
        (
            Column("facility", "Facility", 3, "name"),
            Column("effective", "Date", 2, "day"),
            Column("says", "What is mentioned", 6),
            Column("documents", "Mentioned in", 4),
            Column("standing", "Standing", 2, "marks"),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                name(each.facility, tone="strong") if each.facility is not None else nothing(),
                day(each.effective),
                text(each.says),
                names(dict.fromkeys(reason.document for reason in each.because if reason.document)),
                marks(each.because, deemed=False),
                positions(each.because),
            )
            for each in report.not_counted
        ),
        "Nothing is on record that does not count.",
    )


# --- waivers and amendments ------------------------------------------------------------------------------------------


def _waivers(report: CommitteeReport) -> Section:
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
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                Cell("count", each.within, f"{each.within} days", tone="strong"),
                name(each.waiver),
                name(each.facility),
                text(each.kind),
                day(each.until),
                count(each.days),
                positions(each.because),
            )
            for each in report.waivers_ending
        ),
        "No waiver or forbearance in force ends by date within 90 days.",
    )
    spans = [
        _span(waiver)
        for each in report.facilities
        for waiver in each.waivers
        if waiver.state != "not_yet" and (waiver.from_ is not None or waiver.state == "pending")
    ]
    drawings = [
        Figure(_numbered("Waiver calendar", index, len(spans), _ROWS_A_DRAWING), drawing)
        for index, drawing in enumerate(
            calendar(f"waivers-{index}", chunk, report.as_of)
            for index, chunk in enumerate(_chunks(spans, _ROWS_A_DRAWING))
        )
    ]
    evidence = _figures(report)
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
                marks(waiver.because, deemed=bool(evidence[each.facility, f"{waiver.kind} {waiver.waiver}"].deemed))
                if (each.facility, f"{waiver.kind} {waiver.waiver}") in evidence
                else nothing(),
            )
            for each in report.facilities
            for index, waiver in enumerate(each.waivers)
        ),
        "No waiver and no forbearance is on record.",
    )
    return Section("waivers", "Waivers, and when they end", (), (ending, *drawings, every))


def _span(waiver: WaiverAnswer) -> Span:
    ended = None
    if waiver.ended_on is not None:
        by = f" by {waiver.ended_by}" if waiver.ended_by not in (None, "date") else ""
        ended = f"{waiver.state}{by}"
    return Span(waiver.waiver, waiver.from_, waiver.ended_on or waiver.until, waiver.state == "in_force", ended)


def _amendments(report: CommitteeReport) -> Section:
    evidence = _figures(report)
    amendments = Table(
        "amendments",
        "Amendments signed by the date",
        (
            Column("facility", "Facility", 3, "name"),
            Column("amendment", "Amendment", 4, "name"),
            Column("signed", "Signed", 2, "day"),
            Column("in_effect", "In effect since", 3, "day"),
            Column("open", "Conditions open", 2, "count"),
            Column("standing", "Rests on", 3, "marks"),
            Column("facts", "Facts", 3, "positions"),
        ),
        tuple(
            (
                name(each.facility, tone="strong"),
                name(amendment.amendment),
                day(amendment.signed),
                day(amendment.in_effect, none="not in effect"),
                count(sum(one.name == amendment.amendment for one in report.open_conditions)),
                marks(
                    amendment.because, deemed=bool(evidence[each.facility, f"amendment {amendment.amendment}"].deemed)
                ),
                positions(amendment.because),
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
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                name(each.facility, tone="strong"),
                text(each.of),
                name(each.name),
                name(each.condition),
                text(each.says),
                positions(each.because),
            )
            for each in report.open_conditions
        ),
        "No condition is open.",
    )
    return Section("amendments", "Amendments, and conditions still open", (), (amendments, conditions))


# --- rates, due dates, offers ----------------------------------------------------------------------------------------


def _rates(report: CommitteeReport) -> Section:
    panels = [
        Panel(each.facility, tuple(Step(one.from_, one.charged, one.if_default_rate) for one in each.stretches))
        for each in report.rates_over_time
        if len(each.stretches) > 1 and any(one.charged is not None for one in each.stretches)
    ]
    drawings = [
        Figure(_numbered("Rates that changed", index, len(panels), _PANELS_A_DRAWING), drawing)
        for index, drawing in enumerate(
            steps(f"rates-{index}", chunk, report.as_of)
            for index, chunk in enumerate(_chunks(panels, _PANELS_A_DRAWING))
        )
    ]
    table = Table(
        "rates_over_time",
        "Each rate up to the date",
        (
            Column("facility", "Facility", 4, "name"),
            Column("from", "From", 3, "day"),
            Column("until", "Until", 3, "day"),
            Column("charged", "Charged", 2, "rate"),
            Column("if_default_rate", "Under the default formula", 3, "rate"),
            Column("ground", "A ground for it", 2),
            Column("standing", "Rests on", 3, "marks"),
            Column("facts", "Facts", 3, "positions"),
        ),
        tuple(
            (
                name(each.facility, tone="strong" if index == 0 else "repeated"),
                day(one.from_),
                day(one.until, none="the date"),
                rate(one.charged),
                rate(one.if_default_rate) if one.if_default_rate is not None else nothing(),
                text("holds" if one.default_rate_available else "none"),
                marks(one.because, deemed=False) if one.because else nothing(),
                positions(one.because),
            )
            for each in report.rates_over_time
            for index, one in enumerate(each.stretches)
        ),
        "No facility is open.",
    )
    return Section("rates_over_time", "Rates over time", (), (*drawings, table))


_DUE = {"interest": "interest", "principal": "principal", "fee": "fee", "term": "end of the term"}
_DUE_STATES = {
    "paid": "paid",
    "missed": "not paid",
    "silent": "neither payment nor failure recorded",
    "owed": "earned, not settled",
    "ahead": "ahead",
}


def _due_dates(report: CommitteeReport) -> Section:
    table = Table(
        "due_dates",
        "By due date",
        (
            Column("on", "Date", 2, "day"),
            Column("facility", "Facility", 4, "name"),
            Column("kind", "What", 3),
            Column("owed", "Still owed", 3, "amount"),
            Column("state", "State", 5),
            Column("paid_on", "Paid on", 2, "day"),
            Column("standing", "Rests on", 3, "marks"),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                day(each.on),
                name(each.facility, tone="strong"),
                text(_DUE[each.kind]),
                nothing() if each.kind == "term" else amount(each.owed),
                text(
                    "the term has ended" if each.kind == "term" and each.state == "silent" else _DUE_STATES[each.state]
                ),
                day(each.paid_on),
                marks(each.because, deemed=False) if each.because else nothing(),
                positions(each.because),
            )
            for each in report.due_dates
        ),
        "No due date is on record.",
    )
    return Section("due_dates", "Obligations by due date", (), (table,))


def _offers(offers: Iterable[OfferAnswer]) -> Section:
    table = Table(
        "offers",
        "Exchange offers",
        (
            Column("offer", "Offer", 4, "name"),
            Column("old", "Old notes", 3, "name"),
            Column("new", "New notes", 3, "name"),
            Column("state", "State", 2),
            Column("last_day", "Last day", 3, "day"),
            Column("tendered", "Tendered", 3, "amount"),
            Column("fraction", "Of the principal", 2, "rate"),
            Column("minimum_tender", "Minimum", 2, "rate"),
            Column("minimum_met", "Met", 2),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(
            (
                name(each.offer, tone="strong"),
                name(each.old),
                name(each.new),
                text(each.state),
                day(each.last_day),
                amount(each.tendered),
                rate(each.fraction),
                rate(each.minimum_tender),
                not_stated() if each.minimum_met is None else text("yes" if each.minimum_met else "no"),
                positions(each.because),
            )
            for each in offers
        ),
        "No exchange offer is on record.",
    )
    return Section("offers", "Offers", (), (table,))


# --- what changed ----------------------------------------------------------------------------------------------------


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
                value_cell(each.kind, each.before),
                replace(value_cell(each.kind, each.after), tone="changed"),
                positions(each.because),
            )
            for each in changed
        ),
        "Nothing differs.",
    )


def value_cell(kind: ValueKind, value: Any) -> Cell:
    """A value as JSON shows it, as a cell."""
    if value is None:
        return not_stated()
    match kind:
        case "status":
            return status(value) if value in words.LEGAL and value != "default" else text(words.plain(str(value)))
        case "amount":
            return amount(Decimal(str(value)))
        case "rate":
            return rate(Decimal(str(value)))
        case "date":
            return day(dt.date.fromisoformat(str(value)))
        case "count":
            return count(int(value))
        case "yes_no":
            return text("holds" if value else "none")
        case "text":
            return text(str(value))


# --- findings and evidence -------------------------------------------------------------------------------------------


def _findings(report: CommitteeReport) -> Section:
    table = Table(
        "findings",
        "Questions that the record leaves open",
        (
            Column("on", "Date", 2, "day"),
            Column("facility", "Facility", 3, "name"),
            Column("code", "Finding", 4, "name"),
            Column("question", "Question", 8),
            Column("facts", "Facts", 3, "positions"),
        ),
        tuple(
            (
                day(each.on),
                name(each.facility, tone="strong") if each.facility is not None else nothing(),
                text(words.plain(each.code)),
                text(each.question),
                Cell("positions", each.facts, ", ".join(map(str, each.facts)), tone="quiet"),
            )
            for each in report.findings
        ),
        "There is no finding.",
    )
    return Section("findings", "Findings, with their questions", (), (table,))


def _evidence(report: CommitteeReport) -> Section:
    rows = []
    facility_before = ""
    for each in report.evidence:
        for index, (document, clause, because) in enumerate(_places(each.because)):
            first = each.facility != facility_before
            facility_before = each.facility or ""
            rows.append(
                (
                    name(each.facility, tone="strong" if first else "repeated") if each.facility else nothing("offers"),
                    replace(text(each.figure), tone="repeated" if index else "plain"),
                    replace(value_cell(each.kind, each.value), tone="repeated")
                    if index
                    else value_cell(each.kind, each.value),
                    name(document) if document is not None else nothing("no document"),
                    text(clause) if clause is not None else nothing(),
                    marks(because, deemed=any(reason.position in each.deemed for reason in because)),
                    positions(because),
                )
            )
    figures = Table(
        "evidence",
        "Each figure, its document and clause",
        (
            Column("facility", "Facility", 3, "name"),
            Column("figure", "Figure", 5),
            Column("value", "Value", 3),
            Column("document", "Document", 3, "name"),
            Column("clause", "Clause", 4),
            Column("standing", "Standing", 2, "marks"),
            Column("facts", "Facts", 2, "positions"),
        ),
        tuple(rows),
        "There is no figure.",
    )
    papers = Table(
        "papers",
        "The documents",
        (
            Column("document", "Document", 3, "name"),
            Column("title", "Title", 8),
            Column("dated", "Dated", 2, "day"),
            Column("executed", "Executed", 2, "day"),
            Column("sha256", "SHA-256 of the text read", 5, "name"),
        ),
        tuple(
            (
                name(each.document, tone="strong"),
                text(each.title),
                day_stated(each.dated),
                nothing("unsigned form") if each.status == "form" else day_stated(each.executed),
                name(each.sha256) if each.sha256 is not None else not_stated(),
            )
            for each in report.papers
        ),
        "The figures cite no document.",
    )
    return Section("evidence", "Evidence", (), (figures, papers))


def _places(because: Because) -> Iterator[tuple[str | None, str | None, Because]]:
    """The documents and clauses that a figure rests on, each with its facts."""
    places: dict[tuple[str | None, str | None], list[Any]] = {}
    for reason in because:
        places.setdefault((reason.document, reason.clause), []).append(reason)
    for (document, clause), reasons in places.items():
        yield document, clause, tuple(reasons)


def drawings(laid_out: Page) -> tuple[Drawing, ...]:
    """Every drawing of a page, in order."""
    return tuple(part.drawing for section in laid_out.sections for part in section.parts if isinstance(part, Figure))
