"""What can be the matter with a database, as sentences with a remedy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import sqlalchemy.exc
from eventsourcing.persistence import IntegrityError, OperationalError

from ledger.rejected import StoreUnusable, installing


class StoreFault(StoreUnusable, OperationalError):  # noqa: N818  (named like what it is a kind of)
    """A store that cannot be used, also under the name that event-sourcing machinery knows such a fault by."""


class StoreConflict(StoreUnusable, IntegrityError):  # noqa: N818  (likewise)
    """What was to be written breaks a rule of the store, also under the name that the machinery knows this by."""


class StoreUnsettled(StoreFault):
    """The connection broke while a transaction was being committed: whether it was, only the ledger can tell."""


class Place(Protocol):
    """Where something may be the matter, and how its database words it."""

    @property
    def driver(self) -> Any:
        """The module of the driver, with its errors."""

    @property
    def place(self) -> str:
        """What it is called in sentences."""

    def fault(self, cause: BaseException | None) -> StoreFault:
        """What is the matter, told of an error of the driver."""

    def sentence_of(self, broken: BaseException | None) -> str:
        """What a constraint or a guard of the database says to what it refuses."""


Told = tuple[str, str, str]
"""A fault's code, what was asked, the remedy; in the latter two `{place}` and `{cause}` stand for theirs."""

NAME_ANOTHER = "Name another with --db or $ASOF_DB"

GO_ON_FROM_A_COPY = "Keep it as it is, and go on from a copy made before."

BUSY: Told = (
    "store_busy",
    "{place} is being written by another program, and stayed locked for as long as this one waits.",
    "Try again when that program is done, or wait longer: put ?timeout=60 (seconds) at the end of the URL.",
)


def of(place: str, told: Told | None, cause: object) -> StoreFault:
    """A fault that is known, or one in the words of the database."""
    code, asked, remedy = told or (
        "store_failed",
        "{place} cannot be used: {cause}.",
        "If another program changed it, go on from a copy.",
    )
    cause = str(cause).rstrip(".")
    return StoreFault(code, asked.format(place=place, cause=cause), remedy=remedy.format(place=place, cause=cause))


def missing(place: str) -> StoreFault:
    """There is no database in this place."""
    return StoreFault(
        "store_missing", f"There is no ledger at {place}.", remedy=f"Make one with `asof init`. {NAME_ANOTHER}."
    )


def empty(place: str) -> StoreFault:
    """There is a database, with nothing in it."""
    return StoreFault(
        "store_empty", f"{place} is an empty database.", remedy=f"Make it a ledger with `asof init`. {NAME_ANOTHER}."
    )


def of_another_program(place: str) -> StoreFault:
    """There is a database, and it is no ledger."""
    return StoreFault(
        "store_of_another_program",
        f"{place} is a database of another program.",
        remedy=f"Nothing was written to it. {NAME_ANOTHER}.",
    )


def of_newer_format(place: str, found: int, known: int) -> StoreFault:
    """The ledger's tables are arranged in a way that this program does not know yet."""
    return StoreFault(
        "store_of_newer_format",
        f"{place} is a ledger in format {found}, and this version of Asof knows formats up to {known}.",
        remedy="Use the version of Asof that wrote it, or a newer one.",
    )


def of_older_format(place: str, found: int, known: int) -> StoreFault:
    """The ledger's tables are arranged as they were before a migration."""
    return StoreFault(
        "store_of_older_format",
        f"{place} is a ledger in format {found}, and this version of Asof works with format {known}.",
        remedy="Make a copy with the version that wrote it, and then run `asof upgrade`.",
    )


def unreachable(place: str, cause: object) -> StoreFault:
    """No server answers in this place, or the connection to it is gone."""
    words = " ".join(str(cause).split())
    return StoreFault(
        "store_unreachable",
        f"{place} cannot be reached: {words.rstrip('.')}.",
        remedy="Check that the server runs there, that the URL is right, and that the network lets you through.",
    )


def unsettled(place: str) -> StoreUnsettled:
    """Nobody knows whether the last transaction was committed."""
    return StoreUnsettled(
        "store_unsettled",
        f"The connection to {place} was cut while facts were being committed; they are recorded whole, or not at all.",
        remedy="Look at the end of the log before you record again; what has a key is never recorded twice.",
    )


def cut_off(place: str) -> StoreFault:
    """The connection was cut, and the transaction was not committed."""
    return StoreFault(
        "store_cut_off",
        f"The connection to {place} was cut, and nothing was recorded.",
        remedy="Record again once the server is there.",
    )


def no_driver(place: str) -> StoreFault:
    """The program was installed without what speaks to this server."""
    return StoreFault(
        "store_no_driver",
        f"{place} is in PostgreSQL, whose driver is not installed.",
        remedy=f"Run {installing('postgres')}.",
    )


def written_by_newer_version(tag: str, where: str) -> StoreFault:
    """A stored fact is of a kind that this catalogue does not have."""
    return StoreFault(
        "fact_of_newer_version",
        f"The fact at {where} is stored as {tag!r}: the ledger was written by a newer version of Asof.",
        remedy="Use that version, or a newer one.",
    )


def not_a_fact(where: str, matter: str) -> StoreFault:
    """Stored bytes that are no fact of the kind that they are stored as."""
    return StoreFault(
        "fact_damaged",
        f"What is stored at {where} is no fact as Asof writes it: {matter}.",
        remedy=GO_ON_FROM_A_COPY,
    )


def position_missing(position: int) -> StoreFault:
    """The log has a gap."""
    return StoreFault(
        "position_missing",
        f"There is no fact at position {position}, and there are later ones.",
        remedy=GO_ON_FROM_A_COPY,
    )


def head_damaged(matter: str) -> StoreFault:
    """What is kept of the end of the log is not the end of this log."""
    return StoreFault("head_damaged", f"The head of the log is damaged: {matter}.", remedy=GO_ON_FROM_A_COPY)


def copy_damaged(place: str, difference: str) -> StoreFault:
    """A copy is not what a ledger should be, or what it was copied from is not."""
    return StoreFault(
        "store_copy_damaged",
        f"The copy at {place} is not as it should be. {difference}",
        remedy="It was not taken. Run `asof verify` on what it was made of, and go on from another copy.",
    )


def no_copy(file: object) -> StoreFault:
    """What was to be restored from is no ledger that can be read."""
    return StoreFault(
        "store_no_copy", f"There is no copy of a ledger at {file}.", remedy="Name a file that `asof backup` made."
    )


def copy_failed(place: str, matter: str) -> StoreFault:
    """The operating system did not let a copy be made."""
    return StoreFault(
        "store_copy_failed",
        f"No copy could be made at {place}: {matter}.",
        remedy="Check that its directory is there, may be written to, and has room.",
    )


def not_further(application: str, to: int, before: int) -> StoreConflict:
    """A process notes that it has read what it had noted before."""
    return StoreConflict(
        "tracking_not_further",
        f"The log of {application} is tracked up to position {before} already, and {to} is no further.",
        remedy=f"Go on after position {before}.",
    )


def bad_url(place: str, matter: str, how: str) -> StoreFault:
    """The place was not named in a way that Asof understands."""
    return StoreFault("store_url", f"{place!r} names no ledger: {matter}.", remedy=f"Write it as {how}.")


@contextmanager
def told_of(backend: Place) -> Iterator[None]:
    """Every fault of the database within is raised as a StoreFault, every broken constraint as a StoreConflict."""
    try:
        yield
    except (sqlalchemy.exc.IntegrityError, backend.driver.IntegrityError) as broken:
        raise StoreConflict(
            "store_refused",
            f"{backend.place} takes nothing of this: {backend.sentence_of(_cause(broken)).rstrip('.')}.",
            remedy="Read it again, and decide again.",
        ) from broken
    except sqlalchemy.exc.TimeoutError as fault:
        raise of(backend.place, BUSY, fault) from fault
    except (sqlalchemy.exc.DBAPIError, sqlite3.Error, backend.driver.Error) as fault:
        raise backend.fault(_cause(fault)) from fault


def _cause(fault: BaseException) -> BaseException | None:
    """The driver's error, which may have come by SQLAlchemy or straight."""
    return fault.orig if isinstance(fault, sqlalchemy.exc.DBAPIError) else fault
