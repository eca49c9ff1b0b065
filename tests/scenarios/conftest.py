"""A mill with notes and a line of credit, the Lexington record, and a desk, for what-ifs to be asked of."""

import datetime as dt
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.reading import read
from ledger.records import Prefix
from scenarios.assume import WhatIf
from scenarios.lexington import record_files
from tests.desk.conftest import Desk
from tests.projections.asking import prefix
from tests.spec import given

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)

MILL = """
- {event: FacilityOpened, facility: notes, effective: 2001-01-01, name: Notes, kind: notes, borrowers: [mill],
   currency: USD, principal: "1000000.00", interest_paid_to: 2001-01-01, day_count: 30/360 US, matures: 2003-01-01,
   rate: {options: {prime: {index: prime, margin: "0.01"}}, default: {uplift: "0.02"}},
   clauses: [{clause: own, kind: payment, grace: {days: 5}, heals: automatically}]}
- {event: FacilityOpened, facility: line, effective: 2001-01-01, name: Line, borrowers: [mill], lenders: [Bank],
   clauses: [{clause: cross, kind: cross_payment, of: [notes]}]}
- {event: IndexFixed, index: prime, effective: 2001-01-01, rate: "0.05", key: prime-january}
- {event: IndexFixed, index: prime, effective: 2001-03-01, rate: "0.06", key: prime-march}
- {event: PaymentMissed, facility: notes, effective: 2001-05-10, of: interest, due: 2001-05-10, key: missed}
- {event: WaiverGranted, facility: line, waiver: w, effective: 2001-06-01, reaches: [event_of_default],
   covers: [{payments: interest}], ends: [{until: 2001-12-01}, {act: [enforcement], of: [notes]}],
   revival: prospective}
"""
"""Positions: the notes 1, the line 2, prime in January 3 and in March 4, the missed interest 5, the waiver 6."""

SUIT = "- {event: ActTaken, facility: notes, act: suit, effective: 2001-08-01, by: holder, seeks: enforcement}\n"


@pytest.fixture
def mill() -> WhatIf:
    """A what-if on the mill's record."""
    return WhatIf(prefix(given(MILL).log))


@pytest.fixture(scope="session")
def lexington() -> Prefix:
    """The Lexington record."""
    with Book.open("sqlite://", create=True) as book:
        book.record((each.fact for each in read(record_files())), now=NOW, migrate=True)
        return book.prefix()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


@pytest.fixture
def mill_desk(desk: Desk) -> Desk:
    """A desk with the mill's record in its ledger."""
    desk.write("mill.yaml", MILL)
    assert desk("init").code == 0
    assert desk("record mill.yaml").code == 0
    return desk
