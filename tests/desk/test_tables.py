"""Tables for people: whole at any sensible width, in plain text where there is no terminal."""

import os
import pty
from contextlib import suppress
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from desk.tables.parts import Identity, money, percent, state
from scenarios.lexington import WHAT_IFS, what_if_file
from tests.desk.conftest import Desk

COMMANDS = [
    "log",
    "report --on 2002-11-15",
    "show notes-12-3-4 --on 2003-03-01",
    "timeline congress-lpc",
    "explain congress-lpc rate --on 2003-01-03",
    "findings",
    *(f"what-if {what_if_file(name)} --on 2002-11-20" for name in WHAT_IFS),
]


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_fits_its_width_and_leaves_nothing_out(lexington: Desk, command: str, width: int) -> None:
    outcome = lexington(command, COLUMNS=str(width))
    lines = outcome.stdout.splitlines()
    assert outcome.code == 0
    assert max(map(len, lines)) <= width
    assert not any("…" in line.replace("[…]", "") for line in lines)
    assert lines == [line.rstrip() for line in lines]


@pytest.mark.parametrize("width", [80, 120])
def test_identities_dates_and_amounts_are_there_in_full(lexington: Desk, width: int) -> None:
    line = "show congress-lpc --on 2002-11-15"
    told = "".join(lexington(line, COLUMNS=str(width)).stdout.split())
    (congress,) = lexington(f"{line} --format json").data["facilities"]
    for default in congress["defaults"]:
        assert default["default"] in told
    for waiver in congress["waivers"]:
        assert waiver["waiver"] in told
    for words in ("2002-10-31", "2003-01-03", "80,000.00", "5.25%(prime)=4.25%prime+1.00%margin", "6.25%"):
        assert words in told


def test_piped_output_is_plain_and_a_hundred_wide(lexington: Desk) -> None:
    told = lexington.run("report --on 2002-11-15").stdout
    assert "\x1b" not in told
    assert 80 < max(map(len, told.splitlines())) <= 100


def test_a_terminal_is_given_colours(lexington: Desk) -> None:
    terminal, stdout = pty.openpty()
    program = lexington.start("show cit --on 2002-11-15", stdout=stdout)
    os.close(stdout)
    told = b""
    with suppress(OSError):  # so a terminal ends
        while piece := os.read(terminal, 4096):
            told += piece
    os.close(terminal)
    program.communicate(timeout=60)
    assert b"\x1b[1;31mEvent of Default" in told


def test_what_stdout_cannot_spell_is_replaced(lexington: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    assert "12?% Senior Subordinated Notes" in lexington.run("show notes-12-3-4 --on 2002-11-15").stdout
    assert "12¾% Senior" in lexington.run("show notes-12-3-4 --on 2002-11-15 --format json").stdout


def test_a_name_is_shown_as_it_is_written(desk: Desk) -> None:
    desk.write(
        "record.yaml",
        "- {event: FacilityOpened, facility: loan, effective: 2001-01-01, borrowers: [one], "
        'name: "[bold]Loan[/bold] :smile: of 5"}\n',
    )
    desk("init")
    desk("record record.yaml")
    assert "loan  [bold]Loan[/bold] :smile: of 5" in desk("report").stdout


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("0.0525", "5.25 %"),
        ("0.14", "14.00 %"),
        ("0.05125", "5.125 %"),
        ("0", "0.00 %"),
        ("-0.0050", "-0.50 %"),
        ("1", "100.00 %"),
    ],
)
def test_a_rate_is_shown_as_a_percentage_with_all_its_digits(rate: str, shown: str) -> None:
    assert percent(Decimal(rate)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"), [("27412000.00", "27,412,000.00"), ("0.00", "0.00"), ("419.3333", "419.3333")]
)
def test_an_amount_is_shown_with_its_thousands(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("event_of_default", "Event of Default"), ("in_force", "in force"), ("waived", "waived")]
)
def test_a_state_is_shown_in_the_words_of_the_field(name: str, shown: str) -> None:
    assert state(name) == shown


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (42, ["cit/notes/notes-12-3-4/principal/", "2000-02-01"]),
        (43, ["cit/notes/notes-12-3-4/principal/2000-02-01"]),
        (23, ["cit/notes/notes-12-3-4/", "principal/2000-02-01"]),
        (10, ["cit/notes/", "notes-12-3", "-4/", "principal/", "2000-02-01"]),
    ],
)
def test_an_identity_breaks_after_its_slashes(width: int, lines: list[str]) -> None:
    drawn = StringIO()
    Console(file=drawn, width=width).print(Identity("cit/notes/notes-12-3-4/principal/2000-02-01"))
    assert drawn.getvalue().splitlines() == lines
