import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Literal, get_args, get_origin

import pytest

import projections
import scenarios
from ledger.store.guards import GUARDS
from ledger.store.schema import metadata
from projections.answer import Answer
from tests.docs import catalogue
from tests.docs.pages import HOUSE, PAGES, Section, agrees, sections

SECTIONS = [section for page in PAGES for section in sections(page)]


@pytest.mark.parametrize("section", [section for section in SECTIONS if section.runs], ids=str)
def test_a_page_shows_what_its_commands_print(
    section: Section, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for shown, printed in section.run():
        assert agrees(shown, printed), f"shown:\n{shown}\nprinted:\n{printed}"


@pytest.mark.parametrize(
    ("shown", "printed", "agree"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\n", "one\ntwo\n", False),
        ("one\n...\n", "one\ntwo\nthree\n", True),
        ("one\n...\nfour\n", "one\ntwo\nthree\nfour\n", True),
        ("one\n...\nfive\n", "one\ntwo\nthree\nfour\n", False),
        ("at …, root …\n", "at noon, root 12ab\n", True),
        ("at …, root …\n", "at noon\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_dots_stand_for_what_a_page_leaves_out(shown: str, printed: str, agree: bool) -> None:
    assert agrees(shown, printed) is agree


def test_the_tables_of_facts_and_fields_are_those_of_the_models() -> None:
    assert catalogue.PAGE.read_text(encoding="utf-8") == catalogue.written(), "run python -m tests.docs.catalogue"


def text(page: str) -> str:
    return (HOUSE / page).read_text(encoding="utf-8")


def codes_in(pattern: str, *files: str) -> set[str]:
    return {code for file in files for code in re.findall(pattern, text(file))}


def first_column(page: str, heading: str) -> set[str]:
    """What the first column of the tables under a heading names."""
    (section,) = [section for section in sections(HOUSE / page) if section.title == heading]
    return set(re.findall(r"^\| `(\w+)` \|", section.text, flags=re.MULTILINE))


def test_every_rule_has_a_number_a_record_and_a_question() -> None:
    _, *rules = sections(HOUSE / "docs/law.md")
    assert [rule.title.partition(".")[0] for rule in rules] == [str(number) for number in range(1, len(rules) + 1)]
    assert [str(rule) for rule in rules if not (rule.runs and "```yaml\n" in rule.text)] == []


def test_every_rule_is_in_the_table_of_contents_and_its_link_leads_to_it() -> None:
    contents, *rules = sections(HOUSE / "docs/law.md")
    anchors = (re.sub(r"[^\w -]", "", rule.title.lower()).replace(" ", "-") for rule in rules)
    linked = (f"{rule.title.replace('. ', '. [', 1)}](#{to})" for rule, to in zip(rules, anchors, strict=True))
    assert re.findall(r"^\d+\. \[.*$", contents.text, flags=re.MULTILINE) == list(linked)


def test_every_finding_is_described() -> None:
    modules = [f"projections/findings/{module.name}" for module in (HOUSE / "projections/findings").glob("*.py")]
    assert first_column("docs/DERIVATION.md", "10. Findings") == codes_in(r'code="(\w+)"', *modules)


def answers(of: type[Answer] = Answer) -> Iterator[type[Answer]]:
    """Every model of the answers, once all modules that may have one are there."""
    for package in (projections, scenarios) if of is Answer else ():
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    for model in of.__subclasses__():
        yield model
        yield from answers(model)


def words_of(annotation: object) -> Iterator[str]:
    """The words that a field may hold, wherever in its type they stand."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from words_of(part)


def rows(page: str, heading: str) -> Iterator[list[list[str]]]:
    """The rows of the table under a heading, each with what its columns name."""
    (section,) = [section for section in sections(HOUSE / page) if section.title == heading]
    for row in re.findall(r"^\| (`.*) \|$", section.text, flags=re.MULTILINE):
        yield [re.findall(r"`([^`]+)`", column) for column in row.split(" | ")]


def test_every_word_that_a_field_of_an_answer_can_hold_is_explained() -> None:
    fields = [(field.alias or name, field) for model in answers() for name, field in model.model_fields.items()]
    held = {(name, word) for name, field in fields for word in words_of(field.annotation)}
    explained = {
        (name, word) for (name,), words, *_ in rows("docs/GLOSSARY.md", "The words in the answers") for word in words
    }
    assert explained == held


def test_every_field_of_an_answer_is_explained() -> None:
    models = [model for model in answers() if model.__module__ == Answer.__module__]
    held = {field.alias or name for model in models for name, field in model.model_fields.items()}
    explained = [name for names, *_ in rows("docs/GLOSSARY.md", "The fields of the answers") for name in names]
    assert sorted(explained) == sorted(held)


def test_every_refusal_is_described() -> None:
    sources = ("ledger/decisions.py", "ledger/head.py", "ledger/book.py")
    refused = codes_in(r'Rejected\(\s*"(\w+)"', *sources)
    assert first_column("docs/RECORD.md", "What is refused") == refused


def test_every_fault_of_a_store_is_described() -> None:
    sources = (f"ledger/store/{name}.py" for name in ("faults", "sqlite", "postgresql"))
    faults = codes_in(r'\(\s*"((?:fact|head|position|store|tracking)_\w+)",', *sources)
    assert first_column("docs/STORE.md", "What can be the matter") == faults


def test_every_column_and_every_trigger_of_the_store_is_described() -> None:
    described = first_column("docs/STORE.md", "Tables")
    assert described == {column.name for table in metadata.tables.values() for column in table.columns}
    triggers = {name for guard in GUARDS for name in re.findall(r"CREATE TRIGGER (\w+)", guard.statement)}
    assert first_column("docs/STORE.md", "What is written stays") == triggers


def test_every_decision_has_a_date_a_choice_a_reason_and_a_consequence() -> None:
    for decision in re.split(r"^### ", text("docs/DECISIONS.md"), flags=re.MULTILINE)[1:]:
        title = decision.partition("\n")[0]
        assert re.search(r" · \d{4}-\d{2}-\d{2}$", title), title
        for part in ("Choice", "Reason", "Consequence"):
            assert decision.count(f"**{part}.**") == 1, title


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in [*PAGES, HOUSE / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_section_that_a_docstring_refers_to_is_there() -> None:
    titles = {section.title.partition(".")[0] for section in sections(HOUSE / "docs/DERIVATION.md")}
    for folder in ("ledger", "projections", "scenarios", "desk"):
        for file in (HOUSE / folder).rglob("*.py"):
            for number in re.findall(r"docs/DERIVATION\.md, (\w+)", file.read_text(encoding="utf-8")):
                assert number in titles, f"{file.name} refers to section {number}"
