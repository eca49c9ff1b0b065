"""The connection cut around a commit, or anywhere else: what became of it is known, or said to be unknown."""

import random
from collections import deque
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from sqlalchemy import URL

from ledger.book import Book
from ledger.rejected import StoreUnusable
from tests.nightly import chance, rounds
from tests.safety.account import NOW, Account, Audit
from tests.safety.backends import writers_backends
from tests.safety.proxy import COMMIT, Cutter, Proxy, Side, never, proxied
from tests.servers import schema
from tests.spec import fact

PRIME = fact("[{event: IndexFixed, effective: 2001-09-17, index: prime, rate: '0.06'}]")
LIBOR = fact("[{event: IndexFixed, effective: 2001-09-17, index: libor-3m, rate: '0.03'}]")


@pytest.fixture
def ledger(postgresql: URL) -> Iterator[str]:
    """An empty ledger."""
    with schema(postgresql) as url:
        Book.open(url, create=True).close()
        yield url


@pytest.fixture
def proxy(ledger: str) -> Iterator[Proxy]:
    with proxied(ledger) as proxy:
        yield proxy


@pytest.fixture
def book(proxy: Proxy) -> Iterator[Book]:
    """The ledger through the proxy, with a fact in it, and a connection that is in use already."""
    with Book.open(proxy.url) as book:
        book.record([PRIME], now=NOW)
        yield book


def once(cutter: Cutter, proxy: Proxy, *, for_good: bool = False) -> Cutter:
    """Cut one connection, and let later ones through, or nobody any more."""

    def cut(side: Side, said: bytes) -> bytes | None:
        last = cutter(side, said)
        if last is not None:
            proxy.cutter = never
            proxy.is_open = not for_good
        return last

    return cut


def before_the_commit(side: Side, said: bytes) -> bytes | None:
    return b"" if side == "client" and said == COMMIT else None


def right_after_the_commit(side: Side, said: bytes) -> bytes | None:
    return said if side == "client" and said == COMMIT else None


class BeforeTheAnswer:
    """The server has committed, and its answer is lost, or a part of it."""

    def __init__(self, passed_on: int) -> None:
        self._passed_on = passed_on
        self._asked = False

    def __call__(self, side: Side, said: bytes) -> bytes | None:
        if side == "client":
            self._asked = said == COMMIT
        return said[: self._passed_on] if side == "server" and self._asked else None


def test_a_commit_that_never_arrived_is_told_and_nothing_was_recorded(ledger: str, proxy: Proxy, book: Book) -> None:
    proxy.cutter = once(before_the_commit, proxy)
    with pytest.raises(StoreUnusable) as cut:
        book.record([LIBOR], now=NOW)
    assert cut.value.code == "store_cut_off"
    with Book.open(ledger) as straight:
        assert straight.end()[0] == 1
    assert book.record([LIBOR], now=NOW).position == 2


@pytest.mark.parametrize(
    "cutter", [BeforeTheAnswer(0), BeforeTheAnswer(7), BeforeTheAnswer(17), right_after_the_commit]
)
def test_a_commit_whose_answer_was_lost_is_found_in_the_ledger(
    ledger: str, proxy: Proxy, book: Book, cutter: Cutter
) -> None:
    proxy.cutter = once(cutter, proxy)
    receipt = book.record([LIBOR], now=NOW)
    with Book.open(ledger) as straight:
        assert (receipt.recorded, receipt.position, receipt.root) == (1, *straight.end()) == (1, 2, straight.end()[1])
        assert straight.verify() == []
    assert book.record([LIBOR], now=NOW).position == 3


@pytest.mark.parametrize(("cutter", "position"), [(before_the_commit, 1), (BeforeTheAnswer(0), 2)])
def test_where_nobody_can_ask_any_more_nobody_says_what_was_recorded(
    ledger: str, proxy: Proxy, book: Book, cutter: Cutter, position: int
) -> None:
    proxy.cutter = once(cutter, proxy, for_good=True)
    with pytest.raises(StoreUnusable) as cut:
        book.record([LIBOR], now=NOW)
    assert str(cut.value) == (
        f"The connection to {proxy.url} was cut while facts were being committed; they are recorded whole, or not at "
        "all. Look at the end of the log before you record again; what has a key is never recorded twice. "
        "[store_unsettled]"
    )
    with Book.open(ledger) as straight:
        assert straight.end()[0] == position
    proxy.is_open = True
    assert book.record([LIBOR], now=NOW).position == position + 1


def test_a_connection_that_was_cut_since_it_was_used_is_replaced_before_it_is_used_again(
    proxy: Proxy, book: Book
) -> None:
    proxy.cutter = once(lambda side, _: b"" if side == "client" else None, proxy)
    assert book.record([LIBOR], now=NOW).position == 2


ALIKE = fact(
    "[{event: IndexFixed, effective: 2001-09-17, known_at: 2020-01-01T00:00:00Z, index: libor-3m, rate: '0.03'}]"
)
"""A fact that is the same to the byte whoever migrates it."""


class AnotherIsFirst:
    """In the place of a commit, the server gives the connection up, and another writer records the same."""

    def __init__(self, ledger: str) -> None:
        self._ledger = ledger

    def __call__(self, side: Side, said: bytes) -> bytes | None:
        if side == "server" or said != COMMIT:
            return None
        with writers_backends(self._ledger) as backends:
            assert backends.terminate() == 1
        with Book.open(self._ledger) as another:
            another.record([ALIKE], now=NOW, migrate=True)
        return b""


def test_what_another_writer_recorded_alike_is_not_taken_for_what_was_cut_off(ledger: str, proxy: Proxy) -> None:
    with Book.open(proxy.url) as book:
        proxy.cutter = once(AnotherIsFirst(ledger), proxy)
        with pytest.raises(StoreUnusable) as cut:
            book.record([ALIKE], now=NOW, migrate=True)
        assert cut.value.code == "store_cut_off"
        receipt = book.record([LIBOR], now=NOW)
        assert (receipt.recorded, receipt.position) == (1, 2)


class ThisOneAndTheNext:
    """A cut of the connection, and of the one that is made in its place once that has been prepared."""

    def __init__(self) -> None:
        self._is_first = True

    def __call__(self, side: Side, said: bytes) -> bytes | None:
        if side == "server":
            return None
        is_due, self._is_first = self._is_first or b"BEGIN" in said, False
        return b"" if is_due else None


def test_a_new_connection_that_is_cut_like_the_one_before_is_a_server_that_is_not_there(
    proxy: Proxy, book: Book
) -> None:
    proxy.cutter = ThisOneAndTheNext()
    with pytest.raises(StoreUnusable) as cut:
        book.record([LIBOR], now=NOW)
    assert cut.value.code == "store_unreachable"
    proxy.cutter = never
    assert book.record([LIBOR], now=NOW).position == 2


def test_a_reading_that_is_cut_is_told_and_the_next_one_goes_through(
    proxy: Proxy, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    book.record([LIBOR] * 2999, now=NOW)
    reading = book.read()
    assert next(reading).position == 1
    proxy.cutter = once(lambda side, said: b"", proxy)
    with pytest.raises(StoreUnusable) as cut:
        deque(reading, maxlen=0)
    assert cut.value.code == "store_unreachable"
    assert [record.position for record in book.read()] == list(range(1, 3001))
    assert caplog.messages == []


class Within:
    """A cut within the n-th piece of what both sides say, of which a part is still passed on."""

    def __init__(self, number: int, part: float) -> None:
        self._pieces = count(1)
        self._number = number
        self._part = part

    def __call__(self, _: Side, said: bytes) -> bytes | None:
        return said[: round(len(said) * self._part)] if next(self._pieces) == self._number else None


def any_cutter(by: random.Random) -> Cutter:
    anywhere = Within(by.randint(1, 40), by.random())
    near = (BeforeTheAnswer(by.randrange(20)), before_the_commit, right_after_the_commit)
    cutters: list[Cutter] = [anywhere, anywhere, *near]
    return by.choice(cutters)


def cut_while_recording(account: Account, book: Book, proxy: Proxy, cutter: Cutter) -> str | None:
    """Record a batch, and then some that the connection is cut in; the code of what is told of it."""
    try:
        for _ in islice(account.go_on(book), 5):  # where a farewell was cut, nobody tells of it
            proxy.cutter = cutter
    except StoreUnusable as cut:
        return cut.code
    finally:
        proxy.cutter, proxy.is_open = never, True
    return None


def test_wherever_the_connection_is_cut_what_is_told_is_so_and_nothing_is_there_in_part_or_twice(
    ledger: str, proxy: Proxy, tmp_path: Path
) -> None:
    by = chance("connections that are cut")
    account = Account(by.randrange(2**32), tmp_path / "acknowledged")
    with Book.open(ledger) as straight, Book.open(proxy.url) as book:
        audit = Audit(straight, account)
        for _ in range(rounds(by_day=50, by_night=1000)):
            before = audit.go_on()
            code = cut_while_recording(account, book, proxy, once(any_cutter(by), proxy, for_good=by.random() < 0.2))
            recorded = max(before, len(account.acknowledged()))
            assert audit.go_on() == recorded or code == "store_unsettled"
        audit.finish()
