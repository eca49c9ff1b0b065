"""What a Default can come from besides a missed payment, and what may cure it."""

from typing import Annotated, ClassVar, Literal

from pydantic import StrictBool, StringConstraints

from ledger.facts.base import FacilityFact, Fact
from ledger.values import Date, Field, Measure, OneOrMany, Slug, Text, exactly_one, model_validator

DEFAULT_ID_PATTERN = r"^[a-z0-9._-]+(/[a-z0-9._-]+){2,4}$"
DefaultId = Annotated[str, StringConstraints(pattern=DEFAULT_ID_PATTERN, max_length=600)]
"""The identity of a Default: facility, clause and root cause, joined by slashes."""


class CovenantTested(FacilityFact):
    """A covenant was tested as of a date, and was met or was not."""

    tag: ClassVar[str] = "covenant_tested.v1"
    event: Literal["CovenantTested"] = "CovenantTested"
    covenant: Slug
    test_date: Date
    met: StrictBool
    measured: Measure | None = None
    required: Measure | None = None


class EventOccurred(Fact):
    """Something happened to a party or in respect of a facility that a clause may name: insolvency, a judgment."""

    tag: ClassVar[str] = "event_occurred.v1"
    event: Literal["EventOccurred"] = "EventOccurred"
    facility: Slug | None = None
    party: Text | None = None
    kind: Slug

    @model_validator(mode="after")
    def _about_one(self) -> "EventOccurred":
        exactly_one(self, "facility", "party")
        return self

    @property
    def subject(self) -> str:
        """The facility's stream, or the party's."""
        return f"facility/{self.facility}" if self.facility is not None else f"party/{self.party}"


class DefaultDeclared(FacilityFact):
    """The creditor declared a default, under a clause or in general."""

    tag: ClassVar[str] = "default_declared.v1"
    event: Literal["DefaultDeclared"] = "DefaultDeclared"
    default: Slug
    clause: Slug | None = None
    cause: Text


class CureTendered(FacilityFact):
    """The borrower offered a cure of a Default."""

    tag: ClassVar[str] = "cure_tendered.v1"
    event: Literal["CureTendered"] = "CureTendered"
    default: DefaultId


class CureAccepted(FacilityFact):
    """The creditor accepted that a Default is cured."""

    tag: ClassVar[str] = "cure_accepted.v1"
    event: Literal["CureAccepted"] = "CureAccepted"
    default: DefaultId


class CureNotified(FacilityFact):
    """Notice of cure under a clause whose Events of Default heal on notice."""

    tag: ClassVar[str] = "cure_notified.v1"
    event: Literal["CureNotified"] = "CureNotified"
    clause: Slug


class NoticeGiven(FacilityFact):
    """A notice was given: of a clause, a Default, a waiver, an amendment, of rights reserved; `call` calls a debt."""

    tag: ClassVar[str] = "notice_given.v1"
    event: Literal["NoticeGiven"] = "NoticeGiven"
    of: OneOrMany[Text]
    from_: Text | None = Field(default=None, alias="from")
    to: Text | None = None
    means: Text | None = None
    received: Date | None = None
    """When it arrived; days of notice run from the day after, or from the day after the effective date."""
