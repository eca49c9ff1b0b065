"""Findings about Defaults: what a clause leaves open, failures without an amount, payments said twice."""

import datetime as dt
from collections.abc import Iterator

from ledger.facts import PaymentMade, PaymentMissed
from projections.answer import Finding
from projections.defaults import grace_of
from projections.history import Entry
from projections.timeline import Timeline


def default_findings(timeline: Timeline) -> Iterator[Finding]:
    """What is found of the Defaults of a group, and of the failures behind them."""
    yield from _grace_not_stated(timeline)
    yield from _heals_not_stated(timeline)
    yield from _amount_not_stated(timeline)
    yield from _threshold_not_tested(timeline)
    yield from _paid_and_missed(timeline)


def _grace_not_stated(timeline: Timeline) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for day in timeline.days:
        for key, default in day.live.items():
            grace = grace_of(key.cause, default.clause.value, default.arose, timeline.terms)
            if grace == "not_stated" and (key.facility, key.clause) not in seen:
                seen.add((key.facility, key.clause))
                facts = (default.clause.position, *default.root.positions)
                yield Finding(
                    code="grace_not_stated",
                    facility=key.facility,
                    on=default.arose,
                    facts=facts,
                    question=f"What is the grace of the clause {key.clause}? Without one, {key} is an Event of Default "
                    f"at once.",
                )


def _heals_not_stated(timeline: Timeline) -> Iterator[Finding]:
    seen: set[object] = set()
    for day in timeline.days:
        for key, default in day.live.items():
            healing_open = default.clause.value.heals == "not_stated"
            if default.outlives_failure and healing_open and key not in seen:
                seen.add(key)
                ended = default.root.ended_because if not default.root.fails_on(day.day) else ()
                yield Finding(
                    code="heals_not_stated",
                    facility=key.facility,
                    on=day.day,
                    facts=(default.clause.position, *default.root.positions, *ended),
                    question=f"Does the end of the failure end the Event of Default {key}? The clause does not say, so "
                    f"it continues.",
                )


def _amount_not_stated(timeline: Timeline) -> Iterator[Finding]:
    for root in timeline.roots:
        for position in root.unclear:
            entry = timeline.world.history.by_position[position]
            yield Finding(
                code="amount_not_stated",
                facility=root.cause.debt,
                on=entry.effective,
                facts=(*root.positions, position),
                question=f"Was this the full {root.cause.name} due on {root.cause.on}? Neither the record nor the "
                f"terms give the amount missed, so the failure is taken to last.",
            )


def _threshold_not_tested(timeline: Timeline) -> Iterator[Finding]:
    for facility, said, debt, root, day in timeline.untested:
        yield Finding(
            code="threshold_not_tested",
            facility=facility,
            on=day,
            facts=(said.position, *root.positions),
            question=f"Is {debt} above the threshold of the clause {said.value.clause}? Its principal is "
            f"not stated, so the clause is taken not to apply.",
        )


def _paid_and_missed(timeline: Timeline) -> Iterator[Finding]:
    history = timeline.world.history
    payments: dict[tuple[str, dt.date | None], list[Entry[PaymentMade]]] = {}
    for made in history.of(PaymentMade):
        payments.setdefault((made.fact.facility, made.fact.due), []).append(made)
    for missed in history.of(PaymentMissed):
        for paid in payments.get((missed.fact.facility, missed.fact.due), ()):
            if paid.fact.of in missed.fact.of and paid.effective <= missed.effective:
                yield Finding(
                    code="paid_and_missed",
                    facility=missed.fact.facility,
                    on=missed.effective,
                    facts=(paid.position, missed.position),
                    question=f"Was the {paid.fact.of} due on {missed.fact.due} paid or missed? The record says both.",
                )
