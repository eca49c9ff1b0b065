"""The log as rows: appended by the only writer, read in order, compared with what its own bytes say."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from eventsourcing.persistence import StoredEvent
from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.dialects import sqlite

from ledger.records import Recorded
from ledger.store import faults
from ledger.store.mapper import FactEvent, StoredFact, fact_of, stored_fact
from ledger.store.schema import facts, from_microseconds, to_microseconds
from ledger.store.seal import leaf_hash

LAST_POSITION = select(func.max(facts.c.position))

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


def read(connection: Connection, wanted: ColumnElement[bool]) -> Iterator[Recorded]:
    """The records that a condition on `facts` asks for, by position. Raises StoreFault for what is no fact."""
    for position, tag, state, recorded_at, known_at in connection.execute(_RECORDS.where(wanted)):
        where = f"position {position}"
        fact = fact_of(tag, state, where)
        if recorded_at is None or known_at is None:
            raise faults.not_a_fact(where, "it was not recorded through the Book")
        yield Recorded(position, from_microseconds(recorded_at), from_microseconds(known_at), fact, leaf_hash(state))


def differences(connection: Connection) -> Iterator[str]:
    """A sentence for each gap, each clock that goes back, and each column that differs from what the bytes say."""
    position, recorded_before, known_before = 0, -1, 0
    versions: Counter[str] = Counter()
    for row in connection.execute(select(facts).order_by(facts.c.position)):
        if row.position != position + 1:
            yield f"Position {row.position} follows position {position}."
        position = row.position
        try:
            fact = fact_of(row.tag, row.state, f"position {position}")
        except faults.StoreFault as fault:
            yield str(fault)
            continue
        recorded_at, known_at = row.recorded_at or 0, row.known_at or 0
        versions[fact.subject] += 1
        event = FactEvent(fact.subject, versions[fact.subject], fact, from_microseconds(recorded_at))
        for column, found, said in zip(facts.columns, row, _row(position, stored_fact(event)), strict=True):
            if found != said:
                yield f"The fact at position {position} is stored with {column.name} {found!r}, and says {said!r}."
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
