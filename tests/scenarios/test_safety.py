"""A what-if only reads: whatever is asked, and wherever it is broken off, the ledger is as it was, in each database."""

import shlex
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, make_url, select

from tests.desk.conftest import Desk
from tests.scenarios.conftest import MILL, SUIT

SCENARIO = f"""
assume:
  {SUIT}
remove: [{{position: 4}}]
shift: [{{index: prime, by: "0.01", from: 2001-06-01}}]
ask: {{on: 2001-08-01, over: {{from: 2001-06-01, through: 2001-12-31}}, cost_through: 2001-12-31}}
"""
SWEEP = f"""
assume:
  {SUIT}
vary:
  act_on: {{move: {{act: suit}}, every: 1 day, from: 2001-07-31, through: 2001-08-14}}
  prime: {{index: prime, to: ["0.06", "0.07"], from: 2001-07-01}}
ask: {{on: 2001-08-01, cost_through: 2001-12-31}}
"""


@pytest.fixture
def ledger(url: str, desk: Desk) -> str:
    """The mill's record in a ledger, as an option for a command line."""
    database = f"--db {shlex.quote(url)}"
    desk.write("mill.yaml", MILL)
    desk.write("asked.yaml", SCENARIO)
    desk.write("swept.yaml", SWEEP)
    assert desk(f"init {database}").code == 0
    assert desk(f"record mill.yaml {database}").code == 0
    return database


def stored(url: str) -> dict[str, list[str]]:
    """Every row of every table; of SQLite, the bytes of the file as well."""
    engine, tables = create_engine(url), MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables.sorted_tables}
    engine.dispose()
    file = make_url(url).database
    return {**rows, "file": [Path(file).read_bytes().hex()]} if file and url.startswith("sqlite") else rows


@pytest.mark.parametrize(
    "command",
    [
        "what-if asked.yaml",
        "sweep swept.yaml --workers 2 --format csv",
        "contagion line --on 2001-08-01",
        "cover --on 2001-12-01",
    ],
)
def test_the_ledger_is_byte_for_byte_as_it_was(desk: Desk, url: str, ledger: str, command: str) -> None:
    before = stored(url)
    assert desk(f"{command} {ledger}").code == 0
    assert stored(url) == before


def test_a_sweep_killed_half_way_leaves_the_ledger_as_it_was_and_goes_on(desk: Desk, url: str, ledger: str) -> None:
    before = stored(url)
    program = desk.start(f"sweep swept.yaml --keep kept --format json {ledger}")
    kept = desk.folder / "kept"
    for _ in range(2000):
        if len(list(kept.glob("*.parquet"))) > 2:
            break
        assert program.poll() is None, "it was over before it could be killed"
        time.sleep(0.01)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    assert stored(url) == before
    done = len(list(kept.glob("*.parquet")))
    rows = desk(f"sweep swept.yaml --keep kept --format json {ledger}").data
    assert len(list(kept.glob("*.parquet"))) > done
    assert rows == desk(f"sweep swept.yaml --format json {ledger}").data
    assert stored(url) == before
