"""What differs between the databases that a ledger can be kept in."""

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from ledger.store.faults import StoreFault


def begin(connection: Connection) -> None:
    """Begin a transaction by the statement that is among a connection's execution options, unless that is None.

    The drivers begin none: they would do it in a message of its own, and not as the backends want it.
    """
    statement = connection.get_execution_options()["begin"]
    if statement is not None:
        connection.exec_driver_sql(statement)


class Backend(Protocol):
    """A database as a ledger's place: how to reach it, how to begin, and what its faults mean."""

    place: str
    """What it is called in sentences: its URL, without a password."""
    engine: Engine
    driver: Any
    """The module of the driver, with its errors."""
    to_read: Mapping[str, Any]
    """The execution options of a connection that sees one moment: the statement by which it begins."""
    to_write: Mapping[str, Any]
    """The execution options of a connection that writes, likewise."""
    notices: tuple[str, ...]
    """What people should know of this database, in sentences."""

    def is_missing(self) -> bool:
        """Whether there is nothing in this place that could be opened."""

    def tables(self, connection: Connection) -> set[str] | None:
        """The names of the tables there; None where the database bears the mark of another program."""

    def prepare(self) -> None:
        """Make an empty database ready for the tables of a ledger."""

    def claim(self, connection: Connection) -> None:
        """Mark an empty database as a ledger within a writer's transaction, and keep others from doing it meanwhile."""

    def damage(self, connection: Connection) -> list[str]:
        """What the database itself finds wrong with what it keeps, a sentence each."""

    def is_lost(self, connection: Any) -> bool:
        """Whether nothing more can be asked of a connection of the driver."""

    def fault(self, cause: BaseException | None) -> StoreFault:
        """What is the matter, told of an error of the driver."""

    def sentence_of(self, broken: BaseException | None) -> str:
        """What a constraint or a guard of the database says to what it refuses."""
