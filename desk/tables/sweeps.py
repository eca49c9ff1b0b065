"""Sweeps, contagion and cover as tables; and the list of the gallery."""

from collections import Counter
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from desk.scripts import read_scenario
from desk.tables.parts import NOT_STATED, blank, grid, headed, indented, legal_text, money, percent, title, words
from scenarios.contagion import Contagion, Cover
from scenarios.lexington import GALLERY, gallery_file
from scenarios.sweep import Row, Swept


def gallery_tables() -> Group:
    """The questions of the gallery, with their numbers and names."""
    table = grid("right", "keep", "fold")
    for number, name in enumerate(GALLERY, start=1):
        table.add_row(str(number), name, read_scenario(gallery_file(name)).script.question or "")
    return Group(title("Ten questions to the Lexington record", "asof gallery NAME"), indented(table))


def swept_tables(swept: Swept) -> Group:
    """For each facility and date, how often it is in which status, and between what its figures lie."""
    axes = " × ".join(f"{words(name)} ({len(axis)})" for name, axis in swept.sweep.axes.items())
    table = headed("", "on", "statuses", "rate", "total", "cost", keep=("on",))
    for facility in swept.sweep.facilities:
        for day in swept.sweep.days:
            rows = [row for row in swept.rows if (row.facility, row.on) == (facility, day)]
            table.add_row(facility, str(day), _statuses(rows), *(_between(rows, what) for what in _FIGURES))
    parts: list[RenderableType] = [title(f"{len(swept.sweep):,} branches", axes), blank(), table]
    spread = swept.distributions()
    if spread:
        costs = headed("", "least", "a quarter", "half", "three quarters", "most", "mean")
        for each in spread:
            figures = (each.least, each.quarter, each.half, each.three_quarters, each.most, each.mean)
            costs.add_row(each.facility, *map(money, figures))
        parts += [blank(), title(f"Cost through {swept.sweep.ask.cost_through}", "at most so much in"), costs]
    return Group(*parts)


_FIGURES = ("rate", "total", "cost")


def _statuses(rows: list[Row]) -> Text:
    counts = Counter(row.legal for row in rows)
    parts = [Text.assemble(legal_text(legal), f" {count:,}") for legal, count in counts.most_common()]
    return Text(" · ").join(parts)


def _between(rows: list[Row], what: str) -> str:
    figures: list[Decimal] = sorted(figure for row in rows if (figure := getattr(row, what)) is not None)
    if not figures:
        return "" if what == "cost" else NOT_STATED
    shown = [percent(each) if what == "rate" else money(each) for each in (figures[0], figures[-1])]
    return " to ".join(dict.fromkeys(shown))


def contagion_tables(found: Contagion, way: int = 1) -> Group:
    """The smallest sets, and the path of one of them. Raises Rejected (`no_such_way`)."""
    heading = title(f"The least that brings {' and '.join(found.facilities)} down by {found.on}")
    tried = Text(f"{found.candidates} candidates, sets of at most {found.at_most}: {found.tried:,} tried", "dim")
    if not found.found:
        return Group(heading, tried, blank(), Text("Nothing does."))
    table = grid("right", "fold")
    for number, downfall in enumerate(found.found, start=1):
        table.add_row(str(number), str(downfall))
    path = Group(*(Padding(line, (0, 0, 0, 2)) for line in str(found.way(way).fall).splitlines()))
    return Group(heading, tried, blank(), indented(table), blank(), title(f"The path of {way}"), path)


def cover_tables(found: Cover) -> Group:
    """The Defaults that are uncovered, and each way to cover them with the fewest waivers."""
    heading = title(f"The fewest waivers that leave nothing uncovered on {found.on}")
    lines = [*str(found).splitlines(), *(["", "Uncovered:"] if found.uncovered else [])]
    return Group(heading, blank(), *lines, *(f"  {default}" for default in found.uncovered))
