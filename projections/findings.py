"""Findings: what does not fit, and what the record leaves open. One small function a question.

A finding repairs nothing and guesses nothing; it names the facts and asks. It is dated with the day on which the matter
arises, and a report carries every finding dated on or before its day.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise, product

from ledger.facts import (
    ActTaken,
    BalanceStated,
    CovenantTested,
    DefaultRateElected,
    DefaultRateEnded,
    FacilityDescribed,
    FacilityOpened,
    IndexFixed,
    LoanAdvanced,
    NoticeGiven,
    PaymentMade,
    PaymentMissed,
    TermsStated,
)
from ledger.facts.base import Fact
from ledger.facts.waivers import ActEnd, CovenantCovered, DefaultsCovered, PaymentsCovered, Scope
from projections.answer import Finding
from projections.defaults import grace_of
from projections.history import AFact, Entry, Order
from projections.money_findings import money_findings
from projections.paper_findings import clause_missing, listed, representation_fails
from projections.terms import subject_of
from projections.timeline import Timeline
from projections.waivers import Granted, concerns_trigger, decision, gives_notice, rescinds, triggers


def group_findings(timeline: Timeline) -> list[Finding]:
    """Everything found in one group of facilities, on all its dates."""
    found: list[Finding] = []
    for question in (
        _grace_not_stated,
        _heals_not_stated,
        _revival_not_stated,
        _gap_between_waivers,
        _covers_unrecorded_failure,
        _acts_near_a_trigger,
        _grants_of_one_day,
        _facts_of_one_day,
        _extends_ended_waiver,
        _term_ended_before_waiver,
        _maturity_conflict,
        _maturity_unrecorded,
        _payment_unrecorded,
        _paid_and_missed,
        _amount_not_stated,
        _threshold_not_tested,
        _maturity_extended_late,
        _amendments_conflict,
        _rate_gap,
        representation_fails,
        clause_missing,
    ):
        found.extend(question(timeline))
    found.extend(money_findings(timeline))
    return found


_Failure = tuple[str, str, dt.date]

_A_DAY = dt.timedelta(days=1)


# --- defaults --------------------------------------------------------------------------------------------------------


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


# --- waivers ---------------------------------------------------------------------------------------------------------


def _revival_not_stated(timeline: Timeline) -> Iterator[Finding]:
    for state in timeline.grants:
        ended = state.ended
        if ended is None or state.began is None or ended.revival != "not_stated" or state.state == "superseded":
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
                f"covered {listed(covered)}; default interest for the waived time hangs on the answer.",
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
                f"{listed(unrecorded)}. Did they happen?",
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


def _grants_of_one_day(timeline: Timeline) -> Iterator[Finding]:
    world = timeline.world
    acts, notices = _by_instant(world.history.of(ActTaken)), _by_instant(world.history.of(NoticeGiven))
    for granted in (state.granted for state in timeline.grants):
        source, now = granted.source, granted.source.order[:2]
        ends: list[tuple[Entry[Fact], str]] = [
            (act, f"the act {act.fact.act}")
            for act in acts.get(now, ())
            if rescinds(granted, act, world) and not decision(granted, act, world)
        ]
        ends += [(each, "the notice of its end") for each in notices.get(now, ()) if gives_notice(granted, each, world)]
        for entry, what in ends:
            yield Finding(
                code="same_day_order_not_stated",
                facility=granted.fact.facility,
                on=source.effective,
                facts=(*granted.positions, entry.position),
                question=f"Which came first on {source.effective}, {granted.name} or {what}? Without times of day "
                f"the order of recording decides.",
            )


def _by_instant(entries: Iterable[Entry[AFact]]) -> Mapping[tuple[dt.date, dt.datetime], list[Entry[AFact]]]:
    found: dict[tuple[dt.date, dt.datetime], list[Entry[AFact]]] = {}
    for entry in entries:
        found.setdefault(entry.order[:2], []).append(entry)
    return found


def _facts_of_one_day(timeline: Timeline) -> Iterator[Finding]:
    together: dict[tuple[Order, str | None, str], list[tuple[object, int]]] = {}
    for entry in timeline.world.history.entries:
        for facility, what, value in _settles(entry.fact):
            together.setdefault(((*entry.order[:2], 0), facility, what), []).append((value, entry.position))
    for (order, facility, what), said in together.items():
        if len({value for value, _ in said}) > 1:
            yield Finding(
                code="same_day_order_not_stated",
                facility=facility,
                on=order[0],
                facts=tuple(position for _, position in said),
                question=f"Which came last on {order[0]} and settles {what}? Without times of day the order of "
                f"recording decides.",
            )


def _settles(fact: Fact) -> Iterator[tuple[str | None, str, object]]:
    """What a fact settles, of which facility, and how: facts of one instant that settle it alike need no order."""
    match fact:
        case IndexFixed():
            yield None, f"the level of {fact.index}", fact.rate
        case CovenantTested():
            yield fact.facility, f"whether {fact.covenant} was met as of {fact.test_date}", fact.met
        case BalanceStated() if fact.principal is not None:
            yield fact.facility, "the principal outstanding", fact.principal
        case LoanAdvanced():
            yield fact.facility, "the principal outstanding", "moved"
        case PaymentMade() if fact.of in (None, "principal"):
            yield fact.facility, "the principal outstanding", "moved"
        case DefaultRateElected() | DefaultRateEnded():
            yield fact.facility, "whether the default rate is charged", fact.event
        case _:
            return


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


# --- facilities ------------------------------------------------------------------------------------------------------


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
