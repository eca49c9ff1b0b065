"""What a pass keeps in hand from day to day: the grants as they run, the clauses in force, the failures that last."""

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ledger.facts import WaiverExtended
from ledger.facts.terms import Clause
from projections.defaults import RootCause
from projections.history import Entry
from projections.states import GrantState
from projections.terms import Said
from projections.waivers import Ending, Granted, date_ending, not_before, revival_by_date

Clauses = list[tuple[str, Said[Clause]]]
"""The clauses of a day, each with its facility."""
Reaching = Mapping[str, Clauses]
"""The clauses that look at what became of another debt, by that debt."""


@dataclass(slots=True)
class Running:
    """A grant as the sweep runs it: the ends that facts decide, earliest first, and what has become of it so far."""

    granted: Granted
    by_facts: list[Ending]
    began: dt.date | None = None
    ended: Ending | None = None


@dataclass(slots=True)
class TakenUp:
    """What a pass keeps in hand from day to day, so that a day costs what happens on it, not what ever happened."""

    begun_with: bool = False
    going: list[Running] = field(default_factory=list)
    """The grants that may begin or end, in their order; `at` holds their places."""
    at: list[int] = field(default_factory=list)
    waiting: list[tuple[dt.date, int, Running]] = field(default_factory=list)
    """The grants to which nothing can happen before a day; the nearest last."""
    latest: dict[str, Running] = field(default_factory=dict)
    """The grants by name: where one was granted anew, the last."""
    over: dict[str, Ending] = field(default_factory=dict)
    """What ended them, by name."""
    states: dict[int, GrantState] = field(default_factory=dict)
    listed: tuple[GrantState, ...] = ()
    """The states in their order, as the day before listed them."""
    stirs: dict[dt.date, list[int]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    clause_days: list[dt.date] = field(default_factory=list)
    version: int = -1
    reworded: bool = False
    clauses: Clauses = field(default_factory=list)
    reaching: Reaching = field(default_factory=dict)
    concerned: dict[int, list[int]] = field(default_factory=dict)
    """The clauses that concern a root cause, by its place: their own places among the clauses."""
    by_beginning: list[tuple[int, RootCause]] = field(default_factory=list)
    begun: int = 0
    failing: list[tuple[int, RootCause]] = field(default_factory=list)

    def take(self, at: int, running: Running, *, anew: bool = False) -> None:
        """Take up a grant."""
        name = running.granted.name
        self.latest[name] = running
        self.over.pop(name, None)
        if running.ended is not None:
            self.over[name] = running.ended
        elif anew:
            self.at.append(at)
            self.going.append(running)
        else:
            ends = [ending.when.day for ending in running.by_facts[:1]]
            insort(self.waiting, (min([running.granted.source.effective, *ends]), at, running), key=_farthest_first)

    def begin(self, day: dt.date) -> None:
        """Begin a day: the grants and the failures that come with it, without the failures that are over."""
        while self.waiting and self.waiting[-1][0] <= day:
            self._go(*self.waiting.pop()[1:])
        while self.begun < len(self.by_beginning) and self.by_beginning[self.begun][1].begins <= day:
            insort(self.failing, self.by_beginning[self.begun], key=lambda each: each[0])
            self.begun += 1
        self.failing = [each for each in self.failing if each[1].fails_on(day)]

    def hasten(self, at: int) -> None:
        """Look at a grant today, as its end has moved."""
        self.touched.add(at)
        for waiting in [each for each in self.waiting if each[1] == at]:
            self.waiting.remove(waiting)
            self._go(*waiting[1:])

    def _go(self, at: int, running: Running) -> None:
        self.going.insert(bisect_right(self.at, at), running)
        insort(self.at, at)

    def settle(self) -> None:
        """End a day: a grant that has ended moves no more."""
        self.touched = set()
        if any(running.ended is not None for running in self.going):
            kept = [(at, each) for at, each in zip(self.at, self.going, strict=True) if each.ended is None]
            self.at, self.going = [at for at, _ in kept], [each for _, each in kept]


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
    running.by_facts = sorted([*kept, moved], key=lambda ending: ending.when)


def put(day: dt.date, days: list[dt.date]) -> None:
    """Put a day in its place among others, unless it is there."""
    place = bisect_left(days, day)
    if place == len(days) or days[place] != day:
        days.insert(place, day)
