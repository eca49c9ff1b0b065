"""One pass over the days of a group of facilities, with a given set of amendments in effect.

For every day on which anything can change: what ended stays ended, and Events of Default that do not heal by themselves
are carried over; the day's facts apply; then Events of Default, cross-defaults and the waivers that end because of them
grow together to their least fixed point (docs/DERIVATION.md, 3).
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Literal, NamedTuple

from ledger.facts import ActTaken, FacilityTerminated, NoticeGiven, WaiverExtended
from ledger.facts.names import Name
from ledger.facts.terms import Clause, Condition, CrossAccelerationClause, CrossDefaultClause
from ledger.facts.waivers import UncoveredEventOfDefaultEnd, WithWaiverEnd
from projections.amendments import InEffect, amendment, met_by_fact, took_effect_at
from projections.defaults import (
    DefaultKey,
    RootCause,
    above_threshold,
    annulled_at,
    concerns,
    cure_accepted,
    cure_notified,
    matures_on,
    root_causes,
)
from projections.formulas import Fixings
from projections.history import Entry
from projections.obligations import Books, contract_books
from projections.rates import Pricing
from projections.running import Clauses, Reaching, Running, TakenUp, move_end, put
from projections.states import Acceleration, Day, Default, DefaultStateName, GrantState, GrantStateName, Legal
from projections.terms import FacilityTerms, Said
from projections.waivers import Ending, Granted, When, close_of, covers, endings, start_of
from projections.world import World

_WORST: tuple[Legal, ...] = ("no_default", "waived", "default", "forborne", "event_of_default", "accelerated")
_COUNTS_AS: Mapping[DefaultStateName, Legal] = {
    "grace": "default",
    "continuing": "event_of_default",
    "waived": "waived",
    "forborne": "forborne",
    "cured": "no_default",
}
NEVER = dt.date.max
"""The day of a paper whose changes are in effect, and on which no waiver begins."""

_Active = Mapping[str, Sequence[Granted]]
"""Grants in force, by the facility whose Defaults they are about."""


class Untested(NamedTuple):
    """A cross clause whose threshold could not be tested: the principal of the debt is not stated."""

    facility: str
    clause: Said[Clause]
    debt: str
    root: RootCause
    on: dt.date


class Parts(NamedTuple):
    """What a pass is made of before it begins."""

    terms: Mapping[str, FacilityTerms]
    pricing: Mapping[str, Pricing]
    books: Mapping[str, Books]
    roots: tuple[RootCause, ...]
    grants: tuple[tuple[Granted, list[Ending]], ...]
    """The grants, each with the ends that facts decide, earliest first."""

    @classmethod
    def of(cls, world: World, in_effect: InEffect) -> "Parts":
        """The parts for a world in which some papers are in effect."""
        terms, fixings = world.terms(in_effect), Fixings.of(world.history)
        pricing = {name: Pricing.of(world, terms, name, fixings) for name in world.openings}
        books = contract_books(world, pricing)
        grants = tuple((granted, endings(granted, world)) for granted in map(Granted, world.grants))
        return cls(terms, pricing, books, root_causes(world, books, in_effect), grants)


class Sweep:
    """The pass. `days` are its states, one for each day of the agenda, as far as it was asked to go."""

    def __init__(self, world: World, in_effect: InEffect, parts: Parts | None = None) -> None:
        self.world = world
        self.in_effect = dict(in_effect)
        self.parts = parts or Parts.of(world, in_effect)
        self.terms, self.pricing, self.books, self.roots, grants = self.parts
        self.running = [Running(granted, by_facts) for granted, by_facts in grants]
        self.untested: dict[DefaultKey, Untested] = {}
        self._live: dict[DefaultKey, Default] = {}
        self._failing: set[DefaultKey] = set()
        """The Defaults of the day at hand whose failure lasts."""
        self._cured: dict[DefaultKey, Default] = {}
        self._accelerations: dict[str, Acceleration] = {}
        self.days: list[Day] = []
        self.known = tuple(self._days_known_beforehand())
        self.noted: list[tuple[dt.date, dt.date]] = []
        """The days put on the agenda later, each behind the day on which that was done."""
        self._taken_up = TakenUp()
        self.agenda = list(self.known)
        """The days on which anything can change. It grows as they are gone through, always behind the day at hand."""

    def until(self, last: dt.date) -> "Sweep":
        """Go on through the days up to one; what was gone through stands."""
        while len(self.days) < len(self.agenda) and self.agenda[len(self.days)] <= last:
            day = self.agenda[len(self.days)]
            self._take_up(day)
            self._run_grants(day)
            self._derive_defaults(day)
            self.days.append(self._snapshot(day))
        return self

    def on(self, day: dt.date) -> Day:
        """The state at the end of a day, which is none before the first of the agenda."""
        self.until(day)
        return self.days[bisect_right(self.days, day, key=lambda each: each.day) - 1]

    def branch(self, in_effect: InEffect, day: dt.date) -> "Sweep":
        """The pass as far as it went, to go on from a later day with more papers in effect from that day on.

        They change no terms but those of the parts that this pass has already.
        """
        other = copy(self)
        other.in_effect = dict(in_effect)
        other.roots = root_causes(self.world, self.books, in_effect)
        other.parts = self.parts._replace(roots=other.roots)
        other.untested = dict(self.untested)
        other.days, other.noted = list(self.days), list(self.noted)
        other.agenda = sorted({*self.agenda, day})
        other.running = [copy(running) for running in self.running]
        other._taken_up = TakenUp()
        return other

    # --- which days --------------------------------------------------------------------------------------------------

    def _days_known_beforehand(self) -> list[dt.date]:
        """Every day on which a fact, a term or an end by date can change anything, from the first opening on."""
        days = {entry.effective for entry in self.world.history.entries}
        days |= {date for terms in self.terms.values() for date in terms.dates()}
        days |= {date for root in self.roots for date in (root.begins, root.ended) if date is not None}
        days |= {ending.when.day for running in self.running for ending in running.by_facts}
        days |= {notice.fact.received for notice in self.world.history.of(NoticeGiven) if notice.fact.received}
        days |= {day for day in self.in_effect.values() if day < NEVER}
        first = min((opening.effective for opening in self.world.openings.values()), default=dt.date.max)
        return sorted(day for day in days if day >= first)

    def _look_at(self, day: dt.date) -> None:
        """Put a later day on the agenda."""
        today = self.agenda[len(self.days)]
        if day > today:
            self.noted.append((today, day))
            put(day, self.agenda)

    # --- what the day is about ---------------------------------------------------------------------------------------

    def _take_up(self, day: dt.date) -> None:
        """Keep in hand what a day is about: the clauses in force, the failures that last, the grants that may move."""
        taken_up = self._taken_up
        if not taken_up.begun_with:
            taken_up.begun_with = True
            for at, running in enumerate(self.running):
                taken_up.take(at, running)
                for stirring in self._stirring(running):
                    taken_up.stirs.setdefault(stirring, []).append(at)
                taken_up.states[at] = self._grant_state(running, day)
            closings = [e.effective for e in self.world.history.of(FacilityTerminated)]
            layers = (each for terms in self.terms.values() for each in terms.clauses.values())
            taken_up.clause_days = sorted({*closings, *(date for each in layers for date in each.dates())})
            taken_up.by_beginning = sorted(enumerate(self.roots), key=lambda each: each[1].begins)
        version = bisect_right(taken_up.clause_days, day)
        taken_up.reworded = version != taken_up.version
        if taken_up.reworded:
            taken_up.version, taken_up.concerned = version, {}
            taken_up.clauses = [(name, said) for name in self.terms for said in self._clauses_on(name, day)]
            taken_up.reaching = self._reaching(taken_up.clauses)
        taken_up.begin(day)

    def _stirring(self, running: Running) -> Iterator[dt.date]:
        """The days on which what is said of a grant may change besides those on which it begins or ends."""
        yield running.granted.source.effective
        for ending in running.by_facts:
            yield from (met for met, _ in ending.moved)
        for condition in running.granted.fact.conditions:
            met = self.world.conditions_met.get((Name("waiver", running.granted.name), condition.condition))
            if met is not None:
                yield met.effective

    # --- waivers -----------------------------------------------------------------------------------------------------

    def _run_grants(self, day: dt.date) -> None:
        """Begin, extend, end and supersede the grants by the facts of a day, each fact in its turn."""
        for extension in self.world.history.of(WaiverExtended):
            if extension.effective == day:
                self._run_grants_up_to(When(*extension.order))
                self._extend(extension)
        self._run_grants_up_to(close_of(day))

    def _run_grants_up_to(self, now: When) -> None:
        """Begin, end and supersede the grants, none of them granted anew, by what has happened up to a moment."""
        beginning: list[tuple[When, int, Running]] = []
        for place, running in enumerate(self._taken_up.going):
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
        if self._taken_up.latest[running.granted.name] is running:
            self._taken_up.over[running.granted.name] = ending

    def _extend(self, extension: Entry[WaiverExtended]) -> None:
        """Move the date on which a grant ends; one that has ended by then is granted anew."""
        running = next((r for r in reversed(self.running) if r.granted.name == extension.fact.waiver), None)
        if running is None or extension.order < running.granted.source.order:
            return
        if running.ended is not None:
            anew = Granted(running.granted.entry, extension)
            running = Running(anew, endings(anew, self.world))
            self.running.append(running)
            self._taken_up.take(len(self.running) - 1, running, anew=True)
        else:
            move_end(running, extension)
            self._taken_up.hasten(next(at for at, each in enumerate(self.running) if each is running))
        for ending in running.by_facts:
            self._look_at(ending.when.day)

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
        for older in self._taken_up.going:
            named = older.granted.name in newer.granted.fact.supersedes
            lasts = older.ended is None or older.ended.when > begins
            if named and lasts and older.granted.source.order < newer.granted.source.order:
                because = (*older.granted.positions, *newer.granted.positions)
                self._end(older, Ending(begins, "superseded", newer.granted.name, because, older.granted.fact.revival))

    def _active(self, kind: Literal["waiver", "forbearance"]) -> _Active:
        """The grants of a kind that are in force, by facility."""
        active: dict[str, list[Granted]] = {}
        for running in self._taken_up.going:
            granted = running.granted
            if running.began is not None and running.ended is None and granted.kind == kind:
                active.setdefault(granted.fact.facility, []).append(granted)
        return active

    # --- defaults ----------------------------------------------------------------------------------------------------

    def _derive_defaults(self, day: dt.date) -> None:
        """Find the Defaults of a day: carried over, arising from causes, and grown to the least fixed point."""
        taken_up = self._taken_up
        before = self._as_worded()
        self._live = {key: each for key, each in before.items() if each.event_of_default and self._carries(each, day)}
        self._failing = set()
        for clause, _, root in sorted(self._concerned(), key=lambda each: each[:2]):
            facility, said = taken_up.clauses[clause]
            self._add(facility, said, root.cause.debt, root, before, day)
        self._accelerate(day)
        spread = set[DefaultKey]()
        while self._grow(taken_up.reaching, spread, before, day):
            pass
        waivers, forbearances = self._active("waiver"), self._active("forbearance")
        self._live = {key: self._with_state(each, waivers, forbearances, day) for key, each in self._live.items()}
        gone = {key: each for key, each in before.items() if key not in self._live}
        again = [key for key in self._live if key in self._cured]
        if gone or again:
            self._cured = dict(self._cured)
            for key in again:
                del self._cured[key]
            self._cured |= {key: self._as_cured(each, day) for key, each in gone.items()}

    def _concerned(self) -> Iterator[tuple[int, int, RootCause]]:
        """The clauses, by their place among those of the day, that make Defaults of the failures of the day."""
        taken_up = self._taken_up
        for at, root in taken_up.failing:
            if at not in taken_up.concerned:
                taken_up.concerned[at] = [
                    place
                    for place, (facility, said) in enumerate(taken_up.clauses)
                    if concerns(said.value, facility, root, self.world, self.terms[facility])
                ]
            for place in taken_up.concerned[at]:
                yield place, at, root

    def _as_worded(self) -> Mapping[DefaultKey, Default]:
        """The Defaults of the day before, each under its clause as it is worded now; a clause deleted keeps its words.

        An amended grace counts for a Default that is still in its grace; an Event of Default stays one.
        """
        if not self._taken_up.reworded:
            return self._live
        clauses = {(name, said.value.clause): said for name, said in self._taken_up.clauses}
        worded: dict[DefaultKey, Default] = {}
        for key, each in self._live.items():
            now = clauses.get((key.facility, key.clause), each.clause)
            worded[key] = each if now.value is each.clause.value else replace(each, clause=now)
        return worded

    def _clauses_on(self, facility: str, day: dt.date) -> list[Said[Clause]]:
        """The clauses that make Defaults on a day; a debt that was paid and is closed has no Defaults any longer."""
        return [] if self.world.closed_by_payment(facility, day) else self.terms[facility].clauses_on(day)

    def _carries(self, default: Default, day: dt.date) -> bool:
        """Whether an Event of Default outlives its failure: it does not heal by itself, and nobody healed it."""
        heals = default.clause.value.heals
        if heals == "automatically" or (heals == "on_notice" and cure_notified(default.key, day, self.world)):
            return False
        healed = cure_accepted(default.key, default.root, day, self.world)
        return healed is None and self.world.closed_by_payment(default.key.facility, day) is None

    def _add(
        self,
        facility: str,
        said: Said[Clause],
        debt: str,
        root: RootCause,
        before: Mapping[DefaultKey, Default],
        day: dt.date,
    ) -> bool:
        """Add what a clause makes of a failure of a debt, unless it is there; whether it was added."""
        key = DefaultKey(facility, said.value.clause, root.cause.identity)
        known = self._live.get(key) or before.get(key)
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
        added = key not in self._live
        if not known.event_of_default:
            matures = matures_on(key, known.clause.value, known.arose, day, self.world, self.terms)
            if matures is not None and matures > day:
                self._look_at(matures)
            event_of_default = matures is not None and matures <= day
            matures = day if event_of_default else matures
            if (known.matures, known.event_of_default) != (matures, event_of_default):
                known = replace(known, matures=matures, event_of_default=event_of_default)
        self._live[key] = known
        return added

    def _accelerate(self, day: dt.date) -> None:
        """The debts that an act made due; what a clause made due stays so until it is paid."""
        by_clause = {facility: each for facility, each in self._accelerations.items() if each.kind == "clause"}
        self._accelerations = {}
        for facility, each in by_clause.items():
            left = [clause for clause in each.clauses if not self._annulled(facility, clause, each.since, day)]
            if left and not self.books[facility].paid_off_by(day):
                self._accelerations[facility] = each.only(left)
        for _, root in self._taken_up.failing:
            if isinstance(root.fact, ActTaken) and root.fact.accelerates:
                found = Acceleration(root.begins, "act", (root.cause.name,), (root,), root.positions)
                self._accelerations.setdefault(root.cause.debt, found)

    def _annulled(self, facility: str, clause: str, since: dt.date, day: dt.date) -> tuple[int, ...]:
        """The annulments, from one day to another, of what a clause had made due."""
        names = self.world.annulments_of.get((facility, None, clause), ())
        held = [(name, annulled_at(name, self.world, self.in_effect)) for name in names]
        return tuple(self.world.annulments[name].position for name, at in held if at and since <= at[0] <= day)

    def _reaching(self, clauses: Clauses) -> Reaching:
        """The clauses that look at what became of another debt, by that debt."""
        reaching: dict[str, Clauses] = {}
        for facility, said in clauses:
            if isinstance(said.value, CrossDefaultClause | CrossAccelerationClause):
                for debt in self.world.named_by(said.value, facility) - {facility}:
                    reaching.setdefault(debt, []).append((facility, said))
        return reaching

    def _grow(
        self, reaching: Reaching, spread: set[DefaultKey], before: Mapping[DefaultKey, Default], day: dt.date
    ) -> bool:
        """One step towards the fixed point of a day: whether anything was added. Nothing is ever taken away.

        `spread` holds the Events of Default not waived whose reach was followed in the steps before.
        """
        waivers, forbearances = self._active("waiver"), self._active("forbearance")
        events = [each for each in self._live.values() if each.event_of_default]
        not_waived = [each for each in events if each.key in spread or not self._covered(each, waivers, day)]
        grew = False
        for each in not_waived:
            if each.key in spread:
                continue
            spread.add(each.key)
            debt = each.key.facility
            for facility, said in reaching.get(debt, ()):
                if isinstance(said.value, CrossDefaultClause):
                    grew |= self._add(facility, said, debt, each.root, before, day)
            grew |= each.clause.value.accelerates and self._fall_due_by(each, day)
        for debt, acceleration in self._accelerations.items():
            for facility, said in reaching.get(debt, ()) if acceleration.kind == "clause" else ():
                for root in acceleration.roots if isinstance(said.value, CrossAccelerationClause) else ():
                    grew |= self._add(facility, said, debt, root, before, day)
        uncovered = {each.key.facility: each for each in not_waived if not self._covered(each, forbearances, day)}
        return self._end_grants(uncovered, day) or grew

    def _fall_due_by(self, default: Default, day: dt.date) -> bool:
        """Make a debt due by the clause of an Event of Default, unless it was due or paid already; whether that is new.

        Several root causes of one day make it due together, and each is passed on.
        """
        known = self._accelerations.get(default.key.facility)
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
        self._accelerations[default.key.facility] = fallen
        return True

    def _end_grants(self, uncovered: Mapping[str, Default], day: dt.date) -> bool:
        """End the grants that end with an uncovered Event of Default or with another grant; whether any ended."""
        ending: list[tuple[Running, Ending]] = []
        for running in self._taken_up.going:
            if running.ended is None and running.granted.source.effective <= day:
                against = uncovered if running.began is not None else {}
                found = _ended_with(running.granted, against, self._taken_up.over, day)
                if found is not None:
                    ending.append((running, found))
        for running, found in ending:
            self._end(running, found)
        return bool(ending)

    def _covered(self, default: Default, active: _Active, day: dt.date) -> tuple[Granted, ...]:
        event, key, root = default.event_of_default, default.key, default.root
        own = active.get(key.facility)
        if own is None:
            return ()
        return tuple(each for each in own if covers(each.fact, key, root, self.world, day, event_of_default=event))

    def _with_state(self, default: Default, waivers: _Active, forbearances: _Active, day: dt.date) -> Default:
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
        elsewhere = (each.covered_by for each in self._live.values() if each.key.cause == key.cause)
        ended = root.ended_because if not root.fails_on(day) else ()
        waived = () if ended else tuple(position for grants in elsewhere for g in grants for position in g.positions)
        return (*ended, *waived, *(each.position for each in (*healed, closed) if each is not None))

    # --- the end of the day ------------------------------------------------------------------------------------------

    def _snapshot(self, day: dt.date) -> Day:
        own: dict[str, list[Default]] = {}
        for default in self._live.values():
            own.setdefault(default.key.facility, []).append(default)
        legal = {facility: self._legal(facility, own.get(facility, ()), day) for facility in self.world.openings}
        return Day(day, self._live, self._cured, self._grant_states(day), dict(self._accelerations), legal)

    def _grant_states(self, day: dt.date) -> tuple[GrantState, ...]:
        """The state of every grant; only those to which something may have happened today are looked at."""
        taken_up = self._taken_up
        looked_at = {*taken_up.at, *taken_up.touched, *taken_up.stirs.get(day, ())}
        states = {at: self._grant_state(self.running[at], day) for at in looked_at}
        taken_up.settle()
        if len(taken_up.listed) < len(self.running) or any(taken_up.states[at] != each for at, each in states.items()):
            taken_up.states |= states
            taken_up.listed = tuple(taken_up.states[at] for at in range(len(self.running)))
        return taken_up.listed

    def _grant_state(self, running: Running, day: dt.date) -> GrantState:
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
        facts = (self.world.conditions_met.get(name) for name in names)
        met = tuple(fact.position for fact in facts if fact is not None and fact.effective <= day)
        return GrantState(granted, state, running.began, running.ended, until, met)

    def _legal(self, facility: str, defaults: Iterable[Default], day: dt.date) -> Legal:
        """The worst that holds."""
        if day < self.world.openings[facility].effective:
            return "not_open"
        terminated = self.world.terminations.get(facility)
        if terminated is not None and terminated.effective <= day:
            return "closed"
        if facility in self._accelerations:
            return "accelerated"
        counting = (_COUNTS_AS[each.state] for each in defaults if each.counts)
        return max(counting, key=_WORST.index, default="no_default")


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
