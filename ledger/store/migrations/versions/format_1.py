"""Facts, and how far processes have read in their log."""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, LargeBinary, Text, UniqueConstraint, text

from ledger.store.guards import FORMAT_1

revision, down_revision = "1", None

_whole_number = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "facts",
        Column("position", _whole_number, primary_key=True, autoincrement=False),
        Column("stream", Text, nullable=False),
        Column("version", _whole_number, nullable=False),
        Column("tag", Text, nullable=False),
        Column("state", LargeBinary, nullable=False),
        Column("key", Text),
        Column("effective", Text),
        Column("known_at", _whole_number),
        Column("recorded_at", _whole_number),
        Column("leaf_hash", LargeBinary),
        UniqueConstraint("stream", "version", name="facts_by_stream"),
        CheckConstraint("length(leaf_hash) = 32", name="leaf_hash_is_sha_256"),
    )
    keyed = text("key IS NOT NULL")
    op.create_index("facts_by_key", "facts", ["key"], sqlite_where=keyed, postgresql_where=keyed)
    op.create_table(
        "tracking",
        Column("application_name", Text, primary_key=True),
        Column("notification_id", _whole_number, nullable=False),
    )
    for guard in FORMAT_1:
        if guard.dialect == op.get_context().dialect.name:
            op.execute(guard.statement)
