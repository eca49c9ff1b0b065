"""Payments: to which loan and due they go, ahead of it too; and what they leave where nothing says how much was due."""

import pytest

from tests.projections.asking import around, defaults, facility, findings, on, on_days, owed, payment
from tests.spec import given


def notes(**terms: str) -> str:
    """Notes of 1,000,000 at 12 % on 30/360, so that a month is 10,000.00; other terms as given."""
    stated = {
        "currency": "USD",
        "principal": '"1000000.00"',
        "rate": '{fixed: "0.12"}',
        "day_count": "30/360 US",
        "clauses": "[{clause: own, kind: payment, heals: automatically}]",
        **terms,
    }
    written = ", ".join(f"{name}: {value}" for name, value in stated.items() if value)
    return f"""
- {{event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, borrowers: [mill], {written}}}
"""


def fact(event: str, day: str, rest: str) -> str:
    return f"- {{event: {event}, facility: notes, effective: {day}, {rest}}}\n"


def missed(day: str, of: str = "interest", rest: str = "") -> str:
    return fact("PaymentMissed", day, f"of: {of}, due: {day}{rest}")


def paid(day: str, amount: str, rest: str = "") -> str:
    return fact("PaymentMade", day, f'amount: "{amount}"{rest}')


def fee(name: str, day: str, amount: str = "500.00") -> str:
    return fact("FeeAgreed", day, f'fee: {name}, kind: waiver, amount: "{amount}", earned: {day}')


HALF_YEARLY = "{interest: {every: 6 months, from: 2001-07-01}}"
MONTHLY = "{interest: {every: 1 month, from: 2001-02-01}}"


# --- loans -----------------------------------------------------------------------------------------------------------


def amounts(seen: object) -> dict[str, str]:
    rates = facility("notes")(seen).rates  # type: ignore[arg-type]
    return {each.loan: format(each.amount, "f") for each in rates if each.amount is not None}


LOANS = "".join(fact("LoanAdvanced", "2001-01-01", f'loan: {name}, amount: "300.00"') for name in ("a", "b"))


@pytest.mark.parametrize(
    ("loan", "left"),
    [
        ("", {"a": "100.00", "b": "300.00"}),
        (", loan: a", {"b": "300.00"}),
        (", loan: b", {"a": "200.00"}),
    ],
)
def test_a_payment_goes_to_its_loan_then_to_what_is_under_none_then_to_the_oldest(
    loan: str, left: dict[str, str]
) -> None:
    principal = {"": "200.00", ", loan: a": "100.00", ", loan: b": "0.00"}[loan]
    record = given(notes(principal=f'"{principal}"'), LOANS, paid("2001-01-01", "400.00", f", of: principal{loan}"))
    record.when(on("2001-01-01", amounts)).then(left)


def test_a_balance_stated_below_the_loans_takes_the_difference_off_them_and_one_above_is_under_none() -> None:
    loan = fact("LoanAdvanced", "2001-01-01", 'loan: a, amount: "300.00"')
    for stated, left in [("299.50", "299.50"), ("300.00", "300.00"), ("300.50", "300.00")]:
        balance = fact("BalanceStated", "2001-02-01", f'principal: "{stated}"')
        record = given(notes(principal='"0.00"'), loan, balance)
        record.when(on("2001-02-01", amounts)).then({"a": left})
        record.when(on("2001-02-01", owed("notes", "principal"))).then((stated,))


def test_a_balance_stated_pays_principal_that_was_missed_only_where_nothing_is_left() -> None:
    due = missed("2001-05-10", "principal", ', amount: "400.00"')
    for stated, state in [("0.00", "cured"), ("600.00", "continuing")]:
        record = given(notes(), due, fact("BalanceStated", "2001-06-01", f'principal: "{stated}"'))
        record.when(on("2001-06-01", defaults("notes"))).then({"notes/own/notes/principal/2001-05-10": state})


# --- ahead -----------------------------------------------------------------------------------------------------------


def test_interest_paid_ahead_in_parts_is_taken_off_what_falls_due() -> None:
    record = given(
        notes(schedule=HALF_YEARLY), paid("2001-01-11", "3000.00", ", of: interest"),
        paid("2001-01-21", "2000.00", ", of: interest"),
    )  # fmt: skip
    record.when(around("2001-07-01", owed("notes", "interest_unpaid", "accrued_interest"))).then(
        (("0.00", "54666.67"), ("55000.00", "0.00"), ("55000.00", "333.33"))
    )


# --- what the record leaves open -------------------------------------------------------------------------------------


def test_a_day_before_is_as_it_was_though_a_later_one_was_asked_about_first() -> None:
    record = given(
        notes(schedule=MONTHLY, commitment='"2000000.00"',
              recurring_fees='[{fee: unused, rate: "0.0036", every: 1 month, from: 2001-02-01}]'),
        fee("consent", "2001-01-15"), fact("PaymentMade", "2001-03-15", 'amount: "10000.00", of: interest'),
        "- {event: FeeSettled, fee: consent, effective: 2001-03-15, how: paid}\n",
    )  # fmt: skip
    figures = owed("notes", "interest_unpaid", "fees")
    record.when(on_days(figures, "2001-04-01", "2001-03-15", "2001-03-14", "2001-02-11", "2001-01-31")).then(
        {
            "2001-04-01": ("20000.00", "900.00"),
            "2001-03-15": ("10000.00", "740.00"),
            "2001-03-14": ("20000.00", "1230.00"),
            "2001-02-11": ("10000.00", "900.00"),
            "2001-01-31": ("0.00", "800.00"),
        }
    )


INTEREST_FIRST = "[interest, fees, principal]"


def test_a_payment_whose_share_for_interest_is_not_stated_leaves_fees_not_stated_but_those_settled() -> None:
    record = given(
        notes(rate="", application=INTEREST_FIRST), missed("2001-07-01"), fee("first", "2001-02-01"),
        "- {event: FeeSettled, fee: first, effective: 2001-02-15, how: paid}\n",
        paid("2001-07-15", "100.00"), fee("second", "2001-08-01"), paid("2001-08-15", "100.00"),
    )  # fmt: skip
    record.when(around("2001-07-15", owed("notes", "fees"))).then((("0.00",),) * 3)
    record.when(around("2001-08-15", owed("notes", "fees"))).then((("500.00",), (None,), (None,)))


def test_such_a_payment_leaves_open_whether_principal_that_was_missed_is_paid_and_a_finding_asks() -> None:
    principal = missed("2001-07-01", "principal", ', amount: "400.00"')
    opened = notes(rate="", application=INTEREST_FIRST)
    papers = (opened, missed("2001-07-01"), principal, paid("2001-07-15", "9.00"))
    record = given(*papers)
    record.when(on("2001-07-15", owed("notes", "principal"))).then((None,))
    record.when(on("2001-07-15", defaults("notes"))).then(
        {"notes/own/notes/interest/2001-07-01": "continuing", "notes/own/notes/principal/2001-07-01": "continuing"}
    )
    record.when(on("2001-07-15", lambda seen: [each.facts for each in findings("amount_not_stated")(seen)])).then(
        [(2, 4), (3, 4)]
    )
    whole = paid("2001-08-01", "400.00", ", of: principal")
    given(*papers, whole).when(on("2001-08-01", payment("notes"))).then("past_due")


def test_interest_per_1000_is_not_stated_where_overdue_interest_bears_interest_or_some_was_paid_ahead() -> None:
    terms = {"principal": "", "schedule": HALF_YEARLY}
    per_1000 = owed("notes", "interest_per_1000")
    given(notes(**terms, interest_on_overdue="true")).when(around("2001-07-01", per_1000)).then(
        (("59.6667",), (None,), (None,))
    )
    given(notes(**terms), paid("2001-02-01", "5.00", ", of: interest")).when(around("2001-02-01", per_1000)).then(
        (("10.0000",), (None,), (None,))
    )


def test_a_share_for_interest_is_first_taken_off_a_payment_for_the_part_that_was_made_due() -> None:
    act = fact(
        "ActTaken", "2001-06-01", 'act: call, by: holder, seeks: acceleration, accelerates: true, amount: "400.00"'
    )
    for amount, lifted in [("489.99", False), ("490.00", True)]:
        record = given(notes(rate=""), missed("2001-05-10", rest=', amount: "90.00"'), act, paid("2001-07-01", amount))
        record.when(on("2001-07-01", lambda seen: facility("notes")(seen).legal != "accelerated")).then(lifted)


def test_interest_stated_as_accrued_is_owed_beside_what_accrues_since() -> None:
    stated = fact("BalanceStated", "2001-02-01", 'accrued_interest: "4000.00"')
    given(notes(), stated).when(around("2001-02-01", owed("notes", "accrued_interest"))).then(
        (("10000.00",), ("4000.00",), ("4333.33",))
    )
