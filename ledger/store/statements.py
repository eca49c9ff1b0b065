"""The few statements that every call to record repeats, given to the driver as text.

SQLAlchemy takes longer over one of them than SQLite does over all. What is asked or changed seldom goes its way. Faults
come as the driver raises them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection

Row = tuple[int, str, int, str, bytes, str | None, str | None, int | None, int | None, bytes]
"""A row of the table of facts, in the order of its columns; moments in microseconds."""

Kept = tuple[int, str, bytes, int | None, int | None, bytes]
"""What a record is made of: position, tag, state, when it was recorded and known, leaf hash."""


class Begun(NamedTuple):
    """What is there when a writer's turn begins: the row of the head, and the commitment of each name withheld.

    `transaction` is what a server calls it.
    """

    head: tuple[Any, Any] | None
    commitments: dict[str, str]
    transaction: str | None


class Statements(Protocol):
    """The statements in the words of one kind of database."""

    def begin_turn(self, begin: str) -> Begun:
        """Begin a transaction with this statement, and wait until nobody else appends."""

    def insert(self, rows: Sequence[Row]) -> None:
        """Write rows of the table of facts."""

    def end_turn(self, rows: Sequence[Row], before: int, after: int, hashes: bytes) -> bool:
        """Write the last rows, and move the head from one position to another, if it is at the first."""

    def named_by(self, keys: Iterable[str], positions: Iterable[int]) -> list[Kept]:
        """The facts under these keys and at these positions."""

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        """The last version of each of these streams that has any."""


def of(connection: Connection) -> Statements:
    """The statements for a connection, which they are run on."""
    driver = connection.connection.driver_connection
    return _InSQLite(driver) if connection.dialect.name == "sqlite" else _InPostgreSQL(driver)


_KEPT = "SELECT position, tag, state, recorded_at, known_at, leaf_hash FROM facts"
_HEAD = "SELECT position, frontier FROM head"
_COMMITMENTS = "SELECT name, commitment FROM names"
_GROW = "UPDATE head SET position = {0}, frontier = {0} WHERE position = {0}"


class _InSQLite:
    def __init__(self, driver: Any) -> None:
        self._execute = driver.execute
        self._executemany = driver.executemany

    def begin_turn(self, begin: str) -> Begun:
        self._execute(begin)
        return Begun(self._execute(_HEAD).fetchone(), dict(self._execute(_COMMITMENTS)), None)

    def insert(self, rows: Sequence[Row]) -> None:
        self._executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def end_turn(self, rows: Sequence[Row], before: int, after: int, hashes: bytes) -> bool:
        self.insert(rows)
        return bool(self._execute(_GROW.format("?"), (after, hashes, before)).rowcount == 1)

    def named_by(self, keys: Iterable[str], positions: Iterable[int]) -> list[Kept]:
        found = {row[0]: row for key in keys for row in self._execute(f"{_KEPT} WHERE key = ?", (key,))}
        for position in positions:
            found.update((row[0], row) for row in self._execute(f"{_KEPT} WHERE position = ?", (position,)))
        return [found[position] for position in sorted(found)]

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        last = "SELECT max(version) FROM facts WHERE stream = ?"
        found = {stream: self._execute(last, (stream,)).fetchone()[0] for stream in streams}
        return {stream: version for stream, version in found.items() if version is not None}


_TYPES = ("bigint", "text", "bigint", "text", "bytea", "text", "text", "bigint", "bigint", "bytea")
_INTO = f"INSERT INTO facts SELECT * FROM unnest({', '.join(f'%s::{each}[]' for each in _TYPES)})"


class _InPostgreSQL:
    """Rows go as columns, each the text of an array, in one statement that does not grow with their number."""

    def __init__(self, driver: Any) -> None:
        self._execute = driver.execute

    def begin_turn(self, begin: str) -> Begun:
        # in one message, and the names only once it is this writer's turn: one may be withheld until then
        turn = f"{begin}; SELECT position, frontier, pg_current_xact_id()::text FROM head FOR UPDATE; {_COMMITMENTS}"
        cursor = self._execute(turn, prepare=False)
        cursor.nextset()
        head = cursor.fetchone()
        cursor.nextset()
        commitments = dict(cursor.fetchall())
        return Begun(None, commitments, None) if head is None else Begun(head[:2], commitments, head[2])

    def insert(self, rows: Sequence[Row]) -> None:
        self._execute(_INTO, _columns(rows))

    def end_turn(self, rows: Sequence[Row], before: int, after: int, hashes: bytes) -> bool:
        grow = f"WITH appended AS ({_INTO} RETURNING position) {_GROW} AND (SELECT count(*) FROM appended) = %s"
        values = (*_columns(rows), after, hashes, before, len(rows))
        return bool(self._execute(grow.format("%s"), values, prepare=True).rowcount == 1)

    def named_by(self, keys: Iterable[str], positions: Iterable[int]) -> list[Kept]:
        named = f"{_KEPT} WHERE key = ANY(%s::text[]) OR position = ANY(%s::bigint[]) ORDER BY position"
        found: list[Kept] = self._execute(named, (_array(keys), _array(positions)), binary=True).fetchall()
        return found

    def versions(self, streams: Iterable[str]) -> dict[str, int]:
        last = (
            "SELECT stream, version FROM unnest(%s::text[]) AS stream, "
            "LATERAL (SELECT max(version) FROM facts WHERE facts.stream = stream.stream) AS last (version) "
            "WHERE version IS NOT NULL"
        )
        return dict(self._execute(last, (_array(streams),)).fetchall())


def _columns(rows: Sequence[Row]) -> list[str]:
    return [_array(column) for column in zip(*rows, strict=True)] if rows else ["{}"] * len(_TYPES)


def _array(values: Iterable[str | bytes | int | None]) -> str:
    """An array as PostgreSQL writes it, made in a fraction of the time that the driver takes over a list."""
    return "{" + ",".join([_WRITTEN[type(each)](each) for each in values]) + "}"


_WRITTEN: dict[type, Any] = {
    bytes: lambda octets: f'"\\\\x{octets.hex()}"',
    int: str,
    str: lambda words: '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"',
    type(None): lambda _: "NULL",
}
