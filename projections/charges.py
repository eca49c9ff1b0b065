"""What default interest does to the books: the grounds for the default rate, the rate charged, what is contingent."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from ledger.facts import AvailabilityReported, ExcessNotified, HigherRateForgone
from ledger.facts.terms import DefaultGround
from projections.obligations import Books
from projections.states import GrantState
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
    world = timeline.world
    available = [
        entry.fact.available
        for entry in world.history.of(AvailabilityReported)
        if entry.fact.facility == facility and entry.effective <= day
    ]
    outstanding = timeline.books[facility].on(day).outstanding
    if not available or outstanding is None or outstanding <= available[-1]:
        return False
    for entry in world.about(facility, HigherRateForgone):
        forgone = entry.fact
        if (
            isinstance(forgone, HigherRateForgone)
            and entry.effective <= day
            and (not forgone.until or day < forgone.until)
        ):
            return False
    said = timeline.terms[facility].rate.on(day)
    default = said.value.default if said is not None else None
    notice = dt.timedelta(days=(default.notice_days or 0) if default is not None else 0)
    return any(entry.effective + notice < day for entry in world.about(facility, ExcessNotified))


def charged_books(timeline: Timeline, facility: str) -> Books:
    """The books of a facility at the rate that was charged on each day."""
    pricing = timeline.pricing[facility]
    changes = tuple(sorted(pricing.dates | {day.day for day in timeline.days}))
    rates: dict[dt.date, Decimal | None] = {}

    def rate_on(day: dt.date) -> Decimal | None:
        if day not in rates:
            rates[day] = pricing.charged(day, grounds(timeline, facility, day)).rate
        return rates[day]

    return Books(timeline.world, pricing.terms, facility, rate_on, changes)


def contingent_interest(timeline: Timeline, facility: str, as_of: dt.date) -> Fraction | None:
    """The default interest for waived time that is owed only if what the waivers had covered revives from its origin.

    Counted are the days on which every Event of Default was waived, by a waiver that has ended since and does not say
    how it revives. None where principal or rate are not stated; nothing is contingent without a default rate.
    """
    pricing = timeline.pricing[facility]
    open_revival = [
        state.granted
        for state in timeline.on(as_of).grants
        if _revival_open(state) and state.granted.fact.facility == facility
    ]
    if not open_revival:
        return Fraction(0)

    def uplift(day: dt.date) -> Decimal | None:
        waived = [d for d in timeline.on(day).of(facility) if d.event_of_default and d.state == "waived"]
        if timeline.on(day).legal[facility] != "waived" or not any(d.covered_by[0] in open_revival for d in waived):
            return Decimal(0)
        under_default, contract = pricing.under_default(day), pricing.contract(day)
        if contract.rate is None or (under_default is not None and under_default.rate is None):
            return None
        return Decimal(0) if under_default is None or under_default.rate is None else under_default.rate - contract.rate

    changes = tuple(sorted(pricing.dates | {day.day for day in timeline.days}))
    books = Books(timeline.world, pricing.terms, facility, uplift, changes)
    start = timeline.world.openings[facility].effective
    return books.interest(start, as_of, books.on(as_of).principal)


def _revival_open(state: GrantState) -> bool:
    """Whether a grant was in force, has ended, and does not say what becomes of what it had covered."""
    return state.began is not None and state.ended is not None and state.ended.revival == "not_stated"
