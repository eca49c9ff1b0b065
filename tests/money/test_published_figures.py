"""Figures that others have published, each with its source, from the record to the cent."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from projections.answer import ScheduleRow
from projections.schedule import schedule
from tests.projections.asking import on, on_days, owed, rate, view
from tests.spec import facts, given, log


def debt(opened: str, principal: str, terms: str) -> str:
    return f"""
- {{event: FacilityOpened, facility: debt, effective: {opened}, name: Debt, borrowers: [mill], currency: USD,
   principal: "{principal}", {terms}}}
"""


def rows(record: str, until: str) -> Iterator[ScheduleRow]:
    written = facts(record)
    return iter(schedule(view(log(*written), str(written[0].effective)), "debt", dt.date.fromisoformat(until)))


def interest(record: str, until: str) -> list[str]:
    """The interest that falls due, period by period."""
    return [str(row.amount) for row in rows(record, until) if row.kind == "interest"]


def payments(record: str, until: str) -> list[tuple[Decimal, Decimal]]:
    """Each payment of principal and interest together, with the principal after it."""
    paid: dict[dt.date, Decimal] = {}
    after: dict[dt.date, Decimal] = {}
    for row in rows(record, until):
        assert row.amount is not None
        assert row.principal is not None
        if row.kind in ("principal", "interest"):
            paid[row.date] = paid.get(row.date, Decimal(0)) + row.amount
            after[row.date] = row.principal
    return [(paid[day], after[day]) for day in paid]


# --- actual/actual ---------------------------------------------------------------------------------------------------

ISDA_MEMO = {
    # opened, matures, the interest schedule, and the interest of each period by ISDA's rule and by ICMA's
    "regular period": (
        "2003-11-01", "2004-05-01", "every: 6 months, from: 2004-05-01", ["497.72"], ["500.00"],
    ),
    "short first period": (
        "1999-02-01", "2000-07-01", "every: 1 year, from: 1999-07-01", ["410.96", "1001.38"], ["410.96", "1000.00"],
    ),
    "long first period": (
        "2002-08-15", "2004-01-15", "every: 6 months, from: 2003-07-15", ["915.07", "504.00"], ["915.76", "500.00"],
    ),
    "short last period": (
        "1999-07-30", "2000-06-30", "every: 6 months, from: 2000-01-30", ["503.89", "415.30"], ["500.00", "417.58"],
    ),
    "long last period": (
        "1999-11-30", "2000-04-30", "every: 3 months, from: 1999-11-30, stub: long", ["415.54"], ["415.76"],
    ),
}  # fmt: skip
"""ISDA, "EMU and Market Conventions: Recent Developments" (1998), and "The Actual/Actual Day Count Fraction" (1999):
10,000 at 10%, by the rule of the 1991 ISDA Definitions and by ISMA's, which is now ICMA's."""


@pytest.mark.parametrize("case", ISDA_MEMO)
def test_actual_over_actual_comes_to_what_isda_worked_out_when_the_euro_came(case: str) -> None:
    opened, matures, recurring, by_isda, by_icma = ISDA_MEMO[case]
    for day_count, published in [("ISDA", by_isda), ("ICMA", by_icma)]:
        terms = f"""matures: {matures}, rate: {{fixed: "0.1"}}, day_count: actual/actual {day_count},
          schedule: {{interest: {{{recurring}}}, end_of_month: true}}"""
        assert interest(debt(opened, "10000.00", terms), matures) == published


def test_interest_on_treasury_notes_is_what_the_treasury_says() -> None:
    """31 CFR part 356, appendix B, section I: a half-year at 8%; accrued over one half-year, and over parts of two."""
    half_yearly = "day_count: actual/actual ICMA, schedule: {interest: {every: 6 months, from: FROM}}"
    regular = 'rate: {fixed: "0.08"}, ' + half_yearly.replace("FROM", "2001-08-15")
    assert interest(debt("2001-02-15", "1000.00", regular), "2001-08-15") == ["40.00"]
    one = 'rate: {fixed: "0.0675"}, ' + half_yearly.replace("FROM", "2000-11-15")
    given(debt("2000-05-15", "150000.00", one)).when(
        on("2000-08-15", owed("debt", "accrued_interest", "interest_per_1000"))
    ).then(("2531.25", "16.8750"))
    two = 'rate: {fixed: "0.1075"}, ' + half_yearly.replace("FROM", "1986-02-15")
    given(debt("1985-07-02", "11000.00", two)).when(
        on("1985-11-04", owed("debt", "accrued_interest", "interest_per_1000"))
    ).then(("404.01", "36.7280"))


# --- level payments --------------------------------------------------------------------------------------------------

LEVEL_PAYMENTS = [
    # principal, rate, months, rounding, the payment published, and where
    ("162000.00", "0.03875", 360, "half_up", "761.78", "CFPB, sample Closing Disclosure H-25(B)"),
    ("1000000.00", "0.12", 360, "half_up", "10286.13", "Geltner et al., Commercial Real Estate, exhibit 20-6"),
    ("563.00", "0.12", 5, "half_up", "116.00", "Goldstein et al., Finite Mathematics, 12th ed., section 10.3, table 1"),
    ("132650.00", "0.048", 360, "half_up", "695.97", "OpenStax, Contemporary Mathematics, example 6.110"),
    ("28500.00", "0.0399", 60, "up", "524.75", "OpenStax, Contemporary Mathematics, section 6.8, always rounded up"),
    ("136700.00", "0.0575", 180, "up", "1135.18", "OpenStax, Contemporary Mathematics, section 6.8, always rounded up"),
]


def monthly(months: int, rest: str = "") -> str:
    """A loan of the first of January 2001 that is paid off each month; thirty days a month."""
    matures = dt.date(2001 + months // 12, 1 + months % 12, 1)
    recurring = "every: 1 month, from: 2001-02-01"
    return f"""matures: {matures}, day_count: 30/360 US,
      schedule: {{interest: {{{recurring}}}, principal: {{kind: annuity, {recurring}}}}}{rest}"""


@pytest.mark.parametrize(("principal", "rate_a_year", "months", "rounding", "published", "source"), LEVEL_PAYMENTS)
def test_a_level_payment_is_the_one_that_is_published(
    principal: str, rate_a_year: str, months: int, rounding: str, published: str, source: str
) -> None:
    terms = monthly(months, f', rate: {{fixed: "{rate_a_year}"}}, rounding: {rounding}')
    (payment, _), *_ = payments(debt("2001-01-01", principal, terms), "2001-02-01")
    assert str(payment) == published, source


def test_a_payment_is_worked_out_anew_as_the_rate_of_a_loan_steps_up() -> None:
    """Texas Instruments, BA Real Estate guidebook (1999), "Adjustable Rate Mortgage": 6%, 8% and 10% in three years."""
    steps = '{from: 2001-01-01, rate: "0.06"}, {from: 2002-01-01, rate: "0.08"}, {from: 2003-01-01, rate: "0.1"}'
    paid = payments(debt("2001-01-01", "100000.00", monthly(360, f", rate: {{steps: [{steps}]}}")), "2004-01-01")
    assert [str(paid[month][0]) for month in (11, 23, 35)] == ["599.55", "730.86", "869.05"]
    assert [str(paid[month][1]) for month in (11, 23, 35)] == ["98772.00", "97870.87", "97199.12"]


REGULATION_Z = debt(
    "1982-07-01",
    "10000.00",
    """matures: 2012-07-01, day_count: 30/360 US,
   rate: {options: {treasury: {index: treasury-1y, margin: "0.03", floor: "0.1241", cap: "0.2241"}},
     resets: {every: 1 year, from: 1983-07-01, initial: "0.1741", periodic_cap: "0.02", periodic_floor: "0.02"}},
   schedule: {interest: {every: 1 month, from: 1982-08-01},
     principal: {kind: annuity, every: 1 month, from: 1982-08-01}}""",
) + "".join(
    f'- {{event: IndexFixed, index: treasury-1y, effective: {year}-07-01, rate: "{level}"}}\n'
    for year, level in [(1983, "0.0978"), (1984, "0.1217"), (1985, "0.0766"), (1986, "0.0636")]
)
"""Regulation Z, 12 CFR part 1026, appendix H, sample H-14: a year's payments at the one-year Treasury and three points,
moved by two points a year at most and by five over all; its first five years."""


def test_an_adjustable_rate_mortgage_moves_as_in_the_sample_of_regulation_z() -> None:
    rates: dict[str, str | None] = {
        "1982-07-01": "0.1741", "1983-06-30": "0.1741", "1983-07-01": "0.1541", "1984-07-01": "0.1517",
        "1985-07-01": "0.1317", "1986-07-01": "0.1241",
    }  # fmt: skip
    given(REGULATION_Z).when(on_days(rate("debt"), *rates)).then(rates)
    paid = payments(REGULATION_Z, "1987-07-01")
    at_the_end_of_each_year = [(str(paid[month][0]), str(paid[month][1])) for month in range(11, 60, 12)]
    assert at_the_end_of_each_year == [
        ("145.90", "9989.37"),
        ("129.81", "9969.66"),
        ("127.91", "9945.51"),
        ("112.43", "9903.70"),
        ("106.73", "9848.94"),
    ]


def test_a_balloon_on_actual_days_is_what_the_guide_of_fannie_mae_says() -> None:
    """Fannie Mae, Multifamily Guide, section 1103, Tier 2 SARM loan: ten years of a payment that takes thirty.

    The guide carries the payment unrounded, which by the end comes to seven cents.
    """
    recurring = "every: 1 month, from: 2019-01-01"
    terms = f"""matures: 2028-12-01, rate: {{fixed: "0.055"}}, day_count: actual/360,
      schedule: {{interest: {{{recurring}}}, principal: {{kind: annuity, {recurring}, amount: "141947.25"}}}}"""
    *before, (last_interest, left) = payments(debt("2018-12-01", "25000000.00", terms), "2028-12-01")
    assert len(before) == 119
    assert {payment for payment, _ in before} == {Decimal("141947.25")}
    balloon = left - (Decimal("141947.25") - last_interest)
    assert abs(balloon - Decimal("20885505.83")) <= Decimal("0.07")
