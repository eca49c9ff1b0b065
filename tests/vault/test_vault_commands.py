"""Copies, exports, rejects, replays and answers had again, from the command line."""

import json
import os
import pty
import signal
import sys

import pytest

from desk import options
from tests.desk.conftest import Desk
from tests.vault.conftest import Asof, fixings

HISTORY = """
- {event: DocumentFiled, effective: 1999-02-01, document: loan, title: Agreement, known_at: 1999-02-02T12:00:00Z}
- event: FacilityOpened
  effective: 1999-02-01
  facility: cit
  name: CIT revolver “A”
  borrowers: [LPC]
  principal: "100000.00"
  rate: {fixed: "0.08"}
  day_count: 30/360 US
  known_at: 1999-02-02T12:00:00Z
  key: opening
- event: IndexFixed
  effective: 2001-09-17
  at: "17:00 America/New_York"
  known_at: 2001-09-18T00:00:00Z
  index: prime
  rate: "0.06"
- event: FactReplaced
  key: opening
  reason: misread
  by: {event: FacilityOpened, effective: 1999-02-01, facility: cit, name: CIT, borrowers: [LPC]}
"""


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_ledger_is_copied_and_restored(asof: Asof, desk: Desk) -> None:
    copied = asof("backup copy.db")
    assert (copied.code, copied.stdout) == (0, "")
    assert copied.stderr.startswith("Copied to copy.db: position 3, root ")
    restored = desk("restore copy.db --db restored.db")
    assert restored.stderr.startswith("Restored to sqlite:///restored.db: position 3, root ")
    assert desk("log --db restored.db --format json").stdout == asof("log --format json").stdout


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://alice:secret@host:5432/loans", "postgresql+psycopg://alice:***@host:5432/loans"),
        ("postgresql+psycopg://alice@host/loans", "postgresql+psycopg://alice@host/loans"),
        ("sqlite:////srv/a:b@c.db", "sqlite:////srv/a:b@c.db"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    assert options.shown(url) == shown


def test_a_ledger_that_is_up_to_date_needs_no_upgrade(asof: Asof) -> None:
    outcome = asof("upgrade")
    assert (outcome.code, outcome.stderr) == (0, "The ledger is in format 2 already.\n")


# --- export ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_what_is_exported_makes_a_ledger_of_the_same_root(desk: Desk, url: str, suffix: str) -> None:
    desk.write("history.yaml", HISTORY)
    desk("init", ASOF_DB=url)
    recorded = desk("record --migrate history.yaml --format json", ASOF_DB=url)
    assert recorded.data["recorded"] == 4
    assert desk(f"export -o log.{suffix}", ASOF_DB=url).stderr.startswith(f"Wrote log.{suffix}: position 4, root ")
    desk("init --db again.db")
    again = desk(f"record --migrate log.{suffix} --db again.db --format json").data
    assert (again["root"], again["position"]) == (recorded.data["root"], 4)


def test_a_parquet_export_has_columns_to_ask_of(asof: Asof, desk: Desk) -> None:
    from pyarrow import parquet

    asof("export -o log.parquet")
    table = parquet.read_table(desk.folder / "log.parquet")
    assert table.column("position").to_pylist() == [1, 2, 3]
    assert table.column("event").to_pylist() == ["FacilityOpened", "ActTaken", "IndexFixed"]
    assert table.column("subject").to_pylist() == ["facility/cit", "facility/cit", "index/prime"]


def test_an_export_goes_to_standard_output_line_by_line(asof: Asof) -> None:
    outcome = asof("export")
    assert [json.loads(line)["event"] for line in outcome.stdout.splitlines()] == [
        "FacilityOpened",
        "ActTaken",
        "IndexFixed",
    ]
    assert outcome.stderr.startswith("Wrote standard output: position 3, root ")
    assert asof("export --format jsonl -o -").stdout == outcome.stdout


def test_the_format_that_is_said_goes_before_the_ending_of_the_file(asof: Asof, desk: Desk) -> None:
    asof("export --format parquet -o log.jsonl")
    assert (desk.folder / "log.jsonl").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize("part", ["--known 2", "--on 2001-01-01", "--facility cit", "--as-stood", "--standing stated"])
@pytest.mark.parametrize("form", ["", "--format parquet -o log.parquet"])
def test_an_export_of_facts_has_all_of_them_or_is_refused(asof: Asof, desk: Desk, part: str, form: str) -> None:
    outcome = asof(f"export {form} {part}")
    assert (outcome.code, outcome.stdout) == (2, "")
    option = {"--facility": "--facilities"}.get(part.split()[0], part.split()[0])
    sentence = f"An export of facts has all of them, and {option} asks for a part. That is for a journal: --format"
    assert sentence in " ".join(outcome.stderr.split())
    assert not (desk.folder / "log.parquet").exists()


def test_an_export_that_cannot_be_written_leaves_nothing(asof: Asof) -> None:
    outcome = asof("export -o nowhere/log.jsonl")
    assert (outcome.code, outcome.stderr) == (
        2,
        "nowhere/log.jsonl cannot be written: No such file or directory. Name a file, with -o, in a directory that is "
        "there and may be written to. [output_unwritable]\n",
    )


def test_what_is_exported_was_known_when_it_was_known(asof: Asof, desk: Desk) -> None:
    asof("export -o log.jsonl")
    again = "--db again.db --format json"
    desk(f"init {again}")
    refused = desk(f"record log.jsonl {again}")
    assert (refused.code, "known_at_without_migration" in refused.stderr) == (2, True)
    desk(f"record --migrate log.jsonl {again}")
    known = [line["known_at"] for line in asof("log --format json").data]
    assert [line["known_at"] for line in desk(f"log {again}").data] == known


def test_a_file_that_only_looks_like_parquet_is_told(asof: Asof, desk: Desk) -> None:
    desk.write("log.parquet", "no")
    outcome = asof("record log.parquet")
    assert outcome.code == 2
    assert "log.parquet: found what is no Parquet" in outcome.stderr


def test_a_parquet_file_without_facts_is_told(asof: Asof, desk: Desk) -> None:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"rate": ["0.06"]}), desk.folder / "rates.parquet")
    outcome = asof("record rates.parquet")
    assert outcome.stderr.startswith(
        "rates.parquet: found no column `record`, allowed is a Parquet file with a column `record` of text\n"
    )
    parquet.write_table(pyarrow.table({"record": [1, 2]}), desk.folder / "numbers.parquet")
    assert "numbers.parquet:1: found" in asof("record numbers.parquet").stderr


def test_without_pyarrow_there_is_no_parquet_and_all_else(
    asof: Asof, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asof("export -o log.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    outcome = asof("export -o again.parquet")
    assert (outcome.code, outcome.stderr) == (
        2,
        "What writes Parquet is not installed. Run pip install -e '.[parquet]' at the root of the checkout, or export "
        "as JSON Lines. [no_parquet]\n",
    )
    read = asof("record log.parquet").stderr
    assert "and nothing that reads one, allowed is its reader: pip install -e '.[parquet]' at the root of" in read
    assert asof("export -o log.jsonl").code == 0


def test_parquet_does_not_go_to_a_terminal(desk: Desk) -> None:
    desk("init")
    terminal, stdout = pty.openpty()
    program = desk.start("export --format parquet", stdout=stdout)
    os.close(stdout)
    _, stderr = program.communicate(timeout=60)
    os.close(terminal)
    assert (program.returncode, stderr.decode()) == (
        2,
        "Parquet is no text, and was about to be written to the terminal. Name a file for it, such as -o "
        "ledger.parquet, or send it to a program. [binary_to_terminal]\n",
    )


# --- recording what can be recorded ----------------------------------------------------------------------------------

MIXED = """\
{"event": "IndexFixed", "effective": "2001-09-17", "index": "libor", "rate": "0.04"}
{"event": "IndexFixed", "effective": "2001-09-31", "index": "libor", "rate": 0.04}
{"event": "BalanceStated", "effective": "2001-09-17", "facility": "nobody", "principal": "1.00"}
{"event": "IndexFixed", "effective":
{"event": "IndexFixed", "effective": "2001-09-18", "index": "libor", "rate": "0.05"}
"""


def test_without_a_place_for_rejects_a_file_is_recorded_whole_or_not_at_all(asof: Asof, desk: Desk) -> None:
    desk.write("mixed.jsonl", MIXED)
    outcome = asof("record mixed.jsonl")
    assert outcome.code == 2
    *told, summary = outcome.stderr.splitlines()
    assert [line.partition(" ")[0] for line in told] == [f"mixed.jsonl:{line}:" for line in (2, 2, 4, 3)]
    assert told[-1].endswith("[facility_unknown]")
    assert summary == (
        "Nothing was taken from the files, for these 4 faults. Correct them, and try again. [faults_in_files]"
    )
    error = json.loads(asof("record mixed.jsonl --format json").stderr)["error"]
    assert (len(error["faults"]), [each["where"] for each in error["refusals"]]) == (3, ["mixed.jsonl:3"])
    assert len(asof("log --format json").data) == 3


def test_what_may_follow_from_a_line_that_cannot_be_read_is_not_told(asof: Asof, desk: Desk) -> None:
    desk.write(
        "slip.jsonl",
        '{"event": "FacilityOpened", "effective": "2001-02-29", "facility": "new", "name": "N", "borrowers": "LPC"}\n'
        '{"event": "BalanceStated", "effective": "2001-09-17", "facility": "new", "principal": "1.00"}\n'
        '{"event": "BalanceStated", "effective": "2001-09-17", "facility": "nobody", "principal": "1.00"}\n',
    )
    *told, _ = asof("record slip.jsonl").stderr.splitlines()
    assert [line.partition(" ")[0] for line in told] == ["slip.jsonl:1:", "slip.jsonl:3:"]


def test_every_fact_that_is_refused_is_told(asof: Asof, desk: Desk) -> None:
    strangers = "".join(
        f'{{"event": "BalanceStated", "effective": "2001-09-17", "facility": "nobody-{n}", "principal": "1.00"}}\n'
        for n in range(3)
    )
    desk.write("strangers.jsonl", fixings(1) + strangers)
    outcome = asof("record strangers.jsonl")
    *refusals, summary = outcome.stderr.splitlines()
    assert [line.partition(" ")[0] for line in refusals] == [f"strangers.jsonl:{line}:" for line in (2, 3, 4)]
    assert summary == (
        "3 facts were refused, and nothing was recorded. Correct them, and record again. [several_rejected]"
    )
    error = json.loads(asof("record strangers.jsonl --format json").stderr)["error"]
    assert [each["where"] for each in error["refusals"]] == [f"strangers.jsonl:{line}" for line in (2, 3, 4)]


def test_with_a_place_for_rejects_the_good_is_recorded_and_the_bad_written_with_its_reasons(
    asof: Asof, desk: Desk
) -> None:
    desk.write("mixed.jsonl", MIXED)
    outcome = asof("record mixed.jsonl --rejects bad.jsonl --format json")
    assert (outcome.code, outcome.data["recorded"], outcome.data["rejected"]) == (1, 2, 3)
    assert outcome.stderr.endswith("3 left out, and written to bad.jsonl.\n")
    rejects = [json.loads(line) for line in (desk.folder / "bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(each["file"], each["line"], len(each["reasons"])) for each in rejects] == [
        ("mixed.jsonl", 2, 2),
        ("mixed.jsonl", 4, 1),
        ("mixed.jsonl", 3, 1),
    ]
    unreadable, cut, refused = rejects
    assert unreadable["written"]["effective"] == "2001-09-31"
    assert cut["written"] == '{"event": "IndexFixed", "effective":\n'
    assert refused["written"]["facility"] == "nobody"
    assert refused["reasons"][0].endswith("[facility_unknown]")


def test_where_nothing_is_left_out_there_is_no_file_of_rejects(asof: Asof, desk: Desk) -> None:
    desk.write("good.jsonl", fixings(2))
    assert asof("record good.jsonl --rejects bad.jsonl").code == 0
    assert not (desk.folder / "bad.jsonl").exists()


def test_rejects_take_the_place_of_nothing(asof: Asof, desk: Desk) -> None:
    desk.write("mixed.jsonl", MIXED)
    desk.write("bad.jsonl", "precious")
    outcome = asof("record mixed.jsonl --rejects bad.jsonl")
    assert (outcome.code, outcome.stderr) == (
        2,
        "There is a file at bad.jsonl already. It was left as it is. Name another with --rejects. [rejects_exist]\n",
    )
    assert (desk.folder / "bad.jsonl").read_text(encoding="utf-8") == "precious"
    assert len(asof("log --format json").data) == 3


def test_rejects_that_cannot_be_written_are_told_and_nothing_is_recorded(asof: Asof, desk: Desk) -> None:
    desk.write("mixed.jsonl", MIXED)
    outcome = asof("record mixed.jsonl --rejects nowhere/bad.jsonl")
    assert (outcome.code, outcome.stderr) == (
        2,
        "nowhere/bad.jsonl cannot be written: No such file or directory. Name a file, with --rejects, where you may "
        "write. [output_unwritable]\n",
    )
    assert len(asof("log --format json").data) == 3


def test_a_file_that_cannot_be_read_at_all_is_not_left_out_but_told(asof: Asof, desk: Desk) -> None:
    (desk.folder / "latin.jsonl").write_bytes(fixings(1).encode() + b"\xff\n")
    outcome = asof("record latin.jsonl --rejects bad.jsonl")
    assert (outcome.code, "which is no UTF-8" in outcome.stderr) == (2, True)
    assert len(asof("log --format json").data) == 3


# --- following -------------------------------------------------------------------------------------------------------


def test_the_log_is_followed_as_facts_come_in(desk: Desk, asof: Asof, url: str) -> None:
    program = desk.start(f"log --follow --db '{url}'")
    assert program.stdout is not None
    assert [json.loads(program.stdout.readline())["position"] for _ in range(3)] == [1, 2, 3]
    desk.write("more.jsonl", fixings(2))
    asof("record more.jsonl")
    assert [json.loads(program.stdout.readline())["position"] for _ in range(2)] == [4, 5]
    os.kill(program.pid, signal.SIGINT)
    _, stderr = program.communicate(timeout=60)
    assert (program.returncode, stderr.decode().strip()) == (
        130,
        "Interrupted. What a command records, it records whole or not at all. [interrupted]",
    )


# --- names -----------------------------------------------------------------------------------------------------------

JANE = """
- event: FacilityOpened
  effective: 1999-02-01
  facility: loan
  name: A loan
  borrowers: [Jane Doe, LPC]
  holders: Jane Doe
- {event: EventOccurred, effective: 2000-02-01, party: Jane Doe, kind: insolvency}
"""


def test_a_name_that_is_withheld_is_in_no_byte_that_is_hashed(asof: Asof, desk: Desk, url: str) -> None:
    commitment = asof("withhold 'Jane Doe'").stdout.split()[0]
    desk.write("jane.yaml", JANE)
    assert asof("record jane.yaml").code == 0
    opened, insolvent = (line["fact"] for line in asof("log --format json").data[3:])
    assert (opened["borrowers"], opened["holders"]) == ([commitment, "LPC"], [commitment])
    assert insolvent["party"] == commitment
    assert asof("names --format json").data[0]["name"] == "Jane Doe"


def test_a_commitment_can_be_checked_by_whoever_has_the_name_and_the_salt(asof: Asof) -> None:
    from hashlib import sha256

    asof("withhold 'Jane Doe'")
    (row,) = asof("names --format json").data
    opened = sha256(bytes.fromhex(row["salt"]) + row["name"].encode()).hexdigest()
    assert row["commitment"] == f"withheld:{opened}"


def test_a_name_has_one_commitment_and_lets_a_repeat_be_a_repeat(asof: Asof, desk: Desk) -> None:
    assert asof("withhold 'Jane Doe'").stdout == asof("withhold 'Jane Doe'").stdout
    desk.write("jane.yaml", JANE.replace("facility: loan", "facility: loan\n  key: jane"))
    asof("record jane.yaml")
    again = asof("record jane.yaml --format json")
    assert (again.data["recorded"], again.data["repeated"]) == (1, 1)


def test_a_name_that_is_forgotten_changes_no_hash(asof: Asof, desk: Desk) -> None:
    asof("withhold 'Jane Doe'")
    desk.write("jane.yaml", JANE)
    asof("record jane.yaml")
    before = asof("verify --format json").data
    outcome = asof("forget 'Jane Doe'")
    assert (outcome.code, "stands for nobody now" in outcome.stderr) == (0, True)
    assert asof("verify --format json").data == before
    assert asof("names --format json").data == []
    again = asof("forget 'Jane Doe'")
    assert (again.code, again.stderr) == (
        2,
        "Jane Doe is not withheld. `asof names` shows the names that are. [not_withheld]\n",
    )


def test_every_field_that_may_name_a_person_is_a_field_of_some_fact() -> None:
    from ledger.facts import json_schema
    from ledger.store.names import PEOPLE

    fields = {name for definition in json_schema()["$defs"].values() for name in definition.get("properties", {})}
    assert fields >= PEOPLE


# --- how far it has come ---------------------------------------------------------------------------------------------


def test_a_long_log_is_verified_copied_and_exported_with_a_bar_where_stderr_is_a_terminal(desk: Desk) -> None:
    desk("init")
    desk.write("many.jsonl", fixings(1000))
    desk("record many.jsonl")
    verified = desk.run_on_a_terminal("verify --format json")
    assert verified.data["differences"] == []
    assert "1000/1000" in verified.stderr
    copied = desk.run_on_a_terminal("backup copy.db").stderr
    assert "Checking the copy" in copied
    assert "1000/1000" in copied
    assert "1,000 facts" in desk.run_on_a_terminal("export -o many-again.jsonl").stderr
