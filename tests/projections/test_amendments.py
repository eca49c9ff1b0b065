"""Amendments: when they take effect, from when their changes hold, and the questions that the derivation answers."""

import pytest

from tests.projections.asking import around, defaults, facility, findings, in_effect, legal, on, on_days, rate, waiver
from tests.spec import given

LINE = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], rate: {fixed: "0.08"},
   matures: 2003-01-01, covenants: [{covenant: leverage}],
   clauses: [{clause: tests, kind: covenant, heals: automatically}]}
"""
SECOND = LINE.replace("facility: line", "facility: second")


def amended(
    *changes: str,
    conditions: str = "",
    name: str = "first",
    signed: str = "2001-07-15",
    facility: str = "line",
    more: str = "",
) -> str:
    return f"""
- {{event: AmendmentSigned, facility: {facility}, amendment: {name}, effective: {signed}, dated: {signed}, {more}
   changes: [{", ".join(changes)}], conditions: [{conditions}]}}
"""


def rate_of(figure: str, from_: str) -> str:
    return f'{{change: rate, from: {from_}, rate: {{fixed: "{figure}"}}}}'


def met(condition: str, day: str, name: str = "first", event: str = "ConditionSatisfied", at: str = "") -> str:
    timed = f', at: "{at}"' if at else ""
    return f"- {{event: {event}, amendment: {name}, condition: {condition}, effective: {day}{timed}}}\n"


def breached(day: str = "2001-06-30", facility: str = "line", covenant: str = "leverage", met: str = "false") -> str:
    return f"""
- {{event: CovenantTested, facility: {facility}, effective: {day}, covenant: {covenant}, test_date: {day}, met: {met}}}
"""


def waived(name: str = "w", effective: str = "2001-07-15", rest: str = "", event: str = "WaiverGranted") -> str:
    kind = "waiver" if event == "WaiverGranted" else "forbearance"
    return f"""
- {{event: {event}, facility: line, {kind}: {name}, effective: {effective}, reaches: [default, event_of_default],
   covers: [{{covenant: leverage}}], ends: [{{until: 2002-01-01}}]{rest}}}
"""


ASKED = "{condition: asked, question: no_event_of_default_after_giving_effect}"
ASKED_OF_ANY = "{condition: asked, question: no_default_after_giving_effect}"
OPINION = "{condition: opinion, text: an opinion}"


# --- when changes hold -----------------------------------------------------------------------------------------------


def test_an_amendment_without_conditions_takes_effect_when_it_is_signed() -> None:
    record = given(LINE, amended(rate_of("0.09", "2001-07-15")))
    record.when(around("2001-07-15", rate("line"))).then(("0.08", "0.09", "0.09"))
    record.when(on("2001-07-15", in_effect("first"))).then("2001-07-15")


@pytest.mark.parametrize("from_", ["2001-03-01", "2001-07-15", "2001-10-01"])
def test_each_change_holds_from_its_own_date_before_or_after_the_signing(from_: str) -> None:
    given(LINE, amended(rate_of("0.09", from_))).when(around(from_, rate("line"))).then(("0.08", "0.09", "0.09"))


def test_changes_may_come_in_stages() -> None:
    record = given(LINE, amended(rate_of("0.09", "2001-03-01"), rate_of("0.10", "2001-09-01")))
    record.when(on_days(rate("line"), "2001-02-28", "2001-03-01", "2001-08-31", "2001-09-01")).then(
        {"2001-02-28": "0.08", "2001-03-01": "0.09", "2001-08-31": "0.09", "2001-09-01": "0.1"}
    )


def test_with_earlier_knowledge_the_old_terms_hold() -> None:
    record = given(LINE, amended(rate_of("0.09", "2001-03-01")))
    record.when(on("2001-06-01", rate("line"), known=1)).then("0.08")
    record.when(on("2001-06-01", rate("line"), known=2)).then("0.09")


def test_the_amendment_signed_later_controls_from_its_date_in_whatever_order_the_two_are_recorded() -> None:
    older = amended(rate_of("0.09", "2001-03-01"), rate_of("0.095", "2001-11-01"), name="older", signed="2001-02-01")
    newer = amended(rate_of("0.10", "2001-09-01"), name="newer", signed="2001-08-01")
    for texts in ((older, newer), (newer, older)):
        given(LINE, *texts).when(on_days(rate("line"), "2001-08-31", "2001-09-01", "2001-11-01")).then(
            {"2001-08-31": "0.09", "2001-09-01": "0.1", "2001-11-01": "0.1"}
        )


def test_terms_stated_later_are_added_to_what_is_known() -> None:
    stated = '- {event: TermsStated, facility: line, effective: 2001-05-01, rate: {fixed: "0.085"}}'
    given(LINE, stated).when(around("2001-05-01", rate("line"))).then(("0.08", "0.085", "0.085"))


def test_an_amendment_changes_what_it_names_and_nothing_else() -> None:
    record = given(LINE, amended("{change: matures, from: 2001-07-15, matures: 2004-01-01}"), breached())
    record.when(on("2001-08-01", rate("line"))).then("0.08")
    record.when(on("2001-08-01", legal("line"))).then("event_of_default")


# --- conditions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", ["ConditionSatisfied", "ConditionWaived"])
def test_a_condition_met_late_gives_effect_then_and_each_change_still_has_its_own_date(event: str) -> None:
    record = given(
        LINE, amended(rate_of("0.09", "2001-03-01"), conditions=OPINION), met("opinion", "2001-08-20", event=event)
    )
    record.when(around("2001-03-01", rate("line"))).then(("0.08", "0.09", "0.09"))
    record.when(around("2001-08-20", in_effect("first"))).then((None, "2001-08-20", "2001-08-20"))
    record.when(on("2001-06-01", rate("line"), known=2)).then("0.08")


def test_a_condition_never_met_leaves_the_old_terms_for_good() -> None:
    record = given(
        LINE,
        amended(rate_of("0.09", "2001-03-01"), conditions=f"{OPINION}, {{condition: fee}}"),
        met("fee", "2001-07-20"),
    )
    record.when(on("2009-01-01", rate("line"))).then("0.08")
    record.when(on("2009-01-01", lambda seen: facility("line")(seen).amendments[0].open_conditions)).then(("opinion",))


def test_twins_take_effect_together_and_one_waits_for_all_that_the_other_waits_for() -> None:
    one = amended(rate_of("0.09", "2001-07-15"), conditions="{condition: twin, amendment: other}")
    other = amended(
        rate_of("0.10", "2001-07-15"), conditions=f"{OPINION}, {{condition: twin, amendment: first}}",
        name="other", facility="second",
    )  # fmt: skip
    record = given(LINE, SECOND, one, other, met("opinion", "2001-08-01", "other"))
    record.when(on("2001-08-01", rate("line"), known=4)).then("0.08")
    for name in ("first", "other"):
        record.when(around("2001-08-01", in_effect(name))).then((None, "2001-08-01", "2001-08-01"))


def test_a_twin_that_somebody_satisfied_by_a_fact_is_not_waited_for() -> None:
    one = amended(rate_of("0.09", "2001-07-15"), conditions="{condition: twin, amendment: not-at-hand}")
    given(LINE, one).when(on("2001-08-01", in_effect("first"))).then(None)
    given(LINE, one, met("twin", "2001-07-20")).when(on("2001-08-01", in_effect("first"))).then("2001-07-20")


def test_a_chain_of_amendments_takes_effect_link_by_link() -> None:
    links = [
        amended(conditions=OPINION, name="a"),
        amended(conditions="{condition: before, amendment: a}", name="b"),
        amended(conditions="{condition: before, amendment: b}, {condition: fee}", name="c"),
    ]
    record = given(LINE, *reversed(links), met("opinion", "2001-07-20", "a"), met("fee", "2001-08-01", "c"))
    for name, day in [("a", "2001-07-20"), ("b", "2001-07-20"), ("c", "2001-08-01")]:
        record.when(around(day, in_effect(name))).then((None, day, day))


# --- questions -------------------------------------------------------------------------------------------------------


def test_a_question_passes_where_there_is_no_event_of_default() -> None:
    given(LINE, amended(conditions=ASKED)).when(on("2001-07-15", in_effect("first"))).then("2001-07-15")


def test_one_that_fails_is_asked_again_and_passes_on_the_day_on_which_the_reason_is_gone() -> None:
    record = given(
        LINE, breached(), amended(rate_of("0.09", "2001-03-01"), conditions=ASKED), breached("2001-09-30", met="true")
    )
    record.when(around("2001-09-30", in_effect("first"))).then((None, "2001-09-30", "2001-09-30"))
    record.when(around("2001-03-01", rate("line"))).then(("0.08", "0.09", "0.09"))
    record.when(on("2001-06-01", rate("line"), known=3)).then("0.08")


def test_what_a_waiver_covers_stands_not_in_the_way_and_what_a_forbearance_covers_does() -> None:
    question = amended(conditions=ASKED)
    given(LINE, breached(), question, waived()).when(on("2001-07-15", in_effect("first"))).then("2001-07-15")
    forborne = waived(event="ForbearanceGranted")
    given(LINE, breached(), question, forborne).when(on("2001-12-31", in_effect("first"))).then(None)


def test_a_waiver_that_is_conditional_on_the_amendment_is_in_force_when_its_question_is_asked() -> None:
    hanging = waived(rest=", conditions: [{condition: amendment, amendment: first}]")
    record = given(LINE, breached(), amended(conditions=ASKED), hanging)
    record.when(around("2001-07-15", in_effect("first"))).then((None, "2001-07-15", "2001-07-15"))
    record.when(around("2001-07-15", legal("line"))).then(("event_of_default", "waived", "waived"))


def test_a_question_is_asked_after_giving_effect_to_changes_from_their_own_dates() -> None:
    deletes = "{change: delete_covenant, from: 2001-06-30, covenant: leverage}"
    record = given(LINE, breached(), amended(deletes, conditions=ASKED))
    record.when(on("2001-07-15", in_effect("first"))).then("2001-07-15")
    record.when(on("2001-06-30", legal("line"))).then("no_default")
    record.when(on("2001-06-30", legal("line"), known=2)).then("event_of_default")
    late = deletes.replace("2001-06-30", "2001-07-01")
    given(LINE, breached(), amended(late, conditions=ASKED)).when(on("2001-12-31", in_effect("first"))).then(None)


def test_the_wider_question_fails_on_a_default_still_in_grace() -> None:
    slow = LINE.replace("kind: covenant,", "kind: covenant, grace: {days: 60},")
    for question, expected in [(ASKED, "2001-07-15"), (ASKED_OF_ANY, None)]:
        record = given(slow, breached(), amended(conditions=question))
        record.when(on("2001-07-15", in_effect("first"))).then(expected)
    given(slow, amended(conditions=ASKED_OF_ANY)).when(on("2001-07-15", in_effect("first"))).then("2001-07-15")


def test_a_question_is_about_the_amendments_own_facility_alone() -> None:
    record = given(LINE, SECOND, breached(facility="second"), amended(conditions=ASKED))
    record.when(on("2001-07-15", in_effect("first"))).then("2001-07-15")


def test_nobodys_word_answers_a_question_and_a_waiver_of_the_condition_does() -> None:
    record = [LINE, breached(), amended(conditions=ASKED)]
    given(*record, met("asked", "2001-07-20")).when(on("2001-12-31", in_effect("first"))).then(None)
    given(*record, met("asked", "2001-07-20", event="ConditionWaived")).when(
        around("2001-07-20", in_effect("first"))
    ).then((None, "2001-07-20", "2001-07-20"))


def test_questions_are_asked_only_from_the_day_on_which_all_else_is_satisfied() -> None:
    record = given(
        LINE, amended(conditions=f"{ASKED}, {OPINION}"), breached("2001-07-31"), met("opinion", "2001-08-10")
    )
    record.when(on("2001-12-31", in_effect("first"))).then(None)


def test_a_pass_is_never_reopened_by_what_happens_later() -> None:
    record = given(LINE, amended(rate_of("0.09", "2001-03-01"), conditions=ASKED), breached("2001-07-31"))
    record.when(on("2001-12-31", in_effect("first"))).then("2001-07-15")
    record.when(on("2001-12-31", rate("line"))).then("0.09")


def test_an_answer_stands_though_a_later_amendment_changes_the_days_on_which_it_was_given() -> None:
    sets = "{change: clause, from: 2001-06-01, clause: {clause: more, kind: covenant, of: [coverage]}}"
    record = given(
        LINE,
        breached(covenant="coverage"),
        amended("{change: delete_clause, from: 2001-01-01, clause: tests}", name="zero", signed="2001-01-02"),
        amended(rate_of("0.09", "2001-07-15"), conditions=ASKED),
        amended(sets, name="later", signed="2001-09-01"),
    )
    record.when(on("2001-12-31", in_effect("first"))).then("2001-07-15")
    record.when(on("2001-07-15", legal("line"))).then("event_of_default")


def test_a_failure_stands_though_a_later_amendment_removes_its_reason_and_the_question_passes_that_day() -> None:
    deletes = "{change: delete_covenant, from: 2001-06-30, covenant: leverage}"
    record = given(
        LINE, breached(), amended(conditions=ASKED), amended(deletes, name="second", signed="2001-09-01")
    )  # fmt: skip
    record.when(around("2001-09-01", in_effect("first"))).then((None, "2001-09-01", "2001-09-01"))
    record.when(on("2001-07-15", legal("line"))).then("no_default")


def test_of_two_that_undo_each_other_the_one_ready_first_passes_and_the_other_fails() -> None:
    bare = LINE.replace("{clause: tests, kind: covenant, heals: automatically}", "")
    deletes = "{change: delete_covenant, from: 2001-06-01, covenant: coverage}"
    catches = "{change: clause, from: 2001-06-01, clause: {clause: more, kind: covenant, of: [coverage]}}"
    sets = "{change: covenant, from: 2001-06-15, covenant: {covenant: coverage}}"

    def record(first: str, last: str) -> list[str]:
        return [
            bare,
            breached(covenant="coverage"),
            amended(deletes, name="zero", signed="2001-01-02"),
            amended(catches, conditions=f"{ASKED}, {OPINION}", name="one"),
            amended(sets, conditions=f"{ASKED}, {OPINION}", name="other"),
            met("opinion", "2001-07-20", first, at="09:00 Europe/London"),
            met("opinion", "2001-07-20", last, at="10:00 Europe/London"),
        ]

    for first, last in (("one", "other"), ("other", "one")):
        given(*record(first, last)).when(on("2001-12-31", in_effect(first))).then("2001-07-20")
        given(*record(first, last)).when(on("2001-12-31", in_effect(last))).then(None)


def test_what_asks_nothing_is_in_effect_at_the_end_of_the_day_when_questions_are_asked() -> None:
    catches = "{change: clause, from: 2001-06-01, clause: {clause: more, kind: covenant, of: [coverage]}}"
    record = [
        LINE,
        breached(covenant="coverage"),
        amended("{change: delete_clause, from: 2001-01-01, clause: tests}", name="zero", signed="2001-01-02"),
        amended(conditions=f"{ASKED}, {OPINION}", name="asking"),
        amended(catches, conditions=OPINION, name="other"),
        met("opinion", "2001-07-20", "asking", at="09:00 Europe/London"),
        met("opinion", "2001-07-20", "other", at="10:00 Europe/London"),
    ]
    given(*record[:-1]).when(on("2001-12-31", in_effect("asking"))).then("2001-07-20")
    given(*record).when(on("2001-12-31", in_effect("asking"))).then(None)


def test_twins_with_questions_are_asked_together_and_fail_together() -> None:
    one = amended(conditions=f"{ASKED}, {{condition: twin, amendment: other}}")
    other = amended(conditions=f"{ASKED}, {{condition: twin, amendment: first}}", name="other", facility="second")
    record = given(LINE, SECOND, breached(facility="second"), one, other, breached("2001-09-30", "second", met="true"))
    for name in ("first", "other"):
        record.when(around("2001-09-30", in_effect(name))).then((None, "2001-09-30", "2001-09-30"))


def test_twins_may_each_remove_what_stands_in_the_way_of_the_other() -> None:
    crossing = "clauses: [{clause: cross, kind: cross_default, of: [line, second], heals: automatically}, "
    one, two = (text.replace("clauses: [", crossing) for text in (LINE, SECOND))
    deletes = "{change: delete_covenant, from: 2001-06-30, covenant: leverage}"
    twins = [
        amended(deletes, conditions=f"{ASKED}, {{condition: twin, amendment: other}}"),
        amended(deletes, conditions=f"{ASKED}, {{condition: twin, amendment: first}}", name="other", facility="second"),
    ]
    record = given(one, two, breached(), breached(facility="second"), *twins)
    for name in ("first", "other"):
        record.when(on("2001-07-15", in_effect(name))).then("2001-07-15")


# --- clauses and covenants -------------------------------------------------------------------------------------------


def test_a_covenant_deleted_breaches_nothing_on_test_dates_from_then_on() -> None:
    deletes = "{change: delete_covenant, from: 2001-07-01, covenant: leverage}"
    before, after = breached("2001-06-30"), breached("2001-07-01")
    given(LINE, amended(deletes), before).when(on("2001-12-31", legal("line"))).then("event_of_default")
    given(LINE, amended(deletes), after).when(on("2001-12-31", legal("line"))).then("no_default")


def test_a_covenant_set_again_after_it_was_deleted_can_be_breached_again() -> None:
    record = given(
        LINE,
        amended("{change: delete_covenant, from: 2001-03-01, covenant: leverage}", signed="2001-02-01"),
        amended(
            "{change: covenant, from: 2001-09-01, covenant: {covenant: leverage}}", name="second", signed="2001-08-01"
        ),
        breached("2001-08-31"),
        breached("2001-09-30"),
    )
    record.when(on("2001-12-31", defaults("line"))).then({"line/tests/leverage/2001-09-30": "continuing"})


def test_a_clause_set_makes_defaults_of_what_has_failed_already_and_one_deleted_makes_no_more() -> None:
    bare = LINE.replace("{clause: tests, kind: covenant, heals: automatically}", "")
    sets = "{change: clause, from: 2001-09-01, clause: {clause: new, kind: covenant, heals: automatically}}"
    given(bare, breached(), amended(sets)).when(around("2001-09-01", legal("line"))).then(
        ("no_default", "event_of_default", "event_of_default")
    )
    deletes = "{change: delete_clause, from: 2001-09-01, clause: tests}"
    given(LINE, breached(), amended(deletes)).when(around("2001-09-01", legal("line"))).then(
        ("event_of_default", "no_default", "no_default")
    )
    given(LINE, amended(deletes), breached("2001-09-30")).when(on("2001-12-31", legal("line"))).then("no_default")


def grace_of(days: int, from_: str, heals: str = "automatically") -> str:
    clause = f"{{clause: tests, kind: covenant, grace: {{days: {days}}}, heals: {heals}}}"
    return f"{{change: clause, from: {from_}, clause: {clause}}}"


SLOW = LINE.replace("kind: covenant,", "kind: covenant, grace: {days: 30},")  # a breach of June 30 matures on July 30


@pytest.mark.parametrize(
    ("days", "event_of_default"), [(45, "2001-08-14"), (20, "2001-07-20"), (5, "2001-07-10"), (10, "2001-07-10")]
)
def test_a_default_in_its_grace_has_the_grace_to_which_its_clause_is_amended(days: int, event_of_default: str) -> None:
    record = given(SLOW, breached(), amended(grace_of(days, "2001-07-10"), signed="2001-07-10"))
    record.when(around(event_of_default, legal("line"))).then(("default", "event_of_default", "event_of_default"))
    record.when(on(event_of_default, defaults("line"))).then({"line/tests/leverage/2001-06-30": "continuing"})


def test_what_has_become_an_event_of_default_stays_one_though_its_clause_is_given_more_grace_from_then_on() -> None:
    record = given(SLOW, breached(), amended(grace_of(60, "2001-08-05"), signed="2001-08-05"))
    record.when(around("2001-08-05", legal("line"))).then(("event_of_default",) * 3)
    back = given(SLOW, breached(), amended(grace_of(60, "2001-06-30"), signed="2001-08-05"))
    back.when(around("2001-07-30", legal("line"))).then(("default",) * 3)
    back.when(around("2001-08-29", legal("line"))).then(("default", "event_of_default", "event_of_default"))


@pytest.mark.parametrize(
    ("before", "after", "healed_on"),
    [("on_waiver", "automatically", "2001-09-15"), ("automatically", "on_waiver", None)],
)
def test_how_an_event_of_default_heals_is_what_its_clause_says_by_then(
    before: str, after: str, healed_on: str | None
) -> None:
    line = LINE.replace("heals: automatically", f"heals: {before}")
    amendment = amended(grace_of(0, "2001-09-15" if healed_on else "2001-07-15", after), signed="2001-07-15")
    record = given(line, breached(), amendment, breached("2001-08-31", met="true"))
    record.when(around("2001-08-31", legal("line"))).then(("event_of_default",) * 3)
    if healed_on:
        record.when(around(healed_on, legal("line"))).then(("event_of_default", "no_default", "no_default"))


def test_an_event_of_default_carried_over_outlives_the_deletion_of_its_clause() -> None:
    line = LINE.replace("heals: automatically", "heals: on_waiver")
    deletes = "{change: delete_clause, from: 2001-09-01, clause: tests}"
    given(line, breached(), amended(deletes)).when(around("2001-09-01", legal("line"))).then(("event_of_default",) * 3)


def test_an_extension_of_maturity_before_it_passes_leaves_nothing_to_be_missed() -> None:
    record = given(LINE, amended("{change: matures, from: 2001-07-15, matures: 2004-01-01}"))
    record.when(on("2003-06-01", findings("maturity_unrecorded"))).then([])
    given(LINE).when(on("2003-01-01", lambda seen: len(findings("maturity_unrecorded")(seen)))).then(1)


# --- both clocks, other dials ----------------------------------------------------------------------------------------


def test_a_voided_amendment_leaves_no_residue_and_what_was_conditional_on_it_stays_pending() -> None:
    hanging = waived(rest=", conditions: [{condition: amendment, amendment: first}]")
    voided = "- {event: FactVoided, position: 3, reason: Never signed}"
    record = given(LINE, breached(), amended(rate_of("0.09", "2001-03-01")), hanging, voided)
    record.when(on("2001-08-01", rate("line"), known=4)).then("0.09")
    record.when(on("2001-08-01", rate("line"), known=5)).then("0.08")
    record.when(on("2001-08-01", waiver("w"), known=4)).then("in_force")
    record.when(on("2001-08-01", waiver("w"), known=5)).then("pending")


def test_a_condition_that_is_only_recited_to_be_met_gives_no_effect_unless_that_counts() -> None:
    recited = met("opinion", "2001-08-01").replace("effective:", "standing: recited, effective:")
    record = given(LINE, amended(rate_of("0.09", "2001-08-01"), conditions=OPINION), recited)
    record.when(on("2001-08-01", rate("line"))).then("0.08")
    record.when(on("2001-08-01", rate("line"), standing="recited")).then("0.09")


# --- papers that hang on one another ---------------------------------------------------------------------------------


def test_an_amendment_waits_for_each_that_it_names_though_one_of_them_is_in_effect() -> None:
    last = amended(conditions="{condition: one, amendment: a}, {condition: two, amendment: b}", name="c")
    record = given(
        LINE, amended(name="a"), amended(conditions=OPINION, name="b"), last, met("opinion", "2001-08-01", "b")
    )
    record.when(around("2001-08-01", in_effect("c"))).then((None, "2001-08-01", "2001-08-01"))


def test_what_waits_for_an_amendment_helps_it_past_no_question() -> None:
    deleted = "{change: delete_covenant, from: 2001-01-01, covenant: leverage}"
    helps = amended(deleted, conditions="{condition: before, amendment: first}", name="second")
    given(LINE, breached(), amended(conditions=ASKED), helps).when(on("2001-12-31", in_effect("first"))).then(None)
    twin = amended(conditions=f"{ASKED}, {{condition: twin, amendment: second}}")
    given(LINE, breached(), twin, helps).when(on("2001-12-31", in_effect("first"))).then("2001-07-15")


def test_a_question_is_asked_again_on_a_day_on_which_only_the_amendment_itself_changes_anything() -> None:
    line = LINE.replace("kind: covenant", "kind: payment").replace("2003-01-01", "2001-05-10")
    missed = "- {event: PaymentMissed, facility: line, effective: 2001-05-10, of: principal, due: 2001-05-10}\n"
    moved = "{change: matures, from: 2001-09-03, matures: 2004-01-01}"
    between = amended(name="between", signed="2001-07-20", conditions=OPINION)
    also_asked = amended(name="also-asked", signed="2001-07-16", conditions=ASKED)
    record = given(
        line, missed, amended(moved, conditions=ASKED), also_asked, between, met("opinion", "2001-08-01", "between")
    )
    record.when(around("2001-09-03", in_effect("first"))).then((None, "2001-09-03", "2001-09-03"))
    record.when(around("2001-08-01", in_effect("between"))).then((None, "2001-08-01", "2001-08-01"))
