"""The house itself: who may import whom, what the packages carry, and what the tools say of the source."""

import ast
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGES = ("ledger", "projections", "scenarios", "desk")
CONFIGURATION = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = [contract["name"] for contract in CONFIGURATION["tool"]["importlinter"]["contracts"]]

PLANTED = [
    ("A floor imports only from the floors below it", "projections/rates.py", "import scenarios"),
    ("A floor imports only from the floors below it", "ledger/values.py", "import desk"),
    (
        "In the ledger, too, a module imports only from those below it",
        "ledger/store/log.py",
        "import ledger.decisions",
    ),
    ("In the ledger, too, a module imports only from those below it", "ledger/cellar.py", ""),
    (
        "What happened and what followed know no store, no event-sourcing machinery and no files",
        "ledger/facts/money.py",
        "import sqlalchemy",
    ),
    (
        "What happened and what followed know no store, no event-sourcing machinery and no files",
        "ledger/decisions.py",
        "import eventsourcing.domain",
    ),
    (
        "What happened and what followed know no store, no event-sourcing machinery and no files",
        "projections/history.py",
        "import ledger.book",
    ),
    (
        "What happened and what followed know no store, no event-sourcing machinery and no files",
        "projections/waivers.py",
        "import pathlib",
    ),
    ("Scenarios reach a store only through the Book", "scenarios/assume.py", "import sqlalchemy"),
    ("Scenarios reach a store only through the Book", "scenarios/compare.py", "import ledger.reading"),
    ("Only the Book and the head of the log come into the store", "desk/__init__.py", "import ledger.store.log"),
    ("Only the Book and the head of the log come into the store", "scenarios/assume.py", "import ledger.store"),
    ("Only the Book knows the head of the log", "scenarios/assume.py", "import ledger.head"),
    ("No two modules of a package need each other", "projections/history.py", "import projections.world"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and their configuration, to plant things in."""
    for package in PACKAGES:
        shutil.copytree(HOUSE / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(HOUSE / file, tmp_path)
    return tmp_path


def python(*arguments: str, at: Path = HOUSE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=at, capture_output=True, text=True, check=False)


def broken_contracts(at: Path) -> list[str]:
    """The names of the import contracts that do not hold there."""
    outcome = python("-c", "import importlinter.cli; importlinter.cli.lint_imports(no_cache=True)", at=at)
    told = " ".join(outcome.stdout.split())
    assert "Contracts: " in told, outcome.stdout + outcome.stderr
    return [name for name in CONTRACTS if f"{name} BROKEN" in told]


def test_every_import_contract_holds(copy: Path) -> None:
    assert broken_contracts(copy) == []


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED)
def test_a_planted_violation_breaks_its_contract(copy: Path, contract: str, module: str, line: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    assert contract in broken_contracts(copy)


def test_every_contract_has_been_seen_to_fail() -> None:
    assert {contract for contract, _, _ in PLANTED} == set(CONTRACTS)


def sources(*packages: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the source of these packages, with its place."""
    for package in packages:
        for file in sorted((HOUSE / package).rglob("*.py")):
            place = file.relative_to(HOUSE)
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                yield f"{place}:{getattr(node, 'lineno', 0)}", node


def test_nothing_below_the_desk_reads_the_clock() -> None:
    clocks = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}
    read = [
        place
        for place, node in sources("ledger", "projections", "scenarios")
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and not node.args
    ]
    assert read == []


def test_no_binary_number_comes_near_money() -> None:
    floats = [
        place
        for place, node in sources("ledger/facts", "projections", "scenarios")
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert floats == []


def test_the_packages_carry_their_data(copy: Path) -> None:
    built = python("-c", "import setuptools.build_meta; setuptools.build_meta.build_wheel('wheel')", at=copy)
    assert built.returncode == 0, built.stderr
    (wheel,) = copy.glob("wheel/*.whl")
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(PACKAGES)}
    there = {
        file.relative_to(HOUSE).as_posix()
        for package in PACKAGES
        for file in (HOUSE / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert carried == there


def test_ruff_has_nothing_to_say() -> None:
    outcome = python("-m", "ruff", "check")
    assert outcome.returncode == 0, outcome.stdout


def test_the_source_is_formatted() -> None:
    outcome = python("-m", "ruff", "format", "--check")
    assert outcome.returncode == 0, outcome.stdout


def test_every_type_holds() -> None:
    outcome = python("-m", "mypy")
    assert outcome.returncode == 0, outcome.stdout
