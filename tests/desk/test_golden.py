"""The answers on the Lexington record, word for word, beside these tests in golden/.

To write them anew, run these tests with WRITE_GOLDEN=1 in the environment, and read what changed.
"""

import json
import os
from pathlib import Path

import pytest

from desk.output import json_text
from scenarios.lexington import WHAT_IFS, what_if_file
from tests.desk.conftest import Desk, envelope

GOLDEN = Path(__file__).parents[1] / "golden"
ASKED_ON = dict(zip(WHAT_IFS, ("2001-09-15", "2002-11-20", "2002-11-15", "2003-07-10"), strict=True))


def compare(name: str, found: str) -> None:
    """Compare what was found with the golden file of a name, or write that file."""
    file = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("report-2000-02-01", "report --facility cit --on 2000-02-01"),
        ("report-2001-09-04", "report --facility cit --facility notes-12-3-4 --on 2001-09-04"),
        ("report-2002-11-15", "report --on 2002-11-15"),
    ],
)
def test_a_report_answers_as_in_the_golden_file(lexington: Desk, name: str, line: str) -> None:
    found = envelope(lexington(f"{line} --format json").data)
    compare(f"{name}.json", f"{json_text(found)}\n")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("timeline-cit", "timeline cit"),
        ("explain-cit-status-2001-11-01", "explain cit status --on 2001-11-01"),
    ],
)
def test_the_answer_is_the_golden_one(lexington: Desk, name: str, line: str) -> None:
    compare(f"{name}.json", lexington(f"{line} --format json").stdout)


@pytest.mark.parametrize("name", WHAT_IFS)
def test_what_differs_in_a_what_if_is_as_in_the_golden_file(lexington: Desk, name: str) -> None:
    outcome = lexington(f"what-if {what_if_file(name)} --on {ASKED_ON[name]} --format json")
    both = ("as_is", "as_would_be")
    found = {key: value for key, value in json.loads(outcome.stdout).items() if key not in both}
    compare(f"what-if-{name}.json", f"{json_text(found)}\n")


def test_the_demonstration_reads_as_in_the_golden_file(desk: Desk) -> None:
    compare("demo.txt", desk("demo").stdout)
