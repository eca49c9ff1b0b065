"""What people should know by the way: told on stderr, where that is a terminal, and of what is written anywhere."""

import logging
import sys

import click

WRITERS = ("init", "record", "restore", "upgrade", "withhold", "forget")
"""The commands that write to a ledger. Whoever runs one reads on stderr what was done, terminal or not."""


class Notices(logging.Handler):
    """Tells what the ledger logs. Programs that only read are not bothered with it."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one thing, or keep it where nobody looks."""
        if sys.stderr.isatty():
            click.echo(record.getMessage(), err=True)
        else:
            self._kept.append(record.getMessage())

    def tell_kept(self) -> None:
        """Tell what was kept."""
        while self._kept:
            click.echo(self._kept.pop(0), err=True)


_NOTICES = Notices()


def tell() -> None:
    """From now on, tell what there is to tell."""
    logging.getLogger("ledger").addHandler(_NOTICES)


def tell_a_writer(command: str) -> None:
    """A command has done what it was asked: if it wrote, tell what was kept from it until then."""
    if command in WRITERS:
        _NOTICES.tell_kept()
