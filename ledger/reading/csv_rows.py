"""Record files in CSV: a row a fact, for facts whose fields are flat; an empty cell is an absent field.

A list is written with semicolons between its items; of the nested fields only `source` has columns, with a dot.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ledger.facts import BY_EVENT, FACTS
from ledger.reading.faults import Fault, nearest, quoted
from ledger.reading.shapes import Shape, shape_of
from ledger.reading.written import Written

_OTHER_FORMATS = "write such facts in YAML or JSON Lines"
_BOOLEANS = {"true": True, "false": False}


def written(file: str, lines: Iterator[str]) -> Iterator[Written | Fault]:
    """The facts of a file as they are written, a row at a time."""
    rows = csv.reader(lines, strict=True)
    try:
        header = next(rows, None)
        if header is None:
            return
        yield from _faults_of_header(file, header)
        if header.count("event") != 1:
            return
        line = rows.line_num + 1
        for row in rows:
            if len(row) == len(header):
                yield _fact(file, line, dict(zip(header, row, strict=True)))
            elif row:
                yield Fault(file, line, "", f"{len(row)} cells", f"{len(header)}, one for each column")
            line = rows.line_num + 1
    except csv.Error as error:
        yield Fault(
            file, rows.line_num, "", f"what is no CSV ({error})", "cells between commas, every quotation mark closed"
        )


def _faults_of_header(file: str, header: list[str]) -> Iterator[Fault]:
    flat, nested = _columns()
    if "event" not in header:
        yield Fault(
            file, 1, "event", "no such column", "a header that names `event` and the fields, with commas between"
        )
    for place, column in enumerate(header):
        if column in header[:place]:
            yield Fault(file, 1, column, "a second column of this name", "each column once")
        elif column in nested:
            yield Fault(file, 1, column, "a column for a nested field", f"a flat field; {_OTHER_FORMATS}")
        elif column not in flat:
            like = nearest(column, sorted(flat))
            yield Fault(file, 1, column, "an unknown column", quoted(like) if like else "the name of a flat field")


def _fact(file: str, line: int, row: dict[str, str]) -> Written | Fault:
    model = BY_EVENT.get(row["event"])
    fields = shape_of(model).fields if model else {}
    inexpressible = [name for name, shape in fields.items() if shape.required and _nested(shape)]
    if inexpressible:
        found = f"{row['event']}, which has {quoted(inexpressible, last='and')}"
        return Fault(file, line, "event", found, f"a fact whose fields are flat; {_OTHER_FORMATS}")
    data: dict[str, Any] = {}
    faults = []
    for column, cell in row.items():
        name, _, part = column.partition(".")
        if not cell or column not in _columns()[0]:
            continue
        if part:
            data.setdefault(name, {})[part] = cell
        elif name in fields and _nested(fields[name]):
            faults.append(Fault(file, line, name, "a nested field", f"a flat one; {_OTHER_FORMATS}"))
        else:
            data[name] = _value(cell, fields.get(name))
    return Written(file, line, data, faults=tuple(faults))


def _value(cell: str, shape: Shape | None) -> Any:
    match shape and shape.kind:
        case "bool":
            return _BOOLEANS.get(cell, cell)
        case "int" if re.fullmatch("[0-9]{1,18}", cell):
            return int(cell)
        case "tuple":
            return [item.strip() for item in cell.split(";")]
        case _:
            return cell


def _nested(shape: Shape) -> bool:
    return (shape.item if shape.kind == "tuple" else shape).kind in ("model-fields", "tagged-union", "dict")


@cache
def _columns() -> tuple[frozenset[str], frozenset[str]]:
    """The columns that some fact has as a flat field, and the names of fields that only ever are nested."""
    fields = [(name, shape) for fact in FACTS for name, shape in shape_of(fact).fields.items()]
    flat = {name for name, shape in fields if not _nested(shape)} | {"source.document", "source.clause"}
    return frozenset(flat), frozenset(name for name, _ in fields if name not in flat)
