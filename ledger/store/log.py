"""The log as rows: appended by the only writer, read in order, compared with what its own bytes say."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from eventsourcing.persistence import StoredEvent
from sqlalchemy import ColumnElement, Connection, func, select, true
from sqlalchemy.dialects import sqlite

from ledger.records import Recorded
from ledger.store import faults
from ledger.store.mapper import FactEvent, StoredFact, fact_of, stored_fact
from ledger.store.schema import facts, from_microseconds, to_microseconds
from ledger.store.seal import leaf_hash

EVERYTHING = true()
LAST_POSITION = select(func.max(facts.c.position))

_BEFORE_ALL_CLOCKS = to_microseconds(dt.datetime.min.replace(tzinfo=dt.UTC)) - 1

# Text for the driver: rows go to it as tuples, half again as fast as a Core insert of mappings.
_INSERT = str(facts.insert().compile(dialect=sqlite.dialect()))

_RECORDS = select(facts.c.position, facts.c.tag, facts.c.state, facts.c.recorded_at, facts.c.known_at).order_by(
    facts.c.position
)


def append(connection: Connection, stored_events: Sequence[StoredEvent]) -> list[int]:
    """Append events within a writer's transaction; their positions, which follow the last one without a gap."""
    positions = count((connection.execute(LAST_POSITION).scalar() or 0) + 1)
    rows = [_row(position, each) for position, each in zip(positions, stored_events, strict=False)]
    if rows:
        connection.exec_driver_sql(_INSERT, rows)
    return [row[0] for row in rows]


def read(connection: Connection, condition: ColumnElement[bool] = EVERYTHING, *, after: int = 0) -> Iterator[Recorded]:
    """The records after a position, as far as a condition on `facts` holds. Raises StoreFault for a gap or no fact."""
    rows = connection.execute(_RECORDS.where(facts.c.position > after, condition))
    for expected, (position, tag, state, recorded_at, known_at) in enumerate(rows, start=after + 1):
        if position != expected:
            raise faults.position_missing(expected)
        where = f"position {position}"
        fact = fact_of(tag, state, where)
        if recorded_at is None or known_at is None:
            raise faults.not_a_fact(where, "it was not recorded through the Book")
        yield Recorded(position, from_microseconds(recorded_at), from_microseconds(known_at), fact, leaf_hash(state))


def newest(connection: Connection, stream: str) -> Recorded | None:
    """The last record of a stream."""
    position = connection.execute(LAST_POSITION.where(facts.c.stream == stream)).scalar()
    return next(read(connection, after=position - 1)) if position is not None else None


def differences(connection: Connection) -> Iterator[str]:
    """A sentence for each gap, each clock that goes back, and each column that differs from what the bytes say."""
    position, recorded_before, known_before = 0, _BEFORE_ALL_CLOCKS, _BEFORE_ALL_CLOCKS
    versions: dict[str, int] = {}
    for row in connection.execute(select(facts).order_by(facts.c.position)):
        if row.position != position + 1:
            yield f"Position {row.position} follows position {position}."
        position, version = row.position, versions.get(row.stream, 0) + 1
        versions[row.stream] = row.version
        try:
            fact = fact_of(row.tag, row.state, f"position {position}")
        except faults.StoreFault as fault:
            yield str(fault)
            continue
        recorded_at, known_at = row.recorded_at or 0, row.known_at or 0
        stored = stored_fact(FactEvent(fact.subject, version, fact, from_microseconds(recorded_at)))
        for column, found, right in zip(facts.columns, row, _row(position, stored), strict=True):
            if found != right:
                yield f"The fact at position {position} has {column.name} {found!r}, where {right!r} belongs."
        if recorded_at <= recorded_before:
            yield f"The fact at position {position} was recorded no later than the one before it."
        if not known_before <= known_at <= recorded_at:
            yield f"The fact at position {position} became known before the one before it, or after it was recorded."
        recorded_before, known_before = recorded_at, known_at


def _row(position: int, stored: StoredEvent) -> tuple[Any, ...]:
    event = (position, str(stored.originator_id), stored.originator_version, stored.topic, stored.state)
    if not isinstance(stored, StoredFact):
        return (*event, None, None, None, None, None)
    return (
        *event,
        stored.key,
        stored.effective.isoformat() if stored.effective is not None else None,
        to_microseconds(stored.known_at) if stored.known_at is not None else None,
        to_microseconds(stored.recorded_at) if stored.recorded_at is not None else None,
        stored.leaf_hash,
    )
