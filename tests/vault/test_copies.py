"""A copy is the ledger at one moment, whole and checked, or there is no copy."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.facts import Fact, IndexFixed
from ledger.rejected import Rejected, StoreUnusable
from tests.strangers import tampers

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)


def fixings(count: int, index: str = "prime") -> list[Fact]:
    start = dt.date(2001, 1, 1)
    return [
        IndexFixed.model_validate({"effective": start + dt.timedelta(day), "index": index, "rate": "0.06"})
        for day in range(count)
    ]


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url, create=True) as opened:
        opened.record(fixings(2500), now=NOW)
        opened.issue('{"as_of":"2001-01-01"}', bytes(32), now=NOW)
        opened.withhold("Jane Doe", bytes(32))
        yield opened


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.db"


def test_a_copy_is_a_ledger_that_holds_the_same(book: Book, copy: Path) -> None:
    assert book.back_up(copy) == book.end()
    assert [each.name for each in copy.parent.iterdir() if "copy" in each.name] == ["copy.db"]
    with Book.open(f"sqlite:///{copy}?mode=ro") as copied:
        assert copied.prefix() == book.prefix()
        assert (copied.issued(), copied.withheld()) == (book.issued(), book.withheld())
        assert copied.verify() == []


def test_a_ledger_restored_from_a_copy_holds_the_same_and_goes_on(url: str, tmp_path: Path, copy: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path}/original.db", create=True) as book:
        book.record(fixings(2500), now=NOW)
        book.issue('{"as_of":"2001-01-01"}', bytes(32), now=NOW)
        book.withhold("Jane Doe", bytes(32))
        book.back_up(copy)
        assert Book.restore(copy, url) == book.end()
        with Book.open(url) as restored:
            assert restored.prefix() == book.prefix()
            assert (restored.issued(), restored.withheld()) == (book.issued(), book.withheld())
            assert restored.record(fixings(1, "libor"), now=NOW).position == 2501
            assert restored.verify() == []


def test_a_copy_made_under_load_is_of_one_moment(book: Book, url: str, copy: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        with Book.open(url) as writer:
            for number in range(10_000):
                if stop.is_set():
                    return
                writer.record(fixings(20, f"index-{number}"), now=NOW)

    writing = threading.Thread(target=keep_writing)
    writing.start()
    try:
        sizes = []
        for number in range(3):
            file = copy.with_name(f"copy-{number}.db")
            size, root = book.back_up(file)
            assert book.end(size) == (size, root)
            assert (size - 2500) % 20 == 0, "no call to record was cut in two"
            sizes.append(size)
    finally:
        stop.set()
        writing.join()
    assert sizes == sorted(sizes)


def test_a_copy_takes_the_place_of_nothing(book: Book, copy: Path) -> None:
    copy.write_text("precious", encoding="utf-8")
    with pytest.raises(Rejected) as refused:
        book.back_up(copy)
    assert str(refused.value) == (
        f"There is a file at {copy} already. It was left as it is. Name another, or move it away. [copy_exists]"
    )
    assert copy.read_text(encoding="utf-8") == "precious"


def test_nothing_is_restored_over_a_ledger(book: Book, url: str, copy: Path) -> None:
    book.back_up(copy)
    before = book.prefix()
    with pytest.raises(Rejected, match=r"of 2500 facts\. It was left as it is\..*\[ledger_exists\]"):
        Book.restore(copy, url)
    assert book.prefix() == before


def test_a_damaged_ledger_is_not_copied_as_if_it_were_whole(book: Book, url: str, copy: Path) -> None:
    tampers(url, "UPDATE facts SET effective = '1999-01-01' WHERE position = 7")
    with pytest.raises(
        StoreUnusable, match=r"The fact at position 7 has effective '1999-01-01'.*\[store_copy_damaged\]"
    ):
        book.back_up(copy)
    assert not copy.exists()


def test_a_damaged_copy_is_not_restored(book: Book, tmp_path: Path, copy: Path) -> None:
    book.back_up(copy)
    tampers(f"sqlite:///{copy}", "UPDATE facts SET version = 2600 WHERE position = 2500")
    with pytest.raises(StoreUnusable, match="store_copy_damaged"):
        Book.restore(copy, f"sqlite:///{tmp_path}/restored.db")
    assert not (tmp_path / "restored.db").exists()


def test_no_copy_is_made_where_none_can_be(book: Book, tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=r"store_copy_failed|store_cannot_open"):
        book.back_up(tmp_path / "no" / "such" / "directory" / "copy.db")


def test_a_name_that_was_let_go_is_in_no_page_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with Book.open(f"sqlite:///{file}", create=True) as book:
        book.withhold("Jane Q. Doe", bytes(32))
        book.record(fixings(10), now=NOW)
        book.forget("Jane Q. Doe")
    assert b"Jane Q. Doe" not in file.read_bytes()
    with closing(sqlite3.connect(file)) as stranger:
        assert stranger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("made_as", ["nothing", "an empty file", "a text", "a folder"])
def test_what_is_no_ledger_is_no_copy(tmp_path: Path, copy: Path, made_as: str) -> None:
    match made_as:
        case "an empty file":
            copy.touch()
        case "a text":
            copy.write_text("- event: FacilityOpened\n" * 200)
        case "a folder":
            copy.mkdir()
    with pytest.raises(StoreUnusable) as refused:
        Book.restore(copy, f"sqlite:///{tmp_path}/restored.db")
    assert str(refused.value) == (
        f"There is no copy of a ledger at {copy}. Name a file that `asof backup` made. [store_no_copy]"
    )
    assert not (tmp_path / "restored.db").exists()
