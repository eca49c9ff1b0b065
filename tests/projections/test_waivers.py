"""Waivers and forbearances: what they cover, when they begin, what ends them, and what reaches which Defaults."""

import pytest

from tests.projections.asking import around, defaults, ended, facility, findings, legal, on, on_days, waiver, waivers
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill]}
"""
OTHERS = NOTES.replace("facility: notes", "facility: others")


def line(*clauses: str) -> str:
    written = ", ".join(clauses or ("{clause: cross, kind: cross_payment, of: [notes, others]}",))
    return f"""
- {{event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], clauses: [{written}]}}
"""


LINE = line()
MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10}
"""


def waived(
    *ends: str,
    covers: str = "{payments: [principal, interest]}",
    name: str = "w",
    effective: str = "2001-06-01",
    reaches: str = "[default, event_of_default]",
    more: str = "",
    event: str = "WaiverGranted",
) -> str:
    kind = "waiver" if event == "WaiverGranted" else "forbearance"
    return f"""
- {{event: {event}, facility: line, {kind}: {name}, effective: {effective}, reaches: {reaches}, covers: [{covers}],
   ends: [{", ".join(ends)}]{", " + more if more else ""}}}
"""


def suit(day: str, rest: str = "by: holder, seeks: enforcement", debt: str = "notes") -> str:
    return f"- {{event: ActTaken, facility: {debt}, act: suit, effective: {day}, {rest}}}\n"


FORBORNE = "ForbearanceGranted"
ANY_ACT = "{act: [acceleration, enforcement, remedies], by: [holder, trustee], of: [notes]}"
UNCOVERED = ("event_of_default", "event_of_default", "event_of_default")
COVERED = ("waived", "waived", "waived")
ENDS = ("waived", "event_of_default", "event_of_default")
BEGINS = ("event_of_default", "waived", "waived")


# --- scope -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("covers", "covered"),
    [
        ("{payments: interest}", True),
        ("{payments: [principal, interest], of: any}", True),
        ("{payments: interest, of: [notes], due: [2001-05-10]}", True),
        ("{payments: interest, by: [mill]}", True),
        ("{payments: principal}", False),
        ("{payments: interest, of: [others]}", False),
        ("{payments: interest, due: [2001-05-09, 2001-05-11]}", False),
        ("{payments: interest, by: [parent]}", False),
        ("{covenant: leverage}", False),
        ("{events: [insolvency]}", False),
        ("{acts: [acceleration]}", False),
        ("{defaults: [line/cross/notes/interest/2001-05-10]}", True),
        ("{defaults: [line/cross/notes/interest/2001-05-11]}", False),
    ],
)
def test_a_scope_covers_what_it_names_and_no_other_waiver_is_implied(covers: str, covered: bool) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived(covers=covers))
    record.when(around("2001-06-01", legal("line"))).then(
        ("event_of_default", "no_default", "no_default") if covered else UNCOVERED
    )


@pytest.mark.parametrize(
    ("day", "of", "covered"),
    [
        ("2001-05-14", "cross", True),
        ("2001-05-15", "line/cross/notes/interest/2001-05-10", True),
        ("2001-05-16", "cross", False),
        ("2001-05-14", "other", False),
    ],
)
def test_what_was_disclosed_by_a_day_is_covered_whatever_its_cause(day: str, of: str, covered: bool) -> None:
    disclosed = f"- {{event: NoticeGiven, facility: line, effective: {day}, of: {of}}}"
    grant = waived("{until: 2001-12-01}", covers="{disclosed_by: 2001-05-15}")
    record = given(NOTES, OTHERS, LINE, MISSED, disclosed, grant)
    record.when(around("2001-06-01", legal("line"))).then(BEGINS if covered else UNCOVERED)


def test_a_second_default_beside_the_waived_one_is_not_covered_and_takes_nothing_from_it() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, MISSED.replace("facility: notes", "facility: others"),
                   waived("{until: 2001-12-01}", covers="{payments: interest, of: [notes]}"))  # fmt: skip
    record.when(on("2001-06-01", legal("line"))).then("event_of_default")
    record.when(on("2001-06-01", defaults("line"))).then(
        {"line/cross/notes/interest/2001-05-10": "waived", "line/cross/others/interest/2001-05-10": "continuing"}
    )


@pytest.mark.parametrize(
    ("missed_by", "scope", "covered"),
    [("by: parent", "[parent]", True), ("by: parent", "[mill]", False), ("by: mill", "[mill, parent]", True)],
)
def test_whose_failure_is_waived_is_whose_the_record_says_it_is(missed_by: str, scope: str, covered: bool) -> None:
    missed = MISSED.replace("due:", f"{missed_by}, due:")
    record = given(NOTES, LINE, missed, waived("{until: 2001-12-01}", covers=f"{{payments: interest, by: {scope}}}"))
    record.when(on("2001-06-01", legal("line"))).then("waived" if covered else "event_of_default")


COVENANT = "{clause: tests, kind: covenant}"


def breach(test_date: str) -> str:
    return f"""
- {{event: CovenantTested, facility: line, effective: 2001-05-10, covenant: leverage, test_date: {test_date},
   met: false}}
"""


@pytest.mark.parametrize(
    ("covers", "covered"),
    [
        ("{covenant: leverage}", True),
        ("{covenant: leverage, tests: [2001-03-31]}", True),
        ("{covenant: leverage, tests: [2001-06-30]}", False),
        ("{covenant: coverage}", False),
        ("{payments: interest}", False),
        ("{defaults: [line/tests/leverage/2001-03-31]}", True),
    ],
)
def test_a_breach_is_covered_by_its_covenant_and_its_test_date(covers: str, covered: bool) -> None:
    record = given(line(COVENANT), breach("2001-03-31"), waived("{until: 2001-12-01}", covers=covers))
    record.when(around("2001-06-01", legal("line"))).then(BEGINS if covered else UNCOVERED)


@pytest.mark.parametrize(
    ("covers", "covered"),
    [
        ("{acts: [acceleration]}", True),
        ("{acts: [acceleration, remedies], of: [notes]}", True),
        ("{acts: [remedies]}", False),
        ("{acts: [acceleration], of: [others]}", False),
        ("{defaults: [line/called/suit]}", True),
    ],
)
def test_an_act_that_made_a_debt_due_is_covered_by_its_aim_and_its_debt(covers: str, covered: bool) -> None:
    called = line("{clause: called, kind: cross_acceleration, of: [notes]}")
    act = suit("2001-05-10", "by: holder, seeks: acceleration, accelerates: true")
    record = given(NOTES, OTHERS, called, act, waived("{until: 2001-12-01}", covers=covers))
    record.when(around("2001-06-01", legal("line"))).then(BEGINS if covered else UNCOVERED)


@pytest.mark.parametrize(("kind", "covered"), [("insolvency", True), ("judgment", False)])
def test_an_event_is_covered_by_its_kind(kind: str, covered: bool) -> None:
    event = "- {event: EventOccurred, party: mill, effective: 2001-05-10, kind: insolvency}"
    grant = waived("{until: 2001-12-01}", covers=f"{{events: [{kind}]}}")
    record = given(line("{clause: event, kind: event}"), event, grant)
    record.when(around("2001-06-01", legal("line"))).then(BEGINS if covered else UNCOVERED)


def test_a_waiver_covers_defaults_of_its_own_facility_alone() -> None:
    second = LINE.replace("facility: line", "facility: second")
    record = given(NOTES, OTHERS, LINE, second, MISSED, waived("{until: 2001-12-01}"))
    record.when(on("2001-06-01", legal("line"))).then("waived")
    record.when(on("2001-06-01", legal("second"))).then("event_of_default")


def test_a_waiver_may_be_signed_before_the_failure_that_it_covers() -> None:
    record = given(NOTES, OTHERS, LINE, waived("{until: 2001-12-01}", effective="2001-05-09"), MISSED)
    record.when(around("2001-05-10", legal("line"))).then(("no_default", "waived", "waived"))
    record.when(on("2001-05-09", waiver("w"))).then("in_force")


def test_any_debt_means_those_that_share_a_borrower_and_no_other_of_the_group() -> None:
    strangers = OTHERS.replace("[mill]", "[stranger]")
    grant = waived("{act: [enforcement], of: any}", "{until: 2001-12-01}")
    for debt, expected in [("notes", ENDS), ("line", ENDS), ("others", COVERED)]:
        record = given(NOTES, strangers, LINE, MISSED, grant, suit("2001-07-01", debt=debt))
        record.when(around("2001-07-01", legal("line"))).then(expected)


# --- reach -----------------------------------------------------------------------------------------------------------


GRACE = line("{clause: cross, kind: cross_payment, of: [notes], grace: {days: 30}}")  # matures on 2001-06-09


@pytest.mark.parametrize(
    ("event", "reaches", "in_grace", "matured"),
    [
        ("WaiverGranted", "[default, event_of_default]", "waived", "waived"),
        ("WaiverGranted", "[event_of_default]", "default", "waived"),
        ("WaiverGranted", "[default]", "waived", "event_of_default"),
        (FORBORNE, "[default, event_of_default]", "forborne", "forborne"),
        (FORBORNE, "[event_of_default]", "default", "forborne"),
        (FORBORNE, "[default]", "forborne", "event_of_default"),
    ],
)
def test_a_grant_reaches_defaults_or_events_of_default_or_both_and_grace_runs_on(
    event: str, reaches: str, in_grace: str, matured: str
) -> None:
    record = given(NOTES, GRACE, MISSED, waived("{until: 2001-07-01}", reaches=reaches, event=event))
    record.when(around("2001-06-01", legal("line"))).then(("default", in_grace, in_grace))
    record.when(around("2001-06-09", legal("line"))).then((in_grace, matured, matured))
    record.when(around("2001-07-01", legal("line"))).then((matured, "event_of_default", "event_of_default"))


def test_a_default_is_waived_when_a_waiver_and_a_forbearance_both_cover_it_and_forborne_when_one_is_left() -> None:
    record = given(
        NOTES, OTHERS, LINE, MISSED,
        waived("{until: 2001-07-01}"),
        waived("{until: 2001-08-01}", name="f", event=FORBORNE),
    )  # fmt: skip
    record.when(around("2001-07-01", legal("line"))).then(("waived", "forborne", "forborne"))
    record.when(around("2001-08-01", legal("line"))).then(("forborne", "event_of_default", "event_of_default"))


# --- begin -----------------------------------------------------------------------------------------------------------


def test_a_waiver_begins_on_its_effective_date() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}"))
    record.when(around("2001-06-01", legal("line"))).then(BEGINS)
    record.when(around("2001-06-01", waiver("w"))).then(("not_yet", "in_force", "in_force"))


CONDITIONAL = waived(
    "{until: 2001-12-01}", ANY_ACT, more="conditions: [{condition: fee, text: paid}, {condition: papers, text: signed}]"
)


def met(day: str, condition: str = "fee", event: str = "ConditionSatisfied") -> str:
    return f"- {{event: {event}, waiver: w, condition: {condition}, effective: {day}}}\n"


def test_a_conditional_waiver_is_pending_until_its_last_condition_is_satisfied_or_waived() -> None:
    record = given(
        NOTES, OTHERS, LINE, MISSED, CONDITIONAL, met("2001-06-05"), met("2001-06-20", "papers", "ConditionWaived")
    )
    record.when(on_days(waiver("w"), "2001-05-31", "2001-06-01", "2001-06-19", "2001-06-20")).then(
        {"2001-05-31": "not_yet", "2001-06-01": "pending", "2001-06-19": "pending", "2001-06-20": "in_force"}
    )
    record.when(around("2001-06-20", legal("line"))).then(BEGINS)


def test_conditions_met_before_the_effective_date_put_nothing_in_force_earlier() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, CONDITIONAL, met("2001-05-01"), met("2001-05-02", "papers"))
    record.when(around("2001-06-01", legal("line"))).then(BEGINS)


def test_a_condition_never_met_leaves_the_waiver_pending_until_its_date_has_passed() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, CONDITIONAL, met("2001-06-05"))
    record.when(on_days(waiver("w"), "2001-11-30", "2001-12-01")).then(
        {"2001-11-30": "pending", "2001-12-01": "expired"}
    )
    record.when(on("2001-11-30", legal("line"))).then("event_of_default")


@pytest.mark.parametrize(
    ("day", "prevented"),
    [("2001-05-31", False), ("2001-06-01", True), ("2001-06-10", True), ("2001-06-19", True), ("2001-06-20", True)],
)
def test_an_act_between_the_effective_date_and_the_last_condition_prevents_the_waiver(
    day: str, prevented: bool
) -> None:
    record = given(
        NOTES, OTHERS, LINE, MISSED, CONDITIONAL, suit(day), met("2001-06-05"), met("2001-06-20", "papers")
    )  # fmt: skip
    record.when(around("2001-06-20", legal("line"))).then(UNCOVERED if prevented else BEGINS)
    record.when(on("2001-06-20", waiver("w"))).then("rescinded" if prevented else "in_force")


def test_a_waiver_conditional_on_an_amendment_begins_with_it() -> None:
    amended = """
- {event: AmendmentSigned, facility: line, amendment: first, effective: 2001-06-01, dated: 2001-06-01, changes: [],
   conditions: [{condition: fee, text: paid}]}
- {event: ConditionSatisfied, amendment: first, condition: fee, effective: 2001-06-15}
"""
    grant = waived("{until: 2001-12-01}", more="conditions: [{condition: amendment, amendment: first}]")
    given(NOTES, OTHERS, LINE, MISSED, amended, grant).when(around("2001-06-15", legal("line"))).then(BEGINS)
    never = amended.rsplit("- ", 1)[0]
    given(NOTES, OTHERS, LINE, MISSED, never, grant).when(on("2001-11-30", legal("line"))).then("event_of_default")


ASKED = "{condition: no-other, question: no_event_of_default_after_giving_effect}"
ASKED_OF_ANY = ASKED.replace("no_event_of_default", "no_default")
OF_NOTES = "{payments: interest, of: [notes]}"


def test_a_waiver_with_a_question_begins_on_the_day_on_which_it_leaves_no_event_of_default() -> None:
    line_ = line("{clause: cross, kind: cross_payment, of: [notes, others], heals: automatically}")
    other = MISSED.replace("facility: notes", "facility: others").replace("due:", 'amount: "5.00", due:')
    paid = '- {event: PaymentMade, facility: others, effective: 2001-06-20, of: interest, amount: "5.00"}\n'
    grant = waived("{until: 2001-12-01}", covers=OF_NOTES, more=f"conditions: [{ASKED}]")
    alone = given(NOTES, OTHERS, line_, MISSED, grant)
    alone.when(around("2001-06-01", legal("line"))).then(BEGINS)
    record = given(NOTES, OTHERS, line_, MISSED, other, grant, paid)
    record.when(around("2001-06-01", waiver("w"))).then(("not_yet", "pending", "pending"))
    record.when(around("2001-06-20", waiver("w"))).then(("pending", "in_force", "in_force"))
    record.when(around("2001-06-20", legal("line"))).then(BEGINS)
    never = given(NOTES, OTHERS, line_, MISSED, other, grant)
    never.when(on("2001-12-01", waiver("w"))).then("expired")


def test_the_wider_question_of_a_waiver_fails_on_a_default_in_grace_and_a_pass_is_never_reopened() -> None:
    slow = line(
        "{clause: cross, kind: cross_payment, of: [notes]}",
        "{clause: slow, kind: cross_payment, of: [others], grace: {days: 60}}",
    )
    other = MISSED.replace("facility: notes", "facility: others")
    for question, state in [(ASKED, "in_force"), (ASKED_OF_ANY, "pending")]:
        grant = waived("{until: 2001-12-01}", covers=OF_NOTES, more=f"conditions: [{question}]")
        record = given(NOTES, OTHERS, slow, MISSED, other, grant)
        record.when(around("2001-06-01", waiver("w"))).then(("not_yet", state, state))
        record.when(around("2001-07-09", waiver("w"))).then((state, state, state))


def test_nobodys_word_answers_the_question_of_a_waiver_and_a_waiver_of_the_condition_does() -> None:
    other = MISSED.replace("facility: notes", "facility: others")
    grant = waived("{until: 2001-12-01}", covers=OF_NOTES, more=f"conditions: [{ASKED}]")
    for event, state in [("ConditionSatisfied", "pending"), ("ConditionWaived", "in_force")]:
        record = given(NOTES, OTHERS, LINE, MISSED, other, grant, met("2001-06-20", "no-other", event))
        record.when(around("2001-06-20", waiver("w"))).then(("pending", state, state))


def test_the_question_of_a_waiver_is_asked_once_all_else_is_met() -> None:
    grant = waived("{until: 2001-12-01}", more=f"conditions: [{ASKED}, {{condition: fee}}]")
    record = given(NOTES, OTHERS, LINE, MISSED, grant, met("2001-06-20"))
    record.when(around("2001-06-20", waiver("w"))).then(("pending", "in_force", "in_force"))


def test_an_act_before_its_question_passes_prevents_a_waiver() -> None:
    grant = waived("{until: 2001-12-01}", ANY_ACT, more=f"conditions: [{ASKED}, {{condition: fee}}]")
    record = given(NOTES, OTHERS, LINE, MISSED, grant, suit("2001-06-10"), met("2001-06-20"))
    record.when(around("2001-06-20", waiver("w"))).then(("rescinded",) * 3)
    record.when(on("2001-07-01", legal("line"))).then("event_of_default")


def test_a_waiver_with_a_question_and_the_amendment_that_it_hangs_on_are_asked_together() -> None:
    other = MISSED.replace("facility: notes", "facility: others")
    asking = f"""
- {{event: AmendmentSigned, facility: line, amendment: first, effective: 2001-06-01, dated: 2001-06-01, changes: [],
   conditions: [{ASKED}]}}
"""
    hanging = waived(
        "{until: 2001-12-01}", covers=OF_NOTES, more=f"conditions: [{ASKED}, {{condition: m, amendment: first}}]"
    )
    record = given(NOTES, OTHERS, LINE, MISSED, asking, hanging)
    record.when(around("2001-06-01", legal("line"))).then(BEGINS)
    record.when(on("2001-06-01", lambda seen: str(facility("line")(seen).amendments[0].in_effect))).then("2001-06-01")
    given(NOTES, OTHERS, LINE, MISSED, other, asking, hanging).when(on("2001-11-30", waiver("w"))).then("pending")


# --- ends by date ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "first_day_outside"),
    [
        ("{until: 2001-07-01}", "2001-07-01"),
        ("{through: 2001-07-01}", "2001-07-02"),
        ('{until: 2001-07-01, at: "17:00 America/New_York"}', "2001-07-01"),
        ('{through: 2001-07-01, at: "17:00 America/New_York"}', "2001-07-01"),
        ("{business_days: 10, calendar: us}", "2001-06-15"),
        ("{business_days: 23, calendar: us}", "2001-07-05"),
        ("{business_days: 22, calendar: weekdays}", "2001-07-03"),
        ("{business_days: 10, calendar: none}", "2001-06-11"),
    ],
)
def test_a_waiver_expires_by_its_date(end: str, first_day_outside: str) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived(end))
    record.when(around(first_day_outside, legal("line"))).then(ENDS)
    record.when(around(first_day_outside, waiver("w"))).then(("in_force", "expired", "expired"))
    record.when(on("2001-12-01", ended("w"))).then((first_day_outside, "date"))


def test_of_several_ends_the_first_to_come_ends_it() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-08-01}", "{through: 2001-07-01}", ANY_ACT))
    record.when(around("2001-07-02", legal("line"))).then(ENDS)
    sued = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-08-01}", ANY_ACT), suit("2001-08-01"))
    sued.when(on("2001-12-01", waiver("w"))).then("expired")


EXTENDING = "{until: 2001-07-01, extends: {condition: letter, met_by: 2001-06-22, until: 2001-07-15}}"


@pytest.mark.parametrize(
    ("met_on", "first_day_outside"),
    [("2001-06-21", "2001-07-15"), ("2001-06-22", "2001-07-15"), ("2001-06-23", "2001-07-01"), (None, "2001-07-01")],
)
def test_an_end_moves_when_its_condition_is_met_in_time(met_on: str | None, first_day_outside: str) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived(EXTENDING), *([met(met_on, "letter")] if met_on else []))
    record.when(around(first_day_outside, legal("line"))).then(ENDS)


def test_until_its_condition_is_met_a_waiver_is_seen_to_end_on_its_first_date() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived(EXTENDING), met("2001-06-20", "letter"))
    record.when(around("2001-06-20", lambda seen: [str(each.until) for each in waivers("line")(seen)])).then(
        (["2001-07-01"], ["2001-07-15"], ["2001-07-15"])
    )
    record.when(around("2001-06-20", lambda seen: str(facility("line")(seen).until))).then(
        ("2001-07-01", "2001-07-15", "2001-07-15")
    )


STAGES = (
    "{BASE, extends: {condition: letter, met_by: 2001-06-22, until: 2001-07-15,"
    " extends: {condition: deposit, met_by: 2001-07-10, through: 2001-07-31}}}"
)


@pytest.mark.parametrize("base", ["until: 2001-07-01", "business_days: 20, calendar: weekdays"])
@pytest.mark.parametrize(
    ("letter", "deposit", "first_day_outside"),
    [
        (None, "2001-07-05", None),
        ("2001-06-22", None, "2001-07-15"),
        ("2001-06-22", "2001-07-10", "2001-08-01"),
        ("2001-06-22", "2001-07-11", "2001-07-15"),
        ("2001-06-23", "2001-07-05", None),
    ],
)
def test_an_end_moves_step_by_step_as_far_as_each_condition_is_met_in_time(
    base: str, letter: str | None, deposit: str | None, first_day_outside: str | None
) -> None:
    steps = [met(day, condition) for day, condition in ((letter, "letter"), (deposit, "deposit")) if day]
    record = given(NOTES, OTHERS, LINE, MISSED, waived(STAGES.replace("BASE", base)), *steps)
    at_first = "2001-07-01" if base.startswith("until") else "2001-06-29"
    record.when(around(first_day_outside or at_first, legal("line"))).then(ENDS)
    record.when(on("2001-06-21", lambda seen: str(waivers("line")(seen)[0].until))).then(at_first)


MORE_TIME = (
    "{failed_condition: evidence, by: 2001-06-15, extends: {condition: fee, met_by: 2001-06-10, through: 2001-06-30}}"
)


@pytest.mark.parametrize(
    ("fee", "evidence", "ends"),
    [
        (None, None, "2001-06-16"),
        (None, "2001-06-15", None),
        ("2001-06-11", None, "2001-06-16"),
        ("2001-06-10", None, "2001-07-01"),
        ("2001-06-10", "2001-06-30", None),
        ("2001-06-10", "2001-07-01", "2001-07-01"),
    ],
)
def test_a_condition_subsequent_has_more_time_once_the_condition_for_it_is_met(
    fee: str | None, evidence: str | None, ends: str | None
) -> None:
    facts = [met(day, condition) for day, condition in ((fee, "fee"), (evidence, "evidence")) if day]
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", MORE_TIME), *facts)
    record.when(around(ends or "2001-07-01", legal("line"))).then(COVERED if ends is None else ENDS)
    record.when(on("2001-11-30", ended("w"))).then((ends, "evidence" if ends else None))


def test_what_ends_by_the_hour_is_not_in_force_at_the_close_and_bars_no_act_of_that_hour() -> None:
    hourly = waived('{until: 2001-07-01, at: "17:00 America/Chicago"}', ANY_ACT)
    acts = [('"16:59 America/Chicago"', "rescinded"), ('"17:00 America/Chicago"', "expired")]
    for at, state in acts:
        record = given(
            NOTES, OTHERS, LINE, MISSED, hourly, suit("2001-07-01", f"at: {at}, by: holder, seeks: remedies")
        )
        record.when(around("2001-07-01", waiver("w"))).then(("in_force", state, state))


# --- ends by an act --------------------------------------------------------------------------------------------------


def test_an_act_of_a_holder_rescinds_the_waiver_from_its_date_on_without_notice_and_for_good() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit("2001-07-01"))
    record.when(around("2001-07-01", legal("line"))).then(ENDS)
    record.when(on("2001-12-31", waiver("w"))).then("rescinded")
    record.when(on("2001-12-31", ended("w"))).then(("2001-07-01", "suit"))


def test_an_act_that_is_withdrawn_brings_the_waiver_not_back() -> None:
    withdrawn = "- {event: ActWithdrawn, act: suit, effective: 2001-07-05}"
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit("2001-07-01"), withdrawn)
    record.when(around("2001-07-05", legal("line"))).then(UNCOVERED)
    again = waived("{until: 2001-12-01}", ANY_ACT, name="w2", effective="2001-08-01")
    given(*[NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit("2001-07-01"), again]).when(
        around("2001-08-01", legal("line"))
    ).then(BEGINS)


@pytest.mark.parametrize(
    "rest",
    [
        "by: trustee, seeks: enforcement",
        "by: holder, seeks: [remedies, acceleration]",
        "by: holder, seeks: acceleration, accelerates: true",
        "by: holder, seeks: remedies, in_respect_of: interest",
    ],
)
def test_an_act_is_enough_that_seeks_one_of_the_aims(rest: str) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit("2001-07-01", rest))
    record.when(around("2001-07-01", legal("line"))).then(ENDS)


MATURITY = "{act: [enforcement], by: [holder], of: [notes], in_respect_of: maturity}"


@pytest.mark.parametrize(
    ("debt", "rest", "near"),
    [
        ("others", "by: holder, seeks: enforcement, in_respect_of: maturity", False),
        ("notes", "by: trustee, seeks: enforcement, in_respect_of: maturity", False),
        ("notes", "by: lender, seeks: enforcement, in_respect_of: maturity", False),
        ("notes", "by: holder, seeks: acceleration, in_respect_of: maturity", True),
        ("notes", "by: holder, seeks: enforcement, in_respect_of: interest", True),
        ("notes", "by: holder, seeks: enforcement", True),
    ],
)
def test_an_act_that_lacks_one_thing_of_the_trigger_ends_nothing(debt: str, rest: str, near: bool) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", MATURITY), suit("2001-07-01", rest, debt))
    record.when(around("2001-07-01", legal("line"))).then(COVERED)
    record.when(
        on("2001-07-01", lambda seen: [(f.facility, f.facts, f.question) for f in findings("act_nearly_matches")(seen)])
    ).then(
        [
            (
                "line",
                (5, 6),
                "Does the act suit end w? Its debt and its actor are those of the trigger, its aim is not. A "
                "TriggerDecided records the decision.",
            )
        ]
        if near
        else []
    )
    full = suit("2001-07-01", "by: holder, seeks: enforcement, in_respect_of: maturity")
    given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", MATURITY), full).when(
        around("2001-07-01", legal("line"))
    ).then(ENDS)


@pytest.mark.parametrize("absent", ["by: [holder], ", "of: [notes], ", "by: [holder], of: [notes], "])
def test_a_trigger_that_names_no_actor_or_no_debt_takes_any(absent: str) -> None:
    trigger = "{by: [holder], of: [notes], act: [enforcement]}".replace(absent, "")
    act = suit("2001-07-01", "by: lender, seeks: enforcement" if "by" in absent else "by: holder, seeks: enforcement")
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", trigger), act)
    record.when(around("2001-07-01", legal("line"))).then(ENDS)


@pytest.mark.parametrize(("day", "in_force"), [("2001-05-31", True), ("2001-06-01", False), ("2001-06-02", False)])
def test_an_act_counts_from_the_effective_date_of_the_waiver_on(day: str, in_force: bool) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit(day))
    record.when(on("2001-06-02", legal("line"))).then("waived" if in_force else "event_of_default")


def test_on_one_day_the_order_of_recording_decides_with_a_finding_and_times_of_day_without() -> None:
    grant, act = waived("{until: 2001-12-01}", ANY_ACT), suit("2001-06-01")
    question = "Which came first on 2001-06-01, w or the act suit? Without times of day the order of recording decides."
    for texts, state in [((grant, act), "event_of_default"), ((act, grant), "waived")]:
        record = given(NOTES, OTHERS, LINE, MISSED, *texts)
        record.when(on("2001-06-01", legal("line"))).then(state)
        record.when(
            on("2001-06-01", lambda seen: [f.question for f in findings("same_day_order_not_stated")(seen)])
        ).then([question])
    timed = waived("{until: 2001-12-01}", ANY_ACT, more='at: "12:00 America/New_York"')
    for at, state in [("11:59", "waived"), ("12:01", "event_of_default")]:
        sued = suit("2001-06-01", f'at: "{at} America/New_York", by: holder, seeks: remedies')
        for texts in ((timed, sued), (sued, timed)):
            record = given(NOTES, OTHERS, LINE, MISSED, *texts)
            record.when(on("2001-06-01", legal("line"))).then(state)
            record.when(on("2001-06-01", findings("same_day_order_not_stated"))).then([])


@pytest.mark.parametrize("ends", [True, False])
def test_a_person_decides_whether_an_act_ends_a_waiver_effective_on_the_acts_date(ends: bool) -> None:
    decided = f"- {{event: TriggerDecided, waiver: w, act: suit, ends: {str(ends).lower()}, effective: 2001-07-01}}"
    for rest in ("by: holder, seeks: acceleration", "by: holder, seeks: enforcement"):
        trigger = "{act: [enforcement], by: [holder], of: [notes]}"
        record = given(
            NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", trigger), suit("2001-07-01", rest), decided
        )
        record.when(around("2001-07-01", legal("line"))).then(ENDS if ends else COVERED)
        record.when(on("2001-12-31", findings("act_nearly_matches"))).then([])


def test_the_last_decision_holds() -> None:
    yes = "- {event: TriggerDecided, waiver: w, act: suit, ends: true, effective: 2001-07-01}\n"
    record = given(
        NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit("2001-07-01"),
        yes, yes.replace("true", "false"),
    )  # fmt: skip
    record.when(on("2001-07-01", legal("line"), known=7)).then("event_of_default")
    record.when(on("2001-07-01", legal("line"), known=8)).then("waived")


# --- ends by notice, by a failed condition, by withdrawal ------------------------------------------------------------


def notice(day: str, rest: str = "of: w") -> str:
    return f"- {{event: NoticeGiven, facility: line, effective: {day}, {rest}}}\n"


@pytest.mark.parametrize(
    ("end", "given_on", "rest", "first_day_outside"),
    [
        ("{notice: {}}", "2001-07-01", "of: w", "2001-07-01"),
        ("{notice: {days: 5}}", "2001-07-01", "of: w", "2001-07-06"),
        ("{notice: {days: 5}}", "2001-07-01", "of: [rights-reserved, w], received: 2001-07-03", "2001-07-08"),
        ("{notice: {by: [lender], days: 5}}", "2001-07-01", "of: w, from: lender", "2001-07-06"),
        ("{notice: {by: [lender], days: 5}}", "2001-07-01", "of: w", "2001-07-06"),
    ],
)
def test_a_notice_ends_a_waiver_so_many_days_after_its_receipt(
    end: str, given_on: str, rest: str, first_day_outside: str
) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", end), notice(given_on, rest))
    record.when(around(first_day_outside, legal("line"))).then(ENDS)
    record.when(on("2001-12-31", waiver("w"))).then("ended")
    record.when(on("2001-12-31", ended("w"))).then((first_day_outside, "notice"))


@pytest.mark.parametrize(
    ("end", "given_on", "rest"),
    [
        ("{notice: {days: 5}}", "2001-05-31", "of: w"),
        ("{notice: {days: 5}}", "2001-07-01", "of: other"),
        ("{notice: {by: [lender]}}", "2001-07-01", "of: w, from: trustee"),
        ("{notice: {by: [lender]}}", "2001-07-01", "of: w, from: somebody"),
    ],
)
def test_a_notice_of_something_else_too_early_or_from_another_ends_nothing(end: str, given_on: str, rest: str) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", end), notice(given_on, rest))
    record.when(on("2001-11-30", legal("line"))).then("waived")


def test_a_notice_by_a_lender_of_the_facility_by_name_is_one_by_the_lender() -> None:
    lent = LINE.replace("clauses:", "lenders: [bank], clauses:")
    for sender, expected in [("bank", ENDS), ("bench", COVERED)]:
        record = given(
            NOTES, OTHERS, lent, MISSED, waived("{until: 2001-12-01}", "{notice: {by: [lender]}}"),
            notice("2001-07-01", f"of: w, from: {sender}"),
        )  # fmt: skip
        record.when(around("2001-07-01", legal("line"))).then(expected)


@pytest.mark.parametrize(
    ("met_on", "lasts"), [("2001-06-14", True), ("2001-06-15", True), ("2001-06-16", False), (None, False)]
)
def test_a_condition_subsequent_not_satisfied_by_the_end_of_its_day_ends_the_waiver_the_day_after(
    met_on: str | None, lasts: bool
) -> None:
    grant = waived("{until: 2001-12-01}", "{failed_condition: evidence, by: 2001-06-15}")
    record = given(NOTES, OTHERS, LINE, MISSED, grant, *([met(met_on, "evidence")] if met_on else []))
    record.when(around("2001-06-16", legal("line"))).then(COVERED if lasts else ENDS)
    if not lasts:
        record.when(on("2001-12-31", ended("w"))).then(("2001-06-16", "evidence"))
        record.when(on("2001-12-31", waiver("w"))).then("ended")


def test_a_waiver_that_is_withdrawn_ends_that_day() -> None:
    withdrawn = "- {event: WaiverWithdrawn, waiver: w, effective: 2001-07-01}"
    record = given(NOTES, OTHERS, LINE, MISSED, waived(), withdrawn)
    record.when(around("2001-07-01", legal("line"))).then(("no_default", "event_of_default", "event_of_default"))
    record.when(on("2001-12-31", ended("w"))).then(("2001-07-01", "withdrawal"))


# --- ends with another, and by an uncovered Event of Default ---------------------------------------------------------


def test_a_waiver_ends_with_another_and_a_chain_ends_on_one_day() -> None:
    second, third = (LINE.replace("facility: line", f"facility: {name}") for name in ("second", "third"))
    chain = [
        waived("{until: 2001-12-01}", ANY_ACT, name="first"),
        waived("{with_waiver: first}", name="w2").replace("facility: line", "facility: second"),
        waived("{with_waiver: w2}", name="w3").replace("facility: line", "facility: third"),
    ]
    for order in (chain, chain[::-1]):
        record = given(NOTES, OTHERS, LINE, second, third, MISSED, *order, suit("2001-07-01"))
        for name in ("line", "second", "third"):
            record.when(around("2001-07-01", legal(name))).then(ENDS)
        record.when(on("2001-07-01", ended("w3"))).then(("2001-07-01", "w2"))
        record.when(on("2001-07-01", waiver("w3"))).then("ended")


def test_waivers_that_end_with_one_another_stay_until_one_has_another_end() -> None:
    second = LINE.replace("facility: line", "facility: second")
    one = waived("{with_waiver: two}", "{until: 2001-12-01}", name="one")
    two = waived("{with_waiver: one}", ANY_ACT, name="two").replace("facility: line", "facility: second")
    record = given(NOTES, OTHERS, LINE, second, MISSED, one, two)
    for name in ("line", "second"):
        record.when(around("2001-12-01", legal(name))).then(ENDS)
    sued = given(NOTES, OTHERS, LINE, second, MISSED, one, two, suit("2001-07-01"))
    for name in ("line", "second"):
        sued.when(around("2001-07-01", legal(name))).then(ENDS)


def test_a_waiver_may_end_with_a_forbearance() -> None:
    second = LINE.replace("facility: line", "facility: second")
    forborne = waived("{until: 2001-07-01}", name="f", event=FORBORNE).replace("facility: line", "facility: second")
    record = given(NOTES, OTHERS, LINE, second, MISSED, forborne, waived("{with_waiver: f}"))
    record.when(around("2001-07-01", legal("line"))).then(ENDS)


UNCOVERED_ENDS = "{uncovered_event_of_default: true}"
INTEREST = "{payments: interest, of: [notes]}"


def test_an_event_of_default_of_its_facility_that_nothing_covers_ends_a_waiver() -> None:
    other = MISSED.replace("facility: notes", "facility: others").replace("05-10", "07-01")
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", UNCOVERED_ENDS, covers=INTEREST), other)
    record.when(around("2001-07-01", waiver("w"))).then(("in_force", "ended", "ended"))
    record.when(on("2001-07-01", defaults("line"))).then(
        {"line/cross/notes/interest/2001-05-10": "continuing", "line/cross/others/interest/2001-07-01": "continuing"}
    )
    record.when(on("2001-07-01", ended("w"))).then(("2001-07-01", "line/cross/others/interest/2001-07-01"))


def test_one_that_is_there_on_the_first_day_ends_it_on_that_day() -> None:
    other = MISSED.replace("facility: notes", "facility: others")
    record = given(NOTES, OTHERS, LINE, MISSED, other, waived("{until: 2001-12-01}", UNCOVERED_ENDS, covers=INTEREST))
    record.when(around("2001-06-01", legal("line"))).then(UNCOVERED)
    record.when(on("2001-06-01", ended("w"))).then(("2001-06-01", "line/cross/others/interest/2001-05-10"))


@pytest.mark.parametrize("event", ["WaiverGranted", FORBORNE])
def test_one_that_another_waiver_or_a_forbearance_covers_ends_nothing_until_that_one_ends(event: str) -> None:
    other = MISSED.replace("facility: notes", "facility: others")
    second = waived("{until: 2001-09-01}", covers="{payments: interest, of: [others]}", name="w2", event=event)
    first = waived("{until: 2001-12-01}", UNCOVERED_ENDS, covers=INTEREST)
    record = given(NOTES, OTHERS, LINE, MISSED, other, first, second)
    record.when(around("2001-09-01", waiver("w"))).then(("in_force", "ended", "ended"))


def test_one_of_another_facility_and_one_still_in_grace_end_nothing() -> None:
    own = NOTES.replace("borrowers: [mill]", "borrowers: [mill], clauses: [{clause: own, kind: payment}]")
    given(own, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", UNCOVERED_ENDS)).when(
        on("2001-11-30", legal("line"))
    ).then("waived")
    grace = line(
        "{clause: cross, kind: cross_payment, of: [notes]}",
        "{clause: slow, kind: cross_payment, of: [others], grace: {days: 40}}",
    )
    other = MISSED.replace("facility: notes", "facility: others")
    record = given(NOTES, OTHERS, grace, MISSED, other, waived("{until: 2001-12-01}", UNCOVERED_ENDS, covers=INTEREST))
    record.when(around("2001-06-19", waiver("w"))).then(("in_force", "ended", "ended"))


def test_two_waivers_that_each_end_by_what_the_other_covers_fall_together_with_a_third() -> None:
    third = MISSED.replace("facility: notes", "facility: others").replace("of: interest", "of: principal")
    one = waived("{until: 2001-12-01}", UNCOVERED_ENDS, covers="{payments: interest, of: [notes]}", name="one")
    two = waived("{until: 2001-12-01}", UNCOVERED_ENDS, covers="{payments: principal, of: [others]}", name="two")
    record = given(NOTES, OTHERS, LINE, MISSED, third, one, two)
    record.when(on("2001-11-30", legal("line"))).then("waived")
    more = MISSED.replace("05-10", "08-10").replace("of: interest", "of: fee")
    fallen = given(NOTES, OTHERS, LINE, MISSED, third, one, two, more)
    for name in ("one", "two"):
        fallen.when(around("2001-08-10", waiver(name))).then(("in_force", "ended", "ended"))


# --- superseded, permanent -------------------------------------------------------------------------------------------


def test_a_newer_grant_supersedes_an_older_one_when_it_begins() -> None:
    newer = waived(
        "{until: 2001-09-01}", name="w2", effective="2001-07-01", event=FORBORNE,
        more="supersedes: [w], conditions: [{condition: fee}]",
    )  # fmt: skip
    begins = "- {event: ConditionSatisfied, waiver: w2, condition: fee, effective: 2001-07-15}"
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}"), newer, begins)
    record.when(around("2001-07-15", waiver("w"))).then(("in_force", "superseded", "superseded"))
    record.when(around("2001-07-15", legal("line"))).then(("waived", "forborne", "forborne"))
    record.when(on("2001-12-31", ended("w"))).then(("2001-07-15", "w2"))
    record.when(around("2001-09-01", legal("line"))).then(("forborne", "event_of_default", "event_of_default"))


def test_a_waiver_without_ends_is_permanent_its_default_is_listed_and_counts_no_more() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived())
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default", "no_default", "no_default"))
    record.when(on("2009-01-01", defaults("line"))).then({"line/cross/notes/interest/2001-05-10": "waived"})


def test_a_forbearance_without_ends_forbears_for_good_and_its_default_counts() -> None:
    given(NOTES, OTHERS, LINE, MISSED, waived(event=FORBORNE)).when(on("2009-01-01", legal("line"))).then("forborne")


# --- extensions ------------------------------------------------------------------------------------------------------


def extended(day: str, to: str = "until: 2001-09-01", at: str = "") -> str:
    timed = f', at: "{at}"' if at else ""
    return f"- {{event: WaiverExtended, waiver: w, effective: {day}{timed}, {to}}}\n"


@pytest.mark.parametrize(
    "end", ["{until: 2001-07-01}", "{through: 2001-06-30}", "{business_days: 20, calendar: weekdays}"]
)
def test_a_waiver_extended_in_time_ends_on_its_later_date_whatever_kind_of_date_it_had(end: str) -> None:
    for to, first_day_outside in [("until: 2001-09-01", "2001-09-01"), ("through: 2001-09-01", "2001-09-02")]:
        record = given(NOTES, OTHERS, LINE, MISSED, waived(end, ANY_ACT), extended("2001-06-28", to))
        record.when(on_days(legal("line"), "2001-06-30", "2001-07-01", "2001-07-02")).then(
            dict.fromkeys(("2001-06-30", "2001-07-01", "2001-07-02"), "waived")
        )
        record.when(around(first_day_outside, legal("line"))).then(ENDS)
        record.when(on("2001-12-31", findings("extends_ended_waiver"))).then([])


def test_an_extended_waiver_keeps_its_other_ends() -> None:
    record = given(
        NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-07-01}", ANY_ACT), extended("2001-06-28"), suit("2001-08-01")
    )
    record.when(around("2001-08-01", legal("line"))).then(ENDS)


@pytest.mark.parametrize(
    "end", ["{until: 2001-07-01}", "{business_days: 21, calendar: weekdays}", "{failed_condition: x, by: 2001-06-30}"]
)
def test_an_extension_of_a_waiver_that_has_ended_is_a_new_grant_with_a_finding(end: str) -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived(end, ANY_ACT), extended("2001-07-15"))
    record.when(on_days(legal("line"), "2001-06-30", "2001-07-14", "2001-07-15", "2001-08-31", "2001-09-01")).then(
        {
            "2001-06-30": "waived",
            "2001-07-14": "event_of_default",
            "2001-07-15": "waived",
            "2001-08-31": "waived",
            "2001-09-01": "event_of_default",
        }
    )
    record.when(on("2001-07-14", findings("extends_ended_waiver"))).then([])
    record.when(
        on("2001-07-15", lambda seen: [(f.facts, f.question) for f in findings("extends_ended_waiver")(seen)])
    ).then([((5, 6), "Was w granted anew? It had ended when it was extended.")])


def test_on_the_day_of_its_end_by_date_an_extension_is_too_late_and_before_its_hour_in_time() -> None:
    late = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-07-01}"), extended("2001-07-01"))
    late.when(around("2001-07-01", legal("line"))).then(COVERED)
    late.when(on("2001-07-01", lambda seen: len(findings("extends_ended_waiver")(seen)))).then(1)
    hourly = waived('{until: 2001-07-01, at: "17:00 America/Chicago"}')
    for at, found in [("", 0), ("16:00 America/Chicago", 0), ("18:00 America/Chicago", 1)]:
        record = given(NOTES, OTHERS, LINE, MISSED, hourly, extended("2001-07-01", at=at))
        record.when(around("2001-07-01", legal("line"))).then(COVERED)
        record.when(on("2001-07-01", lambda seen: len(findings("extends_ended_waiver")(seen)))).then(found)


def test_after_an_act_has_rescinded_a_waiver_an_extension_grants_it_anew_and_a_later_act_ends_that_too() -> None:
    second_suit = suit("2001-08-01").replace("act: suit", "act: second")
    record = given(
        NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}", ANY_ACT), suit("2001-07-01"),
        extended("2001-07-15", "until: 2001-12-01"), second_suit,
    )  # fmt: skip
    record.when(on_days(legal("line"), "2001-07-14", "2001-07-15", "2001-07-31", "2001-08-01")).then(
        {
            "2001-07-14": "event_of_default",
            "2001-07-15": "waived",
            "2001-07-31": "waived",
            "2001-08-01": "event_of_default",
        }
    )


def test_an_extension_to_a_day_that_has_passed_brings_nothing_back() -> None:
    record = given(
        NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-07-01}"), extended("2001-07-15", "until: 2001-07-10")
    )
    record.when(on_days(legal("line"), "2001-07-01", "2001-07-10", "2001-07-15", "2001-07-16")).then(
        dict.fromkeys(("2001-07-01", "2001-07-10", "2001-07-15", "2001-07-16"), "event_of_default")
    )
    record.when(on("2001-07-15", lambda seen: [each.state for each in waivers("line")(seen)])).then(
        ["expired", "expired"]
    )


def test_a_waiver_may_be_extended_again_and_so_may_one_that_was_granted_anew() -> None:
    twice = [extended("2001-06-15", "until: 2001-08-01"), extended("2001-07-15", "until: 2001-10-01")]
    for first in (twice[0], extended("2001-07-05", "until: 2001-08-01")):
        record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-07-01}"), first, twice[1])
        record.when(around("2001-08-01", legal("line"))).then(COVERED)
        record.when(around("2001-10-01", legal("line"))).then(ENDS)


def test_a_waiver_that_was_superseded_or_withdrawn_may_be_granted_anew_by_an_extension() -> None:
    withdrawn = "- {event: WaiverWithdrawn, waiver: w, effective: 2001-06-15}"
    newer = waived("{until: 2001-06-20}", name="w2", effective="2001-06-15", more="supersedes: [w]")
    for ending in (withdrawn, newer):
        record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-07-01}"), ending, extended("2001-08-01"))
        record.when(around("2001-08-01", legal("line"))).then(BEGINS)
        record.when(around("2001-09-01", legal("line"))).then(ENDS)


def test_a_pending_waiver_extended_in_time_ends_on_its_later_date_and_begins_with_its_condition() -> None:
    pending = waived("{until: 2001-07-01}", more="conditions: [{condition: fee}]")
    record = given(NOTES, OTHERS, LINE, MISSED, pending, extended("2001-06-20"), met("2001-07-10"))
    record.when(around("2001-07-10", legal("line"))).then(BEGINS)
    record.when(around("2001-09-01", legal("line"))).then(ENDS)


def test_a_waiver_may_be_extended_to_an_earlier_day() -> None:
    record = given(
        NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-12-01}"), extended("2001-06-15", "until: 2001-07-01")
    )
    record.when(around("2001-07-01", legal("line"))).then(ENDS)


def test_a_waiver_that_ends_with_one_granted_anew_stays_while_that_one_is_in_force() -> None:
    second = LINE.replace("facility: line", "facility: second")
    tied = waived("{with_waiver: w}", name="w2", effective="2001-08-01").replace("facility: line", "facility: second")
    record = given(NOTES, OTHERS, LINE, second, MISSED, waived("{until: 2001-07-01}"), extended("2001-07-15"), tied)
    record.when(around("2001-08-01", legal("second"))).then(BEGINS)
    record.when(around("2001-09-01", legal("second"))).then(ENDS)


# --- forbearance -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "fact", "state"),
    [
        ("{until: 2001-07-01}", "", "expired"),
        (ANY_ACT, suit("2001-07-01"), "rescinded"),
        ("{notice: {}}", notice("2001-07-01"), "ended"),
        ("{failed_condition: x, by: 2001-06-30}", "", "ended"),
        (UNCOVERED_ENDS, MISSED.replace("05-10", "07-01").replace("of: interest", "of: fee"), "ended"),
        ("", "- {event: WaiverWithdrawn, waiver: w, effective: 2001-07-01}", "ended"),
    ],
)
def test_a_forbearance_has_the_same_ends_and_a_status_of_its_own(end: str, fact: str, state: str) -> None:
    grant = waived(*([end] if end else []), covers=INTEREST, event=FORBORNE)
    record = given(NOTES, OTHERS, LINE, MISSED, grant + fact)
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default", "forborne", "forborne"))
    record.when(around("2001-07-01", legal("line"))).then(("forborne", "event_of_default", "event_of_default"))
    record.when(on("2001-07-01", waiver("w"))).then(state)


def test_under_a_forbearance_the_default_continues_and_is_listed_as_forborne() -> None:
    record = given(NOTES, OTHERS, LINE, MISSED, waived("{until: 2001-07-01}", event=FORBORNE))
    record.when(on("2001-06-01", defaults("line"))).then({"line/cross/notes/interest/2001-05-10": "forborne"})
    record.when(on("2001-06-01", lambda seen: [(w.waiver, w.kind) for w in waivers("line")(seen)])).then(
        [("w", "forbearance")]
    )
