"""The tables of a ledger: facts in the order in which they became known, the end of their log, and what hangs on it."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, repeat
from operator import add

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from ledger.store.guards import GUARDS

APPLICATION_ID = int.from_bytes(b"asof")
"""What marks a SQLite file as a ledger, in the header that `file` and other programs read."""

FORMAT_VERSION = 2
"""The arrangement of the tables: the number of the last migration. A ledger of another one is refused."""

WholeNumber = BigInteger().with_variant(Integer(), "sqlite")
"""Eight bytes everywhere: SQLite's INTEGER, which alone may be a row's own number."""

metadata = MetaData()

# Moments are whole microseconds since 1970 in UTC: the precision of the ledger's clock, half the size of text, and
# exact to compare, where text in ISO form sorts rightly only while all of it is written to the same length.
#
# The columns after `state` are of facts alone, but for `leaf_hash`. The machinery of event sourcing may append opaque
# events, which have none of them; the Book writes all of them and reads nothing that lacks them.
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
    UniqueConstraint("stream", "version", name="facts_by_stream"),
    CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_is_sha_256"),
)

# Not unique: a fact that is voided frees its key.
Index(
    "facts_by_key",
    facts.c.key,
    sqlite_where=facts.c.key.is_not(None),
    postgresql_where=facts.c.key.is_not(None),
)

# One row. Who appends holds it until the commit, so positions have no gaps, and come in the order of commits: whoever
# reads up to a position has seen all that ever will be before it. `frontier` is the Merkle tree over all leaves.
head = Table(
    "head",
    metadata,
    Column("id", WholeNumber, primary_key=True, autoincrement=False),
    Column("position", WholeNumber, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="there_is_one_head"),
)

tracking = Table(
    "tracking",
    metadata,
    Column("application_name", Text, primary_key=True),
    Column("notification_id", WholeNumber, nullable=False),
)

# Answers that were handed out under a fingerprint, so that a replay can tell whether they still come out the same.
answers = Table(
    "answers",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("issued_at", WholeNumber, nullable=False),
    CheckConstraint("length(digest) = 32", name="digest_is_sha_256"),
)

# Names that facts hold only a commitment to. A row may go: then nobody can tell whose name it was.
names = Table(
    "names",
    metadata,
    Column("commitment", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("name", name="names_by_name"),
)

# Alembic's own table of versions, under a name that says what it marks.
asof_ledger = Table("asof_ledger", metadata, Column("version_num", String(32), primary_key=True))

for _guard in GUARDS:
    event.listen(
        metadata.tables[_guard.table],
        "after_create",
        DDL(_guard.statement).execute_if(dialect=_guard.dialect),  # type: ignore[no-untyped-call]  # it has no types
    )

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def to_microseconds(moment: dt.datetime) -> int:
    """A moment with its zone, as the store keeps it: microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def text_of(microseconds: int) -> str:
    """A moment as the store keeps it, as `ledger.values.moment_text` writes it."""
    seconds, fraction = divmod(microseconds, 1_000_000)
    return f"{_second(seconds)}.{fraction:06}Z" if fraction else f"{_second(seconds)}Z"


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    """A second since 1970 as text, made once for the many facts that are recorded within it."""
    return (_EPOCH + dt.timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()


def from_microseconds(microseconds: int) -> dt.datetime:
    """A moment as the store keeps it, in UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def moments(microseconds: Sequence[int]) -> list[dt.datetime]:
    """Moments as the store keeps them, in UTC, of which there is at least one.

    Facts that were recorded together are a microsecond apart, and then each is counted on from the one before.
    """
    first, many = microseconds[0], len(microseconds)
    if microseconds == tuple(range(first, first + many)):
        return list(accumulate(repeat(_MICROSECOND, many - 1), add, initial=from_microseconds(first)))
    return [from_microseconds(each) for each in microseconds]
