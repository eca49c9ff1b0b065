"""The pictures in docs/GALLERY.md: what each question of the gallery draws, where it draws anything.

`python -m tests.docs.gallery` draws them anew.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from desk.asked import Asked, in_gallery
from scenarios.lexington import GALLERY

PAGE = Path(__file__).parents[2] / "docs" / "GALLERY.md"
FOLDER = PAGE.parent / "gallery"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


@cache
def answered(name: str) -> Asked:
    """A question of the gallery with its answer."""
    return in_gallery(name, NOW)


def drawn(name: str) -> str | None:
    """The picture of a question; None where it asks neither about a stretch of time nor for a fall or a cover."""
    asked = answered(name)
    if asked.answered.over_time is None and not (asked.answered.downfalls or asked.answered.covers):
        return None
    return f"{asked.drawing().standalone}\n"


if __name__ == "__main__":
    for name in GALLERY:
        picture = drawn(name)
        if picture is not None:
            (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
