"""Processes of their own for writers, that start in a few milliseconds and can be killed."""

import logging
from multiprocessing import get_context

import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401  (loaded before a process is copied)

import tests.safety.account  # noqa: F401  (likewise)

SMALL = get_context("forkserver")
"""Each is a copy of one process that has loaded a ledger's code and its drivers, and has neither threads nor files."""

SMALL.set_forkserver_preload(["__main__", __name__])

COPIED = get_context("fork")
"""Each is a copy of the process that starts it: for those that have no threads."""

logging.getLogger("ledger").addHandler(logging.NullHandler())  # else each would tell of SQLite's version
