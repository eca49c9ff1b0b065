"""The commands that ask what would be. Thin: each parses, calls, shows; what is slow to load is loaded in them."""

from pathlib import Path

import click
from click.core import ParameterSource

from desk import errors, options
from desk.options import Question
from desk.output import write_json, write_tables, write_text


@click.command("what-if")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Exit with 1 unless the answer is the one that the file expects.")
@options.question
@options.formats("table", "text", "json", "csv", "answer", "svg")
@click.pass_context
def what_if(context: click.Context, file: Path, check: bool, question: Question, form: str) -> None:
    """What would differ if what a file assumes had been so.

    FILE is a scenario, or a record file whose facts are assumed. The ledger is only read. What is said here, with
    --on, --known, --standing or --as-stood, goes before what the scenario says.
    """
    from desk.asked import Asked, Posed, expecting
    from desk.scripts import read_scenario
    from desk.tables import what_if_tables

    scenario = read_scenario(file)
    if check:
        expecting(scenario)
    asked = Asked.of(scenario, Posed.of(scenario.script, question, _said(context)))
    match form:
        case "json":
            write_json(asked.as_json())
        case "csv":
            write_text(asked.as_csv())
        case "answer":
            write_text(asked.as_answer())
        case "text":
            write_text(f"{asked.answered}\n")
        case "svg":
            write_text(asked.drawing().standalone)
        case _:
            write_tables(what_if_tables(asked))
    if check and asked.checked is not None and not asked.checked.agrees:
        if form != "table":
            click.echo(str(asked.checked), err=True)
        context.exit(errors.FOUND_SOMETHING)


def _said(context: click.Context) -> list[str]:
    """The options given on the command line itself."""
    return [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
