"""One database as a ledger: whether it is ours, and its transactions."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from ledger.store import faults, statements
from ledger.store.backend import Backend
from ledger.store.postgresql import PostgreSQL
from ledger.store.schema import FORMAT_VERSION, asof_ledger, head, metadata
from ledger.store.sqlite import SQLite

_told: set[str] = set()
"""The notices that this process has been given."""


class Turn(NamedTuple):
    """A writer's transaction in which nobody else can append, and what was there when it began."""

    connection: Connection
    begun: statements.Begun


class Database:
    """A ledger's database, opened; many threads may share it. Nothing is written to one that is not a ledger.

    `url` is `sqlite:///path`, if need be with `?mode=ro` (to read only) and `timeout=SECONDS` (how long a writer waits
    for another), `sqlite://` for one in memory that ends with this object, or `postgresql+psycopg://…` with the same
    options among those of libpq. Raises StoreFault.
    """

    def __init__(self, url: str, *, create: bool = False) -> None:
        self.backend = backend_of(url, create=create)
        self._reader = self.backend.engine.execution_options(**self.backend.to_read)
        self._writer = self.backend.engine.execution_options(**self.backend.to_write)
        self._appender = self.backend.engine.execution_options(begin=None)
        self._kept: list[Connection] = []
        self._listeners: set[Event] = set()
        try:
            self._claim(create=create or self.is_in_memory)
        except BaseException:
            self.close()
            raise
        for notice in set(self.backend.notices) - _told:
            _told.add(notice)
            logging.getLogger(__name__).warning(notice)

    @property
    def place(self) -> str:
        """What it is called in sentences."""
        return self.backend.place

    @property
    def is_in_memory(self) -> bool:
        """Whether it ends with this object."""
        return isinstance(self.backend, SQLite) and self.backend.file is None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the ledger at one moment, whatever others write meanwhile."""
        with faults.told_of(self.backend), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection of a writer: all that is done with it is done, or none of it.

        Raises StoreUnsettled where nobody knows which.
        """
        with faults.told_of(self.backend), self._writer.connect() as connection, connection.begin():
            yield connection
            self._commit(connection)
        self._wake()

    @contextmanager
    def appending(self) -> Iterator[Turn]:
        """A writer's turn to append: until it is over, nobody else can. Raises as `writing` does.

        The connection is kept for the next turn, as going through the pool takes longer than most turns.
        """
        with faults.told_of(self.backend):
            turn = self._begin_turn()
            try:
                yield turn
                self._end_turn(turn.connection)
            except BaseException:
                self._give_up(turn.connection)
                raise
            if self._kept or self.is_in_memory:  # where the only connection serves readers, too
                turn.connection.close()
            else:
                self._kept.append(turn.connection)
        self._wake()

    def _begin_turn(self) -> Turn:
        was_kept = bool(self._kept)
        connection = self._kept.pop() if was_kept else self._appender.connect()
        try:
            return Turn(connection, statements.of(connection).begin_turn(self.backend.to_write["begin"]))
        except BaseException as fault:
            is_cut = self.backend.is_lost(connection.connection.driver_connection)
            self._give_up(connection)
            if was_kept and is_cut and isinstance(fault, self.backend.driver.Error):
                return self._begin_turn()  # it was cut since it was used, and nothing has been done yet
            raise

    def _end_turn(self, connection: Connection) -> None:
        """Commit what the driver has begun; SQLAlchemy need not know of it."""
        driver: Any = connection.connection.driver_connection
        try:
            driver.commit()
        except self.backend.driver.Error as cut:
            if self.backend.is_lost(driver):
                raise faults.unsettled(self.place) from cut
            raise
        if connection.in_transaction():  # as it takes itself to be once it has been asked anything
            connection.rollback()

    def _give_up(self, connection: Connection) -> None:
        """Undo what a writer has done, and let go of its connection."""
        if not connection.invalidated and self.backend.is_lost(connection.connection.driver_connection):
            connection.invalidate()
        connection.close()

    def _wake(self) -> None:
        for listener in tuple(self._listeners):
            listener.set()

    def listen(self, listener: Event) -> None:
        """Set this event after each transaction that is committed through this object."""
        self._listeners.add(listener)

    def unlisten(self, listener: Event) -> None:
        """Set it no longer."""
        self._listeners.discard(listener)

    def close(self) -> None:
        """Give up the connections; the last one to go leaves a SQLite ledger as a single file."""
        while self._kept:
            self._kept.pop().close()
        self.backend.engine.dispose()

    def _commit(self, connection: Connection) -> None:
        try:
            connection.commit()
        except DBAPIError as cut:
            if cut.connection_invalidated:
                raise faults.unsettled(self.place) from cut
            raise

    def _claim(self, *, create: bool) -> None:
        if not create and self.backend.is_missing():
            raise faults.missing(self.place)
        with self.reading() as connection:
            found = format_found(self.backend, connection)
        if found is None and not create:
            raise faults.empty(self.place)
        if found is None:
            self._make()
        elif found != FORMAT_VERSION:
            of_format = faults.of_newer_format if found > FORMAT_VERSION else faults.of_older_format
            raise of_format(self.place, found, FORMAT_VERSION)

    def _make(self) -> None:
        with faults.told_of(self.backend):
            self.backend.prepare()
        with self.writing() as connection:
            self.backend.claim(connection)
            if format_found(self.backend, connection) is None:  # nor has anybody else made it meanwhile
                metadata.create_all(connection, checkfirst=False)
                connection.execute(insert(head).values(id=1, position=0, frontier=b""))
                connection.execute(insert(asof_ledger).values(version_num=str(FORMAT_VERSION)))


def backend_of(url: str, *, create: bool) -> Backend:
    """The backend that a URL names. Raises StoreFault."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise faults.bad_url(url, "it is no URL", "sqlite:///path/to/ledger.db") from None
    except ValueError:
        place = re.sub("(://[^:/@]*):[^@]*@", r"\1:***@", url)
        how = "postgresql+psycopg://user@host:5432/database"
        raise faults.bad_url(place, "what stands for its port is no number", how) from None
    match parsed.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return SQLite(parsed, create=create)
        case "postgresql+psycopg" | "postgresql":
            return PostgreSQL(parsed.set(drivername="postgresql+psycopg"))
        case other:
            place = parsed.render_as_string(hide_password=True)
            raise faults.bad_url(
                place, f"{other} is no store", "sqlite:///path/to/ledger.db, or postgresql+psycopg://user@host/database"
            )


def format_found(backend: Backend, connection: Connection) -> int | None:
    """The format of a ledger, None for an empty database; raises StoreFault for any other."""
    tables = backend.tables(connection)
    if tables == set():
        return None
    if tables is None or asof_ledger.name not in tables:
        raise faults.of_another_program(backend.place)
    # the first column, whatever it is called: it had another name before there were migrations
    found = connection.execute(select(text("*")).select_from(asof_ledger)).scalar()
    if found is None or not str(found).isdecimal():
        raise faults.of_another_program(backend.place)
    if int(found) == FORMAT_VERSION and not tables.issuperset(metadata.tables):
        raise faults.of_another_program(backend.place)
    return int(found)
