"""Keeping the books of one facility: on each day what falls due, then what the record says happened, in its order.

Interest is exact until it falls due, is added to principal or is paid ahead; then it is rounded, once. Each movement is
posted, so that the accounts are in balance and say what the page of the day says. What the record does not say stays
None, and spreads to every sum that needs it.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import takewhile
from typing import Literal

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
)
from ledger.facts.base import Fact
from ledger.facts.terms import InterestSchedule, PaymentKind, RecurringFee
from projections.accrual import Basis, Loan
from projections.due_dates import DueDates, FallsDue
from projections.exchanges import Exchange
from projections.fees import Fees
from projections.figures import EXACT, total
from projections.history import Entry
from projections.instalments import Instalments
from projections.money_record import Flow, FlowKind, Record, fee_days
from projections.owed import Due, DueKey, FeeOwed, Owed
from projections.postings import Account, Posting
from projections.rates import Under
from projections.terms import Said

_NOTHING = Decimal(0)
_A_DAY = dt.timedelta(days=1)


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
        self.instalments = Instalments(record, self.due_dates)
        self.fees = Fees(record)
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
        posted = self.record.money(self._accrued(to)) if to > page.accrues_from else None
        page.accrues_from = max(page.accrues_from, to)
        if posted is None:
            return None, None
        used = min(page.credit, max(posted, _NOTHING))
        page.credit, page.carried, page.retired = page.credit - used, _NOTHING, Fraction(0)
        return posted, posted - used

    def _capitalise(self, day: dt.date, to: dt.date) -> "_Interest":
        """Add what has accrued to principal: to the only loan there is, else to what is under none in particular."""
        posted, added = self._period_ends(to)
        self.page.add_principal(added, self.page.only_loan)
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
        accrued = interest.posted if interest is not None else self.record.money(self._accrued(day))
        if interest is not None and interest.kind == "capitalised":
            accrued = _NOTHING
        amount = self.instalments.amount(self.page, self._lent, falls_due, left, accrued)
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

    def _lend_the_rest(self, day: dt.date, shortfall: Decimal, *, within_interest_due: bool) -> None:
        """Add to principal the interest that an instalment does not cover."""
        due = self.page.unpaid.get(("interest", day)) if within_interest_due else None
        if due is not None and due.owed is not None:
            self.page.put(replace(due, owed=due.owed - shortfall))
        elif not within_interest_due:
            self.page.credit += shortfall
        self.page.add_principal(shortfall, self.page.only_loan)
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
            part_due = self.record.money(self.fees.falls_due(said, fee, self.page, day))
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

    def _take_as_paid(self, due: Due, day: dt.date) -> None:
        """Take what falls due as paid in full on its day."""
        self._assumed[due.kind] = total([self._assumed.get(due.kind, _NOTHING), due.owed or _NOTHING]) or _NOTHING
        self.page.put(replace(due, owed=_NOTHING, paid_on=day))
        if due.kind == "principal":
            self.page.repay(due.owed, None, ())
        elif due.kind == "fee" and due.owed is not None:
            self.fees.settle_oldest(self.page, due.owed, None, ())
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
                settled = self.fees.settle(self.page, fee, amount, at)
                self.fees.pay_dues(self.page, fee, settled, day, at)
                if how == "charged_to_account":
                    self.page.add_principal(settled, None, at)
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
            self.page.set_principal(stated.principal, day, at)
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
        self.page.add_principal(advanced.amount, advanced.loan)
        lent = self._lent.get(advanced.loan, known._replace(amount=_NOTHING))
        self._lent = {**self._lent, advanced.loan: known._replace(amount=total([lent.amount, advanced.amount]))}
        self._flow(day, "advance", advanced.amount, advanced.amount)

    def _restate_interest(self, paid_to: dt.date, day: dt.date, at: tuple[int, ...]) -> None:
        """A later date to which interest was paid restates what is accrued and what is due and unpaid."""
        page = self.page
        began, begins = page.interest_from, paid_to
        for due in page.interest_dues:
            if due.on <= paid_to:
                page.pay(due, None, day, at)
            else:
                if began != begins or due.owed is None or due.paid_on is not None:
                    exact = self.record.accrual.interest(begins, due.to, page.bases) if begins < due.to else None
                    stated = self._due("interest", due.on, self.record.money(exact), due.to)
                    page.put(stated if began == begins else replace(stated, owed=self.record.money(exact)))
                begins = due.to
            began = due.to
        page.interest_from, page.interest_from_because = paid_to, at
        page.accrues_from, page.credit, page.carried, page.retired = begins, _NOTHING, _NOTHING, Fraction(0)

    def _close(self, day: dt.date, at: tuple[int, ...]) -> None:
        """The debt came to its end: nothing of it is owed."""
        posted = self.record.money(self._accrued(day))
        if posted is not None:
            self.page.carried, self.page.accrues_from = posted, max(self.page.accrues_from, day)
            self.page.retired = Fraction(0)
            self._book(day, "interest accrued", "interest_income", at)
        if (outstanding := self.page.outstanding) is not None:
            self._flow(day, "principal", outstanding, -outstanding)
        self.page.set_principal(_NOTHING, day, at)
        self._restate_interest(day, day, at)
        for due in [*self.page.unpaid.values()]:
            self.page.pay(due, None, day, at)
        self.page.fees.clear()

    # --- payments ----------------------------------------------------------------------------------------------------

    def _pay(self, payment: PaymentMade, day: dt.date, at: tuple[int, ...]) -> None:
        """Apply a payment to what it says it is of, else in the facility's order: fees, interest, principal.

        One that is of nothing in particular also pays interest that has accrued and is not due, as far as it is stated:
        before principal that is not due, if interest comes before principal. The rest of one of interest is paid ahead;
        any other rest is not applied.
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
                self.page.lose_track(kind, at)
            elif left:
                left = self._pay_kind(kind, left, payment, day, at)
        if left and payment.of == "interest":
            self.page.pay_ahead(left, at)
        elif left:
            self.page.unapplied += left - (self._pay_accrued(left, day, at) if payment.of is None else _NOTHING)

    def _pay_accrued(self, amount: Decimal, day: dt.date, at: tuple[int, ...]) -> Decimal:
        """Pay interest that has accrued and is not due, as far as it is stated; how much that takes of an amount."""
        accrued = self.record.money(self._accrued(day)) or _NOTHING
        paid = min(amount, max(accrued - self.page.credit, _NOTHING))
        self.page.pay_ahead(paid, at)
        return paid

    def _order(self, day: dt.date) -> tuple[PaymentKind, ...]:
        said = self.record.terms.application.on(day)
        names = said.value if said is not None else ("fees", "interest", "principal")
        return tuple("fee" if name == "fees" else name for name in names)

    def _pay_kind(
        self, kind: PaymentKind, amount: Decimal, payment: PaymentMade, day: dt.date, at: tuple[int, ...]
    ) -> Decimal | None:
        """Apply an amount to one kind of obligation, oldest first; what is left over, None where nothing says."""
        rest: Decimal | None = amount
        for due in self.page.unpaid_of(kind):
            if rest and payment.due in (None, due.on):
                rest = self.page.pay(due, rest, day, at)
        if payment.due is not None and payment.due > day and kind != "interest" and payment.of is not None:
            key = kind, payment.due
            self._ahead[key] = self._ahead.get(key, _NOTHING) + amount
        if kind == "fee" and self.page.fees:
            return self.fees.settle_oldest(self.page, amount, payment.due, at)
        if kind == "principal" and self.page.outstanding is not None:
            interest_first = "interest" in takewhile(lambda name: name != "principal", self._order(day))
            if payment.of is None and interest_first and rest:
                amount -= self._pay_accrued(rest, day, at)
            left = self.page.repay(amount, payment.loan, at) if amount else _NOTHING
            self._flow(day, "principal", amount - left, left - amount)
            return left
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
            page.repay(None, None, at)
            for due in page.unpaid_of("interest"):
                page.put(replace(due, owed=None, unclear=True, paid_by=(*due.paid_by, *at)))
            return
        share = min(Fraction(tendered) / Fraction(outstanding), Fraction(1))
        for due in page.unpaid_of("interest"):
            if due.owed is not None:
                page.pay(due, self.record.money(share * Fraction(due.owed)), day, at)
        accrued = self._accrued(day)
        if accrued is not None:
            went = share * (accrued - Fraction(page.credit))
            page.retired += went
            if posted := self.record.money(went):
                legs: dict[Account, Decimal] = {"exchanged": posted, "interest_income": -posted}
                self.postings.append(Posting(day, "interest exchanged", legs, at))
        rest: Decimal | None = tendered
        for due in page.unpaid_of("principal"):
            rest = page.pay(due, rest, day, at) if rest else rest
        retired = tendered - page.repay(tendered, None, at)
        self._flow(day, "principal", retired, -retired)

    def _issue(self, exchange: Exchange, day: dt.date, at: tuple[int, ...]) -> None:
        """The new notes: what was issued, unless the paper that opens them states their principal."""
        stated = self.record.opening.fact.principal
        if stated:
            return
        issued = self.record.issued(exchange)
        if stated is None and self.page.outstanding is None:
            self.page.loans = {None: Loan(_NOTHING)}
        self.page.add_principal(issued, None, at)
        self._flow(day, "advance", issued, issued)


@dataclass(frozen=True, slots=True)
class _Interest:
    """The interest of a period that is over: what accrued in it, and that less what was paid ahead."""

    kind: Literal["interest", "capitalised"]
    posted: Decimal | None
    amount: Decimal | None
