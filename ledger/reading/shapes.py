"""What a model takes at each place, read from the schema that pydantic validates by: no sentence can differ from it.

The kinds of schema are those of `pydantic_core.core_schema`.
"""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from pydantic_core import PydanticCustomError

from ledger.facts.defaults import DEFAULT_ID_PATTERN
from ledger.facts.documents import SHA256_PATTERN
from ledger.reading.faults import quoted
from ledger.values import CURRENCY_PATTERN, PERIOD_PATTERN, SLUG_PATTERN, TEXT_PATTERN, Value

_PATTERNS = {
    SLUG_PATTERN: "a name of lower-case letters and digits, joined by hyphens, points or underscores, "
    "of at most {max_length} characters",
    TEXT_PATTERN: "text of at most {max_length} characters, not blank, in quotation marks where it looks like a number",
    CURRENCY_PATTERN: "a currency as three capital letters, such as USD",
    PERIOD_PATTERN: "a length of time, such as 6 months",
    SHA256_PATTERN: "a SHA-256 hash as 64 hexadecimal digits in lower case",
    DEFAULT_ID_PATTERN: "the identity of a Default, such as cit/own/cit/interest/2001-02-01",
}


@dataclass(frozen=True)
class Shape:
    """One schema, and those it may refer to."""

    schema: Any = field(repr=False)
    references: dict[str, Any] = field(repr=False)

    def of(self, schema: Any) -> "Shape":
        """Another schema within the same model."""
        return Shape(schema, self.references)

    @cached_property
    def core(self) -> Any:
        """The schema without what only wraps it: defaults, nulls, functions before and after."""
        schema = self.schema
        while True:
            if schema["type"] == "definition-ref":
                schema = self.references[schema["schema_ref"]]
            elif "schema" in schema:
                schema = schema["schema"]
            else:
                return schema

    @property
    def kind(self) -> str:
        """The type of the schema within, such as `model-fields`, `tagged-union`, `tuple`, `dict`, `literal`, `str`."""
        kind: str = self.core["type"]
        return kind

    @cached_property
    def fields(self) -> dict[str, "Shape"]:
        """The fields of a model by the names that a record writes."""
        return {each.get("validation_alias", name): self.of(each) for name, each in self.core["fields"].items()}

    @property
    def required(self) -> bool:
        """Whether a field, as a model has it, has to be given."""
        return bool(self.schema["schema"]["type"] != "default")

    @property
    def item(self) -> "Shape":
        """What a list holds."""
        return self.of(self.core["items_schema"][0])

    @property
    def keys(self) -> "Shape":
        """What the names of a mapping are."""
        return self.of(self.core["keys_schema"])

    @property
    def values(self) -> "Shape":
        """What a mapping holds under its names."""
        return self.of(self.core["values_schema"])

    @property
    def members(self) -> dict[str, "Shape"]:
        """The members of a union by their tags."""
        return {tag: self.of(schema) for tag, schema in self.core["choices"].items()}

    @property
    def discriminator(self) -> str | None:
        """The field by whose word the members of a union are told apart; None where their form tells them apart."""
        found = self.core["discriminator"]
        return found if isinstance(found, str) else None

    @property
    def words(self) -> str:
        """What is allowed here, in words."""
        core = self.core
        match self.kind:
            case "literal":
                return quoted([str(word) for word in core["expected"]])
            case "bool":
                return "`true` or `false`"
            case "int":
                return f"a whole number from {core['ge']} to {core['le']}"
            case "str" if "pattern" in core:
                return _PATTERNS[core["pattern"]].format_map(core)
            case "tuple":
                least = f" of {core['min_length']} or more" if "min_length" in core else ""
                return f"a list{least}, each {self.item.words}"
            case "dict":
                return f"a mapping of names, each to {self.values.words}"
            case "model-fields":
                return f"a mapping of {quoted(list(self.fields), last='and')}"
            case "tagged-union":
                return self._words_of_union
            case "any":
                return "a value as a record writes it"
            case _:
                return self._words_of_validator

    @property
    def _words_of_union(self) -> str:
        if self.discriminator == "event":
            return "a fact, which names its `event`"
        if self.discriminator is not None:
            return f"a mapping whose `{self.discriminator}` is {quoted(list(self.members))}"
        if {member.kind for member in self.members.values()} == {"model-fields"}:
            return f"a mapping with {quoted(list(self.members))}"
        return ", or ".join(member.words for member in self.members.values())

    @property
    def _words_of_validator(self) -> str:
        """The words with which a validator of our own refuses something that is nothing."""
        schema = self.schema
        while schema["type"] != "function-before":
            schema = schema["schema"]
        try:
            schema["function"]["function"](object())
        except PydanticCustomError as refusal:
            return str((refusal.context or {})["allowed"])
        raise AssertionError(schema)  # a validator that takes anything


@cache
def shape_of(model: type[Value]) -> Shape:
    """The shape of a fact."""
    schema: Any = model.__pydantic_core_schema__
    return Shape(schema, {each["ref"]: each for each in schema.get("definitions", ())})
