"""A disk that is full: what was acknowledged stays, what was not is not there in part, with more room it goes on."""

import datetime as dt
import random
import re
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.facts import Fact, IndexFixed
from ledger.rejected import StoreUnusable
from tests.nightly import chance, rounds
from tests.safety.account import NOW, Account, Audit
from tests.safety.processes import SMALL
from tests.servers import Server, schema

MEGABYTE = 2**20


@contextmanager
def files_no_larger_than(octets: int) -> Iterator[None]:
    """A process that can make no file larger, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def record_until_full(url: str, file: Path, account: Account, seed: int, times: int) -> set[str]:
    """Record until a file cannot grow, and then with more room again; the codes of what was told."""
    by, told = random.Random(seed), set()
    with Book.open(url) as book:
        for _ in range(times):
            largest = max(each.stat().st_size for each in file.parent.iterdir())
            with files_no_larger_than(largest + by.randrange(100_000)):
                try:
                    for _ in islice(account.go_on(book), 50):
                        pass
                except StoreUnusable as full:
                    told.add(full.code)
    return told


def test_where_a_file_cannot_grow_nothing_is_lost_or_there_in_part_and_with_more_room_it_goes_on(
    tmp_path: Path,
) -> None:
    seed, file = chance("disks that are full").randrange(2**32), tmp_path / "ledger.db"
    account = Account(seed, tmp_path / "acknowledged")
    with Book.open(f"sqlite:///{file}", create=True) as book, ProcessPoolExecutor(1, SMALL) as alone:
        filling = alone.submit(record_until_full, f"sqlite:///{file}", file, account, seed, rounds(20, 500))
        assert filling.result() <= {"store_full", "store_io_failed"}
        assert filling.result()
        Audit(book, account).finish()


def large(number: int) -> list[Fact]:
    """Facts of four kilobytes that cannot be made smaller."""
    by = random.Random(number)
    common = {"effective": dt.date(2001, 9, 17), "index": "prime", "rate": "0.06"}
    return [IndexFixed.model_validate({**common, "note": by.randbytes(2000).hex()}) for _ in range(number)]


def test_where_a_file_of_the_server_cannot_grow_nothing_is_recorded_and_with_more_room_it_goes_on(
    own_server: Server,
) -> None:
    with schema(own_server.url) as url, Book.open(url, create=True) as book:
        first = book.record(large(10), now=NOW)
        own_server.stop()
        own_server.start(largest_file=16 * MEGABYTE)  # as large as a piece of its journal
        with pytest.raises(StoreUnusable) as full:
            book.record(large(4500), now=NOW)
        assert re.fullmatch(
            rf"The server of {re.escape(url)} failed: .*: File too large\. "
            r"Look into its log, at its disk and at its limits, and try again\. \[store_failed\]",
            str(full.value),
        )
        assert book.end() == (first.position, first.root)
        own_server.stop()
        own_server.start()
        assert book.record(large(20), now=NOW).position == 30
        assert book.verify({first.position: first.root}) == []
