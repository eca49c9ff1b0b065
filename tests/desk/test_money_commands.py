"""The commands about money: the schedule that terms make, and the journal that Beancount checks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from beancount import loader

from tests.desk.conftest import Desk

RECORD = """
- event: FacilityOpened
  facility: notes
  effective: 2020-01-01
  name: 6% Notes
  borrowers: [mill]
  currency: USD
  principal: "1000.00"
  rate: {fixed: "0.06"}
  day_count: 30/360 US
  matures: 2022-01-01
  schedule: {interest: {every: 6 months, from: 2020-07-01}}
- {event: FacilityOpened, facility: line.2, effective: 2020-03-01, name: Line, borrowers: [mill], commitment: "500.00"}
- {event: PaymentMade, facility: notes, effective: 2020-07-01, of: interest, due: 2020-07-01, amount: "30.00"}
- {event: PaymentMissed, facility: notes, effective: 2021-01-01, of: interest, due: 2021-01-01}
- {event: FeeAgreed, facility: notes, fee: consent, kind: waiver, amount: "2.50", effective: 2021-01-15,
   earned: 2021-01-15}
- {event: PaymentMade, facility: notes, effective: 2021-03-01, amount: "45.00"}
"""

JOURNAL = """\
; As of 2021-03-31, as known at position 6, root ….
option "title" "Asof"

2020-01-01 open Assets:Cash
2020-01-01 open Assets:Notes:Accrued-Interest
2020-01-01 open Assets:Notes:Fees
2020-01-01 open Assets:Notes:Interest-Due
2020-01-01 open Assets:Notes:Principal
2020-01-01 open Equity:Notes:Opening
2020-01-01 open Income:Notes:Fees
2020-01-01 open Income:Notes:Interest

; notes
2020-01-01 * "opened" "notes"
  positions: "1"
  Assets:Notes:Principal  1000.00 USD
  Equity:Notes:Opening  -1000.00 USD
2020-07-01 * "interest due" "notes"
  Assets:Notes:Interest-Due  30.00 USD
  Income:Notes:Interest  -30.00 USD
2020-07-01 * "PaymentMade" "notes"
  positions: "3"
  Assets:Cash  30.00 USD
  Assets:Notes:Interest-Due  -30.00 USD
2021-01-01 * "interest due" "notes"
  positions: "4"
  Assets:Notes:Interest-Due  30.00 USD
  Income:Notes:Interest  -30.00 USD
2021-01-15 * "FeeAgreed" "notes"
  positions: "5"
  Assets:Notes:Fees  2.50 USD
  Income:Notes:Fees  -2.50 USD
2021-03-01 * "PaymentMade" "notes"
  positions: "6"
  Assets:Cash  45.00 USD
  Assets:Notes:Principal  -2.50 USD
  Assets:Notes:Accrued-Interest  -10.00 USD
  Assets:Notes:Interest-Due  -30.00 USD
  Assets:Notes:Fees  -2.50 USD
2021-03-31 * "accrued" "notes"
  Assets:Notes:Accrued-Interest  14.99 USD
  Income:Notes:Interest  -14.99 USD
2021-04-01 balance Assets:Notes:Principal  997.50 ~ 0 USD
2021-04-01 balance Assets:Notes:Accrued-Interest  4.99 ~ 0 USD
2021-04-01 balance Assets:Notes:Interest-Due  0.00 ~ 0 USD
2021-04-01 balance Assets:Notes:Fees  0.00 ~ 0 USD
"""


@pytest.fixture
def ledger(desk: Desk) -> Desk:
    """A desk with a ledger of one series of notes and an empty line."""
    desk.write("record.yaml", RECORD)
    desk("init")
    assert desk("record record.yaml").code == 0
    return desk


# --- schedule --------------------------------------------------------------------------------------------------------


def test_a_schedule_is_what_falls_due_by_the_terms_with_what_is_owed_after_it(ledger: Desk) -> None:
    rows = ledger("schedule notes --until 2022-12-31 --known 1 --format json").data
    columns = ("date", "kind", "amount", "principal", "rate", "accrued_interest")
    assert [tuple(row) for row in rows] == [columns] * 6
    assert [tuple(row.values()) for row in rows] == [
        ("2020-01-01", "advance", "1000.00", "1000.00", "0.06", "0.00"),
        ("2020-07-01", "interest", "30.00", "1000.00", "0.06", "0.00"),
        ("2021-01-01", "interest", "30.00", "1000.00", "0.06", "0.00"),
        ("2021-07-01", "interest", "30.00", "1000.00", "0.06", "0.00"),
        ("2022-01-01", "interest", "30.00", "1000.00", "0.06", "0.00"),
        ("2022-01-01", "maturity", "1000.00", "0.00", "0.06", "0.00"),
    ]


def test_a_schedule_takes_in_its_last_day_and_needs_no_date_to_be_asked_about(ledger: Desk) -> None:
    dates = [
        [row["date"] for row in ledger(f"schedule notes --until {until} --on 1999-01-01 --format json").data]
        for until in ("2019-12-31", "2020-06-30", "2020-07-01")
    ]
    assert dates == [[], ["2020-01-01"], ["2020-01-01", "2020-07-01"]]


def test_a_schedule_is_a_table_for_people(ledger: Desk) -> None:
    shown = ledger("schedule notes --until 2020-12-31").stdout.splitlines()
    assert shown[0] == "Schedule of notes until 2020-12-31, which is included"
    assert shown[4:7] == [
        "date        what        amount  principal  accrued interest    rate",
        "2020-01-01  advance   1,000.00   1,000.00              0.00  6.00 %",
        "2020-07-01  interest     30.00   1,000.00              0.00  6.00 %",
    ]


@pytest.mark.parametrize("command", ["schedule note --until 2022-01-01", "export --format beancount --facility note"])
def test_a_facility_that_is_not_in_the_record_is_refused_with_the_nearest_name(ledger: Desk, command: str) -> None:
    outcome = ledger(command)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "notes" in outcome.stderr
    assert "facility_not_found" in outcome.stderr


def test_a_schedule_needs_its_last_day(ledger: Desk) -> None:
    assert ledger("schedule notes").code == 2
    outcome = ledger("schedule notes --until 2022-02-30")
    assert outcome.code == 2
    assert "2022-02-30 is not understood" in outcome.stderr


# --- journal ---------------------------------------------------------------------------------------------------------


def bean_check(journal: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("bean-check")
    return subprocess.run([program, "--no-cache", journal], capture_output=True, text=True, check=False, timeout=60)


def complaints(journal: str) -> list[str]:
    """What Beancount finds wrong with a journal."""
    _, errors, _ = loader.load_string(journal)
    return [str(error.message) for error in errors]


def test_a_journal_has_every_posting_and_the_balance_of_every_obligation(ledger: Desk) -> None:
    journal = ledger("export --facility notes --on 2021-03-31 --format beancount").stdout
    assert re.sub("root [0-9a-f]{64}", "root …", journal) == JOURNAL


def test_a_journal_goes_to_stdout_or_to_a_file_whose_suffix_may_say_what_it_is(ledger: Desk) -> None:
    printed = ledger("export --on 2021-03-31 --format beancount").stdout
    for line in ("export -o j.beancount --on 2021-03-31", "export -o j.txt --on 2021-03-31 --format beancount"):
        outcome, file = ledger(line), line.split()[2]
        assert (outcome.stdout, outcome.stderr) == ("", f"Wrote {file}: the journal up to 2021-03-31.\n")
        assert (ledger.folder / file).read_text(encoding="utf-8") == printed


def test_bean_check_accepts_a_journal_and_refuses_one_with_a_planted_cent(ledger: Desk) -> None:
    journal = ledger("export --on 2021-03-31 --format beancount").stdout
    ledger.write("journal.beancount", journal)
    accepted = bean_check(ledger.folder / "journal.beancount")
    assert (accepted.returncode, accepted.stdout + accepted.stderr) == (0, "")
    ledger.write(
        "journal.beancount",
        journal.replace("-2.50 USD\n  Assets:Notes:Acc", "-2.51 USD\n  Assets:Notes:Acc").replace(
            "45.00 USD", "45.01 USD"
        ),
    )
    refused = bean_check(ledger.folder / "journal.beancount")
    assert refused.returncode == 1
    assert (
        "Balance failed for 'Assets:Notes:Principal': expected 997.50 USD != accumulated 997.49 USD" in refused.stderr
    )


def test_a_cent_planted_anywhere_is_refused(ledger: Desk) -> None:
    journal = ledger("export --on 2021-03-31 --format beancount").stdout
    amounts = [*re.finditer(r"(?m)^(  \S+  |\S+ balance \S+  )-?\d+\.\d(?P<cents>\d)", journal)]
    assert len(amounts) == 22
    for amount in amounts:
        other = str((int(amount["cents"]) + 1) % 10)
        at = amount.start("cents")
        assert complaints(journal[:at] + other + journal[at + 1 :]) != [], amount[0]


def test_what_is_not_stated_is_not_asserted(ledger: Desk) -> None:
    journal = ledger("export --facility line.2 --on 2021-03-31 --format beancount").stdout
    assert "; not stated: principal\n; not stated: accrued interest\n; not stated: interest due\n" in journal
    assert "Assets:Line-2:Fees  0.00 ~ 0 XXX" in journal
    assert complaints(journal) == []


@pytest.mark.parametrize("day", ["2000-02-01", "2001-09-04", "2002-11-15", "2003-07-10"])
def test_the_journal_of_the_lexington_record_is_accepted(lexington: Desk, day: str) -> None:
    journal = lexington(f"export --on {day} --format beancount").stdout
    assert journal.count(" balance ") >= 4
    assert complaints(journal) == []


def test_a_journal_is_as_known_at_one_position(ledger: Desk) -> None:
    then, now = (ledger(f"export --format beancount --on 2021-03-31 {known}").stdout for known in ("--known 4", ""))
    assert "as known at position 4" in then
    assert "2021-04-01 balance Assets:Notes:Principal  1000.00 ~ 0 USD" in then
    assert complaints(then) == []
    assert "2021-04-01 balance Assets:Notes:Principal  997.50 ~ 0 USD" in now


def test_before_anything_was_open_a_journal_is_empty_and_accepted(ledger: Desk) -> None:
    journal = ledger("export --on 2019-12-31 --format beancount").stdout
    assert " open " not in journal
    assert complaints(journal) == []
