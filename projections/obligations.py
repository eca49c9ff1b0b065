"""What is owed under one facility on a date: principal, interest accrued, interest due and unpaid, fees.

The books are kept in the order of the world: balances stated, loans, payments, fees, due dates. Interest is exact, in
fractions of whole numbers, and is rounded once: when it falls due, or when it is reported. Whatever the record does not
say stays None and spreads to every sum that needs it.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ledger.day_counts import year_fraction
from ledger.facts import (
    BalanceStated,
    FacilityTerminated,
    FeeAgreed,
    FeeSettled,
    LoanAdvanced,
    PaymentMade,
    PaymentMissed,
)
from ledger.facts.base import Fact
from ledger.facts.terms import PaymentKind
from projections.history import Entry
from projections.rates import RateOn, last_on_or_before
from projections.terms import FacilityTerms
from projections.world import World

_ROUNDING = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
_MINOR_DIGITS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}

DueKey = tuple[PaymentKind, dt.date]
Principal = list[tuple[dt.date, Decimal | None]]
"""The principal from each day on, in order."""


def rounded(exact: Fraction, digits: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """An exact figure as a decimal of so many places, rounded once.

    Sixty digits of precision leave every figure that is not exactly half-way well clear of half-way.
    """
    with localcontext(prec=60):
        return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal(1).scaleb(-digits), rounding=rounding)


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """A sum, or None where one of its parts is not stated."""
    parts = list(amounts)
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


@dataclass(slots=True)
class Due:
    """A payment that fell due: how much of it is still owed (None: not stated), and when it was paid in full."""

    kind: PaymentKind
    on: dt.date
    owed: Decimal | None
    positions: tuple[int, ...] = ()
    """The facts that say it was missed; empty where the date merely passed, which is silence."""
    paid_on: dt.date | None = None
    paid_by: tuple[int, ...] = ()
    unclear: bool = False
    """Whether a payment was made on it of a share that the record does not state."""


@dataclass(slots=True)
class Owed:
    """The books of one facility at the end of a day, unrounded but for what has been posted."""

    principal: Principal
    principal_from: tuple[int, ...]
    interest_from: dt.date
    interest_from_because: tuple[int, ...]
    dues: dict[DueKey, Due] = field(default_factory=dict)
    fees: dict[str, tuple[Decimal, tuple[int, ...]]] = field(default_factory=dict)
    credit: Decimal = Decimal(0)
    """Interest paid ahead of its due date."""

    @property
    def outstanding(self) -> Decimal | None:
        """The principal outstanding."""
        return self.principal[-1][1]

    @property
    def interest_dues(self) -> list[Due]:
        """The interest payments that have fallen due, in order."""
        return sorted((due for due in self.dues.values() if due.kind == "interest"), key=lambda due: due.on)

    @property
    def last_due(self) -> dt.date:
        """The day from which interest accrues without yet being due."""
        return max([self.interest_from, *(due.on for due in self.interest_dues)])

    @property
    def interest_unpaid(self) -> Decimal | None:
        """The interest that fell due and was not paid."""
        return total(due.owed for due in self.interest_dues)

    @property
    def fees_owed(self) -> Decimal:
        """The fees earned and not settled."""
        return sum((amount for amount, _ in self.fees.values()), Decimal(0))


@dataclass(frozen=True)
class Books:
    """One facility's money, and what it is reckoned from; on the days of `changes` `rate_on` may give another rate."""

    world: World
    terms: FacilityTerms
    facility: str
    rate_on: RateOn
    changes: tuple[dt.date, ...]

    @cached_property
    def digits(self) -> int:
        """How many digits the currency's minor unit has; two where no currency is stated."""
        return _MINOR_DIGITS.get(self.world.openings[self.facility].fact.currency or "", 2)

    @cached_property
    def rounding(self) -> str:
        """The rounding that the terms name, else half up."""
        return _ROUNDING[self.world.openings[self.facility].fact.rounding or "half_up"]

    @cached_property
    def facts(self) -> tuple[Entry[Fact], ...]:
        """The facts about this facility's money, in the order of the world."""
        own: list[Entry[Fact]] = list(
            self.world.about(self.facility, BalanceStated, LoanAdvanced, PaymentMade, FeeAgreed, FacilityTerminated)
        )
        fees = {entry.fact.fee for entry in own if isinstance(entry.fact, FeeAgreed)}
        own += [entry for entry in self.world.history.of(FeeSettled) if entry.fact.fee in fees]
        return tuple(sorted(own, key=lambda entry: entry.order))

    @cached_property
    def missed(self) -> Mapping[DueKey, list[Entry[PaymentMissed]]]:
        """The failures recorded, by what was due."""
        missed: dict[DueKey, list[Entry[PaymentMissed]]] = {}
        for entry in self.world.history.of(PaymentMissed):
            if entry.fact.facility == self.facility:
                for kind in entry.fact.of:
                    missed.setdefault((kind, entry.fact.due), []).append(entry)
        return missed

    @cached_property
    def settled(self) -> Mapping[DueKey, Due]:
        """Every due that the record says was missed, as it stands after all the facts: paid in full, or not."""
        last = max(day for _, day in self.missed) if self.missed else dt.date.min
        return self.on(max([last, *(entry.effective for entry in self.facts)])).dues if self.missed else {}

    @cached_property
    def paid_off(self) -> Entry[Fact] | None:
        """The fact after which no principal is outstanding any longer, if the record comes to that."""
        advanced = False
        for entry in self.facts:
            outstanding = self.on(entry.effective).outstanding
            advanced = advanced or bool(outstanding)
            if outstanding == 0 and (advanced or self.world.openings[self.facility].fact.principal):
                return entry
        return None

    def paid_off_by(self, day: dt.date) -> bool:
        """Whether the debt was paid in full by a day."""
        return self.paid_off is not None and self.paid_off.effective <= day

    def on(self, day: dt.date) -> Owed:
        """The books at the end of a day on which the facility is open."""
        opening = self.world.openings[self.facility]
        start = opening.fact.interest_paid_to or opening.effective
        at = (opening.position,)
        owed = Owed([(min(start, opening.effective), opening.fact.principal)], at, start, at)
        days = {entry.effective for entry in self.facts if entry.effective <= day} | set(self._interest_days(day))
        days |= {due for _, due in self.missed if due <= day}
        for each in sorted(days):
            self._fall_due(owed, each)
            for entry in self.facts:
                if entry.effective == each:
                    self._post(owed, entry)
        owed.dues = {key: due for key, due in owed.dues.items() if not self._due_no_longer(due, day)}
        return owed

    def _due_no_longer(self, due: Due, day: dt.date) -> bool:
        extended = self.terms.extended(due.on) if due.kind == "principal" else None
        return extended is not None and extended[0] <= day

    def accrued(self, owed: Owed, day: dt.date) -> Fraction | None:
        """The interest accrued since the last due date up to, not including, a day; less what was paid ahead. Exact."""
        exact = self.interest(owed.last_due, day, owed.principal)
        return None if exact is None else exact - Fraction(owed.credit)

    def per_1000(self, owed: Owed, day: dt.date) -> Fraction | None:
        """All interest accrued and unpaid per 1,000 of principal, overdue included. Exact.

        Where no principal is stated it is that of 1,000 throughout, or not stated once interest of some share was paid.
        """
        accrued, unpaid = self.accrued(owed, day), owed.interest_unpaid
        if owed.outstanding is not None and accrued is not None and unpaid is not None:
            return (accrued + Fraction(unpaid)) / Fraction(owed.outstanding) * 1000 if owed.outstanding else None
        if owed.credit or any(due.unclear or due.paid_on for due in owed.interest_dues):
            return None
        edges = [owed.interest_from, *(due.on for due in owed.interest_dues), day]
        periods = [self.interest(*edge, [(dt.date.min, Decimal(1000))]) for edge in pairwise(edges)]
        known = [period for period in periods if period is not None]
        return sum(known, Fraction(0)) if len(known) == len(periods) else None

    def interest(self, start: dt.date, end: dt.date, principal: Principal) -> Fraction | None:
        """The interest of one period, as differences of cumulative accrual from its start."""
        if start >= end:
            return Fraction(0)
        count = self.terms.day_count.on(end)
        if count is None:
            return None
        result = Fraction(0)
        for first, last in pairwise(self._edges(start, end, principal)):
            rate = self.rate_on(first)
            amount = next((amount for day, amount in reversed(principal) if day <= first), None)
            before, after = (year_fraction(count.value, start, day) for day in (first, last))
            if rate is None or amount is None or before is None or after is None:
                return None
            result += Fraction(amount) * Fraction(rate) * (after - before)
        return result

    def _edges(self, start: dt.date, end: dt.date, principal: Principal) -> list[dt.date]:
        """The days of a period on which rate or principal may change, its first and its last day among them."""
        inner = {day for day in self.changes[bisect_right(self.changes, start) :] if day < end}
        inner |= {day for day, _ in principal if start < day < end}
        return sorted({start, *inner, end})

    def interest_because(self, owed: Owed, day: dt.date) -> set[int]:
        """The facts that interest to a day rests on: from when it runs, on what, at which terms, what fell due."""
        edges = self._edges(owed.interest_from, day, owed.principal)
        terms = [*(self.terms.rate.on(each) for each in edges), self.terms.day_count.on(day)]
        dues = (position for due in owed.interest_dues for position in (*due.positions, *due.paid_by))
        return {*owed.interest_from_because, *(said.position for said in terms if said is not None), *dues}

    def _interest_days(self, day: dt.date) -> Iterable[dt.date]:
        """The scheduled due dates of interest up to a day."""
        schedule = self.terms.schedule.on(day)
        if schedule is None or schedule.value.interest is None:
            return ()
        interest = schedule.value.interest
        days: list[dt.date] = []
        while day >= interest.from_:
            days.append(last_on_or_before(day, interest.from_, interest.every))
            day = days[-1] - dt.timedelta(days=1)
        return days

    def _fall_due(self, owed: Owed, day: dt.date) -> None:
        """What falls due on a day, scheduled or recorded as missed: accrued interest, principal, a fee."""
        interest = ("interest", day) in self.missed or day in self._interest_days(day)
        if interest and day > owed.interest_from:
            exact = self.interest(owed.last_due, day, owed.principal)
            posted = None if exact is None else rounded(exact, self.digits, self.rounding)
            due = self._due("interest", day, None if posted is None else posted - min(owed.credit, posted))
            owed.credit -= min(owed.credit, posted or Decimal(0))
            owed.dues["interest", day] = due
        matures = self.terms.matures.on(day)
        if ("principal", day) in self.missed:
            at_maturity = matures is not None and matures.value == day
            owed.dues["principal", day] = self._due("principal", day, owed.outstanding if at_maturity else None)
        if ("fee", day) in self.missed:
            owed.dues["fee", day] = self._due("fee", day, None)

    def _due(self, kind: PaymentKind, day: dt.date, follows: Decimal | None) -> Due:
        """A due with the amount that a failure states, else the amount that follows from the terms."""
        failures = self.missed.get((kind, day), [])
        stated = [e.fact.amount for e in failures if e.fact.amount is not None and len(e.fact.of) == 1]
        return Due(kind, day, stated[0] if stated else follows, tuple(entry.position for entry in failures))

    def _post(self, owed: Owed, entry: Entry[Fact]) -> None:
        """Post one fact."""
        match entry.fact:
            case BalanceStated(principal=principal, interest_paid_to=paid_to):
                if principal is not None and paid_to is not None and owed.outstanding is None:
                    owed.principal = [(paid_to, principal)]  # stated together: that principal bore the unpaid interest
                if principal is not None:
                    self._set_principal(owed, entry, principal)
                if paid_to is not None:
                    self._restate_interest(owed, entry, paid_to)
            case LoanAdvanced(amount=amount):
                self._add_principal(owed, entry, amount)
            case FeeAgreed(fee=fee, amount=amount):
                owed.fees[fee] = (amount, (entry.position,))
            case FeeSettled(fee=fee, how=how, amount=settled):
                self._settle_fee(owed, entry, fee, settled)
                if how == "charged_to_account":
                    self._add_principal(owed, entry, settled or self._fee_amount(fee))
            case PaymentMade():
                self._pay(owed, entry, entry.fact)
            case FacilityTerminated(ground="paid" | "exchanged"):
                self._set_principal(owed, entry, Decimal(0))
                self._restate_interest(owed, entry, entry.effective)
                for due in owed.dues.values():
                    self._pay_due(due, due.owed, entry)
                owed.fees.clear()
            case _:
                pass

    def _set_principal(self, owed: Owed, entry: Entry[Fact], principal: Decimal | None) -> None:
        owed.principal.append((entry.effective, principal))
        owed.principal_from = (entry.position,)

    def _add_principal(self, owed: Owed, entry: Entry[Fact], amount: Decimal) -> None:
        if owed.outstanding is not None:
            owed.principal.append((entry.effective, owed.outstanding + amount))
            owed.principal_from = (*owed.principal_from, entry.position)

    def _restate_interest(self, owed: Owed, entry: Entry[Fact], paid_to: dt.date) -> None:
        """A later date to which interest was paid restates what is accrued and what is due and unpaid."""
        owed.interest_from, owed.interest_from_because, owed.credit = paid_to, (entry.position,), Decimal(0)
        dues = owed.interest_dues
        for due in dues:
            if due.on <= paid_to:
                self._pay_due(due, due.owed, entry)
        later = [due for due in dues if due.on > paid_to and due.paid_on is None]
        for start, due in zip([paid_to, *(due.on for due in later)], later, strict=False):
            exact = self.interest(start, due.on, owed.principal)
            due.owed = None if exact is None else rounded(exact, self.digits, self.rounding)

    def _fee_amount(self, fee: str) -> Decimal:
        return next(e.fact.amount for e in self.facts if isinstance(e.fact, FeeAgreed) and e.fact.fee == fee)

    def _settle_fee(self, owed: Owed, entry: Entry[Fact], fee: str, settled: Decimal | None) -> None:
        if fee in owed.fees:
            amount, positions = owed.fees[fee]
            rest = Decimal(0) if settled is None else max(amount - settled, Decimal(0))
            owed.fees[fee] = (rest, (*positions, entry.position))

    def _pay_due(self, due: Due, amount: Decimal | None, entry: Entry[Fact]) -> Decimal:
        """Pay an amount, or all, of a due; what is left of it."""
        if due.paid_on is not None:
            return amount or Decimal(0)
        due.paid_by = (*due.paid_by, entry.position)
        if amount is not None and due.owed is None:
            due.unclear = True
            return Decimal(0)
        paid = due.owed if amount is None or due.owed is None else min(amount, due.owed)
        due.owed = Decimal(0) if due.owed is None or paid is None else due.owed - paid
        if due.owed == 0:
            due.paid_on = entry.effective
        return Decimal(0) if amount is None or paid is None else amount - paid

    def _pay(self, owed: Owed, entry: Entry[Fact], payment: PaymentMade) -> None:
        """Apply a payment to what it says it is of, else in the facility's order: fees, interest, principal."""
        if payment.of is not None:
            rest = self._pay_kind(owed, entry, payment.of, payment.amount, payment.due)
            owed.credit += rest if payment.of == "interest" else Decimal(0)
            return
        application = self.terms.application.on(entry.effective)
        rest = payment.amount
        for name in application.value if application is not None else ("fees", "interest", "principal"):
            kind: PaymentKind = "fee" if name == "fees" else name
            rest = self._pay_kind(owed, entry, kind, rest, payment.due)

    def _pay_kind(
        self, owed: Owed, entry: Entry[Fact], kind: PaymentKind, amount: Decimal, due: dt.date | None
    ) -> Decimal:
        """Apply an amount to one kind of obligation, oldest first; what is left over."""
        rest = amount
        for each in sorted(owed.dues.values(), key=lambda each: each.on):
            if each.kind == kind and rest and (due is None or each.on == due):
                rest = self._pay_due(each, rest, entry)
        if kind == "fee":
            for fee, (fee_owed, _) in list(owed.fees.items()):
                paid = min(fee_owed, rest)
                self._settle_fee(owed, entry, fee, paid)
                rest -= paid
        elif kind == "principal" and owed.outstanding is not None:
            paid = min(amount, owed.outstanding)
            self._add_principal(owed, entry, -paid)
            rest = amount - paid
        return rest
