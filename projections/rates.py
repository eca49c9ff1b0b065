"""The rate of a facility on a date, from its parts: base, margin, floor or cap, default rate, legal maximum.

A rate whose index has no fixing yet is not stated; its parts still say by what formula it would follow.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from ledger.day_counts import months_after
from ledger.facts import DefaultRateElected, DefaultRateEnded, IndexFixed
from ledger.facts.base import FacilityFact
from ledger.facts.terms import DefaultGround, Formula, IndexFormula, Options, RateTerms
from ledger.values import Period
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


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan under an option: since when, and until when its interest period runs, where that is stated."""

    option: str | None
    began: dt.date
    period_ends: dt.date | None


@dataclass(frozen=True)
class Fixings:
    """What each index was fixed at, by date."""

    by_index: Mapping[str, tuple[Entry[IndexFixed], ...]]

    @classmethod
    def of(cls, history: History) -> "Fixings":
        """The fixings in force in a history."""
        by_index: dict[str, tuple[Entry[IndexFixed], ...]] = {}
        for entry in history.of(IndexFixed):
            by_index[entry.fact.index] = (*by_index.get(entry.fact.index, ()), entry)
        return cls(by_index)

    def on(self, index: str, day: dt.date) -> Entry[IndexFixed] | None:
        """The last fixing on or before a day."""
        return next((e for e in reversed(self.by_index.get(index, ())) if e.effective <= day), None)

    def dates(self) -> set[dt.date]:
        """Every day on which some index was fixed."""
        return {entry.effective for entries in self.by_index.values() for entry in entries}


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

    @cached_property
    def dates(self) -> set[dt.date]:
        """The days on which the contract rate or the election can change."""
        steps = {step.from_ for said in self.terms.rate.said for step in said.value.steps or ()}
        resets = (said.value.resets for said in self.terms.rate.said if said.value.resets is not None)
        reset = {first_on_or_after(day, each.from_, each.every) for each in resets for day in self.fixings.dates()}
        elected = {e.fact.from_ for e in self.elections if isinstance(e.fact, DefaultRateElected) and e.fact.from_}
        ended = {entry.effective for entry in self.elections}
        return self.terms.dates() | self.fixings.dates() | steps | reset | elected | ended

    def contract(self, day: dt.date) -> Priced:
        """The rate without regard to defaults, under the only option that is open."""
        said = self.terms.rate.on(day)
        return NOT_STATED if said is None else _capped(self._base(said, day, None), said)

    def under_default(self, day: dt.date) -> Priced | None:
        """The rate under the default formula; None where the terms have none."""
        said = self.terms.rate.on(day)
        return None if said is None else self._under_default(said, day, None)

    def charged(self, day: dt.date, grounds: Iterable[DefaultGround]) -> Priced:
        """The rate that runs: the default rate while a ground of its terms holds and the lender charges it."""
        said = self.terms.rate.on(day)
        return NOT_STATED if said is None else self._charged(said, day, grounds, None)

    def charged_on(self, loan: Loan, day: dt.date, grounds: Iterable[DefaultGround]) -> Priced:
        """The rate that runs on a loan under the option chosen for it.

        Under an option that was closed, or that new terms no longer have, it runs off to the end of its interest
        period, and is then under the only option that is open. Not stated where the end of the period is not.
        """
        said = self.terms.rate.on(day)
        if said is None or loan.option is None or loan.option in self._open(said.value.options or {}, said, day):
            return NOT_STATED if said is None else self._charged(said, day, grounds, loan)
        if loan.period_ends is None:
            return replace(NOT_STATED, option=loan.option)
        if day >= loan.period_ends:
            return self.charged(day, grounds)
        began_under = said if loan.option in (said.value.options or {}) else self.terms.rate.on(loan.began)
        return NOT_STATED if began_under is None else self._charged(began_under, day, grounds, loan)

    def _charged(
        self, said: Said[RateTerms], day: dt.date, grounds: Iterable[DefaultGround], loan: Loan | None
    ) -> Priced:
        contract = _capped(self._base(said, day, loan), said)
        under_default = self._under_default(said, day, loan)
        if under_default is None or said.value.default is None or not self.available(day, grounds):
            return contract
        if said.value.default.charged == "automatically":
            return under_default
        elected = self._elected_on(day)
        return contract if elected is None else replace(under_default, elected=elected)

    def _under_default(self, said: Said[RateTerms], day: dt.date, loan: Loan | None) -> Priced | None:
        default = said.value.default
        if default is None:
            return None
        if default.uplift is not None:
            contract = self._base(said, day, loan)
            uplift = Part("default_uplift", default.uplift, positions=(said.position,))
            return _capped(_sum(Priced(contract.rate, (*contract.parts, uplift), contract.option)), said)
        if default.options is not None:
            return _capped(self._option(default.options, said, day, day, loan), said)
        if default.greater_of is not None:
            return _capped(self._greater_of(default.greater_of, said, day), said)
        assert default.fixed is not None
        return _capped(_sum(Priced(None, (Part("base", default.fixed, positions=(said.position,)),))), said)

    def available(self, day: dt.date, grounds: Iterable[DefaultGround]) -> bool:
        """Whether a ground of the terms for the default rate on the whole holds; an excess is a ground for a part."""
        return any(ground != "excess" for ground in self.grounds_named(day, grounds))

    def grounds_named(self, day: dt.date, grounds: Iterable[DefaultGround]) -> list[DefaultGround]:
        """Those of some grounds on which the terms of a day give the default rate."""
        said = self.terms.rate.on(day)
        default = said.value.default if said is not None else None
        return [ground for ground in grounds if default is not None and ground in default.grounds]

    def _elected_on(self, day: dt.date) -> int | None:
        """The position of the election that covers a day; it may reach back, and runs until the lender ends it."""
        ends = [entry for entry in self.elections if isinstance(entry.fact, DefaultRateEnded)]
        for entry in reversed(self.elections):
            if isinstance(entry.fact, DefaultRateElected) and (entry.fact.from_ or entry.effective) <= day:
                ended = next((end for end in ends if end.order > entry.order), None)
                if ended is None or day < ended.effective:
                    return entry.position
        return None

    def _base(self, said: Said[RateTerms], day: dt.date, loan: Loan | None) -> Priced:
        rate, at = said.value, (said.position,)
        if rate.fixed is not None:
            return _sum(Priced(None, (Part("base", rate.fixed, positions=at),)))
        if rate.steps is not None:
            level = next((step.rate for step in reversed(rate.steps) if step.from_ <= day), None)
            return _sum(Priced(None, (Part("base", level, positions=at),)))
        fixed_on = _reset_on(rate, day)
        if rate.greater_of is not None:
            return self._greater_of(rate.greater_of, said, fixed_on)
        assert rate.options is not None
        return self._option(rate.options, said, day, fixed_on, loan)

    def _option(
        self, options: Options, said: Said[RateTerms], day: dt.date, fixed_on: dt.date, loan: Loan | None
    ) -> Priced:
        """The rate of a loan's option, or of the only one that is open on a day, at the fixing of another."""
        open_options = self._open(options, said, day)
        only = next(iter(open_options)) if len(open_options) == 1 else None
        chosen = loan.option if loan is not None and loan.option in options else only
        if chosen is None:
            return NOT_STATED
        formula = open_options.get(chosen, options[chosen])
        if loan is not None and isinstance(formula, IndexFormula) and formula.fixed_for_period:
            fixed_on = loan.began
        return replace(self._formula(formula, said.position, fixed_on), option=chosen)

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

    def _greater_of(self, formulas: Iterable[Formula], said: Said[RateTerms], day: dt.date) -> Priced:
        priced = [self._formula(formula, said.position, day) for formula in formulas]
        if any(each.rate is None for each in priced):
            return Priced(None, tuple(part for each in priced for part in each.parts))
        return max(priced, key=lambda each: each.rate or Decimal(0))

    def _formula(self, formula: Formula, position: int, day: dt.date) -> Priced:
        if not isinstance(formula, IndexFormula):
            return _sum(Priced(None, (Part("base", formula.fixed, positions=(position,)),)))
        fixing = self.fixings.on(formula.index, day)
        multiplier = formula.multiplier if formula.multiplier is not None else 1
        level = None if fixing is None else fixing.fact.rate * multiplier
        parts = [Part("base", level, formula.index, (position, *([fixing.position] if fixing else [])))]
        if formula.margin is not None:
            parts.append(Part("margin", formula.margin, positions=(position,)))
        priced = _sum(Priced(None, tuple(parts)))
        if priced.rate is not None and formula.floor is not None and priced.rate < formula.floor:
            parts.append(Part("floor", formula.floor - priced.rate, positions=(position,)))
        if priced.rate is not None and formula.cap is not None and priced.rate > formula.cap:
            parts.append(Part("cap", formula.cap - priced.rate, positions=(position,)))
        return _sum(Priced(None, tuple(parts)))


def _reset_on(rate: RateTerms, day: dt.date) -> dt.date:
    """The day whose fixing rules on `day`: that day itself, or the last reset on or before it."""
    if rate.resets is None or day < rate.resets.from_:
        return day
    return last_on_or_before(day, rate.resets.from_, rate.resets.every)


def first_on_or_after(day: dt.date, first: dt.date, every: Period) -> dt.date:
    """The first of the dates `first`, `first` + one period, `first` + two periods… that is not before `day`."""
    passed = _periods_passed(day - dt.timedelta(days=1), first, every)
    return _after_periods(first, every, max(passed + 1, 0))


def last_on_or_before(day: dt.date, first: dt.date, every: Period) -> dt.date:
    """The last of the dates `first`, `first` + one period, `first` + two periods… that is not after `day`."""
    return _after_periods(first, every, _periods_passed(day, first, every))


def _periods_passed(day: dt.date, first: dt.date, every: Period) -> int:
    """How many whole periods have passed between two days; below zero where `day` is the earlier."""
    months = months_in(every)
    if months is None:
        return (day - first).days // _days_in(every)
    passed = ((day.year - first.year) * 12 + day.month - first.month) // months
    return passed if months_after(first, passed * months) <= day else passed - 1


def _after_periods(first: dt.date, every: Period, number: int) -> dt.date:
    months = months_in(every)
    if months is None:
        return first + dt.timedelta(days=_days_in(every) * number)
    return months_after(first, months * number)


def _days_in(every: Period) -> int:
    return int(every.split(" ")[0]) * (7 if "week" in every else 1)


def months_in(every: Period) -> int | None:
    """How many months a period has; None where it is counted in days or weeks."""
    number, unit = every.split(" ")
    match unit.removesuffix("s"):
        case "month":
            return int(number)
        case "year":
            return int(number) * 12
        case _:
            return None


def _sum(priced: Priced) -> Priced:
    """The parts added up; not stated where one of them is not."""
    rates = [part.rate for part in priced.parts]
    known = [rate for rate in rates if rate is not None]
    return replace(priced, rate=sum(known, Decimal(0)) if len(known) == len(rates) else None)


def _capped(priced: Priced, said: Said[RateTerms]) -> Priced:
    """The rate within the legal maximum that the terms name."""
    maximum = said.value.maximum
    if maximum is None or priced.rate is None or priced.rate <= maximum:
        return priced
    over = Part("maximum", maximum - priced.rate, positions=(said.position,))
    return _sum(replace(priced, parts=(*priced.parts, over)))


RateOn = Callable[[dt.date], Decimal | None]
"""The rate a year that runs on a day, or None where it is not stated."""
