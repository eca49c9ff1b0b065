"""Defaults: clauses, grace, notice, cure, healing; one root in a chain, and rings that need a cause from outside."""

import pytest

from projections.view import View
from tests.projections.asking import around, defaults, facility, findings, legal, on, on_days
from tests.spec import given

MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, amount: "90.00"}
"""


def notes(clause: str = "kind: payment", **more: str) -> str:
    terms = "".join(f", {name}: {value}" for name, value in more.items())
    return f"""
- {{event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill]{terms},
   clauses: [{{clause: own, {clause}}}]}}
"""


def line(clause: str, **more: str) -> str:
    terms = "".join(f", {name}: {value}" for name, value in more.items())
    return f"""
- {{event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill]{terms},
   clauses: [{{clause: cross, {clause}}}]}}
"""


def paid(day: str, amount: str = "90.00") -> str:
    return f"""
- {{event: PaymentMade, facility: notes, effective: {day}, of: interest, due: 2001-05-10, amount: "{amount}"}}
"""


NEVER = ("no_default", "no_default", "no_default")
AT_ONCE = ("no_default", "event_of_default", "event_of_default")


# --- payment ---------------------------------------------------------------------------------------------------------


def test_a_missed_payment_is_an_event_of_default_at_once_where_there_is_no_grace() -> None:
    given(notes(), MISSED).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)


def test_silence_is_no_failure() -> None:
    schedule = "{interest: {every: 6 months, from: 2001-05-10}}"
    given(notes(schedule=schedule, matures="2001-05-10")).when(around("2001-05-10", legal("notes"))).then(NEVER)


def test_a_payment_clause_looks_only_at_the_kinds_it_names_and_at_its_own_debt() -> None:
    own, other = notes("kind: payment, of: [principal]"), line("kind: payment")
    given(own, other, MISSED).when(around("2001-05-10", legal("notes"))).then(NEVER)
    given(own, other, MISSED).when(around("2001-05-10", legal("line"))).then(NEVER)
    given(own, MISSED.replace("of: interest", "of: principal")).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)


def test_each_kind_missed_is_a_cause_of_its_own_and_the_same_failure_told_twice_is_one() -> None:
    both = MISSED.replace("of: interest", "of: [interest, principal]").replace(', amount: "90.00"', "")
    given(notes(), both, both).when(on("2001-05-10", defaults("notes"))).then(
        {
            "notes/own/notes/interest/2001-05-10": "continuing",
            "notes/own/notes/principal/2001-05-10": "continuing",
        }
    )


def test_a_failure_known_to_begin_later_than_its_due_date_makes_a_default_from_then() -> None:
    late = MISSED.replace("effective: 2001-05-10", "effective: 2001-05-12")
    given(notes("kind: payment, grace: {days: 1}"), late).when(around("2001-05-12", legal("notes"))).then(AT_ONCE)


# --- grace -----------------------------------------------------------------------------------------------------------


def test_due_on_the_10th_with_five_days_is_an_event_of_default_on_the_15th() -> None:
    record = given(notes("kind: payment, grace: {days: 5}"), MISSED)
    record.when(around("2001-05-10", legal("notes"))).then(("no_default", "default", "default"))
    record.when(around("2001-05-15", legal("notes"))).then(("default", "event_of_default", "event_of_default"))


def test_no_days_of_grace_is_at_once() -> None:
    given(notes("kind: payment, grace: {days: 0}"), MISSED).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)


@pytest.mark.parametrize(
    ("calendar", "event_of_default"),
    [("us", "2001-05-30"), ("weekdays", "2001-05-29"), ("none", "2001-05-27")],
)
def test_business_days_of_grace_are_those_of_the_calendar(calendar: str, event_of_default: str) -> None:
    # due on a Thursday; Monday, May 28, 2001 was Memorial Day
    grace = f"kind: payment, grace: {{business_days: 3, calendar: {calendar}}}"
    missed = MISSED.replace("05-10", "05-24")
    given(notes(grace), missed).when(around(event_of_default, legal("notes"))).then(
        ("default", "event_of_default", "event_of_default")
    )


def test_business_days_without_a_calendar_are_those_of_the_united_states() -> None:
    missed = MISSED.replace("05-10", "05-24")
    given(notes("kind: payment, grace: {business_days: 3}"), missed).when(around("2001-05-30", legal("notes"))).then(
        ("default", "event_of_default", "event_of_default")
    )


def test_a_grace_that_is_not_stated_is_none_with_a_finding() -> None:
    record = given(notes("kind: payment, grace: not_stated"), MISSED)
    record.when(around("2001-05-10", legal("notes"))).then(AT_ONCE)
    record.when(on("2001-05-09", findings("grace_not_stated"))).then([])
    record.when(
        on("2001-05-10", lambda seen: [(f.facts, f.question) for f in findings("grace_not_stated")(seen)])
    ).then(
        [
            (
                (1, 2),
                "What is the grace of the clause own? Without one, notes/own/notes/interest/2001-05-10 is an Event of "
                "Default at once.",
            )
        ]
    )


def test_grace_runs_from_the_due_date_though_the_failure_is_told_later() -> None:
    late = MISSED.replace("effective: 2001-05-10", "effective: 2001-05-12")
    given(notes("kind: payment, grace: {days: 5}"), late).when(around("2001-05-15", legal("notes"))).then(
        ("default", "event_of_default", "event_of_default")
    )


# --- cure ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2001-05-11", "2001-05-14", "2001-05-15"])
def test_full_payment_by_the_end_of_the_last_day_of_grace_cures(day: str) -> None:
    record = given(notes("kind: payment, grace: {days: 5}"), MISSED, paid(day))
    record.when(around(day, legal("notes"))).then(("default", "no_default", "no_default"))
    record.when(on("2001-05-16", defaults("notes"))).then({"notes/own/notes/interest/2001-05-10": "cured"})
    record.when(on("2001-12-31", findings())).then([])


def test_payment_the_day_after_grace_is_too_late_to_cure() -> None:
    record = given(notes("kind: payment, grace: {days: 5}"), MISSED, paid("2001-05-16"))
    record.when(around("2001-05-16", legal("notes"))).then(("event_of_default",) * 3)


def test_a_part_of_the_payment_cures_nothing_and_the_rest_of_it_does() -> None:
    record = given(
        notes("kind: payment, grace: {days: 5}"), MISSED, paid("2001-05-11", "89.99"), paid("2001-05-15", "0.01")
    )
    record.when(around("2001-05-11", legal("notes"))).then(("default", "default", "default"))
    record.when(around("2001-05-15", legal("notes"))).then(("default", "no_default", "no_default"))


def test_missed_and_paid_on_one_day_never_arises() -> None:
    record = given(notes(), MISSED, paid("2001-05-10"))
    record.when(around("2001-05-10", legal("notes"))).then(NEVER)
    record.when(on("2001-05-10", defaults("notes"))).then({})


def test_without_an_amount_the_full_payment_is_what_follows_from_the_terms() -> None:
    terms = notes(
        "kind: payment, grace: {days: 5}", principal='"1000.00"', rate='{fixed: "0.36"}', day_count="30/360 US"
    )
    missed = MISSED.replace(', amount: "90.00"', "")  # 129 days of interest: 129.00
    given(terms, missed, paid("2001-05-12", "128.99")).when(on("2001-05-12", legal("notes"))).then("default")
    given(terms, missed, paid("2001-05-12", "129.00")).when(on("2001-05-12", legal("notes"))).then("no_default")


def test_where_nothing_gives_the_amount_a_payment_cures_nothing_and_a_finding_asks() -> None:
    record = given(
        notes("kind: payment, grace: {days: 5}"), MISSED.replace(', amount: "90.00"', ""), paid("2001-05-12")
    )
    record.when(on("2001-05-15", legal("notes"))).then("event_of_default")
    record.when(on("2001-05-11", findings("amount_not_stated"))).then([])
    record.when(
        on("2001-05-12", lambda seen: [(f.facts, f.question) for f in findings("amount_not_stated")(seen)])
    ).then(
        [
            (
                (2, 3),
                "Was this the full interest due on 2001-05-10? Neither the record nor the terms give the amount "
                "missed, so the failure is taken to last.",
            )
        ]
    )


def test_a_later_date_to_which_interest_was_paid_pays_what_was_missed() -> None:
    stated = "- {event: BalanceStated, facility: notes, effective: 2001-05-14, interest_paid_to: 2001-05-10}"
    given(notes("kind: payment, grace: {days: 5}"), MISSED, stated).when(around("2001-05-14", legal("notes"))).then(
        ("default", "no_default", "no_default")
    )


def test_a_failure_due_on_the_day_of_the_opening_is_cured_like_any_other() -> None:
    missed = MISSED.replace("2001-05-10", "2001-01-01")
    cured = paid("2001-01-03").replace("2001-05-10", "2001-01-01")
    given(notes("kind: payment, grace: {days: 5}"), missed, cured).when(around("2001-01-03", legal("notes"))).then(
        ("default", "no_default", "no_default")
    )


def test_the_creditor_may_accept_a_cure_in_grace_or_after_it() -> None:
    accepted = (
        '- {event: CureAccepted, facility: notes, effective: DAY, default: "notes/own/notes/interest/2001-05-10"}'
    )
    terms = notes("kind: payment, grace: {days: 5}")
    given(terms, MISSED, accepted.replace("DAY", "2001-05-12")).when(around("2001-05-12", legal("notes"))).then(
        ("default", "no_default", "no_default")
    )
    given(terms, MISSED, accepted.replace("DAY", "2001-06-01")).when(around("2001-06-01", legal("notes"))).then(
        ("event_of_default", "no_default", "no_default")
    )


def test_a_cure_accepted_of_another_default_or_before_there_was_one_changes_nothing() -> None:
    accepted = '- {event: CureAccepted, facility: notes, effective: DAY, default: "notes/own/notes/KIND/2001-05-10"}'
    other = accepted.replace("DAY", "2001-05-12").replace("KIND", "principal")
    early = accepted.replace("DAY", "2001-05-09").replace("KIND", "interest")
    given(notes(), MISSED, other, early).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)


def test_a_cure_tendered_and_not_accepted_changes_nothing() -> None:
    tendered = """
- {event: CureTendered, facility: notes, effective: 2001-05-12, default: notes/own/notes/interest/2001-05-10}
"""
    given(notes(), MISSED, tendered).when(around("2001-05-12", legal("notes"))).then(("event_of_default",) * 3)


# --- healing ---------------------------------------------------------------------------------------------------------


def test_an_event_of_default_that_heals_automatically_ends_with_the_failure() -> None:
    record = given(notes("kind: payment, heals: automatically"), MISSED, paid("2001-06-01"))
    record.when(around("2001-06-01", legal("notes"))).then(("event_of_default", "no_default", "no_default"))


@pytest.mark.parametrize("day", ["2001-06-01", "2001-06-15"])
def test_one_that_heals_on_notice_ends_with_a_notice_once_the_failure_is_over(day: str) -> None:
    notified = f"- {{event: CureNotified, facility: notes, effective: {day}, clause: own}}"
    record = given(notes("kind: payment, heals: on_notice"), MISSED, paid("2001-06-01"), notified)
    record.when(around(day, legal("notes"))).then(("event_of_default", "no_default", "no_default"))


def test_a_notice_of_cure_while_the_failure_lasts_or_under_another_clause_heals_nothing() -> None:
    early = "- {event: CureNotified, facility: notes, effective: 2001-05-31, clause: own}"
    other = "- {event: CureNotified, facility: notes, effective: 2001-06-15, clause: other}"
    record = given(notes("kind: payment, heals: on_notice"), MISSED, paid("2001-06-01"), early, other)
    record.when(on_days(legal("notes"), "2001-05-31", "2001-06-01", "2001-06-15")).then(
        dict.fromkeys(("2001-05-31", "2001-06-01", "2001-06-15"), "event_of_default")
    )


def test_one_that_heals_on_waiver_continues_until_it_is_waived() -> None:
    waived = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-07-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: []}
"""
    record = given(notes("kind: payment, heals: on_waiver"), MISSED, paid("2001-06-01"), waived)
    record.when(around("2001-06-01", legal("notes"))).then(("event_of_default",) * 3)
    record.when(around("2001-07-01", legal("notes"))).then(("event_of_default", "no_default", "no_default"))
    record.when(on("2001-12-31", findings())).then([])


@pytest.mark.parametrize("clause", ["kind: payment", "kind: payment, heals: not_stated"])
def test_one_of_which_no_paper_says_how_it_heals_continues_with_a_finding(clause: str) -> None:
    record = given(notes(clause), MISSED, paid("2001-06-01"))
    record.when(around("2001-06-01", legal("notes"))).then(("event_of_default",) * 3)
    record.when(on("2001-05-31", findings("heals_not_stated"))).then([])
    record.when(
        on("2001-06-01", lambda seen: [(f.facts, f.question) for f in findings("heals_not_stated")(seen)])
    ).then(
        [
            (
                (1, 2, 3),
                "Does the end of the failure end the Event of Default notes/own/notes/interest/2001-05-10? The clause "
                "does not say, so it continues.",
            )
        ]
    )


# --- covenants -------------------------------------------------------------------------------------------------------


def outcome(day: str, test_date: str, met: str = "false", covenant: str = "leverage") -> str:
    return (
        f"- {{event: CovenantTested, facility: notes, effective: {day}, covenant: {covenant}, test_date: {test_date},"
        f" met: {met}}}\n"
    )


def test_a_breach_is_a_default_from_the_day_it_was_effective_named_by_its_test_date() -> None:
    record = given(notes("kind: covenant, of: [leverage], grace: {days: 30}"), outcome("2001-07-15", "2001-06-30"))
    record.when(around("2001-07-15", legal("notes"))).then(("no_default", "default", "default"))
    record.when(around("2001-08-14", legal("notes"))).then(("default", "event_of_default", "event_of_default"))
    record.when(on("2001-08-14", defaults("notes"))).then({"notes/own/leverage/2001-06-30": "continuing"})


def test_a_covenant_that_was_met_or_that_the_clause_does_not_name_is_no_default() -> None:
    clause = notes("kind: covenant, of: [leverage]")
    met, other = outcome("2001-07-15", "2001-06-30", "true"), outcome("2001-07-15", "2001-06-30", covenant="coverage")
    given(clause, met, other).when(around("2001-07-15", legal("notes"))).then(NEVER)


def test_a_covenant_met_on_a_later_test_date_ends_the_failure() -> None:
    record = given(
        notes("kind: covenant, heals: automatically"),
        outcome("2001-07-15", "2001-06-30"),
        outcome("2001-10-15", "2001-09-30", "true"),
    )
    record.when(around("2001-10-15", legal("notes"))).then(("event_of_default", "no_default", "no_default"))


def test_a_covenant_met_on_an_earlier_test_date_ends_nothing() -> None:
    record = given(
        notes("kind: covenant, heals: automatically"),
        outcome("2001-07-15", "2001-06-30"),
        outcome("2001-08-15", "2001-03-31", "true"),
    )
    record.when(around("2001-08-15", legal("notes"))).then(("event_of_default",) * 3)


# --- events ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["facility: notes", "party: mill", "party: parent"])
def test_an_event_of_the_debt_its_borrower_or_its_guarantor_is_a_default(about: str) -> None:
    clause = notes("kind: event, of: [insolvency]", guarantors="[parent]")
    event = f"- {{event: EventOccurred, {about}, effective: 2001-05-10, kind: insolvency}}"
    given(clause, event).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)
    given(clause, event).when(on("2001-05-10", defaults("notes"))).then({"notes/own/insolvency": "continuing"})


def test_an_event_of_another_kind_or_of_a_stranger_is_none() -> None:
    clause = notes("kind: event, of: [insolvency]")
    for about in ("party: stranger, kind: insolvency", "party: mill, kind: judgment"):
        event = f"- {{event: EventOccurred, effective: 2001-05-10, {about}}}"
        given(clause, event).when(around("2001-05-10", legal("notes"))).then(NEVER)


def test_an_event_clause_without_kinds_takes_any() -> None:
    event = "- {event: EventOccurred, effective: 2001-05-10, party: mill, kind: judgment}"
    given(notes("kind: event"), event).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)


def judgment(day: str, about: str = "facility: notes") -> str:
    return f"- {{event: EventOccurred, {about}, effective: {day}, kind: judgment}}\n"


@pytest.mark.parametrize("about", ["facility: notes", "party: mill"])
def test_a_second_event_of_one_kind_is_a_default_of_its_own_named_by_its_day(about: str) -> None:
    accepted = "- {event: CureAccepted, facility: notes, effective: 2001-07-01, default: notes/own/judgment}"
    record = given(notes("kind: event"), judgment("2001-05-10"), judgment("2001-06-10", about), accepted)
    record.when(around("2001-06-10", defaults("notes"))).then(
        (
            {"notes/own/judgment": "continuing"},
            {"notes/own/judgment": "continuing", "notes/own/judgment/2001-06-10": "continuing"},
            {"notes/own/judgment": "continuing", "notes/own/judgment/2001-06-10": "continuing"},
        )
    )
    record.when(around("2001-07-01", legal("notes"))).then(("event_of_default",) * 3)
    record.when(on("2001-07-01", defaults("notes"))).then(
        {"notes/own/judgment": "cured", "notes/own/judgment/2001-06-10": "continuing"}
    )


def test_a_waiver_of_the_first_of_two_judgments_covers_not_the_second() -> None:
    grant = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-06-01, reaches: event_of_default,
   covers: [{defaults: notes/own/judgment}], ends: []}
"""
    record = given(notes("kind: event"), judgment("2001-05-10"), grant, judgment("2001-06-10"))
    record.when(around("2001-06-10", legal("notes"))).then(("no_default", "event_of_default", "event_of_default"))


def test_events_of_one_day_or_told_of_a_party_and_again_of_its_debt_that_day_are_one() -> None:
    told_twice = given(notes("kind: event"), judgment("2001-05-10"), judgment("2001-05-10", "party: mill"))
    told_twice.when(on("2001-05-10", defaults("notes"))).then({"notes/own/judgment": "continuing"})


def test_the_first_event_of_each_debt_has_the_plain_name_whatever_befell_another() -> None:
    record = given(
        notes("kind: event"), line("kind: event"), judgment("2001-05-10"), judgment("2001-06-10", "facility: line")
    )
    record.when(on("2001-06-10", defaults("line"))).then({"line/cross/judgment": "continuing"})


# --- declared, and notice --------------------------------------------------------------------------------------------


DECLARED = "- {event: DefaultDeclared, facility: notes, effective: 2001-05-10, default: mess, cause: A mess}\n"


def test_a_declared_default_arises_when_it_is_declared_under_its_clause_or_under_none() -> None:
    for named in ("", "clause: own, "):
        declared = DECLARED.replace("cause:", f"{named}cause:")
        given(notes("kind: declared"), declared).when(around("2001-05-10", legal("notes"))).then(AT_ONCE)
    elsewhere = DECLARED.replace("cause:", "clause: other, cause:")
    given(notes("kind: declared"), elsewhere).when(around("2001-05-10", legal("notes"))).then(NEVER)


def test_a_clause_that_asks_for_notice_waits_for_it_however_long() -> None:
    record = given(notes("kind: declared, notice: {days: 10}"), DECLARED)
    record.when(on_days(legal("notes"), "2001-05-10", "2001-05-20", "2005-05-10")).then(
        {"2001-05-10": "default", "2001-05-20": "default", "2005-05-10": "default"}
    )


@pytest.mark.parametrize("of", ["own", "notes/own/mess"])
def test_days_of_notice_are_counted_like_grace_from_its_receipt(of: str) -> None:
    notice = f"- {{event: NoticeGiven, facility: notes, effective: 2001-06-01, of: {of}}}"
    clause = notes("kind: declared, notice: {days: 10}")
    given(clause, DECLARED, notice).when(around("2001-06-11", legal("notes"))).then(
        ("default", "event_of_default", "event_of_default")
    )
    received = notice.replace("of:", "received: 2001-06-04, of:")
    given(clause, DECLARED, received).when(around("2001-06-14", legal("notes"))).then(
        ("default", "event_of_default", "event_of_default")
    )


def test_an_event_of_default_that_came_with_a_notice_rests_on_it_and_says_how_firm_it_is() -> None:
    inferred = "- {event: NoticeGiven, facility: notes, effective: 2001-06-01, of: own, standing: inferred}"
    later = inferred.replace("2001-06-01", "2001-06-02").replace(", standing: inferred", "")
    record = given(notes("kind: declared, notice: {days: 10}"), DECLARED, inferred, later)

    def firm(view: View) -> tuple[list[int], bool]:
        answer = facility("notes")(view)
        return [reason.position for reason in answer.defaults[0].because], answer.inferred

    record.when(around("2001-06-11", firm)).then((([1, 2], False), ([1, 2, 3], True), ([1, 2, 3], True)))


def test_a_notice_of_something_else_or_from_before_the_default_counts_not() -> None:
    early = "- {event: NoticeGiven, facility: notes, effective: 2001-05-09, of: own}"
    other = "- {event: NoticeGiven, facility: notes, effective: 2001-05-12, of: other}"
    record = given(notes("kind: declared, notice: {days: 2}"), DECLARED, early, other)
    record.when(on("2001-12-31", legal("notes"))).then("default")


def test_with_both_grace_and_notice_the_later_of_them_counts() -> None:
    clause = notes("kind: payment, grace: {days: 5}, notice: {business_days: 1, calendar: none}")
    notice = "- {event: NoticeGiven, facility: notes, effective: DAY, of: own}"
    for given_on, event_of_default in [("2001-05-11", "2001-05-15"), ("2001-05-20", "2001-05-21")]:
        record = given(clause, MISSED, notice.replace("DAY", given_on))
        record.when(around(event_of_default, legal("notes"))).then(("default", "event_of_default", "event_of_default"))


# --- cross clauses ---------------------------------------------------------------------------------------------------


def test_a_cross_payment_looks_at_the_payment_itself_whatever_the_other_debt_makes_of_it() -> None:
    waived_there = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-05-01, reaches: [default, event_of_default],
   covers: [{payments: interest}], ends: []}
"""
    record = given(notes(), line("kind: cross_payment, of: [notes]"), MISSED, waived_there)
    record.when(around("2001-05-10", legal("notes"))).then(NEVER)
    record.when(around("2001-05-10", legal("line"))).then(AT_ONCE)
    record.when(on("2001-05-10", defaults("line"))).then({"line/cross/notes/interest/2001-05-10": "continuing"})


def test_a_cross_payment_heals_only_by_payment() -> None:
    record = given(notes(), line("kind: cross_payment, of: [notes], heals: automatically"), MISSED, paid("2001-06-01"))
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default", "no_default", "no_default"))


def test_a_cross_payment_has_a_grace_of_its_own() -> None:
    record = given(notes(), line("kind: cross_payment, of: [notes], grace: {business_days: 5, calendar: us}"), MISSED)
    record.when(around("2001-05-17", legal("line"))).then(("default", "event_of_default", "event_of_default"))


@pytest.mark.parametrize(
    ("own", "event_of_default"),
    [("kind: payment, grace: {days: 7}", "2001-05-17"), ("kind: payment, of: [principal]", "2001-05-10")],
)
def test_grace_other_is_that_of_the_missed_debts_own_clause_and_without_one_none(
    own: str, event_of_default: str
) -> None:
    record = given(notes(own), line("kind: cross_payment, of: [notes], grace: other"), MISSED)
    before = "no_default" if event_of_default == "2001-05-10" else "default"
    record.when(around(event_of_default, legal("line"))).then((before, "event_of_default", "event_of_default"))


def test_grace_other_of_a_debt_whose_grace_is_not_known_leaves_a_finding() -> None:
    for own in ("kind: payment, grace: not_stated", "kind: payment, of: [principal]"):
        record = given(notes(own), line("kind: cross_payment, of: [notes], grace: other"), MISSED)
        record.when(
            on(
                "2001-05-10",
                lambda seen: [f.question for f in findings("grace_not_stated")(seen) if f.facility == "line"],
            )
        ).then(
            [
                "What is the grace of the clause cross? Without one, line/cross/notes/interest/2001-05-10 is an Event "
                "of Default at once."
            ]
        )


@pytest.mark.parametrize(("principal", "expected"), [('"500000.00"', NEVER), ('"500000.01"', AT_ONCE), (None, NEVER)])
def test_a_threshold_has_to_be_exceeded_and_is_not_tested_against_silence(
    principal: str | None, expected: tuple[str, str, str]
) -> None:
    debt = notes() if principal is None else notes(principal=principal)
    record = given(debt, line('kind: cross_payment, of: any, threshold: "500000.00"'), MISSED)
    record.when(around("2001-05-10", legal("line"))).then(expected)
    record.when(
        on("2001-05-10", lambda seen: [(f.facts, f.question) for f in findings("threshold_not_tested")(seen)])
    ).then(
        []
        if principal is not None
        else [
            (
                (2, 3),
                "Is notes above the threshold of the clause cross? Its principal is not stated, so the clause is taken "
                "not to apply.",
            )
        ]
    )


def test_a_threshold_is_exceeded_on_the_day_on_which_interest_is_added_to_principal() -> None:
    bears = {"rate": '{fixed: "0.12"}', "day_count": "30E/360", "principal": '"100000.00"', "matures": "2002-01-01"}
    interest = "every: 1 month, from: 2001-06-01"
    capitalised = notes(**bears, schedule=f"{{interest: {{{interest}, capitalise_until: 2001-09-01}}}}")
    short = f'{{interest: {{{interest}}}, principal: {{kind: annuity, {interest}, amount: "900.00"}}}}'
    for debt, threshold in ((capitalised, "101000.00"), (notes(**bears, schedule=short), "100050.00")):
        record = given(debt, line(f'kind: cross_payment, of: any, threshold: "{threshold}"'), MISSED)
        record.when(around("2001-07-01", legal("line"))).then(AT_ONCE)


def test_of_any_is_every_other_debt_that_shares_a_borrower() -> None:
    stranger = notes().replace("[mill]", "[other]")
    given(notes(), line("kind: cross_payment, of: any"), MISSED).when(around("2001-05-10", legal("line"))).then(AT_ONCE)
    given(stranger, line("kind: cross_payment, of: any"), MISSED).when(around("2001-05-10", legal("line"))).then(NEVER)


def test_a_cross_default_waits_for_an_event_of_default_elsewhere() -> None:
    record = given(notes("kind: payment, grace: {days: 5}"), line("kind: cross_default, of: [notes]"), MISSED)
    record.when(around("2001-05-15", legal("line"))).then(AT_ONCE)
    record.when(on("2001-05-15", defaults("line"))).then({"line/cross/notes/interest/2001-05-10": "continuing"})


def test_a_cross_default_has_a_grace_from_the_day_it_arose() -> None:
    record = given(
        notes("kind: payment, grace: {days: 5}"), line("kind: cross_default, of: any, grace: {days: 3}"), MISSED
    )
    record.when(around("2001-05-15", legal("line"))).then(("no_default", "default", "default"))
    record.when(around("2001-05-18", legal("line"))).then(("default", "event_of_default", "event_of_default"))


COVERED = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-06-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: [{until: 2001-07-01}]}
"""


def test_a_cross_default_that_heals_automatically_rests_while_the_other_is_waived_and_arises_again() -> None:
    record = given(notes(), line("kind: cross_default, of: [notes], heals: automatically"), MISSED, COVERED)
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default", "no_default", "no_default"))
    record.when(around("2001-07-01", legal("line"))).then(AT_ONCE)
    identity = "line/cross/notes/interest/2001-05-10"
    record.when(on_days(defaults("line"), "2001-05-10", "2001-06-15", "2001-07-01")).then(
        {
            "2001-05-10": {identity: "continuing"},
            "2001-06-15": {identity: "cured"},
            "2001-07-01": {identity: "continuing"},
        }
    )


def test_a_cross_default_that_does_not_heal_by_itself_continues_though_the_other_is_waived() -> None:
    record = given(notes(), line("kind: cross_default, of: [notes], heals: on_waiver"), MISSED, COVERED)
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default",) * 3)


def test_a_cross_default_that_no_paper_says_how_to_heal_continues_with_a_finding_once_the_other_is_waived() -> None:
    record = given(notes(), line("kind: cross_default, of: [notes]"), MISSED, COVERED, paid("2001-08-01"))
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default",) * 3)
    record.when(
        on("2001-12-31", lambda seen: [(f.on.isoformat(), f.facts) for f in findings("heals_not_stated")(seen)])
    ).then([("2001-06-01", (2, 3)), ("2001-08-01", (1, 3, 5))])


def test_a_cross_default_that_rests_says_what_it_rests_on() -> None:
    record = given(
        notes(), line("kind: cross_default, of: [notes], heals: automatically"), MISSED, COVERED, paid("2001-06-15")
    )
    record.when(on("2001-06-01", lambda seen: [r.position for r in facility("line")(seen).defaults[0].because])).then(
        [1, 2, 3, 4]
    )


def test_a_forborne_event_of_default_counts_for_a_cross_default() -> None:
    forborne = COVERED.replace("WaiverGranted", "ForbearanceGranted").replace("waiver:", "forbearance:")
    record = given(notes(), line("kind: cross_default, of: [notes], heals: automatically"), MISSED, forborne)
    record.when(on("2001-06-15", legal("notes"))).then("forborne")
    record.when(on("2001-06-15", legal("line"))).then("event_of_default")


def test_the_threshold_of_a_cross_default_is_tested_on_the_debt_in_default_and_not_on_its_root() -> None:
    between = """
- {event: FacilityOpened, facility: bridge, effective: 2001-01-01, name: Bridge, borrowers: [mill], principal: "900.00",
   clauses: [{clause: cross, kind: cross_payment, of: [notes]}]}
"""
    looks_at_bridge = line('kind: cross_default, of: [bridge], threshold: "500.00"')
    given(notes(principal='"1.00"'), between, looks_at_bridge, MISSED).when(around("2001-05-10", legal("line"))).then(
        AT_ONCE
    )
    event = "- {event: EventOccurred, party: mill, effective: 2001-05-10, kind: insolvency}"
    insolvent = between.replace("{clause: cross, kind: cross_payment, of: [notes]}", "{clause: own, kind: event}")
    given(insolvent, looks_at_bridge, event).when(around("2001-05-10", legal("line"))).then(AT_ONCE)


def test_a_chain_has_one_root() -> None:
    last = line("kind: cross_default, of: [line]").replace("facility: line", "facility: last")
    record = given(notes(), line("kind: cross_default, of: [notes]"), last, MISSED)
    record.when(on("2001-05-10", defaults("last"))).then({"last/cross/notes/interest/2001-05-10": "continuing"})


RING = "".join(
    f"- {{event: FacilityOpened, facility: {name}, effective: 2001-01-01, name: {name}, borrowers: [mill],"
    f" clauses: [{{clause: cross, kind: cross_default, of: [{other}], heals: automatically}}]}}\n"
    for name, other in [("a", "b"), ("b", "c"), ("c", "a")]
)
ENTRANCE = notes("kind: payment, heals: automatically")


def test_a_ring_of_cross_defaults_without_a_cause_from_outside_is_none() -> None:
    given(RING).when(on_days(legal("a"), "2001-05-10", "2009-01-01")).then(
        {"2001-05-10": "no_default", "2009-01-01": "no_default"}
    )


def test_a_ring_falls_with_its_cause_and_cannot_keep_itself_alive() -> None:
    entrance = RING.replace("of: [b]", "of: [b, notes]")
    for name in ("a", "b", "c"):
        record = given(ENTRANCE, entrance, MISSED, paid("2001-06-01"))
        record.when(around("2001-05-10", legal(name))).then(AT_ONCE)
        record.when(around("2001-06-01", legal(name))).then(("event_of_default", "no_default", "no_default"))
        record.when(on("2001-05-10", defaults(name))).then({f"{name}/cross/notes/interest/2001-05-10": "continuing"})


def test_a_ring_that_does_not_heal_outlives_its_cause() -> None:
    lasting = RING.replace("of: [b]", "of: [b, notes]").replace(", heals: automatically", "")
    record = given(ENTRANCE, lasting, MISSED, paid("2001-06-01"))
    record.when(around("2001-06-01", legal("c"))).then(("event_of_default",) * 3)


def test_a_waiver_in_a_ring_stops_what_would_pass_through_it() -> None:
    entrance = RING.replace("of: [b]", "of: [b, notes]")
    waived = """
- {event: WaiverGranted, facility: c, waiver: w, effective: 2001-06-01, reaches: [event_of_default],
   covers: [{payments: interest, of: [notes]}], ends: [{until: 2001-07-01}]}
"""
    record = given(ENTRANCE, entrance, MISSED, waived)
    for name, state in [("a", "event_of_default"), ("b", "no_default"), ("c", "waived")]:
        record.when(around("2001-06-01", legal(name))).then(("event_of_default", state, state))
        record.when(around("2001-07-01", legal(name))).then((state, "event_of_default", "event_of_default"))


def test_a_cross_acceleration_waits_for_the_debt_to_be_made_due() -> None:
    act = """
- {event: ActTaken, facility: notes, act: notice, effective: 2001-06-01, by: holder, seeks: acceleration,
   accelerates: ACCELERATES}
"""
    record = [notes(), line("kind: cross_acceleration, of: [notes]"), MISSED]
    given(*record, act.replace("ACCELERATES", "false")).when(around("2001-06-01", legal("line"))).then(NEVER)
    made_due = given(*record, act.replace("ACCELERATES", "true"))
    made_due.when(around("2001-06-01", legal("line"))).then(AT_ONCE)
    made_due.when(on("2001-06-01", defaults("line"))).then({"line/cross/notice": "continuing"})


def test_what_a_clause_made_due_stays_so_though_it_is_waived_and_so_does_a_cross_acceleration() -> None:
    record = given(
        notes("kind: payment, accelerates: true"),
        line("kind: cross_acceleration, of: [notes], heals: automatically"),
        MISSED,
        COVERED,
    )
    record.when(around("2001-05-10", legal("line"))).then(AT_ONCE)
    record.when(around("2001-06-01", legal("notes"))).then(("accelerated",) * 3)
    record.when(around("2001-06-01", legal("line"))).then(("event_of_default",) * 3)


@pytest.mark.parametrize("principal", [', principal: "1000.00"', ""])
def test_a_cross_acceleration_heals_by_annulment_or_payment(principal: str) -> None:
    act = """
- {event: ActTaken, facility: notes, act: notice, effective: 2001-06-01, by: holder, seeks: acceleration,
   accelerates: true}
"""
    annulled = "- {event: AccelerationAnnulled, facility: notes, act: notice, effective: 2001-07-01}"
    closed = "- {event: FacilityTerminated, facility: notes, effective: 2001-07-01, ground: paid}"
    debt = notes().replace(", borrowers", f"{principal}, borrowers")
    for end in (annulled, closed):
        record = given(debt, line("kind: cross_acceleration, of: [notes], heals: automatically"), act, end)
        record.when(around("2001-07-01", legal("line"))).then(("event_of_default", "no_default", "no_default"))


def test_a_debt_that_was_paid_and_closed_is_in_no_default_that_another_could_cross_to() -> None:
    insolvency = "- {event: EventOccurred, facility: notes, effective: 2001-05-10, kind: insolvency}"
    closed = "- {event: FacilityTerminated, facility: notes, effective: 2001-07-01, ground: GROUND}"
    debts = [notes("kind: event"), line("kind: cross_default, of: [notes], heals: automatically"), insolvency]
    for ground, after in [("paid", "no_default"), ("exchanged", "no_default"), ("terminated", "event_of_default")]:
        record = given(*debts, closed.replace("GROUND", ground))
        record.when(around("2001-07-01", legal("line"))).then(("event_of_default", after, after))


def test_an_event_of_default_that_rests_on_nothing_stated_says_what_it_rests_on() -> None:
    inferred = MISSED.replace("due:", "standing: inferred, due:")
    record = given(notes(), line("kind: cross_default, of: [notes]"), inferred)
    record.when(on("2001-05-10", lambda seen: facility("line")(seen).inferred)).then(True)
    record.when(
        on("2001-05-10", lambda seen: [(r.position, r.standing) for r in facility("line")(seen).defaults[0].because])
    ).then([(1, "stated"), (2, "stated"), (3, "inferred")])
