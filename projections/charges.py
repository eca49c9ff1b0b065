"""What default interest does to the books: the grounds for the default rate, the rate charged, what is contingent."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal, cast

from ledger.facts import AvailabilityReported, ExcessNotified, HigherRateForgone
from ledger.facts.terms import DefaultGround
from ledger.facts.waivers import Revival, RevivalAsOf
from projections.accrual import Accrual, Basis, Changes, Loan
from projections.figures import total
from projections.formulas import Priced
from projections.obligations import Books, interest_of_a_year
from projections.rates import FACILITY, Pricing, Under
from projections.states import Default
from projections.timeline import Timeline
from projections.waivers import Ending, Granted

_A_DAY = dt.timedelta(days=1)


Grounds = Mapping[DefaultGround, tuple[int, ...]]
"""Grounds for a default rate, each with the facts behind it."""


def grounds(timeline: Timeline, facility: str, day: dt.date) -> Grounds:
    """The grounds for a default rate that hold on a day, whether or not the terms name them.

    An Event of Default that is not waived (a forborne one counts); termination; a term that has ended while no new one
    is recorded; more outstanding than is available, once the days of notice have run.
    """
    found: dict[DefaultGround, tuple[int, ...]] = {}
    events = [default for default in timeline.on(day).not_waived(facility) if default.event_of_default]
    if events:
        found["event_of_default"] = _behind(events)
    terminated = timeline.world.terminations.get(facility)
    if terminated is not None and terminated.effective > day:
        terminated = None
    if terminated is not None and terminated.fact.ground == "terminated":
        found["termination"] = (terminated.position,)
    term = timeline.terms[facility].term_ends.on(day)
    if terminated is not None and terminated.fact.ground == "not_renewed":
        found["non_renewal"] = (terminated.position,)
    elif term is not None and term.value <= day:
        found["non_renewal"] = (term.position,)
    if _excess(timeline, facility, day):
        about = timeline.world.about(facility, AvailabilityReported, ExcessNotified)
        found["excess"] = tuple(entry.position for entry in about if entry.effective <= day)
    return found


def _behind(defaults: Iterable[Default]) -> tuple[int, ...]:
    """What failed, and the clauses that made Defaults of it."""
    return tuple(position for each in defaults for position in (*each.root.positions, each.clause.position))


def _excess(timeline: Timeline, facility: str, day: dt.date) -> bool:
    """Whether more is outstanding than is available, and where the terms ask for notice of it, its days have run."""
    excess = excess_on(timeline, facility, day)
    if not excess or _forgone(timeline, facility, day):
        return False
    notice = _notice_of_excess(timeline, facility, day)
    if notice is None:
        return True
    notified = [entry.effective for entry in timeline.world.about(facility, ExcessNotified)]
    return any(each + notice < day and _lasts(timeline, facility, each, day) for each in notified)


def _lasts(timeline: Timeline, facility: str, since: dt.date, day: dt.date) -> bool:
    """Whether an excess is not known to have gone since a day: notice of one is no notice of the next."""
    reports = (entry.effective for entry in timeline.world.about(facility, AvailabilityReported))
    changes = {*reports, *(each for each, _ in timeline.books[facility].on(day).principal)}
    return all(excess_on(timeline, facility, each) != 0 for each in changes if since < each <= day)


def available_on(timeline: Timeline, facility: str, day: dt.date) -> Decimal | None:
    """How much could be borrowed as of a day, as last reported; None where no report is recorded."""
    reported = [e for e in timeline.world.about(facility, AvailabilityReported) if e.effective <= day]
    return cast("AvailabilityReported", reported[-1].fact).available if reported else None


def excess_on(timeline: Timeline, facility: str, day: dt.date) -> Decimal | None:
    """How much more is outstanding than is available; None where one of the two is not stated."""
    available = available_on(timeline, facility, day)
    outstanding = timeline.books[facility].on(day).outstanding if available is not None else None
    return None if outstanding is None or available is None else max(outstanding - available, Decimal(0))


def rate_on_excess(timeline: Timeline, facility: str, day: dt.date) -> Decimal | None:
    """The rate that runs on an excess alone; None where none does, or where loans in it have different ones."""
    pricing, excess = timeline.pricing[facility], excess_on(timeline, facility, day)
    if not excess or not pricing.charged_on_excess(day, grounds(timeline, facility, day)):
        return None
    loans = _lent_last([*timeline.books[facility].on(day).loans.values()], excess)
    priced = [pricing.under_default(day, loan.under) for loan in loans]
    rates = {each.rate if each is not None else None for each in priced}
    return rates.pop() if len(rates) == 1 else None


def _forgone(timeline: Timeline, facility: str, day: dt.date) -> bool:
    """Whether the lender wrote that it does not charge the default rate on an excess of this day."""
    forgone = [cast("HigherRateForgone", e.fact) for e in timeline.world.about(facility, HigherRateForgone)]
    return any(fact.effective <= day and (fact.until is None or day < fact.until) for fact in forgone)


def _notice_of_excess(timeline: Timeline, facility: str, day: dt.date) -> dt.timedelta | None:
    """How long a notice of an excess runs, the day of the notice not counted; None where the terms ask for none."""
    said = timeline.terms[facility].rate.on(day)
    days = said.value.default.notice_days if said is not None and said.value.default is not None else None
    return None if days is None else dt.timedelta(days=days)


def charged_books(timeline: Timeline, facility: str, as_of: dt.date) -> Books:
    """The books of a facility at the rate that was charged on each day, as it stands on a date.

    For days that were waived the default rate is owed after all once the waiver has ended and what it had covered
    revived from its original date, or from a stated date on or before that day.
    """
    pricing, ended = timeline.pricing[facility], _endings(timeline, as_of)

    @cache
    def hold(day: dt.date) -> Grounds:
        found = grounds(timeline, facility, day)
        if _waived_time(timeline, facility, day, as_of, ended) == "owed":
            return {**found, "event_of_default": _waived(timeline, facility, day, ended)}
        return found

    @cache
    def priced(day: dt.date, under: Under) -> Priced:
        return pricing.charged(day, hold(day), under)

    def rate_on(day: dt.date, under: Under) -> Decimal | None:
        return priced(day, under).rate

    def because(day: dt.date, under: Under) -> Iterator[int]:
        yield from priced(day, under).positions
        if not pricing.charges_default(day)[0]:
            return
        for ground in pricing.grounds_named(day, hold(day)):
            yield from hold(day)[ground]
        if "event_of_default" not in hold(day) and pricing.grounds_named(day, _EVENT_OF_DEFAULT):
            yield from _waived(timeline, facility, day, ended)
        on_excess = pricing.under_default(day, under) if pricing.charged_on_excess(day, hold(day)) else None
        yield from () if on_excess is None else on_excess.positions

    on_the_whole = interest_of_a_year(rate_on)

    def yearly(day: dt.date, basis: Basis) -> Decimal | None:
        if not pricing.charged_on_excess(day, hold(day)):
            return on_the_whole(day, basis)
        excess = excess_on(timeline, facility, day) or Decimal(0)
        return total([on_the_whole(day, basis), _uplift(pricing, day, _lent_last(basis.loans, excess))])

    accrual = Accrual(pricing.terms, yearly, _changes(timeline, facility))
    return Books(timeline.world, pricing.terms, facility, accrual, timeline.books, because)


def _lent_last(loans: Sequence[Loan], amount: Decimal) -> list[Loan]:
    """The part of the principal that was lent last, as an excess is."""
    found: list[Loan] = []
    for loan in reversed(loans):
        part = None if loan.amount is None else min(loan.amount, amount)
        if part != 0:
            found.append(loan._replace(amount=part))
            amount -= part or Decimal(0)
    return found


def _uplift(pricing: Pricing, day: dt.date, loans: Iterable[Loan]) -> Decimal | None:
    """What a year at the default rate comes to beyond the contract rate: nothing where the terms have none."""
    result = Decimal(0)
    for loan in loans:
        default, contract = pricing.under_default(day, loan.under), pricing.contract(day, loan.under)
        if default is None and contract.rate is not None:
            continue
        if default is None or default.rate is None or contract.rate is None or loan.amount is None:
            return None
        result += loan.amount * (default.rate - contract.rate)
    return result


def contingent_interest(timeline: Timeline, facility: str, as_of: dt.date) -> Fraction | None:
    """The default interest for waived days that is owed only if what the waivers had covered revives from its origin.

    None where it hangs on a principal or a rate that is not stated; nothing is contingent without a default rate.
    """
    pricing, opened = timeline.pricing[facility], timeline.world.openings[facility].effective
    ended = _endings(timeline, as_of)

    @cache
    def contingent(day: dt.date) -> bool:
        return _waived_time(timeline, facility, day, as_of, ended) == "contingent"

    @cache
    def uplift(day: dt.date, under: Under) -> Decimal | None:
        if not contingent(day):
            return Decimal(0)
        hold = grounds(timeline, facility, day)
        charged = pricing.charged(day, hold, under).rate
        revived = pricing.charged(day, [*hold, *_EVENT_OF_DEFAULT], under).rate
        return None if charged is None or revived is None else revived - charged

    changes = _changes(timeline, facility)
    if all(uplift(day, FACILITY) == 0 for day in changes(opened - _A_DAY, as_of)):
        return Fraction(0)
    bases = timeline.books[facility].on(as_of).bases
    return Accrual(pricing.terms, interest_of_a_year(uplift), changes).interest(opened, as_of, bases)


_EVENT_OF_DEFAULT: tuple[DefaultGround, ...] = ("event_of_default",)


def _changes(timeline: Timeline, facility: str) -> Changes:
    """The days on which the rate that is charged may change."""
    notices = timeline.world.about(facility, ExcessNotified)
    lengths = [_notice_of_excess(timeline, facility, entry.effective) for entry in notices]
    run = {e.effective + length + _A_DAY for e, length in zip(notices, lengths, strict=True) if length is not None}
    forgone = [cast("HigherRateForgone", e.fact).until for e in timeline.world.about(facility, HigherRateForgone)]
    ended = (state.ended.revival for state in timeline.days[-1].grants if state.ended is not None)
    revived = {revival.as_of for revival in ended if isinstance(revival, RevivalAsOf)}
    own = sorted({day.day for day in timeline.days} | run | revived | {day for day in forgone if day is not None})

    def changes(after: dt.date, through: dt.date) -> Iterator[dt.date]:
        yield from own[bisect_right(own, after) : bisect_right(own, through)]
        yield from timeline.pricing[facility].changes(after, through)

    return changes


_Endings = Mapping[tuple[int, ...], Ending]
"""What ended each grant that had ended by a day, by the facts by which the grant stood."""


def _endings(timeline: Timeline, as_of: dt.date) -> _Endings:
    return {each.granted.positions: each.ended for each in timeline.on(as_of).grants if each.ended is not None}


def _waived_time(
    timeline: Timeline, facility: str, day: dt.date, as_of: dt.date, ended: _Endings
) -> Literal["owed", "contingent", "not_owed"]:
    """What became of the default interest of a day on which every Event of Default was waived.

    It is not owed while a waiver that had covered the day is in force, or where it ended for the time to come only; it
    is owed where the Default revived from its origin, and contingent where no paper says.
    """
    if day >= as_of or any(default.event_of_default for default in timeline.on(day).not_waived(facility)):
        return "not_owed"
    outcomes = {
        _outcome([_revival(timeline, granted, default, ended) for granted in default.covered_by], day)
        for default in _waived_on(timeline, facility, day)
    }
    return "owed" if "owed" in outcomes else "contingent" if "contingent" in outcomes else "not_owed"


def _waived_on(timeline: Timeline, facility: str, day: dt.date) -> list[Default]:
    """The Events of Default of a day that were waived."""
    live = timeline.on(day).live.values()
    return [each for each in live if each.key.facility == facility and each.event_of_default and each.state == "waived"]


def _revival(timeline: Timeline, granted: Granted, default: Default, ended: _Endings) -> Revival | None:
    """What a grant's end says of the Default that it covered; None where it has not ended.

    Where another waiver took its place that covers the Default as well, nothing revives before that one has ended.
    """
    ending = ended.get(granted.positions)
    if ending is None or ending.how != "superseded":
        return None if ending is None else ending.revival
    there = timeline.on(ending.when.day).live.get(default.key)
    covering = there.covered_by if there is not None and there.state == "waived" else ()
    heir = next((each for each in covering if each.name == ending.by), None)
    return ending.revival if heir is None else _revival(timeline, heir, default, ended)


def _waived(timeline: Timeline, facility: str, day: dt.date, ended: _Endings) -> tuple[int, ...]:
    """The Events of Default of a day that were waived, what waived them, and what has ended that since."""
    waived = _waived_on(timeline, facility, day)
    by = {granted.positions for default in waived for granted in default.covered_by}
    over = (position for each in by if each in ended for position in ended[each].positions)
    return (*_behind(waived), *(position for each in by for position in each), *over)


def _outcome(revivals: list[Revival | None], day: dt.date) -> Literal["owed", "contingent", "not_owed"]:
    """What the revivals of all the waivers that covered a Default come to; None is one that has not ended."""
    if any(revival in (None, "prospective") for revival in revivals):
        return "not_owed"
    if any(isinstance(revival, RevivalAsOf) and day < revival.as_of for revival in revivals):
        return "not_owed"
    return "contingent" if "not_stated" in revivals else "owed"
