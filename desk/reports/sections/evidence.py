"""The questions that the record leaves open, and what each figure rests on."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from desk.reports.page import (
    RESTS_ON,
    Column,
    Section,
    Table,
    day,
    day_stated,
    name,
    not_stated,
    nothing,
    positions,
    prose,
    rests_on,
    text,
)
from desk.reports.sections.common import value_cell
from projections import words
from projections.answer import Because
from projections.committee import CommitteeReport


def findings(report: CommitteeReport) -> Section:
    """The findings up to the date."""
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
                prose(each.question),
                positions(each.facts),
            )
            for each in report.findings
        ),
        "There is no finding.",
    )
    return Section("findings", "Findings, with their questions", (), (table,))


def evidence(report: CommitteeReport) -> Section:
    """Each figure with the documents and clauses that it rests on, and the documents."""
    rows = []
    facility_before = ""
    for (facility, because), together in groupby(report.evidence, key=lambda each: (each.facility, each.because)):
        money = report.currencies.get(facility or "")
        figures = "; ".join(f"{each.figure}: {value_cell(each.kind, each.value, money).text}" for each in together)
        for index, (document, clause, behind) in enumerate(_places(because)):
            first, facility_before = facility != facility_before, facility or ""
            rows.append(
                (
                    name(facility, tone="strong" if first else "repeated") if facility else nothing("offers"),
                    text(figures, tone="repeated" if index else "plain"),
                    name(document) if document is not None else nothing("no document"),
                    text(clause) if clause is not None else nothing(),
                    *rests_on(behind, report),
                )
            )
    evidence = Table(
        "evidence",
        "Each figure, its document and clause",
        (
            Column("facility", "Facility", 3, "name"),
            Column("figures", "Figures", 8),
            Column("document", "Document", 3, "name"),
            Column("clause", "Clause", 4),
            *RESTS_ON,
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
    return Section("evidence", "Evidence", (), (evidence, papers))


def _places(because: Because) -> Iterator[tuple[str | None, str | None, Because]]:
    """The documents and clauses that a figure rests on, each with its facts."""
    places: dict[tuple[str | None, str | None], list[Any]] = {}
    for reason in because:
        places.setdefault((reason.document, reason.clause), []).append(reason)
    for (document, clause), reasons in places.items():
        yield document, clause, tuple(reasons)
