"""Exactness: the same cent however a period is split, in whatever order facts are recorded or days are asked about."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.day_counts import BASIS, FixedBasis, counted
from projections.view import View
from tests.projections.asking import facility, prefix
from tests.spec import facts, log

OPENED, LAST = dt.date(2003, 12, 20), dt.date(2004, 12, 20)
DAYS = st.dates(OPENED, LAST)
LATER_DAYS = st.dates(OPENED + dt.timedelta(days=1), LAST)
AMOUNTS = st.integers(1, 9_000_000_00).map(lambda cents: Decimal(cents) / 100)
RATES = st.integers(-200, 2500).map(lambda points: Decimal(points) / 10_000)
DAY_COUNTS = st.sampled_from(get_args(FixedBasis))

FIGURES = ("principal", "accrued_interest", "interest_unpaid", "fees", "total", "interest_per_1000")


def opened(day_count: str, more: str = "", principal: str = "1234567.89") -> str:
    return f"""
- {{event: FacilityOpened, facility: line, effective: {OPENED}, name: Line, borrowers: [mill], currency: USD,
   commitment: "20000000.00", principal: "{principal}", day_count: {day_count}{more}}}
"""


def fact(event: str, day: dt.date, rest: str) -> str:
    about = "index: prime" if event == "IndexFixed" else "facility: line"
    return f"- {{event: {event}, {about}, effective: {day}, {rest}}}\n"


def seen(*texts: str) -> View:
    """A record, seen on the day on which the facility opened."""
    return View.of(prefix(log(*(each for text in texts for each in facts(text)))), OPENED)


def derived(*texts: str) -> Callable[[dt.date], tuple[Decimal | None, ...]]:
    """What is owed on the days of one derivation of a record."""
    derivation = seen(*texts)

    def owed(day: dt.date) -> tuple[Decimal | None, ...]:
        obligations = facility("line")(derivation.at(day)).obligations
        return tuple(getattr(obligations, name) for name in FIGURES)

    return owed


# --- splitting -------------------------------------------------------------------------------------------------------


@given(day_count=DAY_COUNTS, rate=RATES, cuts=st.sets(LATER_DAYS, max_size=4), day=DAYS)
@settings(max_examples=25)
def test_a_period_split_by_what_changes_nothing_comes_to_the_same_cent(
    day_count: str, rate: Decimal, cuts: set[dt.date], day: dt.date
) -> None:
    whole = derived(opened(day_count, f', rate: {{fixed: "{rate}"}}'))
    levels = "".join(f', {{from: {cut}, rate: "{rate}"}}' for cut in sorted(cuts))
    stepped = derived(opened(day_count, f', rate: {{steps: [{{from: {OPENED}, rate: "{rate}"}}{levels}]}}'))
    stated = derived(
        opened(day_count, f', rate: {{fixed: "{rate}"}}'),
        *(fact("BalanceStated", cut, 'principal: "1234567.89"') for cut in cuts),
        *(fact("TermsStated", cut, f'rate: {{fixed: "{rate}"}}, day_count: {day_count}') for cut in cuts),
    )
    fixed = derived(
        opened(day_count, ", rate: {options: {prime: {index: prime}}}"),
        *(fact("IndexFixed", cut, f'rate: "{rate}"') for cut in {OPENED, *cuts}),
    )
    lent = derived(
        opened(day_count, f', rate: {{fixed: "{rate}"}}'),
        *(fact("LoanAdvanced", cut, 'loan: a, amount: "0.00"') for cut in cuts),
    )
    assert {each(day) for each in (whole, stepped, stated, fixed, lent)} == {whole(day)}


@given(
    day_count=DAY_COUNTS,
    rates=st.dictionaries(LATER_DAYS, RATES, max_size=4),
    advances=st.dictionaries(LATER_DAYS, AMOUNTS, max_size=4),
    day=DAYS,
)
@settings(max_examples=40)
def test_interest_is_the_sum_of_its_days_rounded_once(
    day_count: FixedBasis, rates: dict[dt.date, Decimal], advances: dict[dt.date, Decimal], day: dt.date
) -> None:
    """Against a sum over single days, in fractions: what the day adds to the count, at its rate, on its principal."""
    levels = {OPENED: Decimal("0.07"), **rates}
    steps = ", ".join(f'{{from: {each}, rate: "{levels[each]}"}}' for each in sorted(levels))
    owed = derived(
        opened(day_count, f", rate: {{steps: [{steps}]}}"),
        *(fact("LoanAdvanced", each, f'loan: a, amount: "{amount}"') for each, amount in advances.items()),
    )
    exact, principal, rate = Fraction(0), Decimal("1234567.89"), Decimal(0)
    for each in (OPENED + dt.timedelta(days=number) for number in range((day - OPENED).days)):
        principal, rate = principal + advances.get(each, 0), levels.get(each, rate)
        added = counted(day_count, OPENED, each + dt.timedelta(days=1)) - counted(day_count, OPENED, each)
        exact += Fraction(principal) * Fraction(rate) * added / BASIS[day_count]
    assert owed(day)[1] == rounded_once(exact)


def rounded_once(exact: Fraction) -> Decimal:
    """A fraction to the cent, half up, by whole numbers alone."""
    cents, rest = divmod(abs(exact) * 100, 1)
    return Decimal((cents + (2 * rest >= 1)) * (1 if exact >= 0 else -1)).scaleb(-2)


# --- the order of recording, and of asking ---------------------------------------------------------------------------


@st.composite
def movements(draw: st.DrawFn) -> list[str]:
    """Facts about money, each on a day of its own."""
    days = sorted(draw(st.sets(LATER_DAYS, min_size=2, max_size=8)))
    rests = {
        "PaymentMade": st.builds('amount: "{}", of: {}'.format, AMOUNTS, st.sampled_from(["interest", "principal"])),
        "LoanAdvanced": st.builds('loan: {}, amount: "{}"'.format, st.sampled_from(["a", "b"]), AMOUNTS),
        "IndexFixed": st.builds('rate: "{}"'.format, RATES),
        "BalanceStated": st.builds('principal: "{}"'.format, AMOUNTS),
        "FeeAgreed": st.builds('fee: {}, kind: waiver, amount: "{}", earned: 2004-06-01'.format, st.uuids(), AMOUNTS),
    }
    drawn = [draw(st.sampled_from(sorted(rests))) for _ in days]
    return [fact(event, day, draw(rests[event])) for event, day in zip(drawn, days, strict=True)]


TERMS = (
    ', rate: {options: {prime: {index: prime, margin: "0.01"}}}, interest_on_overdue: true, '
    "schedule: {interest: {every: 1 month, from: 2004-01-20}, roll: following, calendar: us}"
)


@given(day_count=DAY_COUNTS, moved=movements(), data=st.data())
@settings(max_examples=20)
def test_facts_recorded_in_another_order_come_to_the_same_cent(
    day_count: str, moved: list[str], data: st.DataObject
) -> None:
    opening = opened(day_count, TERMS), fact("IndexFixed", OPENED, 'rate: "0.04"')
    days = [OPENED, LAST, *data.draw(st.lists(DAYS, max_size=3))]
    in_order, otherwise = derived(*opening, *moved), derived(*opening, *data.draw(st.permutations(moved)))
    assert [in_order(day) for day in days] == [otherwise(day) for day in days]


@given(day_count=DAY_COUNTS, moved=movements(), data=st.data())
@settings(max_examples=8)
def test_asking_day_by_day_or_in_any_order_gives_the_same_cent(
    day_count: str, moved: list[str], data: st.DataObject
) -> None:
    record = (opened(day_count, TERMS), fact("IndexFixed", OPENED, 'rate: "0.04"'), *moved)
    first = data.draw(DAYS)
    days = [first + dt.timedelta(days=number) for number in range(40)]
    every_day, as_asked = derived(*record), derived(*record)
    day_by_day = {day: every_day(day) for day in days}
    for day in data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=4)):
        assert as_asked(day) == derived(*record)(day) == day_by_day[day]


# --- when a rate can change ------------------------------------------------------------------------------------------

LAGS = st.sampled_from(["", ", lag: {days: 3}", ", lag: {business_days: 2, calendar: us}"])
FIXED = st.sampled_from(["", ", fixed_for_period: true"])


@given(
    lag=LAGS,
    fixed=FIXED,
    resets=st.sampled_from(["", ", resets: {every: 1 month, from: 2004-02-28}"]),
    adjust=st.sampled_from(["shift_then_calculate", "calculate_then_shift"]),
    levels=st.dictionaries(DAYS, RATES, min_size=1, max_size=10),
)
@settings(max_examples=20)
def test_no_rate_changes_on_a_day_on_which_none_is_said_to(
    lag: str, fixed: str, resets: str, adjust: str, levels: dict[dt.date, Decimal]
) -> None:
    """Accrual asks for a rate on those days alone."""
    due = f"interest: {{every: 1 month, from: 2004-01-31}}, roll: following, calendar: us, adjust: {adjust}"
    terms = f", rate: {{options: {{prime: {{index: prime{lag}{fixed}}}}}{resets}}}, schedule: {{{due}}}"
    fixings = (fact("IndexFixed", day, f'rate: "{level}"') for day, level in levels.items())
    pricing = seen(opened("actual/360", terms), *fixings).timelines["line"].pricing["line"]
    said = set(pricing.changes(OPENED, LAST))
    for number in range(1, (LAST - OPENED).days):
        day = OPENED + dt.timedelta(days=number)
        if day not in said:
            assert pricing.contract(day) == pricing.contract(day - dt.timedelta(days=1)), day
