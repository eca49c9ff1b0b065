"""The server's own processes ended while they serve a writer: what is told of it is so."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Event

from sqlalchemy import URL

from ledger.book import Book
from ledger.rejected import StoreUnusable
from tests.nightly import chance, rounds
from tests.safety.account import Account, Audit
from tests.safety.backends import Backends, writers_backends
from tests.servers import Server, schema

A_MINUTE = 60.0
"""Waited out only where a writer is stuck."""

A_BATCH = 0.003
"""Seconds that a writer needs for a batch, or somewhat more."""


def end_while_recording(account: Account, book: Book, end: Callable[[], int], by: random.Random) -> str | None:
    """Let a writer record some batches and a part of another, and end what serves it; the code of what it is told."""
    acknowledged, is_over = SimpleQueue[int](), Event()

    def record() -> str | None:
        try:
            for each in account.go_on(book):
                acknowledged.put(each.number)
                if is_over.is_set():
                    break
        except StoreUnusable as fault:
            return fault.code
        return None

    with ThreadPoolExecutor(1) as alone:
        outcome = alone.submit(record)
        for _ in range(by.randrange(4)):
            acknowledged.get(timeout=A_MINUTE)
        is_over.wait(by.uniform(0, A_BATCH))
        while not end():
            pass  # it was between two batches
        is_over.set()
        return outcome.result(A_MINUTE)


def try_it(of: URL, account: Account, ending: Callable[[Backends], int], times: int, by: random.Random) -> None:
    """End what serves a writer, again and again, and compare each time what it was told with what is there."""
    with schema(of) as ledger, Book.open(ledger, create=True) as book, Book.open(ledger) as straight:
        audit = Audit(straight, account)
        for _ in range(times):
            before = audit.go_on()
            with writers_backends(ledger) as backends:
                code = end_while_recording(account, book, lambda: ending(backends), by)
            recorded = max(before, len(account.acknowledged()))
            assert audit.go_on() == recorded or code == "store_unsettled"
            assert code in (None, "store_cut_off", "store_unreachable", "store_unsettled")
        audit.finish()


def test_a_writer_whose_connection_the_server_gives_up_is_told_what_became_of_its_facts(
    postgresql: URL, tmp_path: Path
) -> None:
    by = chance("backends that are told to go")
    account = Account(by.randrange(2**32), tmp_path / "acknowledged")
    try_it(postgresql, account, Backends.terminate, rounds(by_day=20, by_night=500), by)


def test_a_server_that_loses_the_process_of_a_writer_recovers_with_what_was_acknowledged(
    own_server: Server, tmp_path: Path
) -> None:
    by = chance("backends that are killed")
    account = Account(by.randrange(2**32), tmp_path / "acknowledged")
    try_it(own_server.url, account, Backends.kill, rounds(by_day=4, by_night=100), by)
