"""What is told of the database's own faults."""

from pathlib import Path

import pytest

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


def test_a_notice_is_told_once_and_only_where_people_look(desk: Desk, tmp_path: Path) -> None:
    desk.run("init")
    with Book.open(f"sqlite:///{tmp_path}/asof.db") as book:
        notices = book.notices
    told = desk.run_on_a_terminal("log --format json").stderr.replace("\r\n", "\n")
    assert told == "".join(f"{notice}\n" for notice in notices)
    assert desk.run("log --format json").stderr == ""
