"""What the books of one facility are kept from, and what they note for its schedule."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from ledger.facts import FacilityOpened, FacilityTerminated, FeeAgreed, PaymentMissed
from ledger.facts.base import Fact
from ledger.facts.terms import PaymentKind
from projections.accrual import Accrual
from projections.exchanges import Exchange
from projections.figures import ROUNDING, minor_digits, rounded
from projections.history import Entry
from projections.owed import Due, DueKey
from projections.terms import FacilityTerms

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

    def due(self, kind: PaymentKind, day: dt.date, follows: Decimal | None, to: dt.date = dt.date.min) -> Due:
        """A due with the amount that a failure states, else the amount that follows from the terms."""
        failures = self.missed.get((kind, day), [])
        stated = [e.fact.amount for e in failures if e.fact.amount is not None and len(e.fact.of) == 1]
        return Due(kind, day, stated[0] if stated else follows, tuple(e.position for e in failures), to=to)

    def money(self, amount: Fraction | Decimal | None) -> Decimal | None:
        """An amount rounded to the minor unit, as the terms say; None where it is not stated."""
        if amount is None:
            return None
        terms = self.opening.fact
        return rounded(Fraction(amount), minor_digits(terms.currency), ROUNDING[terms.rounding or "half_up"])


def fee_days(fee: FeeAgreed) -> list[dt.date]:
    """The days on which a fee is payable, in full or in part."""
    return [fee.due] if fee.due is not None else [part.on for part in fee.instalments or ()]
