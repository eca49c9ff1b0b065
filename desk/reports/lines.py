"""A report for programs that read rows: CSV with a value a row, JSON Lines with a table's row a line."""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

from desk.reports.page import Cell, Page, Table
from ledger.values import plain
from projections.words import NOT_STATED

_HEADER = ("as_of", "position", "section", "table", "row", "column", "kind", "value")
_READ_AS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(page: Page) -> bytes:
    """A value a row, in UTF-8: the date, the position, where the value stands, its kind, and the value itself.

    What the record does not state is `not stated`, what there is none of is empty. Words that a spreadsheet would take
    for a formula begin with an apostrophe.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_HEADER)
    asked = (page.report.as_of.isoformat(), page.report.known.position)
    for index, sentence in enumerate(page.report.summary, 1):
        writer.writerow((*asked, "summary", "", index, "sentence", "text", _harmless(sentence)))
    for section in page.sections:
        for table in section.tables:
            for index, row in enumerate(_cells(table), 1):
                for key, cell in row.items():
                    writer.writerow((*asked, section.name, table.name, index, key, cell.kind, _csv_value(cell)))
    return written.getvalue().encode()


def json_lines(page: Page) -> bytes:
    """A line for what was asked, then one for each row of each table, in UTF-8.

    What the record does not state is null and listed under `not_stated`; what there is none of is null.
    """
    report = page.report
    head = {
        "section": "report",
        "fingerprint": report.fingerprint,
        **report.asked.as_json(),
        "known_at": report.known.as_json()["at"],
        "summary": list(report.summary),
    }
    lines = [
        head,
        *(line for section in page.sections for table in section.tables for line in _lines(section.name, table)),
    ]
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()


def _lines(section: str, table: Table) -> Iterator[dict[str, Any]]:
    for row in _cells(table):
        values = {key: _json_value(cell) for key, cell in row.items()}
        missing = [key for key, cell in row.items() if not cell.stated]
        yield {"section": section, "table": table.name, **values, "not_stated": missing}


def _cells(table: Table) -> Iterator[dict[str, Cell]]:
    """The cells of each row by the name of their column; what stands beneath a cell has a name of its own."""
    for row in table.rows:
        named: dict[str, Cell] = {}
        for column, cell in zip(table.columns, row, strict=True):
            named[column.key] = cell
            if column.note_key:
                named[column.note_key] = Cell("text", cell.note or None, cell.note)
        yield named


def _json_value(cell: Cell) -> Any:
    match cell.value:
        case Decimal():
            return plain(cell.value)
        case dt.date():
            return cell.value.isoformat()
        case tuple():
            return list(cell.value)
        case _:
            return cell.value


def _csv_value(cell: Cell) -> str:
    if not cell.stated:
        return NOT_STATED
    value = _json_value(cell)
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(str, value))
        case str() if cell.kind not in ("amount", "rate"):
            return _harmless(value)
        case _:
            return str(value)


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(_READ_AS_A_FORMULA) else words
