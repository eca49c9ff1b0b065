"""What followed, derived for obviousness alone: every single day, from all the facts, with nothing kept for later.

It is to be read beside docs/DERIVATION.md, rule by rule; it shares no code with `projections` and is far too slow for
use. Each day is closed in the same steps: what ended and what does not heal by itself is carried over; the day's facts
are applied; three sets grow together until they grow no more; the questions of papers are asked.
"""

import datetime as dt
from collections.abc import Iterable

from ledger.facts import ActTaken, AmendmentSigned, FacilityTerminated, Standing, WaiverGranted
from ledger.facts.terms import Condition
from ledger.facts.waivers import Grant
from ledger.records import Recorded
from tests.oracle.entries import Moment, close_of
from tests.oracle.grants import Grants, ends_because_of
from tests.oracle.record import days_between
from tests.oracle.states import (
    ONE_DAY,
    Cause,
    Day,
    DeclaredDue,
    Default,
    DefaultAnswered,
    FacilityAnswered,
    FallenDue,
    InEffect,
    Paper,
    Spreading,
    WaiverAnswered,
)


class Oracle(Grants):
    """A log, derived day by day from its first fact to the last day asked for."""

    def __init__(
        self,
        log: Iterable[Recorded],
        last: dt.date,
        lowest: Standing = "inferred",
        *,
        counted_until: dt.date = dt.date.max,
        as_stood_on: dt.date | None = None,
    ) -> None:
        super().__init__(log, lowest, counted_until, as_stood_on)
        self.first = min((entry.fact.effective for entry in self.entries), default=last)
        self.in_effect: InEffect = {}
        self.days: dict[dt.date, Day] = {self.first - ONE_DAY: Day()}
        for day in days_between(self.first, last):
            self.days |= self.sweep(day, day, self.in_effect)
            while taking_effect := self.next_to_take_effect(day):
                self.in_effect |= taking_effect
                self.days |= self.sweep(self.first_changed(taking_effect, day), day, self.in_effect)

    def on(self, day: dt.date) -> Day:
        """How things stand at the end of a day."""
        return self.days[day] if day >= self.first else Day()

    def sweep(self, start: dt.date, end: dt.date, in_effect: InEffect) -> dict[dt.date, Day]:
        """Close each day from the start to the end, with these papers in effect."""
        days = {start - ONE_DAY: self.days[start - ONE_DAY]}
        for day in days_between(start, end):
            days[day] = self.close(day, days[day - ONE_DAY], in_effect)
        return days

    def close(self, day: dt.date, before: Day, in_effect: InEffect) -> Day:
        """How things stand at the end of a day, from how they stood at the end of the day before."""
        grants = self.grants_after_the_facts_of(day, before, in_effect)
        clauses = {facility: self.clauses(facility, day, in_effect) for facility in self.openings}
        failures = {facility: self.own_failures(facility, day, in_effect) for facility in self.openings}
        paid_off = {facility for facility in self.openings if self.is_paid_off(facility, close_of(day))}
        fallen_due = {
            each
            for each in before.fallen_due
            if each.facility not in paid_off
            and not self.is_lifted(each.facility, each.clause, since=each.since, until=day, in_effect=in_effect)
        }
        due_already = {each.facility for each in fallen_due}
        due_already |= {name for name, causes in failures.items() for each in causes if isinstance(each, DeclaredDue)}
        unwaived: set[tuple[str, Cause]] = set()
        while True:
            spreads = Spreading(clauses, failures, unwaived, fallen_due)
            close = Day(self.defaults(day, before, in_effect, spreads), grants, frozenset(fallen_due))
            events_of_default = [each for each in close.defaults.values() if each.is_event_of_default]
            uncovered = {each.facility for each in events_of_default if not self.covering(each, close, day)}
            not_waived = [each for each in events_of_default if not self.is_waived(each, close, day)]
            now_unwaived = unwaived | {(each.facility, each.cause) for each in not_waived}
            now_fallen_due = fallen_due | {
                FallenDue(each.facility, each.cause, each.clause.clause, day)
                for each in not_waived
                if each.clause.accelerates and each.facility not in paid_off | due_already
                if not self.is_lifted(
                    each.facility, each.clause.clause, each.became_event_of_default or day, day, in_effect
                )
            }
            ended = {
                name: granted.ending("ended", day)
                for name, granted in grants.items()
                if granted.lives and ends_because_of(granted, uncovered, grants)
            }
            if (now_unwaived, now_fallen_due, ended) == (unwaived, fallen_due, {}):
                return close
            unwaived, fallen_due, grants = now_unwaived, now_fallen_due, grants | ended

    # --- papers that wait for conditions: which takes effect next ---

    def next_to_take_effect(self, day: dt.date) -> InEffect:
        """The paper, or those that hang on one another, that takes effect next on a day; or none."""
        now = close_of(day)
        ready: list[tuple[Moment, list[Paper]]] = []
        for paper in self.papers:
            together = self.asked_together(paper, now)
            moment = self.all_else_satisfied(together, now)
            if paper not in self.in_effect and moment is not None:
                ready.append((moment, together))
        for moment, together in sorted(ready):
            if not any(self.open_questions(paper, now) for paper in together):
                return dict.fromkeys(together, moment)
        for _, together in sorted(ready):
            if self.passes(together, day):
                return dict.fromkeys(together, now)
        return {}

    def passes(self, together: list[Paper], day: dt.date) -> bool:
        """Whether the questions of these papers are answered well at the end of a day, after giving them effect."""
        now = close_of(day)
        given_effect = dict.fromkeys(together, now)
        close = self.sweep(self.first_changed(together, day), day, self.in_effect | given_effect)[day]
        for paper in together:
            own = self.papers[paper][1].facility
            for question in self.open_questions(paper, now):
                for default in close.defaults.values():
                    counts = default.is_event_of_default or question == "no_default_after_giving_effect"
                    if (
                        default.facility == own
                        and default.continues
                        and counts
                        and not self.is_waived(default, close, day)
                    ):
                        return False
        return True

    def first_changed(self, papers: Iterable[Paper], day: dt.date) -> dt.date:
        """The earliest date from which these papers change terms, or the day itself."""
        amendments = [self.papers[paper][1] for paper in papers]
        dates = [change.from_ for each in amendments if isinstance(each, AmendmentSigned) for change in each.changes]
        return max(self.first, min([day, *dates]))

    def asked_together(self, paper: Paper, now: Moment) -> list[Paper]:
        """A paper, and the amendments that it waits for: those that wait for it too, or all if it is a waiver.

        A waiver, or an annulment, may be what an amendment needs to pass that it waits for itself.
        """
        awaited = self.waits_for(paper, now)
        if paper[0] == "amendment":
            awaited = {other for other in awaited if paper in self.waits_for(other, now)}
        return [other for other in self.papers if other == paper or other in awaited]

    def waits_for(self, paper: Paper, now: Moment) -> set[Paper]:
        """The amendments that a paper waits for, itself or through others."""
        found: set[Paper] = set()
        asked = [paper]
        while asked:
            for condition in self.open_conditions(asked.pop(), now):
                other = ("amendment", str(condition.amendment))
                if other in self.papers and other not in found:
                    found.add(other)
                    asked.append(other)
        return found

    def open_conditions(self, paper: Paper, now: Moment) -> list[Condition]:
        conditions = self.papers[paper][1].conditions or ()
        return [each for each in conditions if self.satisfied(paper, each, now, self.in_effect) is None]

    def open_questions(self, paper: Paper, now: Moment) -> list[str]:
        return [each.question for each in self.open_conditions(paper, now) if each.question is not None]

    def all_else_satisfied(self, together: list[Paper], now: Moment) -> Moment | None:
        """The moment from which nothing was open but questions, and these papers as conditions of one another."""
        moments = []
        for paper in together:
            signed, fact = self.papers[paper]
            moments.append(signed)
            for condition in fact.conditions or ():
                moment = self.satisfied(paper, condition, now, self.in_effect)
                if moment is not None:
                    moments.append(moment)
                elif condition.question is None and ("amendment", condition.amendment) not in together:
                    return None
        return max(moments) if max(moments) <= now else None

    # --- the answer ---

    def answer(self, facility: str, day: dt.date) -> FacilityAnswered:
        """What is answered of a facility on a day."""
        if facility not in self.openings or self.openings[facility].effective > day:
            return FacilityAnswered("not_open", {}, {}, {})
        close = self.on(day)
        defaults = {
            identity: self.default_answered(default, close, day)
            for identity, default in close.defaults.items()
            if default.facility == facility
        }
        waivers = {}
        for _, grant in self.facts(Grant):
            if grant.facility == facility:
                granted = close.grants.get(grant.grant)
                waivers[grant.grant] = (
                    WaiverAnswered(granted.state, granted.from_, granted.ended_on)
                    if granted is not None
                    else WaiverAnswered("not_yet", None, None)
                )
        amendments = {
            name: moment.day
            for (kind, name), moment in self.in_effect.items()
            if kind == "amendment" and self.papers[kind, name][1].facility == facility and moment.day <= day
        }
        return FacilityAnswered(self.legal(facility, close, day), defaults, waivers, amendments)

    def default_answered(self, default: Default, close: Day, day: dt.date) -> DefaultAnswered:
        covering = self.covering(default, close, day) if default.continues else []
        waivers = [name for name in covering if isinstance(close.grants[name].grant, WaiverGranted)]
        state = self.state(default, close, day)
        return DefaultAnswered(default.arose, default.became_event_of_default, state, tuple(waivers or covering))

    def state(self, default: Default, close: Day, day: dt.date) -> str:
        if not default.continues:
            return "cured"
        if self.is_waived(default, close, day):
            return "waived"
        if self.covering(default, close, day):
            return "forborne"
        return "continuing" if default.is_event_of_default else "grace"

    def legal(self, facility: str, close: Day, day: dt.date) -> str:
        """The worst that holds."""
        now = close_of(day)
        if any(ended.facility == facility for _, ended in self.facts(FacilityTerminated, now)):
            return "closed"
        if facility in {due.facility for due in close.fallen_due} or any(
            act.facility == facility and self.makes_due(act, moment, now, self.in_effect)
            for moment, act in self.facts(ActTaken, now)
        ):
            return "accelerated"
        states = [
            self.state(default, close, day)
            for default in close.defaults.values()
            if default.facility == facility and not self.is_permanently_waived(default, close, day)
        ]
        for state, legal in (
            ("continuing", "event_of_default"),
            ("forborne", "forborne"),
            ("grace", "default"),
            ("waived", "waived"),
        ):
            if state in states:
                return legal
        return "no_default"
