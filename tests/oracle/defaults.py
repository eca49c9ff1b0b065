"""What clauses make of root causes: which Defaults there are at the end of a day, as the oracle sees it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from ledger.calendars import days_after
from ledger.facts import ActTaken, CureAccepted, CureNotified, DefaultDeclared, NoticeGiven
from ledger.facts.terms import (
    Clause,
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
from ledger.values import Days
from tests.oracle.causes import Causes
from tests.oracle.entries import Moment, close_of
from tests.oracle.record import is_among
from tests.oracle.states import (
    Breached,
    Cause,
    Day,
    Declared,
    DeclaredDue,
    Default,
    Happened,
    InEffect,
    Missed,
    Spreading,
    Through,
)


class Defaults(Causes):
    """The Defaults of a day, from those of the day before and from what has failed."""

    def defaults(
        self,
        day: dt.date,
        before: Day,
        in_effect: InEffect,
        spreads: Spreading,
    ) -> dict[str, Default]:
        """Every Default at the end of a day, as far as has spread from one facility to another."""
        caught = {
            (facility, name): self.caught(facility, clause, spreads)
            for facility, clauses in spreads.clauses.items()
            for name, clause in clauses.items()
        }
        defaults = {}
        for old in before.defaults.values():
            clause = spreads.clauses[old.facility].get(old.clause.clause)
            if not old.continues:
                defaults[old.identity] = old
                continue
            through = frozenset[Through]()
            if clause is not None:
                through = self.through(old, clause, caught[old.facility, clause.clause], day)
            now = replace(old, clause=clause or old.clause, above=old.above | through)
            keeps_on = self.keeps_on(now, day, lasts=bool(through))
            defaults[old.identity] = now if keeps_on else replace(now, cured_on=day)
        for facility, opening in self.openings.items():
            if opening.effective > day or self.is_paid_off(facility, close_of(day)):
                continue
            for name, clause in spreads.clauses[facility].items():
                for _, cause in caught[facility, name]:
                    new = Default(facility, clause, cause, arose=day)
                    known = defaults.get(new.identity)
                    if known is not None and known.continues:
                        continue
                    through = self.through(new, clause, caught[facility, name], day)
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
                return called | {(due.facility, due.cause) for due in spreads.fallen_due if due.facility in others}
            case _:
                assert_never(clause)

    def is_declared_under(self, facility: str, cause: Declared, clause: DeclaredClause) -> bool:
        """Whether a default was declared under this clause, or in general."""
        return any(
            declared.facility == facility
            and declared.default == cause.default
            and declared.clause in (None, clause.clause)
            for _, declared in self.facts(DefaultDeclared)
        )

    def through(
        self, default: Default, clause: Clause, caught: set[tuple[str, Cause]], day: dt.date
    ) -> frozenset[Through]:
        """The debts through which a clause caught the root cause of a Default, where they are above its threshold.

        A debt that was above it once is not tested again while the Default lasts and the threshold is the same.
        """
        threshold = clause.threshold if isinstance(clause, CrossClause) else None
        debts = {debt for debt, cause in caught if cause == default.cause}
        return frozenset(
            (debt, threshold)
            for debt in debts
            if (debt, threshold) in default.above
            or self.is_above(threshold, debt, self.part_due(clause, default, debt), day)
        )

    def part_due(self, clause: Clause, default: Default, debt: str) -> Decimal | None:
        """How much of a debt an act made due, where a clause looks at that and the act says so."""
        amounts = [
            act.amount
            for _, act in self.facts(ActTaken)
            if isinstance(clause, CrossAccelerationClause)
            and default.cause == DeclaredDue(act.act)
            and act.facility == debt
        ]
        return amounts[0] if amounts else None

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
