"""How fast facts are appended and read, beside what drivers and others do with the same bytes.

Run it with `python -m benchmarks.store` from the checkout, after `pip install -e .[benchmark]`. All contenders take
turns, for appending at each transaction, so that ratios hold on a machine that does other things, too. Each waits for
the disk at every commit, and each writes the same bytes.

The aims: ahead of the eventsourcing library on its own recorder at every number of facts a transaction; a thousand
validated facts at half the rate of a bare `executemany` of finished rows, at a third when they come as JSON; the log
read, verified, decoded and folded in 1.75 times what SELECT and msgspec take.
"""

import datetime as dt
import gc
import json
import random
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from decimal import Decimal
from functools import partial
from itertools import count
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import msgspec
import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import get_topic
from sqlalchemy import URL, make_url

from ledger.book import Book
from ledger.facts import (
    BalanceStated,
    FacilityOpened,
    Fact,
    IndexFixed,
    NoticeGiven,
    PaymentMade,
    Standing,
    as_record,
    encode,
    known,
)
from ledger.facts.terms import PaymentKind
from ledger.reading import read_text
from ledger.seal.tree import leaf_hash, root
from ledger.store.log import FactRow
from ledger.store.mapper import FactEvent, FactMapper
from tests.servers import schema, server

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
TRANSACTIONS = {1: 150, 10: 80, 100: 40, 1000: 15}
"""How many transactions each contender has, by how many facts each has."""
FACTS_READ = 50_000
ROUNDS_OF_READING = 9

OF_THE_LIBRARY = ("eventsourcing", "as one object", "its recorder alone")
"""Its `save(*events)`; its `save` of an object that collects them; what it writes by, given finished rows."""
HANGS = 1000
"""From so many facts on, the library waits for PostgreSQL for good over a Unix socket: psycopg's pipeline is full."""

OPENED = FacilityOpened(effective=dt.date(1999, 2, 1), facility="cit", name="CIT revolver", borrowers=("LPC",))
NOTE = (
    "as agreed by the parties, and as the agent has confirmed to each of them in writing on the same day, with copies"
)


def facts(number: int) -> list[Fact]:
    """Facts of four kinds, of about 400 bytes; each of the first kind has a key that no other has."""
    made: list[Fact] = []
    for place in range(number):
        day = dt.date(2001, 1, 1) + dt.timedelta(days=random.randrange(3000))
        common = {
            "effective": day,
            "source": {"document": "ex-10-7", "clause": f"{place % 20}-{place % 9}"},
            "note": f"{random.getrandbits(400):x}, {NOTE}",
        }
        amount = f"{random.randrange(10**7)}.00"
        match place % 4:
            case 0:
                common |= {"key": f"payment-{random.getrandbits(60)}", "due": day, "of": "interest"}
                made.append(PaymentMade.model_validate({**common, "facility": "cit", "amount": amount}))
            case 1:
                made.append(BalanceStated.model_validate({**common, "facility": "cit", "principal": amount}))
            case 2:
                made.append(IndexFixed.model_validate({**common, "index": "prime", "rate": "0.0825"}))
            case _:
                said = {"facility": "cit", "of": "rights reserved", "to": "LPC", "means": "facsimile"}
                made.append(NoticeGiven.model_validate({**common, **said}))
    return made


# --- appending -------------------------------------------------------------------------------------------------------


class Contender(NamedTuple):
    """A way to append facts: what may be done beforehand, and what a transaction takes."""

    prepare: Callable[[list[Fact]], Any]
    append: Callable[[Any], object]


def contenders(place: str, stack: ExitStack) -> dict[str, Contender]:
    """Those that can append to a database; the first is the bare driver, the second the library."""
    versions = count(1)

    def rows(batch: list[Fact]) -> list[tuple[Any, ...]]:
        return [tuple(row(next(versions), fact)) for fact in batch]

    def events(batch: list[Fact]) -> list[FactEvent]:
        return [FactEvent(fact.subject, next(versions), fact) for fact in batch]

    def stored(batch: list[Fact]) -> list[StoredEvent]:
        return [stored_event(event) for event in events(batch)]

    def lines(batch: list[Fact]) -> str:
        return "\n".join(json.dumps(as_record(fact)) for fact in batch)

    def record_lines(text: str) -> None:
        of_json.record((located.fact for located in read_text(text, "facts.jsonl")), now=NOW)

    book = stack.enter_context(Book.open(new_place(place, stack), create=True))
    of_json = stack.enter_context(Book.open(new_place(place, stack), create=True))
    application: Application[str] = Application(library(new_place(place, stack)))
    stack.callback(application.close)
    for each in (book, of_json):
        each.record([OPENED], now=NOW)
    return {
        "executemany": Contender(rows, bare(new_place(place, stack), stack)),
        "eventsourcing": Contender(events, lambda batch: application.save(*batch)),
        "as one object": Contender(lambda batch: Collected(events(batch)), application.save),
        "its recorder alone": Contender(stored, application.recorder.insert_events),
        "Book": Contender(list, lambda batch: book.record(batch, now=NOW)),
        "Book from JSON": Contender(lines, record_lines),
    }


class Collected:
    """Events as the library takes them from an aggregate, in one piece: it then looks at their types no more."""

    def __init__(self, batch: list[FactEvent]) -> None:
        self.id = batch[0].originator_id
        self._batch = batch

    def collect_events(self) -> list[FactEvent]:
        """All of them."""
        return self._batch


def state(fact: Fact) -> bytes:
    """The bytes of a fact as the Book stores them, with a moment of the length of all others."""
    return known(encode(fact), fact, "2026-11-22T09:00:00.000001Z")


def stored_event(event: FactEvent) -> StoredEvent:
    """What the library needs to save a fact, and no more: its bytes under its tag."""
    return StoredEvent(event.originator_id, event.originator_version, event.fact.tag, state(event.fact))


class PlainMapper(FactMapper):
    """The library's way to that."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:  # type: ignore[override]
        """The event as the library's own recorder stores it."""
        assert isinstance(domain_event, FactEvent)
        return stored_event(domain_event)


def row(position: int, fact: Fact) -> FactRow:
    """A finished row, as the Book writes it."""
    octets, clock = state(fact), 1_800_000_000_000_000 + position
    effective = fact.effective_on.isoformat() if fact.effective_on is not None else None
    return FactRow(
        position, fact.subject, position, fact.tag, octets, fact.key, effective, clock, clock, leaf_hash(octets)
    )


def new_place(place: str, stack: ExitStack) -> str:
    """An empty database in a folder or on a server."""
    if place.startswith("sqlite"):
        return f"{place}/{next(NUMBERS)}.db"
    return stack.enter_context(schema(make_url(place)))


NUMBERS = count()

COLUMNS = ", ".join(FactRow._fields)


def bare(place: str, stack: ExitStack) -> Callable[[Any], None]:
    """Rows given to the driver, into a table with the columns and indices of a ledger's and without its guards."""
    url = make_url(place)
    if url.drivername == "sqlite":
        connection: Any = stack.enter_context(closing(sqlite3.connect(str(url.database))))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        number, octets, holder = "INTEGER", "BLOB", "?"
    else:
        connection = stack.enter_context(psycopg.connect(**keywords(url)))
        number, octets, holder = "bigint", "bytea", "%s"
    connection.execute(
        f"CREATE TABLE facts (position {number} PRIMARY KEY, stream TEXT NOT NULL, version {number} NOT NULL, "
        f"tag TEXT NOT NULL, state {octets} NOT NULL, key TEXT, effective TEXT, known_at {number}, "
        f"recorded_at {number}, leaf_hash {octets}, UNIQUE (stream, version))"
    )
    connection.execute("CREATE INDEX facts_by_key ON facts (key) WHERE key IS NOT NULL")
    connection.commit()
    insert = f"INSERT INTO facts ({COLUMNS}) VALUES ({', '.join([holder] * len(FactRow._fields))})"
    cursor = connection.cursor()

    def append(rows: list[tuple[Any, ...]]) -> None:
        cursor.executemany(insert, rows)
        connection.commit()

    return append


def library(place: str) -> dict[str, str]:
    """The library on its own recorder; its SQLite is as durable as ours, by SQLite's default."""
    url = make_url(place)
    mapper = {"MAPPER_TOPIC": get_topic(PlainMapper)}
    if url.drivername == "sqlite":
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(url.database), **mapper}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(url.database),
        "POSTGRES_HOST": str(url.query["host"]),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": str(url.username),
        "POSTGRES_PASSWORD": "",
        "POSTGRES_SCHEMA": str(url.query["options"]).rpartition("=")[2],
        "ORIGINATOR_ID_TYPE": "text",
        **mapper,
    }


def keywords(url: URL) -> dict[str, Any]:
    """A URL of the test server as psycopg takes it."""
    return {"dbname": url.database, "user": url.username, **url.query}


def appending(place: str) -> None:
    """Print how many facts a second each contender appends, by the number of facts a transaction, and ratios.

    A figure is of the median transaction, by the clock. By processor time the wait for the disk, which is the same for
    all and varies most, is left out; so is what a server does.
    """
    with ExitStack() as stack:
        taking_part = contenders(place, stack)
        for size, transactions in TRANSACTIONS.items():
            if size >= HANGS and not place.startswith("sqlite"):
                taking_part = {name: each for name, each in taking_part.items() if name not in OF_THE_LIBRARY}
            clock: dict[str, list[float]] = {name: [] for name in taking_part}
            processor: dict[str, list[float]] = {name: [] for name in taking_part}
            gc.collect()
            gc.freeze()
            for _ in range(transactions):
                given = facts(size)
                for name in random.sample(list(taking_part), len(taking_part)):
                    batch = taking_part[name].prepare(given)
                    began = time.perf_counter(), time.process_time()
                    taking_part[name].append(batch)
                    processor[name].append(time.process_time() - began[1])
                    clock[name].append(time.perf_counter() - began[0])
            gc.unfreeze()
            show(f"\n{size} facts a transaction{'by the clock:':>33}{'by processor time:':>36}")
            for name in taking_part:
                rate = f"{size / median(clock[name]):>10,.0f} a second"
                show(f"{name:>24}{rate}{compared(clock, name)}{compared(processor, name)}")


def compared(times: dict[str, list[float]], name: str) -> str:
    """How a contender compares with the bare driver, and with the library if it takes part."""
    own = median(times[name])
    others = {"of executemany": "executemany", "of the library": "eventsourcing"}
    return "".join(f"{median(times[other]) / own:7.2f} {words}" for words, other in others.items() if other in times)


def taken(work: Callable[[], object]) -> float:
    """Seconds of processor time that something takes, without the collection of garbage of others."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    work()
    seconds = time.process_time() - began
    gc.unfreeze()
    return seconds


# --- reading ---------------------------------------------------------------------------------------------------------


class Source(msgspec.Struct, forbid_unknown_fields=True):
    """Where a fact is written, as msgspec reads it; those below likewise."""

    document: str
    clause: str | None = None


class Read(msgspec.Struct, tag_field="event", kw_only=True, forbid_unknown_fields=True):
    """What all facts have."""

    effective: dt.date
    known_at: dt.datetime
    at: str | None = None
    key: str | None = None
    source: Source | None = None
    standing: Standing = "stated"
    note: str | None = None


class Opened(Read, tag="facility_opened.v1"):
    """A facility, opened."""

    facility: str
    name: str
    borrowers: tuple[str, ...]
    clauses: tuple[str, ...]
    covenants: tuple[str, ...]


class Payment(Read, tag="payment_made.v1"):
    """A payment that was made."""

    facility: str
    amount: Decimal
    of: PaymentKind | None = None
    due: dt.date | None = None
    loan: str | None = None


class Balance(Read, tag="balance_stated.v1"):
    """A balance."""

    facility: str
    principal: Decimal | None = None
    interest_paid_to: dt.date | None = None


class Fixing(Read, tag="index_fixed.v1"):
    """A fixing of an index."""

    index: str
    rate: Decimal


class Notice(Read, tag="notice_given.v1"):
    """A notice."""

    facility: str
    of: tuple[str, ...]
    to: str | None = None
    means: str | None = None


def reading(place: str) -> None:
    """Print how long it takes to read, verify, decode and fold a log, beside SELECT and msgspec.

    msgspec makes decimals, dates and nested structures of the same bytes, fetched in the same way, and nobody keeps
    what is made. Counted is the time that this process computes; ratios are medians of those within a round.
    """
    with ExitStack() as stack:
        ledger = new_place(place, stack)
        book = stack.enter_context(Book.open(ledger, create=True))
        receipt = book.record([OPENED, *facts(FACTS_READ - 1)], now=NOW)
        url = make_url(ledger)
        if url.drivername == "sqlite":
            select: Any = stack.enter_context(closing(sqlite3.connect(str(url.database)))).execute
        else:
            select = partial(stack.enter_context(psycopg.connect(**keywords(url))).execute, binary=True)
        decoder = msgspec.json.Decoder(Opened | Payment | Balance | Fixing | Notice)

        def states() -> Iterator[bytes]:
            for (state,) in select("SELECT state FROM facts ORDER BY position"):
                yield state

        def raw() -> None:
            for state in states():
                decoder.decode(state)

        def raw_and_folded() -> dict[str, Decimal]:
            totals: dict[str, Decimal] = {}
            for state in states():
                fact = decoder.decode(state)
                if isinstance(fact, Payment):
                    totals[fact.facility] = totals.get(fact.facility, Decimal(0)) + fact.amount
            return totals

        def ours_and_folded() -> dict[str, Decimal]:
            totals: dict[str, Decimal] = {}
            leaves = []
            for record in book.read():
                leaves.append(record.leaf_hash)
                fact = record.fact
                if isinstance(fact, PaymentMade):
                    totals[fact.facility] = totals.get(fact.facility, Decimal(0)) + fact.amount
            assert root(leaves) == receipt.root
            return totals

        assert raw_and_folded() == ours_and_folded()
        works: dict[str, Callable[[], object]] = {
            "SELECT": lambda: deque(states(), maxlen=0),
            "SELECT, decoded by msgspec": raw,
            "the same, folded": raw_and_folded,
            "Book: verified, decoded": lambda: deque(book.read(), maxlen=0),
            "the same, folded, with root": ours_and_folded,
        }
        rounds = [{name: taken(work) for name, work in works.items()} for _ in range(ROUNDS_OF_READING)]
        for name in works:
            fastest = min(seconds[name] for seconds in rounds)
            ratio = median(seconds[name] / seconds["SELECT, decoded by msgspec"] for seconds in rounds)
            show(f"{name:>30}{FACTS_READ / fastest:>12,.0f} a second{ratio:>8.2f}")


def show(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201  (a benchmark prints)


def main() -> None:
    """Print a table for appending and one for reading, in SQLite and in PostgreSQL."""
    with TemporaryDirectory() as folder, server(durable=True) as postgresql:
        for place in (f"sqlite:///{folder}", postgresql.render_as_string(hide_password=False)):
            show(f"\n{make_url(place).get_backend_name()}: appending")
            appending(place)
            show("\nthe log read: facts a second, times SELECT and msgspec\n")
            reading(place)


if __name__ == "__main__":
    main()
