"""Sweeps: every combination of the values of some axes is a branch, and each branch is asked the same.

Branches are independent, so they are derived in parallel: on processes of this machine, or by any executor that is
given, such as that of a Dask cluster. What was kept of a sweep that was broken off is not derived again.
"""

import datetime as dt
import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from math import ceil, prod
from typing import Any, NamedTuple, Protocol

from pydantic_core import to_json

from ledger.facts import encode
from ledger.rejected import Rejected
from ledger.values import plain
from projections.report import FacilityOn
from projections.states import Legal
from projections.view import View
from scenarios.assume import WhatIf
from scenarios.axes import Axis, Label
from scenarios.script import Ask
from scenarios.steps import Step

Progress = Callable[[int, int], None]
"""Told how many branches are done, of how many."""

_CHUNKS, _LARGEST = 64, 100
"""Into how many chunks the branches are divided, and how many branches a chunk has at the most."""


class Row(NamedTuple):
    """One facility on one date in one branch. None is not stated; `cost` is given on the date that costs are asked of.

    `differs` says whether any of it is other than as it is.
    """

    branch: int
    facility: str
    on: dt.date
    legal: Legal
    rate: Decimal | None
    total: Decimal | None
    cost: Decimal | None
    differs: bool


class Kept(Protocol):
    """Where the rows of finished branches are kept."""

    def rows(self, numbers: range) -> list[Row] | None:
        """The rows of these branches, if they are kept."""

    def keep(self, numbers: range, rows: Sequence[Row]) -> None:
        """Keep the rows of these branches, all or none."""


@dataclass(frozen=True)
class Sweep:
    """Every combination of the values of some axes, on top of what a what-if assumes; the last axis runs fastest."""

    what_if: WhatIf
    axes: Mapping[str, Axis]
    ask: Ask

    def __len__(self) -> int:
        return prod(len(axis) for axis in self.axes.values())

    def labels(self, branch: int) -> dict[str, Label]:
        """The values of the axes in a branch; branches are counted from 0."""
        return {name: self.axes[name].labels[at] for name, at in self._places(branch).items()}

    def steps(self, branch: int) -> list[Step]:
        """What is assumed in a branch, in the order of the axes."""
        return [step for name, at in self._places(branch).items() for step in self.axes[name].steps[at]]

    def _places(self, branch: int) -> dict[str, int]:
        places: dict[str, int] = {}
        for name in reversed(tuple(self.axes)):
            branch, places[name] = divmod(branch, len(self.axes[name]))
        return {name: places[name] for name in self.axes}

    @cached_property
    def facilities(self) -> tuple[str, ...]:
        """The facilities asked about. Raises Rejected (`facility_not_found`)."""
        return self.what_if.named(self.days[-1], self.ask.facilities or None)

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        """The dates asked about, in order; that of the costs among them."""
        costs = () if self.ask.cost_through is None else (self.ask.cost_through,)
        return tuple(sorted({*(self.ask.on or ()), *costs}))

    @cached_property
    def digits(self) -> Mapping[str, int]:
        """How many digits the minor unit of each facility's currency has."""
        timelines = {
            **self.what_if.view(self.days[-1], assumed=False).timelines,
            **self.what_if.view(self.days[-1]).timelines,
        }
        return {name: timelines[name].books[name].digits for name in self.facilities}

    @cached_property
    def fingerprint(self) -> str:
        """What names this sweep: the ledger's prefix, all that is assumed, the axes and the question, hashed."""
        what_if, said = self.what_if, sha256()
        said.update(to_json([what_if.prefix.root.hex(), what_if.prefix.position, what_if.standing, what_if.as_stood]))
        for record in what_if.assumptions:
            said.update(encode(record.fact))
        steps = {name: [axis.labels, axis.steps] for name, axis in self.axes.items()}
        said.update(to_json([steps, self.ask], by_alias=True))
        return said.hexdigest()

    # --- one branch after another ------------------------------------------------------------------------------------

    def rows(self, numbers: Iterable[int]) -> list[Row]:
        """The rows of some branches. Raises Rejected, with the values of the branch that cannot be assumed."""
        return [row for number in numbers for row in self._rows(number)]

    def _rows(self, number: int) -> Iterator[Row]:
        branch = self.what_if.branch()
        try:
            branch.do(self.steps(number))
        except Rejected as refusal:
            values = ", ".join(f"{name} {label}" for name, label in self.labels(number).items())
            raise refusal.at(f"with {values}") from None
        for day in self.days:
            view, in_all = branch.view(day), self.ask.cost_through == day
            costs = branch.over_time(day, day, self.facilities).costs if in_all else ()
            by_facility = {cost.facility: cost.cost for cost in costs}
            for name in self.facilities:
                found = _values(view, name)
                cost = by_facility.get(name, Decimal(0).scaleb(-self.digits[name])) if in_all else None
                yield Row(number, name, day, *found, cost, found != self._as_is[name, day])

    @cached_property
    def _as_is(self) -> Mapping[tuple[str, dt.date], "_Values"]:
        views = {day: self.what_if.view(day, assumed=False) for day in self.days}
        return {(name, day): _values(view, name) for day, view in views.items() for name in self.facilities}

    # --- all of them -------------------------------------------------------------------------------------------------

    def run(
        self,
        *,
        workers: int = 1,
        executor: Executor | None = None,
        kept: Kept | None = None,
        progress: Progress | None = None,
    ) -> "Swept":
        """Derive every branch, on so many processes, or by an executor that is given, and give all their rows.

        With `kept`, finished branches are kept as the sweep goes on, and those that are kept already are not derived
        again. Raises Rejected: `facility_not_found`, and what cannot be assumed in some branch.
        """
        found: dict[range, list[Row]] = {}
        for numbers in self.chunks:
            rows = None if kept is None else kept.rows(numbers)
            if rows is not None:
                found[numbers] = rows
        for numbers, rows in self._derived([chunk for chunk in self.chunks if chunk not in found], workers, executor):
            found[numbers] = rows
            if kept is not None:
                kept.keep(numbers, rows)
            if progress is not None:
                progress(sum(map(len, found)), len(self))
        return Swept(self, tuple(row for numbers in self.chunks for row in found[numbers]))

    @cached_property
    def chunks(self) -> tuple[range, ...]:
        """The branches in the portions in which they are derived and kept."""
        size = max(1, min(_LARGEST, ceil(len(self) / _CHUNKS)))
        return tuple(range(first, min(first + size, len(self))) for first in range(0, len(self), size))

    def _derived(
        self, chunks: Sequence[range], workers: int, executor: Executor | None
    ) -> Iterator[tuple[range, list[Row]]]:
        self.prepare()
        if executor is not None:
            yield from _finished({executor.submit(_rows, self, numbers): numbers for numbers in chunks})
        elif workers == 1 or len(chunks) < 2:
            yield from ((numbers, self.rows(numbers)) for numbers in chunks)
        else:
            with ProcessPoolExecutor(workers, _CONTEXT, initializer=_begin, initargs=(self,)) as pool:
                yield from _finished({pool.submit(_rows_of_taken, numbers): numbers for numbers in chunks})

    def prepare(self) -> None:
        """Derive once what all branches begin from."""
        if len(self):
            assert self._as_is is not None
            for day in self.days:
                assert self.what_if.view(day).timelines is not None


def _finished(futures: Mapping[Future[list[Row]], range]) -> Iterator[tuple[range, list[Row]]]:
    """The rows of each portion as it is finished; after a failure, the rest are not begun."""
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


# A process that is forked has what its parent derived already; one that is not, is given the sweep and derives it.
_CONTEXT = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
_TAKEN: list[Sweep] = []


def _begin(sweep: Sweep) -> None:
    """Begin a process for a sweep: what it has from its parent is kept out of the way of the garbage collector."""
    gc.freeze()
    _take(sweep)


def _take(sweep: Sweep) -> None:
    _TAKEN[:] = [sweep]


def _rows_of_taken(numbers: range) -> list[Row]:
    return _TAKEN[0].rows(numbers)


def _rows(sweep: Sweep, numbers: range) -> list[Row]:
    """The rows of some branches in a process that may not have seen the sweep before."""
    if not _TAKEN or _TAKEN[0].fingerprint != sweep.fingerprint:
        _take(sweep)
    return _rows_of_taken(numbers)


_Values = tuple[Legal, Decimal | None, Decimal | None]


def _values(view: View, facility: str) -> _Values:
    """Status, rate and total of a facility."""
    timeline = view.timelines.get(facility)
    if timeline is None:
        return "not_open", None, None
    on = FacilityOn(view, timeline, facility)
    return on.day.legal[facility], on.rate().charged, on.obligations().total


# --- what came of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Distribution:
    """How the costs of a facility are spread over the branches, from the least to the most."""

    facility: str
    branches: int
    least: Decimal
    quarter: Decimal
    half: Decimal
    three_quarters: Decimal
    most: Decimal
    mean: Decimal


@dataclass(frozen=True)
class Swept:
    """The rows of a sweep, branch by branch, in each date by date and facility by facility."""

    sweep: Sweep
    rows: tuple[Row, ...]

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows with the values of the axes before them, each as a mapping."""
        for row in self.rows:
            yield {**self.sweep.labels(row.branch), **row._asdict()}

    def grid(self, across: str, down: str, facility: str, on: dt.date) -> Mapping[tuple[Label, Label], Row]:
        """The rows of a facility on a date by the values of two axes; of branches that share both, the first."""
        found: dict[tuple[Label, Label], Row] = {}
        for row in self.rows:
            if (row.facility, row.on) == (facility, on):
                labels = self.sweep.labels(row.branch)
                found.setdefault((labels[across], labels[down]), row)
        return found

    def distributions(self) -> tuple[Distribution, ...]:
        """How the costs are spread, of each facility whose costs are stated in every branch and differ from nothing."""
        found = (self._distribution(name) for name in self.sweep.facilities)
        return tuple(each for each in found if each is not None)

    def _distribution(self, facility: str) -> Distribution | None:
        own = [row.cost for row in self.rows if row.facility == facility and row.on == self.sweep.ask.cost_through]
        costs = sorted(cost for cost in own if cost is not None)
        if not costs or len(costs) < len(own) or not any(costs):
            return None
        quarter, half, three_quarters = (costs[(len(costs) - 1) * part // 4] for part in (1, 2, 3))
        mean = (sum(costs, Decimal(0)) / len(costs)).quantize(costs[0])
        return Distribution(facility, len(costs), costs[0], quarter, half, three_quarters, costs[-1], mean)

    def as_json(self) -> list[dict[str, Any]]:
        """Plain data, a mapping a row."""
        return [{name: _plain(value) for name, value in record.items()} for record in self.records()]


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return plain(value)
        case dt.date():
            return value.isoformat()
        case _:
            return value


def sweep(what_if: WhatIf, ask: Ask, **axes: Axis | Sequence[Any]) -> Sweep:
    """A sweep over axes, on top of what is assumed: `sweep(s, ask, act_on=every_day(…), prime=[…])`.

    An axis is an Axis, or values under a name that says what they are: `act_on`, dates of the acts assumed; the name of
    an index, its levels. Raises Rejected (`axis_unknown`).
    """
    return Sweep(what_if, {name: what_if.axis(name, values) for name, values in axes.items()}, ask)
