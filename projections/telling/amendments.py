"""The story of an amendment: what it changes, what it waited for, when it took effect, what still stands in its way."""

import datetime as dt
from collections.abc import Iterator

from ledger.facts import AmendmentSigned, ConditionWaived
from ledger.facts.amendments import AnyChange, ClauseDeleted, CovenantDeleted, OptionClosed
from ledger.facts.terms import Condition
from projections import words
from projections.amendments import amendment, met_by_fact, questions, ready
from projections.answer import Happening, HappeningKind, Step
from projections.history import Entry
from projections.reasons import behind_amendment, let_pass
from projections.report import FacilityOn
from projections.standing import cited
from projections.terms import subject_of
from projections.timeline import holds


def chronicle_of_amendment(on: FacilityOn, name: str) -> tuple[Step, ...]:
    """What happened to an amendment that is signed by the date, in order."""
    entry = on.timeline.world.amendments[name]
    in_effect = on.timeline.in_effect.get(name, dt.date.max)
    told = [_signed(on, entry)]
    for condition in entry.fact.conditions:
        told += _met(on, entry, condition, in_effect)
    told.sort(key=lambda step: step.happening.on if step.happening is not None else dt.date.min)
    if in_effect <= on.view.as_of:
        behind = behind_amendment(on.timeline, name, on.view.as_of)
        return (*told, _step(on, in_effect, "took_effect", f"The amendment {name} took effect on {in_effect}", behind))
    return (*told, _waits(on, entry))


def _step(on: FacilityOn, day: dt.date, what: HappeningKind, sentence: str, positions: tuple[int, ...]) -> Step:
    return cited(on, Happening(on=day, what=what), sentence, positions)


def _signed(on: FacilityOn, entry: Entry[AmendmentSigned]) -> Step:
    fact = entry.fact
    dated = f", dated {fact.dated}," if fact.dated != entry.effective else ""
    changes = words.listed(f"{_changed(change)} from {change.from_} on" for change in fact.changes)
    awaited = words.listed(condition.condition for condition in fact.conditions)
    conditions = "conditions" if len(fact.conditions) > 1 else "condition"
    sentence = f"The amendment {fact.amendment}{dated} was signed on {entry.effective}"
    sentence += (f"; it changes {changes}" if changes else "") + (
        f"; it has the {conditions} {awaited}" if awaited else ""
    )
    return _step(on, entry.effective, "signed", sentence, (entry.position,))


def _changed(change: AnyChange) -> str:
    """What a change is about, and whether it takes that away."""
    kind, *name = subject_of(change)
    gone = {ClauseDeleted: ["deleted"], CovenantDeleted: ["deleted"], OptionClosed: ["closed"]}.get(type(change), [])
    return " ".join(["the", _TERMS.get(kind, kind), *name, *gone])


_TERMS = {"matures": "maturity", "term_ends": "term", "application": "order of payments"}


def _met(on: FacilityOn, entry: Entry[AmendmentSigned], condition: Condition, in_effect: dt.date) -> Iterator[Step]:
    """When a condition was met, if it was by the date, and by what."""
    name, world, as_of = entry.fact.amendment, on.timeline.world, on.view.as_of
    fact = met_by_fact(amendment(name), condition, world, as_of)
    if fact is not None:
        how = "waived" if isinstance(fact.fact, ConditionWaived) else "satisfied"
        sentence = f"Its condition {condition.condition} was {how} on {fact.effective}"
        yield _step(on, fact.effective, "condition_met", sentence, (fact.position,))
    elif condition.amendment is not None:
        since = on.timeline.in_effect.get(condition.amendment, dt.date.max)
        if since <= as_of:
            sentence = f"Its condition {condition.condition} was met on {since}, when {condition.amendment} took effect"
            yield _step(on, since, "condition_met", sentence, behind_amendment(on.timeline, condition.amendment, as_of))
    elif condition.question is not None and in_effect <= as_of:
        asked = _ASKED[condition.question]
        sentence = f"With it in effect, {on.name} had no {asked} on {in_effect} that was not waived"
        yield _step(on, in_effect, "condition_met", sentence, let_pass(on.timeline, name, in_effect))


_ASKED = {
    "no_event_of_default_after_giving_effect": "Event of Default",
    "no_default_after_giving_effect": "Default",
}


def _waits(on: FacilityOn, entry: Entry[AmendmentSigned]) -> Step:
    """That it is not in effect, what is open, and where only a question is, what stands in its way."""
    timeline, day, name = on.timeline, on.view.as_of, entry.fact.amendment
    (answer,) = [each for each in on.amendments() if each.amendment == name]
    sentence = f"On {day} the amendment {name} is not in effect: it waits for {words.listed(answer.open_conditions)}"
    positions = [entry.position]
    by_then = {paper: since for paper, since in timeline.papers.items() if since <= day}
    for candidate in ready(timeline.world, by_then, day):
        if amendment(name) in candidate.names:
            tried = timeline.tries.tried(candidate.names, by_then, day).on(day)
            for facility, condition in questions(candidate.names, timeline.world, day):
                if not holds(condition.question, tried, facility):
                    events = condition.question == "no_event_of_default_after_giving_effect"
                    existing = tried.not_waived(facility)
                    against = [each for each in existing if each.event_of_default or not events]
                    there = words.listed(str(each.key) for each in against)
                    sentence += f"; even with it in effect there would be {there}"
                    positions += [p for each in against for p in (*each.root.positions, each.clause.position)]
    return _step(on, day, "waits", sentence, tuple(positions))
