"""Root causes, and what each kind of clause makes of them.

A Default is a facility, a clause and one root cause. Cross clauses pass the root cause on, so a chain of Defaults has
one root, and a ring of cross-defaults is finite and needs a cause from outside.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple, assert_never, cast

from ledger.calendars import days_after
from ledger.facts import (
    ActTaken,
    CovenantTested,
    CureAccepted,
    CureNotified,
    DefaultDeclared,
    NoticeGiven,
)
from ledger.facts.base import FacilityFact, Fact
from ledger.facts.names import Name
from ledger.facts.terms import (
    Clause,
    CovenantClause,
    CrossAccelerationClause,
    CrossClause,
    CrossDefaultClause,
    CrossPaymentClause,
    DeclaredClause,
    EventClause,
    PaymentClause,
    PaymentKind,
)
from ledger.values import Days
from projections.amendments import InEffect, took_effect_at
from projections.causes import Cause
from projections.history import Entry, Order
from projections.obligations import Books
from projections.terms import Deleted, FacilityTerms, Said
from projections.world import World


class DefaultKey(NamedTuple):
    """The identity of a Default."""

    facility: str
    clause: str
    cause: Cause

    def __str__(self) -> str:
        """The identity as answers write it: `facility/clause/debt/kind/due date`."""
        return f"{self.facility}/{self.clause}/{self.cause}"


@dataclass(frozen=True, slots=True)
class RootCause:
    """A root cause with the facts that say it, and the days on which the failure lasts."""

    cause: Cause
    begins: dt.date
    entries: tuple[Entry[Fact], ...]
    ended: dt.date | None = None
    """The first day on which the failure is no more: paid in full, met again, annulled."""
    ended_because: tuple[int, ...] = ()
    unclear: tuple[int, ...] = ()
    """Payments of which the record does not say whether they were the full amount."""

    @property
    def fact(self) -> Fact:
        """The fact that says it, the first of them."""
        return self.entries[0].fact

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions of the facts that say it."""
        return tuple(entry.position for entry in self.entries)

    def fails_on(self, day: dt.date) -> bool:
        """Whether the failure exists at the end of a day; one that began and ended on one day never does."""
        return self.begins <= day and (self.ended is None or day < self.ended)


def root_causes(
    world: World, books: Mapping[str, Books], in_effect: InEffect, known: Iterable[RootCause] = ()
) -> tuple[RootCause, ...]:
    """Every root cause among the facts in force, in the order of the world, with some papers in effect.

    Those of a debt that is paid and closed last up to then. What is `known` of the causes of some debts is taken as is.
    """
    same: dict[Cause, list[RootCause]] = {}
    for root in known:
        same.setdefault(root.cause, []).append(root)
    return tuple(
        root
        for cause, entries in world.failures.items()
        for root in same.get(cause)
        or [_until_closed(each, world) for each in _spells(world, books, in_effect, cause, entries)]
    )


def _until_closed(root: RootCause, world: World) -> RootCause:
    """A failure ends at the latest when its debt is paid and closed; one that comes afterwards never is."""
    closed = world.closed_by_payment(root.cause.debt, root.ended or dt.date.max)
    return root if closed is None else replace(root, ended=closed.effective, ended_because=(closed.position,))


def _spells(
    world: World, books: Mapping[str, Books], in_effect: InEffect, cause: Cause, entries: tuple[Entry[Fact], ...]
) -> Iterable[RootCause]:
    """A cause with the end of its failure; a covenant that is met and fails again has a spell for each failure."""
    match cause.kind:
        case "payment":
            return (_payment(books[cause.debt], cause, entries),)
        case "covenant":
            return _covenant(cause, entries, world.about(cause.debt, CovenantTested))
        case "act":
            return (_act(cause, entries, world, books[cause.debt], in_effect),)
        case "event" | "declared":
            return (RootCause(cause, entries[0].effective, entries),)


def _payment(books: Books, cause: Cause, entries: tuple[Entry[Fact], ...]) -> RootCause:
    """A failure to pay: it ends with payment in full, or when principal is due no longer because maturity was moved."""
    on, begins = cast("dt.date", cause.on), entries[0].effective
    due = books.settled.get((cast("PaymentKind", cause.name), on))
    extended = books.terms.extended(on) if cause.name == "principal" else None
    if extended is not None and (due is None or due.paid_on is None or extended[0] < due.paid_on):
        return RootCause(cause, begins, entries, extended[0], (extended[1],))
    if due is None:
        return RootCause(cause, begins, entries)
    return RootCause(cause, begins, entries, due.paid_on, due.paid_by, due.paid_by if due.unclear else ())


def _covenant(
    cause: Cause, entries: tuple[Entry[Fact], ...], tests: Iterable[Entry[FacilityFact]]
) -> Iterator[RootCause]:
    """The failures of a covenant on a test date, each until a later fact shows it met."""
    spell: list[Entry[Fact]] = []
    for entry in sorted([*entries, *(test for test in tests if _restores(test.fact, cause))], key=lambda e: e.order):
        if entry in entries:
            spell.append(entry)
        elif spell:
            yield RootCause(cause, spell[0].effective, tuple(spell), entry.effective, (entry.position,))
            spell = []
    if spell:
        yield RootCause(cause, spell[0].effective, tuple(spell))


def _act(cause: Cause, entries: tuple[Entry[Fact], ...], world: World, books: Books, in_effect: InEffect) -> RootCause:
    """An act that made a debt due, until it is annulled, or what it made due is paid."""
    act = entries[0]
    ends: list[tuple[dt.date, Entry[Fact]]] = []  # from when, and by what
    for name in world.annulments_of.get((cause.debt, cause.name, None), ()):
        at = annulled_at(name, world, in_effect)
        if at is not None and at > act.order:
            ends.append((at[0], world.annulments[name]))
    amount = act.fact.amount if isinstance(act.fact, ActTaken) else None
    for paid in (books.paid_off, None if amount is None else books.repaid(amount, act)):
        if paid is not None and paid.order > act.order:
            ends.append((paid.effective, paid))
    if not ends:
        return RootCause(cause, act.effective, entries)
    ended, by = min(ends, key=lambda end: (end[0], end[1].order))
    return RootCause(cause, act.effective, entries, ended, (by.position,))


def annulled_at(name: Name, world: World, in_effect: InEffect) -> Order | None:
    """The place in the world from which an annulment holds: its own, or where the last of its conditions was met."""
    entry = world.annulments[name]
    return took_effect_at(name, in_effect, world) if entry.fact.conditions else entry.order


def _restores(fact: Fact, cause: Cause) -> bool:
    """Whether a test shows the covenant met again, on the same date tested anew or on a later one."""
    assert cause.on is not None
    return isinstance(fact, CovenantTested) and fact.met and fact.covenant == cause.name and fact.test_date >= cause.on


def concerns(clause: Clause, facility: str, root: RootCause, world: World, terms: FacilityTerms) -> bool:
    """Whether a clause of a facility makes a Default of a root cause, by itself.

    A `cross_default` never does: it looks at the Events of Default of other facilities, which only the sweep knows.
    """
    cause = root.cause
    match clause:
        case PaymentClause():
            return cause.kind == "payment" and cause.debt == facility and (clause.of is None or cause.name in clause.of)
        case CovenantClause():
            own = cause.kind == "covenant" and cause.debt == facility and (clause.of is None or cause.name in clause.of)
            return own and terms.covenant_deleted(cause.name, cast("dt.date", cause.on)) is None
        case EventClause():
            own = cause.kind == "event" and (clause.of is None or cause.name in clause.of)
            return own and (cause.debt == facility or cause.debt in world.obligors(facility))
        case DeclaredClause():
            named = root.fact.clause if isinstance(root.fact, DefaultDeclared) else None
            return cause.kind == "declared" and cause.debt == facility and named in (None, clause.clause)
        case CrossPaymentClause():
            return cause.kind == "payment" and cause.debt in world.named_by(clause, facility)
        case CrossAccelerationClause():
            return cause.kind == "act" and cause.debt in world.named_by(clause, facility)
        case CrossDefaultClause():
            return False
        case _:
            assert_never(clause)


def threshold_of(clause: Clause) -> Decimal | None:
    """What a debt has to be above for a cross clause to look at it; None where it looks at any."""
    return clause.threshold if isinstance(clause, CrossClause) else None


def has_threshold(terms: Mapping[str, FacilityTerms]) -> bool:
    """Whether some clause looks at how much is outstanding, on whatever day."""
    layers = (each for said in terms.values() for each in said.clauses.values())
    values = (said.value for each in layers for said in each.said)
    return any(threshold_of(value) is not None for value in values if not isinstance(value, Deleted))


def above_threshold(
    clause: Clause, debt: str, root: RootCause, day: dt.date, books: Mapping[str, Books]
) -> bool | None:
    """Whether a debt is above the threshold of a cross clause on a day; None where its principal is not stated.

    Where an act made only a part of the debt due, a `cross_acceleration` looks at that part.
    """
    threshold = threshold_of(clause)
    if threshold is None:
        return True
    outstanding: Decimal | None = books[debt].on(day).outstanding
    if isinstance(clause, CrossAccelerationClause) and isinstance(root.fact, ActTaken) and root.cause.debt == debt:
        outstanding = root.fact.amount if root.fact.amount is not None else outstanding
    return None if outstanding is None else outstanding > threshold


def matures_on(
    key: DefaultKey, clause: Clause, arose: dt.date, day: dt.date, world: World, terms: Mapping[str, FacilityTerms]
) -> dt.date | None:
    """The day on which a Default becomes, as seen on `day`, an Event of Default unless it is cured by the end of it.

    Grace runs from the due date where the clause looks at the payment that was missed, else from the day on which the
    Default arose; notice runs from its receipt. None while a notice that the clause asks for has not been given.
    """
    start = cast("dt.date", key.cause.on) if isinstance(clause, PaymentClause | CrossPaymentClause) else arose
    grace = grace_of(key.cause, clause, arose, terms)
    matures = max(arose, days_after(start, grace)) if isinstance(grace, Days) else arose
    if clause.notice is None:
        return matures
    notice = notice_given(key, arose, day, world)
    return None if notice is None else max(matures, days_after(_received(notice), clause.notice))


def notice_given(key: DefaultKey, arose: dt.date, day: dt.date, world: World) -> Entry[NoticeGiven] | None:
    """The notice of a Default that was received first, by a day: what a clause with notice waits for."""
    given = [each for each in world.history.of(NoticeGiven) if _gives_notice(each, key, arose)]
    return min((each for each in given if _received(each) <= day), key=_received, default=None)


def _received(notice: Entry[NoticeGiven]) -> dt.date:
    return notice.fact.received or notice.effective


def grace_of(
    cause: Cause, clause: Clause, day: dt.date, terms: Mapping[str, FacilityTerms]
) -> Days | Literal["not_stated"] | None:
    """The grace of a clause; `other` is that of the missed debt's own payment clause, if the record has one."""
    if clause.grace != "other":
        return clause.grace
    own = payment_clause(cause, day, terms)
    return "not_stated" if own is None else cast("PaymentClause", own.value).grace


def payment_clause(cause: Cause, day: dt.date, terms: Mapping[str, FacilityTerms]) -> Said[Clause] | None:
    """The missed debt's own clause about payments of that kind, if the record has one."""
    for said in terms[cause.debt].clauses_on(day):
        if isinstance(said.value, PaymentClause) and (said.value.of is None or cause.name in said.value.of):
            return said
    return None


def _gives_notice(entry: Entry[NoticeGiven], key: DefaultKey, arose: dt.date) -> bool:
    about = entry.fact.of if entry.fact.facility == key.facility else ()
    return entry.effective >= arose and (key.clause in about or str(key) in about)


def cure_accepted(key: DefaultKey, root: RootCause, day: dt.date, world: World) -> Entry[CureAccepted] | None:
    """The creditor's acceptance, by a day, that a Default is cured; none from before its cause began is one."""
    if not world.cures_accepted:
        return None
    own = world.cures_accepted.get((key.facility, str(key)), ())
    return next((e for e in own if root.begins <= e.effective <= day), None)


def cure_notified(key: DefaultKey, day: dt.date, world: World) -> Entry[CureNotified] | None:
    """A notice of cure under the Default's clause, given on this day."""
    return world.cures_notified.get((day, key.facility, key.clause))
