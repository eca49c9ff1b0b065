"""The register of answers that were issued: what was asked and known, as a fingerprint, and the hash of the answer."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ledger.rejected import Rejected
from ledger.store.schema import answers, from_microseconds, to_microseconds
from ledger.values import moment_text


@dataclass(frozen=True, slots=True)
class Issued:
    """An answer that was handed out.

    `asked` is all that its content depends on, as JSON, `fingerprint` the SHA-256 of that in hexadecimal, and `digest`
    the SHA-256 of the answer's own bytes (32 bytes).
    """

    fingerprint: str
    asked: str
    digest: bytes
    issued_at: dt.datetime


def issue(connection: Connection, answer: Issued) -> None:
    """Register an answer within a writer's transaction; the same again changes nothing.

    Raises Rejected (`answer_differs`) where another one was issued under its fingerprint.
    """
    before = connection.execute(_ANSWERS.where(answers.c.fingerprint == answer.fingerprint)).one_or_none()
    if before is None:
        row = (answer.fingerprint, answer.asked, answer.digest, to_microseconds(answer.issued_at))
        connection.execute(insert(answers).values(row))
    elif before.digest != answer.digest:
        raise Rejected(
            "answer_differs",
            f"The answer {answer.fingerprint} comes out otherwise than when it was issued, "
            f"at {moment_text(from_microseconds(before.issued_at))}.",
            remedy="Run `asof replay`: it tells whether the ledger is what it was.",
        )


def issued(connection: Connection, beginning: str = "") -> list[Issued]:
    """The answers whose fingerprints begin like this, in their order."""
    rows = connection.execute(_ANSWERS.where(answers.c.fingerprint.startswith(beginning, autoescape=True)))
    return [Issued(fingerprint, asked, digest, from_microseconds(at)) for fingerprint, asked, digest, at in rows]


_ANSWERS = select(answers).order_by(answers.c.fingerprint)
