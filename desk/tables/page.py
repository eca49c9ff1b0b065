"""A section of a page laid out, as tables for people."""

from rich.console import RenderableType
from rich.text import Text

from desk.reports.page import Cell, Section
from desk.tables.parts import blank, headed, indented, legal_text, title


def section_tables(section: Section) -> list[RenderableType]:
    """The sentences and the tables of a section."""
    parts: list[RenderableType] = [blank(), title(section.title), *(indented(Text(each)) for each in section.lead)]
    for table in section.tables:
        drawn = headed(*(column.label for column in table.columns))
        for column, heading in zip(drawn.columns, table.columns, strict=True):
            column.justify = "right" if heading.numeric else "left"
            column.no_wrap = heading.numeric or heading.kind == "day"
        for row in table.rows:
            drawn.add_row(*map(_cell, row))
        content = drawn if table.rows else Text(table.nothing, "dim")
        parts += [blank(), indented(Text(table.caption, "dim")), indented(content)]
    return parts


def _cell(cell: Cell) -> Text:
    if cell.legal is not None:
        return legal_text(cell.legal)
    if cell.tone in ("quiet", "repeated") or not cell.stated:
        return Text(cell.text, "dim")
    return Text(cell.text, "bold" if cell.tone in ("strong", "changed") else "")
