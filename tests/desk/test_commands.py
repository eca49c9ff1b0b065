"""What each command gives: results on stdout, as JSON in the documented shapes; all else on stderr."""

import datetime as dt
import json
from hashlib import sha256

import pytest

from ledger.reading import read_text
from scenarios.lexington import WHAT_IFS, what_if_file
from tests.desk.conftest import ENVELOPE, Desk, envelope

RECORD = """
- event: FacilityOpened
  facility: revolver
  effective: 2001-01-15
  key: opening
  name: Revolving credit
  borrowers: [borrower]
- event: IndexFixed
  index: prime
  rate: "0.0600"
  effective: 2001-01-15
"""
NOTHING = sha256().hexdigest()
SUIT, HOLDER, NO_EXHIBIT_A, NO_JULY_WAIVER = (f"what-if {what_if_file(name)}" for name in WHAT_IFS)


@pytest.fixture
def ledger(desk: Desk) -> Desk:
    """A desk with an empty ledger and a record file."""
    desk.write("record.yaml", RECORD)
    desk("init")
    return desk


# --- init, record, log, verify, schema -------------------------------------------------------------------------------


def test_init_makes_an_empty_ledger(desk: Desk) -> None:
    outcome = desk("init")
    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr == "Made an empty ledger at sqlite:///asof.db.\n"
    assert list(desk.files()) == ["asof.db"]


def test_init_names_the_ledger_and_its_root(desk: Desk) -> None:
    assert desk("init --format json").data == {"db": "sqlite:///asof.db", "position": 0, "root": NOTHING}


def test_an_empty_file_becomes_a_ledger(desk: Desk) -> None:
    desk.write("asof.db", "")
    assert desk("init").code == 0
    assert desk("log --format json").data == []


@pytest.mark.parametrize("db", ["other.db", "sqlite:///other.db"])
def test_a_ledger_is_named_by_its_url_or_its_path(desk: Desk, db: str) -> None:
    assert desk(f"init --db {db} --format json").data["db"] == "sqlite:///other.db"
    assert list(desk.files()) == ["other.db"]


def test_a_ledger_is_named_by_the_environment_unless_an_option_does(desk: Desk) -> None:
    desk("init", ASOF_DB="one.db")
    desk("init --db two.db", ASOF_DB="one.db")
    desk("init", ASOF_DB="")
    assert sorted(desk.files()) == ["asof.db", "one.db", "two.db"]


def test_a_recording_is_told_in_a_sentence_that_is_no_result(ledger: Desk) -> None:
    outcome = ledger("record record.yaml")
    root = ledger("verify --format json").data["root"]
    assert (outcome.code, outcome.stdout) == (0, "")
    assert outcome.stderr == f"2 facts recorded. The ledger is at position 2, root {root[:16]}.\n"


def test_a_recording_counts_what_was_there_already(ledger: Desk) -> None:
    ledger("record record.yaml")
    outcome = ledger("record record.yaml --format json")
    root = ledger("verify --format json").data["root"]
    assert outcome.data == {"recorded": 1, "repeated": 1, "position": 3, "root": root, "dry_run": False}
    assert outcome.stderr == f"1 fact recorded, 1 there already. The ledger is at position 3, root {root[:16]}.\n"


def test_a_dry_run_decides_everything_and_records_nothing(ledger: Desk) -> None:
    before = ledger.files()
    outcome = ledger("record record.yaml --dry-run --format json")
    assert (outcome.data["recorded"], outcome.data["position"], outcome.data["dry_run"]) == (2, 2, True)
    assert outcome.stderr == "2 facts to record. Nothing was recorded: it was a dry run.\n"
    assert ledger.files() == before


def test_files_of_one_call_are_recorded_in_their_order(ledger: Desk) -> None:
    ledger.write("fixed.csv", "event,index,rate,effective\nIndexFixed,libor,0.05,2001-02-01\n")
    ledger.write("fixed.jsonl", '{"event": "IndexFixed", "index": "fed", "rate": "0.05", "effective": "2001-02-01"}\n')
    assert ledger("record fixed.csv record.yaml fixed.jsonl").code == 0
    facts = [line["fact"] for line in ledger("log --format json").data]
    assert [fact.get("index", fact["event"]) for fact in facts] == ["libor", "FacilityOpened", "prime", "fed"]


def test_the_log_gives_each_fact_as_a_record_writes_it(ledger: Desk) -> None:
    ledger("record record.yaml")
    first, second = ledger("log --format json").data
    assert list(first) == ["position", "recorded_at", "known_at", "leaf_hash", "fact"]
    assert (first["position"], second["position"]) == (1, 2)
    assert first["fact"] == {
        "event": "FacilityOpened",
        "effective": "2001-01-15",
        "known_at": first["recorded_at"],
        "key": "opening",
        "standing": "stated",
        "facility": "revolver",
        "name": "Revolving credit",
        "borrowers": ["borrower"],
        "clauses": [],
        "covenants": [],
    }
    assert (second["fact"]["rate"], len(second["leaf_hash"])) == ("0.0600", 64)


def test_the_log_as_lines_is_the_log(lexington: Desk) -> None:
    lines = lexington("log --format jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == lexington("log --format json").data


def test_the_log_can_be_recorded_again_and_is_the_same_log(lexington: Desk) -> None:
    lines = lexington("log --format json").data
    lexington.write("again.jsonl", "".join(json.dumps(line["fact"]) + "\n" for line in lines))
    lexington("init --db again.db")
    assert lexington("record again.jsonl --migrate --db again.db").code == 0
    again = lexington("log --format json --db again.db").data
    assert [line["leaf_hash"] for line in again] == [line["leaf_hash"] for line in lines]


@pytest.mark.parametrize(
    ("known", "position"),
    [
        ("0", 0),
        ("41", 41),
        ("2001-08-05", 36),
        ("2001-08-06T11:59:59Z", 36),
        ("2001-08-06T14:00:00+02:00", 48),
        ("2001-08-06", 48),
    ],
)
def test_the_log_is_shown_as_known_at_a_position_a_moment_or_the_end_of_a_day(
    lexington: Desk, known: str, position: int
) -> None:
    assert len(lexington(f"log --known {known} --format json").data) == position


def test_verify_finds_nothing_where_nothing_is_wrong(lexington: Desk) -> None:
    root = lexington("report --format json").data["known"]["root"]
    data = lexington("verify --format json").data
    assert (data["position"], data["root"], data["differences"]) == (175, root, [])
    assert lexington("verify").stdout.split() == f"Nothing differs. The ledger is at position 175, root {root}.".split()


def test_verify_ends_with_1_where_the_ledger_is_not_what_its_bytes_say(ledger: Desk) -> None:
    ledger("record record.yaml")
    file = ledger.folder / "asof.db"
    file.write_bytes(file.read_bytes().replace(b'"rate":"0.0600"', b'"rate":"0.0601"'))
    outcome = ledger("verify --format json")
    (difference,) = outcome.data["differences"]
    assert outcome.code == 1
    assert difference.startswith("The fact at position 2 has leaf_hash ")
    told = ledger("verify")
    assert (told.code, " ".join(told.stdout.split())[:40]) == (1, difference[:40])


def test_verify_says_what_is_wrong_where_a_fact_cannot_be_read(ledger: Desk) -> None:
    ledger("record record.yaml")
    file = ledger.folder / "asof.db"
    file.write_bytes(file.read_bytes().replace(b'"rate":"0.0600"', b'"rate":"0.06x0"'))
    outcome = ledger("verify --format json")
    assert (outcome.code, outcome.data["position"]) == (1, 2), "the root is that of the bytes as they are"
    assert "What is stored at position 2 is no fact as Asof writes it" in outcome.data["differences"][0]


def test_the_schema_is_that_of_every_fact(desk: Desk) -> None:
    schema = desk("schema").data
    assert desk("schema --format json").data == schema
    assert "WaiverGranted" in schema["discriminator"]["mapping"]


# --- the answers -----------------------------------------------------------------------------------------------------


def test_a_report_is_one_envelope_with_every_facility(lexington: Desk) -> None:
    report = lexington("report --on 2002-11-15 --format json").data
    assert tuple(report)[: len(ENVELOPE)] == ENVELOPE
    assert (report["as_of"], report["known"]["position"], report["standing"]) == ("2002-11-15", 175, "inferred")
    assert {each["facility"]: each["legal"] for each in report["facilities"]} == {
        "congress-lpc": "waived",
        "congress-lrg": "waived",
        "cit": "event_of_default",
        "notes-12-3-4": "no_default",
        "notes-14": "no_default",
        "notes-conv": "no_default",
        "notes-10-1-2": "no_default",
    }
    assert [offer["state"] for offer in report["offers"]] == ["expired"]


def test_one_facility_is_shown_in_the_same_envelope_with_its_own_findings_and_offers(lexington: Desk) -> None:
    whole = lexington("report --on 2002-11-15 --format json").data
    cit = lexington("show cit --on 2002-11-15 --format json").data
    notes = lexington("show notes-12-3-4 --on 2002-11-15 --format json").data
    assert cit == {
        **envelope(whole),
        "facilities": [each for each in whole["facilities"] if each["facility"] == "cit"],
        "offers": [],
        "findings": [each for each in whole["findings"] if each["facility"] == "cit"],
    }
    assert notes["offers"] == whole["offers"]


def test_a_report_may_be_of_some_facilities(lexington: Desk) -> None:
    report = lexington("report --on 2002-11-15 --facility cit --facility notes-14 --facility cit --format json").data
    assert [each["facility"] for each in report["facilities"]] == ["cit", "notes-14"]
    assert {each["facility"] for each in report["findings"]} == {"cit", "notes-14"}


def test_a_report_is_on_today_unless_a_date_is_given(lexington: Desk) -> None:
    before = dt.datetime.now(dt.UTC).astimezone().date()
    as_of = dt.date.fromisoformat(lexington("report --format json").data["as_of"])
    assert before <= as_of <= dt.datetime.now(dt.UTC).astimezone().date()


@pytest.mark.parametrize(
    ("known", "legal"),
    [("2001-08-05", "no_default"), ("2001-08-06", "event_of_default"), ("2001-08-14", "waived")],
)
def test_status_hangs_on_what_was_known(lexington: Desk, known: str, legal: str) -> None:
    (cit,) = lexington(f"show cit --on 2001-08-01 --known {known} --format json").data["facilities"]
    assert cit["legal"] == legal


@pytest.mark.parametrize(
    ("standing", "legal"), [("stated", "no_default"), ("inferred", "waived"), ("recited", "event_of_default")]
)
def test_status_hangs_on_which_facts_count(lexington: Desk, standing: str, legal: str) -> None:
    report = lexington(f"show congress-lrg --on 2003-07-09 --standing {standing} --format json").data
    assert (report["standing"], report["facilities"][0]["legal"]) == (standing, legal)


def test_as_stood_leaves_out_what_had_not_been_executed(lexington: Desk) -> None:
    report = lexington("show congress-lpc --on 2002-11-15 --as-stood --format json").data
    (congress,) = report["facilities"]
    assert (report["as_stood"], congress["legal"]) == (True, "event_of_default")
    assert "congress-lpc-2002-10" not in [waiver["waiver"] for waiver in congress["waivers"]]


def test_findings_are_those_of_the_report(lexington: Desk) -> None:
    report = lexington("report --on 2002-11-15 --format json").data
    findings = lexington("findings --on 2002-11-15 --format json").data
    of_notes = lexington("findings --on 2002-11-15 --facility notes-14 --format json").data
    assert findings == {name: report[name] for name in ("as_of", "known", "standing", "as_stood", "findings")}
    assert {each["facility"] for each in of_notes["findings"]} == {"notes-14"}


def test_a_timeline_has_a_row_for_each_stretch_of_time(lexington: Desk) -> None:
    timeline = lexington("timeline cit --format json").data
    assert list(timeline) == ["facility", "known", "standing", "as_stood", "rows"]
    assert [(row["from"], row["until"], row["legal"]) for row in timeline["rows"]] == [
        ("1997-03-19", "2000-02-01", "no_default"),
        ("2000-02-01", "2000-05-01", "waived"),
        ("2000-05-01", "2001-07-31", "event_of_default"),
        ("2001-07-31", "2001-11-01", "waived"),
        ("2001-11-01", None, "event_of_default"),
    ]


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("status", "event_of_default"),
        ("cit-2001-07", "expired"),
        ("cit/notes/notes-12-3-4/principal/2000-02-01", "continuing"),
        ("rate", None),
        ("obligations", None),
    ],
)
def test_whatever_has_a_name_can_be_explained(lexington: Desk, what: str, answer: str | None) -> None:
    explained = lexington(f"explain cit {what} --on 2001-11-01 --format json").data
    assert (explained["facility"], explained["what"], explained["as_of"]) == ("cit", what, "2001-11-01")
    assert (explained["standing"], explained["answer"]) == ("inferred", answer)
    assert all(step["sentence"] for step in explained["steps"])


@pytest.mark.parametrize(
    ("facility", "what", "on", "answer"),
    [
        ("congress-lpc", "rate", "2003-01-03", "0.0525"),
        ("notes-12-3-4", "obligations", "2001-09-04", "34722437.75"),
        ("cit", "obligations", "2001-09-04", "not stated"),
        ("cit", "status", "2001-11-01", "Event of Default"),
    ],
)
def test_an_explanation_begins_with_the_answer(lexington: Desk, facility: str, what: str, on: str, answer: str) -> None:
    told = lexington(f"explain {facility} {what} --on {on}").stdout
    assert told.splitlines()[0] == f"{what} of {facility} on {on}: {answer}"


def test_the_log_names_what_a_correction_is_about(ledger: Desk) -> None:
    ledger.write("void.yaml", "- {event: FactVoided, key: opening, reason: Never opened.}\n")
    ledger.write("voids.yaml", "- {event: FactVoided, position: 2, reason: Another rate.}\n")
    ledger("record record.yaml void.yaml voids.yaml")
    assert [line.split()[-1] for line in ledger("log").stdout.splitlines()[3:]] == ["opening", "2"]


@pytest.mark.parametrize(("on", "legal"), [("2001-09-14", []), ("2001-09-15", ["waived", "event_of_default"])])
def test_a_suit_ends_a_waiver_from_its_day_on(lexington: Desk, on: str, legal: list[str]) -> None:
    differences = lexington(f"{SUIT} --on {on} --format json").data["differences"]
    of_legal = [each for each in differences if (each["facility"], each["what"]) == ("cit", "legal")]
    assert [value for each in of_legal for value in (each["as_is"], each["as_would_be"])] == legal


def test_a_what_if_names_what_was_assumed_as_a_record_writes_it(lexington: Desk) -> None:
    what_if = lexington(f"{SUIT} --on 2001-09-15 --format json").data
    (act,) = what_if["assumed"]
    assert (act["event"], act["act"], "known_at" in act) == ("ActTaken", "trustee-suit-2001-09-15", False)
    assert read_text(json.dumps(act) + "\n", "assumed.jsonl")[0].line == 1
    assert what_if["as_is"] == envelope(lexington("report --on 2001-09-15 --format json").data)
    assert (what_if["as_would_be"]["as_of"], what_if["known"]["position"]) == ("2001-09-15", 175)


def test_a_what_if_is_laid_on_what_was_known(lexington: Desk) -> None:
    what_if = lexington(f"{SUIT} --on 2001-09-15 --known 2001-08-06 --format json").data
    assert what_if["known"]["position"] == 48
    assert [each["what"] for each in what_if["differences"]] == []


def test_a_what_if_says_that_nothing_differs(lexington: Desk) -> None:
    assert lexington(f"{HOLDER} --on 2002-11-20 --format json").data["differences"] == []
    assert "Nothing differs on 2002-11-20." in lexington(f"{HOLDER} --on 2002-11-20").stdout


@pytest.mark.parametrize(
    "command",
    [
        "log",
        "show cit",
        "report",
        "timeline cit",
        "explain cit status",
        "findings",
        SUIT,
        NO_EXHIBIT_A,
        NO_JULY_WAIVER,
        "verify",
    ],
)
def test_answering_leaves_the_ledger_byte_for_byte(lexington: Desk, command: str) -> None:
    before = lexington.files()
    assert lexington(command).code == 0
    assert {file.name for file in lexington.folder.iterdir()} == {"asof.db"}
    assert lexington.files() == before


@pytest.mark.parametrize(
    "command", ["log", "show cit", "report", "timeline cit", "explain cit status", "findings", SUIT, "verify"]
)
def test_the_same_request_gives_the_same_bytes(lexington: Desk, command: str) -> None:
    once, again = (lexington(f"{command} --format json").stdout for _ in range(2))
    assert once == again
    assert once.endswith("\n")
    assert "\x1b" not in once


# --- the demonstration -----------------------------------------------------------------------------------------------


def test_the_demonstration_records_lexington_once_and_asks_four_questions(desk: Desk) -> None:
    first = desk("demo --format json")
    ledger = desk.files()["asof-demo.db"]
    assert list(first.data) == ["report", "timeline", "what_if", "explain"]
    assert desk("demo --format json").stdout == first.stdout
    assert desk.files() == {"asof-demo.db": ledger}


def test_the_demonstration_gives_what_its_commands_give(desk: Desk) -> None:
    shown = desk("demo --format json").data
    for name, command in {
        "report": "report --facility congress-lpc --facility notes-12-3-4 --on 2002-11-15",
        "timeline": "timeline cit",
        "what_if": f"{SUIT} --on 2001-09-15",
        "explain": "explain cit status --on 2001-11-01",
    }.items():
        answer = desk(f"{command} --db asof-demo.db --format json").data
        assert (envelope(answer) if name == "report" else answer) == shown[name]


def test_the_demonstration_touches_no_other_ledger(desk: Desk) -> None:
    desk.write("record.yaml", RECORD)
    desk("init --db asof-demo.db")
    desk("record --db asof-demo.db record.yaml")
    before = desk.files()
    outcome = desk("demo")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == (
        "asof-demo.db is a ledger of other facts. "
        "Move ./asof-demo.db away, or run the demonstration in another directory, where you may write. "
        "[not_the_demonstration]\n"
    )
    assert desk.files() == before


def test_the_demonstration_touches_no_other_database(desk: Desk) -> None:
    desk.write("asof-demo.db", "no database at all")
    outcome = desk("demo")
    assert (outcome.code, outcome.stdout) == (3, "")
    assert outcome.stderr == (
        "sqlite:///asof-demo.db is no SQLite database. "
        "Move ./asof-demo.db away, or run the demonstration in another directory, where you may write. "
        "[store_not_a_database]\n"
    )
