import re

from tests.reports.pictures import FOLDER, pictures

PAGE = FOLDER.parent / "REPORTS.md"


def test_the_pictures_and_files_in_the_docs_are_what_is_drawn_now() -> None:
    """If this fails, run `python -m tests.reports.pictures`, and look at what changed."""
    for file, drawn in pictures():
        assert file.read_bytes() == drawn, file.name


def test_the_page_shows_every_picture_and_file_and_no_other() -> None:
    shown = set(re.findall(r"\]\(reports/([^)]+)\)", PAGE.read_text(encoding="utf-8")))
    assert shown == {file.name for file in FOLDER.iterdir()}
