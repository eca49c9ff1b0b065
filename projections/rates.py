"""The rate of a facility or of a loan on a date, from its parts: base, margin, floor or cap, default rate, maximum.

A rate whose index has no fixing yet is not stated; its parts still say by what formula it would follow.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from typing import NamedTuple

from ledger.calendars import days_after, days_before
from ledger.facts import DefaultRateElected, DefaultRateEnded, IndexFixed
from ledger.facts.base import FacilityFact
from ledger.facts.terms import (
    DefaultGround,
    FixedFormula,
    GreaterFormula,
    IndexFormula,
    OptionFormula,
    Options,
    RateTerms,
    Resets,
)
from projections.due_dates import Recurrence
from projections.figures import total
from projections.history import Entry, History
from projections.terms import FacilityTerms, Said
from projections.world import World


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


NOT_STATED = Priced(None, ())


class Under(NamedTuple):
    """What a loan's rate hangs on: the option chosen for it, and its interest period, as far as they are stated."""

    option: str | None = None
    began: dt.date | None = None
    ends: dt.date | None = None
    """The first day after the period."""


FACILITY = Under()
"""The facility by itself, under the only option that is open."""


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


@dataclass(frozen=True)
class Pricing:
    """The rates of one facility: its terms, the fixings, and the lender's elections."""

    facility: str
    terms: FacilityTerms
    fixings: Fixings
    elections: tuple[Entry[FacilityFact], ...]

    @classmethod
    def of(cls, world: World, terms: Mapping[str, FacilityTerms], facility: str, fixings: Fixings) -> "Pricing":
        """The pricing of one facility of a group."""
        elections = world.about(facility, DefaultRateElected, DefaultRateEnded)
        return cls(facility, terms[facility], fixings, elections)

    # --- when it can change ------------------------------------------------------------------------------------------

    @cached_property
    def dates(self) -> set[dt.date]:
        """The days on which the contract rate or the election can change, but for the resets."""
        steps = {step.from_ for said in self.terms.rate.said for step in said.value.steps or ()}
        elected = {e.fact.from_ for e in self.elections if isinstance(e.fact, DefaultRateElected) and e.fact.from_}
        fixed = {day for formula in self._index_formulas() for day in self._taken_from(formula)}
        return self.terms.dates() | fixed | steps | elected | {e.effective for e in self.elections}

    @cached_property
    def _sorted_dates(self) -> list[dt.date]:
        return sorted(self.dates)

    def changes(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days after one day up to another on which the contract rate or the election can change."""
        dates = self._sorted_dates
        yield from dates[bisect_right(dates, after) : bisect_right(dates, through)]
        yield from self.resets(after, through)

    def resets(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The reset dates after one day up to another, each by the terms that hold on it."""
        for said in self.terms.rate.said:
            if said.value.resets is not None:
                for on, day in self._recurrence(said, said.value.resets).between(after, through):
                    if self.terms.rate.on(day) is said:
                        yield on

    def _index_formulas(self) -> Iterator[IndexFormula]:
        for said in self.terms.rate.said:
            default = said.value.default
            named = [*(said.value.options or {}).values(), *((default.options or {}).values() if default else ())]
            plain = [*(said.value.greater_of or ()), *((default.greater_of or ()) if default else ())]
            for formula in (*named, *plain):
                for each in formula.greater_of if isinstance(formula, GreaterFormula) else (formula,):
                    if isinstance(each, IndexFormula):
                        yield each

    def _taken_from(self, formula: IndexFormula) -> list[dt.date]:
        """The days from which each fixing is taken."""
        fixed = self.fixings.dates(formula.index)
        return fixed if formula.lag is None else [days_after(day, formula.lag) for day in fixed]

    # --- the rates ---------------------------------------------------------------------------------------------------

    def contract(self, day: dt.date, under: Under = FACILITY) -> Priced:
        """The rate without regard to defaults: of a loan, or under the only option that is open."""
        said = self.terms.rate.on(day)
        return NOT_STATED if said is None else _capped(self._base(said, day, under), said)

    @cached_property
    def contract_rate(self) -> Callable[[dt.date, Under], Decimal | None]:
        """The same without its parts; remembered, since accrual asks for it again and again."""
        return cache(lambda day, under: self.contract(day, under).rate)

    def under_default(self, day: dt.date, under: Under = FACILITY) -> Priced | None:
        """The rate under the default formula; None where the terms have none."""
        said = self.terms.rate.on(day)
        if said is None or said.value.default is None:
            return None
        default = said.value.default
        if default.uplift is not None:
            contract = self._base(said, day, under)
            uplift = Part("default_uplift", default.uplift, positions=(said.position,))
            return _capped(_sum((*contract.parts, uplift), contract.option), said)
        if default.options is not None:
            return _capped(self._option(default.options, said, day, day, under), said)
        if default.greater_of is not None:
            return _capped(self._formula(GreaterFormula(greater_of=default.greater_of), said.position, day), said)
        assert default.fixed is not None
        return _capped(_sum([Part("base", default.fixed, positions=(said.position,))]), said)

    def charged(self, day: dt.date, grounds: Iterable[DefaultGround], under: Under = FACILITY) -> Priced:
        """The rate that runs: the default rate while a ground of its terms holds and the lender charges it."""
        found = self.under_default(day, under) if self.available(day, grounds) else None
        charged, elected = self.charges_default(day)
        return replace(found, elected=elected) if found is not None and charged else self.contract(day, under)

    def available(self, day: dt.date, grounds: Iterable[DefaultGround]) -> bool:
        """Whether a ground of the terms for the default rate on the whole holds; an excess is a ground for a part."""
        return any(ground != "excess" for ground in self.grounds_named(day, grounds))

    def grounds_named(self, day: dt.date, grounds: Iterable[DefaultGround]) -> list[DefaultGround]:
        """Those of some grounds on which the terms of a day give the default rate."""
        said = self.terms.rate.on(day)
        default = said.value.default if said is not None else None
        return [ground for ground in grounds if default is not None and ground in default.grounds]

    def charged_on_excess(self, day: dt.date, grounds: Collection[DefaultGround]) -> bool:
        """Whether the default rate runs on an excess, and not on the whole."""
        excess = "excess" in self.grounds_named(day, grounds)
        return excess and self.charges_default(day)[0] and not self.available(day, grounds)

    def charges_default(self, day: dt.date) -> tuple[bool, int | None]:
        """Whether the default rate is charged where a ground holds; and the position of the election, if by one."""
        said = self.terms.rate.on(day)
        if said is None or said.value.default is None:
            return False, None
        if said.value.default.charged == "automatically":
            return True, None
        elected = self._elected_on(day)
        return elected is not None, elected

    def _elected_on(self, day: dt.date) -> int | None:
        """The position of the election that covers a day; it may reach back, and runs until the lender ends it."""
        ends = [entry for entry in self.elections if isinstance(entry.fact, DefaultRateEnded)]
        for entry in reversed(self.elections):
            if isinstance(entry.fact, DefaultRateElected) and (entry.fact.from_ or entry.effective) <= day:
                ended = next((end for end in ends if end.order > entry.order), None)
                if ended is None or day < ended.effective:
                    return entry.position
        return None

    def _base(self, said: Said[RateTerms], day: dt.date, under: Under) -> Priced:
        rate, at = said.value, (said.position,)
        if rate.fixed is not None:
            return _sum([Part("base", rate.fixed, positions=at)])
        if rate.steps is not None:
            level = next((step.rate for step in reversed(rate.steps) if step.from_ <= day), None)
            return _sum([Part("base", level, positions=at)])
        reset = self._recurrence(said, rate.resets).last(day) if rate.resets is not None else None
        if rate.resets is None or (reset is None and rate.resets.initial is None):
            return self._formulas(said, day, day, under)
        return self._at_reset(said, rate.resets, reset, day, under)

    def _at_reset(
        self, said: Said[RateTerms], resets: Resets, reset: dt.date | None, day: dt.date, under: Under
    ) -> Priced:
        """The rate as it was fixed at a reset, or at first; no further from the one before than the terms let it."""
        if reset is None:
            return _sum([Part("base", resets.initial, positions=(said.position,))])
        priced = self._formulas(said, day, reset, under)
        if priced.rate is None or (resets.periodic_cap is None and resets.periodic_floor is None):
            return priced
        earlier = self._recurrence(said, resets).last(reset - dt.timedelta(days=1))
        if earlier is None and resets.initial is None:
            return priced
        before = self._at_earlier_reset(said, resets, earlier, under)
        if before.rate is None:
            return NOT_STATED
        most = None if resets.periodic_cap is None else before.rate + resets.periodic_cap
        least = None if resets.periodic_floor is None else before.rate - resets.periodic_floor
        return _within(priced, least, most, ("periodic_floor", "periodic_cap"), said.position)

    def _at_earlier_reset(self, said: Said[RateTerms], resets: Resets, reset: dt.date | None, under: Under) -> Priced:
        key = (said.agreed, said.from_, reset, under)
        if key not in self._earlier_resets:
            self._earlier_resets[key] = self._at_reset(said, resets, reset, reset or said.from_, under)
        return self._earlier_resets[key]

    @cached_property
    def _earlier_resets(self) -> dict[object, Priced]:
        """What was fixed at resets that a later one is held close to."""
        return {}

    def _recurrence(self, said: Said[RateTerms], resets: Resets) -> Recurrence:
        schedule = self.terms.schedule.on(max(resets.from_, said.from_))
        return Recurrence.of(resets, schedule.value if schedule is not None else None, self.terms.matures_on)

    # --- formulas ----------------------------------------------------------------------------------------------------

    def _formulas(self, said: Said[RateTerms], day: dt.date, fixed_on: dt.date, under: Under) -> Priced:
        """The rate of a day by the formulas of the terms, with the index as it was fixed on another day."""
        rate = said.value
        if rate.greater_of is not None:
            return self._formula(GreaterFormula(greater_of=rate.greater_of), said.position, fixed_on)
        assert rate.options is not None
        return self._option(rate.options, said, day, fixed_on, under)

    def _option(self, options: Options, said: Said[RateTerms], day: dt.date, fixed_on: dt.date, under: Under) -> Priced:
        """The rate under a loan's option, or under the only one that is open.

        An option since closed rules to the end of the loan's interest period; then the only one that is open does. The
        rate is not stated where that end is not, or once a period of an open option is over and no other is recorded.
        """
        open_options = self._open(options, said, day)
        chosen, formula = under.option, open_options.get(under.option or "")
        running = under.ends is not None and day < under.ends
        if chosen is not None and formula is None and under.ends is None:
            return replace(NOT_STATED, option=chosen)
        if chosen is not None and formula is None and running:
            formula = self._when_chosen(chosen, options, under)
        if formula is None:
            if len(open_options) != 1:
                return NOT_STATED
            ((chosen, formula),) = open_options.items()
        elif _fixed_for_period(formula) and under.began is not None:
            if under.ends is not None and not running:
                return NOT_STATED
            fixed_on = under.began
        return replace(self._formula(formula, said.position, fixed_on), option=chosen)

    def _when_chosen(self, option: str, options: Options, under: Under) -> OptionFormula | None:
        """The formula of an option since closed, as it was when a loan chose it."""
        said = self.terms.rate.on(under.began) if under.began is not None else None
        then = said.value.options if said is not None else None
        return (then or {}).get(option) or options.get(option)

    def _open(self, options: Options, said: Said[RateTerms], day: dt.date) -> Options:
        """The options open to new loans on a day, each with its formula."""
        found: Options = {}
        for name, formula in options.items():
            change = self.terms.options[name].on(day) if name in self.terms.options else None
            if change is None or change.agreed < said.agreed:
                found[name] = formula
            elif change.value.change == "open_option":
                found[name] = change.value.rate or formula
        return found

    def _formula(self, formula: OptionFormula, position: int, fixed_on: dt.date) -> Priced:
        match formula:
            case FixedFormula():
                return _sum([Part("base", formula.fixed, positions=(position,))])
            case IndexFormula():
                taken = fixed_on if formula.lag is None else days_before(fixed_on, formula.lag)
                fixing = self.fixings.on(formula.index, taken)
                level = (
                    None
                    if fixing is None
                    else fixing.fact.rate * (1 if formula.multiplier is None else formula.multiplier)
                )
                at = (position, *([fixing.position] if fixing is not None else []))
                parts = [Part("base", level, formula.index, at)]
            case GreaterFormula():
                priced = [self._formula(each, position, fixed_on) for each in formula.greater_of]
                if any(each.rate is None for each in priced):
                    return Priced(None, tuple(part for each in priced for part in each.parts))
                parts = [*max(priced, key=lambda each: each.rate or 0).parts]
        if formula.margin is not None:
            parts.append(Part("margin", formula.margin, positions=(position,)))
        return _within(_sum(parts), formula.floor, formula.cap, ("floor", "cap"), position)


def _fixed_for_period(formula: OptionFormula) -> bool:
    """Whether the fixing at the start of an interest period holds until its end."""
    if isinstance(formula, GreaterFormula):
        return any(_fixed_for_period(each) for each in formula.greater_of)
    return isinstance(formula, IndexFormula) and formula.fixed_for_period


def _sum(parts: Iterable[Part], option: str | None = None) -> Priced:
    """The parts added up; not stated where one of them is not."""
    found = tuple(parts)
    return Priced(total(part.rate for part in found), found, option)


def _within(
    priced: Priced, least: Decimal | None, most: Decimal | None, names: tuple[str, str], position: int
) -> Priced:
    """A rate brought within bounds, by a part that says which."""
    if priced.rate is None:
        return priced
    if least is not None and priced.rate < least:
        part = Part(names[0], least - priced.rate, positions=(position,))
    elif most is not None and priced.rate > most:
        part = Part(names[1], most - priced.rate, positions=(position,))
    else:
        return priced
    return _sum((*priced.parts, part), priced.option)


def _capped(priced: Priced, said: Said[RateTerms]) -> Priced:
    """The rate within the legal maximum that the terms name."""
    return _within(priced, None, said.value.maximum, ("", "maximum"), said.position)
