"""Writers killed at random moments: what was acknowledged is there, and nothing is there twice or in part."""

import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from ledger.book import Book
from tests.nightly import chance, rounds
from tests.safety.account import Account, Audit
from tests.safety.processes import COPIED, SMALL

A_MINUTE = 60.0
"""Waited out only where a writer is stuck."""

A_BATCH = 0.003
"""Seconds that a writer needs for a batch, or somewhat more."""


def record_for_ever(book: Book, account: Account, told: Connection) -> None:
    for acknowledged in account.go_on(book):
        told.send(acknowledged.number)


def kill_writers(url: str, seed: int, account: Account, times: int) -> None:
    """Let a writer begin, wait for some of its batches and a part of another, and kill it; again and again."""
    by = random.Random(seed)
    book = Book.open(url)
    audit = Audit(book, account)
    for _ in range(times):
        book.close()  # connections are not for two processes
        hears, told = COPIED.Pipe(duplex=False)
        writer = COPIED.Process(target=record_for_ever, args=(book, account, told))
        writer.start()
        for _ in range(by.randrange(6)):
            assert hears.poll(A_MINUTE)
            hears.recv()
        writer.join(by.uniform(0, A_BATCH))
        assert writer.is_alive(), "it goes on until it is killed"
        writer.kill()
        writer.join()
        audit.go_on()
    book.close()


def test_a_killed_writer_has_recorded_what_it_acknowledged_and_nothing_in_part_or_twice(
    url: str, tmp_path: Path
) -> None:
    seed, times = chance("writers that are killed").randrange(2**32), rounds(by_day=50, by_night=500)
    account = Account(seed, tmp_path / "acknowledged")
    with Book.open(url, create=True) as book:
        with ProcessPoolExecutor(1, SMALL) as alone:
            alone.submit(kill_writers, url, seed, account, times).result()
        assert Audit(book, account).finish() > times
