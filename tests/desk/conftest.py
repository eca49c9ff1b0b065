"""The desk in a folder of its own: command lines go in, and what comes out is looked at."""

import json
import os
import pty
import shlex
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from click.testing import CliRunner

from desk.cli import main
from scenarios.lexington import record_files

HOUSE = Path(__file__).parents[2]
PROGRAM = ("-c", "from desk.cli import main; main(prog_name='asof')")
ENVIRONMENT = {"ASOF_DB": None, "COLUMNS": None, "FORCE_COLOR": None, "TTY_COMPATIBLE": None}


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    code: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """The result, which is JSON."""
        assert self.code in (0, 1), self.stderr
        return json.loads(self.stdout)


ENVELOPE = ("as_of", "known", "standing", "as_stood", "facilities", "offers", "findings")
"""What every report has; a report of its own kind has more."""


def envelope(report: dict[str, Any]) -> dict[str, Any]:
    """What a report has in common with every other."""
    return {name: report[name] for name in ENVELOPE}


@dataclass(frozen=True)
class Desk:
    """A folder, and commands given in it."""

    folder: Path

    def __call__(self, line: str, **environment: str) -> Outcome:
        """Run a command line within this process; a fault of the program fails the test."""
        runner = CliRunner(env={**ENVIRONMENT, **environment})
        result = runner.invoke(main, shlex.split(line), prog_name="asof", catch_exceptions=False)
        return Outcome(result.exit_code, result.stdout, result.stderr)

    def start(
        self, line: str, *options: str, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        """Run a command line as a program of its own; `options` are the interpreter's."""
        environment = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
        return subprocess.Popen(
            [sys.executable, *options, *PROGRAM, *shlex.split(line)],
            cwd=self.folder,
            env={**environment, "PYTHONPATH": str(HOUSE), "TERM": "xterm"},
            stdout=stdout,
            stderr=stderr,
        )

    def run(self, line: str, *options: str) -> Outcome:
        """Run a command line as a program of its own, to its end."""
        program = self.start(line, *options)
        stdout, stderr = program.communicate(timeout=60)
        return Outcome(program.returncode, stdout.decode(), stderr.decode())

    def run_on_a_terminal(self, line: str) -> Outcome:
        """Run a command line as a program of its own whose stderr is a terminal."""
        terminal, stderr = pty.openpty()
        program = self.start(line, stderr=stderr)
        os.close(stderr)
        told = b""
        with suppress(OSError):  # so a terminal ends
            while piece := os.read(terminal, 4096):
                told += piece
        os.close(terminal)
        assert program.stdout is not None
        with program.stdout as stdout:
            shown = stdout.read()
        return Outcome(program.wait(timeout=60), shown.decode(), told.decode())

    def write(self, name: str, text: str) -> None:
        """Put a file into the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file, byte for byte, without the two that SQLite leaves empty beside a ledger that is read-only."""
        there = {file.name: file.read_bytes() for file in self.folder.iterdir()}
        return {name: content for name, content in there.items() if not _is_left_behind(name, content)}


def _is_left_behind(name: str, content: bytes) -> bool:
    return name.endswith("-shm") or (name.endswith("-wal") and not content)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def lexington_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that holds the Lexington record."""
    folder = tmp_path_factory.mktemp("lexington")
    desk = Desk(folder)
    files = " ".join(map(str, record_files()))
    assert desk(f"init --db {folder}/asof.db").code == 0
    assert desk(f"record --migrate --db {folder}/asof.db {files}").code == 0
    return folder / "asof.db"


@pytest.fixture
def lexington(desk: Desk, lexington_ledger: Path) -> Desk:
    """A desk with the Lexington record in its ledger."""
    copy(lexington_ledger, desk.folder)
    return desk
