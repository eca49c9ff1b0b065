"""What can be the matter with a database, as sentences with a remedy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc
from eventsourcing.persistence import IntegrityError, OperationalError

from ledger.rejected import StoreUnusable


class StoreFault(StoreUnusable, OperationalError):  # noqa: N818  (named like what it is a kind of)
    """A store that cannot be used, also under the name that event-sourcing machinery knows such a fault by."""


class StoreConflict(StoreUnusable, IntegrityError):  # noqa: N818  (likewise)
    """What was to be written breaks a rule of the store, also under the name that the machinery knows this by."""


_NAME_ANOTHER = "Name another with --db or $ASOF_DB"

_GO_ON_FROM_A_COPY = "Keep the file as it is, and go on from a copy made before."

_FAULTS = {
    sqlite3.SQLITE_BUSY: (
        "store_busy",
        "{place} is being written by another program, and stayed locked for as long as this one waits.",
        "Try again when that program is done, or wait longer: put ?timeout=60 (seconds) at the end of the URL.",
    ),
    sqlite3.SQLITE_READONLY: (
        "store_read_only",
        "{place} cannot be written: the file, its directory or its volume is read-only.",
        "Make the file and its directory writable, or copy the ledger to where you may write.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "store_cannot_open",
        "{place} cannot be opened.",
        "Check that its directory exists, that it names a file, and that you may read and write both.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "store_not_a_database",
        "{place} is no SQLite database.",
        f"{_NAME_ANOTHER}; a file that does not exist yet becomes a ledger with `asof init`.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "store_damaged",
        "{place} is damaged: SQLite cannot make sense of a part of it.",
        _GO_ON_FROM_A_COPY,
    ),
    sqlite3.SQLITE_FULL: (
        "store_full",
        "There is no room left for {place}.",
        "Make room on its volume, and record again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "store_io_failed",
        "The operating system failed to read or write {place}.",
        "Check the disk, its free space and its limits, and record again.",
    ),
}


def missing(place: str) -> StoreFault:
    """There is no database in this place."""
    return StoreFault(
        "store_missing", f"There is no ledger at {place}.", remedy=f"Make one with `asof init`. {_NAME_ANOTHER}."
    )


def empty(place: str) -> StoreFault:
    """There is a database, with nothing in it."""
    return StoreFault(
        "store_empty", f"{place} is an empty database.", remedy=f"Make it a ledger with `asof init`. {_NAME_ANOTHER}."
    )


def of_another_program(place: str) -> StoreFault:
    """There is a database, and it is no ledger."""
    return StoreFault(
        "store_of_another_program",
        f"{place} is a database of another program.",
        remedy=f"Nothing was written to it. {_NAME_ANOTHER}.",
    )


def of_another_format(place: str, found: int | None, known: int) -> StoreFault:
    """The ledger's tables are arranged in a way that this program does not know."""
    return StoreFault(
        "store_of_another_format",
        f"{place} is a ledger in format {found}, and this version of Asof knows only format {known}.",
        remedy="Use the version of Asof that wrote it, or a newer one.",
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
        remedy=_GO_ON_FROM_A_COPY,
    )


def position_missing(position: int) -> StoreFault:
    """The log has a gap."""
    return StoreFault(
        "position_missing",
        f"There is no fact at position {position}, and there are later ones.",
        remedy=_GO_ON_FROM_A_COPY,
    )


def not_further(application: str, to: int, before: int) -> StoreConflict:
    """A process notes that it has read what it had noted before."""
    return StoreConflict(
        "tracking_not_further",
        f"The log of {application} is tracked up to position {before} already, and {to} is no further.",
        remedy=f"Go on after position {before}.",
    )


def bad_url(place: str, matter: str) -> StoreFault:
    """The place was not named in a way that Asof understands."""
    return StoreFault(
        "store_url", f"{place!r} names no ledger: {matter}.", remedy="Write it as sqlite:///path/to/ledger.db."
    )


@contextmanager
def told_of(place: str) -> Iterator[None]:
    """Every fault of the database within is raised as a StoreFault, every broken constraint as a StoreConflict."""
    try:
        yield
    except sqlalchemy.exc.IntegrityError as broken:
        raise StoreConflict(
            "store_refused",
            f"{place} takes nothing of this: {str(broken.orig).rstrip('.')}.",
            remedy="Read it again, and decide again.",
        ) from broken
    except sqlalchemy.exc.TimeoutError as fault:
        raise _of_sqlite(sqlite3.SQLITE_BUSY, fault, place) from fault
    except (sqlalchemy.exc.DBAPIError, sqlite3.Error) as fault:
        cause = fault.orig if isinstance(fault, sqlalchemy.exc.DBAPIError) else fault
        raise _of_sqlite(getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR), cause, place) from fault


def _of_sqlite(result_code: int, cause: BaseException | None, place: str) -> StoreFault:
    primary = result_code & 0xFF  # the higher bytes say more than the sentences do
    code, asked, remedy = _FAULTS.get(
        primary,
        ("store_failed", f"{{place}} cannot be used: {cause}.", "If another program changed it, go on from a copy."),
    )
    return StoreFault(code, asked.format(place=place), remedy=remedy)
