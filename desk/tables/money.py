"""The schedule of a facility."""

from decimal import Decimal

from rich.console import Group
from rich.text import Text

from desk.answers import Scheduled
from desk.tables.parts import NOT_STATED, blank, headed, money, percent, view_heading, words


def schedule_tables(scheduled: Scheduled) -> Group:
    """A line for each thing that falls due, is lent or is fixed anew, with what is owed after it."""
    table = headed("date", "what", "amount", "principal", "accrued interest", "rate", keep=("date", "what"))
    for column in table.columns[2:]:
        column.justify = "right"
    for row in scheduled.rows:
        table.add_row(
            str(row.date),
            words(row.kind),
            "" if row.kind == "rate_reset" else _money(row.amount),
            _money(row.principal),
            _money(row.accrued_interest),
            NOT_STATED if row.rate is None else percent(row.rate),
        )
    heading = view_heading(
        f"Schedule of {scheduled.facility} until {scheduled.until}, which is included", scheduled.view
    )
    note = "each payment taken as made in full when due · principal, interest and rate: after the line"
    return Group(heading, blank(), table, blank(), Text(note, "dim"))


def _money(amount: Decimal | None) -> str:
    return NOT_STATED if amount is None else money(amount)
