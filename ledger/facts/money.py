"""Money: loans, payments made and missed, fees, availability."""

from typing import ClassVar, Literal

from ledger.facts.base import FacilityFact, Fact
from ledger.facts.terms import PaymentKind
from ledger.values import Amount, Date, Names, OneOrMany, Slug, SomeOf, Text, Value, model_validator, not_allowed


class LoanAdvanced(FacilityFact):
    """The lender lent; a loan's name already in use is added to."""

    tag: ClassVar[str] = "loan_advanced.v1"
    event: Literal["LoanAdvanced"] = "LoanAdvanced"
    loan: Slug
    amount: Amount
    option: Slug | None = None
    period_ends: Date | None = None
    """The end of the interest period for which the rate is fixed."""


class LoanConverted(FacilityFact):
    """A loan moved to another rate option."""

    tag: ClassVar[str] = "loan_converted.v1"
    event: Literal["LoanConverted"] = "LoanConverted"
    loan: Slug
    option: Slug
    period_ends: Date | None = None


class PaymentMade(FacilityFact):
    """The borrower paid. What is not said to be of something is applied in the facility's order."""

    tag: ClassVar[str] = "payment_made.v1"
    event: Literal["PaymentMade"] = "PaymentMade"
    amount: Amount
    of: PaymentKind | None = None
    due: Date | None = None
    loan: Slug | None = None


class PaymentMissed(FacilityFact):
    """A payment due on a date was not made."""

    tag: ClassVar[str] = "payment_missed.v1"
    event: Literal["PaymentMissed"] = "PaymentMissed"
    of: OneOrMany[PaymentKind]
    due: Date
    amount: Amount | None = None
    by: Text | None = None
    """Who failed to pay; absent, the facility's borrowers."""


class Instalment(Value):
    """A part of a fee, and when it is payable."""

    on: Date
    amount: Amount


class FeeAgreed(FacilityFact):
    """A fee was agreed: what for, how much, when earned, and when payable: on one day, or in instalments."""

    tag: ClassVar[str] = "fee_agreed.v1"
    event: Literal["FeeAgreed"] = "FeeAgreed"
    fee: Slug
    kind: Slug
    amount: Amount
    earned: Date
    due: Date | None = None
    joint_with: Names = ()
    """Facilities whose borrowers owe the same fee: it is owed once."""
    instalments: SomeOf[Instalment] | None = None

    @model_validator(mode="after")
    def _payable_once(self) -> "FeeAgreed":
        if self.instalments is not None:
            if self.due is not None:
                raise not_allowed("one_of", "at most one of `due`, `instalments`", found="both of them")
            if sum(each.amount for each in self.instalments) != self.amount:
                raise not_allowed("sum", "instalments that add up to the amount", found="another sum")
        return self


class FeeSettled(Fact):
    """A fee was paid, or charged to the account and so became principal."""

    tag: ClassVar[str] = "fee_settled.v1"
    event: Literal["FeeSettled"] = "FeeSettled"
    fee: Slug
    how: Literal["paid", "charged_to_account"]
    amount: Amount | None = None

    @property
    def subject(self) -> str:
        """The fee's stream."""
        return f"fee/{self.fee}"


class AvailabilityReported(FacilityFact):
    """How much could be borrowed under the facility on this date."""

    tag: ClassVar[str] = "availability_reported.v1"
    event: Literal["AvailabilityReported"] = "AvailabilityReported"
    available: Amount


class ExcessNotified(FacilityFact):
    """The lender gave notice that more is outstanding than is available."""

    tag: ClassVar[str] = "excess_notified.v1"
    event: Literal["ExcessNotified"] = "ExcessNotified"


class HigherRateForgone(FacilityFact):
    """The lender wrote that it does not charge the default rate on an excess."""

    tag: ClassVar[str] = "higher_rate_forgone.v1"
    event: Literal["HigherRateForgone"] = "HigherRateForgone"
    until: Date | None = None
