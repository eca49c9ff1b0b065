"""Waivers and forbearances: what they cover, and what ends them.

**The automatic rescission lives here**, in `_rescissions`: an act of a creditor that seeks one of the aims of a
trigger, on one of its debts, by one of its actors, ends the waiver from the act's date on, without notice and for good.
Nobody records a rescission; on every date from the act's on it follows.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, assert_never

from ledger.calendars import business_days_after
from ledger.facts import (
    ActTaken,
    ForbearanceGranted,
    NoticeGiven,
    PaymentMissed,
    TriggerDecided,
    WaiverExtended,
    WaiverWithdrawn,
)
from ledger.facts.base import Fact
from ledger.facts.names import Name
from ledger.facts.waivers import (
    ActEnd,
    ActsCovered,
    BusinessDaysEnd,
    CovenantCovered,
    DateEnd,
    DefaultsCovered,
    DisclosedCovered,
    EventsCovered,
    FailedConditionEnd,
    Grant,
    NoticeEnd,
    PaymentsCovered,
    Revival,
    Scope,
    UncoveredEventOfDefaultEnd,
    WithWaiverEnd,
    extensions,
)
from ledger.values import TimeOfDay, instant_of
from projections.defaults import DefaultKey, RootCause
from projections.history import END_OF_TIME, Entry
from projections.world import GrantEntry, World

_A_DAY = dt.timedelta(days=1)

Ended = Literal["rescinded", "expired", "ended", "superseded"]


class When(NamedTuple):
    """A point in the order of the world: a day, an instant within it, and the position of the fact that stands there.

    An end by date stands before every fact of its instant.
    """

    day: dt.date
    instant: dt.datetime
    position: int = 0


def start_of(day: dt.date) -> When:
    """The start of a day, before its untimed facts."""
    return When(day, instant_of(day, None))


def close_of(day: dt.date) -> When:
    """The end of a day, after all its facts."""
    return When(day, END_OF_TIME)


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends a waiver: from when, in what way, because of what."""

    when: When
    how: Ended
    by: str
    """The act, condition, waiver or Default that ends it by name; else `date`, `notice` or `withdrawal`."""
    positions: tuple[int, ...]
    revival: Revival
    by_date: bool = False
    """Whether an extension replaces it."""
    moved: tuple[tuple[dt.date, dt.date], ...] = ()
    """The days on which conditions were met that moved it, each with the day on which it stood until then."""


# --- scope -----------------------------------------------------------------------------------------------------------


def covers(
    grant: Grant, key: DefaultKey, root: RootCause, world: World, day: dt.date, *, event_of_default: bool
) -> bool:
    """Whether on a day the grant's scope takes in a Default of its own facility, tested on the root cause."""
    reach = "event_of_default" if event_of_default else "default"
    if key.facility != grant.facility or reach not in grant.reaches:
        return False
    return any(_in_scope(scope, key, root, world, day) for scope in grant.covers)


def _in_scope(scope: Scope, key: DefaultKey, root: RootCause, world: World, day: dt.date) -> bool:
    cause = root.cause
    match scope:
        case PaymentsCovered():
            return (
                cause.kind == "payment"
                and cause.name in scope.payments
                and (scope.of is None or cause.debt in scope.of)
                and (scope.due is None or cause.on in scope.due)
                and (scope.by is None or _failed_by(scope.by, root, world, day))
            )
        case CovenantCovered():
            in_tests = scope.tests is None or cause.on in scope.tests
            return cause.kind == "covenant" and cause.name == scope.covenant and in_tests
        case ActsCovered():
            aims = root.fact.seeks if isinstance(root.fact, ActTaken) else ()
            return (
                cause.kind == "act"
                and bool(set(aims) & set(scope.acts))
                and (scope.of is None or cause.debt in scope.of)
            )
        case EventsCovered():
            return cause.kind == "event" and cause.name in scope.events
        case DefaultsCovered():
            return str(key) in scope.defaults
        case DisclosedCovered():
            by = min(day, scope.disclosed_by)
            return any(_discloses(entry, key, by) for entry in world.about(key.facility, NoticeGiven))
        case _:
            assert_never(scope)


def _discloses(entry: Entry[Fact], key: DefaultKey, by: dt.date) -> bool:
    """Whether a notice tells of a Default, by its identity or by its clause, on or before a day."""
    notice = entry.fact
    if not isinstance(notice, NoticeGiven) or entry.effective > by:
        return False
    return bool({str(key), key.clause} & set(notice.of)) and (notice.received or entry.effective) <= by


def _failed_by(parties: Iterable[str], root: RootCause, world: World, day: dt.date) -> bool:
    """Whether one of these parties failed to pay: who is named in the record by a day, else a borrower of the debt.

    Where the record names neither, the failure may be theirs, and the waiver is taken to reach it.
    """
    missed = (entry.fact for entry in root.entries if entry.effective <= day)
    said = {fact.by for fact in missed if isinstance(fact, PaymentMissed) and fact.by is not None}
    failed = said or world.borrowers(root.cause.debt)
    return not failed or bool(failed & set(parties))


# --- ends ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Granted:
    """A waiver or forbearance as granted; or as granted anew by an extension that came after its end."""

    entry: GrantEntry
    extension: Entry[WaiverExtended] | None = None
    dated: bool = False
    """Whether an extension has given a date to one that had no end."""

    def __hash__(self) -> int:
        """By where it stands in the record: two that are equal stand there both."""
        return hash(self.positions)

    @property
    def fact(self) -> Grant:
        """The terms of the grant."""
        return self.entry.fact

    @property
    def name(self) -> str:
        """The name of the waiver or forbearance."""
        return self.fact.grant

    @property
    def kind(self) -> Literal["waiver", "forbearance"]:
        """Which of the two it is."""
        return "forbearance" if isinstance(self.fact, ForbearanceGranted) else "waiver"

    @property
    def source(self) -> Entry[Grant] | Entry[WaiverExtended]:
        """The fact by which it was granted, or granted anew."""
        return self.extension or self.entry

    @property
    def permanent(self) -> bool:
        """Whether nothing ends it: what it covers is listed, and counts no more."""
        return not self.fact.ends and self.extension is None and not self.dated

    @property
    def positions(self) -> tuple[int, ...]:
        """The facts by which it stands."""
        return (self.entry.position, *([self.extension.position] if self.extension else []))


def endings(granted: Granted, world: World) -> list[Ending]:
    """The ends of a grant that facts alone decide, earliest first: dates, acts, notices, failed conditions.

    The others, the end of another waiver and an uncovered Event of Default, only the sweep can know.
    """
    found = [not_before(granted.source, each) for each in (*_by_terms(granted, world), *_withdrawals(granted, world))]
    return earliest_first(found)


def earliest_first(ends: Iterable[Ending]) -> list[Ending]:
    """Ends in the order in which they come; of one moment, that by a date before all others."""
    return sorted(ends, key=lambda ending: (ending.when, not ending.by_date, ending.positions))


def not_before(source: Entry[Fact], ending: Ending) -> Ending:
    """An end, at the earliest where the fact stands by which it is one."""
    return replace(ending, when=max(ending.when, When(*source.order)))


def _by_terms(granted: Granted, world: World) -> Iterator[Ending]:
    fact, at, extension = granted.fact, granted.positions, granted.extension
    if extension is not None:
        yield date_ending(extension.fact.until, extension.fact.through, None, at, revival_by_date(fact))
    for end in fact.ends:
        revival = end.revival if end.revival is not None else fact.revival
        match end:
            case DateEnd() | BusinessDaysEnd() if extension is not None:
                pass
            case DateEnd():
                yield _moved(date_ending(end.until, end.through, end.at, at, revival), end, granted, world)
            case BusinessDaysEnd():
                day = business_days_after(granted.source.effective, end.business_days, end.calendar)
                expiry = Ending(start_of(day), "expired", "date", at, revival, by_date=True)
                yield _moved(expiry, end, granted, world)
            case FailedConditionEnd():
                failure = Ending(start_of(end.by + _A_DAY), "ended", end.failed_condition, at, revival)
                failure = _moved(failure, end, granted, world)
                met = world.conditions_met.get((Name("waiver", granted.name), end.failed_condition))
                ahead = extension is None or extension.effective < failure.when.day
                if ahead and (met is None or met.effective >= failure.when.day):
                    yield failure
            case ActEnd():
                yield from _rescissions(end, granted, revival, world)
            case NoticeEnd():
                yield from _notices(end, granted, revival, world)
            case WithWaiverEnd() | UncoveredEventOfDefaultEnd():
                pass
            case _:
                assert_never(end)


def date_ending(
    until: dt.date | None, through: dt.date | None, at: TimeOfDay | None, positions: tuple[int, ...], revival: Revival
) -> Ending:
    """The end by a date: the first day outside, or the day after the last one inside; at an hour, on that day."""
    day = until or through
    assert day is not None
    if at is not None:
        when = When(day, instant_of(day, at))
    else:
        when = start_of(day if until is not None else day + dt.timedelta(days=1))
    return Ending(when, "expired", "date", positions, revival, by_date=True)


def revival_by_date(grant: Grant) -> Revival:
    """What becomes of what a grant covered when it ends by date: what that end says, else what the whole grant does."""
    said = (end.revival for end in grant.ends if isinstance(end, DateEnd | BusinessDaysEnd))
    return next((revival for revival in said if revival is not None), grant.revival)


def _moved(
    ending: Ending, end: DateEnd | BusinessDaysEnd | FailedConditionEnd, granted: Granted, world: World
) -> Ending:
    """An end as far as it moved: to the date of each extension in turn, up to the first whose condition was not met."""
    at = end.at if isinstance(end, DateEnd) else None
    for extension in extensions(end):
        met = world.conditions_met.get((Name("waiver", granted.name), extension.condition))
        if met is None or met.effective > extension.met_by:
            break
        later = date_ending(extension.until, extension.through, at, (), ending.revival)
        moved = (*ending.moved, (met.effective, ending.when.day))
        ending = replace(ending, when=later.when, positions=(*ending.positions, met.position), moved=moved)
    return ending


def _rescissions(end: ActEnd, granted: Granted, revival: Revival, world: World) -> Iterator[Ending]:
    """The first act that rescinds a waiver automatically: from its effective date on, whether in force or pending."""
    acts = world.history.of(ActTaken)
    for act in acts[bisect_right(acts, granted.source.order, key=lambda each: each.order) :]:
        if _ends_with(end, granted, act, world):
            decided = decision(granted, act, world)
            because = (*granted.positions, act.position, *([decided.position] if decided else []))
            yield Ending(When(*act.order), "rescinded", act.fact.act, because, revival)
            return


def rescinds(granted: Granted, act: Entry[ActTaken], world: World) -> bool:
    """Whether an act would rescind a grant, did it come after it."""
    return any(isinstance(end, ActEnd) and _ends_with(end, granted, act, world) for end in granted.fact.ends)


def _ends_with(end: ActEnd, granted: Granted, act: Entry[ActTaken], world: World) -> bool:
    """Whether an act has the debt and the actor of a trigger and either its aim too, or a decision that it ends it."""
    decided = decision(granted, act, world)
    fits = triggers(end, granted, act.fact, world) if decided is None else decided.fact.ends
    return fits and concerns_trigger(end, granted, act.fact, world)


def concerns_trigger(end: ActEnd, granted: Granted, act: ActTaken, world: World) -> bool:
    """Whether an act has the debt and the actor of a trigger; any debt is any that shares a borrower."""
    debts = end.of if end.of is not None else world.sharing(granted.fact.facility)
    return act.facility in debts and (end.by is None or act.by in end.by)


def triggers(end: ActEnd, granted: Granted, act: ActTaken, world: World) -> bool:
    """Whether an act is all that a trigger names: debt, actor, aim, and what it is in respect of."""
    aims = bool(set(end.act) & set(act.seeks))
    return concerns_trigger(end, granted, act, world) and aims and end.in_respect_of in (None, act.in_respect_of)


def decision(granted: Granted, act: Entry[ActTaken], world: World) -> Entry[TriggerDecided] | None:
    """What a person decided about an act and this waiver; the last decision holds."""
    return world.decisions.get((granted.name, act.fact.act))


def _notices(end: NoticeEnd, granted: Granted, revival: Revival, world: World) -> Iterator[Ending]:
    for entry in world.history.of(NoticeGiven):
        notice = entry.fact
        own = notice.facility == granted.fact.facility
        if own and entry.order > granted.source.order and _is_notice_of(end, granted, notice, world):
            runs_out = start_of((notice.received or entry.effective) + dt.timedelta(days=end.notice.days))
            when = max(When(*entry.order), runs_out)
            yield Ending(when, "ended", "notice", (*granted.positions, entry.position), revival)


def gives_notice(granted: Granted, notice: Entry[NoticeGiven], world: World) -> bool:
    """Whether a notice would end a grant, did it come after it."""
    return any(
        isinstance(end, NoticeEnd) and _is_notice_of(end, granted, notice.fact, world) for end in granted.fact.ends
    )


def _is_notice_of(end: NoticeEnd, granted: Granted, notice: NoticeGiven, world: World) -> bool:
    return granted.name in notice.of and _from_one_of(end, notice, world)


def _from_one_of(end: NoticeEnd, notice: NoticeGiven, world: World) -> bool:
    """Whether a notice comes from an actor that the end names; one whose sender is not stated is taken to."""
    if end.notice.by is None or notice.from_ is None:
        return True
    opening = world.openings[notice.facility].fact
    parties = {"lender": opening.lenders or (), "holder": opening.holders or (), "trustee": (opening.trustee,)}
    return any(notice.from_ == actor or notice.from_ in parties[actor] for actor in end.notice.by)


def _withdrawals(granted: Granted, world: World) -> Iterator[Ending]:
    for entry in world.history.of(WaiverWithdrawn):
        if entry.fact.waiver == granted.name and entry.order > granted.source.order:
            because = (*granted.positions, entry.position)
            yield Ending(When(*entry.order), "ended", "withdrawal", because, granted.fact.revival)
