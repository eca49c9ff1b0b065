"""The commands by which a ledger is kept: copies, exports, upgrades, names withheld. Thin: each parses, calls, shows.

What is slow to load is loaded in the commands that need it.
"""

from functools import partial
from pathlib import Path
from typing import Any

import click

from desk import options
from desk.options import Question
from desk.output import form_by_ending, leave_text, write_json, write_text
from ledger.rejected import Rejected

_FILE = click.Path(path_type=Path)
_EXPORTED = ("jsonl", "parquet", "beancount")


def _show(form: str, data: dict[str, Any], sentence: str) -> None:
    """Show what was done: as plain data, or in a sentence by the way."""
    if form == "json":
        write_json(data)
    else:
        click.echo(sentence, err=True)


@click.command()
@click.argument("file", type=_FILE)
@options.db
@options.formats("table", "json")
def backup(file: Path, db: str, form: str) -> None:
    """Copy the ledger to a SQLite file, and check the copy.

    The copy is of one moment, whatever is written to the ledger meanwhile.
    """
    from desk.progress import StepsProgress
    from ledger.book import Book

    with Book.open(db) as book, StepsProgress() as progress:
        position, root = book.back_up(file, partial(progress.step, "Checking the copy"))
    _show(
        form,
        {"file": str(file), "position": position, "root": root.hex()},
        f"Copied to {file}: position {position}, root {root.hex()[:16]}.",
    )


@click.command()
@click.argument("file", type=_FILE)
@options.db
@options.formats("table", "json")
def restore(file: Path, db: str, form: str) -> None:
    """Make a ledger of a copy, where there is none yet.

    It is checked before and after.
    """
    from desk.progress import StepsProgress
    from ledger.book import Book

    with StepsProgress() as progress:
        position, root = Book.restore(file, db, partial(progress.step, "Checking the copy"))
    _show(
        form,
        {"db": options.shown(db), "position": position, "root": root.hex()},
        f"Restored to {options.shown(db)}: position {position}, root {root.hex()[:16]}.",
    )


@click.command()
@options.db
@options.formats("table", "json")
def upgrade(db: str, form: str) -> None:
    """Bring a ledger of an older version into today's format. Make a copy before."""
    from ledger.book import Book

    before, after = Book.upgrade(db)
    told = f"The ledger is in format {after} already." if before == after else f"From format {before} to {after}."
    _show(form, {"db": options.shown(db), "from": before, "to": after}, told)


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(_EXPORTED),
    default=None,
    help="What to write.  [default: by the ending of -o, else jsonl]",
)
@options.output
@options.facilities
@options.question
@click.pass_context
def export(
    context: click.Context, form: str | None, output: Path | None, facilities: tuple[str, ...], question: Question
) -> None:
    """Write all facts to a file, or a journal for Beancount.

    The facts come in order, and `asof record --migrate` makes a ledger of them that has the same root. The journal goes
    up to the date, as known then, and asserts the balance of every obligation on that date; the options that ask are
    for it alone.
    """
    chosen = form or form_by_ending(output, {each: each for each in _EXPORTED}, otherwise="jsonl")
    if chosen == "beancount":
        from desk.beancount import journal_text

        leave_text(journal_text(question.view(), facilities), output)
        if output is not None and str(output) != "-":
            click.echo(f"Wrote {output}: the journal up to {question.on}.", err=True)
    else:
        from desk.exporting import export as exported

        if asked := set(options.said(context)) - {"form", "output", "db"}:
            raise click.UsageError(
                f"An export of facts has all of them, and --{min(asked).replace('_', '-')} asks for a part. "
                "That is for a journal: --format beancount."
            )
        exported(question.db, chosen, output)


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@options.db
@options.formats("table", "json")
def withhold(names: tuple[str, ...], db: str, form: str) -> None:
    """Keep names of people out of what is recorded from now on.

    A fact then holds a commitment in the place of the name, and the name is kept beside the log. `asof forget` takes
    it away from there, and changes no hash.
    """
    import secrets

    from ledger.book import Book

    with Book.open(db) as book:
        rows = [{"name": name, "commitment": book.withhold(name, secrets.token_bytes(32))} for name in names]
    if form == "json":
        write_json(rows)
    else:
        write_text("".join(f"{row['commitment']}  {row['name']}\n" for row in rows))


@click.command()
@click.argument("name")
@options.db
@options.formats("table", "json")
def forget(name: str, db: str, form: str) -> None:
    """Take away a name that was withheld.

    What stands for it in facts then stands for nobody.
    """
    from ledger.book import Book

    with Book.open(db) as book:
        commitment = book.forget(name)
    if commitment is None:
        raise Rejected("not_withheld", f"{name} is not withheld.", remedy="`asof names` shows the names that are.")
    told = f"{commitment} stands for nobody now. Copies made before still have the name."
    _show(form, {"commitment": commitment, "forgotten": name}, told)


@click.command()
@options.db
@options.formats("table", "json")
def names(db: str, form: str) -> None:
    """The names that are withheld, and what stands for them."""
    from ledger.book import Book

    with Book.open(db) as book:
        withheld = book.withheld()
    if form == "json":
        rows = [{"name": name, "commitment": kept, "salt": salt.hex()} for name, (kept, salt) in withheld.items()]
        write_json(rows)
    else:
        write_text("".join(f"{kept}  {name}\n" for name, (kept, _) in withheld.items()))


COMMANDS = (backup, restore, export, upgrade, withhold, forget, names)
"""In the order in which they are added to the desk."""
