"""The tables of facts and fields in docs/RECORD.md, made from the models' own JSON Schema.

`python -m tests.docs.catalogue` writes them anew.
"""

import re
from pathlib import Path
from typing import Any

from ledger.facts import BY_EVENT, json_schema
from ledger.facts.base import Fact
from ledger.facts.defaults import DEFAULT_ID_PATTERN
from ledger.facts.documents import SHA256_PATTERN
from ledger.values import (
    CURRENCY_PATTERN,
    DATE_PATTERN,
    PERIOD_PATTERN,
    SLUG_PATTERN,
    TEXT_PATTERN,
    TIME_OF_DAY_PATTERN,
)

PAGE = Path(__file__).parents[2] / "docs" / "RECORD.md"
BEGINS, ENDS = "<!-- the catalogue begins: made from the models -->\n", "<!-- the catalogue ends -->\n"

Schema = dict[str, Any]

_DEFINITIONS: dict[str, Schema] = json_schema()["$defs"]
_COMMON = frozenset(Fact.model_fields)
_BY_PATTERN = {
    CURRENCY_PATTERN: "currency",
    DATE_PATTERN: "date",
    DEFAULT_ID_PATTERN: "identity of a Default",
    PERIOD_PATTERN: "period",
    SHA256_PATTERN: "SHA-256",
    SLUG_PATTERN: "name",
    TEXT_PATTERN: "text",
    TIME_OF_DAY_PATTERN: "time of day",
}
_BY_EXAMPLE = {"80000.00": "amount", "0.1275": "rate", "1.5": "number", "0.99": "fraction", "1.25": "measure"}


def written() -> str:
    """The page with its tables as they have to be."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}\n{catalogue()}{ENDS}{after}"


def catalogue() -> str:
    """A table a subject, then the parts that facts are made of: a table for each choice, and one for the others."""
    subjects: dict[str, list[str]] = {}
    for event, model in BY_EVENT.items():
        subjects.setdefault(model.__module__.rpartition(".")[2], []).append(event)
    tables = {f"Facts: {subject}": events for subject, events in subjects.items()}
    tables |= {f"Parts: {title}": list(members) for members, title in _CHOICES.items()}
    chosen = {name for members in _CHOICES for name in members}
    tables["Other parts"] = [name for name in _parts() if name not in chosen]
    return "".join(f"### {title}\n\n{_table(names)}\n" for title, names in tables.items())


def _table(names: list[str]) -> str:
    rows = "".join(f"| {_told(name)} | {_fields(name)} |\n" for name in names)
    return f"| | fields |\n|---|---|\n{rows}"


def _told(name: str) -> str:
    """A fact by the name that a record writes, a part by a name to refer to; and what it says."""
    words = _DEFINITIONS[name]["description"].removesuffix(".")
    title = f"`{name}`" if name in BY_EVENT else f'<a id="{_anchor(name)}"></a>*{_spoken(name)}*'
    return f"{title}<br>{words}"


def _fields(name: str) -> str:
    schema = _DEFINITIONS[name]
    common = _COMMON if name in BY_EVENT else frozenset()
    own = {field: each for field, each in schema["properties"].items() if field not in common or _differs(name, field)}
    required = schema.get("required", ())
    return (
        "<br>".join(_field(field, each, required=field in required) for field, each in own.items()) or "none of its own"
    )


def _differs(name: str, field: str) -> bool:
    """Whether a common field means something else in this fact, as a correction's `key` does."""
    model = BY_EVENT[name]
    return field != "event" and model.model_fields[field].description != Fact.model_fields[field].description


def _field(name: str, schema: Schema, *, required: bool) -> str:
    default = schema.get("default")
    words = default if isinstance(default, list) else [] if default is None else [str(default).lower()]
    otherwise = ", else " + " and ".join(f"`{word}`" for word in words) if words else ""
    return f"`{name}`{'' if required else '?'} {_words(schema)}{otherwise}"


def _words(schema: Schema) -> str:
    """What a value may be, in words."""
    match schema:
        case {"$ref": _}:
            return _link(_referred(schema))
        case {"oneOf": members} if "FacilityOpened" in map(_referred, members):
            return "any fact but a correction"
        case {"oneOf": members} if (title := _CHOICES.get(tuple(map(_referred, members)))) is not None:
            return f"one of the [{title}](#parts-{title})"
        case {"anyOf": members} | {"oneOf": members}:
            there = [each for each in members if each != {"type": "null"}]
            lists = [each for each in there if each.get("type") == "array" and each["items"] in there]
            words = [_words(each) for each in there if each not in lists]
            return " or ".join(dict.fromkeys([*words, *(["a list"] if lists else [])]))
        case {"const": word}:
            return f"`{word}`"
        case {"enum": words}:
            return " or ".join(f"`{word}`" for word in words)
        case {"type": "array", "items": items}:
            return f"list, each {_words(items)}"
        case {"type": "object", "patternProperties": values}:
            return f"mapping of names to {_words(next(iter(values.values())))}"
        case {"type": "boolean"}:
            return "`true` or `false`"
        case {"type": "integer"}:
            return "whole number"
        case {"format": "date-time"}:
            return "moment"
        case {"examples": [example]}:
            return _BY_EXAMPLE[example]
        case {"pattern": pattern}:
            return _BY_PATTERN[pattern]
        case _:
            raise NotImplementedError(schema)


def _referred(schema: Schema) -> str:
    """The name of the part that a schema refers to, if it is a reference."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _parts() -> list[str]:
    """The names of the parts, in the order in which facts come to mention them."""
    found = list(BY_EVENT)
    for name in found:  # it grows while it is gone through
        for reference in re.findall(r"'#/\$defs/(\w+)'", str(_DEFINITIONS[name]["properties"])):
            if reference not in found:
                found.append(reference)
    return [name for name in found if name not in BY_EVENT]


def _choices() -> dict[tuple[str, ...], str]:
    """The choices among more than two parts, each by the name of the first list that holds such parts."""
    found: dict[tuple[str, ...], str] = {}
    for definition in _DEFINITIONS.values():
        for field, schema in definition["properties"].items():
            members = tuple(map(_referred, schema.get("items", {}).get("oneOf", ())))
            if len(members) > 2:
                found.setdefault(members, field)
    return found


_CHOICES = _choices()


def _spoken(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _anchor(name: str) -> str:
    return _spoken(name).replace(" ", "-")


def _link(name: str) -> str:
    return f"[{_spoken(name)}](#{_anchor(name)})"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
