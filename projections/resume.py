"""A pass that goes on from another: the days on which nothing can differ are taken over, only later ones gone through.

Two worlds may differ in a few facts: one has what the other lacks, because it was assumed or voided. What the passes
over them are made of is compared; before the first day that a difference can reach, both passes are the same. An
earlier day shows later facts in two ways only, and these are put right: a root cause says when its failure ends, and
grants that do not hold yet are listed. The outcome is that of a whole pass, byte for byte.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from ledger.facts import NoticeGiven, WaiverExtended
from ledger.facts.waivers import DisclosedCovered
from projections.alike import Changed, alike_before, dates_of, said_in_one
from projections.amendments import InEffect
from projections.causes import Cause, hangs_on_papers
from projections.defaults import RootCause, has_threshold, root_causes
from projections.formulas import Fixings
from projections.obligations import contract_books
from projections.parts import Parts, granted_in
from projections.rates import Pricing
from projections.running import Grants, Running, move_end, state_of, stirring
from projections.states import Acceleration, Day, GrantState
from projections.sweep import Sweep
from projections.waivers import Ending, Granted, endings
from projections.world import World

_FROM_THE_FIRST = dt.date.min
_Pair = tuple[RootCause | None, RootCause | None]
"""A root cause as it is here, and as it is in the other world."""


def resumed(world: World, in_effect: InEffect, base: Sweep) -> Sweep:
    """The pass over a world with some amendments in effect, going on from a pass over one that is much like it.

    Where the openings of facilities differ, nothing is taken over.
    """
    if dict(world.openings) != dict(base.world.openings):
        return Sweep(world, in_effect)
    return _Resumed(world, in_effect, base, Changed.of(world, base.world))


class _Resumed(Sweep):
    """A pass that has taken over the days of another, as far as both are the same."""

    def __init__(self, world: World, in_effect: InEffect, base: Sweep, changed: Changed) -> None:
        super().__init__(world, in_effect, _parts(world, in_effect, base, changed))
        unlike = _unlike(self.parts.grants, base.parts.grants)
        roots = list(_paired(self.roots, base.roots))
        first = min(_reached(self, base, changed, unlike, roots), default=dt.date.max)
        if first > _FROM_THE_FIRST:
            base.until(first - dt.timedelta(days=1))
        count = bisect_left(base.agenda.days, first)
        if count:
            listed_otherwise = [each.granted for each in unlike if each.is_listed_otherwise]
            self._take_over(base, count, first, listed_otherwise, _PutRight.of(roots))

    def _take_over(
        self, base: Sweep, count: int, first: dt.date, listed_otherwise: list[Granted], put_right: "_PutRight"
    ) -> None:
        """Take over so many days, and stand where the other pass stood after the last of them."""
        self.days = base.days[:count]
        if put_right.instead:
            self.days = [put_right.day(day) for day in self.days]
        if listed_otherwise:
            self.days = [replace(day, grants=tuple(self._grants_on(day, listed_otherwise))) for day in self.days]
        last = self.days[-1]
        self.agenda.take_over(base.agenda, first)
        running, stirs = self._running_after(last), self.parts.stirring
        self.grants = Grants(self.world, self.in_effect, self.agenda, running, stirs, last.grants)
        untested = {key: each for key, each in base.untested.items() if each.on < first}
        self.defaults.live, self.defaults.cured = dict(last.live), dict(last.cured)
        self.defaults.accelerations = dict(last.accelerations)
        self.defaults.untested = {key: each._replace(root=put_right.root(each.root)) for key, each in untested.items()}

    def _grants_on(self, day: Day, listed_otherwise: list[Granted]) -> Iterator[GrantState]:
        """The grants as an earlier day lists them."""
        there = {_place(state.granted): state for state in day.grants}
        for granted, by_facts in self.parts.grants:
            state = there.get(_place(granted))
            if state is None or granted in listed_otherwise:
                began, ended = (state.began, state.ended) if state is not None else (None, None)
                state = state_of(Running(granted, by_facts, began, ended), day.day, self.world)
            yield state
        yield from (state for state in day.grants if state.granted.extension is not None)

    def _running_after(self, last: Day) -> list[Running]:
        """The grants as they run after the last day taken over, with the extensions that they had by then."""
        running = []
        for at, state in enumerate(last.grants):
            known = at < len(self.parts.grants)  # those granted anew come behind
            by_facts = self.parts.grants[at][1] if known else endings(state.granted, self.world)
            running.append(Running(state.granted, by_facts, state.began, state.ended))
        granted_by = {each.granted.extension.position: each for each in running if each.granted.extension is not None}
        latest = {each.granted.name: each for each in running if each.granted.extension is None}
        passed = {day.day for day in self.days}
        for extension in self.world.history.of(WaiverExtended):
            name = extension.fact.waiver
            if extension.effective not in passed or name not in latest:
                continue
            if extension.order < latest[name].granted.source.order:
                continue
            if extension.position in granted_by:
                latest[name] = granted_by[extension.position]
            else:
                move_end(latest[name], extension)
        return running


# --- what two passes are made of -------------------------------------------------------------------------------------


def _parts(world: World, in_effect: InEffect, base: Sweep, changed: Changed) -> Parts:
    """The parts of a pass, those of the other where nothing in them can differ."""
    amended = (world.amendments, base.world.amendments)
    unlike = in_effect.keys() ^ base.in_effect.keys()
    touched = changed.facilities | {
        names[name.name].fact.facility
        for name in unlike
        for names in amended
        if name.kind == "amendment" and name.name in names
    }
    touched |= {world.annulments[name].fact.facility for name in unlike if name in world.annulments}
    if changed.of_exchanges or (unlike and world.exchanges):
        touched |= world.openings.keys()
    repriced = touched | (world.openings.keys() if changed.of_rates else set())
    anew, fixings = world.terms(in_effect), Fixings.of(world.history)
    terms = {name: anew[name] if name in touched else base.terms[name] for name in world.openings}
    pricing = {
        name: Pricing.of(world, terms, name, fixings) if name in repriced else base.pricing[name]
        for name in world.openings
    }
    alike = {name: base.books[name].until(alike_before(name, terms, base.terms, changed)) for name in repriced}
    kept = contract_books(world, pricing, alike)
    books = {name: kept[name] if name in repriced else base.books[name] for name in world.openings}
    if world is base.world:
        same = [each for each in base.roots if each.cause.debt not in touched or not hangs_on_papers(each.cause)]
        return base.parts._replace(
            terms=terms, pricing=pricing, books=books, roots=root_causes(world, books, in_effect, same)
        )
    grants = granted_in(world)
    return Parts(terms, pricing, books, root_causes(world, books, in_effect), grants, stirring(grants, world))


def _place(granted: Granted) -> tuple[int, int | None]:
    """What tells grants apart: where each was granted, and granted anew."""
    return granted.entry.position, None if granted.extension is None else granted.extension.position


@dataclass(frozen=True)
class _Unlike:
    """A grant that only one of two worlds has, or that ends otherwise in each: its ends here and there, if it has."""

    granted: Granted
    mine: list[Ending] | None
    others: list[Ending] | None

    @property
    def days(self) -> set[dt.date]:
        """The days of the grant, or of the ends that it has in one of the worlds only."""
        if self.mine is None or self.others is None:
            return {self.granted.source.effective}
        both = (*self.mine, *self.others)
        return {ending.when.day for ending in both if ending not in self.mine or ending not in self.others}

    @property
    def has_lost_an_end(self) -> bool:
        """Whether the other world has an end of it that this one has not."""
        return self.mine is None or any(ending not in self.mine for ending in self.others or ())

    @property
    def is_listed_otherwise(self) -> bool:
        """Whether even earlier days say something else of it: that it is there, or until when it runs."""
        mine, others = ([end for end in ends or () if end.by_date] for ends in (self.mine, self.others))
        return self.mine is None or self.others is None or mine != others


def _unlike(
    mine: Iterable[tuple[Granted, list[Ending]]], others: Iterable[tuple[Granted, list[Ending]]]
) -> list[_Unlike]:
    if mine is others:
        return []
    here, there = ({_place(granted): (granted, ends) for granted, ends in grants} for grants in (mine, others))
    found: list[_Unlike] = []
    for place in dict.fromkeys((*here, *there)):
        (granted, ends), (other, other_ends) = here.get(place, (None, None)), there.get(place, (None, None))
        if granted is None or other is None or granted != other:
            found += [_Unlike(granted, ends, None)] if granted is not None else []
            found += [_Unlike(other, None, other_ends)] if other is not None else []
        elif ends != other_ends:
            found.append(_Unlike(granted, ends, other_ends))
    return found


# --- the first day that a difference can reach -----------------------------------------------------------------------


def _reached(
    mine: Sweep, base: Sweep, changed: Changed, unlike: Iterable[_Unlike], roots: Iterable[_Pair]
) -> Iterator[dt.date]:
    """The days that the differences can reach, each of them at the earliest."""
    yield from changed.days
    yield from set(mine.agenda.known) ^ set(base.agenda.known)
    yield from (day for _, day in set(mine.in_effect.items()) ^ set(base.in_effect.items()))
    yield from _reached_by_terms(mine, base)
    yield from _reached_by_roots(roots)
    yield from _reached_by_grants(mine, base, changed, unlike)
    for name, books in mine.books.items():
        if books is not base.books[name]:
            yield from (paid.effective for paid in (books.paid_off, base.books[name].paid_off) if paid is not None)
    if changed.facilities and (has_threshold(mine.terms) or has_threshold(base.terms)):
        yield from (day for entry in changed.entries for day in dates_of(entry))


def _reached_by_terms(mine: Sweep, base: Sweep) -> Iterator[dt.date]:
    """From the day of what is said in one world only; a covenant that is deleted for a test date, from the breach."""
    for name, terms in mine.terms.items():
        other = base.terms[name]
        yield from (said.from_ for said in said_in_one(terms, other))
        if terms.covenants != other.covenants:
            yield from (root.begins for root in mine.roots if root.cause[:2] == ("covenant", name))


def _reached_by_roots(roots: Iterable[_Pair]) -> Iterator[dt.date]:
    for one, other in roots:
        if one is None or other is None or one.entries != other.entries:
            yield from (root.begins for root in (one, other) if root is not None)
        elif one != other:
            yield from (root.ended for root in (one, other) if root.ended is not None)


def _reached_by_grants(mine: Sweep, base: Sweep, changed: Changed, unlike: Iterable[_Unlike]) -> Iterator[dt.date]:
    """From the days of what is unlike; from the first, where an earlier day hangs on more of it than is put right.

    An extension notes the days of all ends of its grant; a scope may take in all that is disclosed by some day.
    """
    extended = {entry.fact.waiver for each in (mine, base) for entry in each.world.history.of(WaiverExtended)}
    for each in unlike:
        yield from each.days
        if each.granted.name in extended and (each.is_listed_otherwise or each.has_lost_an_end):
            yield _FROM_THE_FIRST
    told = any(isinstance(entry.fact, NoticeGiven) for entry in changed.entries)
    if told and any(isinstance(scope, DisclosedCovered) for grant in mine.world.grants for scope in grant.fact.covers):
        yield _FROM_THE_FIRST


def _paired(mine: Iterable[RootCause], others: Iterable[RootCause]) -> Iterator[_Pair]:
    """The root causes of two worlds side by side, the spells of one cause in order; without those taken over as is."""
    taken_over = set(map(id, mine)) & set(map(id, others))
    here, there = (_by_cause(each for each in roots if id(each) not in taken_over) for roots in (mine, others))
    for cause in dict.fromkeys((*here, *there)):
        yield from zip_longest(here.get(cause, ()), there.get(cause, ()))


def _by_cause(roots: Iterable[RootCause]) -> dict[Cause, list[RootCause]]:
    found: dict[Cause, list[RootCause]] = {}
    for root in roots:
        found.setdefault(root.cause, []).append(root)
    return found


# --- what earlier days say of later ones -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _PutRight:
    """The root causes of this world in the place of those of the other that end otherwise."""

    instead: Mapping[tuple[Cause, tuple[int, ...]], RootCause]

    @classmethod
    def of(cls, roots: Iterable[_Pair]) -> "_PutRight":
        """What has to be put right between two worlds, their root causes side by side."""
        both = ((one, other) for one, other in roots if one is not None and other is not None)
        return cls({(one.cause, one.positions): one for one, other in both if one != other})

    def root(self, root: RootCause) -> RootCause:
        """The root cause, or the one in its place."""
        return self.instead.get((root.cause, root.positions), root)

    def day(self, day: Day) -> Day:
        """A day with the root causes of this world."""
        if not self.instead:
            return day
        live, cured = (
            {
                key: each if (root := self.root(each.root)) is each.root else replace(each, root=root)
                for key, each in defaults.items()
            }
            for defaults in (day.live, day.cured)
        )
        accelerations = {name: self._acceleration(each) for name, each in day.accelerations.items()}
        return replace(day, live=live, cured=cured, accelerations=accelerations)

    def _acceleration(self, acceleration: Acceleration) -> Acceleration:
        return replace(acceleration, roots=tuple(map(self.root, acceleration.roots)))
