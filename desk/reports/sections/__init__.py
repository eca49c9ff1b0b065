"""The sections of a report, in the order in which a committee reads them."""

from collections.abc import Iterator

from desk.reports.page import Page, Section
from desk.reports.sections.compared import compared_section
from desk.reports.sections.evidence import evidence, findings
from desk.reports.sections.facilities import facilities
from desk.reports.sections.money import due_dates, offers, rates
from desk.reports.sections.status import defaults, timeline
from desk.reports.sections.waivers import amendments, waivers
from projections import words
from projections.committee import CommitteeReport

__all__ = ["compared_section", "page"]


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

_ASSUMED = (("assumed", "rests on a fact that is on no record, assumed for the sake of the comparison"),)


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
        legend=_LEGEND + (_ASSUMED if report.asked.assumed is not None else ()),
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
    yield facilities(report)
    yield timeline(report)
    yield defaults(report)
    yield waivers(report)
    yield amendments(report)
    yield rates(report)
    yield due_dates(report)
    yield offers(report)
    if report.compared is not None:
        yield compared_section(report)
    yield findings(report)
    yield evidence(report)
