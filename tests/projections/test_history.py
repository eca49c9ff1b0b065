"""Which facts are in force: the two clocks, standing, execution, corrections, groups."""

import datetime as dt

import pytest

from ledger.book import Book
from ledger.facts import FactVoided
from projections.answer import Reason
from projections.history import in_force
from projections.view import View
from projections.world import groups
from tests.projections.asking import around, defaults, facility, findings, legal, on, on_days, view
from tests.spec import Log, facts, given, log

NOTES = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill],
   clauses: [{clause: own, kind: payment, heals: automatically}]}
"""
LINE = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: notes, kind: cross_payment, of: [notes], heals: automatically}]}
"""
MISSED = """
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, amount: "90.00"}
"""
WAIVED = """
- {event: WaiverGranted, facility: line, waiver: spring, effective: 2001-05-20, reaches: [event_of_default],
   covers: [{payments: interest}], ends: [{until: 2001-07-01}]}
"""


# --- two clocks ------------------------------------------------------------------------------------------------------


def test_before_a_fact_is_known_it_has_no_say_on_any_date() -> None:
    record = given(NOTES, MISSED)
    record.when(around("2001-05-10", legal("notes"), known=1)).then(("no_default", "no_default", "no_default"))
    record.when(around("2001-05-10", legal("notes"), known=2)).then(
        ("no_default", "event_of_default", "event_of_default")
    )


def test_later_knowledge_changes_later_answers_about_earlier_dates_and_no_earlier_answer() -> None:
    record = given(NOTES, LINE, MISSED, WAIVED)
    record.when(on("2001-06-01", legal("line"), known=3)).then("event_of_default")
    record.when(on("2001-06-01", legal("line"), known=4)).then("waived")


def test_a_prefix_is_asked_for_by_position_by_instant_and_by_date() -> None:
    noon = dt.datetime(2001, 8, 14, 12, tzinfo=dt.UTC)
    with Book.open("sqlite://", create=True) as book:
        texts = [NOTES, *(MISSED.replace("05-10", day) for day in ("05-10", "06-10", "07-10"))]
        moments = [noon, noon, noon + dt.timedelta(hours=11, minutes=59), noon + dt.timedelta(hours=12)]
        dated = [
            each.model_copy(update={"known_at": at}) for each, at in zip(facts("".join(texts)), moments, strict=True)
        ]
        book.record(dated, now=noon + dt.timedelta(days=100), migrate=True)

        def missed(known: int | dt.datetime | dt.date) -> int:
            return len(defaults("notes")(View.of(book.prefix(known), dt.date(2001, 8, 1))))

        assert [missed(position) for position in (1, 2, 3, 4)] == [0, 1, 2, 3]
        assert missed(noon) == 1
        assert missed(noon + dt.timedelta(hours=11, minutes=58)) == 1
        assert missed(dt.date(2001, 8, 14)) == 2
        assert missed(dt.date(2001, 8, 15)) == 3


def test_an_answer_names_its_prefix_by_length_moment_and_root() -> None:
    with Book.open("sqlite://", create=True) as book:
        receipt = book.record(facts(NOTES + MISSED), now=dt.datetime(2001, 6, 1, 9, tzinfo=dt.UTC))
        known = View.of(book.prefix(), dt.date(2001, 6, 1)).known.as_json()
        assert known == {"position": 2, "at": "2001-06-01T09:00:00.000001Z", "root": receipt.root.hex()}


def test_an_answer_from_an_empty_ledger_is_empty() -> None:
    empty = view((), "2001-01-01")
    assert empty.timelines == {}
    assert empty.findings == ()
    assert empty.known.at is None


def test_facts_of_one_date_stand_untimed_first_then_by_instant_across_zones_then_by_position() -> None:
    fixings = facts("""
- {event: IndexFixed, index: prime, effective: 2001-05-10, rate: "0.01", at: "09:00 America/New_York"}
- {event: IndexFixed, index: prime, effective: 2001-05-10, rate: "0.02", at: "14:30 Europe/London"}
- {event: IndexFixed, index: prime, effective: 2001-05-10, rate: "0.03", at: "00:10 Asia/Tokyo"}
- {event: IndexFixed, index: prime, effective: 2001-05-10, rate: "0.04"}
- {event: IndexFixed, index: prime, effective: 2001-05-10, rate: "0.05"}
- {event: IndexFixed, index: prime, effective: 2001-05-09, rate: "0.06", at: "23:59 America/Los_Angeles"}
""")
    assert [entry.position for entry in in_force(log(*fixings)).entries] == [6, 4, 5, 3, 1, 2]


# --- standing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "standing", "counts"),
    [
        ("stated", "stated", True),
        ("stated", "inferred", True),
        ("stated", "recited", True),
        ("inferred", "stated", False),
        ("inferred", "inferred", True),
        ("inferred", "recited", True),
        ("recited", "stated", False),
        ("recited", "inferred", False),
        ("recited", "recited", True),
    ],
)
def test_a_fact_counts_from_its_standing_on(written: str, standing: str, counts: bool) -> None:
    missed = MISSED.replace("due:", f"standing: {written}, due:")
    expected = "event_of_default" if counts else "no_default"
    given(NOTES, missed).when(on("2001-05-10", legal("notes"), standing=standing)).then(expected)


def test_without_the_dial_what_is_inferred_counts_and_the_answer_says_so() -> None:
    inferred = MISSED.replace("due:", "standing: inferred, due:")
    given(NOTES, inferred).when(on("2001-05-10", lambda seen: facility("notes")(seen).inferred)).then(True)
    given(NOTES, inferred).when(on("2001-05-09", lambda seen: facility("notes")(seen).inferred)).then(False)
    given(NOTES, MISSED).when(on("2001-05-10", lambda seen: facility("notes")(seen).inferred)).then(False)


def test_what_is_recited_is_kept_to_be_shown() -> None:
    shown = in_force(log(*facts(NOTES + MISSED.replace("due:", "standing: recited, due:")))).shown
    assert [entry.position for entry in shown] == [2]


def test_what_hangs_on_a_fact_below_the_dial_counts_no_more_than_that_fact() -> None:
    suit = """
- {event: ActTaken, facility: notes, act: notice, effective: 2001-06-01, by: holder, seeks: acceleration,
   accelerates: true, standing: recited}
- {event: AccelerationAnnulled, facility: notes, act: notice, effective: 2001-07-01}
"""
    given(NOTES, suit).when(on("2001-06-15", legal("notes"))).then("no_default")
    given(NOTES, suit).when(on("2001-06-15", legal("notes"), standing="recited")).then("accelerated")
    given(NOTES, suit).when(on("2001-08-01", findings("dependant_lapsed"))).then([])


# --- execution -------------------------------------------------------------------------------------------------------


PAPER = "- {event: DocumentFiled, document: paper, title: Paper, effective: 2001-05-20, EXECUTED}\n"
WAIVED_IN_PAPER = WAIVED.replace("waiver:", 'source: {document: paper, clause: "1"}, waiver:')


def test_as_stood_leaves_out_a_paper_until_the_day_on_which_it_was_executed() -> None:
    record = given(NOTES, LINE, MISSED, PAPER.replace("EXECUTED", "executed: 2001-06-10"), WAIVED_IN_PAPER)
    for day, stood in [("2001-06-09", "event_of_default"), ("2001-06-10", "waived"), ("2001-06-11", "waived")]:
        record.when(on(day, legal("line"))).then("waived")
        record.when(on(day, legal("line"), as_stood=True)).then(stood)


def test_as_stood_leaves_out_an_unsigned_form() -> None:
    record = given(NOTES, LINE, MISSED, PAPER.replace("EXECUTED", "status: form"), WAIVED_IN_PAPER)
    record.when(on("2001-06-10", legal("line"))).then("waived")
    record.when(on("2001-06-10", legal("line"), as_stood=True)).then("event_of_default")


def test_an_answer_is_deemed_until_the_paper_it_rests_on_was_executed() -> None:
    record = given(NOTES, LINE, MISSED, PAPER.replace("EXECUTED", "executed: 2001-06-10"), WAIVED_IN_PAPER)
    record.when(around("2001-06-10", lambda seen: facility("line")(seen).deemed)).then((True, False, False))
    record.when(on("2001-05-19", lambda seen: facility("line")(seen).deemed)).then(False)


def test_an_answer_is_deemed_where_the_execution_is_not_stated_and_the_paper_stays_as_stood() -> None:
    record = given(NOTES, LINE, MISSED, PAPER.replace("EXECUTED", "status: executed"), WAIVED_IN_PAPER)
    record.when(on("2001-06-10", lambda seen: facility("line")(seen).deemed)).then(True)
    record.when(on("2001-06-10", legal("line"), as_stood=True)).then("waived")


def test_a_paper_that_nobody_executes_deems_nothing() -> None:
    paper = PAPER.replace("EXECUTED", "dated: 2001-05-20")
    missed = MISSED.replace("due:", "source: {document: paper}, due:")
    given(NOTES, paper, missed).when(on("2001-06-10", lambda seen: facility("notes")(seen).deemed)).then(False)


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_voided_fact_is_gone_for_later_knowledge_and_stays_for_earlier() -> None:
    record = given(NOTES, MISSED, "- {event: FactVoided, position: 2, reason: It was paid}")
    record.when(on("2001-06-01", legal("notes"), known=2)).then("event_of_default")
    record.when(on("2001-06-01", legal("notes"), known=3)).then("no_default")


def test_a_replacement_holds_in_the_place_of_what_it_replaces_and_may_be_replaced_again() -> None:
    later, latest = MISSED.replace("05-10", "06-10").strip()[2:], MISSED.replace("05-10", "07-10").strip()[2:]
    record = given(
        NOTES,
        MISSED,
        f"- {{event: FactReplaced, position: 2, reason: Another date, by: {later}}}",
        f"- {{event: FactReplaced, position: 3, reason: Another date again, by: {latest}}}",
    )
    for known, first_day in [(2, "2001-05-10"), (3, "2001-06-10"), (4, "2001-07-10")]:
        record.when(around(first_day, legal("notes"), known=known)).then(
            ("no_default", "event_of_default", "event_of_default")
        )


def test_a_replacement_is_cited_at_the_position_of_its_correction() -> None:
    later = MISSED.replace("05-10", "06-10").strip()[2:]
    record = given(NOTES, MISSED, f"- {{event: FactReplaced, position: 2, reason: Another date, by: {later}}}")

    def cited(log: Log) -> Reason:
        return facility("notes")(view(log, "2001-06-10")).defaults[0].because[-1]

    record.when(cited).then(
        Reason(position=3, event="PaymentMissed", effective=dt.date(2001, 6, 10), standing="stated")
    )


def test_a_fact_is_voided_by_its_key_and_the_key_is_free_for_another() -> None:
    keyed = MISSED.replace("due:", "key: may, due:")
    voided = "- {event: FactVoided, key: may, reason: Wrong date}"
    again = keyed.replace("05-10", "06-10")
    record = given(NOTES, keyed, voided, again, voided)
    for known, since in [(2, "event_of_default"), (3, "no_default"), (4, "no_default"), (5, "no_default")]:
        record.when(on("2001-06-09", legal("notes"), known=known)).then(since)
    record.when(on("2001-06-10", legal("notes"), known=4)).then("event_of_default")
    record.when(on("2001-06-10", legal("notes"), known=5)).then("no_default")


def test_facts_that_depended_on_a_voided_one_lapse_all_the_way_down_each_with_a_finding() -> None:
    record = given(
        NOTES,
        """
- {event: OfferLaunched, offer: swap, effective: 2001-02-01, old: notes, new: {facility: new}, through: 2001-03-01}
- {event: NotesTendered, offer: swap, effective: 2001-02-15, amount: "10.00"}
- {event: FactVoided, position: 1, reason: There were no such notes}
""",
    )
    record.when(on("2001-03-01", lambda seen: [(f.on.isoformat(), f.facts, f.question) for f in seen.findings])).then(
        [
            (
                "2001-02-01",
                (2,),
                "OfferLaunched continues the facility notes, which a correction removed. "
                "Should it be recorded again, or voided too?",
            ),
            (
                "2001-02-15",
                (3,),
                "NotesTendered continues the offer swap, which a correction removed. "
                "Should it be recorded again, or voided too?",
            ),
        ]
    )


def test_a_dependant_stands_again_once_what_it_continues_is_recorded_again() -> None:
    record = given(
        NOTES,
        LINE,
        MISSED,
        WAIVED,
        "- {event: WaiverExtended, waiver: spring, effective: 2001-06-15, until: 2001-08-01}",
        "- {event: FactVoided, position: 4, reason: Misread}",
        WAIVED,
    )
    for known, state in [(5, "waived"), (6, "event_of_default"), (7, "waived")]:
        record.when(on("2001-07-15", legal("line"), known=known)).then(state)
    record.when(on("2001-07-15", findings("dependant_lapsed"), known=7)).then([])


def test_a_correction_of_a_fact_below_the_dial_changes_nothing_above_it() -> None:
    recited = MISSED.replace("due:", "standing: recited, due:")
    correction = FactVoided(position=2, reason="Not so")
    before, after = (log(*facts(NOTES + recited), *more) for more in ((), (correction,)))
    assert in_force(before).entries == in_force(after).entries


# --- groups ----------------------------------------------------------------------------------------------------------


def opened(*names: str, **clauses: str) -> str:
    return "".join(
        f"- {{event: FacilityOpened, facility: {name}, effective: 2001-01-01, name: {name}, borrowers: [{name}-co],"
        f" clauses: [{clauses.get(name, '')}]}}\n"
        for name in names
    )


def grouped(log: Log) -> list[str]:
    return sorted("+".join(sorted(group)) for group in groups(in_force(log)))


def test_facilities_that_do_not_name_one_another_are_derived_apart() -> None:
    given(opened("a", "b", "c")).when(grouped).then(["a", "b", "c"])


@pytest.mark.parametrize("kind", ["cross_payment", "cross_default", "cross_acceleration"])
def test_a_cross_clause_ties_in_either_direction_and_onwards(kind: str) -> None:
    clause = f"{{clause: x, kind: {kind}, of: [b]}}"
    given(opened("a", "b", "c", "d", a=clause, c=clause)).when(grouped).then(["a+b+c", "d"])


@pytest.mark.parametrize("written", ["of: any, ", ""])
def test_a_cross_clause_of_any_ties_those_that_share_a_borrower(written: str) -> None:
    shared = opened("a", "b", "c", a=f"{{clause: x, {written}kind: cross_default}}").replace("[b-co]", "[b-co, a-co]")
    given(shared).when(grouped).then(["a+b", "c"])


@pytest.mark.parametrize(
    "fact",
    [
        "{event: WaiverGranted, facility: a, waiver: w, effective: 2001-02-01, reaches: default,"
        " covers: [{payments: interest, of: [b]}], ends: []}",
        "{event: ForbearanceGranted, facility: a, forbearance: w, effective: 2001-02-01, reaches: default,"
        " covers: [{events: [x]}], ends: [{act: remedies, of: [b]}]}",
        "{event: OfferLaunched, offer: o, effective: 2001-02-01, old: a, new: {facility: b}, through: 2001-03-01}",
        "{event: TermsStated, facility: a, effective: 2001-02-01, clauses: [{clause: x, kind: cross_payment, of: b}]}",
        "{event: AmendmentSigned, facility: a, amendment: m, effective: 2001-02-01, dated: 2001-02-01,"
        " changes: [{change: clause, from: 2001-02-01, clause: {clause: x, kind: cross_payment, of: b}}]}",
    ],
)
def test_waivers_offers_later_terms_and_amendments_tie_what_they_name(fact: str) -> None:
    given(opened("a", "b", "c"), f"- {fact}").when(grouped).then(["a+b", "c"])


def test_waivers_that_end_together_and_amendments_that_wait_for_each_other_tie_their_facilities() -> None:
    together = """
- {event: WaiverGranted, facility: a, waiver: one, effective: 2001-02-01, reaches: default, covers: [{events: x}],
   ends: [{with_waiver: two}]}
- {event: WaiverGranted, facility: b, waiver: two, effective: 2001-02-01, reaches: default, covers: [{events: x}],
   ends: []}
"""
    waiting = """
- {event: AmendmentSigned, facility: c, amendment: m, effective: 2001-02-01, dated: 2001-02-01, changes: [],
   conditions: [{condition: x, amendment: n}]}
- {event: AmendmentSigned, facility: d, amendment: n, effective: 2001-02-01, dated: 2001-02-01, changes: []}
"""
    given(opened("a", "b", "c", "d", "e"), together, waiting).when(grouped).then(["a+b", "c+d", "e"])


def test_what_happens_in_one_group_has_no_say_in_another() -> None:
    others = opened("other").replace("[]", "[{clause: own, kind: payment}]")
    missed_there = MISSED.replace("facility: notes", "facility: other")
    given(NOTES, others, missed_there).when(on_days(legal("notes"), "2001-05-10")).then({"2001-05-10": "no_default"})
