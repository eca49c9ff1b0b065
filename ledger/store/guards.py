"""Triggers by which the database itself, whoever writes to it, keeps a log as it is.

They are given by the format that brought them, because migrations create them one format after another. What a format
has is never edited: a later one drops it and brings its own.
"""

from typing import NamedTuple

NEVER_CHANGES = "A recorded fact never changes. Record a correction that replaces it."
NEVER_DELETED = "A recorded fact is never deleted. Record a correction that voids it."
APPENDED = "A fact is recorded at the next position: after the last one, without a gap."
ONCE = "This version of the stream is already recorded."
END = "The head of the log is where its last fact is."
ISSUED = "An answer that was issued stays in the register."
NAME_STAYS = "A name behind a commitment never changes. It may be deleted."


class Guard(NamedTuple):
    """A statement that is due in databases of one dialect once a table is there."""

    table: str
    dialect: str
    statement: str


def _in_sqlite(table: str, name: str, change: str, sentence: str, when: str = "TRUE") -> Guard:
    statement = (
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )
    return Guard(table, "sqlite", statement)


def _in_postgresql(table: str, name: str, change: str, sentence: str) -> Guard:
    statement = (
        f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse('{sentence}')"
    )
    return Guard(table, "postgresql", statement)


def _function(name: str, body: str) -> str:
    """A trigger function of PostgreSQL, that looks for tables where it was made, whoever calls it from wherever."""
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$ {body} $$"


_RAISE = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = "

_FACTS_ARE_APPENDED = f"""
DECLARE
    first bigint; last bigint; count bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, count FROM appended;
    IF last - first + 1 <> count
        OR first <> 1 + (SELECT coalesce(max(position), 0) FROM facts WHERE position < first)
        OR last <> (SELECT max(position) FROM facts)
    THEN
        {_RAISE} '{APPENDED}';
    END IF;
    RETURN NULL;
END
"""

_HEAD_IS_THE_END = f"""
BEGIN
    IF NEW.position <> (SELECT coalesce(max(position), 0) FROM facts) THEN
        {_RAISE} '{END}';
    END IF;
    RETURN NEW;
END
"""

# In SQLite the last two also stop INSERT OR REPLACE, which takes a row away without firing a trigger on DELETE.
FORMAT_1 = (
    _in_sqlite("facts", "facts_never_change", "UPDATE", NEVER_CHANGES),
    _in_sqlite("facts", "facts_are_never_deleted", "DELETE", NEVER_DELETED),
    _in_sqlite(
        "facts",
        "facts_are_appended",
        "INSERT",
        APPENDED,
        when="NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM facts)",
    ),
    _in_sqlite(
        "facts",
        "facts_are_recorded_once",
        "INSERT",
        ONCE,
        when="EXISTS (SELECT 1 FROM facts WHERE stream = NEW.stream AND version = NEW.version)",
    ),
    Guard("facts", "postgresql", _function("refuse", f"BEGIN {_RAISE} TG_ARGV[0]; END")),
    Guard("facts", "postgresql", _function("facts_are_appended", _FACTS_ARE_APPENDED)),
    _in_postgresql("facts", "facts_never_change", "UPDATE", NEVER_CHANGES),
    _in_postgresql("facts", "facts_are_never_deleted", "DELETE OR TRUNCATE", NEVER_DELETED),
    Guard(
        "facts",
        "postgresql",
        "CREATE TRIGGER facts_are_appended AFTER INSERT ON facts REFERENCING NEW TABLE AS appended "
        "FOR EACH STATEMENT EXECUTE FUNCTION facts_are_appended()",
    ),
)

FORMAT_2 = (
    _in_sqlite(
        "head",
        "head_is_the_end",
        "UPDATE",
        END,
        when="NEW.position IS NOT (SELECT coalesce(max(position), 0) FROM facts)",
    ),
    _in_sqlite("head", "head_stays", "DELETE", END),
    _in_sqlite("head", "there_is_one_head", "INSERT", END, when="EXISTS (SELECT 1 FROM head)"),
    Guard("head", "postgresql", _function("head_is_the_end", _HEAD_IS_THE_END)),
    Guard(
        "head",
        "postgresql",
        "CREATE TRIGGER head_is_the_end BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION head_is_the_end()",
    ),
    _in_postgresql("head", "head_stays", "DELETE OR TRUNCATE", END),
    _in_sqlite("answers", "answers_never_change", "UPDATE", ISSUED),
    _in_sqlite("answers", "answers_are_never_deleted", "DELETE", ISSUED),
    _in_sqlite(
        "answers",
        "answers_are_issued_once",
        "INSERT",
        ISSUED,
        when="EXISTS (SELECT 1 FROM answers WHERE fingerprint = NEW.fingerprint)",
    ),
    _in_postgresql("answers", "answers_never_change", "UPDATE OR DELETE OR TRUNCATE", ISSUED),
    _in_sqlite("names", "names_never_change", "UPDATE", NAME_STAYS),
    _in_postgresql("names", "names_never_change", "UPDATE", NAME_STAYS),
)

GUARDS = FORMAT_1 + FORMAT_2
"""All that a ledger has today."""
