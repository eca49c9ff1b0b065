"""Two histories side by side: when status, rate and obligations differ, by how much, because of what, at what cost."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from pydantic import Field

from ledger.facts import FeeAgreed
from ledger.values import plain
from projections import words
from projections.accrual import Basis, Loan, basis_on
from projections.answer import Answer, Because, Figure, Known
from projections.figures import rounded, total
from projections.obligations import Books
from projections.report import FacilityOn
from projections.story import why
from projections.view import View
from scenarios.compare import Difference, reasons_in_words, without

_A_DAY = dt.timedelta(days=1)
_PER_1000 = (Basis(dt.date.min, (Loan(Decimal(1000)),)),)

Pair = tuple[Any, Any]
"""A value as it is, and as it would be."""


class Stretch(Difference):
    """A stretch of time in which one value of a facility differs; `until` is the first day after it.

    A figure that runs from day to day is that of the last day, and `by` is how much more, or less, it would be then.
    """

    from_: dt.date = Field(alias="from")
    until: dt.date
    by: Figure | None = None

    @property
    def days(self) -> int:
        """How long it lasts."""
        return (self.until - self.from_).days

    @property
    def by_in_words(self) -> str:
        """By how much it differs, with its sign; nothing where it is no figure."""
        if self.by is None:
            return ""
        return f"{'+' if self.by > 0 else ''}{words.rate(self.by)}" if self.is_rate else f"{self.by:+,f}"


class Cost(Answer):
    """What a facility would cost more, or less, through a date: interest and fees of the days up to, not including, it.

    In the facility's currency; where its principal is not stated, only the interest per 1,000 of principal can be said.
    """

    facility: str
    through: dt.date
    currency: str | None
    interest: Figure | None
    fees: Figure | None
    cost: Figure | None
    interest_per_1000: Figure | None


class Sides:
    """One of two histories, facility by facility: what is worked out of it once is kept."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._sides: dict[str, _Side] = {}

    def of(self, facility: str) -> "_Side":
        """One facility in this history."""
        if facility not in self._sides:
            self._sides[facility] = _Side(self.view, facility)
        return self._sides[facility]


@dataclass(frozen=True)
class OverTime:
    """Two histories of some facilities, side by side from a first day through a last one."""

    as_is: Sides
    as_would_be: Sides
    first: dt.date
    last: dt.date
    facilities: tuple[str, ...]

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """When what differs, facility by facility."""
        found = (self._both(name).stretches(self.first, self.last) for name in self.facilities)
        return tuple(stretch for stretches in found for stretch in stretches)

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        """What each facility costs more, or less, through the last day, where interest or fees differ."""
        found = (self._both(name).cost(self.last) for name in self.facilities)
        return tuple(cost for cost in found if cost is not None)

    def course(self, facility: str, what: str) -> list[tuple[dt.date, Pair]]:
        """A value that changes in steps, as it is and as it would be, from each day on which either changes."""
        return self._both(facility).course(what, self.first, self.last)

    @property
    def known(self) -> Known:
        """The prefix that both begin from."""
        return self.as_is.view.known

    def _both(self, facility: str) -> "_Both":
        return _Both(facility, self.as_is.of(facility), self.as_would_be.of(facility))

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {
            "from": self.first.isoformat(),
            "through": self.last.isoformat(),
            "known": self.known.as_json(),
            "stretches": [stretch.as_json() for stretch in self.stretches],
            "costs": [cost.as_json() for cost in self.costs],
        }

    def __str__(self) -> str:
        """What differs when, in sentences."""
        asked = f"What if, from {self.first} through {self.last}, as known at position {self.known.position}"
        told = [line for each in self.stretches for line in _sentences(each, self.known.position)]
        return "\n".join([f"{asked}:", "", *told]) if told else f"{asked}: nothing differs."


_TOLD = {
    "legal": "status",
    "payment": "payment status",
    "rate charged": "rate",
    "interest": "interest owed",
    "total": "total owed",
    "interest_per_1000": "interest owed per 1,000 of principal",
}


def _sentences(stretch: Stretch, head: int) -> Iterator[str]:
    what = f"the {_TOLD.get(stretch.what, stretch.label)} of {stretch.facility}"
    would_be = f"would be {stretch.in_words(stretch.as_would_be)}; it is {stretch.in_words(stretch.as_is)}"
    on_the_last = " on the last day" if stretch.what in _RUNNING else ""
    by = "" if stretch.by is None else f" ({stretch.by_in_words}{on_the_last})"
    yield f"From {stretch.from_} until {stretch.until} {what} {would_be}{by}."
    yield from (f"  {line}" for line in reasons_in_words(stretch, head))


def total_cost(costs: Iterable[Cost]) -> Mapping[str | None, Decimal | None]:
    """What several facilities cost more, or less, by currency; None where the cost of one is not stated."""
    by_currency = groupby(sorted(costs, key=lambda each: each.currency or ""), lambda each: each.currency)
    return {currency: total(cost.cost for cost in own) for currency, own in by_currency}


def costs_in_words(costs: Sequence[Cost]) -> Iterator[str]:
    """What each facility would cost more, or less; then what those of one currency come to together."""
    yield from map(cost_in_words, costs)
    together = total_cost(costs)
    for currency, amount in together.items() if len(costs) > len(together) else ():
        counted = "" if currency is None else f" in {currency}"
        yield f"Together{counted}: {'not stated' if amount is None else _more(amount)}."


def cost_in_words(cost: Cost) -> str:
    """What a facility would cost more, or less, in a sentence."""
    through = f"Through {cost.through} {cost.facility} would cost"
    currency = "" if cost.currency is None else f"{cost.currency} "
    if cost.cost is not None:
        return f"{through} {currency}{_more(cost.cost)}."
    if cost.interest_per_1000 is not None:
        return f"{through} {_more(cost.interest_per_1000)} per 1,000 of principal; its principal is not stated."
    return f"{through} another amount: how much is not stated."


def _more(figure: Decimal) -> str:
    return f"{abs(figure):,f} {'more' if figure >= 0 else 'less'}"


# --- one facility ----------------------------------------------------------------------------------------------------

_RUNNING = ("interest", "total", "contingent_default_interest", "interest_per_1000")
"""The values that change from day to day; all others only on days on which something happens."""

_OF_INTEREST = ("interest", "total", "interest_per_1000")

_Values = Mapping[str, tuple[Any, Because]]
_NOTHING: tuple[Any, Because] = (None, ())


class _Side:
    """One facility in one of two histories; without a timeline where the record does not have it."""

    def __init__(self, view: View, facility: str) -> None:
        self.view = view
        self.facility = facility
        self.timeline = view.timelines.get(facility)
        self._seen: dict[dt.date, _Values] = {}
        self._accruals: dict[dt.date, _Accruals] = {}

    def days(self, last: dt.date) -> set[dt.date]:
        """The days up to a last one on which any value may change otherwise than by running on."""
        if self.timeline is None:
            return set()
        owed = self.timeline.books[self.facility].on(last)
        days = {day.day for day in self.timeline.days} | self.timeline.pricing[self.facility].dates
        days |= {entry.effective for entry in self.timeline.world.history.entries}
        days |= {day for day, _ in owed.principal} | {due.on for due in owed.dues.values()}
        days |= {entry.fact.earned for entry in self.timeline.world.history.of(FeeAgreed)}
        return {day for day in days if day <= last}

    def on(self, day: dt.date) -> FacilityOn | None:
        """The facility on a day."""
        return None if self.timeline is None else FacilityOn(self.view.at(day), self.timeline, self.facility)

    def at(self, day: dt.date) -> _Values:
        """The values on a day that are compared, each with the facts behind it."""
        if day not in self._seen:
            on = self.on(day)
            self._seen[day] = {} if on is None else _values(on)
        return self._seen[day]

    def accruals(self, through: dt.date) -> "_Accruals":
        """Its interest and fees through a day."""
        if through not in self._accruals:
            self._accruals[through] = self._accrued(through)
        return self._accruals[through]

    def _accrued(self, through: dt.date) -> "_Accruals":
        on = self.on(through)
        if on is None or not on.is_open:
            return _Accruals(None, through, (), (), Fraction(0))
        agreed = [entry.fact for entry in on.timeline.world.history.of(FeeAgreed)]
        fees = [fact.amount for fact in agreed if fact.facility == self.facility and fact.earned <= through]
        first = on.timeline.world.openings[self.facility]
        begins = {first.fact.interest_paid_to or first.effective, on.owed.interest_from}
        edges = sorted({*begins, *(due.to for due in on.owed.interest_dues), through})
        return _Accruals(on.books, through, on.owed.bases, tuple(edges), Fraction(sum(fees, Decimal(0))))

    def why(self, day: dt.date) -> str | None:
        """Why the legal status is what it is on a day, in a line."""
        on = self.on(day)
        return None if on is None else why(on)


def _values(on: FacilityOn) -> _Values:
    rate, owed = on.rate(), on.obligations()
    behind_rate = {reason.position: reason for part in rate.parts for reason in part.because}
    behind_status = on.view.because(position for default in on.defaults for position in on.rests_on(default))
    interest = total([owed.accrued_interest, owed.interest_unpaid]) if on.is_open else None
    figures = {
        "principal": owed.principal,
        "fees": owed.fees,
        "interest": interest,
        "total": owed.total,
        "contingent_default_interest": owed.contingent_default_interest,
        "interest_per_1000": owed.interest_per_1000,
    }
    return {
        "legal": (on.day.legal[on.name], behind_status),
        "payment": (on.payment, owed.because),
        "rate charged": (_figure(rate.charged), tuple(behind_rate[position] for position in sorted(behind_rate))),
        **{what: (_figure(figure), owed.because) for what, figure in figures.items()},
    }


def _figure(figure: Decimal | None) -> str | None:
    return None if figure is None else plain(figure)


@dataclass(frozen=True)
class _Both:
    """One facility in both histories."""

    facility: str
    as_is: _Side
    as_would_be: _Side

    def stretches(self, first: dt.date, last: dt.date) -> Iterator[Stretch]:
        """When what differs, from a first day through a last one."""
        days = self._days(first, last)
        parts = list(zip(days, [*(day - _A_DAY for day in days[1:]), last], strict=True))
        for what in self._whats(first):
            found = self._running(what, parts) if what in _RUNNING else self._in_steps(what, parts)
            for begin, end in found:
                yield self._stretch(what, begin, end)

    def course(self, what: str, first: dt.date, last: dt.date) -> list[tuple[dt.date, Pair]]:
        """A value from a first day through a last one, from each day on which it changes."""
        grouped = groupby(self._days(first, last), lambda day: self.pair(what, day))
        return [(next(days), values) for values, days in grouped]

    def _days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The first day, and those up to the last one on which any value may change otherwise than by running on."""
        inner = {day for day in self.as_is.days(last) | self.as_would_be.days(last) if day > first}
        return sorted({first, *inner})

    def _whats(self, day: dt.date) -> Iterable[str]:
        return dict.fromkeys((*self.as_would_be.at(day), *self.as_is.at(day)))

    def pair(self, what: str, day: dt.date) -> Pair:
        """A value on a day, as it is and as it would be."""
        return _value(self.as_is.at(day), what), _value(self.as_would_be.at(day), what)

    def _in_steps(self, what: str, parts: list[tuple[dt.date, dt.date]]) -> Iterator[tuple[dt.date, dt.date]]:
        """The stretches over which a value that changes in steps differs in one and the same way."""
        for (as_is, as_would_be), group in groupby(parts, lambda part: self.pair(what, part[0])):
            same = list(group)
            if as_is != as_would_be:
                yield same[0][0], same[-1][1]

    def _running(self, what: str, parts: list[tuple[dt.date, dt.date]]) -> Iterator[tuple[dt.date, dt.date]]:
        """The stretches over which a value that runs on differs; within each part the difference runs one way."""
        begun: tuple[dt.date, dt.date] | None = None
        for begin, end in (each for part in parts for each in self._differing(what, *part)):
            if begun is not None and begun[1] + _A_DAY < begin:
                yield begun
                begun = None
            begun = (begin if begun is None else begun[0], end)
        if begun is not None:
            yield begun

    def _differing(self, what: str, begin: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
        """The days of one part on which a value that runs on differs, the first and the last."""

        def differs(day: dt.date) -> bool:
            as_is, as_would_be = self.pair(what, day)
            return bool(as_is != as_would_be)

        match differs(begin), differs(end):
            case True, True:
                yield begin, end
            case False, True:
                yield _first(begin, end, differs), end
            case True, False:
                yield begin, _first(begin, end, lambda day: not differs(day)) - _A_DAY

    def _stretch(self, what: str, begin: dt.date, end: dt.date) -> Stretch:
        on = end if what in _RUNNING else begin
        behind, because = (self._behind(side, what, begin, on) for side in (self.as_is, self.as_would_be))
        as_is, as_would_be = self.pair(what, on)
        figures = what not in ("legal", "payment") and None not in (as_is, as_would_be)
        return Stretch(
            facility=self.facility,
            what=what,
            from_=begin,
            until=end + _A_DAY,
            as_is=as_is,
            as_would_be=as_would_be,
            by=Decimal(as_would_be) - Decimal(as_is) if figures else None,
            why=self.as_would_be.why(begin) if what == "legal" else None,
            because=because,
            no_longer=without(behind, because),
        )

    def _behind(self, side: "_Side", what: str, begin: dt.date, on: dt.date) -> Because:
        """The facts behind a value; of interest also those behind the rates that differed while it ran on."""
        found = [side.at(on).get(what, _NOTHING)[1]]
        if what in _OF_INTEREST:
            days = self._days(begin - _A_DAY, on)
            differing = (day for day in days if len(set(self.pair("rate charged", day))) > 1)
            found += (side.at(day).get("rate charged", _NOTHING)[1] for day in differing)
        by_position = {reason.position: reason for because in found for reason in because}
        return tuple(by_position[position] for position in sorted(by_position))

    # --- cost --------------------------------------------------------------------------------------------------------

    def cost(self, through: dt.date) -> Cost | None:
        """What it would cost more, or less, through a day; None where neither interest nor fees differ."""
        is_, would_be = self.as_is.accruals(through), self.as_would_be.accruals(through)
        days = sorted(self.as_is.days(through) | self.as_would_be.days(through))
        since = next((day for day in days if is_.runs_on(day) != would_be.runs_on(day)), through)
        fees = _less(would_be.fees, is_.fees)
        if since == through and fees == 0:
            return None
        start = max((edge for edge in is_.edges if edge in would_be.edges and edge <= since), default=dt.date.min)
        interest = _less(would_be.interest(start), is_.interest(start))
        per_1000 = _less(would_be.interest(start, per_1000=True), is_.interest(start, per_1000=True))
        books = would_be.books or is_.books
        assert books is not None
        return Cost(
            facility=self.facility,
            through=through,
            currency=books.world.openings[self.facility].fact.currency,
            interest=books.money(interest),
            fees=books.money(fees),
            cost=None if interest is None or fees is None else books.money(interest + fees),
            interest_per_1000=None if per_1000 is None else rounded(per_1000, 4, books.rounding),
        )


@dataclass(frozen=True)
class _Accruals:
    """The interest and the fees of one facility in one history, through a day; nothing without books."""

    books: Books | None
    through: dt.date
    bases: tuple[Basis, ...]
    edges: tuple[dt.date, ...]
    """The days on which its interest periods begin, then the last day."""
    fees: Fraction | None

    def runs_on(self, day: dt.date) -> Pair:
        """What interest runs on on a day, and the rate, as what a year of it on 1,000 comes to."""
        if self.books is None:
            return None, None
        return basis_on(self.bases, day)[1:], self.books.accrual.yearly(day, *_PER_1000)

    def interest(self, start: dt.date, *, per_1000: bool = False) -> Fraction | None:
        """The interest of all periods from a day on, exact; None where it is not stated."""
        if self.books is None:
            return Fraction(0)
        bases = _PER_1000 if per_1000 else self.bases
        interest = self.books.accrual.interest
        periods = [interest(*edge, bases) for edge in pairwise(self.edges) if edge[0] >= start]
        known = [period for period in periods if period is not None]
        return sum(known, Fraction(0)) if len(known) == len(periods) else None


def _less(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one - other


def _first(begin: dt.date, end: dt.date, holds: Callable[[dt.date], bool]) -> dt.date:
    """The first day of a stretch from which on something holds; it holds on the last one."""
    number = bisect_left(range((end - begin).days), True, key=lambda each: holds(begin + each * _A_DAY))
    return begin + number * _A_DAY


def _value(values: _Values, what: str) -> Any:
    return values.get(what, _NOTHING)[0]
