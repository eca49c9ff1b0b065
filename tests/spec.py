"""Given a record, when something is asked of it, then this is the answer: the words that tests are written in.

A test shows the lines of record that it runs on, as text, and what is asked of them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from ledger.facts import Fact, encode
from ledger.reading import read_text
from ledger.records import Recorded
from ledger.rejected import Rejected

MIDNIGHT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The moment before the first fact of every test; each fact is recorded a second after the one before it."""

Log = tuple[Recorded, ...]
Answer = TypeVar("Answer")


def facts(text: str) -> tuple[Fact, ...]:
    """The facts of a record written in YAML."""
    return tuple(located.fact for located in read_text(text))


def fact(text: str) -> Fact:
    """The only fact of a record."""
    (only,) = facts(text)
    return only


def log(*written: Fact) -> Log:
    """A log that holds these facts, at positions 1, 2, 3…"""
    return tuple(recorded(position, each) for position, each in enumerate(written, start=1))


def recorded(position: int, written: Fact) -> Recorded:
    """A fact at its place in a log, known when it was recorded unless it says otherwise."""
    recorded_at = MIDNIGHT + dt.timedelta(seconds=position)
    known_at = written.known_at or recorded_at
    stored = written.model_copy(update={"known_at": known_at})
    return Recorded(position, recorded_at, known_at, stored, sha256(b"\0" + encode(stored)).digest())


@dataclass(frozen=True)
class Then(Generic[Answer]):
    """What came of a question: an answer, or a refusal."""

    answer: Answer | None
    refusal: Rejected | None

    def then(self, expected: Answer) -> None:
        """The answer was this."""
        if self.refusal is not None:
            raise self.refusal
        assert self.answer == expected

    def then_rejected(self, message: str) -> None:
        """It was refused, with this whole message."""
        assert self.refusal is not None, f"answered {self.answer!r}, not refused"
        assert str(self.refusal) == message


@dataclass(frozen=True)
class Given:
    """A record that something is asked of."""

    log: Log

    def when(self, asked: Callable[[Log], Answer]) -> Then[Answer]:
        """Ask it."""
        try:
            return Then(asked(self.log), None)
        except Rejected as refusal:
            return Then(None, refusal)


def given(*texts: str) -> Given:
    """A record in one or more pieces of YAML, recorded one after another."""
    return Given(log(*(each for text in texts for each in facts(text))))
