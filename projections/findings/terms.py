"""Findings about terms: maturities that differ or pass in silence, amendments that clash, rates that are missing."""

import datetime as dt
from collections.abc import Iterator
from itertools import combinations, pairwise, product

from ledger.facts import FacilityDescribed, FacilityOpened, PaymentMade, TermsStated
from projections.answer import Finding
from projections.terms import subject_of
from projections.timeline import Timeline

_A_DAY = dt.timedelta(days=1)


def term_findings(timeline: Timeline) -> Iterator[Finding]:
    """What is found of the terms of a group, and of what falls due by them."""
    yield from _maturity_conflict(timeline)
    yield from _maturity_unrecorded(timeline)
    yield from _maturity_extended_late(timeline)
    yield from _payment_unrecorded(timeline)
    yield from _amendments_conflict(timeline)
    yield from _rate_gap(timeline)


def _maturity_conflict(timeline: Timeline) -> Iterator[Finding]:
    for facility, terms in timeline.terms.items():
        described = [
            (entry, matures)
            for entry in timeline.world.about(facility, FacilityOpened, TermsStated, FacilityDescribed)
            if (matures := getattr(entry.fact, "matures", None)) is not None
        ]
        for (earlier, before), (later, after) in pairwise(described):
            ruling = terms.matures.on(later.effective)
            if before != after and (ruling is None or ruling.value != after or ruling.position == later.position):
                yield Finding(
                    code="maturity_conflict",
                    facility=facility,
                    on=later.effective,
                    facts=(earlier.position, later.position),
                    question=f"When does {facility} mature? It is described with {before} and with {after}, and no "
                    f"extension is recorded.",
                )


def _maturity_unrecorded(timeline: Timeline) -> Iterator[Finding]:
    for facility, terms in timeline.terms.items():
        matured = {said.value for said in terms.matures.said if terms.matures.on(said.value) == said}
        for day in sorted(matured):
            books = timeline.books[facility]
            closed = timeline.on(day).legal[facility] in ("closed", "not_open")
            payments = [e for e in timeline.world.history.of(PaymentMade) if e.fact.facility == facility]
            paid = any(e.fact.of == "principal" and day in (e.fact.due, e.effective) for e in payments)
            if not (paid or closed or ("principal", day) in books.missed or books.paid_off_by(day)):
                yield Finding(
                    code="maturity_unrecorded",
                    facility=facility,
                    on=day,
                    facts=tuple(said.position for said in terms.matures.said if said.value == day),
                    question=f"Was {facility} paid when it matured on {day}? Neither payment nor failure is recorded.",
                )


def _maturity_extended_late(timeline: Timeline) -> Iterator[Finding]:
    for root in timeline.roots:
        debt, due = root.cause.debt, root.cause.on
        extended = timeline.terms[debt].extended(due) if root.cause.name == "principal" and due is not None else None
        if due is not None and extended is not None and extended[0] > due:
            yield Finding(
                code="maturity_extended_late",
                facility=debt,
                on=extended[0],
                facts=(*root.positions, extended[1]),
                question=f"What became of the failure to pay {debt} at its maturity of {due}? The maturity was moved "
                f"when it had passed; the failure is taken to end with that, on {extended[0]}.",
            )


def _payment_unrecorded(timeline: Timeline) -> Iterator[Finding]:
    for facility, books in timeline.books.items():
        silent = (due.on for due in books.passed_in_silence if timeline.on(due.on).legal[facility] != "closed")
        day = next(silent, None)
        schedule = timeline.terms[facility].schedule.on(day) if day is not None else None
        if day is not None and schedule is not None:
            yield Finding(
                code="payment_unrecorded",
                facility=facility,
                on=day,
                facts=(schedule.position,),
                question=f"Was the interest of {facility} that fell due on {day} paid? Neither payment nor failure is "
                f"recorded.",
            )


def _amendments_conflict(timeline: Timeline) -> Iterator[Finding]:
    signed = sorted((timeline.world.amendments[name] for name in timeline.in_effect), key=lambda entry: entry.order)
    for older, newer in combinations(signed, 2):
        if older.fact.facility != newer.fact.facility:
            continue
        for before, after in product(older.fact.changes, newer.fact.changes):
            if subject_of(before) == subject_of(after) and after.from_ <= before.from_:
                yield Finding(
                    code="amendments_conflict",
                    facility=newer.fact.facility,
                    on=newer.effective,
                    facts=(older.position, newer.position),
                    question=f"Does anything remain of the {' '.join(subject_of(before))} that {older.fact.amendment} "
                    f"sets from {before.from_}? {newer.fact.amendment}, signed later, sets it from {after.from_}, and "
                    f"is taken to control.",
                )


def _rate_gap(timeline: Timeline) -> Iterator[Finding]:
    for name in timeline.in_effect:
        amendment = timeline.world.amendments[name]
        facility = amendment.fact.facility
        for change in amendment.fact.changes:
            eve = change.from_ - _A_DAY
            opened = eve >= timeline.world.openings[facility].effective
            if change.change == "rate" and opened and timeline.terms[facility].rate.on(eve) is None:
                yield Finding(
                    code="rate_gap",
                    facility=facility,
                    on=min(amendment.effective, eve),
                    facts=(amendment.position,),
                    question=f"Which rate ruled up to {eve}? {name} replaces the definition from {change.from_} on, "
                    f"and the record has none for before.",
                )
