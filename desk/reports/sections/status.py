"""Status over time, Defaults and what covers them, and what reaches what."""

from collections.abc import Iterator

from desk.drawing import Band, Edge, Node, Row, bands, graph
from desk.drawing.graph import EdgeKind, facility
from desk.reports.page import (
    RESTS_ON,
    Column,
    Figure,
    Section,
    Table,
    day,
    name,
    names,
    nothing,
    prose,
    rests_on,
    status,
    text,
)
from desk.reports.sections.common import chunks, numbered
from projections import words
from projections.committee import CommitteeReport
from projections.states import Legal

_ROWS_A_DRAWING = 20
_NODES_A_DRAWING = 40
_GRAPHS_A_REPORT = 12


def timeline(report: CommitteeReport) -> Section:
    """Each status up to the date, and ahead of it if nothing further happens."""
    rows = [
        Row(each.facility, tuple(Band(row.from_, row.until, row.legal, report.marks(row.because)) for row in each.rows))
        for each in report.timelines
    ]
    drawings = [
        Figure(numbered("Status over time", index, len(rows), _ROWS_A_DRAWING), drawing)
        for index, drawing in enumerate(
            bands(f"status-{index}", chunk, report.as_of) for index, chunk in enumerate(chunks(rows, _ROWS_A_DRAWING))
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
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.facility, tone="strong" if index == 0 else "repeated"),
                day(row.from_),
                day(row.until, none="open"),
                status(row.legal),
                text("if nothing happens", tone="strong")
                if row.from_ > report.as_of
                else text("to date", tone="quiet"),
                prose(row.why),
                *rests_on(row.because, report),
            )
            for each in report.timelines
            for index, row in enumerate(each.rows)
        ),
        "No facility is open.",
    )
    return Section("timeline", "Status over time, and what changes next", (), (*drawings, table))


def defaults(report: CommitteeReport) -> Section:
    """The Defaults with what covers them, what reaches what, and what is mentioned and does not count."""
    causes = {each.default: each.says for each in report.causes}
    rows = tuple(
        (
            name(each.facility, tone="strong" if index == 0 else "repeated"),
            text(causes[default.default]),
            name(default.clause),
            day(default.arose),
            day(default.became_event_of_default, none="not yet"),
            text(default.state + (f" on {words.day(default.cured_on)}" if default.cured_on else "")),
            names(default.waivers) if default.waivers else nothing("nothing"),
            *rests_on(default.because, report),
            name(default.default, tone="quiet"),
        )
        for each in report.facilities
        for index, default in enumerate(each.defaults)
    )
    defaults = Table(
        "defaults",
        "Defaults, and what covers them",
        (
            Column("facility", "Facility", 3, "name"),
            Column("cause", "What happened", 6),
            Column("clause", "Clause", 2, "name"),
            Column("arose", "Arose", 2, "day"),
            Column("event_of_default_since", "Event of Default since", 3, "day"),
            Column("state", "State", 3),
            Column("covered_by", "Covered by", 5),
            *RESTS_ON,
            Column("default", "Name of the Default", 6, "name"),
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
    """The graphs of what reaches one another, the largest first; those too large to be read are left to the table."""
    legal: dict[str, Legal] = {each.facility: each.legal for each in report.facilities}
    behind = {each.facility: row.because for each in report.timelines for row in each.to_date}
    waivers = {waiver.waiver: waiver for each in report.facilities for waiver in each.waivers}
    sets = _together(report)
    readable = [members for members in sets if len(members) <= _NODES_A_DRAWING]
    drawn = sorted(readable, key=len, reverse=True)[:_GRAPHS_A_REPORT]
    rest = f" ({len(drawn)} of {len(sets)} sets; the table has all)" if len(drawn) < len(sets) else ""
    for index, members in enumerate(drawn):
        nodes = [
            facility(each, legal[each], report.marks(behind.get(each, ())))
            if each in legal
            else Node(each, words.plain(waivers[each].state), None, report.marks(waivers[each].because))
            if each in waivers
            else Node(each, "not in this report", "not_open")
            for each in members
        ]
        edges = [Edge(each.from_, each.to, _EDGES[each.kind]) for each in report.links if each.to in members]
        yield Figure(f"Cross-defaults, and the acts that end waivers{rest}", graph(f"reach-{index}", nodes, edges))


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
            *RESTS_ON,
        ),
        tuple(
            (
                name(link.from_, tone="strong"),
                name(link.to),
                text(_REACHES[link.kind]),
                text(link.by),
                *rests_on(link.because, report),
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
            *RESTS_ON,
        ),
        tuple(
            (
                name(each.facility, tone="strong") if each.facility is not None else nothing(),
                day(each.effective),
                text(each.says),
                names(dict.fromkeys(reason.document for reason in each.because if reason.document)),
                *rests_on(each.because, report),
            )
            for each in report.not_counted
        ),
        "Nothing is on record that does not count.",
    )
