"""The command line: each command parses, calls, shows.

`asof --help` loads this module: whatever is slow to load is imported in the commands that need it.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from desk import errors, notices, options
from desk.keeping import COMMANDS as KEEPING
from desk.money import COMMANDS as MONEY
from desk.options import KnownTo, Question
from desk.output import write_json, write_json_lines, write_tables
from desk.vault import COMMANDS as VAULT
from desk.vault import log_key
from desk.what_if import COMMANDS as WHAT_IFS
from ledger.rejected import Rejected, StoreUnusable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ledger.book import Receipt


class _Answer(Protocol):
    """Whatever has plain data to show."""

    def as_json(self) -> Any: ...


Answer = TypeVar("Answer", bound=_Answer)

_EPILOG = """
Begin with `asof demo`.

Exit codes: 0 done; 1 done, and something was found; 2 the request was wrong; 3 the ledger could not be used.

Completion: put  eval "$(_ASOF_COMPLETE=bash_source asof)"  into ~/.bashrc, or the same with zsh_source into ~/.zshrc.
"""


_COLLECTED_AFTER = 20_000
"""How many objects pass before garbage is looked for: a derivation keeps nearly all that it makes."""


class Desk(click.Group):
    """The commands. What a person can set right is told in sentences, with an exit code, and never as a traceback."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command, and leave with its exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        gc.set_threshold(_COLLECTED_AFTER)
        _fill_closed_streams()
        notices.tell()
        try:
            options.refuse_empty(arguments)
            outcome = super().main(arguments, *rest, **{**extra, "standalone_mode": False})
        except Exception as error:
            code = errors.exit_code(error)
            if code is None:
                raise
            asked_for_json = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
            click.echo(errors.json_line(error) if asked_for_json else errors.sentences(error), err=True)
            sys.exit(code)
        notices.tell_a_writer(arguments[0] if arguments else "")
        sys.exit(outcome if isinstance(outcome, int) else 0)


def _fill_closed_streams() -> None:
    """Let what goes to a closed stream go nowhere. A database opened under its number could be written over."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (it is open as long as the process is)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115  (likewise)


@click.group(cls=Desk, invoke_without_command=True, context_settings={"max_content_width": 100}, epilog=_EPILOG)
@click.version_option(package_name="asof-ledger", message="asof %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """What happened to a credit, and what followed: on any date, as known at any moment, and why."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _show(form: str, answer: Answer, tables: "Callable[[Answer], RenderableType]") -> None:
    """Show an answer as JSON, or as tables."""
    if form == "json":
        write_json(answer.as_json())
    else:
        write_tables(tables(answer))


# --- the ledger ------------------------------------------------------------------------------------------------------


@main.command()
@options.db
@options.formats("table", "json")
def init(db: str, form: str) -> None:
    """Make a new, empty ledger."""
    from ledger.book import Book

    try:
        with Book.open(db) as there:
            facts = there.prefix().position
    except StoreUnusable as fault:
        if fault.code not in ("store_missing", "store_empty"):
            raise
    else:
        raise Rejected(
            "ledger_exists",
            f"There is a ledger at {options.shown(db)} already, of {facts} facts.",
            remedy="It was left as it is. Record into it, or name another with --db or $ASOF_DB.",
        )
    with Book.open(db, create=True) as book:
        root = book.prefix().root
    if form == "json":
        write_json({"db": options.shown(db), "position": 0, "root": root.hex()})
    else:
        click.echo(f"Made an empty ledger at {options.shown(db)}.", err=True)


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--migrate", is_flag=True, help="Take over history: facts say themselves when they became known.")
@click.option("--dry-run", is_flag=True, help="Decide everything, and record nothing.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Record what can be recorded, and write the rest to this file, with the reasons.",
)
@options.db
@options.formats("table", "json")
@click.pass_context
def record(
    context: click.Context,
    files: tuple[Path, ...],
    migrate: bool,
    dry_run: bool,
    rejects: Path | None,
    db: str,
    form: str,
) -> None:
    """Record the facts of some files, all of them or none.

    The files are YAML, JSON Lines, CSV or Parquet, told apart by their suffixes. With --rejects, the exit code is 1
    where something was left out.
    """
    from desk.recording import record

    receipt, left_out = record(files, db, now=options.now(), migrate=migrate, dry_run=dry_run, rejects=rejects)
    click.echo(_in_a_sentence(receipt, dry_run=dry_run), err=True)
    if form == "json":
        write_json(
            {
                "recorded": receipt.recorded,
                "repeated": receipt.repeated,
                **({"rejected": left_out} if rejects is not None else {}),
                "position": receipt.position,
                "root": receipt.root.hex(),
                "dry_run": dry_run,
            }
        )
    if left_out:
        click.echo(f"{left_out:,} left out, and written to {rejects}.", err=True)
        context.exit(errors.FOUND_SOMETHING)


def _in_a_sentence(receipt: "Receipt", *, dry_run: bool) -> str:
    count = receipt.recorded
    facts = "1 fact" if count == 1 else f"{count:,} facts"
    repeated = f", {receipt.repeated:,} there already" if receipt.repeated else ""
    if dry_run:
        return f"{facts} to record{repeated}. Nothing was recorded: it was a dry run."
    seal = f"position {receipt.position}, root {receipt.root.hex()[:16]}"
    return f"{facts} recorded{repeated}. The ledger is at {seal}."


@main.command()
@options.db
@options.known
@click.option("--follow", is_flag=True, help="Go on with each fact as it comes in, a line of JSON each, until Ctrl-C.")
@options.formats("table", "json", "jsonl")
def log(db: str, known: KnownTo, follow: bool, form: str) -> None:
    """The facts, in the order in which they became known.

    With --follow, --known says after which of them to begin.
    """
    from desk.answers import Log, log_line
    from desk.tables import log_tables

    if follow:
        from ledger.book import Book

        with Book.open(db) as book:
            for record in book.follow(book.prefix(known).position if known is not None else 0):
                write_json_lines([log_line(record)])
    facts = Log(options.known_prefix(db, known))
    if form == "jsonl":
        write_json_lines(facts.as_json())
    else:
        _show(form, facts, log_tables)


@main.command()
@click.option(
    "--checkpoint",
    "sealed",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Compare this, too; repeatable.",
)
@log_key(required=False)
@options.db
@options.formats("table", "json")
@click.pass_context
def verify(context: click.Context, sealed: tuple[Path, ...], log_key: str | None, db: str, form: str) -> None:
    """Compare the ledger with its own bytes and with checkpoints.

    Exit code 1 where it differs.
    """
    from desk.answers import Verified
    from desk.checkpoints import compared
    from desk.progress import StepsProgress
    from desk.tables import verified_tables

    kept = compared(sealed, log_key)
    with StepsProgress() as progress:
        verified = Verified.of(db, kept, partial(progress.step, "Verifying"))
    _show(form, verified, verified_tables)
    if verified.differences:
        context.exit(errors.FOUND_SOMETHING)


@main.command()
@options.formats("json")
def schema(form: str) -> None:
    """The JSON Schema of a fact, as a record file writes it."""
    from ledger.facts import json_schema

    write_json(json_schema())


# --- the answers -----------------------------------------------------------------------------------------------------


@main.command()
@options.facilities
@options.since
@options.since_known
@options.assuming
@options.question
@options.report_format("table", "json", "jsonl", "csv", "xlsx", "html", "pdf")
@options.output
@click.option(
    "--issue", is_flag=True, help="Register it, so that `asof replay` checks it and --reproduce has it again."
)
@click.option(
    "--reproduce",
    metavar="FINGERPRINT",
    help="The one with this fingerprint, once more. If it was not issued, it is searched for; --on, --known and the "
    "like narrow the search.",
)
@click.pass_context
def report(
    context: click.Context,
    facilities: tuple[str, ...],
    since: date | None,
    since_known: KnownTo,
    what_if: Path | None,
    question: Question,
    form: str | None,
    output: Path | None,
    issue: bool,
    reproduce: str | None,
) -> None:
    """Every facility on a date, the offers, and the findings.

    On paper, too, as a page or as a workbook.
    """
    from desk.issuing import Again, Issuing
    from desk.leaving import leave
    from desk.reports.asking import Asking

    if issue and reproduce is not None:
        raise click.UsageError("Give --issue or --reproduce.")
    asking, now = Asking(question, facilities, since, since_known, what_if), options.now()
    if reproduce is not None:
        leave(Again(reproduce, asking, options.said(context), now.date()), form, output)
    else:
        leave(Issuing(asking, now) if issue else asking, form, output)


@main.command()
@options.db
@options.formats("table", "json")
def issued(db: str, form: str) -> None:
    """The reports that were issued, with their fingerprints."""
    from desk.answers import Register
    from desk.tables import register_tables

    _show(form, Register.of(db), register_tables)


@main.command()
@click.argument("facility")
@options.question
@options.formats("table", "json")
def show(facility: str, question: Question, form: str) -> None:
    """One facility on a date, and the facts behind the answer."""
    from desk.answers import report_on
    from desk.tables import show_tables

    _show(form, report_on(question.view(), [facility]), show_tables)


@main.command()
@click.argument("facility")
@options.question_over_time
@options.formats("table", "json")
def timeline(facility: str, question: Question, form: str) -> None:
    """The legal status of a facility over all time, and why."""
    from desk.answers import Timeline
    from desk.tables import timeline_tables

    _show(form, Timeline.of(question.view(), facility), timeline_tables)


@main.command()
@click.argument("facility")
@click.argument("what")
@options.question
@options.formats("table", "json")
def explain(facility: str, what: str, question: Question, form: str) -> None:
    """Why something is as it is on a date, step by step.

    WHAT is status, rate, obligations, or the name of a Default, a waiver or an amendment of the facility.
    """
    from desk.answers import Explained
    from desk.tables import explanation_tables

    _show(form, Explained.of(question.view(), facility, what), explanation_tables)


@main.command()
@options.facilities
@options.question
@options.formats("table", "json")
def findings(facilities: tuple[str, ...], question: Question, form: str) -> None:
    """What does not fit or is left open, as questions."""
    from desk.answers import Findings
    from desk.tables import findings_tables

    _show(form, Findings.of(question.view(), facilities), findings_tables)


for command in (*MONEY, *WHAT_IFS, *VAULT, *KEEPING):
    main.add_command(command)


@main.command()
@options.formats("table", "json")
def demo(form: str) -> None:
    """Ask four questions of the Lexington record.

    It is recorded in ./asof-demo.db, a ledger of its own.
    """
    from desk.demo import Demonstration, demonstration_tables

    _show(form, Demonstration.of(options.now()), demonstration_tables)
