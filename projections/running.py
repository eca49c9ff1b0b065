"""The grants as a pass runs them from day to day: they begin, are extended, are superseded and end."""

import datetime as dt
from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Literal

from ledger.facts import WaiverExtended
from ledger.facts.names import Name
from ledger.facts.terms import Condition
from ledger.facts.waivers import UncoveredEventOfDefaultEnd, WithWaiverEnd
from projections.agenda import Agenda
from projections.amendments import InEffect, amendment, met_by_fact, took_effect_at
from projections.history import Entry
from projections.states import Default, GrantState, GrantStateName
from projections.waivers import (
    Ending,
    Granted,
    When,
    close_of,
    date_ending,
    earliest_first,
    endings,
    not_before,
    revival_by_date,
    start_of,
)
from projections.world import World

Active = Mapping[str, Sequence[Granted]]
"""Grants in force, by the facility whose Defaults they are about."""
Stirring = Mapping[dt.date, Sequence[int]]
"""The grants of which something else may be said from a day on, by their places; besides beginning and ending."""


@dataclass(slots=True)
class Running:
    """A grant as the sweep runs it: the ends that facts decide, earliest first, and what has become of it so far."""

    granted: Granted
    by_facts: list[Ending]
    began: dt.date | None = None
    ended: Ending | None = None


class Grants:
    """The grants of a group, in the order in which they were granted; those granted anew come behind.

    Only those that may begin or end are gone over each day: not those to which nothing can happen before a later day,
    and not those that have ended.
    """

    def __init__(
        self,
        world: World,
        in_effect: InEffect,
        agenda: Agenda,
        running: Iterable[Running],
        stirring: Stirring,
        listed: Sequence[GrantState] = (),
    ) -> None:
        self.world = world
        self.in_effect = in_effect
        self.agenda = agenda
        self.running = list(running)
        self.going: list[Running] = []
        """The grants that may begin or end, in their order; `_at` holds their places."""
        self._at: list[int] = []
        self._waiting: list[tuple[dt.date, int, Running]] = []
        """The grants to which nothing can happen before a day; the nearest last."""
        self._latest: dict[str, Running] = {}
        """The grants by name: where one was granted anew, the last."""
        self._over: dict[str, Ending] = {}
        """What ended them, by name."""
        self._stirring = stirring
        self._touched: set[int] = set()
        self._states = dict(enumerate(listed))
        self._listed = tuple(listed)
        """The states in their order, as the day before listed them."""
        for at, each in enumerate(self.running):
            self._take(at, each)
        self._waiting.sort(key=_farthest_first)

    def branch(self, in_effect: InEffect, agenda: Agenda) -> "Grants":
        """The same with more papers in effect, to go on from the day at hand."""
        return Grants(self.world, in_effect, agenda, map(copy, self.running), self._stirring, self._listed)

    # --- which of them move ------------------------------------------------------------------------------------------

    def _take(self, at: int, running: Running, *, anew: bool = False) -> None:
        """Take up a grant."""
        name = running.granted.name
        self._latest[name] = running
        self._over.pop(name, None)
        if running.ended is not None:
            self._over[name] = running.ended
        elif anew:
            self._at.append(at)
            self.going.append(running)
        else:
            ends = [ending.when.day for ending in running.by_facts[:1]]
            self._waiting.append((min([running.granted.source.effective, *ends]), at, running))

    def begin(self, day: dt.date) -> None:
        """Begin a day: look at the grants to which something can happen from it on."""
        while self._waiting and self._waiting[-1][0] <= day:
            self._go(*self._waiting.pop()[1:])

    def _hasten(self, at: int) -> None:
        """Look at a grant today, as its end has moved."""
        self._touched.add(at)
        for waiting in [each for each in self._waiting if each[1] == at]:
            self._waiting.remove(waiting)
            self._go(*waiting[1:])

    def _go(self, at: int, running: Running) -> None:
        self.going.insert(bisect_right(self._at, at), running)
        insort(self._at, at)

    def _settle(self) -> None:
        """End a day: a grant that has ended moves no more."""
        self._touched = set()
        if any(running.ended is not None for running in self.going):
            kept = [(at, each) for at, each in zip(self._at, self.going, strict=True) if each.ended is None]
            self._at, self.going = [at for at, _ in kept], [each for _, each in kept]

    # --- what happens to them ----------------------------------------------------------------------------------------

    def run(self, day: dt.date) -> None:
        """Begin, extend, end and supersede the grants by the facts of a day, each fact in its turn."""
        for extension in self.world.extensions.get(day, ()):
            self._run_up_to(When(*extension.order))
            self._extend(extension)
        self._run_up_to(close_of(day))

    def _run_up_to(self, now: When) -> None:
        """Begin, end and supersede the grants, none of them granted anew, by what has happened up to a moment."""
        beginning: list[tuple[When, int, Running]] = []
        for place, running in enumerate(self.going):
            if running.ended is None and running.by_facts and running.by_facts[0].when <= now:
                self._end(running, running.by_facts[0])
            begins = self._begins(running.granted) if running.began is None else None
            if begins is not None and begins <= now:
                beginning.append((begins, place, running))
        for begins, _, running in sorted(beginning, key=lambda each: each[:2]):
            if running.ended is None or running.ended.when > begins:
                running.began = begins.day
                self._supersede(running, begins)

    def _end(self, running: Running, ending: Ending) -> None:
        """End a grant; under its name another may have been granted anew."""
        running.ended = ending
        if self._latest[running.granted.name] is running:
            self._over[running.granted.name] = ending

    def _extend(self, extension: Entry[WaiverExtended]) -> None:
        """Move the date on which a grant ends; one that has ended by then is granted anew."""
        running = next((r for r in reversed(self.running) if r.granted.name == extension.fact.waiver), None)
        if running is None or extension.order < running.granted.source.order:
            return
        if running.ended is not None:
            anew = Granted(running.granted.entry, extension)
            running = Running(anew, endings(anew, self.world))
            self.running.append(running)
            self._take(len(self.running) - 1, running, anew=True)
        else:
            move_end(running, extension)
            self._hasten(next(at for at, each in enumerate(self.running) if each is running))
        for ending in running.by_facts:
            self.agenda.look_at(ending.when.day)

    def _begins(self, granted: Granted) -> When | None:
        """The later of the effective instant and the last condition; None while one is open."""
        begins = When(*granted.source.order)
        for condition in granted.fact.conditions:
            met = self._met(granted, condition)
            if met is None:
                return None
            begins = max(begins, met)
        return begins

    def _met(self, granted: Granted, condition: Condition) -> When | None:
        """By a fact, or by the paper that it names taking effect, whichever comes first; a question by an answer."""
        own = Name("waiver", granted.name)
        fact = met_by_fact(own, condition, self.world, dt.date.max)
        paper = own if condition.question is not None else amendment(str(condition.amendment))
        took_effect = took_effect_at(paper, self.in_effect, self.world)
        met = [fact.order if fact is not None else None, took_effect]
        return min((When(*order) for order in met if order is not None), default=None)

    def _supersede(self, newer: Running, begins: When) -> None:
        """End what a grant that begins takes the place of, but for what had ended by that moment."""
        for older in self.going:
            named = older.granted.name in newer.granted.fact.supersedes
            lasts = older.ended is None or older.ended.when > begins
            if named and lasts and older.granted.source.order < newer.granted.source.order:
                because = (*older.granted.positions, *newer.granted.positions)
                self._end(older, Ending(begins, "superseded", newer.granted.name, because, older.granted.fact.revival))

    def active(self, kind: Literal["waiver", "forbearance"]) -> Active:
        """The grants of a kind that are in force, by facility."""
        active: dict[str, list[Granted]] = {}
        for running in self.going:
            granted = running.granted
            if running.began is not None and running.ended is None and granted.kind == kind:
                active.setdefault(granted.fact.facility, []).append(granted)
        return active

    def end_because_of(self, uncovered: Mapping[str, Default], day: dt.date) -> bool:
        """End the grants that end with an uncovered Event of Default or with another grant; whether any ended."""
        ending: list[tuple[Running, Ending]] = []
        for running in self.going:
            if running.ended is None and running.granted.source.effective <= day:
                against = uncovered if running.began is not None else {}
                found = _ended_with(running.granted, against, self._over, day)
                if found is not None:
                    ending.append((running, found))
        for running, found in ending:
            self._end(running, found)
        return bool(ending)

    # --- what is said of them ----------------------------------------------------------------------------------------

    def states(self, day: dt.date) -> tuple[GrantState, ...]:
        """The state of every grant at the end of a day, as on the day before where nothing else can be said of it."""
        looked_at: Iterable[int] = range(len(self.running))
        if self._states:
            looked_at = {*self._at, *self._touched, *self._stirring.get(day, ())}
        states = {at: state_of(self.running[at], day, self.world) for at in looked_at}
        self._settle()
        if len(self._states) < len(self.running) or any(self._states[at] != each for at, each in states.items()):
            self._states |= states
            self._listed = tuple(self._states[at] for at in range(len(self.running)))
        return self._listed


def state_of(running: Running, day: dt.date, world: World) -> GrantState:
    """What is said of a grant at the end of a day."""
    granted = running.granted
    state: GrantStateName = "in_force"
    if running.ended is not None:
        state = running.ended.how
    elif granted.source.effective > day:
        state = "not_yet"
    elif running.began is None:
        state = "pending"
    by_date = next((ending for ending in running.by_facts if ending.by_date), None)
    until = None if by_date is None else by_date.when.day
    if by_date is not None:
        until = next((stood for met, stood in by_date.moved if day < met), by_date.when.day)
    names = ((Name("waiver", granted.name), condition.condition) for condition in granted.fact.conditions)
    facts = (world.conditions_met.get(name) for name in names)
    met = tuple(fact.position for fact in facts if fact is not None and fact.effective <= day)
    return GrantState(granted, state, running.began, running.ended, until, met)


def stirring(grants: Iterable[tuple[Granted, list[Ending]]], world: World) -> Stirring:
    """The days on which what is said of each grant may change besides those on which it begins or ends."""
    found: dict[dt.date, list[int]] = {}
    for at, (granted, by_facts) in enumerate(grants):
        days = {granted.source.effective, *(met for ending in by_facts for met, _ in ending.moved)}
        conditions = ((Name("waiver", granted.name), condition.condition) for condition in granted.fact.conditions)
        days |= {world.conditions_met[each].effective for each in conditions if each in world.conditions_met}
        for day in days:
            found.setdefault(day, []).append(at)
    return found


def _ended_with(
    granted: Granted, uncovered: Mapping[str, Default], over: Mapping[str, Ending], day: dt.date
) -> Ending | None:
    """What ends a grant besides the facts: an Event of Default that nothing covers, or the end of another grant."""
    fact = granted.fact
    for end in fact.ends:
        revival = end.revival if end.revival is not None else fact.revival
        if isinstance(end, UncoveredEventOfDefaultEnd) and fact.facility in uncovered:
            default = uncovered[fact.facility]
            because = (*granted.positions, *default.root.positions, default.clause.position)
            return Ending(start_of(day), "ended", str(default.key), because, revival)
        if isinstance(end, WithWaiverEnd) and end.with_waiver in over:
            because = (*granted.positions, *over[end.with_waiver].positions)
            return Ending(start_of(day), "ended", end.with_waiver, because, revival)
    return None


def _farthest_first(waiting: tuple[dt.date, int, Running]) -> tuple[int, int]:
    return -waiting[0].toordinal(), -waiting[1]


def move_end(running: Running, extension: Entry[WaiverExtended]) -> None:
    """Move the date on which a grant ends, as an extension says."""
    because = (*running.granted.positions, extension.position)
    revival = revival_by_date(running.granted.fact)
    moved = not_before(extension, date_ending(extension.fact.until, extension.fact.through, None, because, revival))
    if running.granted.permanent:
        running.granted = replace(running.granted, dated=True)
    kept = [ending for ending in running.by_facts if not ending.by_date]
    running.by_facts = earliest_first([*kept, moved])
