import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from ledger.decisions import Register
from ledger.facts import (
    AmendmentSigned,
    ConditionSatisfied,
    DocumentFiled,
    FacilityDescribed,
    FacilityOpened,
    Fact,
    FactVoided,
    IndexFixed,
    PaymentMissed,
    ReadingAdopted,
    TermsStated,
    WaiverGranted,
)
from ledger.facts.waivers import ActEnd, DateEnd, PaymentsCovered
from ledger.reading import read
from scenarios.lexington import RECORD_FILES, WHAT_IFS, record_files, what_if_file

KNOWN = {
    "ex-10-106": dt.date(2000, 3, 30),
    "ex-t3e-7": dt.date(2001, 8, 6),
    "ex-10-7": dt.date(2001, 8, 14),
    "ex-10-6": dt.date(2002, 11, 14),
    "ex-10-6-a": dt.date(2002, 11, 14),
    "ex-10-8": dt.date(2003, 8, 14),
    "release-2001-08-06": dt.date(2001, 8, 6),
}
SUPPLEMENTS = {"release-2001-08-06", "prime-rate"}


def known_at(fact: Fact) -> dt.datetime:
    assert fact.known_at is not None, fact.own_key
    return fact.known_at


def document(fact: Fact) -> str:
    assert fact.source is not None, fact.own_key
    return fact.source.document


RECORD = sorted((each.fact for each in read(record_files())), key=known_at)
ASSUMED = {name: [each.fact for each in read([what_if_file(name)])] for name in WHAT_IFS}


def granted(waiver: str) -> WaiverGranted:
    (found,) = [fact for fact in RECORD if isinstance(fact, WaiverGranted) and fact.waiver == waiver]
    return found


def test_the_folder_holds_the_files_that_are_named_and_no_others() -> None:
    folder = record_files()[0].parent
    assert {file.name for file in folder.glob("*.yaml")} == set(RECORD_FILES)
    assert {file.stem for file in folder.glob("what_ifs/*.yaml")} == set(WHAT_IFS)


def test_one_migration_takes_the_whole_record_and_each_what_if_lies_on_top() -> None:
    register = Register()
    for position, fact in enumerate(RECORD, start=1):
        assert register.decide(fact) == "record"
        register.after(position, fact)
    for facts in ASSUMED.values():
        assert [register.decide(fact) for fact in facts] == ["record"] * len(facts)


def test_recorded_again_every_fact_is_there_already() -> None:
    register = Register()
    for position, fact in enumerate(RECORD, start=1):
        register.after(position, fact)
    assert {register.decide(fact) for fact in RECORD} == {"repeat"}


def test_every_fact_cites_a_document_that_the_record_files_and_a_clause_of_a_paper() -> None:
    filed = {fact.document for fact in RECORD if isinstance(fact, DocumentFiled)}
    assert filed == KNOWN.keys() | {"prime-rate"}
    for fact in RECORD:
        assert document(fact) in filed, fact.own_key
        assert document(fact) in SUPPLEMENTS or (fact.source and fact.source.clause), fact.own_key


def test_every_fact_becomes_known_at_noon_when_its_paper_does() -> None:
    for fact in RECORD:
        about = fact.document if isinstance(fact, ReadingAdopted) else document(fact)
        known = fact.effective if about == "prime-rate" else KNOWN[about]
        assert known is not None
        assert known_at(fact) == dt.datetime.combine(known, dt.time(12), dt.UTC), fact.own_key


def test_no_fact_speaks_of_a_paper_that_was_not_known_yet() -> None:
    for fact in RECORD:
        later = [paper for paper, known in KNOWN.items() if known > known_at(fact).date()]
        words = " ".join(str(getattr(fact, name, "")) for name in ("note", "text", "reads_as", "reason", "title"))
        assert not [paper for paper in later if paper in words], fact.own_key


def test_a_paper_is_signed_or_a_form_and_none_says_when_it_was_executed() -> None:
    filed = {fact.document: fact for fact in RECORD if isinstance(fact, DocumentFiled)}
    assert {name: filed[name].status for name in KNOWN} == {
        "ex-10-106": "executed",
        "ex-t3e-7": None,
        "ex-10-7": "executed",
        "ex-10-6": "executed",
        "ex-10-6-a": "form",
        "ex-10-8": "executed",
        "release-2001-08-06": None,
    }
    assert {filed[name].executed for name in KNOWN} == {None}
    assert filed["ex-10-6-a"].part_of == "ex-10-6"


def test_what_only_follows_is_inferred() -> None:
    assert {fact.own_key for fact in RECORD if fact.standing == "inferred"} == {
        "ex-10-106-cross-clause-cit",
        "ex-t3e-7-missed-notes-12-3-4-2000-02-01",
        "ex-t3e-7-interest-paid-to",
        "ex-10-6-cross-clause-congress-lpc",
        "ex-10-6-cross-clause-congress-lrg",
        "ex-10-6-amendment-congress-lrg",
        "ex-10-6-satisfied-counterparts",
        "ex-10-6-satisfied-twin-papers",
        "ex-10-6-satisfied-representations",
        "ex-10-6-a-waiver-congress-lpc",
        "ex-10-6-a-waiver-congress-lrg",
        "release-2001-08-06-day-count",
    }


def test_every_failure_is_recited_but_the_one_that_the_exchange_offer_establishes() -> None:
    missed = [fact for fact in RECORD if isinstance(fact, PaymentMissed)]
    assert [fact.own_key for fact in missed if fact.standing != "recited"] == [
        "ex-t3e-7-missed-notes-12-3-4-2000-02-01"
    ]
    assert [fact for fact in RECORD if fact.standing == "recited" and fact not in missed] == []
    assert Counter(map(document, missed)) == {"ex-10-106": 3, "ex-t3e-7": 1, "ex-10-7": 21, "ex-10-6": 4, "ex-10-8": 2}


@pytest.mark.parametrize(
    ("waiver", "reaches", "covered", "due_dates", "until", "whose_acts"),
    [
        (
            "cit-2000-01",
            ("default", "event_of_default"),
            ("notes-14", "notes-conv", "notes-12-3-4"),
            1,
            dt.date(2000, 5, 1),
            ("notes-14", "notes-conv", "notes-12-3-4"),
        ),
        (
            "cit-2001-07",
            ("default", "event_of_default"),
            ("notes-14", "notes-conv", "notes-12-3-4"),
            7,
            dt.date(2001, 11, 1),
            ("notes-14", "notes-conv", "notes-12-3-4"),
        ),
        (
            "congress-lpc-2002-10",
            ("event_of_default",),
            ("notes-14", "notes-conv", "notes-12-3-4", "notes-10-1-2"),
            None,
            dt.date(2003, 1, 3),
            ("notes-14", "notes-conv", "notes-12-3-4"),
        ),
        (
            "congress-lpc-2003-07",
            ("event_of_default",),
            ("notes-12-3-4", "notes-10-1-2"),
            None,
            dt.date(2003, 8, 11),
            ("notes-12-3-4", "notes-10-1-2"),
        ),
    ],
)
def test_a_waiver_has_the_reach_the_scope_and_the_ends_of_its_paper(
    waiver: str,
    reaches: tuple[str, ...],
    covered: tuple[str, ...],
    due_dates: int | None,
    until: dt.date,
    whose_acts: tuple[str, ...],
) -> None:
    grant = granted(waiver)
    (scope,) = grant.covers
    date_end, act_end = grant.ends
    assert isinstance(scope, PaymentsCovered)
    assert isinstance(date_end, DateEnd)
    assert isinstance(act_end, ActEnd)
    assert grant.reaches == reaches
    assert (scope.of, scope.by) == (covered, ("lpc",))
    assert (len(scope.due) if scope.due else None) == due_dates
    assert (date_end.until, act_end.of) == (until, whose_acts)
    assert grant.revival == "not_stated"


@pytest.mark.parametrize("dated", ["2002-10", "2003-07"])
def test_congress_grants_both_borrowers_the_same(dated: str) -> None:
    own = {"facility", "waiver", "key", "note"}
    for_lpc, for_lrg = granted(f"congress-lpc-{dated}"), granted(f"congress-lrg-{dated}")
    assert for_lpc.model_dump(exclude=own) == for_lrg.model_dump(exclude=own)


def test_a_due_date_is_still_ahead_in_each_paper_of_cit() -> None:
    for waiver in ("cit-2000-01", "cit-2001-07"):
        grant = granted(waiver)
        (scope,) = grant.covers
        assert isinstance(scope, PaymentsCovered)
        assert scope.due is not None
        assert [day for day in scope.due if day > grant.effective] == [grant.effective + dt.timedelta(days=1)]


def test_the_covenant_waiver_and_the_twin_hang_on_amendments() -> None:
    amendments = {fact.amendment: fact for fact in RECORD if isinstance(fact, AmendmentSigned)}
    assert [each.amendment for each in granted("congress-lpc-2002-10-covenant").conditions] == ["congress-lpc-2002-10"]
    assert [each.amendment for each in amendments["congress-lpc-2002-10"].conditions if each.amendment] == [
        "congress-lrg-2002-10"
    ]
    satisfied = {fact.condition for fact in RECORD if isinstance(fact, ConditionSatisfied)}
    plain = {each.condition for each in amendments["congress-lpc-2002-10"].conditions if each.text}
    assert satisfied == plain
    assert [change.change for change in amendments["congress-lrg-2002-10"].changes] == ["term_ends"]


def test_three_papers_give_the_14_percent_notes_three_maturities() -> None:
    named = [
        fact.matures
        for fact in RECORD
        if isinstance(fact, FacilityOpened | FacilityDescribed) and fact.facility == "notes-14"
    ]
    assert named == [dt.date(2000, 5, 1), dt.date(2001, 5, 1), dt.date(2002, 5, 1)]


def test_cross_clauses_stand_apart_from_the_openings_and_leave_grace_open() -> None:
    openings = [fact for fact in RECORD if isinstance(fact, FacilityOpened)]
    assert [(fact.facility, clause.clause) for fact in openings for clause in fact.clauses] == [
        ("congress-lpc", "working-capital")
    ]
    cross = [fact for fact in RECORD if isinstance(fact, TermsStated) and fact.clauses]
    assert [(fact.facility, fact.clauses[0].kind, fact.clauses[0].grace) for fact in cross] == [
        ("cit", "cross_payment", "not_stated"),
        ("congress-lpc", "cross_payment", "not_stated"),
        ("congress-lrg", "cross_payment", "not_stated"),
    ]


def test_the_prime_rate_has_fifty_levels_in_the_order_of_their_dates() -> None:
    levels = {fact.effective: fact.rate for fact in RECORD if isinstance(fact, IndexFixed)}
    assert len(levels) == 50
    assert list(levels) == sorted(levels)
    assert {day.isoformat(): levels[day] for day in [min(levels), dt.date(2002, 11, 7), max(levels)]} == {
        "1997-03-26": Decimal("0.0850"),
        "2002-11-07": Decimal("0.0425"),
        "2008-12-16": Decimal("0.0325"),
    }
    assert max(day for day in levels if day <= dt.date(2002, 11, 1)) == dt.date(2001, 12, 12)
    assert levels[dt.date(2001, 12, 12)] == Decimal("0.0475")


def test_a_supplement_says_that_it_is_not_from_the_papers() -> None:
    for file in record_files():
        first_line = file.read_text(encoding="utf-8").splitlines()[0]
        assert first_line.startswith("# Supplement, not from the papers:") is file.name.startswith("supplement-")


def test_a_what_if_dates_no_knowledge_and_voids_only_grants() -> None:
    grants = {fact.own_key for fact in RECORD if isinstance(fact, WaiverGranted)}
    for facts in ASSUMED.values():
        assert {fact.known_at for fact in facts} == {None}
        assert {fact.key for fact in facts if isinstance(fact, FactVoided)} <= grants
