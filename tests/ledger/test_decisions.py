"""What may be recorded next, and what is refused."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from ledger.decisions import Decision, Register
from ledger.facts import (
    BY_EVENT,
    AccelerationAnnulled,
    ActTaken,
    ConditionSatisfied,
    FacilityDescribed,
    FacilityOpened,
    Fact,
    FactReplaced,
    FactVoided,
    FirstHandFact,
    ForbearanceGranted,
    IndexFixed,
    LoanAdvanced,
    LoanConverted,
    WaiverGranted,
    WaiverWithdrawn,
    same_content,
)
from ledger.facts.terms import Condition
from ledger.facts.waivers import PaymentsCovered
from ledger.rejected import Rejected
from tests.spec import Log, fact, facts, given, recorded

CIT = "- {event: FacilityOpened, effective: 1997-03-19, facility: cit, name: CIT, borrowers: LPC}\n"
CONGRESS = "- {event: FacilityOpened, effective: 1990-01-11, facility: congress-lpc, name: Congress, borrowers: LPC}\n"
WAIVER = """
- event: WaiverGranted
  effective: 2001-07-31
  key: cit-ex-10-7-waiver
  facility: cit
  waiver: cit-2001-07
  reaches: [default, event_of_default]
  covers: [{payments: interest}]
  ends:
    - {until: 2001-11-01, extends: {condition: commitment-letter, met_by: 2001-10-15, until: 2002-02-01}}
    - {failed_condition: evidence-of-cure, by: 2001-09-15}
  conditions: [{condition: counterparts}]
"""
AMENDMENT = """
- event: AmendmentSigned
  effective: 2002-10-31
  facility: cit
  amendment: cit-2002-10
  dated: 2002-10-31
  changes: []
  conditions: [{condition: counterparts}]
"""
OFFER = """
- event: OfferLaunched
  effective: 2001-08-06
  offer: exchange
  old: cit
  new: {facility: notes-2004}
  through: 2001-09-05
  conditions: [{condition: registration}]
"""
SUIT = "- {event: ActTaken, effective: 2001-09-15, facility: cit, act: suit, by: trustee, seeks: acceleration}\n"
LOAN = "- {event: LoanAdvanced, effective: 1997-03-19, facility: cit, loan: a, amount: '1000.00'}\n"
FEE = """
- event: FeeAgreed
  effective: 2001-07-31
  facility: cit
  fee: waiver-fee
  kind: waiver
  amount: "10000.00"
  earned: 2001-07-31
"""
DECLARED = "- {event: DefaultDeclared, effective: 2001-07-31, facility: cit, default: misled, cause: misstatement}\n"


def recording(text: str) -> Callable[[Log], Decision]:
    """The question whether a record's only fact may be recorded next."""
    return lambda log: Register.of(log).decide(fact(text))


# --- the facility that a fact is about -------------------------------------------------------------------------------


def test_a_fact_about_a_facility_that_was_never_opened_is_refused() -> None:
    given(CIT).when(
        recording("- {event: PaymentMissed, effective: 2000-02-01, facility: citt, of: interest, due: 2000-02-01}")
    ).then_rejected(
        "PaymentMissed is about the facility citt. No facility of that name has been opened. "
        "Record its FacilityOpened first, or write cit. [facility_unknown]"
    )


def test_a_refusal_suggests_no_name_where_none_looks_alike() -> None:
    given(CIT).when(recording("- {event: ExcessNotified, effective: 2000-02-01, facility: notes-14}")).then_rejected(
        "ExcessNotified is about the facility notes-14. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


@pytest.mark.parametrize(("day", "accepted"), [("1997-03-18", False), ("1997-03-19", True), ("1997-03-20", True)])
def test_a_fact_is_about_a_facility_from_the_day_of_its_opening(day: str, accepted: bool) -> None:
    asked = given(CIT).when(recording(f"- {{event: ExcessNotified, effective: {day}, facility: cit}}"))
    if accepted:
        asked.then("record")
    else:
        asked.then_rejected(
            "ExcessNotified is effective 1997-03-18, before the facility cit was open. "
            "FacilityOpened at position 1, effective 1997-03-19 forbids it. "
            "Correct the date, or replace the opening at position 1 by an earlier one. [before_opening]"
        )


def test_a_debt_described_in_passing_has_to_be_open_but_may_be_described_for_an_earlier_day() -> None:
    described = "- {event: FacilityDescribed, effective: 1990-01-01, facility: cit, matures: 2002-03-31}"
    given(CIT).when(recording(described)).then("record")
    given().when(recording(described)).then_rejected(
        "FacilityDescribed is about the facility cit. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


def test_after_a_termination_facts_are_still_accepted() -> None:
    terminated = "- {event: FacilityTerminated, effective: 2003-01-01, facility: cit, ground: paid}"
    given(CIT, terminated).when(recording("- {event: ExcessNotified, effective: 2004-01-01, facility: cit}")).then(
        "record"
    )


def test_an_offer_is_for_a_facility_that_is_open_and_may_bring_one_that_is_not() -> None:
    given(CIT).when(recording(OFFER)).then("record")
    given(CONGRESS).when(recording(OFFER)).then_rejected(
        "OfferLaunched is about the facility cit. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


CONSUMMATED = "- {event: OfferConsummated, effective: 2001-09-10, key: closing, offer: exchange}\n"
NEW_NOTES_PAID = "- {event: PaymentMade, effective: %s, facility: notes-2004, amount: '1.00'}\n"


def test_a_consummation_opens_the_notes_that_the_offer_issues() -> None:
    given(CIT, OFFER).when(recording(NEW_NOTES_PAID % "2001-09-10")).then_rejected(
        "PaymentMade is about the facility notes-2004. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )
    given(CIT, OFFER, CONSUMMATED).when(recording(NEW_NOTES_PAID % "2001-09-10")).then("record")
    given(CIT, OFFER, CONSUMMATED).when(recording(NEW_NOTES_PAID % "2001-09-09")).then_rejected(
        "PaymentMade is effective 2001-09-09, before the facility notes-2004 was open. OfferConsummated at position 3, "
        "effective 2001-09-10 forbids it. Correct the date, or replace the opening at position 3 by an earlier one. "
        "[before_opening]"
    )


def test_the_notes_are_those_of_the_offer_as_amended() -> None:
    amended = "- {event: OfferAmended, effective: 2001-08-20, offer: exchange, new: {facility: notes-2005}}\n"
    given(CIT, OFFER, amended, CONSUMMATED).when(recording(NEW_NOTES_PAID % "2001-09-10")).then_rejected(
        "PaymentMade is about the facility notes-2004. No facility of that name has been opened. "
        "Record its FacilityOpened first, or write notes-2005. [facility_unknown]"
    )


def test_a_paper_may_open_the_notes_before_their_exchange_or_after_it_and_once() -> None:
    opening = "- {event: FacilityOpened, effective: 2001-09-10, facility: notes-2004, name: New, borrowers: LPC}\n"
    for record in (CIT + OFFER + opening + CONSUMMATED, CIT + OFFER + CONSUMMATED):
        given(record).when(recording(NEW_NOTES_PAID % "2001-09-10")).then("record")
    given(CIT, OFFER, CONSUMMATED).when(recording(opening)).then("record")
    given(CIT, OFFER, CONSUMMATED, opening).when(recording(opening)).then_rejected(
        "FacilityOpened asks for the name notes-2004. FacilityOpened at position 4, effective 2001-09-10 forbids it. "
        "Give it another name, or correct the fact at position 4. [name_taken]"
    )


def test_a_consummation_that_is_voided_takes_its_notes_with_it() -> None:
    voided = "- {event: FactVoided, key: closing, reason: it never closed}\n"
    given(CIT, OFFER, CONSUMMATED, voided).when(recording(NEW_NOTES_PAID % "2001-09-10")).then_rejected(
        "PaymentMade is about the facility notes-2004. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


def test_an_event_befalls_a_facility_that_is_open_or_any_party() -> None:
    given().when(recording("- {event: EventOccurred, effective: 2001-01-01, party: Lexington, kind: insolvency}")).then(
        "record"
    )
    given().when(
        recording("- {event: EventOccurred, effective: 2001-01-01, facility: cit, kind: insolvency}")
    ).then_rejected(
        "EventOccurred is about the facility cit. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


def test_names_inside_clauses_scopes_ends_and_conditions_may_come_later() -> None:
    given(CIT).when(
        recording("""
- event: WaiverGranted
  effective: 2001-07-31
  facility: cit
  waiver: cit-2001-07
  reaches: [event_of_default]
  covers: [{payments: [interest], of: [notes-14]}]
  ends: [{with_waiver: bank-one-2000-04}, {act: acceleration, of: [notes-12-3-4]}]
  conditions: [{condition: amendment, amendment: cit-2002-10}]
  supersedes: cit-2000-01
""")
    ).then("record")


# --- names are given once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "again", "name", "effective"),
    [
        (
            "- {event: DocumentFiled, effective: 2001-08-14, document: ex-10-7, title: Waiver}",
            "",
            "ex-10-7",
            "2001-08-14",
        ),
        (CIT, CIT.replace("name: CIT", "name: Another"), "cit", "1997-03-19"),
        (WAIVER, WAIVER.replace("key: cit-ex-10-7-waiver", ""), "cit-2001-07", "2001-07-31"),
        (AMENDMENT, "", "cit-2002-10", "2002-10-31"),
        (OFFER, "", "exchange", "2001-08-06"),
        (SUIT, SUIT.replace("facility: cit", "facility: congress-lpc"), "suit", "2001-09-15"),
        (FEE, FEE.replace("facility: cit", "facility: congress-lpc"), "waiver-fee", "2001-07-31"),
        (DECLARED, "", "misled", "2001-07-31"),
    ],
)
def test_a_name_is_given_once(first: str, again: str, name: str, effective: str) -> None:
    event = fact(first).event
    earlier = [opened for opened in (CIT, CONGRESS) if opened != first]
    position = len(earlier) + 1
    given(*earlier, first).when(recording(again or first)).then_rejected(
        f"{event} asks for the name {name}. {event} at position {position}, effective {effective} forbids it. "
        f"Give it another name, or correct the fact at position {position}. [name_taken]"
    )


def test_waivers_and_forbearances_share_one_set_of_names() -> None:
    forbearance = """
- event: ForbearanceGranted
  effective: 2001-10-31
  facility: cit
  forbearance: cit-2001-07
  reaches: event_of_default
  covers: [{payments: interest}]
  ends: []
"""
    given(CIT, WAIVER).when(recording(forbearance)).then_rejected(
        "ForbearanceGranted asks for the name cit-2001-07. "
        "WaiverGranted at position 2, effective 2001-07-31 forbids it. "
        "Give it another name, or correct the fact at position 2. [name_taken]"
    )


def test_a_declared_default_has_its_name_within_its_facility() -> None:
    other = DECLARED.replace("facility: cit", "facility: congress-lpc")
    given(CIT, CONGRESS, DECLARED).when(recording(other)).then("record")


def test_one_name_may_be_of_a_facility_and_of_a_waiver() -> None:
    given(CIT).when(recording(WAIVER.replace("waiver: cit-2001-07", "waiver: cit"))).then("record")


def test_a_loan_is_added_to_under_its_name() -> None:
    given(CIT, LOAN).when(recording(LOAN)).then("record")


# --- keys ------------------------------------------------------------------------------------------------------------


def test_the_same_fact_again_under_its_key_is_a_repeat_and_no_second_name() -> None:
    given(CIT, WAIVER).when(recording(WAIVER)).then("repeat")


def test_a_repeat_may_have_become_known_at_another_moment() -> None:
    migrated = WAIVER + "  known_at: 2001-08-14T12:00:00Z\n"
    given(CIT, WAIVER).when(recording(migrated)).then("repeat")


def test_a_key_is_of_one_fact() -> None:
    other = "- {event: ExcessNotified, effective: 2001-08-01, facility: cit, key: cit-ex-10-7-waiver}"
    given(CIT, WAIVER).when(recording(other)).then_rejected(
        "ExcessNotified asks for the key cit-ex-10-7-waiver with other content. "
        "WaiverGranted at position 2, effective 2001-07-31 forbids it. "
        "Give it another key, or replace the fact at position 2. [key_taken]"
    )


def test_an_amount_with_other_digits_is_other_content() -> None:
    paid = "- {event: PaymentMade, effective: 2001-08-01, key: paid, facility: cit, amount: '1.0'}"
    given(CIT, paid).when(recording(paid.replace("1.0", "1.00"))).then_rejected(
        "PaymentMade asks for the key paid with other content. "
        "PaymentMade at position 2, effective 2001-08-01 forbids it. "
        "Give it another key, or replace the fact at position 2. [key_taken]"
    )


def test_without_a_key_a_fact_may_be_recorded_twice() -> None:
    missed = "- {event: PaymentMissed, effective: 2000-02-01, facility: cit, of: interest, due: 2000-02-01}"
    given(CIT, missed).when(recording(missed)).then("record")


# --- names that nothing has ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "about", "given_by"),
    [
        (
            "- {event: WaiverExtended, effective: 2001-10-31, waiver: cit-2001, until: 2002-01-01}",
            "waiver cit-2001",
            "its WaiverGranted or ForbearanceGranted first, or write cit-2001-07",
        ),
        (
            "- {event: WaiverWithdrawn, effective: 2001-10-31, waiver: bank-one}",
            "waiver bank-one",
            "its WaiverGranted or ForbearanceGranted first",
        ),
        (
            "- {event: TriggerDecided, effective: 2001-09-15, waiver: cit-2001-07, act: suits, ends: true}",
            "act suits",
            "its ActTaken first, or write suit",
        ),
        (
            "- {event: TriggerDecided, effective: 2001-09-15, waiver: bank-one, act: suit, ends: true}",
            "waiver bank-one",
            "its WaiverGranted or ForbearanceGranted first",
        ),
        ("- {event: ActWithdrawn, effective: 2001-09-16, act: notice}", "act notice", "its ActTaken first"),
        (
            "- {event: AccelerationAnnulled, effective: 2001-09-16, facility: congress-lpc, act: suit}",
            "act suit of congress-lpc",
            "its ActTaken first",
        ),
        ("- {event: FeeSettled, effective: 2001-09-16, fee: fees, how: paid}", "fee fees", "its FeeAgreed first"),
        (
            "- {event: LoanConverted, effective: 2001-09-16, facility: congress-lpc, loan: a, option: prime}",
            "loan a of congress-lpc",
            "its LoanAdvanced first",
        ),
        (
            "- {event: PaymentMade, effective: 2001-09-16, facility: cit, loan: aa, amount: '1.00'}",
            "loan aa of cit",
            "its LoanAdvanced first, or write a",
        ),
        ("- {event: OfferConsummated, effective: 2001-09-16, offer: other}", "offer other", "its OfferLaunched first"),
        (
            "- {event: ConditionSatisfied, effective: 2002-10-31, amendment: twin, condition: counterparts}",
            "amendment twin",
            "its AmendmentSigned first",
        ),
        (
            "- {event: ConditionWaived, effective: 2002-10-31, amendment: cit-2002-10, condition: counterpart}",
            "condition counterpart of amendment cit-2002-10",
            "it with the waiver, amendment, offer or annulment that it belongs to first, or write counterparts",
        ),
    ],
)
def test_a_fact_is_about_something_that_the_log_knows(asked: str, about: str, given_by: str) -> None:
    given(CIT, CONGRESS, WAIVER, AMENDMENT, OFFER, SUIT, LOAN, FEE).when(recording(asked)).then_rejected(
        f"{fact(asked).event} is about the {about}. Nothing that stands in the log has that name. "
        f"Record {given_by}. [unknown_name]"
    )


@pytest.mark.parametrize("condition", ["counterparts", "commitment-letter", "evidence-of-cure"])
def test_a_waiver_has_the_conditions_of_its_grant_and_of_its_ends(condition: str) -> None:
    given(CIT, WAIVER).when(
        recording(
            f"- {{event: ConditionSatisfied, effective: 2001-08-01, waiver: cit-2001-07, condition: {condition}}}"
        )
    ).then("record")


@pytest.mark.parametrize("condition", ["registration", "listing"])
def test_an_offer_has_the_conditions_of_its_launch_and_of_its_amendments(condition: str) -> None:
    amended = "- {event: OfferAmended, effective: 2001-08-20, offer: exchange, conditions: [{condition: listing}]}"
    given(CIT, OFFER, amended).when(
        recording(f"- {{event: ConditionWaived, effective: 2001-08-21, offer: exchange, condition: {condition}}}")
    ).then("record")


def test_a_reading_may_be_adopted_of_a_paper_that_is_not_filed() -> None:
    given().when(
        recording(
            "- {event: ReadingAdopted, effective: 2001-08-14, document: ex-10-7, clause: '1', reads_as: A, reason: B}"
        )
    ).then("record")


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_correction_is_of_a_position_in_the_log() -> None:
    given(CIT).when(recording("- {event: FactVoided, position: 2, reason: mistyped}")).then_rejected(
        "FactVoided is about the fact at position 2. The log ends at position 1. "
        "Look the position up in the log. [nothing_to_correct]"
    )


def test_a_correction_is_of_a_key_that_a_standing_fact_has() -> None:
    correction = "- {event: FactVoided, key: cit-ex-10-7-waiver, reason: mistyped}"
    refused = (
        "FactVoided is about the fact with the key cit-ex-10-7-waiver. No fact that stands in the log has that key. "
        "Look the key up in the log, or name the fact by its position. [nothing_to_correct]"
    )
    given(CIT, WAIVER).when(recording(correction)).then("record")
    given(CIT).when(recording(correction)).then_rejected(refused)
    given(CIT, WAIVER, correction).when(recording(correction)).then_rejected(refused)


def test_a_fact_is_voided_once() -> None:
    voided = "- {event: FactVoided, position: 1, reason: mistyped}\n"
    given(CIT, voided).when(recording(voided)).then_rejected(
        "FactVoided is about the fact at position 1. FactVoided at position 2 forbids it. "
        "Record the fact again, if it was right after all. [already_voided]"
    )


def test_a_voiding_is_not_voided() -> None:
    given(CIT, "- {event: FactVoided, position: 1, reason: mistyped}").when(
        recording("- {event: FactVoided, position: 2, reason: it was right}")
    ).then_rejected(
        "FactVoided is about the fact at position 2. FactVoided at position 2 forbids it. "
        "Record the fact that was voided again. [voids_a_voiding]"
    )


def test_a_replaced_fact_is_corrected_in_its_replacement() -> None:
    replaced = """
- event: FactReplaced
  position: 1
  reason: the agreement is of March 19
  by: {event: FacilityOpened, effective: 1997-03-19, facility: cit, name: CIT, borrowers: LPC}
"""
    earlier = CIT.replace("1997-03-19", "1997-03-01")
    given(earlier, replaced).when(recording(replaced)).then_rejected(
        "FactReplaced is about the fact at position 1. FactReplaced at position 2 forbids it. "
        "Correct the replacement, position 2, instead. [already_voided]"
    )
    given(earlier, replaced).when(recording(replaced.replace("position: 1", "position: 2"))).then("record")
    void = "- {event: FactVoided, position: 2, reason: never opened}"
    given(earlier, replaced).when(recording(void)).then("record")
    given(earlier, replaced, void).when(
        recording("- {event: ExcessNotified, effective: 1997-03-19, facility: cit}")
    ).then_rejected(
        "ExcessNotified is about the facility cit. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


def test_a_replacement_has_names_and_key_at_the_position_of_its_correction() -> None:
    renamed = """
- event: FactReplaced
  key: cit-ex-10-7-waiver
  reason: the year was mistyped
  by:
    event: WaiverGranted
    effective: 2001-07-30
    key: cit-ex-10-7-waiver
    facility: cit
    waiver: cit-2001-08
    reaches: default
    covers: [{payments: interest}]
    ends: []
"""
    again = WAIVER.replace("key: cit-ex-10-7-waiver", "").replace("cit-2001-07", "cit-2001-08")
    given(CIT, WAIVER, renamed).when(recording(again)).then_rejected(
        "WaiverGranted asks for the name cit-2001-08. WaiverGranted at position 3, effective 2001-07-30 forbids it. "
        "Give it another name, or correct the fact at position 3. [name_taken]"
    )
    given(CIT, WAIVER, renamed).when(recording(WAIVER)).then_rejected(
        "WaiverGranted asks for the key cit-ex-10-7-waiver with other content. "
        "WaiverGranted at position 3, effective 2001-07-30 forbids it. "
        "Give it another key, or replace the fact at position 3. [key_taken]"
    )


def test_a_replacement_may_keep_what_the_fact_had_and_obeys_every_other_rule() -> None:
    def replacing(position: int, name: str) -> str:
        return f"""
- event: FactReplaced
  position: {position}
  reason: mistyped
  by: {{event: ActTaken, effective: 2001-09-15, facility: cit, act: {name}, by: holder, seeks: remedies}}
"""

    second = SUIT.replace("suit", "notice")
    given(CIT, SUIT, second).when(recording(replacing(2, "suit"))).then("record")
    given(CIT, SUIT, second).when(recording(replacing(2, "notice"))).then_rejected(
        "ActTaken asks for the name notice. ActTaken at position 3, effective 2001-09-15 forbids it. "
        "Give it another name, or correct the fact at position 3. [name_taken]"
    )
    given(CIT, SUIT, second).when(recording(replacing(1, "writ"))).then_rejected(
        "ActTaken is about the facility cit. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]"
    )


def test_a_replacement_cannot_rest_on_the_fact_that_it_replaces() -> None:
    given(CIT, LOAN).when(
        recording("""
- event: FactReplaced
  position: 2
  reason: it was converted, not advanced
  by: {event: LoanConverted, effective: 1997-03-19, facility: cit, loan: a, option: prime}
""")
    ).then_rejected(
        "LoanConverted is about the loan a of cit. Nothing that stands in the log has that name. "
        "Record its LoanAdvanced first. [unknown_name]"
    )


def test_a_replacement_that_stands_already_is_refused() -> None:
    keyed = "{event: ExcessNotified, effective: 2001-08-01, facility: cit, key: excess}"
    given(CIT, SUIT, f"- {keyed}").when(
        recording(f"- {{event: FactReplaced, position: 2, reason: no act, by: {keyed}}}")
    ).then_rejected(
        "FactReplaced brings the fact with the key excess, which is recorded already. "
        "ExcessNotified at position 3, effective 2001-08-01 forbids it. "
        "Void the wrong fact instead: what should stand in its place does. [key_taken]"
    )


def test_a_replacement_has_no_moment_of_its_own() -> None:
    given(CIT).when(
        recording("""
- event: FactReplaced
  position: 1
  reason: mistyped
  by: {event: IndexFixed, effective: 2001-08-14, known_at: 2001-08-14T12:00:00Z, index: prime, rate: "0.0675"}
""")
    ).then_rejected(
        "FactReplaced gives IndexFixed a `known_at` of its own. "
        "Leave it out of `by`: what replaces a fact becomes known with the correction. [known_at_in_replacement]"
    )


def test_voiding_frees_key_and_name_and_the_newer_fact_has_them() -> None:
    void = "- {event: FactVoided, position: 2, reason: of another facility}\n"
    given(CIT, WAIVER, void).when(recording(WAIVER)).then("record")
    given(CIT, WAIVER, void, WAIVER).when(recording(WAIVER)).then("repeat")
    given(CIT, WAIVER, void, WAIVER).when(recording(WAIVER.replace("key: cit-ex-10-7-waiver", ""))).then_rejected(
        "WaiverGranted asks for the name cit-2001-07. WaiverGranted at position 4, effective 2001-07-31 forbids it. "
        "Give it another name, or correct the fact at position 4. [name_taken]"
    )


def test_an_opening_is_voided_though_facts_depend_on_it() -> None:
    given(CIT, WAIVER).when(recording("- {event: FactVoided, position: 1, reason: mistyped}")).then("record")


def test_a_loan_is_known_while_one_of_its_advances_stands() -> None:
    void = "- {event: FactVoided, position: %d, reason: mistyped}\n"
    converted = "- {event: LoanConverted, effective: 1997-04-01, facility: cit, loan: a, option: prime}"
    given(CIT, LOAN, LOAN, void % 2).when(recording(converted)).then("record")
    given(CIT, LOAN, LOAN, void % 2, void % 3).when(recording(converted)).then_rejected(
        "LoanConverted is about the loan a of cit. Nothing that stands in the log has that name. "
        "Record its LoanAdvanced first. [unknown_name]"
    )


def test_a_fold_takes_a_log_that_the_rules_of_today_would_refuse() -> None:
    void = "- {event: FactVoided, position: 2, reason: granted twice}\n- {event: FactVoided, key: x, reason: lost}\n"
    given(CIT, WAIVER, WAIVER, void).when(recording(WAIVER)).then("repeat")
    given(CIT, WAIVER, WAIVER, void).when(recording(WAIVER.replace("key: cit-ex-10-7-waiver", ""))).then_rejected(
        "WaiverGranted asks for the name cit-2001-07. WaiverGranted at position 3, effective 2001-07-31 forbids it. "
        "Give it another name, or correct the fact at position 3. [name_taken]"
    )


# --- the whole catalogue ---------------------------------------------------------------------------------------------

ABOUT_NOTHING = """
- {event: DocumentFiled, effective: 2001-08-14, document: ex-10-7, title: Waiver}
- {event: ReadingAdopted, effective: 2001-08-14, document: ex-10-7, clause: '1', reads_as: A, reason: B}
- {event: FacilityOpened, effective: 1997-03-19, facility: cit, name: CIT, borrowers: LPC}
- {event: IndexFixed, effective: 2001-08-14, index: prime, rate: '0.0675'}
"""
ABOUT_A_FACILITY = f"""
- {{event: FacilityDescribed, effective: 1990-01-01, facility: cit}}
- {{event: RepresentationMade, effective: 2001-08-14, facility: cit, representation: no_default}}
- {{event: BalanceStated, effective: 2001-08-14, facility: cit, principal: '1.00'}}
- {{event: TermsStated, effective: 2001-08-14, facility: cit, matures: 2002-03-31}}
- {{event: FacilityTerminated, effective: 2001-08-14, facility: cit, ground: paid}}
- {{event: PaymentMade, effective: 2001-08-14, facility: cit, amount: '1.00'}}
- {{event: PaymentMissed, effective: 2001-08-14, facility: cit, of: interest, due: 2001-08-14}}
- {{event: AvailabilityReported, effective: 2001-08-14, facility: cit, available: '1.00'}}
- {{event: ExcessNotified, effective: 2001-08-14, facility: cit}}
- {{event: HigherRateForgone, effective: 2001-08-14, facility: cit}}
- {{event: DefaultRateElected, effective: 2001-08-14, facility: cit}}
- {{event: DefaultRateEnded, effective: 2001-08-14, facility: cit}}
- {{event: CovenantTested, effective: 2001-08-14, facility: cit, covenant: wc, test_date: 2001-07-31, met: true}}
- {{event: EventOccurred, effective: 2001-08-14, facility: cit, kind: judgment}}
- {{event: CureTendered, effective: 2001-08-14, facility: cit, default: cit/own/cit/interest/2001-02-01}}
- {{event: CureAccepted, effective: 2001-08-14, facility: cit, default: cit/own/cit/interest/2001-02-01}}
- {{event: CureNotified, effective: 2001-08-14, facility: cit, clause: own}}
- {{event: NoticeGiven, effective: 2001-08-14, facility: cit, of: rights reserved}}
- event: ForbearanceGranted
  effective: 2001-08-14
  facility: cit
  forbearance: cit-2001-08
  reaches: event_of_default
  covers: [{{payments: interest}}]
  ends: []
{WAIVER}{AMENDMENT}{OFFER}{SUIT}{LOAN}{FEE}{DECLARED}
"""
ABOUT_SOMETHING_NAMED = """
- {event: LoanConverted, effective: 2001-08-14, facility: cit, loan: a, option: prime}
- {event: AccelerationAnnulled, effective: 2001-09-16, facility: cit, act: suit}
- {event: ActWithdrawn, effective: 2001-09-16, act: suit}
- {event: TriggerDecided, effective: 2001-09-15, waiver: cit-2001-07, act: suit, ends: true}
- {event: FeeSettled, effective: 2001-09-16, fee: waiver-fee, how: paid}
- {event: WaiverExtended, effective: 2001-10-31, waiver: cit-2001-07, until: 2002-01-01}
- {event: WaiverWithdrawn, effective: 2001-10-31, waiver: cit-2001-08}
- {event: ConditionSatisfied, effective: 2001-10-31, amendment: cit-2002-10, condition: counterparts}
- {event: ConditionWaived, effective: 2001-10-31, offer: exchange, condition: registration}
- {event: OfferAmended, effective: 2001-08-20, offer: exchange, minimum_tender: '0.95'}
- {event: OfferExtended, effective: 2001-08-20, offer: exchange, through: 2001-10-05}
- {event: NotesTendered, effective: 2001-08-20, offer: exchange, amount: '1.00'}
- {event: TenderWithdrawn, effective: 2001-08-20, offer: exchange, amount: '1.00'}
- {event: TendersAccepted, effective: 2001-08-20, offer: exchange}
- {event: OfferConsummated, effective: 2001-08-20, offer: exchange}
- {event: OfferTerminated, effective: 2001-08-20, offer: exchange}
"""
CORRECTIONS = """
- {event: FactVoided, position: 1, reason: mistyped}
- event: FactReplaced
  position: 2
  reason: mistyped
  by: {event: IndexFixed, effective: 2001-08-14, index: prime, rate: '0.0675'}
"""


def test_every_fact_of_the_catalogue_can_be_recorded_in_its_place() -> None:
    written = facts(ABOUT_NOTHING + ABOUT_A_FACILITY + ABOUT_SOMETHING_NAMED + CORRECTIONS)
    register = Register()
    for position, each in enumerate(written, start=1):
        assert register.decide(each) == "record"
        register.after(position, each)
    assert {each.event for each in written} == set(BY_EVENT)


@pytest.mark.parametrize(
    ("text", "code"),
    [(ABOUT_A_FACILITY, "facility_unknown"), (ABOUT_SOMETHING_NAMED, None), (CORRECTIONS, "nothing_to_correct")],
)
def test_in_an_empty_ledger_what_is_about_something_is_refused(text: str, code: str | None) -> None:
    for each in facts(text):
        expected = code or ("facility_unknown" if hasattr(each, "facility") else "unknown_name")
        with pytest.raises(Rejected) as refused:
            Register().decide(each)
        assert (each.event, refused.value.code) == (each.event, expected)


def test_in_an_empty_ledger_what_is_about_nothing_is_recorded() -> None:
    assert [Register().decide(each) for each in facts(ABOUT_NOTHING)] == ["record"] * 4


# --- whatever is recorded --------------------------------------------------------------------------------------------

MAY = dt.date(2001, 5, 1)
KEYS = st.sampled_from([None, None, "k", "l"])
DAYS = st.sampled_from([MAY, MAY + dt.timedelta(1)])
AB = st.sampled_from(["a", "b"])
KNOWN = st.sampled_from([None, dt.datetime(2001, 8, 14, tzinfo=dt.UTC)])
ABOUT: dict[str, st.SearchStrategy[object]] = {"effective": DAYS, "key": KEYS, "facility": AB}
GRANT: dict[str, st.SearchStrategy[object]] = ABOUT | {
    "reaches": st.just(("default",)),
    "covers": st.just((PaymentsCovered(payments=("interest",)),)),
    "ends": st.just(()),
    "conditions": st.sampled_from([(), (Condition(condition="a"),)]),
}
FIRST_HAND: st.SearchStrategy[FirstHandFact] = st.one_of(
    st.builds(FacilityOpened, **ABOUT, name=st.just("A"), borrowers=st.just(("LPC",))),
    st.builds(FacilityDescribed, **ABOUT),
    st.builds(WaiverGranted, **GRANT, waiver=AB),
    st.builds(ForbearanceGranted, **GRANT, forbearance=AB),
    st.builds(WaiverWithdrawn, effective=DAYS, key=KEYS, waiver=AB),
    st.builds(ConditionSatisfied, effective=DAYS, waiver=AB, condition=st.just("a")),
    st.builds(LoanAdvanced, **ABOUT, loan=AB, amount=st.just(Decimal(1))),
    st.builds(LoanConverted, **ABOUT, loan=AB, option=st.just("prime")),
    st.builds(ActTaken, **ABOUT, act=AB, by=st.just("holder"), seeks=st.just(("remedies",))),
    st.builds(AccelerationAnnulled, **ABOUT, act=AB),
    st.builds(IndexFixed, effective=DAYS, key=KEYS, index=AB, rate=st.just(Decimal(0)), known_at=KNOWN),
)
"""Few names and few keys, so that they meet."""
TARGETS = st.integers(1, 12).map(lambda position: {"position": position}) | st.sampled_from(
    [{"key": "k"}, {"key": "l"}]
)
ANY: st.SearchStrategy[Fact] = st.one_of(
    FIRST_HAND,
    FIRST_HAND,
    TARGETS.map(lambda target: FactVoided(**target, reason="wrong")),
    st.builds(lambda target, by: FactReplaced(**target, by=by, reason="wrong"), TARGETS, FIRST_HAND),
)


def standing(log: list[Fact]) -> dict[int, FirstHandFact]:
    """The facts that stand, by position: slow, and obviously right."""
    found: dict[int, FirstHandFact] = {}
    for position, each in enumerate(log, start=1):
        if isinstance(each, FactVoided | FactReplaced):
            by_key = [at for at, held in found.items() if each.key is not None and held.key == each.key]
            del found[each.position or by_key[0]]
        if not isinstance(each, FactVoided):
            found[position] = each.by if isinstance(each, FactReplaced) else each
    return found


def oracle(log: list[Fact], asked: Fact) -> str:
    """The decision, or the code of the refusal, by looking through the whole log."""
    if isinstance(asked, FactReplaced) and asked.by.known_at is not None:
        return "known_at_in_replacement"
    found = standing(log)
    if isinstance(asked, FactVoided | FactReplaced):
        targets = [at for at, held in found.items() if held.key == asked.key] if asked.key else [asked.position or 0]
        if not targets or targets[0] > len(log):
            return "nothing_to_correct"
        if isinstance(log[targets[0] - 1], FactVoided):
            return "voids_a_voiding"
        if targets[0] not in found:
            return "already_voided"
        del found[targets[0]]
        if isinstance(asked, FactVoided):
            return "record"
        answer = judged(list(found.values()), asked.by)
        return "key_taken" if answer == "repeat" else answer
    return judged(list(found.values()), asked)


def judged(found: list[FirstHandFact], asked: FirstHandFact) -> str:
    """The decision on a fact about the world among those that stand."""
    if same_key := [each for each in found if asked.key is not None and each.key == asked.key]:
        return "repeat" if same_content(same_key[0], asked) else "key_taken"
    grants = [each for each in found if isinstance(each, WaiverGranted | ForbearanceGranted)]
    acts = [each for each in found if isinstance(each, ActTaken)]
    loans = [each for each in found if isinstance(each, LoanAdvanced)]
    openings = {each.facility: each for each in found if isinstance(each, FacilityOpened)}
    facility = getattr(asked, "facility", None)
    if isinstance(asked, FacilityOpened):
        return "name_taken" if facility in openings else "record"
    if facility is not None:
        if facility not in openings:
            return "facility_unknown"
        if asked.effective < openings[facility].effective and not isinstance(asked, FacilityDescribed):
            return "before_opening"
    match asked:
        case WaiverGranted() | ForbearanceGranted():
            return "name_taken" if any(each.grant == asked.grant for each in grants) else "record"
        case ActTaken():
            return "name_taken" if any(each.act == asked.act for each in acts) else "record"
        case WaiverWithdrawn():
            known = any(each.grant == asked.waiver for each in grants)
        case ConditionSatisfied():
            known = any(each.grant == asked.waiver and each.conditions for each in grants)
        case LoanConverted():
            known = any((each.facility, each.loan) == (facility, asked.loan) for each in loans)
        case AccelerationAnnulled():
            known = any((each.facility, each.act) == (facility, asked.act) for each in acts)
        case _:
            known = True
    return "record" if known else "unknown_name"


@settings(max_examples=200, deadline=None)
@for_all(st.lists(ANY, max_size=25))
def test_decisions_are_those_of_looking_through_the_whole_log(asked: list[Fact]) -> None:
    register = Register()
    log: list[Fact] = []
    for each in asked:
        before = deepcopy(register)
        try:
            decision: str = register.decide(each)
        except Rejected as refused:
            decision = refused.code
        assert register == before
        assert decision == oracle(log, each)
        if decision == "record":
            log.append(each)
            register.after(len(log), each)
            if each.own_key is not None:
                assert register.decide(each) == "repeat"
    assert register == Register.of(recorded(position, each) for position, each in enumerate(log, start=1))


@settings(max_examples=100, deadline=None)
@for_all(st.lists(FIRST_HAND, max_size=15), FIRST_HAND)
def test_a_fact_that_was_voided_may_be_recorded_again(earlier: list[FirstHandFact], asked: FirstHandFact) -> None:
    register = Register()
    accepted: list[FirstHandFact] = []
    for each in (*earlier, asked):
        with suppress(Rejected):
            if register.decide(each) == "record":
                accepted.append(each)
                register.after(len(accepted), each)
    if accepted:
        register.after(len(accepted) + 1, FactVoided(position=len(accepted), reason="wrong"))
        assert register.decide(accepted[-1]) == "record"
