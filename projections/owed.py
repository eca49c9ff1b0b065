"""What is owed at the end of a day: the page of the books that a day leaves."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ledger.facts.terms import PaymentKind
from projections.accrual import Basis, Loan
from projections.figures import total

_NOTHING = Decimal(0)

DueKey = tuple[PaymentKind, dt.date]


@dataclass(frozen=True, slots=True)
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
    to: dt.date = dt.date.min
    """Of interest: the end of the period for which it is due."""


class FeeOwed(NamedTuple):
    """What is left of a fee, None where that is not stated, and the facts behind it."""

    left: Decimal | None
    positions: tuple[int, ...]


@dataclass(slots=True)
class Owed:
    """The books of one facility at the end of a day, unrounded but for what has been posted."""

    loans: Mapping[str | None, Loan]
    """The principal by loan; what is under none in particular comes first."""
    principal_from: tuple[int, ...]
    interest_from: dt.date
    """The first day whose interest was not paid when the books were opened, or by what a paper last stated."""
    interest_from_because: tuple[int, ...]
    accrues_from: dt.date
    """The day from which interest accrues without yet being due."""
    bases: tuple[Basis, ...] = ()
    """What interest ran on, from each day on, in order."""
    principal: tuple[tuple[dt.date, Decimal | None], ...] = ()
    """The principal outstanding from each day on, in order."""
    unpaid: dict[DueKey, Due] = field(default_factory=dict)
    paid: dict[DueKey, Due] = field(default_factory=dict)
    fees: dict[str, FeeOwed] = field(default_factory=dict)
    fees_from: dict[str, dt.date] = field(default_factory=dict)
    """The day from which each fee that comes back accrues without yet being due."""
    credit: Decimal = Decimal(0)
    """Interest paid ahead of its due date."""
    carried: Decimal = Decimal(0)
    """Interest that a paper states as accrued, from before `accrues_from`."""
    retired: Fraction = Fraction(0)
    """Interest accrued since `accrues_from` that went with notes exchanged. Exact."""
    unapplied: Decimal = Decimal(0)
    """What was paid beyond all that was owed."""
    posted: int = 0
    """How many postings had been made by the end of the day."""

    @property
    def outstanding(self) -> Decimal | None:
        """The principal outstanding."""
        return total(loan.amount for loan in self.loans.values())

    @property
    def dues(self) -> dict[DueKey, Due]:
        """The payments that have fallen due, in the order of their dates."""
        return dict(sorted({**self.paid, **self.unpaid}.items(), key=lambda item: item[1].on))

    @property
    def interest_dues(self) -> list[Due]:
        """The interest payments that have fallen due, in order."""
        return [due for due in self.dues.values() if due.kind == "interest"]

    @property
    def interest_unpaid(self) -> Decimal | None:
        """The interest that fell due and was not paid."""
        return total(due.owed for due in self.unpaid.values() if due.kind == "interest")

    @property
    def fees_owed(self) -> Decimal | None:
        """The fees earned and not settled, but for what accrues of those that come back."""
        return total(fee.left for fee in self.fees.values())

    def unpaid_of(self, kind: PaymentKind) -> list[Due]:
        """The payments of a kind that fell due and are not paid, oldest first."""
        return sorted((due for due in self.unpaid.values() if due.kind == kind), key=lambda due: due.on)

    def put(self, due: Due) -> None:
        """Write a due in its place: among those that are paid, or those that are not."""
        key = due.kind, due.on
        settled = due.owed == 0
        (self.unpaid if settled else self.paid).pop(key, None)
        (self.paid if settled else self.unpaid)[key] = due

    def copy(self) -> "Owed":
        """The same page, to be written on."""
        return replace(
            self, unpaid=dict(self.unpaid), paid=dict(self.paid), fees=dict(self.fees), fees_from=dict(self.fees_from)
        )

    # --- while it is written on ---------------------------------------------------------------------------------------

    @property
    def only_loan(self) -> str | None:
        """The loan that all of the principal is under, if it is under one alone."""
        bearing = [name for name, loan in self.loans.items() if loan.amount != 0]
        return bearing[0] if len(bearing) == 1 else None

    def add_principal(self, amount: Decimal | None, name: str | None, at: tuple[int, ...] = ()) -> None:
        """Add an amount to the principal of a loan, which is not stated any longer where the amount is not."""
        loan = self.loans[name]
        self.loans = {**self.loans, name: loan._replace(amount=total([loan.amount, amount]))}
        self.principal_from = (*self.principal_from, *at)

    def set_principal(self, principal: Decimal, day: dt.date, at: tuple[int, ...]) -> None:
        """The principal as a paper states it: what is under no loan in particular takes up the difference."""
        named: dict[str | None, Loan] = {name: loan for name, loan in self.loans.items() if name is not None}
        rest = principal - (total(loan.amount for loan in named.values()) or _NOTHING)
        self.loans = {None: Loan(max(rest, _NOTHING)), **named}
        self.repay(max(-rest, _NOTHING), None, ())
        self.principal_from = at
        for due in self.unpaid_of("principal") if principal == 0 else ():
            self.pay(due, None, day, at)

    def repay(self, amount: Decimal | None, first: str | None, at: tuple[int, ...]) -> Decimal:
        """Take an amount off the principal: off the loan named, then what is under none, then the oldest loan first.

        Returns what is left over. An amount that is not stated leaves the principal not stated.
        """
        rest = amount
        self.principal_from = (*self.principal_from, *at)
        if rest is None:
            self.add_principal(None, None)
            return _NOTHING
        for name in sorted(self.loans, key=lambda name: (name != first, name is not None)):
            loan = self.loans[name]
            paid = min(rest, loan.amount) if loan.amount is not None else _NOTHING
            if paid:
                self.loans = {**self.loans, name: loan._replace(amount=(loan.amount or _NOTHING) - paid)}
                rest -= paid
        return rest

    def pay(self, due: Due, amount: Decimal | None, day: dt.date, at: tuple[int, ...]) -> Decimal | None:
        """Pay an amount, or all, of a due; what is left of the amount, None where the record does not say."""
        if due.paid_on is not None:
            return amount
        due = replace(due, paid_by=(*due.paid_by, *at))
        if amount is not None and due.owed is None:
            self.put(replace(due, unclear=True))
            return None
        paid = due.owed if amount is None or due.owed is None else min(amount, due.owed)
        owed = _NOTHING if due.owed is None or paid is None else due.owed - paid
        self.put(replace(due, owed=owed, paid_on=day if owed == 0 else None))
        return None if amount is None or paid is None else amount - paid

    def pay_ahead(self, amount: Decimal, at: tuple[int, ...]) -> None:
        """Pay interest before it is due."""
        self.credit += amount
        if amount:
            self.interest_from_because = (*self.interest_from_because, *at)

    def lose_track(self, kind: PaymentKind, at: tuple[int, ...]) -> None:
        """A payment may have gone to one kind of obligation or not: what is left of that is not stated any longer."""
        for due in self.unpaid_of(kind):
            self.put(replace(due, owed=None, unclear=True, paid_by=(*due.paid_by, *at)))
        if kind == "principal":
            self.repay(None, None, at)
        if kind == "fee":
            self.fees = {
                fee: FeeOwed(left if left == 0 else None, (*positions, *at))
                for fee, (left, positions) in self.fees.items()
            }
