import datetime as dt
from collections.abc import Iterator

import pytest

from ledger.book import Book
from ledger.reading import read
from scenarios.lexington import record_files


@pytest.fixture(scope="session")
def lexington() -> Iterator[Book]:
    """A ledger that holds the Lexington record, and nothing else."""
    with Book.open("sqlite://", create=True) as book:
        facts = (located.fact for located in read(record_files()))
        book.record(facts, now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), migrate=True)
        yield book
