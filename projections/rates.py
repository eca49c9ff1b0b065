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

from ledger.calendars import first_day_to_look_back
from ledger.facts import DefaultRateElected, DefaultRateEnded
from ledger.facts.amendments import OptionClosed
from ledger.facts.base import FacilityFact
from ledger.facts.terms import (
    DefaultGround,
    DefaultRate,
    GreaterFormula,
    IndexFormula,
    OptionFormula,
    Options,
    RateTerms,
    Resets,
)
from projections.due_dates import DueDates, Recurrence
from projections.formulas import NOT_STATED, FixedOn, Fixings, Part, Priced, fixed_for_period, only, plus, within
from projections.history import Entry
from projections.terms import FacilityTerms, Said
from projections.world import World


class Under(NamedTuple):
    """What a loan's rate hangs on: the option chosen for it, and its interest period, as far as they are stated."""

    option: str | None = None
    began: dt.date | None = None
    ends: dt.date | None = None
    """The first day after the period."""


FACILITY = Under()
"""The facility by itself, under the only option that is open."""


@dataclass(frozen=True)
class Pricing:
    """The rates of one facility: its terms, the fixings, and the lender's elections."""

    facility: str
    terms: FacilityTerms
    fixings: Fixings
    elections: tuple[Entry[FacilityFact], ...]
    accrues_from: dt.date
    """The start of the first interest period."""

    @classmethod
    def of(cls, world: World, terms: Mapping[str, FacilityTerms], facility: str, fixings: Fixings) -> "Pricing":
        """The pricing of one facility of a group."""
        elections = world.about(facility, DefaultRateElected, DefaultRateEnded)
        opening = world.openings[facility]
        accrues_from = opening.fact.interest_paid_to or opening.effective
        return cls(facility, terms[facility], fixings, elections, accrues_from)

    # --- when it can change ------------------------------------------------------------------------------------------

    @cached_property
    def dates(self) -> set[dt.date]:
        """The days on which the contract rate or the election can change, but for resets and interest periods."""
        steps = {step.from_ for said in self.terms.rate.said for step in said.value.steps or ()}
        elected = {e.fact.from_ for e in self.elections if isinstance(e.fact, DefaultRateElected) and e.fact.from_}
        fixed = {day for formula in self._index_formulas for day in self._taken_from(formula)}
        return self.terms.dates() | fixed | steps | elected | {e.effective for e in self.elections}

    @cached_property
    def _sorted_dates(self) -> list[dt.date]:
        return sorted(self.dates)

    def changes(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The days after one day up to another on which the contract rate or the election can change."""
        dates = self._sorted_dates
        yield from dates[bisect_right(dates, after) : bisect_right(dates, through)]
        yield from self.resets(after, through)
        if self._some_are_fixed_for_the_period:
            yield from self._due_dates.periods_begin(after, through)

    def resets(self, after: dt.date, through: dt.date) -> Iterator[dt.date]:
        """The reset dates after one day up to another, each by the terms that hold on it."""
        for said in self.terms.rate.said:
            if said.value.resets is not None:
                for on, day in self._recurrence(said, said.value.resets).between(after, through):
                    if self.terms.rate.on(day) is said:
                        yield on

    @cached_property
    def _index_formulas(self) -> list[IndexFormula]:
        """Every formula over an index that the terms have had."""
        formulas: list[OptionFormula] = []
        for said in self.terms.rate.said:
            for terms in (said.value, said.value.default):
                if terms is not None:
                    formulas += [*(terms.options or {}).values(), *(terms.greater_of or ())]
        for change in (said.value for layers in self.terms.options.values() for said in layers.said):
            if change.change == "open_option" and change.rate is not None:
                formulas.append(change.rate)
        parts = (each.greater_of if isinstance(each, GreaterFormula) else (each,) for each in formulas)
        return [each for formulas in parts for each in formulas if isinstance(each, IndexFormula)]

    def _taken_from(self, formula: IndexFormula) -> list[dt.date]:
        """The days from which each fixing is taken: the first of those whose own fixing is that one or a later one."""
        fixed = self.fixings.dates(formula.index)
        return fixed if formula.lag is None else [first_day_to_look_back(day, formula.lag) for day in fixed]

    @cached_property
    def _some_are_fixed_for_the_period(self) -> bool:
        return any(formula.fixed_for_period for formula in self._index_formulas)

    @cached_property
    def _due_dates(self) -> DueDates:
        return DueDates(self.terms)

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
            uplift = Part("default_uplift", default.uplift, positions=(said.position,))
            return _capped(plus(self._base(said, day, under), uplift), said)
        if default.fixed is not None:
            return _capped(only(Part("base", default.fixed, positions=(said.position,))), said)
        return _capped(self._default_formulas(said, default, day, under), said)

    def charged(self, day: dt.date, grounds: Iterable[DefaultGround], under: Under = FACILITY) -> Priced:
        """The rate that runs: the default rate while a ground of its terms holds and the lender charges it."""
        found = self.under_default(day, under) if self._available_on_the_whole(day, grounds) else None
        charged, elected = self.charges_default(day)
        return replace(found, elected=elected) if found is not None and charged else self.contract(day, under)

    def available(self, day: dt.date, grounds: Iterable[DefaultGround]) -> bool:
        """Whether a ground of the terms for the default rate holds: for that on the whole, or on an excess."""
        return bool(self.grounds_named(day, grounds))

    def _available_on_the_whole(self, day: dt.date, grounds: Iterable[DefaultGround]) -> bool:
        """Whether some ground of the terms holds that is not an excess, which is a ground for a part alone."""
        return any(ground != "excess" for ground in self.grounds_named(day, grounds))

    def grounds_named(self, day: dt.date, grounds: Iterable[DefaultGround]) -> list[DefaultGround]:
        """Those of some grounds on which the terms of a day give the default rate."""
        said = self.terms.rate.on(day)
        default = said.value.default if said is not None else None
        return [ground for ground in grounds if default is not None and ground in default.grounds]

    def charged_on_excess(self, day: dt.date, grounds: Collection[DefaultGround]) -> bool:
        """Whether the default rate runs on an excess, and not on the whole."""
        excess = "excess" in self.grounds_named(day, grounds)
        return excess and self.charges_default(day)[0] and not self._available_on_the_whole(day, grounds)

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
            return only(Part("base", rate.fixed, positions=at))
        if rate.steps is not None:
            level = next((step.rate for step in reversed(rate.steps) if step.from_ <= day), None)
            return only(Part("base", level, positions=at))
        reset = self._recurrence(said, rate.resets).last(day) if rate.resets is not None else None
        if rate.resets is None or (reset is None and rate.resets.initial is None):
            return self._formulas(said, day, FixedOn(day, self._period_began(day, under)), under)
        return self._at_reset(said, rate.resets, reset, day, under)

    def _period_began(self, day: dt.date, under: Under) -> dt.date:
        """When the interest period of a day began: that of a loan, or else by the schedule."""
        if under.began is not None or not self._some_are_fixed_for_the_period:
            return under.began or day
        scheduled = self._due_dates.period_began(day)
        return min(self.accrues_from if scheduled is None else max(scheduled, self.accrues_from), day)

    def _at_reset(
        self, said: Said[RateTerms], resets: Resets, reset: dt.date | None, day: dt.date, under: Under
    ) -> Priced:
        """The rate as it was fixed at a reset, or at first; no further from the one before than the terms let it."""
        if reset is None:
            return only(Part("base", resets.initial, positions=(said.position,)))
        priced = self._formulas(said, day, FixedOn(reset, under.began or reset), under)
        if priced.rate is None or (resets.periodic_cap is None and resets.periodic_floor is None):
            return priced
        earlier = self._recurrence(said, resets).last(reset - dt.timedelta(days=1))
        if earlier is None and resets.initial is None:
            return priced
        before = self._at_earlier_reset(said, resets, earlier, under)
        if before.rate is None:
            return replace(priced, rate=None)
        most = None if resets.periodic_cap is None else before.rate + resets.periodic_cap
        least = None if resets.periodic_floor is None else before.rate - resets.periodic_floor
        return within(priced, least, most, ("periodic_floor", "periodic_cap"), said.position)

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
        """The reset dates: on business days, unless the schedule puts off payments alone."""
        schedule = self.terms.schedule.on(max(resets.from_, said.from_))
        dates = Recurrence.of(resets, schedule.value if schedule is not None else None, self.terms.matures_on)
        calculated_first = schedule is not None and schedule.value.adjust == "calculate_then_shift"
        return replace(dates, roll="none") if calculated_first else dates

    # --- options -----------------------------------------------------------------------------------------------------

    def _formulas(self, said: Said[RateTerms], day: dt.date, fixed_on: FixedOn, under: Under) -> Priced:
        """The contract rate of a day by its formulas, with each index as it was fixed on another day."""
        rate = said.value
        if rate.greater_of is not None:
            return self.fixings.rate(GreaterFormula(greater_of=rate.greater_of), said.position, fixed_on)
        open_options = self._open(said, day)
        option = self._option(open_options, day, under)
        formula = None if option is None else open_options.get(option) or self._when_chosen(option, said, under)
        return self._under_option(option, formula, said, day, fixed_on, under)

    def _default_formulas(self, said: Said[RateTerms], default: DefaultRate, day: dt.date, under: Under) -> Priced:
        """The default rate of a day by formulas of its own: that of the loan's option, or the only one for all."""
        fixed_on = FixedOn(day, self._period_began(day, under))
        if default.greater_of is not None:
            return self.fixings.rate(GreaterFormula(greater_of=default.greater_of), said.position, fixed_on)
        assert default.options is not None
        option = self._option(self._open(said, day), day, under)
        if option not in default.options:
            option = next(iter(default.options)) if len(default.options) == 1 else None
        formula = None if option is None else default.options[option]
        return self._under_option(option, formula, said, day, fixed_on, under)

    def _under_option(
        self,
        option: str | None,
        formula: OptionFormula | None,
        said: Said[RateTerms],
        day: dt.date,
        fixed_on: FixedOn,
        under: Under,
    ) -> Priced:
        """The rate of a formula, if there is one; not stated where it is fixed for a period and no new one is recorded.

        For a loan that has come under another option than its own, a period begins where that one's was over.
        """
        if formula is None:
            return NOT_STATED
        if under.ends is not None and under.ends <= day and fixed_for_period(formula):
            if under.option in (None, option):
                return replace(NOT_STATED, option=option)
            fixed_on = fixed_on._replace(period=under.ends)
        return replace(self.fixings.rate(formula, said.position, fixed_on), option=option)

    def _option(self, open_options: Options, day: dt.date, under: Under) -> str | None:
        """The option that a loan is under on a day: the one chosen for it, else the only one that is open.

        An option since closed rules to the end of the loan's interest period; None where that end is not stated.
        """
        if under.option is not None:
            if under.option in open_options or (under.ends is not None and day < under.ends):
                return under.option
            if under.ends is None:
                return None
        return next(iter(open_options)) if len(open_options) == 1 else None

    def _when_chosen(self, option: str, said: Said[RateTerms], under: Under) -> OptionFormula | None:
        """The formula of an option since closed, as it was when a loan chose it."""
        then = self.terms.rate.on(under.began) if under.began is not None else None
        chosen_from = self._open(then, under.began) if then is not None and under.began is not None else {}
        return chosen_from.get(option) or (said.value.options or {}).get(option)

    def _open(self, said: Said[RateTerms], day: dt.date) -> Options:
        """The options open to new loans on a day, each with its formula."""
        found: Options = dict(said.value.options or {})
        for name, layers in self.terms.options.items():
            change = layers.on(day)
            if change is None or change.agreed < said.agreed:
                continue
            opened = change.value
            if isinstance(opened, OptionClosed):
                found.pop(name, None)
            elif opened.rate is not None:
                found[name] = opened.rate
        return found


def _capped(priced: Priced, said: Said[RateTerms]) -> Priced:
    """The rate within the legal maximum that the terms name."""
    return within(priced, None, said.value.maximum, ("", "maximum"), said.position)
