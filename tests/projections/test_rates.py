"""Rates: from their parts, by option, by reset, under default; on which grounds, and over which dates."""

import pytest

from tests.projections.asking import around, facility, on, on_days, owed, rate
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
    loans,
    parts,
)
from tests.spec import given

# --- base ------------------------------------------------------------------------------------------------------------


def test_a_fixed_rate_is_itself_from_the_opening_on() -> None:
    given(line('fixed: "0.1275"')).when(around("2001-01-01", rate("line"))).then((None, "0.1275", "0.1275"))
    given(line('fixed: "0.1275"')).when(on("2001-01-01", parts())).then([("base", None, "0.1275", [1])])


def test_steps_change_on_their_dates_and_before_the_first_of_them_nothing_is_stated() -> None:
    steps = 'steps: [{from: 2001-08-06, rate: "0.14"}, {from: 2002-01-01, rate: "0.15"}]'
    given(line(steps)).when(around("2001-08-06", rate("line"))).then((None, "0.14", "0.14"))
    given(line(steps)).when(around("2002-01-01", rate("line"))).then(("0.14", "0.15", "0.15"))


def test_an_index_rules_from_the_day_of_its_last_fixing() -> None:
    record = given(line(PRIME), fixed("2000-12-01", "0.0475"), fixed("2001-11-07", "0.0425"))
    record.when(around("2001-11-07", rate("line"))).then(("0.0575", "0.0525", "0.0525"))
    record.when(on("2001-11-07", parts())).then([("base", "prime", "0.0425", [1, 3]), ("margin", None, "0.01", [1])])


def test_before_an_index_was_fixed_the_rate_is_not_stated_and_its_formula_still_is() -> None:
    record = given(line(PRIME), fixed("2001-03-01", "0.05"))
    record.when(around("2001-03-01", rate("line"))).then((None, "0.06", "0.06"))
    record.when(on("2001-02-28", parts())).then([("base", "prime", None, [1]), ("margin", None, "0.01", [1])])
    record.when(on("2001-02-28", lambda seen: "rate" in facility("line")(seen).not_stated)).then(True)


def test_a_fixing_that_becomes_known_late_restates_the_past_for_later_knowledge_alone() -> None:
    record = given(line(PRIME), fixed("2001-01-01", "0.05"), fixed("2001-03-01", "0.06"))
    record.when(on("2001-04-01", rate("line"), known=2)).then("0.06")
    record.when(on("2001-04-01", rate("line"), known=3)).then("0.07")


def test_of_two_fixings_of_one_day_the_later_one_rules() -> None:
    record = given(line(PRIME), fixed("2001-01-01", "0.05"), fixed("2001-01-01", "0.06"))
    record.when(on("2001-01-01", rate("line"))).then("0.07")


@pytest.mark.parametrize(
    ("formula", "level", "charged"),
    [
        ('index: prime, margin: "0.01", floor: "0.0825"', "0.05", "0.0825"),
        ('index: prime, margin: "0.01", floor: "0.0825"', "0.0725", "0.0825"),
        ('index: prime, margin: "0.01", floor: "0.0825"', "0.08", "0.09"),
        ('index: prime, margin: "0.01", cap: "0.09"', "0.09", "0.09"),
        ('index: prime, margin: "0.01", cap: "0.09"', "0.07", "0.08"),
        ('index: prime, margin: "0.01", multiplier: "1.5"', "0.06", "0.1"),
        ('index: prime, multiplier: "0"', "0.06", "0"),
        ('index: prime, margin: "-0.02"', "0.01", "-0.01"),
        ('fixed: "0.07"', "0.05", "0.07"),
    ],
)
def test_floor_and_cap_bind_base_and_margin_and_the_multiplier_the_index(
    formula: str, level: str, charged: str
) -> None:
    given(line(f"options: {{prime: {{{formula}}}}}"), fixed("2001-01-01", level)).when(
        on("2001-01-01", rate("line"))
    ).then(charged)


def test_what_a_floor_adds_and_a_maximum_takes_are_parts_of_their_own() -> None:
    terms = line('options: {prime: {index: prime, margin: "0.01", floor: "0.08"}}, maximum: "0.075"')
    given(terms, fixed("2001-01-01", "0.05")).when(on("2001-01-01", parts())).then(
        [
            ("base", "prime", "0.05", [1, 2]),
            ("margin", None, "0.01", [1]),
            ("floor", None, "0.02", [1]),
            ("maximum", None, "-0.005", [1]),
        ]
    )


def test_of_two_formulas_the_greater_rules_and_one_not_stated_leaves_it_open() -> None:
    terms = line('greater_of: [{fixed: "0.0596"}, {index: prime, margin: "0.02"}]')
    record = given(terms, fixed("2001-03-01", "0.03"), fixed("2001-05-01", "0.05"))
    record.when(on_days(rate("line"), "2001-02-28", "2001-03-01", "2001-05-01")).then(
        {"2001-02-28": None, "2001-03-01": "0.0596", "2001-05-01": "0.07"}
    )


def test_with_resets_the_fixing_of_the_last_reset_rules_until_the_next() -> None:
    terms = line(PRIME + ", resets: {every: 6 months, from: 2001-03-01}")
    record = given(terms, fixed("2001-01-01", "0.04"), fixed("2001-02-15", "0.05"), fixed("2001-03-02", "0.06"))
    record.when(on_days(rate("line"), "2001-02-14", "2001-02-15", "2001-03-01", "2001-08-31", "2001-09-01")).then(
        {"2001-02-14": "0.05", "2001-02-15": "0.06", "2001-03-01": "0.06", "2001-08-31": "0.06", "2001-09-01": "0.07"}
    )


# --- options ---------------------------------------------------------------------------------------------------------


def closes(option: str = "libor", from_: str = "2001-07-01", change: str = "close_option", more: str = "") -> str:
    return f"""
- {{event: AmendmentSigned, facility: line, amendment: {change}, effective: 2001-06-01, dated: 2001-06-01,
   changes: [{{change: {change}, from: {from_}, option: {option}{more}}}]}}
"""


def test_with_several_options_open_no_one_rate_is_the_facilitys() -> None:
    given(line(TWO), LEVELS).when(on("2001-01-01", rate("line"))).then(None)


def test_an_uplift_alone_is_no_default_rate() -> None:
    record = given(line(TWO + ', default: {uplift: "0.02"}'), LEVELS)
    record.when(on("2001-01-01", default_rate())).then((None, False, ()))


def test_once_all_but_one_are_closed_that_one_is() -> None:
    given(line(TWO), LEVELS, closes()).when(around("2001-07-01", rate("line"))).then((None, "0.06", "0.06"))
    resets = TWO + ", resets: {every: 1 year, from: 2001-01-01}"
    given(line(resets), LEVELS, closes()).when(around("2001-07-01", rate("line"))).then((None, "0.06", "0.06"))


def test_an_option_may_be_opened_again_with_another_formula() -> None:
    opened = closes(from_="2001-09-01", change="open_option", more=', rate: {index: libor, margin: "0.04"}')
    record = given(
        line(TWO), LEVELS, closes(), opened, closes("prime", "2001-10-01").replace("amendment: close", "amendment: x")
    )
    record.when(around("2001-09-01", rate("line"))).then(("0.06", None, None))
    record.when(around("2001-10-01", rate("line"))).then((None, "0.06", "0.06"))


def test_a_rate_replaced_whole_brings_its_own_options_whatever_was_closed_before() -> None:
    replaced = """
- {event: AmendmentSigned, facility: line, amendment: whole, effective: 2001-08-01, dated: 2001-08-01,
   changes: [{change: rate, from: 2001-08-01, rate: {options: {libor: {index: libor, margin: "0.05"}}}}]}
"""
    given(line(TWO), LEVELS, closes(), replaced).when(around("2001-08-01", rate("line"))).then(("0.06", "0.07", "0.07"))


def test_loans_of_one_facility_may_be_under_different_options() -> None:
    record = given(
        line(TWO), LEVELS, lent("a", "2001-02-01", "option: prime"), lent("b", "2001-02-01", "option: libor"),
        fixed("2001-03-01", "0.025", "libor"), fixed("2001-03-01", "0.055"),
        fact("LoanConverted", "2001-04-01", "loan: b, option: prime"),
    )  # fmt: skip
    record.when(on_days(loans(), "2001-01-31", "2001-02-01", "2001-03-01", "2001-04-01")).then(
        {
            "2001-01-31": {},
            "2001-02-01": {"a": ("prime", "0.06"), "b": ("libor", "0.05")},
            "2001-03-01": {"a": ("prime", "0.065"), "b": ("libor", "0.05")},
            "2001-04-01": {"a": ("prime", "0.065"), "b": ("prime", "0.065")},
        }
    )


def test_what_is_added_to_a_loan_within_its_period_is_under_its_option_at_its_fixing() -> None:
    added = lent("b", "2001-03-15", "note: more")
    record = given(
        line(TWO), LEVELS, lent("b", "2001-02-01", "option: libor"), fixed("2001-03-01", "0.025", "libor"), added
    )
    record.when(on("2001-04-01", loans())).then({"b": ("libor", "0.05")})


def test_loans_under_an_option_that_is_closed_run_off_to_the_end_of_their_period_and_then_convert() -> None:
    record = given(line(TWO), LEVELS, closes(), lent("b", "2001-06-15", "option: libor, period_ends: 2001-09-15"))
    record.when(on_days(loans(), "2001-06-30", "2001-07-01", "2001-09-14", "2001-09-15")).then(
        {
            "2001-06-30": {"b": ("libor", "0.05")},
            "2001-07-01": {"b": ("libor", "0.05")},
            "2001-09-14": {"b": ("libor", "0.05")},
            "2001-09-15": {"b": ("prime", "0.06")},
        }
    )


def test_a_loan_under_an_option_that_a_new_rate_no_longer_has_runs_off_too() -> None:
    replaced = f"""
- {{event: AmendmentSigned, facility: line, amendment: whole, effective: 2001-07-01, dated: 2001-07-01,
   changes: [{{change: rate, from: 2001-07-01, rate: {{{PRIME}}}}}]}}
"""
    record = given(line(TWO), LEVELS, replaced, lent("b", "2001-06-15", "option: libor, period_ends: 2001-09-15"))
    record.when(on_days(loans(), "2001-07-01", "2001-09-15")).then(
        {"2001-07-01": {"b": ("libor", "0.05")}, "2001-09-15": {"b": ("prime", "0.06")}}
    )


def test_a_loan_whose_option_was_closed_and_whose_period_has_no_stated_end_has_no_stated_rate() -> None:
    record = given(line(TWO), LEVELS, closes(), lent("b", "2001-06-15", "option: libor"))
    record.when(around("2001-07-01", loans())).then(
        ({"b": ("libor", "0.05")}, {"b": ("libor", None)}, {"b": ("libor", None)})
    )


# --- the default rate: form and charge -------------------------------------------------------------------------------


def test_an_uplift_is_charged_automatically_while_an_event_of_default_is_not_waived() -> None:
    waived = """
- {event: WaiverGranted, facility: line, waiver: w, effective: 2001-08-01, reaches: [event_of_default],
   covers: [{covenant: leverage}], ends: [{until: 2001-09-01}], revival: prospective}
"""
    record = given(line('fixed: "0.08", default: {uplift: "0.02"}', CLAUSE), BREACH, waived)
    record.when(around("2001-06-30", rate("line"))).then(("0.08", "0.1", "0.1"))
    record.when(around("2001-08-01", rate("line"))).then(("0.1", "0.08", "0.08"))
    record.when(around("2001-09-01", rate("line"))).then(("0.08", "0.1", "0.1"))
    record.when(on("2001-06-30", parts())).then([("base", None, "0.08", [1]), ("default_uplift", None, "0.02", [1])])
    record.when(around("2001-06-30", default_rate())).then(
        (("0.1", False, ()), ("0.1", True, ("event_of_default",)), ("0.1", True, ("event_of_default",)))
    )


def test_a_forborne_event_of_default_bears_the_default_rate() -> None:
    forborne = """
- {event: ForbearanceGranted, facility: line, forbearance: f, effective: 2001-08-01, reaches: [event_of_default],
   covers: [{covenant: leverage}], ends: [{until: 2001-09-01}]}
"""
    record = given(line('fixed: "0.08", default: {uplift: "0.02"}', CLAUSE), BREACH, forborne)
    record.when(around("2001-08-01", rate("line"))).then(("0.1",) * 3)


def test_a_default_in_grace_bears_none() -> None:
    grace = CLAUSE.replace("heals:", "grace: {days: 30}, heals:")
    record = given(line('fixed: "0.08", default: {uplift: "0.02"}', grace), BREACH)
    record.when(around("2001-07-30", rate("line"))).then(("0.08", "0.1", "0.1"))


@pytest.mark.parametrize(
    ("form", "charged"),
    [
        ('fixed: "0.15"', "0.15"),
        ('options: {prime: {index: prime, margin: "0.02"}}', "0.07"),
        ('greater_of: [{index: prime, margin: "0.02"}, {fixed: "0.09"}]', "0.09"),
        ('uplift: "0.02"', "0.08"),
        ('uplift: "-0.07"', "-0.01"),
    ],
)
def test_the_default_rate_is_an_uplift_or_a_formula_of_its_own(form: str, charged: str) -> None:
    record = given(line(f"{PRIME}, default: {{{form}}}", CLAUSE), fixed("2001-01-01", "0.05"), BREACH)
    record.when(around("2001-06-30", rate("line"))).then(("0.06", charged, charged))


def test_a_legal_maximum_caps_everything() -> None:
    record = given(line('fixed: "0.23", default: {uplift: "0.02"}, maximum: "0.24"', CLAUSE), BREACH)
    record.when(around("2001-06-30", rate("line"))).then(("0.23", "0.24", "0.24"))


def test_terms_without_a_default_rate_have_none_whatever_ground_there_is() -> None:
    record = given(line('fixed: "0.08"', CLAUSE), BREACH)
    record.when(on("2001-06-30", default_rate())).then((None, False, ("event_of_default",)))


def test_the_loans_of_a_facility_bear_the_default_rate_with_it() -> None:
    record = given(
        line(TWO + ', default: {uplift: "0.02"}', CLAUSE), LEVELS, lent("b", "2001-02-01", "option: libor"), BREACH
    )
    record.when(around("2001-06-30", loans())).then(
        ({"b": ("libor", "0.05")}, {"b": ("libor", "0.07")}, {"b": ("libor", "0.07")})
    )


# --- at the lender's option ------------------------------------------------------------------------------------------


ELECTIVE = line('fixed: "0.08", default: {uplift: "0.02", charged: at_lenders_option}', CLAUSE)


def test_at_the_lenders_option_nothing_more_is_charged_until_the_lender_elects() -> None:
    record = given(ELECTIVE, BREACH, fact("DefaultRateElected", "2001-08-01"))
    record.when(around("2001-06-30", rate("line"))).then(("0.08", "0.08", "0.08"))
    record.when(around("2001-06-30", default_rate())).then(
        (("0.1", False, ()), ("0.1", True, ("event_of_default",)), ("0.1", True, ("event_of_default",)))
    )
    record.when(around("2001-08-01", rate("line"))).then(("0.08", "0.1", "0.1"))
    record.when(on("2001-08-01", lambda seen: [r.position for r in facility("line")(seen).rate.parts[0].because])).then(
        [1, 3]
    )


def test_an_election_may_reach_back_to_when_the_ground_arose_and_no_further() -> None:
    record = given(ELECTIVE, BREACH, fact("DefaultRateElected", "2001-08-01", "from: 2001-06-01"))
    record.when(around("2001-06-30", rate("line"))).then(("0.08", "0.1", "0.1"))
    record.when(on("2001-07-15", rate("line"), known=2)).then("0.08")


def test_an_election_runs_until_the_lender_ends_it_and_may_be_made_again() -> None:
    record = given(
        ELECTIVE, BREACH, fact("DefaultRateElected", "2001-08-01"), fact("DefaultRateEnded", "2001-09-01"),
        fact("DefaultRateElected", "2001-10-01"),
    )  # fmt: skip
    record.when(around("2001-09-01", rate("line"))).then(("0.1", "0.08", "0.08"))
    record.when(around("2001-10-01", rate("line"))).then(("0.08", "0.1", "0.1"))


def test_an_election_lasts_no_longer_than_its_ground() -> None:
    healed = fact("CovenantTested", "2001-09-30", "covenant: leverage, test_date: 2001-09-30, met: true")
    record = given(ELECTIVE, BREACH, fact("DefaultRateElected", "2001-08-01"), healed)
    record.when(around("2001-09-30", rate("line"))).then(("0.1", "0.08", "0.08"))


# --- grounds ---------------------------------------------------------------------------------------------------------


def grounded(ground: str, more: str = "") -> str:
    return line(f'fixed: "0.08", default: {{uplift: "0.02", grounds: [{ground}], notice_days: 3}}', CLAUSE + more)


@pytest.mark.parametrize(
    ("ground", "facts", "first_day"),
    [
        ("event_of_default", BREACH, "2001-06-30"),
        ("termination", fact("FacilityTerminated", "2001-06-30", "ground: terminated"), "2001-06-30"),
        ("non_renewal", fact("FacilityTerminated", "2001-06-30", "ground: not_renewed"), "2001-06-30"),
        ("non_renewal", fact("TermsStated", "2001-01-01", "term_ends: 2001-06-30"), "2001-06-30"),
    ],
)
def test_each_ground_opens_the_default_rate_where_the_terms_name_it(ground: str, facts: str, first_day: str) -> None:
    given(grounded(ground), facts).when(around(first_day, rate("line"))).then(("0.08", "0.1", "0.1"))
    for other in {"event_of_default", "termination", "non_renewal"} - {ground}:
        given(grounded(other), facts).when(around(first_day, rate("line"))).then(("0.08",) * 3)


def test_a_term_renewed_in_time_is_no_ground_and_one_renewed_late_is_one_until_then() -> None:
    term = ", term_ends: 2001-06-30"
    renewed = """
- {event: AmendmentSigned, facility: line, amendment: renewal, effective: DAY, dated: DAY,
   changes: [{change: term_ends, from: DAY, term_ends: 2002-06-30}]}
"""
    given(grounded("non_renewal", term), renewed.replace("DAY", "2001-06-30")).when(
        around("2001-06-30", rate("line"))
    ).then(("0.08",) * 3)
    given(grounded("non_renewal", term), renewed.replace("DAY", "2001-08-01")).when(
        on_days(rate("line"), "2001-06-29", "2001-06-30", "2001-07-31", "2001-08-01")
    ).then({"2001-06-29": "0.08", "2001-06-30": "0.1", "2001-07-31": "0.1", "2001-08-01": "0.08"})


EXCESS = (
    grounded("excess", ', principal: "1000.00"')
    + fact("AvailabilityReported", "2001-06-01", 'available: "900.00"')
    + fact("ExcessNotified", "2001-06-04")  # a Monday
)


def test_three_days_notice_of_an_excess_on_monday_opens_on_friday_and_raises_no_rate_of_the_whole() -> None:
    given(EXCESS).when(around("2001-06-08", default_rate())).then(
        (("0.1", False, ()), ("0.1", True, ("excess",)), ("0.1", True, ("excess",)))
    )
    given(EXCESS).when(on("2001-06-08", rate("line"))).then("0.08")


@pytest.mark.parametrize(
    "facts",
    [
        fact("AvailabilityReported", "2001-06-05", 'available: "1000.00"'),
        fact("PaymentMade", "2001-06-05", 'amount: "100.00", of: principal'),
        fact("HigherRateForgone", "2001-06-05"),
        fact("HigherRateForgone", "2001-06-05", "until: 2001-06-10"),
    ],
)
def test_there_is_no_excess_within_what_is_available_and_none_that_counts_while_the_lender_forgoes_it(
    facts: str,
) -> None:
    given(EXCESS, facts).when(on("2001-06-09", default_rate())).then(("0.1", False, ()))


def test_what_the_lender_forwent_until_a_day_is_a_ground_from_that_day() -> None:
    forgone = fact("HigherRateForgone", "2001-06-05", "until: 2001-06-20")
    given(EXCESS, forgone).when(around("2001-06-20", default_rate())).then(
        (("0.1", False, ()), ("0.1", True, ("excess",)), ("0.1", True, ("excess",)))
    )


def test_an_excess_needs_its_notice_a_stated_principal_and_a_report() -> None:
    lines = EXCESS.strip().splitlines()
    for left_out in ("ExcessNotified", "AvailabilityReported"):
        rest = "\n".join(each for each in lines if left_out not in each)
        given(rest).when(on("2001-12-31", default_rate())).then(("0.1", False, ()))
    given(EXCESS.replace(', principal: "1000.00"', "")).when(on("2001-12-31", default_rate())).then(("0.1", False, ()))


# --- default interest for waived time --------------------------------------------------------------------------------


def revived(revival: str) -> str:
    return f"""
- {{event: WaiverGranted, facility: line, waiver: w, effective: 2001-07-30, reaches: [event_of_default],
   covers: [{{covenant: leverage}}], ends: [{{until: 2001-08-30}}], revival: {revival}}}
"""


MONEY = ', principal: "120000.00", day_count: 30/360 US, interest_paid_to: 2001-06-30'


@pytest.mark.parametrize(
    ("revival", "accrued", "contingent"),
    [
        ("prospective", "2800.00", "0.00"),  # 1% a month, 0.2 points more from June 30, none of that in August
        ("original_date", "3000.00", "0.00"),
        ("{as_of: 2001-08-15}", "2900.00", "0.00"),
        ("not_stated", "2800.00", "200.00"),
    ],
)
def test_default_interest_for_waived_time_is_owed_or_not_or_contingent_as_the_waiver_says(
    revival: str, accrued: str, contingent: str
) -> None:
    terms = line('fixed: "0.08", default: {uplift: "0.02"}', CLAUSE + MONEY)
    record = given(terms, BREACH, revived(revival))
    figures = owed("line", "accrued_interest", "contingent_default_interest")
    record.when(on("2001-07-30", figures)).then(("1000.00", "0.00"))
    record.when(on("2001-08-29", figures)).then(("1773.33", "0.00"))
    record.when(on("2001-09-30", figures)).then((accrued, contingent))


@pytest.mark.parametrize(
    ("older", "newer", "covers", "accrued"),
    [
        ("original_date", "prospective", "leverage", ("1533.33", "1933.33", "0.00")),
        ("prospective", "original_date", "leverage", ("1533.33", "2166.67", "0.00")),
        ("original_date", "not_stated", "leverage", ("1533.33", "1933.33", "233.33")),
        ("original_date", "prospective", "coverage", ("1666.67", "2166.67", "0.00")),
    ],
)
def test_what_a_waiver_covered_revives_by_the_waiver_that_took_its_place_if_that_covers_it_too(
    older: str, newer: str, covers: str, accrued: tuple[str, str, str]
) -> None:
    terms = line('fixed: "0.08", default: {uplift: "0.02"}', CLAUSE + MONEY)
    heir = f"""
- {{event: WaiverGranted, facility: line, waiver: v, effective: 2001-08-15, reaches: event_of_default, supersedes: [w],
   covers: [{{covenant: {covers}}}], ends: [{{until: 2001-09-05}}], revival: {newer}}}
"""
    record = given(terms, BREACH, revived(older), heir)
    record.when(on("2001-08-20", owed("line", "accrued_interest"))).then((accrued[0],))
    figures = owed("line", "accrued_interest", "contingent_default_interest")
    record.when(on("2001-09-05", figures)).then(accrued[1:])


def test_default_interest_that_the_lender_did_not_elect_is_not_even_contingent() -> None:
    terms = line('fixed: "0.08", default: {uplift: "0.02", charged: at_lenders_option}', CLAUSE + MONEY)
    contingent = owed("line", "contingent_default_interest")
    given(terms, BREACH, revived("not_stated")).when(on("2001-09-30", contingent)).then(("0.00",))
    elected = fact("DefaultRateElected", "2001-09-15", "from: 2001-06-30")
    given(terms, BREACH, revived("not_stated"), elected).when(on("2001-09-30", contingent)).then(("200.00",))


def test_a_default_in_grace_beside_the_waived_one_takes_nothing_from_what_a_waived_day_costs() -> None:
    slow = CLAUSE.replace("]", ", {clause: slow, kind: event, grace: {days: 90}}]")
    event = "- {event: EventOccurred, facility: line, effective: 2001-07-15, kind: judgment}"
    terms = line('fixed: "0.08", default: {uplift: "0.02"}', slow + MONEY)
    given(terms, BREACH, event, revived("original_date")).when(on("2001-09-30", owed("line", "accrued_interest"))).then(
        ("3000.00",)
    )
