"""What is wrong in a record file, in sentences: where, what was found, what is allowed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ledger.rejected import Rejected


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a file that cannot be read as a fact.

    `line` is None where the fault is the whole file's; `field` is a path such as `ends[0].until`, empty where the fault
    is no field's.
    """

    file: str
    line: int | None
    field: str
    found: str
    allowed: str

    def __str__(self) -> str:
        """The fault as a sentence."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        field = f"{self.field}: " if self.field else ""
        return f"{place}: {field}found {self.found}, allowed is {self.allowed}"


class RecordFaults(Exception):  # noqa: N818  (named for what it carries)
    """Everything that is wrong in the files of one reading, in the order of files and lines. Nothing was read.

    `refusals` are those of facts beside the faults, where somebody has decided about them.
    """

    def __init__(self, faults: Sequence[Fault], refusals: Sequence[Rejected] = ()) -> None:
        super().__init__(*faults)
        self.faults = tuple(faults)
        self.refusals = tuple(refusals)

    def __str__(self) -> str:
        """The faults, and then the refusals, a line each."""
        return "\n".join(map(str, (*self.faults, *self.refusals)))


class Misfit(float):
    """A number that no field takes, with a point, an exponent or too many digits: only its spelling is kept."""

    written: str

    def __new__(cls, written: str) -> "Misfit":
        """A number that is none, spelled like this."""
        number = super().__new__(cls, "nan")
        number.written = written
        return number


def whole(written: str) -> int | Misfit:
    """A whole number as a file writes it."""
    return int(written) if len(written) <= 20 else Misfit(written)


def shown(value: object) -> str:
    """A value briefly: text in quotation marks, a number with the word, a mapping by the names in it."""
    match value:
        case None | bool():
            return f"`{json.dumps(value)}`"
        case Misfit():
            return f"{_cut(value.written)} (a number)"
        case int():
            return f"{value} (a number)"
        case str():
            return _cut(json.dumps(value, ensure_ascii=False), end='"')
        case dict() if value:
            return f"a mapping of {_cut(quoted(list(value), last='and'))}"
        case dict():
            return "an empty mapping"
        case _:
            return "a list" if value else "an empty list"


def _cut(text: str, end: str = "") -> str:
    return text if len(text) <= 60 else f"{text[:56]}…{end}"


def quoted(names: Sequence[str], *, last: str = "or") -> str:
    """Names in a sentence, as they are to be written: `a`, `b` or `c`."""
    head = ", ".join(f"`{name}`" for name in names[:-1])
    return f"{head} {last} `{names[-1]}`" if head else f"`{names[-1]}`"


def nearest(found: object, names: Sequence[str]) -> list[str]:
    """Up to three of the names that look like what was found, the likeliest first."""
    return get_close_matches(found, names, n=3) if isinstance(found, str) else []
