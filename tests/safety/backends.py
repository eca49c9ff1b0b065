"""The processes of a PostgreSQL server that serve those who write to a ledger, found and ended."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError

_WRITERS = """SELECT pid FROM pg_locks
 WHERE relation = 'head'::regclass AND mode = 'RowShareLock' AND granted AND pid <> pg_backend_pid()"""
_END_ONE = "SELECT pg_terminate_backend(%s, 60000)"
"""It waits until the process is gone, for a minute at most."""
_WAIT_FOR_THE_END = "SELECT pg_sleep(60)"

A_MOMENT = 0.01
"""Seconds between two attempts to reach a server."""


class Backends:
    """Of one ledger, as a superuser of the server sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def terminate(self) -> int:
        """Have the server end those whose turn it is to write, or who wait for it; how many they were."""
        writers = self._writers()
        for writer in writers:
            self._connection.exec_driver_sql(_END_ONE, (writer,))
        return len(writers)

    def kill(self) -> int:
        """End them by SIGKILL; how many they were. The server then ends all others, this one too, and recovers."""
        writers = self._writers()
        for writer in writers:
            os.kill(writer, signal.SIGKILL)
        if writers:
            with suppress(OperationalError):
                self._connection.exec_driver_sql(_WAIT_FOR_THE_END)
            _wait_for_the_server(self._connection.engine)
        return len(writers)

    def _writers(self) -> list[int]:
        return [int(writer) for writer in self._connection.exec_driver_sql(_WRITERS).scalars()]


def _wait_for_the_server(engine: Engine) -> None:
    for _ in range(round(60 / A_MOMENT)):
        with suppress(OperationalError), engine.connect():
            return
        Event().wait(A_MOMENT)
    raise TimeoutError


@contextmanager
def writers_backends(ledger: str) -> Iterator[Backends]:
    """The processes that serve the writers of a ledger."""
    engine = create_engine(ledger, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield Backends(connection)
