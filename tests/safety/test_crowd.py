"""Many writers at once, and whoever reads behind them: no fact is lost, doubled, or seen out of order."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from ledger.book import FACTS_AT_A_TIME, Book, Receipt
from ledger.facts import BalanceStated, Fact, IndexFixed, encode
from ledger.rejected import Rejected
from ledger.store.database import Database
from ledger.store.recorder import LedgerApplicationRecorder
from tests.nightly import rounds
from tests.safety.account import NOW
from tests.safety.processes import SMALL
from tests.spec import fact

OPENED = fact("[{event: FacilityOpened, effective: 1999-02-01, facility: cit, name: CIT revolver, borrowers: [LPC]}]")


# --- eight writers on one facility -----------------------------------------------------------------------------------


def batch(writer: int, number: int) -> list[Fact]:
    """What no other writer says of the facility, in one to three facts."""
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number)
    said = BalanceStated.model_validate({"effective": day, "facility": "cit", "principal": f"{writer}.00"})
    return [said] * (1 + number % 3)


def record_undisturbed(url: str, writer: int, batches: int) -> tuple[list[Receipt], int]:
    """Record one batch after another, each decided on what is there: who was overtaken reads again, and tries again."""
    receipts: list[Receipt] = []
    overtaken = 0
    with Book.open(url) as book:
        while len(receipts) < batches:
            versions = book.stream_versions()
            try:
                receipts.append(book.record(batch(writer, len(receipts)), now=NOW, expected=versions))
            except Rejected as refused:
                if refused.code != "stream_moved":
                    raise
                overtaken += 1
    return receipts, overtaken


def test_eight_writers_on_one_facility_get_their_turns_and_know_when_they_were_overtaken(url: str) -> None:
    writers, batches = 8, rounds(by_day=9, by_night=200)
    with Book.open(url, create=True) as book:
        book.record([OPENED], now=NOW)
        with ProcessPoolExecutor(writers, SMALL) as executor:
            working = [executor.submit(record_undisturbed, url, writer, batches) for writer in range(writers)]
            results = [each.result() for each in working]
        facts = [record.fact.model_copy(update={"known_at": None}) for record in book.read()]
        said = {
            receipt.position: batch(writer, number)
            for writer, (receipts, _) in enumerate(results)
            for number, receipt in enumerate(receipts)
        }
        assert facts == [OPENED, *(each for position in sorted(said) for each in said[position])]
        assert sum(overtaken for _, overtaken in results) > 0
        roots = {receipt.position: receipt.root for receipts, _ in results for receipt in receipts}
        assert book.verify(roots) == []


# --- behind six writers ----------------------------------------------------------------------------------------------


class AbandonedError(Exception):
    """The writer thinks better of it."""


def fixing(index: str) -> Fact:
    return IndexFixed.model_validate({"effective": "2001-09-17", "index": index, "rate": "0.06"})


def more_than_is_written_at_a_time() -> Iterator[Fact]:
    """Facts of which a thousand are in the database already when the writer gives up."""
    for _ in range(FACTS_AT_A_TIME):
        yield fixing("abandoned")
    raise AbandonedError


def record_and_abandon(url: str, writer: int, calls: int) -> None:
    """Record one to three facts a call, and abandon one call in twenty."""
    with Book.open(url) as book:
        for number in range(calls):
            if number % 20 == writer:
                try:
                    book.record(more_than_is_written_at_a_time(), now=NOW)
                except AbandonedError:
                    continue
            book.record([fixing(f"of-{writer}")] * (1 + number % 3), now=NOW)


def followed(url: str, last: bytes) -> list[tuple[int, bytes]]:
    """The positions and bytes that a follower of the Book sees, up to the last fact."""
    with Book.open(url) as book:
        return list(up_to(last, ((record.position, encode(record.fact)) for record in book.follow())))


def notified(url: str, last: bytes) -> list[tuple[int, bytes]]:
    """What a subscriber of the machinery sees."""
    database = Database(url)
    with LedgerApplicationRecorder(database).subscribe() as subscription:
        seen = list(up_to(last, ((notification.id, notification.state) for notification in subscription)))
    database.close()
    return seen


def up_to(last: bytes, seen: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    for position, state in seen:
        yield position, state
        if last in state:
            return


def test_behind_six_writers_who_abandon_one_call_in_twenty_none_is_missed_doubled_or_out_of_order(url: str) -> None:
    writers, calls = 6, rounds(by_day=40, by_night=1000)
    last = fixing("the-last")
    with Book.open(url, create=True) as book, ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(reader, url, b"the-last") for reader in (followed, notified)]
        with ProcessPoolExecutor(writers, SMALL) as executor:
            for done in [executor.submit(record_and_abandon, url, writer, calls) for writer in range(writers)]:
                done.result()
        book.record([last], now=NOW)
        there = [(record.position, encode(record.fact)) for record in book.read()]
        for each in reading:
            assert each.result() == there
        assert [position for position, _ in there] == list(range(1, len(there) + 1))
        by_writer = [sum(f"of-{writer}".encode() in state for _, state in there) for writer in range(writers)]
        assert by_writer == [
            sum(1 + number % 3 for number in range(calls) if number % 20 != writer) for writer in range(writers)
        ]
        assert book.verify() == []
