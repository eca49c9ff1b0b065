"""Amendments: when everything but the questions is satisfied, and which of them have to be asked together."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ledger.facts import AmendmentSigned
from ledger.facts.amendments import ConditionFact
from ledger.facts.names import Name
from ledger.facts.terms import Condition
from projections.history import Entry, Order
from projections.world import World


@dataclass(frozen=True, slots=True)
class Ready:
    """Amendments that are conditions of one another, or one by itself, with all but their questions satisfied."""

    names: tuple[str, ...]
    since: Order
    """The place in the world of the last fact by which all else was satisfied."""


def ready(world: World, in_effect: Collection[str], day: dt.date) -> list[Ready]:
    """The amendments that on a day wait only for an answer, in the order in which they are asked."""
    satisfied = {
        name: since
        for name, entry in world.amendments.items()
        if name not in in_effect and (since := _all_else_since(entry, world, day)) is not None
    }
    found: dict[tuple[str, ...], Ready] = {}
    for name in satisfied:
        together = _together(name, satisfied, in_effect, world, day)
        if together is not None:
            found[together] = Ready(together, max(satisfied[each] for each in together))
    smallest = [each for each in found.values() if not any(set(other) < set(each.names) for other in found)]
    return sorted(smallest, key=lambda each: each.since)


def questions(names: Iterable[str], world: World, day: dt.date) -> list[tuple[Entry[AmendmentSigned], Condition]]:
    """The questions to the derivation that are conditions of these amendments, and that nobody waived by a day."""
    return [
        (world.amendments[name], condition)
        for name in names
        for condition in world.amendments[name].fact.conditions
        if condition.question is not None and met_by_fact(name, condition, world, day) is None
    ]


def met_by_fact(name: str, condition: Condition, world: World, day: dt.date) -> Entry[ConditionFact] | None:
    """The first fact that by a day satisfies or waives a condition; of a question, the first that waives it."""
    facts = world.conditions_met if condition.question is None else world.conditions_waived
    met = facts.get((Name("amendment", name), condition.condition))
    return met if met is not None and met.effective <= day else None


def _all_else_since(entry: Entry[AmendmentSigned], world: World, day: dt.date) -> Order | None:
    """When the last condition that a fact satisfied by a day was satisfied; else the signing. None: not by that day."""
    if entry.effective > day:
        return None
    since = entry.order
    for condition in entry.fact.conditions:
        met = met_by_fact(entry.fact.amendment, condition, world, day)
        if met is not None:
            since = max(since, met.order)
        elif condition.question is None and condition.amendment is None:
            return None
    return since


def _together(
    name: str, satisfied: Collection[str], in_effect: Collection[str], world: World, day: dt.date
) -> tuple[str, ...] | None:
    """The amendments that `name` hangs on, itself included, down to those in effect; None where one is not ready."""
    reached, todo = {name}, [name]
    while todo:
        this = todo.pop()
        for condition in world.amendments[this].fact.conditions:
            other = condition.amendment
            if other is None or other in in_effect or other in reached or met_by_fact(this, condition, world, day):
                continue
            if other not in satisfied:
                return None
            reached.add(other)
            todo.append(other)
    return tuple(sorted(reached))
