"""What is owed under one facility on a date: principal, interest accrued, interest due and unpaid, fees.

The books are kept once, day by day, as far as somebody asks; what the page of a day says never changes after that.
Interest is exact, and is rounded once: when it falls due, or when it is reported.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import cast

from ledger.facts import (
    BalanceStated,
    FacilityOpened,
    FacilityTerminated,
    FeeAgreed,
    FeeSettled,
    LoanAdvanced,
    LoanConverted,
    OfferConsummated,
    PaymentMade,
    PaymentMissed,
)
from ledger.facts.base import Fact
from ledger.facts.terms import RecurringFee
from projections.accrual import Accrual, Basis, Loan, Yearly, basis_on
from projections.bookkeeping import Alike, Keeper
from projections.exchanges import Exchange
from projections.figures import ROUNDING, minor_digits, total
from projections.history import Entry
from projections.money_record import Flow, Record
from projections.owed import Due, DueKey, Owed
from projections.postings import Posting
from projections.rates import FACILITY, Pricing, Under
from projections.terms import FacilityTerms, Said
from projections.world import World

_THOUSAND = (Loan(Decimal(1000)),)

RateBecause = Callable[[dt.date, Under], Iterable[int]]
"""The facts behind the rate of a day, of the facility or of what is lent under an option."""


@dataclass(frozen=True)
class Books:
    """One facility's money: how its interest accrues, and the books of the others of its group."""

    world: World
    terms: FacilityTerms
    facility: str
    accrual: Accrual
    group: Mapping[str, "Books"] = field(repr=False, compare=False)
    """The books at the contract rate, these among them, by facility."""
    rate_because: "RateBecause" = field(repr=False, compare=False)
    """The facts behind the rate that ran on a day."""
    as_agreed: bool = False
    """Whether each payment is taken to be made in full when it falls due, whatever the record says became of it."""
    alike: Alike | None = field(default=None, repr=False, compare=False)
    """Books that say the same of all days before one; these go on from there."""

    @cached_property
    def opening(self) -> Entry[FacilityOpened]:
        """The fact, or the exchange, by which it was opened."""
        return self.world.openings[self.facility]

    @cached_property
    def _keeper(self) -> Keeper:
        contract = self.group[self.facility].accrual if self.facility in self.group else self.accrual
        return Keeper(
            Record(
                self.opening,
                self.terms,
                self.accrual,
                contract,
                self._facts,
                {} if self.as_agreed else self.missed,
                self._fees,
                self._exchanges,
                self.issued,
                self.as_agreed,
            ),
            self.alike,
        )

    def until(self, before: dt.date) -> Alike | None:
        """These books for others that say the same of all days before one; None where none of them are kept yet."""
        if "_keeper" in self.__dict__:
            return Alike(self._keeper, before)
        return None if self.alike is None else self.alike._replace(before=min(before, self.alike.before))

    @cached_property
    def _exchanges(self) -> Mapping[int, Exchange]:
        """The consummated offers for these notes, or by which they were issued."""
        return {each.position: each for each in self.world.exchanges if self.facility in (each.old, each.new)}

    def issued(self, exchange: Exchange) -> Decimal | None:
        """The principal of the new notes: the old principal tendered, with its interest where that is capitalised."""
        terms = exchange.terms
        if terms.new.principal is not None or exchange.tendered is None or terms.accrued == "paid":
            return terms.new.principal if terms.new.principal is not None else exchange.tendered
        interest = self.group[exchange.old].interest_exchanged(exchange)
        return total([exchange.tendered, interest]) if terms.accrued == "capitalised" or interest == 0 else None

    def interest_exchanged(self, exchange: Exchange) -> Decimal | None:
        """The interest on the notes tendered, through the day before the consummation.

        It runs from the day that the offer states, else it is the share of all that is unpaid.
        """
        eve = self.on(exchange.on - dt.timedelta(days=1))
        if exchange.tendered is None:
            return None
        if exchange.accrued_from is not None:
            basis = Basis(exchange.accrued_from, (Loan(exchange.tendered),))
            return self.money(self.accrual.interest(exchange.accrued_from, exchange.on, [basis]))
        accrued, unpaid = self.accrued(eve, exchange.on), eve.interest_unpaid
        if accrued is None or unpaid is None or not eve.outstanding:
            return None
        return self.money((accrued + Fraction(unpaid)) * Fraction(exchange.tendered) / Fraction(eve.outstanding))

    def money(self, amount: Fraction | Decimal | None) -> Decimal | None:
        """An amount rounded to the minor unit, as the terms say; None where it is not stated."""
        return self._keeper.record.money(amount)

    @property
    def digits(self) -> int:
        """How many digits the currency's minor unit has; two where no currency is stated."""
        return minor_digits(self.opening.fact.currency)

    @property
    def rounding(self) -> str:
        """The rounding that the terms name, else half up."""
        return ROUNDING[self.opening.fact.rounding or "half_up"]

    @cached_property
    def _facts(self) -> Mapping[dt.date, list[Entry[Fact]]]:
        """The facts about this facility's money by day, in the order of the world; a fee by the day it is earned."""
        own: list[Entry[Fact]] = list(
            self.world.about(
                self.facility, BalanceStated, LoanAdvanced, LoanConverted, PaymentMade, FeeAgreed, FacilityTerminated
            )
        )
        own += [entry for entry in self.world.history.of(FeeSettled) if entry.fact.fee in self._fees]
        own += [entry for entry in self.world.history.of(OfferConsummated) if entry.position in self._exchanges]
        by_day: dict[dt.date, list[Entry[Fact]]] = {}
        for entry in sorted(own, key=lambda entry: entry.order):
            day = entry.fact.earned if isinstance(entry.fact, FeeAgreed) else entry.effective
            by_day.setdefault(day, []).append(entry)
        return by_day

    @cached_property
    def _fees(self) -> Mapping[str, Entry[FeeAgreed]]:
        """The fees agreed, by name."""
        agreed = self.world.history.of(FeeAgreed)
        return {entry.fact.fee: entry for entry in agreed if entry.fact.facility == self.facility}

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
    def last_recorded(self) -> dt.date:
        """The last day on which anything is recorded about this facility's money."""
        return max([self.opening.effective, *self._facts, *(due for _, due in self.missed)])

    @cached_property
    def passed_in_silence(self) -> list[Due]:
        """The scheduled payments of which neither payment nor failure is recorded, up to the first due date to come.

        That is the first after the last day on which anything is recorded: the record says nothing of any later one.
        """
        day = self.next_interest_due(self.last_recorded)
        dues = self.on(self.last_recorded if day is None else day).unpaid_of("interest")
        return [due for due in dues if not due.positions and not due.paid_by]

    def next_interest_due(self, after: dt.date) -> dt.date | None:
        """The first scheduled due date of interest after a day; None where no schedule gives one."""
        return self._keeper.due_dates.next_interest(after)

    @cached_property
    def paid_off(self) -> Entry[Fact] | None:
        """The fact after which no principal is outstanding any longer, if the record comes to that."""
        lent, found = bool(self.opening.fact.principal), None
        for day in sorted(self._facts):
            last, outstanding = self._facts[day][-1], self.on(day).outstanding
            if outstanding == 0 and found is None and (lent or isinstance(last.fact, FacilityTerminated)):
                found = last
            if outstanding != 0:
                lent, found = lent or outstanding is not None, None
        return found

    def paid_off_by(self, day: dt.date) -> bool:
        """Whether the debt was paid in full by a day."""
        return self.paid_off is not None and self.paid_off.effective <= day

    def repaid(self, amount: Decimal, after: Entry[Fact]) -> Entry[Fact] | None:
        """The payment by which this much principal had been paid since another fact; None where it has not been.

        Of a payment without a purpose it is what the books put to principal.
        """
        left = amount
        booked = {at: -each.legs.get("principal", Decimal(0)) for each in self._posted for at in each.positions}
        for entry in self.world.about(self.facility, PaymentMade):
            payment = cast("PaymentMade", entry.fact)
            if entry.order > after.order:
                left -= payment.amount if payment.of == "principal" else booked.get(entry.position, Decimal(0))
                if left <= 0:
                    return entry
        return None

    @property
    def _posted(self) -> list[Posting]:
        """What was posted up to the last fact about this facility's money."""
        return self.postings(max(self._facts, default=self.opening.effective))

    def on(self, day: dt.date) -> Owed:
        """The books at the end of a day on which the facility is open; not to be written on."""
        return self._keeper.on(day)

    def accrued(self, owed: Owed, day: dt.date) -> Fraction | None:
        """The interest accrued since the last due date up to, not including, a day; less what was paid ahead. Exact."""
        exact = self.accrual.interest(owed.accrues_from, day, owed.bases)
        return None if exact is None else exact + Fraction(owed.carried) - Fraction(owed.credit) - owed.retired

    def _recurring_fees(self, day: dt.date) -> Iterator[tuple[Said[tuple[RecurringFee, ...]], RecurringFee]]:
        said = self.terms.recurring_fees.on(day)
        return ((said, fee) for fee in said.value) if said is not None else iter(())

    def fees(self, owed: Owed, day: dt.date) -> Fraction | None:
        """The fees earned and not settled, with what has accrued by a day of those that come back. Exact."""
        accrued = [self._keeper.fees.accrued(said, fee, owed, day) for said, fee in self._recurring_fees(day)]
        known = [each for each in accrued if each is not None]
        left = owed.fees_owed
        return None if left is None or len(known) < len(accrued) else Fraction(left) + sum(known, Fraction(0))

    def per_1000(self, owed: Owed, day: dt.date) -> Fraction | None:
        """All interest accrued and unpaid per 1,000 of principal, overdue included. Exact.

        Where no principal is stated it is that of 1,000 throughout, or not stated once interest of some share was paid
        or where interest that is overdue bears interest itself.
        """
        accrued, unpaid = self.accrued(owed, day), owed.interest_unpaid
        if owed.outstanding is not None and accrued is not None and unpaid is not None:
            return (accrued + Fraction(unpaid)) / Fraction(owed.outstanding) * 1000 if owed.outstanding else None
        dues = [due for due in owed.interest_dues if due.on > owed.interest_from]
        in_part = any(due.paid_by and due.paid_on is None for due in dues)
        compound = self.opening.fact.interest_on_overdue and any(due.paid_on is None for due in dues)
        if owed.credit or owed.carried or in_part or compound:
            return None
        edges = [owed.interest_from, *(due.to for due in dues), day]
        paid = [*(due.paid_on is not None for due in dues), False]
        periods = [
            self.accrual.interest(*edge, [Basis(dt.date.min, _THOUSAND)])
            for edge, settled in zip(pairwise(edges), paid, strict=True)
            if not settled
        ]
        known = [period for period in periods if period is not None]
        return sum(known, Fraction(0)) if len(known) == len(periods) else None

    def interest_because(self, owed: Owed, day: dt.date) -> set[int]:
        """The facts that interest to a day rests on: from when it runs, on what, at which rates, what fell due.

        The rates are those of the days whose interest is not paid.
        """
        start = owed.interest_from
        for due in owed.interest_dues:
            if due.paid_on is None:
                break
            start = max(start, due.to)
        edges = sorted(each for each in self.accrual.edges(start, day, owed.bases) if each < day)
        terms = [*(self.terms.rate.on(each) for each in (start, *edges)), self.terms.day_count.on(day)]
        rates: set[int] = set()
        for each in edges:
            basis = basis_on(owed.bases, each)
            unders = {*(loan.under for loan in basis.loans), *([] if basis.overdue == 0 else [FACILITY])}
            rates.update(position for under in unders for position in self.rate_because(each, under))
        dues = {position for due in owed.interest_dues for position in (*due.positions, *due.paid_by)}
        stated = {said.position for said in terms if said is not None}
        return {*owed.interest_from_because, *owed.principal_from, *stated, *rates, *dues}

    def postings(self, day: dt.date) -> list[Posting]:
        """What was posted up to a day, its own included."""
        return self._keeper.postings[: self.on(day).posted]

    def flows(self, day: dt.date) -> list[Flow]:
        """What was lent, fell due or was added to principal up to a day; only of books kept as agreed."""
        self.on(day)
        return [flow for flow in self._keeper.flows if flow.day <= day]

    def agreed(self) -> "Books":
        """The same books kept as if each payment had been made in full when it fell due."""
        return replace(self, as_agreed=True, alike=None)


def contract_books(
    world: World, pricing: Mapping[str, Pricing], alike: Mapping[str, Alike | None] = MappingProxyType({})
) -> Mapping[str, Books]:
    """The books of each facility of a group at the contract rate, whatever default interest may be.

    Those of some facilities go on from others that are `alike`.
    """
    group: dict[str, Books] = {}
    for facility, rates in pricing.items():
        accrual = Accrual(rates.terms, interest_of_a_year(rates.contract_rate), rates.changes)
        because = _contract_because(rates)
        group[facility] = Books(world, rates.terms, facility, accrual, group, because, alike=alike.get(facility))
    return group


def _contract_because(pricing: Pricing) -> RateBecause:
    return lambda day, under: pricing.contract(day, under).positions


def interest_of_a_year(rate_on: Callable[[dt.date, Under], Decimal | None]) -> Yearly:
    """What runs in a year: on each loan at its own rate, on interest overdue at that of the facility."""

    def yearly(day: dt.date, basis: Basis) -> Decimal | None:
        parts = basis.loans if basis.overdue == 0 else (*basis.loans, Loan(basis.overdue))
        result = Decimal(0)
        for loan in parts:
            rate = rate_on(day, loan.under)
            if rate is None or loan.amount is None:
                return None
            result += loan.amount * rate
        return result

    return yearly
