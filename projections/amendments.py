"""Papers that wait for conditions: amendments, and waivers and annulments with a question among their conditions.

When everything but the questions is satisfied, and which of the papers have to be asked about together.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ledger.facts.amendments import ConditionFact
from ledger.facts.names import Name
from ledger.facts.terms import Condition
from projections.history import END_OF_TIME, Entry, Order
from projections.world import World

InEffect = Mapping[Name, dt.date]
"""The papers that took effect, each with the day on which its last condition was met."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Papers that hang on one another, or one by itself, with all but their questions satisfied."""

    names: tuple[Name, ...]
    since: Order
    """The place in the world of the last fact by which all else was satisfied."""


def amendment(name: str) -> Name:
    """An amendment among the papers."""
    return Name("amendment", name)


def awaited(world: World) -> frozenset[Name]:
    """The amendments that a grant or an annulment waits for, by itself or through other amendments."""
    found: set[Name] = set()
    todo = [condition for entry in world.grants for condition in entry.fact.conditions]
    todo += [condition for entry in world.annulments.values() for condition in entry.fact.conditions or ()]
    while todo:
        other = amendment(str(todo.pop().amendment))
        if other.name in world.amendments and other not in found:
            found.add(other)
            todo += world.amendments[other.name].fact.conditions
    return frozenset(found)


def ready(world: World, in_effect: InEffect, day: dt.date) -> list[Ready]:
    """The papers that on a day wait only for an answer, in the order in which they are asked about."""
    satisfied = {
        name: since
        for name in world.papers
        if name not in in_effect and (since := _all_else_since(name, in_effect, world, day)) is not None
    }
    found: dict[tuple[Name, ...], Ready] = {}
    for name in satisfied:
        together = _together(name, satisfied, in_effect, world, day)
        if together is not None:
            found[together] = Ready(together, max(satisfied[each] for each in together))
    asked = [each for each in found.values() if not _holds_another(each, found)]
    return sorted(asked, key=lambda each: each.since)


def _holds_another(these: Ready, found: Collection[tuple[Name, ...]]) -> bool:
    """Whether a part of some amendments can be asked about by itself; a waiver may be what its amendment needs."""
    amendments = all(name.kind == "amendment" for name in these.names)
    return amendments and any(set(other) < set(these.names) for other in found)


def questions(names: Iterable[Name], world: World, day: dt.date) -> list[tuple[str, Condition]]:
    """The questions that are conditions of these papers and that nobody waived by a day, each with its facility."""
    papers = [(name, world.papers[name].fact) for name in names]
    return [
        (fact.facility, condition)
        for name, fact in papers
        for condition in fact.conditions or ()
        if condition.question is not None and met_by_fact(name, condition, world, day) is None
    ]


def met_by_fact(name: Name, condition: Condition, world: World, day: dt.date) -> Entry[ConditionFact] | None:
    """The first fact that by a day satisfies or waives a condition; of a question, the first that waives it."""
    facts = world.conditions_met if condition.question is None else world.conditions_waived
    met = facts.get((name, condition.condition))
    return met if met is not None and met.effective <= day else None


def took_effect_at(name: Name, in_effect: InEffect, world: World, asked: Collection[Name] = ()) -> Order | None:
    """The place in the world at which a paper took effect, if it did: that of the last fact by which it did.

    A question is answered at the end of its day. Papers that hang on one another, those `asked` about, take effect at
    once.
    """
    if name not in in_effect:
        return None
    paper, end = world.papers[name], (in_effect[name], END_OF_TIME, 0)
    since = paper.order
    for condition in paper.fact.conditions or ():
        met = met_by_fact(name, condition, world, in_effect[name])
        if met is None and condition.question is not None:
            return end
        other = amendment(str(condition.amendment))
        took_effect = None if other in asked else took_effect_at(other, in_effect, world, (*asked, name))
        moments = (None if met is None else met.order, took_effect)
        since = max(since, min((each for each in moments if each is not None), default=since))
    return since if since[0] == in_effect[name] else end


def _all_else_since(name: Name, in_effect: InEffect, world: World, day: dt.date) -> Order | None:
    """When all but questions, and papers that wait too, was satisfied by a day; else the signing. None: not by then."""
    paper = world.papers[name]
    if paper.effective > day:
        return None
    since = paper.order
    for condition in paper.fact.conditions or ():
        met = met_by_fact(name, condition, world, day)
        if met is not None:
            since = max(since, met.order)
        elif condition.amendment is not None:
            since = max(since, took_effect_at(amendment(condition.amendment), in_effect, world) or since)
        elif condition.question is None:
            return None
    return since


def _together(
    name: Name, satisfied: Collection[Name], in_effect: Collection[Name], world: World, day: dt.date
) -> tuple[Name, ...] | None:
    """The papers that `name` hangs on, itself included, down to those in effect; None where one is not ready."""
    reached, todo = {name}, [name]
    while todo:
        this = todo.pop()
        for condition in world.papers[this].fact.conditions or ():
            if condition.amendment is None or met_by_fact(this, condition, world, day):
                continue
            other = amendment(condition.amendment)
            if other in in_effect or other in reached:
                continue
            if other not in satisfied:
                return None
            reached.add(other)
            todo.append(other)
    return tuple(sorted(reached))
