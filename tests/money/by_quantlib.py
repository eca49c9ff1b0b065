"""The schedule of a debt worked out with QuantLib: its dates, its calendars, the interest of its coupons.

QuantLib reckons in binary numbers; each amount of interest is rounded to the cent, as a lender posts it, and what it is
reckoned on is kept to the cent. Nothing of this is taken from the derivation that it is laid beside.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import QuantLib

Kind = Literal["bullet", "equal", "annuity", "listed"]
Row = tuple[dt.date, str, Decimal, Decimal]
"""A line of a schedule: the day, what it is, the amount, and the principal after it."""

CENT = Decimal("0.01")
CALENDARS = {
    "none": QuantLib.NullCalendar(),
    "weekdays": QuantLib.WeekendsOnly(),
    "us": QuantLib.UnitedStates(QuantLib.UnitedStates.FederalReserve),
}
ROLLS = {
    "none": QuantLib.Unadjusted,
    "following": QuantLib.Following,
    "modified_following": QuantLib.ModifiedFollowing,
    "preceding": QuantLib.Preceding,
    "modified_preceding": QuantLib.ModifiedPreceding,
}
DAY_COUNTS = {
    "30/360 US": QuantLib.Thirty360(QuantLib.Thirty360.USA),
    "30/360 bond basis": QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
    "30E/360": QuantLib.Thirty360(QuantLib.Thirty360.European),
    "actual/360": QuantLib.Actual360(),
    "actual/365": QuantLib.Actual365Fixed(),
    "actual/actual ISDA": QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
}


@dataclass(frozen=True)
class Debt:
    """The terms of a debt, as far as its schedule hangs on them."""

    opened: dt.date
    matures: dt.date
    first: dt.date
    """The first due date."""
    months: int = 1
    principal: Decimal = Decimal("1000000.00")
    rates: Sequence[tuple[dt.date, Decimal]] = ((dt.date.min, Decimal("0.0725")),)
    """The rate from each day on, in order."""
    day_count: str = "actual/360"
    kind: Kind = "bullet"
    amount: Decimal | None = None
    """The instalment of an annuity, where it is stated."""
    listed: Sequence[tuple[dt.date, Decimal]] = ()
    capitalise_until: dt.date | None = None
    stub: Literal["short", "long"] = "short"
    roll: str = "none"
    adjust: str = "shift_then_calculate"
    calendar: str = "none"
    end_of_month: bool = False

    def record(self) -> str:
        """The debt as a record."""
        steps = ", ".join(f'{{from: {max(day, self.opened)}, rate: "{rate}"}}' for day, rate in self.rates)
        every = f"every: {self.months} months, from: {self.first}, stub: {self.stub}"
        until = f", capitalise_until: {self.capitalise_until}" if self.capitalise_until else ""
        due = ", ".join(f'{{on: {day}, amount: "{amount}"}}' for day, amount in self.listed)
        stated = f', amount: "{self.amount}"' if self.amount is not None else ""
        principal = {
            "bullet": "{kind: bullet}",
            "listed": f"{{kind: listed, due: [{due}]}}",
        }.get(self.kind, f"{{kind: {self.kind}, {every}{stated}}}")
        return f"""
- event: FacilityOpened
  facility: debt
  effective: {self.opened}
  name: Debt
  borrowers: [mill]
  currency: USD
  principal: "{self.principal}"
  matures: {self.matures}
  rate: {{steps: [{steps}]}}
  day_count: {self.day_count}
  schedule:
    interest: {{{every}{until}}}
    principal: {principal}
    roll: {self.roll}
    adjust: {self.adjust}
    calendar: {self.calendar}
    end_of_month: {str(self.end_of_month).lower()}
"""


def schedule(debt: Debt) -> list[Row]:
    """The lines of the schedule, from the first due date to the maturity."""
    periods, balances = _periods(debt), [(debt.opened, debt.principal)]
    rows: list[Row] = []
    instalment = debt.amount

    def move(paid_on: dt.date, kind: str, amount: Decimal, from_: dt.date, sign: int) -> None:
        balances.append((from_, balances[-1][1] + sign * amount))
        if amount:
            rows.append((paid_on, kind, amount, balances[-1][1]))

    for period in periods:
        for due in debt.listed:
            on = _adjusted(debt, due[0])
            from_ = on if debt.adjust == "shift_then_calculate" else due[0]
            if period.begins < from_ <= period.ends and on < debt.matures:
                move(on, "principal", due[1], from_, -1)
        interest = _interest(debt, balances, period)
        if debt.capitalise_until is not None and period.due <= debt.capitalise_until and period != periods[-1]:
            move(period.paid_on, "capitalised", interest, period.ends, 1)
            interest = Decimal(0)
        if debt.kind in ("equal", "annuity") and period != periods[-1]:
            left = balances[-1][1]
            instalment = _instalment(debt, left, interest, periods) if instalment is None else instalment
            paid = instalment if debt.kind == "equal" else instalment - interest
            move(period.paid_on, "principal", min(paid, left), period.ends, -1)
        if interest:
            rows.append((period.paid_on, "interest", interest, balances[-1][1]))
    return [*sorted(rows, key=lambda row: row[0]), (debt.matures, "maturity", balances[-1][1], Decimal(0))]


def dates(debt: Debt) -> list[dt.date]:
    """The due dates as they stand in the terms, from the opening to the maturity, both included."""
    generated = _schedule(debt)
    if debt.stub == "long" and not generated.isRegular(len(generated) - 1) and len(generated) > 3:
        generated = _schedule(debt, next_to_last=generated[len(generated) - 3])
    return [_here(day) for day in generated]


def accrued(debt: Debt, on: dt.date) -> Decimal:
    """What has accrued on a day since the due date before it, of a debt with one rate and no instalments."""
    generated = _schedule(debt)
    icma = QuantLib.ActualActual(QuantLib.ActualActual.ISMA, generated)
    counter = DAY_COUNTS.get(debt.day_count, icma)
    leg = QuantLib.FixedRateLeg(generated, counter, [float(debt.principal)], [float(debt.rates[0][1])])
    return _to_the_cent(QuantLib.CashFlows.accruedAmount(leg, False, _there(on)))


def _schedule(debt: Debt, next_to_last: Any = None) -> Any:
    first = QuantLib.Date() if debt.first == debt.opened else _there(debt.first)
    return QuantLib.Schedule(
        _there(debt.opened),
        _there(debt.matures),
        QuantLib.Period(debt.months, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Forward,
        debt.end_of_month,
        first,
        QuantLib.Date() if next_to_last is None else next_to_last,
    )


class Period(NamedTuple):
    """An interest period: its due date by the terms, its first day, the day after its last, and the day it is paid."""

    due: dt.date
    begins: dt.date
    ends: dt.date
    paid_on: dt.date


def _periods(debt: Debt) -> list[Period]:
    due = dates(debt)
    paid_on = {day: _adjusted(debt, day) for day in due} | {debt.opened: debt.opened, debt.matures: debt.matures}
    if debt.capitalise_until is not None and debt.capitalise_until not in due:
        paid_on[debt.capitalise_until] = debt.capitalise_until
    kept = [day for day in sorted(paid_on) if day == debt.matures or paid_on[day] < debt.matures]
    ends = paid_on if debt.adjust == "shift_then_calculate" else {day: day for day in kept}
    return [Period(day, ends[begins], ends[day], paid_on[day]) for begins, day in pairwise(kept)]


def _adjusted(debt: Debt, day: dt.date) -> dt.date:
    return _here(CALENDARS[debt.calendar].adjust(_there(day), ROLLS[debt.roll]))


def _interest(debt: Debt, balances: Sequence[tuple[dt.date, Decimal]], period: Period) -> Decimal:
    """The interest of a period, by QuantLib's coupons: of each part the difference of two from the period's start."""
    changes = {day for day, _ in (*debt.rates, *balances) if period.begins < day < period.ends}
    exact = 0.0
    for first, last in pairwise([period.begins, *sorted(changes), period.ends]):
        rate = [each for day, each in debt.rates if day <= first][-1]
        principal = [each for day, each in balances if day <= first][-1]
        exact += _coupon(debt, principal, rate, period.begins, last)
        exact -= _coupon(debt, principal, rate, period.begins, first) if first > period.begins else 0.0
    return _to_the_cent(exact)


def _coupon(debt: Debt, principal: Decimal, rate: Decimal, begins: dt.date, ends: dt.date) -> float:
    counter = DAY_COUNTS[debt.day_count]
    coupon = QuantLib.FixedRateCoupon(
        _there(ends), float(principal), float(rate), counter, _there(begins), _there(ends)
    )
    return float(coupon.amount())


def _instalment(debt: Debt, principal: Decimal, interest: Decimal, periods: Sequence[Period]) -> Decimal:
    """What pays the debt off in equal parts of principal, or in equal payments discounted at the first rate."""
    left = [period for period in periods if period.ends > periods[0].ends]
    if debt.kind == "equal":
        return _to_the_cent(float(principal) / (1 + len(left)))
    counter, rate, factor, annuity = DAY_COUNTS[debt.day_count], float(debt.rates[0][1]), 1.0, 1.0
    for period in left:
        factor /= 1 + rate * counter.yearFraction(_there(period.begins), _there(period.ends))
        annuity += factor
    return _to_the_cent(float(principal + interest) / annuity)


def _to_the_cent(amount: float) -> Decimal:
    """An amount rounded half up; what binary numbers get wrong is far below what is looked at."""
    return Decimal(f"{amount:.8f}").quantize(CENT, ROUND_HALF_UP)


def _there(day: dt.date) -> Any:
    return QuantLib.Date(day.day, day.month, day.year)


def _here(day: Any) -> dt.date:
    return dt.date(day.year(), day.month(), day.dayOfMonth())
