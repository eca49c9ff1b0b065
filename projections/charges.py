"""What default interest does to the books: the grounds for the default rate, the rate charged, what is contingent."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from ledger.facts import AvailabilityReported, ExcessNotified, HigherRateForgone
from ledger.facts.terms import DefaultGround
from ledger.facts.waivers import Revival, RevivalAsOf
from projections.obligations import Books
from projections.timeline import Timeline


def grounds(timeline: Timeline, facility: str, day: dt.date) -> list[DefaultGround]:
    """The grounds for a default rate that hold on a day, whether or not the terms name them.

    An Event of Default that is not waived (a forborne one counts); termination; a term that has ended while no new one
    is recorded; more outstanding than is available, once the days of notice have run.
    """
    found: list[DefaultGround] = []
    if any(default.event_of_default for default in timeline.on(day).not_waived(facility)):
        found.append("event_of_default")
    terminated = timeline.world.terminations.get(facility)
    ended = terminated is not None and terminated.effective <= day
    if ended and terminated is not None and terminated.fact.ground == "terminated":
        found.append("termination")
    term = timeline.terms[facility].term_ends.on(day)
    not_renewed = ended and terminated is not None and terminated.fact.ground == "not_renewed"
    if not_renewed or (term is not None and term.value <= day):
        found.append("non_renewal")
    if _excess(timeline, facility, day):
        found.append("excess")
    return found


def _excess(timeline: Timeline, facility: str, day: dt.date) -> bool:
    """Whether an excess over availability was notified long enough ago; the day of notice is not counted."""
    history = timeline.world.history
    reported = [e for e in history.of(AvailabilityReported) if e.fact.facility == facility and e.effective <= day]
    outstanding = timeline.books[facility].on(day).outstanding if reported else None
    if outstanding is None or outstanding <= reported[-1].fact.available:
        return False
    forgone = (e for e in history.of(HigherRateForgone) if e.fact.facility == facility and e.effective <= day)
    if any(entry.fact.until is None or day < entry.fact.until for entry in forgone):
        return False
    said = timeline.terms[facility].rate.on(day)
    default = said.value.default if said is not None else None
    notice = dt.timedelta(days=(default.notice_days or 0) if default is not None else 0)
    return any(entry.effective + notice < day for entry in timeline.world.about(facility, ExcessNotified))


def charged_books(timeline: Timeline, facility: str, as_of: dt.date) -> Books:
    """The books of a facility at the rate that was charged on each day, as it stands on a date.

    For days that were waived the default rate is owed after all once the waiver has ended and what it had covered
    revived from its original date, or from a stated date on or before that day.
    """
    pricing = timeline.pricing[facility]

    @cache
    def rate_on(day: dt.date) -> Decimal | None:
        revived = _waived_time(timeline, facility, day, as_of) == "owed"
        return pricing.charged(day, [*grounds(timeline, facility, day), *_EVENT_OF_DEFAULT[:revived]]).rate

    return Books(timeline.world, pricing.terms, facility, rate_on, _changes(timeline, facility))


def contingent_interest(timeline: Timeline, facility: str, as_of: dt.date) -> Fraction | None:
    """The default interest for waived days that is owed only if what the waivers had covered revives from its origin.

    None where it hangs on a principal or a rate that is not stated; nothing is contingent without a default rate.
    """
    pricing = timeline.pricing[facility]

    @cache
    def uplift(day: dt.date) -> Decimal | None:
        if _waived_time(timeline, facility, day, as_of) != "contingent":
            return Decimal(0)
        hold = grounds(timeline, facility, day)
        charged = pricing.charged(day, hold).rate
        revived = pricing.charged(day, [*hold, *_EVENT_OF_DEFAULT]).rate
        return None if charged is None or revived is None else revived - charged

    changes = [day for day in _changes(timeline, facility) if day <= as_of]
    if all(uplift(day) == 0 for day in changes):
        return Fraction(0)
    books = Books(timeline.world, pricing.terms, facility, uplift, tuple(changes))
    start = timeline.world.openings[facility].effective
    return books.interest(start, as_of, books.on(as_of).principal)


_EVENT_OF_DEFAULT: tuple[DefaultGround, ...] = ("event_of_default",)


def _changes(timeline: Timeline, facility: str) -> tuple[dt.date, ...]:
    """Every day on which the rate that is charged may change."""
    ended = (state.ended.revival for state in timeline.days[-1].grants if state.ended is not None)
    revived = {revival.as_of for revival in ended if isinstance(revival, RevivalAsOf)}
    return tuple(sorted(timeline.pricing[facility].dates | {day.day for day in timeline.days} | revived))


def _waived_time(
    timeline: Timeline, facility: str, day: dt.date, as_of: dt.date
) -> Literal["owed", "contingent", "not_owed"]:
    """What became of the default interest of a day on which every Event of Default was waived.

    It is not owed while a waiver that had covered the day is in force, or where it ended for the time to come only; it
    is owed where the Default revived from its origin, and contingent where no paper says.
    """
    if day >= as_of or any(default.event_of_default for default in timeline.on(day).not_waived(facility)):
        return "not_owed"
    ended = {state.granted: state.ended.revival for state in timeline.on(as_of).grants if state.ended is not None}
    outcomes = {
        _outcome([ended.get(granted) for granted in default.covered_by], day)
        for default in timeline.on(day).of(facility)
        if default.event_of_default and default.state == "waived"
    }
    return "owed" if "owed" in outcomes else "contingent" if "contingent" in outcomes else "not_owed"


def _outcome(revivals: list[Revival | None], day: dt.date) -> Literal["owed", "contingent", "not_owed"]:
    """What the revivals of all the waivers that covered a Default come to; None is one that has not ended."""
    if any(revival in (None, "prospective") for revival in revivals):
        return "not_owed"
    if any(isinstance(revival, RevivalAsOf) and day < revival.as_of for revival in revivals):
        return "not_owed"
    return "contingent" if "not_stated" in revivals else "owed"
