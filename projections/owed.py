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
        settled = due.paid_on is not None or due.owed == 0
        (self.unpaid if settled else self.paid).pop(key, None)
        (self.paid if settled else self.unpaid)[key] = due

    def copy(self) -> "Owed":
        """The same page, to be written on."""
        return replace(
            self, unpaid=dict(self.unpaid), paid=dict(self.paid), fees=dict(self.fees), fees_from=dict(self.fees_from)
        )
