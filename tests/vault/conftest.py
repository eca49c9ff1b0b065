"""The desk, in a folder of its own, with a ledger in each of the databases that one can be kept in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.conftest import Desk, Outcome

Asof = Callable[[str], Outcome]

RECORD = """
- {event: FacilityOpened, effective: 1999-02-01, facility: cit, name: CIT revolver, borrowers: [LPC]}
- {event: ActTaken, effective: 2001-09-15, facility: cit, act: suit, by: trustee, seeks: remedies}
- {event: IndexFixed, effective: 2001-09-17, key: prime-1, index: prime, rate: "0.06"}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in an empty folder."""
    for name in ("ASOF_DB", "ASOF_CHECKPOINTS", "ASOF_LOG_KEY", "ASOF_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


@pytest.fixture
def asof(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch) -> Asof:
    """Commands about a ledger of three facts, which has a key."""
    monkeypatch.setenv("ASOF_SIGNING_KEY", "log.key")
    monkeypatch.setenv("ASOF_LOG_KEY", desk("keygen example.com/ledger -o log.key").stdout.strip())
    desk.write("record.yaml", RECORD)

    def run(line: str) -> Outcome:
        return desk(line, ASOF_DB=url)

    assert run("init").code == 0
    assert run("record record.yaml").code == 0
    return run


def fixings(count: int, index: str = "libor") -> str:
    """As many facts that nothing forbids, in JSON Lines."""
    line = '{{"event": "IndexFixed", "effective": "2001-09-17", "index": "{}-{}", "rate": "0.06"}}\n'
    return "".join(line.format(index, number) for number in range(count))
