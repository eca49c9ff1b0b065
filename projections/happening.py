"""What the record says happened to the money of one facility on a day: each fact posted in its turn."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile

from ledger.facts import (
    BalanceStated,
    FacilityTerminated,
    FeeAgreed,
    FeeSettled,
    LoanAdvanced,
    LoanConverted,
    OfferConsummated,
    PaymentMade,
)
from ledger.facts.base import Fact
from ledger.facts.terms import PaymentKind
from projections.accrual import Basis, Loan
from projections.exchanges import Exchange
from projections.fees import Fees
from projections.figures import total
from projections.history import Entry
from projections.money_record import fee_days
from projections.owed import FeeOwed
from projections.pages import AtThePage, Pages
from projections.postings import Account, Posting
from projections.rates import Under

_NOTHING = Decimal(0)


class Happening(AtThePage):
    """Posts what happened."""

    def __init__(self, pages: Pages, fees: Fees) -> None:
        super().__init__(pages)
        self.fees = fees

    def on(self, day: dt.date) -> bool:
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
                    self.pages.flow(day, "fee", amount, _NOTHING)
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
        self.pages.book(day, entry.fact.event, against, at)

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
        before = self.carried.lent.get(advanced.loan, known._replace(amount=_NOTHING))
        lent = known._replace(amount=total([before.amount, advanced.amount]))
        self.carried.lent = {**self.carried.lent, advanced.loan: lent}
        self.pages.flow(day, "advance", advanced.amount, advanced.amount)

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
                    stated = self.record.due("interest", due.on, self.record.money(exact), due.to)
                    page.put(stated if began == begins else replace(stated, owed=self.record.money(exact)))
                begins = due.to
            began = due.to
        page.interest_from, page.interest_from_because = paid_to, at
        page.accrues_from, page.credit, page.carried, page.retired = begins, _NOTHING, _NOTHING, Fraction(0)

    def _close(self, day: dt.date, at: tuple[int, ...]) -> None:
        """The debt came to its end: nothing of it is owed."""
        posted = self.record.money(self.pages.accrued(day))
        if posted is not None:
            self.page.carried, self.page.accrues_from = posted, max(self.page.accrues_from, day)
            self.page.retired = Fraction(0)
            self.pages.book(day, "interest accrued", "interest_income", at)
        if (outstanding := self.page.outstanding) is not None:
            self.pages.flow(day, "principal", outstanding, -outstanding)
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
            assumed = min(self.carried.assumed.get(kind, _NOTHING), left or _NOTHING)
            if assumed and left is not None:
                self.carried.assumed[kind] -= assumed
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
        accrued = self.record.money(self.pages.accrued(day)) or _NOTHING
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
            self.carried.ahead[key] = self.carried.ahead.get(key, _NOTHING) + amount
        if kind == "fee" and self.page.fees:
            return self.fees.settle_oldest(self.page, amount, payment.due, at)
        if kind == "principal" and self.page.outstanding is not None:
            interest_first = "interest" in takewhile(lambda name: name != "principal", self._order(day))
            if payment.of is None and interest_first and rest:
                amount -= self._pay_accrued(rest, day, at)
            left = self.page.repay(amount, payment.loan, at) if amount else _NOTHING
            self.pages.flow(day, "principal", amount - left, left - amount)
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
        accrued = self.pages.accrued(day)
        if accrued is not None:
            went = share * (accrued - Fraction(page.credit))
            page.retired += went
            if posted := self.record.money(went):
                legs: dict[Account, Decimal] = {"exchanged": posted, "interest_income": -posted}
                self.pages.postings.append(Posting(day, "interest exchanged", legs, at))
        rest: Decimal | None = tendered
        for due in page.unpaid_of("principal"):
            rest = page.pay(due, rest, day, at) if rest else rest
        retired = tendered - page.repay(tendered, None, at)
        self.pages.flow(day, "principal", retired, -retired)

    def _issue(self, exchange: Exchange, day: dt.date, at: tuple[int, ...]) -> None:
        """The new notes: what was issued, unless the paper that opens them states their principal."""
        stated = self.record.opening.fact.principal
        if stated:
            return
        issued = self.record.issued(exchange)
        if stated is None and self.page.outstanding is None:
            self.page.loans = {None: Loan(_NOTHING)}
        self.page.add_principal(issued, None, at)
        self.pages.flow(day, "advance", issued, issued)
