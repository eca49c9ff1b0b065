"""Acts of creditors: suits, accelerations, their withdrawal and annulment, and what a person decided about one."""

from typing import ClassVar, Literal

from pydantic import StrictBool

from ledger.facts.base import FacilityFact, Fact
from ledger.facts.terms import Conditions
from ledger.values import Amount, OneOrMany, Slug, Text, exactly_one, model_validator

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
    """An acceleration, by an act or by a clause, was annulled: at once, or when the last of its conditions is met."""

    tag: ClassVar[str] = "acceleration_annulled.v1"
    event: Literal["AccelerationAnnulled"] = "AccelerationAnnulled"
    act: Slug | None = None
    by: Actor | None = None
    clause: Slug | None = None
    """The clause that made the debt due, where no act did."""
    annulment: Slug | None = None
    """A name of its own, for facts that satisfy or waive its conditions."""
    conditions: Conditions | None = None

    @model_validator(mode="after")
    def _of_one(self) -> "AccelerationAnnulled":
        exactly_one(self, "act", "clause")
        return self


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
