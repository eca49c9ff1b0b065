"""The commands about money. Thin: each parses, calls, shows; what is slow to load is loaded in them."""

import datetime as dt

import click

from desk import options
from desk.options import Question
from desk.output import write_json, write_tables


@click.command()
@click.argument("facility")
@click.option(
    "--until", type=options.day, metavar="DATE", required=True, help="The last day to list, which is included."
)
@options.question_over_time
@options.formats("table", "json")
def schedule(facility: str, until: dt.date, question: Question, form: str) -> None:
    """What falls due under a facility by its terms.

    Also listed: what is lent, and when the rate is fixed anew. Each payment is taken to be made in full when it falls
    due.
    """
    from desk.answers import Scheduled
    from desk.tables import schedule_tables

    scheduled = Scheduled.of(question.view(), facility, until)
    if form == "json":
        write_json(scheduled.as_json())
    else:
        write_tables(schedule_tables(scheduled))


COMMANDS = (schedule,)
