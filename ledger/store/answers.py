"""The register of answers that were issued: what was asked and known, as a fingerprint, and the hash of the answer."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ledger.rejected import Rejected
from ledger.store.schema import answers, from_microseconds, to_microseconds


@dataclass(frozen=True, slots=True)
class Issued:
    """An answer that was handed out: `digest` is the SHA-256 of its bytes."""

    fingerprint: str
    digest: bytes
    issued_at: dt.datetime


def issue(connection: Connection, answer: Issued) -> None:
    """Register an answer within a writer's transaction; the same again changes nothing.

    Raises Rejected (`answer_differs`) where another one was issued under its fingerprint.
    """
    before = found(connection, answer.fingerprint)
    if before is None:
        row = (answer.fingerprint, answer.digest, to_microseconds(answer.issued_at))
        connection.execute(insert(answers).values(row))
    elif before.digest != answer.digest:
        raise Rejected(
            "answer_differs",
            f"The answer {answer.fingerprint} came out otherwise than when it was issued, at {before.issued_at}.",
            remedy="Run `asof replay`, which tells whether the ledger was changed.",
        )


def found(connection: Connection, fingerprint: str) -> Issued | None:
    """The answer that was issued under a fingerprint."""
    row = connection.execute(select(answers).where(answers.c.fingerprint == fingerprint)).one_or_none()
    return None if row is None else Issued(row.fingerprint, row.digest, from_microseconds(row.issued_at))


def issued(connection: Connection) -> Iterator[Issued]:
    """All of them, in the order of their fingerprints."""
    for fingerprint, digest, issued_at in connection.execute(select(answers).order_by(answers.c.fingerprint)):
        yield Issued(fingerprint, digest, from_microseconds(issued_at))
