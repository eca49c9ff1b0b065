"""Which fixing of an index rules: the last, that of a lag before, of the interest period, of the last reset."""

from decimal import Decimal
from itertools import pairwise

import pytest

from tests.projections.asking import around, on, on_days, owed, rate
from tests.projections.rate_records import LEVELS, TWO, fact, fixed, lent, line, loan_rate, loans, parts
from tests.spec import given

MONEY = ', principal: "360000.00", day_count: actual/360'
"""One per cent a year is ten a day."""

PERIODS = ", schedule: {interest: {every: 3 months, from: 2001-04-02}}"
IN_THE_YEAR = (
    fixed("2000-12-29", "0.05", "libor") + fixed("2001-02-15", "0.06", "libor") + fixed("2001-04-01", "0.07", "libor")
    + fixed("2001-05-15", "0.04", "libor") + fixed("2001-07-02", "0.03", "libor")
)  # fmt: skip
ONE = 'options: {libor: {index: libor, margin: "0.01", fixed_for_period: true}}'


# --- a lag -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lag", "fixed_on", "first_day"),
    [
        ("{days: 2}", "2001-06-08", "2001-06-10"),
        ("{days: 0}", "2001-06-08", "2001-06-08"),
        ("{business_days: 2, calendar: us}", "2001-06-06", "2001-06-08"),  # a Wednesday
        ("{business_days: 2, calendar: us}", "2001-06-08", "2001-06-12"),  # two business days over a weekend
        ("{business_days: 1, calendar: us}", "2001-06-08", "2001-06-09"),  # on Saturday the last business day is Friday
        ("{business_days: 2, calendar: us}", "2001-06-09", "2001-06-13"),  # fixed on a Saturday
        ("{business_days: 1, calendar: us}", "2001-07-03", "2001-07-04"),
        ("{business_days: 2, calendar: us}", "2001-07-03", "2001-07-06"),  # over Independence Day
    ],
)
def test_a_fixing_counts_from_the_first_day_whose_lag_reaches_back_to_it(
    lag: str, fixed_on: str, first_day: str
) -> None:
    terms = line(f"options: {{prime: {{index: prime, lag: {lag}}}}}", MONEY)
    record = given(terms, fixed("2000-12-01", "0.05"), fixed(fixed_on, "0.06"))
    record.when(around(first_day, rate("line"))).then(("0.05", "0.06", "0.06"))
    accrued = [Decimal(figure or 0) for (figure,) in around(first_day, owed("line", "accrued_interest"))(record.log)]
    assert [later - earlier for earlier, later in pairwise(accrued)] == [50, 60]


def test_at_a_reset_too_the_fixing_of_a_lag_before_it_is_taken() -> None:
    lagged = "options: {libor: {index: libor, lag: {business_days: 2, calendar: us}}}"
    record = given(
        line(lagged + ", resets: {every: 1 month, from: 2001-06-13}"), fixed("2001-06-01", "0.05", "libor"),
        fixed("2001-06-11", "0.06", "libor"), fixed("2001-06-12", "0.07", "libor"),
    )  # fmt: skip
    record.when(around("2001-06-13", rate("line"))).then(("0.05", "0.06", "0.06"))
    record.when(around("2001-07-13", rate("line"))).then(("0.06", "0.07", "0.07"))


# --- the interest period ---------------------------------------------------------------------------------------------


def test_an_index_fixed_for_the_period_keeps_the_level_of_the_day_on_which_the_period_of_the_schedule_began() -> None:
    record = given(line(ONE, MONEY + PERIODS), IN_THE_YEAR)
    record.when(around("2001-02-15", rate("line"))).then(("0.06", "0.06", "0.06"))
    record.when(around("2001-04-02", rate("line"))).then(("0.06", "0.08", "0.08"))
    record.when(around("2001-07-02", rate("line"))).then(("0.08", "0.04", "0.04"))


def test_interest_of_a_period_accrues_at_its_own_fixing_from_its_first_day_to_the_day_before_its_last() -> None:
    record = given(line(ONE, MONEY + PERIODS), IN_THE_YEAR)
    figures = owed("line", "accrued_interest", "interest_unpaid")
    record.when(on_days(figures, "2001-04-01", "2001-04-02", "2001-04-03", "2001-07-02", "2001-07-03")).then(
        {
            "2001-04-01": ("5400.00", "0.00"),
            "2001-04-02": ("0.00", "5460.00"),
            "2001-04-03": ("80.00", "5460.00"),
            "2001-07-02": ("0.00", "12740.00"),
            "2001-07-03": ("40.00", "12740.00"),
        }
    )


def test_the_first_period_begins_where_interest_was_paid_to() -> None:
    terms = line(ONE, MONEY + PERIODS + ", interest_paid_to: 2000-12-15")
    record = given(terms, fixed("2000-12-10", "0.02", "libor"), IN_THE_YEAR)
    record.when(around("2001-01-01", rate("line"))).then((None, "0.03", "0.03"))


@pytest.mark.parametrize(
    ("adjust", "first_day"), [("shift_then_calculate", "2001-04-02"), ("calculate_then_shift", "2001-04-01")]
)
def test_a_due_date_that_is_shifted_ends_the_period_where_the_terms_say_so(adjust: str, first_day: str) -> None:
    rolled = f"interest: {{every: 3 months, from: 2001-04-01}}, roll: following, calendar: us, adjust: {adjust}"
    record = given(line(ONE, f"{MONEY}, schedule: {{{rolled}}}"), IN_THE_YEAR)  # April 1 is a Sunday
    record.when(around(first_day, rate("line"))).then(("0.06", "0.08", "0.08"))


def test_without_a_schedule_and_without_loans_the_first_fixing_rules_for_good() -> None:
    given(line(ONE, MONEY), IN_THE_YEAR).when(on_days(rate("line"), "2001-01-01", "2001-12-31")).then(
        {"2001-01-01": "0.06", "2001-12-31": "0.06"}
    )


def test_of_two_formulas_the_one_fixed_for_the_period_stays_while_the_other_moves() -> None:
    either = "libor: {greater_of: [{index: libor, fixed_for_period: true}, {index: prime}]}"
    record = given(
        line(f"options: {{{either}}}"), fixed("2001-01-01", "0.05", "libor"), fixed("2001-01-01", "0.04"),
        lent("a", "2001-02-01", "option: libor"), fixed("2001-03-01", "0.01", "libor"), fixed("2001-04-01", "0.06"),
    )  # fmt: skip
    record.when(around("2001-03-01", loan_rate("a"))).then(("0.05",) * 3)
    record.when(around("2001-04-01", loan_rate("a"))).then(("0.05", "0.06", "0.06"))


def test_a_loan_whose_period_is_over_has_no_stated_rate_until_it_is_converted() -> None:
    record = given(
        line(TWO), LEVELS, lent("b", "2001-02-01", "option: libor, period_ends: 2001-05-01"),
        fixed("2001-04-15", "0.04", "libor"),
        fact("LoanConverted", "2001-05-03", "loan: b, option: libor, period_ends: 2001-08-03"),
    )  # fmt: skip
    record.when(around("2001-05-01", loan_rate("b"))).then(("0.05", None, None))
    record.when(around("2001-05-03", loan_rate("b"))).then((None, "0.07", "0.07"))
    record.when(around("2001-08-03", loan_rate("b"))).then(("0.07", None, None))


def test_a_loan_that_comes_under_another_option_fixed_for_the_period_has_it_fixed_on_that_day() -> None:
    both = 'options: {a: {index: libor, margin: "0.01"}, b: {index: libor, margin: "0.02", fixed_for_period: true}}'
    closed = """
- {event: AmendmentSigned, facility: line, amendment: close, effective: 2001-03-01, dated: 2001-03-01,
   changes: [{change: close_option, from: 2001-03-01, option: a}]}
"""
    loan = lent("x", "2001-02-01", "option: a, period_ends: 2001-05-01")
    moves = fixed("2001-05-01", "0.04", "libor") + fixed("2001-06-01", "0.09", "libor")
    record = given(line(both), LEVELS, closed, loan, moves)
    record.when(around("2001-05-01", loan_rate("x"))).then(("0.03", "0.06", "0.06"))
    record.when(around("2001-06-01", loan_rate("x"))).then(("0.06", "0.06", "0.06"))


def test_a_loan_under_no_option_in_particular_is_under_the_only_one() -> None:
    record = given(line(ONE), LEVELS, lent("b", "2001-02-01", "period_ends: 2001-05-01"))
    record.when(around("2001-05-01", loans())).then(
        ({"b": ("libor", "0.03")}, {"b": ("libor", None)}, {"b": ("libor", None)})
    )


# --- resets ----------------------------------------------------------------------------------------------------------


ADJUSTABLE = (
    'options: {cmt: {index: cmt, margin: "0.03", floor: "0.02", cap: "0.12"}}, '
    'resets: {every: 1 year, from: 2002-01-01, initial: "0.06", periodic_cap: "0.02", periodic_floor: "0.01"}'
)


def test_a_reset_moves_the_rate_no_further_than_its_bounds_from_the_one_before() -> None:
    levels = "".join(
        fixed(f"{year}-12-15", level, "cmt")
        for year, level in [(2001, "0.09"), (2002, "0.06"), (2003, "0.01"), (2004, "0.01"), (2005, "0.2")]
    )
    record = given(line(ADJUSTABLE), levels)
    record.when(around("2002-01-01", rate("line"))).then(("0.06", "0.08", "0.08"))
    record.when(around("2003-01-01", rate("line"))).then(("0.08", "0.09", "0.09"))
    record.when(around("2004-01-01", rate("line"))).then(("0.09", "0.08", "0.08"))
    record.when(around("2005-01-01", rate("line"))).then(("0.08", "0.07", "0.07"))
    record.when(around("2006-01-01", rate("line"))).then(("0.07", "0.09", "0.09"))
    record.when(on("2006-01-01", parts())).then(
        [
            ("base", "cmt", "0.2", [1, 6]),
            ("margin", None, "0.03", [1]),
            ("cap", None, "-0.11", [1]),
            ("periodic_cap", None, "-0.03", [1]),
        ]
    )


@pytest.mark.parametrize(("adjust", "on_monday"), [("shift_then_calculate", "0.07"), ("calculate_then_shift", "0.06")])
def test_a_reset_on_a_sunday_waits_for_mondays_fixing_only_where_the_period_does(adjust: str, on_monday: str) -> None:
    rolled = f"interest: {{every: 3 months, from: 2001-04-01}}, roll: following, calendar: us, adjust: {adjust}"
    reset = "options: {libor: {index: libor}}, resets: {every: 3 months, from: 2001-04-01}"
    fixed_on_monday = IN_THE_YEAR.replace("2001-04-01", "2001-04-02")
    record = given(line(reset, f"{MONEY}, schedule: {{{rolled}}}"), fixed_on_monday)
    record.when(around("2001-04-02", rate("line"))).then(("0.06", on_monday, on_monday))


def test_after_a_reset_that_is_not_stated_no_bound_can_be_reckoned() -> None:
    record = given(line(ADJUSTABLE.replace('initial: "0.06", ', "")), fixed("2002-06-01", "0.05", "cmt"))
    record.when(on_days(rate("line"), "2002-01-01", "2003-01-01")).then({"2002-01-01": None, "2003-01-01": None})


# --- options opened later, fixings known late ------------------------------------------------------------------------


def opened(option: str, day: str, formula: str) -> str:
    return f"""
- {{event: AmendmentSigned, facility: line, amendment: opens-{option}, effective: {day}, dated: {day},
   changes: [{{change: open_option, from: {day}, option: {option}, rate: {{{formula}}}}}]}}
"""


def test_an_option_opened_by_an_amendment_is_there_for_loans_from_that_day_and_moves_with_its_index() -> None:
    terms = line('options: {prime: {index: prime, margin: "0.01"}}', ', principal: "0.00", day_count: actual/360')
    loan = fact("LoanAdvanced", "2001-03-01", 'loan: b, amount: "360000.00", option: cd')
    record = given(
        terms, fixed("2001-01-01", "0.05"), opened("cd", "2001-02-01", 'index: cd, margin: "0.02"'),
        fixed("2001-01-01", "0.03", "cd"), loan, fixed("2001-03-11", "0.04", "cd"),
    )  # fmt: skip
    record.when(around("2001-03-11", loan_rate("b"))).then(("0.05", "0.06", "0.06"))
    record.when(around("2001-03-11", owed("line", "accrued_interest"))).then((("450.00",), ("500.00",), ("560.00",)))
    record.when(around("2001-02-01", rate("line"))).then(("0.06", None, None))  # two are open, and no loan says which


def test_a_late_fixing_restates_what_accrued_since_its_date_for_those_who_know_of_it() -> None:
    record = given(
        line("options: {prime: {index: prime}}", MONEY), fixed("2001-01-01", "0.05"),
        fact("PaymentMade", "2001-02-01", 'amount: "500.00", of: interest'), fixed("2001-01-21", "0.06"),
    )  # fmt: skip
    accrued = owed("line", "accrued_interest")
    record.when(around("2001-01-21", accrued, known=3)).then((("950.00",), ("1000.00",), ("1050.00",)))
    record.when(around("2001-01-21", accrued, known=4)).then((("950.00",), ("1000.00",), ("1060.00",)))
    record.when(on_days(accrued, "2001-02-01", "2001-02-11", known=3)).then(
        {"2001-02-01": ("1050.00",), "2001-02-11": ("1550.00",)}
    )
    record.when(on_days(accrued, "2001-02-01", "2001-02-11", known=4)).then(
        {"2001-02-01": ("1160.00",), "2001-02-11": ("1760.00",)}
    )


def test_a_fixing_that_is_voided_leaves_the_one_before_it_for_those_who_know() -> None:
    voided = "- {event: FactVoided, position: 3, reason: Another index was published under this name.}\n"
    record = given(
        line("options: {prime: {index: prime}}"), fixed("2001-01-01", "0.05"), fixed("2001-02-01", "0.06"), voided
    )
    record.when(around("2001-02-01", rate("line"), known=3)).then(("0.05", "0.06", "0.06"))
    record.when(around("2001-02-01", rate("line"), known=4)).then(("0.05", "0.05", "0.05"))
