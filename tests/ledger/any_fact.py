"""Any fact that a record could hold, as plain data, drawn from the shapes of the models."""

import json
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from pydantic import ValidationError

from ledger.facts import Fact
from ledger.facts.base import Fact as FactOfAnyKind
from ledger.reading.shapes import Shape, shape_of
from ledger.values import Value

_TEXTS = {
    "a name": ["cit", "congress-lpc", "notes-12-3-4", "a.b_c", "0"],
    "text": ["LPC", "IV(g)(i)", "10½% notes, “junior”", "two\nlines", '{"event":"waiver_extended.v1"}', "5", "null"],
    "a currency": ["USD", "EUR"],
    "a length of time": ["6 months", "1 year"],
    "a SHA-256 hash": ["0f" * 32],
    "the identity": ["cit/own/cit/interest/2001-02-01", "cit/named/books"],
    "a date": ["1901-01-01", "2000-02-29", "2001-07-31", "2199-12-31"],
    "an instant": ["2001-08-14T12:00:00Z", "2001-08-14T12:00:00.000001Z"],
    "a decimal": ["0", "0.1275", "1", "0.50", "0.000000000001"],
    "a time of day": ["17:00 America/New_York", "00:00 UTC"],
}
"""Some texts for each kind, by how the words for that kind begin."""

COMMON = FactOfAnyKind.model_fields.keys()
"""The fields that every fact has."""

_ALTERNATIVES = [
    {"fixed", "steps", "options", "greater_of"},
    {"uplift", "fixed", "options", "greater_of"},
    {"until", "through"},
    {"days", "business_days"},
    {"facility", "party"},
    {"position", "key"},
    {"amendment", "waiver", "offer", "annulment"},
    {"act", "clause"},
    {"amendment", "question"},
    {"per_1000", "fraction"},
    {"lenders", "holders"},
    {"amount", "rate"},
    {"due", "instalments"},
    {"interest_paid_to", "accrued_interest"},
    {"reckoned_on", "rests"},
]
"""Fields of which a model that has them all takes one."""


def any_fact(model: type[Fact]) -> SearchStrategy[Fact]:
    """A fact of this kind."""
    return _data(shape_of(model)).map(lambda data: _taken(model, data))


def _data(shape: Shape) -> SearchStrategy[Any]:
    core = shape.core
    match shape.kind:
        case "model-fields":
            return _mapping(shape)
        case "tagged-union":
            return st.sampled_from(list(shape.members.values())).flatmap(_data)
        case "tuple":
            least = core.get("min_length", 0)
            return st.lists(_data(shape.item), min_size=least, max_size=least + 1)
        case "dict":
            return st.dictionaries(_data(shape.keys), _data(shape.values), min_size=1, max_size=2)
        case "literal":
            return st.sampled_from(core["expected"])
        case "bool":
            return st.booleans()
        case "int":
            return st.integers(core["ge"], core["le"])
        case _:
            return st.sampled_from(next(texts for kind, texts in _TEXTS.items() if shape.words.startswith(kind)))


@st.composite
def _mapping(draw: DrawFn, shape: Shape) -> dict[str, Any]:
    """The required fields, a few of the others, and one of each set of alternatives, until they go together."""
    fields = shape.fields
    sets = [each for each in _ALTERNATIVES if each <= fields.keys()]
    alternative = set().union(*sets)
    for least in count():
        names = {name for name, field in fields.items() if field.required or name == "event"} - alternative
        names |= {draw(st.sampled_from(sorted(each))) for each in sets}
        others = sorted(fields.keys() - names - alternative, key=lambda name: (name not in COMMON, name), reverse=True)
        if others:
            names |= draw(st.sets(st.sampled_from(others), min_size=min(least, 1), max_size=3))
        filled = draw(st.fixed_dictionaries({name: _data(fields[name]) for name in fields if name in names}))
        if _taken(_model(shape), filled) is not None:
            return filled
    raise AssertionError


def _model(shape: Shape) -> type[Value]:
    schema = shape.schema
    while schema["type"] != "model":
        schema = shape.references[schema["schema_ref"]] if schema["type"] == "definition-ref" else schema["schema"]
    model: type[Value] = schema["cls"]
    return model


def _taken(model: type[Any], data: dict[str, Any]) -> Any:
    """The model's own reading of the data; None where the parts do not go together."""
    try:
        return model.model_validate_json(json.dumps(data), by_alias=True, by_name=False)
    except ValidationError:
        return None
