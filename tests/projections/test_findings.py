"""Findings: each code with its sentence, its facts, its date, and what makes it go away.

Findings about one rule are tested beside that rule: grace, healing, amounts and thresholds with the Defaults, triggers
and extensions with the waivers, deadlines and minimums with the offers, lapsed dependants with the corrections.
"""

import pytest

from projections.answer import Finding
from tests.projections.asking import Question, on
from tests.spec import given

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], matures: 2001-05-10}
"""
LINE = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_payment, of: [notes]}]}
"""
MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: [principal, interest], due: 2001-05-10}
"""


def waived(
    name: str, effective: str, until: str, rest: str = "", covers: str = "{payments: [principal, interest]}"
) -> str:
    return f"""
- {{event: WaiverGranted, facility: line, waiver: {name}, effective: {effective}, reaches: [default, event_of_default],
   covers: [{covers}], ends: [{{until: {until}}}]{rest}}}
"""


def found(code: str) -> Question[list[tuple[str | None, str, tuple[int, ...], str]]]:
    """The findings of a code: the facility, the date, the facts and the question of each."""

    def row(finding: Finding) -> tuple[str | None, str, tuple[int, ...], str]:
        return finding.facility, finding.on.isoformat(), finding.facts, finding.question

    return lambda seen: [row(finding) for finding in seen.findings if finding.code == code]


# --- waivers ---------------------------------------------------------------------------------------------------------


def test_revival_not_stated() -> None:
    record = given(NOTES, LINE, MISSED, waived("w", "2001-06-01", "2001-07-01"))
    record.when(on("2001-06-30", found("revival_not_stated"))).then([])
    record.when(on("2001-07-01", found("revival_not_stated"))).then(
        [
            (
                "line",
                "2001-07-01",
                (4,),
                "When w ended, did what it had covered revive as of its original date? It covered "
                "line/cross/notes/principal/2001-05-10, line/cross/notes/interest/2001-05-10; default interest for the "
                "waived time hangs on the answer.",
            )
        ]
    )


def test_no_revival_is_asked_about_where_the_creditor_only_forbore() -> None:
    grant = waived("w", "2001-06-01", "2001-07-01").replace("WaiverGranted", "ForbearanceGranted")
    record = given(NOTES, LINE, MISSED, grant.replace("waiver:", "forbearance:"))
    record.when(on("2001-12-31", found("revival_not_stated"))).then([])


@pytest.mark.parametrize(
    "rest", [", revival: prospective", ", revival: original_date", ", revival: {as_of: 2001-06-15}"]
)
def test_a_revival_that_a_paper_states_is_not_asked_about(rest: str) -> None:
    record = given(NOTES, LINE, MISSED, waived("w", "2001-06-01", "2001-07-01", rest))
    record.when(on("2001-12-31", found("revival_not_stated"))).then([])


def test_the_revival_of_one_end_is_not_that_of_another() -> None:
    grant = waived("w", "2001-06-01", "2001-07-01").replace(
        "until: 2001-07-01", "until: 2001-07-01, revival: prospective"
    )
    both = grant.replace("}]}", "}, {act: enforcement, of: [notes]}]}")
    suit = "- {event: ActTaken, facility: notes, act: suit, effective: 2001-06-15, by: holder, seeks: enforcement}"
    given(NOTES, LINE, MISSED, both).when(on("2001-12-31", found("revival_not_stated"))).then([])
    given(NOTES, LINE, MISSED, both, suit).when(
        on("2001-12-31", lambda seen: [facts for _, _, facts, _ in found("revival_not_stated")(seen)])
    ).then([(4, 5)])


def test_a_waiver_that_covered_nothing_or_was_superseded_revives_nothing() -> None:
    nothing = given(NOTES, LINE, waived("w", "2001-02-01", "2001-03-01"), MISSED)
    nothing.when(on("2001-12-31", found("revival_not_stated"))).then([])
    newer = waived("w2", "2001-06-15", "2001-12-31", ", supersedes: [w], revival: prospective")
    given(NOTES, LINE, MISSED, waived("w", "2001-06-01", "2001-07-01"), newer).when(
        on("2001-12-31", found("revival_not_stated"))
    ).then([])


def test_gap_between_waivers() -> None:
    record = given(
        NOTES, LINE, MISSED, waived("w1", "2001-05-01", "2001-06-01"), waived("w2", "2001-07-01", "2001-08-01")
    )  # fmt: skip
    record.when(on("2001-05-31", found("gap_between_waivers"))).then([])
    record.when(on("2001-06-01", found("gap_between_waivers"))).then(
        [
            (
                "line",
                "2001-06-01",
                (4, 5),
                "Did anything cover line/cross/notes/principal/2001-05-10 from 2001-06-01 to the day before "
                "2001-07-01, "
                "between w1 and w2?",
            )
        ]
    )
    record.when(on("2001-06-15", found("gap_between_waivers"), known=4)).then([])


def test_waivers_that_follow_on_or_are_of_different_causes_leave_no_gap() -> None:
    following = waived("w1", "2001-05-01", "2001-07-01"), waived("w2", "2001-07-01", "2001-08-01")
    given(NOTES, LINE, MISSED, *following).when(on("2001-12-31", found("gap_between_waivers"))).then([])
    apart = (
        waived("w1", "2001-05-01", "2001-06-01", covers="{payments: [interest]}"),
        waived("w2", "2001-07-01", "2001-08-01", covers="{payments: [principal]}"),
    )
    given(NOTES, LINE, MISSED, *apart).when(on("2001-12-31", found("gap_between_waivers"))).then([])


def test_covers_unrecorded_failure() -> None:
    scope = "{payments: [interest], of: [notes, others], due: [2001-05-10, 2001-08-10]}"
    recited = MISSED.replace("05-10", "08-10").replace("due:", "standing: recited, due:")
    record = given(NOTES, LINE, MISSED, recited, waived("w", "2001-06-01", "2001-12-01", covers=scope))
    record.when(on("2001-05-31", found("covers_unrecorded_failure"))).then([])
    record.when(on("2001-06-01", found("covers_unrecorded_failure"))).then(
        [
            (
                "line",
                "2001-06-01",
                (5, 4),
                "w covers failures that the record does not establish: notes due 2001-08-10, others due 2001-05-10 and "
                "2001-08-10. Did they happen?",
            )
        ]
    )
    record.when(
        on("2001-06-01", lambda seen: [q for *_, q in found("covers_unrecorded_failure")(seen)], standing="recited")
    ).then(
        ["w covers failures that the record does not establish: others due 2001-05-10 and 2001-08-10. Did they happen?"]
    )


@pytest.mark.parametrize(
    ("scope", "unrecorded"),
    [
        ("{payments: interest}", None),
        ("{payments: interest, of: [notes]}", None),
        ("{payments: fee, of: [notes]}", "notes"),
        ("{defaults: [line/cross/notes/interest/2001-05-10]}", None),
        ("{defaults: [line/cross/notes/interest/2001-05-11]}", "line/cross/notes/interest/2001-05-11"),
        ("{covenant: leverage}", None),
        ("{covenant: leverage, tests: [2001-03-31]}", None),
        ("{covenant: leverage, tests: [2001-03-31, 2001-06-30]}", "leverage as of 2001-06-30"),
    ],
)
def test_a_scope_is_asked_about_what_it_names_and_the_record_lacks(scope: str, unrecorded: str | None) -> None:
    breach = """
- {event: CovenantTested, facility: line, effective: 2001-04-15, covenant: leverage, test_date: 2001-03-31, met: false}
"""
    record = given(NOTES, LINE, MISSED, breach, waived("w", "2001-06-01", "2001-12-01", covers=scope))
    record.when(on("2001-06-01", lambda seen: [q for *_, q in found("covers_unrecorded_failure")(seen)])).then(
        [f"w covers failures that the record does not establish: {unrecorded}. Did they happen?"] if unrecorded else []
    )


def test_term_ended_before_waiver() -> None:
    lapsed = LINE.replace("clauses:", "term_ends: 2001-06-01, clauses:")
    for effective, asked in [("2001-05-31", False), ("2001-06-01", True), ("2001-06-02", True)]:
        record = given(NOTES, lapsed, waived("w", effective, "2001-12-01"))
        record.when(on("2001-12-31", found("term_ended_before_waiver"))).then(
            [
                (
                    "line",
                    effective,
                    (2, 3),
                    "Was the agreement renewed? Its term ended on 2001-06-01, before w was granted, and no new term is "
                    "recorded.",
                )
            ]
            if asked
            else []
        )


# --- the order of one day --------------------------------------------------------------------------------------------


def opened(rest: str = "") -> str:
    return LINE.replace("clauses:", f"{rest}clauses:")


@pytest.mark.parametrize(
    ("one", "other", "facility", "settles"),
    [
        (
            '{event: IndexFixed, index: prime, rate: "0.05"',
            '{event: IndexFixed, index: prime, rate: "0.06"',
            None,
            "the level of prime",
        ),
        (
            "{event: CovenantTested, facility: line, covenant: leverage, test_date: 2001-03-31, met: false",
            "{event: CovenantTested, facility: line, covenant: leverage, test_date: 2001-03-31, met: true",
            "line",
            "whether leverage was met as of 2001-03-31",
        ),
        (
            '{event: BalanceStated, facility: line, principal: "100.00"',
            '{event: LoanAdvanced, facility: line, loan: a, amount: "10.00"',
            "line",
            "the principal outstanding",
        ),
        (
            '{event: BalanceStated, facility: line, principal: "100.00"',
            '{event: PaymentMade, facility: line, amount: "10.00"',
            "line",
            "the principal outstanding",
        ),
        (
            "{event: DefaultRateElected, facility: line",
            "{event: DefaultRateEnded, facility: line",
            "line",
            "whether the default rate is charged",
        ),
    ],
)
def test_same_day_order_not_stated(one: str, other: str, facility: str | None, settles: str) -> None:
    question = (
        f"Which came last on 2001-04-02 and settles {settles}? Without times of day the order of recording decides."
    )
    untimed = [f"- {each}, effective: 2001-04-02}}" for each in (one, other)]
    given(LINE, *untimed).when(on("2001-04-02", found("same_day_order_not_stated"))).then(
        [(facility, "2001-04-02", (2, 3), question)]
    )
    timed = [untimed[0], untimed[1].replace("effective:", 'at: "12:00 Europe/London", effective:')]
    given(LINE, *timed).when(on("2001-04-02", found("same_day_order_not_stated"))).then([])
    next_day = [untimed[0], untimed[1].replace("2001-04-02", "2001-04-03")]
    given(LINE, *next_day).when(on("2001-04-03", found("same_day_order_not_stated"))).then([])
    given(LINE, untimed[0], untimed[0]).when(on("2001-04-02", found("same_day_order_not_stated"))).then([])


def test_loans_and_payments_of_one_day_need_no_order_among_themselves() -> None:
    loan = '- {event: LoanAdvanced, facility: line, loan: a, amount: "10.00", effective: 2001-04-02}'
    payment = '- {event: PaymentMade, facility: line, amount: "10.00", of: principal, effective: 2001-04-02}'
    record = given(opened('principal: "100.00", '), loan, payment)
    record.when(on("2001-04-02", found("same_day_order_not_stated"))).then([])


def test_an_extension_and_an_act_of_one_day_and_a_grant_and_the_notice_of_its_end_need_an_order() -> None:
    grant = waived("w", "2001-06-01", "2001-12-01").replace("}]}", "}, {act: enforcement}, {notice: {days: 5}}]}")
    extended = "- {event: WaiverExtended, waiver: w, effective: 2001-12-05, until: 2002-02-01}"
    suit = "- {event: ActTaken, facility: notes, act: suit, effective: 2001-12-05, by: holder, seeks: enforcement}"
    given(NOTES, LINE, MISSED, grant, extended, suit).when(
        on("2001-12-05", lambda seen: [(f, q) for _, _, f, q in found("same_day_order_not_stated")(seen)])
    ).then(
        [
            (
                (4, 5, 6),
                "Which came first on 2001-12-05, w or the act suit? Without times of day the order of "
                "recording decides.",
            )
        ]
    )
    notice = "- {event: NoticeGiven, facility: line, effective: 2001-06-01, of: w}"
    given(NOTES, LINE, MISSED, grant, notice).when(
        on("2001-06-01", lambda seen: [(f, q) for _, _, f, q in found("same_day_order_not_stated")(seen)])
    ).then(
        [
            (
                (4, 5),
                "Which came first on 2001-06-01, w or the notice of its end? Without times of day the order of "
                "recording "
                "decides.",
            )
        ]
    )


# --- facilities ------------------------------------------------------------------------------------------------------


def described(day: str, matures: str) -> str:
    return f"- {{event: FacilityDescribed, facility: notes, effective: {day}, matures: {matures}}}\n"


def test_maturity_conflict() -> None:
    record = given(NOTES, described("2001-02-01", "2001-05-10"), described("2001-03-01", "2002-05-10"))
    record.when(on("2001-02-28", found("maturity_conflict"))).then([])
    record.when(on("2001-03-01", found("maturity_conflict"))).then(
        [
            (
                "notes",
                "2001-03-01",
                (2, 3),
                "When does notes mature? It is described with 2001-05-10 and with 2002-05-10, and no extension "
                "is recorded.",
            )
        ]
    )


def test_an_amendment_that_extends_the_maturity_explains_the_difference() -> None:
    extended = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-02-01, dated: 2001-02-01,
   changes: [{change: matures, from: 2001-02-01, matures: 2002-05-10}]}
"""
    given(NOTES, extended, described("2001-03-01", "2002-05-10")).when(
        on("2001-12-31", found("maturity_conflict"))
    ).then([])


def test_maturity_unrecorded() -> None:
    given(NOTES).when(on("2001-05-09", found("maturity_unrecorded"))).then([])
    given(NOTES).when(on("2001-05-10", found("maturity_unrecorded"))).then(
        [
            (
                "notes",
                "2001-05-10",
                (1,),
                "Was notes paid when it matured on 2001-05-10? Neither payment nor failure is recorded.",
            )
        ]
    )


@pytest.mark.parametrize(
    "fact",
    [
        MISSED,
        "- {event: FacilityTerminated, facility: notes, effective: 2001-05-10, ground: paid}",
        '- {event: BalanceStated, facility: notes, effective: 2001-05-10, principal: "0.00"}',
        '- {event: PaymentMade, facility: notes, effective: 2001-05-10, of: principal, amount: "1.00"}',
    ],
)
def test_a_payment_or_a_failure_on_record_is_no_silence(fact: str) -> None:
    owing = NOTES.replace("matures:", 'principal: "5.00", matures:') if "BalanceStated" in fact else NOTES
    given(owing, fact).when(on("2001-12-31", found("maturity_unrecorded"))).then([])


def test_payment_unrecorded() -> None:
    terms = NOTES.replace("matures: 2001-05-10", "schedule: {interest: {every: 6 months, from: 2001-07-01}}")
    question = "Was the interest of notes that fell due on {} paid? Neither payment nor failure is recorded."
    given(terms).when(on("2001-06-30", found("payment_unrecorded"))).then([])
    given(terms).when(on("2009-12-31", found("payment_unrecorded"))).then(
        [("notes", "2001-07-01", (1,), question.format("2001-07-01"))]
    )
    paid = """
- {event: PaymentMissed, facility: notes, effective: 2001-07-01, of: interest, due: 2001-07-01, amount: "9.00"}
- {event: PaymentMade, facility: notes, effective: 2002-01-02, of: interest, due: 2002-01-01, amount: "9.00"}
"""
    given(terms, paid).when(on("2009-12-31", found("payment_unrecorded"))).then(
        [("notes", "2002-07-01", (1,), question.format("2002-07-01"))]
    )
    closed = "- {event: FacilityTerminated, facility: notes, effective: 2001-06-01, ground: terminated}"
    given(terms, closed).when(on("2009-12-31", found("payment_unrecorded"))).then([])


def test_maturity_extended_late() -> None:
    extended = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-08-01, dated: 2001-08-01,
   changes: [{change: matures, from: 2001-08-01, matures: 2002-05-10}]}
"""
    given(NOTES, MISSED, extended).when(on("2001-07-31", found("maturity_extended_late"))).then([])
    given(NOTES, MISSED, extended).when(on("2001-08-01", found("maturity_extended_late"))).then(
        [
            (
                "notes",
                "2001-08-01",
                (2, 3),
                "What became of the failure to pay notes at its maturity of 2001-05-10? The maturity was moved "
                "when it had "
                "passed; the failure is taken to end with that, on 2001-08-01.",
            )
        ]
    )


def test_amendments_conflict() -> None:
    def amended(name: str, signed: str, from_: str, rate: str) -> str:
        return f"""
- {{event: AmendmentSigned, facility: notes, amendment: {name}, effective: {signed}, dated: {signed},
   changes: [{{change: rate, from: {from_}, rate: {{fixed: "{rate}"}}}}]}}
"""

    older, newer = amended("a", "2001-02-01", "2001-04-01", "0.08"), amended("b", "2001-03-01", "2001-03-01", "0.09")
    given(NOTES, older, newer).when(on("2001-03-01", found("amendments_conflict"))).then(
        [
            (
                "notes",
                "2001-03-01",
                (2, 3),
                "Does anything remain of the rate that a sets from 2001-04-01? b, signed later, sets it from "
                "2001-03-01, "
                "and is taken to control.",
            )
        ]
    )
    following = amended("b", "2001-03-01", "2001-05-01", "0.09")
    given(NOTES, older, following).when(on("2001-12-31", found("amendments_conflict"))).then([])


def test_rate_gap() -> None:
    amended = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-02-01, dated: 2001-02-01,
   changes: [{change: rate, from: 2001-03-01, rate: {fixed: "0.08"}}]}
"""
    given(NOTES, amended).when(on("2001-02-01", found("rate_gap"))).then(
        [
            (
                "notes",
                "2001-02-01",
                (2,),
                "Which rate ruled up to 2001-02-28? m replaces the definition from 2001-03-01 on, and the "
                "record has none "
                "for before.",
            )
        ]
    )
    stated = NOTES.replace("matures:", 'rate: {fixed: "0.07"}, matures:')
    given(stated, amended).when(on("2001-12-31", found("rate_gap"))).then([])


def test_paid_and_missed() -> None:
    paid = '- {event: PaymentMade, facility: notes, effective: DAY, of: interest, due: 2001-05-10, amount: "9.00"}'
    for day, asked in [("2001-05-09", True), ("2001-05-10", True), ("2001-05-11", False)]:
        record = given(NOTES, MISSED, paid.replace("DAY", day))
        record.when(on("2001-12-31", found("paid_and_missed"))).then(
            [
                (
                    "notes",
                    "2001-05-10",
                    (3, 2),
                    "Was the interest due on 2001-05-10 paid or missed? The record says both.",
                )
            ]
            if asked
            else []
        )


# --- what papers point to ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "what"),
    [
        ("{event: DefaultDeclared, facility: line, default: d, clause: NAME, cause: A mess", "clause"),
        ("{event: CureNotified, facility: line, clause: NAME", "clause"),
        ("{event: CureTendered, facility: line, default: line/NAME/notes/interest/2001-05-10", "clause"),
        ("{event: CureAccepted, facility: line, default: line/NAME/notes/interest/2001-05-10", "clause"),
        (
            "{event: AmendmentSigned, facility: line, amendment: m, dated: 2001-06-01,"
            " changes: [{change: delete_clause, from: 2001-06-01, clause: NAME}]",
            "clause",
        ),
        (
            "{event: AmendmentSigned, facility: line, amendment: m, dated: 2001-06-01,"
            " changes: [{change: delete_covenant, from: 2001-06-01, covenant: NAME}]",
            "covenant",
        ),
    ],
)
def test_clause_missing(fact: str, what: str) -> None:
    line = opened("covenants: [{covenant: cross}], ")
    event = fact.removeprefix("{event: ").partition(",")[0]
    lacking = given(NOTES, line, MISSED, f"- {fact.replace('NAME', 'seven')}, effective: 2001-06-01}}")
    lacking.when(on("2001-05-31", found("clause_missing"))).then([])
    question = f"Which {what} of line is meant? {event} points to seven, and the record has none of that name."
    lacking.when(on("2001-06-01", found("clause_missing"))).then([("line", "2001-06-01", (4,), question)])
    given(NOTES, line, MISSED, f"- {fact.replace('NAME', 'cross')}, effective: 2001-06-01}}").when(
        on("2001-06-01", found("clause_missing"))
    ).then([])


def test_a_scheduled_list_of_defaults_may_name_a_clause_that_is_missing() -> None:
    schedule = "{defaults: [line/cross/notes/interest/2001-05-10, line/seven/notes/interest/2001-05-10]}"
    record = given(NOTES, LINE, MISSED, waived("w", "2001-06-01", "2001-12-01", covers=schedule))
    record.when(on("2001-06-01", lambda seen: [facts for _, _, facts, _ in found("clause_missing")(seen)])).then([(4,)])


def test_a_paper_that_points_to_a_paragraph_which_it_lacks_is_asked_about_until_a_reading_is_adopted() -> None:
    paper = """
- {event: DocumentFiled, document: letter, title: Letter, effective: 2001-06-01, clauses: ["1", "2", "3"],
   points_to: ["2", "4(b)"]}
"""
    reading = (
        '- {event: ReadingAdopted, document: letter, clause: 4(b), effective: 2001-06-01, reads_as: "3", reason: R}'
    )
    question = (
        "What is meant by 4(b) of letter? The paper points to it and has no such paragraph. A ReadingAdopted records "
        "how it is read."
    )
    record = given(NOTES, paper, reading)
    record.when(on("2001-05-31", found("clause_missing"), known=2)).then([])
    record.when(on("2001-06-01", found("clause_missing"), known=2)).then([(None, "2001-06-01", (2,), question)])
    record.when(on("2001-06-01", found("clause_missing"), known=3)).then([])


# --- representations -------------------------------------------------------------------------------------------------


def represented(day: str, statement: str = "no_event_of_default") -> str:
    return f"- {{event: RepresentationMade, facility: line, effective: {day}, representation: {statement}}}\n"


def test_representation_fails() -> None:
    record = given(NOTES, LINE, MISSED, represented("2001-05-10"))
    record.when(on("2001-05-10", found("representation_fails"))).then(
        [
            (
                "line",
                "2001-05-10",
                (4, 3),
                "The paper represents no event of default; on its date there was "
                "line/cross/notes/principal/2001-05-10, "
                "line/cross/notes/interest/2001-05-10. What follows from that?",
            )
        ]
    )
    given(NOTES, LINE, MISSED, represented("2001-05-09")).when(on("2001-12-31", found("representation_fails"))).then([])


def test_a_representation_holds_where_all_is_waived_and_not_where_it_is_only_forborne() -> None:
    grant = waived("w", "2001-05-01", "2001-12-01")
    forborne = grant.replace("WaiverGranted", "ForbearanceGranted").replace("waiver:", "forbearance:")
    for covering, fails in [(grant, 0), (forborne, 1)]:
        record = given(NOTES, LINE, MISSED, covering, represented("2001-05-10"))
        record.when(on("2001-12-31", lambda seen: len(found("representation_fails")(seen)))).then(fails)


def test_an_amendments_own_representation_is_checked_after_giving_effect_to_it_and_not_to_later_ones() -> None:
    def deleting(name: str, signed: str) -> str:
        return f"""
- {{event: AmendmentSigned, facility: line, amendment: {name}, effective: {signed}, dated: {signed},
   changes: [{{change: delete_clause, from: 2001-01-01, clause: cross}}]}}
"""

    own, later = deleting("own", "2001-05-15"), deleting("later", "2001-05-16")
    for amendment, fails in [("", 1), (own, 0), (later, 1)]:
        record = given(NOTES, LINE, MISSED, amendment + represented("2001-05-15"))
        record.when(on("2001-12-31", lambda seen: len(found("representation_fails")(seen)))).then(fails)


def test_a_default_in_grace_belies_only_the_wider_representation_and_a_text_is_not_checked() -> None:
    grace = LINE.replace("of: [notes]", "of: [notes], grace: {days: 30}")
    for statement, fails in [("no_event_of_default", 0), ("no_default", 1), ("text", 0)]:
        record = given(NOTES, grace, MISSED, represented("2001-05-10", statement))
        record.when(on("2001-12-31", lambda seen: len(found("representation_fails")(seen)))).then(fails)


# --- reports ---------------------------------------------------------------------------------------------------------


def test_a_report_carries_every_finding_dated_on_or_before_its_date_once_and_in_their_order() -> None:
    record = given(
        NOTES, LINE, MISSED, waived("w1", "2001-05-01", "2001-06-01"), waived("w2", "2001-07-01", "2001-08-01")
    )
    record.when(on("2001-12-31", lambda seen: [(f.on.isoformat(), f.code) for f in seen.findings])).then(
        [
            ("2001-06-01", "gap_between_waivers"),
            ("2001-06-01", "revival_not_stated"),
            ("2001-08-01", "revival_not_stated"),
        ]
    )
