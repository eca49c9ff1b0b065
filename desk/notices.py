"""What people should know by the way: told on stderr, where that is a terminal."""

import logging
import sys

import click


class Notices(logging.Handler):
    """Tells what the ledger logs. Programs that run the desk are not bothered with it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one thing."""
        if sys.stderr.isatty():
            click.echo(record.getMessage(), err=True)


def tell() -> None:
    """From now on, tell what there is to tell."""
    logger = logging.getLogger("ledger")
    if not any(isinstance(handler, Notices) for handler in logger.handlers):
        logger.addHandler(Notices())
