"""The options that commands share, and what they are read into."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource

from ledger.rejected import Rejected, StoreUnusable

if TYPE_CHECKING:
    from ledger.facts import Standing
    from ledger.records import Prefix
    from projections.view import View

# `asof --help` loads this module: whatever is slow to load is imported where it is needed.

_EMPTY = "An argument is empty."

Command = TypeVar("Command", bound=Callable[..., Any])
KnownTo = int | dt.datetime | dt.date | None


def day(written: str) -> dt.date:
    """A date of the calendar, as a record writes it. Raises Rejected (`no_date`)."""
    from pydantic import TypeAdapter, ValidationError

    from ledger.values import Date

    try:
        return TypeAdapter[dt.date](Date).validate_python(written)
    except ValidationError as error:
        allowed = error.errors()[0]["ctx"]["allowed"]
        raise Rejected("no_date", f"The date {written} is not understood.", remedy=f"Allowed is {allowed}.") from None


def known_to(written: str) -> KnownTo:
    """A position of the log, an instant with its zone, or a date. Raises Rejected (`no_moment`)."""
    if re.fullmatch("[0-9]{1,18}", written):
        return int(written)
    from ledger.values import parse_moment

    try:
        return dt.date.fromisoformat(written) if re.fullmatch("[0-9-]{10}", written) else parse_moment(written)
    except ValueError:
        raise Rejected(
            "no_moment",
            f"--known {written} is no position, no instant with its zone, and no date.",
            remedy="Write it like 41, 2001-08-14T12:00:00Z or 2001-08-14.",
        ) from None


def store_url(written: str) -> str:
    """The URL of a ledger; a path alone is that of a SQLite file.

    Raises StoreUnusable (`store_in_memory`): what a command kept there would be gone with the command.
    """
    url = written if re.match("[A-Za-z][A-Za-z0-9+]+:", written) else f"sqlite:///{written}"
    if re.fullmatch("sqlite([+]pysqlite)?:/*(:memory:)?", url):
        raise StoreUnusable(
            "store_in_memory",
            f"'{written}' names no file, and a ledger in memory ends with the command.",
            remedy="Name a file with --db or $ASOF_DB, such as asof.db.",
        )
    return url


def said(context: click.Context) -> list[str]:
    """The options given on the command line itself."""
    return [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]


def refuse_empty(arguments: Sequence[str]) -> None:
    """Raise UsageError for an argument with nothing in it, as a variable of a shell gives that was not set.

    Of --db, `store_url` tells what was to be written there.
    """
    for before, argument in pairwise(("", *arguments)):
        option, equals, value = argument.partition("=")
        if equals and option.startswith("--") and not value.strip():
            before, argument = option, value
        if not argument.strip() and before != "--db":
            raise click.UsageError(f"What stands behind {before} is empty." if before[:1] == "-" else _EMPTY)


def names_of(context: click.Context, _option: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """The names in lists of them. Raises UsageError for one with nothing in it."""
    names = tuple(name for several in given for name in several.split(","))
    if not all(names):
        raise click.UsageError(f"--facility {','.join(given)} has a comma too many.", context)
    return names


def shown(url: str) -> str:
    """The URL of a ledger without its password."""
    return re.sub("(://[^:/@]*):[^@]*@", r"\1:***@", url)


def now() -> dt.datetime:
    """The clock. Only the desk reads it."""
    return dt.datetime.now(dt.UTC)


def known_prefix(db: str, known: KnownTo = None) -> "Prefix":
    """The facts of a ledger that were known. Raises Rejected and StoreUnusable."""
    from ledger.book import Book

    with Book.open(db) as book:
        return book.prefix(known)


@dataclass(frozen=True)
class Question:
    """What is asked of a ledger: on which date, as known when, and counting which facts."""

    db: str
    on: dt.date
    known: KnownTo
    standing: "Standing"
    as_stood: bool

    def view(self) -> "View":
        """What followed. Raises Rejected and StoreUnusable."""
        from projections.view import View

        return View.of(known_prefix(self.db, self.known), self.on, standing=self.standing, as_stood=self.as_stood)


db = click.option(
    "--db",
    type=store_url,
    metavar="URL",
    envvar="ASOF_DB",
    default="sqlite:///asof.db",
    show_envvar=True,
    show_default=True,
    help="The ledger, in SQLite or PostgreSQL; a path will do.",
)

known = click.option(
    "--known",
    type=known_to,
    metavar="POSITION|MOMENT|DATE",
    help="As known then; a date is the end of that day in UTC.  [default: all]",
)

on = click.option("--on", type=day, metavar="DATE", help="The date asked about.  [default: today]")

on_as_stood = click.option(
    "--on", type=day, metavar="DATE", help="The date of --as-stood; without it, it changes nothing.  [default: today]"
)

standing = click.option(
    "--standing",
    type=click.Choice(("stated", "inferred", "recited")),
    default="inferred",
    show_default=True,
    help="The least firm facts that count.",
)

as_stood = click.option("--as-stood", is_flag=True, help="Leave out papers not executed by the date.")

facilities = click.option(
    "--facility",
    "--facilities",
    "facilities",
    multiple=True,
    metavar="NAME,…",
    callback=names_of,
    help="Only these facilities; repeatable.",
)


since = click.option("--since", type=day, metavar="DATE", help="Beside it, what changed since that date.")

since_known = click.option(
    "--since-known",
    type=known_to,
    metavar="POSITION|MOMENT|DATE",
    help="Beside it, what changed with what became known since.",
)

assuming = click.option(
    "--what-if",
    "what_if",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Beside it, what would differ with the facts of a file.",
)

output = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Where to write it.  [default: standard output]",
)


def report_format(*names: str) -> Callable[[Command], Command]:
    """The form of a report: as said, or by the ending of the file that it is written to, or else the first."""
    choice = click.Choice(names)
    said = "[default: by the ending of -o, else table]"
    return click.option("--format", "form", type=choice, default=None, help=f"How to show it.  {said}")


def formats(*names: str) -> Callable[[Command], Command]:
    """The forms in which a command gives its result; the first is the default."""
    choice = click.Choice(names)
    return click.option("--format", "form", type=choice, default=names[0], show_default=True, help="How to show it.")


def question(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of which a command is given a Question, as `question`."""
    return _question(command, on)


def question_over_time(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command that asks about no single date."""
    return _question(command, on_as_stood)


def _question(command: Callable[..., Any], dated: Callable[[Any], Any]) -> Callable[..., Any]:
    @db
    @dated
    @known
    @standing
    @as_stood
    @wraps(command)
    def asked(db: str, on: dt.date | None, known: KnownTo, standing: "Standing", as_stood: bool, **rest: Any) -> Any:
        today = now().astimezone().date()
        return command(question=Question(db, on or today, known, standing, as_stood), **rest)

    return cast("Callable[..., Any]", asked)
