"""Fees that come back: on what they accrue and when they fall due; fees agreed, overdue and settled in part."""

import pytest

from tests.projections.asking import around, defaults, on, on_days, owed
from tests.spec import given


def line(fee: str, more: str = 'commitment: "1000000.00", principal: "400000.00"') -> str:
    """A line of 1,000,000 with 400,000 drawn; at 0.36 % on 30/360 a day's fee on a million is 10.00."""
    return f"""
- {{event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], currency: USD,
   day_count: 30/360 US, {more}{", " if more else ""}
   clauses: [{{clause: own, kind: payment, heals: automatically}}],
   recurring_fees: [{{fee: standby, {fee}}}]}}
"""


def fact(event: str, day: str, rest: str) -> str:
    return f"- {{event: {event}, facility: line, effective: {day}, {rest}}}\n"


FEES = owed("line", "fees")


def accruing(of: str, more: str = "") -> str:
    return f'rate: "0.0036", of: {of}, every: 1 month, from: 2001-02-01{more}'


# --- fees that come back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("of", "a_day"), [("unused", "6.00"), ("commitment", "10.00"), ("principal", "4.00")])
def test_a_fee_accrues_on_what_is_committed_drawn_or_left(of: str, a_day: str) -> None:
    given(line(accruing(of))).when(on_days(FEES, "2001-01-01", "2001-01-02", "2001-02-01")).then(
        {"2001-01-01": ("0.00",), "2001-01-02": (a_day,), "2001-02-01": (f"{30 * int(a_day[:-3])}.00",)}
    )


@pytest.mark.parametrize("of", ["unused", "commitment"])
def test_a_fee_on_a_commitment_that_is_not_stated_is_not_stated(of: str) -> None:
    drawn = 'principal: "400000.00"'
    given(line(accruing(of), drawn)).when(on("2001-01-11", FEES)).then((None,))
    given(line(accruing("principal"), drawn)).when(on("2001-01-11", FEES)).then(("40.00",))


def test_what_moves_within_the_period_counts_for_its_own_days() -> None:
    lent = fact("LoanAdvanced", "2001-01-11", 'loan: a, amount: "100000.00"')
    lowered = """
- {event: AmendmentSigned, facility: line, amendment: less, effective: 2001-01-21, dated: 2001-01-21,
   changes: [{change: commitment, from: 2001-01-21, commitment: "800000.00"}]}
"""
    record = given(line(accruing("unused")), lent, lowered)
    record.when(on_days(FEES, "2001-01-11", "2001-01-21", "2001-02-01")).then(
        {"2001-01-11": ("60.00",), "2001-01-21": ("110.00",), "2001-02-01": ("140.00",)}
    )


def test_a_fee_of_a_fixed_amount_is_owed_from_its_due_dates_and_accrues_nothing_between() -> None:
    record = given(line('amount: "50.00", every: 1 month, from: 2001-02-01'))
    record.when(around("2001-02-01", FEES)).then((("0.00",), ("50.00",), ("50.00",)))
    record.when(around("2001-03-01", FEES)).then((("50.00",), ("100.00",), ("100.00",)))


def test_a_fee_accrues_no_longer_once_the_debt_is_terminated() -> None:
    over = fact("FacilityTerminated", "2001-01-21", "ground: terminated")
    given(line(accruing("commitment")), over).when(around("2001-01-21", FEES)).then(
        (("190.00",), ("200.00",), ("200.00",))
    )


UNPAID = {"line/own/line/fee/2001-02-16": "continuing"}


@pytest.mark.parametrize(
    ("fee", "left"),
    [(accruing("commitment"), {}), ('amount: "50.00", every: 1 month, from: 2001-02-01', UNPAID)],
)
def test_what_has_accrued_of_a_fee_falls_due_at_maturity_and_an_amount_only_on_its_dates(
    fee: str, left: dict[str, str]
) -> None:
    terms = line(fee, 'commitment: "1000000.00", principal: "0.00", matures: 2001-02-16')
    missed = fact("PaymentMissed", "2001-02-16", "of: fee, due: 2001-02-16")
    paid = fact("PaymentMade", "2001-02-16", 'of: fee, amount: "450.00"')
    given(terms, missed, paid).when(on("2001-02-16", defaults("line"))).then(left)


# --- fees agreed -----------------------------------------------------------------------------------------------------


def agreed(fee: str, due: str) -> str:
    return fact(
        "FeeAgreed", "2001-02-01", f'fee: {fee}, kind: waiver, amount: "500.00", earned: 2001-02-01, due: {due}'
    )


def settled(fee: str, day: str, amount: str) -> str:
    return f'- {{event: FeeSettled, fee: {fee}, effective: {day}, how: paid, amount: "{amount}"}}\n'


def overdue(due: str) -> str:
    return fact("PaymentMissed", due, f"of: fee, due: {due}")


OPENED = line('amount: "50.00", every: 1 year, from: 2009-01-01')


def test_an_overdue_fee_settled_in_part_stays_overdue_until_the_rest_is_settled() -> None:
    record = given(
        OPENED, agreed("consent", "2001-03-01"), overdue("2001-03-01"), settled("consent", "2001-04-01", "200.00"),
        settled("consent", "2001-05-01", "300.00"),
    )  # fmt: skip
    missed = "line/own/line/fee/2001-03-01"
    record.when(around("2001-04-01", defaults("line"))).then(({missed: "continuing"},) * 3)
    record.when(around("2001-05-01", defaults("line"))).then(
        ({missed: "continuing"}, {missed: "cured"}, {missed: "cured"})
    )


def test_settling_one_fee_pays_nothing_of_another_that_is_overdue() -> None:
    record = given(
        OPENED, agreed("first", "2001-03-01"), agreed("second", "2001-03-15"), overdue("2001-03-01"),
        overdue("2001-03-15"), settled("second", "2001-04-01", "500.00"),
    )  # fmt: skip
    first, second = "line/own/line/fee/2001-03-01", "line/own/line/fee/2001-03-15"
    record.when(on("2001-04-01", defaults("line"))).then({first: "continuing", second: "cured"})
    record.when(on("2001-04-01", FEES)).then(("500.00",))
