"""The answers and their `because`: the models whose JSON the command line gives.

None is *not stated*, and is listed as such. Every derived value carries the positions of the facts that it rests on,
with document, clause and standing.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from ledger.facts import Standing
from ledger.facts.terms import DefaultGround
from ledger.values import moment_text, plain
from projections.states import DefaultStateName, GrantStateName, Legal

Figure = Annotated[Decimal, PlainSerializer(plain, return_type=str)]
Moment = Annotated[dt.datetime, PlainSerializer(moment_text, return_type=str)]

Payment = Literal["current", "past_due", "matured_unpaid", "paid"]
OfferStateName = Literal["open", "expired", "lapsed", "accepted", "consummated", "terminated"]


class Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return self.model_dump(mode="json")


class Reason(Answer):
    """A fact that a value rests on. A position beyond the ledger's head is that of an assumed fact."""

    position: int
    event: str
    effective: dt.date
    document: str | None = None
    clause: str | None = None
    standing: Standing


Because = tuple[Reason, ...]


class DefaultAnswer(Answer):
    """A Default: its identity, its dates, its state on the day, and the waivers that cover it."""

    default: str
    clause: str
    arose: dt.date
    became_event_of_default: dt.date | None
    state: DefaultStateName
    cured_on: dt.date | None = None
    waivers: tuple[str, ...]
    because: Because


class WaiverAnswer(Answer):
    """A waiver or forbearance. `until` is the first day outside it by date; `ended_on` the first day not in force."""

    waiver: str
    kind: Literal["waiver", "forbearance"]
    state: GrantStateName
    from_: dt.date | None = Field(alias="from")
    until: dt.date | None
    ended_on: dt.date | None
    ended_by: str | None
    """The act, the condition, the Default or the other waiver that ended it, by name; else `date` and the like."""
    because: Because


class AmendmentAnswer(Answer):
    """An amendment: signed, and in effect once every condition is satisfied."""

    amendment: str
    signed: dt.date
    in_effect: dt.date | None
    open_conditions: tuple[str, ...]
    because: Because


class RatePart(Answer):
    """One part of a rate a year."""

    part: str
    index: str | None = None
    rate: Figure | None
    because: Because


class RateAnswer(Answer):
    """The rate charged, the rate under the default formula where the terms have one, and whether a ground holds."""

    charged: Figure | None
    if_default_rate: Figure | None
    default_rate_available: bool
    grounds: tuple[DefaultGround, ...]
    option: str | None
    parts: tuple[RatePart, ...]


class LoanRate(Answer):
    """The rate charged on one loan under its own option; `period_ends` is the first day after its interest period."""

    loan: str
    option: str | None
    charged: Figure | None
    amount: Figure | None
    period_ends: dt.date | None


class Obligations(Answer):
    """What is owed, in the facility's currency, rounded once; None is not stated."""

    principal: Figure | None
    accrued_interest: Figure | None
    interest_unpaid: Figure | None
    fees: Figure | None
    total: Figure | None
    contingent_default_interest: Figure | None
    interest_per_1000: Figure | None
    days_past_due: int | None
    days_past_due_after_grace: int | None
    because: Because


class LineAnswer(Answer):
    """How much may be borrowed, as far as it is stated; and the excess of what is outstanding over that."""

    commitment: Figure | None
    unused: Figure | None
    available: Figure | None
    excess: Figure | None
    charged_on_excess: Figure | None
    """The rate that runs on the excess, where that is not the rate on the whole."""


class FacilityAnswer(Answer):
    """One facility on a date."""

    facility: str
    name: str
    currency: str | None
    legal: Legal
    payment: Payment | None
    since: dt.date | None
    until: dt.date | None
    inferred: bool
    """Whether the answer rests on a fact that is not stated by a paper."""
    deemed: bool
    """Whether it rests on a paper executed after the date, or whose execution is not stated."""
    defaults: tuple[DefaultAnswer, ...]
    waivers: tuple[WaiverAnswer, ...]
    amendments: tuple[AmendmentAnswer, ...]
    rate: RateAnswer
    rates: tuple[LoanRate, ...]
    line: LineAnswer | None
    obligations: Obligations
    not_stated: tuple[str, ...]
    because: Because


ScheduleKind = Literal["advance", "interest", "capitalised", "principal", "fee", "rate_reset", "maturity"]


class ScheduleRow(Answer):
    """One line of a schedule: what happens by the terms on a day, and what is owed, at which rate, after it.

    A negative amount of principal is interest that an instalment does not cover, and that is added to principal.
    """

    date: dt.date
    kind: ScheduleKind
    amount: Figure | None
    principal: Figure | None
    rate: Figure | None
    accrued_interest: Figure | None


class ExchangeAnswer(Answer):
    """What a consummated offer exchanged; None is not stated, or not part of the offer."""

    on: dt.date
    principal: Figure | None
    """The old principal that was retired."""
    accrued_interest: Figure | None
    """The interest on it, through the day before."""
    issued: Figure | None
    """The principal of the new notes."""
    cash: Figure | None
    """The cash fee, with the interest where that was paid."""
    warrant_shares: Figure | None


class OfferAnswer(Answer):
    """An exchange offer on a date."""

    offer: str
    state: OfferStateName
    old: str
    new: str
    last_day: dt.date
    """The last day on which notes may be tendered."""
    tendered: Figure
    fraction: Figure | None
    minimum_tender: Figure | None
    minimum_met: bool | None
    exchanged: ExchangeAnswer | None
    because: Because


class Finding(Answer):
    """Something that does not fit, or that the record leaves open: never repaired, never guessed, but asked."""

    code: str
    facility: str | None
    on: dt.date
    facts: tuple[int, ...]
    question: str


class Known(Answer):
    """The prefix of the log that an answer rests on, by its length, its last moment of knowledge and its root."""

    position: int
    at: Moment | None
    root: str


class Report(Answer):
    """Everything on a date, as known at a moment."""

    as_of: dt.date
    known: Known
    standing: Standing
    as_stood: bool
    facilities: tuple[FacilityAnswer, ...]
    offers: tuple[OfferAnswer, ...]
    findings: tuple[Finding, ...]

    def facility(self, name: str) -> FacilityAnswer:
        """The answer about one facility; KeyError where the record has none of this name."""
        for facility in self.facilities:
            if facility.facility == name:
                return facility
        raise KeyError(name)


class TimelineRow(Answer):
    """A stretch of time in which the legal status of a facility is the same; `until` is the first day after it."""

    from_: dt.date = Field(alias="from")
    until: dt.date | None
    legal: Legal
    why: str
    because: Because


HappeningKind = Literal[
    "opened",
    "failed",
    "default",
    "event_of_default",
    "rescheduled",
    "not_yet",
    "pending",
    "in_force",
    "extended",
    "covered",
    "uncovered",
    "rescinded",
    "expired",
    "ended",
    "superseded",
    "revived",
    "lingers",
    "cured",
    "accelerated",
    "withdrawn",
    "annulled",
    "closed",
    "signed",
    "condition_met",
    "took_effect",
    "waits",
    "not_counted",
    "standing",
]


class Happening(Answer):
    """What a sentence of a status's story tells, as data; what it does not tell of is None or empty."""

    on: dt.date
    what: HappeningKind
    defaults: tuple[str, ...] = ()
    """The Defaults that it happened to, by their identities."""
    clause: str | None = None
    waiver: str | None = None
    """The waiver or forbearance that began, covered, or ended."""
    until: dt.date | None = None
    """The first day outside the waiver, or the day on which the Default matures."""
    as_of: dt.date | None = None
    """The day as of which what a waiver had covered revived, where that is stated."""
    by: str | None = None
    """What ended the waiver, or made the debt due, by name."""
    inferred: bool = False
    deemed: bool = False


class Step(Answer):
    """One step of an explanation: a sentence, the facts behind it, and of a status's story what happened when."""

    sentence: str
    because: Because
    happening: Happening | None = None


class Explanation(Answer):
    """Why a value is what it is, step by step."""

    facility: str
    what: str
    as_of: dt.date
    known: Known
    answer: str | None
    """The value in a few words; None where it is not stated."""
    steps: tuple[Step, ...]
