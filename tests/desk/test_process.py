"""The desk as a program of its own: quick to start, quiet when cut off, honest about Ctrl-C and progress."""

import os
import shlex
import signal
import subprocess
import sys

import pytest

from tests.desk.conftest import HOUSE, PROGRAM, Desk

SLOW_TO_LOAD = {"sqlalchemy", "eventsourcing", "pydantic", "QuantLib", "ruamel", "rich"}
FIXING = '{{"event": "IndexFixed", "index": "index-{}", "rate": "0.05", "effective": "2001-02-01"}}\n'


@pytest.mark.parametrize("line", ["", "--help", "--version", "report --help", "record --help", "reprot"])
def test_help_loads_nothing_that_is_slow(desk: Desk, line: str) -> None:
    loading = desk.run(line, "-X", "importtime").stderr.splitlines()
    modules = {told.rpartition("|")[2].strip() for told in loading if told.startswith("import time:")}
    assert "desk.options" in modules
    assert {module.partition(".")[0] for module in modules} & SLOW_TO_LOAD == set()


def test_without_a_command_there_is_help(desk: Desk) -> None:
    assert desk.run("").stdout == desk.run("--help").stdout
    assert desk.run("").code == 0


def test_help_says_of_each_command_in_a_whole_sentence_what_it_does(desk: Desk) -> None:
    commands = desk.run("--help").stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert len(commands) > 20
    assert [line for line in commands if line.endswith("...") or not line.endswith(".")] == []


def test_the_version_is_that_of_the_distribution(desk: Desk) -> None:
    assert desk.run("--version").stdout == "asof 0.1.0\n"


def test_a_shell_is_given_its_completion(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ASOF_COMPLETE", "bash_source")
    assert "complete -o nosort -F _asof_completion asof" in desk.run("").stdout


def test_a_program_answers_as_the_command_does_within_this_one(lexington: Desk) -> None:
    line = "report --on 2002-11-15"
    assert lexington.run(line) == lexington(line)
    assert lexington.run(f"{line} --format json") == lexington(f"{line} --format json")


@pytest.mark.parametrize("form", ["table", "json", "jsonl"])
def test_a_reader_who_goes_away_ends_the_program_quietly(desk: Desk, form: str) -> None:
    desk.write("many.jsonl", "".join(FIXING.format(number) for number in range(2000)))
    desk("init")
    desk("record many.jsonl")
    program = desk.start(f"log --format {form}")
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.readline()
    program.stdout.close()
    with program.stderr as stderr:
        assert stderr.read() == b""
    assert program.wait(timeout=60) == 141


def test_ctrl_c_ends_with_a_sentence_and_records_nothing(desk: Desk) -> None:
    desk("init")
    before = desk.files()
    os.mkfifo(desk.folder / "endless.jsonl")
    program = desk.start("record endless.jsonl")
    with (desk.folder / "endless.jsonl").open("w", encoding="utf-8") as endless:  # opens once it is read
        endless.write(FIXING.format(0))
        endless.flush()
        program.send_signal(signal.SIGINT)
        stdout, stderr = program.communicate(timeout=60)
    assert (program.returncode, stdout) == (130, b"")
    assert stderr.decode().strip() == (
        "Interrupted. What a command records, it records whole or not at all. [interrupted]"
    )
    (desk.folder / "endless.jsonl").unlink()
    assert desk.files() == before


def test_progress_is_shown_where_stderr_is_a_terminal(desk: Desk) -> None:
    desk.write("many.jsonl", "".join(FIXING.format(number) for number in range(2500)))
    desk("init")
    outcome = desk.run_on_a_terminal("record many.jsonl --format json")
    assert outcome.data["recorded"] == 2500
    assert "2,500 facts" in outcome.stderr
    assert " a second" in outcome.stderr
    assert "2,500 facts recorded." in outcome.stderr


def test_no_progress_is_shown_where_stderr_is_no_terminal(desk: Desk) -> None:
    desk.write("many.jsonl", "".join(FIXING.format(number) for number in range(2500)))
    desk("init")
    outcome = desk.run("record many.jsonl")
    assert (outcome.stdout, outcome.stderr.count(" a second")) == ("", 0)
    assert outcome.stderr.startswith("2,500 facts recorded. The ledger is at position 2500, root ")


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_result_that_cannot_be_written_is_told(lexington: Desk, form: str) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    program = lexington.start(f"log --format {form}", stdout=full)
    _, stderr = program.communicate(timeout=60)
    os.close(full)
    assert program.returncode == 3
    assert b"The result cannot be written: No space left on device." in stderr
    assert stderr.count(b"\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_what_goes_to_a_closed_stream_goes_nowhere(lexington: Desk, closed: str) -> None:
    before = lexington.files()
    program = shlex.join([sys.executable, *PROGRAM, "findings", "--on", "2002-11-15"])
    environment = {**os.environ, "PYTHONPATH": str(HOUSE), "ASOF_DB": "sqlite:///asof.db"}
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{program} {closed}"],
        cwd=lexington.folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr, bool(ran.stdout)) == (0, b"", closed == "2>&-")
    assert lexington.files() == before
