"""Record files in JSON Lines: one fact, an object, on each line; blank lines are passed over."""

import json
from collections.abc import Iterator
from typing import Any

from ledger.reading.faults import Fault, Misfit, shown, whole
from ledger.reading.written import TOO_DEEP, Written


def written(file: str, lines: Iterator[str]) -> Iterator[Written | Fault]:
    """The facts of a file as they are written, a line at a time."""
    for line, text in enumerate(lines, start=1):
        if text.strip():
            yield _fact(file, line, text)


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
