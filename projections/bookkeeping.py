"""Keeping the books of one facility: on each day what falls due, then what the record says happened, in its order.

Interest is exact until it falls due, is added to principal or is paid ahead; then it is rounded, once. Each movement is
posted, so that the accounts are in balance and say what the page of the day says. What the record does not say stays
None, and spreads to every sum that needs it.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Literal

from ledger.calendars import rolled
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
from ledger.facts.terms import InterestSchedule, PaymentKind, PrincipalSchedule, RecurringFee
from projections.accrual import Accrual, Basis, Loan
from projections.due_dates import DueDates, FallsDue, level_payment
from projections.exchanges import Exchange
from projections.figures import EXACT, ROUNDING, minor_digits, rounded, total
from projections.history import Entry
from projections.owed import Due, DueKey, FeeOwed, Owed
from projections.postings import Account, Posting
from projections.rates import Under
from projections.terms import FacilityTerms, Said

_NOTHING = Decimal(0)
_A_DAY = dt.timedelta(days=1)

FlowKind = Literal["advance", "principal", "interest", "capitalised", "fee", "rate_reset", "maturity"]


@dataclass(frozen=True, slots=True)
class Flow:
    """What was lent, fell due or was added to principal on a day; None: not stated.

    A negative amount of principal is interest that an instalment left uncovered, and that was added to principal.
    """

    day: dt.date
    kind: FlowKind
    amount: Decimal | None
    moved: Decimal | None
    """By how much it moved the principal."""


@dataclass(frozen=True)
class Record:
    """What the books of one facility are kept from."""

    opening: Entry[FacilityOpened]
    terms: FacilityTerms
    accrual: Accrual
    contract: Accrual
    """At the contract rate, by which instalments are worked out."""
    facts: Mapping[dt.date, list[Entry[Fact]]]
    """The facts about its money by day, in the order of the world; a fee by the day on which it is earned."""
    missed: Mapping[DueKey, list[Entry[PaymentMissed]]]
    fees: Mapping[str, Entry[FeeAgreed]]
    exchanges: Mapping[int, Exchange]
    """What was exchanged, by the position of the consummation."""
    issued: Callable[[Exchange], Decimal | None]
    """The principal of the new notes of an exchange."""
    as_agreed: bool = False
    """Whether each payment is taken to be made in full when it falls due, whatever the record says became of it."""

    @cached_property
    def fee_dues(self) -> Mapping[dt.date, list[str]]:
        """The fees agreed that are payable, in full or in part, on each day."""
        dues: dict[dt.date, list[str]] = {}
        for name, entry in self.fees.items():
            for day in fee_days(entry.fact):
                dues.setdefault(day, []).append(name)
        return dues

    @cached_property
    def terminated(self) -> dt.date:
        """The day on which the facility was terminated; the last of all days where it was not."""
        ends = (day for day, facts in self.facts.items() if any(isinstance(e.fact, FacilityTerminated) for e in facts))
        return min(ends, default=dt.date.max)

    @cached_property
    def days(self) -> list[dt.date]:
        """The days on which a fact, a failure or a change of the maturity can move something."""
        return sorted({*self.facts, *(day for _, day in self.missed), *self.terms.matures.dates(), *self.fee_dues})


def fee_days(fee: FeeAgreed) -> list[dt.date]:
    """The days on which a fee is payable, in full or in part."""
    return [fee.due] if fee.due is not None else [part.on for part in fee.instalments or ()]


@dataclass(slots=True)
class _Day:
    """What the terms say of one day."""

    interest_to: dt.date | None = None
    """The end of the interest period that falls due."""
    instalment: FallsDue | None = None
    matures: bool = False
    fees: list[tuple[Said[tuple[RecurringFee, ...]], RecurringFee]] = field(default_factory=list)
    rests: bool = False

    @property
    def counts_from(self) -> dt.date | None:
        """From when what falls due bears no interest, if it is paid: not from the day where only the payment moves."""
        ends = [self.interest_to, self.instalment.to if self.instalment is not None else None]
        return min((each for each in ends if each is not None), default=None)


class Keeper:
    """The books as they are kept, day by day, as far as somebody has asked for."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.due_dates = DueDates(record.terms)
        opening = record.opening
        self.opened = opening.effective
        start = opening.fact.interest_paid_to or self.opened
        at = (opening.position,)
        self.page = Owed({None: Loan(opening.fact.principal)}, at, start, at, start)
        self.postings: list[Posting] = []
        self.flows: list[Flow] = []
        self._balances: dict[Account, Decimal] = {}
        self._lent: Mapping[str | None, Loan] = self.page.loans
        self._at_rest: Mapping[str | None, Loan] = self.page.loans
        self._ahead: dict[DueKey, Decimal] = {}
        self._assumed: dict[PaymentKind, Decimal] = {}
        self._worked_out: tuple[object, Decimal | None] = (None, None)
        first = min(start, self.opened)
        self.pages: list[tuple[dt.date, Owed]] = []
        with localcontext(EXACT):
            self._open(opening, first)
            self._turn(dt.date.min)
            for day in sorted({day for _, day in record.missed if day < first}):
                self._fall_due(day, _Day())
                self._turn(day)
        self._kept = first - _A_DAY

    def on(self, day: dt.date) -> Owed:
        """The page of a day; not to be written on."""
        if day > self._kept:
            with localcontext(EXACT):
                self._keep(day)
        return self.pages[bisect_right(self.pages, day, key=lambda page: page[0]) - 1][1]

    def money(self, amount: Fraction | Decimal | None) -> Decimal | None:
        """An amount rounded to the minor unit, as the terms say; None where it is not stated."""
        if amount is None:
            return None
        terms = self.record.opening.fact
        return rounded(Fraction(amount), minor_digits(terms.currency), ROUNDING[terms.rounding or "half_up"])

    def _keep(self, through: dt.date) -> None:
        for day, terms in sorted(self._days(self._kept, through).items(), key=lambda each: each[0]):
            self._kept = day - _A_DAY
            since = terms.counts_from or day
            self._fall_due(day, terms)
            if since != day:
                self._note_basis(since, rests=False)
            self._note_basis(since if self._post_facts(day) else day, rests=terms.rests)
            self._turn(day)
        self._kept = through

    def _turn(self, day: dt.date) -> None:
        """Close the page of a day, and go on on a new one."""
        self.page.posted = len(self.postings)
        self.pages.append((day, self.page))
        self.page = self.page.copy()

    def _days(self, after: dt.date, through: dt.date) -> dict[dt.date, _Day]:
        """The days after one up to another on which something moves, each with what the terms say of it."""
        recorded = self.record.days
        days = {day: _Day() for day in recorded[bisect_right(recorded, after) : bisect_right(recorded, through)]}

        def on(day: dt.date) -> _Day:
            return days.setdefault(day, _Day())

        for each in self.due_dates.interest(after, through):
            on(each.on).interest_to = each.to
        for day in self.due_dates.capitalised(after, through):
            on(day).interest_to = on(day).interest_to or day
        for each in self.due_dates.principal(after, through):
            on(each.on).instalment = each
        for day in self.due_dates.maturities(after, through):
            on(day).matures = True
            if self.record.as_agreed:
                on(day).interest_to = day
        for day, said, fee in self.due_dates.fees(after, min(through, self.record.terminated)):
            on(day).fees.append((said, fee))
        for day in self.due_dates.rests(after, through):
            on(day).rests = True
        return days

    # --- accounts ----------------------------------------------------------------------------------------------------

    def _book(self, day: dt.date, what: str, against: Account, positions: Iterable[int]) -> None:
        """Post what has moved on the page since the last posting, against one account."""
        page = self.page
        claims: dict[Account, Decimal | None] = {
            "principal": page.outstanding,
            "accrued_interest": page.carried - page.credit,
            "interest_due": page.interest_unpaid,
            "fees": page.fees_owed,
            "unapplied": -page.unapplied,
        }
        legs: dict[Account, Decimal] = {}
        for account, balance in claims.items():
            moved = _NOTHING if balance is None else balance - self._balances.get(account, _NOTHING)
            if moved:
                legs[account] = moved
                self._balances[account] = self._balances.get(account, _NOTHING) + moved
        if rest := -sum(legs.values(), _NOTHING):
            legs[against] = rest
        if legs:
            self.postings.append(Posting(day, what, legs, tuple(positions)))

    def _flow(self, day: dt.date, kind: FlowKind, amount: Decimal | None, moved: Decimal | None) -> None:
        """Note what the schedule as agreed lists; flows of nothing are not among it."""
        if self.record.as_agreed and amount != 0:
            self.flows.append(Flow(day, kind, amount, moved))

    def _open(self, opening: Entry[FacilityOpened], first: dt.date) -> None:
        principal, proceeds = opening.fact.principal, opening.fact.proceeds
        if principal is not None and proceeds is not None:
            self.page.loans = {None: Loan(proceeds)}
            self._book(opening.effective, "opened", "opening", [opening.position])
            self.page.loans = {None: Loan(principal)}
            self._book(opening.effective, "discount", "discount_income", [opening.position])
        else:
            self._book(opening.effective, "opened", "opening", [opening.position])
        interest = self._interest_terms(self.opened)
        if interest is not None and interest.rests is not None and interest.rests.principal is not None:
            self._at_rest = {None: Loan(interest.rests.principal)}
        self._flow(self.opened, "advance", principal if proceeds is None else proceeds, principal)
        self._note_basis(first, rests=False)

    # --- what interest runs on ---------------------------------------------------------------------------------------

    def _interest_terms(self, day: dt.date) -> InterestSchedule | None:
        said = self.record.terms.schedule.on(day)
        return said.value.interest if said is not None else None

    def _note_basis(self, day: dt.date, *, rests: bool) -> None:
        """Note from which day on interest runs on what, where that has changed."""
        page, interest = self.page, self._interest_terms(day)
        if rests:
            self._at_rest = page.loans
        loans = page.loans
        if interest is not None and page.outstanding != 0:
            loans = self._at_rest if interest.rests is not None else loans
            loans = self._lent if interest.reckoned_on == "original" else loans
        bearing = tuple(loan for loan in loans.values() if loan.amount != 0)
        overdue = page.interest_unpaid if self.record.opening.fact.interest_on_overdue else _NOTHING
        if not page.bases or page.bases[-1][1:] != (bearing, overdue):
            since = max(day, page.bases[-1].from_) if page.bases else day
            page.bases = (*page.bases, Basis(since, bearing, overdue))
        if not page.principal or page.principal[-1][1] != page.outstanding:
            page.principal = (*page.principal, (day, page.outstanding))

    def _accrued(self, to: dt.date) -> Fraction | None:
        """What has accrued up to, not including, a day, what was paid ahead not deducted. Exact."""
        exact = self.record.accrual.interest(self.page.accrues_from, to, self.page.bases)
        return None if exact is None else exact + Fraction(self.page.carried) - self.page.retired

    # --- what falls due ----------------------------------------------------------------------------------------------

    def _fall_due(self, day: dt.date, terms: _Day) -> None:
        """What falls due on a day, scheduled or recorded as missed: interest, principal, fees."""
        scheduled = terms.interest_to is not None and terms.interest_to > self.page.accrues_from
        missed = ("interest", day) in self.record.missed
        interest = None
        if scheduled or missed:
            to = terms.interest_to or day
            added = self.due_dates.capitalises(to) and not missed and not terms.matures
            interest = self._capitalise(day, to) if added else self._owe_interest(day, to)
        if terms.instalment is not None and day >= self.opened and self.page.outstanding != 0:
            self._owe_instalment(day, terms.instalment, interest)
        if interest is not None:
            moved = interest.amount if interest.kind == "capitalised" else _NOTHING
            self._flow(day, interest.kind, interest.amount, moved)
        self._owe_fees(day, terms)
        if terms.matures or ("principal", day) in self.record.missed:
            self._owe_principal(day, matures=terms.matures)
        if day in self._maturities_change:
            self._forget_extended(day)
        if self.record.as_agreed:
            for due in [*self.page.unpaid.values()]:
                self._take_as_paid(due, day)

    @cached_property
    def _maturities_change(self) -> set[dt.date]:
        return set(self.record.terms.matures.dates())

    def _forget_extended(self, day: dt.date) -> None:
        """Leave out principal that is due no longer, because the maturity was moved."""
        for due in self.page.unpaid_of("principal"):
            extended = self.record.terms.extended(due.on)
            if extended is not None and extended[0] <= day:
                del self.page.unpaid["principal", due.on]

    def _due(self, kind: PaymentKind, day: dt.date, follows: Decimal | None, to: dt.date = dt.date.min) -> Due:
        """A due with the amount that a failure states, else the amount that follows from the terms."""
        failures = self.record.missed.get((kind, day), [])
        stated = [e.fact.amount for e in failures if e.fact.amount is not None and len(e.fact.of) == 1]
        return Due(kind, day, stated[0] if stated else follows, tuple(e.position for e in failures), to=to)

    def _period_ends(self, to: dt.date) -> tuple[Decimal | None, Decimal | None]:
        """End the interest period: what accrued in it, rounded, and that less what was paid ahead.

        Neither is stated where the period is over already.
        """
        page = self.page
        posted = self.money(self._accrued(to)) if to > page.accrues_from else None
        page.accrues_from = max(page.accrues_from, to)
        if posted is None:
            return None, None
        used = min(page.credit, max(posted, _NOTHING))
        page.credit, page.carried, page.retired = page.credit - used, _NOTHING, Fraction(0)
        return posted, posted - used

    def _capitalise(self, day: dt.date, to: dt.date) -> "_Interest":
        """Add what has accrued to principal: to the only loan there is, else to what is under none in particular."""
        posted, added = self._period_ends(to)
        self._add_principal(added, self._only_loan())
        self._book(day, "interest added to principal", "interest_income", ())
        return _Interest("capitalised", posted, added)

    def _owe_interest(self, day: dt.date, to: dt.date) -> "_Interest":
        """Move what has accrued to due and unpaid."""
        posted, owed = self._period_ends(to)
        due = self._due("interest", day, owed, to)
        if posted or due.positions or due.owed is None:
            self.page.put(due if due.owed != 0 else replace(due, paid_on=day))
        self._book(day, "interest due", "interest_income", due.positions)
        return _Interest("interest", posted, owed)

    def _owe_instalment(self, day: dt.date, falls_due: FallsDue, interest: "_Interest | None") -> None:
        """An instalment of principal; interest that an annuity does not cover is added to principal."""
        due_already = total(due.owed for due in self.page.unpaid.values() if due.kind == "principal")
        left = total([self.page.outstanding, None if due_already is None else -due_already])
        accrued = interest.posted if interest is not None else self.money(self._accrued(day))
        if interest is not None and interest.kind == "capitalised":
            accrued = _NOTHING
        amount = self._instalment(falls_due, left, accrued)
        if amount is not None and left is not None:
            amount = min(amount, left)
        if amount is not None and amount < 0:
            self._lend_the_rest(day, -amount, within_interest_due=interest is not None)
        else:
            due = self._due("principal", day, total([amount, -self._ahead.pop(("principal", day), _NOTHING)]))
            if due.owed == 0 and not due.positions:
                return
            self.page.put(due)
            if self.record.as_agreed:
                self._take_as_paid(due, day)
        repaid = amount is not None and amount == left and self.record.terms.matures_on(day) is None
        if repaid and interest is None and self.record.as_agreed:
            last = self._owe_interest(day, day)
            self._flow(day, last.kind, last.amount, _NOTHING)
        self._flow(day, "maturity" if repaid else "principal", amount, None if amount is None else -amount)

    def _instalment(self, falls_due: FallsDue, left: Decimal | None, accrued: Decimal | None) -> Decimal | None:
        """What an instalment comes to by its kind: of an annuity, less the interest that it covers first."""
        said = self.record.terms.schedule.on(falls_due.due)
        principal = said.value.principal if said is not None else None
        if said is None or principal is None:
            return None
        if principal.kind == "listed":
            paid_on = {due: rolled(due.on, said.value.roll, said.value.calendar) for due in principal.due}
            return sum((due.amount for due in principal.due if paid_on[due] == falls_due.on), _NOTHING)
        payment = principal.amount if principal.amount is not None else self._level(falls_due, principal, left, accrued)
        if principal.kind == "equal":
            return payment
        return total([payment, None if accrued is None else -accrued])

    def _level(
        self, falls_due: FallsDue, principal: PrincipalSchedule, left: Decimal | None, accrued: Decimal | None
    ) -> Decimal | None:
        """The instalment that pays the debt off in equal parts, or by equal payments at the rate of the day before.

        It is worked out once, and anew when the terms, the rate of an annuity, or what was lent change.
        """
        day = falls_due.on
        rest = self.due_dates.instalments_left(day)
        if rest is None or left is None:
            return None
        terms: tuple[object, ...] = (principal, self.record.terms.matures_on(day), self._lent)
        if principal.kind == "equal":
            if self._worked_out[0] != terms:
                self._worked_out = terms, self.money(Fraction(left) / (1 + len(rest)))
            return self._worked_out[1] if rest else left
        if accrued is None or not rest:
            return None if accrued is None else left + accrued
        rate = self._contract_rate(max(day - _A_DAY, self.opened))
        if self._worked_out[0] != (*terms, rate):
            edges = [max(self.page.accrues_from, falls_due.to), *(each.to for each in rest)]
            years = [self.record.contract.years(*edge) for edge in pairwise(edges)]
            known = [length for length in years if length is not None]
            payment = None
            if rate is not None and len(known) == len(years):
                payment = self.money(level_payment(Fraction(left + accrued), rate, known))
            self._worked_out = (*terms, rate), payment
        return self._worked_out[1]

    def _contract_rate(self, day: dt.date) -> Fraction | None:
        """The contract rate on all the principal together."""
        outstanding = self.page.outstanding
        a_year = self.record.contract.yearly(day, Basis(day, tuple(self.page.loans.values())))
        return Fraction(a_year) / Fraction(outstanding) if outstanding and a_year is not None else None

    def _lend_the_rest(self, day: dt.date, shortfall: Decimal, *, within_interest_due: bool) -> None:
        """Add to principal the interest that an instalment does not cover."""
        due = self.page.unpaid.get(("interest", day)) if within_interest_due else None
        if due is not None and due.owed is not None:
            self.page.put(replace(due, owed=due.owed - shortfall))
        elif not within_interest_due:
            self.page.credit += shortfall
        self._add_principal(shortfall, self._only_loan())
        self._book(day, "interest added to principal", "interest_income", ())

    def _owe_principal(self, day: dt.date, *, matures: bool) -> None:
        """Principal at maturity, or principal recorded as missed on another day, of an amount that no term gives."""
        key: DueKey = ("principal", day)
        follows: Decimal | None = None
        if matures:
            others = [due.owed for due in self.page.unpaid.values() if due.kind == "principal" and due.on != day]
            due_already = total(others)
            follows = total([self.page.outstanding, None if due_already is None else -due_already])
        elif key in self.page.unpaid or key in self.page.paid:
            return
        due = self._due("principal", day, follows)
        if due.owed != 0 or due.positions:
            self.page.put(due)
            if self.record.as_agreed:
                self._take_as_paid(due, day)
            self._flow(day, "maturity", due.owed, None if due.owed is None else -due.owed)

    def _owe_fees(self, day: dt.date, terms: _Day) -> None:
        """The fees that are payable on a day: agreed, in full or in part, or coming back."""
        parts: list[Decimal | None] = []
        for name in self.record.fee_dues.get(day, ()):
            agreed = self.record.fees[name].fact
            part = next((each.amount for each in agreed.instalments or () if each.on == day), agreed.amount)
            left = self.page.fees[name].left if name in self.page.fees else agreed.amount
            parts.append(None if left is None else min(part, left))
        for said, fee in terms.fees:
            part_due = fee.amount if fee.amount is not None else self.money(self.fee_accrued(said, fee, self.page, day))
            owed = self.page.fees.get(fee.fee, FeeOwed(_NOTHING, ()))
            self.page.fees[fee.fee] = FeeOwed(total([owed.left, part_due]), (*owed.positions, said.position))
            self.page.fees_from[fee.fee] = day
            parts.append(part_due)
        if parts or ("fee", day) in self.record.missed:
            payable = total([*parts, -self._ahead.pop(("fee", day), _NOTHING)]) if parts else None
            due = self._due("fee", day, payable)
            self.page.put(due)
            self._book(day, "fees due", "fee_income", due.positions)
            self._flow(day, "fee", due.owed, _NOTHING)

    def fee_accrued(
        self, said: Said[tuple[RecurringFee, ...]], fee: RecurringFee, page: Owed, day: dt.date
    ) -> Fraction | None:
        """What has accrued of a fee that comes back, since it last fell due, up to, not including, a day. Exact."""
        rate, commitment = fee.rate, self.record.terms.commitment
        if rate is None:
            return Fraction(0)
        start = page.fees_from.get(fee.fee, max(self.opened, said.from_))
        end = min(day, self.record.terminated)

        def yearly(on: dt.date) -> Decimal | None:
            outstanding = next((amount for since, amount in reversed(page.principal) if since <= on), None)
            committed = commitment.on(on)
            match fee.of or "unused":
                case "principal":
                    base = outstanding
                case "commitment":
                    base = committed.value if committed is not None else None
                case "unused":
                    drawn = None if committed is None or outstanding is None else committed.value - outstanding
                    base = None if drawn is None else max(drawn, _NOTHING)
            return None if base is None else base * rate

        edges = {*commitment.dates(), *(since for since, _ in page.principal)}
        inner = {edge for edge in edges if start < edge < end}
        return self.record.accrual.accrue(start, end, inner, yearly) if start < end else Fraction(0)

    def _take_as_paid(self, due: Due, day: dt.date) -> None:
        """Take what falls due as paid in full on its day."""
        self._assumed[due.kind] = total([self._assumed.get(due.kind, _NOTHING), due.owed or _NOTHING]) or _NOTHING
        self.page.put(replace(due, owed=_NOTHING, paid_on=day))
        if due.kind == "principal":
            self._repay(due.owed, None, ())
        elif due.kind == "fee" and due.owed is not None:
            self._settle_oldest_fees(due.owed, None, ())
        self._book(day, f"{due.kind} paid", "cash", ())

    # --- what happened -----------------------------------------------------------------------------------------------

    def _post_facts(self, day: dt.date) -> bool:
        """Post the facts of a day; whether they are the payment, to the cent, of the principal that falls due on it."""
        facts = self.record.facts.get(day, ())
        due, before = self.page.unpaid.get(("principal", day)), self.page.outstanding
        for entry in facts:
            self._post(entry)
        if due is None or due.owed is None or before is None or self.page.outstanding is None:
            return False
        payments = all(isinstance(entry.fact, PaymentMade) for entry in facts)
        return payments and before - self.page.outstanding == due.owed

    def _post(self, entry: Entry[Fact]) -> None:
        """Post one fact."""
        page, day, at = self.page, entry.effective, (entry.position,)
        against: Account = "cash"
        match entry.fact:
            case BalanceStated():
                self._state_balance(entry.fact, day, at)
                against = "stated"
            case LoanAdvanced(loan=loan, amount=amount):
                self._advance(entry.fact, day)
                page.principal_from = (*page.principal_from, *at)
            case LoanConverted(loan=loan, option=option, period_ends=ends):
                known = page.loans.get(loan, Loan(_NOTHING, loan))
                page.loans = {**page.loans, loan: known._replace(under=Under(option, day, ends))}
            case FeeAgreed(fee=fee, amount=amount):
                page.fees.setdefault(fee, FeeOwed(amount, at))
                against, day = "fee_income", entry.fact.earned
                if not fee_days(entry.fact):
                    self._flow(day, "fee", amount, _NOTHING)
            case FeeSettled(how="paid") if self.record.as_agreed:
                return  # taken as paid when it falls due
            case FeeSettled(fee=fee, how=how, amount=amount):
                settled = self._settle_fee(fee, amount, at)
                self._pay_fee_dues(fee, settled, day, at)
                if how == "charged_to_account":
                    self._add_principal(settled, None, at)
            case PaymentMade():
                self._pay(entry.fact, day, at)
            case FacilityTerminated(ground="paid" | "exchanged" as ground):
                self._close(day, at)
                against = "cash" if ground == "paid" else "exchanged"
            case OfferConsummated():
                self._exchange(self.record.exchanges[entry.position], day, at)
                against = "exchanged"
            case _:
                return
        self._book(day, entry.fact.event, against, at)

    def _state_balance(self, stated: BalanceStated, day: dt.date, at: tuple[int, ...]) -> None:
        page, paid_to = self.page, stated.interest_paid_to
        if stated.principal is not None:
            if paid_to is not None and page.outstanding is None:
                # stated together: that principal bore the unpaid interest
                page.bases = (Basis(paid_to, (Loan(stated.principal),)),)
                page.principal = ((paid_to, stated.principal),)
            self._set_principal(stated.principal, day, at)
        if paid_to is not None:
            self._restate_interest(paid_to, day, at)
        if stated.accrued_interest is not None:
            page.accrues_from, page.carried, page.credit = day, stated.accrued_interest, _NOTHING
            page.retired = Fraction(0)
            page.interest_from_because = (*page.interest_from_because, *at)

    def _advance(self, advanced: LoanAdvanced, day: dt.date) -> None:
        known = self.page.loans.get(advanced.loan, Loan(_NOTHING, advanced.loan, Under(None, day)))
        if advanced.option is not None or advanced.period_ends is not None:
            under = Under(advanced.option or known.under.option, day, advanced.period_ends)
            known = known._replace(under=under)
        self.page.loans = {**self.page.loans, advanced.loan: known}
        self._add_principal(advanced.amount, advanced.loan)
        lent = self._lent.get(advanced.loan, known._replace(amount=_NOTHING))
        self._lent = {**self._lent, advanced.loan: known._replace(amount=total([lent.amount, advanced.amount]))}
        self._flow(day, "advance", advanced.amount, advanced.amount)

    def _only_loan(self) -> str | None:
        """The loan that all of the principal is under, if it is under one alone."""
        bearing = [name for name, loan in self.page.loans.items() if loan.amount != 0]
        return bearing[0] if len(bearing) == 1 else None

    def _add_principal(self, amount: Decimal | None, name: str | None, at: tuple[int, ...] = ()) -> None:
        """Add an amount to the principal of a loan, which is not stated any longer where the amount is not."""
        loan = self.page.loans.get(name, Loan(_NOTHING, name))
        self.page.loans = {**self.page.loans, name: loan._replace(amount=total([loan.amount, amount]))}
        self.page.principal_from = (*self.page.principal_from, *at)

    def _set_principal(self, principal: Decimal, day: dt.date, at: tuple[int, ...]) -> None:
        """The principal as a paper states it: what is under no loan in particular takes up the difference."""
        named: dict[str | None, Loan] = {name: loan for name, loan in self.page.loans.items() if name is not None}
        rest = principal - (total(loan.amount for loan in named.values()) or _NOTHING)
        self.page.loans = {None: Loan(max(rest, _NOTHING)), **named}
        if rest < 0:
            self._repay(-rest, None, ())
        self.page.principal_from = at
        for due in self.page.unpaid_of("principal") if principal == 0 else ():
            self._pay_due(due, None, day, at)

    def _repay(self, amount: Decimal | None, first: str | None, at: tuple[int, ...]) -> Decimal:
        """Take an amount off the principal: off the loan named, then what is under none, then the oldest loan first.

        Returns what is left over. An amount that is not stated leaves the principal not stated.
        """
        page, rest = self.page, amount
        page.principal_from = (*page.principal_from, *at)
        if rest is None:
            self._add_principal(None, None)
            return _NOTHING
        for name in sorted(page.loans, key=lambda name: (name != first, name is not None)):
            loan = page.loans[name]
            paid = min(rest, loan.amount) if loan.amount is not None else _NOTHING
            if paid:
                page.loans = {**page.loans, name: loan._replace(amount=(loan.amount or _NOTHING) - paid)}
                rest -= paid
        return rest

    def _restate_interest(self, paid_to: dt.date, day: dt.date, at: tuple[int, ...]) -> None:
        """A later date to which interest was paid restates what is accrued and what is due and unpaid."""
        page = self.page
        began, begins = page.interest_from, paid_to
        for due in page.interest_dues:
            if due.on <= paid_to:
                self._pay_due(due, None, day, at)
            else:
                if began != begins or due.owed is None or due.paid_on is not None:
                    exact = self.record.accrual.interest(begins, due.to, page.bases) if begins < due.to else None
                    stated = self._due("interest", due.on, self.money(exact), due.to)
                    page.put(stated if began == begins else replace(stated, owed=self.money(exact)))
                begins = due.to
            began = due.to
        page.interest_from, page.interest_from_because = paid_to, at
        page.accrues_from, page.credit, page.carried, page.retired = begins, _NOTHING, _NOTHING, Fraction(0)

    def _close(self, day: dt.date, at: tuple[int, ...]) -> None:
        """The debt came to its end: nothing of it is owed."""
        posted = self.money(self._accrued(day))
        if posted is not None:
            self.page.carried, self.page.accrues_from = posted, max(self.page.accrues_from, day)
            self.page.retired = Fraction(0)
            self._book(day, "interest accrued", "interest_income", at)
        self._set_principal(_NOTHING, day, at)
        self._restate_interest(day, day, at)
        for due in [*self.page.unpaid.values()]:
            self._pay_due(due, None, day, at)
        self.page.fees.clear()

    # --- payments ----------------------------------------------------------------------------------------------------

    def _pay(self, payment: PaymentMade, day: dt.date, at: tuple[int, ...]) -> None:
        """Apply a payment to what it says it is of, else in the facility's order: fees, interest, principal.

        One that is of nothing in particular pays interest that has accrued, too, be it due or not, as far as that is
        stated. The rest of one of interest is paid ahead; any other rest is not applied.
        """
        order: tuple[PaymentKind, ...] = (payment.of,) if payment.of is not None else self._order(day)
        left: Decimal | None = payment.amount
        for kind in order:
            assumed = min(self._assumed.get(kind, _NOTHING), left or _NOTHING)
            if assumed and left is not None:
                self._assumed[kind] -= assumed
                left -= assumed
        for kind in order:
            if left is None:
                self._lose_track(kind, at)
            elif left:
                left = self._pay_kind(kind, left, payment, day, at)
        if left and payment.of == "interest":
            self._pay_ahead(left, at)
        elif left:
            self.page.unapplied += left

    def _order(self, day: dt.date) -> tuple[PaymentKind, ...]:
        said = self.record.terms.application.on(day)
        names = said.value if said is not None else ("fees", "interest", "principal")
        return tuple("fee" if name == "fees" else name for name in names)

    def _lose_track(self, kind: PaymentKind, at: tuple[int, ...]) -> None:
        """A payment may have gone to one kind of obligation or not: what is left of that is not stated any longer."""
        for due in self.page.unpaid_of(kind):
            self.page.put(replace(due, owed=None, unclear=True, paid_by=(*due.paid_by, *at)))
        if kind == "principal":
            self._repay(None, None, at)
        if kind == "fee":
            self.page.fees = {
                fee: FeeOwed(left if left == 0 else None, (*positions, *at))
                for fee, (left, positions) in self.page.fees.items()
            }

    def _pay_kind(
        self, kind: PaymentKind, amount: Decimal, payment: PaymentMade, day: dt.date, at: tuple[int, ...]
    ) -> Decimal | None:
        """Apply an amount to one kind of obligation, oldest first; what is left over, None where nothing says."""
        rest: Decimal | None = amount
        for due in self.page.unpaid_of(kind):
            if rest and payment.due in (None, due.on):
                rest = self._pay_due(due, rest, day, at)
        if payment.due is not None and payment.due > day and kind != "interest" and payment.of is not None:
            key = kind, payment.due
            self._ahead[key] = self._ahead.get(key, _NOTHING) + amount
        if kind == "fee" and self.page.fees:
            return self._settle_oldest_fees(amount, payment.due, at)
        if kind == "interest" and payment.of is None and rest:
            ahead = min(rest, max((self.money(self._accrued(day)) or _NOTHING) - self.page.credit, _NOTHING))
            self._pay_ahead(ahead, at)
            return rest - ahead
        if kind == "principal" and self.page.outstanding is not None:
            left = self._repay(amount, payment.loan, at)
            self._flow(day, "principal", amount - left, left - amount)
            return left
        return rest

    def _pay_ahead(self, amount: Decimal, at: tuple[int, ...]) -> None:
        """Pay interest before it is due."""
        self.page.credit += amount
        if amount:
            self.page.interest_from_because = (*self.page.interest_from_because, *at)

    def _pay_due(self, due: Due, amount: Decimal | None, day: dt.date, at: tuple[int, ...]) -> Decimal | None:
        """Pay an amount, or all, of a due; what is left of the amount, None where the record does not say."""
        if due.paid_on is not None:
            return amount
        due = replace(due, paid_by=(*due.paid_by, *at))
        if amount is not None and due.owed is None:
            self.page.put(replace(due, unclear=True))
            return None
        paid = due.owed if amount is None or due.owed is None else min(amount, due.owed)
        owed = _NOTHING if due.owed is None or paid is None else due.owed - paid
        self.page.put(replace(due, owed=owed, paid_on=day if owed == 0 else None))
        return None if amount is None or paid is None else amount - paid

    # --- fees --------------------------------------------------------------------------------------------------------

    def _settle_fee(self, fee: str, amount: Decimal | None, at: tuple[int, ...]) -> Decimal | None:
        """Settle an amount, or all that is left, of a fee, earned by now or not; how much that is."""
        agreed = self.record.fees.get(fee)
        unearned = FeeOwed(agreed.fact.amount, (agreed.position,)) if agreed is not None else FeeOwed(None, ())
        left, positions = self.page.fees.get(fee, unearned)
        settled = left if amount is None else amount
        rest = None if left is None or settled is None else max(left - settled, _NOTHING)
        self.page.fees[fee] = FeeOwed(rest, (*positions, *at))
        return settled

    def _pay_fee_dues(self, fee: str, settled: Decimal | None, day: dt.date, at: tuple[int, ...]) -> None:
        days, rest = fee_days(self.record.fees[fee].fact), settled
        for due in self.page.unpaid_of("fee"):
            if due.on in days and rest:
                rest = self._pay_due(due, rest, day, at)

    def _settle_oldest_fees(self, amount: Decimal, due: dt.date | None, at: tuple[int, ...]) -> Decimal | None:
        """Settle fees, oldest first, or those payable on a day; what is left of the amount, None where nothing says."""
        rest: Decimal | None = amount
        for fee, (left, _) in [*self.page.fees.items()]:
            agreed = self.record.fees.get(fee)
            payable = due is None or agreed is None or due in fee_days(agreed.fact)
            if rest and left != 0 and payable:
                paid = rest if left is None else min(left, rest)
                self._settle_fee(fee, paid, at)
                rest = None if left is None else rest - paid
        return rest

    # --- exchanges ---------------------------------------------------------------------------------------------------

    def _exchange(self, exchange: Exchange, day: dt.date, at: tuple[int, ...]) -> None:
        """Old notes are retired with their share of the unpaid interest; the new ones are issued."""
        page = self.page
        if exchange.new == self.record.opening.fact.facility:
            self._issue(exchange, day, at)
            return
        outstanding, tendered = page.outstanding, exchange.tendered
        if tendered is None or not outstanding:
            self._repay(None, None, at)
            for due in page.unpaid_of("interest"):
                page.put(replace(due, owed=None, unclear=True, paid_by=(*due.paid_by, *at)))
            return
        share = min(Fraction(tendered) / Fraction(outstanding), Fraction(1))
        for due in page.unpaid_of("interest"):
            if due.owed is not None:
                self._pay_due(due, self.money(share * Fraction(due.owed)), day, at)
        accrued = self._accrued(day)
        if accrued is not None:
            went = share * (accrued - Fraction(page.credit))
            page.retired += went
            if posted := self.money(went):
                legs: dict[Account, Decimal] = {"exchanged": posted, "interest_income": -posted}
                self.postings.append(Posting(day, "interest exchanged", legs, at))
        rest: Decimal | None = tendered
        for due in page.unpaid_of("principal"):
            rest = self._pay_due(due, rest, day, at) if rest else rest
        self._repay(tendered, None, at)

    def _issue(self, exchange: Exchange, day: dt.date, at: tuple[int, ...]) -> None:
        """The new notes: what was issued, unless the paper that opens them states their principal."""
        stated = self.record.opening.fact.principal
        if stated:
            return
        issued = self.record.issued(exchange)
        if stated is None and self.page.outstanding is None:
            self.page.loans = {None: Loan(_NOTHING)}
        self._add_principal(issued, None, at)
        self._flow(day, "advance", issued, issued)


@dataclass(frozen=True, slots=True)
class _Interest:
    """The interest of a period that is over: what accrued in it, and that less what was paid ahead."""

    kind: Literal["interest", "capitalised"]
    posted: Decimal | None
    amount: Decimal | None
