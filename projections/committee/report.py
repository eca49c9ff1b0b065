"""The report put together: the answers on a date, and what a reader of them has to know beside."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ledger.facts import PaymentMissed, as_record
from ledger.facts.base import FacilityFact
from ledger.records import Recorded
from projections import words
from projections.answer import Report
from projections.causes import Cause
from projections.changes import Change, changes
from projections.committee.dates import due_dates, open_conditions, rates, waivers_ending
from projections.committee.evidence import evidence_of, papers_of
from projections.committee.model import (
    Asked,
    Assumed,
    CommitteeReport,
    Compared,
    DefaultCause,
    FacilityTimeline,
    NotCounted,
    Particulars,
)
from projections.reach import links
from projections.report import FacilityOn
from projections.story import timeline_rows
from projections.summary import summary, totals
from projections.view import View


@dataclass(frozen=True)
class Other:
    """The other side of a comparison: a view, its answer about the same facilities, and in which way it is another."""

    with_: Literal["date", "knowledge", "assumption"]
    view: View
    report: Report
    assumed: tuple[Recorded, ...] = ()
    """The facts assumed there."""

    @property
    def digest(self) -> str | None:
        """The SHA-256 of the facts assumed, as record files write them; None where none are."""
        if self.with_ != "assumption":
            return None
        written = [as_record(each.fact) for each in self.assumed]
        return hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def committee_report(
    view: View, report: Report, *, asked_for: Collection[str] | None = None, other: Other | None = None
) -> CommitteeReport:
    """The report of a view for a committee. `report` is the answer about the facilities `asked_for` (None: all)."""
    facilities = _on(view, report)
    opened = [on for on in facilities if on.is_open]
    timelines = _timelines(opened)
    evidence = evidence_of(report, facilities)
    asked = _asked(view, asked_for, other)
    return CommitteeReport(
        **{name: getattr(report, name) for name in Report.model_fields},
        fingerprint=asked.fingerprint,
        asked=asked,
        summary=summary(report, {each.facility: each.ahead for each in timelines}),
        particulars=tuple(_particulars(on) for on in opened),
        totals=totals(report),
        timelines=timelines,
        causes=tuple(_cause(on.name, str(each.key), each.key.cause) for on in facilities for each in on.defaults),
        links=links(facilities),
        not_counted=tuple(_not_counted(view, asked_for)),
        waivers_ending=waivers_ending(facilities),
        open_conditions=tuple(condition for on in facilities for condition in open_conditions(on)),
        rates_over_time=tuple(rates(on) for on in opened),
        due_dates=due_dates(opened),
        compared=None if other is None else _compared(report, other),
        evidence=evidence,
        papers=papers_of(view, evidence),
        deemed=tuple(position for position in sorted(view.history.by_position) if view.deemed([position])),
    )


def _on(view: View, report: Report) -> list[FacilityOn]:
    return [FacilityOn(view, view.timelines[each.facility], each.facility) for each in report.facilities]


def _asked(view: View, asked_for: Collection[str] | None, other: Other | None) -> Asked:
    known = view.known
    return Asked(
        as_of=view.as_of,
        position=known.position,
        root=known.root,
        standing=view.derivation.standing,
        as_stood=view.derivation.as_stood_on is not None,
        facilities=tuple(asked_for) if asked_for else None,
        since=other.report.as_of if other is not None and other.with_ == "date" else None,
        since_known=other.report.known.position if other is not None and other.with_ == "knowledge" else None,
        assumed=other.digest if other is not None else None,
    )


# --- beside another answer -------------------------------------------------------------------------------------------


def _compared(report: Report, other: Other) -> Compared:
    opened = [on for on in _on(other.view, other.report) if on.is_open]
    return Compared(
        with_=other.with_,
        other=other.report,
        timelines=() if other.with_ == "date" else _timelines(opened),
        assumed=tuple(Assumed(position=each.position, fact=as_record(each.fact)) for each in other.assumed),
        changes=_changes(report, other),
    )


def _changes(report: Report, other: Other) -> tuple[Change, ...]:
    """What changed: since the other answer; or, where it assumes something, what would change with that."""
    return changes(report, other.report) if other.with_ == "assumption" else changes(other.report, report)


# --- facilities ------------------------------------------------------------------------------------------------------


def _particulars(on: FacilityOn) -> Particulars:
    as_of, terms, opening = on.view.as_of, on.pricing.terms, on.timeline.world.openings[on.name]
    matures, term_ends, commitment = (each.on(as_of) for each in (terms.matures, terms.term_ends, terms.commitment))
    said = [each.position for each in (matures, term_ends, commitment) if each is not None]
    fact = opening.fact
    return Particulars(
        facility=on.name,
        kind=fact.kind,
        borrowers=fact.borrowers,
        guarantors=fact.guarantors or (),
        creditors=fact.lenders or fact.holders or (),
        trustee=fact.trustee,
        agreement_date=fact.agreement_date,
        matures=matures.value if matures is not None else None,
        term_ends=term_ends.value if term_ends is not None else None,
        commitment=commitment.value if commitment is not None else None,
        because=on.view.because([opening.position, *said]),
    )


def _timelines(facilities: Iterable[FacilityOn]) -> tuple[FacilityTimeline, ...]:
    return tuple(_timeline(on.view, on.name) for on in facilities)


def _timeline(view: View, facility: str) -> FacilityTimeline:
    past = [row for row in timeline_rows(view, facility) if row.from_ <= view.as_of]
    ahead = [row for row in timeline_rows(view, facility, as_if_nothing_followed=True) if row.from_ > view.as_of]
    now = past[-1].model_copy(update={"until": ahead[0].from_ if ahead else None})
    return FacilityTimeline(facility=facility, to_date=(*past[:-1], now), ahead=tuple(ahead))


# --- Defaults, and what makes none -----------------------------------------------------------------------------------


def _cause(facility: str, default: str, cause: Cause) -> DefaultCause:
    return DefaultCause(facility=facility, default=default, says=_cause_in_words(cause))


def _cause_in_words(cause: Cause) -> str:
    match cause.kind, cause.on:
        case "payment", dt.date() as due:
            return _unpaid([cause.name], due, cause.debt)
        case "covenant", dt.date() as tested:
            return f"covenant {cause.name} not met on {words.day(tested)}"
        case "act", _:
            return f"{cause.debt} made due by {cause.name}"
        case "declared", _:
            return f"{words.plain(cause.name)}, declared"
        case _:
            return f"{words.plain(cause.name)}{f' of {cause.debt}' if cause.debt else ''}"


def _unpaid(kinds: Sequence[str], due: dt.date, debt: str = "") -> str:
    return f"{' and '.join(kinds)}{f' of {debt}' if debt else ''} due {words.day(due)} not paid"


def _not_counted(view: View, asked_for: Collection[str] | None) -> Iterator[NotCounted]:
    """What papers mention and what does not count, each once however many papers mention it."""
    together: dict[tuple[str | None, dt.date, str], list[int]] = {}
    for entry in sorted(view.history.shown, key=lambda entry: entry.order):
        fact = entry.fact
        facility = fact.facility if isinstance(fact, FacilityFact) else None
        if entry.effective <= view.as_of and (not asked_for or facility in asked_for):
            says = f"{fact.event}{f': {fact.note}' if fact.note else ''}"
            if isinstance(fact, PaymentMissed):
                says = _unpaid(fact.of, fact.due)
            together.setdefault((facility, entry.effective, says), []).append(entry.position)
    for (facility, effective, says), positions in together.items():
        yield NotCounted(facility=facility, effective=effective, says=says, because=view.because(positions))
