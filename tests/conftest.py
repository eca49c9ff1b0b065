"""What tests of every floor rely on.

Properties are tested on the same cases in every run; with ASOF_NIGHTLY, on new ones each night. A ledger is tested in
each database that one can be kept in.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import URL

from ledger.store.database import Database
from tests.servers import schema, server

settings.register_profile("every-run", derandomize=True, deadline=None)
settings.register_profile("nightly", deadline=None, print_blob=True)
settings.load_profile("nightly" if os.environ.get("ASOF_NIGHTLY") else "every-run")


@pytest.fixture(scope="session", autouse=True)
def _told_of_sqlite(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a process is told once of SQLite's version, it has been told before the first test."""
    Database(f"sqlite:///{tmp_path_factory.mktemp('told')}/ledger.db", create=True).close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """A PostgreSQL server, the same one for all tests of a run."""
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a ledger can be made, in each of the databases that one can be kept in."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ledger.db"
        return
    with schema(request.getfixturevalue("postgresql")) as of_its_own:
        yield of_its_own
