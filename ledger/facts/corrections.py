"""Corrections: a fact was wrong. It is voided, and perhaps replaced; both stay in the log."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from ledger.facts.acts import AccelerationAnnulled, ActTaken, ActWithdrawn, TriggerDecided
from ledger.facts.amendments import AmendmentSigned, ConditionSatisfied, ConditionWaived
from ledger.facts.base import Fact
from ledger.facts.defaults import (
    CovenantTested,
    CureAccepted,
    CureNotified,
    CureTendered,
    DefaultDeclared,
    EventOccurred,
    NoticeGiven,
)
from ledger.facts.documents import DocumentFiled, FacilityDescribed, ReadingAdopted, RepresentationMade
from ledger.facts.facilities import BalanceStated, FacilityOpened, FacilityTerminated, TermsStated
from ledger.facts.money import (
    AvailabilityReported,
    ExcessNotified,
    FeeAgreed,
    FeeSettled,
    HigherRateForgone,
    LoanAdvanced,
    LoanConverted,
    PaymentMade,
    PaymentMissed,
)
from ledger.facts.offers import (
    NotesTendered,
    OfferAmended,
    OfferConsummated,
    OfferExtended,
    OfferLaunched,
    OfferTerminated,
    TendersAccepted,
    TenderWithdrawn,
)
from ledger.facts.rates import DefaultRateElected, DefaultRateEnded, IndexFixed
from ledger.facts.waivers import ForbearanceGranted, WaiverExtended, WaiverGranted, WaiverWithdrawn
from ledger.values import Date, Field, Text, exactly_one, model_validator

FirstHandFact = (
    DocumentFiled
    | ReadingAdopted
    | FacilityDescribed
    | RepresentationMade
    | FacilityOpened
    | BalanceStated
    | TermsStated
    | FacilityTerminated
    | LoanAdvanced
    | LoanConverted
    | PaymentMade
    | PaymentMissed
    | FeeAgreed
    | FeeSettled
    | AvailabilityReported
    | ExcessNotified
    | HigherRateForgone
    | IndexFixed
    | DefaultRateElected
    | DefaultRateEnded
    | CovenantTested
    | EventOccurred
    | DefaultDeclared
    | CureTendered
    | CureAccepted
    | CureNotified
    | NoticeGiven
    | ActTaken
    | ActWithdrawn
    | AccelerationAnnulled
    | TriggerDecided
    | WaiverGranted
    | ForbearanceGranted
    | WaiverExtended
    | WaiverWithdrawn
    | AmendmentSigned
    | ConditionSatisfied
    | ConditionWaived
    | OfferLaunched
    | OfferAmended
    | OfferExtended
    | NotesTendered
    | TenderWithdrawn
    | TendersAccepted
    | OfferConsummated
    | OfferTerminated
)
"""Every fact about the world: all but corrections, which are about the record."""


class Correction(Fact):
    """Names the fact that was wrong, by its position or by its key, and says why."""

    effective: Date | None = None  # type: ignore[assignment]  # a correction has no date in the world
    position: int | None = Field(default=None, ge=1, le=10**15)
    key: Text | None = Field(default=None, max_length=200)
    """The key of the fact that was wrong: a correction has no key of its own."""
    reason: Text

    @model_validator(mode="after")
    def _names_one(self) -> "Correction":
        exactly_one(self, "position", "key")
        return self

    @property
    def effective_on(self) -> dt.date | None:
        """The date as written; it has no effect."""
        return self.effective

    @property
    def own_key(self) -> str | None:
        """None: `key` names another fact here."""
        return None

    @property
    def subject(self) -> str:
        """The one stream of corrections."""
        return "ledger/corrections"


class FactVoided(Correction):
    """A fact should never have been recorded. From this position on the ledger answers as if it had not been."""

    tag: ClassVar[str] = "fact_voided.v1"
    event: Literal["FactVoided"] = "FactVoided"


class FactReplaced(Correction):
    """A fact was wrong, and this is what should have been recorded."""

    tag: ClassVar[str] = "fact_replaced.v1"
    event: Literal["FactReplaced"] = "FactReplaced"
    by: Annotated[FirstHandFact, Field(discriminator="event")]
