"""The pictures in docs/REPORTS.md, drawn from the Lexington record.

`python -m tests.reports.pictures` draws them anew.
"""

from collections.abc import Iterator
from pathlib import Path

from desk.drawing import Drawing
from desk.reports.page import Figure
from desk.reports.sections import page
from tests.reports.records import committee, lexington

FOLDER = Path(__file__).parents[2] / "docs" / "reports"
DAYS = ("2000-02-01", "2001-09-15", "2002-11-15", "2003-07-10")
SHOWN = ("status-0", "reach-0", "waivers-0")


def pictures() -> Iterator[tuple[Path, str]]:
    """Each picture with the file that it is in."""
    for day in DAYS:
        drawings = {drawing.name: drawing for drawing in drawings_on(day)}
        for name in SHOWN:
            if name in drawings:
                what = name.removesuffix("-0")
                yield FOLDER / f"lexington-{day}-{what}.svg", f"{drawings[name].standalone}\n"


def drawings_on(day: str) -> list[Drawing]:
    """The drawings of the report on a day."""
    sections = page(committee(lexington(), day)).sections
    return [part.drawing for section in sections for part in section.parts if isinstance(part, Figure)]


if __name__ == "__main__":
    for file, drawn in pictures():
        file.write_text(drawn, encoding="utf-8")
