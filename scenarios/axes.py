"""What a sweep varies: each axis is a row of values, and of each what it assumes.

An axis is written in a scenario under `vary`, or given in Python: `act_on=every_day(…)`, `prime=[Decimal("0.04"), …]`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, takewhile
from random import Random
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from ledger.facts import ActTaken, IndexFixed
from ledger.facts.terms import RateStep
from ledger.rejected import Rejected
from ledger.values import (
    Date,
    Field,
    ListOf,
    Period,
    RatePerAnnum,
    Slug,
    SomeOf,
    Value,
    exactly_one,
    model_validator,
    not_allowed,
)
from scenarios.draft import Draft
from scenarios.steps import AnyFact, Assumption, Move, Place, Shift, Step, Which, later

Label = dt.date | Decimal | int | str
"""A value of an axis as results show it."""


@dataclass(frozen=True)
class Axis:
    """The values of something that a sweep varies, and the steps that each of them takes."""

    labels: tuple[Label, ...]
    steps: tuple[tuple[Step, ...], ...]

    def __len__(self) -> int:
        return len(self.labels)


def every(length: Period, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The dates from a first one through a last one, so far apart: `every("1 month", …)`."""
    return tuple(takewhile(lambda day: day <= last, (later(first, length, times) for times in count())))


def every_day(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Every date from a first one through a last one."""
    return every("1 day", first, last)


# --- axes as a scenario writes them ----------------------------------------------------------------------------------


class Moved(Value):
    """The dates to which a date of a fact is moved: those listed, or every so often from one through another."""

    move: Which
    date: Place = "effective"
    to: SomeOf[Date] | None = None
    every: Period | None = None
    from_: Date | None = Field(default=None, alias="from")
    through: Date | None = None

    @model_validator(mode="after")
    def _listed_or_regular(self) -> "Moved":
        exactly_one(self, "to", "every")
        if self.every is not None and (self.from_ is None or self.through is None):
            raise not_allowed("one_of", "`from` and `through` beside `every`", found="`every` alone")
        if self.to is None and not self.days:
            raise not_allowed("order", "`through` on or after `from`", found=f"{self.from_} and then {self.through}")
        return self

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The dates, in order."""
        if self.every is None or self.from_ is None or self.through is None:
            return self.to or ()
        return every(self.every, self.from_, self.through)

    @property
    def axis(self) -> Axis:
        """The axis."""
        which = self.move.model_dump(exclude_none=True)
        return Axis(self.days, tuple((Move(**which, date=self.date, to=day),) for day in self.days))


class Indexed(Value):
    """The levels at which an index is fixed, or by how much its fixings are shifted; as in `shift`."""

    index: Slug
    to: SomeOf[RatePerAnnum] | None = None
    by: SomeOf[RatePerAnnum] | None = None
    from_: Date | None = Field(default=None, alias="from")
    until: Date | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Indexed":
        exactly_one(self, "to", "by")
        return self

    @property
    def axis(self) -> Axis:
        """The axis."""
        rates, to = self.to or self.by or (), self.to is not None
        shifts = (
            Shift(
                index=self.index,
                to=rate if to else None,
                by=None if to else rate,
                from_=self.from_,
                until=self.until,
            )
            for rate in rates
        )
        return Axis(tuple(rates), tuple((shift,) for shift in shifts))


class Wandering(Value):
    """Random paths of an index: from a level, every so often a step up, a step down, or none, each as likely.

    The same seed gives the same paths, on every machine. No path goes below zero.
    """

    index: Slug
    paths: int = Field(ge=1, le=1_000_000)
    seed: int = Field(ge=0, le=10**15)
    start: RatePerAnnum
    step: RatePerAnnum
    every: Period
    from_: Date = Field(alias="from")
    through: Date

    @model_validator(mode="after")
    def _forward(self) -> "Wandering":
        if self.through < self.from_:
            raise not_allowed("order", "`through` on or after `from`", found=f"{self.from_} and then {self.through}")
        return self

    @property
    def axis(self) -> Axis:
        """The axis; its labels are the numbers of the paths, from 0."""
        dice = Random(self.seed)
        days = every(self.every, self.from_, self.through)
        steps = tuple((Shift(index=self.index, path=tuple(self._path(dice, days))),) for _ in range(self.paths))
        return Axis(tuple(range(self.paths)), steps)

    def _path(self, dice: Random, days: Sequence[dt.date]) -> Iterator[RateStep]:
        level = self.start
        for day in days:
            yield RateStep(from_=day, rate=level)
            level = max(Decimal(0), level + dice.randrange(-1, 2) * self.step)


class Chosen(Value):
    """Several things that may be assumed, each by a name: one of them at a time, perhaps nothing."""

    choices: Annotated[dict[Slug, ListOf[AnyFact]], Field(min_length=1)]

    @property
    def axis(self) -> Axis:
        """The axis; its labels are the names."""
        steps = (tuple(Assumption(fact=fact) for fact in facts) for facts in self.choices.values())
        return Axis(tuple(self.choices), tuple(steps))


def _kind(found: Any) -> str | None:
    for name, model in (("move", Moved), ("paths", Wandering), ("index", Indexed), ("choices", Chosen)):
        if isinstance(found, model) or (isinstance(found, dict) and name in found):
            return name
    return None


AnyAxis = Annotated[
    Annotated[Moved, Tag("move")]
    | Annotated[Wandering, Tag("paths")]
    | Annotated[Indexed, Tag("index")]
    | Annotated[Chosen, Tag("choices")],
    Discriminator(_kind),
]


# --- axes as Python gives them ---------------------------------------------------------------------------------------


def named(name: str, values: Axis | Sequence[Any], draft: Draft, head: int) -> Axis:
    """The axis that a keyword means: `act_on` is the date of every act assumed, an index's name its level.

    The level holds from the earliest effective date of what is assumed on; what stands behind `head`, the ledger's last
    position, is. Raises Rejected (`axis_unknown`).
    """
    if isinstance(values, Axis):
        return values
    assumed = [fact for position, fact in draft.facts if position > head]
    acts = [fact.act for fact in assumed if isinstance(fact, ActTaken)]
    if name == "act_on" and acts:
        return Axis(tuple(values), tuple(tuple(Move(act=act, to=day) for act in acts) for day in values))
    if any(isinstance(fact, IndexFixed) and fact.index == name for _, fact in draft.facts):
        since = min((fact.effective for fact in assumed), default=None)
        return Indexed(index=name, to=tuple(values), from_=since).axis
    raise Rejected(
        "axis_unknown",
        f"The sweep varies {name}.",
        forbidden_by="That is neither the name of an index that was fixed, nor `act_on` with an act assumed.",
        remedy="Give an axis that says what to assume, such as Moved(…).axis.",
    )
