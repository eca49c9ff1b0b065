import datetime as dt
from itertools import pairwise

import pytest

from desk.output import json_text
from ledger.records import Prefix
from projections.committee import MODEL, committee_report
from projections.report import report
from projections.view import View
from tests.reports.golden import compare
from tests.reports.records import committee, lexington, portfolio, prefix
from tests.spec import log

LINE = """
- event: FacilityOpened
  facility: line
  effective: 2020-01-01
  name: Credit line
  borrowers: [mill]
  currency: USD
  principal: "1000.00"
  clauses: [{clause: payment, kind: payment}]
- {event: PaymentMissed, facility: line, effective: 2020-02-01, of: principal, due: 2020-02-01}
- event: WaiverGranted
  facility: line
  waiver: spring
  effective: 2020-02-10
  reaches: [event_of_default]
  covers: [{payments: principal}]
  ends: [{until: 2020-06-01}]
"""


def test_the_model_is_the_golden_one() -> None:
    found = committee(lexington(), "2001-09-15", "cit", since="2001-07-30")
    compare("committee-cit-2001-09-15.json", f"{json_text(found.as_json())}\n")


def test_it_begins_with_the_report_and_adds_to_it() -> None:
    view = View.of(lexington(), dt.date(2002, 11, 15))
    plain = report(view)
    whole = committee_report(view, plain).as_json()
    assert list(whole)[: len(plain.as_json())] == list(plain.as_json())
    assert {name: whole[name] for name in plain.as_json()} == plain.as_json()


# --- the fingerprint -------------------------------------------------------------------------------------------------


def test_the_same_question_has_the_same_fingerprint_and_any_other_another() -> None:
    known = lexington()
    asked = [
        committee(known, "2002-11-15"),
        committee(known, "2002-11-16"),
        committee(known, "2002-11-15", "cit"),
        committee(known, "2002-11-15", since="2002-11-01"),
        committee(known, "2002-11-15", since="2002-11-02"),
        committee(known, "2002-11-15", since_known=100),
        committee(prefix(LINE), "2002-11-15"),
    ]
    assert len({each.fingerprint for each in asked}) == len(asked)
    assert asked[0].fingerprint == committee(known, "2002-11-15").fingerprint


def test_standing_and_as_stood_are_part_of_what_was_asked() -> None:
    day = dt.date(2002, 11, 15)
    views = [
        View.of(lexington(), day),
        View.of(lexington(), day, standing="stated"),
        View.of(lexington(), day, as_stood=True),
    ]
    assert len({committee_report(view, report(view)).fingerprint for view in views}) == len(views)


def test_the_fingerprint_is_pinned() -> None:
    """Fingerprints that were handed out stay what they are: a change here needs a new version of the model."""
    found = committee(prefix(LINE), "2020-03-01")
    assert (MODEL, found.fingerprint) == (
        "committee.v1",
        "89e67909148e9e4f99f3aaf42b40b8bc0b33b786aac3ca91a4dbb3f6a51da5d7",
    )


# --- in sentences ----------------------------------------------------------------------------------------------------


def test_the_summary_of_a_quiet_day_and_of_an_empty_ledger() -> None:
    assert committee(prefix(), "2020-03-01").summary == ("On 1 Mar 2020 nothing is on record, as far as it was known.",)
    assert committee(prefix(LINE), "2020-01-15").summary == (
        "line has no Default that counts.",
        "If nothing further happens, no status changes.",
        "Whether payments are current is not stated for line.",
        "The total owed in USD is not stated: it lacks accrued interest of line.",
    )


def test_the_summary_of_the_lexington_record_between_the_waivers() -> None:
    assert committee(lexington(), "2001-09-15").summary == (
        "congress-lpc and congress-lrg have Events of Default that nothing covers, since 1 Feb 2000.",
        "cit has Defaults, each of them waived, since 31 Jul 2001.",
        "notes-12-3-4, notes-14 and notes-conv have no Default that counts.",
        "If nothing further happens, the next change is on 1 Nov 2001: cit turns to Event of Default.",
        "notes-12-3-4 matured and is unpaid, for 592 days.",
        "Whether payments are current is not stated for congress-lpc, congress-lrg, cit, notes-14 and notes-conv.",
        "34,829,230.33 is owed in all on notes-12-3-4; the currency is not stated.",
        "What is owed is not stated in full for congress-lpc, congress-lrg, cit, notes-14 and notes-conv.",
        "The answers on congress-lpc, congress-lrg, cit and notes-12-3-4 rest on facts that no paper states.",
        "Those on cit rest on a paper executed after the date, or whose execution is not stated.",
        "10 questions about the record are open.",
    )


def test_many_facilities_share_their_sentences() -> None:
    assert len(committee(portfolio(40), "2020-08-31").summary) < 12


# --- ahead and behind ------------------------------------------------------------------------------------------------


def test_the_timeline_ahead_is_what_follows_if_nothing_happens() -> None:
    (cit,) = committee(lexington(), "2001-09-15", "cit").timelines
    assert [(str(row.from_), row.legal) for row in cit.to_date][-2:] == [
        ("2000-05-01", "event_of_default"),
        ("2001-07-31", "waived"),
    ]
    assert [(str(row.from_), row.legal) for row in cit.ahead] == [("2001-11-01", "event_of_default")]
    assert cit.to_date[-1].until == dt.date(2001, 11, 1)


def test_no_row_of_a_timeline_leaves_a_gap() -> None:
    for each in committee(lexington(), "2002-11-15").timelines:
        for one, other in pairwise((*each.to_date, *each.ahead)):
            assert one.until == other.from_


@pytest.mark.parametrize(
    ("day", "within"),
    [
        ("2020-03-02", []),
        ("2020-03-03", [90]),
        ("2020-04-01", [90]),
        ("2020-04-02", [60]),
        ("2020-05-01", [60]),
        ("2020-05-02", [30]),
        ("2020-05-31", [30]),
        ("2020-06-01", []),
    ],
)
def test_a_waiver_ends_within_30_60_or_90_days(day: str, within: list[int]) -> None:
    assert [each.within for each in committee(prefix(LINE), day).waivers_ending] == within


AMENDED = """
- event: AmendmentSigned
  facility: line
  amendment: first
  effective: 2020-03-01
  dated: 2020-03-01
  changes: [{change: matures, from: 2020-03-01, matures: 2022-01-01}]
  conditions:
    - {condition: counterparts, text: executed counterparts received}
    - {condition: no-default, question: no_event_of_default_after_giving_effect}
- {event: ConditionSatisfied, amendment: first, condition: counterparts, effective: 2020-03-10}
"""


def test_a_condition_is_open_until_the_day_on_which_it_is_met() -> None:
    open_on = {
        day: [each.condition for each in committee(prefix(LINE, AMENDED), day).open_conditions]
        for day in ("2020-02-29", "2020-03-01", "2020-03-09", "2020-03-10")
    }
    assert open_on == {
        "2020-02-29": [],
        "2020-03-01": ["counterparts", "no-default"],
        "2020-03-09": ["counterparts", "no-default"],
        "2020-03-10": [],
    }


def test_facts_below_the_dial_are_shown_once_with_every_paper_that_mentions_them() -> None:
    found = [each for each in committee(lexington(), "2002-11-15").not_counted if each.facility == "notes-14"]
    first = found[0]
    assert (str(first.effective), first.says) == ("2000-02-01", "principal and interest due 1 Feb 2000 not paid")
    assert len({reason.document for reason in first.because}) > 1


def test_each_stretch_of_a_rate_begins_where_the_one_before_ends() -> None:
    for each in committee(lexington(), "2003-07-10").rates_over_time:
        assert all(one.until == other.from_ for one, other in pairwise(each.stretches))
        assert each.stretches[-1].until is None


# --- facilities ------------------------------------------------------------------------------------------------------

NOTES = """
- event: FacilityOpened
  facility: notes
  effective: 2020-01-01
  name: Notes
  kind: notes
  borrowers: [mill, mine]
  holders: [first-fund]
  trustee: old-bank
  matures: 2022-01-01
"""
EXTENDED = """
- event: AmendmentSigned
  facility: notes
  amendment: longer
  effective: 2020-06-01
  dated: 2020-06-01
  changes: [{change: matures, from: 2020-06-01, matures: 2024-01-01}]
"""


def test_parties_and_terms_are_those_of_the_date() -> None:
    for day, matures in (("2020-05-31", "2022-01-01"), ("2020-06-01", "2024-01-01")):
        (notes,) = committee(prefix(NOTES, EXTENDED), day).particulars
        assert (notes.borrowers, notes.creditors, notes.trustee) == (("mill", "mine"), ("first-fund",), "old-bank")
        assert str(notes.matures) == matures
        assert [notes.guarantors, notes.agreement_date, notes.term_ends, notes.commitment] == [(), None, None, None]


# --- the causes of Defaults ------------------------------------------------------------------------------------------

MANY_WAYS = """
- event: FacilityOpened
  facility: line
  effective: 2020-01-01
  name: Credit line
  borrowers: [mill]
  clauses:
    - {clause: payment, kind: payment}
    - {clause: capital, kind: covenant, of: [capital]}
    - {clause: insolvency, kind: event, of: [insolvency]}
    - {clause: named, kind: declared}
    - {clause: called, kind: cross_acceleration, of: [notes]}
  covenants: [{covenant: capital}]
- {event: FacilityOpened, facility: notes, effective: 2020-01-01, name: Notes, borrowers: [mill]}
- {event: PaymentMissed, facility: line, effective: 2020-02-01, of: [interest], due: 2020-02-01}
- {event: CovenantTested, facility: line, effective: 2020-03-31, covenant: capital, test_date: 2020-03-31, met: false}
- {event: EventOccurred, facility: line, effective: 2020-04-01, kind: insolvency}
- {event: DefaultDeclared, facility: line, effective: 2020-05-01, default: books-not-kept, clause: named, cause: books}
- {event: ActTaken, facility: notes, act: call, effective: 2020-06-01, by: holder, seeks: acceleration,
   accelerates: true}
"""


def test_each_kind_of_default_is_told_in_words() -> None:
    told = {each.default: each.says for each in committee(prefix(MANY_WAYS), "2020-07-01").causes}
    assert told == {
        "line/payment/line/interest/2020-02-01": "interest of line due 1 Feb 2020 not paid",
        "line/capital/capital/2020-03-31": "covenant capital not met on 31 Mar 2020",
        "line/insolvency/insolvency": "insolvency",
        "line/named/books-not-kept": "books-not-kept, declared",
        "line/called/call": "notes made due by call",
    }


# --- totals ----------------------------------------------------------------------------------------------------------


def test_amounts_are_added_up_within_a_currency() -> None:
    by_currency = {each.currency: each for each in committee(portfolio(4), "2020-08-31").totals}
    assert set(by_currency) == {"EUR", "USD"}
    assert all(each.total is not None and not each.lacks for each in by_currency.values())


def test_a_total_that_lacks_a_part_is_not_stated_and_says_which() -> None:
    (total,) = committee(prefix(LINE), "2020-03-01").totals
    assert (total.currency, total.total, total.lacks) == ("USD", None, ("accrued interest of line",))


# --- what changed ----------------------------------------------------------------------------------------------------


def test_what_changed_between_two_dates() -> None:
    compared = committee(lexington(), "2001-11-01", "cit", since="2001-10-31").compared
    assert compared is not None
    told = {(each.what, each.before, each.after) for each in compared.changes}
    assert ("legal status", "waived", "event_of_default") in told
    assert ("waiver cit-2001-07", "in_force", "expired") in told


def test_what_changed_with_knowledge() -> None:
    known = lexington()
    before = sum(record.known_at.date() <= dt.date(2001, 8, 5) for record in known.records)
    compared = committee(known, "2001-08-01", since_known=before).compared
    assert compared is not None
    told = {(each.facility, each.what): (each.before, each.after) for each in compared.changes}
    assert told["cit", "legal status"] == ("no_default", "waived")
    assert compared.other.known.position == before


def test_a_waiver_extended_differs_in_its_end() -> None:
    extended = "- {event: WaiverExtended, waiver: spring, effective: 2020-05-01, until: 2020-09-01}\n"
    compared = committee(prefix(LINE, extended), "2020-05-02", since="2020-04-30").compared
    assert compared is not None
    told = {each.what: (each.before, each.after) for each in compared.changes}
    assert told == {
        "status until": ("2020-06-01", "2020-09-01"),
        "waiver spring until": ("2020-06-01", "2020-09-01"),
        "days past due": (89, 91),
    }


def test_nothing_differs_from_itself() -> None:
    compared = committee(lexington(), "2002-11-15", since="2002-11-15").compared
    assert compared is not None
    assert compared.changes == ()


# --- evidence --------------------------------------------------------------------------------------------------------


def test_every_figure_that_is_stated_has_its_document() -> None:
    found = committee(lexington(), "2002-11-15")
    assert all(each.because for each in found.evidence)
    cited = {reason.document for each in found.evidence for reason in each.because}
    assert {paper.document for paper in found.papers} == cited - {None}


def test_facts_of_papers_whose_execution_is_not_stated_are_deemed() -> None:
    found = committee(lexington(), "2002-11-15")
    waivers = {record.position for record in lexington().records if record.fact.event == "WaiverGranted"}
    assert waivers <= set(found.deemed)


# --- due dates -------------------------------------------------------------------------------------------------------

BONDS = """
- event: FacilityOpened
  facility: bonds
  effective: 2020-01-01
  name: Bonds
  borrowers: [mill]
  currency: USD
  principal: "1000.00"
  matures: 2021-07-01
  rate: {fixed: "0.06"}
  day_count: 30/360 US
  schedule: {interest: {every: 6 months, from: 2020-07-01}}
- {event: PaymentMade, facility: bonds, effective: 2020-07-01, of: interest, due: 2020-07-01, amount: "30.00"}
- {event: FeeAgreed, facility: bonds, fee: f, kind: waiver, amount: "5.00", effective: 2020-09-01, earned: 2020-09-01}
- {event: PaymentMissed, facility: bonds, effective: 2021-01-01, of: interest, due: 2021-01-01}
"""


def test_what_fell_due_and_what_comes_next_stand_in_the_order_of_their_dates() -> None:
    told = [
        (str(each.on), each.kind, each.state, each.owed) for each in committee(prefix(BONDS), "2021-03-01").due_dates
    ]
    assert told == [
        ("2020-07-01", "interest", "paid", 0),
        ("2020-09-01", "fee", "owed", 5),
        ("2021-01-01", "interest", "missed", 30),
        ("2021-07-01", "interest", "ahead", None),
        ("2021-07-01", "principal", "ahead", 1000),
    ]


def test_a_maturity_that_passed_in_silence_is_neither_paid_nor_missed() -> None:
    last = committee(prefix(BONDS), "2021-07-02").due_dates[-1]
    assert (str(last.on), last.kind, last.state) == ("2021-07-01", "principal", "silent")


def test_principal_missed_at_maturity_is_owed_as_far_as_it_is_outstanding() -> None:
    found = committee(lexington(), "2002-11-15", "notes-12-3-4").due_dates
    told = [(str(each.on), each.kind, each.state, str(each.owed)) for each in found]
    assert told == [
        ("2000-02-01", "interest", "missed", "1747515.00"),
        ("2000-02-01", "principal", "missed", "27412000.00"),
    ]


# --- ahead, against what follows later -------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2000-02-01", "2001-09-15", "2002-11-15", "2003-07-10"])
def test_what_changes_next_is_what_a_ledger_that_ends_with_the_date_derives_on_later_dates(day: str) -> None:
    as_of = dt.date.fromisoformat(day)
    known = [record for record in lexington().records if (record.fact.effective or as_of) <= as_of]
    ended = View.of(Prefix(log(*(record.fact for record in known)), root=bytes(32)), as_of)
    for each in committee(lexington(), day).timelines:
        for later in range(0, 900, 3):
            then = as_of + dt.timedelta(days=later)
            told = next(row.legal for row in reversed(each.rows) if row.from_ <= then)
            assert ended.timelines[each.facility].on(then).legal[each.facility] == told, (each.facility, then)
