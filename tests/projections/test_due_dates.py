"""Due dates at the edges: long last periods, maturities off the cycle, schedules replaced, instalments as listed."""

import pytest

from tests.projections.asking import around, defaults, on, on_days, owed
from tests.spec import given


def debt(schedule: str, more: str = "") -> str:
    """A debt of 1,200.00 at 12 % on 30/360, so that a month's interest is 12.00."""
    return f"""
- {{event: FacilityOpened, facility: debt, effective: 2001-01-01, name: Debt, borrowers: [mill], currency: USD,
   principal: "1200.00", rate: {{fixed: "0.12"}}, day_count: 30E/360, schedule: {{{schedule}}}{more},
   clauses: [{{clause: own, kind: payment}}]}}
"""


def amended(day: str, schedule: str) -> str:
    return f"""
- {{event: AmendmentSigned, facility: debt, amendment: m, effective: {day}, dated: {day},
   changes: [{{change: schedule, from: {day}, schedule: {{{schedule}}}}}]}}
"""


def missed(of: str, day: str) -> str:
    return f"- {{event: PaymentMissed, facility: debt, effective: {day}, of: {of}, due: {day}}}\n"


UNPAID = owed("debt", "interest_unpaid", "accrued_interest")
MONTHLY = "interest: {every: 1 month, from: 2001-02-01}"


# --- interest --------------------------------------------------------------------------------------------------------


def test_interest_falls_due_at_a_maturity_that_is_no_date_of_the_schedule() -> None:
    given(debt(MONTHLY, ", matures: 2001-03-16")).when(around("2001-03-16", UNPAID)).then(
        (("24.00", "5.60"), ("30.00", "0.00"), ("30.00", "0.40"))
    )


def test_interest_falls_due_at_no_maturity_where_the_schedule_has_instalments_alone() -> None:
    equal = 'principal: {kind: equal, every: 1 month, from: 2001-02-01, amount: "100.00"}'
    given(debt(equal, ", matures: 2001-03-16")).when(around("2001-03-16", UNPAID)).then(
        (("0.00", "29.60"), ("0.00", "30.00"), ("0.00", "30.40"))
    )


@pytest.mark.parametrize(
    ("stub", "matures", "due"),
    [("short", "2001-03-16", "24.00"), ("long", "2001-03-16", "12.00"), ("long", "2001-04-01", "24.00")],
)
def test_only_a_last_period_that_is_cut_short_is_joined_to_the_one_before(stub: str, matures: str, due: str) -> None:
    terms = MONTHLY.replace("from:", f"stub: {stub}, from:")
    given(debt(terms, f", matures: {matures}")).when(on("2001-03-01", owed("debt", "interest_unpaid"))).then((due,))


def test_interest_is_added_to_principal_up_to_a_day_between_two_due_dates() -> None:
    until = MONTHLY.replace("from:", "capitalise_until: 2001-02-16, from:")
    figures = owed("debt", "principal", "interest_unpaid", "accrued_interest")
    given(debt(until)).when(on_days(figures, "2001-02-01", "2001-02-15", "2001-02-16", "2001-03-01")).then(
        {
            "2001-02-01": ("1212.00", "0.00", "0.00"),
            "2001-02-15": ("1212.00", "0.00", "5.66"),
            "2001-02-16": ("1218.06", "0.00", "0.00"),
            "2001-03-01": ("1218.06", "6.09", "0.00"),
        }
    )


# --- principal -------------------------------------------------------------------------------------------------------


EQUAL = 'principal: {kind: equal, every: 1 month, from: 2001-04-01, amount: "100.00"}'


def test_instalments_begin_with_the_schedule_that_an_amendment_brings() -> None:
    replaced = amended("2001-03-15", f"{MONTHLY}, {EQUAL}")
    late = missed("principal", "2001-04-01")
    paid = '- {event: PaymentMade, facility: debt, effective: 2001-04-01, of: principal, amount: "AMOUNT"}\n'
    for amount, left in [("99.99", {"debt/own/debt/principal/2001-04-01": "continuing"}), ("100.00", {})]:
        record = given(debt(MONTHLY), replaced, late, paid.replace("AMOUNT", amount))
        record.when(on("2001-04-01", defaults("debt"))).then(left)


@pytest.mark.parametrize(("paid", "due"), [("100.00", "47.00"), ("99.00", "47.04")])
def test_an_instalment_put_off_by_a_sunday_bears_no_interest_for_it_if_it_is_paid_to_the_cent(
    paid: str, due: str
) -> None:
    rolled = f"{MONTHLY}, {EQUAL}, roll: following, calendar: us, adjust: calculate_then_shift"
    payment = f'- {{event: PaymentMade, facility: debt, effective: 2001-04-02, of: principal, amount: "{paid}"}}\n'
    given(debt(rolled), payment).when(on("2001-05-01", owed("debt", "interest_unpaid"))).then((due,))
