"""A derivation that goes on from another is, byte for byte, the one that is derived from the first day on."""

import datetime as dt
import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as having
from hypothesis import strategies as st

from ledger.decisions import Register
from ledger.facts import Fact, FactReplaced, FactVoided
from ledger.records import Prefix
from ledger.rejected import Rejected
from projections.report import report
from projections.view import Derivation, View
from tests.projections.asking import prefix
from tests.projections.groups import DAYS, records
from tests.spec import facts, log

thorough = settings(
    max_examples=2_000 if os.environ.get("ASOF_NIGHTLY") else 25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def whole(of: Prefix) -> Derivation:
    return Derivation(of, "inferred", None)


def going_on(of: Prefix, like: Derivation) -> Derivation:
    return Derivation(of, "inferred", None, like)


def same(gone_on: Derivation, derived: Derivation) -> None:
    """Whether everything that is derived is the same, in every order; and all that is answered from it."""
    assert list(gone_on.timelines) == list(derived.timelines)
    for name, timeline in derived.timelines.items():
        other = gone_on.timelines[name]
        for part in ("world", "in_effect", "roots", "terms", "untested"):
            assert getattr(other, part) == getattr(timeline, part), part
        assert repr(other.days) == repr(timeline.days)
    for day in sorted({day.day for timeline in derived.timelines.values() for day in timeline.days}):
        assert report(View(gone_on, day)).as_json() == report(View(derived, day)).as_json()


@st.composite
def corrected(draw: st.DrawFn, written: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """A record in which some facts are voided, and some replaced by themselves on another day."""
    register, taken = Register(), list(written)
    for position, fact in enumerate(written, start=1):
        register.after(position, fact)
    for _ in range(draw(st.integers(0, 3))):
        position = draw(st.integers(4, len(written)))
        wrong: Fact = FactVoided(position=position, reason="Never was")
        if draw(st.booleans()):
            moved = {"effective": dt.date.fromisoformat(draw(st.sampled_from(DAYS)))}
            by = written[position - 1].model_copy(update=moved)
            wrong = FactReplaced(position=position, reason="Another day", by=by)  # type: ignore[arg-type]  # no correction
        try:
            register.decide(wrong)
        except Rejected:
            continue
        taken.append(wrong)
        register.after(len(taken), wrong)
    return tuple(taken)


@thorough
@having(st.data())
def test_a_derivation_that_goes_on_is_the_one_from_the_first_day(data: st.DataObject) -> None:
    entries = log(*data.draw(corrected(data.draw(records()))))
    first, second = (data.draw(st.integers(4, len(entries))) for _ in range(2))
    one, two, three = (prefix(entries[:count]) for count in (first, second, len(entries)))
    once = going_on(two, whole(one))
    same(once, whole(two))
    same(going_on(three, once), whole(three))


RECORD = """
- {event: FacilityOpened, facility: a, effective: 2001-01-01, name: A, borrowers: [mill], principal: "1000.00",
   interest_paid_to: 2001-01-01, day_count: actual/360, rate: {options: {p: {index: prime}}, default: {uplift: "0.02"}},
   clauses: [{clause: own, kind: payment, heals: automatically}, {clause: tests, kind: covenant, of: [ratio]}]}
- {event: FacilityOpened, facility: b, effective: 2001-01-01, name: B, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_default, of: [a], threshold: "500.00"},
             {clause: called, kind: cross_acceleration, of: any}, {clause: ruin, kind: event}]}
- {event: FacilityOpened, facility: apart, effective: 2001-01-01, name: Apart, borrowers: [other]}
- {event: IndexFixed, index: prime, effective: 2001-01-01, rate: "0.05"}
- {event: PaymentMissed, facility: a, effective: 2001-02-01, of: interest, due: 2001-02-01, amount: "10.00"}
- {event: WaiverGranted, facility: b, waiver: w, effective: 2001-02-01, reaches: [event_of_default],
   covers: [{payments: interest}, {disclosed_by: 2001-03-01}],
   ends: [{until: 2001-12-01, extends: {condition: letter, met_by: 2001-10-01, until: 2002-01-01}},
          {act: enforcement, of: [a]}, {notice: {days: 5}}]}
- {event: CovenantTested, facility: a, covenant: ratio, test_date: 2001-03-31, met: false, effective: 2001-04-10}
- {event: WaiverExtended, waiver: w, until: 2001-12-15, effective: 2001-04-15}
- {event: NoticeGiven, facility: b, of: w, effective: 2001-11-01}
"""
AMENDED = """{event: AmendmentSigned, facility: a, amendment: m, dated: 2001-05-01, effective: 2001-05-01,
   changes: [{change: delete_covenant, from: 2001-03-01, covenant: ratio}]"""


@pytest.mark.parametrize(
    "later",
    [
        '{event: PaymentMade, facility: a, of: interest, amount: "10.00", effective: 2001-05-01}',
        '{event: PaymentMade, facility: a, amount: "800.00", effective: 2001-05-01}',
        '{event: BalanceStated, facility: a, principal: "400.00", interest_paid_to: 2001-01-15, effective: 2001-05-01}',
        "{event: PaymentMissed, facility: a, effective: 2001-05-01, of: interest, due: 2001-01-15}",
        "{event: PaymentMissed, facility: a, effective: 2001-05-01, of: interest, due: 2001-02-01}",
        "{event: WaiverExtended, waiver: w, until: 2002-01-01, effective: 2001-05-01}",
        "{event: WaiverWithdrawn, waiver: w, effective: 2001-05-01}",
        "{event: ConditionSatisfied, waiver: w, condition: letter, effective: 2001-09-01}",
        "{event: NoticeGiven, facility: b, of: cross, effective: 2001-05-01, received: 2001-02-10}",
        "{event: ActTaken, facility: a, act: suit, by: holder, seeks: enforcement, effective: 2001-06-01}",
        "{event: ActTaken, facility: a, act: due, by: holder, seeks: acceleration, accelerates: true,"
        " effective: 2001-06-01}",
        "{event: IndexFixed, index: prime, effective: 2001-01-15, rate: '0.06'}",
        "{event: FacilityTerminated, facility: a, ground: paid, effective: 2001-05-01}",
        "{event: FacilityOpened, facility: c, effective: 2001-05-01, name: C, borrowers: [mill]}",
        f"{AMENDED}}}",
        f"{AMENDED}, conditions: [{{condition: q, question: no_event_of_default_after_giving_effect}}]}}",
        "{event: TermsStated, facility: b, effective: 2001-05-01, clauses: [{clause: x, kind: cross_payment}]}",
        "{event: CovenantTested, facility: a, covenant: ratio, test_date: 2001-03-31, met: true,"
        " effective: 2001-05-01}",
        "{event: EventOccurred, party: mill, kind: insolvency, effective: 2001-05-01}",
        "{event: OfferLaunched, offer: swap, old: a, effective: 2001-05-01, through: 2001-06-01,"
        " new: {facility: c, name: C, borrowers: [mill]}}",
        "{event: DocumentFiled, document: paper, title: A paper, effective: 2001-05-01}",
        "{event: FactVoided, position: 5, reason: Paid in time}",
        "{event: FactVoided, position: 6, reason: Never granted}",
        "{event: FactVoided, position: 9, reason: Never sent}",
        "{event: FactReplaced, position: 7, reason: It was met, by: {event: CovenantTested, facility: a, "
        "covenant: ratio, test_date: 2001-03-31, met: true, effective: 2001-04-10}}",
    ],
)
def test_every_kind_of_later_fact_reaches_as_far_back_as_it_does(later: str) -> None:
    entries = log(*facts(f"{RECORD}- {later}"))
    without, with_it = prefix(entries[:-1]), prefix(entries)
    same(going_on(with_it, whole(without)), whole(with_it))
    same(going_on(without, whole(with_it)), whole(without))


def test_what_nothing_can_differ_in_is_taken_over_as_it_is() -> None:
    suit = "- {event: ActTaken, facility: a, act: s, by: holder, seeks: enforcement, effective: 2001-06-01}"
    entries = log(*facts(RECORD + suit))
    base = whole(prefix(entries[:-1]))
    gone_on = going_on(prefix(entries), base)
    assert gone_on.timelines["apart"] is base.timelines["apart"]
    mine, others = gone_on.timelines["a"], base.timelines["a"]
    assert mine.books["b"] is others.books["b"]
    before, after = ([day for day in mine.days if (day.day < dt.date(2001, 6, 1)) is early] for early in (True, False))
    assert before
    assert all(any(day is other for other in others.days) for day in before)
    assert after
    assert not any(day is other for other in others.days for day in after)
