"""Waivers and forbearances: what they cover, when they end, whether covered Defaults revive. One fact a facility."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, StrictBool, Tag

from ledger.facts.acts import Actors, Aims
from ledger.facts.base import FacilityFact, Fact
from ledger.facts.defaults import DefaultId
from ledger.facts.terms import Conditions, PaymentKind
from ledger.values import (
    WORD_OR_MAPPING,
    CalendarName,
    Date,
    Dates,
    Field,
    ListOf,
    Names,
    NamesOrAny,
    OneOrMany,
    Slug,
    SomeOf,
    Text,
    TimeOfDay,
    Value,
    exactly_one,
    model_validator,
    not_allowed,
)

# --- scope: what a waiver covers, tested on the root cause of a Default ----------------------------------------------


class PaymentsCovered(Value):
    """Failures to pay: which kinds, on which debts, due when, whose. What is absent is any."""

    payments: OneOrMany[PaymentKind]
    of: NamesOrAny = None
    due: Dates | None = None
    by: OneOrMany[Text] | None = None


class CovenantCovered(Value):
    """Breaches of one covenant, on the test dates given or on any."""

    covenant: Slug
    tests: Dates | None = None


class ActsCovered(Value):
    """Acts of creditors that are causes in themselves, such as another debt's acceleration."""

    acts: Aims
    of: NamesOrAny = None


class EventsCovered(Value):
    """Events by their kinds."""

    events: OneOrMany[Slug]


class DefaultsCovered(Value):
    """Single Defaults by identity."""

    defaults: OneOrMany[DefaultId]


class DisclosedCovered(Value):
    """Defaults of which notice was given by a day, whatever their cause: by identity, or by clause."""

    disclosed_by: Date


_SCOPES: dict[str, type[Value]] = {
    "payments": PaymentsCovered,
    "covenant": CovenantCovered,
    "acts": ActsCovered,
    "events": EventsCovered,
    "defaults": DefaultsCovered,
    "disclosed_by": DisclosedCovered,
}


def _told_apart_by(kinds: dict[str, type[Value]]) -> Any:
    """Tell the members of a union apart by the field that only one of them has."""

    def kind(found: Any) -> str | None:
        for name, model in kinds.items():
            if isinstance(found, model) or (isinstance(found, dict) and name in found):
                return name
        return None

    return Discriminator(kind)


Scope = Annotated[
    Annotated[PaymentsCovered, Tag("payments")]
    | Annotated[CovenantCovered, Tag("covenant")]
    | Annotated[ActsCovered, Tag("acts")]
    | Annotated[EventsCovered, Tag("events")]
    | Annotated[DefaultsCovered, Tag("defaults")]
    | Annotated[DisclosedCovered, Tag("disclosed_by")],
    _told_apart_by(_SCOPES),
]

# --- revival ---------------------------------------------------------------------------------------------------------


class RevivalAsOf(Value):
    """Covered Defaults revive as of a stated date."""

    as_of: Date


Revival = Annotated[
    Annotated[Literal["not_stated", "prospective", "original_date"], Tag("word")]
    | Annotated[RevivalAsOf, Tag("mapping")],
    WORD_OR_MAPPING,
]


# --- ends: whichever comes first -------------------------------------------------------------------------------------


class End(Value):
    """What every end has: a revival of its own, where it differs from the waiver's."""

    revival: Revival | None = None


class Extension(Value):
    """A later date that an end moves to if a condition is met in time; and perhaps a further one after that."""

    condition: Slug
    met_by: Date
    until: Date | None = None
    through: Date | None = None
    extends: "Extension | None" = None

    @model_validator(mode="after")
    def _one_date(self) -> "Extension":
        exactly_one(self, "until", "through")
        return self


class DateEnd(End):
    """Until a day, which is the first one outside; or through a day, which is the last one inside."""

    until: Date | None = None
    through: Date | None = None
    at: TimeOfDay | None = None
    extends: Extension | None = None

    @model_validator(mode="after")
    def _one_date(self) -> "DateEnd":
        exactly_one(self, "until", "through")
        return self


class BusinessDaysEnd(End):
    """A number of business days after the effective date: the last of them is the first day outside."""

    business_days: int = Field(ge=1, le=10000)
    calendar: CalendarName = "us"
    extends: Extension | None = None


class FailedConditionEnd(End):
    """A condition subsequent: not satisfied by the end of a day, it ends the waiver the day after."""

    failed_condition: Slug
    by: Date
    extends: Extension | None = None
    """More time for it: the day by which it has to be satisfied moves."""


def extensions(end: DateEnd | BusinessDaysEnd | FailedConditionEnd) -> Iterator[Extension]:
    """The dates that an end moves to, one after another, if the condition of each is met in time."""
    extension = end.extends
    while extension is not None:
        yield extension
        extension = extension.extends


class ActEnd(End):
    """An act of a creditor that seeks one of these aims, on these debts; from its effective date, without notice."""

    act: Aims
    by: Actors | None = None
    of: NamesOrAny = None
    in_respect_of: Slug | None = None


class WithWaiverEnd(End):
    """The end of another waiver or forbearance."""

    with_waiver: Slug


class UncoveredEventOfDefaultEnd(End):
    """Any Event of Default of the same facility that no waiver or forbearance covers."""

    uncovered_event_of_default: StrictBool

    @model_validator(mode="after")
    def _only_true(self) -> "UncoveredEventOfDefaultEnd":
        if not self.uncovered_event_of_default:
            raise not_allowed("only_true", "`true`; leave this end out where it does not apply")
        return self


class NoticeOfEnd(Value):
    """By whom notice ends the waiver, and how many days after it was given or received."""

    by: Actors | None = None
    days: int = Field(default=0, ge=0, le=3660)


class NoticeEnd(End):
    """Notice given in respect of the waiver."""

    notice: NoticeOfEnd


_ENDS: dict[str, type[Value]] = {
    "failed_condition": FailedConditionEnd,
    "business_days": BusinessDaysEnd,
    "with_waiver": WithWaiverEnd,
    "uncovered_event_of_default": UncoveredEventOfDefaultEnd,
    "notice": NoticeEnd,
    "act": ActEnd,
    "until": DateEnd,
    "through": DateEnd,
}

WaiverEnd = Annotated[
    Annotated[FailedConditionEnd, Tag("failed_condition")]
    | Annotated[BusinessDaysEnd, Tag("business_days")]
    | Annotated[WithWaiverEnd, Tag("with_waiver")]
    | Annotated[UncoveredEventOfDefaultEnd, Tag("uncovered_event_of_default")]
    | Annotated[NoticeEnd, Tag("notice")]
    | Annotated[ActEnd, Tag("act")]
    | Annotated[DateEnd, Tag("until")]
    | Annotated[DateEnd, Tag("through")],
    _told_apart_by(_ENDS),
]

# --- the facts -------------------------------------------------------------------------------------------------------

Reach = Literal["default", "event_of_default"]


class Grant(FacilityFact):
    """What a waiver and a forbearance have in common."""

    reaches: OneOrMany[Reach]
    covers: SomeOf[Scope]
    ends: ListOf[WaiverEnd]
    """Whichever comes first; none at all is permanent."""
    revival: Revival = "not_stated"
    conditions: Conditions = ()
    supersedes: Names = ()

    @property
    def grant(self) -> str:
        """The name of the waiver or forbearance; the two kinds share one set of names."""
        raise NotImplementedError


class WaiverGranted(Grant):
    """The creditor waived Defaults: within the scope they do not count while the waiver is in force."""

    tag: ClassVar[str] = "waiver_granted.v1"
    event: Literal["WaiverGranted"] = "WaiverGranted"
    waiver: Slug

    @property
    def grant(self) -> str:
        """The waiver's name."""
        return self.waiver


class ForbearanceGranted(Grant):
    """The creditor forbore: the Defaults continue, the remedies rest."""

    tag: ClassVar[str] = "forbearance_granted.v1"
    event: Literal["ForbearanceGranted"] = "ForbearanceGranted"
    forbearance: Slug

    @property
    def grant(self) -> str:
        """The forbearance's name."""
        return self.forbearance


class WaiverExtended(Fact):
    """The date on which a waiver ends was moved."""

    tag: ClassVar[str] = "waiver_extended.v1"
    event: Literal["WaiverExtended"] = "WaiverExtended"
    waiver: Slug
    until: Date | None = None
    through: Date | None = None

    @model_validator(mode="after")
    def _one_date(self) -> "WaiverExtended":
        exactly_one(self, "until", "through")
        return self

    @property
    def subject(self) -> str:
        """The waiver's stream."""
        return f"waiver/{self.waiver}"


class WaiverWithdrawn(Fact):
    """The creditor withdrew a waiver or forbearance."""

    tag: ClassVar[str] = "waiver_withdrawn.v1"
    event: Literal["WaiverWithdrawn"] = "WaiverWithdrawn"
    waiver: Slug

    @property
    def subject(self) -> str:
        """The waiver's stream."""
        return f"waiver/{self.waiver}"
