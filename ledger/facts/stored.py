"""Facts from bytes that are known to be ours: read by their types alone, with the checks left out.

What comes in from outside is checked in full, once, by `ledger.facts.decode`. A log reads back what was checked then,
and whose hash it has just compared: there the types are enough, at more than three times the speed. The types are those
of the models' own schemas, and msgspec reads them. That both ways give the same fact, for every fact, is tested.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from types import GenericAlias
from typing import Any, Literal, NamedTuple, TypeVar

from msgspec import Raw, Struct, defstruct
from msgspec.json import Decoder
from pydantic import BaseModel
from pydantic_core import SchemaValidator

from ledger.facts.base import Fact

KEPT = 4096
"""How many parts of each kind, and sets of names, are kept to be shared by the facts that have the same."""

_SCALARS: dict[str, Any] = {
    "bool": bool,
    "date": dt.date,
    "datetime": dt.datetime,
    "decimal": Decimal,
    "int": int,
    "str": str,
}
_AROUND_A_VALUE = frozenset({"default", "nullable", "function-before", "function-after"})

_TOOLS = {
    "new": object.__new__,
    "set_values": vars(BaseModel)["__dict__"].__set__,  # for half of what object.__setattr__ takes
    "set_given": vars(BaseModel)["__pydantic_fields_set__"].__set__,
    "set_extra": vars(BaseModel)["__pydantic_extra__"].__set__,
    "set_private": vars(BaseModel)["__pydantic_private__"].__set__,
}
_MAKE = """
def make(stored):
    read = reader(stored)
    made = new(model)
    set_values(made, {{{values}}})
    set_given(made, given({absent}))
    set_extra(made, None)
    set_private(made, None)
    return made
"""

AnyFact = TypeVar("AnyFact", bound=Fact)


@cache
def builder(model: type[AnyFact]) -> Callable[[bytes], AnyFact]:
    """What gives the fact of this model that `ledger.facts.encode` wrote.

    It raises ValueError for bytes that it can make nothing of. Whether they are a fact all the same, and if not why,
    only `ledger.facts.decode` can tell.
    """
    schema: Any = model.__pydantic_core_schema__
    references = {each["ref"]: each for each in schema.get("definitions", ())}
    while schema["type"] != "model":
        schema = schema["schema"]
    stored_event = {"schema": {"type": "literal", "expected": [model.tag]}}
    form = _form_of(model, {**schema["schema"]["fields"], "event": stored_event}, references)
    return _maker(model, form, Decoder(form.struct).decode, event=model.model_fields["event"].default)


class _Form(NamedTuple):
    """How a model is read."""

    struct: type[Struct]
    """Its fields by the types that msgspec reads."""
    optional: list[str]
    """The fields that are None by default. Bytes leave them out where they are None, and leave out nothing else."""
    finishes: Mapping[str, Callable[[Any], Any]]
    """What makes a field's value of what msgspec read, where that is not yet the value."""


def _form_of(model: type[Any], fields: Mapping[str, Any], references: Mapping[str, Any]) -> _Form:
    kinds, optional, finishes = {}, [], {}
    for name, field in fields.items():
        kinds[name], finish = _reading_of(field["schema"], references)
        if field["schema"].get("default", ...) is None:
            optional.append(name)
        if finish is not None:
            finishes[name] = finish
    members = [(name, kind, None) if name in optional else (name, kind) for name, kind in kinds.items()]
    written = {name: field["validation_alias"] for name, field in fields.items() if "validation_alias" in field}
    struct = defstruct(model.__name__, members, rename=written, frozen=True, kw_only=True, forbid_unknown_fields=True)
    return _Form(struct, optional, finishes)


def _reading_of(schema: Any, references: Mapping[str, Any]) -> tuple[Any, Callable[[Any], Any] | None]:
    """The type by which msgspec reads a field, and what finishes its value.

    Parts that msgspec has no type for, such as unions that are told apart by their form, stay with the model's schema.
    """
    core = schema
    while core["type"] in _AROUND_A_VALUE:
        core = core["schema"]
    match core:
        case {"type": "literal", "expected": words}:
            return Literal[tuple(words)], None
        case {"type": str(kind)} if kind in _SCALARS:
            return _SCALARS[kind], None
        case {"type": "tuple", "items_schema": [item]}:
            inner, finish = _reading_of(item, references)
            if finish is None:
                return GenericAlias(tuple, (inner, ...)), None
        case {"type": "model", "cls": model, "schema": {"fields": fields}}:
            form = _form_of(model, fields, references)
            if set(form.struct.__annotations__.values()) == {str}:  # of which equal ones are the same to the letter
                return form.struct, lru_cache(KEPT)(_maker(model, form, lambda part: part))
    checked = SchemaValidator({"type": "definitions", "schema": schema, "definitions": list(references.values())})
    return Raw, lambda part: checked.validate_json(bytes(part), by_alias=True, by_name=False)


def _maker(model: type[Any], form: _Form, reader: Callable[[Any], Struct], **said: str) -> Callable[[Any], Any]:
    """What makes an instance of what is stored, as BaseModel.model_construct does, with fields of which it is `said`.

    It is a function written for the model, as dataclasses have theirs written: a loop over the fields takes twice as
    long.
    """

    @lru_cache(KEPT)
    def given(*absent: bool) -> set[str]:
        nowhere = {name for name, is_absent in zip(form.optional, absent, strict=True) if is_absent}
        return {*form.struct.__struct_fields__} - nowhere

    def value(name: str) -> str:
        if name in said:
            return repr(said[name])
        if name not in form.finishes:
            return f"read.{name}"
        finished = f"finish_{name}(read.{name})"
        return f"None if read.{name} is None else {finished}" if name in form.optional else finished

    values = ", ".join(f"{name!r}: {value(name)}" for name in form.struct.__struct_fields__)
    absent = ", ".join(f"read.{name} is None" for name in form.optional)
    finishes = {f"finish_{name}": finish for name, finish in form.finishes.items()}
    written: dict[str, Any] = {**_TOOLS, **finishes, "model": model, "reader": reader, "given": given}
    exec(_MAKE.format(values=values, absent=absent), written)
    make: Callable[[Any], Any] = written["make"]
    return make
