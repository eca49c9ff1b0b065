"""The terms that a facility can have: rate, schedule, clauses, covenants. Parts of facts, not facts themselves."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Strict, StrictBool, Tag

from ledger.values import (
    Amount,
    CalendarName,
    Currency,
    Date,
    DayCount,
    Days,
    Field,
    NamesOrAny,
    Number,
    OneOrMany,
    Period,
    RatePerAnnum,
    Slug,
    Text,
    Texts,
    Value,
    model_validator,
    not_allowed,
)

PaymentKind = Literal["interest", "principal", "fee"]
Heals = Literal["automatically", "on_notice", "on_waiver", "not_stated"]


def exactly_one(model: Value, *names: str) -> None:
    """Refuse a model that gives none of these fields, or more than one."""
    if sum(getattr(model, name.replace("from", "from_")) is not None for name in names) != 1:
        raise not_allowed("one_of", "exactly one of " + ", ".join(f"`{name}`" for name in names))


# --- rates -----------------------------------------------------------------------------------------------------------


class RateStep(Value):
    """One level of a rate that changes by the calendar."""

    from_: Date = Field(alias="from")
    rate: RatePerAnnum


class IndexFormula(Value):
    """An index times a multiplier plus a margin; floor and cap bind the sum."""

    index: Slug
    margin: RatePerAnnum | None = None
    floor: RatePerAnnum | None = None
    cap: RatePerAnnum | None = None
    multiplier: Number | None = None
    fixed_for_period: StrictBool = False
    """Whether the fixing at the start of a loan's interest period holds until its end."""


class FixedFormula(Value):
    """A rate that stays as it is."""

    fixed: RatePerAnnum


def _formula_kind(found: Any) -> str | None:
    if isinstance(found, dict):
        return "index" if "index" in found else "fixed" if "fixed" in found else None
    return "index" if isinstance(found, IndexFormula) else "fixed" if isinstance(found, FixedFormula) else None


Formula = Annotated[
    Annotated[IndexFormula, Tag("index")] | Annotated[FixedFormula, Tag("fixed")], Discriminator(_formula_kind)
]
"""A rate by itself: fixed, or over an index."""

Options = dict[Slug, Formula]
"""Formulas by the name under which loans choose them."""


class Resets(Value):
    """The days on which an index rate is fixed anew."""

    every: Period
    from_: Date = Field(alias="from")


DefaultGround = Literal["event_of_default", "termination", "non_renewal", "excess"]


class DefaultRate(Value):
    """What may be charged in place of, or on top of, the contract rate, by whom decided and on which grounds."""

    uplift: RatePerAnnum | None = None
    fixed: RatePerAnnum | None = None
    options: Options | None = None
    greater_of: Annotated[tuple[Formula, ...], Strict(False)] | None = None
    charged: Literal["automatically", "at_lenders_option"] = "automatically"
    grounds: Annotated[tuple[DefaultGround, ...], Strict(False)] = ("event_of_default",)
    notice_days: int | None = Field(default=None, ge=0, le=3660)
    """How many days of notice an excess needs before the rate may be charged on it."""

    @model_validator(mode="after")
    def _one_form(self) -> "DefaultRate":
        exactly_one(self, "uplift", "fixed", "options", "greater_of")
        return self


class RateTerms(Value):
    """A rate: one base, and beside it perhaps a default rate and a legal maximum."""

    fixed: RatePerAnnum | None = None
    steps: Annotated[tuple[RateStep, ...], Strict(False), Field(min_length=1)] | None = None
    options: Annotated[Options, Field(min_length=1)] | None = None
    greater_of: Annotated[tuple[Formula, ...], Strict(False), Field(min_length=2)] | None = None
    resets: Resets | None = None
    default: DefaultRate | None = None
    maximum: RatePerAnnum | None = None

    @model_validator(mode="after")
    def _one_base(self) -> "RateTerms":
        exactly_one(self, "fixed", "steps", "options", "greater_of")
        if self.steps is not None and any(a.from_ >= b.from_ for a, b in zip(self.steps, self.steps[1:], strict=False)):
            raise not_allowed("order", "steps in the order of their dates, each date once")
        return self


# --- schedules -------------------------------------------------------------------------------------------------------


class InterestSchedule(Value):
    """When interest falls due; until `capitalise_until` it is added to principal instead."""

    every: Period
    from_: Date = Field(alias="from")
    capitalise_until: Date | None = None


class PrincipalDue(Value):
    """One listed instalment."""

    on: Date
    amount: Amount


class PrincipalSchedule(Value):
    """When principal falls due, and how much."""

    kind: Literal["bullet", "equal", "annuity", "listed"]
    every: Period | None = None
    from_: Date | None = Field(default=None, alias="from")
    amount: Amount | None = None
    due: Annotated[tuple[PrincipalDue, ...], Strict(False)] = ()


class Schedule(Value):
    """Due dates of interest and principal, and what happens to one that is no business day."""

    interest: InterestSchedule | None = None
    principal: PrincipalSchedule | None = None
    roll: Literal["none", "following", "modified_following", "preceding"] = "none"
    adjust: Literal["shift_then_calculate", "calculate_then_shift"] = "shift_then_calculate"
    calendar: CalendarName = "none"
    end_of_month: StrictBool = False


# --- clauses ---------------------------------------------------------------------------------------------------------


class ClauseBase(Value):
    """What every default clause has: its name, its grace, its notice, and how its Events of Default heal."""

    clause: Slug
    grace: Days | Literal["not_stated"] | None = None
    notice: Days | None = None
    heals: Heals = "not_stated"
    accelerates: StrictBool = False
    """Whether its Event of Default makes the debt due without any act."""


class PaymentClause(ClauseBase):
    """The facility's own payments, of the kinds named (default: all)."""

    kind: Literal["payment"]
    of: Annotated[tuple[PaymentKind, ...], OneOrMany, Strict(False)] | None = None


class CovenantClause(ClauseBase):
    """Breach of the facility's own covenants, of the names given (default: all)."""

    kind: Literal["covenant"]
    of: NamesOrAny = None


class EventClause(ClauseBase):
    """Events such as insolvency, of the kinds named (default: all)."""

    kind: Literal["event"]
    of: NamesOrAny = None


class DeclaredClause(ClauseBase):
    """Defaults that the creditor declares under this clause."""

    kind: Literal["declared"]


class CrossPaymentClause(ClauseBase):
    """Other debts, named or any above a threshold, are not paid when due."""

    kind: Literal["cross_payment"]
    of: NamesOrAny = None
    threshold: Amount | None = None
    grace: Days | Literal["not_stated", "other"] | None = None  # type: ignore[assignment]  # wider on purpose: `other` is the grace of that debt's own clause


class CrossDefaultClause(ClauseBase):
    """An Event of Default on another debt continues and is not waived there."""

    kind: Literal["cross_default"]
    of: NamesOrAny = None
    threshold: Amount | None = None


class CrossAccelerationClause(ClauseBase):
    """Another debt was declared due."""

    kind: Literal["cross_acceleration"]
    of: NamesOrAny = None
    threshold: Amount | None = None


Clause = Annotated[
    PaymentClause
    | CovenantClause
    | EventClause
    | DeclaredClause
    | CrossPaymentClause
    | CrossDefaultClause
    | CrossAccelerationClause,
    Field(discriminator="kind"),
]
CrossClause = CrossPaymentClause | CrossDefaultClause | CrossAccelerationClause


class Covenant(Value):
    """An undertaking that is tested on dates."""

    covenant: Slug
    section: Text | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    text: Text | None = None


# --- a facility's terms ----------------------------------------------------------------------------------------------

ApplicationOrder = Annotated[tuple[Literal["fees", "interest", "principal"], ...], Strict(False)]
Clauses = Annotated[tuple[Clause, ...], Strict(False)]
Covenants = Annotated[tuple[Covenant, ...], Strict(False)]


class OpeningTerms(Value):
    """What may be said of a facility when it opens, or of notes that an offer would open. Absent is not stated."""

    name: Text | None = None
    kind: Literal["revolver", "term_loan", "notes"] | None = None
    borrowers: Texts = ()
    lenders: Texts | None = None
    holders: Texts | None = None
    trustee: Text | None = None
    guarantors: Texts | None = None
    currency: Currency | None = None
    agreement_date: Date | None = None
    matures: Date | None = None
    """When the debt falls due."""
    term_ends: Date | None = None
    """When the agreement runs out unless it is renewed: the first day outside it."""
    commitment: Amount | None = None
    principal: Amount | None = None
    interest_paid_to: Date | None = None
    rate: RateTerms | None = None
    day_count: DayCount | None = None
    schedule: Schedule | None = None
    clauses: Clauses = ()
    covenants: Covenants = ()
    application: ApplicationOrder | None = None
    rounding: Literal["half_up", "half_even", "half_down", "up", "down"] | None = None
    interest_on_overdue: StrictBool | None = None


# --- conditions ------------------------------------------------------------------------------------------------------


class Condition(Value):
    """A condition precedent: a text that somebody satisfies, another amendment, or a question to the derivation."""

    condition: Slug
    text: Text | None = None
    amendment: Slug | None = None
    """Satisfied when this amendment takes effect."""
    question: Literal["no_event_of_default_after_giving_effect", "no_default_after_giving_effect"] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Condition":
        if self.amendment is not None and self.question is not None:
            raise not_allowed("one_of", "at most one of `amendment`, `question`")
        return self


def _named_once(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    if len({each.condition for each in conditions}) != len(conditions):
        raise not_allowed("name_twice", "each condition's name once")
    return conditions


Conditions = Annotated[tuple[Condition, ...], Strict(False), AfterValidator(_named_once)]
