"""The least that brings a facility down, and the fewest waivers that would leave nothing uncovered.

Both searches go through sets of assumptions by their size, the smallest first, and leave out every set that holds one
already found: what is found is least in the sense that nothing can be taken away from it.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

from ledger.facts import (
    ActTaken,
    CovenantTested,
    EventOccurred,
    PaymentMissed,
    WaiverExtended,
    WaiverGranted,
    as_record,
)
from ledger.facts.acts import Actor
from ledger.facts.terms import EventClause
from ledger.facts.waivers import ActEnd, DefaultsCovered
from ledger.rejected import Rejected
from projections import words
from projections.states import Default, Legal
from projections.terms import Deleted
from projections.timeline import Timeline
from projections.view import View
from scenarios.assume import WhatIf
from scenarios.fall import Fall, fall_of
from scenarios.steps import Assumption, Removal, Step

DOWN: tuple[Legal, ...] = ("event_of_default", "accelerated")

Progress = Callable[[int, int], None]
"""Told how many sets were tried, of how many at the most."""


@dataclass(frozen=True)
class Candidate:
    """Something that might happen, or might not have: in words, and as the steps that assume it."""

    says: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Downfall:
    """A smallest set of assumptions that brings facilities down, and the path of the fall."""

    assumed: tuple[Candidate, ...]
    fall: Fall

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {"assumed": [candidate.says for candidate in self.assumed], "fall": self.fall.as_json()}

    def __str__(self) -> str:
        """What is assumed, in a line."""
        return "; and ".join(candidate.says for candidate in self.assumed) or "nothing: so it is"


@dataclass(frozen=True)
class Contagion:
    """The answer to what is the least that brings facilities down on a date: every smallest set, and what was tried."""

    facilities: tuple[str, ...]
    on: dt.date
    states: tuple[Legal, ...]
    found: tuple[Downfall, ...]
    candidates: int
    tried: int
    at_most: int
    """The size of the largest sets that were looked through."""

    @property
    def looked_through(self) -> str:
        """How much was looked through, in words."""
        return f"{words.count(self.candidates, 'candidate')} in sets of at most {self.at_most}"

    def way(self, number: int = 1) -> Downfall:
        """One of the smallest sets, counted from 1. Raises Rejected (`nothing_brings_down`, `no_such_way`)."""
        asked = f"{' and '.join(self.facilities)} would have to come down by {self.on}"
        if not self.found:
            raise Rejected(
                "nothing_brings_down",
                f"{asked}.",
                forbidden_by=f"None of {self.looked_through} does that.",
                remedy="Ask for larger sets, for another date, or on top of another scenario.",
            )
        if not 1 <= number <= len(self.found):
            raise Rejected(
                "no_such_way",
                f"{asked} in way {number}.",
                forbidden_by=f"The search found {words.count(len(self.found), 'way')}.",
                remedy="Ask for one of those, counted from 1.",
            )
        return self.found[number - 1]

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {
            "facilities": list(self.facilities),
            "on": self.on.isoformat(),
            "states": list(self.states),
            "found": [downfall.as_json() for downfall in self.found],
            "candidates": self.candidates,
            "tried": self.tried,
            "at_most": self.at_most,
        }

    def __str__(self) -> str:
        """The answer in words."""
        asked = f"The least that brings {' and '.join(self.facilities)} down by {self.on}"
        if not self.found:
            return f"{asked}: nothing does, of {self.looked_through}."
        ways = (f"  {number}. {each}" for number, each in enumerate(self.found, start=1))
        path = (f"  {line}" for line in str(self.found[0].fall).splitlines())
        return "\n".join([f"{asked}:", *ways, "", "The path of the first:", *path])


def least_that_brings_down(
    what_if: WhatIf,
    facilities: Collection[str],
    on: dt.date,
    *,
    states: Collection[Legal] = DOWN,
    among: Sequence[Candidate] | None = None,
    at_most: int = 2,
    larger: bool = False,
    progress: Progress | None = None,
) -> Contagion:
    """The smallest sets of assumptions after which all these facilities are in one of these states on a date.

    `among` are the candidates, by default all of `candidates`. Sets of one size are looked through together; the search
    ends with the size at which something is found, or goes on to `at_most` where `larger` is asked for. The empty set
    is the answer where they are down as it is. Raises Rejected (`facility_not_found`).
    """
    names, wanted = what_if.named(on, facilities), frozenset(states)
    as_is = what_if.view(on)
    offered = tuple(candidates(what_if, names, on) if among is None else among)
    found: dict[frozenset[int], Downfall] = {}
    tried, in_all = 0, _sets(len(offered), at_most)
    for size in range(at_most + 1):
        for chosen in combinations(range(len(offered)), size):
            tried += 1
            if any(less <= set(chosen) for less in found):
                continue
            branch = what_if.branch()
            assumed = tuple(offered[each] for each in chosen)
            if _holds_together(branch, assumed):
                view = branch.view(on)
                if all(_legal(view, name) in wanted for name in names):
                    found[frozenset(chosen)] = Downfall(assumed, fall_of(view, names, as_is, what_if.prefix.position))
            if progress is not None:
                progress(tried, in_all)
        if found and not larger:
            break
    return Contagion(names, on, tuple(states), tuple(found.values()), len(offered), tried, at_most)


def _sets(count: int, at_most: int) -> int:
    return sum(comb(count, size) for size in range(at_most + 1))


def _holds_together(branch: WhatIf, assumed: Iterable[Candidate]) -> bool:
    """Assume all of these, and say whether they can be assumed beside one another."""
    try:
        branch.do([step for candidate in assumed for step in candidate.steps])
    except Rejected:
        return False
    return True


def _legal(view: View, facility: str) -> Legal:
    return view.timelines[facility].on(view.as_of).legal[facility]


# --- what might happen -----------------------------------------------------------------------------------------------


def candidates(
    what_if: WhatIf, facilities: Collection[str], on: dt.date, *, acted_on: dt.date | None = None
) -> tuple[Candidate, ...]:
    """What might happen to the groups of these facilities on a day, or what that counts on it might not have been.

    Of each debt: a suit and an acceleration by whoever is named in a trigger or holds it; a payment of interest missed;
    a covenant breached; an event of its clauses. Of each waiver in force: that it, or its extension, had not been
    granted. What befalls other debts comes before what befalls these themselves. `acted_on` is the day on which things
    happen, by default the date asked about.
    """
    view, day = what_if.view(on), acted_on or on
    timelines = {id(timeline): timeline for timeline in (view.timelines[name] for name in facilities)}
    found: list[Candidate] = []
    for timeline in timelines.values():
        opened = [name for name, opening in timeline.world.openings.items() if opening.effective <= day]
        for facility in sorted(opened, key=lambda name: name in facilities):
            found += _of_debt(timeline, facility, day)
        found += _of_waivers(timeline, on)
    return tuple(found)


def _of_debt(timeline: Timeline, facility: str, day: dt.date) -> Iterator[Candidate]:
    for actor in _actors(timeline, facility):
        act = f"assumed-{actor}-{facility}"
        suit = ActTaken(facility=facility, act=f"{act}-suit", by=actor, seeks=("enforcement",), effective=day)
        yield _happens(f"the {actor} of {facility} sues on {day}", suit)
        made_due = ActTaken(
            facility=facility, act=f"{act}-due", by=actor, seeks=("acceleration",), accelerates=True, effective=day
        )
        yield _happens(f"the {actor} of {facility} declares it due on {day}", made_due)
    missed = PaymentMissed(facility=facility, of=("interest",), due=day, effective=day)
    yield _happens(f"{facility} does not pay interest due on {day}", missed)
    terms = timeline.terms[facility]
    for name, layers in terms.covenants.items():
        said = layers.on(day)
        if said is not None and not isinstance(said.value, Deleted):
            tested = CovenantTested(facility=facility, covenant=name, test_date=day, met=False, effective=day)
            yield _happens(f"{facility} breaches {name} as of {day}", tested)
    for clause in (said.value for said in terms.clauses_on(day)):
        if isinstance(clause, EventClause):
            for kind in clause.of or ("insolvency",):
                event = EventOccurred(facility=facility, kind=kind, effective=day)
                yield _happens(f"{kind.replace('-', ' ')} in respect of {facility} on {day}", event)


def _actors(timeline: Timeline, facility: str) -> list[Actor]:
    """Who may act on a debt: those whom the triggers of waivers name for it, and whoever it is owed to."""
    opening = timeline.world.openings[facility].fact
    owed_to: Actor = "lender" if opening.lenders and not opening.holders and opening.kind != "notes" else "holder"
    actors: set[Actor] = {"trustee"} if opening.trustee is not None else {owed_to}
    for grant in timeline.world.grants:
        for end in grant.fact.ends:
            if isinstance(end, ActEnd) and end.by is not None and (end.of is None or facility in end.of):
                actors |= set(end.by)
    return sorted(actors)


def _of_waivers(timeline: Timeline, on: dt.date) -> Iterator[Candidate]:
    standing = {state.granted.name for state in timeline.on(on).grants if state.state in ("in_force", "pending")}
    for name in sorted(standing):
        yield Candidate(f"{name} is not granted", (Removal(waiver=name),))
    for extension in timeline.world.history.of(WaiverExtended):
        if extension.fact.waiver in standing and extension.effective <= on:
            says = f"{extension.fact.waiver} is not extended on {extension.effective}"
            yield Candidate(says, (Removal(position=extension.position),))


def _happens(says: str, fact: Any) -> Candidate:
    return Candidate(says, (Assumption(fact=fact),))


# --- what would cover it ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cover:
    """The fewest waivers after which no Default of the facilities is uncovered on a date: each way to choose them.

    `uncovered` are the Defaults that they are about, as it is. `not_lifted` are the facilities that stay accelerated: a
    waiver gives nobody its term back.
    """

    facilities: tuple[str, ...]
    on: dt.date
    uncovered: tuple[str, ...]
    ways: tuple[tuple[WaiverGranted, ...], ...]
    not_lifted: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it; waivers as a record writes them."""
        return {
            "facilities": list(self.facilities),
            "on": self.on.isoformat(),
            "uncovered": list(self.uncovered),
            "ways": [[as_record(waiver) for waiver in way] for way in self.ways],
            "not_lifted": list(self.not_lifted),
        }

    def __str__(self) -> str:
        """The answer in words."""
        if not self.uncovered:
            return f"Nothing is uncovered on {self.on}."
        ways = [" and ".join(waiver.facility for waiver in way) for way in self.ways]
        lines = [f"Uncovered on {self.on}: {words.count(len(self.uncovered), 'Default')}. The fewest waivers for that:"]
        lines += [f"  of {way}" for way in ways]
        lines += [f"{name} stays accelerated: that takes an annulment." for name in self.not_lifted]
        return "\n".join(lines)


def fewest_waivers(what_if: WhatIf, facilities: Collection[str], on: dt.date) -> Cover:
    """The fewest waivers, one a facility and granted on the date, that leave none of these facilities uncovered on it.

    Others of their groups may have to waive, too, where their Defaults reach over. Raises Rejected
    (`facility_not_found`).
    """
    facilities, view = what_if.named(on, facilities), what_if.view(on)
    group = dict.fromkeys(name for facility in facilities for name in view.timelines[facility].world.openings)
    open_ = {name: keys for name in group if (keys := _uncovered(view, name))}
    grants = {name: _waiver(name, keys, on) for name, keys in open_.items()}

    def clears(names: Collection[str]) -> bool:
        branch = what_if.branch()
        branch.assume(*(grants[name] for name in names))
        seen = branch.view(on)
        return not any(_uncovered(seen, facility) for facility in facilities)

    needed = [name for name in grants if not clears([other for other in grants if other != name])]
    others = [name for name in grants if name not in needed]
    ways: list[tuple[WaiverGranted, ...]] = []
    for size in range(len(others) + 1):
        chosen = ([*needed, *more] for more in combinations(others, size))
        ways = [tuple(grants[name] for name in grants if name in names) for names in chosen if clears(names)]
        if ways:
            break
    defaults = tuple(key for facility in facilities for key in open_.get(facility, ()))
    not_lifted = tuple(name for name in facilities if _legal(view, name) == "accelerated")
    return Cover(tuple(facilities), on, defaults, tuple(ways) if defaults else (), not_lifted)


def _uncovered(view: View, facility: str) -> tuple[str, ...]:
    defaults: Iterable[Default] = view.timelines[facility].on(view.as_of).of(facility)
    return tuple(str(each.key) for each in defaults if each.state in ("continuing", "grace"))


def _waiver(facility: str, defaults: tuple[str, ...], on: dt.date) -> WaiverGranted:
    return WaiverGranted(
        facility=facility,
        waiver=f"assumed-{facility}-{on}",
        effective=on,
        reaches=("default", "event_of_default"),
        covers=(DefaultsCovered(defaults=defaults),),
        ends=(),
    )
