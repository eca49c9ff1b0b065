"""Copies of a ledger: one SQLite file that is a ledger itself, whatever it was copied from, and back from there."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, insert, select

from ledger.rejected import Rejected
from ledger.seal.tree import Frontier
from ledger.store import faults, log
from ledger.store.database import Database
from ledger.store.log import ROWS_AT_A_TIME, FactRow
from ledger.store.schema import answers, facts, names, tracking
from ledger.store.sqlite import SQLite

Progress = Callable[[int, int], object]
"""Told how many facts of a copy are checked, of how many."""


def back_up(source: Database, file: Path, progress: Progress | None = None) -> Frontier:
    """Copy a ledger as it is at one moment, whatever is written to it meanwhile, and check the copy.

    Gives the tree over the log in the copy. The file is there whole, or not at all. Raises Rejected (`copy_exists`),
    and StoreFault if the copy is not what it should be, or the ledger itself is damaged.
    """
    if file.exists():
        raise Rejected(
            "copy_exists",
            f"There is a file at {file} already.",
            remedy="It was left as it is. Name another, or move it away.",
        )
    with _whole_or_not_at_all(file) as unfinished:
        if isinstance(source.backend, SQLite):
            _copy_file(source, unfinished)
        else:
            _copy_rows(source, unfinished)
        return checked(f"sqlite:///{unfinished}", progress)


def restore(file: Path, url: str, progress: Progress | None = None) -> Frontier:
    """Make a ledger where there is none, of a copy that is checked before and after.

    Gives the tree over its log. Raises Rejected (`ledger_exists`) and StoreFault; then no fact is there.
    """
    copy = f"sqlite:///{file}?mode=ro"
    try:
        Database(copy).close()
    except faults.StoreFault:
        raise faults.no_copy(file) from None
    checked(copy, progress)
    target = Database(url, create=True)
    try:
        with target.appending() as turn:
            before, writer = log.tree_before(turn), turn.connection
            if before.size or writer.execute(select(answers)).first() or writer.execute(select(names)).first():
                raise Rejected(
                    "ledger_exists",
                    f"There is a ledger at {target.place} already, of {before.size} facts.",
                    remedy="It was left as it is. Restore to another place with --db.",
                )
            source = Database(copy)
            try:
                with source.reading() as reader:
                    _copy(reader, writer)
            finally:
                source.close()
            return _check(writer, target.place, progress)
    finally:
        target.close()


def checked(url: str, progress: Progress | None = None) -> Frontier:
    """The tree over the log of a ledger with which nothing is wrong. Raises StoreFault if something is."""
    database = Database(url)
    try:
        with database.reading() as connection:
            damage = database.backend.damage(connection)
            if damage:
                raise faults.copy_damaged(database.place, damage[0])
            return _check(connection, database.place, progress)
    finally:
        database.close()


def _check(connection: Connection, place: str, progress: Progress | None) -> Frontier:
    for difference in log.differences(connection, {}, progress):
        raise faults.copy_damaged(place, difference)
    return log.tree_of(connection)


@contextmanager
def _whole_or_not_at_all(file: Path) -> Iterator[Path]:
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise faults.copy_failed(str(file), str(error)) from None
    finally:
        for left_behind in ("", "-wal", "-shm", "-journal"):
            unfinished.with_name(unfinished.name + left_behind).unlink(missing_ok=True)


def _copy_file(source: Database, file: Path) -> None:
    """By SQLite's own means, in one step, so that it is of one moment."""
    with closing(source.backend.engine.raw_connection()) as pooled:
        reader = pooled.driver_connection
        assert isinstance(reader, sqlite3.Connection)
        with closing(sqlite3.connect(file)) as copy:
            reader.backup(copy)


def _copy_rows(source: Database, file: Path) -> None:
    copy = Database(f"sqlite:///{file}", create=True)
    try:
        with source.reading() as reader, copy.writing() as writer:
            _copy(reader, writer)
    finally:
        copy.close()


def _copy(reader: Connection, writer: Connection) -> None:
    """All that a ledger holds, into one that holds nothing."""
    query = select(facts).order_by(facts.c.position).execution_options(yield_per=ROWS_AT_A_TIME)
    with reader.execute(query) as rows:
        while some := [FactRow(*row) for row in islice(rows, ROWS_AT_A_TIME)]:
            log.insert(writer, some)
    for table in (answers, names, tracking):
        if others := [row._asdict() for row in reader.execute(select(table))]:
            writer.execute(insert(table), others)
    log.end_turn(writer, [], Frontier(), log.tree_of(reader))
