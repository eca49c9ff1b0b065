"""Findings about waivers and forbearances: how they ended, what lies between them, what they cover."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from ledger.facts import ActTaken, CovenantTested, PaymentMissed
from ledger.facts.base import Fact
from ledger.facts.waivers import ActEnd, CovenantCovered, DefaultsCovered, PaymentsCovered, Scope
from projections import words
from projections.answer import Finding
from projections.timeline import Timeline
from projections.waivers import Granted, concerns_trigger, decision, triggers

_Failure = tuple[str, str, dt.date]

_A_DAY = dt.timedelta(days=1)


def waiver_findings(timeline: Timeline) -> Iterator[Finding]:
    """What is found of the waivers and forbearances of a group."""
    yield from _revival_not_stated(timeline)
    yield from _gap_between_waivers(timeline)
    yield from _covers_unrecorded_failure(timeline)
    yield from _acts_near_a_trigger(timeline)
    yield from _extends_ended_waiver(timeline)
    yield from _term_ended_before_waiver(timeline)


def _revival_not_stated(timeline: Timeline) -> Iterator[Finding]:
    for state in timeline.grants:
        ended = state.ended
        waived = state.granted.kind == "waiver" and state.began is not None  # a forbearance stops no interest
        if ended is None or not waived or ended.revival != "not_stated" or state.state == "superseded":
            continue
        eve = timeline.on(ended.when.day - _A_DAY)
        covered = [str(key) for key, default in eve.live.items() if state.granted in default.covered_by]
        if covered:
            yield Finding(
                code="revival_not_stated",
                facility=state.granted.fact.facility,
                on=ended.when.day,
                facts=ended.positions,
                question=f"When {state.granted.name} ended, did what it had covered revive as of its original date? It "
                f"covered {words.each_once(covered)}; default interest for the waived time hangs on the answer.",
            )


def _gap_between_waivers(timeline: Timeline) -> Iterator[Finding]:
    left: dict[object, tuple[Granted, dt.date]] = {}
    seen: set[tuple[int, int]] = set()
    for before, after in pairwise(timeline.days):
        for key in [key for key in left if key in after.cured]:
            del left[key]
        for key, default in after.live.items():
            earlier = before.live.get(key)
            if default.covered_by and key in left:
                first, since = left.pop(key)
                pair = (first.source.position, default.covered_by[0].source.position)
                if pair not in seen:
                    seen.add(pair)
                    yield Finding(
                        code="gap_between_waivers",
                        facility=key.facility,
                        on=since,
                        facts=pair,
                        question=f"Did anything cover {key} from {since} to the day before {after.day}, between "
                        f"{first.name} and {default.covered_by[0].name}?",
                    )
            elif default.state in ("continuing", "grace") and earlier is not None and earlier.covered_by:
                left[key] = (earlier.covered_by[0], after.day)


def _covers_unrecorded_failure(timeline: Timeline) -> Iterator[Finding]:
    history = timeline.world.history
    recorded: set[_Failure] = {
        (e.fact.facility, kind, e.fact.due) for e in history.of(PaymentMissed) for kind in e.fact.of
    }
    arisen = {str(key) for key in {key for day in timeline.days for key in day.live}}
    tests = [e.fact for e in history.of(CovenantTested) if not e.fact.met]
    breached = {(fact.facility, fact.covenant, fact.test_date) for fact in tests}
    for entry in timeline.world.grants:
        unrecorded: list[str] = []
        for scope in entry.fact.covers:
            if isinstance(scope, PaymentsCovered):
                unrecorded += _unrecorded(scope, recorded)
            elif isinstance(scope, DefaultsCovered):
                unrecorded += [default for default in scope.defaults if default not in arisen]
            elif isinstance(scope, CovenantCovered):
                days = [day for day in scope.tests or () if (entry.fact.facility, scope.covenant, day) not in breached]
                unrecorded += [f"{scope.covenant} as of {day}" for day in days]
        if unrecorded:
            recited = [e.position for e in history.shown if _recites(e.fact, entry.fact.covers)]
            yield Finding(
                code="covers_unrecorded_failure",
                facility=entry.fact.facility,
                on=entry.effective,
                facts=(entry.position, *recited),
                question=f"{entry.fact.grant} covers failures that the record does not establish: "
                f"{words.each_once(unrecorded)}. Did they happen?",
            )


def _unrecorded(scope: PaymentsCovered, recorded: set[_Failure]) -> Iterator[str]:
    """The debts of a scope, with the due dates that it names, of which no failure is recorded."""
    for debt in scope.of or ():
        if scope.due is None:
            if not any(name == debt and kind in scope.payments for name, kind, _ in recorded):
                yield debt
        else:
            open_dates = [d for d in scope.due if not any((debt, kind, d) in recorded for kind in scope.payments)]
            if open_dates:
                yield f"{debt} due {' and '.join(str(day) for day in open_dates)}"


def _recites(fact: Fact, covers: Iterable[Scope]) -> bool:
    """Whether a fact that does not count mentions a failure within a scope."""
    return isinstance(fact, PaymentMissed) and any(
        isinstance(scope, PaymentsCovered)
        and (scope.of is None or fact.facility in scope.of)
        and (scope.due is None or fact.due in scope.due)
        for scope in covers
    )


def _acts_near_a_trigger(timeline: Timeline) -> Iterator[Finding]:
    world, acts = timeline.world, timeline.world.history.of(ActTaken)
    ended = {state.granted.entry.position: state.ended for state in timeline.grants if state.granted.extension is None}
    for granted in map(Granted, world.grants):
        ends, over = [end for end in granted.fact.ends if isinstance(end, ActEnd)], ended.get(granted.entry.position)
        for act in acts[bisect_right(acts, granted.entry.order, key=lambda each: each.order) :] if ends else ():
            if over is not None and over.when.day < act.effective:
                break
            near = [end for end in ends if concerns_trigger(end, granted, act.fact, world)]
            full = any(triggers(end, granted, act.fact, world) for end in near)
            if near and not full and not decision(granted, act, world):
                yield Finding(
                    code="act_nearly_matches",
                    facility=granted.fact.facility,
                    on=act.effective,
                    facts=(*granted.positions, act.position),
                    question=f"Does the act {act.fact.act} end {granted.name}? Its debt and its actor are those of the "
                    f"trigger, its aim is not. A TriggerDecided records the decision.",
                )


def _extends_ended_waiver(timeline: Timeline) -> Iterator[Finding]:
    for state in timeline.grants:
        extension = state.granted.extension
        if extension is not None:
            yield Finding(
                code="extends_ended_waiver",
                facility=state.granted.fact.facility,
                on=extension.effective,
                facts=state.granted.positions,
                question=f"Was {state.granted.name} granted anew? It had ended when it was extended.",
            )


def _term_ended_before_waiver(timeline: Timeline) -> Iterator[Finding]:
    for entry in timeline.world.grants:
        term = timeline.terms[entry.fact.facility].term_ends.on(entry.effective)
        if term is not None and term.value <= entry.effective:
            yield Finding(
                code="term_ended_before_waiver",
                facility=entry.fact.facility,
                on=entry.effective,
                facts=(term.position, entry.position),
                question=f"Was the agreement renewed? Its term ended on {term.value}, before {entry.fact.grant} was "
                f"granted, and no new term is recorded.",
            )
