"""The report for a credit committee: the answers on a date, and what a reader of them has to know beside.

One model for every format, worked out from answers and from nothing else. Its name is its fingerprint, the digest of
what it was asked of: equal fingerprints are equal reports, on any machine.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ledger.facts import FeeAgreed, PaymentMissed, Standing
from ledger.facts.base import FacilityFact
from ledger.facts.names import Name
from ledger.facts.terms import Condition
from projections import words
from projections.answer import (
    Answer,
    Because,
    FacilityAnswer,
    Figure,
    Obligations,
    Report,
    TimelineRow,
)
from projections.changes import Change, ValueKind, changes
from projections.reach import Link, links
from projections.report import FacilityOn
from projections.states import GrantState
from projections.story import timeline_rows
from projections.summary import Total, summary, totals
from projections.view import View

MODEL = "committee.v1"
"""The version of the model. A change that lets the same ledger read differently is a new version."""


HORIZONS = (30, 60, 90)
"""Within how many days the end of a waiver is near."""


class Asked(Answer):
    """What a report was asked of: all that its content depends on."""

    model: str = MODEL
    as_of: dt.date
    position: int
    root: str
    standing: Standing
    as_stood: bool
    facilities: tuple[str, ...] | None = None
    """The facilities asked for; None is all of them."""
    since: dt.date | None = None
    since_known: int | None = None
    """The position of the other moment of knowledge."""
    assumed: str | None = None
    """The SHA-256 of the facts assumed in the other answer."""

    @property
    def written(self) -> str:
        """What was asked, as JSON with sorted names; what is None is left out."""
        return json.dumps(self.model_dump(mode="json", exclude_none=True), sort_keys=True, separators=(",", ":"))

    @property
    def fingerprint(self) -> str:
        """The SHA-256, in hexadecimal, of what was asked, as it is written."""
        return hashlib.sha256(self.written.encode()).hexdigest()


class FacilityTimeline(Answer):
    """The legal status of a facility up to the date, and ahead of it if nothing further happens."""

    facility: str
    to_date: tuple[TimelineRow, ...]
    ahead: tuple[TimelineRow, ...]


class NotCounted(Answer):
    """A fact that is kept and shown, and does not count at the lowest standing that was asked for."""

    facility: str | None
    effective: dt.date
    says: str
    because: Because


class WaiverEnding(Answer):
    """A waiver or forbearance in force whose end by date is near; `until` is the first day outside it."""

    facility: str
    waiver: str
    kind: Literal["waiver", "forbearance"]
    until: dt.date
    days: int
    within: int
    because: Because


class OpenCondition(Answer):
    """A condition that nothing satisfies yet, of an amendment or a waiver signed by the date."""

    facility: str
    of: Literal["amendment", "waiver", "forbearance"]
    name: str
    condition: str
    says: str
    because: Because


class RateStretch(Answer):
    """A stretch of time in which the rate is the same; `until` is the first day after it."""

    from_: dt.date = Field(alias="from")
    until: dt.date | None
    charged: Figure | None
    if_default_rate: Figure | None
    default_rate_available: bool
    because: Because


class FacilityRates(Answer):
    """The rate of a facility from its opening up to the date."""

    facility: str
    stretches: tuple[RateStretch, ...]


class DueDate(Answer):
    """Something that fell due, or falls due ahead of the date.

    `owed` is what is left of it; None is not stated, and for interest ahead of the date: still accruing.
    """

    facility: str
    kind: Literal["interest", "principal", "fee", "term"]
    on: dt.date
    owed: Figure | None
    state: Literal["paid", "missed", "silent", "owed", "ahead"]
    paid_on: dt.date | None
    because: Because


class Evidence(Answer):
    """One figure of the report, and the facts that it rests on."""

    facility: str | None
    figure: str
    kind: ValueKind
    value: str | None
    because: Because


class Paper(Answer):
    """A document that the report rests on."""

    document: str
    title: str
    dated: dt.date | None
    executed: dt.date | None
    status: Literal["executed", "form"] | None
    sha256: str | None


class Compared(Answer):
    """Another report beside this one, and what differs."""

    with_: Literal["date", "knowledge", "assumption"] = Field(alias="with")
    other: Report
    changes: tuple[Change, ...]


class CommitteeReport(Report):
    """Everything on a date as known at a moment, in the order in which a committee reads it."""

    fingerprint: str
    asked: Asked
    summary: tuple[str, ...]
    totals: tuple[Total, ...]
    timelines: tuple[FacilityTimeline, ...]
    links: tuple[Link, ...]
    not_counted: tuple[NotCounted, ...]
    waivers_ending: tuple[WaiverEnding, ...]
    open_conditions: tuple[OpenCondition, ...]
    rates_over_time: tuple[FacilityRates, ...]
    due_dates: tuple[DueDate, ...]
    compared: Compared | None
    evidence: tuple[Evidence, ...]
    papers: tuple[Paper, ...]
    deemed: tuple[int, ...]
    """The positions of facts in papers executed after the date, or whose execution is not stated."""


@dataclass(frozen=True)
class Other:
    """The other side of a comparison: an answer about the same facilities, and in which way it is another."""

    with_: Literal["date", "knowledge", "assumption"]
    report: Report
    assumed: str | None = None
    """The SHA-256 of the facts assumed there."""


def committee_report(
    view: View, report: Report, *, asked_for: Collection[str] | None = None, other: Other | None = None
) -> CommitteeReport:
    """The report of a view for a committee. `report` is the answer about the facilities `asked_for` (None: all)."""
    facilities = [FacilityOn(view, view.timelines[each.facility], each.facility) for each in report.facilities]
    timelines = tuple(_timeline(view, on.name) for on in facilities if on.is_open)
    due_dates = tuple(due for on in facilities if on.is_open for due in _due_dates(on))
    evidence = tuple(_evidence(report, facilities))
    asked = _asked(view, asked_for, other)
    return CommitteeReport(
        **{name: getattr(report, name) for name in Report.model_fields},
        fingerprint=asked.fingerprint,
        asked=asked,
        summary=summary(report, {each.facility: each.ahead for each in timelines}),
        totals=totals(report),
        timelines=timelines,
        links=links(facilities),
        not_counted=tuple(_not_counted(view, asked_for)),
        waivers_ending=tuple(sorted(_waivers_ending(facilities), key=lambda each: (each.until, each.facility))),
        open_conditions=tuple(condition for on in facilities for condition in _open_conditions(on)),
        rates_over_time=tuple(_rates(on) for on in facilities if on.is_open),
        due_dates=tuple(sorted(due_dates, key=lambda each: (each.on, each.facility, each.kind))),
        compared=None
        if other is None
        else Compared(with_=other.with_, other=other.report, changes=_changes(report, other)),
        evidence=evidence,
        papers=tuple(_papers(view, evidence)),
        deemed=tuple(position for position in sorted(view.history.by_position) if view.deemed([position])),
    )


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
        assumed=other.assumed if other is not None else None,
    )


def _changes(report: Report, other: Other) -> tuple[Change, ...]:
    """What changed: since the other answer; or, where it assumes something, what would change with that."""
    return changes(report, other.report) if other.with_ == "assumption" else changes(other.report, report)


# --- status ----------------------------------------------------------------------------------------------------------


def _timeline(view: View, facility: str) -> FacilityTimeline:
    past = [row for row in timeline_rows(view, facility) if row.from_ <= view.as_of]
    ahead = [row for row in timeline_rows(view, facility, as_if_nothing_followed=True) if row.from_ > view.as_of]
    now = past[-1].model_copy(update={"until": ahead[0].from_ if ahead else None})
    return FacilityTimeline(facility=facility, to_date=(*past[:-1], now), ahead=tuple(ahead))


def _not_counted(view: View, asked_for: Collection[str] | None) -> Iterator[NotCounted]:
    """What papers mention and what does not count, each once however many papers mention it."""
    together: dict[tuple[str | None, dt.date, str], list[int]] = {}
    for entry in sorted(view.history.shown, key=lambda entry: entry.order):
        fact = entry.fact
        facility = fact.facility if isinstance(fact, FacilityFact) else None
        if entry.effective <= view.as_of and (not asked_for or facility in asked_for):
            says = f"{fact.event}{f': {fact.note}' if fact.note else ''}"
            if isinstance(fact, PaymentMissed):
                says = f"{' and '.join(fact.of)} due {words.day(fact.due)} not paid"
            together.setdefault((facility, entry.effective, says), []).append(entry.position)
    for (facility, effective, says), positions in together.items():
        yield NotCounted(facility=facility, effective=effective, says=says, because=view.because(positions))


def _waivers_ending(facilities: Iterable[FacilityOn]) -> Iterator[WaiverEnding]:
    for on in facilities:
        for state in on.grants:
            until = state.ends_by_date
            days = (until - on.view.as_of).days if until is not None and state.state == "in_force" else None
            within = next((horizon for horizon in HORIZONS if days is not None and days <= horizon), None)
            if until is not None and days is not None and within is not None:
                yield WaiverEnding(
                    facility=on.name,
                    waiver=state.granted.name,
                    kind=state.granted.kind,
                    until=until,
                    days=days,
                    within=within,
                    because=on.view.because(state.granted.positions),
                )


def _open_conditions(on: FacilityOn) -> Iterator[OpenCondition]:
    world = on.timeline.world
    for amendment in on.amendments():
        for condition in world.amendments[amendment.amendment].fact.conditions:
            if condition.condition in amendment.open_conditions:
                yield _open_condition(on, "amendment", amendment.amendment, condition, amendment.because)
    for state in on.grants:
        if state.state == "pending":
            for condition in state.granted.fact.conditions:
                if not _met(on, state, condition):
                    because = on.view.because(state.granted.positions)
                    yield _open_condition(on, state.granted.kind, state.granted.name, condition, because)


def _met(on: FacilityOn, state: GrantState, condition: Condition) -> bool:
    met = on.timeline.world.conditions_met.get((Name("waiver", state.granted.name), condition.condition))
    in_effect = on.timeline.in_effect.get(condition.amendment) if condition.amendment is not None else None
    days = [day for day in (met.effective if met is not None else None, in_effect) if day is not None]
    return any(day <= on.view.as_of for day in days)


def _open_condition(
    on: FacilityOn, of: Literal["amendment", "waiver", "forbearance"], name: str, condition: Condition, because: Because
) -> OpenCondition:
    says = condition.text or condition.condition
    if condition.amendment is not None:
        says = f"the amendment {condition.amendment} is in effect"
    elif condition.question is not None:
        says = condition.question.replace("_", " ").replace("event of default", "Event of Default")
    return OpenCondition(facility=on.name, of=of, name=name, condition=condition.condition, says=says, because=because)


# --- rates and due dates ---------------------------------------------------------------------------------------------


def _rates(on: FacilityOn) -> FacilityRates:
    opened = on.timeline.world.openings[on.name].effective
    days = {opened, *on.pricing.dates, *(day.day for day in on.timeline.days)}
    stretches: list[RateStretch] = []
    for day in sorted(day for day in days if opened <= day <= on.view.as_of):
        stretch = _stretch(on, day)
        last = stretches[-1] if stretches else None
        if last is not None and _same_rate(last, stretch):
            continue
        if last is not None:
            stretches[-1] = last.model_copy(update={"until": day})
        stretches.append(stretch)
    return FacilityRates(facility=on.name, stretches=tuple(stretches))


def _stretch(on: FacilityOn, day: dt.date) -> RateStretch:
    answer = FacilityOn(on.view.at(day), on.timeline, on.name).rate()
    positions = (reason.position for part in answer.parts for reason in part.because)
    return RateStretch(
        from_=day,
        until=None,
        charged=answer.charged,
        if_default_rate=answer.if_default_rate,
        default_rate_available=answer.default_rate_available,
        because=on.view.because(positions),
    )


def _same_rate(one: RateStretch, other: RateStretch) -> bool:
    return (one.charged, one.if_default_rate, one.default_rate_available) == (
        other.charged,
        other.if_default_rate,
        other.default_rate_available,
    )


def _due_dates(on: FacilityOn) -> Iterator[DueDate]:
    view, owed = on.view, on.owed
    for due in owed.dues.values():
        yield DueDate(
            facility=on.name,
            kind=due.kind,
            on=due.on,
            owed=due.owed,
            state="paid" if due.paid_on is not None else "missed" if due.positions else "silent",
            paid_on=due.paid_on,
            because=view.because((*due.positions, *due.paid_by)),
        )
    for entry in on.timeline.world.about(on.name, FeeAgreed):
        fee = entry.fact
        if isinstance(fee, FeeAgreed) and fee.fee in owed.fees:
            left, positions = owed.fees[fee.fee]
            yield DueDate(
                facility=on.name,
                kind="fee",
                on=fee.due or fee.earned,
                owed=left,
                state="paid" if left == 0 else "owed",
                paid_on=None,
                because=view.because(positions),
            )
    yield from _next_interest(on)
    yield from _ends_of_debt(on)


def _next_interest(on: FacilityOn) -> Iterator[DueDate]:
    """The next scheduled due date of interest, while there is debt to bear any."""
    as_of = on.view.as_of
    day = None if on.books.paid_off_by(as_of) else on.books.next_interest_due(as_of)
    schedule = on.pricing.terms.schedule.on(as_of)
    if day is not None and schedule is not None:
        yield DueDate(
            facility=on.name,
            kind="interest",
            on=day,
            owed=None,
            state="ahead",
            paid_on=None,
            because=on.view.because([schedule.position]),
        )


def _ends_of_debt(on: FacilityOn) -> Iterator[DueDate]:
    """The maturity and the end of the term, unless the maturity is among the payments missed."""
    as_of, terms = on.view.as_of, on.pricing.terms
    matures, term_ends = terms.matures.on(as_of), terms.term_ends.on(as_of)
    if matures is not None and ("principal", matures.value) not in on.owed.dues:
        yield DueDate(
            facility=on.name,
            kind="principal",
            on=matures.value,
            owed=on.owed.outstanding,
            state="ahead" if matures.value > as_of else "paid" if on.books.paid_off_by(as_of) else "silent",
            paid_on=None,
            because=on.view.because([matures.position]),
        )
    if term_ends is not None:
        yield DueDate(
            facility=on.name,
            kind="term",
            on=term_ends.value,
            owed=on.owed.outstanding,
            state="ahead" if term_ends.value > as_of else "silent",
            paid_on=None,
            because=on.view.because([term_ends.position]),
        )


# --- evidence --------------------------------------------------------------------------------------------------------


def _evidence(report: Report, facilities: Iterable[FacilityOn]) -> Iterator[Evidence]:
    for answer, on in zip(report.facilities, facilities, strict=True):
        if on.is_open:
            yield from _of_facility(answer, on)
    for offer in report.offers:
        yield _figure(None, f"offer {offer.offer}", "status", offer.state, offer.because)


def _of_facility(answer: FacilityAnswer, on: FacilityOn) -> Iterator[Evidence]:
    view, name = on.view, answer.facility
    opening = view.because([on.timeline.world.openings[name].position])
    behind = view.because(position for default in on.defaults for position in on.rests_on(default))
    yield _figure(name, "legal status", "status", answer.legal, behind or opening)
    for default in answer.defaults:
        yield _figure(name, f"Default {default.default}", "status", default.state, default.because)
    for waiver in answer.waivers:
        yield _figure(name, f"{waiver.kind} {waiver.waiver}", "status", waiver.state, waiver.because)
    for amendment in answer.amendments:
        value = "in effect" if amendment.in_effect else "not in effect"
        yield _figure(name, f"amendment {amendment.amendment}", "text", value, amendment.because)
    for part in answer.rate.parts:
        size = None if part.rate is None else format(part.rate, "f")
        yield _figure(name, f"rate: {part.part.replace('_', ' ')}", "rate", size, part.because)
    yield from _of_obligations(answer.obligations, on)


def _of_obligations(owed: Obligations, on: FacilityOn) -> Iterator[Evidence]:
    view = on.view
    interest = view.because(on.books.interest_because(on.owed, view.as_of))
    fees = view.because(position for _, positions in on.owed.fees.values() for position in positions)
    figures: tuple[tuple[str, Decimal | None, Because], ...] = (
        ("principal", owed.principal, view.because(on.owed.principal_from)),
        ("accrued interest", owed.accrued_interest, interest),
        ("interest due and unpaid", owed.interest_unpaid, interest),
        ("fees", owed.fees, fees),
        ("interest per 1,000 of principal", owed.interest_per_1000, interest),
    )
    for figure, value, because in figures:
        if value is not None and because:
            yield _figure(on.name, figure, "amount", format(value, "f"), because)


def _figure(facility: str | None, figure: str, kind: ValueKind, value: str | None, because: Because) -> Evidence:
    return Evidence(facility=facility, figure=figure, kind=kind, value=value, because=because)


def _papers(view: View, evidence: Iterable[Evidence]) -> Iterator[Paper]:
    cited = dict.fromkeys(reason.document for each in evidence for reason in each.because if reason.document)
    for name in sorted(cited):
        filed = view.history.documents.get(name)
        yield Paper(
            document=name,
            title=filed.title if filed is not None else name,
            dated=filed.dated if filed is not None else None,
            executed=filed.executed if filed is not None else None,
            status=filed.status if filed is not None else None,
            sha256=filed.sha256 if filed is not None else None,
        )
