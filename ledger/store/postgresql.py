"""A ledger in a database of PostgreSQL, or in one schema of it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from ledger.store import faults, guards
from ledger.store.backend import begin
from ledger.store.faults import StoreFault
from ledger.store.sqlite import seconds_to_wait

_HOW = "postgresql+psycopg://user@host/database"

_SENTENCES = {"facts_by_stream": guards.ONCE, "facts_pkey": guards.APPENDED}
"""What the guards of a SQLite file say, by the constraint that does their work here."""

_NEW = "new"
"""The mark of a connection that has only just been made."""

_LOCK = int.from_bytes(b"asof")
"""What whoever makes a ledger holds, so that two do not make it at once."""

_CUT_OFF = (
    "store_cut_off",
    "The connection to {place} was cut, and nothing was recorded.",
    "Record again once the server is there.",
)
_NO_ENTRY = (
    "store_no_entry",
    "{place} lets nobody in under this name: {cause}.",
    "Check the user and the password, and that the server accepts this user for this database.",
)

# By SQLSTATE, the longest beginning that is listed.
_FAULTS = {
    "08": _CUT_OFF,
    "25006": (
        "store_read_only",
        "{place} was opened to read only.",
        "Leave ?mode=ro out, or ask whoever runs the server for a user that may write.",
    ),
    "28": _NO_ENTRY,
    "3D": (
        "store_missing",
        "There is no database at {place}.",
        f"Make one with `createdb`, and then `asof init`. {faults.NAME_ANOTHER}.",
    ),
    "42501": (
        "store_forbidden",
        "{place} does not allow this to its user: {cause}.",
        "Ask whoever runs the server for the rights of a recorder or of a reader (docs/STORE.md).",
    ),
    "53": ("store_full", "The server of {place} has no room left: {cause}.", "Make room for it, and record again."),
    "55P03": faults.BUSY,
    "57P": _CUT_OFF,
    "58": (
        "store_io_failed",
        "The server of {place} failed to read or write: {cause}.",
        "Check its disk, its free space and its limits, and record again.",
    ),
    "XX000": (
        "store_failed",
        "The server of {place} failed: {cause}.",
        "Look into its log, at its disk and at its limits, and try again.",
    ),
    "XX": (
        "store_damaged",
        "{place} is damaged: PostgreSQL cannot make sense of a part of it.",
        faults.GO_ON_FROM_A_COPY,
    ),
}


class PostgreSQL:
    """The backend of `postgresql+psycopg://…`, with `mode=ro` and `timeout=SECONDS` among the options of libpq."""

    # A writer sees what was committed before it got its turn; a reader sees one moment throughout.
    to_read: Mapping[str, Any] = {"begin": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
    notices: tuple[str, ...] = ()

    def __init__(self, url: URL) -> None:
        self.place = url.render_as_string(hide_password=True)
        options: dict[str, Any] = dict(url.query)
        mode = options.pop("mode", "rw")
        if mode not in ("ro", "rw"):
            raise faults.bad_url(self.place, "mode is ro or rw", _HOW)
        self._settings = {
            "lock_timeout": f"{seconds_to_wait(options.pop('timeout', None), self.place, _HOW)}s",
            "synchronous_commit": "on",
        }
        access = "READ ONLY" if mode == "ro" else "READ WRITE"
        self.to_write: Mapping[str, Any] = {"begin": f"BEGIN ISOLATION LEVEL READ COMMITTED {access}"}
        try:
            self.engine = create_engine(url.set(query=options))
        except (ImportError, NoSuchModuleError):
            raise faults.no_driver(self.place) from None
        event.listen(self.engine, "connect", self._prepare)
        event.listen(self.engine, "checkout", self._try)
        event.listen(self.engine, "begin", begin)
        self.driver: Any = self.engine.dialect.loaded_dbapi

    def is_missing(self) -> bool:
        """Never known before it is tried."""
        return False

    def tables(self, connection: Connection) -> set[str] | None:
        """The names of the tables, views and sequences in the schema that new tables would go to."""
        names = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind <> 'i'"
        return set(connection.exec_driver_sql(names).scalars())

    def prepare(self) -> None:
        """Nothing has to be done."""

    def claim(self, connection: Connection) -> None:
        """Keep whoever else makes a ledger waiting."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    def damage(self, connection: Connection) -> list[str]:
        """Nothing: pages are the server's own affair, and whoever runs it can have it check them (pg_amcheck)."""
        return []

    def is_lost(self, connection: Any) -> bool:
        """Whether it was cut, or left within a statement."""
        return connection.info.transaction_status.name in ("ACTIVE", "UNKNOWN")

    def fault(self, cause: BaseException | None) -> StoreFault:
        """The fault by its SQLSTATE; an error without one has not come from the server."""
        state = getattr(cause, "sqlstate", None)
        if state is None:
            return faults.unreachable(self.place, cause)
        told = next((_FAULTS[state[:length]] for length in (5, 3, 2) if state[:length] in _FAULTS), None)
        return faults.of(self.place, told, _primary(cause))

    def sentence_of(self, broken: BaseException | None) -> str:
        """The sentence of a guard, or PostgreSQL's."""
        name = getattr(getattr(broken, "diag", None), "constraint_name", None)
        return _SENTENCES.get(name or "", _primary(broken))

    def _prepare(self, connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_NEW] = True
        connection.autocommit = True  # the driver begins no transaction of its own
        for name, value in self._settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))

    def _try(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        """Try a connection before it is used again: where the server has given it up, SQLAlchemy makes a new one.

        The empty query is one call into libpq, which Ctrl-C does not cut in two, as it does SQLAlchemy's own trial.
        """
        if record.info.pop(_NEW, False):
            return  # and not another one for it, if it is cut right away: then the server cannot be reached
        with suppress(self.driver.OperationalError):
            answer = connection.pgconn.exec_(b"")
            if not (connection.broken or answer.error_message):  # a server that stops may have left a last word
                return
        raise DisconnectionError


def _primary(cause: BaseException | None) -> str:
    """The first line of what the server says."""
    return str(getattr(getattr(cause, "diag", None), "message_primary", None) or cause).strip()
