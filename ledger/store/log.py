"""The log as rows: appended by the one writer whose turn it is, read in order, compared with what its own bytes say."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain, count
from types import NoneType
from typing import Any, NamedTuple

from eventsourcing.persistence import StoredEvent
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    select,
    text,
    true,
)

from ledger.facts import BY_EVENT, Correction
from ledger.facts.names import NAMING
from ledger.records import Recorded
from ledger.seal.tree import Frontier, leaf_hash
from ledger.store import faults, statements
from ledger.store.database import Turn
from ledger.store.mapper import FactEvent, StoredFact, fact_of, own_fact_of, stored_fact
from ledger.store.schema import facts, from_microseconds, head, moments, to_microseconds
from ledger.store.statements import Row

EVERYTHING = true()
LAST_POSITION = select(func.max(facts.c.position))
ROWS_AT_A_TIME = 1000
"""How many rows are fetched together while a log is read, whatever its length."""

_MOMENTS = range(
    to_microseconds(dt.datetime.min.replace(tzinfo=dt.UTC)), to_microseconds(dt.datetime.max.replace(tzinfo=dt.UTC)) + 1
)
_BEFORE_ALL_CLOCKS = _MOMENTS.start - 1

_BY_POSITION = select(
    facts.c.position, facts.c.tag, facts.c.state, facts.c.recorded_at, facts.c.known_at, facts.c.leaf_hash
).order_by(facts.c.position)
_NAMING = [model.tag for event, model in BY_EVENT.items() if event in NAMING or issubclass(model, Correction)]
_IS_UNDONE = text(
    "SELECT CASE WHEN named >= pg_current_xact_id() THEN true ELSE pg_xact_status(named) IS NOT DISTINCT FROM 'aborted'"
    " END FROM CAST(:transaction AS xid8) AS named"
)


class FactRow(NamedTuple):
    """A row of the table of facts, with names for its columns; moments in microseconds."""

    position: int
    stream: str
    version: int
    tag: str
    state: bytes
    key: str | None
    effective: str | None
    known_at: int | None
    recorded_at: int | None
    leaf_hash: bytes


_TEXT_OR_NONE = (str, NoneType)
_NUMBER_OR_NONE = (int, NoneType)
_KINDS: tuple[type | tuple[type, ...], ...] = (
    int,
    str,
    int,
    str,
    bytes,
    _TEXT_OR_NONE,
    _TEXT_OR_NONE,
    _NUMBER_OR_NONE,
    _NUMBER_OR_NONE,
    bytes,
)
"""What Python gives for the columns of a row."""


# --- appending -------------------------------------------------------------------------------------------------------


def tree_before(turn: Turn) -> Frontier:
    """The tree over the log as it was when a writer's turn began."""
    return _frontier(*_checked(turn.begun.head))


def insert(connection: Connection, rows: Sequence[Row]) -> None:
    """Write the next rows of the log, in the turn of this writer."""
    statements.of(connection).insert(rows)


def end_turn(connection: Connection, rows: Sequence[Row], before: Frontier, after: Frontier) -> None:
    """Write the last rows of a turn, and keep the tree over the log with all that was written to it."""
    if after.size == before.size:
        return
    if not statements.of(connection).end_turn(rows, before.size, after.size, after.to_bytes()):
        raise faults.head_damaged(f"it is at position {before.size} no longer, in a turn that began there")


def is_undone(connection: Connection, transaction: str) -> bool:
    """Whether a server says of an earlier transaction, by the name that it had for it, that it came to nothing.

    Names are numbers that grow. One that has yet to come was lost in a crash, with all that was done under it.
    """
    return bool(connection.execute(_IS_UNDONE, {"transaction": transaction}).scalar_one())


def append(turn: Turn, stored_events: Sequence[StoredEvent]) -> list[int]:
    """Append events, all that a turn is for; their positions, which follow the last one without a gap."""
    tree = tree_before(turn)
    rows = [_row(position, each) for position, each in zip(count(tree.size + 1), stored_events, strict=False)]
    end_turn(turn.connection, rows, tree, tree.add(*(row.leaf_hash for row in rows)))
    return [row.position for row in rows]


def _row(position: int, stored: StoredEvent) -> FactRow:
    event = (position, str(stored.originator_id), stored.originator_version, stored.topic, stored.state)
    if not isinstance(stored, StoredFact):
        return FactRow(*event, None, None, None, None, leaf_hash(stored.state))
    return FactRow(
        *event,
        stored.key,
        stored.effective.isoformat() if stored.effective is not None else None,
        to_microseconds(stored.known_at) if stored.known_at is not None else None,
        to_microseconds(stored.recorded_at) if stored.recorded_at is not None else None,
        stored.leaf_hash,
    )


# --- reading ---------------------------------------------------------------------------------------------------------


def tree_of(connection: Connection) -> Frontier:
    """The tree over the log, as it is kept beside it."""
    return _frontier(*_head(connection))


def _head(connection: Connection) -> tuple[int, bytes]:
    kept = connection.execute(select(head.c.position, head.c.frontier)).one_or_none()
    return _checked(None if kept is None else (kept[0], kept[1]))


def _checked(kept: tuple[object, object] | None) -> tuple[int, bytes]:
    if kept is None:
        raise faults.head_damaged("there is none")
    size, hashes = kept
    if not isinstance(size, int) or not isinstance(hashes, bytes) or size < 0:
        raise faults.head_damaged("it holds no position, or no hashes")
    return size, hashes


def _frontier(size: int, hashes: bytes) -> Frontier:
    try:
        return Frontier.from_bytes(size, hashes)
    except ValueError as wrong:
        raise faults.head_damaged(str(wrong).rstrip(".")) from None


def read(connection: Connection, condition: ColumnElement[bool] = EVERYTHING, *, after: int = 0) -> Iterator[Recorded]:
    """The records after a position, as far as a condition on `facts` holds. Raises StoreFault for a gap or no fact."""
    first = after + 1
    with _fetched(connection, _BY_POSITION.where(facts.c.position > after, condition)) as steps:
        for rows in steps:
            yield from _records(rows, first)
            first += len(rows)


def some(connection: Connection, condition: ColumnElement[bool]) -> list[Recorded]:
    """The records for which a condition on `facts` holds, in order, whatever lies between them. Raises StoreFault."""
    return [_recorded(*row) for row in connection.execute(_BY_POSITION.where(condition))]


def _records(rows: Sequence[tuple[Any, ...]], first: int) -> Iterator[Recorded]:
    """The records of rows that begin at a position and leave none out. Raises StoreFault."""
    positions, tags, states, recorded_at, known_at, stored = zip(*rows, strict=True)
    try:
        computed = tuple(map(leaf_hash, states))
        recorded = moments(recorded_at)
        known = recorded if known_at == recorded_at else moments(known_at)
    except (TypeError, OverflowError):
        return _one_by_one(rows, first)
    if computed != stored or positions != tuple(range(first, first + len(rows))):
        return _one_by_one(rows, first)
    return map(Recorded, positions, recorded, known, map(own_fact_of, tags, states, positions), computed)


def _one_by_one(rows: Sequence[tuple[Any, ...]], first: int) -> Iterator[Recorded]:
    """The same, up to the row with which something is the matter."""
    for expected, row in enumerate(rows, start=first):
        if row[0] != expected:
            raise faults.position_missing(expected)
        yield _recorded(*row)


def _recorded(
    position: int, tag: str, state: bytes, recorded_at: int | None, known_at: int | None, stored_hash: bytes
) -> Recorded:
    if recorded_at is None or known_at is None:
        raise faults.not_a_fact(f"position {position}", "it was not recorded through the Book")
    try:
        computed = leaf_hash(state)
        recorded = from_microseconds(recorded_at)
        known = recorded if known_at == recorded_at else from_microseconds(known_at)
    except (TypeError, OverflowError):
        raise faults.not_a_fact(f"position {position}", "its columns hold values of other kinds") from None
    if computed != stored_hash:
        raise faults.not_a_fact(f"position {position}", "the hash beside it is that of other bytes")
    return Recorded(position, recorded, known, own_fact_of(tag, state, position), computed)


def last_of(connection: Connection, position: int) -> Recorded | None:
    """The record at the last position; None of an empty log. Raises StoreFault."""
    if position == 0:
        return None
    found = some(connection, facts.c.position == position)
    if not found:
        raise faults.head_damaged(f"it is at position {position}, where there is no fact")
    return found[0]


def leaves(connection: Connection, size: int) -> Iterator[bytes]:
    """The leaf hashes of the first facts, of the bytes as they are. Raises StoreFault for a gap."""
    query = select(facts.c.position, facts.c.state).where(facts.c.position <= size).order_by(facts.c.position)
    with _fetched(connection, query) as steps:
        for expected, (position, state) in enumerate(chain.from_iterable(steps), start=1):
            if position != expected:
                raise faults.position_missing(expected)
            if not isinstance(state, bytes):
                raise faults.not_a_fact(f"position {position}", "there are no bytes")
            yield leaf_hash(state)


@contextmanager
def _fetched(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Iterator[Sequence[tuple[Any, ...]]]]:
    """The rows of a query as the driver gives them, some at a time.

    SQLAlchemy would make objects of its own of them, which takes as long again as reading them does.
    """
    if not connection.in_transaction():
        connection.begin()
    streamed = {} if connection.dialect.name == "sqlite" else {"name": "log", "binary": True}
    with closing(connection.connection.cursor(**streamed)) as cursor:
        cursor.execute(str(query.compile(connection, compile_kwargs={"literal_binds": True})))
        yield iter(partial(cursor.fetchmany, ROWS_AT_A_TIME), [])


def state_at(connection: Connection, position: int) -> bytes | None:
    """The stored bytes of the fact at a position."""
    return connection.execute(select(facts.c.state).where(facts.c.position == position)).scalar()


def newest(connection: Connection, stream: str) -> Recorded | None:
    """The last record of a stream."""
    position = connection.execute(LAST_POSITION.where(facts.c.stream == stream)).scalar()
    return some(connection, facts.c.position == position)[0] if position is not None else None


def naming(connection: Connection, *, after: int) -> list[Recorded]:
    """The records after a position that may have brought names into use, or that correct others."""
    return some(connection, and_(facts.c.position > after, facts.c.tag.in_(_NAMING)))


def named_by(connection: Connection, keys: Iterable[str], positions: Iterable[int]) -> list[Recorded]:
    """The records under these keys and at these positions."""
    return [_recorded(*row) for row in statements.of(connection).named_by(keys, positions)]


def versions(connection: Connection, streams: Iterable[str]) -> dict[str, int]:
    """How many facts there are about each of these subjects."""
    return statements.of(connection).versions(streams)


# --- comparing -------------------------------------------------------------------------------------------------------


def check_whole(connection: Connection, size: int) -> None:
    """That the log has as many facts as its head says, and no gap. Raises StoreFault."""
    found, last = connection.execute(select(func.count(), func.coalesce(func.max(facts.c.position), 0))).one()
    if found != last:
        for _ in leaves(connection, last):
            pass  # which raises at the gap
    if last != size:
        raise faults.head_damaged(f"it is at position {size}, and the last fact at position {last}")


def differences(
    connection: Connection, roots: Mapping[int, bytes], progress: Callable[[int, int], object] | None = None
) -> Iterator[str]:
    """What is wrong with a log, a sentence each: all that one reading of it can tell.

    That is each gap, each clock that goes back, each column that differs from what the bytes say, each size in `roots`
    at which the root is another, and a head that is not the end. `progress` is told how many facts are done, of how
    many.
    """
    tree, before, nothing_yet = Frontier(), None, True
    last = connection.execute(LAST_POSITION).scalar() or 0
    versions: Counter[str] = Counter()
    query = select(facts).order_by(facts.c.position).execution_options(yield_per=ROWS_AT_A_TIME)
    with connection.execute(query) as rows:
        for row in rows:
            found = FactRow(*row)
            if misfit := _misfit(found):
                yield str(faults.not_a_fact(f"position {found.position}", misfit))
                nothing_yet = False
                tree = tree.add(leaf_hash(b""))
                continue
            versions[found.stream] += 1
            for difference in _differences(found, before, versions[found.stream]):
                yield difference
                nothing_yet = False
            if progress is not None and found.position % ROWS_AT_A_TIME == 0:
                progress(found.position, last)
            before, versions[found.stream] = found, found.version
            tree = tree.add(leaf_hash(found.state))
            if tree.size in roots and roots[tree.size] != tree.root:
                yield _otherwise(tree, roots[tree.size])
    if roots.get(0, Frontier().root) != Frontier().root:
        yield _otherwise(Frontier(), roots[0])
    for size in sorted(size for size in roots if size > tree.size):
        yield f"A checkpoint is of {size} facts, and the log has {tree.size}."
    if nothing_yet:  # else it is no wonder
        yield from _differences_of_head(connection, tree)


def _differences_of_head(connection: Connection, tree: Frontier) -> Iterator[str]:
    try:
        size, hashes = _head(connection)
    except faults.StoreFault as fault:
        yield str(fault)
        return
    if (size, hashes) != (tree.size, tree.to_bytes()):
        yield f"The head is that of another log of {size} facts, and not of the {tree.size} that there are."


def _misfit(found: FactRow) -> str | None:
    """What a row holds that no column of a ledger can: SQLite's columns hold values of any kind once a file rots."""
    for column, kinds, value in zip(FactRow._fields, _KINDS, found, strict=True):
        if not isinstance(value, kinds):
            return f"its {column} is {value!r}"
    for column, moment in (("known_at", found.known_at), ("recorded_at", found.recorded_at)):
        if moment is not None and moment not in _MOMENTS:
            return f"its {column} is {moment}, which is no moment"
    return None


def _otherwise(tree: Frontier, sealed: bytes) -> str:
    return (
        f"The root of the first {tree.size} facts is {tree.root.hex()}, and was {sealed.hex()} when it was sealed: "
        "they are not what they were."
    )


def _legible(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else repr(value)


def _differences(found: FactRow, before: FactRow | None, version: int) -> Iterator[str]:
    position = found.position
    expected = 1 if before is None else before.position + 1
    if position != expected:
        yield f"Position {position} follows position {expected - 1}."
    try:
        fact = fact_of(found.tag, found.state, f"position {position}")
    except faults.StoreFault as fault:
        yield str(fault)
        return
    recorded_at, known_at = found.recorded_at or 0, found.known_at or 0
    right = _row(position, stored_fact(FactEvent(fact.subject, version, fact, from_microseconds(recorded_at))))
    for column, value, due in zip(FactRow._fields, found, right, strict=True):
        if value != due:
            yield f"The fact at position {position} has {column} {_legible(value)}, where {_legible(due)} belongs."
    if before is None:
        earlier = (_BEFORE_ALL_CLOCKS, _BEFORE_ALL_CLOCKS)
    else:
        earlier = (before.recorded_at or 0, before.known_at or 0)
    if recorded_at <= earlier[0]:
        yield f"The fact at position {position} was recorded no later than the one before it."
    if not earlier[1] <= known_at <= recorded_at:
        yield f"The fact at position {position} became known before the one before it, or after it was recorded."
