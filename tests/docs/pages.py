"""The pages of README.md and docs/ as tests: what they show is run, and comes out as they show it.

Each `##` section of a page begins in an empty folder. A block of `yaml` is recorded in the ledger there, `asof.db`; a
block of any language with a file's name behind it becomes that file; the commands of a `console` block are run, and
what they print has to be what stands below them. A line `...` stands for any lines, `…` in a line for any text.

`python -m tests.docs.pages` writes below each command what it prints now.
"""

import datetime as dt
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from desk.cli import main
from ledger.book import Book
from ledger.reading import read_text

HOUSE = Path(__file__).parents[2]
PAGES = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]

RECORDED = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
_BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_ANY_LINES = r"(?:.*\n)*?"
_ENVIRONMENT = {"ASOF_DB": "sqlite:///asof.db", "COLUMNS": "100"}


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading."""

    page: Path
    title: str
    text: str

    def __str__(self) -> str:
        """Where it is."""
        return f"{self.page.name}: {self.title}"

    @property
    def runs(self) -> bool:
        """Whether there is a command in it."""
        return any(block["language"] == "console" for block in _BLOCK.finditer(self.text))

    def run(self) -> Iterator[tuple[str, str]]:
        """What stands below each command, and what it printed; in the folder that the section begins in."""
        environment = dict(_ENVIRONMENT)
        Path("scenarios").symlink_to(HOUSE / "scenarios")  # pages name its files from the root of the checkout
        for block in _BLOCK.finditer(self.text):
            if block["file"]:
                Path(block["file"]).write_text(block["text"], encoding="utf-8")
            elif block["language"] == "yaml":
                with Book.open(environment["ASOF_DB"], create=True) as book:
                    book.record((each.fact for each in read_text(block["text"])), now=RECORDED)
            elif block["language"] == "console":
                for command, shown in _commands(block["text"]):
                    yield shown, _printed(command, environment)

    def as_it_runs(self) -> str:
        """The section with what its commands print now, where that differs."""
        printed = iter([shown if agrees(shown, now) else now for shown, now in self.run()])

        def console(block: re.Match[str]) -> str:
            if block["language"] != "console":
                return block[0]
            commands = (f"$ {command}\n{next(printed)}" for command, _ in _commands(block["text"]))
            return "```console\n" + "\n".join(commands) + "```"

        return _BLOCK.sub(console, self.text)


def sections(page: Path) -> list[Section]:
    """The sections of a page; what comes before the first heading is one, too."""
    parts = re.split(r"^(?=## )", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Section(page, part.partition("\n")[0].removeprefix("## "), part) for part in parts]


def agrees(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed, but for what it leaves out."""
    lines = (_ANY_LINES if line == "..." else re.escape(line).replace("…", ".*") + "\n" for line in shown.splitlines())
    return re.fullmatch("".join(lines), printed) is not None


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what stands below it up to the next one."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, "\n".join([*shown.strip("\n").split("\n"), ""]) if shown.strip() else ""


def _printed(command: str, environment: dict[str, str]) -> str:
    """What a command prints; an `export` holds for those after it."""
    program, *arguments = shlex.split(command)
    if program == "export":
        for argument in arguments:
            name, _, value = argument.partition("=")
            environment[name] = value
        return ""
    if program == "asof":
        outcome = CliRunner().invoke(main, arguments, prog_name="asof", env=environment)
        if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        return outcome.output
    assert program == "python3", command
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as told:  # so that no page shows what a process is told once of SQLite's version
        Book.open(f"sqlite:///{told}/ledger.db", create=True).close()
    for page in PAGES:
        written = []
        for section in sections(page):
            with tempfile.TemporaryDirectory() as folder, chdir(folder):
                written.append(section.as_it_runs())
        page.write_text("".join(written), encoding="utf-8")
