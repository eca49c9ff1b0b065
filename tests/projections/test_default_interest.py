"""Default interest to the cent: on all, on an excess alone, by election, under a formula of its own, capped."""

import pytest

from tests.projections.asking import around, on, on_days, owed, rate
from tests.projections.rate_records import (
    BREACH,
    CLAUSE,
    LEVELS,
    PRIME,
    TWO,
    default_rate,
    fact,
    fixed,
    lent,
    line,
    loan_rate,
    parts,
)
from tests.spec import given

MONEY = ', principal: "360000.00", day_count: actual/360'
"""One per cent a year is ten a day."""

ACCRUED = owed("line", "accrued_interest")


def terms(default: str, more: str = "", base: str = 'fixed: "0.08"') -> str:
    return line(f"{base}, default: {{{default}}}", CLAUSE + MONEY + more)


def elected(day: str, rest: str = "") -> str:
    return fact("DefaultRateElected", day, rest)


# --- on all ----------------------------------------------------------------------------------------------------------


def test_default_interest_runs_from_the_day_on_which_its_ground_arises() -> None:
    record = given(terms('uplift: "0.02"'), BREACH)
    record.when(around("2001-06-30", ACCRUED)).then((("14320.00",), ("14400.00",), ("14500.00",)))


def test_default_interest_runs_up_to_the_day_on_which_its_ground_is_gone() -> None:
    healed = fact("CovenantTested", "2001-09-30", "covenant: leverage, test_date: 2001-09-30, met: true")
    record = given(terms('uplift: "0.02"'), BREACH, healed)
    record.when(around("2001-09-30", ACCRUED)).then((("23500.00",), ("23600.00",), ("23680.00",)))


def test_a_formula_of_its_own_moves_with_its_own_index() -> None:
    record = given(
        terms('options: {base: {index: base, margin: "0.03"}}', base=PRIME), fixed("2001-01-01", "0.05"),
        fixed("2001-01-01", "0.06", "base"), fixed("2001-07-10", "0.07", "base"), BREACH,
    )  # fmt: skip
    record.when(around("2001-06-30", rate("line"))).then(("0.06", "0.09", "0.09"))
    record.when(around("2001-07-10", ACCRUED)).then((("11610.00",), ("11700.00",), ("11800.00",)))


def test_a_default_formula_may_be_lower_than_the_contract_rate_and_then_lowers_what_accrues() -> None:
    record = given(terms('fixed: "0.07"'), BREACH)
    record.when(around("2001-06-30", ACCRUED)).then((("14320.00",), ("14400.00",), ("14470.00",)))


@pytest.mark.parametrize("base", [PRIME, TWO])
def test_an_uplift_on_a_rate_that_is_not_stated_is_not_stated_either(base: str) -> None:
    record = given(line(f'{base}, default: {{uplift: "0.02"}}', CLAUSE), BREACH)
    record.when(around("2001-06-30", rate("line"))).then((None,) * 3)
    record.when(on("2001-06-30", default_rate())).then((None, True, ("event_of_default",)))
    record.when(on("2001-06-30", lambda seen: parts()(seen)[-1])).then(("default_uplift", None, "0.02", [1]))


# --- of a loan -------------------------------------------------------------------------------------------------------


def test_each_loan_bears_the_default_formula_of_its_own_option() -> None:
    libor = '{index: libor, margin: "0.06", fixed_for_period: true}'
    each = f'options: {{prime: {{index: prime, margin: "0.04"}}, libor: {libor}}}'
    record = given(
        line(f"{TWO}, default: {{{each}}}", CLAUSE), LEVELS, lent("a", "2001-02-01", "option: prime"),
        lent("b", "2001-02-01", "option: libor"), fixed("2001-03-01", "0.03", "libor"), BREACH,
    )  # fmt: skip
    record.when(around("2001-06-30", loan_rate("a"))).then(("0.06", "0.09", "0.09"))
    record.when(around("2001-06-30", loan_rate("b"))).then(("0.05", "0.08", "0.08"))
    record.when(on("2001-06-30", default_rate())).then((None, True, ("event_of_default",)))


def test_a_default_rate_of_one_formula_is_that_of_every_loan() -> None:
    record = given(
        line(f'{TWO}, default: {{options: {{prime: {{index: prime, margin: "0.02"}}}}}}', CLAUSE), LEVELS,
        lent("a", "2001-02-01", "option: prime"), lent("b", "2001-02-01", "option: libor"), BREACH,
    )  # fmt: skip
    record.when(around("2001-06-30", loan_rate("a"))).then(("0.06", "0.07", "0.07"))
    record.when(around("2001-06-30", loan_rate("b"))).then(("0.05", "0.07", "0.07"))
    record.when(on("2001-06-29", default_rate())).then(("0.07", False, ()))


def test_a_loan_that_runs_off_under_a_closed_option_bears_the_default_formula_of_that_option() -> None:
    each = 'options: {prime: {index: prime, margin: "0.04"}, libor: {index: libor, margin: "0.06"}}'
    closed = """
- {event: AmendmentSigned, facility: line, amendment: close, effective: 2001-06-01, dated: 2001-06-01,
   changes: [{change: close_option, from: 2001-06-01, option: libor}]}
"""
    loan = lent("b", "2001-05-01", "option: libor, period_ends: 2001-07-15")
    record = given(line(f"{TWO}, default: {{{each}}}", CLAUSE), LEVELS, closed, loan, BREACH)
    record.when(around("2001-06-30", loan_rate("b"))).then(("0.05", "0.08", "0.08"))
    record.when(around("2001-07-15", loan_rate("b"))).then(("0.08", "0.09", "0.09"))
    record.when(on("2001-06-30", default_rate())).then(("0.09", True, ("event_of_default",)))


# --- at the lender's option ------------------------------------------------------------------------------------------


ELECTIVE = terms('uplift: "0.02", charged: at_lenders_option')


def test_interest_at_the_default_rate_is_owed_over_the_dates_elected_and_no_others() -> None:
    record = given(ELECTIVE, BREACH, elected("2001-07-10"), fact("DefaultRateEnded", "2001-07-20"))
    record.when(around("2001-07-10", ACCRUED)).then((("15120.00",), ("15200.00",), ("15300.00",)))
    record.when(around("2001-07-20", ACCRUED)).then((("16100.00",), ("16200.00",), ("16280.00",)))


def test_an_election_that_reaches_back_restates_what_had_accrued_for_those_who_know_of_it() -> None:
    record = given(ELECTIVE, BREACH, elected("2001-07-20", "from: 2001-06-30"))
    record.when(around("2001-07-10", ACCRUED, known=2)).then((("15120.00",), ("15200.00",), ("15280.00",)))
    record.when(around("2001-07-10", ACCRUED, known=3)).then((("15300.00",), ("15400.00",), ("15500.00",)))


def test_an_election_reaches_no_further_back_than_its_ground() -> None:
    record = given(ELECTIVE, BREACH, elected("2001-07-20", "from: 2001-01-01"))
    record.when(around("2001-06-30", ACCRUED)).then((("14320.00",), ("14400.00",), ("14500.00",)))


def test_elections_may_follow_one_another_and_each_runs_to_its_own_end() -> None:
    record = given(
        ELECTIVE, BREACH, elected("2001-07-01"), fact("DefaultRateEnded", "2001-07-11"),
        elected("2001-07-21"), fact("DefaultRateEnded", "2001-07-31"),
    )  # fmt: skip
    charged = on_days(rate("line"), "2001-07-10", "2001-07-11", "2001-07-20", "2001-07-21", "2001-07-30", "2001-07-31")
    record.when(charged).then(
        {"2001-07-10": "0.1", "2001-07-11": "0.08", "2001-07-20": "0.08",
         "2001-07-21": "0.1", "2001-07-30": "0.1", "2001-07-31": "0.08"}
    )  # fmt: skip
    record.when(around("2001-07-31", ACCRUED)).then((("17180.00",), ("17280.00",), ("17360.00",)))


# --- on an excess alone ----------------------------------------------------------------------------------------------


def with_excess(rest: str = 'uplift: "0.02", notice_days: 3', more: str = "") -> str:
    return (
        terms(f"{rest}, grounds: [excess]", more)
        + fact("AvailabilityReported", "2001-06-01", 'available: "324000.00"')
        + fact("ExcessNotified", "2001-06-04")  # a Monday
    )


def test_on_an_excess_the_default_rate_runs_on_the_excess_alone_once_the_days_of_notice_are_over() -> None:
    record = given(with_excess())
    record.when(around("2001-06-08", ACCRUED)).then((("12560.00",), ("12640.00",), ("12722.00",)))
    record.when(around("2001-06-08", rate("line"))).then(("0.08",) * 3)
    record.when(around("2001-06-08", default_rate())).then(
        (("0.1", False, ()), ("0.1", True, ("excess",)), ("0.1", True, ("excess",)))
    )


def test_without_notice_days_an_excess_bears_the_default_rate_from_the_day_on_which_it_arises() -> None:
    record = given(with_excess('uplift: "0.02"'))
    record.when(around("2001-06-01", ACCRUED)).then((("12000.00",), ("12080.00",), ("12162.00",)))


def test_the_part_that_is_in_excess_moves_with_what_is_available_and_what_is_owed() -> None:
    record = given(
        with_excess(), fact("AvailabilityReported", "2001-06-10", 'available: "288000.00"'),
        fact("PaymentMade", "2001-06-12", 'amount: "36000.00", of: principal'),
    )  # fmt: skip
    record.when(on_days(ACCRUED, "2001-06-10", "2001-06-11", "2001-06-12", "2001-06-13")).then(
        {"2001-06-10": ("12804.00",), "2001-06-11": ("12888.00",),
         "2001-06-12": ("12972.00",), "2001-06-13": ("13046.00",)}
    )  # fmt: skip


def test_an_excess_that_arises_again_needs_a_notice_of_its_own() -> None:
    again = (
        fact("PaymentMade", "2001-06-12", 'amount: "36000.00", of: principal')
        + fact("LoanAdvanced", "2001-06-20", 'loan: a, amount: "36000.00"')
    )  # fmt: skip
    days = on_days(default_rate(), "2001-06-11", "2001-06-12", "2001-06-20", "2001-06-29")
    given(with_excess(), again).when(days).then(
        {"2001-06-11": ("0.1", True, ("excess",)), "2001-06-12": ("0.1", False, ()),
         "2001-06-20": ("0.1", False, ()), "2001-06-29": ("0.1", False, ())}
    )  # fmt: skip
    given(with_excess(), again, fact("ExcessNotified", "2001-06-22")).when(around("2001-06-26", default_rate())).then(
        (("0.1", False, ()), ("0.1", True, ("excess",)), ("0.1", True, ("excess",)))
    )


def test_an_excess_that_only_grows_or_shrinks_needs_no_other_notice() -> None:
    smaller = fact("PaymentMade", "2001-06-12", 'amount: "18000.00", of: principal')
    given(with_excess(), smaller).when(around("2001-06-12", default_rate())).then((("0.1", True, ("excess",)),) * 3)


def test_while_the_lender_forgoes_it_an_excess_bears_the_contract_rate() -> None:
    record = given(with_excess(), fact("HigherRateForgone", "2001-06-10", "until: 2001-06-20"))
    record.when(around("2001-06-10", ACCRUED)).then((("12722.00",), ("12804.00",), ("12884.00",)))
    record.when(around("2001-06-20", ACCRUED)).then((("13524.00",), ("13604.00",), ("13686.00",)))


def test_an_excess_beside_an_event_of_default_adds_nothing_to_the_default_rate_on_all() -> None:
    both = with_excess().replace("grounds: [excess]", "grounds: [event_of_default, excess]")
    record = given(both, BREACH)
    record.when(around("2001-06-30", ACCRUED)).then((("14362.00",), ("14444.00",), ("14544.00",)))


def test_a_formula_of_its_own_too_runs_on_the_excess_alone_and_within_the_maximum() -> None:
    capped = with_excess('fixed: "0.25", notice_days: 3').replace("default: {", 'maximum: "0.18", default: {')
    record = given(capped)
    record.when(around("2001-06-08", ACCRUED)).then((("12560.00",), ("12640.00",), ("12730.00",)))
    record.when(on("2001-06-08", default_rate())).then(("0.18", True, ("excess",)))


# --- the legal maximum -----------------------------------------------------------------------------------------------


def test_what_accrues_never_goes_beyond_the_legal_maximum() -> None:
    capped = terms('uplift: "0.02"').replace("default: {", 'maximum: "0.09", default: {')
    record = given(capped, BREACH)
    record.when(around("2001-06-30", ACCRUED)).then((("14320.00",), ("14400.00",), ("14490.00",)))
    record.when(on("2001-06-30", parts())).then(
        [
            ("base", None, "0.08", [1]),
            ("default_uplift", None, "0.02", [1]),
            ("maximum", None, "-0.01", [1]),
        ]
    )


@pytest.mark.parametrize(("margin", "charged"), [("0.08", "0.13"), ("0.14", "0.18")])
def test_the_legal_maximum_caps_the_contract_rate_as_well(margin: str, charged: str) -> None:
    base = f'options: {{prime: {{index: prime, margin: "{margin}"}}}}, maximum: "0.18"'
    given(line(base), fixed("2001-01-01", "0.05")).when(on("2001-01-01", rate("line"))).then(charged)
