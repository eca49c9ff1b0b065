"""What is owed under one facility on a date: principal, interest accrued, interest due and unpaid, fees.

The books are kept in the order of the world: balances stated, loans, payments, fees, due dates. Interest is exact, in
fractions of whole numbers, and is rounded once: when it falls due, or when it is reported. Whatever the record does not
say stays None and spreads to every sum that needs it.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ledger.day_counts import months_after, year_fraction
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
from projections.rates import RateOn, first_on_or_after, last_on_or_before, months_in
from projections.terms import FacilityTerms
from projections.world import World

_ROUNDING = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
_WHOLE_UNITS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""The currencies of ISO 4217 whose minor unit is not a hundredth."""

_A_DAY = dt.timedelta(days=1)

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
    fees: dict[str, tuple[Decimal | None, tuple[int, ...]]] = field(default_factory=dict)
    credit: Decimal = Decimal(0)
    """Interest paid ahead of its due date."""
    overdue: Principal = field(default_factory=lambda: [(dt.date.min, Decimal(0))])
    """The interest due and unpaid from each day on, in order: where the terms say so, it bears interest itself."""

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
    def fees_owed(self) -> Decimal | None:
        """The fees earned and not settled."""
        return total(amount for amount, _ in self.fees.values())

    def copy(self) -> "Owed":
        """The same books, to be written on."""
        dues = {key: replace(due) for key, due in self.dues.items()}
        return replace(self, principal=[*self.principal], dues=dues, fees={**self.fees}, overdue=[*self.overdue])


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
        currency = self.world.openings[self.facility].fact.currency
        return 0 if currency in _WHOLE_UNITS else 3 if currency in _THOUSANDTHS else 2

    @cached_property
    def rounding(self) -> str:
        """The rounding that the terms name, else half up."""
        return _ROUNDING[self.world.openings[self.facility].fact.rounding or "half_up"]

    def money(self, amount: Fraction | Decimal | None) -> Decimal | None:
        """An amount rounded to the minor unit; None where it is not stated."""
        return None if amount is None else rounded(Fraction(amount), self.digits, self.rounding)

    @cached_property
    def _facts(self) -> Mapping[dt.date, list[Entry[Fact]]]:
        """The facts about this facility's money by day, in the order of the world; a fee by the day it is earned."""
        own: list[Entry[Fact]] = list(
            self.world.about(self.facility, BalanceStated, LoanAdvanced, PaymentMade, FeeAgreed, FacilityTerminated)
        )
        fees = {entry.fact.fee for entry in own if isinstance(entry.fact, FeeAgreed)}
        own += [entry for entry in self.world.history.of(FeeSettled) if entry.fact.fee in fees]
        by_day: dict[dt.date, list[Entry[Fact]]] = {}
        for entry in sorted(own, key=lambda entry: entry.order):
            day = entry.fact.earned if isinstance(entry.fact, FeeAgreed) else entry.effective
            by_day.setdefault(day, []).append(entry)
        return by_day

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
        return self.on(max([*self._facts, *(day for _, day in self.missed)])).dues if self.missed else {}

    @cached_property
    def passed_in_silence(self) -> list[Due]:
        """The scheduled interest of which neither payment nor failure is recorded, up to the first due date to come.

        That is the first after the last day on which anything is recorded: the record says nothing of any later one.
        """
        last = max([self.world.openings[self.facility].effective, *self._days_recorded])
        schedules = [
            (said, said.value.interest) for said in self.terms.schedule.said if said.value.interest is not None
        ]
        ahead = [(said, first_on_or_after(last + _A_DAY, each.from_, each.every)) for said, each in schedules]
        day = min((day for said, day in ahead if self.terms.schedule.on(day) is said), default=last)
        dues = self.on(day).interest_dues
        return [due for due in dues if not due.positions and not due.paid_by and due.owed != 0]

    @cached_property
    def paid_off(self) -> Entry[Fact] | None:
        """The fact after which no principal is outstanding any longer, if the record comes to that."""
        lent = bool(self.world.openings[self.facility].fact.principal)
        for day in sorted(self._facts):
            last, outstanding = self._facts[day][-1], self.on(day).outstanding
            lent = lent or bool(outstanding)
            if outstanding == 0 and (lent or isinstance(last.fact, FacilityTerminated)):
                return last
        return None

    def paid_off_by(self, day: dt.date) -> bool:
        """Whether the debt was paid in full by a day."""
        return self.paid_off is not None and self.paid_off.effective <= day

    def on(self, day: dt.date) -> Owed:
        """The books at the end of a day on which the facility is open; not to be written on."""
        pages = self._pages
        for each in self._days_of_posting(pages[-1][0], day):
            owed = pages[-1][1].copy()
            self._fall_due(owed, each)
            for entry in self._facts.get(each, ()):
                self._post(owed, entry)
            owed.overdue.append((each, owed.interest_unpaid))
            pages.append((each, owed))
        return pages[bisect_right(pages, day, key=lambda page: page[0]) - 1][1]

    @cached_property
    def _pages(self) -> list[tuple[dt.date, Owed]]:
        """The books as they were opened, then as they stood at the end of each day on which something was posted.

        They are written when they are first asked for, and never again.
        """
        opening = self.world.openings[self.facility]
        start = opening.fact.interest_paid_to or opening.effective
        at = (opening.position,)
        return [(dt.date.min, Owed([(min(start, opening.effective), opening.fact.principal)], at, start, at))]

    def _days_of_posting(self, after: dt.date, until: dt.date) -> list[dt.date]:
        """The days in a span on which something falls due or is posted, or on which principal is due no longer."""
        recorded = self._days_recorded[bisect_right(self._days_recorded, after) :]
        return sorted({*(day for day in recorded if day <= until), *self._interest_days(after, until)})

    @cached_property
    def _days_recorded(self) -> list[dt.date]:
        return sorted({*self._facts, *(due for _, due in self.missed), *self.terms.matures.dates()})

    def _due_no_longer(self, due: Due, day: dt.date) -> bool:
        extended = self.terms.extended(due.on) if due.kind == "principal" else None
        return extended is not None and extended[0] <= day

    def accrued(self, owed: Owed, day: dt.date) -> Fraction | None:
        """The interest accrued since the last due date up to, not including, a day; less what was paid ahead. Exact."""
        exact = self._interest(owed, owed.last_due, day)
        return None if exact is None else exact - Fraction(owed.credit)

    def per_1000(self, owed: Owed, day: dt.date) -> Fraction | None:
        """All interest accrued and unpaid per 1,000 of principal, overdue included. Exact.

        Where no principal is stated it is that of 1,000 throughout, or not stated once interest of some share was paid
        or where interest that is overdue bears interest itself.
        """
        accrued, unpaid = self.accrued(owed, day), owed.interest_unpaid
        if owed.outstanding is not None and accrued is not None and unpaid is not None:
            return (accrued + Fraction(unpaid)) / Fraction(owed.outstanding) * 1000 if owed.outstanding else None
        dues = [due for due in owed.interest_dues if due.on > owed.interest_from]
        if owed.credit or any(due.paid_by and due.paid_on is None for due in dues):
            return None
        if self._on_overdue and any(due.paid_on is None for due in dues):
            return None
        edges = [owed.interest_from, *(due.on for due in dues), day]
        paid = [*(due.paid_on is not None for due in dues), False]
        periods = [
            self.interest(*edge, [(dt.date.min, Decimal(1000))])
            for edge, settled in zip(pairwise(edges), paid, strict=True)
            if not settled
        ]
        known = [period for period in periods if period is not None]
        return sum(known, Fraction(0)) if len(known) == len(periods) else None

    @property
    def _on_overdue(self) -> bool:
        """Whether interest that is due and unpaid bears interest itself, as it does only where the terms say so."""
        return bool(self.world.openings[self.facility].fact.interest_on_overdue)

    def _interest(self, owed: Owed, start: dt.date, end: dt.date) -> Fraction | None:
        """The interest of a period on principal, and on what is overdue where that bears interest too."""
        on_principal = self.interest(start, end, owed.principal)
        on_overdue = self.interest(start, end, owed.overdue) if self._on_overdue else Fraction(0)
        return None if on_principal is None or on_overdue is None else on_principal + on_overdue

    def interest(self, start: dt.date, end: dt.date, principal: Principal) -> Fraction | None:
        """The interest of one period, as differences of cumulative accrual from its start."""
        if start >= end:
            return Fraction(0)
        count = self.terms.day_count.on(end)
        if count is None:
            return None
        months = self._regular_months(start)
        result, before = Fraction(0), Fraction(0)
        for first, last in pairwise(self._edges(start, end, principal)):
            rate = self.rate_on(first)
            amount = next((amount for day, amount in reversed(principal) if day <= first), None)
            after = year_fraction(count.value, start, last, months=months)
            if rate is None or amount is None or after is None:
                return None
            result += Fraction(amount) * Fraction(rate) * (after - before)
            before = after
        return result

    def _regular_months(self, start: dt.date) -> int | None:
        """How many months the interest period that begins on a day has, where it is a regular one of the schedule."""
        schedule = self.terms.schedule.on(start)
        interest = schedule.value.interest if schedule is not None else None
        months = months_in(interest.every) if interest is not None else None
        if interest is None or months is None:
            return None
        ends = months_after(start, months)
        regular = ends >= interest.from_ and last_on_or_before(ends, interest.from_, interest.every) == ends
        return months if regular else None

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

    def _interest_days(self, after: dt.date, until: dt.date) -> Iterator[dt.date]:
        """The scheduled due dates of interest in a span, latest first, each by the schedule that holds on it."""
        for said in self.terms.schedule.said:
            interest, day = said.value.interest, until
            while interest is not None and day >= interest.from_:
                day = last_on_or_before(day, interest.from_, interest.every)
                if day <= after:
                    break
                if self.terms.schedule.on(day) is said:
                    yield day
                day -= _A_DAY

    def _fall_due(self, owed: Owed, day: dt.date) -> None:
        """What falls due on a day, scheduled or recorded as missed: accrued interest, principal, a fee."""
        scheduled = day > owed.interest_from and any(self._interest_days(day - _A_DAY, day))
        if scheduled or ("interest", day) in self.missed:
            posted = self._posted(owed, owed.last_due, day)
            due = self._due("interest", day, None if posted is None else posted - min(owed.credit, posted))
            owed.credit -= min(owed.credit, posted or Decimal(0))
            owed.dues["interest", day] = due
        if ("principal", day) in self.missed:
            matures = self.terms.matures.on(day)
            at_maturity = matures is not None and matures.value == day
            owed.dues["principal", day] = self._due("principal", day, owed.outstanding if at_maturity else None)
        if ("fee", day) in self.missed:
            fees = [entry.fact.amount for entry in self._fees.values() if entry.fact.due == day]
            owed.dues["fee", day] = self._due("fee", day, sum(fees, Decimal(0)) if fees else None)
        owed.dues = {key: due for key, due in owed.dues.items() if not self._due_no_longer(due, day)}

    def _posted(self, owed: Owed, start: dt.date, end: dt.date) -> Decimal | None:
        """The interest of a period as it falls due, rounded; None where it is not stated, or the period is over."""
        return self.money(self._interest(owed, start, end)) if start < end else None

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
                owed.fees.setdefault(fee, (amount, (entry.position,)))
            case FeeSettled(fee=fee, how=how, amount=amount):
                settled = self._settle_fee(owed, entry, fee, amount)
                due = owed.dues.get(("fee", self._fees[fee].fact.due or dt.date.min))
                if due is not None and settled is not None:
                    self._pay_due(due, settled, entry)
                if how == "charged_to_account":
                    self._add_principal(owed, entry, settled)
            case PaymentMade():
                self._pay(owed, entry, entry.fact)
            case FacilityTerminated(ground="paid" | "exchanged"):
                self._set_principal(owed, entry, Decimal(0))
                self._restate_interest(owed, entry, entry.effective)
                for due in owed.dues.values():
                    self._pay_due(due, None, entry)
                owed.fees.clear()
            case _:
                pass

    def _set_principal(self, owed: Owed, entry: Entry[Fact], principal: Decimal) -> None:
        owed.principal.append((entry.effective, principal))
        owed.principal_from = (entry.position,)
        for due in owed.dues.values():
            if due.kind == "principal" and principal == 0:
                self._pay_due(due, None, entry)

    def _add_principal(self, owed: Owed, entry: Entry[Fact], amount: Decimal | None) -> None:
        """Add an amount to principal, which is not stated any longer where the amount is not."""
        if owed.outstanding is not None:
            owed.principal.append((entry.effective, None if amount is None else owed.outstanding + amount))
            owed.principal_from = (*owed.principal_from, entry.position)

    def _restate_interest(self, owed: Owed, entry: Entry[Fact], paid_to: dt.date) -> None:
        """A later date to which interest was paid restates what is accrued and what is due and unpaid."""
        began, begins = owed.interest_from, paid_to
        for due in owed.interest_dues:
            if due.on <= paid_to:
                self._pay_due(due, None, entry)
            else:
                if began != begins or due.owed is None or due.paid_on is not None:
                    posted = self._posted(owed, begins, due.on)
                    stated = self._due("interest", due.on, posted)
                    owed.dues["interest", due.on] = stated if began == begins else replace(stated, owed=posted)
                begins = due.on
            began = due.on
        owed.interest_from, owed.interest_from_because, owed.credit = paid_to, (entry.position,), Decimal(0)

    @cached_property
    def _fees(self) -> Mapping[str, Entry[FeeAgreed]]:
        """The fees agreed, by name."""
        agreed = self.world.history.of(FeeAgreed)
        return {entry.fact.fee: entry for entry in agreed if entry.fact.facility == self.facility}

    def _settle_fee(self, owed: Owed, entry: Entry[Fact], fee: str, amount: Decimal | None) -> Decimal | None:
        """Settle an amount, or all that is left, of a fee, earned by now or not; how much that is."""
        agreed = self._fees[fee]
        left, positions = owed.fees.get(fee, (agreed.fact.amount, (agreed.position,)))
        settled = left if amount is None else amount
        rest = None if left is None or settled is None else max(left - settled, Decimal(0))
        owed.fees[fee] = (rest, (*positions, entry.position))
        return settled

    def _pay_due(self, due: Due, amount: Decimal | None, entry: Entry[Fact]) -> Decimal | None:
        """Pay an amount, or all, of a due; what is left of the amount, None where the record does not say."""
        if due.paid_on is not None:
            return amount
        due.paid_by = (*due.paid_by, entry.position)
        if amount is not None and due.owed is None:
            due.unclear = True
            return None
        paid = due.owed if amount is None or due.owed is None else min(amount, due.owed)
        due.owed = Decimal(0) if due.owed is None or paid is None else due.owed - paid
        if due.owed == 0:
            due.paid_on = entry.effective
        return None if amount is None or paid is None else amount - paid

    def _pay(self, owed: Owed, entry: Entry[Fact], payment: PaymentMade) -> None:
        """Apply a payment to what it says it is of, else in the facility's order: fees, interest, principal."""
        if payment.of is not None:
            rest = self._pay_kind(owed, entry, payment.of, payment.amount, payment.due)
            owed.credit += rest if payment.of == "interest" and rest is not None else Decimal(0)
            return
        application = self.terms.application.on(entry.effective)
        left: Decimal | None = payment.amount
        for name in application.value if application is not None else ("fees", "interest", "principal"):
            kind: PaymentKind = "fee" if name == "fees" else name
            if left is None:
                self._lose_track(owed, entry, kind)
            else:
                left = self._pay_kind(owed, entry, kind, left, payment.due)

    def _lose_track(self, owed: Owed, entry: Entry[Fact], kind: PaymentKind) -> None:
        """A payment may have gone to one kind of obligation or not: what is left of that is not stated any longer."""
        for due in owed.dues.values():
            if due.kind == kind and due.paid_on is None:
                due.owed, due.unclear, due.paid_by = None, True, (*due.paid_by, entry.position)
        if kind == "principal":
            self._add_principal(owed, entry, None)
        if kind == "fee":
            owed.fees = {
                fee: (left if left == 0 else None, (*positions, entry.position))
                for fee, (left, positions) in owed.fees.items()
            }

    def _pay_kind(
        self, owed: Owed, entry: Entry[Fact], kind: PaymentKind, amount: Decimal, due: dt.date | None
    ) -> Decimal | None:
        """Apply an amount to one kind of obligation, oldest first; what is left over, None where nothing says."""
        rest: Decimal | None = amount
        for each in sorted(owed.dues.values(), key=lambda each: each.on):
            if each.kind == kind and rest and (due is None or each.on == due):
                rest = self._pay_due(each, rest, entry)
        if kind == "fee" and owed.fees:
            rest = amount
            for fee, (left, _) in [*owed.fees.items()]:
                if rest and left != 0 and due in (None, self._fees[fee].fact.due):
                    paid = rest if left is None else min(left, rest)
                    self._settle_fee(owed, entry, fee, paid)
                    rest = None if left is None else rest - paid
        elif kind == "principal" and owed.outstanding is not None:
            paid = min(amount, owed.outstanding)
            self._add_principal(owed, entry, -paid)
            rest = amount - paid
        return rest
