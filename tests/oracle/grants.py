"""Waivers and forbearances as the oracle sees them: what they cover, when they begin, what ends them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from ledger.calendars import business_days_after
from ledger.facts import (
    ActTaken,
    NoticeGiven,
    TriggerDecided,
    WaiverExtended,
    WaiverGranted,
    WaiverWithdrawn,
)
from ledger.facts.waivers import (
    ActEnd,
    ActsCovered,
    BusinessDaysEnd,
    CovenantCovered,
    DateEnd,
    DefaultsCovered,
    DisclosedCovered,
    EventsCovered,
    Extension,
    FailedConditionEnd,
    Grant,
    NoticeEnd,
    PaymentsCovered,
    Scope,
    UncoveredEventOfDefaultEnd,
    WithWaiverEnd,
)
from tests.oracle.defaults import Defaults
from tests.oracle.entries import Moment, close_of, start_of
from tests.oracle.states import (
    ONE_DAY,
    Breached,
    Day,
    DeclaredDue,
    Default,
    Granted,
    GrantState,
    Happened,
    InEffect,
    Missed,
)


class Grants(Defaults):
    """The waivers and forbearances of a day, and what they cover."""

    def covering(self, default: Default, close: Day, day: dt.date) -> list[str]:
        """The waivers and forbearances in force that cover a Default, by name."""
        return sorted(
            name
            for name, granted in close.grants.items()
            if granted.in_force
            if granted.grant.facility == default.facility
            if ("event_of_default" if default.is_event_of_default else "default") in granted.grant.reaches
            if any(self.is_within(scope, default, day) for scope in granted.grant.covers)
        )

    def is_waived(self, default: Default, close: Day, day: dt.date) -> bool:
        return any(isinstance(close.grants[name].grant, WaiverGranted) for name in self.covering(default, close, day))

    def is_permanently_waived(self, default: Default, close: Day, day: dt.date) -> bool:
        """Whether a waiver without an end covers a Default: it is listed, and counts no more."""
        grants = [close.grants[name] for name in self.covering(default, close, day)]
        return any(
            isinstance(each.grant, WaiverGranted) and not each.grant.ends and each.extension is None for each in grants
        )

    def is_within(self, scope: Scope, default: Default, day: dt.date) -> bool:
        """Whether a scope names a Default, or the root cause of one."""
        cause = default.cause
        match scope:
            case PaymentsCovered():
                return (
                    isinstance(cause, Missed)
                    and cause.kind in scope.payments
                    and (scope.of is None or cause.debt in scope.of)
                    and (scope.due is None or cause.due in scope.due)
                    and (
                        scope.by is None
                        or self.failed_by(cause, day) & set(scope.by) != set()
                        or not self.failed_by(cause, day)
                    )
                )
            case CovenantCovered():
                return (
                    isinstance(cause, Breached)
                    and cause.covenant == scope.covenant
                    and (scope.tests is None or cause.test_date in scope.tests)
                )
            case ActsCovered():
                acts = [act for _, act in self.facts(ActTaken) if cause == DeclaredDue(act.act)]
                return any(
                    set(act.seeks) & set(scope.acts) and (scope.of is None or act.facility in scope.of) for act in acts
                )
            case EventsCovered():
                return isinstance(cause, Happened) and cause.kind in scope.events
            case DefaultsCovered():
                return default.identity in scope.defaults
            case DisclosedCovered():
                return any(
                    notice.facility == default.facility
                    and (default.identity in notice.of or default.clause.clause in notice.of)
                    and (notice.received or notice.effective) <= min(day, scope.disclosed_by)
                    for _, notice in self.facts(NoticeGiven, close_of(min(day, scope.disclosed_by)))
                )
            case _:
                assert_never(scope)

    def grants_after_the_facts_of(self, day: dt.date, before: Day, in_effect: InEffect) -> dict[str, Granted]:
        """The waivers and forbearances once the facts of a day have applied, each fact and each end in its turn."""
        grants = dict(before.grants)
        for moment, fact in self.entries:
            if fact.effective != day:
                continue
            self.let_time_pass(grants, moment)
            match fact:
                case Grant():
                    grants[fact.grant] = Granted(fact, since=moment)
                case WaiverExtended() if fact.waiver in grants:
                    granted = grants[fact.waiver]
                    if granted.lives:
                        grants[fact.waiver] = replace(granted, extension=fact)
                    else:
                        grants[fact.waiver] = Granted(granted.grant, since=moment, extension=fact)
                case WaiverWithdrawn() if fact.waiver in grants and grants[fact.waiver].lives:
                    grants[fact.waiver] = grants[fact.waiver].ending("ended", day)
                case ActTaken():
                    for name, granted in grants.items():
                        if granted.lives and self.is_rescinded(granted.grant, fact):
                            grants[name] = granted.ending("rescinded", day)
                case _:
                    pass
            self.let_time_pass(grants, moment)
            self.let_grants_begin(grants, moment, in_effect)
        self.let_time_pass(grants, close_of(day))
        self.let_grants_begin(grants, close_of(day), in_effect)
        return grants

    def is_rescinded(self, grant: Grant, act: ActTaken) -> bool:
        """Whether an act is of the debt and the actor of a trigger, and has its aim or is decided to end the waiver."""
        decided = [
            fact.ends for _, fact in self.facts(TriggerDecided) if (fact.waiver, fact.act) == (grant.grant, act.act)
        ]
        for end in grant.ends:
            if isinstance(end, ActEnd):
                on_a_debt = act.facility in (self.sharing[grant.facility] if end.of is None else end.of)
                by_an_actor = end.by is None or act.by in end.by
                fits = set(act.seeks) & set(end.act) != set() and end.in_respect_of in (None, act.in_respect_of)
                if on_a_debt and by_an_actor and (decided[-1] if decided else fits):
                    return True
        return False

    def let_grants_begin(self, grants: dict[str, Granted], now: Moment, in_effect: InEffect) -> None:
        """Put in force what is no longer waiting for a condition, and supersede what it takes the place of."""
        for name, granted in list(grants.items()):
            conditions = granted.grant.conditions
            if granted.state == "pending" and all(
                self.satisfied(("waiver", name), condition, now, in_effect) is not None for condition in conditions
            ):
                grants[name] = replace(granted, state="in_force", from_=now.day)
                for older in granted.grant.supersedes:
                    if older in grants and grants[older].lives and grants[older].since < granted.since:
                        grants[older] = grants[older].ending("superseded", now.day)

    def let_time_pass(self, grants: dict[str, Granted], now: Moment) -> None:
        """End what by now is outside a date, past a notice, or past a condition that failed."""
        for name, granted in list(grants.items()):
            ends = self.ends_in_time(name, granted, now)
            for moment, state in sorted(ends, key=lambda end: (end[0], end[1] != "expired")):
                if granted.lives and moment <= now:
                    granted = granted.ending(state, now.day)
            grants[name] = granted

    def ends_in_time(self, name: str, granted: Granted, now: Moment) -> Iterator[tuple[Moment, GrantState]]:
        """The first moments outside a grant by date, by notice and by a condition that failed."""
        if granted.extension is not None:
            yield start_of(first_day_outside(granted.extension)), "expired"
        for end in granted.grant.ends:
            match end:
                case DateEnd() if granted.extension is None:
                    yield self.moved(name, first_moment_outside(end, end.at), end.extends, end.at), "expired"
                case BusinessDaysEnd() if granted.extension is None:
                    day = business_days_after(granted.grant.effective, end.business_days, end.calendar)
                    yield self.moved(name, start_of(day), end.extends), "expired"
                case FailedConditionEnd():
                    fails = self.moved(name, start_of(end.by + ONE_DAY), end.extends)
                    if self.met(("waiver", name), end.failed_condition, by=fails):
                        continue
                    if granted.extension is None or granted.since < fails:
                        yield fails, "ended"
                case NoticeEnd():
                    for moment, notice in self.facts(NoticeGiven, now):
                        of_it = name in notice.of and notice.facility == granted.grant.facility
                        if (
                            of_it
                            and moment > granted.since
                            and (end.notice.by is None or notice.from_ is None or notice.from_ in end.notice.by)
                        ):
                            day = (notice.received or notice.effective) + dt.timedelta(days=end.notice.days)
                            yield max(moment, start_of(day)), "ended"
                case _:
                    pass

    def moved(self, name: str, outside: Moment, extension: Extension | None, at: str | None = None) -> Moment:
        """The first moment outside an end that moves, step by step, while the condition of each was met in time."""
        while extension is not None and self.met(("waiver", name), extension.condition, by=close_of(extension.met_by)):
            outside, extension = first_moment_outside(extension, at), extension.extends
        return outside


def first_day_outside(end: DateEnd | Extension | WaiverExtended) -> dt.date:
    """Until a day is outside on that day; through a day is outside on the day after."""
    if end.until is not None:
        return end.until
    assert end.through is not None
    return end.through + ONE_DAY


def first_moment_outside(end: DateEnd | Extension, at: str | None) -> Moment:
    """The hour of the day that a date names; without an hour, the start of the first day outside."""
    return start_of(first_day_outside(end)) if at is None else start_of(end.until or end.through or dt.date.max, at)


def ends_because_of(granted: Granted, uncovered: set[str], grants: Mapping[str, Granted]) -> bool:
    """Whether an uncovered Event of Default of its own facility, or the end of another waiver, ends a waiver."""
    for end in granted.grant.ends:
        if isinstance(end, UncoveredEventOfDefaultEnd) and granted.in_force and granted.grant.facility in uncovered:
            return True
        if isinstance(end, WithWaiverEnd) and end.with_waiver in grants and not grants[end.with_waiver].lives:
            return True
    return False
