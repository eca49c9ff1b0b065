"""Whole records of a few facilities, drawn at random: terms, failures, acts, waivers, amendments, corrections.

Everything happens within a few weeks, so that the days can be gone through one by one and much meets on each of them.
The facts are recorded in any order in which they are accepted, openings first, so that positions and dates differ.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from hypothesis import strategies as st
from pydantic import TypeAdapter

from ledger.decisions import Register
from ledger.facts import (
    AccelerationAnnulled,
    ActTaken,
    ActWithdrawn,
    AmendmentSigned,
    ConditionSatisfied,
    ConditionWaived,
    CovenantTested,
    CureAccepted,
    CureNotified,
    DefaultDeclared,
    EventOccurred,
    FacilityOpened,
    FacilityTerminated,
    Fact,
    FactReplaced,
    FactVoided,
    FirstHandFact,
    ForbearanceGranted,
    NoticeGiven,
    PaymentMade,
    PaymentMissed,
    TermsStated,
    TriggerDecided,
    WaiverExtended,
    WaiverGranted,
    WaiverWithdrawn,
)
from ledger.facts.amendments import AnyChange, ClauseDeleted, ClauseSet, CovenantDeleted, CovenantSet
from ledger.facts.terms import (
    Clause,
    Condition,
    Covenant,
)
from ledger.facts.waivers import (
    ActEnd,
    ActsCovered,
    BusinessDaysEnd,
    CovenantCovered,
    DateEnd,
    DefaultsCovered,
    DisclosedCovered,
    EventsCovered,
    Extension,
    FailedConditionEnd,
    NoticeEnd,
    NoticeOfEnd,
    PaymentsCovered,
    Scope,
    UncoveredEventOfDefaultEnd,
    WaiverEnd,
    WithWaiverEnd,
)
from ledger.records import Recorded
from ledger.rejected import Rejected
from ledger.values import Days
from tests.spec import Log, recorded

FIRST_DAY = dt.date(2001, 1, 29)
DAYS_OF_FACTS = 24
LAST_DAY = FIRST_DAY + dt.timedelta(days=44)
"""By then every grace and every notice that began in the days of facts is over."""

NAMES = ("a", "b", "c", "d")
PAYMENT_KINDS = ("interest", "principal", "fee")
EVENT_KINDS = ("insolvency", "judgment")
AIMS = ("acceleration", "enforcement", "remedies")
ACTORS = ("holder", "trustee", "lender")
HOURS = ("09:00 America/New_York", "17:00 America/New_York", "12:00 UTC")
GRANTS = ("w1", "w2", "w3", "w4", "w5")
AMENDMENTS = ("am1", "am2", "am3")
QUESTIONS = ("no_event_of_default_after_giving_effect", "no_default_after_giving_effect")
CLAUSES = {
    "own": "payment",
    "cov": "covenant",
    "ev": "event",
    "dec": "declared",
    "xp": "cross_payment",
    "xd": "cross_default",
    "xa": "cross_acceleration",
}
"""Each clause is called after its kind, so that an amendment that sets it anew leaves it of that kind."""


AnyFact = TypeVar("AnyFact", bound=FirstHandFact)
A_CLAUSE: TypeAdapter[Clause] = TypeAdapter(Clause)


class Writer:
    """Writes facts one after another, each about names that earlier ones brought up, or that later ones may."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.numbers = count(1)
        self.facilities = NAMES[: draw(st.integers(2, 4))]
        self.openings: list[FacilityOpened] = []
        self.facts: list[FirstHandFact] = []
        for facility in self.facilities:
            self.open(facility)

    # --- what is drawn again and again ---

    def number(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def one_in(self, number: int) -> bool:
        return self.number(1, number) == number

    def one_of(self, *items: Any) -> Any:
        return self.draw(st.sampled_from(items))

    def some_of(self, items: Iterable[Any], *, most: int = 2) -> tuple[Any, ...]:
        return tuple(self.draw(st.lists(st.sampled_from(list(items)), min_size=1, max_size=most, unique=True)))

    def some_or_any(self, items: Iterable[Any]) -> tuple[Any, ...] | None:
        return None if self.one_in(2) else self.some_of(items)

    def day(self, first: dt.date = FIRST_DAY, within: int = DAYS_OF_FACTS) -> dt.date:
        return first + dt.timedelta(days=self.number(0, within))

    def hour(self) -> str | None:
        return self.one_of(*HOURS) if self.one_in(4) else None

    def length(self) -> Days:
        if self.one_in(3):
            return Days(business_days=self.number(0, 4), calendar=self.one_of("us", "weekdays", "none"))
        return Days(days=self.number(0, 7))

    def facility(self) -> str:
        return str(self.one_of(*self.facilities))

    def written(self, kind: type[AnyFact]) -> list[AnyFact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def grants(self) -> list[WaiverGranted | ForbearanceGranted]:
        return [*self.written(WaiverGranted), *self.written(ForbearanceGranted)]

    def write(self, fact_of: type[AnyFact], /, **fields: Any) -> AnyFact:
        fact = fact_of(**fields)
        self.facts.append(fact)
        return fact

    # --- facilities and their terms ---

    def open(self, facility: str) -> None:
        self.openings.append(
            FacilityOpened(
                effective=self.day(within=3),
                facility=facility,
                name=facility.upper(),
                borrowers=self.one_of(("x",), ("x",), ("y",), ("x", "y")),
                guarantors=self.one_of(None, None, ("y",), ("z",)),
                principal=self.one_of(None, Decimal(200_000), Decimal(1_000_000)),
                clauses=self.clauses(facility, most=4),
            )
        )

    def clauses(self, facility: str, most: int) -> tuple[Clause, ...]:
        return tuple(self.clause(facility, name) for name in self.some_of(CLAUSES, most=most))

    def clause(self, facility: str, name: str) -> Clause:
        terms: dict[str, Any] = {
            "clause": name,
            "kind": CLAUSES[name],
            "heals": self.one_of("automatically", "on_notice", "on_waiver", "not_stated"),
            "grace": self.one_of(None, "not_stated", self.length()),
            "accelerates": self.one_in(12),
        }
        if name == "own":
            terms["of"] = self.some_or_any(PAYMENT_KINDS)
        if name == "cov":
            terms["of"] = self.some_or_any(covenants(facility))
        if name == "ev":
            terms["of"] = self.some_or_any(EVENT_KINDS)
        if name in ("xp", "xd", "xa"):
            terms["of"] = self.some_or_any(other for other in self.facilities if other != facility)
            terms["threshold"] = self.one_of(None, None, Decimal(200_000))
        if name == "xp" and self.one_in(3):
            terms["grace"] = "other"
        if self.one_in(6):
            terms["notice"] = self.length()
        return A_CLAUSE.validate_python(terms)

    def state_terms(self) -> None:
        facility = self.facility()
        self.write(TermsStated, effective=self.day(), facility=facility, clauses=self.clauses(facility, most=1))

    def close(self) -> None:
        ground = self.one_of("terminated", "not_renewed", "paid", "exchanged")
        self.write(FacilityTerminated, effective=self.day(), facility=self.facility(), ground=ground)

    # --- failures and cures ---

    def miss(self) -> None:
        facility, kinds, due = self.facility(), self.some_of(PAYMENT_KINDS), self.day()
        amount = Decimal(100) if len(kinds) == 1 and not self.one_in(6) else None
        by = self.one_of(None, None, "x", "y", "z")
        missed = self.write(
            PaymentMissed, effective=self.day(due, within=3), facility=facility, of=kinds, due=due, amount=amount, by=by
        )
        for _ in range(self.number(0, 2)):
            self.pay(missed)

    def pay(self, missed: PaymentMissed) -> None:
        self.write(
            PaymentMade,
            effective=self.day(missed.effective, within=12),
            facility=missed.facility,
            amount=Decimal(self.one_of(40, 60, 100, 100)),
            of=self.one_of(*missed.of),
            due=missed.due,
        )

    def breach(self) -> None:
        facility, test_date = self.facility(), self.day()
        covenant = self.one_of(*covenants(facility))
        self.test(facility, covenant, test_date, met=False)
        if self.one_in(2):
            self.test(facility, covenant, test_date + dt.timedelta(days=self.number(-1, 8)), met=True)

    def test(self, facility: str, covenant: str, test_date: dt.date, met: bool) -> None:
        effective = self.day(test_date, within=4)
        self.write(
            CovenantTested, effective=effective, facility=facility, covenant=covenant, test_date=test_date, met=met
        )

    def happen(self) -> None:
        about: dict[str, Any] = self.one_of({"facility": self.facility()}, {"party": self.one_of("x", "y", "z")})
        self.write(EventOccurred, effective=self.day(), kind=self.one_of(*EVENT_KINDS), **about)

    def declare(self) -> None:
        default, clause = f"d{next(self.numbers)}", self.one_of(None, "dec")
        self.write(
            DefaultDeclared,
            effective=self.day(),
            facility=self.facility(),
            default=default,
            clause=clause,
            cause="as declared",
        )

    def root_causes(self) -> list[str]:
        """The root causes that the facts so far may bring, as identities of Defaults write them."""
        causes = [f"{fact.facility}/{kind}/{fact.due}" for fact in self.written(PaymentMissed) for kind in fact.of]
        causes += [f"{fact.covenant}/{fact.test_date}" for fact in self.written(CovenantTested)]
        causes += [fact.kind for fact in self.written(EventOccurred)]
        causes += [fact.default for fact in self.written(DefaultDeclared)]
        return causes + [fact.act for fact in self.written(ActTaken) if fact.accelerates]

    def default(self, facility: str) -> str:
        return f"{facility}/{self.one_of(*CLAUSES)}/{self.one_of('insolvency', *self.root_causes())}"

    def accept_cure(self) -> None:
        facility = self.facility()
        self.write(CureAccepted, effective=self.day(), facility=facility, default=self.default(facility))

    def notify_cure(self) -> None:
        self.write(CureNotified, effective=self.day(), facility=self.facility(), clause=self.one_of(*CLAUSES))

    def notify(self) -> None:
        facility, effective = self.facility(), self.day()
        of = tuple({self.one_of(*CLAUSES), self.one_of(*CLAUSES, *GRANTS, self.default(facility))})
        received = self.one_of(None, self.day(effective, within=3))
        self.write(
            NoticeGiven,
            effective=effective,
            facility=facility,
            of=of,
            from_=self.one_of("lender", "holder"),
            received=received,
        )

    # --- acts of creditors ---

    def act(self) -> None:
        facility, act, effective = self.facility(), f"act{next(self.numbers)}", self.day()
        self.write(
            ActTaken,
            effective=effective,
            at=self.hour(),
            facility=facility,
            act=act,
            by=self.one_of(*ACTORS),
            seeks=self.some_of(AIMS),
            in_respect_of=self.one_of(None, "maturity"),
            accelerates=self.one_in(2),
        )
        if self.one_in(3):
            self.write(ActWithdrawn, effective=self.day(effective, within=10), act=act)
        if self.one_in(3):
            self.write(AccelerationAnnulled, effective=self.day(effective, within=10), facility=facility, act=act)

    def decide(self) -> None:
        """A decision about an act that matches the debt and the actor of a trigger, and not its aim."""
        near = [
            (grant.grant, act)
            for grant in self.grants()
            for act in self.written(ActTaken)
            for end in grant.ends
            if isinstance(end, ActEnd) and nearly_matches(end, act) and grant.instant < act.instant
        ]
        if near:
            waiver, act = self.one_of(*near)
            self.write(
                TriggerDecided,
                effective=act.effective,
                at=act.at,
                waiver=waiver,
                act=act.act,
                ends=self.one_of(True, True, False),
            )

    # --- waivers and forbearances ---

    def grant(self) -> None:
        free = [name for name in GRANTS if name not in {grant.grant for grant in self.grants()}]
        if not free:
            return
        facility, effective = self.facility(), self.day()
        terms: dict[str, Any] = {
            "effective": effective,
            "at": self.hour(),
            "facility": facility,
            "reaches": self.some_of(("default", "event_of_default"))
            if self.one_in(3)
            else ("default", "event_of_default"),
            "covers": tuple(self.scope(facility) for _ in range(self.number(1, 3))),
            "ends": tuple(self.end(effective) for _ in range(self.number(0, 3))),
            "conditions": tuple(self.conditions(AMENDMENTS)) if self.one_in(3) else (),
            "supersedes": self.some_of(GRANTS) if self.one_in(4) else (),
        }
        grant: WaiverGranted | ForbearanceGranted
        if self.one_in(3):
            grant = self.write(ForbearanceGranted, forbearance=free[0], **terms)
        else:
            grant = self.write(WaiverGranted, waiver=free[0], **terms)
        conditions = [condition.condition for condition in grant.conditions]
        conditions += [end.failed_condition for end in grant.ends if isinstance(end, FailedConditionEnd)]
        conditions += [end.extends.condition for end in grant.ends if isinstance(end, DateEnd) and end.extends]
        for condition in conditions:
            self.answer(condition, waiver=free[0])

    def scope(self, facility: str) -> Scope:
        missed = self.written(PaymentMissed)
        tested = self.written(CovenantTested)
        match self.number(1, 8):
            case 1:
                of = self.one_of(None, [test.test_date for test in tested]) or None
                return CovenantCovered(covenant=self.one_of(*covenants(self.facility())), tests=of)
            case 2:
                return ActsCovered(acts=self.some_of(AIMS), of=self.some_or_any(self.facilities))
            case 3:
                return EventsCovered(events=self.some_of(EVENT_KINDS))
            case 4:
                return DefaultsCovered(defaults=tuple({self.default(facility), self.default(facility)}))
            case 5:
                return DisclosedCovered(disclosed_by=self.day())
            case _:
                return PaymentsCovered(
                    payments=self.one_of(PAYMENT_KINDS, self.some_of(PAYMENT_KINDS)),
                    of=self.some_or_any(self.facilities),
                    due=self.some_of({fact.due for fact in missed}) if missed and self.one_in(3) else None,
                    by=self.some_of(("x", "y", "z")) if self.one_in(4) else None,
                )

    def end(self, effective: dt.date) -> WaiverEnd:
        later = self.day(effective + dt.timedelta(days=0 if self.one_in(5) else 1), within=12)
        match self.number(1, 9):
            case 1 | 2:
                at = self.hour()
                return DateEnd(until=later, at=at) if self.one_in(2) else DateEnd(through=later, at=at)
            case 3:
                extension = Extension(
                    condition=f"c{next(self.numbers)}",
                    met_by=later - dt.timedelta(days=1),
                    until=later + dt.timedelta(days=self.number(1, 10)),
                )
                return DateEnd(until=later, extends=extension)
            case 4:
                return BusinessDaysEnd(business_days=self.number(1, 8), calendar=self.one_of("us", "weekdays", "none"))
            case 5:
                return FailedConditionEnd(failed_condition=f"c{next(self.numbers)}", by=later)
            case 6:
                return ActEnd(
                    act=self.some_of(AIMS),
                    by=self.some_or_any(ACTORS),
                    of=self.some_or_any(self.facilities),
                    in_respect_of=self.one_of(None, None, "maturity"),
                )
            case 7:
                return WithWaiverEnd(with_waiver=self.one_of(*GRANTS))
            case 8:
                return UncoveredEventOfDefaultEnd(uncovered_event_of_default=True)
            case _:
                return NoticeEnd(notice=NoticeOfEnd(by=self.one_of(None, ("lender",)), days=self.number(0, 4)))

    def extend(self) -> None:
        grants = self.grants()
        if grants:
            grant = self.one_of(*grants)
            effective = self.day(grant.effective + dt.timedelta(days=1), within=12)
            later = self.day(effective, within=10) + dt.timedelta(days=1)
            self.write(
                WaiverExtended, effective=effective, waiver=grant.grant, **{self.one_of("until", "through"): later}
            )

    def withdraw(self) -> None:
        grants = self.grants()
        if grants:
            grant = self.one_of(*grants)
            effective = self.day(grant.effective + dt.timedelta(days=1), within=12)
            self.write(WaiverWithdrawn, effective=effective, waiver=grant.grant)

    # --- amendments and conditions ---

    def amend(self) -> None:
        free = [name for name in AMENDMENTS if name not in {each.amendment for each in self.written(AmendmentSigned)}]
        if not free:
            return
        facility, effective = self.facility(), self.day()
        amendment = self.write(
            AmendmentSigned,
            effective=effective,
            facility=facility,
            amendment=free[0],
            dated=effective,
            changes=tuple(self.change(facility) for _ in range(self.number(0, 2))),
            conditions=tuple(self.conditions([name for name in AMENDMENTS if name != free[0]], questions=True)),
        )
        for condition in amendment.conditions:
            self.answer(condition.condition, amendment=free[0])

    def change(self, facility: str) -> AnyChange:
        from_ = self.day()
        match self.number(1, 5):
            case 1 | 2:
                return ClauseSet(change="clause", from_=from_, clause=self.clauses(facility, most=1)[0])
            case 3:
                return ClauseDeleted(change="delete_clause", from_=from_, clause=self.one_of(*CLAUSES))
            case 4:
                covenant = Covenant(covenant=self.one_of(*covenants(facility)))
                return CovenantSet(change="covenant", from_=from_, covenant=covenant)
            case _:
                return CovenantDeleted(
                    change="delete_covenant", from_=from_, covenant=self.one_of(*covenants(facility))
                )

    def conditions(self, amendments: Sequence[str], *, questions: bool = False) -> list[Condition]:
        conditions = []
        for _ in range(self.number(0, 2)):
            name = f"c{next(self.numbers)}"
            kind = self.number(1, 3 if questions else 2)
            amendment = self.one_of(*amendments) if kind == 2 else None
            question = self.one_of(*QUESTIONS) if kind == 3 else None
            conditions.append(Condition(condition=name, amendment=amendment, question=question))
        return conditions

    def answer(self, condition: str, **of: str) -> None:
        match self.number(1, 5):
            case 1 | 2 | 3:
                self.write(ConditionSatisfied, effective=self.day(), at=self.hour(), condition=condition, **of)
            case 4:
                self.write(ConditionWaived, effective=self.day(), condition=condition, **of)
            case _:
                pass


def covenants(facility: str) -> tuple[str, str]:
    """The covenants of a facility: no other has any of the same name."""
    return f"{facility}-wc", f"{facility}-nw"


def nearly_matches(end: ActEnd, act: ActTaken) -> bool:
    """Whether an act is of the debt and the actor of a trigger, and not of its aim."""
    return (
        (end.by is None or act.by in end.by)
        and (end.of is None or act.facility in end.of)
        and not set(act.seeks) & set(end.act)
    )


SUBJECTS: dict[str, tuple[Callable[[Writer], None], ...]] = {
    "payments": (Writer.miss, Writer.miss),
    "other causes": (Writer.breach, Writer.happen, Writer.declare),
    "cures": (Writer.accept_cure, Writer.notify_cure, Writer.notify),
    "acts": (Writer.act,),
    "waivers": (Writer.grant, Writer.grant, Writer.grant),
    "changes of waivers": (Writer.extend, Writer.withdraw, Writer.decide),
    "amendments": (Writer.amend, Writer.amend),
    "terms": (Writer.state_terms, Writer.close),
}
"""What facts may be about; a subject that is written more often stands here more often."""


@st.composite
def logs(draw: st.DrawFn, subjects: Iterable[str] = tuple(SUBJECTS)) -> Log:
    """A log of 2 to 4 facilities, with corrections at its end."""
    writer = Writer(draw)
    ways = [way for subject in subjects for way in SUBJECTS[subject]]
    for _ in range(draw(st.integers(2, 14))):
        draw(st.sampled_from(ways))(writer)
    facts = [of_any_standing(writer, fact) for fact in draw(st.permutations(writer.facts))]
    log = in_an_order_that_is_accepted([*writer.openings, *facts])
    corrections = [correction(writer, log) for _ in range(draw(st.integers(0, 2)))]
    return in_an_order_that_is_accepted([*(each.fact for each in log), *corrections])


def of_any_standing(writer: Writer, fact: FirstHandFact) -> FirstHandFact:
    """A fact, now and then inferred or recited instead of stated."""
    return fact.model_copy(update={"standing": writer.one_of("inferred", "recited")}) if writer.one_in(15) else fact


def correction(writer: Writer, log: Log) -> Fact:
    """A fact of a log voided, or replaced by one that says something else."""
    wrong = writer.one_of(*log)
    if writer.one_in(2) or isinstance(wrong.fact, FactVoided | FactReplaced):
        return FactVoided(position=wrong.position, reason="never so")
    right = wrong.fact.model_copy(update={**corrected(writer, wrong.fact), "known_at": None})
    return FactReplaced(position=wrong.position, by=right, reason="not so")


def corrected(writer: Writer, fact: FirstHandFact) -> dict[str, Any]:
    """What a fact should have said; most often another date."""
    match fact:
        case FacilityOpened():
            return {"clauses": fact.clauses[1:]}
        case WaiverGranted() | ForbearanceGranted():
            return {"ends": fact.ends[:-1]}
        case ActTaken():
            return {"accelerates": not fact.accelerates}
        case _:
            return {"effective": writer.day(fact.effective, within=3)}


def in_an_order_that_is_accepted(facts: Iterable[Fact]) -> Log:
    """A log of these facts in their order, but that a fact which is refused is tried again after the others."""
    records, register, waiting = list[Recorded](), Register(), list(facts)
    while waiting:
        refused = [fact for fact in waiting if not accept(fact, register, records)]
        if refused == waiting:
            break
        waiting = refused
    return tuple(records)


def accept(fact: Fact, register: Register, records: list[Recorded]) -> bool:
    """Put a fact at the end of a log; not one that is refused. Whether it was put there."""
    try:
        register.decide(fact)
    except Rejected:
        return False
    records.append(recorded(len(records) + 1, fact))
    register.after(len(records), fact)
    return True
