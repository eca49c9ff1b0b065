"""The status of a facility on a date: its Defaults, its waivers and its amendments, each with what it rests on."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ledger.facts import CovenantTested
from ledger.facts.amendments import ConditionFact
from ledger.facts.names import Name
from ledger.facts.terms import Condition, Covenant
from projections.amendments import met_by_fact
from projections.answer import AmendmentAnswer, DefaultAnswer, WaiverAnswer
from projections.history import Entry
from projections.on_date import OnDate
from projections.reasons import behind_amendment, behind_grant, made_by
from projections.states import Default, GrantState
from projections.terms import Deleted, Said
from projections.waivers import covers


@dataclass(frozen=True)
class StatusOn(OnDate):
    """What the status of a facility is made of, on the view's date."""

    @cached_property
    def defaults(self) -> list[Default]:
        """Its Defaults, by the date on which they arose."""
        return sorted(self.day.of(self.name), key=lambda default: (default.arose, str(default.key)))

    @cached_property
    def grants(self) -> list[GrantState]:
        """Its waivers and forbearances, by the date of the grant; none before it is open."""
        own = [state for state in self.day.grants if self.is_open and state.granted.fact.facility == self.name]
        return sorted(own, key=lambda state: state.granted.source.order)

    def rests_on(self, default: Default) -> tuple[int, ...]:
        """The facts behind the state of a Default: cause, clause, notice, what covers it, and what no longer does."""
        positions = [*default.root.positions, *made_by(self.timeline, default, self.view.as_of), *default.cured_because]
        for state in self.grants:
            if state.granted in default.covered_by:
                positions += behind_grant(self.timeline, state, self.view.as_of)
        for state in self.no_longer_covering(default):
            positions += state.ended.positions if state.ended is not None else ()
        return tuple(positions)

    @cached_property
    def breaches_deleted(self) -> list[tuple[Entry[CovenantTested], Said[Covenant | Deleted]]]:
        """The breaches of covenants up to the date that make no Default, as an amendment deleted the covenant."""
        terms, day = self.timeline.terms[self.name], self.view.as_of
        tests = [each for each in self.timeline.world.history.of(CovenantTested) if each.fact.facility == self.name]
        failed = [each for each in tests if each.effective <= day and not each.fact.met]
        deleted = [(each, terms.covenant_deleted(each.fact.covenant, each.fact.test_date)) for each in failed]
        return [(each, deletion) for each, deletion in deleted if deletion is not None]

    def no_longer_covering(self, default: Default) -> list[GrantState]:
        """The grants that ended after a Default arose, that nothing covers now, and whose scope takes it in."""
        if default.covered_by or default.state == "cured":
            return []
        key, root, world, event = default.key, default.root, self.timeline.world, default.event_of_default
        begun = [state for state in self.grants if state.began is not None]
        over = [state for state in begun if state.ended is not None and state.ended.when.day > default.arose]
        day = self.view.as_of
        return [state for state in over if covers(state.granted.fact, key, root, world, day, event_of_default=event)]

    def _met(self, amendment: str, condition: Condition) -> Entry[ConditionFact] | None:
        """The fact that had met a condition of an amendment by the date."""
        return met_by_fact(Name("amendment", amendment), condition, self.timeline.world, self.view.as_of)

    def _in_effect(self, amendment: str | None) -> dt.date | None:
        """Since when an amendment is in effect on the date; None where it is not."""
        since = self.timeline.in_effect.get(amendment or "")
        return since if since is not None and since <= self.view.as_of else None

    def default(self, default: Default) -> DefaultAnswer:
        """One of its Defaults."""
        return DefaultAnswer(
            default=str(default.key),
            clause=default.key.clause,
            arose=default.arose,
            became_event_of_default=default.matures if default.event_of_default else None,
            state=default.state,
            cured_on=default.cured_on,
            waivers=tuple(granted.name for granted in default.covered_by),
            because=self.view.because(self.rests_on(default)),
        )

    def waiver(self, state: GrantState) -> WaiverAnswer:
        """One of its waivers or forbearances."""
        ended = state.ended
        positions = behind_grant(self.timeline, state, self.view.as_of)
        return WaiverAnswer(
            waiver=state.granted.name,
            kind=state.granted.kind,
            state=state.state,
            from_=state.began,
            until=state.ends_by_date,
            ended_on=ended.when.day if ended is not None else None,
            ended_by=ended.by if ended is not None else None,
            because=self.view.because((*positions, *(ended.positions if ended is not None else ()))),
        )

    def amendments(self) -> Iterable[AmendmentAnswer]:
        """Its amendments signed by the date, each with the conditions still open."""
        for name, entry in self.timeline.world.amendments.items():
            if entry.fact.facility != self.name or entry.effective > self.view.as_of:
                continue
            in_effect = self._in_effect(name)
            open_conditions = [
                condition.condition
                for condition in entry.fact.conditions
                if not (in_effect or self._met(name, condition) or self._in_effect(condition.amendment))
            ]
            yield AmendmentAnswer(
                amendment=name,
                signed=entry.effective,
                in_effect=in_effect,
                open_conditions=tuple(open_conditions),
                because=self.view.because(behind_amendment(self.timeline, name, self.view.as_of)),
            )
