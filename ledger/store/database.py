"""One database as a ledger: whether it is ours, and its transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, insert, make_url, select
from sqlalchemy.exc import ArgumentError

from ledger.store import faults
from ledger.store.schema import APPLICATION_ID, FORMAT_VERSION, asof_ledger, metadata

SECONDS_TO_WAIT_FOR_A_WRITER = 10


class Database:
    """A ledger's database, opened; many threads may share it. Nothing is written to one that is not a ledger.

    `url` is `sqlite:///path`, if need be with `?mode=ro` (to read only) and `timeout=SECONDS` (how long a writer waits
    for another), or `sqlite://` for one in memory that ends with this object. Raises StoreFault.
    """

    def __init__(self, url: str, *, create: bool = False) -> None:
        self.place, file, options = _parse(url)
        if file is None:
            self._engine, create = _in_memory(), True
        else:
            if not create and _is_missing(file):
                raise faults.missing(self.place)
            self._engine = _in_file(file, create=create, **options)
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        self._listeners: set[Event] = set()
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        try:
            self._claim(create=create)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the ledger at one moment, whatever others write meanwhile."""
        with faults.told_of(self.place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection of the only writer, from its first read on: all that is done with it is done, or none of it."""
        with faults.told_of(self.place), self._writer.begin() as connection:
            yield connection
        for listener in tuple(self._listeners):
            listener.set()

    def listen(self, listener: Event) -> None:
        """Set this event after each transaction that is committed through this object."""
        self._listeners.add(listener)

    def unlisten(self, listener: Event) -> None:
        """Set it no longer."""
        self._listeners.discard(listener)

    def close(self) -> None:
        """Give up the connections; the last one to go leaves a single file behind."""
        self._engine.dispose()

    def _claim(self, *, create: bool) -> None:
        with self.reading() as connection:
            claimed = self._is_ours(connection)
        if claimed:
            return
        if not create:
            raise faults.empty(self.place)
        with faults.told_of(self.place), closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")  # SQLite refuses this within a transaction
        with self.writing() as connection:
            if not self._is_ours(connection):  # nor has anybody else claimed it meanwhile
                metadata.create_all(connection)
                connection.execute(insert(asof_ledger).values(format_version=FORMAT_VERSION))
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def _is_ours(self, connection: Connection) -> bool:
        """True for a ledger, False for an empty database; raises StoreFault for any other."""
        application_id = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        if not tables and not application_id:
            return False
        if application_id != APPLICATION_ID or not tables.issuperset(metadata.tables):
            raise faults.of_another_program(self.place)
        found = connection.execute(select(asof_ledger.c.format_version)).scalar()
        if found != FORMAT_VERSION:
            raise faults.of_another_format(self.place, found, FORMAT_VERSION)
        return True


def _parse(text: str) -> tuple[str, Path | None, dict[str, Any]]:
    """How to call the place in sentences, its file (None in memory), and its options."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise faults.bad_url(text, "it is no URL") from None
    place = url.render_as_string(hide_password=True)
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise faults.bad_url(place, f"{url.drivername} is no store")
    if url.host is not None:
        raise faults.bad_url(place, "a path follows three slashes")
    if unknown := url.query.keys() - {"mode", "timeout"}:
        raise faults.bad_url(place, f"{min(unknown)!r} is no option; mode and timeout are")
    options: dict[str, Any] = dict(url.query)
    if options.get("mode", "rw") not in ("ro", "rw"):
        raise faults.bad_url(place, "mode is ro or rw")
    if "timeout" in options and not str(options["timeout"]).isdecimal():
        raise faults.bad_url(place, "timeout is a whole number of seconds")
    options["timeout"] = int(options.get("timeout", SECONDS_TO_WAIT_FOR_A_WRITER))
    return place, None if url.database in (None, "", ":memory:") else Path(str(url.database)), options


def _is_missing(file: Path) -> bool:
    try:
        return not file.exists()
    except PermissionError:
        return False  # nobody knows: opening it will say what is the matter


def _in_memory() -> Engine:
    """A database that lives in its one connection, for which threads queue."""
    return create_engine(
        "sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False}
    )


def _in_file(file: Path, *, create: bool, timeout: int, mode: str = "rw") -> Engine:
    mode = "rwc" if create and mode == "rw" else mode  # without the c, SQLite makes no file where there is none
    url = URL.create("sqlite", database=f"file:{quote(str(file.absolute()))}", query={"uri": "true", "mode": mode})
    return create_engine(url, connect_args={"timeout": timeout})


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own: _begin does
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
