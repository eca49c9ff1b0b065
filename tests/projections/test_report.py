"""The report: what an answer rests on, what it does not say, since when and until when a status holds."""

import datetime as dt
from itertools import pairwise

import pytest

from projections.report import report
from projections.story import timeline_rows
from tests.projections.asking import A_DAY, Question, around, facility, legal, on, on_days, view
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], currency: USD,
   principal: "1000.00", rate: {fixed: "0.12"}, day_count: 30/360 US}
"""
LINE = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_payment, of: [notes]}]}
"""
MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10}
"""
WAIVED = """
- {event: WaiverGranted, facility: line, waiver: w, effective: 2001-06-01, reaches: [default, event_of_default],
   covers: [{payments: interest}], ends: [{until: 2001-09-01}, {act: [enforcement], by: [trustee], of: [notes]}]}
"""
SUIT = "- {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: trustee, seeks: enforcement}\n"


def run(name: str = "line") -> Question[tuple[str, str | None, str | None]]:
    """The status, the first day of its run, and the first day after it as far as is known on the day."""

    def asked(seen: object) -> tuple[str, str | None, str | None]:
        answer = facility(name)(seen)  # type: ignore[arg-type]
        return answer.legal, str(answer.since) if answer.since else None, str(answer.until) if answer.until else None

    return asked


def behind(name: str = "line") -> Question[list[int]]:
    """The positions that the whole answer about a facility rests on."""
    return lambda seen: [reason.position for reason in facility(name)(seen).because]


# --- since and until -------------------------------------------------------------------------------------------------


def test_since_is_the_first_day_of_the_run_and_until_the_next_change_if_nothing_more_happens() -> None:
    record = given(NOTES, LINE, MISSED, WAIVED, SUIT)
    record.when(
        on_days(run(), "2000-12-31", "2001-05-09", "2001-05-10", "2001-06-01", "2001-07-31", "2001-08-01")
    ).then(
        {
            "2000-12-31": ("not_open", None, None),
            "2001-05-09": ("no_default", "2001-01-01", None),
            "2001-05-10": ("event_of_default", "2001-05-10", None),
            "2001-06-01": ("waived", "2001-06-01", "2001-09-01"),
            "2001-07-31": ("waived", "2001-06-01", "2001-09-01"),
            "2001-08-01": ("event_of_default", "2001-08-01", None),
        }
    )


def test_until_counts_what_only_time_brings() -> None:
    grace = LINE.replace("of: [notes]", "of: [notes], grace: {days: 30}")
    given(NOTES, grace, MISSED).when(on("2001-05-10", run())).then(("default", "2001-05-10", "2001-06-09"))
    conditional = WAIVED.replace("ends:", "conditions: [{condition: fee}], ends:")
    paid = "- {event: ConditionSatisfied, waiver: w, condition: fee, effective: 2001-06-15}"
    given(NOTES, LINE, MISSED, conditional, paid).when(on("2001-06-14", run())).then(
        ("event_of_default", "2001-05-10", None)
    )


def test_a_status_that_goes_on_under_another_waiver_is_one_run() -> None:
    following = WAIVED.replace("waiver: w", "waiver: w2").replace("2001-06-01", "2001-09-01").replace(
        "until: 2001-09-01", "until: 2001-12-01"
    )  # fmt: skip
    record = given(NOTES, LINE, MISSED, WAIVED, following)
    record.when(on("2001-10-01", run())).then(("waived", "2001-06-01", "2001-12-01"))
    record.when(on("2001-08-31", run())).then(("waived", "2001-06-01", "2001-09-01"))


# --- because, inferred, deemed ---------------------------------------------------------------------------------------


def test_an_answer_cites_every_fact_that_its_status_rests_on_and_none_from_later_days() -> None:
    record = given(NOTES, LINE, MISSED, WAIVED, SUIT)
    record.when(on_days(behind(), "2001-05-09", "2001-05-10", "2001-06-01", "2001-08-01")).then(
        {"2001-05-09": [2], "2001-05-10": [2, 3], "2001-06-01": [2, 3, 4], "2001-08-01": [2, 3, 4, 5]}
    )


def test_a_reason_names_the_fact_its_date_document_clause_and_standing() -> None:
    cited = MISSED.replace("due:", 'standing: inferred, source: {document: paper, clause: "7(a)"}, due:')
    paper = "- {event: DocumentFiled, document: paper, title: Paper, effective: 2001-05-10}"
    given(NOTES, LINE, paper, cited).when(
        on("2001-05-10", lambda seen: facility("line")(seen).as_json()["defaults"][0]["because"])
    ).then(
        [
            {
                "position": 2,
                "event": "FacilityOpened",
                "effective": "2001-01-01",
                "document": None,
                "clause": None,
                "standing": "stated",
            },
            {
                "position": 4,
                "event": "PaymentMissed",
                "effective": "2001-05-10",
                "document": "paper",
                "clause": "7(a)",
                "standing": "inferred",
            },
        ]
    )


@pytest.mark.parametrize(
    ("fact", "name", "days"),
    [
        ("PaymentMissed", "line", (False, True, True)),
        ("PaymentMissed", "notes", (False, True, True)),
    ],
)
def test_an_answer_that_rests_on_an_inference_says_so_from_the_day_it_does(
    fact: str, name: str, days: tuple[bool, bool, bool]
) -> None:
    inferred = MISSED.replace("due:", "standing: inferred, due:")
    given(NOTES, LINE, inferred).when(around("2001-05-10", lambda seen: facility(name)(seen).inferred)).then(days)


def test_an_inferred_rate_or_balance_makes_the_answer_inferred() -> None:
    bare = NOTES.replace(', rate: {fixed: "0.12"}', "").replace('principal: "1000.00",', "")
    rate = '- {event: TermsStated, facility: notes, effective: 2001-02-01, rate: {fixed: "0.12"}, standing: inferred}'
    balance = '- {event: BalanceStated, facility: notes, effective: 2001-02-01, principal: "5.00", standing: inferred}'
    for fact in (rate, balance):
        given(bare, fact).when(around("2001-02-01", lambda seen: facility("notes")(seen).inferred)).then(
            (False, True, True)
        )


def test_an_amendment_in_effect_and_the_facts_that_met_its_conditions_are_behind_the_answer() -> None:
    amended = """
- {event: AmendmentSigned, facility: line, amendment: m, effective: 2001-03-01, dated: 2001-03-01, changes: [],
   conditions: [{condition: fee}]}
- {event: ConditionSatisfied, amendment: m, condition: fee, effective: 2001-03-15}
"""
    given(LINE, amended).when(around("2001-03-15", behind())).then(([1], [1, 2, 3], [1, 2, 3]))


def test_a_waiver_and_an_amendment_cite_the_conditions_that_were_met_by_then() -> None:
    conditional = WAIVED.replace("ends:", "conditions: [{condition: fee}, {condition: m, amendment: m}], ends:")
    later = """
- {event: AmendmentSigned, facility: line, amendment: m, effective: 2001-06-10, dated: 2001-06-10, changes: []}
- {event: ConditionSatisfied, waiver: w, condition: fee, effective: 2001-06-20}
"""
    record = given(NOTES, LINE, MISSED, conditional, later)
    record.when(
        on_days(
            lambda seen: [r.position for r in facility("line")(seen).waivers[0].because],
            "2001-06-09",
            "2001-06-10",
            "2001-06-20",
        )
    ).then({"2001-06-09": [4], "2001-06-10": [4, 5], "2001-06-20": [4, 5, 6]})


# --- what is not stated ----------------------------------------------------------------------------------------------


def test_what_the_record_does_not_say_is_null_and_listed() -> None:
    given(LINE).when(on("2001-05-10", lambda seen: facility("line")(seen).not_stated)).then(
        (
            "currency",
            "payment",
            "rate",
            "day_count",
            "principal",
            "accrued_interest",
            "interest_unpaid",
            "total",
            "interest_per_1000",
        )
    )
    given(NOTES).when(on("2001-05-10", lambda seen: facility("notes")(seen).not_stated)).then(("payment",))


def test_a_facility_with_every_word_stated_lists_nothing() -> None:
    complete = NOTES.replace("principal:", "schedule: {interest: {every: 1 year, from: 2002-01-01}}, principal:")
    given(complete).when(on("2001-05-10", lambda seen: facility("notes")(seen).not_stated)).then(())


# --- the whole report ------------------------------------------------------------------------------------------------


def test_a_report_has_the_facilities_in_the_order_of_their_opening() -> None:
    later = NOTES.replace("facility: notes", "facility: a-later").replace("2001-01-01", "2001-03-01")
    record = given(later, NOTES, LINE)
    record.when(on("2001-05-10", lambda seen: [each.facility for each in report(seen).facilities])).then(
        ["notes", "line", "a-later"]
    )


def test_a_report_of_some_facilities_has_them_their_findings_and_those_about_none() -> None:
    fixings = '- {event: IndexFixed, index: p, effective: 2001-02-01, rate: "0.05"}\n'
    record = given(NOTES, LINE, MISSED, WAIVED, fixings, fixings.replace("0.05", "0.06"))
    record.when(on("2001-12-01", lambda seen: [(f.code, f.facility) for f in report(seen, ["notes"]).findings])).then(
        [("same_day_order_not_stated", None)]
    )
    record.when(on("2001-12-01", lambda seen: [(f.code, f.facility) for f in report(seen, ["line"]).findings])).then(
        [("same_day_order_not_stated", None), ("revival_not_stated", "line")]
    )


def test_a_facility_that_is_not_in_the_record_is_no_answer() -> None:
    with pytest.raises(KeyError):
        report(view(given(NOTES).log, "2001-05-10"), ["line"])
    with pytest.raises(KeyError):
        report(view(given(NOTES).log, "2001-05-10")).facility("line")


def test_the_json_of_a_report_has_the_names_of_the_record_format() -> None:
    data = report(view(given(NOTES, LINE, MISSED, WAIVED).log, "2001-06-01")).as_json()
    assert list(data) == ["as_of", "known", "standing", "as_stood", "facilities", "offers", "findings"]
    line = data["facilities"][1]
    assert {"facility", "name", "currency", "legal", "payment", "since", "until", "inferred", "deemed"} <= line.keys()
    assert {"defaults", "waivers", "rate", "rates", "obligations", "not_stated", "because"} <= line.keys()
    assert line["defaults"][0] == {
        "default": "line/cross/notes/interest/2001-05-10",
        "clause": "cross",
        "arose": "2001-05-10",
        "became_event_of_default": "2001-05-10",
        "state": "waived",
        "cured_on": None,
        "waivers": ["w"],
        "because": line["defaults"][0]["because"],
    }
    assert line["waivers"][0] == {
        "waiver": "w",
        "kind": "waiver",
        "state": "in_force",
        "from": "2001-06-01",
        "until": "2001-09-01",
        "ended_on": None,
        "ended_by": None,
        "because": line["waivers"][0]["because"],
    }


# --- timeline rows ---------------------------------------------------------------------------------------------------


def test_the_rows_of_a_timeline_follow_one_another_from_the_opening_each_with_its_reason() -> None:
    seen = view(given(NOTES, LINE, MISSED, WAIVED, SUIT).log, "2001-12-31")
    rows = timeline_rows(seen, "line")
    assert [(str(row.from_), str(row.until) if row.until else None, row.legal, row.why) for row in rows] == [
        ("2001-01-01", "2001-05-10", "no_default", "no Default that counts"),
        ("2001-05-10", "2001-06-01", "event_of_default", "notes/interest/2001-05-10: uncovered"),
        ("2001-06-01", "2001-08-01", "waived", "notes/interest/2001-05-10: covered by w"),
        (
            "2001-08-01",
            None,
            "event_of_default",
            "notes/interest/2001-05-10: uncovered; w rescinded on 2001-08-01 by suit",
        ),
    ]
    assert [[reason.position for reason in row.because] for row in rows] == [[2], [2, 3], [2, 3, 4], [2, 3, 4, 5]]


def test_a_row_names_only_what_makes_its_status_and_only_a_waiver_that_had_covered_it() -> None:
    breach = """
- {event: CovenantTested, facility: line, effective: 2001-07-01, covenant: l, test_date: 2001-06-30, met: false}
"""
    clauses = LINE.replace("}]}", "}, {clause: tests, kind: covenant}]}")
    earlier = WAIVED.replace("waiver: w", "waiver: old").replace("2001-06-01", "2001-02-01").replace(
        "until: 2001-09-01", "until: 2001-03-01"
    )  # fmt: skip
    seen = view(given(NOTES, clauses, MISSED, WAIVED, earlier, breach).log, "2001-12-31")
    assert [(str(row.from_), row.why) for row in timeline_rows(seen, "line")] == [
        ("2001-01-01", "no Default that counts"),
        ("2001-05-10", "notes/interest/2001-05-10: uncovered"),
        ("2001-06-01", "notes/interest/2001-05-10: covered by w"),
        ("2001-07-01", "l/2001-06-30: uncovered"),
    ]


def test_the_rows_agree_with_the_answers_of_every_day() -> None:
    record = given(NOTES, LINE, MISSED, WAIVED, SUIT)
    seen = view(record.log, "2001-12-31")
    rows = timeline_rows(seen, "line")
    day = dt.date(2001, 1, 1)
    while day < dt.date(2001, 12, 31):
        (row,) = [each for each in rows if each.from_ <= day and (each.until is None or day < each.until)]
        assert legal("line")(seen.at(day)) == row.legal
        day += A_DAY
    assert all(before.until == after.from_ and before.legal != after.legal for before, after in pairwise(rows))
