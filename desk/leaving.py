"""How a report leaves: to standard output or to a file, in the form that was asked for."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, get_args

import click

from desk.output import form_by_ending, tables_bytes, write_bytes, write_file, write_tables
from desk.reports import BINARY, Format, drawn
from ledger.rejected import Rejected
from projections.committee import CommitteeReport

if TYPE_CHECKING:
    from rich.console import RenderableType


class Asks(Protocol):
    """Whatever comes to a report."""

    def answer(self) -> CommitteeReport:
        """The report."""


_ENDINGS = {**{form: form for form in get_args(Format)}, "htm": "html", "txt": "table"}


def leave(asking: Asks, form: str | None, output: Path | None) -> None:
    """Answer, draw, and write.

    Raises as the answering and `write_file` do, and Rejected (`binary_to_terminal`, `unknown_ending`).
    """
    to_standard_output = output is None or str(output) == "-"
    chosen = form or form_by_ending(output, _ENDINGS, otherwise="table")
    if chosen in BINARY and to_standard_output and sys.stdout.isatty():
        raise Rejected(
            "binary_to_terminal",
            f"A report as {chosen} is no text, and was about to be written to the terminal.",
            remedy=f"Name a file for it, such as -o report.{chosen}, or send it to a program.",
        )
    report = asking.answer()
    if chosen == "table":
        tables = _tables(report)
        if to_standard_output:
            write_tables(*tables)
            return
        content = tables_bytes(*tables)
    else:
        content = drawn(report, cast("Format", chosen))
    if output is None or to_standard_output:
        write_bytes(content)
        return
    write_file(output, content)
    click.echo(f"Wrote {output}, the report {report.fingerprint[:16]}.", err=True)


def _tables(report: CommitteeReport) -> list["RenderableType"]:
    from desk.tables import report_tables
    from desk.tables.page import section_tables

    if report.compared is None:
        return [report_tables(report)]
    from desk.reports.sections import compared_section

    return [report_tables(report), *section_tables(compared_section(report))]
