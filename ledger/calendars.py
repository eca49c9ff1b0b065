"""Days of grace and of notice, business days and holidays. The holidays are QuantLib's."""

import datetime as dt
from functools import cache
from typing import Any

from ledger.values import CalendarName, Days


@cache
def _federal_reserve() -> Any:
    """QuantLib's calendar, imported at the first question: most ledgers ask none, and the import takes its time."""
    import QuantLib

    return QuantLib, QuantLib.UnitedStates(QuantLib.UnitedStates.FederalReserve)


def is_business_day(day: dt.date, calendar: CalendarName) -> bool:
    """Whether banks are open: always (`none`), on weekdays, or on days that the Federal Reserve keeps (`us`)."""
    match calendar:
        case "none":
            return True
        case "weekdays":
            return day.weekday() < 5
        case "us":
            quantlib, federal_reserve = _federal_reserve()
            return bool(federal_reserve.isBusinessDay(quantlib.Date(day.day, day.month, day.year)))


def business_days_after(day: dt.date, number: int, calendar: CalendarName) -> dt.date:
    """The `number`-th business day after `day`, which is not counted itself."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_business_day(day, calendar)
    return day


def days_after(day: dt.date, period: Days) -> dt.date:
    """The last of a number of days, or of business days, after `day`, which is not counted itself."""
    if period.business_days is not None:
        return business_days_after(day, period.business_days, period.calendar or "us")
    return day + dt.timedelta(days=period.days or 0)
