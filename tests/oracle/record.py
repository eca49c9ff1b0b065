"""The record as the oracle reads it: the facts of one kind, the terms of a day, the conditions that are met."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from ledger.facts import (
    AccelerationAnnulled,
    AmendmentSigned,
    BalanceStated,
    ConditionWaived,
    FacilityOpened,
    FacilityTerminated,
    Standing,
    TermsStated,
)
from ledger.facts.amendments import (
    AnyChange,
    ClauseDeleted,
    ClauseSet,
    ConditionFact,
    CovenantDeleted,
    CovenantSet,
    MaturityChanged,
)
from ledger.facts.terms import Clause, Condition, CrossClause
from ledger.facts.waivers import Grant
from ledger.records import Recorded
from tests.oracle.entries import Moment, close_of, facts_that_stand
from tests.oracle.states import ONE_DAY, InEffect, Paper

AnyFact = TypeVar("AnyFact")
Said = TypeVar("Said")


class Record:
    """The facts that stand in a log, and what they say of the terms of facilities."""

    def __init__(self, log: Iterable[Recorded], lowest: Standing, until: dt.date, as_stood_on: dt.date | None) -> None:
        self.entries = [each for each in facts_that_stand(log, lowest, as_stood_on) if each.fact.effective <= until]
        self.by_class: dict[type, list[tuple[Moment, Any]]] = {}
        """The facts of each class, in their order."""
        for moment, fact in self.entries:
            for each in type(fact).__mro__:
                self.by_class.setdefault(each, []).append((moment, fact))
        self.openings = {fact.facility: fact for _, fact in self.facts(FacilityOpened)}
        self.sharing = {
            facility: [name for name, other in self.openings.items() if set(opening.borrowers) & set(other.borrowers)]
            for facility, opening in self.openings.items()
        }
        """The debts that share a borrower with each, itself among them."""
        self.papers: dict[Paper, tuple[Moment, AmendmentSigned | Grant | AccelerationAnnulled]] = {
            **{("amendment", fact.amendment): (moment, fact) for moment, fact in self.facts(AmendmentSigned)},
            **{("waiver", fact.grant): (moment, fact) for moment, fact in self.facts(Grant) if asks(fact)},
            **{
                called(moment, fact): (moment, fact)
                for moment, fact in self.facts(AccelerationAnnulled)
                if fact.conditions
            },
        }
        """What waits for conditions here: amendments, waivers that ask a question, annulments with conditions."""

    def facts(self, kind: type[AnyFact], until: Moment | None = None) -> list[tuple[Moment, AnyFact]]:
        """The facts of one kind in their order, up to a moment, each with its own."""
        facts: list[tuple[Moment, AnyFact]] = self.by_class.get(kind, [])
        return facts if until is None else [each for each in facts if each[0] <= until]

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

    def is_extended(self, facility: str, due: dt.date, day: dt.date, in_effect: InEffect) -> bool:
        """Whether principal that was due at a maturity is due no longer, because a later one has held by a day."""
        said = [
            (moment, terms.effective, "maturity", terms.matures)
            for moment, terms in self.terms_said(facility)
            if terms.matures is not None
        ]
        for signed, change in self.changes(facility, in_effect):
            if isinstance(change, MaturityChanged):
                said.append((signed, change.from_, "maturity", change.matures))
        was_a_maturity = any(matures == due for *_, matures in said)
        return was_a_maturity and any(
            matures > each for each in days_between(due, day) for *_, matures in self.in_their_order(said, each)[-1:]
        )

    def terms_said(self, facility: str) -> list[tuple[Moment, FacilityOpened | TermsStated]]:
        """The facts that state terms of a facility, but for amendments."""
        stated: list[tuple[Moment, FacilityOpened | TermsStated]] = [
            *self.facts(FacilityOpened),
            *self.facts(TermsStated),
        ]
        return [(moment, terms) for moment, terms in stated if terms.facility == facility]

    def changes(self, facility: str, in_effect: InEffect) -> list[tuple[Moment, AnyChange]]:
        """The changes that amendments in effect make to a facility, each with the moment of signing."""
        papers = [self.papers[paper] for paper in in_effect]
        return [
            (signed, change)
            for signed, amendment in papers
            if isinstance(amendment, AmendmentSigned) and amendment.facility == facility
            for change in amendment.changes
        ]

    def in_their_order(
        self, said: list[tuple[Moment, dt.date, str, Said]], day: dt.date
    ) -> list[tuple[Moment, dt.date, str, Said]]:
        """What holds on a day, what controls last: by the signing, then by the date from which it holds."""
        return sorted((each for each in said if each[1] <= day), key=lambda each: each[:2])

    def others(self, facility: str, clause: CrossClause) -> list[str]:
        """The debts that a cross clause looks at: those named, or any that share a borrower."""
        return [name for name in clause.of or self.sharing[facility] if name in self.openings and name != facility]

    def obligors(self, facility: str) -> tuple[str, ...]:
        """Those who owe a debt."""
        opening = self.openings[facility]
        return (*opening.borrowers, *(opening.guarantors or ()))

    def is_above(self, threshold: Decimal | None, debt: str, part: Decimal | None, day: dt.date) -> bool:
        """Whether a debt, or a part of it, is above a threshold, as far as its principal is stated."""
        if threshold is None or part is not None:
            return threshold is None or (part is not None and part > threshold)
        principal = self.openings[debt].principal
        for _, stated in self.facts(BalanceStated, close_of(day)):
            if stated.facility == debt:
                principal = stated.principal
        return principal is not None and principal > threshold

    def is_paid_off(self, facility: str, now: Moment) -> bool:
        return any(
            ended.facility == facility and ended.ground in ("paid", "exchanged")
            for _, ended in self.facts(FacilityTerminated, now)
        )

    def satisfied(self, paper: Paper, condition: Condition, now: Moment, in_effect: InEffect) -> Moment | None:
        """The moment by which a condition was satisfied or waived; None where it is open.

        A paper that is in effect had its question answered at that moment.
        """
        answers = ConditionFact if condition.question is None else ConditionWaived
        moments = self.met(paper, condition.condition, now, answers)
        answer = paper if condition.question is not None else ("amendment", str(condition.amendment))
        if answer in in_effect and in_effect[answer] <= now:
            moments.append(in_effect[answer])
        return min(moments, default=None)

    def met(
        self, paper: Paper, condition: str, by: Moment, answers: type[ConditionFact] = ConditionFact
    ) -> list[Moment]:
        """The moments, up to one of them, at which a condition was satisfied or waived."""
        return [
            moment
            for moment, fact in self.facts(answers, by)
            if fact.belongs_to == paper and fact.condition == condition
        ]


def asks(grant: Grant) -> bool:
    """Whether there is a question among the conditions of a waiver or forbearance."""
    return any(condition.question is not None for condition in grant.conditions)


def called(moment: Moment, annulment: AccelerationAnnulled) -> Paper:
    """An annulment by its name; one that has none by its position."""
    return "annulment", annulment.annulment or str(moment.position)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last, both included."""
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def is_among(name: str, names: Sequence[str] | None) -> bool:
    """Whether a name is one of those listed; where none are, any is."""
    return names is None or name in names
