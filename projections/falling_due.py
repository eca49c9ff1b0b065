"""What falls due on a day under one facility, by its terms or as recorded as missed: interest, principal, fees."""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from ledger.facts.terms import RecurringFee
from projections.due_dates import DueDates, FallsDue
from projections.fees import Fees
from projections.figures import total
from projections.instalments import Instalments
from projections.owed import Due, DueKey, FeeOwed
from projections.pages import AtThePage, Pages
from projections.terms import Said

_NOTHING = Decimal(0)


@dataclass(slots=True)
class OfDay:
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


@dataclass(frozen=True, slots=True)
class _Interest:
    """The interest of a period that is over: what accrued in it, and that less what was paid ahead."""

    kind: Literal["interest", "capitalised"]
    posted: Decimal | None
    amount: Decimal | None


class FallingDue(AtThePage):
    """Writes what falls due."""

    def __init__(self, pages: Pages, due_dates: DueDates, fees: Fees) -> None:
        super().__init__(pages)
        self.due_dates = due_dates
        self.instalments = Instalments(self.record, due_dates)
        self.fees = fees

    def on(self, day: dt.date, terms: OfDay) -> None:
        """What falls due on a day, scheduled or recorded as missed: interest, principal, fees."""
        scheduled = terms.interest_to is not None and terms.interest_to > self.page.accrues_from
        missed = ("interest", day) in self.record.missed
        interest = None
        if scheduled or missed:
            to = terms.interest_to or day
            added = self.due_dates.capitalises(to) and not missed and not terms.matures
            interest = self._capitalise(day, to) if added else self._owe_interest(day, to)
        if terms.instalment is not None and day >= self.record.opening.effective and self.page.outstanding != 0:
            self._owe_instalment(day, terms.instalment, interest)
        if interest is not None:
            moved = interest.amount if interest.kind == "capitalised" else _NOTHING
            self.pages.flow(day, interest.kind, interest.amount, moved)
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

    def _period_ends(self, to: dt.date) -> tuple[Decimal | None, Decimal | None]:
        """End the interest period: what accrued in it, rounded, and that less what was paid ahead.

        Neither is stated where the period is over already.
        """
        page = self.page
        posted = self.record.money(self.pages.accrued(to)) if to > page.accrues_from else None
        page.accrues_from = max(page.accrues_from, to)
        if posted is None:
            return None, None
        used = min(page.credit, max(posted, _NOTHING))
        page.credit, page.carried, page.retired = page.credit - used, _NOTHING, Fraction(0)
        return posted, posted - used

    def _capitalise(self, day: dt.date, to: dt.date) -> _Interest:
        """Add what has accrued to principal: to the only loan there is, else to what is under none in particular."""
        posted, added = self._period_ends(to)
        self.page.add_principal(added, self.page.only_loan)
        self.pages.book(day, "interest added to principal", "interest_income", ())
        return _Interest("capitalised", posted, added)

    def _owe_interest(self, day: dt.date, to: dt.date) -> _Interest:
        """Move what has accrued to due and unpaid."""
        posted, owed = self._period_ends(to)
        due = self.record.due("interest", day, owed, to)
        if posted or due.positions or due.owed is None:
            self.page.put(due if due.owed != 0 else replace(due, paid_on=day))
        self.pages.book(day, "interest due", "interest_income", due.positions)
        return _Interest("interest", posted, owed)

    def _owe_instalment(self, day: dt.date, falls_due: FallsDue, interest: _Interest | None) -> None:
        """An instalment of principal; interest that an annuity does not cover is added to principal."""
        due_already = total(due.owed for due in self.page.unpaid.values() if due.kind == "principal")
        left = total([self.page.outstanding, None if due_already is None else -due_already])
        accrued = interest.posted if interest is not None else self.record.money(self.pages.accrued(day))
        if interest is not None and interest.kind == "capitalised":
            accrued = _NOTHING
        amount = self.instalments.amount(self.page, self.carried, falls_due, left, accrued)
        if amount is not None and left is not None:
            amount = min(amount, left)
        if amount is not None and amount < 0:
            self._lend_the_rest(day, -amount, within_interest_due=interest is not None)
        else:
            ahead = self.carried.ahead.pop(("principal", day), _NOTHING)
            due = self.record.due("principal", day, total([amount, -ahead]))
            if due.owed == 0 and not due.positions:
                return
            self.page.put(due)
            if self.record.as_agreed:
                self._take_as_paid(due, day)
        repaid = amount is not None and amount == left and self.record.terms.matures_on(day) is None
        if repaid and interest is None and self.record.as_agreed:
            last = self._owe_interest(day, day)
            self.pages.flow(day, last.kind, last.amount, _NOTHING)
        self.pages.flow(day, "maturity" if repaid else "principal", amount, None if amount is None else -amount)

    def _lend_the_rest(self, day: dt.date, shortfall: Decimal, *, within_interest_due: bool) -> None:
        """Add to principal the interest that an instalment does not cover."""
        due = self.page.unpaid.get(("interest", day)) if within_interest_due else None
        if due is not None and due.owed is not None:
            self.page.put(replace(due, owed=due.owed - shortfall))
        elif not within_interest_due:
            self.page.credit += shortfall
        self.page.add_principal(shortfall, self.page.only_loan)
        self.pages.book(day, "interest added to principal", "interest_income", ())

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
        due = self.record.due("principal", day, follows)
        if due.owed != 0 or due.positions:
            self.page.put(due)
            if self.record.as_agreed:
                self._take_as_paid(due, day)
            self.pages.flow(day, "maturity", due.owed, None if due.owed is None else -due.owed)

    def _owe_fees(self, day: dt.date, terms: OfDay) -> None:
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
            payable = total([*parts, -self.carried.ahead.pop(("fee", day), _NOTHING)]) if parts else None
            due = self.record.due("fee", day, payable)
            self.page.put(due)
            self.pages.book(day, "fees due", "fee_income", due.positions)
            self.pages.flow(day, "fee", due.owed, _NOTHING)

    def _take_as_paid(self, due: Due, day: dt.date) -> None:
        """Take what falls due as paid in full on its day."""
        assumed = self.carried.assumed
        assumed[due.kind] = total([assumed.get(due.kind, _NOTHING), due.owed or _NOTHING]) or _NOTHING
        self.page.put(replace(due, owed=_NOTHING, paid_on=day))
        if due.kind == "principal":
            self.page.repay(due.owed, None, ())
        elif due.kind == "fee" and due.owed is not None:
            self.fees.settle_oldest(self.page, due.owed, None, ())
        self.pages.book(day, f"{due.kind} paid", "cash", ())
