"""What followed on every date: the sweeps, and the papers that take effect on the way.

A pending amendment whose last condition is a question to the derivation is tried out: the group is swept with it, and
with all that hangs on it, in effect. Where the answer is yes, the days before are derived again with it, from the
earliest date of its changes; what was asked and answered on earlier days stands (docs/DERIVATION.md, 4). Waivers and
annulments that have such a condition are tried out too; they change nothing before the day of the answer.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ledger.facts.names import Name
from projections.agenda import put
from projections.amendments import InEffect, awaited, questions, ready
from projections.arising import Untested
from projections.defaults import RootCause
from projections.obligations import Books
from projections.rates import Pricing
from projections.resume import resumed
from projections.states import Day, GrantState, Legal
from projections.sweep import NEVER, Sweep
from projections.terms import FacilityTerms
from projections.world import World


@dataclass(frozen=True)
class Timeline:
    """What followed for one group of facilities, on every date."""

    world: World
    papers: InEffect
    """The papers that took effect, each with the day on which its last condition was met."""
    days: tuple[Day, ...]
    roots: tuple[RootCause, ...]
    terms: Mapping[str, FacilityTerms]
    pricing: Mapping[str, Pricing]
    books: Mapping[str, Books]
    """The books at the contract rate."""
    untested: tuple[Untested, ...]
    tries: "Tries" = field(repr=False, compare=False)
    """The passes by which it was derived, for another to go on from."""

    @cached_property
    def in_effect(self) -> Mapping[str, dt.date]:
        """The amendments among the papers, by name."""
        return {name.name: since for name, since in self.papers.items() if name.kind == "amendment"}

    @cached_property
    def answered(self) -> dict[dt.date, Day]:
        """What was asked for already of the days on which questions were answered."""
        return {}

    @cached_property
    def _starts(self) -> list[dt.date]:
        return [day.day for day in self.days]

    def on(self, day: dt.date) -> Day:
        """The state at the end of a day."""
        index = bisect_right(self._starts, day)
        return (
            self.days[index - 1] if index else Day(day, {}, {}, (), {}, dict.fromkeys(self.world.openings, "not_open"))
        )

    @property
    def grants(self) -> tuple[GrantState, ...]:
        """What became of each grant in the end."""
        return self.days[-1].grants if self.days else ()

    def segments(self, facility: str) -> list[tuple[dt.date, Legal]]:
        """The legal status of a facility, each with the first day of its run."""
        found: list[tuple[dt.date, Legal]] = []
        for day in self.days:
            legal = day.legal[facility]
            if legal != "not_open" and (not found or found[-1][1] != legal):
                found.append((day.day, legal))
        return found

    def since(self, facility: str, day: dt.date) -> dt.date | None:
        """The first day of the run of the status that a facility has on a day; None before it opens."""
        return max((start for start, _ in self.segments(facility) if start <= day), default=None)

    def until(self, facility: str, day: dt.date) -> dt.date | None:
        """The first day after `day` on which the status is another."""
        return min((start for start, _ in self.segments(facility) if start > day), default=None)


def derive(world: World, like: Timeline | None = None) -> Timeline:
    """The timeline of one group. Each day's open questions are asked in rounds, until none passes on that day.

    What a world that is much `like` this one has in common with it is taken over from there.
    """
    if like is not None and world == like.world:
        return like
    in_effect: dict[Name, dt.date] = {}
    tries = Tries(world, None if like is None else like.tries)
    todo = list(tries.sweep((), in_effect, dt.date.min).agenda.days)
    while todo:
        day = todo[0]
        passed, ask_again = _round(tries, in_effect, day)
        if passed:
            in_effect.update(dict.fromkeys(passed, day))
            continue
        del todo[0]
        for each in ask_again:
            put(each, todo)
    sweep = tries.sweep((), in_effect, dt.date.min)
    return Timeline(
        world,
        in_effect,
        tuple(sweep.until(dt.date.max).days),
        sweep.roots,
        sweep.terms,
        sweep.pricing,
        sweep.books,
        tuple(sweep.untested.values()),
        tries,
    )


def answered_on(timeline: Timeline, day: dt.date) -> Day:
    """The state of a day with the amendments that were in effect by then: what a question of that day is answered from.

    An amendment that takes effect later and reaches back to before the day does not change what was answered on it.
    """
    later = (timeline.world.amendments[name] for name, since in timeline.in_effect.items() if since > day)
    if all(change.from_ > day for amendment in later for change in amendment.fact.changes):
        return timeline.on(day)
    if day not in timeline.answered:
        by_then = {name: since for name, since in timeline.papers.items() if since <= day}
        timeline.answered[day] = Sweep(timeline.world, by_then).on(day)
    return timeline.answered[day]


class Tries:
    """What would follow with papers in effect, tried out and kept for when it is asked again."""

    def __init__(self, world: World, like: "Tries | None" = None) -> None:
        self.world = world
        self._like = {} if like is None else like._kept
        self._awaited = awaited(world)
        self._kept: dict[tuple[frozenset[tuple[Name, dt.date]], bool], Sweep] = {}

    def sweep(self, names: Iterable[Name], in_effect: InEffect, day: dt.date, *, branches: bool = False) -> Sweep:
        """The group with these papers in effect from `day` on, beside those that are already.

        The day makes no difference where nothing begins on it. A pass that others branch off from is kept apart.
        """
        dated = {**in_effect, **dict.fromkeys(names, day)}
        dated = {name: since if self._begins_something(name) else NEVER for name, since in dated.items()}
        key = (frozenset(dated.items()), branches)
        if key not in self._kept:
            base = self._like.get(key) or self._most_like(key[0])
            self._kept[key] = Sweep(self.world, dated) if base is None or branches else resumed(self.world, dated, base)
        return self._kept[key]

    def _most_like(self, dated: frozenset[tuple[Name, dt.date]]) -> Sweep | None:
        """The pass that differs from one to come in the fewest papers; of several, the last."""
        known = (papers for papers, branches in reversed(self._kept) if not branches)
        nearest = min(known, key=lambda papers: len(papers ^ dated), default=None)
        return None if nearest is None else self._kept[nearest, False]

    def _begins_something(self, name: Name) -> bool:
        return name.kind != "amendment" or name in self._awaited

    def tried(self, names: tuple[Name, ...], in_effect: InEffect, day: dt.date) -> Sweep:
        """The group as far as `day`, were these papers in effect from it on.

        One pass with the changes of the amendments among them serves all the days, and branches off on the day where
        something begins on it.
        """
        if not any(map(self._begins_something, names)):
            return self.sweep(names, in_effect, day).until(day)
        changing = [name for name in names if name.kind == "amendment"]
        base = self.sweep(changing, in_effect, NEVER, branches=True).until(day - dt.timedelta(days=1))
        return base.branch({**in_effect, **dict.fromkeys(names, day)}, day).until(day)


def _round(tries: Tries, in_effect: InEffect, day: dt.date) -> tuple[tuple[Name, ...], Iterable[dt.date]]:
    """Ask the open questions of a day in order: the first papers that pass, else the days to ask again on.

    What asks nothing is in effect before anything is asked.

    A question that fails is asked again the next day; its answer can change only on a day on which something changes in
    the world where the paper is in effect, so the next of those is given.
    """
    ask_again: set[dt.date | None] = set()
    candidates = [(each, questions(each.names, tries.world, day)) for each in ready(tries.world, in_effect, day)]
    for candidate, asked in sorted(candidates, key=lambda each: bool(each[1])):
        tried = tries.tried(candidate.names, in_effect, day) if asked else None
        if tried is None or all(holds(condition.question, tried.on(day), each) for each, condition in asked):
            return candidate.names, ()
        ask_again.add(tried.agenda.next_after(day))
    return (), (each for each in ask_again if each is not None)


Question = Literal[
    "no_event_of_default", "no_default", "no_event_of_default_after_giving_effect", "no_default_after_giving_effect"
]


def holds(question: Question | None, day: Day, facility: str) -> bool:
    """Whether a facility has no Event of Default (or no Default at all) that no waiver covers; forborne ones exist."""
    existing = day.not_waived(facility)
    if question in ("no_event_of_default", "no_event_of_default_after_giving_effect"):
        return not any(default.event_of_default for default in existing)
    return not existing
