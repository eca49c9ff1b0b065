"""From one format of a ledger's tables to the next, by Alembic; never as a part of starting up.

`versions/` has a script a format. A script is never edited once a ledger has been made with it: what changes, the next
one changes. A ledger that is made new is made in the last format at once; that both come to the same is tested.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, inspect

from ledger.store import faults
from ledger.store.database import backend_of, format_found
from ledger.store.schema import FORMAT_VERSION, asof_ledger


def upgrade(url: str) -> tuple[int, int]:
    """Bring a ledger into the format that this program works with: the format it had, and the one it has.

    All of it is done, or nothing. Raises StoreFault.
    """
    backend = backend_of(url, create=False)
    if backend.is_missing():
        raise faults.missing(backend.place)
    writer = backend.engine.execution_options(**backend.to_write)
    try:
        with faults.told_of(backend), writer.begin() as connection:
            backend.claim(connection)
            before = format_found(backend, connection)
            if before is None:
                raise faults.empty(backend.place)
            if before > FORMAT_VERSION:
                raise faults.of_newer_format(backend.place, before, FORMAT_VERSION)
            _mark_for_alembic(connection, before)
            migrate(connection, "head")
            return before, FORMAT_VERSION
    finally:
        backend.engine.dispose()


def _mark_for_alembic(connection: Connection, found: int) -> None:
    """Let Alembic know the format of a ledger that was made before there were migrations: it was a bare number then."""
    if asof_ledger.c.keys() != [each["name"] for each in inspect(connection).get_columns(asof_ledger.name)]:
        asof_ledger.drop(connection)
        asof_ledger.create(connection)
        connection.execute(insert(asof_ledger).values(version_num=str(found)))


def migrate(connection: Connection, to: str) -> None:
    """Run the scripts up to a revision within a transaction of the caller."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
