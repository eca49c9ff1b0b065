"""What makes a debt due before its time, what lifts that, and how a facility is closed."""

import pytest

from tests.projections.asking import around, defaults, facility, legal, on, payment
from tests.spec import given


def notes(clause: str = "{clause: own, kind: payment}", principal: str = "1000.00") -> str:
    return f"""
- {{event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill],
   principal: "{principal}", clauses: [{clause}]}}
"""


MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, amount: "90.00"}
"""


def accelerated(day: str = "2001-06-01", act: str = "notice", rest: str = "accelerates: true") -> str:
    return f"""
- {{event: ActTaken, facility: notes, act: {act}, effective: {day}, by: holder, seeks: acceleration, {rest}}}
"""


def annulled(day: str = "2001-07-01", act: str = "notice") -> str:
    return f"- {{event: AccelerationAnnulled, facility: notes, act: {act}, effective: {day}}}\n"


WAIVED = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-06-15, reaches: [event_of_default],
   covers: [{payments: interest}, {acts: [acceleration]}], ends: [{until: 2001-12-01}]}
"""


# --- by an act -------------------------------------------------------------------------------------------------------


def test_an_act_that_made_the_debt_due_accelerates_it_from_its_date() -> None:
    given(notes(), MISSED, accelerated()).when(around("2001-06-01", legal("notes"))).then(
        ("event_of_default", "accelerated", "accelerated")
    )


@pytest.mark.parametrize("rest", ["accelerates: false", "party: a holder"])
def test_an_act_that_only_seeks_acceleration_makes_nothing_due(rest: str) -> None:
    given(notes(), MISSED, accelerated(rest=rest)).when(around("2001-06-01", legal("notes"))).then(
        ("event_of_default",) * 3
    )


def test_an_act_on_a_part_of_the_debt_accelerates_it() -> None:
    part = accelerated(rest='accelerates: true, amount: "10.00"')
    given(notes(), part).when(around("2001-06-01", legal("notes"))).then(("no_default", "accelerated", "accelerated"))


def test_an_acceleration_annulled_leaves_what_there_was_without_it() -> None:
    record = given(notes(), MISSED, accelerated(), annulled())
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated", "event_of_default", "event_of_default"))


def test_of_two_accelerations_each_has_to_be_annulled() -> None:
    record = given(notes(), MISSED, accelerated(), accelerated("2001-06-10", "second"), annulled())
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated",) * 3)
    record.when(
        on("2001-07-01", lambda seen: [r.position for r in facility("notes")(seen).because if r.event == "ActTaken"])
    ).then([4])


def test_an_act_annulled_on_its_own_day_never_made_anything_due() -> None:
    given(notes(), MISSED, accelerated(), annulled("2001-06-01")).when(around("2001-06-01", legal("notes"))).then(
        ("event_of_default",) * 3
    )


def test_withdrawing_the_act_lifts_no_acceleration() -> None:
    withdrawn = "- {event: ActWithdrawn, act: notice, effective: 2001-07-01}"
    given(notes(), accelerated(), withdrawn).when(around("2001-07-01", legal("notes"))).then(("accelerated",) * 3)


def test_a_waiver_alone_lifts_no_acceleration() -> None:
    record = given(notes(), MISSED, accelerated(), WAIVED)
    record.when(around("2001-06-15", legal("notes"))).then(("accelerated",) * 3)
    record.when(on("2001-06-15", defaults("notes"))).then({"notes/own/notes/interest/2001-05-10": "waived"})


def test_an_acceleration_annulled_under_a_waiver_leaves_it_waived() -> None:
    record = given(notes(), MISSED, accelerated(), WAIVED, annulled())
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated", "waived", "waived"))


@pytest.mark.parametrize(
    "paid",
    [
        '- {event: PaymentMade, facility: notes, effective: 2001-07-01, of: principal, amount: "1000.00"}',
        '- {event: BalanceStated, facility: notes, effective: 2001-07-01, principal: "0.00"}',
    ],
)
def test_payment_of_the_whole_debt_lifts_an_acceleration(paid: str) -> None:
    record = given(notes(), accelerated(), paid)
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated", "no_default", "no_default"))


def test_payment_of_a_part_lifts_none() -> None:
    part = '- {event: PaymentMade, facility: notes, effective: 2001-07-01, of: principal, amount: "999.99"}'
    given(notes(), accelerated(), part).when(around("2001-07-01", legal("notes"))).then(("accelerated",) * 3)


@pytest.mark.parametrize(
    "paid",
    [
        '{of: principal, amount: "400.00"}',
        '{amount: "490.00"}',  # 90.00 of it goes to the interest that was missed
    ],
)
def test_payment_of_what_was_made_due_lifts_the_acceleration_of_a_part(paid: str) -> None:
    part = accelerated(rest='accelerates: true, party: a holder, amount: "400.00"')
    payment = f"- {{event: PaymentMade, facility: notes, effective: 2001-07-01, {paid[1:-1]}}}\n"
    record = given(notes("{clause: own, kind: payment, heals: automatically}"), MISSED, part, payment)
    record.when(around("2001-07-01", lambda seen: legal("notes")(seen) == "accelerated")).then((True, False, False))
    whole = given(notes(), MISSED, accelerated(), payment)
    whole.when(on("2001-07-02", legal("notes"))).then("accelerated")


def test_what_was_paid_before_a_part_was_made_due_and_less_than_the_part_lift_nothing() -> None:
    part = accelerated(rest='accelerates: true, amount: "400.00"')
    early = '- {event: PaymentMade, facility: notes, effective: 2001-05-31, of: principal, amount: "400.00"}\n'
    less = '- {event: PaymentMade, facility: notes, effective: 2001-07-01, of: principal, amount: "399.99"}\n'
    last = '- {event: PaymentMade, facility: notes, effective: 2001-08-01, of: principal, amount: "0.01"}\n'
    record = given(notes(), part, early, less, last)
    record.when(around("2001-08-01", legal("notes"))).then(("accelerated", "no_default", "no_default"))


@pytest.mark.parametrize(
    ("amount", "crosses"), [(', amount: "400.00"', False), (', amount: "400.01"', True), ("", True)]
)
def test_one_holders_acceleration_of_its_own_notes_crosses_above_the_threshold_by_what_it_made_due(
    amount: str, crosses: bool
) -> None:
    line = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: called, kind: cross_acceleration, of: [notes], threshold: "400.00"}]}
"""
    act = accelerated(rest=f"party: a holder, accelerates: true{amount}")
    after = "event_of_default" if crosses else "no_default"
    given(notes(), line, act).when(around("2001-06-01", legal("line"))).then(("no_default", after, after))


# --- annulment with conditions ---------------------------------------------------------------------------------------


def rescinded(*conditions: str, of: str = "act: notice", day: str = "2001-07-01") -> str:
    return (
        f"- {{event: AccelerationAnnulled, facility: notes, {of}, annulment: rescission, effective: {day},"
        f" conditions: [{', '.join(conditions)}]}}\n"
    )


def meets(condition: str, day: str, event: str = "ConditionSatisfied") -> str:
    return f"- {{event: {event}, annulment: rescission, condition: {condition}, effective: {day}}}\n"


HEALING = "{clause: own, kind: payment, heals: automatically}"
PAID = '- {event: PaymentMade, facility: notes, effective: 2001-08-01, of: interest, amount: "90.00"}\n'
EXPENSES = "{condition: expenses, text: the trustee's expenses are paid}"
NO_OTHER = "{condition: no-other, question: no_event_of_default_after_giving_effect}"


@pytest.mark.parametrize("event", ["ConditionSatisfied", "ConditionWaived"])
def test_a_conditional_annulment_lifts_an_acceleration_when_its_last_condition_is_met(event: str) -> None:
    record = given(notes(HEALING), MISSED, accelerated(), rescinded(EXPENSES), meets("expenses", "2001-07-20", event))
    record.when(on("2001-07-01", legal("notes"))).then("accelerated")
    record.when(around("2001-07-20", legal("notes"))).then(("accelerated", "event_of_default", "event_of_default"))


def test_an_annulment_may_wait_until_no_other_event_of_default_is_left() -> None:
    record = given(notes(HEALING), MISSED, accelerated(), rescinded(NO_OTHER), PAID)
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated",) * 3)
    record.when(around("2001-08-01", legal("notes"))).then(("accelerated", "no_default", "no_default"))
    given(notes(HEALING), MISSED, accelerated(), rescinded(NO_OTHER)).when(on("2009-01-01", legal("notes"))).then(
        "accelerated"
    )


def test_a_question_of_an_annulment_is_asked_once_all_else_is_met_and_waived_by_a_waiver_of_it_alone() -> None:
    late = [rescinded(NO_OTHER, EXPENSES), PAID, meets("expenses", "2001-08-20")]
    given(notes(HEALING), MISSED, accelerated(), *late).when(around("2001-08-20", legal("notes"))).then(
        ("accelerated", "no_default", "no_default")
    )
    for event, after in [("ConditionSatisfied", "accelerated"), ("ConditionWaived", "event_of_default")]:
        record = given(notes(), MISSED, accelerated(), rescinded(NO_OTHER), meets("no-other", "2001-07-20", event))
        record.when(around("2001-07-20", legal("notes"))).then(("accelerated", after, after))


def test_a_conditional_annulment_heals_a_cross_acceleration_on_the_day_it_holds() -> None:
    line = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: called, kind: cross_acceleration, of: [notes], heals: automatically}]}
"""
    record = given(notes(HEALING), line, MISSED, accelerated(), rescinded(NO_OTHER), PAID)
    record.when(around("2001-08-01", legal("line"))).then(("event_of_default", "no_default", "no_default"))


# --- by a clause -----------------------------------------------------------------------------------------------------


CALLING = "{clause: own, kind: payment, grace: {days: 5}, heals: automatically, accelerates: true}"


def test_a_clause_that_accelerates_makes_the_debt_due_with_its_event_of_default_and_not_before() -> None:
    given(notes(CALLING), MISSED).when(around("2001-05-15", legal("notes"))).then(
        ("default", "accelerated", "accelerated")
    )


def test_an_event_of_default_waived_from_its_first_day_makes_nothing_due_until_the_waiver_ends() -> None:
    record = given(notes(CALLING), MISSED, WAIVED.replace("2001-06-15", "2001-05-15"))
    record.when(around("2001-05-15", legal("notes"))).then(("default", "waived", "waived"))
    record.when(around("2001-12-01", legal("notes"))).then(("waived", "accelerated", "accelerated"))


def test_what_a_clause_made_due_stays_due_though_its_event_of_default_is_waived_or_heals() -> None:
    healed = '- {event: PaymentMade, facility: notes, effective: 2001-07-01, of: interest, amount: "90.00"}'
    for fact in (WAIVED, healed):
        given(notes(CALLING), MISSED, fact).when(on("2001-11-30", legal("notes"))).then("accelerated")


def test_what_a_clause_made_due_is_due_no_longer_once_the_debt_is_paid() -> None:
    paid = """
- {event: PaymentMade, facility: notes, effective: 2001-07-01, of: interest, amount: "90.00"}
- {event: PaymentMade, facility: notes, effective: 2001-08-01, of: principal, amount: "1000.00"}
"""
    given(notes(CALLING), MISSED, paid).when(around("2001-08-01", legal("notes"))).then(
        ("accelerated", "no_default", "no_default")
    )


CALLED_BY_CLAUSE = "- {event: AccelerationAnnulled, facility: notes, clause: CLAUSE, effective: DAY}\n"


@pytest.mark.parametrize(
    ("clause", "day", "after"),
    [
        ("own", "2001-07-01", "event_of_default"),
        ("other", "2001-07-01", "accelerated"),
        ("own", "2001-05-14", "accelerated"),
    ],
)
def test_what_a_clause_made_due_is_annulled_by_its_name_and_falls_due_no_more_by_the_same_default(
    clause: str, day: str, after: str
) -> None:
    annulment = CALLED_BY_CLAUSE.replace("CLAUSE", clause).replace("DAY", day)
    record = given(notes(CALLING), MISSED, annulment)
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated" if day > "2001-06" else after, after, after))
    record.when(on("2009-01-01", legal("notes"))).then(after)


def test_a_later_default_under_a_clause_makes_the_debt_due_again_after_an_annulment() -> None:
    again = MISSED.replace("05-10", "08-10")
    record = given(
        notes(CALLING), MISSED, CALLED_BY_CLAUSE.replace("CLAUSE", "own").replace("DAY", "2001-07-01"), again
    )
    record.when(around("2001-08-15", legal("notes"))).then(("event_of_default", "accelerated", "accelerated"))


def test_what_a_clause_made_due_may_be_annulled_once_its_event_of_default_is_gone() -> None:
    line = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: called, kind: cross_acceleration, of: [notes], heals: automatically}]}
"""
    annulment = rescinded(NO_OTHER, of="clause: own", day="2001-05-15")
    record = given(notes(CALLING), line, MISSED, annulment, PAID)
    record.when(around("2001-08-01", legal("notes"))).then(("accelerated", "no_default", "no_default"))
    record.when(around("2001-08-01", legal("line"))).then(("event_of_default", "no_default", "no_default"))
    record.when(
        on("2001-08-01", lambda seen: [r.event for r in facility("notes")(seen).because if "Ann" in r.event])
    ).then(["AccelerationAnnulled"])


# --- opening and closing ---------------------------------------------------------------------------------------------


def test_a_facility_is_not_open_before_its_opening() -> None:
    given(notes()).when(around("2001-01-01", legal("notes"))).then(("not_open", "no_default", "no_default"))


@pytest.mark.parametrize("ground", ["terminated", "not_renewed", "paid", "exchanged"])
def test_a_recorded_termination_closes_a_facility_whatever_else_there_is(ground: str) -> None:
    closed = f"- {{event: FacilityTerminated, facility: notes, effective: 2001-07-01, ground: {ground}}}"
    record = given(notes(), MISSED, accelerated(), closed)
    record.when(around("2001-07-01", legal("notes"))).then(("accelerated", "closed", "closed"))


def test_a_term_that_passes_closes_nothing() -> None:
    ends = notes().replace("principal:", "term_ends: 2001-07-01, principal:")
    given(ends).when(around("2001-07-01", legal("notes"))).then(("no_default",) * 3)


def test_a_facility_terminated_and_unpaid_still_owes_what_was_missed() -> None:
    closed = "- {event: FacilityTerminated, facility: notes, effective: 2001-07-01, ground: terminated}"
    given(notes(), MISSED, closed).when(around("2001-07-01", payment("notes"))).then(("past_due",) * 3)
