"""The terms of one facility on any date: what papers state of them, in layers, and what amendments in effect change.

A layer agreed later controls from its own date on over every layer agreed before, whatever the dates within these.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, TypeVar, assert_never

from ledger.calendars import days_after
from ledger.facts import AmendmentSigned, FacilityOpened, NoticeGiven, TermsStated
from ledger.facts.amendments import (
    AnyChange,
    ApplicationChanged,
    ClauseDeleted,
    ClauseSet,
    CommitmentChanged,
    CovenantDeleted,
    CovenantSet,
    MaturityChanged,
    OptionClosed,
    OptionOpened,
    RateChanged,
    ScheduleChanged,
    TermChanged,
)
from ledger.facts.terms import ApplicationOrder, Clause, Covenant, RateTerms, RecurringFee, Schedule
from ledger.values import DayCount, Days
from projections.history import Entry, Order

CALL = "call"
"""What a notice is `of` by which a lender calls a debt."""

Term = TypeVar("Term")


@dataclass(frozen=True, slots=True)
class Said(Generic[Term]):
    """A term as one fact gives it: from which day, and in which fact."""

    value: Term
    from_: dt.date
    agreed: Order
    """When the fact that says it was agreed: what is agreed later controls."""

    @property
    def position(self) -> int:
        """The position of the fact that says it."""
        return self.agreed[2]


@dataclass(slots=True)
class Layers(Generic[Term]):
    """Everything said of one term."""

    said: list[Said[Term]] = field(default_factory=list)

    def say(self, value: Term | None, from_: dt.date, agreed: Order) -> None:
        """Add a layer; a term that a fact is silent on adds none."""
        if value is not None:
            self.said.append(Said(value, from_, agreed))

    def on(self, day: dt.date) -> Said[Term] | None:
        """What holds on a day, or None where nothing is stated. Of what one paper says for one day, the last holds."""
        holding = [said for said in reversed(self.said) if said.from_ <= day]
        return max(holding, key=lambda said: (said.agreed, said.from_), default=None)

    def dates(self) -> Iterable[dt.date]:
        """The days from which something is said."""
        return (said.from_ for said in self.said)


@dataclass(frozen=True, slots=True)
class Deleted:
    """In the place of a clause or covenant: there is none."""


@dataclass(slots=True)
class FacilityTerms:
    """The terms of one facility, each in layers."""

    rate: Layers[RateTerms] = field(default_factory=Layers)
    matures: Layers[dt.date] = field(default_factory=Layers)
    term_ends: Layers[dt.date] = field(default_factory=Layers)
    schedule: Layers[Schedule] = field(default_factory=Layers)
    day_count: Layers[DayCount] = field(default_factory=Layers)
    application: Layers[ApplicationOrder] = field(default_factory=Layers)
    commitment: Layers[Decimal] = field(default_factory=Layers)
    recurring_fees: Layers[tuple[RecurringFee, ...]] = field(default_factory=Layers)
    on_call: Layers[Days] = field(default_factory=Layers)
    clauses: dict[str, Layers[Clause | Deleted]] = field(default_factory=dict)
    covenants: dict[str, Layers[Covenant | Deleted]] = field(default_factory=dict)
    options: dict[str, Layers[OptionOpened | OptionClosed]] = field(default_factory=dict)
    """Rate options opened or closed one by one, apart from a rate that is replaced whole."""

    @classmethod
    def of(
        cls,
        stated: Iterable[Entry[FacilityOpened] | Entry[TermsStated]],
        amended: Iterable[Entry[AmendmentSigned]],
        notices: Iterable[Entry[NoticeGiven]] = (),
    ) -> "FacilityTerms":
        """The terms from what papers state, from the amendments that are in effect, and from a call of the debt."""
        terms = cls()
        for entry in stated:
            terms._state(entry.fact, entry.order)
        for amendment in amended:
            for change in amendment.fact.changes:
                terms._change(change, amendment.order)
        for notice in notices:
            terms._call(notice)
        return terms

    def clauses_on(self, day: dt.date) -> list[Said[Clause]]:
        """The default clauses in force on a day, in the order in which they were first stated."""
        return [said for layers in self.clauses.values() if (said := _standing(layers, day)) is not None]

    def names(self, what: Literal["clause", "covenant"], name: str) -> bool:
        """Whether a clause or covenant of this name is or was among the terms, or will be."""
        layers = self.clauses.get(name) if what == "clause" else self.covenants.get(name)
        return layers is not None and any(not isinstance(said.value, Deleted) for said in layers.said)

    def covenant_deleted(self, name: str, day: dt.date) -> Said[Covenant | Deleted] | None:
        """The deletion that governs a covenant on a day, if one does."""
        said = self.covenants[name].on(day) if name in self.covenants else None
        return said if said is not None and isinstance(said.value, Deleted) else None

    def matures_on(self, day: dt.date) -> dt.date | None:
        """The maturity by the terms of a day, if one is stated."""
        said = self.matures.on(day)
        return said.value if said is not None else None

    def extended(self, due: dt.date) -> tuple[dt.date, int] | None:
        """From when principal due at a maturity is due no longer, because another maturity holds; and who says so.

        None where the day was no maturity, or still is one. An extension that holds on the day itself leaves nothing
        to be missed on it.
        """
        if all(said.value != due for said in self.matures.said):
            return None
        for day in sorted({max(due, said.from_) for said in self.matures.said}):
            said = self.matures.on(day)
            if said is not None and said.value > day:
                return day, said.position
        return None

    def dates(self) -> set[dt.date]:
        """Every day from which some term is said to hold, and those named by terms themselves."""
        layers: list[Layers[object]] = [
            self.rate, self.matures, self.term_ends, self.schedule, self.day_count, self.application, self.commitment,  # type: ignore[list-item]  # read only, whatever the term
            self.recurring_fees, self.on_call,  # type: ignore[list-item]
            *self.clauses.values(), *self.covenants.values(), *self.options.values(),  # type: ignore[list-item]
        ]  # fmt: skip
        ends = {said.value for said in (*self.matures.said, *self.term_ends.said)}
        return {date for each in layers for date in each.dates()} | ends

    def _state(self, fact: FacilityOpened | TermsStated, agreed: Order) -> None:
        day = fact.effective
        paid_to = fact.interest_paid_to if isinstance(fact, FacilityOpened) else None
        self.rate.say(fact.rate, min(day, paid_to or day), agreed)  # interest unpaid at the opening accrued at it
        self.matures.say(fact.matures, day, agreed)
        self.term_ends.say(fact.term_ends, day, agreed)
        self.schedule.say(fact.schedule, day, agreed)
        self.day_count.say(fact.day_count, day, agreed)
        self.commitment.say(fact.commitment, day, agreed)
        self.recurring_fees.say(fact.recurring_fees, day, agreed)
        self.on_call.say(fact.on_call, day, agreed)
        if isinstance(fact, FacilityOpened):
            self.application.say(fact.application, day, agreed)
        for clause in fact.clauses:
            self.clauses.setdefault(clause.clause, Layers()).say(clause, day, agreed)
        for covenant in fact.covenants:
            self.covenants.setdefault(covenant.covenant, Layers()).say(covenant, day, agreed)

    def _call(self, notice: Entry[NoticeGiven]) -> None:
        """A debt that the lender may call matures so long after the notice that calls it."""
        on_call = self.on_call.on(notice.effective)
        if CALL in notice.fact.of and on_call is not None:
            received = notice.fact.received or notice.effective
            self.matures.say(days_after(received, on_call.value), notice.effective, notice.order)

    def _change(self, change: AnyChange, agreed: Order) -> None:
        match change:
            case RateChanged():
                self.rate.say(change.rate, change.from_, agreed)
            case MaturityChanged():
                self.matures.say(change.matures, change.from_, agreed)
            case TermChanged():
                self.term_ends.say(change.term_ends, change.from_, agreed)
            case ScheduleChanged():
                self.schedule.say(change.schedule, change.from_, agreed)
            case ApplicationChanged():
                self.application.say(change.application, change.from_, agreed)
            case CommitmentChanged():
                self.commitment.say(change.commitment, change.from_, agreed)
            case OptionClosed() | OptionOpened():
                self.options.setdefault(change.option, Layers()).say(change, change.from_, agreed)
            case CovenantSet():
                self.covenants.setdefault(change.covenant.covenant, Layers()).say(change.covenant, change.from_, agreed)
            case CovenantDeleted():
                self.covenants.setdefault(change.covenant, Layers()).say(Deleted(), change.from_, agreed)
            case ClauseSet():
                self.clauses.setdefault(change.clause.clause, Layers()).say(change.clause, change.from_, agreed)
            case ClauseDeleted():
                self.clauses.setdefault(change.clause, Layers()).say(Deleted(), change.from_, agreed)
            case _:
                assert_never(change)


def subject_of(change: AnyChange) -> tuple[str, ...]:
    """Which term a change is about: the kind, and for a covenant, a clause or an option its name."""
    match change:
        case CovenantSet():
            return "covenant", change.covenant.covenant
        case CovenantDeleted():
            return "covenant", change.covenant
        case ClauseSet():
            return "clause", change.clause.clause
        case ClauseDeleted():
            return "clause", change.clause
        case OptionClosed() | OptionOpened():
            return "option", change.option
        case _:
            return (change.change,)


def _standing(layers: Layers[Clause | Deleted], day: dt.date) -> Said[Clause] | None:
    said = layers.on(day)
    return None if said is None or isinstance(said.value, Deleted) else Said(said.value, said.from_, said.agreed)
