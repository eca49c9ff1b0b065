"""Exchange offers: new notes for old."""

from typing import ClassVar, Literal

from ledger.facts.base import Fact
from ledger.facts.terms import Conditions, OpeningTerms
from ledger.values import (
    Amount,
    Date,
    Fraction,
    Number,
    Slug,
    Text,
    Value,
    exactly_one,
    model_validator,
    not_allowed,
)


class NewNotes(OpeningTerms):
    """The notes that the offer would open, with terms as at an opening."""

    facility: Slug


class CashFee(Value):
    """Cash for those who tender: an amount per 1,000, or a fraction, of the old principal or of the new."""

    per_1000: Amount | None = None
    fraction: Fraction | None = None
    of: Literal["old", "new"] = "old"

    @model_validator(mode="after")
    def _one_measure(self) -> "CashFee":
        exactly_one(self, "per_1000", "fraction")
        return self


class OfferFact(Fact):
    """A fact about one offer."""

    offer: Slug

    @property
    def subject(self) -> str:
        """The offer's stream."""
        return f"offer/{self.offer}"


class OfferLaunched(OfferFact):
    """An offer to exchange was made. Its deadline is the last day of tender, or the first day after it."""

    tag: ClassVar[str] = "offer_launched.v1"
    event: Literal["OfferLaunched"] = "OfferLaunched"
    old: Slug
    new: NewNotes
    minimum_tender: Fraction | None = None
    """The fraction of the old principal outstanding below which nothing is exchanged."""
    through: Date | None = None
    until: Date | None = None
    withdraw_until: Date | None = None
    accrued_from: Date | None = None
    accrued: Literal["capitalised", "paid"] | None = None
    cash_fee: CashFee | None = None
    warrant_shares_per_1000: Number | None = None
    conditions: Conditions = ()

    @model_validator(mode="after")
    def _one_deadline(self) -> "OfferLaunched":
        exactly_one(self, "through", "until")
        return self


class OfferAmended(OfferFact):
    """Terms of an offer were changed; what is absent stays."""

    tag: ClassVar[str] = "offer_amended.v1"
    event: Literal["OfferAmended"] = "OfferAmended"
    new: NewNotes | None = None
    minimum_tender: Fraction | None = None
    through: Date | None = None
    until: Date | None = None
    withdraw_until: Date | None = None
    accrued_from: Date | None = None
    accrued: Literal["capitalised", "paid"] | None = None
    cash_fee: CashFee | None = None
    warrant_shares_per_1000: Number | None = None
    conditions: Conditions | None = None

    @model_validator(mode="after")
    def _something(self) -> "OfferAmended":
        if self.through is not None and self.until is not None:
            raise not_allowed("one_of", "at most one of `through`, `until`", found="both of them")
        if not self.changed:
            raise not_allowed("one_of", "at least one changed field", found="none")
        return self

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the fields that the amendment gives."""
        terms = [name for name in OfferAmended.model_fields if name in OfferLaunched.model_fields]
        own = [name for name in terms if name not in OfferFact.model_fields]
        return tuple(name for name in own if getattr(self, name) is not None)


class OfferExtended(OfferFact):
    """The deadline was moved."""

    tag: ClassVar[str] = "offer_extended.v1"
    event: Literal["OfferExtended"] = "OfferExtended"
    through: Date | None = None
    until: Date | None = None

    @model_validator(mode="after")
    def _one_deadline(self) -> "OfferExtended":
        exactly_one(self, "through", "until")
        return self


class NotesTendered(OfferFact):
    """Old notes were tendered, in principal amount."""

    tag: ClassVar[str] = "notes_tendered.v1"
    event: Literal["NotesTendered"] = "NotesTendered"
    amount: Amount
    holder: Text | None = None


class TenderWithdrawn(OfferFact):
    """A tender was withdrawn, in principal amount."""

    tag: ClassVar[str] = "tender_withdrawn.v1"
    event: Literal["TenderWithdrawn"] = "TenderWithdrawn"
    amount: Amount
    holder: Text | None = None


class TendersAccepted(OfferFact):
    """The issuer accepted what was tendered."""

    tag: ClassVar[str] = "tenders_accepted.v1"
    event: Literal["TendersAccepted"] = "TendersAccepted"


class OfferConsummated(OfferFact):
    """The exchange was carried out."""

    tag: ClassVar[str] = "offer_consummated.v1"
    event: Literal["OfferConsummated"] = "OfferConsummated"


class OfferTerminated(OfferFact):
    """The offer was ended without an exchange."""

    tag: ClassVar[str] = "offer_terminated.v1"
    event: Literal["OfferTerminated"] = "OfferTerminated"
