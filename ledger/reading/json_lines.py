"""Record files in JSON Lines: one fact, an object, on each line; blank lines are passed over."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from types import NoneType
from typing import Any

from pydantic import ValidationError

from ledger.facts import BY_EVENT, Fact
from ledger.reading.faults import Fault, Misfit, shown, whole
from ledger.reading.written import TOO_DEEP, Located, Written
from ledger.values import Value

_EVENT = re.compile('"event" ?: ?"([A-Za-z]+)"')


def written(file: str, lines: Iterator[str]) -> Iterator[Located | Written | Fault]:
    """The facts of a file, a line at a time: as they are written, or already read where nothing is the matter."""
    for line, text in enumerate(lines, start=1):
        fact = _plainly(text)
        if fact is not None:
            yield Located(fact, file, line)
        elif text.strip():
            yield _fact(file, line, text)


def _plainly(text: str) -> Fact | None:
    """The fact that a line says and that reads the same to everybody; None where it has to be looked into.

    The models read JSON by themselves, three times as fast, and refuse all that is no fact; they do not see that a name
    is there twice. So there have to be as many names in the line as the fact was given.
    """
    named = _EVENT.search(text)
    model = BY_EVENT.get(named[1]) if named is not None else None
    if model is None or any(each in text for each in ("\\u", " :", "\t:", "\r:")):
        return None
    try:
        fact = model.__pydantic_validator__.validate_json(text, by_alias=True, by_name=False)
    except ValidationError:
        return None
    return fact if text.count('":') == _names_in(fact) and "event" in fact.model_fields_set else None


def _names_in(value: Any) -> int:
    """How many names of fields were given with a value, at any depth."""
    match value:
        case Value():
            return len(value.__pydantic_fields_set__) + _names_among(value.__dict__.values())
        case dict():
            return len(value) + _names_among(value.values())
        case tuple():
            return _names_among(value)
        case _:
            return 0


def _names_among(values: Iterable[Any]) -> int:
    return sum([_names_in(each) for each in values if type(each) not in _PLAIN])


_PLAIN = frozenset({str, NoneType, dt.date, dt.datetime, Decimal, bool, int})


def _fact(file: str, line: int, text: str) -> Written | Fault:
    faults: list[Fault] = []
    misfits: list[Misfit] = []

    def number(written: str) -> int | Misfit:
        found = whole(written) if written.lstrip("-").isdigit() else Misfit(written)
        if isinstance(found, Misfit):
            misfits.append(found)
        return found

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name, value in pairs:
            if name in data:
                faults.append(Fault(file, line, name, f"a second `{name}` in one object", "each field once"))
            data.setdefault(name, value)
        return data

    try:
        data = json.loads(text, object_pairs_hook=mapping, parse_int=number, parse_float=number, parse_constant=number)
    except RecursionError:
        return Fault(file, line, "", *TOO_DEEP)
    except json.JSONDecodeError as error:
        whole_text = text.rstrip()
        cut = error.pos >= len(whole_text) or error.msg.startswith("Unterminated")
        found = (
            "the end of the line within the object" if cut else f"what is no JSON at column {error.colno} ({error.msg})"
        )
        return Fault(file, line, "", found, "one whole JSON object a line")
    if not isinstance(data, dict):
        return Fault(file, line, "", shown(data), "a JSON object that names its `event`")
    # the models read the line itself, unless it says something in a way in which they would understand it otherwise
    own_words = faults or misfits or "\\u" in text
    return Written(file, line, data, faults=tuple(faults), text=None if own_words else text)
