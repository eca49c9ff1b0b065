"""Which failures last at the end of a day, as the oracle reads them from the record."""

import datetime as dt

from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    CovenantTested,
    DefaultDeclared,
    EventOccurred,
    PaymentMade,
    PaymentMissed,
)
from tests.oracle.entries import Moment, close_of
from tests.oracle.record import Record, called
from tests.oracle.states import Breached, Cause, Declared, DeclaredDue, Happened, InEffect, Missed


class Causes(Record):
    """The root causes that the facts bring about, and how long each lasts."""

    def own_failures(self, facility: str, day: dt.date, in_effect: InEffect) -> set[Cause]:
        """The failures of a facility, and the events about it or its borrowers, that last at the end of a day."""
        now = close_of(day)
        if self.is_paid_off(facility, now):
            return set()
        failures: set[Cause] = set()
        for _, missed in self.facts(PaymentMissed, now):
            if missed.facility == facility:
                for kind in missed.of:
                    extended = kind == "principal" and self.is_extended(facility, missed.due, day, in_effect)
                    if not extended and not self.is_paid(Missed(facility, kind, missed.due), now):
                        failures.add(Missed(facility, kind, missed.due))
        for moment, tested in self.facts(CovenantTested, now):
            breached = tested.facility == facility and not tested.met and not self.is_met_later(tested, moment, now)
            if breached and not self.is_deleted(facility, tested.covenant, tested.test_date, in_effect):
                failures.add(Breached(tested.covenant, tested.test_date))
        for moment, act in self.facts(ActTaken, now):
            if act.facility == facility and self.makes_due(act, moment, now, in_effect):
                failures.add(DeclaredDue(act.act))
        for _, event in self.facts(EventOccurred, now):
            if event.facility == facility or event.party in self.obligors(facility):
                failures.add(self.happened(event))
        for _, declared in self.facts(DefaultDeclared, now):
            if declared.facility == facility:
                failures.add(Declared(declared.default))
        return failures

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

    def misses(self, cause: Missed, now: Moment | None = None) -> list[PaymentMissed]:
        """The facts that say, by a moment or ever, that this payment was missed."""
        return [
            missed
            for _, missed in self.facts(PaymentMissed, now)
            if missed.facility == cause.debt and cause.kind in missed.of and missed.due == cause.due
        ]

    def is_paid(self, cause: Missed, now: Moment) -> bool:
        """Whether what was missed was paid in full; what was paid is never missed again.

        How much was due is what any paper says of it, whatever its date.
        """
        stated = [missed.amount for missed in self.misses(cause) if missed.amount is not None]
        paid = [
            payment.amount
            for _, payment in self.facts(PaymentMade, now)
            if payment.facility == cause.debt and payment.of == cause.kind and payment.due == cause.due
        ]
        return stated != [] and sum(paid) >= stated[0]

    def is_met_later(self, failed: CovenantTested, moment: Moment, now: Moment) -> bool:
        return any(
            tested.facility == failed.facility
            and tested.covenant == failed.covenant
            and tested.met
            and tested.test_date >= failed.test_date
            for later, tested in self.facts(CovenantTested, now)
            if later > moment
        )

    def makes_due(self, act: ActTaken, moment: Moment, now: Moment, in_effect: InEffect) -> bool:
        """Whether an act makes a debt due that was not annulled, nor paid as far as it made it due."""
        annulled = any(
            annulment.facility == act.facility and annulment.act == act.act and moment < holds <= now
            for holds, annulment in self.annulments(in_effect)
        )
        paid = [
            payment.amount
            for later, payment in self.facts(PaymentMade, now)
            if later > moment and payment.facility == act.facility and payment.of == "principal"
        ]
        return act.accelerates and not annulled and (act.amount is None or sum(paid) < act.amount)

    def is_lifted(self, facility: str, clause: str, since: dt.date, until: dt.date, in_effect: InEffect) -> bool:
        """Whether what a clause made due was annulled, from one day to another."""
        return any(
            annulment.facility == facility and annulment.clause == clause and since <= holds.day <= until
            for holds, annulment in self.annulments(in_effect)
        )

    def annulments(self, in_effect: InEffect) -> list[tuple[Moment, AccelerationAnnulled]]:
        """The annulments that hold, and from which moment: its own, or that at which its last condition was met."""
        found = []
        for moment, annulment in self.facts(AccelerationAnnulled):
            holds = in_effect.get(called(moment, annulment)) if annulment.conditions else moment
            if holds is not None:
                found.append((holds, annulment))
        return found

    def failed_by(self, cause: Missed, day: dt.date) -> set[str]:
        """Who failed to pay: whom the record names, else the debt's borrowers."""
        named = {missed.by for missed in self.misses(cause, close_of(day)) if missed.by is not None}
        return named or set(self.openings[cause.debt].borrowers)

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
