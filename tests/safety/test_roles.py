"""The rights that the page on the store gives to recorders and readers suffice for them, and for nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psycopg.errors
import pytest
from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from desk.checkpoints import compared, kept_in
from desk.replay import replay
from ledger.book import Book
from ledger.facts import IndexFixed
from ledger.rejected import StoreUnusable
from tests.safety.account import NOW
from tests.servers import database
from tests.spec import fact
from tests.strangers import asks

PAGE = Path(__file__).parents[2] / "docs" / "STORE.md"
PRIME = fact("[{event: IndexFixed, effective: 2001-09-17, key: prime-1, index: prime, rate: '0.06'}]")
LIBOR = IndexFixed.model_validate({"effective": "2001-09-17", "index": "libor-3m", "rate": "0.03"})

TABLES = ("answers", "asof_ledger", "facts", "head", "names", "tracking")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture(scope="module")
def owners(postgresql: URL) -> Iterator[str]:
    """A ledger with one fact in a database of its own, after its owner has run what the page shows."""
    (rights,) = re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    with database(postgresql) as url:
        with Book.open(url, create=True) as book:
            book.record([PRIME], now=NOW)
        execute(url, rights)
        yield url
        execute(url, "DROP OWNED BY asof_recorder, asof_reader; DROP ROLE asof_recorder, asof_reader")


@pytest.fixture
def recorders(owners: str) -> str:
    return with_the_rights_of("asof_recorder", owners)


@pytest.fixture
def readers(owners: str) -> str:
    return with_the_rights_of("asof_reader", owners)


def with_the_rights_of(role: str, url: str) -> str:
    return f"{url}?options=-crole%3D{role}" if "?" not in url else f"{url}&options=-crole%3D{role}"


def execute(url: str, statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(statements)


def test_a_recorder_can_do_all_that_recording_and_reading_take(recorders: str) -> None:
    with Book.open(recorders) as book:
        assert book.record([LIBOR], now=NOW, dry_run=True).recorded == 1
        receipt = book.record([PRIME, LIBOR], now=NOW)
        assert (receipt.recorded, receipt.repeated) == (1, 1)
        book.replace("prime-1", "misread", LIBOR, now=NOW)
        last = book.void(receipt.position, "recorded twice", now=NOW)
        assert book.prefix().position == last.position
        book.issue('{"asked": "something"}', sha256(b"the answer").digest(), now=NOW)
        assert book.verify({last.position: last.root}) == []


def test_a_reader_can_do_all_that_reading_takes(readers: str) -> None:
    with Book.open(readers) as book:
        end, root = book.end()
        assert [record.position for record in book.read()] == list(range(1, end + 1))
        assert book.prefix().root == root
        assert next(book.follow(end - 1)).position == end
        assert book.prove(1, end)[0].startswith(b'{"event":"index_fixed.v1"')
        assert book.prove_growth(1, end) is not None
        assert book.stream_versions()["index/prime"] == 1
        assert len(book.issued()) <= 1
        assert book.verify() == []


def test_a_reader_who_records_is_told_what_to_do(readers: str) -> None:
    with Book.open(readers) as book:
        end = book.end()
        with pytest.raises(StoreUnusable) as forbidden:
            book.record([LIBOR], now=NOW)
        assert str(forbidden.value) == (
            f"{readers} does not allow this to its user: permission denied for table head. "
            "Ask whoever runs the server for the rights of a recorder or of a reader (docs/STORE.md). [store_forbidden]"
        )
        assert book.end() == end


def test_neither_has_any_other_right_to_a_table(owners: str) -> None:
    every = f"unnest(ARRAY{list(RIGHTS)}) AS right_to, unnest(ARRAY{list(TABLES)}) AS name"
    held = {
        role: set(
            asks(owners, f"SELECT right_to, name FROM {every} WHERE has_table_privilege('{role}', name, right_to)")
        )
        for role in ("asof_reader", "asof_recorder")
    }
    to_read = {("SELECT", table) for table in ("answers", "asof_ledger", "facts", "head")}
    to_record = {("INSERT", "facts"), ("INSERT", "answers"), ("SELECT", "names")}
    assert held == {"asof_reader": to_read, "asof_recorder": to_read | to_record}
    columns = "SELECT grantee, column_name FROM information_schema.column_privileges WHERE privilege_type = 'UPDATE'"
    given = [each for each in asks(owners, columns) if each[0] in held]
    assert sorted(given) == [("asof_recorder", "frontier"), ("asof_recorder", "position")]


def test_a_reader_replays_all_but_the_names_that_are_withheld(owners: str, readers: str, tmp_path: Path) -> None:
    without_checkpoints = compared(kept_in(tmp_path), None)
    of_owner, of_reader = (replay(url, without_checkpoints, lambda *_: None) for url in (owners, readers))
    assert (of_owner.names, of_reader.names) == (0, None)
    assert replace(of_owner, names=None) == of_reader


@pytest.mark.parametrize("role", ["asof_reader", "asof_recorder"])
@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE facts SET state = ''",
        "DELETE FROM facts",
        "TRUNCATE facts",
        "DROP TABLE facts",
        "ALTER TABLE facts DISABLE TRIGGER ALL",
        "DROP TRIGGER facts_never_change ON facts",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "CREATE TABLE facts2 (position bigint)",
        "UPDATE head SET id = 2",
        "DELETE FROM head",
        "UPDATE answers SET digest = ''",
        "DELETE FROM answers",
        "UPDATE asof_ledger SET version_num = '1'",
        "INSERT INTO names VALUES ('c', '', 'n')",
        "DELETE FROM names",
    ],
)
def test_neither_can_undo_what_was_recorded(owners: str, role: str, attempt: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        execute(with_the_rights_of(role, owners), attempt)
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    "attempt",
    [
        "INSERT INTO facts (position, stream, version, tag, state) VALUES (1, 's', 1, 't', '')",
        "INSERT INTO answers VALUES ('f', 'a', '', 0)",
        "UPDATE head SET position = 0",
        "SELECT * FROM head FOR UPDATE",
        "SELECT * FROM names",
    ],
)
def test_a_reader_only_reads_and_no_names_that_are_withheld(readers: str, attempt: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        execute(readers, attempt)
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_a_recorder_who_goes_past_asof_still_cannot_move_the_head_away_from_the_last_fact(recorders: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        execute(recorders, "UPDATE head SET position = 0, frontier = ''")
    assert isinstance(refused.value.orig, psycopg.errors.IntegrityError)
