import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ledger.rejected import installing

HOUSE = Path(__file__).parents[1]
README = (HOUSE / "README.md").read_text(encoding="utf-8")
FLOORS = {"desk", "ledger", "projections", "scenarios"}
COMMANDS = re.findall(r"^    (python3 -m venv .*)$", README, flags=re.MULTILINE)
PLACES = re.findall(r"`([\w/]+\.py)`(?:, `(\w+)`)?", README.partition("| looking for |")[2])


def test_there_are_two_commands_and_each_does_all_the_set_up() -> None:
    set_up = "python3 -m venv .venv && .venv/bin/pip install --quiet -e "
    assert [command.removeprefix(set_up) for command in COMMANDS] == [
        ". && .venv/bin/asof demo",
        "'.[test]' && .venv/bin/pytest",
    ]


def test_the_demonstration_that_the_first_command_ends_with_runs(tmp_path: Path) -> None:
    demo = Path(sys.executable).parent / "asof"
    outcome = subprocess.run([demo, "demo"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Event of Default" in outcome.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["asof-demo.db"]


def test_the_check_runs_the_second_command() -> None:
    script = (HOUSE / ".ci" / "run").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"sed -n 's/(.*)/\\1/p' README\.md", script)
    basic = pattern.replace(r"\(", "(").replace(r"\)", ")")
    assert re.findall(basic, README, flags=re.MULTILINE) == COMMANDS[1:]


def test_the_check_is_a_sound_script() -> None:
    outcome = subprocess.run(["bash", "-n", HOUSE / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stderr) == (0, "")


@pytest.mark.parametrize(("file", "name"), PLACES)
def test_what_somebody_looks_for_is_where_it_is_said_to_be(file: str, name: str) -> None:
    source = (HOUSE / file).read_text(encoding="utf-8")
    assert not name or re.search(rf"^ *(def {name}\(|class {name}\b|{name}\b.* = )", source, flags=re.MULTILINE)


def test_what_a_person_is_told_to_install_there_is_and_as_readme_installs_it() -> None:
    said = re.findall("pip install --quiet (-e '[^']*')", README)
    assert said == [installing("test").removeprefix("pip install ").partition(", ")[0].partition(" at ")[0]]
    sources = (file.read_text(encoding="utf-8") for floor in FLOORS for file in (HOUSE / floor).rglob("*.py"))
    told = {extra for source in sources for extra in re.findall(r"installing\(['\"](\w+)", source)}
    extras = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert told == {"parquet", "postgres", "sweeps"} & extras.keys()


def test_every_package_is_named() -> None:
    named = re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE)
    assert {package for package in named if (HOUSE / package / "__init__.py").exists()} == FLOORS
