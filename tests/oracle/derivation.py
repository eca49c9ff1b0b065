"""What followed, derived for obviousness alone: every single day, from all the facts, with nothing kept for later.

It is to be read beside docs/law.md, rule by rule. It shares no code with `projections`, and is far too slow for use.
Each day is closed in the same steps: what ended and what does not heal by itself is carried over; the day's facts are
applied; three sets grow together until they grow no more; the questions of amendments are asked.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, NamedTuple, TypeVar, assert_never

from ledger.calendars import business_days_after, days_after
from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    AmendmentSigned,
    BalanceStated,
    ConditionWaived,
    CovenantTested,
    CureAccepted,
    CureNotified,
    DefaultDeclared,
    EventOccurred,
    FacilityOpened,
    FacilityTerminated,
    NoticeGiven,
    PaymentMade,
    PaymentMissed,
    Standing,
    TermsStated,
    TriggerDecided,
    WaiverExtended,
    WaiverGranted,
    WaiverWithdrawn,
)
from ledger.facts.amendments import AnyChange, ClauseDeleted, ClauseSet, ConditionFact, CovenantDeleted, CovenantSet
from ledger.facts.terms import (
    Clause,
    Condition,
    CovenantClause,
    CrossAccelerationClause,
    CrossClause,
    CrossDefaultClause,
    CrossGrace,
    CrossPaymentClause,
    DeclaredClause,
    EventClause,
    PaymentClause,
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
from ledger.records import Recorded
from ledger.values import Days
from tests.oracle.entries import Entry, Moment, close_of, facts_that_stand, start_of

ONE_DAY = dt.timedelta(days=1)


# --- root causes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missed:
    """A payment of one kind, due on a date, was not made."""

    debt: str
    kind: str
    due: dt.date

    def __str__(self) -> str:
        return f"{self.debt}/{self.kind}/{self.due}"


@dataclass(frozen=True)
class Breached:
    """A covenant was not met on a test date."""

    covenant: str
    test_date: dt.date

    def __str__(self) -> str:
        return f"{self.covenant}/{self.test_date}"


@dataclass(frozen=True)
class DeclaredDue:
    """An act made a debt due."""

    act: str

    def __str__(self) -> str:
        return self.act


@dataclass(frozen=True)
class Happened:
    """An event of a kind occurred; one that is not the first of its kind is told apart by its day."""

    kind: str
    further: dt.date | None

    def __str__(self) -> str:
        return self.kind if self.further is None else f"{self.kind}/{self.further}"


@dataclass(frozen=True)
class Declared:
    """The creditor declared a default."""

    default: str

    def __str__(self) -> str:
        return self.default


Cause = Missed | Breached | DeclaredDue | Happened | Declared


# --- how things stand at the end of a day ----------------------------------------------------------------------------


Through = tuple[str, Decimal | None]


@dataclass(frozen=True)
class Default:
    """A Default, with its clause as it is worded; one that was deleted, as it was worded last."""

    facility: str
    clause: Clause
    cause: Cause
    arose: dt.date
    became_event_of_default: dt.date | None = None
    cured_on: dt.date | None = None
    above: frozenset[Through] = frozenset()
    """The debts through which it came or lasted, each with the threshold that it was above when that was tested."""

    @property
    def identity(self) -> str:
        return f"{self.facility}/{self.clause.clause}/{self.cause}"

    @property
    def continues(self) -> bool:
        return self.cured_on is None

    @property
    def is_event_of_default(self) -> bool:
        return self.continues and self.became_event_of_default is not None


GrantState = Literal["not_yet", "pending", "in_force", "rescinded", "expired", "ended", "superseded"]


@dataclass(frozen=True)
class Granted:
    """A waiver or a forbearance, granted at `since`, or granted anew then by an extension that came after its end."""

    grant: Grant
    since: Moment
    state: GrantState = "pending"
    from_: dt.date | None = None
    ended_on: dt.date | None = None
    extension: WaiverExtended | None = None

    @property
    def in_force(self) -> bool:
        return self.state == "in_force"

    @property
    def lives(self) -> bool:
        return self.state in ("pending", "in_force")

    def ending(self, state: GrantState, day: dt.date) -> "Granted":
        return replace(self, state=state, ended_on=day)


@dataclass(frozen=True)
class Day:
    """How things stand at the end of a day."""

    defaults: Mapping[str, Default] = field(default_factory=dict)
    """Every Default that ever arose, by identity, cured ones among them."""
    grants: Mapping[str, Granted] = field(default_factory=dict)
    """Every waiver and forbearance whose effective date has come, by name."""
    fallen_due: frozenset[tuple[str, Cause]] = frozenset()
    """The facilities whose debt fell due by a clause that accelerates, without any act, and what brought that about."""


class Spreading(NamedTuple):
    """What Defaults can come from on a day: what failed, and what has spread from one facility to another by then."""

    failures: Mapping[str, set[Cause]]
    unwaived: set[tuple[str, Cause]]
    """The facilities with an Event of Default that no waiver covers, and its root cause."""
    fallen_due: set[tuple[str, Cause]]


# --- what is answered ------------------------------------------------------------------------------------------------


class DefaultAnswered(NamedTuple):
    """A Default, its dates, its state, and the waivers and forbearances that cover it."""

    arose: dt.date
    became_event_of_default: dt.date | None
    state: str
    waivers: tuple[str, ...]


class WaiverAnswered(NamedTuple):
    """A waiver or a forbearance, its state, its first day in force, and the first day not in force."""

    state: str
    from_: dt.date | None
    ended_on: dt.date | None


class FacilityAnswered(NamedTuple):
    """A facility on a day."""

    legal: str
    defaults: dict[str, DefaultAnswered]
    waivers: dict[str, WaiverAnswered]
    amendments: dict[str, dt.date]
    """Those in effect, and since when."""


# --- the derivation --------------------------------------------------------------------------------------------------

InEffect = dict[str, Moment]
"""The amendments in effect, and the moment at which each took effect."""

AnyFact = TypeVar("AnyFact")
Said = TypeVar("Said")


class Oracle:
    """A log, derived day by day from its first fact to the last day asked for."""

    def __init__(self, log: Iterable[Recorded], last: dt.date, lowest: Standing = "inferred") -> None:
        self.entries = facts_that_stand(log, lowest)
        self.openings = {fact.facility: fact for _, fact in self.facts(FacilityOpened)}
        self.amendments = {fact.amendment: (moment, fact) for moment, fact in self.facts(AmendmentSigned)}
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

    def facts(self, kind: type[AnyFact], until: Moment | None = None) -> list[tuple[Moment, AnyFact]]:
        """The facts of one kind in their order, up to a moment, each with its own."""
        return [
            (moment, fact)
            for moment, fact in self.entries
            if isinstance(fact, kind) and (until is None or moment <= until)
        ]

    def sweep(self, start: dt.date, end: dt.date, in_effect: InEffect) -> dict[dt.date, Day]:
        """Close each day from the start to the end, with these amendments in effect."""
        days = {start - ONE_DAY: self.days[start - ONE_DAY]}
        for day in days_between(start, end):
            days[day] = self.close(day, days[day - ONE_DAY], in_effect)
        return days

    # --- amendments: which takes effect next ---

    def next_to_take_effect(self, day: dt.date) -> InEffect:
        """The amendment, or those that are conditions of one another, that takes effect next on a day; or none."""
        now = close_of(day)
        ready: list[tuple[Moment, list[str]]] = []
        for name in self.amendments:
            together = self.conditions_of_one_another(name, now)
            moment = self.all_else_satisfied(together, now)
            if name not in self.in_effect and moment is not None:
                ready.append((moment, together))
        for moment, together in sorted(ready):
            if not any(self.open_questions(name, now) for name in together):
                return dict.fromkeys(together, moment)
        for _, together in sorted(ready):
            if self.passes(together, day):
                return dict.fromkeys(together, now)
        return {}

    def passes(self, together: list[str], day: dt.date) -> bool:
        """Whether the questions of these amendments are answered well at the end of a day, after giving them effect."""
        now = close_of(day)
        given_effect = dict.fromkeys(together, now)
        close = self.sweep(self.first_changed(together, day), day, self.in_effect | given_effect)[day]
        for name in together:
            own = self.amendments[name][1].facility
            for question in self.open_questions(name, now):
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

    def first_changed(self, amendments: Iterable[str], day: dt.date) -> dt.date:
        """The earliest date from which these amendments change anything, or the day itself."""
        dates = [change.from_ for name in amendments for change in self.amendments[name][1].changes]
        return max(self.first, min([day, *dates]))

    def conditions_of_one_another(self, name: str, now: Moment) -> list[str]:
        """The amendment, and those that wait for it as it waits for them."""
        return [
            other
            for other in self.amendments
            if other == name or (other in self.waits_for(name, now) and name in self.waits_for(other, now))
        ]

    def waits_for(self, name: str, now: Moment) -> set[str]:
        """The amendments that one waits for, itself or through others."""
        found: set[str] = set()
        asked = [name]
        while asked:
            for condition in self.open_conditions(asked.pop(), now):
                if condition.amendment in self.amendments and condition.amendment not in found:
                    found.add(condition.amendment)
                    asked.append(condition.amendment)
        return found

    def open_conditions(self, name: str, now: Moment) -> list[Condition]:
        conditions = self.amendments[name][1].conditions
        return [each for each in conditions if self.satisfied("amendment", name, each, now, self.in_effect) is None]

    def open_questions(self, name: str, now: Moment) -> list[str]:
        return [each.question for each in self.open_conditions(name, now) if each.question is not None]

    def all_else_satisfied(self, together: list[str], now: Moment) -> Moment | None:
        """The moment from which nothing was open but questions, and these amendments as conditions of one another."""
        moments = []
        for name in together:
            signed, amendment = self.amendments[name]
            moments.append(signed)
            for condition in amendment.conditions:
                moment = self.satisfied("amendment", name, condition, now, self.in_effect)
                if moment is not None:
                    moments.append(moment)
                elif condition.question is None and condition.amendment not in together:
                    return None
        return max(moments) if max(moments) <= now else None

    def satisfied(self, of: str, name: str, condition: Condition, now: Moment, in_effect: InEffect) -> Moment | None:
        """The moment by which a condition was satisfied or waived; None where it is open."""
        answers = ConditionFact if condition.question is None else ConditionWaived
        moments = self.met(of, name, condition.condition, now, answers)
        if condition.amendment in in_effect and in_effect[condition.amendment] <= now:
            moments.append(in_effect[condition.amendment])
        return min(moments, default=None)

    # --- one day ---

    def close(self, day: dt.date, before: Day, in_effect: InEffect) -> Day:
        """How things stand at the end of a day, from how they stood at the end of the day before."""
        grants = self.grants_after_the_facts_of(day, before, in_effect)
        failures = {facility: self.own_failures(facility, day, in_effect) for facility in self.openings}
        paid_off = {facility for facility in self.openings if self.is_paid_off(facility, close_of(day))}
        fallen_due = {(facility, cause) for facility, cause in before.fallen_due if facility not in paid_off}
        due_already = {facility for facility, _ in before.fallen_due}
        due_already |= {name for name, causes in failures.items() for each in causes if isinstance(each, DeclaredDue)}
        unwaived: set[tuple[str, Cause]] = set()
        while True:
            spreads = Spreading(failures, unwaived, fallen_due)
            close = Day(self.defaults(day, before, in_effect, spreads), grants, frozenset(fallen_due))
            events_of_default = [each for each in close.defaults.values() if each.is_event_of_default]
            uncovered = {each.facility for each in events_of_default if not self.covering(each, close, day)}
            not_waived = [each for each in events_of_default if not self.is_waived(each, close, day)]
            now_unwaived = unwaived | {(each.facility, each.cause) for each in not_waived}
            now_fallen_due = fallen_due | {
                (each.facility, each.cause)
                for each in not_waived
                if each.clause.accelerates and each.facility not in paid_off | due_already
            }
            ended = {
                name: granted.ending("ended", day)
                for name, granted in grants.items()
                if granted.lives and ends_because_of(granted, uncovered, grants)
            }
            if (now_unwaived, now_fallen_due, ended) == (unwaived, fallen_due, {}):
                return close
            unwaived, fallen_due, grants = now_unwaived, now_fallen_due, grants | ended

    # --- terms ---

    def clauses(self, facility: str, day: dt.date, in_effect: InEffect) -> dict[str, Clause]:
        """The default clauses of a facility on a day, by name."""
        said: list[tuple[Moment, dt.date, str, Clause | None]] = []
        for moment, terms in self.terms_said(facility):
            said += [(moment, terms.effective, clause.clause, clause) for clause in terms.clauses]
        for signed, change in self.changes(facility, in_effect):
            if isinstance(change, ClauseSet):
                said.append((signed, change.from_, change.clause.clause, change.clause))
            if isinstance(change, ClauseDeleted):
                said.append((signed, change.from_, change.clause, None))
        controlling = {name: clause for _, _, name, clause in self.in_their_order(said, day)}
        return {name: clause for name, clause in controlling.items() if clause is not None}

    def is_deleted(self, facility: str, covenant: str, test_date: dt.date, in_effect: InEffect) -> bool:
        """Whether a covenant is deleted as of a test date by an amendment in effect."""
        said: list[tuple[Moment, dt.date, str, bool]] = []
        for moment, terms in self.terms_said(facility):
            said += [(moment, terms.effective, each.covenant, False) for each in terms.covenants]
        for signed, change in self.changes(facility, in_effect):
            if isinstance(change, CovenantSet):
                said.append((signed, change.from_, change.covenant.covenant, False))
            if isinstance(change, CovenantDeleted):
                said.append((signed, change.from_, change.covenant, True))
        controlling = {name: deleted for _, _, name, deleted in self.in_their_order(said, test_date)}
        return controlling.get(covenant, False)

    def terms_said(self, facility: str) -> list[tuple[Moment, FacilityOpened | TermsStated]]:
        """The facts that state terms of a facility, but for amendments."""
        return [
            (entry.moment, entry.fact)
            for entry in self.entries
            if isinstance(entry.fact, FacilityOpened | TermsStated) and entry.fact.facility == facility
        ]

    def changes(self, facility: str, in_effect: InEffect) -> list[tuple[Moment, AnyChange]]:
        """The changes that amendments in effect make to a facility, each with the moment of signing."""
        amendments = [self.amendments[name] for name in in_effect]
        return [
            (signed, change)
            for signed, amendment in amendments
            if amendment.facility == facility
            for change in amendment.changes
        ]

    def in_their_order(
        self, said: list[tuple[Moment, dt.date, str, Said]], day: dt.date
    ) -> list[tuple[Moment, dt.date, str, Said]]:
        """What holds on a day, what controls last: by the signing, then by the date from which it holds."""
        return sorted((each for each in said if each[1] <= day), key=lambda each: each[:2])

    def others(self, facility: str, clause: CrossClause) -> list[str]:
        """The debts that a cross clause looks at: those named, or any that share a borrower."""
        return [name for name in clause.of or self.sharing(facility) if name in self.openings and name != facility]

    def sharing(self, facility: str) -> list[str]:
        """The debts that share a borrower with a facility, itself among them."""
        own = set(self.openings[facility].borrowers)
        return [name for name, opening in self.openings.items() if own & set(opening.borrowers)]

    def is_above(self, threshold: Decimal | None, debt: str, day: dt.date) -> bool:
        """Whether a debt is above a threshold, as far as its principal is stated."""
        principal = self.openings[debt].principal
        for _, stated in self.facts(BalanceStated, close_of(day)):
            if stated.facility == debt:
                principal = stated.principal
        return threshold is None or (principal is not None and principal > threshold)

    # --- root causes: which failures last at the end of a day ---

    def own_failures(self, facility: str, day: dt.date, in_effect: InEffect) -> set[Cause]:
        """The failures of a facility, and the events about it or its borrowers, that last at the end of a day."""
        now = close_of(day)
        if self.is_paid_off(facility, now):
            return set()
        failures: set[Cause] = set()
        for _, missed in self.facts(PaymentMissed, now):
            if missed.facility == facility:
                causes = [Missed(facility, kind, missed.due) for kind in missed.of]
                failures |= {cause for cause in causes if not self.is_paid(cause, now)}
        for moment, tested in self.facts(CovenantTested, now):
            breached = tested.facility == facility and not tested.met and not self.is_met_later(tested, moment, now)
            if breached and not self.is_deleted(facility, tested.covenant, tested.test_date, in_effect):
                failures.add(Breached(tested.covenant, tested.test_date))
        for moment, act in self.facts(ActTaken, now):
            if act.facility == facility and act.accelerates and not self.is_annulled(act, moment, now):
                failures.add(DeclaredDue(act.act))
        for _, event in self.facts(EventOccurred, now):
            if event.facility == facility or event.party in self.obligors(facility):
                failures.add(self.happened(event))
        for _, declared in self.facts(DefaultDeclared, now):
            if declared.facility == facility:
                failures.add(Declared(declared.default))
        return failures

    def obligors(self, facility: str) -> tuple[str, ...]:
        """Those who owe a debt."""
        opening = self.openings[facility]
        return (*opening.borrowers, *(opening.guarantors or ()))

    def happened(self, event: EventOccurred) -> Happened:
        """An event as a root cause; it is not the first if one of its kind befell the same on an earlier day."""
        further = any(
            earlier.kind == event.kind and earlier.effective < event.effective and self.befell_the_same(earlier, event)
            for _, earlier in self.facts(EventOccurred)
        )
        return Happened(event.kind, event.effective if further else None)

    def befell_the_same(self, one: EventOccurred, other: EventOccurred) -> bool:
        """Whether two events befell one debt, one party, or a debt and somebody who owes it."""
        if (one.facility, one.party) == (other.facility, other.party):
            return True
        return any(
            each.facility in self.openings and also.party in self.obligors(each.facility)
            for each, also in ((one, other), (other, one))
        )

    def misses(self, cause: Missed, now: Moment) -> list[PaymentMissed]:
        """The facts that say that this payment was missed."""
        return [
            missed
            for _, missed in self.facts(PaymentMissed, now)
            if missed.facility == cause.debt and cause.kind in missed.of and missed.due == cause.due
        ]

    def is_paid(self, cause: Missed, now: Moment) -> bool:
        """Whether what was missed was paid in full; what was paid is never missed again."""
        stated = [missed.amount for missed in self.misses(cause, now) if missed.amount is not None]
        paid = [
            payment.amount
            for _, payment in self.facts(PaymentMade, now)
            if payment.facility == cause.debt and payment.of == cause.kind and payment.due == cause.due
        ]
        return stated != [] and sum(paid) >= stated[-1]

    def is_met_later(self, failed: CovenantTested, moment: Moment, now: Moment) -> bool:
        return any(
            tested.facility == failed.facility
            and tested.covenant == failed.covenant
            and tested.met
            and tested.test_date >= failed.test_date
            for later, tested in self.facts(CovenantTested, now)
            if later > moment
        )

    def is_annulled(self, act: ActTaken, moment: Moment, now: Moment) -> bool:
        return any(
            annulment.facility == act.facility and annulment.act == act.act
            for later, annulment in self.facts(AccelerationAnnulled, now)
            if later > moment
        )

    def is_paid_off(self, facility: str, now: Moment) -> bool:
        return any(
            ended.facility == facility and ended.ground in ("paid", "exchanged")
            for _, ended in self.facts(FacilityTerminated, now)
        )

    # --- Defaults ---

    def caught(self, facility: str, clause: Clause, spreads: Spreading) -> set[tuple[str, Cause]]:
        """The root causes that a clause catches, each with the debt through which it does; thresholds apart."""
        own = {(facility, cause) for cause in spreads.failures[facility]}
        match clause:
            case PaymentClause():
                return {(_, c) for _, c in own if isinstance(c, Missed) and is_among(c.kind, clause.of)}
            case CovenantClause():
                return {(_, c) for _, c in own if isinstance(c, Breached) and is_among(c.covenant, clause.of)}
            case EventClause():
                return {(_, c) for _, c in own if isinstance(c, Happened) and is_among(c.kind, clause.of)}
            case DeclaredClause():
                declared = {(_, c) for _, c in own if isinstance(c, Declared)}
                return {(_, c) for _, c in declared if self.is_declared_under(facility, c, clause)}
            case CrossPaymentClause():
                others = self.others(facility, clause)
                return {(each, c) for each in others for c in spreads.failures[each] if isinstance(c, Missed)}
            case CrossDefaultClause():
                others = self.others(facility, clause)
                return {(each, cause) for each, cause in spreads.unwaived if each in others}
            case CrossAccelerationClause():
                others = self.others(facility, clause)
                called = {(each, c) for each in others for c in spreads.failures[each] if isinstance(c, DeclaredDue)}
                return called | {(each, cause) for each, cause in spreads.fallen_due if each in others}
            case _:
                assert_never(clause)

    def through(self, default: Default, clause: Clause, spreads: Spreading, day: dt.date) -> frozenset[Through]:
        """The debts through which a clause catches the root cause of a Default, where they are above its threshold.

        A debt that was above it once is not tested again while the Default lasts and the threshold is the same.
        """
        threshold = clause.threshold if isinstance(clause, CrossClause) else None
        debts = {debt for debt, cause in self.caught(default.facility, clause, spreads) if cause == default.cause}
        return frozenset(
            (debt, threshold)
            for debt in debts
            if (debt, threshold) in default.above or self.is_above(threshold, debt, day)
        )

    def is_declared_under(self, facility: str, cause: Declared, clause: DeclaredClause) -> bool:
        """Whether a default was declared under this clause, or in general."""
        return any(
            declared.facility == facility
            and declared.default == cause.default
            and declared.clause in (None, clause.clause)
            for _, declared in self.facts(DefaultDeclared)
        )

    def defaults(
        self,
        day: dt.date,
        before: Day,
        in_effect: InEffect,
        spreads: Spreading,
    ) -> dict[str, Default]:
        """Every Default at the end of a day, as far as has spread from one facility to another."""
        defaults = {}
        for old in before.defaults.values():
            clause = self.clauses(old.facility, day, in_effect).get(old.clause.clause)
            if not old.continues:
                defaults[old.identity] = old
                continue
            through = self.through(old, clause, spreads, day) if clause is not None else frozenset()
            now = replace(old, clause=clause or old.clause, above=old.above | through)
            keeps_on = self.keeps_on(now, day, lasts=bool(through))
            defaults[old.identity] = now if keeps_on else replace(now, cured_on=day)
        for facility, opening in self.openings.items():
            if opening.effective > day or self.is_paid_off(facility, close_of(day)):
                continue
            for clause in self.clauses(facility, day, in_effect).values():
                for _, cause in self.caught(facility, clause, spreads):
                    new = Default(facility, clause, cause, arose=day)
                    known = defaults.get(new.identity)
                    through = self.through(new, clause, spreads, day)
                    if known is not None and known.continues:
                        continue
                    if through and not self.is_cure_accepted(new, close_of(day)):
                        defaults[new.identity] = replace(new, above=through)
        for identity, default in defaults.items():
            if (
                default.continues
                and default.became_event_of_default is None
                and self.has_matured(default, day, in_effect)
            ):
                defaults[identity] = replace(default, became_event_of_default=day)
        return defaults

    def keeps_on(self, default: Default, day: dt.date, lasts: bool) -> bool:
        """Whether a Default of the day before is still one, given whether its failure lasts."""
        now = close_of(day)
        if self.is_paid_off(default.facility, now) or self.is_cure_accepted(default, now):
            return False
        if lasts or not default.is_event_of_default:
            return lasts
        match default.clause.heals:
            case "automatically":
                return False
            case "on_notice":
                return not any(
                    notified.facility == default.facility and notified.clause == default.clause.clause
                    for _, notified in self.facts(CureNotified)
                    if notified.effective == day
                )
            case "on_waiver" | "not_stated":
                return True

    def is_cure_accepted(self, default: Default, now: Moment) -> bool:
        """Whether the creditor accepted that a Default is cured, at any time since its root cause."""
        return any(
            accepted.default == default.identity and accepted.effective >= self.began(default.cause)
            for _, accepted in self.facts(CureAccepted, now)
        )

    def began(self, cause: Cause) -> dt.date:
        """The date of the first fact that says that a root cause came about."""
        dates = [
            missed.effective
            for _, missed in self.facts(PaymentMissed)
            for kind in missed.of
            if cause == Missed(missed.facility, kind, missed.due)
        ]
        dates += [
            tested.effective
            for _, tested in self.facts(CovenantTested)
            if cause == Breached(tested.covenant, tested.test_date) and not tested.met
        ]
        dates += [act.effective for _, act in self.facts(ActTaken) if cause == DeclaredDue(act.act)]
        dates += [event.effective for _, event in self.facts(EventOccurred) if cause == self.happened(event)]
        dates += [
            declared.effective for _, declared in self.facts(DefaultDeclared) if cause == Declared(declared.default)
        ]
        return min(dates)

    def has_matured(self, default: Default, day: dt.date, in_effect: InEffect) -> bool:
        """Whether grace is over, and notice, where the clause asks for one, has run."""
        if day < self.end_of_grace(default, in_effect):
            return False
        if default.clause.notice is None:
            return True
        notices = [
            notice.received or notice.effective
            for _, notice in self.facts(NoticeGiven, close_of(day))
            if notice.facility == default.facility and notice.effective >= default.arose
            if default.clause.clause in notice.of or default.identity in notice.of
        ]
        return bool(notices) and day >= days_after(min(notices), default.clause.notice)

    def end_of_grace(self, default: Default, in_effect: InEffect) -> dt.date:
        """The day on which grace ends, from the due date of what was missed, or from the day the Default arose."""
        grace = default.clause.grace
        if grace == "other":
            assert isinstance(default.cause, Missed)
            grace = self.grace_of_its_own(default.cause, default.arose, in_effect)
        if not isinstance(grace, Days):
            return default.arose
        if isinstance(default.cause, Missed) and isinstance(default.clause, PaymentClause | CrossPaymentClause):
            return days_after(default.cause.due, grace)
        return days_after(default.arose, grace)

    def grace_of_its_own(self, cause: Missed, day: dt.date, in_effect: InEffect) -> CrossGrace | None:
        """The grace that a debt's own payment clause gives."""
        for clause in self.clauses(cause.debt, day, in_effect).values():
            if isinstance(clause, PaymentClause) and (clause.of is None or cause.kind in clause.of):
                return clause.grace
        return None

    # --- waivers and forbearances ---

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

    def failed_by(self, cause: Missed, day: dt.date) -> set[str]:
        """Who failed to pay: whom the record names, else the debt's borrowers."""
        named = {missed.by for missed in self.misses(cause, close_of(day)) if missed.by is not None}
        return named or set(self.openings[cause.debt].borrowers)

    def grants_after_the_facts_of(self, day: dt.date, before: Day, in_effect: InEffect) -> dict[str, Granted]:
        """The waivers and forbearances once the facts of a day have applied, each fact and each end in its turn."""
        grants = dict(before.grants)
        taking_effect = [
            Entry(moment, self.amendments[name][1]) for name, moment in in_effect.items() if moment.day == day
        ]
        todays = [
            entry
            for entry in self.entries
            if entry.fact.effective == day and not isinstance(entry.fact, AmendmentSigned)
        ]
        for moment, fact in sorted([*todays, *taking_effect], key=lambda entry: entry.moment):
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
        return grants

    def is_rescinded(self, grant: Grant, act: ActTaken) -> bool:
        """Whether an act is of the debt and the actor of a trigger, and has its aim or is decided to end the waiver."""
        decided = [
            fact.ends for _, fact in self.facts(TriggerDecided) if (fact.waiver, fact.act) == (grant.grant, act.act)
        ]
        for end in grant.ends:
            if isinstance(end, ActEnd):
                on_a_debt = act.facility in (self.sharing(grant.facility) if end.of is None else end.of)
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
                self.satisfied("waiver", name, condition, now, in_effect) is not None for condition in conditions
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
                    yield self.end_by_date(name, end), "expired"
                case BusinessDaysEnd() if granted.extension is None:
                    day = business_days_after(granted.grant.effective, end.business_days, end.calendar)
                    yield start_of(day), "expired"
                case FailedConditionEnd():
                    fails = start_of(end.by + ONE_DAY)
                    if fails > granted.since and not self.met(
                        "waiver", name, end.failed_condition, by=close_of(end.by)
                    ):
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

    def end_by_date(self, name: str, end: DateEnd) -> Moment:
        """The first moment outside a date, or outside the later date to which a condition met in time moves it."""
        hour_of = end.until or end.through
        outside = start_of(hour_of, end.at) if end.at is not None and hour_of else start_of(first_day_outside(end))
        if end.extends is not None and any(
            moment < outside
            for moment in self.met("waiver", name, end.extends.condition, by=close_of(end.extends.met_by))
        ):
            return start_of(first_day_outside(end.extends))
        return outside

    def met(
        self, of: str, name: str, condition: str, by: Moment, answers: type[ConditionFact] = ConditionFact
    ) -> list[Moment]:
        """The moments, up to one of them, at which a condition was satisfied or waived."""
        return [
            moment
            for moment, fact in self.facts(answers, by)
            if fact.belongs_to == (of, name) and fact.condition == condition
        ]

    # --- the answer ---

    def answer(self, facility: str, day: dt.date) -> FacilityAnswered:
        """What is answered of a facility on a day."""
        if self.openings[facility].effective > day:
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
            for name, moment in self.in_effect.items()
            if self.amendments[name][1].facility == facility and moment.day <= day
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
        if facility in {due for due, _ in close.fallen_due} or any(
            act.facility == facility and act.accelerates and not self.is_annulled(act, moment, now)
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

    def is_permanently_waived(self, default: Default, close: Day, day: dt.date) -> bool:
        """Whether a waiver without an end covers a Default: it is listed, and counts no more."""
        grants = [close.grants[name] for name in self.covering(default, close, day)]
        return any(
            isinstance(each.grant, WaiverGranted) and not each.grant.ends and each.extension is None for each in grants
        )


# --- small questions -------------------------------------------------------------------------------------------------


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last, both included."""
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def is_among(name: str, names: Sequence[str] | None) -> bool:
    """Whether a name is one of those listed; where none are, any is."""
    return names is None or name in names


def first_day_outside(end: DateEnd | Extension | WaiverExtended) -> dt.date:
    """Until a day is outside on that day; through a day is outside on the day after."""
    if end.until is not None:
        return end.until
    assert end.through is not None
    return end.through + ONE_DAY


def ends_because_of(granted: Granted, uncovered: set[str], grants: Mapping[str, Granted]) -> bool:
    """Whether an uncovered Event of Default of its own facility, or the end of another waiver, ends a waiver."""
    for end in granted.grant.ends:
        if isinstance(end, UncoveredEventOfDefaultEnd) and granted.in_force and granted.grant.facility in uncovered:
            return True
        if isinstance(end, WithWaiverEnd) and end.with_waiver in grants and not grants[end.with_waiver].lives:
            return True
    return False
