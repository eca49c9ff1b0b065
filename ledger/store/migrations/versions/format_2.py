"""The head of the log, with the tree over it; the register of answers; names behind commitments."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    column,
    select,
    table,
)

from ledger.seal.tree import Frontier, leaf_hash
from ledger.store.guards import FORMAT_2

revision, down_revision = "2", "1"

_whole_number = BigInteger().with_variant(Integer(), "sqlite")
_facts = table("facts", column("position"), column("state"))


def upgrade() -> None:
    """Make the tables, and work out the head from the facts."""
    head = op.create_table(
        "head",
        Column("id", _whole_number, primary_key=True, autoincrement=False),
        Column("position", _whole_number, nullable=False),
        Column("frontier", LargeBinary, nullable=False),
        CheckConstraint("id = 1", name="there_is_one_head"),
    )
    op.create_table(
        "answers",
        Column("fingerprint", Text, primary_key=True),
        Column("asked", Text, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("issued_at", _whole_number, nullable=False),
        CheckConstraint("length(digest) = 32", name="digest_is_sha_256"),
    )
    op.create_table(
        "names",
        Column("commitment", Text, primary_key=True),
        Column("salt", LargeBinary, nullable=False),
        Column("name", Text, nullable=False),
        UniqueConstraint("name", name="names_by_name"),
    )
    tree = Frontier()
    by_position = select(_facts.c.state).order_by(_facts.c.position).execution_options(yield_per=1000)
    for state in op.get_bind().execute(by_position).scalars():
        tree = tree.add(leaf_hash(state))
    op.bulk_insert(head, [{"id": 1, "position": tree.size, "frontier": tree.to_bytes()}])
    for guard in FORMAT_2:
        if guard.dialect == op.get_context().dialect.name:
            op.execute(guard.statement)
