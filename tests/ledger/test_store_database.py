"""What is a ledger and what is not, what the database itself refuses, and every fault as a whole sentence."""

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from eventsourcing.persistence import OperationalError, StoredEvent

from ledger.rejected import StoreUnusable
from ledger.store.database import Database
from ledger.store.log import append
from ledger.store.schema import APPLICATION_ID, FORMAT_VERSION

NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(file: Path) -> Path:
    """A ledger with one opaque event, closed."""
    database = Database(f"sqlite:///{file}", create=True)
    with database.appending() as turn:
        append(turn, [StoredEvent("stream", 1, "topic", b"state")])
    database.close()
    return file


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """A user whom the permissions of files bind: they do not bind the superuser."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def fault(url: str, *, create: bool = False) -> str:
    with pytest.raises(StoreUnusable) as raised:
        Database(url, create=create)
    return str(raised.value)


# --- what is a ledger ------------------------------------------------------------------------------------------------


def test_a_ledger_is_marked_in_the_header_of_its_file(ledger: Path) -> None:
    assert ledger.read_bytes()[68:72] == b"asof"


def test_a_closed_ledger_is_one_file(ledger: Path) -> None:
    assert [each.name for each in ledger.parent.iterdir()] == ["ledger.db"]


def test_making_a_ledger_where_there_is_one_leaves_it_as_it_is(ledger: Path) -> None:
    before = ledger.read_bytes()
    Database(f"sqlite:///{ledger}", create=True).close()
    assert ledger.read_bytes() == before


def test_a_ledger_is_written_through_to_the_disk_and_read_beside_its_writer(ledger: Path) -> None:
    database = Database(f"sqlite:///{ledger}")
    with database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 10_000]
    database.close()


def test_a_file_name_may_hold_what_a_url_reserves(tmp_path: Path) -> None:
    odd = tmp_path / "50% of #1 & ü.db"
    Database(f"sqlite:///{odd}", create=True).close()
    assert odd.exists()


def test_no_ledger_is_made_unless_asked(file: Path) -> None:
    assert fault(f"sqlite:///{file}") == (
        f"There is no ledger at sqlite:///{file}. "
        "Make one with `asof init`. Name another with --db or $ASOF_DB. [store_missing]"
    )
    assert not file.exists()


def test_a_ledger_that_goes_away_is_not_made_anew(ledger: Path) -> None:
    database = Database(f"sqlite:///{ledger}")
    database.close()
    ledger.unlink()
    with pytest.raises(StoreUnusable, match="store_cannot_open"), database.reading() as connection:
        connection.exec_driver_sql("SELECT 1")
    assert not ledger.exists()


def test_an_empty_file_becomes_a_ledger_when_asked(file: Path) -> None:
    file.touch()
    assert fault(f"sqlite:///{file}") == (
        f"sqlite:///{file} is an empty database. "
        "Make it a ledger with `asof init`. Name another with --db or $ASOF_DB. [store_empty]"
    )
    Database(f"sqlite:///{file}", create=True).close()
    Database(f"sqlite:///{file}").close()


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(
    "made_by",
    [
        "CREATE TABLE facts (position INTEGER, note TEXT)",
        "CREATE TABLE songs (title TEXT); PRAGMA application_id = 7",
        "PRAGMA application_id = 7",
        f"CREATE TABLE songs (title TEXT); PRAGMA application_id = {APPLICATION_ID}",
    ],
    ids=["tables that are not ours", "another mark", "another mark alone", "our mark alone"],
)
def test_a_database_of_another_program_is_left_alone(file: Path, made_by: str, create: bool) -> None:
    with closing(sqlite3.connect(file)) as stranger:
        stranger.executescript(made_by)
    before = file.read_bytes()
    assert fault(f"sqlite:///{file}", create=create) == (
        f"sqlite:///{file} is a database of another program. "
        "Nothing was written to it. Name another with --db or $ASOF_DB. [store_of_another_program]"
    )
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == ["ledger.db"]


def test_a_ledger_in_a_newer_format_is_refused(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as newer:
        newer.executescript("UPDATE asof_ledger SET version_num = '99'")
    assert fault(f"sqlite:///{ledger}") == (
        f"sqlite:///{ledger} is a ledger in format 99, and this version of Asof knows formats up to {FORMAT_VERSION}. "
        "Use the version of Asof that wrote it, or a newer one. [store_of_newer_format]"
    )


def test_a_ledger_in_an_older_format_says_how_to_upgrade_it(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as older:
        older.executescript("UPDATE asof_ledger SET version_num = '1'")
    assert fault(f"sqlite:///{ledger}") == (
        f"sqlite:///{ledger} is a ledger in format 1, and this version of Asof works with format {FORMAT_VERSION}. "
        "Make a copy with the version that wrote it, and then run `asof upgrade`. [store_of_older_format]"
    )


@pytest.mark.parametrize("text", ["no", "- event: FacilityOpened\n" * 200])
def test_a_text_file_is_no_database(file: Path, text: str) -> None:
    file.write_text(text)
    assert fault(f"sqlite:///{file}", create=True) == (
        f"sqlite:///{file} is no SQLite database. Name another with --db or $ASOF_DB; "
        "a file that does not exist yet becomes a ledger with `asof init`. [store_not_a_database]"
    )
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ledger.db", "'ledger.db' names no ledger: it is no URL."),
        ("sqlite://ledger.db", "'sqlite://ledger.db' names no ledger: a path follows three slashes."),
        ("sqlite:///a.db?mod=ro", "'sqlite:///a.db?mod=ro' names no ledger: 'mod' is no option; mode and timeout are."),
        ("sqlite:///a.db?mode=rwc", "'sqlite:///a.db?mode=rwc' names no ledger: mode is ro or rw."),
        (
            "sqlite:///a.db?timeout=1s",
            "'sqlite:///a.db?timeout=1s' names no ledger: timeout is a whole number of seconds.",
        ),
    ],
)
def test_a_url_that_names_no_ledger_says_why(url: str, message: str) -> None:
    assert fault(url) == f"{message} Write it as sqlite:///path/to/ledger.db. [store_url]"


def test_a_database_of_a_kind_that_is_no_store_says_which_are() -> None:
    assert fault("mysql://me:secret@host/db") == (
        "'mysql://me:***@host/db' names no ledger: mysql is no store. "
        "Write it as sqlite:///path/to/ledger.db, or postgresql+psycopg://user@host/database. [store_url]"
    )


def test_a_port_that_is_no_number_is_told_without_the_password() -> None:
    assert fault("postgresql://me:secret@host:one/db") == (
        "'postgresql://me:***@host:one/db' names no ledger: what stands for its port is no number. "
        "Write it as postgresql+psycopg://user@host:5432/database. [store_url]"
    )


# --- what the database refuses by itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE facts SET state = x'00'", "A recorded fact never changes. Record a correction that replaces it."),
        ("DELETE FROM facts", "A recorded fact is never deleted. Record a correction that voids it."),
        (
            "INSERT INTO facts (position, stream, version, tag, state) VALUES (3, 's', 1, 't', x'')",
            "A fact is recorded at the next position: after the last one, without a gap.",
        ),
        (
            "INSERT OR REPLACE INTO facts (position, stream, version, tag, state) VALUES (1, 's', 1, 't', x'')",
            "A fact is recorded at the next position: after the last one, without a gap.",
        ),
        (
            "INSERT OR REPLACE INTO facts (position, stream, version, tag, state) VALUES (2, 'stream', 1, 't', x'')",
            "This version of the stream is already recorded.",
        ),
        (
            "INSERT INTO facts (position, stream, version, tag, state, leaf_hash) VALUES (2, 's', 1, 't', x'', x'00')",
            "CHECK constraint failed: leaf_hash_is_sha_256",
        ),
    ],
)
def test_whoever_writes_to_the_file_facts_are_only_appended(ledger: Path, change: str, message: str) -> None:
    with closing(sqlite3.connect(ledger)) as stranger:
        with pytest.raises(sqlite3.IntegrityError) as refused:
            stranger.execute(change)
        assert str(refused.value) == message
        assert stranger.execute("SELECT position, state FROM facts").fetchall() == [(1, b"state")]


# --- faults ----------------------------------------------------------------------------------------------------------


def write_to(url: str) -> str:
    """The fault of an attempt to append to a ledger."""
    database = Database(url)
    with pytest.raises(StoreUnusable) as raised, database.appending() as turn:
        append(turn, [StoredEvent("stream", 2, "topic", b"state" * 1000)])
    database.close()
    assert isinstance(raised.value, OperationalError), "eventsourcing has a name of its own for such a fault"
    return str(raised.value)


READ_ONLY = (
    "cannot be written: the file, its directory or its volume is read-only. "
    "Make the file and its directory writable, or copy the ledger to where you may write. [store_read_only]"
)
CANNOT_OPEN = (
    "cannot be opened. Check that its directory exists, that it names a file, and that you may read and write both. "
    "[store_cannot_open]"
)


def test_a_ledger_opened_to_read_only_is_not_written(ledger: Path) -> None:
    before = ledger.read_bytes()
    url = f"sqlite:///{ledger}?mode=ro"
    assert write_to(url) == f"{url} {READ_ONLY}"
    assert ledger.read_bytes() == before


@pytest.mark.parametrize("path", ["no/such/directory/ledger.db", "."])
def test_a_path_where_no_file_can_be_is_refused(tmp_path: Path, path: str) -> None:
    url = f"sqlite:///{tmp_path / path}"
    assert fault(url, create=True) == f"{url} {CANNOT_OPEN}"


@pytest.mark.usefixtures("ordinary_user")
def test_a_directory_that_is_read_only_gets_no_ledger() -> None:
    with TemporaryDirectory() as directory:
        Path(directory).chmod(0o555)
        url = f"sqlite:///{directory}/ledger.db"
        assert fault(url, create=True) == f"{url} {CANNOT_OPEN}"


@pytest.mark.usefixtures("ordinary_user")
def test_a_directory_that_may_not_be_entered_is_told_apart_from_a_missing_ledger() -> None:
    with TemporaryDirectory() as directory:
        Path(directory).chmod(0o000)
        url = f"sqlite:///{directory}/ledger.db"
        assert fault(url) == f"{url} {CANNOT_OPEN}"
        Path(directory).chmod(0o700)


@pytest.mark.usefixtures("ordinary_user")
def test_a_file_that_is_read_only_is_read_and_not_written() -> None:
    with TemporaryDirectory() as directory:
        file = Path(directory, "ledger.db")
        Database(f"sqlite:///{file}", create=True).close()
        file.chmod(0o444)
        before = file.read_bytes()
        assert write_to(f"sqlite:///{file}") == f"sqlite:///{file} {READ_ONLY}"
        assert file.read_bytes() == before


def test_a_writer_that_waits_too_long_for_another_says_so(ledger: Path) -> None:
    url = f"sqlite:///{ledger}?timeout=0"
    other = Database(f"sqlite:///{ledger}")
    with other.writing():
        assert write_to(url) == (
            f"{url} is being written by another program, and stayed locked for as long as this one waits. "
            "Try again when that program is done, or wait longer: put ?timeout=60 (seconds) at the end of the URL. "
            "[store_busy]"
        )
    other.close()


def test_a_writer_waits_for_its_turn(ledger: Path) -> None:
    database = Database(f"sqlite:///{ledger}")
    with ThreadPoolExecutor(max_workers=2) as executor:
        with database.appending() as turn:
            append(turn, [StoredEvent("stream", 2, "topic", b"")])
            later = executor.submit(append_one, database, 3)
        assert later.result(timeout=10) == [3]
    database.close()


def append_one(database: Database, version: int) -> list[int]:
    with database.appending() as turn:
        return append(turn, [StoredEvent("stream", version, "topic", b"")])


def test_a_full_disk_leaves_the_ledger_as_it_was(ledger: Path) -> None:
    database = Database(f"sqlite:///{ledger}")
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # never below what there is: full from now on
    with pytest.raises(StoreUnusable) as raised, database.appending() as turn:
        append(turn, [StoredEvent("stream", 2, "topic", b"state" * 10_000)])
    assert str(raised.value) == (
        f"There is no room left for sqlite:///{ledger}. Make room on its volume, and record again. [store_full]"
    )
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one() == 1
    database.close()


def test_a_damaged_file_says_so(ledger: Path) -> None:
    database = Database(f"sqlite:///{ledger}")
    with database.appending() as turn:
        append(turn, [StoredEvent("stream", version, "topic", b"state" * 1000) for version in range(2, 40)])
    database.close()
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert fault(f"sqlite:///{ledger}") == (
        f"sqlite:///{ledger} is damaged: SQLite cannot make sense of a part of it. "
        "Keep it as it is, and go on from a copy made before. [store_damaged]"
    )


def test_any_other_fault_is_told_in_the_words_of_sqlite(ledger: Path) -> None:
    database = Database(f"sqlite:///{ledger}")
    with pytest.raises(StoreUnusable) as raised, database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM songs")
    assert str(raised.value) == (
        f"sqlite:///{ledger} cannot be used: no such table: songs. "
        "If another program changed it, go on from a copy. [store_failed]"
    )
    database.close()
