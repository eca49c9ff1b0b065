"""The terms that a facility can have: rate, schedule, clauses, covenants. Parts of facts, not facts themselves."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, StrictBool, Tag

from ledger.values import (
    WORD_OR_MAPPING,
    Amount,
    CalendarName,
    Currency,
    Date,
    DayCount,
    Days,
    Factor,
    Field,
    ListOf,
    Measure,
    NamesOrAny,
    OneOrMany,
    Period,
    RatePerAnnum,
    Roll,
    Slug,
    SomeOf,
    Text,
    Texts,
    Value,
    exactly_one,
    model_validator,
    not_allowed,
)

PaymentKind = Literal["interest", "principal", "fee"]
Heals = Literal["automatically", "on_notice", "on_waiver", "not_stated"]


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
    multiplier: Factor | None = None
    fixed_for_period: StrictBool = False
    """Whether the fixing at the start of an interest period holds until its end."""
    lag: Days | None = None
    """How long before the day that it is for a fixing is taken."""


class FixedFormula(Value):
    """A rate that stays as it is."""

    fixed: RatePerAnnum


def _formula_kind(found: Any) -> str | None:
    if isinstance(found, dict):
        return next((kind for kind in ("index", "fixed", "greater_of") if kind in found), None)
    return _FORMULAS.get(type(found))


Formula = Annotated[
    Annotated[IndexFormula, Tag("index")] | Annotated[FixedFormula, Tag("fixed")], Discriminator(_formula_kind)
]
"""A rate by itself: fixed, or over an index."""

GreaterOf = Annotated[ListOf[Formula], Field(min_length=2)]
"""Formulas of which the highest rules."""


class GreaterFormula(Value):
    """The highest of several formulas, plus a margin; floor and cap bind the sum."""

    greater_of: GreaterOf
    margin: RatePerAnnum | None = None
    floor: RatePerAnnum | None = None
    cap: RatePerAnnum | None = None


_FORMULAS: dict[type, str] = {IndexFormula: "index", FixedFormula: "fixed", GreaterFormula: "greater_of"}

OptionFormula = Annotated[
    Annotated[IndexFormula, Tag("index")]
    | Annotated[FixedFormula, Tag("fixed")]
    | Annotated[GreaterFormula, Tag("greater_of")],
    Discriminator(_formula_kind),
]
"""What a rate option can be: a formula, or the highest of several."""

Options = Annotated[dict[Slug, OptionFormula], Field(min_length=1)]
"""Formulas by the name under which loans choose them."""


class Recurring(Value):
    """Days a period apart, up to the maturity."""

    every: Period
    from_: Date = Field(alias="from")
    stub: Literal["short", "long"] | None = None
    """What becomes of a last period that is not whole: a `short` one by itself (the default), or `long`, with the one
    before it."""


class Resets(Recurring):
    """The days on which an index rate is fixed anew."""

    initial: RatePerAnnum | None = None
    """The rate up to the first reset."""
    periodic_cap: RatePerAnnum | None = None
    """The most by which one reset may raise the rate."""
    periodic_floor: RatePerAnnum | None = None
    """The most by which one reset may lower it."""


DefaultGround = Literal["event_of_default", "termination", "non_renewal", "excess"]


class DefaultRate(Value):
    """What may be charged in place of, or on top of, the contract rate, by whom decided and on which grounds."""

    uplift: RatePerAnnum | None = None
    fixed: RatePerAnnum | None = None
    options: Options | None = None
    greater_of: GreaterOf | None = None
    charged: Literal["automatically", "at_lenders_option"] = "automatically"
    grounds: SomeOf[DefaultGround] = ("event_of_default",)
    notice_days: int | None = Field(default=None, ge=0, le=3660)
    """How many days of notice an excess needs before the rate may be charged on it."""

    @model_validator(mode="after")
    def _one_form(self) -> "DefaultRate":
        exactly_one(self, "uplift", "fixed", "options", "greater_of")
        return self


class RateTerms(Value):
    """A rate: one base, and beside it perhaps a default rate and a legal maximum."""

    fixed: RatePerAnnum | None = None
    steps: SomeOf[RateStep] | None = None
    options: Options | None = None
    greater_of: GreaterOf | None = None
    resets: Resets | None = None
    default: DefaultRate | None = None
    maximum: RatePerAnnum | None = None

    @model_validator(mode="after")
    def _one_base(self) -> "RateTerms":
        exactly_one(self, "fixed", "steps", "options", "greater_of")
        if self.steps is not None and any(a.from_ >= b.from_ for a, b in zip(self.steps, self.steps[1:], strict=False)):
            raise not_allowed("order", "steps in the order of their dates, each date once")
        if self.resets is not None and self.options is None and self.greater_of is None:
            raise not_allowed("one_of", "`resets` only beside an index", found="`resets` without one")
        return self


# --- schedules -------------------------------------------------------------------------------------------------------


class Rests(Recurring):
    """The days on which the principal that interest is reckoned on is set to what is then outstanding."""

    principal: Amount | None = None
    """What interest is reckoned on up to the first of them; absent, the principal at the start."""


class InterestSchedule(Recurring):
    """When interest falls due; what accrues before `capitalise_until` is added to principal instead."""

    capitalise_until: Date | None = None
    reckoned_on: Literal["outstanding", "original"] | None = None
    """Whether interest runs on the principal outstanding (the default) or on all that was lent."""
    rests: Rests | None = None
    """Where interest runs on the principal as it was at the last rest."""

    @model_validator(mode="after")
    def _one_principal(self) -> "InterestSchedule":
        if self.reckoned_on is not None and self.rests is not None:
            raise not_allowed("one_of", "at most one of `reckoned_on`, `rests`", found="both of them")
        return self


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
    """The instalment; of an annuity, the interest in it included. Absent, what pays the debt off in equal parts."""
    due: ListOf[PrincipalDue] = ()
    stub: Literal["short", "long"] | None = None
    amortises_by: Date | None = None
    """When the instalments would have paid the debt off, where that is not the maturity: the rest is a balloon."""


class Schedule(Value):
    """Due dates of interest and principal, and what happens to one that is no business day."""

    interest: InterestSchedule | None = None
    principal: PrincipalSchedule | None = None
    roll: Roll = "none"
    adjust: Literal["shift_then_calculate", "calculate_then_shift"] = "shift_then_calculate"
    calendar: CalendarName = "none"
    end_of_month: StrictBool = False


# --- fees ------------------------------------------------------------------------------------------------------------


class RecurringFee(Recurring):
    """A fee that comes back: an amount each time, or a rate a year on what is unused, committed or outstanding."""

    fee: Slug
    amount: Amount | None = None
    rate: RatePerAnnum | None = None
    of: Literal["unused", "commitment", "principal"] | None = None
    """What the rate runs on; absent, the unused part of the commitment."""

    @model_validator(mode="after")
    def _one_measure(self) -> "RecurringFee":
        exactly_one(self, "amount", "rate")
        if self.amount is not None and self.of is not None:
            raise not_allowed("one_of", "`of` only beside `rate`", found="`amount` and `of`")
        return self


# --- clauses ---------------------------------------------------------------------------------------------------------


Grace = Annotated[
    Annotated[Literal["not_stated"], Tag("word")] | Annotated[Days, Tag("mapping")],
    WORD_OR_MAPPING,
]
CrossGrace = Annotated[
    Annotated[Literal["not_stated", "other"], Tag("word")] | Annotated[Days, Tag("mapping")],
    WORD_OR_MAPPING,
]
"""`other` is the grace of that debt's own clause."""


class ClauseBase(Value):
    """What every default clause has: its name, its grace, its notice, and how its Events of Default heal."""

    clause: Slug
    grace: Grace | None = None
    notice: Days | None = None
    heals: Heals = "not_stated"
    accelerates: StrictBool = False
    """Whether its Event of Default makes the debt due without any act."""


class PaymentClause(ClauseBase):
    """The facility's own payments, of the kinds named (default: all)."""

    kind: Literal["payment"]
    of: OneOrMany[PaymentKind] | None = None


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
    grace: CrossGrace | None = None  # type: ignore[assignment]  # wider on purpose


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
    minimum: Measure | None = None
    maximum: Measure | None = None
    text: Text | None = None


# --- a facility's terms ----------------------------------------------------------------------------------------------


def _each_once(field: str) -> AfterValidator:
    def check(parts: tuple[Value, ...]) -> tuple[Value, ...]:
        if len({getattr(part, field) for part in parts}) != len(parts):
            raise not_allowed("name_twice", f"each {field}'s name once", found="one name twice")
        return parts

    return AfterValidator(check)


def _each_kind_once(order: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(order)) != len(order):
        raise not_allowed("name_twice", "each of fees, interest, principal once", found="one of them twice")
    return order


ApplicationOrder = Annotated[SomeOf[Literal["fees", "interest", "principal"]], AfterValidator(_each_kind_once)]
Clauses = Annotated[ListOf[Clause], _each_once("clause")]
Covenants = Annotated[ListOf[Covenant], _each_once("covenant")]
RecurringFees = Annotated[SomeOf[RecurringFee], _each_once("fee")]


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
    proceeds: Amount | None = None
    """What the borrower was paid for the principal, where it was issued above or below par."""
    recurring_fees: RecurringFees | None = None
    on_call: Days | None = None
    """How long after it is called the debt falls due, where the lender may call it."""

    @model_validator(mode="after")
    def _lent_or_held(self) -> "OpeningTerms":
        if self.lenders is not None and self.holders is not None:
            raise not_allowed("one_of", "at most one of `lenders`, `holders`", found="both of them")
        return self


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


Conditions = Annotated[ListOf[Condition], _each_once("condition")]
