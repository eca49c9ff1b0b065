"""Double entry: what moves between the accounts of one facility. Debits are positive, credits negative."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Claim = Literal["principal", "accrued_interest", "interest_due", "fees"]
"""What is owed, as four accounts; each other account is where it came from or went to."""

Account = (
    Claim
    | Literal["cash", "interest_income", "fee_income", "discount_income", "opening", "stated", "exchanged", "unapplied"]
)

CLAIMS: tuple[Claim, ...] = ("principal", "accrued_interest", "interest_due", "fees")


@dataclass(frozen=True, slots=True)
class Posting:
    """What one thing that happened moves; the legs add up to nothing, and none of them is of nothing.

    An amount that the record does not state is not posted: the account it belongs to is not stated from then on.
    """

    day: dt.date
    what: str
    legs: Mapping[Account, Decimal]
    positions: tuple[int, ...]

    def __post_init__(self) -> None:
        if sum(self.legs.values()) != 0:
            msg = f"{self.what} of {self.day} does not balance: {dict(self.legs)}"
            raise ValueError(msg)
