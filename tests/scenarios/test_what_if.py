"""What-ifs: facts assumed on top of a prefix, two answers side by side, and a ledger that is only read."""

import datetime as dt
from collections.abc import Iterator

import pytest

from ledger.book import Book
from ledger.facts import encode
from ledger.rejected import Rejected
from scenarios.assume import WhatIf, assume, what_if
from tests.projections.asking import prefix
from tests.spec import facts, given, log

NOW = dt.datetime(2002, 1, 1, 9, tzinfo=dt.UTC)
RECORD = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill]}
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_payment, of: [notes]}]}
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, key: missed}
- {event: WaiverGranted, facility: line, waiver: w, effective: 2001-06-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: [{until: 2001-12-01}, {act: [enforcement], of: [notes]}]}
"""
SUIT = "- {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: holder, seeks: enforcement}\n"
DAY = dt.date(2001, 8, 1)


@pytest.fixture
def book() -> Iterator[Book]:
    with Book.open("sqlite://", create=True) as book:
        book.record(facts(RECORD), now=NOW)
        yield book


def differing(asked: WhatIf, on: dt.date = DAY) -> dict[tuple[str, str], tuple[object, object]]:
    return {(each.facility, each.what): (each.as_is, each.as_would_be) for each in asked.compare(on).differences}


def test_what_is_assumed_stands_behind_the_prefix_and_the_ledger_is_byte_for_byte_as_it_was(book: Book) -> None:
    before = book.prefix()
    with what_if(book) as asked:
        asked.assume(*facts(SUIT))
        assert [record.position for record in asked.assumed.records] == [1, 2, 3, 4, 5]
        assert asked.assumed.records[:4] == before.records
        asked.compare(DAY)
    after = book.prefix()
    assert (after.position, after.root) == (before.position, before.root)
    assert [encode(record.fact) for record in after.records] == [encode(record.fact) for record in before.records]


def test_the_answers_side_by_side_differ_in_what_would_follow_and_in_nothing_else(book: Book) -> None:
    with what_if(book) as asked:
        asked.assume(*facts(SUIT))
        assert differing(asked, dt.date(2001, 7, 31)) == {}
        differences = differing(asked)
        assert differences[("line", "legal")] == ("waived", "event_of_default")
        assert differences[("line", "w")] == ("in_force", "rescinded")
        assert differences[("line", "line/cross/notes/interest/2001-05-10")] == ("waived", "continuing")
        assert {facility for facility, _ in differences} == {"line"}


def test_both_answers_name_the_ledgers_own_prefix_and_reasons_beyond_it_are_assumed(book: Book) -> None:
    with what_if(book) as asked:
        asked.assume(*facts(SUIT))
        compared = asked.compare(DAY)
    assert (compared.head, compared.as_is.known.position) == (4, 4)
    assert compared.as_is.known.root == compared.as_would_be.known.root == book.prefix().root.hex()
    legal = next(each for each in compared.differences if each.what == "legal")
    assert 5 in {reason.position for reason in legal.because}


def test_a_correction_may_be_assumed(book: Book) -> None:
    with what_if(book) as asked:
        asked.assume(*facts("- {event: FactVoided, key: missed, reason: Assumed paid}"))
        assert differing(asked)[("line", "legal")] == ("waived", "no_default")


def test_facts_are_assumed_one_after_another_and_on_top_of_one_another(book: Book) -> None:
    with what_if(book) as asked:
        asked.assume(*facts(SUIT))
        asked.assume(*facts("- {event: TriggerDecided, waiver: w, act: suit, ends: false, effective: 2001-08-01}"))
        assert ("line", "legal") not in differing(asked)


def test_a_what_if_stands_on_what_was_known_at_a_position_or_a_moment(book: Book) -> None:
    later = NOW + dt.timedelta(days=30)
    book.record(facts(SUIT), now=later)
    for known in (4, later - dt.timedelta(days=1), dt.date(2002, 1, 2)):
        with what_if(book, known) as asked:
            assert asked.prefix.position == 4
            asked.assume(*facts(SUIT))
            assert differing(asked)[("line", "legal")] == ("waived", "event_of_default")
    with what_if(book) as asked:
        asked.assume(*facts(SUIT.replace("suit", "second")))
        assert ("line", "legal") not in differing(asked)


def test_a_what_if_has_the_dial_of_standing(book: Book) -> None:
    recited = facts(SUIT.replace("by:", "standing: recited, by:"))
    for standing, status in [("inferred", "waived"), ("recited", "event_of_default")]:
        with what_if(book, standing=standing) as asked:  # type: ignore[arg-type]
            asked.assume(*recited)
            (line,) = asked.compare(DAY, ["line"]).as_would_be.facilities
            assert line.legal == status


def test_a_fact_that_the_ledger_would_refuse_is_refused_with_its_index_and_none_of_them_is_assumed(book: Book) -> None:
    with what_if(book) as asked:
        with pytest.raises(Rejected) as refused:
            asked.assume(*facts(SUIT + SUIT.replace("facility: notes", "facility: nowhere").replace("suit", "other")))
        assert (refused.value.code, refused.value.index) == ("facility_unknown", 1)
        assert asked.assumed.position == 4
        assert asked.compare(DAY).differences == ()


def test_recording_the_same_fact_under_its_key_again_assumes_nothing(book: Book) -> None:
    with what_if(book) as asked:
        asked.assume(*(fact for fact in facts(RECORD) if fact.key == "missed"))
        assert asked.assumed == asked.prefix


def test_what_was_assumed_may_be_recorded_later_and_then_differs_no_more(book: Book) -> None:
    with what_if(book) as asked:
        asked.assume(*facts(SUIT))
        foretold = asked.compare(DAY, ["line"]).as_would_be.facility("line")
    book.record(facts(SUIT), now=NOW + dt.timedelta(days=1))
    with what_if(book) as now:
        assert now.compare(DAY, ["line"]).as_is.facility("line") == foretold


def test_a_facility_that_only_the_assumption_opens_or_takes_away_differs_whole(book: Book) -> None:
    with what_if(book) as opened:
        opened.assume(
            *facts("- {event: FacilityOpened, facility: new, effective: 2001-07-01, name: New, borrowers: [mill]}")
        )
        assert differing(opened)[("new", "legal")] == (None, "no_default")
    with what_if(book) as gone:
        gone.assume(*facts("- {event: FactVoided, position: 2, reason: No line}"))
        assert differing(gone)[("line", "legal")] == ("waived", None)


def test_a_facility_in_neither_answer_is_a_refusal(book: Book) -> None:
    with what_if(book) as asked, pytest.raises(Rejected, match="nowhere"):
        asked.compare(DAY, ["nowhere"])


def test_assuming_leaves_the_prefix_itself_as_it_was() -> None:
    log = given(RECORD).log
    before = prefix(log)
    after = assume(before, facts(SUIT))
    assert before.records == log
    assert after.root == before.root
    assert (after.records[:4], after.position) == (before.records, 5)


def test_nothing_can_be_assumed_of_an_empty_ledger_but_an_opening() -> None:
    empty = prefix(())
    assert assume(empty, facts(RECORD)).position == 4
    with pytest.raises(Rejected, match="facility_unknown"):
        assume(empty, facts(SUIT))


def test_a_waiver_may_be_named_like_a_value_or_an_amendment_and_all_of_them_are_compared() -> None:
    record = facts(
        """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_payment, of: any}]}
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill]}
- {event: PaymentMissed, facility: notes, effective: 2001-02-01, of: interest, due: 2001-02-01}
"""
    )
    what_if = WhatIf(prefix(log(*record)))
    what_if.assume(
        *facts(
            """
- {event: WaiverGranted, facility: line, waiver: legal, effective: 2001-03-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: []}
- {event: AmendmentSigned, facility: line, amendment: legal, dated: 2001-03-01, effective: 2001-03-01, changes: []}
"""
        )
    )
    differences = what_if.compare(dt.date(2001, 3, 1), ["line"]).differences
    assert [(each.part, each.what, each.as_is, each.as_would_be) for each in differences] == [
        ("value", "legal", "event_of_default", "no_default"),
        ("default", "line/cross/notes/interest/2001-02-01", "continuing", "waived"),
        ("waiver", "legal", None, "in_force"),
        ("amendment", "amendment legal", None, "in effect since 2001-03-01"),
    ]
    assert str(differences[2]) == "legal: not there → in force"
