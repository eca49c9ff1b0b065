"""Schedules, from the record to what falls due, laid beside the same debts worked out with QuantLib."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.schedule import schedule
from tests.money import by_quantlib
from tests.money.by_quantlib import Debt, Kind, Row
from tests.projections.asking import view
from tests.spec import facts, log


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def listed(debt: Debt, *texts: str) -> list[Row]:
    """The lines that `asof schedule` gives of a debt, or of another record, but for the advance and the resets."""
    seen = view(log(*(each for text in texts or [debt.record()] for each in facts(text))), str(debt.opened))
    return [
        (row.date, row.kind, row.amount, row.principal)
        for row in schedule(seen, "debt", debt.matures)
        if row.kind not in ("advance", "rate_reset") and row.amount is not None and row.principal is not None
    ]


TWO_YEARS = Debt(day("2003-10-31"), day("2005-10-31"), day("2004-01-31"), months=3)
MONTHLY = Debt(day("2003-12-15"), day("2005-03-15"), day("2004-01-15"), day_count="30/360 US")
RISING = (
    (dt.date.min, Decimal("0.05")),
    (day("2004-02-29"), Decimal("0.0675")),
    (day("2004-09-10"), Decimal("0.0925")),
)

SHAPES = {
    "bullet": TWO_YEARS,
    "equal principal": replace(TWO_YEARS, kind="equal"),
    "annuity": replace(MONTHLY, kind="annuity"),
    "annuity of a stated amount": replace(MONTHLY, kind="annuity", amount=Decimal("40000.00")),
    "negative amortisation": replace(MONTHLY, kind="annuity", amount=Decimal("5000.00")),
    "negative amortisation as the rate rises": replace(
        MONTHLY, kind="annuity", amount=Decimal("5000.00"), rates=RISING
    ),
    "interest capitalised throughout": replace(TWO_YEARS, capitalise_until=day("2005-10-31")),
    "interest capitalised to a due date": replace(TWO_YEARS, capitalise_until=day("2004-07-31")),
    "interest capitalised to a day between": replace(TWO_YEARS, capitalise_until=day("2004-09-20")),
    "rate that steps between due dates": replace(TWO_YEARS, rates=RISING),
    "irregular instalments": replace(
        TWO_YEARS,
        kind="listed",
        listed=(
            (day("2004-01-31"), Decimal("125000.00")),
            (day("2004-05-30"), Decimal("80000.50")),
            (day("2004-08-14"), Decimal("33333.33")),
            (day("2005-07-31"), Decimal("500000.00")),
        ),
    ),
    "short first period": replace(TWO_YEARS, first=day("2003-11-30")),
    "long first period": replace(TWO_YEARS, first=day("2004-04-30")),
    "short last period": replace(TWO_YEARS, matures=day("2005-09-20")),
    "long last period": replace(TWO_YEARS, matures=day("2005-09-20"), stub="long"),
    "long last period of an annuity": replace(MONTHLY, kind="annuity", matures=day("2005-03-03"), stub="long"),
}

BUSINESS_DAYS: dict[str, dict[str, Any]] = {
    "every day counts": {},
    "ends of months": {"end_of_month": True},
    "following": {"roll": "following", "calendar": "us"},
    "modified following": {"roll": "modified_following", "calendar": "us", "end_of_month": True},
    "preceding": {"roll": "preceding", "calendar": "weekdays"},
    "modified preceding": {"roll": "modified_preceding", "calendar": "us"},
    "following, calculated before": {"roll": "following", "calendar": "us", "adjust": "calculate_then_shift"},
    "preceding, calculated before": {"roll": "preceding", "calendar": "us", "adjust": "calculate_then_shift"},
}


@pytest.mark.parametrize("business_days", BUSINESS_DAYS)
@pytest.mark.parametrize("shape", SHAPES)
def test_each_kind_of_schedule_is_to_the_cent_what_quantlib_makes_of_it(shape: str, business_days: str) -> None:
    debt = replace(SHAPES[shape], **BUSINESS_DAYS[business_days])
    assert listed(debt) == by_quantlib.schedule(debt)


@pytest.mark.parametrize("day_count", by_quantlib.DAY_COUNTS)
@pytest.mark.parametrize("shape", ["equal principal", "rate that steps between due dates", "irregular instalments"])
def test_each_day_count_accrues_to_the_cent_what_quantlib_does(shape: str, day_count: str) -> None:
    debt = replace(SHAPES[shape], day_count=day_count)
    assert listed(debt) == by_quantlib.schedule(debt)


def test_a_loan_without_an_end_falls_due_when_it_is_called_and_before_that_only_its_interest_does() -> None:
    called = replace(TWO_YEARS, matures=day("2005-03-03"))
    open_ended = called.record().replace(f"matures: {called.matures}", "on_call: {days: 10}")
    notice = "- {event: NoticeGiven, facility: debt, effective: 2005-02-21, of: call, received: 2005-02-21}"
    *before, interest, maturity = by_quantlib.schedule(called)
    assert listed(called, open_ended, notice) == [*before, interest, maturity]
    later = by_quantlib.schedule(replace(called, matures=day("2005-03-04")))[: len(before)]
    assert listed(called, open_ended) == before == later


@pytest.mark.parametrize("day_count", [*by_quantlib.DAY_COUNTS, "actual/actual ICMA"])
@pytest.mark.parametrize("opened", ["2003-10-31", "2003-10-30", "2004-01-17"])
def test_on_every_day_what_has_accrued_is_what_quantlib_says_first_day_in_and_last_day_out(
    day_count: str, opened: str
) -> None:
    ends_months = opened == "2003-10-31"
    debt = replace(
        TWO_YEARS, opened=day(opened), day_count=day_count, months=6, first=day("2004-04-30"), end_of_month=ends_months
    )
    seen = view(log(*facts(debt.record())), str(debt.opened))
    books = seen.timelines["debt"].books["debt"]
    for number in range(0, 500, 3):
        asked = debt.opened + dt.timedelta(days=number)
        ours = books.money(books.accrued(books.on(asked), asked))
        assert ours == by_quantlib.accrued(debt, asked), asked


CENTS = st.integers(100_00, 50_000_000_00).map(lambda cents: Decimal(cents) / 100)
RATES = st.integers(1, 2500).map(lambda points: Decimal(points) / 10_000)


@st.composite
def debts(draw: st.DrawFn) -> Debt:
    """Debts of any kind, over any days, with up to two changes of their rate."""
    opened = draw(st.dates(day("1995-01-01"), day("2024-12-31")))
    months = draw(st.sampled_from([1, 3, 6, 12]))
    first = opened + dt.timedelta(days=draw(st.integers(20, 400)))
    matures = first + dt.timedelta(days=draw(st.integers(40, 1500)))
    steps = sorted(draw(st.lists(st.dates(opened + dt.timedelta(days=1), matures), max_size=2, unique=True)))
    kind: Kind = draw(st.sampled_from(["bullet", "equal", "annuity"]))
    until = st.none() | st.dates(opened + dt.timedelta(days=1), matures)
    return Debt(
        opened, matures, first, months,
        principal=draw(CENTS),
        rates=[(each, draw(RATES)) for each in [dt.date.min, *(steps if kind != "annuity" else [])]],
        day_count=draw(st.sampled_from(sorted(by_quantlib.DAY_COUNTS))),
        kind=kind,
        capitalise_until=draw(until) if kind == "bullet" else None,
        stub=draw(st.sampled_from(["short", "long"])),
        roll=draw(st.sampled_from(sorted(by_quantlib.ROLLS))),
        adjust=draw(st.sampled_from(["shift_then_calculate", "calculate_then_shift"])),
        calendar=draw(st.sampled_from(sorted(by_quantlib.CALENDARS))),
        end_of_month=draw(st.booleans()),
    )  # fmt: skip


@given(debt=debts())
@settings(max_examples=30)
def test_any_schedule_is_to_the_cent_what_quantlib_makes_of_it(debt: Debt) -> None:
    assert listed(debt) == by_quantlib.schedule(debt)


def paid_as_it_falls_due(rows: list[Row]) -> str:
    """The payments that a schedule asks for, as a record."""
    payments: dict[tuple[dt.date, str], Decimal] = {}
    for on, kind, amount, _ in rows:
        of = "interest" if kind == "interest" or amount < 0 else "principal"  # an instalment may fall short of interest
        if kind != "capitalised":
            payments[on, of] = payments.get((on, of), Decimal(0)) + amount
    return "".join(
        f'- {{event: PaymentMade, facility: debt, effective: {on}, amount: "{amount}", of: {of}}}\n'
        for (on, of), amount in payments.items()
        if amount
    )


@given(debt=debts())
@settings(max_examples=30)
def test_a_debt_paid_as_quantlib_schedules_it_owes_nothing_on_any_due_date_but_its_principal(debt: Debt) -> None:
    rows = by_quantlib.schedule(debt)
    written = debt.record(), paid_as_it_falls_due(rows)
    books = (
        view(log(*(each for text in written for each in facts(text))), str(debt.opened)).timelines["debt"].books["debt"]
    )
    left = {on: principal for on, _, _, principal in rows}
    for on, principal in left.items():
        page = books.on(on)
        assert (page.outstanding, page.interest_unpaid) == (principal, Decimal(0))
        assert (page.credit, page.unapplied) == (Decimal(0), Decimal(0))
    assert listed(debt, *written) == rows
