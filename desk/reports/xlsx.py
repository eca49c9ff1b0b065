"""A report as a workbook: a sheet a table, with real dates, numbers and percentages, frozen heads and filters."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from desk.drawing.statuses import LOOKS
from desk.reports.page import Cell, Page, Table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_FACE = {"font_name": "Georgia", "font_size": 10, "valign": "top", "font_color": "#1d2430"}
_HEAD = {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom", "bg_color": "#e9ecf0"}
_QUIET = {"font_color": "#5c6675"}
_LEFT: dict[str, Any] = {"align": "left", "indent": 1}
_TONES: dict[str, dict[str, Any]] = {
    "plain": {},
    "strong": {"bold": True},
    "quiet": _QUIET,
    "repeated": _QUIET,
    "changed": {"bold": True, "bg_color": "#e8ecf2", "left": 5},
}
_LONGEST_NAME = 31
_WIDTH = 5.5
_NOTE = 50.0
_LINE = 14


def xlsx(page: Page) -> bytes:
    """The file. Its only moment is the page's own, so that the same report is the same bytes."""
    from xlsxwriter.workbook import Workbook

    target = BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {
                "title": page.title,
                "subject": page.subtitle,
                "author": "asof",
                "keywords": page.report.fingerprint,
                "created": page.moment.replace(tzinfo=None),
            }
        )
        styles = _Styles(book)
        first = book.add_worksheet("Report")
        _report(first, page, styles)
        for section in page.sections:
            for table in section.tables:
                _sheet(book.add_worksheet(_sheet_name(table)), table, page, styles)
    return target.getvalue()


def _sheet_name(table: Table) -> str:
    return table.name.replace("_", " ").capitalize()[:_LONGEST_NAME]


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> "Format":
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**_FACE, **properties})
        return self._made[key]


def _report(sheet: "Worksheet", page: Page, styles: _Styles) -> None:
    """The first sheet: what and when, the summary, what is on which sheet, how to read the marks."""
    wrap = styles.of(text_wrap=True)
    sheet.hide_gridlines(2)
    _for_paper(sheet, page)
    sheet.set_column(0, 0, 42, styles.of())
    sheet.set_column(1, 1, 100, wrap)
    sheet.write_string(0, 0, page.title, styles.of(bold=True, font_size=18, font_color="#23395b"))
    lines: list[tuple[str, str | Table]] = [*page.facts]
    for section in page.sections:
        lines += [("", ""), (section.title, "")]
        lines += [("", sentence) for sentence in section.lead]
        lines += [(table.caption, table) for table in section.tables]
    lines += [("", ""), ("How to read it", ""), *page.legend]
    head, linked = styles.of(bold=True, font_size=12), styles.of(underline=1, font_color="#23395b")
    for row, (what, says) in enumerate(lines, 2):
        sheet.write_string(row, 0, what, styles.of(**_QUIET) if says else head)
        if isinstance(says, Table):
            name = _sheet_name(says)
            shown = f"sheet {name}" if says.rows else f"sheet {name}: {says.nothing}"
            sheet.write_url(row, 1, f"internal:'{name}'!A1", linked, shown)
        else:
            sheet.write_string(row, 1, says, wrap)


def _sheet(sheet: "Worksheet", table: Table, page: Page, styles: _Styles) -> None:
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    _for_paper(sheet, page)
    sheet.set_row(0, _LINE * _lines((column.label, _width(column.width)) for column in table.columns))
    for row, cells_of_it in enumerate(table.rows, 1):
        words = [(cell.text, _width(column.width)) for cell, column in zip(cells_of_it, table.columns, strict=True)]
        sheet.set_row(row, _LINE * _lines([*words, *((cell.note, _NOTE) for cell in cells_of_it)]))
    index = 0
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        sheet.set_column(index, index, _width(column.width))
        align: dict[str, Any] = {"align": "right"} if column.numeric else _LEFT
        sheet.write_string(0, index, column.label, styles.of(**_HEAD, **align))
        for row, cell in enumerate(cells, 1):
            _write(sheet, row, index, cell, align, styles)
        index += 1
        if column.note_key:
            sheet.set_column(index, index, _NOTE)
            sheet.write_string(0, index, column.note_key.capitalize(), styles.of(**_HEAD, **_LEFT))
            for row, cell in enumerate(cells, 1):
                sheet.write_string(row, index, cell.note, styles.of(text_wrap=True, **_LEFT))
            index += 1
    if not table.rows:
        sheet.write_string(1, 0, table.nothing, styles.of(**_QUIET))
    sheet.autofilter(0, 0, max(1, len(table.rows)), index - 1)


def _for_paper(sheet: "Worksheet", page: Page) -> None:
    """Landscape on A4, as wide as the paper, with a footer."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{page.title}, {page.subtitle}&RPage &P of &N")


def _width(column_width: int) -> float:
    return max(13, column_width * _WIDTH)


def _lines(written: Iterable[tuple[str, float]]) -> int:
    """How many lines the longest of some words need in columns of these widths: programs do not all reckon it."""
    return max(1, *(-(-len(words) // int(width)) for words, width in written))


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell, align: dict[str, Any], styles: _Styles) -> None:
    look = _look(cell)
    match cell.value:
        case dt.date():
            sheet.write_datetime(row, column, cell.value, styles.of(num_format="d mmm yyyy", **_LEFT, **look))
        case Decimal() if Decimal(repr(float(cell.value))) == cell.value:
            sheet.write_number(row, column, float(cell.value), styles.of(num_format=_number_format(cell), **look))
        case int():
            number_format = '0 "days"' if cell.text.endswith(" days") else "#,##0"
            sheet.write_number(row, column, cell.value, styles.of(num_format=number_format, **look))
        case _:
            sheet.write_string(row, column, cell.text, styles.of(text_wrap=True, **align, **look))


def _number_format(cell: Cell) -> str:
    """As many places as the words for people have."""
    places = len(cell.text.rstrip("%").partition(".")[2])
    return f"0.{'0' * places}%" if cell.kind == "rate" else f"#,##0.{'0' * places}" if places else "#,##0"


def _look(cell: Cell) -> dict[str, Any]:
    if cell.legal is not None:
        look = LOOKS[cell.legal]
        return {"bg_color": look.fill, "font_color": look.ink}
    if not cell.stated:
        return {"italic": True, **_QUIET}
    if cell.kind == "marks" and cell.text != "stated":
        return {"bold": True, "italic": True}
    return _TONES[cell.tone]
