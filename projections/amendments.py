"""Amendments: when everything but the questions is satisfied, and which of them have to be asked together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ledger.facts import AmendmentSigned, ConditionWaived
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


def ready(world: World, in_effect: Collection[str]) -> list[Ready]:
    """The amendments that wait only for an answer, in the order in which they are asked."""
    satisfied = {
        name: since
        for name, entry in world.amendments.items()
        if name not in in_effect and (since := _all_else_since(entry, world)) is not None
    }
    found: dict[tuple[str, ...], Ready] = {}
    for name in satisfied:
        together = _together(name, satisfied, in_effect, world)
        if together is not None:
            found[together] = Ready(together, max(satisfied[each] for each in together))
    smallest = [each for each in found.values() if not any(set(other) < set(each.names) for other in found)]
    return sorted(smallest, key=lambda each: each.since)


def questions(names: Iterable[str], world: World) -> list[tuple[Entry[AmendmentSigned], Condition]]:
    """The questions to the derivation that are conditions of these amendments, and that nobody waived."""
    return [
        (world.amendments[name], condition)
        for name in names
        for condition in world.amendments[name].fact.conditions
        if condition.question is not None and met_by_fact(name, condition, world) is None
    ]


def met_by_fact(name: str, condition: Condition, world: World) -> Entry[ConditionFact] | None:
    """The fact that satisfies or waives a condition; only a waiver of it takes the place of an answer to a question."""
    met = world.conditions_met.get((Name("amendment", name), condition.condition))
    answered_by_fact = condition.question is None or (met is not None and isinstance(met.fact, ConditionWaived))
    return met if answered_by_fact else None


def _all_else_since(entry: Entry[AmendmentSigned], world: World) -> Order | None:
    """When the last condition that a fact satisfies was satisfied; the signing, if there is none. None: not yet."""
    since = entry.order
    for condition in entry.fact.conditions:
        met = met_by_fact(entry.fact.amendment, condition, world)
        if met is not None:
            since = max(since, met.order)
        elif condition.question is None and condition.amendment is None:
            return None
    return since


def _together(
    name: str, satisfied: Collection[str], in_effect: Collection[str], world: World
) -> tuple[str, ...] | None:
    """The amendments that `name` hangs on, itself included, down to those in effect; None where one is not ready."""
    reached, todo = {name}, [name]
    while todo:
        this = todo.pop()
        for condition in world.amendments[this].fact.conditions:
            other = condition.amendment
            if other is None or other in in_effect or other in reached or met_by_fact(this, condition, world):
                continue
            if other not in satisfied:
                return None
            reached.add(other)
            todo.append(other)
    return tuple(sorted(reached))
