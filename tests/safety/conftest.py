"""A server that the tests of this folder may stop, limit and damage."""

from collections.abc import Iterator

import pytest

from tests import servers


@pytest.fixture(scope="package")
def own_server() -> Iterator[servers.Server]:
    """A PostgreSQL server that runs, whose files are at hand."""
    with servers.own_server() as server:
        yield server
