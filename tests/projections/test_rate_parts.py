"""What a rate is made of and which papers say so; resets held close to the one before; options of one loan."""

import pytest

from tests.projections.asking import around, facility, on, on_days, rate
from tests.projections.rate_records import (
    BREACH,
    CLAUSE,
    LEVELS,
    PRIME,
    TWO,
    fixed,
    lent,
    line,
    loan_rate,
    loans,
    parts,
)
from tests.spec import given

# --- the base --------------------------------------------------------------------------------------------------------


def amended(name: str, day: str, *changes: str) -> str:
    return f"""
- {{event: AmendmentSigned, facility: line, amendment: {name}, effective: {day}, dated: {day},
   changes: [{", ".join(changes)}]}}
"""


@pytest.mark.parametrize(
    ("terms", "charged"),
    [
        ('steps: [{from: 2001-01-01, rate: "0.14"}]', "0.14"),
        ('options: {cmt: {index: cmt}}, resets: {every: 1 year, from: 2002-01-01, initial: "0.06"}', "0.06"),
        ('fixed: "0.08", default: {fixed: "0.15"}', "0.15"),
        ('greater_of: [{fixed: "0.09"}, {index: prime}]', "0.09"),
    ],
)
def test_a_level_that_a_paper_states_is_the_base_and_cites_that_paper(terms: str, charged: str) -> None:
    given(line(terms, CLAUSE), BREACH, LEVELS).when(on("2001-06-30", parts())).then([("base", None, charged, [1])])


def test_of_two_formulas_one_that_comes_to_nothing_is_still_the_smaller() -> None:
    terms = line('greater_of: [{fixed: "0"}, {index: prime}]')
    given(terms, LEVELS).when(on("2001-01-01", rate("line"))).then("0.05")


@pytest.mark.parametrize("bound", ["floor", "cap"])
def test_a_rate_that_lies_on_its_bound_has_no_part_for_it(bound: str) -> None:
    terms = line(f'options: {{prime: {{index: prime, {bound}: "0.05"}}}}')
    given(terms, LEVELS).when(on("2001-01-01", parts())).then([("base", "prime", "0.05", [1, 2])])


# --- resets ----------------------------------------------------------------------------------------------------------


def adjustable(bounds: str, every: str = "1 year") -> str:
    return line(
        f'options: {{cmt: {{index: cmt}}}}, resets: {{every: {every}, from: 2002-01-01, initial: "0.06"{bounds}}}'
    )


@pytest.mark.parametrize(
    ("bounds", "after_a_rise", "after_a_fall"),
    [
        ("", "0.09", "0.01"),
        (', periodic_cap: "0.01"', "0.07", "0.01"),
        (', periodic_floor: "0.02"', "0.09", "0.07"),
    ],
)
def test_a_reset_is_held_close_to_the_one_before_on_the_sides_that_the_terms_name(
    bounds: str, after_a_rise: str, after_a_fall: str
) -> None:
    record = given(adjustable(bounds), fixed("2001-12-01", "0.09", "cmt"), fixed("2002-12-01", "0.01", "cmt"))
    record.when(around("2002-01-01", rate("line"))).then(("0.06", after_a_rise, after_a_rise))
    record.when(around("2003-01-01", rate("line"))).then((after_a_rise, after_a_fall, after_a_fall))


def test_what_a_bound_below_adds_is_a_part_of_its_own() -> None:
    record = given(adjustable(', periodic_floor: "0.02"'), fixed("2001-12-01", "0.01", "cmt"))
    record.when(on("2002-01-01", parts())).then(
        [("base", "cmt", "0.01", [1, 2]), ("periodic_floor", None, "0.03", [1])]
    )


def test_without_bounds_a_reset_does_not_look_at_the_one_before_it() -> None:
    terms = line("options: {cmt: {index: cmt}}, resets: {every: 1 year, from: 2002-01-01}")
    given(terms, fixed("2002-06-01", "0.05", "cmt")).when(around("2003-01-01", rate("line"))).then(
        (None, "0.05", "0.05")
    )


def test_a_daily_reset_is_held_close_to_that_of_the_day_before() -> None:
    record = given(adjustable(', periodic_cap: "0.01"', "1 day"), fixed("2001-12-01", "0.09", "cmt"))
    record.when(on_days(rate("line"), "2001-12-31", "2002-01-01", "2002-01-02", "2002-01-04", "2002-01-05")).then(
        {"2001-12-31": "0.06", "2002-01-01": "0.07", "2002-01-02": "0.08", "2002-01-04": "0.09", "2002-01-05": "0.09"}
    )


def test_a_rate_is_not_set_anew_at_maturity() -> None:
    terms = PRIME + ", resets: {every: 1 year, from: 2002-01-01}"
    record = given(line(terms, ", matures: 2003-01-01"), LEVELS, fixed("2002-06-01", "0.09"))
    record.when(around("2003-01-01", rate("line"))).then(("0.06",) * 3)


@pytest.mark.parametrize(("stub", "charged"), [("short", "0.1"), ("long", "0.06")])
def test_a_long_last_period_does_without_the_reset_within_it(stub: str, charged: str) -> None:
    terms = PRIME + f", resets: {{every: 1 year, from: 2002-01-01, stub: {stub}}}"
    record = given(line(terms, ", matures: 2003-06-01"), LEVELS, fixed("2002-06-01", "0.09"))
    record.when(around("2003-01-01", rate("line"))).then(("0.06", charged, charged))


# --- options ---------------------------------------------------------------------------------------------------------


def charged_option(seen: object) -> str | None:
    return facility("line")(seen).rate.option  # type: ignore[arg-type]


def test_the_default_rate_names_the_option_that_it_is_charged_under() -> None:
    default = 'default: {options: {prime: {index: prime, margin: "0.03"}, libor: {index: libor, margin: "0.05"}}}'
    record = given(line(f"{PRIME}, {default}", CLAUSE), LEVELS, BREACH)
    record.when(around("2001-06-30", charged_option)).then(("prime",) * 3)
    record.when(around("2001-06-30", rate("line"))).then(("0.06", "0.08", "0.08"))
    both = given(line(f"{TWO}, {default}", CLAUSE), LEVELS, lent("b", "2001-02-01", "option: libor"), BREACH)
    both.when(around("2001-06-30", loans())).then(
        ({"b": ("libor", "0.05")}, {"b": ("libor", "0.07")}, {"b": ("libor", "0.07")})
    )


OPENED = 'change: open_option, from: 2001-08-01, option: cd, rate: {index: libor, margin: "0.02"}'
LOAN = lent("x", "2001-08-01", "option: cd")


def test_what_one_paper_says_of_options_holds_beside_the_rate_that_it_replaces_whole() -> None:
    both = amended("m", "2001-08-01", f"{{change: rate, from: 2001-08-01, rate: {{{PRIME}}}}}", f"{{{OPENED}}}")
    given(line(TWO), LEVELS, both, LOAN).when(on("2001-08-01", loan_rate("x"))).then("0.04")


def test_an_option_opened_after_the_rate_was_replaced_is_there_whatever_was_closed_before() -> None:
    closed = amended("close", "2001-06-01", "{change: close_option, from: 2001-06-01, option: libor}")
    whole = amended("whole", "2001-07-01", f"{{change: rate, from: 2001-07-01, rate: {{{PRIME}}}}}")
    opened = amended("open", "2001-08-01", f"{{{OPENED}}}")
    given(line(TWO), LEVELS, closed, whole, opened, LOAN).when(on("2001-08-01", loan_rate("x"))).then("0.04")
