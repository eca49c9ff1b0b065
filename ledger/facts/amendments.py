"""Amendments: signed on a date, holding changes with dates of their own, and conditions precedent."""

from typing import Annotated, ClassVar, Literal

from ledger.facts.base import FacilityFact, Fact
from ledger.facts.terms import ApplicationOrder, Clause, Conditions, Covenant, Formula, RateTerms, Schedule
from ledger.values import Amount, Date, Field, ListOf, Slug, Value, exactly_one, model_validator


class Change(Value):
    """What every change has: the day from which it holds, before or after the signing."""

    from_: Date = Field(alias="from")


class RateChanged(Change):
    """The rate terms are replaced whole."""

    change: Literal["rate"]
    rate: RateTerms


class MaturityChanged(Change):
    """The debt falls due on another day."""

    change: Literal["matures"]
    matures: Date


class TermChanged(Change):
    """The agreement runs out on another day."""

    change: Literal["term_ends"]
    term_ends: Date


class CommitmentChanged(Change):
    """The lender commits to another amount."""

    change: Literal["commitment"]
    commitment: Amount


class ScheduleChanged(Change):
    """The schedule is replaced whole."""

    change: Literal["schedule"]
    schedule: Schedule


class ApplicationChanged(Change):
    """Payments are applied in another order."""

    change: Literal["application"]
    application: ApplicationOrder


class OptionClosed(Change):
    """A rate option is closed: loans under it run to the end of their interest period, then convert."""

    change: Literal["close_option"]
    option: Slug


class OptionOpened(Change):
    """A rate option is opened, with a formula or as it was."""

    change: Literal["open_option"]
    option: Slug
    rate: Formula | None = None


class CovenantSet(Change):
    """A covenant is added or replaced."""

    change: Literal["covenant"]
    covenant: Covenant


class CovenantDeleted(Change):
    """A covenant is deleted: tests of dates from then on breach nothing."""

    change: Literal["delete_covenant"]
    covenant: Slug


class ClauseSet(Change):
    """A default clause is added or replaced."""

    change: Literal["clause"]
    clause: Clause


class ClauseDeleted(Change):
    """A default clause is deleted."""

    change: Literal["delete_clause"]
    clause: Slug


AnyChange = Annotated[
    RateChanged
    | MaturityChanged
    | TermChanged
    | CommitmentChanged
    | ScheduleChanged
    | ApplicationChanged
    | OptionClosed
    | OptionOpened
    | CovenantSet
    | CovenantDeleted
    | ClauseSet
    | ClauseDeleted,
    Field(discriminator="change"),
]


class AmendmentSigned(FacilityFact):
    """An amendment was signed. It takes effect when every condition is satisfied or waived."""

    tag: ClassVar[str] = "amendment_signed.v1"
    event: Literal["AmendmentSigned"] = "AmendmentSigned"
    amendment: Slug
    dated: Date
    changes: ListOf[AnyChange]
    conditions: Conditions = ()


class ConditionFact(Fact):
    """A fact about one condition of an amendment, a waiver, an offer or the annulment of an acceleration."""

    amendment: Slug | None = None
    waiver: Slug | None = None
    offer: Slug | None = None
    annulment: Slug | None = None
    condition: Slug

    @model_validator(mode="after")
    def _of_one(self) -> "ConditionFact":
        exactly_one(self, "amendment", "waiver", "offer", "annulment")
        return self

    @property
    def subject(self) -> str:
        """The stream of what the condition belongs to."""
        kind, name = self.belongs_to
        return f"{kind}/{name}"

    @property
    def belongs_to(self) -> tuple[Literal["amendment", "waiver", "offer", "annulment"], str]:
        """What the condition is a condition of: the kind, and the name."""
        if self.amendment is not None:
            return "amendment", self.amendment
        if self.waiver is not None:
            return "waiver", self.waiver
        if self.offer is not None:
            return "offer", self.offer
        return "annulment", str(self.annulment)


class ConditionSatisfied(ConditionFact):
    """A condition was satisfied."""

    tag: ClassVar[str] = "condition_satisfied.v1"
    event: Literal["ConditionSatisfied"] = "ConditionSatisfied"


class ConditionWaived(ConditionFact):
    """A condition was waived by whom it protects."""

    tag: ClassVar[str] = "condition_waived.v1"
    event: Literal["ConditionWaived"] = "ConditionWaived"
