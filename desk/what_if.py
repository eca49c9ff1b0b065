"""The commands that ask what would be. Thin: each parses, calls, shows; what is slow to load is loaded in them."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk import errors, options
from desk.options import Question
from desk.output import write_json, write_json_lines, write_tables, write_text

if TYPE_CHECKING:
    from desk.asked import Asked
    from scenarios import WhatIf

_FORMS = options.formats("table", "text", "json", "csv", "answer", "svg")
_CHECK = click.option("--check", is_flag=True, help="Exit with 1 unless the answer is the one that the file expects.")
_ASSUMING = click.option(
    "--assuming", type=click.Path(path_type=Path), metavar="FILE", help="Ask on top of what this scenario assumes."
)


@click.command("what-if")
@click.argument("file", type=click.Path(path_type=Path))
@_CHECK
@options.question
@_FORMS
@click.pass_context
def what_if(context: click.Context, file: Path, check: bool, question: Question, form: str) -> None:
    """What would differ if what a file assumes had been so.

    FILE is a scenario, or a record file whose facts are assumed. The ledger is only read. What is said here, with
    --on, --known, --standing or --as-stood, goes before what the scenario says.
    """
    from desk.asked import Asked, Posed, expecting
    from desk.scripts import read_scenario

    scenario = read_scenario(file)
    if check:
        expecting(scenario)
    _show(context, Asked.of(scenario, Posed.of(scenario.script, question, options.said(context))), form, check=check)


@click.command()
@click.argument("name", required=False)
@_CHECK
@_FORMS
@click.pass_context
def gallery(context: click.Context, name: str | None, check: bool, form: str) -> None:
    """Ten questions worth asking of the Lexington record.

    Without NAME, which they are; with one, or with its number, the answer. Each is a scenario file, and no ledger is
    needed: the record is read anew.
    """
    from desk.asked import in_gallery
    from desk.tables import gallery_tables

    if name is None:
        write_tables(gallery_tables())
    else:
        _show(context, in_gallery(name, options.now()), form, check=check)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Run on so many processes.")
@click.option("--dask", metavar="ADDRESS", help="Run on the Dask cluster at this address.")
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="FOLDER", help="Keep what is done here, as Parquet files."
)
@options.facilities
@click.option(
    "--value",
    type=click.Choice(("legal", "rate", "total", "cost")),
    default="legal",
    show_default=True,
    help="What the heat map shows.",
)
@options.question
@options.formats("table", "json", "jsonl", "csv", "svg")
@click.pass_context
def sweep(
    context: click.Context,
    file: Path,
    workers: int,
    dask: str | None,
    keep: Path | None,
    facilities: tuple[str, ...],
    value: str,
    question: Question,
    form: str,
) -> None:
    """What would be, for every combination of some values.

    FILE is a scenario that says what it varies. With --keep a sweep that is broken off goes on where it was. SVG is a
    heat map of one facility over two axes.
    """
    from desk.asked import Posed
    from desk.scripts import read_scenario
    from desk.swept import Sweeping, executor_of, heat_map_of, swept_csv
    from desk.tables import swept_tables

    scenario = read_scenario(file)
    sweeping = Sweeping.of(scenario, Posed.of(scenario.script, question, options.said(context)), facilities)
    with executor_of(dask) as executor:
        swept = sweeping.run(workers=workers, executor=executor, keep=keep)
    match form:
        case "json":
            write_json(swept.as_json())
        case "jsonl":
            write_json_lines(swept.as_json())
        case "csv":
            write_text(swept_csv(swept))
        case "svg":
            write_text(heat_map_of(swept, value).standalone)
        case _:
            write_tables(swept_tables(swept))


@click.command()
@click.argument("facilities", nargs=-1, required=True)
@click.option("--at-most", type=click.IntRange(0, 6), default=2, show_default=True, help="Sets of at most so many.")
@click.option("--larger", is_flag=True, help="Go on to larger sets when some were found.")
@click.option("--accelerated", is_flag=True, help="Only what is accelerated counts as down.")
@click.option(
    "--acted-on", type=options.day, metavar="DATE", help="When things happen.  [default: the date asked about]"
)
@click.option("--way", type=click.IntRange(min=1), default=1, show_default=True, help="The set whose path is shown.")
@_ASSUMING
@options.question
@options.formats("table", "json", "svg")
@click.pass_context
def contagion(
    context: click.Context,
    facilities: tuple[str, ...],
    at_most: int,
    larger: bool,
    accelerated: bool,
    acted_on: dt.date | None,
    way: int,
    assuming: Path | None,
    question: Question,
    form: str,
) -> None:
    """The least that brings facilities down, all of them together.

    What might happen: suits, accelerations, payments missed, covenants breached, events, waivers not granted or not
    extended. Of one of the sets found, named by its number, the path of the fall is shown; SVG draws it.
    """
    from desk.drawing.falls import fall_drawing
    from desk.progress import SearchProgress
    from desk.tables import contagion_tables
    from scenarios.contagion import DOWN, candidates, least_that_brings_down

    asked = _assumed(context, assuming, question)
    named = asked.named(question.on, facilities)
    with SearchProgress("Sets") as progress:
        found = least_that_brings_down(
            asked,
            named,
            question.on,
            states=("accelerated",) if accelerated else DOWN,
            among=candidates(asked, named, question.on, acted_on=acted_on),
            at_most=at_most,
            larger=larger,
            progress=progress.done,
        )
    match form:
        case "json":
            write_json(found.as_json())
        case "svg":
            write_text(fall_drawing("fall", found.way(way).fall).standalone)
        case _:
            write_tables(contagion_tables(found, way))


@click.command()
@click.argument("facilities", nargs=-1)
@_ASSUMING
@options.question
@options.formats("table", "json")
@click.pass_context
def cover(
    context: click.Context, facilities: tuple[str, ...], assuming: Path | None, question: Question, form: str
) -> None:
    """The fewest waivers that leave nothing uncovered on a date.

    Of the facilities named, or of all.
    """
    from desk.tables import cover_tables
    from scenarios.contagion import fewest_waivers

    asked = _assumed(context, assuming, question)
    found = fewest_waivers(asked, asked.named(question.on, facilities or None), question.on)
    if form == "json":
        write_json(found.as_json())
    else:
        write_tables(cover_tables(found))


COMMANDS = (what_if, gallery, sweep, contagion, cover)


def _show(context: click.Context, asked: "Asked", form: str, *, check: bool) -> None:
    from desk.tables import what_if_tables

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


def _assumed(context: click.Context, assuming: Path | None, question: Question) -> "WhatIf":
    """What a scenario assumes on top of a ledger; nothing, where none is named."""
    from desk.asked import Posed, assumed
    from desk.scripts import Scenario, read_scenario

    scenario = Scenario.empty() if assuming is None else read_scenario(assuming)
    return assumed(scenario, Posed.of(scenario.script, question, options.said(context)))
