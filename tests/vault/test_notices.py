"""What is told of the database's own faults."""

import json
from pathlib import Path

import pytest

from desk.cli import main
from desk.notices import WRITERS
from ledger.book import Book
from ledger.store.sqlite import notices_of
from tests.desk.conftest import Desk

FAULT = "can, very rarely, damage a file that two programs write to at the same instant"


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_a_library_that_can_lose_pages_is_told_of(version: tuple[int, int, int], told: bool) -> None:
    notices = notices_of(version)
    assert [FAULT in notice for notice in notices] == ([True] if told else [])
    assert all(f"SQLite {'.'.join(map(str, version))} " in notice for notice in notices)


def test_a_ledger_in_memory_has_nobody_who_could_write_at_the_same_instant() -> None:
    with Book.open("sqlite://") as book:
        assert book.notices == ()


def test_verifying_gives_the_notices_and_the_format_too(desk: Desk, tmp_path: Path) -> None:
    desk("init")
    with Book.open(f"sqlite:///{tmp_path}/asof.db") as book:
        data = desk("verify --format json").data
        assert (data["notices"], data["format"]) == (list(book.notices), book.format)


def notices_of_sqlite(folder: Path) -> str:
    """What there is to tell of a ledger in a file, a line each."""
    with Book.open(f"sqlite:///{folder}/asof.db") as book:
        return "".join(f"{notice}\n" for notice in book.notices)


def test_a_command_that_reads_tells_a_notice_once_and_only_where_people_look(desk: Desk, tmp_path: Path) -> None:
    desk.run("init")
    told = desk.run_on_a_terminal("log --format json").stderr.replace("\r\n", "\n")
    assert told == notices_of_sqlite(tmp_path)
    assert desk.run("log --format json").stderr == ""


def test_a_command_that_writes_tells_it_behind_what_it_did_wherever_that_is_read(desk: Desk, tmp_path: Path) -> None:
    made = desk.run("init").stderr
    told = notices_of_sqlite(tmp_path)
    assert made == f"Made an empty ledger at sqlite:///asof.db.\n{told}"
    desk.write("prime.yaml", "[{event: IndexFixed, effective: 2001-09-17, index: prime, rate: '0.06'}]")
    assert desk.run("record prime.yaml").stderr.endswith(f".\n{told}")
    assert desk.run_on_a_terminal("record prime.yaml").stderr.count(FAULT) == told.count(FAULT)


def test_a_refusal_for_programs_stays_the_only_line_on_stderr(desk: Desk) -> None:
    desk.run("init")
    desk.write("wrong.yaml", "[{event: Nothing}]")
    assert json.loads(desk.run("record wrong.yaml --format json").stderr)["error"]["code"] == "faults_in_files"


def test_the_commands_that_write_are_commands() -> None:
    assert set(WRITERS) <= set(main.commands)
