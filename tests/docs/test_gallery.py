"""The ten questions of the gallery: each has the answer that it expects, and a section that shows and explains it."""

import re

import pytest

from scenarios.lexington import GALLERY
from tests.docs.gallery import FOLDER, PAGE, answered, drawn
from tests.docs.pages import sections

SECTIONS = {section.title: section.text for section in sections(PAGE)}


@pytest.mark.parametrize("name", GALLERY)
def test_the_answer_is_the_one_that_the_file_expects(name: str) -> None:
    checked = answered(name).checked
    assert checked is not None
    assert checked.agrees, str(checked)


@pytest.mark.parametrize(("number", "name"), [*enumerate(GALLERY, start=1)])
def test_the_page_tells_question_result_and_reason(number: int, name: str) -> None:
    (text,) = [text for title, text in SECTIONS.items() if title.startswith(f"{number}. ")]
    question = answered(name).script.question
    assert f"**{question}**" in text
    assert f"(../scenarios/lexington/gallery/{name}.yaml)" in text
    assert f"$ asof gallery {name} --format text" in text
    assert "**Result.** " in text
    assert "**Reason.** " in text
    assert (f"](gallery/{name}.svg)" in text) is (drawn(name) is not None)


@pytest.mark.parametrize("name", GALLERY)
def test_the_picture_is_what_is_drawn_now(name: str) -> None:
    """If this fails, run `python -m tests.docs.gallery`, and look at what changed."""
    file, picture = FOLDER / f"{name}.svg", drawn(name)
    assert (file.read_text(encoding="utf-8") if file.exists() else None) == picture


def test_the_folder_holds_the_pictures_that_are_shown_and_no_others() -> None:
    shown = re.findall(r"\]\(gallery/([^)]+)\)", PAGE.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(file.name for file in FOLDER.iterdir())
