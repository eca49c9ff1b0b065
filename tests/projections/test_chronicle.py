"""The story of a status, word for word: what failed, which clause made it a Default, what covered it, what ended it."""

import pytest

from ledger.facts import Standing
from projections.answer import Happening
from projections.story import explain
from tests.projections.asking import view
from tests.spec import given

NOTES = """
- {event: DocumentFiled, document: agreement, title: Loan agreement, effective: 2001-01-01, executed: 2001-01-01}
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], currency: USD,
   principal: "120000.00", rate: {fixed: "0.12"}, day_count: 30/360 US, source: {document: agreement, clause: "7"},
   clauses: [{clause: own, kind: payment, grace: {days: 10}, heals: HEALS, accelerates: ACCELERATES}]}
- {event: PaymentMissed, facility: notes, effective: 2001-05-01, of: interest, due: 2001-05-01, standing: STANDING,
   source: {document: letter, clause: "1"}}
"""
FAILED = """\
notes was opened on 2001-01-01 (agreement, 7). [2]
The interest due on 2001-05-01 on notes was not paid (letter, 1). [3]
The payment clause own of notes made the unpaid interest due on 2001-05-01 on notes a Default on 2001-05-01, to be an \
Event of Default on 2001-05-11 unless cured by then: its grace is 10 days (agreement, 7). [2]
"""
MATURED = f"""\
{FAILED}\
Under the payment clause own of notes the Default for the unpaid interest due on 2001-05-01 on notes became an Event \
of Default on 2001-05-11, not cured by then (agreement, 7; letter, 1). [2 3]
"""
WAIVER = """
- {event: WaiverGranted, facility: notes, waiver: w, effective: 2001-06-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: [ENDS], source: {document: consent, clause: "2"}}
"""
COVERED = f"""\
{MATURED}\
The waiver w came into force on 2001-06-01 and covered the unpaid interest due on 2001-05-01 on notes, until \
2001-09-01 (consent, 2; deemed). [4]
"""
ENDLESS = COVERED.replace("until 2001-09-01", "with no date for its end")
PAID = '- {event: PaymentMade, facility: notes, effective: 2001-05-20, of: interest, amount: "4800.00"}'
CALLED = """
- {event: ActTaken, facility: notes, act: call, effective: 2001-06-01, by: trustee, party: First Bank,
   seeks: acceleration, accelerates: true, source: {document: notice, clause: "3"}}
"""
RING = """
- {event: FacilityOpened, facility: a, effective: 2001-01-01, name: A, borrowers: [mill],
   clauses: [{clause: tests, kind: covenant, heals: automatically},
             {clause: cross, kind: cross_default, of: [b], heals: automatically}]}
- {event: FacilityOpened, facility: b, effective: 2001-01-01, name: B, borrowers: [mill],
   clauses: [{clause: cross, kind: cross_default, of: [a], heals: automatically}]}
- {event: CovenantTested, facility: a, effective: 2001-06-30, covenant: leverage, test_date: 2001-06-30, met: false,
   measured: "4.1", required: "3.5"}
"""
BROKEN = """\
b was opened on 2001-01-01 (no document named). [2]
The covenant leverage of a was not met on its test date 2001-06-30: measured 4.1, required 3.5 (no document named). [3]
The cross-default clause cross of b made the breach of the covenant leverage tested on 2001-06-30 a Default on \
2001-06-30, and at once an Event of Default: it gives no grace; a has the Event of Default under its clause tests (no \
document named). [1 2]
"""


def waived(ends: str) -> str:
    """The record of a waiver with these ends."""
    return WAIVER.replace("ENDS", ends)


def told(
    day: str, *texts: str, facility: str = "notes", what: str = "status", standing: Standing = "inferred", **words: str
) -> str:
    """The sentences, each with its positions."""
    terms = {"HEALS": "automatically", "ACCELERATES": "false", "STANDING": "stated"} | words
    for word, meant in terms.items():
        texts = tuple(text.replace(word, meant) for text in texts)
    explanation = explain(view(given(*texts).log, day, standing=standing), facility, what)
    assert explanation is not None
    return "".join(
        f"{step.sentence} [{' '.join(str(reason.position) for reason in step.because)}]\n" for step in explanation.steps
    )


def happenings(day: str, *texts: str, facility: str = "notes") -> list[Happening]:
    """What a story tells, as data."""
    terms = {"HEALS": "automatically", "ACCELERATES": "false", "STANDING": "stated"}
    for word, meant in terms.items():
        texts = tuple(text.replace(word, meant) for text in texts)
    explanation = explain(view(given(*texts).log, day), facility, "status")
    assert explanation is not None
    return [step.happening for step in explanation.steps if step.happening is not None]


def test_the_story_of_a_status_before_the_opening() -> None:
    assert (
        told("2000-12-31", NOTES)
        == """\
On 2000-12-31 notes is not open yet: it opens on 2001-01-01 (agreement, 7; deemed). [2]
"""
    )


def test_the_story_of_a_status_with_no_default() -> None:
    assert (
        told("2001-04-30", NOTES)
        == """\
notes was opened on 2001-01-01 (agreement, 7). [2]
On 2001-04-30 notes has no Default, since 2001-01-01 (agreement, 7). [2]
"""
    )


def test_the_story_of_a_status_in_grace() -> None:
    assert told("2001-05-10", NOTES) == (
        FAILED
        + """\
On 2001-05-10 notes has a Default still in grace, since 2001-05-01 (agreement, 7; letter, 1). [2 3]
"""
    )


def test_the_story_of_a_status_cured_in_grace() -> None:
    assert told("2001-05-05", NOTES, PAID.replace("2001-05-20", "2001-05-05")) == (
        FAILED
        + """\
The Default for the unpaid interest due on 2001-05-01 on notes under the clause own was cured on 2001-05-05, by \
payment (no document named). [4]
On 2001-05-05 notes has no Default, since 2001-05-05: every one was cured (agreement, 7; letter, 1). [2 3 4]
"""
    )


def test_the_story_of_a_status_that_healed_after_its_grace() -> None:
    assert told("2001-05-20", NOTES, PAID) == (
        MATURED
        + """\
The Event of Default for the unpaid interest due on 2001-05-01 on notes under the clause own was cured on \
2001-05-20, by payment (no document named). [4]
On 2001-05-20 notes has no Default, since 2001-05-20: every one was cured (agreement, 7; letter, 1). [2 3 4]
"""
    )


def test_the_story_of_a_status_that_only_a_waiver_heals_although_it_was_paid() -> None:
    assert told("2001-05-20", NOTES, PAID, HEALS="on_waiver") == (
        MATURED
        + """\
On 2001-05-20 the unpaid interest due on 2001-05-01 on notes was made good, by payment, but it remains an Event \
of Default: the payment clause own of notes heals only on waiver (agreement, 7). [2 4]
On 2001-05-20 notes has an Event of Default that nothing covers, since 2001-05-11 (agreement, 7; letter, 1). [2 \
3]
"""
    )


def test_the_story_of_a_status_of_which_nothing_says_how_it_heals() -> None:
    assert told("2001-05-20", NOTES, PAID, HEALS="not_stated") == (
        MATURED
        + """\
On 2001-05-20 the unpaid interest due on 2001-05-01 on notes was made good, by payment, but it remains an Event \
of Default: how the payment clause own of notes heals is not stated (agreement, 7). [2 4]
On 2001-05-20 notes has an Event of Default that nothing covers, since 2001-05-11 (agreement, 7; letter, 1). [2 \
3]
"""
    )


def test_the_story_of_a_status_waived_until_a_date() -> None:
    assert told("2001-08-31", NOTES, waived("{until: 2001-09-01}")) == (
        COVERED
        + """\
On 2001-08-31 notes has a Default, which is waived, since 2001-06-01 (agreement, 7; letter, 1; consent, 2; \
deemed). [2 3 4]
"""
    )


def test_the_story_of_a_status_whose_waiver_expired() -> None:
    assert told("2001-09-01", NOTES, waived("{until: 2001-09-01}")) == (
        COVERED
        + """\
The waiver w expired on 2001-09-01, the first day outside it; it no longer covers the unpaid interest due on \
2001-05-01 on notes (consent, 2; deemed). [4]
Whether the Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11 or only \
from 2001-09-01 on is not stated (consent, 2; deemed). [4]
On 2001-09-01 notes has an Event of Default that nothing covers, since 2001-09-01 (agreement, 7; letter, 1; \
consent, 2; deemed). [2 3 4]
"""
    )


@pytest.mark.parametrize(
    ("revival", "sentence", "as_of"),
    [
        (
            "original_date",
            "The Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11, as if w "
            "had not been given (consent, 2; deemed). [4]",
            "2001-05-11",
        ),
        (
            "{as_of: 2001-06-15}",
            "The Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-06-15 "
            "(consent, 2; deemed). [4]",
            "2001-06-15",
        ),
        (
            "prospective",
            "The Event of Default for the unpaid interest due on 2001-05-01 on notes revives from 2001-09-01 on only, "
            "and not for the time waived (consent, 2; deemed). [4]",
            "2001-09-01",
        ),
    ],
)
def test_the_story_tells_as_of_which_day_a_default_revives_when_its_waiver_has_ended(
    revival: str, sentence: str, as_of: str
) -> None:
    ends = waived(f"{{until: 2001-09-01, revival: {revival}}}")
    assert sentence not in told("2001-08-31", NOTES, ends)
    assert sentence in told("2001-09-01", NOTES, ends)
    assert told("2001-09-02", NOTES, ends).count("revives") == 1
    revived = [each for each in happenings("2001-09-01", NOTES, ends) if each.what == "revived"]
    assert [(each.waiver, str(each.as_of)) for each in revived] == [("w", as_of)]


def test_nothing_revives_where_another_waiver_covers_it_or_the_creditor_only_forbore() -> None:
    newer = waived("{until: 2001-12-01}").replace("waiver: w", "waiver: v, supersedes: [w]").replace("06-01", "07-01")
    assert "revive" not in told("2001-07-01", NOTES, waived("{until: 2001-09-01}"), newer)
    forbearance = waived("{until: 2001-09-01}").replace("Waiver", "Forbearance").replace("waiver:", "forbearance:")
    assert "revive" not in told("2001-09-01", NOTES, forbearance)


def test_the_story_of_a_waiver_that_is_still_to_begin() -> None:
    grant = waived("{until: 2001-09-01}")
    conditional = grant.replace("ends:", "conditions: [{condition: fee}], ends:")
    assert told("2001-05-31", NOTES, grant, what="w") == (
        "The waiver w is not in force yet: it begins on 2001-06-01; it is to end on 2001-09-01 (consent, 2; deemed). "
        "[4]\n"
    )
    assert told("2001-05-31", NOTES, conditional.replace("{until: 2001-09-01}", ""), what="w") == (
        "The waiver w is not in force yet: it begins on 2001-06-01, once its conditions are met: fee (consent, 2; "
        "deemed). [4]\n"
    )
    assert "came into force on 2001-06-01" in told("2001-06-01", NOTES, grant, what="w")


def test_an_end_that_moved_tells_which_condition_moved_it_and_an_hour_is_told() -> None:
    ends = """{until: 2001-07-01, at: "17:00 America/Chicago", extends: {condition: letter, met_by: 2001-06-20,
               until: 2001-08-01}}"""
    met = "- {event: ConditionSatisfied, waiver: w, condition: letter, effective: 2001-06-15}"
    before = told("2001-06-14", NOTES, waived(ends), met)
    assert "until 2001-07-01 at 17:00 America/Chicago (consent, 2; deemed). [4]" in before
    moved = "The end of the waiver w was moved to 2001-08-01, since its condition letter was met (consent, 2; deemed)."
    assert moved not in before
    assert moved in told("2001-06-15", NOTES, waived(ends), met)
    assert moved in told("2001-06-16", NOTES, waived(ends), met)


def test_a_withdrawn_act_is_told_with_what_stays_as_it_is() -> None:
    withdrawn = "- {event: ActWithdrawn, act: call, effective: 2001-06-20}"
    trigger = waived("{act: acceleration}").replace("2001-06-01", "2001-05-15")
    sentence = (
        "The act call was withdrawn on 2001-06-20; the waiver w stays ended and notes stays due until that is annulled "
        "(no document named). [6]"
    )
    record = (NOTES, trigger, CALLED, withdrawn)
    assert [sentence in told(day, *record) for day in ("2001-06-19", "2001-06-20", "2001-06-21")] == [False, True, True]
    other = CALLED.replace(", accelerates: true", "").replace("seeks: acceleration", "seeks: remedies")
    assert "withdrawn" not in told("2001-06-20", NOTES, trigger, other, withdrawn)


def test_an_annulment_on_conditions_is_told_and_when_it_holds() -> None:
    annulled = """
- {event: AccelerationAnnulled, facility: notes, act: call, effective: 2001-06-15, annulment: peace,
   conditions: [{condition: fee}]}
- {event: ConditionSatisfied, annulment: peace, condition: fee, effective: 2001-06-20}
"""
    waits = "The annulment of 2001-06-15 waits for its conditions: fee (no document named). [5]\n"
    assert waits in told("2001-06-19", NOTES, CALLED, annulled)
    lifted = (
        "From 2001-06-20 notes was no longer accelerated, by its annulment, once its conditions were met (no document "
        "named). [5 6]\n"
    )
    assert lifted not in told("2001-06-19", NOTES, CALLED, annulled)
    assert lifted in told("2001-06-20", NOTES, CALLED, annulled)


def test_a_breach_of_a_covenant_that_was_deleted_since_is_told_to_be_no_default() -> None:
    record = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: tests, kind: covenant}]}
- {event: CovenantTested, facility: line, effective: 2001-06-30, covenant: leverage, test_date: 2001-06-30, met: false}
- {event: AmendmentSigned, facility: line, amendment: m, effective: 2001-08-01, dated: 2001-08-01,
   changes: [{change: delete_covenant, from: 2001-06-01, covenant: leverage}], source: {document: m, clause: "1"}}
"""
    assert (
        told("2001-06-30", record, facility="line")
        == """\
line was opened on 2001-01-01 (no document named). [1]
The covenant leverage was not met on its test date 2001-06-30, which is no Default: it is deleted from 2001-06-01 on \
(m, 1; deemed). [2 3]
On 2001-06-30 line has no Default, since 2001-01-01 (m, 1; deemed). [1 2 3]
"""
    )
    assert "deleted" not in told("2001-06-29", record, facility="line")


def test_the_last_sentence_counts_what_is_covered_besides_what_is_not() -> None:
    principal = "- {event: PaymentMissed, facility: notes, effective: 2001-07-01, of: principal, due: 2001-07-01}"
    record = (NOTES, waived("{until: 2001-12-01}"), principal)
    for day, stands in (
        ("2001-06-30", "has a Default, which is waived, since 2001-06-01"),
        ("2001-07-01", "has a Default still in grace, besides a Default that is waived, since 2001-07-01"),
        (
            "2001-07-11",
            "has an Event of Default that nothing covers, besides a Default that is waived, since 2001-07-11",
        ),
    ):
        assert f"On {day} notes {stands} (" in told(day, *record)


NOTIFIED = """
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: named, kind: declared, notice: {days: 10}}], source: {document: agreement, clause: "9"}}
- {event: DefaultDeclared, facility: line, default: no-accounts, cause: No accounts, effective: 2001-05-01}
- {event: NoticeGiven, facility: line, of: named, effective: 2001-06-01, received: 2001-06-03,
   source: {document: letter}}
"""


def test_the_story_of_an_event_of_default_by_notice_cites_the_notice() -> None:
    declared = """\
line was opened on 2001-01-01 (agreement, 9). [1]
The creditor declared the default no-accounts of line: No accounts (no document named). [2]
The declared clause named of line made the declared default no-accounts a Default on 2001-05-01, to be an Event of \
Default only after a notice: it gives no grace, and it asks for notice of 10 days (agreement, 9). [1]
"""
    received = f"""\
{declared}\
Under the declared clause named of line the Default for the declared default no-accounts is to be an Event of Default \
on 2001-06-13 unless cured by then; notice was received on 2001-06-03 (agreement, 9; letter). [1 3]
"""
    assert told("2001-06-02", NOTIFIED, facility="line").startswith(f"{declared}On 2001-06-02")
    assert told("2001-06-12", NOTIFIED, facility="line").startswith(f"{received}On 2001-06-12")
    assert told("2001-06-13", NOTIFIED, facility="line") == (
        received
        + """\
Under the declared clause named of line the Default for the declared default no-accounts became an Event of Default \
on 2001-06-13, not cured by then; notice was received on 2001-06-03 (agreement, 9; letter). [1 2 3]
On 2001-06-13 line has an Event of Default that nothing covers, since 2001-06-13 (agreement, 9; letter). [1 2 \
3]
"""
    )


def test_the_story_of_a_default_across_debts_tells_of_the_other_debts_grace_and_of_the_threshold() -> None:
    record = """
- {event: FacilityOpened, facility: bonds, effective: 2001-01-01, name: Bonds, borrowers: [mill], principal: "900.00",
   clauses: [{clause: own, kind: payment, grace: {days: 5}}], source: {document: indenture}}
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill],
   clauses: [{clause: unpaid, kind: cross_payment, of: any, threshold: "500.00", grace: other}]}
- {event: LoanAdvanced, facility: bonds, effective: 2001-02-01, loan: more, amount: "100.00"}
- {event: PaymentMissed, facility: bonds, effective: 2001-05-01, of: interest, due: 2001-05-01}
"""
    assert (
        "The cross-payment clause unpaid of line made the unpaid interest due on 2001-05-01 on bonds a Default on "
        "2001-05-01, to be an Event of Default on 2001-05-06 unless cured by then: its grace is that of bonds, 5 days; "
        "bonds is above the threshold of 500.00 (indenture). [1 2 3]\n"
    ) in told("2001-05-01", record, facility="line")


def test_the_story_of_a_status_whose_waiver_an_act_rescinded() -> None:
    assert told(
        "2001-08-01",
        NOTES,
        waived("{until: 2001-09-01}, {act: [enforcement], by: [holder]}"),
        "- {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: holder, seeks: enforcement,"
        " source: {document: complaint}}",
    ) == (
        COVERED
        + """\
The holder's act suit, which seeks enforcement, rescinded the waiver w on 2001-08-01, automatically and for \
good; it no longer covers the unpaid interest due on 2001-05-01 on notes (consent, 2; complaint; deemed). [4 5]
Whether the Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11 or only \
from 2001-08-01 on is not stated (consent, 2; deemed). [4]
On 2001-08-01 notes has an Event of Default that nothing covers, since 2001-08-01 (agreement, 7; letter, 1; \
consent, 2; complaint; deemed). [2 3 4 5]
"""
    )


def test_the_story_of_a_status_whose_waiver_was_withdrawn() -> None:
    assert told(
        "2001-07-01",
        NOTES,
        waived("{until: 2001-09-01}"),
        "- {event: WaiverWithdrawn, waiver: w, effective: 2001-07-01}",
    ) == (
        COVERED
        + """\
The waiver w was withdrawn on 2001-07-01; it no longer covers the unpaid interest due on 2001-05-01 on notes \
(consent, 2; deemed). [4 5]
Whether the Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11 or only \
from 2001-07-01 on is not stated (consent, 2; deemed). [4]
On 2001-07-01 notes has an Event of Default that nothing covers, since 2001-07-01 (agreement, 7; letter, 1; \
consent, 2; deemed). [2 3 4 5]
"""
    )


def test_the_story_of_a_status_whose_waiver_ended_by_notice() -> None:
    assert told(
        "2001-07-01",
        NOTES,
        waived("{notice: {days: 0}}"),
        "- {event: NoticeGiven, facility: notes, of: [w], effective: 2001-07-01}",
    ) == (
        ENDLESS
        + """\
The waiver w ended on 2001-07-01, by notice; it no longer covers the unpaid interest due on 2001-05-01 on notes \
(consent, 2; deemed). [4 5]
Whether the Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11 or only \
from 2001-07-01 on is not stated (consent, 2; deemed). [4]
On 2001-07-01 notes has an Event of Default that nothing covers, since 2001-07-01 (agreement, 7; letter, 1; \
consent, 2; deemed). [2 3 4 5]
"""
    )


def test_the_story_of_a_status_whose_waiver_had_a_condition_that_failed() -> None:
    assert told("2001-07-01", NOTES, waived("{failed_condition: plan, by: 2001-06-30}")) == (
        ENDLESS
        + """\
The waiver w ended on 2001-07-01: its condition plan was not met in time; it no longer covers the unpaid \
interest due on 2001-05-01 on notes (consent, 2; deemed). [4]
Whether the Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11 or only \
from 2001-07-01 on is not stated (consent, 2; deemed). [4]
On 2001-07-01 notes has an Event of Default that nothing covers, since 2001-07-01 (agreement, 7; letter, 1; \
consent, 2; deemed). [2 3 4]
"""
    )


def test_the_story_of_a_status_whose_waiver_ended_by_another_event_of_default() -> None:
    assert told(
        "2001-07-11",
        NOTES,
        waived("{uncovered_event_of_default: true}"),
        "- {event: PaymentMissed, facility: notes, effective: 2001-07-01, of: principal, due: 2001-07-01}",
    ) == (
        ENDLESS
        + """\
The principal due on 2001-07-01 on notes was not paid (no document named). [5]
The payment clause own of notes made the unpaid principal due on 2001-07-01 on notes a Default on 2001-07-01, to \
be an Event of Default on 2001-07-11 unless cured by then: its grace is 10 days (agreement, 7). [2]
Under the payment clause own of notes the Default for the unpaid principal due on 2001-07-01 on notes became an \
Event of Default on 2001-07-11, not cured by then (agreement, 7). [2 5]
The waiver w ended on 2001-07-11, since nothing covers the Event of Default \
notes/own/notes/principal/2001-07-01; it no longer covers the unpaid interest due on 2001-05-01 on notes \
(agreement, 7; consent, 2; deemed). [2 4 5]
Whether the Event of Default for the unpaid interest due on 2001-05-01 on notes revives as of 2001-05-11 or only \
from 2001-07-11 on is not stated (consent, 2; deemed). [4]
On 2001-07-11 notes has 2 Events of Default that nothing covers, since 2001-07-11 (agreement, 7; letter, 1; \
consent, 2; deemed). [2 3 4 5]
"""
    )


def test_the_story_of_a_status_whose_waiver_was_superseded() -> None:
    assert told(
        "2001-07-01",
        NOTES,
        waived("{until: 2001-09-01}"),
        waived("{until: 2001-12-01}").replace("waiver: w", "waiver: v, supersedes: [w]").replace("06-01", "07-01"),
    ) == (
        COVERED
        + """\
The waiver w was superseded on 2001-07-01 by v; it no longer covers the unpaid interest due on 2001-05-01 on \
notes (consent, 2; deemed). [4 5]
The waiver v came into force on 2001-07-01 and covered the unpaid interest due on 2001-05-01 on notes, until \
2001-12-01 (consent, 2; deemed). [5]
On 2001-07-01 notes has a Default, which is waived, since 2001-06-01 (agreement, 7; letter, 1; consent, 2; \
deemed). [2 3 5]
"""
    )


def test_the_story_of_a_status_whose_waiver_was_extended() -> None:
    assert told(
        "2001-07-01",
        NOTES,
        waived("{until: 2001-09-01}"),
        "- {event: WaiverExtended, waiver: w, effective: 2001-07-01, until: 2001-10-01}",
    ) == (
        COVERED
        + """\
The end of the waiver w was moved to 2001-10-01 (consent, 2; deemed). [4 5]
On 2001-07-01 notes has a Default, which is waived, since 2001-06-01 (agreement, 7; letter, 1; consent, 2; \
deemed). [2 3 4 5]
"""
    )


def test_the_story_of_a_status_waived_for_good() -> None:
    assert told("2001-06-01", NOTES, waived("")) == (
        MATURED
        + """\
The waiver w came into force on 2001-06-01 and covered the unpaid interest due on 2001-05-01 on notes, for good \
(consent, 2; deemed). [4]
On 2001-06-01 notes has no Default that counts, since 2001-06-01: what is not cured is waived for good \
(agreement, 7; letter, 1; consent, 2; deemed). [2 3 4]
"""
    )


def test_the_story_of_a_status_whose_waiver_waits_and_then_begins() -> None:
    assert told(
        "2001-06-20",
        NOTES,
        waived("{until: 2001-09-01}").replace("ends:", "conditions: [{condition: fee}], ends:"),
        "- {event: ConditionSatisfied, waiver: w, condition: fee, effective: 2001-06-20}",
    ) == (
        MATURED
        + """\
The waiver w was granted, and waits for its conditions: fee (consent, 2; deemed). [4]
The waiver w came into force on 2001-06-20 and covered the unpaid interest due on 2001-05-01 on notes, until \
2001-09-01 (consent, 2; deemed). [4 5]
On 2001-06-20 notes has a Default, which is waived, since 2001-06-20 (agreement, 7; letter, 1; consent, 2; \
deemed). [2 3 4 5]
"""
    )


def test_the_story_of_a_status_forborne() -> None:
    assert told(
        "2001-06-01",
        NOTES,
        waived("{until: 2001-09-01}").replace("WaiverGranted", "ForbearanceGranted").replace("waiver:", "forbearance:"),
    ) == (
        MATURED
        + """\
The forbearance w came into force on 2001-06-01 and covered the unpaid interest due on 2001-05-01 on notes, \
until 2001-09-01; it continues, and the remedies rest (consent, 2; deemed). [4]
On 2001-06-01 notes has an Event of Default in respect of which the creditor forbears, since 2001-06-01 \
(agreement, 7; letter, 1; consent, 2; deemed). [2 3 4]
"""
    )


def test_the_story_of_a_status_accelerated_by_a_clause() -> None:
    assert told("2001-05-11", NOTES, ACCELERATES="true") == (
        MATURED
        + """\
The clause own, by its own terms, made notes due on 2001-05-11 (agreement, 7; letter, 1). [2 3]
On 2001-05-11 notes is due by its clause own, since 2001-05-11 (agreement, 7; letter, 1). [2 3]
"""
    )


def test_the_story_of_a_status_accelerated_by_an_act() -> None:
    assert told("2001-06-01", NOTES, CALLED) == (
        MATURED
        + """\
The trustee First Bank's act call, which seeks acceleration, made notes due on 2001-06-01 (notice, 3). [4]
On 2001-06-01 notes has been declared due, since 2001-06-01 (notice, 3). [4]
"""
    )


def test_the_story_of_a_status_whose_acceleration_was_annulled() -> None:
    assert told(
        "2001-06-15",
        NOTES,
        CALLED,
        "- {event: AccelerationAnnulled, facility: notes, act: call, effective: 2001-06-15}",
    ) == (
        MATURED
        + """\
The trustee First Bank's act call, which seeks acceleration, made notes due on 2001-06-01 (notice, 3). [4]
From 2001-06-15 notes was no longer accelerated, by its annulment (no document named). [5]
On 2001-06-15 notes has an Event of Default that nothing covers, since 2001-06-15 (agreement, 7; letter, 1). [2 \
3]
"""
    )


def test_the_story_of_a_status_closed() -> None:
    assert told(
        "2001-08-01",
        NOTES,
        PAID,
        "- {event: FacilityTerminated, facility: notes, effective: 2001-08-01, ground: paid}",
    ) == (
        MATURED
        + """\
The Event of Default for the unpaid interest due on 2001-05-01 on notes under the clause own was cured on \
2001-05-20, by payment (no document named). [4]
notes was closed on 2001-08-01: paid (no document named). [5]
On 2001-08-01 notes is closed, since 2001-08-01 (no document named). [5]
"""
    )


def test_the_story_of_a_status_whose_failure_is_recited_and_does_not_count() -> None:
    assert (
        told("2001-05-11", NOTES, STANDING="recited")
        == """\
notes was opened on 2001-01-01 (agreement, 7). [2]
A missed payment of 2001-05-01 is only recited, and does not count (letter, 1; recited). [3]
On 2001-05-11 notes has no Default, since 2001-01-01 (agreement, 7). [2]
"""
    )


def test_the_story_of_a_status_whose_failure_is_inferred() -> None:
    assert (
        told("2001-05-01", NOTES, STANDING="inferred")
        == """\
notes was opened on 2001-01-01 (agreement, 7). [2]
The interest due on 2001-05-01 on notes was not paid (letter, 1; inferred). [3]
The payment clause own of notes made the unpaid interest due on 2001-05-01 on notes a Default on 2001-05-01, to \
be an Event of Default on 2001-05-11 unless cured by then: its grace is 10 days (agreement, 7). [2]
On 2001-05-01 notes has a Default still in grace, since 2001-05-01 (agreement, 7; letter, 1; inferred). [2 3]
"""
    )


def test_the_story_of_a_status_in_a_ring_of_cross_defaults() -> None:
    assert told("2001-07-01", RING, facility="b") == (
        BROKEN
        + """\
On 2001-07-01 b has an Event of Default that nothing covers, since 2001-06-30 (no document named). [1 2 3]
"""
    )


def test_the_story_of_a_status_in_a_ring_that_is_healed() -> None:
    assert told(
        "2001-09-30",
        RING,
        "- {event: CovenantTested, facility: a, effective: 2001-09-30, covenant: leverage, test_date: 2001-09-30,"
        " met: true}",
        facility="b",
    ) == (
        BROKEN
        + """\
The Event of Default for the breach of the covenant leverage tested on 2001-06-30 under the clause cross was \
cured on 2001-09-30, by a test that was met (no document named). [4]
On 2001-09-30 b has no Default, since 2001-09-30: every one was cured (no document named). [1 2 3 4]
"""
    )


def test_the_story_of_a_status_in_a_ring_that_is_waived_elsewhere() -> None:
    assert told(
        "2001-08-01",
        RING,
        "- {event: WaiverGranted, facility: a, waiver: w, effective: 2001-08-01, reaches: [event_of_default],"
        " covers: [{covenant: leverage}], ends: [{until: 2002-01-01}]}",
        facility="b",
    ) == (
        BROKEN
        + """\
The Event of Default for the breach of the covenant leverage tested on 2001-06-30 under the clause cross was \
cured on 2001-08-01, since w covers it on a (no document named). [4]
On 2001-08-01 b has no Default, since 2001-08-01: every one was cured (no document named). [1 2 3 4]
"""
    )


def test_the_story_of_one_default() -> None:
    story = MATURED.removeprefix("notes was opened on 2001-01-01 (agreement, 7). [2]\n")
    assert told("2001-05-11", NOTES, what="notes/own/notes/interest/2001-05-01") == story


def test_a_story_as_data() -> None:
    explanation = explain(
        view(
            given(
                NOTES.replace("HEALS", "automatically").replace("ACCELERATES", "false").replace("STANDING", "inferred"),
                waived("{until: 2001-09-01}"),
            ).log,
            "2001-09-01",
        ),
        "notes",
        "legal",
    )
    assert explanation is not None
    happened = [step.happening for step in explanation.steps if step.happening is not None]
    assert [(each.on.isoformat(), each.what) for each in happened] == [
        ("2001-01-01", "opened"),
        ("2001-05-01", "failed"),
        ("2001-05-01", "default"),
        ("2001-05-11", "event_of_default"),
        ("2001-06-01", "covered"),
        ("2001-09-01", "expired"),
        ("2001-09-01", "revived"),
        ("2001-09-01", "standing"),
    ]
    assert happened[4].model_dump(mode="json") == {
        "on": "2001-06-01",
        "what": "covered",
        "defaults": ["notes/own/notes/interest/2001-05-01"],
        "clause": None,
        "waiver": "w",
        "until": "2001-09-01",
        "as_of": None,
        "by": None,
        "inferred": False,
        "deemed": True,
    }
    assert [each.inferred for each in happened] == [False, True, False, True, False, False, False, True]
