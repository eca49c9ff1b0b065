"""One pass over the days of a group of facilities, with a given set of amendments in effect.

For every day on which anything can change: what ended stays ended, and Events of Default that do not heal by themselves
are carried over; the day's facts apply; then Events of Default, cross-defaults and the waivers that end because of them
grow together to their least fixed point (docs/DERIVATION.md, 3).
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property

from projections.agenda import Agenda
from projections.amendments import InEffect
from projections.arising import Arising, Untested
from projections.defaults import DefaultKey, has_threshold, root_causes
from projections.due_dates import DueDates
from projections.parts import Parts
from projections.running import Grants, Running
from projections.states import Day, Default, DefaultStateName, Legal
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


class Sweep:
    """The pass. `days` are its states, one for each day of the agenda, as far as it was asked to go."""

    def __init__(self, world: World, in_effect: InEffect, parts: Parts | None = None) -> None:
        self.world = world
        self.in_effect = dict(in_effect)
        self.parts = parts or Parts.of(world, in_effect)
        self.terms, self.pricing, self.books, self.roots = self.parts[:4]
        self.days: list[Day] = []
        self.agenda = Agenda(self._days_known_beforehand())

    @cached_property
    def grants(self) -> Grants:
        """The grants as they run, from the first day on."""
        running = (Running(*each) for each in self.parts.grants)
        return Grants(self.world, self.in_effect, self.agenda, running, self.parts.stirring)

    @cached_property
    def defaults(self) -> Arising:
        """The Defaults as they stand after the day at hand."""
        return Arising(self.world, self.in_effect, self.agenda, self.grants, self.parts)

    def _days_known_beforehand(self) -> set[dt.date]:
        """Every day on which a fact, a term or an end by date can change anything, from the first opening on."""
        days = set(self.world.days)
        days |= {date for terms in self.terms.values() for date in terms.dates()}
        days |= {date for root in self.roots for date in (root.begins, root.ended) if date is not None}
        days |= {ending.when.day for _, by_facts in self.parts.grants for ending in by_facts}
        days |= {day for day in self.in_effect.values() if day < NEVER}
        if has_threshold(self.terms):
            days |= {day for terms in self.terms.values() for day in DueDates(terms).add_to_principal()}
        first = min((opening.effective for opening in self.world.openings.values()), default=dt.date.max)
        return {day for day in days if day >= first}

    @property
    def untested(self) -> Mapping[DefaultKey, Untested]:
        """The cross clauses whose thresholds could not be tested."""
        return self.defaults.untested

    def until(self, last: dt.date) -> "Sweep":
        """Go on through the days up to one; what was gone through stands."""
        agenda = self.agenda
        while len(self.days) < len(agenda.days) and agenda.days[len(self.days)] <= last:
            day = agenda.today = agenda.days[len(self.days)]
            self.grants.begin(day)
            self.grants.run(day)
            self.defaults.derive(day)
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
        other.days = list(self.days)
        other.agenda = self.agenda.with_day(day)
        other.grants = self.grants.branch(other.in_effect, other.agenda)
        other.defaults = self.defaults.branch(other.in_effect, other.agenda, other.grants, other.parts)
        return other

    # --- the end of the day ------------------------------------------------------------------------------------------

    def _snapshot(self, day: dt.date) -> Day:
        found, own = self.defaults, dict[str, list[Default]]()
        for default in found.live.values():
            own.setdefault(default.key.facility, []).append(default)
        legal = {facility: self._legal(facility, own.get(facility, ()), day) for facility in self.world.openings}
        return Day(day, found.live, found.cured, self.grants.states(day), dict(found.accelerations), legal)

    def _legal(self, facility: str, defaults: Iterable[Default], day: dt.date) -> Legal:
        """The worst that holds."""
        if day < self.world.openings[facility].effective:
            return "not_open"
        terminated = self.world.terminations.get(facility)
        if terminated is not None and terminated.effective <= day:
            return "closed"
        if facility in self.defaults.accelerations:
            return "accelerated"
        counting = (_COUNTS_AS[each.state] for each in defaults if each.counts)
        return max(counting, key=_WORST.index, default="no_default")
