"""The pictures and files in docs/REPORTS.md: reports on the Lexington record, as `asof report` writes them.

`python -m tests.reports.pictures` makes them anew.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import typst

from desk.reports import drawn
from desk.reports.page import Figure, Page
from desk.reports.pdf import setting
from desk.reports.sections import page
from ledger.book import Book
from ledger.reading import read
from ledger.records import Prefix
from scenarios.lexington import record_files
from tests.reports.records import committee

FOLDER = Path(__file__).parents[2] / "docs" / "reports"
DAYS = ("2000-02-01", "2001-09-15", "2002-11-15", "2003-07-10")
SHOWN = ("status-0", "reach-0", "waivers-0")
RECORDED = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def pictures() -> Iterator[tuple[Path, bytes]]:
    """Each drawing, and each report in the formats that are kept, with the file that it is in."""
    for day in DAYS:
        report = committee(recorded(), day)
        for name, drawing in drawings(page(report)).items():
            if name in SHOWN:
                yield FOLDER / f"lexington-{day}-{name.removesuffix('-0')}.svg", f"{drawing}\n".encode()
        yield FOLDER / f"lexington-{day}.html", drawn(report, "html")
        yield FOLDER / f"lexington-{day}.pdf", drawn(report, "pdf")


def first_pages() -> Iterator[tuple[Path, bytes]]:
    """The first page of each report as it looks."""
    for day in DAYS:
        first, *_ = typst.compile(**setting(page(committee(recorded(), day))), format="png", ppi=80)
        yield FOLDER / f"lexington-{day}.png", first


@cache
def recorded() -> Prefix:
    """The Lexington record in a ledger that always has the same root."""
    with Book.open("sqlite://", create=True) as book:
        book.record((each.fact for each in read(record_files())), now=RECORDED, migrate=True)
        return book.prefix()


def drawings(laid_out: Page) -> dict[str, str]:
    """The drawings of a report by their names, each as a file of its own."""
    parts = (part for section in laid_out.sections for part in section.parts if isinstance(part, Figure))
    return {part.drawing.name: part.drawing.standalone for part in parts}


if __name__ == "__main__":
    for file, content in (*pictures(), *first_pages()):
        file.write_bytes(content)
