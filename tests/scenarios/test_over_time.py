"""Two histories side by side: on dates, over time, in money; in words, and as lines of an answer."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from ledger.rejected import Rejected
from scenarios.answered import Answered
from scenarios.assume import WhatIf
from scenarios.over_time import Stretch, total_cost
from scenarios.script import Ask, Expected
from tests.projections.asking import prefix
from tests.scenarios.conftest import MILL, SUIT
from tests.spec import facts, given

AUGUST, YEAR_END = dt.date(2001, 8, 1), dt.date(2001, 12, 31)


def stretches(what_if: WhatIf, first: str, last: str, *facilities: str) -> list[tuple[str, str, str, object, object]]:
    over = what_if.over_time(dt.date.fromisoformat(first), dt.date.fromisoformat(last), facilities or None)
    return [(each.what, str(each.from_), str(each.until), each.as_is, each.as_would_be) for each in over.stretches]


def test_a_comparison_reads_as_text(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    assert str(mill.compare(AUGUST)) == (
        "What if, on 2001-08-01, as known at position 6:\n"
        "\n"
        "line\n"
        "  legal: waived → Event of Default\n"
        "    notes/interest/2001-05-10: uncovered; w rescinded on 2001-08-01 by suit\n"
        "    because of ActTaken of 2001-08-01 [7]\n"
        "  line/cross/notes/interest/2001-05-10: waived → continuing\n"
        "    because of ActTaken of 2001-08-01 [7]\n"
        "  w: in force → rescinded\n"
        "    because of ActTaken of 2001-08-01 [7]"
    )
    assert str(mill.compare(dt.date(2001, 7, 31))) == "What if, on 2001-07-31, as known at position 6: nothing differs."


def test_what_no_longer_counts_is_named(mill: WhatIf) -> None:
    mill.remove(waiver="w")
    assert str(mill.compare(AUGUST, ["line"])).splitlines()[3:] == [
        "  legal: waived → Event of Default",
        "    notes/interest/2001-05-10: uncovered",
        "    no longer because of WaiverGranted of 2001-06-01 [6]",
        "  line/cross/notes/interest/2001-05-10: waived → continuing",
        "    no longer because of WaiverGranted of 2001-06-01 [6]",
        "  w: in force → not there",
        "    no longer because of WaiverGranted of 2001-06-01 [6]",
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2001-01-01", "2001-12-31", [("2001-08-01", "2001-12-01")]),
        ("2001-01-01", "2001-07-31", []),
        ("2001-01-01", "2001-08-01", [("2001-08-01", "2001-08-02")]),
        ("2001-08-01", "2001-08-01", [("2001-08-01", "2001-08-02")]),
        ("2001-09-01", "2001-09-30", [("2001-09-01", "2001-10-01")]),
        ("2001-11-30", "2002-06-30", [("2001-11-30", "2001-12-01")]),
        ("2001-12-01", "2002-06-30", []),
    ],
)
def test_a_status_differs_from_the_first_day_to_the_last_within_the_time_asked_about(
    mill: WhatIf, first: str, last: str, expected: list[tuple[str, str]]
) -> None:
    mill.assume(*facts(SUIT))
    found = stretches(mill, first, last, "line")
    assert found == [("legal", *span, "waived", "event_of_default") for span in expected]


def test_a_rate_differs_in_steps_and_interest_from_the_day_after(mill: WhatIf) -> None:
    mill.shift("prime", by=Decimal("0.01"), from_=dt.date(2001, 2, 1), until=dt.date(2001, 4, 1))
    found = stretches(mill, "2001-01-01", "2001-04-30", "notes")
    assert found == [
        ("rate charged", "2001-02-01", "2001-03-01", "0.06", "0.07"),
        ("rate charged", "2001-03-01", "2001-04-01", "0.07", "0.08"),
        ("interest", "2001-02-02", "2001-05-01", "21472.22", "23138.89"),
        ("total", "2001-02-02", "2001-05-01", "1021472.22", "1023138.89"),
        ("interest_per_1000", "2001-02-02", "2001-05-01", "21.4722", "23.1389"),
    ]


def test_a_figure_is_told_with_how_much_more_it_would_be(mill: WhatIf) -> None:
    mill.shift("prime", by=Decimal("0.01"), from_=dt.date(2001, 4, 1))
    rate, interest, *_ = mill.over_time(dt.date(2001, 4, 1), dt.date(2001, 4, 30), ["notes"]).stretches
    assert (rate.by, interest.by, interest.days) == (Decimal("0.01"), Decimal("805.56"), 29)


def test_what_stops_differing_within_a_part_stops_on_that_day(mill: WhatIf) -> None:
    mill.assume(
        *facts(
            """
            - {event: FeeAgreed, facility: notes, fee: a, kind: waiver, amount: "100.00", earned: 2001-06-01,
               effective: 2001-06-01}
            - {event: PaymentMade, facility: notes, of: fee, amount: "100.00", effective: 2001-06-15}
            """
        )
    )
    found = stretches(mill, "2001-05-20", "2001-06-30", "notes")
    assert ("fees", "2001-06-01", "2001-06-15", "0.00", "100.00") in found


def test_the_sum_over_time_agrees_with_looking_at_every_single_day(mill: WhatIf) -> None:
    mill.shift("prime", by=Decimal("0.005"), from_=dt.date(2001, 4, 1))
    mill.assume(*facts(SUIT))
    first, last = dt.date(2001, 3, 25), dt.date(2001, 8, 5)
    over = mill.over_time(first, last)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    for what, field in [("legal", "legal"), ("total", "total"), ("interest_per_1000", "interest_per_1000")]:
        daily = {(each.facility, day) for day in days for each in mill.compare(day).differences if each.what == field}
        whole = [stretch for stretch in over.stretches if stretch.what == what]
        assert {(stretch.facility, day) for stretch in whole for day in days if _within(stretch, day)} == daily


def _within(stretch: Stretch, day: dt.date) -> bool:
    return stretch.from_ <= day < stretch.until


def test_a_cost_is_the_interest_and_the_fees_of_the_days_before(mill: WhatIf) -> None:
    mill.shift("prime", by=Decimal("0.01"), from_=dt.date(2001, 2, 1), until=dt.date(2001, 4, 1))
    mill.assume(
        *facts("""
        - {event: FeeAgreed, facility: notes, fee: a, kind: waiver, amount: "250.00", earned: 2001-06-01,
           effective: 2001-06-01}
        """)
    )
    (cost,) = mill.over_time(YEAR_END, YEAR_END).costs
    point_for_two_months = Fraction(1_000_000) / 100 * 2 / 12
    assert cost.interest == Decimal("1666.67") == round(point_for_two_months + Fraction(1, 1000), 2)
    assert (cost.facility, cost.currency, cost.fees, cost.cost) == (
        "notes",
        "USD",
        Decimal("250.00"),
        Decimal("1916.67"),
    )
    assert mill.over_time(dt.date(2001, 2, 1), dt.date(2001, 2, 1)).costs == ()
    (tomorrow,) = mill.over_time(dt.date(2001, 2, 2), dt.date(2001, 2, 2)).costs
    assert tomorrow.cost == Decimal("27.78")


def test_a_payment_that_restates_nothing_costs_nothing(mill: WhatIf) -> None:
    mill.assume(*facts('- {event: PaymentMade, facility: notes, of: interest, amount: "10.00", effective: 2001-08-01}'))
    assert mill.over_time(YEAR_END, YEAR_END).costs == ()


def test_without_a_principal_the_cost_is_said_per_1000() -> None:
    unstated = MILL.replace('principal: "1000000.00", ', "")
    what_if = WhatIf(prefix(given(unstated).log))
    what_if.shift("prime", by=Decimal("0.01"), from_=dt.date(2001, 2, 1), until=dt.date(2001, 4, 1))
    answered = Answered.of(what_if, Ask(cost_through=YEAR_END))
    (cost,) = answered.costs
    assert (cost.cost, cost.interest_per_1000) == (None, Decimal("1.6667"))
    assert str(answered) == (
        "Through 2001-12-31 notes would cost 1.6667 more per 1,000 of principal; its principal is not stated."
    )


def test_total_costs_are_by_currency_and_not_stated_where_one_is_not(mill: WhatIf) -> None:
    mill.shift("prime", by=Decimal("-0.01"))
    over = mill.over_time(YEAR_END, YEAR_END)
    assert total_cost(over.costs) == {"USD": over.costs[0].cost}
    assert over.costs[0].cost == Decimal("-10000.00")


def test_a_facility_that_only_one_history_has_differs_whole(mill: WhatIf) -> None:
    mill.assume(
        *facts("""
        - {event: FacilityOpened, facility: new, effective: 2001-07-01, name: New, borrowers: [mill], currency: USD,
           principal: "1000.00", interest_paid_to: 2001-07-01, day_count: 30/360 US, rate: {fixed: "0.12"}}
        """)
    )
    over = mill.over_time(dt.date(2001, 6, 1), YEAR_END, ["new"])
    assert {stretch.what for stretch in over.stretches} >= {"legal", "principal", "interest", "total"}
    (cost,) = over.costs
    assert cost.cost == Decimal("60.00")


def test_over_time_reads_as_sentences(mill: WhatIf) -> None:
    mill.shift("prime", by=Decimal("0.01"), from_=dt.date(2001, 4, 1))
    mill.assume(*facts(SUIT))
    assert str(mill.over_time(dt.date(2001, 7, 1), dt.date(2001, 8, 31), ["line"])) == (
        "What if, from 2001-07-01 through 2001-08-31, as known at position 6:\n"
        "\n"
        "From 2001-08-01 until 2001-09-01 the status of line would be Event of Default; it is waived.\n"
        "  notes/interest/2001-05-10: uncovered; w rescinded on 2001-08-01 by suit\n"
        "  because of ActTaken of 2001-08-01 [8]"
    )
    told = str(mill.over_time(dt.date(2001, 4, 1), dt.date(2001, 4, 2), ["notes"])).splitlines()
    assert told[2] == "From 2001-04-01 until 2001-04-03 the rate of notes would be 8.00%; it is 7.00% (+1.00%)."
    assert told[-2] == (
        "From 2001-04-02 until 2001-04-03 the interest owed per 1,000 of principal of notes would be 16.0556; it is "
        "16.0278 (+0.0278 on the last day)."
    )
    assert told[-1] == "  because of IndexFixed of 2001-04-01 [7]"
    assert told[3:5] == [
        "  because of IndexFixed of 2001-04-01 [7]",
        "  no longer because of IndexFixed of 2001-03-01 [4]",
    ]
    nothing = mill.over_time(dt.date(2001, 1, 1), dt.date(2001, 1, 2), ["line"])
    assert str(nothing) == "What if, from 2001-01-01 through 2001-01-02, as known at position 6: nothing differs."


def test_what_stood_is_not_asked_over_time() -> None:
    what_if = WhatIf(prefix(given(MILL).log), as_stood=True)
    what_if.assume(*facts(SUIT))
    assert what_if.compare(AUGUST).differences
    with pytest.raises(Rejected) as refused:
        what_if.over_time(AUGUST, YEAR_END)
    assert str(refused.value) == (
        "What stood is asked from 2001-08-01 through 2001-12-31. Which papers had been executed is another question on "
        "each date. Ask on single dates, or count every paper. [as_stood_over_time]"
    )


def test_an_answer_is_lines_and_is_checked_line_by_line(mill: WhatIf) -> None:
    mill.assume(*facts(SUIT))
    answered = Answered.of(mill, Ask.model_validate({"on": "2001-08-01", "facilities": "line"}))
    assert [(row.facility, row.what, row.as_is, row.as_would_be) for row in answered.rows] == [
        ("line", "legal", "waived", "event_of_default"),
        ("line", "line/cross/notes/interest/2001-05-10", "waived", "continuing"),
        ("line", "w", "in_force", "rescinded"),
    ]
    assert answered.checked(reversed(answered.rows)).agrees
    other = Expected(on=AUGUST, facility="line", what="w", as_is="in_force", as_would_be="expired")
    checked = answered.checked([*answered.rows[:2], other])
    assert not checked.agrees
    assert str(checked) == (
        "Expected, and not so:  {on: 2001-08-01, facility: line, what: w, as_is: in_force, as_would_be: expired}\n"
        "So, and not expected:  {on: 2001-08-01, facility: line, what: w, as_is: in_force, as_would_be: rescinded}"
    )
