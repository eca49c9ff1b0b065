"""Facilities: anything owed. That one was opened, what its terms and balances are said to be, that it ended."""

from typing import ClassVar, Literal

from ledger.facts.base import FacilityFact
from ledger.facts.terms import Clauses, Covenants, OpeningTerms, RateTerms, RecurringFees, Schedule
from ledger.values import Amount, Date, DayCount, Days, OneOrMany, Text, at_least_one, model_validator, not_allowed


class FacilityOpened(OpeningTerms, FacilityFact):
    """A debt or a line came to be. Everything but its names and its borrowers may be not stated."""

    tag: ClassVar[str] = "facility_opened.v1"
    event: Literal["FacilityOpened"] = "FacilityOpened"
    name: Text
    borrowers: OneOrMany[Text]


class BalanceStated(FacilityFact):
    """A paper says what was outstanding, to which date interest had been paid, or how much had accrued by then."""

    tag: ClassVar[str] = "balance_stated.v1"
    event: Literal["BalanceStated"] = "BalanceStated"
    principal: Amount | None = None
    interest_paid_to: Date | None = None
    accrued_interest: Amount | None = None
    """What had accrued up to the effective date and was not due yet."""

    @model_validator(mode="after")
    def _something(self) -> "BalanceStated":
        at_least_one(self, "principal", "interest_paid_to", "accrued_interest")
        if self.interest_paid_to is not None and self.accrued_interest is not None:
            raise not_allowed("one_of", "at most one of `interest_paid_to`, `accrued_interest`", found="both of them")
        return self


class TermsStated(FacilityFact):
    """Terms learned apart from the opening: added to what is known, with a source and a standing of their own."""

    tag: ClassVar[str] = "terms_stated.v1"
    event: Literal["TermsStated"] = "TermsStated"
    clauses: Clauses = ()
    covenants: Covenants = ()
    rate: RateTerms | None = None
    schedule: Schedule | None = None
    day_count: DayCount | None = None
    matures: Date | None = None
    term_ends: Date | None = None
    commitment: Amount | None = None
    recurring_fees: RecurringFees | None = None
    on_call: Days | None = None

    @model_validator(mode="after")
    def _something(self) -> "TermsStated":
        at_least_one(
            self, "clauses", "covenants", "rate", "schedule", "day_count", "matures", "term_ends", "commitment",
            "recurring_fees", "on_call",
        )  # fmt: skip
        return self


class FacilityTerminated(FacilityFact):
    """The facility came to its end, on the ground given."""

    tag: ClassVar[str] = "facility_terminated.v1"
    event: Literal["FacilityTerminated"] = "FacilityTerminated"
    ground: Literal["terminated", "not_renewed", "paid", "exchanged"]
