"""Facts from bytes that are known to be ours: the models' own schemas, with the checks left out.

What comes in from outside is checked in full, once, by `ledger.facts.decode`. A log reads back what was checked then,
and whose hash it has just compared: there the types are enough, at twice the speed. That both give the same fact, for
every fact, is tested.
"""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pydantic_core import SchemaValidator

from ledger.facts.base import Fact

_CHECKS = frozenset({"function-before", "function-after"})
_LIMITS = {"str": {"pattern", "min_length", "max_length"}, "tuple": {"min_length"}, "int": {"ge", "le"}}

_set = object.__setattr__

AnyFact = TypeVar("AnyFact", bound=Fact)


@cache
def builder(model: type[AnyFact]) -> Callable[[bytes], AnyFact]:
    """What gives the fact of this model that `ledger.facts.encode` wrote.

    It raises ValueError for what cannot even be the fields of such a fact.
    """
    validate = SchemaValidator(_fields_of(model.__pydantic_core_schema__)).validate_json
    event = model.model_fields["event"].default

    def build(state: bytes) -> AnyFact:
        values, _, given = validate(state, by_alias=True, by_name=False)
        values["event"] = event
        known_at = values["known_at"]
        if known_at is not None:
            values["known_at"] = known_at.replace(tzinfo=dt.UTC)  # it is in UTC, in pydantic's own zone
        fact = model.__new__(model)  # as BaseModel.model_construct does it
        _set(fact, "__dict__", values)
        _set(fact, "__pydantic_fields_set__", given)
        _set(fact, "__pydantic_extra__", None)
        _set(fact, "__pydantic_private__", None)
        return fact

    return build


def _fields_of(schema: Any) -> Any:
    """The schema of a model's fields, without the model around it, which would bring its checks back."""
    match schema["type"]:
        case "definitions":
            return {**schema, "schema": _fields_of(schema["schema"])}
        case "model":
            fields = _unchecked(schema["schema"])
            fields["fields"]["event"] = {"type": "model-field", "schema": {"type": "any"}}
            return fields
        case _:
            return _fields_of(schema["schema"])


def _unchecked(schema: Any) -> Any:
    """A schema without functions and limits; parts that are models of their own keep theirs."""
    match schema:
        case {"type": kind, "schema": inner} if kind in _CHECKS and "ref" not in schema:
            return _unchecked(inner)
        case {"type": str(kind)}:
            return {name: _unchecked(each) for name, each in schema.items() if name not in _LIMITS.get(kind, ())}
        case dict():
            return {name: _unchecked(each) for name, each in schema.items()}
        case list():
            return [_unchecked(each) for each in schema]
        case _:
            return schema
