"""The Lexington record: what followed for each lender on every date that its papers turn on, as known when."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from ledger.book import Book
from ledger.facts import Standing
from ledger.reading import read
from projections.report import report
from projections.view import Derivation, View
from scenarios.assume import WhatIf, what_if
from scenarios.lexington import what_if_file
from tests.projections.asking import defaults, facility, findings, legal, offer, owed, payment, rate, waiver

CIT, LPC, LRG = "cit", "congress-lpc", "congress-lrg"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def seen(lexington: Book) -> "Lexington":
    return Lexington(lexington)


class Lexington:
    """The record seen on a date, as known on another, at a dial."""

    def __init__(self, book: Book) -> None:
        self._derivation = cache(lambda standing, known: Derivation(book.prefix(known), standing, None))

    def on(self, date: str, *, standing: Standing = "inferred", known: str | None = None) -> View:
        return View(self._derivation(standing, day(known) if known else None), day(date))


# --- the table -------------------------------------------------------------------------------------------------------


RUNS = {
    CIT: [
        ("1997-03-19", "no_default"),
        ("2000-02-01", "waived"),
        ("2000-05-01", "event_of_default"),
        ("2001-07-31", "waived"),
        ("2001-11-01", "event_of_default"),
    ],
    LPC: [
        ("1990-01-11", "no_default"),
        ("2000-02-01", "event_of_default"),
        ("2002-10-31", "waived"),
        ("2003-01-03", "event_of_default"),
        ("2003-07-09", "waived"),
        ("2003-08-11", "event_of_default"),
    ],
}
RUNS[LRG] = RUNS[LPC]


def bracketed(runs: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[str, str, str, str]]:
    """Each change of a status: the facility, the day, the status the day before, and that on the day and after."""
    for name, changes in runs.items():
        for (_, before), (changed, after) in zip([("", "not_open"), *changes], changes, strict=False):
            yield name, changed, before, after


@pytest.mark.parametrize(("name", "changed", "before", "after"), list(bracketed(RUNS)))
def test_the_status_changes_on_its_day_and_on_no_other(
    seen: Lexington, name: str, changed: str, before: str, after: str
) -> None:
    view = seen.on(changed)
    eve, morrow = (view.at(day(changed) + dt.timedelta(days=by)) for by in (-1, 1))
    assert [legal(name)(each) for each in (eve, view, morrow)] == [before, after, after]


@pytest.mark.parametrize("name", [CIT, LPC, LRG])
def test_between_its_changes_the_status_stays(seen: Lexington, name: str) -> None:
    segments = seen.on("2010-01-01").timelines[name].segments(name)
    assert [(start.isoformat(), status) for start, status in segments] == RUNS[name]


@pytest.mark.parametrize("date", ["2000-01-31", "2000-02-01", "2000-02-02", "2000-04-30"])
def test_the_first_waiver_of_cit_is_in_force_from_the_day_before_the_failure(seen: Lexington, date: str) -> None:
    assert waiver("cit-2000-01")(seen.on(date)) == "in_force"


@pytest.mark.parametrize("name", [CIT, LPC, LRG])
def test_on_stated_facts_alone_only_the_covenant_of_lpc_was_in_default(seen: Lexington, name: str) -> None:
    segments = seen.on("2010-01-01", standing="stated").timelines[name].segments(name)
    breached = [("2002-08-31", "event_of_default")] if name == LPC else []
    assert [(start.isoformat(), status) for start, status in segments] == [RUNS[name][0], *breached]


def test_on_stated_facts_alone_the_waiver_and_the_deletion_of_the_covenant_hang_on_conditions(seen: Lexington) -> None:
    view = seen.on("2003-12-31", standing="stated")
    assert waiver("congress-lpc-2002-10-covenant")(view) == "pending"
    (amendment,) = facility(LPC)(view).amendments
    assert (amendment.in_effect, amendment.open_conditions[:3]) == (None, ("counterparts", "twin", "twin-papers"))


@pytest.mark.parametrize("name", [LPC, LRG])
def test_with_recited_failures_counted_the_waiver_of_july_2003_is_not_enough(seen: Lexington, name: str) -> None:
    for date, status in [
        ("2003-01-02", "waived"),
        ("2003-07-08", "event_of_default"),
        ("2003-07-09", "event_of_default"),
    ]:
        assert legal(name)(seen.on(date, standing="recited")) == status
    states = defaults(name)(seen.on("2003-07-09", standing="recited"))
    assert {state for default, state in states.items() if "12-3-4" in default or "10-1-2" in default} == {"waived"}
    assert {state for default, state in states.items() if "notes-14/" in default or "notes-conv" in default} == {
        "continuing"
    }


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("2001-08-05", "no_default"),
        ("2001-08-06", "event_of_default"),
        ("2001-08-13", "event_of_default"),
        ("2001-08-14", "waived"),
    ],
)
def test_what_cit_was_on_august_1_2001_hangs_on_when_it_is_asked(seen: Lexington, known: str, status: str) -> None:
    view = seen.on("2001-08-01", known=known)
    assert legal(CIT)(view) == status
    assert "covers_unrecorded_failure" in {finding.code for finding in view.findings if finding.facility == CIT}


def test_before_the_offer_was_known_no_failure_was_established(seen: Lexington) -> None:
    for date in ("2000-01-31", "2000-02-01", "2000-04-30", "2000-05-01", "2001-07-31"):
        assert legal(CIT)(seen.on(date, known="2001-08-05")) == "no_default"


def test_once_the_offer_was_known_the_gap_is_there_and_the_second_waiver_not_yet(seen: Lexington) -> None:
    expected = {"2000-02-01": "waived", "2000-05-01": "event_of_default", "2001-07-31": "event_of_default"}
    for date, status in expected.items():
        assert legal(CIT)(seen.on(date, known="2001-08-06")) == status


def test_as_stood_the_unsigned_form_of_the_exhibit_counts_not_and_the_amendment_waits_with_it(lexington: Book) -> None:
    for date, status in [
        ("2002-10-31", "event_of_default"),
        ("2003-07-09", "waived"),
        ("2003-08-11", "event_of_default"),
    ]:
        view = View.of(lexington.prefix(), day(date), as_stood=True)
        assert legal(LPC)(view) == status
    (amendment,) = facility(LPC)(View.of(lexington.prefix(), day("2003-07-09"), as_stood=True)).amendments
    assert amendment.in_effect == day("2003-07-09")


def test_the_deleted_covenant_breaches_nothing_and_its_waiver_finds_nothing(seen: Lexington) -> None:
    view = seen.on("2002-10-31")
    assert [default for default in defaults(LPC)(view) if "working-capital" in default] == []
    assert waiver("congress-lpc-2002-10-covenant")(view) == "in_force"


def test_the_notes_without_a_clause_on_record_are_matured_and_unpaid_and_in_no_default(seen: Lexington) -> None:
    view = seen.on("2000-02-01")
    assert (legal("notes-12-3-4")(view), payment("notes-12-3-4")(view)) == ("no_default", "matured_unpaid")
    assert payment("notes-12-3-4")(seen.on("2000-01-31")) is None


@pytest.mark.parametrize(("date", "inferred", "deemed"), [("2000-01-31", False, True), ("2000-02-01", True, True)])
def test_the_answer_says_that_it_rests_on_inferences_and_on_papers_of_no_stated_execution(
    seen: Lexington, date: str, inferred: bool, deemed: bool
) -> None:
    answer = facility(CIT)(seen.on(date))
    assert (answer.inferred, answer.deemed) == (inferred, deemed)


# --- the rate of LPC -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "charged", "under_default"),
    [
        ("2002-10-31", None, None),
        ("2002-11-01", "0.0575", "0.0675"),
        ("2002-11-06", "0.0575", "0.0675"),
        ("2002-11-07", "0.0525", "0.0625"),
        ("2002-11-08", "0.0525", "0.0625"),
        ("2003-06-27", "0.05", "0.06"),
    ],
)
def test_the_rate_is_prime_and_one_and_under_default_prime_and_two(
    seen: Lexington, date: str, charged: str | None, under_default: str | None
) -> None:
    answer = facility(LPC)(seen.on(date)).rate
    shown = [None if each is None else format(each, "f") for each in (answer.charged, answer.if_default_rate)]
    assert shown == [charged, under_default]
    assert answer.option == ("prime" if charged else None)


@pytest.mark.parametrize(
    ("date", "grounds"),
    [
        ("2002-11-01", ()),
        ("2003-01-02", ()),
        ("2003-01-03", ("event_of_default", "non_renewal")),
        ("2003-07-08", ("event_of_default", "non_renewal")),
        ("2003-07-09", ("non_renewal",)),
        ("2003-08-11", ("event_of_default", "non_renewal")),
    ],
)
def test_the_default_rate_could_be_charged_from_the_end_of_the_term_and_nobody_elected_it(
    seen: Lexington, date: str, grounds: tuple[str, ...]
) -> None:
    answer = facility(LPC)(seen.on(date)).rate
    assert (answer.grounds, answer.default_rate_available) == (grounds, bool(grounds))
    assert answer.charged != answer.if_default_rate


def test_a_prime_level_is_known_on_the_day_it_took_effect(seen: Lexington) -> None:
    assert rate(LPC)(seen.on("2002-11-14", known="2002-11-14")) == "0.0525"
    assert rate(LPC)(seen.on("2003-06-30", known="2003-06-26")) == "0.0525"
    assert rate(LPC)(seen.on("2003-06-30", known="2003-06-27")) == "0.05"


# --- money -----------------------------------------------------------------------------------------------------------


def test_the_fee_is_owed_from_the_day_of_the_letter(seen: Lexington) -> None:
    assert [owed(LPC, "fees")(seen.on(date)) for date in ("2002-10-30", "2002-10-31", "2003-12-31")] == [
        ("0.00",),
        ("80000.00",),
        ("80000.00",),
    ]


FIGURES = ("principal", "interest_unpaid", "accrued_interest", "interest_per_1000", "days_past_due")


@pytest.mark.parametrize(
    ("date", "figures"),
    [
        ("2000-01-31", (None, None, None, "63.7500", None)),  # half a year at 12¾% less a day
        ("2000-02-01", (None, None, None, "63.7500", "0")),
        ("2000-02-02", (None, None, None, "64.1042", "1")),
        ("2001-08-05", (None, None, None, "256.4167", "551")),
        ("2001-08-06", ("27412000.00", "1747515.00", "5291087.08", "256.7708", "552")),
        ("2001-08-07", ("27412000.00", "1747515.00", "5300795.50", "257.1250", "553")),
    ],
)
def test_what_is_owed_on_the_notes_is_per_1000_until_their_principal_is_stated(
    seen: Lexington, date: str, figures: tuple[str | None, ...]
) -> None:
    assert owed("notes-12-3-4", *FIGURES)(seen.on(date)) == figures


# --- the offer -------------------------------------------------------------------------------------------------------


def test_the_offer_is_open_through_september_4_2001_and_nothing_shows_its_minimum_unmet(seen: Lexington) -> None:
    assert report(seen.on("2001-08-05")).offers == ()
    states = {
        date: offer("exchange-2001")(seen.on(date)) for date in ("2001-08-06", "2001-09-04", "2001-09-05", "2001-09-06")
    }
    assert [each.state for each in states.values()] == ["open", "open", "expired", "expired"]
    assert {(each.fraction, each.minimum_met) for each in states.values()} == {(None, None)}


# --- findings --------------------------------------------------------------------------------------------------------


def test_what_a_careful_reader_finds(seen: Lexington) -> None:
    found = {(finding.code, finding.facility, finding.on.isoformat()) for finding in seen.on("2003-12-31").findings}
    assert found == {
        ("covers_unrecorded_failure", CIT, "2000-01-31"),
        ("covers_unrecorded_failure", CIT, "2001-07-31"),
        ("covers_unrecorded_failure", LPC, "2002-10-31"),
        ("covers_unrecorded_failure", LRG, "2002-10-31"),
        ("covers_unrecorded_failure", LPC, "2003-07-09"),
        ("covers_unrecorded_failure", LRG, "2003-07-09"),
        ("gap_between_waivers", CIT, "2000-05-01"),
        ("gap_between_waivers", LPC, "2003-01-03"),
        ("gap_between_waivers", LRG, "2003-01-03"),
        ("grace_not_stated", CIT, "2000-02-01"),
        ("grace_not_stated", LPC, "2000-02-01"),
        ("grace_not_stated", LRG, "2000-02-01"),
        ("maturity_conflict", "notes-14", "2001-07-31"),
        ("maturity_conflict", "notes-14", "2002-10-31"),
        ("maturity_unrecorded", "notes-14", "2000-05-01"),
        ("maturity_unrecorded", "notes-conv", "2000-05-01"),
        ("maturity_unrecorded", "notes-10-1-2", "2002-05-01"),
        ("rate_gap", LPC, "2002-10-31"),
        ("revival_not_stated", CIT, "2000-05-01"),
        ("revival_not_stated", CIT, "2001-11-01"),
        ("revival_not_stated", LPC, "2003-01-03"),
        ("revival_not_stated", LRG, "2003-01-03"),
        ("revival_not_stated", LPC, "2003-08-11"),
        ("revival_not_stated", LRG, "2003-08-11"),
        ("term_ended_before_waiver", LPC, "2003-07-09"),
        ("term_ended_before_waiver", LRG, "2003-07-09"),
    }


def test_each_finding_of_the_table_is_there_from_its_day(seen: Lexington) -> None:
    for name, code, date in [
        (CIT, "gap_between_waivers", "2000-05-01"),
        (LPC, "gap_between_waivers", "2003-01-03"),
        (LPC, "term_ended_before_waiver", "2003-07-09"),
    ]:
        eve, there = seen.on(date).at(day(date) - dt.timedelta(days=1)), seen.on(date)
        assert [[f.code for f in findings(code)(view) if f.facility == name] for view in (eve, there)] == [[], [code]]


def test_the_representation_of_october_2002_holds_with_everything_and_fails_without_the_exhibit(
    lexington: Book,
) -> None:
    assert findings("representation_fails")(View.of(lexington.prefix(), day("2002-10-31"))) == []
    with assumed(lexington, "no-exhibit-a") as without:
        (finding,) = findings("representation_fails")(without.view(day("2002-10-31")))
        assert finding.facility == LPC


# --- what-ifs --------------------------------------------------------------------------------------------------------


@contextmanager
def assumed(book: Book, name: str) -> Iterator[WhatIf]:
    """A what-if of the record, which leaves the ledger as it was."""
    before = book.prefix()
    with what_if(book) as asked:
        asked.assume(*(each.fact for each in read([what_if_file(name)])))
        yield asked
    after = book.prefix()
    assert (after.position, after.root, after.records) == (before.position, before.root, before.records)


@pytest.mark.parametrize(
    ("date", "status"),
    [("2001-09-14", "waived"), ("2001-09-15", "event_of_default"), ("2001-09-16", "event_of_default")],
)
def test_had_the_trustee_sued_cit_would_have_been_uncovered_that_day(lexington: Book, date: str, status: str) -> None:
    with assumed(lexington, "trustee-sues-2001-09-15") as sued:
        assert legal(CIT)(sued.view(day(date))) == status
        differing = {(each.facility, each.what) for each in sued.compare(day(date)).differences}
        assert ((CIT, "legal") in differing) is (status == "event_of_default")
        assert {name for name, _ in differing} <= {CIT}


def test_had_the_trustee_sued_congress_would_have_been_as_it_was(lexington: Book) -> None:
    with assumed(lexington, "trustee-sues-2001-09-15") as sued:
        for date in ("2001-09-15", "2002-10-31", "2003-01-03"):
            assert legal(LPC)(sued.view(day(date))) == legal(LPC)(View.of(lexington.prefix(), day(date)))


def test_had_the_holder_of_the_fourth_series_sued_nothing_would_have_ended(lexington: Book) -> None:
    with assumed(lexington, "holder-of-10-1-2-sues-2002-11-20") as sued:
        for date in ("2002-11-19", "2002-11-20", "2002-11-21", "2003-01-02"):
            view = sued.view(day(date))
            assert (legal(LPC)(view), waiver("congress-lpc-2002-10")(view)) == ("waived", "in_force")
            assert sued.compare(day(date)).differences == ()


def test_without_the_exhibit_the_amendment_would_have_waited_for_the_waiver_of_july_2003(lexington: Book) -> None:
    with assumed(lexington, "no-exhibit-a") as without:
        for name in (LPC, LRG):
            for date, status in [
                ("2002-10-30", "event_of_default"),
                ("2002-10-31", "event_of_default"),
                ("2003-07-08", "event_of_default"),
                ("2003-07-09", "waived"),
                ("2003-08-11", "event_of_default"),
            ]:
                assert legal(name)(without.view(day(date))) == status
        for date, since in [("2003-07-08", None), ("2003-07-09", day("2003-07-09"))]:
            (amendment,) = facility(LPC)(without.view(day(date))).amendments
            assert amendment.in_effect == since


def test_without_the_waiver_of_july_2003_the_defaults_would_have_gone_on(lexington: Book) -> None:
    with assumed(lexington, "no-waiver-in-july-2003") as without:
        for name in (LPC, LRG):
            for date in ("2003-07-08", "2003-07-09", "2003-08-10", "2003-08-11"):
                assert legal(name)(without.view(day(date))) == "event_of_default"
            assert legal(name)(without.view(day("2003-01-02"))) == "waived"


def test_a_what_if_may_stand_on_what_was_known_then(lexington: Book) -> None:
    with what_if(lexington, day("2001-08-06")) as then:
        then.assume(*(each.fact for each in read([what_if_file("trustee-sues-2001-09-15")])))
        assert legal(CIT)(then.view(day("2001-09-15"))) == "event_of_default"
        assert then.compare(day("2001-09-15")).differences == ()
