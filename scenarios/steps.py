"""What a scenario does to the record, step by step: each step comes to facts that are assumed behind it.

To remove a fact is to assume that it was voided; to change one, to move a date in it or to shift an index is to assume
that facts were replaced. So nothing can be asked that a record could not say, and one mechanism derives it all.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, ValidationError
from pydantic_core import to_json, to_jsonable_python

from ledger.calendars import months_after
from ledger.facts import BY_EVENT, Fact, FactReplaced, FactVoided, FirstHandFact, IndexFixed, as_record
from ledger.facts.names import Name, NameKind
from ledger.facts.terms import RateStep
from ledger.rejected import Rejected
from ledger.values import (
    Date,
    Field,
    RatePerAnnum,
    Slug,
    SomeOf,
    Text,
    Value,
    exactly_one,
    model_validator,
    not_allowed,
)
from projections import words
from scenarios.draft import Draft

REASON = "Assumed in a what-if, and recorded nowhere."

AnyFact = Annotated[Fact, Field(discriminator="event")]


class Unfit(ValueError):  # noqa: N818  (named for what it says, like Rejected)
    """What a step would make of a fact is none: `data`, as a record writes them, are no `model`."""

    def __init__(self, model: type[Fact], data: dict[str, Any], refusal: ValidationError) -> None:
        super().__init__(str(refusal))
        self.model = model
        self.data = data
        self.index = 0
        """Which of several steps it was, counted from 0."""


class Step(Value):
    """One thing that a scenario does."""

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """The facts to be assumed behind a draft, in this order. Raises Rejected and Unfit."""
        raise NotImplementedError

    def __str__(self) -> str:
        """What it does, in words."""
        raise NotImplementedError


class Assumption(Step):
    """A fact is assumed."""

    fact: AnyFact

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """The fact itself."""
        return (self.fact,)

    def __str__(self) -> str:
        """The fact, with the fields that say something."""
        return told(self.fact)


# --- which fact ------------------------------------------------------------------------------------------------------

_NAMED: tuple[NameKind, ...] = ("facility", "document", "waiver", "amendment", "offer", "act", "fee")


class Which(Value):
    """A fact of the record: by its key, by its position, or by the name that it gives to something."""

    key: Text | None = Field(default=None, max_length=200)
    position: int | None = Field(default=None, ge=1, le=10**15)
    facility: Slug | None = None
    document: Slug | None = None
    waiver: Slug | None = None
    """A waiver's or a forbearance's name."""
    amendment: Slug | None = None
    offer: Slug | None = None
    act: Slug | None = None
    fee: Slug | None = None

    @model_validator(mode="after")
    def _by_one(self) -> "Which":
        exactly_one(self, "key", "position", *_NAMED)
        return self

    def __str__(self) -> str:
        """The fact in words: `the waiver cit-2001-07`."""
        name = next((Name(kind, given) for kind in _NAMED if (given := getattr(self, kind)) is not None), None)
        if name is not None:
            return f"the {name}"
        return f"the fact with the key {self.key}" if self.key is not None else f"the fact at position {self.position}"

    def position_in(self, draft: Draft) -> int:
        """Where it stands. Raises Rejected (`fact_not_found`)."""
        register = draft.register
        if self.position is not None:
            if self.position <= register.position and self.position not in (*register.voided, *register.voidings):
                return self.position
            raise self._not_found([])
        if self.key is not None:
            holder = register.keyed(self.key)
            if holder is None:
                raise self._not_found(get_close_matches(self.key, register.keys))
            return holder.position
        name = next(Name(kind, given) for kind in _NAMED if (given := getattr(self, kind)) is not None)
        holder = register.named(name)
        if holder is None:
            there = [each.name for each in register.names if each.kind == name.kind]
            raise self._not_found(get_close_matches(name.name, there))
        return holder.position

    def _not_found(self, nearest: Sequence[str]) -> Rejected:
        return Rejected(
            "fact_not_found",
            f"The scenario is about {Which.__str__(self)}.",
            forbidden_by="No fact of that description stands in the record, as known and as assumed so far.",
            remedy=f"Write {' or '.join(nearest)}." if nearest else "Look it up in the log.",
        )


class Removal(Which, Step):
    """Had this fact not been."""

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """A voiding."""
        return (FactVoided(position=self.position_in(draft), reason=REASON),)

    def __str__(self) -> str:
        """What is taken away."""
        return f"without {Which.__str__(self)}"


class Replacement(Which, Step):
    """Had another fact been in the place of this one."""

    by: Annotated[FirstHandFact, Field(discriminator="event")]

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """A replacement."""
        return (replaced(self.position_in(draft), self.by),)

    def __str__(self) -> str:
        """What stands in the place of what."""
        return f"in the place of {Which.__str__(self)}: {told(self.by)}"


class Change(Which, Step):
    """Had this fact said something else: `to` has fields with what they hold instead, null for nothing."""

    to: dict[str, Any]

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """A replacement."""
        position = self.position_in(draft)
        return (replaced(position, altered(draft.fact_at(position), self.to)),)

    def __str__(self) -> str:
        """What is changed to what."""
        return f"{Which.__str__(self)} with {_fields(to_jsonable_python(self.to, by_alias=True))}"


# --- dates -----------------------------------------------------------------------------------------------------------

_LENGTH = re.compile(r"(-?)([1-9][0-9]{0,3}) (day|week|month|year)s?")


def _length(found: object) -> object:
    if isinstance(found, str) and _LENGTH.fullmatch(found):
        return found
    raise not_allowed("length", 'a length of time, such as 6 months, or "-14 days" for earlier')


Length = Annotated[str, BeforeValidator(_length)]
"""A length of time in words, negative for earlier: `6 months`, `-14 days`."""


def later(day: dt.date, length: Length, times: int = 1) -> dt.date:
    """The day that lies so much later, so many times; months keep the day of the month where they have it.

    Beyond the calendar it is the calendar's last day, or its first.
    """
    sign, number, unit = cast("re.Match[str]", _LENGTH.fullmatch(length)).groups()
    count = int(number) * (-times if sign else times)
    try:
        match unit:
            case "day" | "week":
                return day + dt.timedelta(days=count * (7 if unit == "week" else 1))
            case _:
                return months_after(day, count * (12 if unit == "year" else 1))
    except (OverflowError, ValueError):
        return dt.date.min if sign else dt.date.max


_STEP = re.compile(r"([a-z][a-z_0-9]*)((?:\[[0-9]{1,4}\])*)")


def _place(found: object) -> object:
    if isinstance(found, str) and all(_STEP.fullmatch(part) for part in found.split(".")):
        return found
    raise not_allowed("place", "the name of a date in a fact, such as `effective` or `ends[0].until`")


Place = Annotated[str, BeforeValidator(_place)]
"""The way to a value in a fact, as faults write it: `ends[0].until`."""


class Move(Which, Step):
    """Had a date in this fact been another: its effective date, or the one that `date` says."""

    date: Place = "effective"
    to: Date | None = None
    by: Length | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Move":
        exactly_one(self, "to", "by")
        return self

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """A replacement."""
        position = self.position_in(draft)
        fact = draft.fact_at(position)
        record = as_record(fact)
        *way, last = _way(self.date)
        holder: Any = record
        try:
            for name in way:
                holder = holder[name]
            there = dt.date.fromisoformat(holder[last])
        except (KeyError, IndexError, TypeError, ValueError):
            raise Rejected(
                "no_such_date",
                f"The scenario moves `{self.date}` of the {fact.event} at position {position}.",
                forbidden_by="It has no date there.",
                remedy=f"It has {', '.join(_dates(record))}.",
            ) from None
        holder[last] = (self.to or later(there, cast("Length", self.by))).isoformat()
        return (replaced(position, altered(fact, record)),)

    def __str__(self) -> str:
        """Which date is moved, and to when."""
        there = f"to {self.to}" if self.to is not None else f"by {self.by}"
        return f"{Which.__str__(self)} with `{self.date}` moved {there}"


def _way(place: Place) -> list[str | int]:
    way: list[str | int] = []
    for name, numbers in (cast("re.Match[str]", _STEP.fullmatch(part)).groups() for part in place.split(".")):
        way += [name, *(int(number) for number in re.findall("[0-9]+", numbers))]
    return way


def _dates(found: Any, place: str = "") -> Iterator[str]:
    """The places of all dates within plain data."""
    match found:
        case dict():
            for name, value in found.items():
                yield from _dates(value, f"{place}.{name}".removeprefix("."))
        case list():
            for number, value in enumerate(found):
                yield from _dates(value, f"{place}[{number}]")
        case str() if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", found):
            yield place


# --- indices ---------------------------------------------------------------------------------------------------------


class Shift(Step):
    """Had an index been fixed otherwise: so much higher or lower, at one level, or along another path.

    From a day on, else from its first fixing; until a day, which is the first one outside, else for good.
    """

    index: Slug
    by: RatePerAnnum | None = None
    to: RatePerAnnum | None = None
    path: SomeOf[RateStep] | None = None
    from_: Date | None = Field(default=None, alias="from")
    until: Date | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Shift":
        exactly_one(self, "by", "to", "path")
        if self.path is not None and any(one.from_ >= next_.from_ for one, next_ in pairwise(self.path)):
            raise not_allowed("order", "a path in the order of its dates, each date once")
        if self.path is not None and self.from_ is not None:
            raise not_allowed("one_of", "`from` only beside `by` or `to`", found="`path` and `from`")
        return self

    def facts(self, draft: Draft) -> Iterable[Fact]:
        """Its fixings within that time replaced; a fixing where the time begins, and one where it ends."""
        fixed = self._fixings(draft)
        first = self.path[0].from_ if self.path is not None else self.from_ or fixed[0][1].effective
        within = [each for each in fixed if first <= each[1].effective and not self._is_over(each[1].effective)]
        before = [fixing for _, fixing in fixed if fixing.effective < first]
        facts: list[Fact] = []
        if self.path is not None:
            facts += [FactVoided(position=position, reason=REASON) for position, _ in within]
            facts += [self._fixing(step.from_, step.rate) for step in self.path if not self._is_over(step.from_)]
        else:
            if before and first not in [fixing.effective for _, fixing in within]:
                facts.append(self._fixing(first, self._level(before[-1])))
            facts += [replaced(at, altered(fixing, {"rate": str(self._level(fixing))})) for at, fixing in within]
        level = [fixing for _, fixing in fixed if fixing.effective <= (self.until or dt.date.max)]
        if self.until is not None and level and level[-1].effective != self.until:
            facts.append(self._fixing(self.until, level[-1].rate))
        return facts

    def __str__(self) -> str:
        """How the index is shifted, and when."""
        way = f"at {self.to}" if self.by is None else f"{abs(self.by)} {'higher' if self.by >= 0 else 'lower'}"
        way = way if self.path is None else f"along a path of {words.count(len(self.path), 'fixing')}"
        since = "" if self.from_ is None else f" from {self.from_}"
        return f"the index {self.index} {way}{since}{'' if self.until is None else f' until {self.until}'}"

    def _fixings(self, draft: Draft) -> list[tuple[int, IndexFixed]]:
        """The fixings of the index that stand, with their positions, in the order of their dates."""
        found = [(at, fact) for at, fact in draft.facts if isinstance(fact, IndexFixed) and fact.index == self.index]
        if not found and self.path is None:
            raise Rejected(
                "index_not_found",
                f"The scenario shifts the index {self.index}.",
                forbidden_by="The record, as known, has no fixing of it.",
                remedy="Give its `path`, or write the name of an index that was fixed.",
            )
        return sorted(found, key=lambda each: (each[1].effective, each[0]))

    def _is_over(self, day: dt.date) -> bool:
        return self.until is not None and day >= self.until

    def _level(self, fixing: IndexFixed) -> RatePerAnnum:
        return self.to if self.to is not None else fixing.rate + cast("RatePerAnnum", self.by)

    def _fixing(self, day: dt.date, rate: RatePerAnnum) -> IndexFixed:
        return IndexFixed(index=self.index, effective=day, rate=rate)


# --- facts in words, and made of facts -------------------------------------------------------------------------------


_APART = ("event", "effective", "note", "source", "standing")


def told(fact: Fact) -> str:
    """A fact in a line: what it is, its date, and the fields that say something."""
    written = as_record(fact)
    dated = f" {written['effective']}" if "effective" in written else ""
    shown = {
        name: value for name, value in written.items() if name not in _APART or (name == "key" and not fact.own_key)
    }
    return f"{fact.event}{dated}: {_fields(shown)}"


def _fields(data: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_plain(value)}" for name, value in data.items() if value not in ([], None))


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case [*items] if all(isinstance(item, str) for item in items):
            return " and ".join(items)
        case _:
            return json.dumps(value, ensure_ascii=False)


def replaced(position: int, by: FirstHandFact) -> FactReplaced:
    """The correction that puts a fact in the place of another."""
    return FactReplaced(position=position, reason=REASON, by=by.model_copy(update={"known_at": None}))


def altered(fact: FirstHandFact, to: dict[str, Any]) -> FirstHandFact:
    """The fact with other contents in some fields, as a record writes them; null takes a field away.

    Raises Unfit where that is no such fact.
    """
    changed = {**as_record(fact), **to_jsonable_python(to, by_alias=True)}
    data = {name: value for name, value in changed.items() if value is not None and name != "known_at"}
    model = BY_EVENT.get(str(data.get("event")), type(fact))
    try:
        return cast("FirstHandFact", model.model_validate_json(to_json(data), by_alias=True, by_name=False))
    except ValidationError as refusal:
        raise Unfit(model, data, refusal) from None
