"""Acts of creditors: suits, accelerations, their withdrawal and annulment, and what a person decided about one."""

from typing import ClassVar, Literal

from pydantic import StrictBool

from ledger.facts.base import FacilityFact, Fact
from ledger.values import Amount, OneOrMany, Slug, Text

Actor = Literal["holder", "trustee", "lender"]
Aim = Literal["acceleration", "enforcement", "remedies"]
Aims = OneOrMany[Aim]
Actors = OneOrMany[Actor]


class ActTaken(FacilityFact):
    """A holder, trustee or lender did something in respect of a debt. What followed for others is derived."""

    tag: ClassVar[str] = "act_taken.v1"
    event: Literal["ActTaken"] = "ActTaken"
    act: Slug
    by: Actor
    party: Text | None = None
    seeks: Aims
    in_respect_of: Slug | None = None
    accelerates: StrictBool = False
    """Whether it made the debt due."""
    amount: Amount | None = None
    """Given when only a part was made due."""


class ActWithdrawn(Fact):
    """An act was withdrawn. A waiver that it ended stays ended."""

    tag: ClassVar[str] = "act_withdrawn.v1"
    event: Literal["ActWithdrawn"] = "ActWithdrawn"
    act: Slug

    @property
    def subject(self) -> str:
        """The act's stream."""
        return f"act/{self.act}"


class AccelerationAnnulled(FacilityFact):
    """An act that made the debt due was annulled."""

    tag: ClassVar[str] = "acceleration_annulled.v1"
    event: Literal["AccelerationAnnulled"] = "AccelerationAnnulled"
    act: Slug
    by: Actor | None = None


class TriggerDecided(Fact):
    """A person decided whether an act that nearly matches a waiver's trigger ends it."""

    tag: ClassVar[str] = "trigger_decided.v1"
    event: Literal["TriggerDecided"] = "TriggerDecided"
    waiver: Slug
    act: Slug
    ends: StrictBool

    @property
    def subject(self) -> str:
        """The waiver's stream."""
        return f"waiver/{self.waiver}"
