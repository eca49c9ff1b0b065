"""Bad input: each a sentence with the remedy and an exit code, nothing on stdout, and every file as before."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.desk.conftest import Desk

RECORD = """
- event: FacilityOpened
  facility: revolver
  effective: 2001-01-15
  name: Revolving credit
  borrowers: [borrower]
- event: WaiverGranted
  facility: revolver
  waiver: first
  effective: 2001-03-01
  reaches: [event_of_default]
  covers: [{payments: [interest], of: [notes]}]
  ends: [{until: 2001-06-01}]
"""
FIXING = '{"event": "IndexFixed", "index": "prime", "rate": "0.05", "effective": "2001-02-01"}\n'
NOBODY = 65534


@pytest.fixture
def ledger(desk: Desk) -> Desk:
    """A desk with a facility and a waiver in its ledger."""
    desk.write("record.yaml", RECORD)
    assert desk("init").code == 0
    assert desk("record record.yaml").code == 0
    return desk


def refused(desk: Desk, line: str, *, code: int = 2) -> str:
    """The whole message of a command that is refused, and that changes nothing."""
    before = desk.files()
    outcome = desk(line)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert desk.files() == before
    return outcome.stderr


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_misspelt_field_is_told_with_its_line_and_what_it_is_like(ledger: Desk) -> None:
    ledger.write("bad.yaml", "- event: WaiverExtended\n  waiver: first\n  efective: 2001-05-01\n  until: 2001-07-01\n")
    assert refused(ledger, "record bad.yaml") == (
        "bad.yaml:1: effective: found nothing, allowed is a date as YYYY-MM-DD, such as 2001-07-31\n"
        "bad.yaml:3: efective: found an unknown field, allowed is `effective`, which is like it; "
        "also `at`, `known_at`, `key`, `source`, `standing`, `note` or `through`\n"
        "Nothing was taken from the files, for these 2 faults. Correct them, and try again. [faults_in_files]\n"
    )


def test_a_number_is_no_amount(ledger: Desk) -> None:
    ledger.write(
        "bad.yaml", "- event: BalanceStated\n  facility: revolver\n  effective: 2001-02-01\n  principal: 80000.00\n"
    )
    assert refused(ledger, "record bad.yaml") == (
        "bad.yaml:4: principal: found 80000.00 (a number), "
        'allowed is a decimal in quotation marks, not negative, such as "80000.00"\n'
        "Nothing was taken from the files, for this fault. Correct it, and try again. [faults_in_files]\n"
    )


def test_an_end_is_until_a_day_or_through_it_and_not_both(ledger: Desk) -> None:
    ledger.write(
        "bad.yaml",
        "- {event: WaiverExtended, waiver: first, effective: 2001-05-01, until: 2001-07-01, through: 2001-06-30}\n",
    )
    assert refused(ledger, "record bad.yaml") == (
        "bad.yaml:1: found `until` and `through`, allowed is exactly one of `until`, `through`\n"
        "Nothing was taken from the files, for this fault. Correct it, and try again. [faults_in_files]\n"
    )


def test_a_date_that_does_not_exist_is_told_wherever_it_stands(ledger: Desk) -> None:
    ledger.write(
        "bad.yaml",
        "- event: PaymentMissed\n  facility: revolver\n  of: interest\n  effective: 2001-02-30\n  due: 2001-02-30\n",
    )
    assert refused(ledger, "record bad.yaml") == (
        'bad.yaml:4: effective: found "2001-02-30", allowed is a date of the calendar; this one does not exist\n'
        'bad.yaml:5: due: found "2001-02-30", allowed is a date of the calendar; this one does not exist\n'
        "Nothing was taken from the files, for these 2 faults. Correct them, and try again. [faults_in_files]\n"
    )


def test_a_file_that_was_cut_in_the_middle_is_not_taken_in_part(ledger: Desk) -> None:
    ledger.write("cut.jsonl", FIXING + FIXING[:40])
    ledger.write("cut.yaml", f'- {FIXING}- event: IndexFixed\n  index: prime\n  rate: "0.0')
    assert refused(ledger, "record cut.jsonl cut.yaml") == (
        "cut.jsonl:2: found the end of the line within the object, allowed is one whole JSON object a line\n"
        "cut.yaml:4: found the end of the file within what begins on line 4, "
        "allowed is a file that is whole, with every quotation mark and bracket closed\n"
        "Nothing was taken from the files, for these 2 faults. Correct them, and try again. [faults_in_files]\n"
    )


def test_the_faults_of_all_files_are_told_together(ledger: Desk) -> None:
    ledger.write("empty.yaml", "")
    ledger.write("notes.txt", "some notes")
    assert refused(ledger, "record empty.yaml notes.txt missing.yaml") == (
        "empty.yaml: found no fact, allowed is at least one\n"
        "notes.txt: found the suffix `.txt`, allowed is `.yaml`, `.yml`, `.jsonl`, `.csv` or `.parquet`\n"
        "missing.yaml: found nothing that can be read (No such file or directory), allowed is a file of facts\n"
        "Nothing was taken from the files, for these 3 faults. Correct them, and try again. [faults_in_files]\n"
    )


def test_for_programs_faults_are_one_json_object_on_one_line_of_stderr(ledger: Desk) -> None:
    ledger.write(
        "bad.yaml", "- event: BalanceStated\n  facility: revolver\n  effective: 2001-02-01\n  principal: 80000.00\n"
    )
    told = refused(ledger, "record bad.yaml --format json")
    assert told.count("\n") == 1
    assert json.loads(told) == {
        "error": {
            "code": "faults_in_files",
            "asked": "Nothing was taken from the files, for this fault.",
            "forbidden_by": None,
            "remedy": "Correct it, and try again.",
            "where": None,
            "faults": [
                {
                    "file": "bad.yaml",
                    "line": 4,
                    "field": "principal",
                    "found": "80000.00 (a number)",
                    "allowed": 'a decimal in quotation marks, not negative, such as "80000.00"',
                }
            ],
        }
    }


# --- facts -----------------------------------------------------------------------------------------------------------


def missed(ledger: Desk, facility: str, day: str) -> None:
    ledger.write(
        "bad.yaml",
        "- {event: IndexFixed, index: prime, rate: '0.05', effective: 2001-02-01}\n"
        f"- {{event: PaymentMissed, facility: {facility}, of: interest, due: {day}, effective: {day}}}\n",
    )


def test_a_fact_is_about_a_facility_that_was_opened(ledger: Desk) -> None:
    missed(ledger, "revolvr", "2001-02-01")
    assert refused(ledger, "record bad.yaml") == (
        "bad.yaml:2: PaymentMissed is about the facility revolvr. No facility of that name has been opened. "
        "Record its FacilityOpened first, or write revolver. [facility_unknown]\n"
    )


def test_a_fact_is_no_older_than_the_facility_that_it_is_about(ledger: Desk) -> None:
    missed(ledger, "revolver", "2001-01-14")
    assert refused(ledger, "record bad.yaml") == (
        "bad.yaml:2: PaymentMissed is effective 2001-01-14, before the facility revolver was open. "
        "FacilityOpened at position 1, effective 2001-01-15 forbids it. "
        "Correct the date, or replace the opening at position 1 by an earlier one. [before_opening]\n"
    )
    missed(ledger, "revolver", "2001-01-15")
    assert ledger("record bad.yaml").code == 0


def test_the_name_of_a_waiver_is_given_once(ledger: Desk) -> None:
    ledger.write("again.yaml", RECORD.partition("\n- event: WaiverGranted")[2].join(["- event: WaiverGranted", ""]))
    assert refused(ledger, "record again.yaml") == (
        "again.yaml:1: WaiverGranted asks for the name first. "
        "WaiverGranted at position 2, effective 2001-03-01 forbids it. "
        "Give it another name, or correct the fact at position 2. [name_taken]\n"
    )


def test_for_programs_a_refusal_names_the_fact_that_forbids(ledger: Desk) -> None:
    missed(ledger, "revolver", "2001-01-14")
    assert json.loads(refused(ledger, "record bad.yaml --format=json"))["error"] == {
        "code": "before_opening",
        "asked": "PaymentMissed is effective 2001-01-14, before the facility revolver was open.",
        "forbidden_by": {"position": 1, "event": "FacilityOpened", "effective": "2001-01-15"},
        "remedy": "Correct the date, or replace the opening at position 1 by an earlier one.",
        "where": "bad.yaml:2",
        "faults": [],
    }


def test_knowledge_is_dated_back_only_in_a_migration(ledger: Desk) -> None:
    ledger.write("back.jsonl", FIXING.replace("}", ', "known_at": "2001-02-01T12:00:00Z"}'))
    assert refused(ledger, "record back.jsonl") == (
        "back.jsonl:1: IndexFixed says that it became known at 2001-02-01T12:00:00Z. "
        "Outside a migration, a fact becomes known when it is recorded. "
        "Leave `known_at` out, or record with --migrate. [known_at_without_migration]\n"
    )


def test_knowledge_never_goes_back(desk: Desk) -> None:
    desk("init")
    for name, moment in (("late", "2001-02-02T12:00:00Z"), ("back", "2001-02-02T11:59:59Z")):
        desk.write(f"{name}.jsonl", FIXING.replace("}", f', "known_at": "{moment}"}}'))
    assert desk("record --migrate late.jsonl").code == 0
    assert refused(desk, "record --migrate back.jsonl") == (
        "back.jsonl:1: IndexFixed says that it became known at 2001-02-02T11:59:59Z, "
        "before the ledger's last fact did, at 2001-02-02T12:00:00Z. "
        "IndexFixed at position 1, effective 2001-02-01 forbids it. "
        "Correct `known_at`, leave it out, or migrate all of the history into a new ledger together. "
        "[known_at_goes_back]\n"
    )


def test_in_a_migration_the_fact_refused_is_found_though_facts_are_sorted(desk: Desk) -> None:
    desk("init")
    desk.write("first.jsonl", FIXING.replace("}", ', "known_at": "2001-02-03T12:00:00Z"}'))
    desk.write("second.jsonl", '{"event": "DefaultRateEnded", "facility": "cit", "effective": "2001-02-01"}\n')
    assert refused(desk, "record --migrate second.jsonl first.jsonl") == (
        "second.jsonl:1: DefaultRateEnded is about the facility cit. No facility of that name has been opened. "
        "Record its FacilityOpened first. [facility_unknown]\n"
    )


def test_what_is_assumed_passes_the_rules_of_what_is_recorded(ledger: Desk) -> None:
    missed(ledger, "revolvr", "2001-02-01")
    assert refused(ledger, "what-if bad.yaml") == (
        "bad.yaml:2: PaymentMissed is about the facility revolvr. No facility of that name has been opened. "
        "Record its FacilityOpened first, or write revolver. [facility_unknown]\n"
    )


def test_what_is_assumed_was_known_at_no_moment(ledger: Desk) -> None:
    ledger.write("known.jsonl", FIXING + FIXING.replace("}", ', "known_at": "2001-02-01T12:00:00Z"}'))
    assert refused(ledger, "what-if known.jsonl") == (
        "known.jsonl:2: IndexFixed says that it became known at 2001-02-01T12:00:00Z. "
        "What is assumed is known to nobody. Leave `known_at` out. [known_at_assumed]\n"
    )


# --- the store -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    ["record record.yaml", "log", "report", "show cit", "timeline cit", "findings", "what-if record.yaml", "verify"],
)
def test_without_a_ledger_nothing_is_made_and_the_remedy_is_init(desk: Desk, command: str) -> None:
    desk.write("record.yaml", RECORD)
    assert refused(desk, command, code=3) == (
        "There is no ledger at sqlite:///asof.db. "
        "Make one with `asof init`. Name another with --db or $ASOF_DB. [store_missing]\n"
    )


@pytest.mark.parametrize("command", ["init", "record record.yaml", "log"])
def test_a_database_of_another_program_is_left_alone(desk: Desk, command: str) -> None:
    desk.write("record.yaml", RECORD)
    with closing(sqlite3.connect("songs.db")) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    assert refused(desk, f"{command} --db songs.db", code=3) == (
        "sqlite:///songs.db is a database of another program. "
        "Nothing was written to it. Name another with --db or $ASOF_DB. [store_of_another_program]\n"
    )


def test_a_file_that_is_no_database_is_left_alone(ledger: Desk) -> None:
    assert refused(ledger, "log --db record.yaml", code=3) == (
        "sqlite:///record.yaml is no SQLite database. "
        "Name another with --db or $ASOF_DB; a file that does not exist yet becomes a ledger with `asof init`. "
        "[store_not_a_database]\n"
    )


def test_a_ledger_is_not_made_anew(ledger: Desk) -> None:
    assert refused(ledger, "init") == (
        "There is a ledger at sqlite:///asof.db already, of 2 facts. "
        "It was left as it is. Record into it, or name another with --db or $ASOF_DB. [ledger_exists]\n"
    )


def test_for_programs_a_store_that_cannot_be_used_is_told_alike(desk: Desk) -> None:
    assert json.loads(refused(desk, "log --format json", code=3))["error"]["code"] == "store_missing"


@pytest.fixture
def shelf(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that an ordinary user can reach, and that user: permissions do not bind the superuser."""
    desk.write("record.yaml", RECORD)
    for line in ("init", "record record.yaml", "log"):
        desk(line)  # an ordinary user may not be able to read the modules that these load
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.chdir(folder)
        _load_what_a_command_loads_late(Path(folder))
        superuser = os.geteuid() == 0
        if superuser:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        yield Path(folder)
        if superuser:
            os.seteuid(0)


def _load_what_a_command_loads_late(folder: Path) -> None:
    """The ordinary user may not be able to read the libraries: whatever is imported at first use is imported before."""
    desk = Desk(folder)
    desk("init")
    assert desk("log").code == 0
    (folder / "asof.db").unlink()


def test_a_path_that_is_read_only_gets_no_ledger(shelf: Path) -> None:
    shelf.chmod(0o555)
    assert refused(Desk(shelf), "init", code=3) == (
        "sqlite:///asof.db cannot be opened. "
        "Check that its directory exists, that it names a file, and that you may read and write both. "
        "[store_cannot_open]\n"
    )


def test_a_ledger_that_is_read_only_takes_no_fact(shelf: Path) -> None:
    desk = Desk(shelf)
    desk.write("record.yaml", RECORD)
    desk("init")
    (shelf / "asof.db").chmod(0o444)
    assert refused(desk, "record record.yaml", code=3) == (
        "sqlite:///asof.db cannot be written: the file, its directory or its volume is read-only. "
        "Make the file and its directory writable, or copy the ledger to where you may write. [store_read_only]\n"
    )
    assert desk("log").code == 0


# --- the request -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "report --on 2001-02-30",
            "The date 2001-02-30 is not understood. Allowed is a date of the calendar; this one does not exist. "
            "[no_date]",
        ),
        (
            "report --on tomorrow",
            "The date tomorrow is not understood. Allowed is a date as YYYY-MM-DD, such as 2001-07-31. [no_date]",
        ),
        (
            "log --known 2001-08-14T12:00:00",
            "--known 2001-08-14T12:00:00 is no position, no instant with its zone, and no date. "
            "Write it like 41, 2001-08-14T12:00:00Z or 2001-08-14. [no_moment]",
        ),
        (
            "report --known 2001-02-30",
            "--known 2001-02-30 is no position, no instant with its zone, and no date. "
            "Write it like 41, 2001-08-14T12:00:00Z or 2001-08-14. [no_moment]",
        ),
        (
            "log --known 3",
            "The log was asked for as known at position 3. It ends at position 2. "
            "Ask for a position of the log, or for a moment. [no_such_position]",
        ),
        (
            "show revolvr",
            "No facility revolvr is in the record, as known at position 2. Write revolver. [facility_not_found]",
        ),
        (
            "report --facility revolver --facility mortgage",
            "No facility mortgage is in the record, as known at position 2. There is revolver. [facility_not_found]",
        ),
        (
            "timeline revolver --known 2000-01-01",
            "No facility revolver is in the record, as known at position 0. "
            "There is none yet: record a FacilityOpened, or ask with later knowledge. [facility_not_found]",
        ),
        (
            "explain revolver second --on 2001-04-01",
            "revolver has no second on 2001-04-01. There is status, rate, obligations, first. [nothing_to_explain]",
        ),
        ("explain revolver", "Missing argument 'WHAT'. See `asof explain --help`. [usage]"),
        (
            "show revolver --format xml",
            "Invalid value for '--format': 'xml' is not one of 'table', 'json'. See `asof show --help`. [usage]",
        ),
        ("--colour", "No such option '--colour'. See `asof --help`. [usage]"),
    ],
)
def test_a_request_that_cannot_be_answered_is_told_what_can_be(ledger: Desk, line: str, message: str) -> None:
    assert refused(ledger, line) == f"{message}\n"


def test_of_many_facilities_only_some_are_named(desk: Desk) -> None:
    opened = "- {{event: FacilityOpened, facility: loan-{}, name: Loan, effective: 2001-01-01, borrowers: [one]}}\n"
    desk.write("many.yaml", "".join(opened.format(number) for number in range(10, 24)))
    desk("init")
    desk("record many.yaml")
    assert refused(desk, "show mortgage") == (
        "No facility mortgage is in the record, as known at position 14. "
        f"There is {', '.join(f'loan-{number}' for number in range(10, 22))}, and 2 more. [facility_not_found]\n"
    )


@pytest.mark.parametrize("url", ["''", "sqlite://", "sqlite:///:memory:", ":memory:"])
@pytest.mark.parametrize("command", ["init", "record record.yaml", "report"])
def test_a_ledger_that_would_end_with_the_command_is_none(ledger: Desk, command: str, url: str) -> None:
    assert refused(ledger, f"{command} --db {url}", code=3) == (
        f"'{url.strip(chr(39))}' names no file, and a ledger in memory ends with the command. "
        "Name a file with --db or $ASOF_DB, such as asof.db. [store_in_memory]\n"
    )


@pytest.mark.parametrize(
    "command",
    ["export --format jsonl", "export --format parquet", "export --format beancount", "report --format csv"],
)
def test_a_result_takes_the_place_of_no_ledger(ledger: Desk, command: str) -> None:
    assert refused(ledger, f"{command} -o asof.db") == (
        "asof.db was about to be overwritten, and it is a database, perhaps a ledger. "
        "It was left as it is. Name another file with -o. [output_is_database]\n"
    )


def test_a_result_takes_the_place_of_no_key_and_of_no_checkpoint(ledger: Desk) -> None:
    ledger("seal --checkpoints .")
    checkpoint = "000000000002.checkpoint"
    for file, what in (("asof.key", "key"), ("asof.pub", "key"), (checkpoint, "checkpoint")):
        for command in (
            "report --format csv",
            "export --format jsonl",
            "export --format beancount",
            "prove 1 --checkpoints .",
        ):
            assert refused(ledger, f"{command} -o {file}") == (
                f"{file} was about to be overwritten, and it is a {what}. "
                f"It was left as it is. Name another file with -o. [output_is_{what}]\n"
            )


@pytest.mark.parametrize(
    ("command", "endings"),
    [
        ("report", ".json or .jsonl or .csv or .xlsx or .html or .pdf or .htm or .txt"),
        ("export", ".jsonl or .parquet or .beancount"),
    ],
)
def test_an_ending_that_says_of_no_format_is_told_which_do(ledger: Desk, command: str, endings: str) -> None:
    assert refused(ledger, f"{command} -o all.foo") == (
        "all.foo ends with .foo, which says of no format that it is to be written. "
        f"Write {endings}, or say the format with --format. [unknown_ending]\n"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("show ''", "An argument is empty."),
        ("withhold 'Jane Doe' '  '", "An argument is empty."),
        ("report --facility ''", "What stands behind --facility is empty."),
        ("report --facility=", "What stands behind --facility is empty."),
        ("report -o ''", "What stands behind -o is empty."),
        ("report --reproduce ''", "What stands behind --reproduce is empty."),
    ],
)
def test_an_argument_with_nothing_in_it_is_told_of(ledger: Desk, line: str, told: str) -> None:
    assert refused(ledger, line) == f"{told} See `asof --help`. [usage]\n"


def test_a_list_of_facilities_has_a_name_between_commas(ledger: Desk) -> None:
    assert refused(ledger, "report --facility line,") == (
        "--facility line, has a comma too many. See `asof report --help`. [usage]\n"
    )


def test_nothing_falls_where_nothing_is_recorded(desk: Desk) -> None:
    desk("init")
    assert refused(desk, "contagion line") == (
        "The what-if asks about the facility line. The record, as known and as assumed, has none of that name. "
        "There is none yet: record a FacilityOpened, or ask with later knowledge. [facility_not_found]\n"
    )


@pytest.mark.parametrize("command", ["prove 1", "replay", "seal"])
def test_a_file_is_no_folder_of_checkpoints(ledger: Desk, command: str) -> None:
    ledger("seal --checkpoints .")
    assert refused(ledger, f"{command} --checkpoints asof.pub") == (
        "asof.pub is a file, and checkpoints are kept in a folder. Name the folder with --checkpoints. A single "
        "checkpoint is compared by `asof verify --checkpoint`. [no_folder]\n"
    )
