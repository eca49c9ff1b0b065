"""What is owed: principal, interest accrued and due, fees, payments, with a principal and without one."""

import pytest

from tests.projections.asking import around, facility, findings, on, on_days, owed, payment
from tests.spec import given

PARTS = ("principal", "accrued_interest", "interest_unpaid", "fees", "total")


def notes(**terms: str) -> str:
    """Notes of 1,000,000 at 12%, so that a month of thirty days is 10,000.00; other terms as given."""
    stated = {
        "currency": "USD",
        "principal": '"1000000.00"',
        "rate": '{fixed: "0.12"}',
        "day_count": "30/360 US",
        **terms,
    }
    written = ", ".join(f"{name}: {value}" for name, value in stated.items() if value)
    return f"""
- {{event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], {written}}}
"""


HALF_YEARLY = "{interest: {every: 6 months, from: 2001-07-01}}"


def fact(event: str, day: str, rest: str) -> str:
    return f"- {{event: {event}, facility: notes, effective: {day}, {rest}}}\n"


def missed(day: str, rest: str = "of: interest") -> str:
    return fact("PaymentMissed", day, f"due: {day}, {rest}")


def paid(day: str, amount: str, rest: str = "") -> str:
    return fact("PaymentMade", day, f'amount: "{amount}", {rest}')


# --- accrual ---------------------------------------------------------------------------------------------------------


def test_interest_counts_the_first_day_and_not_the_last() -> None:
    given(notes()).when(on_days(owed("notes", "accrued_interest"), "2001-01-01", "2001-01-02", "2001-02-01")).then(
        {"2001-01-01": ("0.00",), "2001-01-02": ("333.33",), "2001-02-01": ("10000.00",)}
    )


def test_interest_runs_from_the_date_to_which_it_was_paid_and_without_one_from_the_opening() -> None:
    given(notes(interest_paid_to="2000-12-01")).when(on("2001-01-01", owed("notes", "accrued_interest"))).then(
        ("10000.00",)
    )
    given(notes()).when(on("2001-01-01", owed("notes", "accrued_interest"))).then(("0.00",))


def test_interest_runs_on_after_maturity_until_principal_is_paid() -> None:
    record = given(notes(matures="2001-02-01"), paid("2001-03-01", "1000000.00", "of: principal"))
    record.when(on_days(owed("notes", "accrued_interest"), "2001-02-01", "2001-03-01", "2001-12-31")).then(
        {"2001-02-01": ("10000.00",), "2001-03-01": ("20000.00",), "2001-12-31": ("20000.00",)}
    )


def test_accrual_of_thirty_day_months_is_a_difference_of_accruals_from_the_start_and_does_not_add_up_over_parts() -> (
    None
):
    steps = '{steps: [{from: 2001-01-01, rate: "0.12"}, {from: 2001-01-31, rate: "0.12"}]}'
    for rate in ('{fixed: "0.12"}', steps):
        given(notes(rate=rate)).when(on_days(owed("notes", "accrued_interest"), "2001-01-31", "2001-02-01")).then(
            {"2001-01-31": ("10000.00",), "2001-02-01": ("10000.00",)}
        )


def test_a_rate_that_changes_within_a_period_counts_for_its_own_days() -> None:
    steps = '{steps: [{from: 2001-01-01, rate: "0.12"}, {from: 2001-02-01, rate: "0.24"}]}'
    given(notes(rate=steps)).when(around("2001-03-01", owed("notes", "accrued_interest"))).then(
        (("28000.00",), ("30000.00",), ("30666.67",))
    )


def test_an_index_that_resets_is_charged_at_its_new_level_from_the_reset_on() -> None:
    rate = "{options: {p: {index: p}}, resets: {every: 3 months, from: 2001-01-01}}"
    fixings = """
- {event: IndexFixed, index: p, effective: 2001-01-01, rate: "0.12"}
- {event: IndexFixed, index: p, effective: 2001-01-15, rate: "0.24"}
"""
    given(notes(rate=rate), fixings).when(around("2001-05-01", owed("notes", "accrued_interest"))).then(
        (("49333.33",), ("50000.00",), ("50666.67",))
    )


def test_principal_lent_and_repaid_bears_interest_for_its_own_days() -> None:
    record = given(
        notes(),
        fact("LoanAdvanced", "2001-02-01", 'loan: more, amount: "1000000.00"'),
        paid("2001-03-01", "500000.00", "of: principal"),
    )
    record.when(on_days(owed("notes", "principal", "accrued_interest"), "2001-02-01", "2001-03-01", "2001-04-01")).then(
        {
            "2001-02-01": ("2000000.00", "10000.00"),
            "2001-03-01": ("1500000.00", "30000.00"),
            "2001-04-01": ("1500000.00", "45000.00"),
        }
    )


def test_what_the_record_does_not_say_makes_interest_not_stated_and_the_answer_names_it() -> None:
    for silent, named in [("rate", "rate"), ("day_count", "day_count")]:
        record = given(notes(**{silent: ""}))
        record.when(on("2001-02-01", owed("notes", *PARTS))).then(("1000000.00", None, "0.00", "0.00", None))
        answer = on("2001-02-01", facility("notes"))(record.log)
        assert named in answer.not_stated


def test_a_coupon_period_of_the_schedule_makes_actual_over_actual_exact() -> None:
    record = given(notes(day_count="actual/actual ICMA", schedule=HALF_YEARLY), missed("2001-07-01"))
    record.when(on_days(owed("notes", "interest_unpaid", "accrued_interest"), "2001-04-01", "2001-07-01")).then(
        {"2001-04-01": ("0.00", "29834.25"), "2001-07-01": ("60000.00", "0.00")}
    )
    given(notes(day_count="actual/actual ICMA")).when(on("2001-04-01", owed("notes", "accrued_interest"))).then((None,))


@pytest.mark.parametrize(("terms", "accrued"), [("", "10000.00"), ("false", "10000.00"), ("true", "10300.00")])
def test_interest_that_is_overdue_bears_interest_only_where_the_terms_say_so(terms: str, accrued: str) -> None:
    quarterly = "{interest: {every: 3 months, from: 2001-04-01}}"
    record = given(notes(schedule=quarterly, interest_on_overdue=terms))
    record.when(on("2001-05-01", owed("notes", "interest_unpaid", "accrued_interest"))).then(("30000.00", accrued))


def test_overdue_interest_that_is_paid_in_part_bears_interest_on_the_rest() -> None:
    quarterly = "{interest: {every: 3 months, from: 2001-04-01}}"
    record = given(
        notes(schedule=quarterly, interest_on_overdue="true"), paid("2001-05-01", "20000.00", "of: interest")
    )
    figures = owed("notes", "interest_unpaid", "accrued_interest")
    record.when(on_days(figures, "2001-05-01", "2001-06-01", "2001-07-01")).then(
        {
            "2001-05-01": ("10000.00", "10300.00"),
            "2001-06-01": ("10000.00", "20400.00"),
            "2001-07-01": ("40500.00", "0.00"),
        }
    )


# --- rounding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "accrued"),
    [("USD", "333.33"), ("JPY", "333"), ("XOF", "333"), ("KWD", "333.333"), ("IQD", "333.333"), ("", "333.33")],
)
def test_figures_are_rounded_to_the_minor_unit_of_the_currency(currency: str, accrued: str) -> None:
    given(notes(currency=currency)).when(on("2001-01-02", owed("notes", "accrued_interest"))).then((accrued,))


@pytest.mark.parametrize(
    ("rounding", "accrued"),
    [("", "0.13"), ("half_up", "0.13"), ("half_even", "0.12"), ("half_down", "0.12"), ("up", "0.13"), ("down", "0.12")],
)
def test_a_half_is_rounded_up_unless_the_terms_round_otherwise(rounding: str, accrued: str) -> None:
    terms = notes(principal='"375.00"', rounding=rounding)  # a day is 0.125
    given(terms).when(on("2001-01-02", owed("notes", "accrued_interest"))).then((accrued,))


def test_interest_is_rounded_once_when_it_falls_due_and_not_day_by_day() -> None:
    monthly = "{interest: {every: 1 month, from: 2001-02-01}}"
    record = given(notes(principal='"100.10"', schedule=monthly))  # a month is 1.001, a quarter 3.003
    record.when(on("2001-04-01", owed("notes", "interest_unpaid", "accrued_interest"))).then(("3.00", "0.00"))
    given(notes(principal='"100.10"')).when(on("2001-07-01", owed("notes", "accrued_interest"))).then(("6.01",))


# --- due dates -------------------------------------------------------------------------------------------------------


def test_on_a_scheduled_due_date_what_has_accrued_becomes_due_and_unpaid() -> None:
    given(notes(schedule=HALF_YEARLY)).when(around("2001-07-01", owed("notes", *PARTS))).then(
        (
            ("1000000.00", "59666.67", "0.00", "0.00", "1059666.67"),
            ("1000000.00", "0.00", "60000.00", "0.00", "1060000.00"),
            ("1000000.00", "333.33", "60000.00", "0.00", "1060333.33"),
        )
    )


def test_a_missed_payment_of_interest_is_a_due_date_and_one_of_principal_alone_is_none() -> None:
    given(notes(), missed("2001-03-01")).when(
        on("2001-03-31", owed("notes", "interest_unpaid", "accrued_interest"))
    ).then(("20000.00", "10000.00"))
    given(notes(), missed("2001-03-01", "of: principal")).when(
        on("2001-03-31", owed("notes", "interest_unpaid", "accrued_interest"))
    ).then(("0.00", "30000.00"))


def test_the_amount_that_a_failure_states_is_what_is_due() -> None:
    given(notes(), missed("2001-03-01", 'of: interest, amount: "19999.99"')).when(
        on("2001-03-01", owed("notes", "interest_unpaid"))
    ).then(("19999.99",))


def test_a_schedule_that_is_replaced_leaves_the_due_dates_before_it_as_they_were() -> None:
    amended = """
- {event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-08-01, dated: 2001-08-01, changes: [
   {change: schedule, from: 2001-08-01, schedule: {interest: {every: 1 month, from: 2001-09-01}}}]}
"""
    record = given(notes(schedule=HALF_YEARLY), amended)
    figures = owed("notes", "interest_unpaid", "accrued_interest")
    record.when(on_days(figures, "2001-07-31", "2001-08-31", "2001-09-01", "2001-10-01")).then(
        {
            "2001-07-31": ("60000.00", "10000.00"),
            "2001-08-31": ("60000.00", "20000.00"),
            "2001-09-01": ("80000.00", "0.00"),
            "2001-10-01": ("90000.00", "0.00"),
        }
    )


def test_a_later_date_to_which_interest_was_paid_restates_what_accrued_and_what_is_due() -> None:
    stated = fact("BalanceStated", "2002-02-01", "interest_paid_to: 2001-10-01")
    record = given(notes(schedule=HALF_YEARLY), missed("2001-07-01"), missed("2002-01-01"), stated)
    record.when(around("2002-02-01", owed("notes", "interest_unpaid", "accrued_interest"))).then(
        (("120000.00", "10000.00"), ("30000.00", "10000.00"), ("30000.00", "10333.33"))
    )


def test_a_date_to_which_interest_was_paid_restated_backwards_reopens_what_had_been_paid() -> None:
    record = given(
        notes(schedule=HALF_YEARLY),
        paid("2001-07-01", "60000.00", "of: interest, due: 2001-07-01"),
        fact("BalanceStated", "2001-08-01", "interest_paid_to: 2001-01-01"),
    )
    record.when(around("2001-08-01", owed("notes", "interest_unpaid", "accrued_interest"))).then(
        (("0.00", "10000.00"), ("60000.00", "10000.00"), ("60000.00", "10333.33"))
    )


def test_restating_the_date_that_held_already_changes_no_amount_that_a_failure_states() -> None:
    record = given(
        notes(), missed("2001-03-01", 'of: interest, amount: "15000.00"'),
        fact("BalanceStated", "2001-04-01", "interest_paid_to: 2001-01-01"),
    )  # fmt: skip
    record.when(around("2001-04-01", owed("notes", "interest_unpaid"))).then((("15000.00",),) * 3)


# --- payments --------------------------------------------------------------------------------------------------------


def test_a_payment_of_interest_goes_to_the_oldest_and_what_is_left_stands_to_its_credit() -> None:
    record = given(
        notes(schedule="{interest: {every: 1 month, from: 2001-02-01}}"),
        paid("2001-03-15", "15000.00", "of: interest"),
        paid("2001-03-16", "10000.00", "of: interest"),
    )
    figures = owed("notes", "principal", "interest_unpaid", "accrued_interest")
    record.when(on_days(figures, "2001-03-14", "2001-03-15", "2001-03-16", "2001-04-01")).then(
        {
            "2001-03-14": ("1000000.00", "20000.00", "4333.33"),
            "2001-03-15": ("1000000.00", "5000.00", "4666.67"),
            "2001-03-16": ("1000000.00", "0.00", "0.00"),
            "2001-04-01": ("1000000.00", "5000.00", "0.00"),
        }
    )


def test_a_payment_for_a_due_date_goes_to_that_one() -> None:
    record = given(
        notes(schedule="{interest: {every: 1 month, from: 2001-02-01}}"),
        missed("2001-02-01"),
        missed("2001-03-01"),
        paid("2001-03-15", "10000.00", "of: interest, due: 2001-03-01"),
    )
    record.when(on("2001-03-15", owed("notes", "interest_unpaid", "days_past_due"))).then(("10000.00", "42"))


def test_a_payment_of_nothing_in_particular_goes_to_fees_then_interest_then_principal() -> None:
    fee = fact("FeeAgreed", "2001-06-01", 'fee: consent, kind: waiver, amount: "500.00", earned: 2001-06-01')
    for amount, left in [
        ("400.00", ("1000000.00", "0.00", "60000.00", "100.00", "1060100.00")),
        ("50500.00", ("1000000.00", "0.00", "10000.00", "0.00", "1010000.00")),
        ("60501.00", ("999999.00", "0.00", "0.00", "0.00", "999999.00")),
    ]:
        record = given(notes(schedule=HALF_YEARLY), fee, paid("2001-07-01", amount))
        record.when(on("2001-07-01", owed("notes", *PARTS))).then(left)


def test_such_a_payment_goes_to_interest_that_has_accrued_before_it_goes_to_principal() -> None:
    # 12 % on 30/360: ten days' interest on a million is 3333.33, a third of a cent less than is owed in the end
    for amount, left in [
        ("3000.00", ("1000000.00", "333.33", "0.00", "0.00", "1000333.33")),
        ("3333.33", ("1000000.00", "0.00", "0.00", "0.00", "1000000.00")),
        ("4333.33", ("999000.00", "0.00", "0.00", "0.00", "999000.00")),
    ]:
        record = given(notes(), paid("2001-01-11", amount))
        record.when(on("2001-01-11", owed("notes", *PARTS))).then(left)
    first = notes(application="[principal, interest, fees]")
    given(first, paid("2001-01-11", "3000.00")).when(on("2001-01-11", owed("notes", *PARTS))).then(
        ("997000.00", "3333.33", "0.00", "0.00", "1000333.33")
    )


def test_principal_that_is_due_comes_before_interest_that_is_not() -> None:
    schedule = (
        "{interest: {every: 1 month, from: 2001-02-01}, "
        'principal: {kind: equal, every: 1 month, from: 2001-02-01, amount: "50000.00"}}'
    )
    late = missed("2001-02-01", "of: [interest, principal]")  # 10,000.00 and 50,000.00; then 333.33 a day
    for amount, left in [
        ("60000.00", ("950000.00", "3333.33", "0.00", "current")),
        ("63333.33", ("950000.00", "0.00", "0.00", "current")),
        ("63334.33", ("949999.00", "0.00", "0.00", "current")),
        ("59999.00", ("950001.00", "3333.33", "0.00", "past_due")),
    ]:
        record = given(notes(schedule=schedule), late, paid("2001-02-11", amount))
        record.when(
            on(
                "2001-02-11",
                lambda seen: (
                    *owed("notes", "principal", "accrued_interest", "interest_unpaid")(seen),
                    payment("notes")(seen),
                ),
            )
        ).then(left)


def test_interest_that_accrued_and_is_not_stated_is_passed_over() -> None:
    record = given(notes(rate=""), paid("2001-01-11", "3000.00"))
    record.when(on("2001-01-11", owed("notes", *PARTS))).then(("997000.00", None, "0.00", "0.00", None))


def test_a_part_of_a_cent_that_was_paid_beyond_what_accrued_has_no_sign() -> None:
    record = given(notes(), paid("2001-01-21", "6666.67"))
    record.when(on("2001-01-21", owed("notes", *PARTS))).then(("1000000.00", "0.00", "0.00", "0.00", "1000000.00"))


def test_the_terms_may_apply_payments_in_another_order_and_an_amendment_may_change_it() -> None:
    principal_first = "[principal, interest, fees]"
    record = given(notes(schedule=HALF_YEARLY, application=principal_first), paid("2001-07-01", "1000.00"))
    record.when(on("2001-07-01", owed("notes", "principal", "interest_unpaid"))).then(("999000.00", "60000.00"))
    amended = f"""
- {{event: AmendmentSigned, facility: notes, amendment: m, effective: 2001-07-01, dated: 2001-07-01,
   changes: [{{change: application, from: 2001-07-02, application: {principal_first}}}]}}
"""
    for day, left in [("2001-07-01", ("1000000.00", "59000.00")), ("2001-07-02", ("999000.00", "60000.00"))]:
        record = given(notes(schedule=HALF_YEARLY), amended, paid(day, "1000.00"))
        record.when(on("2001-07-02", owed("notes", "principal", "interest_unpaid"))).then(left)


def test_a_payment_whose_share_for_interest_is_not_stated_leaves_principal_not_stated() -> None:
    record = given(notes(rate=""), missed("2001-07-01"), paid("2001-07-15", "70000.00"))
    record.when(around("2001-07-15", owed("notes", "principal", "interest_unpaid", "total"))).then(
        (("1000000.00", None, None), (None, None, None), (None, None, None))
    )
    restated = fact("BalanceStated", "2001-08-01", 'principal: "990000.00"')
    given(notes(rate=""), missed("2001-07-01"), paid("2001-07-15", "70000.00"), restated).when(
        around("2001-08-01", owed("notes", "principal"))
    ).then(((None,), ("990000.00",), ("990000.00",)))


def test_a_payment_beyond_all_that_is_owed_leaves_nothing_owed() -> None:
    given(notes(), paid("2001-01-01", "1000000.01", "of: principal")).when(
        around("2001-01-01", owed("notes", "principal", "total"))
    ).then(((None, None), ("0.00", "0.00"), ("0.00", "0.00")))


# --- fees ------------------------------------------------------------------------------------------------------------


FEE = fact("FeeAgreed", "2001-02-01", 'fee: consent, kind: waiver, amount: "500.00", earned: 2001-03-01')


def test_a_fee_is_owed_from_the_day_on_which_it_is_earned() -> None:
    given(notes(), FEE).when(around("2001-03-01", owed("notes", "fees"))).then((("0.00",), ("500.00",), ("500.00",)))
    earlier = FEE.replace("earned: 2001-03-01", "earned: 2001-01-15")
    given(notes(), earlier).when(around("2001-01-15", owed("notes", "fees"))).then(
        (("0.00",), ("500.00",), ("500.00",))
    )


def test_a_fee_paid_is_owed_no_longer_in_part_or_in_whole() -> None:
    settled = "- {event: FeeSettled, fee: consent, effective: 2001-04-01, how: paid, AMOUNT}"
    for amount, left in [("", "0.00"), ('amount: "200.00"', "300.00"), ('amount: "600.00"', "0.00")]:
        record = given(notes(), FEE, settled.replace("AMOUNT", amount))
        record.when(around("2001-04-01", owed("notes", "fees", "principal"))).then(
            (("500.00", "1000000.00"), (left, "1000000.00"), (left, "1000000.00"))
        )


def test_a_fee_charged_to_the_account_becomes_principal_as_far_as_it_was_still_owed() -> None:
    charged = "- {event: FeeSettled, fee: consent, effective: 2001-04-01, how: charged_to_account}"
    given(notes(), FEE, charged).when(around("2001-04-01", owed("notes", "fees", "principal"))).then(
        (("500.00", "1000000.00"), ("0.00", "1000500.00"), ("0.00", "1000500.00"))
    )
    part = '- {event: FeeSettled, fee: consent, effective: 2001-03-15, how: paid, amount: "200.00"}\n'
    given(notes(), FEE, part + charged).when(on("2001-04-01", owed("notes", "fees", "principal"))).then(
        ("0.00", "1000300.00")
    )


def test_a_fee_settled_before_it_is_earned_is_never_owed() -> None:
    settled = "- {event: FeeSettled, fee: consent, effective: 2001-02-15, how: paid}"
    given(notes(), FEE, settled).when(around("2001-03-01", owed("notes", "fees"))).then((("0.00",),) * 3)


def test_a_joint_fee_is_owed_once() -> None:
    other = notes().replace("facility: notes", "facility: other")
    joint = FEE.replace("earned:", "joint_with: [other], earned:")
    for name, fees in [("notes", "500.00"), ("other", "0.00")]:
        given(notes(), other, joint).when(on("2001-03-01", owed(name, "fees"))).then((fees,))


def test_where_a_joint_fee_is_not_counted_a_finding_says_where_it_is_from_the_day_on_which_it_is_earned() -> None:
    other = notes().replace("facility: notes", "facility: other")
    joint = FEE.replace("earned:", "joint_with: [other, notes, stranger], earned:")
    asked = "Who pays the fee consent of 500.00? other owes it together with notes; it is owed once, and counted there."
    given(notes(), other, joint).when(
        around("2001-03-01", lambda seen: [(f.facility, f.facts, f.question) for f in findings("joint_fee")(seen)])
    ).then(([], [("other", (3,), asked)], [("other", (3,), asked)]))


@pytest.mark.parametrize(
    "payment",
    [
        paid("2001-03-20", "500.00", "of: fee"),
        paid("2001-03-20", "500.00", "of: fee, due: 2001-03-10"),
        paid("2001-03-20", "500.00"),
        "- {event: FeeSettled, fee: consent, effective: 2001-03-20, how: paid}",
    ],
)
def test_a_missed_fee_and_the_fee_agreed_are_one_and_payment_settles_both(payment: str) -> None:
    due = FEE.replace("earned:", "due: 2001-03-10, earned:")
    record = given(notes(), due, missed("2001-03-10", "of: fee"), payment)
    record.when(around("2001-03-20", owed("notes", "fees", "days_past_due"))).then(
        (("500.00", "9"), ("0.00", None), ("0.00", None))
    )


# --- without a principal ---------------------------------------------------------------------------------------------


def test_without_a_principal_interest_is_given_per_1000_overdue_included() -> None:
    record = given(notes(principal="", schedule=HALF_YEARLY))
    record.when(on_days(owed("notes", *PARTS, "interest_per_1000"), "2001-02-01", "2001-08-01")).then(
        {
            "2001-02-01": (None, None, None, "0.00", None, "10.0000"),
            "2001-08-01": (None, None, None, "0.00", None, "70.0000"),
        }
    )


def test_with_a_principal_interest_per_1000_is_that_share_of_all_unpaid_interest() -> None:
    record = given(notes(schedule=HALF_YEARLY), paid("2001-07-01", "20000.00", "of: interest"))
    record.when(on("2001-08-01", owed("notes", "interest_per_1000"))).then(("50.0000",))


def test_interest_paid_leaves_the_rest_per_1000_and_paid_in_part_leaves_it_not_stated() -> None:
    terms = notes(principal="", schedule=HALF_YEARLY)
    to_date = fact("BalanceStated", "2001-07-15", "interest_paid_to: 2001-07-01")
    given(terms, to_date).when(around("2001-08-01", owed("notes", "interest_per_1000"))).then(
        (("10.0000",), ("10.0000",), ("10.3333",))
    )
    in_part = paid("2001-07-15", "20000.00", "of: interest")
    given(terms, in_part).when(on("2001-08-01", owed("notes", "interest_per_1000"))).then((None,))


def test_an_amount_missed_is_interest_unpaid_though_no_principal_is_stated() -> None:
    record = given(notes(principal=""), missed("2001-03-01", 'of: interest, amount: "90.00"'))
    record.when(around("2001-03-01", owed("notes", "interest_unpaid", "total"))).then(
        ((None, None), ("90.00", None), ("90.00", None))
    )


def test_a_principal_stated_with_the_date_interest_was_paid_to_bore_the_interest_since() -> None:
    stated = fact("BalanceStated", "2001-09-01", 'principal: "1000000.00", interest_paid_to: 2001-01-01')
    record = given(notes(principal=""), missed("2001-07-01"), stated)
    record.when(around("2001-09-01", owed("notes", *PARTS))).then(
        (
            (None, None, None, "0.00", None),
            ("1000000.00", "20000.00", "60000.00", "0.00", "1080000.00"),
            ("1000000.00", "20333.33", "60000.00", "0.00", "1080333.33"),
        )
    )


def test_a_line_that_opens_empty_owes_nothing() -> None:
    record = given(notes(principal='"0.00"'), fact("LoanAdvanced", "2001-02-01", 'loan: a, amount: "300.00"'))
    record.when(around("2001-02-01", owed("notes", "principal", "accrued_interest"))).then(
        (("0.00", "0.00"), ("300.00", "0.00"), ("300.00", "0.10"))
    )


# --- payment status and days past due --------------------------------------------------------------------------------


def test_days_past_due_are_counted_from_the_oldest_unpaid_due_date_with_and_without_grace() -> None:
    clause = "[{clause: own, kind: payment, grace: {days: 10}}]"
    record = given(notes(schedule=HALF_YEARLY, clauses=clause), missed("2001-07-01"), missed("2002-01-01"))
    days = owed("notes", "days_past_due", "days_past_due_after_grace")
    record.when(on_days(days, "2001-07-01", "2001-07-11", "2001-07-12", "2002-01-02")).then(
        {
            "2001-07-01": ("0", "0"),
            "2001-07-11": ("10", "0"),
            "2001-07-12": ("11", "1"),
            "2002-01-02": ("185", "175"),
        }
    )
    record.when(around("2001-07-01", payment("notes"))).then(("current", "past_due", "past_due"))


def test_days_past_due_after_grace_are_not_stated_where_the_grace_is_not() -> None:
    for clause in ("[{clause: own, kind: payment, grace: not_stated}]", "[]"):
        record = given(notes(clauses=clause), missed("2001-07-01"))
        record.when(on("2001-07-31", owed("notes", "days_past_due", "days_past_due_after_grace"))).then(("30", None))


def test_payments_are_current_while_each_due_date_of_the_schedule_was_met() -> None:
    terms = notes(schedule=HALF_YEARLY)
    on_time = paid("2001-07-01", "60000.00", "of: interest")
    record = given(terms, on_time)
    record.when(on_days(payment("notes"), "2001-06-30", "2001-07-01", "2001-12-31", "2002-01-01")).then(
        {"2001-06-30": "current", "2001-07-01": "current", "2001-12-31": "current", "2002-01-01": None}
    )
    record.when(on("2001-12-31", owed("notes", "days_past_due"))).then(("0",))
    record.when(on("2002-01-01", owed("notes", "days_past_due"))).then((None,))


def test_without_a_schedule_payment_status_is_not_stated() -> None:
    given(notes()).when(on("2001-07-01", payment("notes"))).then(None)


def test_a_payment_cures_the_payment_status_whatever_the_legal_one() -> None:
    record = given(notes(schedule=HALF_YEARLY), missed("2001-07-01"), paid("2001-08-01", "60000.00", "of: interest"))
    record.when(around("2001-08-01", payment("notes"))).then(("past_due", "current", "current"))


def test_principal_missed_at_maturity_is_matured_and_unpaid_until_it_is_paid() -> None:
    terms = notes(matures="2001-07-01")
    record = given(terms, missed("2001-07-01", "of: [principal, interest]"), paid("2001-09-01", "1080000.00"))
    record.when(around("2001-07-01", payment("notes"))).then((None, "matured_unpaid", "matured_unpaid"))
    record.when(around("2001-09-01", payment("notes"))).then(("matured_unpaid", "paid", "paid"))


def test_a_maturity_that_passes_in_silence_leaves_the_payment_status_not_stated() -> None:
    record = given(notes(matures="2001-07-01", schedule="{interest: {every: 1 year, from: 2002-01-01}}"))
    record.when(around("2001-07-01", payment("notes"))).then(("current", None, None))


def test_a_balance_of_nothing_is_paid_and_settles_the_principal_that_was_missed() -> None:
    record = given(
        notes(matures="2001-07-01"),
        missed("2001-07-01", "of: principal"),
        fact("BalanceStated", "2001-09-01", 'principal: "0.00"'),
    )
    record.when(around("2001-09-01", payment("notes"))).then(("matured_unpaid", "paid", "paid"))


@pytest.mark.parametrize("principal", ['"1000000.00"', ""])
def test_a_debt_terminated_as_paid_owes_nothing(principal: str) -> None:
    closed = fact("FacilityTerminated", "2001-09-01", "ground: paid")
    record = given(notes(principal=principal), missed("2001-07-01"), closed)
    record.when(around("2001-09-01", payment("notes"))).then(("past_due", "paid", "paid"))
    record.when(on("2001-09-02", owed("notes", *PARTS))).then(("0.00", "0.00", "0.00", "0.00", "0.00"))


def test_before_the_opening_nothing_is_owed_and_nothing_is_missing() -> None:
    given(notes()).when(on("2000-12-31", owed("notes", *PARTS))).then((None,) * 5)
    given(notes()).when(on("2000-12-31", lambda seen: facility("notes")(seen).not_stated)).then(())
