"""What an answer cites: what ended a waiver, healed a Default, made a debt due; and from when to when it holds."""

import pytest

from projections.answer import Step
from projections.story import explain, timeline_rows
from projections.view import View
from tests.projections.asking import Question, around, ended, facility, findings, legal, on, on_days, waiver
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill]}
"""
LINE = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], holders: [fund],
   trustee: agent, clauses: [{clause: cross, kind: cross_payment, of: [notes], heals: HEALS}]}
"""
MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, amount: "9.00"}
"""


def line(heals: str = "automatically") -> str:
    return LINE.replace("HEALS", heals)


def waived(*ends: str, name: str = "w", rest: str = "") -> str:
    return f"""
- {{event: WaiverGranted, facility: line, waiver: {name}, effective: 2001-06-01, reaches: [default, event_of_default],
   covers: [{{payments: interest}}], ends: [{", ".join(ends)}]{rest}}}
"""


def suit(act: str = "suit", rest: str = "seeks: enforcement") -> str:
    return f"- {{event: ActTaken, facility: notes, act: {act}, effective: 2001-07-01, by: holder, {rest}}}\n"


def waiver_because(name: str = "w") -> Question[list[int]]:
    def asked(seen: View) -> list[int]:
        (found,) = [each for each in facility("line")(seen).waivers if each.waiver == name]
        return [reason.position for reason in found.because]

    return asked


def default_because(debt: str = "line") -> Question[list[list[int]]]:
    return lambda seen: [[reason.position for reason in each.because] for each in facility(debt)(seen).defaults]


# --- waivers ---------------------------------------------------------------------------------------------------------


def test_a_rescission_by_decision_cites_the_decision() -> None:
    decided = "- {event: TriggerDecided, waiver: w, act: suit, ends: true, effective: 2001-07-01}\n"
    grant = waived("{act: acceleration, of: [notes]}")
    given(NOTES, line(), MISSED, grant, suit(), decided).when(on("2001-07-01", waiver_because())).then([4, 5, 6])


def test_a_decision_about_one_act_or_one_waiver_decides_no_other() -> None:
    trigger = "{act: acceleration, of: [notes]}"
    other_act = suit("letter", "seeks: remedies") + (
        "- {event: TriggerDecided, waiver: w, act: letter, ends: true, effective: 2001-07-01}\n"
    )
    later = other_act.replace("2001-07-01", "2001-08-01")
    given(NOTES, line(), MISSED, waived(trigger), suit(), later).when(around("2001-08-01", waiver("w"))).then(
        ("in_force", "rescinded", "rescinded")
    )
    other_waiver = "- {event: TriggerDecided, waiver: w2, act: suit, ends: true, effective: 2001-07-01}\n"
    both = [waived(trigger), waived(trigger, name="w2")]
    given(NOTES, line(), MISSED, *both, suit(), other_waiver).when(on("2001-07-01", waiver("w"))).then("in_force")


@pytest.mark.parametrize(
    ("by", "sender", "ends"),
    [("holder", "fund", True), ("trustee", "agent", True), ("holder", "agent", False), ("trustee", "fund", False)],
)
def test_a_notice_comes_from_a_holder_or_a_trustee_by_name(by: str, sender: str, ends: bool) -> None:
    notice = f"- {{event: NoticeGiven, facility: line, effective: 2001-07-01, of: w, from: {sender}}}\n"
    record = given(NOTES, line(), MISSED, waived(f"{{notice: {{by: [{by}]}}}}"), notice)
    record.when(on("2001-07-01", waiver("w"))).then("ended" if ends else "in_force")


@pytest.mark.parametrize(("hour", "state"), [("16:59", "rescinded"), ("17:00", "expired")])
def test_an_end_that_moved_keeps_its_hour_and_cites_what_moved_it(hour: str, state: str) -> None:
    end = (
        '{until: 2001-06-20, at: "17:00 America/Chicago", extends: {condition: letter, met_by: 2001-06-15, until: '
        "2001-07-01}}"
    )
    met = "- {event: ConditionSatisfied, waiver: w, condition: letter, effective: 2001-06-15}\n"
    act = suit(rest=f'seeks: enforcement, at: "{hour} America/Chicago"')
    record = given(NOTES, line(), MISSED, waived(end, "{act: enforcement, of: [notes]}"), met, act)
    record.when(around("2001-07-01", waiver("w"))).then(("in_force", state, state))
    given(NOTES, line(), MISSED, waived(end), met).when(on("2001-07-01", waiver_because())).then([4, 5])


OTHER = waived("{until: 2001-07-01}", name="w2", rest=", revival: prospective")


@pytest.mark.parametrize(
    ("end", "more"),
    [
        ("{until: 2001-07-01, revival: REVIVAL}", ""),
        (
            "{until: 2001-06-15, revival: REVIVAL}",
            "- {event: WaiverExtended, waiver: w, effective: 2001-06-10, until: 2001-07-01}\n",
        ),
        ("{notice: {}, revival: REVIVAL}", "- {event: NoticeGiven, facility: line, effective: 2001-07-01, of: w}\n"),
        ("{act: enforcement, of: [notes], revival: REVIVAL}", suit()),
        ("{failed_condition: x, by: 2001-06-30, revival: REVIVAL}", ""),
        (
            "{uncovered_event_of_default: true, revival: REVIVAL}",
            "- {event: PaymentMissed, facility: notes, effective: 2001-07-01, of: fee, due: 2001-07-01}\n",
        ),
        (
            "{with_waiver: w2, revival: REVIVAL}",
            waived("{until: 2001-07-01}", name="w2", rest=", revival: prospective"),
        ),
    ],
)
def test_each_end_has_its_own_revival_where_it_says_one(end: str, more: str) -> None:
    for own, whole, asks in [("not_stated", "prospective", 1), ("prospective", "not_stated", 0)]:
        grant = waived(end.replace("REVIVAL", own), rest=f", revival: {whole}")
        record = given(NOTES, line(), MISSED, grant + more)
        record.when(on("2001-07-01", lambda seen: ended("w")(seen)[0])).then("2001-07-01")
        record.when(on("2001-12-31", lambda seen: len(findings("revival_not_stated")(seen)))).then(asks)


def test_a_waiver_cites_what_moved_its_end_and_what_kept_it_from_ending() -> None:
    moving = "{until: 2001-07-15, extends: {condition: letter, met_by: 2001-07-01, until: 2001-08-01}}"
    met = "- {event: ConditionSatisfied, waiver: w, condition: CONDITION, effective: 2001-06-15}\n"
    record = given(NOTES, line(), MISSED, waived(moving), met.replace("CONDITION", "letter"))
    record.when(around("2001-06-15", waiver_because())).then(([4], [4, 5], [4, 5]))
    cure = waived("{failed_condition: cure, by: 2001-07-01}")
    record = given(NOTES, line(), MISSED, cure, met.replace("CONDITION", "cure"))
    record.when(around("2001-06-15", waiver_because())).then(([4], [4, 5], [4, 5]))
    extended = "- {event: WaiverExtended, waiver: w, effective: 2001-06-15, until: 2001-08-01}\n"
    record = given(NOTES, line(), MISSED, waived("{until: 2001-07-15}"), extended)
    record.when(around("2001-06-15", waiver_because())).then(([4], [4, 5], [4, 5]))
    spared = suit() + "- {event: TriggerDecided, waiver: w, act: suit, ends: false, effective: 2001-07-01}\n"
    record = given(NOTES, line(), MISSED, waived("{act: acceleration, of: [notes]}"), spared)
    record.when(around("2001-07-01", waiver_because())).then(([4], [4, 6], [4, 6]))


def test_a_default_across_debts_cites_the_clauses_through_which_it_came() -> None:
    record = given(
        NOTES.replace("}", ", clauses: [{clause: own, kind: payment}]}", 1),
        line().replace("cross_payment", "cross_default"),
        """
- {event: FacilityOpened, facility: lease, effective: 2001-01-01, name: Lease, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_default, of: [line]}]}
- {event: FacilityOpened, facility: hedge, effective: 2001-01-01, name: Hedge, borrowers: [mill],
   clauses: [{clause: called, kind: cross_acceleration, of: [lease]}]}
""".replace("of: [line]}", "of: [line], accelerates: true}"),
        MISSED,
    )
    record.when(on("2001-05-10", default_because())).then([[1, 2, 5]])
    record.when(on("2001-05-10", default_because("lease"))).then([[1, 2, 3, 5]])
    record.when(on("2001-05-10", default_because("hedge"))).then([[1, 2, 3, 4, 5]])


# --- Defaults --------------------------------------------------------------------------------------------------------

PAID = '- {event: PaymentMade, facility: notes, effective: 2001-06-01, of: interest, amount: "9.00"}\n'
NOTIFIED = "- {event: CureNotified, facility: line, effective: 2001-06-01, clause: cross}\n"
ACCEPTED = """
- {event: CureAccepted, facility: line, effective: 2001-06-01, default: line/cross/notes/interest/2001-05-10}
"""
CLOSED = "- {event: FacilityTerminated, facility: line, effective: 2001-06-01, ground: paid}\n"


@pytest.mark.parametrize(
    ("heals", "more", "because"),
    [
        ("automatically", PAID, [2, 3, 4]),
        ("on_notice", PAID + NOTIFIED, [2, 3, 4, 5]),
        ("on_waiver", ACCEPTED, [2, 3, 4]),
        ("on_waiver", CLOSED, [2, 3, 4]),
    ],
)
def test_a_default_that_ended_says_when_and_by_what(heals: str, more: str, because: list[int]) -> None:
    record = given(NOTES, line(heals), MISSED, more)
    record.when(around("2001-06-01", lambda seen: str(facility("line")(seen).defaults[0].cured_on))).then(
        ("None", "2001-06-01", "2001-06-01")
    )
    record.when(on("2001-06-01", default_because())).then([because])


def test_a_covenant_met_again_cites_the_test_that_shows_it() -> None:
    tested = "{event: CovenantTested, facility: tests, covenant: leverage, "
    record = given(
        "- {event: FacilityOpened, facility: tests, effective: 2001-01-01, name: T, borrowers: [mill],"
        " clauses: [{clause: own, kind: covenant, heals: automatically}]}\n",
        f"- {tested}effective: 2001-04-15, test_date: 2001-03-31, met: false}}\n",
        f"- {tested}effective: 2001-07-15, test_date: 2001-06-30, met: true}}\n",
    )
    record.when(on("2001-07-15", default_because("tests"))).then([[1, 2, 3]])


def test_of_two_annulments_the_first_counts_in_whatever_order_they_are_recorded() -> None:
    called = suit("call", "seeks: acceleration, accelerates: true")
    annulment = "- {event: AccelerationAnnulled, facility: notes, act: call, effective: DAY}\n"
    annulled = [annulment.replace("DAY", day) for day in ("2001-08-20", "2001-08-10")]
    record = given(NOTES, called, *annulled)
    record.when(around("2001-08-10", legal("notes"))).then(("accelerated", "no_default", "no_default"))


def test_a_debt_that_two_causes_made_due_on_one_day_cites_both_and_crosses_by_both() -> None:
    debts = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill],
   clauses: [{clause: own, kind: payment, accelerates: true}, {clause: tests, kind: covenant, accelerates: true}]}
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: called, kind: cross_acceleration, of: [notes]}]}
- {event: CovenantTested, facility: notes, effective: 2001-05-10, covenant: leverage, test_date: 2001-05-10, met: false}
"""
    record = given(debts, MISSED)
    record.when(around("2001-05-10", legal("notes"))).then(("no_default", "accelerated", "accelerated"))
    record.when(on("2001-05-10", lambda seen: [each.default for each in facility("line")(seen).defaults])).then(
        ["line/called/leverage/2001-05-10", "line/called/notes/interest/2001-05-10"]
    )
    record.when(on("2001-05-10", lambda seen: facility("notes")(seen).because[0].position)).then(1)
    record.when(
        on("2001-05-10", lambda seen: seen.timelines["notes"].on(seen.as_of).accelerations["notes"].positions)
    ).then((4, 1, 3, 1))


# --- from when to when -----------------------------------------------------------------------------------------------


def test_a_status_holds_since_its_first_day_and_until_the_next_one_begins() -> None:
    record = given(NOTES, line(), MISSED, waived("{until: 2001-07-01}"))

    def span(seen: View) -> tuple[str, str]:
        answer = facility("line")(seen)
        return str(answer.since), str(answer.until)

    record.when(around("2001-06-01", span)).then(
        (("2001-05-10", "None"), ("2001-06-01", "2001-07-01"), ("2001-06-01", "2001-07-01"))
    )
    record.when(on("2000-12-31", span)).then(("None", "None"))
    record.when(on("2001-01-01", lambda seen: seen.timelines["line"].segments("line")[0][1])).then("no_default")


# --- papers that let others take effect, and what lifts an acceleration ----------------------------------------------


def amended(amendment: str, debt: str, day: str, *conditions: str) -> str:
    return f"""
- {{event: AmendmentSigned, facility: {debt}, amendment: {amendment}, effective: {day}, dated: {day},
   changes: [{{change: term_ends, from: {day}, term_ends: 2003-01-01}}], conditions: [{", ".join(conditions)}]}}
"""


def amendment_because(debt: str = "line") -> Question[list[int]]:
    return lambda seen: [reason.position for reason in facility(debt)(seen).amendments[0].because]


def test_an_amendment_that_waits_for_its_twin_cites_it_once_it_is_in_effect_and_what_the_twin_rests_on() -> None:
    twins = amended("of-line", "line", "2001-07-01", "{condition: twin, amendment: of-notes}") + amended(
        "of-notes", "notes", "2001-07-01", "{condition: twin, amendment: of-line}", "{condition: opinion}"
    )
    met = "- {event: ConditionSatisfied, amendment: of-notes, condition: opinion, effective: 2001-07-15}\n"
    record = given(NOTES, line(), twins, met)
    record.when(around("2001-07-15", amendment_because())).then(([3], [3, 4, 5], [3, 4, 5]))
    record.when(around("2001-07-15", amendment_because("notes"))).then(([4], [3, 4, 5], [3, 4, 5]))


QUESTION = "{condition: clean, question: no_event_of_default_after_giving_effect}"


def test_an_amendment_cites_the_waiver_that_let_its_question_pass() -> None:
    asked = amended("first", "line", "2001-05-20", QUESTION)
    record = given(NOTES, line(), MISSED, asked, waived("{until: 2001-09-01}", rest=", conditions: [{condition: fee}]"),
        "- {event: ConditionSatisfied, waiver: w, condition: fee, effective: 2001-06-10}\n")  # fmt: skip
    record.when(around("2001-06-10", amendment_because())).then(([4], [4, 5, 6], [4, 5, 6]))
    record.when(on("2001-12-31", amendment_because())).then([4, 5, 6])


def test_an_amendment_cites_the_cure_since_its_signing_that_let_its_question_pass() -> None:
    asked = amended("first", "line", "2001-05-20", QUESTION)
    record = given(NOTES, line(), MISSED, asked, PAID)
    record.when(around("2001-06-01", amendment_because())).then(([4], [4, 5], [4, 5]))
    later = amended("first", "line", "2001-06-02", QUESTION)
    given(NOTES, line(), MISSED, PAID, later).when(on("2001-06-02", amendment_because())).then([5])


def test_a_waiver_that_waits_for_an_amendment_cites_the_papers_that_one_waits_for() -> None:
    papers = amended("of-line", "line", "2001-07-01", "{condition: twin, amendment: of-notes}") + amended(
        "of-notes", "notes", "2001-07-10"
    )
    grant = waived("{until: 2001-09-01}", rest=", conditions: [{condition: of-line, amendment: of-line}]")
    record = given(NOTES, line(), MISSED, papers, grant)
    record.when(around("2001-07-10", waiver_because())).then(([6], [4, 5, 6], [4, 5, 6]))


CALLED = suit("call", "seeks: acceleration, accelerates: true")


def row_because(debt: str) -> Question[list[list[int]]]:
    return lambda seen: [[reason.position for reason in row.because] for row in timeline_rows(seen, debt)]


def test_a_debt_whose_acceleration_was_annulled_cites_the_annulment_and_its_conditions() -> None:
    annulled = """
- {event: AccelerationAnnulled, facility: notes, act: call, effective: 2001-08-01, annulment: peace,
   conditions: [{condition: fee}]}
- {event: ConditionSatisfied, annulment: peace, condition: fee, effective: 2001-08-10}
"""
    record = given(NOTES, CALLED, annulled)
    record.when(on("2001-12-31", row_because("notes"))).then([[1], [1, 2], [1, 3, 4]])
    record.when(
        around("2001-08-10", lambda seen: [reason.position for reason in facility("notes")(seen).because])
    ).then(([1, 2], [1, 3, 4], [1, 3, 4]))


def test_a_stretch_of_time_tells_and_cites_each_waiver_that_took_over_within_it() -> None:
    newer = waived("{until: 2001-10-01}", name="v", rest=", supersedes: [w]").replace("2001-06-01", "2001-07-01")
    record = given(NOTES, line(), MISSED, waived("{until: 2001-09-01}"), newer)
    rows = on("2001-12-31", lambda seen: [(str(row.from_), row.why) for row in timeline_rows(seen, "line")])
    record.when(rows).then(
        [
            ("2001-01-01", "no Default that counts"),
            ("2001-05-10", "notes/interest/2001-05-10: uncovered"),
            ("2001-06-01", "notes/interest/2001-05-10: covered by w; from 2001-07-01 by v"),
            ("2001-10-01", "notes/interest/2001-05-10: uncovered; v expired on 2001-10-01"),
        ]
    )
    record.when(on("2001-12-31", row_because("line"))).then([[2], [2, 3], [2, 3, 4, 5], [2, 3, 4, 5]])


def test_a_debt_called_in_part_cites_the_payment_of_that_part() -> None:
    part = NOTES.replace("}", ', principal: "900.00"}', 1)
    called = CALLED.replace("accelerates: true", 'accelerates: true, amount: "200.00"')
    paid = '- {event: PaymentMade, facility: notes, effective: 2001-08-01, of: principal, amount: "200.00"}\n'
    given(part, called, paid).when(on("2001-12-31", row_because("notes"))).then([[1], [1, 2], [1, 3]])


def test_a_debt_that_a_clause_made_due_cites_the_payment_that_ended_that() -> None:
    due = NOTES.replace("}", ', principal: "900.00", clauses: [{clause: own, kind: payment, accelerates: true}]}', 1)
    paid = '- {event: PaymentMade, facility: notes, effective: 2001-08-01, of: principal, amount: "900.00"}\n'
    record = given(due, MISSED, paid)
    record.when(around("2001-08-01", legal("notes"))).then(("accelerated", "event_of_default", "event_of_default"))
    record.when(on("2001-12-31", row_because("notes"))).then([[1], [1, 2], [1, 2, 3]])


def test_an_event_of_default_by_notice_cites_the_notice_in_its_row() -> None:
    declared = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill],
   clauses: [{clause: named, kind: declared, notice: {days: 10}}]}
- {event: DefaultDeclared, facility: notes, default: no-accounts, cause: No accounts, effective: 2001-05-01}
- {event: NoticeGiven, facility: notes, of: named, effective: 2001-06-01}
"""
    given(declared).when(on("2001-12-31", row_because("notes"))).then([[1], [1, 2], [1, 2, 3]])


# --- interest --------------------------------------------------------------------------------------------------------


FLOATING = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], principal: "360.00",
   day_count: actual/360, rate: {options: {prime: {index: prime}}, default: {uplift: "0.02"}},
   clauses: [{clause: tests, kind: covenant}]}
- {event: IndexFixed, index: prime, rate: "0.05", effective: 2000-12-01}
- {event: IndexFixed, index: prime, rate: "0.06", effective: 2001-02-01}
- {event: IndexFixed, index: prime, rate: "0.07", effective: 2001-03-01}
"""
BREACH = """
- {event: CovenantTested, facility: notes, covenant: leverage, effective: 2001-03-10, test_date: 2001-03-10, met: false}
"""


def interest_because(seen: View) -> list[int]:
    (step,) = [each for each in _steps(seen, "obligations") if each.sentence.startswith("interest accrued from")]
    return [reason.position for reason in step.because]


def _steps(seen: View, what: str) -> tuple[Step, ...]:
    explanation = explain(seen, "notes", what)
    assert explanation is not None
    return explanation.steps


def test_interest_cites_each_fixing_at_which_it_accrued_and_no_other() -> None:
    given(FLOATING).when(around("2001-02-01", interest_because)).then(([1, 2], [1, 2], [1, 2, 3]))
    given(FLOATING).when(around("2001-03-01", interest_because)).then(([1, 2, 3], [1, 2, 3], [1, 2, 3, 4]))


def test_interest_that_was_paid_cites_the_fixings_of_later_days_only() -> None:
    monthly = FLOATING.replace("   day_count", "   schedule: {interest: {every: 1 month, from: 2001-02-01}}, day_count")
    paid = '- {event: PaymentMade, facility: notes, effective: 2001-02-01, of: interest, amount: "1.55"}\n'
    given(monthly, paid).when(around("2001-02-01", interest_because)).then(([1, 2], [1, 5], [1, 3, 5]))


def test_default_interest_cites_the_event_of_default_and_while_it_is_waived_the_waiver() -> None:
    grant = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-03-20, reaches: event_of_default,
   covers: [{covenant: leverage}], ends: [{until: 2001-04-20}]}
"""
    days = ("2001-03-10", "2001-03-11", "2001-03-21")
    given(FLOATING, BREACH, grant).when(on_days(interest_because, *days)).then(
        {"2001-03-10": [1, 2, 3, 4], "2001-03-11": [1, 2, 3, 4, 5], "2001-03-21": [1, 2, 3, 4, 5, 6]}
    )


def test_what_holds_a_default_rate_cites_its_ground() -> None:
    record = given(FLOATING, BREACH)
    record.when(
        around("2001-03-10", lambda seen: [reason.position for reason in _steps(seen, "rate")[-1].because])
    ).then(([], [1, 5], [1, 5]))
