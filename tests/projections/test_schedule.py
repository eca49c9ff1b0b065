"""Schedules: each kind that terms can make, line by line, with what is owed after the line.

The debts bear 12 % on 30E/360, so that a month's interest is one per cent, unless a test says otherwise.
"""

import datetime as dt
from collections.abc import Callable

import pytest

from projections.answer import ScheduleRow
from projections.schedule import schedule
from tests.projections.asking import view
from tests.spec import Log, given

Line = tuple[str, str, str | None, str | None, str | None]
"""Date, kind, amount, principal and accrued interest after it."""


def debt(terms: str, principal: str = 'principal: "1000.00", ') -> str:
    rest = "" if "day_count" in terms else ", day_count: 30E/360"
    rest += "" if "rate:" in terms else ', rate: {fixed: "0.12"}'
    return (
        "- {event: FacilityOpened, facility: debt, effective: 2013-01-01, name: Debt, borrowers: [mill], "
        f"currency: USD, {principal}{terms}{rest}}}\n"
    )


def fact(event: str, day: str, rest: str) -> str:
    return f"- {{event: {event}, facility: debt, effective: {day}, {rest}}}\n"


def rows(until: str) -> Callable[[Log], list[ScheduleRow]]:
    return lambda log: [*schedule(view(log, "2013-01-01"), "debt", dt.date.fromisoformat(until))]


def lines(until: str, *kinds: str) -> Callable[[Log], list[Line]]:
    """The lines of a schedule after its first, of some kinds or of all."""

    def asked(log: Log) -> list[Line]:
        shown = [row.as_json() for row in rows(until)(log)]
        return [
            (row["date"], row["kind"], row["amount"], row["principal"], row["accrued_interest"])
            for row in shown[1:]
            if not kinds or row["kind"] in kinds
        ]

    return asked


# --- kinds of schedule -----------------------------------------------------------------------------------------------


def test_a_bullet_pays_interest_on_its_dates_and_all_principal_at_maturity() -> None:
    terms = "matures: 2013-07-01, schedule: {interest: {every: 3 months, from: 2013-04-01}, principal: {kind: bullet}}"
    given(debt(terms)).when(lines("2014-01-01")).then(
        [
            ("2013-04-01", "interest", "30.00", "1000.00", "0.00"),
            ("2013-07-01", "interest", "30.00", "1000.00", "0.00"),
            ("2013-07-01", "maturity", "1000.00", "0.00", "0.00"),
        ]
    )


def test_equal_principal_is_an_amount_until_nothing_is_left() -> None:
    monthly = "every: 1 month, from: 2013-02-01"
    terms = f'schedule: {{interest: {{{monthly}}}, principal: {{kind: equal, {monthly}, amount: "400.00"}}}}'
    given(debt(terms)).when(lines("2014-01-01")).then(
        [
            ("2013-02-01", "principal", "400.00", "600.00", "10.00"),
            ("2013-02-01", "interest", "10.00", "600.00", "0.00"),
            ("2013-03-01", "principal", "400.00", "200.00", "6.00"),
            ("2013-03-01", "interest", "6.00", "200.00", "0.00"),
            ("2013-04-01", "interest", "2.00", "200.00", "0.00"),
            ("2013-04-01", "maturity", "200.00", "0.00", "0.00"),
        ]
    )


def test_equal_principal_without_an_amount_is_equal_parts_up_to_the_maturity() -> None:
    terms = "matures: 2013-04-01, schedule: {interest: {every: 1 month, from: 2013-02-01}, principal: {kind: equal}}"
    given(debt(terms)).when(lines("2014-01-01", "principal", "maturity")).then(
        [
            ("2013-02-01", "principal", "333.33", "666.67", "10.00"),
            ("2013-03-01", "principal", "333.33", "333.34", "6.67"),
            ("2013-04-01", "maturity", "333.34", "0.00", "0.00"),
        ]
    )


@pytest.mark.parametrize("interest", ["interest: {every: 1 month, from: 2013-02-01}, ", ""])
def test_an_annuity_is_equal_payments_that_have_the_interest_in_them(interest: str) -> None:
    terms = (
        f"matures: 2013-05-01, schedule: {{{interest}principal: {{kind: annuity, every: 1 month, from: 2013-02-01}}}}"
    )
    given(debt(terms)).when(lines("2014-01-01")).then(  # 1000 at 1 % over four months: 256.28 a month
        [
            ("2013-02-01", "principal", "246.28", "753.72", "10.00"),
            ("2013-02-01", "interest", "10.00", "753.72", "0.00"),
            ("2013-03-01", "principal", "248.74", "504.98", "7.54"),
            ("2013-03-01", "interest", "7.54", "504.98", "0.00"),
            ("2013-04-01", "principal", "251.23", "253.75", "5.05"),
            ("2013-04-01", "interest", "5.05", "253.75", "0.00"),
            ("2013-05-01", "interest", "2.54", "253.75", "0.00"),
            ("2013-05-01", "maturity", "253.75", "0.00", "0.00"),
        ]
    )


def test_an_instalment_below_the_interest_adds_the_rest_of_it_to_principal() -> None:
    monthly = "every: 1 month, from: 2013-02-01"
    terms = (
        f"matures: 2013-04-01, schedule: {{interest: {{{monthly}}}, "
        f'principal: {{kind: annuity, {monthly}, amount: "4.00"}}}}'
    )
    given(debt(terms)).when(lines("2014-01-01")).then(
        [
            ("2013-02-01", "principal", "-6.00", "1006.00", "10.00"),
            ("2013-02-01", "interest", "10.00", "1006.00", "0.00"),
            ("2013-03-01", "principal", "-6.06", "1012.06", "10.06"),
            ("2013-03-01", "interest", "10.06", "1012.06", "0.00"),
            ("2013-04-01", "interest", "10.12", "1012.06", "0.00"),
            ("2013-04-01", "maturity", "1012.06", "0.00", "0.00"),
        ]
    )


def test_interest_is_added_to_principal_until_a_day_and_paid_from_then_on() -> None:
    terms = (
        "schedule: {interest: {every: 1 month, from: 2013-02-01, capitalise_until: 2013-03-01}}, matures: 2013-05-01"
    )
    given(debt(terms)).when(lines("2014-01-01")).then(
        [
            ("2013-02-01", "capitalised", "10.00", "1010.00", "0.00"),
            ("2013-03-01", "capitalised", "10.10", "1020.10", "0.00"),
            ("2013-04-01", "interest", "10.20", "1020.10", "0.00"),
            ("2013-05-01", "interest", "10.20", "1020.10", "0.00"),
            ("2013-05-01", "maturity", "1020.10", "0.00", "0.00"),
        ]
    )


def test_a_loan_on_call_goes_on_until_it_is_called_and_matures_after_its_notice() -> None:
    terms = "on_call: {days: 14}, schedule: {interest: {every: 1 month, from: 2013-02-01}}"
    called = fact("NoticeGiven", "2013-02-15", "of: call")
    given(debt(terms)).when(lines("2013-12-31", "maturity")).then([])
    given(debt(terms), called).when(lines("2014-01-01")).then(
        [
            ("2013-02-01", "interest", "10.00", "1000.00", "0.00"),
            ("2013-03-01", "interest", "10.00", "1000.00", "0.00"),
            ("2013-03-01", "maturity", "1000.00", "0.00", "0.00"),
        ]
    )


def test_listed_instalments_are_as_listed_and_the_last_of_them_is_the_maturity() -> None:
    due = '[{on: 2013-02-10, amount: "100.00"}, {on: 2013-03-25, amount: "650.00"}, {on: 2013-06-01, amount: "250.00"}]'
    terms = f"schedule: {{interest: {{every: 3 months, from: 2013-04-01}}, principal: {{kind: listed, due: {due}}}}}"
    given(debt(terms)).when(lines("2014-01-01")).then(
        [
            ("2013-02-10", "principal", "100.00", "900.00", "13.00"),
            ("2013-03-25", "principal", "650.00", "250.00", "26.50"),
            ("2013-04-01", "interest", "27.00", "250.00", "0.00"),
            ("2013-06-01", "interest", "5.00", "250.00", "0.00"),
            ("2013-06-01", "maturity", "250.00", "0.00", "0.00"),
        ]
    )


def test_listed_instalments_fall_due_while_their_schedule_holds_and_before_the_maturity() -> None:
    due = '[{on: 2013-02-01, amount: "100.00"}, {on: 2013-04-01, amount: "200.00"}]'
    listed = f"principal: {{kind: listed, due: {due}}}"
    principal = lines("2014-01-01", "principal", "maturity")
    given(debt(f"matures: 2013-04-01, schedule: {{{listed}}}")).when(principal).then(
        [
            ("2013-02-01", "principal", "100.00", "900.00", "10.00"),
            ("2013-04-01", "maturity", "900.00", "0.00", "0.00"),
        ]
    )
    replaced = """
- {event: AmendmentSigned, facility: debt, amendment: m, effective: 2013-03-01, dated: 2013-03-01,
   changes: [{change: schedule, from: 2013-03-01, schedule: {principal: {kind: bullet}}}]}
"""
    given(debt(f"matures: 2013-06-01, schedule: {{{listed}}}"), replaced).when(principal).then(
        [
            ("2013-02-01", "principal", "100.00", "900.00", "10.00"),
            ("2013-06-01", "maturity", "900.00", "0.00", "0.00"),
        ]
    )


def test_an_annuity_reckoned_to_a_day_after_its_maturity_leaves_the_rest_for_the_maturity() -> None:
    annuity = "principal: {kind: annuity, every: 1 month, from: 2013-02-01, amortises_by: 2013-05-01}"
    given(debt(f"matures: 2013-03-01, schedule: {{{annuity}}}")).when(lines("2014-01-01")).then(
        [
            ("2013-02-01", "principal", "246.28", "753.72", "10.00"),
            ("2013-02-01", "interest", "10.00", "753.72", "0.00"),
            ("2013-03-01", "interest", "7.54", "753.72", "0.00"),
            ("2013-03-01", "maturity", "753.72", "0.00", "0.00"),
        ]
    )


def test_what_is_lent_later_and_paid_early_is_part_of_an_open_ended_schedule() -> None:
    terms = "schedule: {interest: {every: 1 month, from: 2013-02-01, capitalise_until: 2099-01-01}}"
    lent = fact("LoanAdvanced", "2013-02-16", 'loan: more, amount: "90.00"')
    paid = fact("PaymentMade", "2013-03-16", 'of: principal, amount: "100.00"')
    given(debt(terms), lent, paid).when(lines("2013-04-01")).then(
        [
            ("2013-02-01", "capitalised", "10.00", "1010.00", "0.00"),
            ("2013-02-16", "advance", "90.00", "1100.00", "5.05"),
            ("2013-03-01", "capitalised", "10.55", "1110.55", "0.00"),
            ("2013-03-16", "principal", "100.00", "1010.55", "5.55"),
            ("2013-04-01", "capitalised", "10.61", "1021.16", "0.00"),
        ]
    )


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roll", "june", "july"),
    [
        ("roll: none", ("2013-06-30", "10.00"), "10.00"),
        ("roll: following", ("2013-07-01", "10.33"), "9.67"),
        ("roll: modified_following", ("2013-06-28", "9.33"), "10.67"),
        ("roll: preceding", ("2013-06-28", "9.33"), "10.67"),
        ("roll: following, adjust: calculate_then_shift", ("2013-07-01", "10.00"), "10.00"),
    ],
)
def test_a_sunday_is_rolled_and_the_period_with_it_unless_that_is_worked_out_before(
    roll: str, june: tuple[str, str], july: str
) -> None:
    terms = f"schedule: {{interest: {{every: 1 month, from: 2013-05-30}}, calendar: weekdays, {roll}}}"
    given(debt(terms)).when(lambda log: [line[:3] for line in lines("2013-07-30")(log)][1:]).then(
        [(june[0], "interest", june[1]), ("2013-07-30", "interest", july)]
    )


def test_a_schedule_from_the_end_of_a_month_keeps_to_the_ends_of_months() -> None:
    for end_of_month, dates in [("true", ["02-28", "03-31", "04-30"]), ("false", ["02-28", "03-28", "04-28"])]:
        terms = f"schedule: {{interest: {{every: 1 month, from: 2013-02-28}}, end_of_month: {end_of_month}}}"
        given(debt(terms)).when(lambda log: [line[0][5:] for line in lines("2013-04-30")(log)]).then(dates)


@pytest.mark.parametrize(("stub", "dates"), [("short", ["03-01", "05-01", "06-01"]), ("long", ["03-01", "06-01"])])
def test_a_last_period_that_is_not_whole_stands_by_itself_or_joins_the_one_before_it(
    stub: str, dates: list[str]
) -> None:
    terms = f"matures: 2013-06-01, schedule: {{interest: {{every: 2 months, from: 2013-03-01, stub: {stub}}}}}"
    given(debt(terms)).when(lambda log: [line[0][5:] for line in lines("2013-12-31", "interest")(log)]).then(dates)


# --- rates and fees --------------------------------------------------------------------------------------------------

FIXED = "- {event: IndexFixed, index: swap, effective: %s, rate: '%s'}\n"
RESETS = "rate: {options: {swap: {index: swap, margin: '0.10'}}, resets: {every: 2 months, from: 2013-03-01%s}}"
QUARTERLY = "matures: 2013-07-01, schedule: {interest: {every: 3 months, from: 2013-04-01}}"


def test_a_rate_that_is_fixed_anew_is_a_line_though_it_stays_the_same() -> None:
    levels = FIXED % ("2013-01-01", "0.02") + FIXED % ("2013-03-01", "0.02") + FIXED % ("2013-05-01", "0.05")
    given(debt(f"{RESETS % ''}, {QUARTERLY}"), levels).when(
        lambda log: [(str(row.date), row.kind, str(row.rate)) for row in rows("2013-07-01")(log)]
    ).then(
        [
            ("2013-01-01", "advance", "0.12"),
            ("2013-03-01", "rate_reset", "0.12"),
            ("2013-04-01", "interest", "0.12"),
            ("2013-05-01", "rate_reset", "0.15"),
            ("2013-07-01", "interest", "0.15"),
            ("2013-07-01", "maturity", "0.15"),
        ]
    )


def test_the_rate_before_the_first_reset_may_be_stated() -> None:
    levels = FIXED % ("2013-03-01", "0.05") + FIXED % ("2013-05-01", "0.05")
    terms = RESETS % ", initial: '0.06'"
    given(debt(f"{terms}, {QUARTERLY}"), levels).when(lines("2013-04-01", "interest")).then(
        [("2013-04-01", "interest", "22.50", "1000.00", "0.00")]  # two months at 6 %, one at 15 %
    )


def test_a_reset_on_whose_day_nothing_was_fixed_takes_the_last_level() -> None:
    given(debt(f"{RESETS % ''}, {QUARTERLY}"), FIXED % ("2013-01-01", "0.02")).when(lines("2013-07-01")).then(
        [
            ("2013-03-01", "rate_reset", "0.00", "1000.00", "20.00"),
            ("2013-04-01", "interest", "30.00", "1000.00", "0.00"),
            ("2013-05-01", "rate_reset", "0.00", "1000.00", "10.00"),
            ("2013-07-01", "interest", "30.00", "1000.00", "0.00"),
            ("2013-07-01", "maturity", "1000.00", "0.00", "0.00"),
        ]
    )


def test_steps_of_a_rate_are_lines_of_their_own() -> None:
    dates = {"2013-01-01": "0.12", "2013-02-01": "0.12", "2013-03-01": "0.24"}
    steps = f"rate: {{steps: [{', '.join(f'{{from: {day}, rate: {rate!r}}}' for day, rate in dates.items())}]}}"
    given(debt(f"{steps}, {QUARTERLY}")).when(lines("2013-04-01")).then(
        [
            ("2013-02-01", "rate_reset", "0.00", "1000.00", "10.00"),
            ("2013-03-01", "rate_reset", "0.00", "1000.00", "20.00"),
            ("2013-04-01", "interest", "40.00", "1000.00", "0.00"),
        ]
    )


def test_fees_are_listed_when_they_are_payable_however_they_were_settled() -> None:
    fee = fact(
        "FeeAgreed",
        "2013-01-15",
        "fee: consent, kind: waiver, amount: '30.00', earned: 2013-01-15, "
        "instalments: [{on: 2013-02-15, amount: '10.00'}, {on: 2013-03-15, amount: '20.00'}]",
    )
    paid = "- {event: FeeSettled, effective: 2013-02-15, fee: consent, how: paid, amount: '10.00'}\n"
    for record in (given(debt("matures: 2014-01-01"), fee), given(debt("matures: 2014-01-01"), fee, paid)):
        record.when(lines("2013-12-31")).then(
            [
                ("2013-02-15", "fee", "10.00", "1000.00", "14.67"),
                ("2013-03-15", "fee", "20.00", "1000.00", "24.67"),
            ]
        )


def test_a_commitment_fee_runs_on_what_is_unused() -> None:
    terms = 'commitment: "1200.00", recurring_fees: [{fee: unused, rate: "0.06", every: 1 month, from: 2013-02-01}]'
    lent = fact("LoanAdvanced", "2013-01-16", 'loan: a, amount: "200.00"')
    given(debt(terms, 'principal: "0.00", '), lent).when(
        lambda log: [(str(row.date), row.kind, str(row.amount)) for row in rows("2013-03-01")(log)]
    ).then(
        [
            ("2013-01-16", "advance", "200.00"),
            ("2013-02-01", "fee", "5.50"),  # half a month on 1200, half on 1000
            ("2013-03-01", "fee", "5.00"),
        ]
    )


# --- what is not listed ----------------------------------------------------------------------------------------------


def test_a_failure_to_pay_and_a_late_payment_leave_a_schedule_as_agreed() -> None:
    terms = "matures: 2013-07-01, schedule: {interest: {every: 3 months, from: 2013-04-01}}"
    missed = fact("PaymentMissed", "2013-04-01", "of: interest, due: 2013-04-01")
    late = fact("PaymentMade", "2013-05-01", 'of: interest, due: 2013-04-01, amount: "30.00"')
    agreed = given(debt(terms)).when(lines("2014-01-01")).answer
    assert agreed is not None
    given(debt(terms), missed, late).when(lines("2014-01-01")).then(agreed)


def test_what_is_exchanged_or_paid_off_early_leaves_the_schedule() -> None:
    offer = """
- {event: OfferLaunched, offer: swap, effective: 2013-01-15, old: debt, new: {facility: new}, through: 2013-02-28}
- {event: NotesTendered, offer: swap, effective: 2013-02-01, amount: "400.00"}
- {event: OfferConsummated, offer: swap, effective: 2013-03-01}
"""
    given(debt(QUARTERLY), offer).when(lines("2013-04-01")).then(
        [
            ("2013-03-01", "principal", "400.00", "600.00", "12.00"),
            ("2013-04-01", "interest", "18.00", "600.00", "0.00"),
        ]
    )
    given(debt(QUARTERLY), fact("FacilityTerminated", "2013-03-01", "ground: paid")).when(lines("2014-01-01")).then(
        [("2013-03-01", "principal", "1000.00", "0.00", "0.00")]
    )


def test_without_a_principal_the_dates_are_listed_and_the_amounts_not_stated() -> None:
    given(debt(QUARTERLY, "")).when(lines("2014-01-01")).then(
        [
            ("2013-04-01", "interest", None, None, None),
            ("2013-07-01", "interest", None, None, None),
            ("2013-07-01", "maturity", None, None, None),
        ]
    )
