"""No binary number comes near money: not in the code that reckons, nor in what it answers."""

import ast
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from projections.answer import Report
from projections.report import report
from projections.schedule import schedule
from tests.money.by_quantlib import Debt
from tests.projections.asking import view
from tests.spec import facts, log

ROOT = Path(__file__).parents[2]
WHERE_MONEY_IS = (
    "ledger/calendars.py",
    "ledger/day_counts.py",
    "ledger/facts",
    "ledger/values.py",
    "projections",
    "scenarios",
    "desk/beancount.py",
    "desk/money.py",
    "desk/tables",
)
BINARY = ("float", "complex", "round")
"""Names that make a binary number, or that round a figure anywhere but in the one place for it."""
RECKONING_IN_BINARY = ("cmath", "math", "numpy", "statistics")


def modules(*places: str) -> list[Path]:
    return sorted(
        path for place in places for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    )


def binary_numbers(code: str) -> Iterator[tuple[int, str]]:
    """Where code writes, names or imports something binary: the line, and what."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Constant(value=float() | complex() as value):
                yield node.lineno, str(value)
            case ast.Name(id=name) if name in BINARY:
                yield node.lineno, name
            case ast.ImportFrom(module=str(module), names=names) if module in RECKONING_IN_BINARY:
                yield from ((node.lineno, name.name) for name in names if name.name not in ("ceil", "comb", "prod"))
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names if name.name in RECKONING_IN_BINARY)


def test_the_code_that_reckons_with_money_writes_names_and_imports_nothing_binary() -> None:
    assert [
        (str(path.relative_to(ROOT)), *found)
        for path in modules(*WHERE_MONEY_IS)
        for found in binary_numbers(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("rate = 0.05", "0.05"),
        ("rate = float(text)", "float"),
        ("def accrue(rate: float) -> None: ...", "float"),
        ("cents = round(amount, 2)", "round"),
        ("import math", "math"),
        ("from math import fsum", "fsum"),
    ],
)
def test_a_binary_number_that_is_planted_is_found(code: str, found: str) -> None:
    assert [what for _, what in binary_numbers(f"\n{code}\n")] == [found]


def numbers(value: object) -> Iterator[object]:
    """Every plain value in an answer."""
    match value:
        case BaseModel():
            yield from (each for name in type(value).model_fields for each in numbers(getattr(value, name)))
        case dict():
            yield from (each for part in value.items() for each in numbers(part))
        case tuple() | list():
            yield from (each for part in value for each in numbers(part))
        case _:
            yield value


def kinds_of_numbers(schema: object) -> Iterator[object]:
    """The types that a JSON Schema allows, wherever it names one."""
    match schema:
        case dict():
            yield from ([schema["type"]] if isinstance(schema.get("type"), str) else [])
            yield from (each for part in schema.values() for each in kinds_of_numbers(part))
        case list():
            yield from (each for part in schema for each in kinds_of_numbers(part))


def test_answers_hold_no_binary_number_and_their_schema_allows_none() -> None:
    debt = Debt(dt.date(2003, 12, 15), dt.date(2005, 3, 15), dt.date(2004, 1, 15), kind="annuity")
    seen = view(log(*facts(debt.record())), "2004-05-20")
    answers: Iterable[object] = (report(seen), schedule(seen, "debt", debt.matures))
    assert not [each for answer in answers for each in numbers(answer) if isinstance(each, float)]
    assert "number" not in set(kinds_of_numbers(Report.model_json_schema(mode="serialization")))
