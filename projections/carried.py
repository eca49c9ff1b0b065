"""What the books of one facility carry from page to page besides what is owed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from ledger.facts.terms import PaymentKind
from projections.accrual import Loan
from projections.owed import DueKey
from projections.postings import Account


class Level(NamedTuple):
    """A level instalment, None where it is not stated, and what it was worked out from."""

    worked_out_from: tuple[object, ...]
    amount: Decimal | None


@dataclass(slots=True)
class Carried:
    """What is carried from page to page besides what is owed."""

    lent: Mapping[str | None, Loan]
    """All that was ever lent, by loan."""
    at_rest: Mapping[str | None, Loan]
    """The principal by loan at the last rest."""
    booked: dict[Account, Decimal] = field(default_factory=dict)
    """What the postings of each claim come to."""
    ahead: dict[DueKey, Decimal] = field(default_factory=dict)
    """What was paid of principal and fees before they fell due, by what it was for."""
    assumed: dict[PaymentKind, Decimal] = field(default_factory=dict)
    """What was taken as paid when it fell due, and of which no payment was recorded yet."""
    level: Level | None = None
    """The instalment that was worked out last."""

    def copy(self) -> "Carried":
        """The same, to be written on."""
        return replace(self, booked=dict(self.booked), ahead=dict(self.ahead), assumed=dict(self.assumed))
