"""From the first format of a ledger's tables to the last: nothing is lost, and the tables are those of a new ledger."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from ledger.book import Book
from ledger.facts import encode
from ledger.rejected import StoreUnusable
from ledger.store import log
from ledger.store.database import Database, backend_of
from ledger.store.log import FactRow
from ledger.store.migrations import migrate, upgrade
from ledger.store.schema import FORMAT_VERSION
from tests.servers import schema
from tests.spec import facts
from tests.strangers import asks, tampers

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
RECORD = """
- {event: FacilityOpened, effective: 1999-02-01, facility: cit, name: CIT revolver, borrowers: [LPC]}
- {event: ActTaken, effective: 2001-09-15, facility: cit, act: suit, by: trustee, seeks: remedies}
- {event: IndexFixed, effective: 2001-09-17, key: prime-1, index: prime, rate: "0.06"}
"""


def ledger_of_format_1(url: str, rows: list[FactRow]) -> None:
    """A ledger as the first format had it."""
    backend = backend_of(url, create=True)
    backend.prepare()
    with backend.engine.execution_options(**backend.to_write).begin() as connection:
        backend.claim(connection)
        migrate(connection, "1")
        log.insert(connection, rows)
    backend.engine.dispose()


@pytest.fixture
def rows() -> list[FactRow]:
    """The rows of a log that the Book wrote."""
    with Book.open("sqlite://") as book:
        book.record(facts(RECORD), now=NOW)
        with book._database.reading() as connection:
            return [FactRow(*row) for row in connection.execute(text("SELECT * FROM facts ORDER BY position"))]


def schema_of(url: str) -> dict[str, object]:
    """All that a database says of its tables, in words that can be compared."""
    engine = create_engine(url)
    found = inspect(engine)
    described: dict[str, object] = {
        table: (
            [(str(each["name"]), str(each["type"]), each["nullable"]) for each in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            sorted((each["name"], tuple(each["column_names"])) for each in found.get_unique_constraints(table)),
            sorted((each["name"], each["sqltext"]) for each in found.get_check_constraints(table)),
            sorted((each["name"], tuple(each["column_names"])) for each in found.get_indexes(table)),
        )
        for table in sorted(found.get_table_names())
    }
    engine.dispose()
    if url.startswith("sqlite"):
        described["guards"] = sorted(asks(url, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    else:
        here = "current_schema()::regnamespace"
        described["guards"] = sorted(
            asks(
                url,
                "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) "
                "FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                f"WHERE relnamespace = {here} AND NOT tgisinternal",
            )
        )
        described["functions"] = sorted(asks(url, f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {here}"))
    return described


@pytest.fixture
def place_of_another(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Iterator[str]:
    """A second place of the same kind."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/another.db"
        return
    with schema(request.getfixturevalue("postgresql")) as another:
        yield another


def test_an_upgraded_ledger_has_the_tables_and_guards_of_a_new_one(url: str, place_of_another: str) -> None:
    Database(place_of_another, create=True).close()
    ledger_of_format_1(url, [])
    assert schema_of(url) != schema_of(place_of_another)
    assert upgrade(url) == (1, FORMAT_VERSION)
    assert schema_of(url) == schema_of(place_of_another)


def test_an_upgraded_ledger_holds_what_it_held_and_goes_on(url: str, rows: list[FactRow]) -> None:
    ledger_of_format_1(url, rows)
    upgrade(url)
    with Book.open(url) as book:
        assert [encode(record.fact) for record in book.prefix().records] == [row.state for row in rows]
        assert book.verify() == []
        assert book.record(facts(RECORD)[2:], now=NOW).repeated == 1
        assert book.record([facts(RECORD)[2].model_copy(update={"key": None})], now=NOW).position == 4
        assert book.verify() == []


def test_a_ledger_in_an_older_format_is_not_opened(url: str, rows: list[FactRow]) -> None:
    ledger_of_format_1(url, rows)
    with pytest.raises(StoreUnusable, match=r"Make a copy .* and then run `asof upgrade`\. \[store_of_older_format\]"):
        Book.open(url)


def test_a_ledger_from_before_there_were_migrations_is_told_and_upgraded(url: str, rows: list[FactRow]) -> None:
    ledger_of_format_1(url, rows)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE asof_ledger")
        connection.exec_driver_sql("CREATE TABLE asof_ledger (format_version INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO asof_ledger VALUES (1)")
    engine.dispose()
    with pytest.raises(StoreUnusable, match=r"in format 1, .* then run `asof upgrade`\. \[store_of_older_format\]"):
        Book.open(url)
    assert upgrade(url) == (1, FORMAT_VERSION)
    with Book.open(url) as book:
        assert book.prefix().position == len(rows)
        assert book.verify() == []


def test_upgrading_what_is_up_to_date_changes_nothing(url: str) -> None:
    Database(url, create=True).close()
    before = schema_of(url)
    assert upgrade(url) == (FORMAT_VERSION, FORMAT_VERSION)
    assert schema_of(url) == before


def test_an_upgrade_that_fails_leaves_the_ledger_as_it_was(url: str, rows: list[FactRow]) -> None:
    ledger_of_format_1(url, rows)
    engine = create_engine(url)
    with engine.begin() as stranger:
        stranger.exec_driver_sql("CREATE TABLE names (in_the_way integer)")
    engine.dispose()
    before = schema_of(url)
    with pytest.raises(StoreUnusable, match="store_failed"):
        upgrade(url)
    assert schema_of(url) == before
    assert asks(url, "SELECT version_num FROM asof_ledger") == [("1",)]


def test_what_is_no_ledger_or_a_newer_one_is_not_upgraded(url: str) -> None:
    with pytest.raises(StoreUnusable, match=r"store_missing|store_empty"):
        upgrade(url)
    Database(url, create=True).close()
    tampers(url, "UPDATE asof_ledger SET version_num = '99'")
    with pytest.raises(StoreUnusable, match="store_of_newer_format"):
        upgrade(url)
