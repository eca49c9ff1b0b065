"""A report as one HTML file: no script, nothing fetched from anywhere, fit for screen and paper."""

from html import escape
from importlib.resources import files

from desk.drawing.swatch import field, symbols
from desk.reports.page import Cell, Figure, Page, Section, Table

_STYLE = (files(__package__) / "committee.css").read_text(encoding="utf-8")

_NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'"


def html(page: Page) -> bytes:
    """The file, in UTF-8."""
    used = {cell.legal for section in page.sections for table in section.tables for row in table.rows for cell in row}
    written = (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FROM_OUTSIDE}">'
        f"<title>{escape(page.title)} · {escape(page.subtitle)}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body>{symbols(legal for legal in used if legal is not None)}\n{_header(page)}\n{_contents(page)}\n<main>\n"
        f"{''.join(_section(number, section) for number, section in enumerate(page.sections, 1))}</main>\n"
        f"{_footer(page)}</body></html>\n"
    )
    return written.encode()


def _header(page: Page) -> str:
    facts = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(says)}</dd></div>" for what, says in page.facts)
    return f"<header><h1>{escape(page.title)}</h1><p>{escape(page.subtitle)}</p><dl>{facts}</dl></header>"


def _contents(page: Page) -> str:
    items = "".join(f'<li><a href="#{each.name}">{escape(each.title)}</a></li>' for each in page.sections)
    return f'<nav aria-label="Contents"><ol>{items}</ol><a href="#legend">How to read it</a></nav>'


def _section(number: int, section: Section) -> str:
    sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in section.lead)
    lead = f"<ul>{sentences}</ul>" if len(section.lead) > 1 else "".join(f"<p>{escape(s)}</p>" for s in section.lead)
    parts = "".join(_figure(part) if isinstance(part, Figure) else _table(part) for part in section.parts)
    heading = f'<h2 id="{section.name}-title"><span>{number}</span> {escape(section.title)}</h2>'
    return f'<section id="{section.name}" aria-labelledby="{section.name}-title">{heading}{lead}{parts}</section>\n'


def _figure(figure: Figure) -> str:
    return f"<figure>{figure.drawing.inline}<figcaption>{escape(figure.caption)}</figcaption></figure>\n"


def _table(table: Table) -> str:
    if not table.rows:
        return f'<div class="none"><h3>{escape(table.caption)}</h3><p>{escape(table.nothing)}</p></div>\n'
    wide = sum(column.width for column in table.columns)
    columns = "".join(f'<col style="width:{column.width / wide:.1%}">' for column in table.columns)
    heads = "".join(
        f'<th scope="col"{_class("number" if column.numeric else "")}>{escape(column.label)}</th>'
        for column in table.columns
    )
    numeric = [column.numeric for column in table.columns]
    rows = "".join(
        f"<tr>{''.join(_cell(cell, numeric[index], head=not index) for index, cell in enumerate(row))}</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="table"><table id="table-{table.name}"><caption>{escape(table.caption)}</caption>'
        f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n"
    )


def _cell(cell: Cell, numeric: bool, *, head: bool) -> str:
    number = "number" if numeric else ""
    kind = cell.kind if cell.kind in ("name", "positions", "day") else ""
    tone = "" if cell.tone == "plain" else cell.tone
    said = "" if cell.stated else "not-stated"
    tag, scope = ("th", ' scope="row"') if head else ("td", "")
    note = f'<small dir="auto">{escape(cell.note)}</small>' if cell.note else ""
    return f"<{tag}{scope}{_class(number, kind, tone, said)}>{_content(cell)}{note}</{tag}>"


def _content(cell: Cell) -> str:
    if cell.legal is not None:
        return f"{field(cell.legal)} {escape(cell.text)}"
    if cell.kind == "marks" and isinstance(cell.value, tuple):
        return " ".join(f'<span class="mark {mark}">{mark}</span>' for mark in map(str, cell.value))
    if cell.kind == "day" and cell.value is not None:
        return f'<time datetime="{cell.value}">{escape(cell.text)}</time>'
    if cell.kind == "name":
        return escape(cell.text).replace("/", "/<wbr>").replace("-", "-<wbr>")
    return escape(cell.text)


def _class(*names: str) -> str:
    there = " ".join(name for name in names if name)
    return f' class="{there}"' if there else ""


def _footer(page: Page) -> str:
    legend = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(says)}</dd></div>" for word, says in page.legend)
    return f'<footer><h2 id="legend">How to read it</h2><dl>{legend}</dl></footer>\n'
