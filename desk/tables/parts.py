"""What all tables are made of: words, figures, the heading with both clocks, the facts that an answer rests on."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ledger.facts import Standing
from ledger.values import moment_text
from projections.answer import Because, Known
from projections.states import Legal
from projections.view import View

NOT_STATED = "not stated"

_STYLES: dict[Legal, str] = {
    "not_open": "dim",
    "closed": "dim",
    "no_default": "green",
    "waived": "yellow",
    "default": "red",
    "forborne": "yellow",
    "event_of_default": "bold red",
    "accelerated": "bold red",
}

_STATES = {
    "event_of_default": "Event of Default",
    "default": "Default",
    "no_default": "no Default",
    "grace": "in grace",
    "not_yet": "not yet in force",
    "matured_unpaid": "matured, unpaid",
}

_COUNTING: dict[Standing, str] = {
    "stated": "stated facts alone",
    "inferred": "facts stated or inferred",
    "recited": "facts stated, inferred or recited",
}


def legal_text(legal: Legal) -> Text:
    """A legal status in the field's words."""
    return Text(state(legal), _STYLES[legal])


def words(name: str) -> str:
    """A name of the interface in words."""
    return name.replace("_", " ")


def state(name: str) -> str:
    """A status or state in the field's words."""
    return _STATES.get(name, words(name))


def money(amount: Decimal) -> str:
    """An amount with separators between thousands."""
    return f"{amount:,f}"


def percent(rate: Decimal) -> str:
    """A rate a year as a percentage, with all its digits and at least two places."""
    shifted = (rate * 100).normalize()
    exponent = shifted.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{shifted:.{places}f} %"


class Identity:
    """The identity of a Default, which breaks after its slashes, and only where it has to."""

    def __init__(self, written: str, indent: int = 0) -> None:
        self._pieces = [f"{piece}/" for piece in written.split("/")]
        self._pieces[-1] = self._pieces[-1][:-1]
        self._indent = indent

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """From its longest piece to all on one line."""
        lengths = [len(piece) for piece in self._pieces]
        return Measurement(self._indent + max(lengths), self._indent + sum(lengths))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lines as long as the width allows."""
        line = " " * self._indent
        for piece in self._pieces:
            if line.strip() and len(line) + len(piece) > options.max_width:
                yield Text(line, overflow="fold")
                line = " " * self._indent
            line += piece
        yield Text(line, overflow="fold")


def grid(*columns: Literal["keep", "fold", "right"]) -> Table:
    """A table without lines; its columns never break, or fold, or are aligned to the right and never break."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        if column == "right":
            table.add_column(no_wrap=True, justify="right")
        else:
            table.add_column(no_wrap=column == "keep", overflow="fold")
    return table


def headed(*headers: str, keep: Sequence[str] = ()) -> Table:
    """A table with a line of headers; the columns in `keep` never break."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header, no_wrap=header in keep, overflow="fold")
    return table


def indented(part: RenderableType, by: int = 2) -> Padding:
    """A part set off to the right."""
    return Padding(part, (0, 0, 0, by))


def title(*words_of_it: str) -> Text:
    """A heading: its first words stand out."""
    first, *rest = words_of_it
    return Text.assemble((first, "bold"), *(("  " + word, "dim") for word in rest))


def heading(asked: str, known: Known, standing: Standing, *, as_stood: bool) -> Group:
    """What was asked, as known when, and which facts counted."""
    moment = f", {moment_text(known.at)}" if known.at is not None else ""
    stood = "; papers not executed by then left out" if as_stood else ""
    return Group(
        Text(asked, "bold"),
        Text(f"known at position {known.position}{moment}, root {known.root[:16]}", "dim"),
        Text(f"counting {_COUNTING[standing]}{stood}", "dim"),
    )


def view_heading(asked: str, view: View) -> Group:
    """What was asked of a view."""
    derivation = view.derivation
    return heading(asked, view.known, derivation.standing, as_stood=derivation.as_stood_on is not None)


def positions(numbers: Iterable[int]) -> Text:
    """Positions of the log, in brackets."""
    return Text(f"[{' '.join(map(str, numbers))}]", "dim")


def reasons(because: Because, *, head: int | None = None) -> Table:
    """The facts that something rests on, one a line; those behind the ledger's `head` are assumed."""
    table = grid("right", "keep", "keep", "fold")
    for reason in because:
        place = ", ".join(each for each in (reason.document, reason.clause) if each is not None)
        assumed = head is not None and reason.position > head
        marks = [place, "assumed" if assumed else "", reason.standing if reason.standing != "stated" else ""]
        table.add_row(
            str(reason.position), reason.event, str(reason.effective), " · ".join(mark for mark in marks if mark)
        )
    return table


def blank() -> Text:
    """An empty line."""
    return Text("")
