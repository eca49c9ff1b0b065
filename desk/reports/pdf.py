"""A report on paper: PDF/A-3 and PDF/UA, with the report for programs attached. Set by typst, in its own fonts."""

import json
import re
from importlib.resources import files
from typing import Any

from desk.drawing.svg import WIDTH
from desk.drawing.swatch import swatch
from desk.output import json_text
from desk.reports.letters import drawable, is_drawn
from desk.reports.page import Cell, Figure, Page, Table

_TEMPLATE = files(__package__) / "committee.typ"

_LIKE_THE_TABLES = 8.2 / 11
"""Points to a unit of a drawing, at which its words are as large as those of tables."""

_TALLEST = 430
"""Points that a page has for a drawing."""

_LONG = 1_500
"""Characters of a cell beyond which its row may go on over the foot of a page."""

_SAID = ("‹…›", "the fonts of this page have no letters for these; the attached report.json has them whole")


def pdf(page: Page) -> bytes:
    """The file. Its only moment is the page's own, so that the same report is the same bytes."""
    import typst

    content: bytes = typst.compile(**setting(page), format="pdf", pdf_standards=["a-3a", "ua-1"])
    return content


def setting(page: Page) -> dict[str, Any]:
    """What typst is given to set a page in any format: template, inputs, one moment, and no font of the machine."""
    return {
        "input": _TEMPLATE.read_bytes(),
        "ignore_system_fonts": True,
        "timestamp": int(page.moment.timestamp()),
        "sys_inputs": {
            "page": json.dumps(_data(page), ensure_ascii=False),
            "json": f"{json_text(page.report.as_json())}\n",
        },
    }


def _data(page: Page) -> dict[str, Any]:
    """The page as the template reads it, every word of it drawable."""
    used = {cell.legal for section in page.sections for table in section.tables for row in table.rows for cell in row}
    data = {
        "title": page.title,
        "subtitle": page.subtitle,
        "fingerprint": page.report.fingerprint,
        "keywords": [page.report.asked.model, page.report.fingerprint],
        "facts": page.facts,
        "sections": [
            {
                "title": section.title,
                "lead": section.lead,
                "parts": [_figure(part) if isinstance(part, Figure) else _table(part) for part in section.parts],
            }
            for section in page.sections
        ],
        "legend": page.legend,
        "swatches": {legal: swatch(legal) for legal in sorted(each for each in used if each is not None)},
    }
    if all(map(is_drawn, set(json.dumps(data, ensure_ascii=False)))):
        return data
    return {**_words_drawable(data), "legend": [*page.legend, _SAID]}


def _words_drawable(data: Any) -> Any:
    match data:
        case str():
            return drawable(data)
        case dict():
            return {key: _words_drawable(value) for key, value in data.items()}
        case list() | tuple():
            return [_words_drawable(each) for each in data]
        case _:
            return data


def _figure(figure: Figure) -> dict[str, Any]:
    drawing = figure.drawing
    return {
        "kind": "figure",
        "caption": figure.caption,
        "svg": drawing.standalone,
        "says": f"{drawing.title}. {drawing.says}",
        "width": min(_LIKE_THE_TABLES, _TALLEST / drawing.height) * WIDTH,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": [
            {"label": column.label, "width": column.width, "numeric": column.numeric} for column in table.columns
        ],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "nothing": table.nothing,
        "breakable": any(len(cell.text) + len(cell.note) > _LONG for row in table.rows for cell in row),
    }


def _pieces(name: str) -> list[str]:
    """A name in the pieces between which it may break: behind slashes, and within stretches long without a joint."""
    return re.sub(r"[^/\-]{12}(?=[^/\-])|/(?=.)", "\\g<0>\0", name).split("\0")


def _cell(cell: Cell) -> dict[str, Any]:
    """The pieces of its words, how they look, and only where there is one a note or a status."""
    written: dict[str, Any] = {"look": cell.tone if cell.stated else "unstated", "pieces": [cell.text]}
    if cell.kind == "name":
        written["pieces"] = _pieces(cell.text)
    elif cell.kind == "positions":
        written["look"] = "positions"
    elif cell.kind == "marks" and isinstance(cell.value, tuple):
        written |= {"look": "marks", "pieces": cell.value}
    if cell.note:
        written["note"] = cell.note
    if cell.legal is not None:
        written["legal"] = cell.legal
    return written
