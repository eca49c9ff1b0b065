"""Files of a database that rot: a ledger is what it was, or verifying it against a checkpoint kept elsewhere tells."""

import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.rejected import StoreUnusable
from tests.nightly import chance, rounds
from tests.safety.account import NOW, Account
from tests.servers import Server, schema
from tests.spec import facts
from tests.strangers import asks, tampers

RECORD = """
- {event: FacilityOpened, effective: 1999-02-01, facility: cit, name: CIT revolver, borrowers: [LPC]}
- {event: ActTaken, effective: 2001-09-15, facility: cit, act: suit, by: trustee, seeks: remedies}
- {event: IndexFixed, effective: 2001-09-17, key: prime-1, index: prime, rate: "0.06"}
"""
PAGE = 8192
"""Bytes of a page of PostgreSQL."""

FACTS = "SELECT * FROM facts ORDER BY position"


def written(url: str, account: Account) -> dict[int, bytes]:
    """A ledger with thirty batches, and the checkpoint that is kept elsewhere."""
    with Book.open(url, create=True) as book:
        for number in range(1, 31):
            receipt = book.record(account.batch(number), now=account.clock(number))
        return {receipt.position: receipt.root}


def told(book: Book, sealed: dict[int, bytes]) -> list[str]:
    """What verifying a ledger tells of it."""
    try:
        return book.verify(sealed)
    except StoreUnusable as damaged:
        return [str(damaged)]


def rotten(content: bytes, by: random.Random) -> bytes:
    """A file with a bit that has flipped, or a piece that was overwritten or never written, or without its end."""
    at = by.randrange(len(content))
    end = by.randrange(at, min(at + 8192, len(content))) + 1
    flipped = content[:at] + bytes([content[at] ^ 1 << by.randrange(8)]) + content[at + 1 :]
    overwritten = content[:at] + by.randbytes(end - at) + content[end:]
    emptied = content[:at] + bytes(end - at) + content[end:]
    return by.choice([flipped, flipped, flipped, overwritten, emptied, content[:at]])


def test_a_file_that_rots_is_told_or_holds_what_it_held(tmp_path: Path) -> None:
    by, file = chance("files that rot"), tmp_path / "ledger.db"
    url = f"sqlite:///{file}"
    sealed = written(url, Account(by.randrange(2**32), tmp_path / "nothing"))
    content, before = file.read_bytes(), asks(url, FACTS)
    with Book.open(url) as book:
        for _ in range(rounds(100, 20_000)):
            book.close()
            file.write_bytes(rotten(content, by))
            assert told(book, sealed) or asks(url, FACTS) == before


def rotten_in_pages(content: bytes, by: random.Random) -> bytes:
    """A file of a server that rots, or that lost a page, or those at its end, which no checksum tells."""
    at = by.randrange(0, len(content), PAGE)
    lost = content[:at] + bytes(PAGE) + content[at + PAGE :]
    return by.choice([rotten(content, by)[: len(content) - PAGE], lost, content[:at]])


def test_files_of_a_server_that_rot_are_told_or_hold_what_they_held(own_server: Server, tmp_path: Path) -> None:
    by = chance("files of a server that rot")
    with ExitStack() as stack:
        urls = [stack.enter_context(schema(own_server.url)) for _ in range(rounds(6, 40))]
        seals = [written(url, Account(by.randrange(2**32), tmp_path / "nothing")) for url in urls]
        before = [asks(url, FACTS) for url in urls]
        places = [asks(url, "SELECT pg_relation_filepath('facts')")[0][0] for url in urls]
        own_server.stop("fast")  # which leaves everything in the files
        for place in places:
            file = own_server.data / place
            file.write_bytes(rotten_in_pages(file.read_bytes(), by))
        own_server.start()
        for url, sealed, facts in zip(urls, seals, before, strict=True):
            with Book.open(url) as book:
                assert told(book, sealed) or asks(url, FACTS) == facts


# --- cases that were found -------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger of three facts."""
    with Book.open(f"sqlite:///{tmp_path}/ledger.db", create=True) as book:
        book.record(facts(RECORD), now=NOW)
    return tmp_path / "ledger.db"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            "UPDATE facts SET state = 'x' WHERE position = 2",
            "is no fact as Asof writes it: its state is 'x'",
        ),
        ("UPDATE facts SET tag = x'00' WHERE position = 2", "is no fact as Asof writes it: its tag is b'"),
        (
            "UPDATE facts SET recorded_at = 'noon' WHERE position = 2",
            "is no fact as Asof writes it: its recorded_at is 'noon'",
        ),
        (
            "UPDATE facts SET known_at = 9223372036854775807 WHERE position = 2",
            "is no fact as Asof writes it: its known_at is 9223372036854775807, which is no moment",
        ),
        ("UPDATE head SET frontier = 'x'", "The head of the log is damaged: it holds no position, or no hashes."),
        ("UPDATE head SET position = -1", "The head of the log is damaged: it holds no position, or no hashes."),
        ("DELETE FROM head", "The head of the log is damaged: there is none."),
    ],
)
def test_a_column_that_holds_what_no_ledger_writes_is_told_by_whatever_reads_it(
    file: Path, change: str, found: str
) -> None:
    url = f"sqlite:///{file}"
    tampers(url, change)
    with Book.open(url) as book:
        (difference,) = [each for each in book.verify() if found in each]
        assert difference.endswith("[fact_damaged]" if "facts" in change else "[head_damaged]")
        with pytest.raises(StoreUnusable, match=r"_damaged\]$|_of_newer_version\]$"):
            book.record(facts(RECORD), now=NOW) if "head" in change else book.prefix()


def test_a_schema_that_cannot_even_be_quoted_is_damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"CREATE INDEX facts_by_key", b"CREATE INDEX \xff\xffcts_by_key"))
    with pytest.raises(StoreUnusable, match="store_damaged"):
        Book.open(f"sqlite:///{file}")
