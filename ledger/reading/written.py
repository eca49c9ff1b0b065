"""A fact as a file has it, and what the models make of it: the fact, or everything that is wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ledger.facts import BY_EVENT, Fact
from ledger.reading.faults import Fault, nearest, quoted, shown
from ledger.reading.shapes import Shape, shape_of
from ledger.values import Value

Steps = tuple[str | int, ...]
"""The way from a fact to a value in it: names of fields, and places in lists counted from 0."""

DEEPEST = 50
"""How many lists and mappings may be within one another; no fact needs a dozen."""
TOO_DEEP = (f"more than {DEEPEST} lists and mappings within one another", "a fact of the record format")

Model = TypeVar("Model", bound=Value)

_as_json = json.JSONEncoder(ensure_ascii=False).encode


class Located(NamedTuple):
    """A fact, the file it was read from, and the line on which it begins there, counted from 1."""

    fact: Fact
    file: str
    line: int

    def __str__(self) -> str:
        """The place, `notes.yaml:14`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Written:
    """One fact as plain data, with the line on which it begins.

    `lines` are those of the values within it, where the format tells; `faults` are those of its form, found before any
    model has seen it; `text` is the JSON that the data were read from, where it says just the same.
    """

    file: str
    line: int
    data: dict[str, Any]
    lines: Mapping[Steps, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    text: str | None = None

    def fact(self) -> Fact | list[Fault]:
        """The fact that is meant, or all its faults in the order of their lines, one for each place."""
        event = self.data.get("event")
        model: type[Fact] | None = BY_EVENT.get(event) if isinstance(event, str) else None
        if model is None:
            return self._with_those_of_form([self._fault(("event",), _found(self.data, "event"), _events_like(event))])
        return self.meant(model)

    def meant(self, model: type[Model]) -> Model | list[Fault]:
        """What these data are as a model says it, or all their faults in the order of their lines."""
        outcome = self._validated(model)
        if isinstance(outcome, list):
            return self._with_those_of_form(outcome)
        return self._with_those_of_form([]) if self.faults else outcome

    def _with_those_of_form(self, faults: list[Fault]) -> list[Fault]:
        """The faults, with those of form in the place of others at the same place."""
        by_place = {(fault.line, fault.field): fault for fault in (*faults, *self.faults)}
        return sorted(by_place.values(), key=_line)

    def _validated(self, model: type[Model]) -> Model | list[Fault]:
        if _depth_exceeds(DEEPEST, self.data):
            return [self._fault((), *TOO_DEEP)]
        try:
            text = (_as_json(self.data) if self.text is None else self.text).encode()
            return model.model_validate_json(text, by_alias=True, by_name=False)
        except UnicodeEncodeError:
            return [self._fault((), "half of a character (a lone surrogate)", "whole characters of Unicode")]
        except ValidationError as refused:
            refusals = refused.errors(include_url=False)
            return [self._explained(each, shape_of(model)) for each in refusals if not _repeated(each, refusals)]

    def _fault(self, steps: Steps, found: str, allowed: str) -> Fault:
        """A fault at a place of this fact, on the nearest line that is known."""
        known = (steps[:length] for length in range(len(steps), 0, -1))
        line = next((self.lines[each] for each in known if each in self.lines), self.line)
        return Fault(self.file, line, path(steps), found, allowed)

    def _explained(self, refusal: ErrorDetails, shape: Shape) -> Fault:
        steps, value, expected = _place(refusal["loc"], self.data, shape)
        context = refusal.get("ctx", {})
        match refusal["type"]:
            case "extra_forbidden":
                around = _place(refusal["loc"][:-1], self.data, shape).value
                return self._fault(steps, "an unknown field", _fields_like(str(steps[-1]), expected, around))
            case "missing":
                return self._fault(steps, "nothing", expected.words)
            case "union_tag_invalid" | "union_tag_not_found" if expected.discriminator and isinstance(value, dict):
                name = expected.discriminator
                allowed = _events_like(value.get(name)) if name == "event" else quoted(list(expected.members))
                return self._fault((*steps, name), _found(value, name), allowed)
            case _:
                found = context.get("found", shown(value))
                return self._fault(steps, found, context.get("allowed", expected.words))


def path(steps: Steps) -> str:
    """The way to a value as a record's reader would write it: `ends[0].until`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _line(fault: Fault) -> int:
    return fault.line or 0


class _Place(NamedTuple):
    """Where in a fact something is, what is there, and what is expected there."""

    steps: Steps
    value: Any
    expected: Shape


def _place(location: tuple[str | int, ...], data: Any, shape: Shape) -> _Place:
    """Follow pydantic's location, in which the tags of unions stand between the names and the places in lists."""
    if location[-1:] == ("[key]",):
        *way, name, _ = location
        steps, _, mapping = _place(tuple(way), data, shape)
        return _Place((*steps, name), name, mapping.keys)
    steps, value, expected = (), data, shape
    for step in location:
        match shape.kind, step:
            case "tagged-union", _:
                shape = shape.members[str(step)]
            case "tuple", int():
                expected = shape = shape.item
                if isinstance(value, list):  # else its only item, written by itself
                    steps, value = (*steps, step), value[step]
            case "dict", _:
                expected = shape = shape.values
                steps, value = (*steps, step), value[step]
            case _:
                expected = shape = shape.fields.get(str(step), shape)
                steps, value = (*steps, step), value.get(step)
    return _Place(steps, value, expected)


def _repeated(refusal: ErrorDetails, refusals: list[ErrorDetails]) -> bool:
    """Whether pydantic calls a list too short only because one of its items, refused by itself, does not count."""
    here = refusal["loc"]
    within = (each["loc"] for each in refusals if len(each["loc"]) > len(here))
    return refusal["type"] == "too_short" and any(each[: len(here)] == here for each in within)


def _depth_exceeds(limit: int, data: dict[str, Any]) -> bool:
    level: list[Any] = [data]
    for _ in range(limit):
        nested = [each for each in level if isinstance(each, list | dict)]
        if not nested:
            return False
        level = [part for each in nested for part in (each.values() if isinstance(each, dict) else each)]
    return True


def _found(data: dict[str, Any], name: str) -> str:
    return shown(data[name]) if name in data else "nothing"


def _events_like(found: object) -> str:
    if isinstance(found, str) and found in BY_EVENT:  # where only some facts may stand
        return "the name of a fact that is no correction"
    like = nearest(found, list(BY_EVENT)) or ["PaymentMissed"]
    return f"the name of a fact, such as {quoted(like)}"


def _fields_like(found: str, expected: Shape, around: dict[str, Any]) -> str:
    """The fields that are still open beside those given, first the one that looks like what was found."""
    free = [name for name in expected.fields if name not in around]
    like = nearest(found, free)[:1]
    others = [name for name in free if name not in like]
    if not like:
        return quoted(others) if others else "no further field"
    return f"`{like[0]}`, which is like it" + (f"; also {quoted(others)}" if others else "")
