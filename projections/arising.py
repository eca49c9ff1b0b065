"""The Defaults of a group as a pass derives them: carried over, arising, grown to the least fixed point of a day."""

import datetime as dt
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ledger.facts import ActTaken
from ledger.facts.terms import Clause, CrossAccelerationClause, CrossDefaultClause
from projections.agenda import Agenda
from projections.amendments import InEffect
from projections.clauses import ClausesInForce
from projections.defaults import (
    DefaultKey,
    RootCause,
    above_threshold,
    annulled_at,
    cure_accepted,
    cure_notified,
    matures_on,
)
from projections.parts import Parts
from projections.running import Active, Grants
from projections.states import Acceleration, Default, DefaultStateName
from projections.terms import Said
from projections.waivers import Granted, covers
from projections.world import World


class Untested(NamedTuple):
    """A cross clause whose threshold could not be tested: the principal of the debt is not stated."""

    facility: str
    clause: Said[Clause]
    debt: str
    root: RootCause
    on: dt.date


class Arising:
    """The Defaults, those that were cured, and the debts made due, as they stand after the day at hand."""

    def __init__(self, world: World, in_effect: InEffect, agenda: Agenda, grants: Grants, parts: Parts) -> None:
        self.world = world
        self.in_effect = in_effect
        self.agenda = agenda
        self.grants = grants
        self.terms, self.books = parts.terms, parts.books
        self.clauses = ClausesInForce(world, parts.terms)
        self.live: dict[DefaultKey, Default] = {}
        self.cured: dict[DefaultKey, Default] = {}
        self.accelerations: dict[str, Acceleration] = {}
        self.untested: dict[DefaultKey, Untested] = {}
        self._before: Mapping[DefaultKey, Default] = {}
        """The Defaults of the day before."""
        self._failing: set[DefaultKey] = set()
        """The Defaults of the day at hand whose failure lasts."""
        self._failures: list[tuple[int, RootCause]] = []
        """The failures that last, each with its place."""
        self._to_come = sorted(enumerate(parts.roots), key=lambda each: each[1].begins, reverse=True)
        """The failures that have not begun, the nearest last."""

    def branch(self, in_effect: InEffect, agenda: Agenda, grants: Grants, parts: Parts) -> "Arising":
        """The same with more papers in effect, to go on from the day at hand."""
        other = Arising(self.world, in_effect, agenda, grants, parts)
        other.live, other.cured, other.accelerations = self.live, self.cured, self.accelerations
        other.untested = dict(self.untested)
        return other

    def derive(self, day: dt.date) -> None:
        """Find the Defaults of a day: carried over, arising from causes, and grown to the least fixed point."""
        self._begin(day)
        before = self._before = self._as_worded()
        self.live = {key: each for key, each in before.items() if each.event_of_default and self._carries(each, day)}
        self._failing = set()
        for clause, _, root in sorted(self._concerned(), key=lambda each: each[:2]):
            facility, said = self.clauses.clauses[clause]
            self._add(facility, said, root.cause.debt, root, day)
        self._accelerate(day)
        spread = set[DefaultKey]()
        while self._grow(spread, day):
            pass
        waivers, forbearances = self.grants.active("waiver"), self.grants.active("forbearance")
        self.live = {key: self._with_state(each, waivers, forbearances, day) for key, each in self.live.items()}
        gone = {key: each for key, each in before.items() if key not in self.live}
        again = [key for key in self.live if key in self.cured]
        if gone or again:
            self.cured = dict(self.cured)
            for key in again:
                del self.cured[key]
            self.cured |= {key: self._as_cured(each, day) for key, each in gone.items()}

    def _begin(self, day: dt.date) -> None:
        """Take up the clauses of a day and the failures that begin on it; leave out those that are over."""
        self.clauses.begin(day)
        while self._to_come and self._to_come[-1][1].begins <= day:
            insort(self._failures, self._to_come.pop(), key=_place)
        self._failures = [each for each in self._failures if each[1].fails_on(day)]

    def _concerned(self) -> Iterator[tuple[int, int, RootCause]]:
        """The clauses, by their place among those of the day, that make Defaults of the failures of the day."""
        for at, root in self._failures:
            for place in self.clauses.concerned_by(at, root):
                yield place, at, root

    def _as_worded(self) -> Mapping[DefaultKey, Default]:
        """The Defaults of the day before, each under its clause as it is worded now; a clause deleted keeps its words.

        An amended grace counts for a Default that is still in its grace; an Event of Default stays one.
        """
        if not self.clauses.reworded:
            return self.live
        clauses = {(name, said.value.clause): said for name, said in self.clauses.clauses}
        worded: dict[DefaultKey, Default] = {}
        for key, each in self.live.items():
            now = clauses.get((key.facility, key.clause), each.clause)
            worded[key] = each if now.value is each.clause.value else replace(each, clause=now)
        return worded

    def _carries(self, default: Default, day: dt.date) -> bool:
        """Whether an Event of Default outlives its failure: it does not heal by itself, and nobody healed it."""
        heals = default.clause.value.heals
        if heals == "automatically" or (heals == "on_notice" and cure_notified(default.key, day, self.world)):
            return False
        healed = cure_accepted(default.key, default.root, day, self.world)
        return healed is None and self.world.closed_by_payment(default.key.facility, day) is None

    def _add(self, facility: str, said: Said[Clause], debt: str, root: RootCause, day: dt.date) -> bool:
        """Add what a clause makes of a failure of a debt, unless it is there; whether it was added."""
        key = DefaultKey(facility, said.value.clause, root.cause.identity)
        known = self.live.get(key) or self._before.get(key)
        reached = known is not None and known.reached(debt, said.value)
        if (key in self._failing and reached) or cure_accepted(key, root, day, self.world):
            return False
        if known is None or not reached:
            above = above_threshold(said.value, debt, root, day, self.books)
            if above is None and known is None:
                self.untested.setdefault(key, Untested(facility, said, debt, root, day))
            if not above:
                return False
            known = (known or Default(key, root, said, arose=day)).reached_by(debt, said.value)
        self._failing.add(key)
        added = key not in self.live
        if not known.event_of_default:
            matures = matures_on(key, known.clause.value, known.arose, day, self.world, self.terms)
            if matures is not None and matures > day:
                self.agenda.look_at(matures)
            event_of_default = matures is not None and matures <= day
            matures = day if event_of_default else matures
            if (known.matures, known.event_of_default) != (matures, event_of_default):
                known = replace(known, matures=matures, event_of_default=event_of_default)
        self.live[key] = known
        return added

    def _accelerate(self, day: dt.date) -> None:
        """The debts that an act made due; what a clause made due stays so until it is paid."""
        by_clause = {facility: each for facility, each in self.accelerations.items() if each.kind == "clause"}
        self.accelerations = {}
        for facility, each in by_clause.items():
            left = [clause for clause in each.clauses if not self._annulled(facility, clause, each.since, day)]
            closed = self.world.closed_by_payment(facility, day) is not None
            if left and not closed and not self.books[facility].paid_off_by(day):
                self.accelerations[facility] = each.only(left)
        for _, root in self._failures:
            if isinstance(root.fact, ActTaken) and root.fact.accelerates:
                found = Acceleration(root.begins, "act", (root.cause.name,), (root,), root.positions)
                self.accelerations.setdefault(root.cause.debt, found)

    def _annulled(self, facility: str, clause: str, since: dt.date, day: dt.date) -> tuple[int, ...]:
        """The annulments, from one day to another, of what a clause had made due."""
        names = self.world.annulments_of.get((facility, None, clause), ())
        held = [(name, annulled_at(name, self.world, self.in_effect)) for name in names]
        return tuple(self.world.annulments[name].position for name, at in held if at and since <= at[0] <= day)

    def _grow(self, spread: set[DefaultKey], day: dt.date) -> bool:
        """One step towards the fixed point of a day: whether anything was added. Nothing is ever taken away.

        `spread` holds the Events of Default not waived whose reach was followed in the steps before.
        """
        waivers, forbearances = self.grants.active("waiver"), self.grants.active("forbearance")
        events = [each for each in self.live.values() if each.event_of_default]
        not_waived = [each for each in events if each.key in spread or not self._covered(each, waivers, day)]
        grew = False
        for each in not_waived:
            if each.key in spread:
                continue
            spread.add(each.key)
            debt = each.key.facility
            for facility, said in self.clauses.reaching.get(debt, ()):
                if isinstance(said.value, CrossDefaultClause):
                    grew |= self._add(facility, said, debt, each.root, day)
            grew |= each.clause.value.accelerates and self._fall_due_by(each, day)
        for debt, acceleration in self.accelerations.items():
            for facility, said in self.clauses.reaching.get(debt, ()) if acceleration.kind == "clause" else ():
                for root in acceleration.roots if isinstance(said.value, CrossAccelerationClause) else ():
                    grew |= self._add(facility, said, debt, root, day)
        uncovered = {each.key.facility: each for each in not_waived if not self._covered(each, forbearances, day)}
        return self.grants.end_because_of(uncovered, day) or grew

    def _fall_due_by(self, default: Default, day: dt.date) -> bool:
        """Make a debt due by the clause of an Event of Default, unless it was due or paid already; whether that is new.

        Several root causes of one day make it due together, and each is passed on.
        """
        known = self.accelerations.get(default.key.facility)
        if known is not None and (known.kind == "act" or known.since < day):
            return False
        if self.books[default.key.facility].paid_off_by(day):
            return False
        if self._annulled(default.key.facility, default.key.clause, default.matures or day, day):
            return False
        because = (*default.root.positions, default.clause.position)
        fallen = Acceleration(day, "clause", (default.key.clause,), (default.root,), because)
        if known is not None:
            fallen = known.together_with(fallen)
        self.accelerations[default.key.facility] = fallen
        return True

    def _covered(self, default: Default, active: Active, day: dt.date) -> tuple[Granted, ...]:
        event, key, root = default.event_of_default, default.key, default.root
        own = active.get(key.facility)
        if own is None:
            return ()
        return tuple(each for each in own if covers(each.fact, key, root, self.world, day, event_of_default=event))

    def _with_state(self, default: Default, waivers: Active, forbearances: Active, day: dt.date) -> Default:
        waived = self._covered(default, waivers, day)
        forborne = self._covered(default, forbearances, day)
        uncovered: DefaultStateName = "continuing" if default.event_of_default else "grace"
        state: DefaultStateName = "waived" if waived else "forborne" if forborne else uncovered
        outlives = default.key not in self._failing
        if (default.state, default.covered_by, default.outlives_failure) == (state, waived or forborne, outlives):
            return default
        return replace(default, state=state, covered_by=waived or forborne, outlives_failure=outlives)

    def _as_cured(self, default: Default, day: dt.date) -> Default:
        return replace(default, state="cured", covered_by=(), cured_on=day, cured_because=self._healing(default, day))

    def _healing(self, default: Default, day: dt.date) -> tuple[int, ...]:
        """The facts by which a Default ended: what ended the failure or waived it elsewhere, and who healed it."""
        key, root = default.key, default.root
        healed = [cure_accepted(key, root, day, self.world), cure_notified(key, day, self.world)]
        closed = self.world.closed_by_payment(key.facility, day)
        elsewhere = (each.covered_by for each in self.live.values() if each.key.cause == key.cause)
        ended = root.ended_because if not root.fails_on(day) else ()
        waived = () if ended else tuple(position for grants in elsewhere for g in grants for position in g.positions)
        return (*ended, *waived, *(each.position for each in (*healed, closed) if each is not None))


def _place(failure: tuple[int, RootCause]) -> int:
    return failure[0]
