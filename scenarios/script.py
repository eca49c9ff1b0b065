"""A scenario as a file has it: what is known, what is assumed, what is asked, and perhaps the answer to check by."""

import datetime as dt
import re
from contextlib import suppress
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, StrictBool

from ledger.facts import Standing
from ledger.values import (
    Date,
    Field,
    ListOf,
    Names,
    OneOrMany,
    Slug,
    Text,
    Texts,
    Value,
    at_least_one,
    model_validator,
    moment_text,
    not_allowed,
    parse_moment,
)
from scenarios.axes import AnyAxis
from scenarios.steps import AnyFact, Assumption, Change, Move, Removal, Replacement, Shift, Step

KnownTo = int | dt.datetime | dt.date


def _known(found: object) -> object:
    match found:
        case int() if found > 0 and not isinstance(found, bool):
            return found
        case dt.date():
            return found
        case str():
            with suppress(ValueError):
                day = re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", found)
                return dt.date.fromisoformat(found) if day else parse_moment(found)
    raise not_allowed("known", "a position of the log, an instant with its zone, or a date")


def _written(known: KnownTo) -> int | str:
    if isinstance(known, int):
        return known
    return moment_text(known) if isinstance(known, dt.datetime) else known.isoformat()


class Given(Value):
    """What is known: the prefix of the ledger, and which of its facts count. Absent is what the asker says.

    `assuming` are scenarios whose assumptions are taken as given: they count on both sides of the comparison.
    """

    known: Annotated[Any, BeforeValidator(_known), PlainSerializer(_written)] = None
    """A position, an instant, or a date, which is the end of that day in UTC."""
    standing: Standing | None = None
    as_stood: StrictBool | None = None
    assuming: Texts = ()


class Span(Value):
    """A stretch of time, its first and its last day."""

    from_: Date = Field(alias="from")
    through: Date

    @model_validator(mode="after")
    def _forward(self) -> "Span":
        if self.through < self.from_:
            raise not_allowed("order", "`through` on or after `from`", found=f"{self.from_} and then {self.through}")
        return self


class Ask(Value):
    """What is asked: on which dates, over which stretch of time, what it costs through a date; of which facilities.

    On the dates, also: what is the least that brings some facilities down, and which are the fewest waivers that leave
    none of some facilities uncovered.
    """

    on: OneOrMany[Date] | None = None
    over: Span | None = None
    cost_through: Date | None = None
    facilities: Names = ()
    """None named: of all."""
    brings_down: Names = ()
    covers: Names = ()

    @model_validator(mode="after")
    def _something(self) -> "Ask":
        at_least_one(self, "on", "over", "cost_through")
        if self.on is None and (self.brings_down or self.covers):
            raise not_allowed("one_of", "`on` beside `brings_down` and `covers`", found="no `on`")
        return self


def _plain_value(found: object) -> object:
    if found is None or isinstance(found, str | bool | int):
        return found
    raise not_allowed("plain_value", "a word, a date, an amount in quotation marks, a whole number, or null")


PlainValue = Annotated[Any, BeforeValidator(_plain_value)]


class Expected(Value):
    """One line of an answer: what differs, on a date or over a stretch of time, or what it costs through a date."""

    on: Date | None = None
    from_: Date | None = Field(default=None, alias="from")
    until: Date | None = None
    through: Date | None = None
    facility: Text
    """One facility; several by their names with `and` between, where the answer is about them together."""
    what: Text
    as_is: PlainValue = None
    as_would_be: PlainValue = None


RESULTS = ("branch", "facility", "on", "legal", "rate", "total", "cost", "differs")
"""The columns that every sweep has for what came of each branch."""


def _beside_the_results(axes: dict[str, Any]) -> dict[str, Any]:
    for name in axes:
        if name in RESULTS:
            raise not_allowed(
                "column", f"names other than those of the results: {', '.join(RESULTS)}", found=f'"{name}"'
            )
    return axes


class Script(Value):
    """A scenario: a question to a ledger, with what is assumed for its sake."""

    question: Text | None = None
    """In words, for people."""
    builds_on: Texts = ()
    """Files of scenarios, beside this one or in folders below: what they assume is assumed first."""
    given: Given = Given()
    remove: ListOf[Removal] = ()
    replace: ListOf[Replacement] = ()
    change: ListOf[Change] = ()
    move: ListOf[Move] = ()
    shift: ListOf[Shift] = ()
    assume: ListOf[AnyFact] = ()
    ask: Ask | None = None
    vary: Annotated[dict[Slug, AnyAxis], Field(min_length=1), AfterValidator(_beside_the_results)] | None = None
    """What a sweep varies on top of it, by the names of the columns that its results have."""
    answer: ListOf[Expected] | None = None
    """Everything that differs in what is asked; an empty list says that nothing does."""

    @cached_property
    def steps(self) -> tuple[tuple[str, int, Step], ...]:
        """What it does, in order, each step with the field and the place in it where it is written."""
        assumed = [Assumption(fact=fact) for fact in self.assume]
        fields: dict[str, tuple[Step, ...]] = {
            "remove": self.remove,
            "replace": self.replace,
            "change": self.change,
            "move": self.move,
            "shift": self.shift,
            "assume": tuple(assumed),
        }
        return tuple((field, at, step) for field, steps in fields.items() for at, step in enumerate(steps))
