"""Records, shrunk, on which the derivation once disagreed with the oracle; each is now answered alike, and rightly."""

import datetime as dt
from collections.abc import Callable

from ledger.records import Prefix
from projections.view import View
from tests.oracle.states import FacilityAnswered
from tests.oracle.test_agreement import agree, derived_on
from tests.spec import Log, given


def answered(log: Log, facility: str, on: str) -> FacilityAnswered:
    """What is answered of a facility on a day, once the oracle agrees on every day."""
    agree(log)
    return derived_on(View.of(Prefix(log, root=b""), dt.date.fromisoformat(on)), facility)


def defaults(facility: str, on: str) -> Callable[[Log], dict[str, str]]:
    """The Defaults of a facility on a day, by identity: the state, and the day on which each arose."""

    def ask(log: Log) -> dict[str, str]:
        found = answered(log, facility, on).defaults
        return {identity: f"{default.state}, arose {default.arose}" for identity, default in found.items()}

    return ask


def waivers(facility: str, on: str) -> Callable[[Log], dict[str, str]]:
    """The waivers of a facility on a day, by name: the state, the first day in force, the first day no more."""

    def ask(log: Log) -> dict[str, str]:
        found = answered(log, facility, on).waivers
        return {name: f"{each.state}, from {each.from_}, to {each.ended_on}" for name, each in found.items()}

    return ask


def legal(facility: str, on: str) -> Callable[[Log], str]:
    """The legal status of a facility on a day."""
    return lambda log: answered(log, facility, on).legal


def amendments(facility: str, on: str) -> Callable[[Log], dict[str, str]]:
    """The amendments of a facility in effect on a day, by name, and since when."""
    return lambda log: {name: str(since) for name, since in answered(log, facility, on).amendments.items()}


def test_a_payment_cures_although_it_fell_due_on_the_day_of_the_opening() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment, heals: automatically}]}
        - {event: PaymentMissed, effective: 2001-01-29, facility: a, of: interest, due: 2001-01-29, amount: "100.00"}
        - {event: PaymentMade, effective: 2001-02-03, facility: a, of: interest, due: 2001-01-29, amount: "100.00"}
        """)
    missed = "a/own/a/interest/2001-01-29"
    record.when(defaults("a", on="2001-02-02")).then({missed: "continuing, arose 2001-01-29"})
    record.when(defaults("a", on="2001-02-03")).then({missed: "cured, arose 2001-01-29"})


def test_two_payments_missed_on_one_day_make_a_debt_due_together_and_both_causes_are_passed_on() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: called, kind: cross_acceleration, of: [b]}]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: b, name: B, borrowers: [x], clauses: [
            {clause: own, kind: payment, accelerates: true}]}
        - {event: PaymentMissed, effective: 2001-02-05, facility: b, of: [interest, principal], due: 2001-02-05}
        """)
    record.when(defaults("a", on="2001-02-05")).then(
        {
            "a/called/b/interest/2001-02-05": "continuing, arose 2001-02-05",
            "a/called/b/principal/2001-02-05": "continuing, arose 2001-02-05",
        }
    )


def test_a_covenant_failed_again_after_it_was_met_on_the_same_day() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: cov, kind: covenant, heals: automatically}]}
        - {event: CovenantTested, effective: 2001-02-05, facility: a, covenant: wc, test_date: 2001-01-31, met: false}
        - {event: CovenantTested, effective: 2001-02-05, facility: a, covenant: wc, test_date: 2001-01-31, met: true}
        - {event: CovenantTested, effective: 2001-02-05, facility: a, covenant: wc, test_date: 2001-01-31, met: false}
        """)
    record.when(defaults("a", on="2001-02-05")).then({"a/cov/wc/2001-01-31": "continuing, arose 2001-02-05"})


def test_an_event_of_the_borrower_and_a_later_one_of_the_facility_are_two_defaults() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: ev, kind: event}]}
        - {event: EventOccurred, effective: 2001-02-01, party: x, kind: insolvency}
        - {event: EventOccurred, effective: 2001-02-02, facility: a, kind: insolvency}
        """)
    first, further = "a/ev/insolvency", "a/ev/insolvency/2001-02-02"
    record.when(defaults("a", on="2001-02-01")).then({first: "continuing, arose 2001-02-01"})
    record.when(defaults("a", on="2001-02-02")).then(
        {first: "continuing, arose 2001-02-01", further: "continuing, arose 2001-02-02"}
    )


def test_a_pending_waiver_ends_with_the_waiver_that_it_hangs_on() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{until: 2001-03-12}]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{with_waiver: w1}], conditions: [{condition: fee}]}
        - {event: ConditionSatisfied, effective: 2001-03-15, waiver: w2, condition: fee}
        """)
    expired = "expired, from 2001-02-26, to 2001-03-12"
    record.when(waivers("a", on="2001-03-15")).then({"w1": expired, "w2": "ended, from None, to 2001-03-12"})


def test_a_grant_supersedes_none_that_is_granted_later() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-12, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w2]}
        - {event: WaiverGranted, effective: 2001-02-27, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        """)
    record.when(waivers("a", on="2001-02-27")).then(
        {"w1": "in_force, from 2001-02-12, to None", "w2": "in_force, from 2001-02-27, to None"}
    )


def test_notice_on_another_facility_ends_no_waiver_even_in_one_group() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: b, name: B, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest, of: [a, b]}], ends: [{notice: {}}]}
        - {event: NoticeGiven, effective: 2001-03-05, facility: b, of: w1}
        """)
    record.when(waivers("a", on="2001-03-05")).then({"w1": "in_force, from 2001-02-26, to None"})


def test_an_extension_of_an_ended_waiver_holds_until_its_own_date_whatever_dates_the_waiver_had() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: acceleration}]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{business_days: 1}]}
        - {event: WaiverWithdrawn, effective: 2001-02-27, waiver: w1}
        - {event: WaiverExtended, effective: 2001-03-01, waiver: w1, until: 2001-03-05}
        - {event: WaiverExtended, effective: 2001-03-01, waiver: w2, until: 2001-03-05}
        """)
    record.when(waivers("a", on="2001-03-04")).then(
        {"w1": "in_force, from 2001-03-01, to None", "w2": "in_force, from 2001-03-01, to None"}
    )
    record.when(waivers("a", on="2001-03-05")).then(
        {"w1": "expired, from 2001-03-01, to 2001-03-05", "w2": "expired, from 2001-03-01, to 2001-03-05"}
    )


def test_an_amendment_takes_effect_with_one_of_a_facility_that_nothing_else_names() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: b, name: B, borrowers: [y]}
        - {event: AmendmentSigned, effective: 2001-02-02, facility: b, amendment: first, dated: 2001-02-02,
           changes: []}
        - {event: AmendmentSigned, effective: 2001-02-25, facility: a, amendment: second, dated: 2001-02-25,
           changes: [], conditions: [{condition: twin, amendment: first}]}
        """)
    record.when(amendments("a", on="2001-02-25")).then({"second": "2001-02-25"})


def test_a_condition_is_satisfied_by_an_amendment_whatever_is_said_of_it_later() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: AmendmentSigned, effective: 2001-02-02, facility: a, amendment: first, dated: 2001-02-02,
           changes: []}
        - {event: AmendmentSigned, effective: 2001-02-25, facility: a, amendment: second, dated: 2001-02-25,
           changes: [], conditions: [{condition: twin, amendment: first}]}
        - {event: ConditionWaived, effective: 2001-02-28, amendment: second, condition: twin}
        """)
    record.when(amendments("a", on="2001-02-25")).then({"first": "2001-02-02", "second": "2001-02-25"})


def test_a_question_is_asked_until_it_is_waived() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: AmendmentSigned, effective: 2001-02-05, facility: a, amendment: first, dated: 2001-02-05, changes: [],
           conditions: [{condition: no-default, question: no_default_after_giving_effect}]}
        - {event: ConditionWaived, effective: 2001-02-11, amendment: first, condition: no-default}
        """)
    record.when(amendments("a", on="2001-02-05")).then({"first": "2001-02-05"})


def test_a_cross_default_does_not_last_through_a_debt_below_its_threshold() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: other, kind: cross_payment, of: [b], heals: automatically}]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: b, name: B, borrowers: [x], principal: "1000000.00",
           clauses: [{clause: own, kind: payment}]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: c, name: C, borrowers: [x], clauses: [
            {clause: cross, kind: cross_default, threshold: "200000.00", heals: automatically}]}
        - {event: PaymentMissed, effective: 2001-02-12, facility: b, of: interest, due: 2001-02-12}
        - {event: WaiverGranted, effective: 2001-02-27, facility: b, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        """)
    missed = "c/cross/b/interest/2001-02-12"
    record.when(defaults("c", on="2001-02-26")).then({missed: "continuing, arose 2001-02-12"})
    record.when(defaults("c", on="2001-02-27")).then({missed: "cured, arose 2001-02-12"})


def test_a_debt_that_was_not_renewed_and_then_paid_off_has_no_default_left() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: ev, kind: event}]}
        - {event: EventOccurred, effective: 2001-02-04, facility: a, kind: judgment}
        - {event: FacilityTerminated, effective: 2001-02-17, facility: a, ground: not_renewed}
        - {event: FacilityTerminated, effective: 2001-03-09, facility: a, ground: paid}
        """)
    record.when(defaults("a", on="2001-03-08")).then({"a/ev/judgment": "continuing, arose 2001-02-04"})
    record.when(defaults("a", on="2001-03-09")).then({"a/ev/judgment": "cured, arose 2001-02-04"})


def test_a_waiver_still_to_come_is_not_listed_before_its_facility_is_open_whatever_it_is_grouped_with() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-30, facility: a, name: A, borrowers: [x], clauses: [
            {clause: other, kind: cross_payment, of: [b]}]}
        - {event: FacilityOpened, effective: 2001-02-01, facility: b, name: B, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-03-08, facility: b, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        """)
    record.when(waivers("b", on="2001-01-31")).then({})
    record.when(waivers("b", on="2001-02-01")).then({"w1": "not_yet, from None, to None"})


def test_a_waiver_that_ends_on_the_day_on_which_it_began_was_in_force_from_that_day() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: acceleration}]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{notice: {}}]}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w3, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        - {event: WaiverGranted, effective: 2001-02-26, facility: a, waiver: w4, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{until: 2001-02-26}]}
        - {event: ActTaken, effective: 2001-02-26, facility: a, act: called, by: holder, seeks: acceleration}
        - {event: NoticeGiven, effective: 2001-02-26, facility: a, of: w2}
        - {event: WaiverWithdrawn, effective: 2001-02-26, waiver: w3}
        """)
    record.when(waivers("a", on="2001-02-26")).then(
        {
            "w1": "rescinded, from 2001-02-26, to 2001-02-26",
            "w2": "ended, from 2001-02-26, to 2001-02-26",
            "w3": "ended, from 2001-02-26, to 2001-02-26",
            "w4": "expired, from None, to 2001-02-26",
        }
    )


def test_what_fell_due_before_the_opening_is_paid_on_the_day_of_the_opening() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment, heals: automatically}]}
        - {event: PaymentMissed, effective: 2001-01-31, facility: a, of: interest, due: 2001-01-29, amount: "100.00"}
        - {event: PaymentMade, effective: 2001-01-31, facility: a, of: interest, due: 2001-01-29, amount: "100.00"}
        """)
    record.when(defaults("a", on="2001-01-31")).then({})


def test_what_fell_due_before_the_opening_is_paid_after_it() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment, heals: automatically}]}
        - {event: PaymentMissed, effective: 2001-01-31, facility: a, of: interest, due: 2001-01-29, amount: "100.00"}
        - {event: PaymentMade, effective: 2001-02-01, facility: a, of: interest, due: 2001-01-29, amount: "100.00"}
        """)
    missed = "a/own/a/interest/2001-01-29"
    record.when(defaults("a", on="2001-01-31")).then({missed: "continuing, arose 2001-01-31"})
    record.when(defaults("a", on="2001-02-01")).then({missed: "cured, arose 2001-01-31"})


def test_an_act_makes_nothing_due_of_a_debt_that_was_exchanged_before() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x]}
        - {event: FacilityOpened, effective: 2001-01-31, facility: b, name: B, borrowers: [x], clauses: [
            {clause: called, kind: cross_acceleration}]}
        - {event: FacilityTerminated, effective: 2001-02-08, facility: a, ground: exchanged}
        - {event: ActTaken, effective: 2001-02-19, facility: a, act: called, by: holder, seeks: remedies,
           accelerates: true}
        """)
    record.when(defaults("b", on="2001-02-19")).then({})


def test_a_waiver_supersedes_one_of_a_facility_that_nothing_else_ties_to_its_own() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: b, name: B, borrowers: [y]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        - {event: WaiverGranted, effective: 2001-02-12, facility: b, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1]}
        """)
    record.when(waivers("a", on="2001-02-12")).then({"w1": "superseded, from 2001-02-05, to 2001-02-12"})


def test_a_clause_reworded_no_longer_catches_what_came_through_a_debt_that_it_does_not_name() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-30, facility: a, name: A, borrowers: [x], clauses: [
            {clause: cross, kind: cross_default, of: any, heals: automatically}]}
        - {event: FacilityOpened, effective: 2001-01-30, facility: b, name: B, borrowers: [x]}
        - {event: FacilityOpened, effective: 2001-01-30, facility: c, name: C, borrowers: [x], clauses: [
            {clause: ev, kind: event}]}
        - {event: EventOccurred, effective: 2001-02-07, facility: c, kind: judgment}
        - {event: TermsStated, effective: 2001-02-22, facility: a, clauses: [
            {clause: cross, kind: cross_default, of: [b], heals: automatically}]}
        """)
    record.when(defaults("a", on="2001-02-21")).then({"a/cross/judgment": "continuing, arose 2001-02-07"})
    record.when(defaults("a", on="2001-02-22")).then({"a/cross/judgment": "cured, arose 2001-02-07"})


def test_a_permanent_waiver_that_is_extended_to_a_date_counts_as_one_that_ends() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment}]}
        - {event: PaymentMissed, effective: 2001-02-11, facility: a, of: interest, due: 2001-02-11}
        - {event: WaiverGranted, effective: 2001-02-17, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        - {event: WaiverExtended, effective: 2001-02-21, waiver: w1, through: 2001-03-02}
        """)
    record.when(legal("a", on="2001-02-20")).then("no_default")
    record.when(legal("a", on="2001-02-21")).then("waived")
    record.when(legal("a", on="2001-03-03")).then("event_of_default")


def test_a_default_in_grace_matures_on_the_day_on_which_its_clause_no_longer_gives_any() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment, notice: {days: 3}}]}
        - {event: PaymentMissed, effective: 2001-02-02, facility: a, of: fee, due: 2001-02-02}
        - {event: TermsStated, effective: 2001-02-05, facility: a, clauses: [{clause: own, kind: payment}]}
        """)
    missed = "a/own/a/fee/2001-02-02"
    record.when(lambda log: answered(log, "a", "2001-02-04").defaults[missed].became_event_of_default).then(None)
    record.when(lambda log: str(answered(log, "a", "2001-02-05").defaults[missed].became_event_of_default)).then(
        "2001-02-05"
    )


def test_a_debt_that_an_act_made_due_does_not_fall_due_by_a_clause() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-30, facility: a, name: A, borrowers: [x], clauses: [
            {clause: ev, kind: event, accelerates: true}]}
        - {event: FacilityOpened, effective: 2001-01-31, facility: b, name: B, borrowers: [x], clauses: [
            {clause: called, kind: cross_acceleration}]}
        - {event: ActTaken, effective: 2001-02-06, facility: a, act: calling, by: trustee, seeks: acceleration,
           accelerates: true}
        - {event: EventOccurred, effective: 2001-02-20, party: x, kind: judgment}
        """)
    record.when(defaults("b", on="2001-02-20")).then({"b/called/calling": "continuing, arose 2001-02-06"})


def test_a_clause_deleted_and_set_anew_by_one_paper_is_there() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - event: AmendmentSigned
          effective: 2001-01-31
          facility: a
          amendment: first
          dated: 2001-01-31
          changes:
            - {change: delete_clause, from: 2001-01-31, clause: own}
            - {change: clause, from: 2001-01-31, clause: {clause: own, kind: payment}}
        - {event: PaymentMissed, effective: 2001-02-20, facility: a, of: interest, due: 2001-02-20}
        """)
    record.when(defaults("a", on="2001-02-20")).then({"a/own/a/interest/2001-02-20": "continuing, arose 2001-02-20"})


def test_a_default_that_a_notice_tells_of_is_covered_as_disclosed_from_that_notice_on() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment}]}
        - {event: PaymentMissed, effective: 2001-02-05, facility: a, of: interest, due: 2001-02-05}
        - {event: WaiverGranted, effective: 2001-02-06, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {disclosed_by: 2001-02-28}], ends: [{until: 2001-06-01}]}
        - {event: NoticeGiven, effective: 2001-02-09, received: 2001-02-12, facility: a, of: own}
        """)
    record.when(legal("a", on="2001-02-11")).then("event_of_default")
    record.when(legal("a", on="2001-02-12")).then("waived")


def test_an_act_against_a_stranger_ends_no_waiver_whatever_it_is_grouped_with() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x], clauses: [
            {clause: other, kind: cross_payment, of: [b]}]}
        - {event: FacilityOpened, effective: 2001-01-29, facility: b, name: B, borrowers: [y]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: enforcement, of: any}]}
        - {event: ActTaken, effective: 2001-02-07, facility: b, act: suit, by: holder, seeks: enforcement}
        """)
    record.when(waivers("a", on="2001-02-07")).then({"w1": "in_force, from 2001-02-05, to None"})


def test_an_extension_at_the_start_of_a_day_does_not_extend_what_is_granted_at_noon() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x]}
        - {event: ForbearanceGranted, effective: 2001-02-19, at: "12:00 UTC", facility: a, forbearance: w1,
           reaches: event_of_default, covers: [{payments: interest}], ends: []}
        - {event: WaiverExtended, effective: 2001-02-19, waiver: w1, until: 2001-02-21}
        """)
    record.when(waivers("a", on="2001-02-21")).then({"w1": "in_force, from 2001-02-19, to None"})


def test_an_annulment_of_one_of_two_clauses_leaves_the_debt_due_by_the_other() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: first, kind: payment, accelerates: true}, {clause: second, kind: payment, accelerates: true}]}
        - {event: PaymentMissed, effective: 2001-02-05, facility: a, of: interest, due: 2001-02-05}
        - {event: AccelerationAnnulled, effective: 2001-02-07, facility: a, clause: first}
        - {event: AccelerationAnnulled, effective: 2001-02-09, facility: a, clause: second}
        """)
    record.when(legal("a", on="2001-02-08")).then("accelerated")
    record.when(legal("a", on="2001-02-09")).then("event_of_default")


def test_a_waiver_superseded_before_its_condition_is_met_never_began() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-10, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], conditions: [{condition: fee}]}
        - {event: WaiverGranted, effective: 2001-02-11, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1]}
        - {event: ConditionSatisfied, effective: 2001-02-11, waiver: w1, condition: fee}
        """)
    record.when(waivers("a", on="2001-02-11")).then(
        {"w1": "superseded, from None, to 2001-02-11", "w2": "in_force, from 2001-02-11, to None"}
    )


def test_a_waiver_superseded_in_the_morning_is_not_rescinded_in_the_evening() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-13, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: acceleration}]}
        - {event: WaiverGranted, effective: 2001-02-15, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1]}
        - {event: ActTaken, effective: 2001-02-15, at: "17:00 America/New_York", facility: a, act: calling, by: lender,
           seeks: acceleration}
        """)
    record.when(waivers("a", on="2001-02-15")).then(
        {"w1": "superseded, from 2001-02-13, to 2001-02-15", "w2": "in_force, from 2001-02-15, to None"}
    )


def test_a_waiver_superseded_and_extended_later_on_the_same_day_is_granted_anew() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{until: 2001-02-20}]}
        - {event: WaiverGranted, effective: 2001-02-12, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1]}
        - {event: WaiverExtended, effective: 2001-02-12, waiver: w1, until: 2001-03-01}
        """)
    in_force = {"w2": "in_force, from 2001-02-12, to None"}
    record.when(waivers("a", on="2001-02-12")).then({"w1": "in_force, from 2001-02-12, to None"} | in_force)
    record.when(waivers("a", on="2001-03-01")).then({"w1": "expired, from 2001-02-12, to 2001-03-01"} | in_force)


def test_a_waiver_extended_and_superseded_later_on_the_same_day_is_superseded() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{until: 2001-02-20}]}
        - {event: WaiverExtended, effective: 2001-02-12, waiver: w1, until: 2001-03-01}
        - {event: WaiverGranted, effective: 2001-02-12, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1]}
        """)
    record.when(waivers("a", on="2001-02-12")).then(
        {"w1": "superseded, from 2001-02-05, to 2001-02-12", "w2": "in_force, from 2001-02-12, to None"}
    )


def test_a_waiver_that_is_superseded_before_it_begins_supersedes_none() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: []}
        - {event: WaiverGranted, effective: 2001-02-06, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1], conditions: [{condition: fee}]}
        - {event: WaiverGranted, effective: 2001-02-12, facility: a, waiver: w3, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w2]}
        - {event: ConditionSatisfied, effective: 2001-02-12, waiver: w2, condition: fee}
        """)
    record.when(waivers("a", on="2001-02-12")).then(
        {
            "w1": "in_force, from 2001-02-05, to None",
            "w2": "superseded, from None, to 2001-02-12",
            "w3": "in_force, from 2001-02-12, to None",
        }
    )


def test_an_amendment_that_asks_nothing_is_in_effect_before_anything_is_asked_that_day() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: EventOccurred, effective: 2001-01-30, facility: a, kind: judgment}
        - {event: AmendmentSigned, effective: 2001-02-05, facility: a, amendment: asking, dated: 2001-02-05,
           changes: [], conditions: [{condition: fee},
            {condition: clean, question: no_event_of_default_after_giving_effect}]}
        - {event: AmendmentSigned, effective: 2001-02-05, facility: a, amendment: strict, dated: 2001-02-05, changes: [
            {change: clause, from: 2001-01-30, clause: {clause: ev, kind: event}}], conditions: [{condition: fee}]}
        - {event: ConditionSatisfied, effective: 2001-02-07, amendment: asking, condition: fee}
        - {event: ConditionSatisfied, effective: 2001-02-07, amendment: strict, condition: fee}
        """)
    record.when(amendments("a", on="2001-02-07")).then({"strict": "2001-02-07"})


def test_an_act_on_the_day_on_which_an_amendment_asks_prevents_the_waiver_that_waits_for_it() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: AmendmentSigned, effective: 2001-02-05, facility: a, amendment: am1, dated: 2001-02-05, changes: [],
           conditions: [{condition: clean, question: no_event_of_default_after_giving_effect}]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: acceleration}], conditions: [{condition: am, amendment: am1}]}
        - {event: ActTaken, effective: 2001-02-05, facility: a, act: calling, by: trustee, seeks: acceleration}
        """)
    record.when(amendments("a", on="2001-02-05")).then({"am1": "2001-02-05"})
    record.when(waivers("a", on="2001-02-05")).then({"w1": "rescinded, from None, to 2001-02-05"})


def test_an_act_before_the_last_condition_of_an_amendment_prevents_the_waiver_that_waits_for_it() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: AmendmentSigned, effective: 2001-02-01, facility: a, amendment: am1, dated: 2001-02-01, changes: [],
           conditions: [{condition: fee}]}
        - {event: WaiverGranted, effective: 2001-02-01, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: acceleration}], conditions: [{condition: am, amendment: am1}]}
        - {event: ActTaken, effective: 2001-02-05, facility: a, act: calling, by: trustee, seeks: acceleration}
        - {event: ConditionSatisfied, effective: 2001-02-05, amendment: am1, condition: fee}
        """)
    record.when(waivers("a", on="2001-02-05")).then({"w1": "rescinded, from None, to 2001-02-05"})


def test_a_waiver_that_waits_for_a_question_of_the_day_on_which_it_ends_at_an_hour_never_began() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-29, facility: a, name: A, borrowers: [x]}
        - {event: AmendmentSigned, effective: 2001-02-14, facility: a, amendment: am1, dated: 2001-02-14, changes: [],
           conditions: [{condition: clean, question: no_event_of_default_after_giving_effect}]}
        - {event: ForbearanceGranted, effective: 2001-02-07, facility: a, forbearance: w1, reaches: event_of_default,
           covers: [{payments: interest}], ends: [{until: 2001-02-14, at: "17:00 America/New_York"}],
           conditions: [{condition: am, amendment: am1}]}
        """)
    record.when(waivers("a", on="2001-02-14")).then({"w1": "expired, from None, to 2001-02-14"})


def test_a_waiver_whose_condition_had_failed_before_the_grant_is_still_to_come_until_then() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-15, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{failed_condition: proof, by: 2001-02-12}]}
        """)
    record.when(waivers("a", on="2001-02-14")).then({"w1": "not_yet, from None, to None"})
    record.when(waivers("a", on="2001-02-15")).then({"w1": "ended, from None, to 2001-02-15"})


def test_a_waiver_extended_to_a_day_that_is_past_was_in_force_until_the_extension() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{until: 2001-02-20}]}
        - {event: WaiverExtended, effective: 2001-02-15, waiver: w1, until: 2001-02-12}
        """)
    record.when(waivers("a", on="2001-02-14")).then({"w1": "in_force, from 2001-02-05, to None"})
    record.when(waivers("a", on="2001-02-15")).then({"w1": "expired, from 2001-02-05, to 2001-02-15"})


def test_an_annulment_whose_last_condition_is_met_after_the_act_of_that_day_annuls_it() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x]}
        - {event: ActTaken, effective: 2001-02-12, facility: a, act: calling, by: holder, seeks: acceleration,
           accelerates: true}
        - {event: AccelerationAnnulled, effective: 2001-02-10, facility: a, act: calling, annulment: rescission,
           conditions: [{condition: arrears}]}
        - {event: ConditionSatisfied, effective: 2001-02-12, annulment: rescission, condition: arrears}
        """)
    record.when(legal("a", on="2001-02-12")).then("no_default")


def test_a_waiver_that_asks_begins_at_the_end_of_the_day_and_supersedes_what_was_in_force_until_then() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x]}
        - {event: WaiverGranted, effective: 2001-02-05, facility: a, waiver: w1, reaches: event_of_default, covers: [
            {payments: interest}], ends: [{act: acceleration}]}
        - {event: WaiverGranted, effective: 2001-02-10, facility: a, waiver: w2, reaches: event_of_default, covers: [
            {payments: interest}], ends: [], supersedes: [w1], conditions: [
            {condition: clean, question: no_event_of_default_after_giving_effect}]}
        - {event: ActTaken, effective: 2001-02-10, facility: a, act: calling, by: holder, seeks: acceleration}
        """)
    record.when(waivers("a", on="2001-02-10")).then(
        {"w1": "rescinded, from 2001-02-05, to 2001-02-10", "w2": "in_force, from 2001-02-10, to None"}
    )


def test_a_date_that_an_extension_gives_comes_before_any_other_end_of_that_moment() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-30, facility: a, name: A, borrowers: [x]}
        - {event: ForbearanceGranted, effective: 2001-02-01, facility: a, forbearance: w1, reaches: event_of_default,
           covers: [{payments: interest}], ends: [{failed_condition: proof, by: 2001-02-11}]}
        - {event: WaiverExtended, effective: 2001-02-03, waiver: w1, until: 2001-02-12}
        """)
    record.when(waivers("a", on="2001-02-12")).then({"w1": "expired, from 2001-02-01, to 2001-02-12"})


def test_what_was_paid_in_full_was_never_missed_though_only_a_later_paper_says_how_much_was_due() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: own, kind: payment, heals: automatically}]}
        - {event: PaymentMissed, effective: 2001-02-08, facility: a, of: principal, due: 2001-02-08}
        - {event: PaymentMade, effective: 2001-02-08, facility: a, of: principal, due: 2001-02-08, amount: "100.00"}
        - {event: PaymentMissed, effective: 2001-02-10, facility: a, of: principal, due: 2001-02-08, amount: "100.00"}
        """)
    record.when(defaults("a", on="2001-02-08")).then({})
    record.when(defaults("a", on="2001-02-10")).then({})


def test_what_a_clause_made_due_is_so_no_more_once_the_debt_is_closed_as_paid_whatever_is_stated_later() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-01-31, facility: a, name: A, borrowers: [x], clauses: [
            {clause: called, kind: cross_acceleration, heals: automatically}]}
        - {event: FacilityOpened, effective: 2001-01-31, facility: b, name: B, borrowers: [x], clauses: [
            {clause: cov, kind: covenant, accelerates: true}]}
        - {event: CovenantTested, effective: 2001-02-04, facility: b, covenant: wc, test_date: 2001-02-03, met: false}
        - {event: FacilityTerminated, effective: 2001-02-17, facility: b, ground: paid}
        - {event: BalanceStated, effective: 2001-02-18, facility: b, principal: "1000000.00"}
        """)
    record.when(legal("a", on="2001-02-16")).then("event_of_default")
    record.when(legal("a", on="2001-02-17")).then("no_default")


def test_a_clause_that_an_amendment_puts_before_the_opening_of_its_debt_makes_no_default_of_it_before() -> None:
    record = given("""
        - {event: FacilityOpened, effective: 2001-02-01, facility: a, name: A, borrowers: [x]}
        - {event: FacilityOpened, effective: 2001-01-30, facility: b, name: B, borrowers: [x], clauses: [
            {clause: own, kind: payment}]}
        - {event: AmendmentSigned, effective: 2001-02-18, facility: a, amendment: m, dated: 2001-02-18, changes: [
            {change: clause, from: 2001-01-30, clause: {clause: cross, kind: cross_payment, of: [b]}}]}
        - {event: PaymentMissed, effective: 2001-01-30, facility: b, of: interest, due: 2001-01-30}
        """)
    record.when(defaults("a", on="2001-01-31")).then({})
    record.when(defaults("a", on="2001-02-01")).then({"a/cross/b/interest/2001-01-30": "continuing, arose 2001-02-01"})
