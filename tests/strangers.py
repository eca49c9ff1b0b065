"""Whoever gets at a ledger's database without Asof."""

from typing import Any

from sqlalchemy import create_engine


def asks(url: str, query: str) -> list[tuple[Any, ...]]:
    """What they read."""
    engine = create_engine(url)
    with engine.connect() as stranger:
        rows = [tuple(row) for row in stranger.exec_driver_sql(query)]
    engine.dispose()
    return rows


def tampers(url: str, *changes: str) -> None:
    """What they change, having taken the guards away first."""
    engine = create_engine(url)
    with engine.begin() as stranger:
        if url.startswith("sqlite"):
            triggers = stranger.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            guards = [f"DROP TRIGGER {name}" for name in triggers.all()]
        else:
            guards = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in ("facts", "head", "answers", "names")]
        for statement in (*guards, *changes):
            stranger.exec_driver_sql(statement)
    engine.dispose()


def octets(url: str, content: bytes) -> str:
    """Bytes as they write them."""
    return f"x'{content.hex()}'" if url.startswith("sqlite") else rf"'\x{content.hex()}'::bytea"


def with_another(url: str, old: str, new: str) -> str:
    """A fact's stored bytes with a piece of text in the place of another, as they write it."""
    if url.startswith("sqlite"):
        return f"CAST(replace(CAST(state AS TEXT), '{old}', '{new}') AS BLOB)"
    return f"convert_to(replace(convert_from(state, 'UTF8'), '{old}', '{new}'), 'UTF8')"
