"""A ledger in a file of SQLite, or in memory."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event

from ledger.store import faults
from ledger.store.backend import begin
from ledger.store.faults import StoreFault
from ledger.store.schema import APPLICATION_ID

SECONDS_TO_WAIT_FOR_A_WRITER = 10

_HOW = "sqlite:///path/to/ledger.db"

_FAULTS = {
    sqlite3.SQLITE_BUSY: faults.BUSY,
    sqlite3.SQLITE_READONLY: (
        "store_read_only",
        "{place} cannot be written: the file, its directory or its volume is read-only.",
        "Make the file and its directory writable, or copy the ledger to where you may write.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "store_cannot_open",
        "{place} cannot be opened.",
        "Check that its directory exists, that it names a file, and that you may read and write both.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "store_not_a_database",
        "{place} is no SQLite database.",
        f"{faults.NAME_ANOTHER}; a file that does not exist yet becomes a ledger with `asof init`.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "store_damaged",
        "{place} is damaged: SQLite cannot make sense of a part of it.",
        faults.GO_ON_FROM_A_COPY,
    ),
    sqlite3.SQLITE_FULL: (
        "store_full",
        "There is no room left for {place}.",
        "Make room on its volume, and record again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "store_io_failed",
        "The operating system failed to read or write {place}.",
        "Check the disk, its free space and its limits, and record again.",
    ),
}


class SQLite:
    """The backend of `sqlite:///path`, with `?mode=ro` and `timeout=SECONDS` if need be, or of `sqlite://`."""

    driver: Any = sqlite3
    to_read: Mapping[str, Any] = {"begin": "BEGIN"}
    to_write: Mapping[str, Any] = {"begin": "BEGIN IMMEDIATE"}

    def __init__(self, url: URL, *, create: bool) -> None:
        self.place = url.render_as_string(hide_password=True)
        self.file, options = _parse(url, self.place)
        if self.file is None:
            self.engine = _in_memory()
        else:
            self.engine = _in_file(self.file, create=create, **options)
        # where nobody else can be, nobody can get in the way
        self.notices = () if self.file is None else notices_of(sqlite3.sqlite_version_info)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", begin)

    def is_missing(self) -> bool:
        """Whether there is no file."""
        try:
            return self.file is not None and not self.file.exists()
        except PermissionError:
            return False  # nobody knows: opening it will say what is the matter

    def tables(self, connection: Connection) -> set[str] | None:
        """The names of the tables; None where the file's header says that it is not ours."""
        application_id = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
        return names if application_id == APPLICATION_ID or not (names or application_id) else None

    def prepare(self) -> None:
        """Turn the write-ahead log on, which SQLite refuses within a transaction."""
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()

    def claim(self, connection: Connection) -> None:
        """Mark the file's header; a writer is alone by then."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def damage(self, connection: Connection) -> list[str]:
        """What SQLite's own check of its pages and indices finds."""
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        return [f"SQLite finds the file damaged: {each}." for each in found if each != "ok"]

    def is_lost(self, connection: Any) -> bool:
        """Never: a file stays where it is."""
        return False

    def fault(self, cause: BaseException | None) -> StoreFault:
        """The fault by SQLite's primary result code; the higher bytes say more than the sentences do."""
        result_code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return faults.of(self.place, _FAULTS.get(result_code), cause)

    def sentence_of(self, broken: BaseException | None) -> str:
        """SQLite's own message, which is a guard's sentence where it was a guard."""
        return str(broken)


def notices_of(version: tuple[int, int, int]) -> tuple[str, ...]:
    """What people should know of this version of the library.

    A data race in versions before 3.51.3 can lose committed pages; the fix was also put into 3.50.7 and 3.44.6.
    """
    repaired = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    if repaired:
        return ()
    written = ".".join(map(str, version))
    return (
        f"SQLite {written} can, very rarely, damage a file that two programs write to at the same instant "
        "(sqlite.org/wal.html#walresetbug). To be safe, let one program at a time write to the ledger, use a Python "
        "with SQLite 3.51.3 or newer, or keep the ledger in PostgreSQL.",
    )


def _parse(url: URL, place: str) -> tuple[Path | None, dict[str, Any]]:
    """The file (None in memory) and the options of a URL."""
    if url.host is not None:
        raise faults.bad_url(place, "a path follows three slashes", _HOW)
    if unknown := url.query.keys() - {"mode", "timeout"}:
        raise faults.bad_url(place, f"{min(unknown)!r} is no option; mode and timeout are", _HOW)
    options: dict[str, Any] = dict(url.query)
    if options.get("mode", "rw") not in ("ro", "rw"):
        raise faults.bad_url(place, "mode is ro or rw", _HOW)
    options["timeout"] = seconds_to_wait(options.get("timeout"), place, _HOW)
    return None if url.database in (None, "", ":memory:") else Path(str(url.database)), options


def seconds_to_wait(written: Any, place: str, how: str) -> int:
    """How long a writer waits for another, as a URL says it."""
    if written is None:
        return SECONDS_TO_WAIT_FOR_A_WRITER
    if not str(written).isdecimal():
        raise faults.bad_url(place, "timeout is a whole number of seconds", how)
    return int(written)


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
    connection.isolation_level = None  # the driver begins no transaction of its own
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except UnicodeDecodeError as garbled:  # what is wrong with the schema, in the words of a schema that is wrong
        damaged = sqlite3.DatabaseError(str(garbled))
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from None
    connection.execute("PRAGMA secure_delete = ON")  # a name that is let go is overwritten
