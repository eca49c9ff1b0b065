"""The tables of a ledger: facts in the order in which they became known, and how far processes have read."""

import datetime as dt

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
)

APPLICATION_ID = int.from_bytes(b"asof")
"""What marks a SQLite file as a ledger, in the header that `file` and other programs read."""

FORMAT_VERSION = 1
"""The arrangement of the tables. A ledger of a newer one is refused, because an old program could misread it."""

WholeNumber = BigInteger().with_variant(Integer(), "sqlite")
"""Eight bytes everywhere: SQLite's INTEGER, which alone may be a row's own number."""

metadata = MetaData()

# Moments are whole microseconds since 1970 in UTC: the precision of the ledger's clock, half the size of text, and
# exact to compare, where text in ISO form sorts rightly only while all of it is written to the same length.
#
# The columns after `state` are of facts alone. The machinery of event sourcing may append opaque events, which have
# none of them; the Book writes all of them and reads nothing that lacks them.
facts = Table(
    "facts",
    metadata,
    Column("position", WholeNumber, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", WholeNumber, nullable=False),
    Column("tag", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("key", Text),
    Column("effective", Text),
    Column("known_at", WholeNumber),
    Column("recorded_at", WholeNumber),
    Column("leaf_hash", LargeBinary),
    UniqueConstraint("stream", "version"),
    CheckConstraint("length(leaf_hash) = 32"),
)

# Not unique: a fact that is voided frees its key.
Index("facts_by_key", facts.c.key, sqlite_where=facts.c.key.is_not(None))

tracking = Table(
    "tracking",
    metadata,
    Column("application_name", Text, primary_key=True),
    Column("notification_id", WholeNumber, nullable=False),
)

asof_ledger = Table(
    "asof_ledger",
    metadata,
    Column("format_version", WholeNumber, primary_key=True, autoincrement=False),
)

# The last two also stop INSERT OR REPLACE, which would take a fact away without firing a trigger on DELETE.
_GUARDS = {
    "facts_never_change": (
        "UPDATE",
        "TRUE",
        "A recorded fact never changes. Record a correction that replaces it.",
    ),
    "facts_are_never_deleted": (
        "DELETE",
        "TRUE",
        "A recorded fact is never deleted. Record a correction that voids it.",
    ),
    "facts_are_appended": (
        "INSERT",
        "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM facts)",
        "A fact is recorded at the next position: after the last one, without a gap.",
    ),
    "facts_are_recorded_once": (
        "INSERT",
        "EXISTS (SELECT 1 FROM facts WHERE stream = NEW.stream AND version = NEW.version)",
        "This version of the stream is already recorded.",
    ),
}
for _name, (_change, _when, _sentence) in _GUARDS.items():
    event.listen(
        facts,
        "after_create",
        DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it without types
            f"CREATE TRIGGER {_name} BEFORE {_change} ON facts WHEN {_when} "
            f"BEGIN SELECT RAISE(ABORT, '{_sentence}'); END"
        ).execute_if(dialect="sqlite"),
    )

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def to_microseconds(moment: dt.datetime) -> int:
    """A moment with its zone, as the store keeps it: microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> dt.datetime:
    """A moment as the store keeps it, in UTC."""
    return _EPOCH + microseconds * _MICROSECOND
