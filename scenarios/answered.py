"""The answer to what a scenario asks: on dates, over time, in money; and whether it is the answer that was expected."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ledger.facts import as_record
from ledger.records import Recorded
from ledger.values import plain
from projections.answer import Known
from scenarios.assume import Taken, WhatIf
from scenarios.compare import Comparison
from scenarios.contagion import Contagion, Cover, fewest_waivers, least_that_brings_down
from scenarios.over_time import Cost, OverTime, costs_in_words, total_cost
from scenarios.script import Ask, Expected


class Checked(NamedTuple):
    """How an answer differs from the one expected: the lines that are not there, and those that were not expected."""

    missing: tuple[Expected, ...]
    unexpected: tuple[Expected, ...]

    @property
    def agrees(self) -> bool:
        """Whether the answer is the one expected."""
        return not self.missing and not self.unexpected

    def __str__(self) -> str:
        """The lines that differ, as a scenario writes them."""
        expected = [f"Expected, and not so:  {line(each)}" for each in self.missing]
        return "\n".join([*expected, *(f"So, and not expected:  {line(each)}" for each in self.unexpected)])


@dataclass(frozen=True)
class Answered:
    """What would differ, wherever it was asked; everything else is as it is."""

    known: Known
    taken: tuple[Taken, ...]
    comparisons: tuple[Comparison, ...]
    over_time: OverTime | None
    costs: tuple[Cost, ...]
    downfalls: tuple[Contagion, ...] = ()
    covers: tuple[Cover, ...] = ()

    @classmethod
    def of(cls, what_if: WhatIf, ask: Ask) -> "Answered":
        """The answer. Raises Rejected (`facility_not_found`, `as_stood_over_time`)."""
        only, through, days = ask.facilities or None, ask.cost_through, ask.on or ()
        return cls(
            what_if.known,
            what_if.taken,
            tuple(what_if.compare(day, only) for day in days),
            None if ask.over is None else what_if.over_time(ask.over.from_, ask.over.through, only),
            () if through is None else what_if.over_time(through, through, only).costs,
            tuple(least_that_brings_down(what_if, ask.brings_down, day) for day in days if ask.brings_down),
            tuple(fewest_waivers(what_if, ask.covers, day) for day in days if ask.covers),
        )

    @property
    def assumed(self) -> tuple[Recorded, ...]:
        """The facts assumed, at the positions that they would have."""
        return tuple(record for taken in self.taken for record in taken.facts)

    @cached_property
    def rows(self) -> tuple[Expected, ...]:
        """Everything that differs, a line each: on the dates, then over time, then what it costs."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[Expected]:
        for comparison in self.comparisons:
            for each in comparison.differences:
                values = {"as_is": each.as_is, "as_would_be": each.as_would_be}
                yield Expected(on=comparison.as_is.as_of, facility=each.facility, what=each.what, **values)
        for stretch in self.over_time.stretches if self.over_time is not None else ():
            values = {"as_is": stretch.as_is, "as_would_be": stretch.as_would_be}
            span = {"from_": stretch.from_, "until": stretch.until}
            yield Expected(facility=stretch.facility, what=stretch.what, **span, **values)
        for cost in self.costs:
            per_1000 = cost.cost is None and cost.interest_per_1000 is not None
            figure = cost.as_json()["interest_per_1000" if per_1000 else "cost"]
            what = "cost per 1,000" if per_1000 else "cost"
            yield Expected(through=cost.through, facility=cost.facility, what=what, as_would_be=figure)
        for contagion in self.downfalls:
            down = " and ".join(contagion.facilities)
            for downfall in contagion.found:
                yield Expected(on=contagion.on, facility=down, what="brought down by", as_would_be=str(downfall))
        for cover in self.covers:
            for way in cover.ways:
                waivers = " and ".join(waiver.facility for waiver in way)
                asked = " and ".join(cover.facilities)
                yield Expected(on=cover.on, facility=asked, what="covered by waivers of", as_would_be=waivers)

    def checked(self, expected: Iterable[Expected]) -> Checked:
        """How it differs from an answer that was expected; the order of lines does not matter."""
        here, there = Counter(self.rows), Counter(expected)
        return Checked(tuple((there - here).elements()), tuple((here - there).elements()))

    def as_json(self) -> dict[str, Any]:
        """Plain data, as JSON shows it."""
        return {
            "known": self.known.as_json(),
            "assumed": [as_record(record.fact) for record in self.assumed],
            "on": [comparison.as_json() for comparison in self.comparisons],
            "over": self.over_time.as_json() if self.over_time is not None else None,
            "costs": [cost.as_json() for cost in self.costs],
            "total_costs": [
                {"currency": currency, "cost": None if amount is None else plain(amount)}
                for currency, amount in total_cost(self.costs).items()
            ],
            "brings_down": [contagion.as_json() for contagion in self.downfalls],
            "covers": [cover.as_json() for cover in self.covers],
        }

    def __str__(self) -> str:
        """The answer for people, in sentences."""
        comparisons = self.comparisons if self.taken else ()
        over = [] if self.over_time is None else [self.over_time]
        costs = ["\n".join(costs_in_words(self.costs))] if self.costs else []
        return "\n\n".join(map(str, (*comparisons, *over, *costs, *self.downfalls, *self.covers)))


def line(row: Expected) -> str:
    """A line of an answer as a scenario file writes it."""
    written = row.model_dump(mode="json", by_alias=True, exclude_none=True)
    return f"{{{', '.join(f'{name}: {_scalar(value)}' for name, value in written.items())}}}"


_PLAIN = re.compile(r"[a-z_]([a-z0-9_./ -]*[a-z0-9])?|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _scalar(value: Any) -> str:
    as_it_is = isinstance(value, str) and _PLAIN.fullmatch(value) and value not in ("true", "false", "null")
    return value if as_it_is else json.dumps(value, ensure_ascii=False)
