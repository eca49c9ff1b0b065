"""Formulas: what an index, a fixed rate or the greatest of several comes to on a day, part by part.

A formula over an index that has no fixing yet is not stated; its parts still say what it would be made of.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from ledger.calendars import days_before
from ledger.facts import IndexFixed
from ledger.facts.terms import FixedFormula, GreaterFormula, IndexFormula, OptionFormula
from projections.figures import total
from projections.history import Entry, History


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a rate: what it is, its size a year (None: not stated), and the facts that say so."""

    part: str
    rate: Decimal | None
    index: str | None = None
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """A rate with its parts, None where some part is not stated, and the name of the rate option that it is under."""

    rate: Decimal | None
    parts: tuple[Part, ...]
    option: str | None = None
    elected: int | None = None
    """The position of the lender's election, where the rate runs by one."""

    @property
    def positions(self) -> tuple[int, ...]:
        """The facts that its parts come from, the election among them."""
        elected = () if self.elected is None else (self.elected,)
        return (*(position for part in self.parts for position in part.positions), *elected)


NOT_STATED = Priced(None, ())


class FixedOn(NamedTuple):
    """The days whose fixings rule: of an index in general, and of one that is fixed for the interest period."""

    day: dt.date
    period: dt.date


@dataclass(frozen=True)
class Fixings:
    """What each index was fixed at, by date."""

    by_index: Mapping[str, tuple[Entry[IndexFixed], ...]]

    @classmethod
    def of(cls, history: History) -> "Fixings":
        """The fixings in force in a history."""
        by_index: dict[str, list[Entry[IndexFixed]]] = {}
        for entry in history.of(IndexFixed):
            by_index.setdefault(entry.fact.index, []).append(entry)
        return cls({index: tuple(entries) for index, entries in by_index.items()})

    def on(self, index: str, day: dt.date) -> Entry[IndexFixed] | None:
        """The last fixing on or before a day."""
        entries = self.by_index.get(index, ())
        found = bisect_right(entries, day, key=lambda entry: entry.effective)
        return entries[found - 1] if found else None

    def dates(self, index: str) -> list[dt.date]:
        """Every day on which an index was fixed."""
        return [entry.effective for entry in self.by_index.get(index, ())]

    def rate(self, formula: OptionFormula, position: int, fixed_on: FixedOn) -> Priced:
        """What a formula comes to, its margin, floor and cap included; it stands in the fact at `position`."""
        match formula:
            case FixedFormula():
                return only(Part("base", formula.fixed, positions=(position,)))
            case IndexFormula():
                priced = self._index(formula, position, fixed_on)
            case GreaterFormula():
                priced = greatest(self.rate(each, position, fixed_on) for each in formula.greater_of)
        if formula.margin is not None:
            priced = plus(priced, Part("margin", formula.margin, positions=(position,)))
        return within(priced, formula.floor, formula.cap, ("floor", "cap"), position)

    def _index(self, formula: IndexFormula, position: int, fixed_on: FixedOn) -> Priced:
        """The index by itself, times its multiplier, as it was fixed a lag before the day that it is for."""
        day = fixed_on.period if formula.fixed_for_period else fixed_on.day
        fixing = self.on(formula.index, day if formula.lag is None else days_before(day, formula.lag))
        if fixing is None:
            return only(Part("base", None, formula.index, (position,)))
        level = fixing.fact.rate if formula.multiplier is None else fixing.fact.rate * formula.multiplier
        return only(Part("base", level, formula.index, (position, fixing.position)))


def fixed_for_period(formula: OptionFormula) -> bool:
    """Whether the fixing at the start of an interest period holds until its end."""
    if isinstance(formula, GreaterFormula):
        return any(fixed_for_period(each) for each in formula.greater_of)
    return isinstance(formula, IndexFormula) and formula.fixed_for_period


def only(part: Part) -> Priced:
    """A rate of one part."""
    return Priced(part.rate, (part,))


def plus(priced: Priced, part: Part) -> Priced:
    """A rate with one more part; not stated where it was not, whatever is added to it."""
    return replace(priced, rate=total([priced.rate, part.rate]), parts=(*priced.parts, part))


def greatest(formulas: Iterable[Priced]) -> Priced:
    """The highest of several rates; not stated where one of them is not, since that might be the highest."""
    priced = [*formulas]
    if any(each.rate is None for each in priced):
        return Priced(None, tuple(part for each in priced for part in each.parts))
    return max(priced, key=lambda each: each.rate or 0)


def within(
    priced: Priced, least: Decimal | None, most: Decimal | None, names: tuple[str, str], position: int
) -> Priced:
    """A rate brought within bounds, by a part that says which."""
    if priced.rate is None:
        return priced
    if least is not None and priced.rate < least:
        return plus(priced, Part(names[0], least - priced.rate, positions=(position,)))
    if most is not None and priced.rate > most:
        return plus(priced, Part(names[1], most - priced.rate, positions=(position,)))
    return priced
