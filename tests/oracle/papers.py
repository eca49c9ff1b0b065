"""Ways to write what parties sign: waivers, forbearances and amendments, their conditions, and what ends them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ledger.facts import (
    ActTaken,
    AmendmentSigned,
    ConditionSatisfied,
    ConditionWaived,
    CovenantTested,
    ForbearanceGranted,
    NoticeGiven,
    PaymentMissed,
    TriggerDecided,
    WaiverExtended,
    WaiverGranted,
    WaiverWithdrawn,
)
from ledger.facts.amendments import AnyChange, ClauseDeleted, ClauseSet, CovenantDeleted, CovenantSet, MaturityChanged
from ledger.facts.terms import Condition, Covenant
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
    NoticeEnd,
    NoticeOfEnd,
    PaymentsCovered,
    RevivalAsOf,
    Scope,
    UncoveredEventOfDefaultEnd,
    WaiverEnd,
    WithWaiverEnd,
    extensions,
)
from tests.oracle.writer import (
    ACTORS,
    AIMS,
    AMENDMENTS,
    CLAUSES,
    EVENT_KINDS,
    FIRST_DAY,
    GRANTS,
    HOURS,
    ONE_DAY,
    PARTIES,
    PAYMENT_KINDS,
    Writer,
    covenants,
)

QUESTIONS = ("no_event_of_default_after_giving_effect", "no_default_after_giving_effect")


# --- waivers and forbearances ---


def grant(writer: Writer) -> None:
    """A waiver or a forbearance, and now and then what meets its conditions or brings about its ends."""
    free = [name for name in GRANTS if name not in {each.grant for each in writer.grants()}]
    if not free:
        return
    facility, effective = writer.facility(), writer.day()
    both = ("default", "event_of_default")
    terms: dict[str, Any] = {
        "effective": effective,
        "at": writer.hour(),
        "facility": facility,
        "reaches": writer.some_of(both) if writer.one_in(4) else both,
        "covers": tuple(_scope(writer, facility) for _ in range(writer.number(1, 3))),
        "ends": tuple(_end(writer, effective) for _ in range(writer.number(0, 2))),
        "conditions": tuple(conditions(writer, AMENDMENTS, questions=writer.one_in(2))) if writer.one_in(3) else (),
        "supersedes": writer.some_of(GRANTS) if writer.one_in(4) else (),
        "revival": writer.one_of("not_stated", "prospective", "original_date", RevivalAsOf(as_of=FIRST_DAY)),
    }
    granted: WaiverGranted | ForbearanceGranted
    if writer.one_in(3):
        granted = writer.write(ForbearanceGranted, forbearance=free[0], **terms)
    else:
        granted = writer.write(WaiverGranted, waiver=free[0], **terms)
    for condition in granted.conditions:
        answer(writer, condition.condition, waiver=free[0])
    for end in granted.ends:
        _bring_about(writer, end, granted)


def _scope(writer: Writer, facility: str) -> Scope:
    missed, tested = writer.written(PaymentMissed), writer.written(CovenantTested)
    match writer.number(1, 9):
        case 1:
            tests = tuple(test.test_date for test in tested) if tested and writer.one_in(2) else None
            of = writer.one_of(*covenants(facility), *(test.covenant for test in tested))
            return CovenantCovered(covenant=of, tests=tests)
        case 2:
            return ActsCovered(acts=writer.some_of(AIMS, most=3), of=writer.some_or_any(writer.facilities))
        case 3:
            return EventsCovered(events=writer.some_of(EVENT_KINDS))
        case 4:
            return DefaultsCovered(defaults=tuple({writer.default(facility), writer.default(facility)}))
        case 5:
            return DisclosedCovered(disclosed_by=writer.day())
        case _:
            return PaymentsCovered(
                payments=writer.one_of(PAYMENT_KINDS, PAYMENT_KINDS, writer.some_of(PAYMENT_KINDS)),
                of=None if writer.one_in(2) else writer.some_of(writer.facilities, most=3),
                due=writer.some_of({fact.due for fact in missed}) if missed and writer.one_in(4) else None,
                by=writer.some_of(PARTIES) if writer.one_in(5) else None,
            )


def _end(writer: Writer, effective: dt.date) -> WaiverEnd:
    later = writer.day(effective + (0 if writer.one_in(5) else 1) * ONE_DAY, within=12)
    revival = writer.one_of(None, None, "prospective", "original_date")
    match writer.number(1, 11):
        case 1 | 2:
            at = writer.one_of(None, None, *HOURS)
            ends: dict[str, Any] = {writer.one_of("until", "through"): later, "at": at, "revival": revival}
            return DateEnd(**ends)
        case 3:
            return DateEnd(until=later, at=writer.one_of(None, None, *HOURS), extends=_extension(writer, later))
        case 4:
            calendar, number = writer.one_of("us", "weekdays", "none"), writer.number(1, 8)
            extends = _extension(writer, effective + number * ONE_DAY) if writer.one_in(3) else None
            return BusinessDaysEnd(business_days=number, calendar=calendar, extends=extends, revival=revival)
        case 5:
            by = later - writer.one_of(0, 0, 3) * ONE_DAY
            extends = _extension(writer, by) if writer.one_in(3) else None
            return FailedConditionEnd(failed_condition=writer.name("c"), by=by, extends=extends)
        case 6 | 7 | 8:
            return ActEnd(
                act=writer.some_of(AIMS),
                by=writer.some_or_any(ACTORS),
                of=writer.some_or_any(writer.facilities),
                in_respect_of=writer.one_of(None, None, "maturity"),
            )
        case 9:
            return WithWaiverEnd(with_waiver=writer.one_of(*GRANTS))
        case 10:
            return UncoveredEventOfDefaultEnd(uncovered_event_of_default=True)
        case _:
            return NoticeEnd(notice=NoticeOfEnd(by=writer.one_of(None, ("lender",)), days=writer.number(0, 4)))


def _extension(writer: Writer, end: dt.date) -> Extension:
    """A later date to which an end moves; and perhaps one more after that."""
    later = end + writer.number(1, 8) * ONE_DAY
    terms: dict[str, Any] = {
        writer.one_of("until", "through"): later,
        "condition": writer.name("c"),
        "met_by": end - writer.number(0, 2) * ONE_DAY,
        "extends": _extension(writer, later) if writer.one_in(2) else None,
    }
    return Extension(**terms)


def _bring_about(writer: Writer, end: WaiverEnd, granted: WaiverGranted | ForbearanceGranted) -> None:
    """What an end waits for, most often after the grant."""
    effective = writer.day(granted.effective, within=10)
    if isinstance(end, DateEnd | BusinessDaysEnd | FailedConditionEnd):
        for extension in extensions(end):
            answer(writer, extension.condition, waiver=granted.grant)
    match end:
        case FailedConditionEnd():
            answer(writer, end.failed_condition, waiver=granted.grant)
        case ActEnd():
            _act_on_a_trigger(writer, end, granted, effective)
        case NoticeEnd() if writer.one_in(2):
            received = writer.one_of(None, writer.day(effective, within=2))
            about = {"facility": granted.facility, "of": granted.grant, "at": writer.hour()}
            sender = writer.one_of("lender", "holder", None)
            writer.write(NoticeGiven, effective=effective, received=received, from_=sender, **about)
        case _:
            pass


def _act_on_a_trigger(
    writer: Writer, end: ActEnd, granted: WaiverGranted | ForbearanceGranted, effective: dt.date
) -> None:
    """An act that has the debt and the actor of a trigger, and perhaps its aim; and perhaps a decision about it."""
    act = writer.write(
        ActTaken,
        effective=effective,
        at=writer.hour(),
        facility=writer.one_of(*(end.of or writer.facilities)),
        act=writer.name("act"),
        by=writer.one_of(*(end.by or ACTORS)),
        seeks=writer.one_of(end.act, end.act, writer.some_of(AIMS)),
        in_respect_of=writer.one_of(end.in_respect_of, None, "maturity"),
        accelerates=writer.one_in(4),
    )
    for _ in range(writer.one_of(0, 0, 0, 1, 1, 2)):
        dated = writer.one_of(
            {"effective": act.effective, "at": act.at}, {"effective": writer.day(effective, within=6)}
        )
        writer.write(TriggerDecided, waiver=granted.grant, act=act.act, ends=writer.one_of(True, False), **dated)


def extend(writer: Writer) -> None:
    grants = writer.grants()
    if grants:
        effective, name = _later_on(writer, grants)
        later = writer.day(effective + ONE_DAY, within=10)
        until: dict[str, Any] = {writer.one_of("until", "through"): later}
        writer.write(WaiverExtended, effective=effective, at=writer.hour(), waiver=name, **until)


def withdraw(writer: Writer) -> None:
    grants = writer.grants()
    if grants:
        effective, name = _later_on(writer, grants)
        writer.write(WaiverWithdrawn, effective=effective, at=writer.hour(), waiver=name)


def _later_on(writer: Writer, grants: list[WaiverGranted | ForbearanceGranted]) -> tuple[dt.date, str]:
    granted = writer.one_of(*grants)
    return writer.day(granted.effective, within=12), granted.grant


# --- amendments and conditions ---


def amend(writer: Writer) -> None:
    free = [name for name in AMENDMENTS if name not in {each.amendment for each in writer.written(AmendmentSigned)}]
    if not free:
        return
    facility, effective = writer.facility(), writer.day()
    amendment = writer.write(
        AmendmentSigned,
        effective=effective,
        at=writer.hour(),
        facility=facility,
        amendment=free[0],
        dated=effective,
        changes=tuple(_change(writer, facility) for _ in range(writer.number(0, 2))),
        conditions=tuple(conditions(writer, [name for name in AMENDMENTS if name != free[0]], questions=True)),
    )
    for condition in amendment.conditions:
        answer(writer, condition.condition, amendment=free[0])


def _change(writer: Writer, facility: str) -> AnyChange:
    from_ = writer.day()
    match writer.number(1, 7):
        case 7:
            return MaturityChanged(change="matures", from_=from_, matures=writer.day(from_))
        case 1 | 2:
            (clause,) = writer.clauses(facility, least=1, most=1)
            return ClauseSet(change="clause", from_=from_, clause=clause)
        case 3 | 4:
            return ClauseDeleted(change="delete_clause", from_=from_, clause=writer.one_of(*CLAUSES))
        case 5:
            covenant = Covenant(covenant=writer.one_of(*covenants(facility)))
            return CovenantSet(change="covenant", from_=from_, covenant=covenant)
        case _:
            covenant_named = writer.one_of(*covenants(facility))
            return CovenantDeleted(change="delete_covenant", from_=from_, covenant=covenant_named)


def conditions(writer: Writer, amendments: Sequence[str], *, questions: bool = False) -> list[Condition]:
    conditions = []
    for _ in range(writer.number(0, 2)):
        kind = writer.number(1, 5 if questions else 2)
        conditions.append(
            Condition(
                condition=writer.name("c"),
                amendment=writer.one_of(*amendments) if kind == 2 else None,
                question=writer.one_of(*QUESTIONS) if kind > 2 else None,
            )
        )
    return conditions


def answer(writer: Writer, condition: str, **of: str) -> None:
    """A condition satisfied, waived, both or neither."""
    if writer.one_in(2):
        writer.write(ConditionSatisfied, effective=writer.day(), at=writer.hour(), condition=condition, **of)
    if writer.one_in(4):
        writer.write(ConditionWaived, effective=writer.day(), at=writer.hour(), condition=condition, **of)
