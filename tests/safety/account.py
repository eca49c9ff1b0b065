"""What a ledger acknowledged, written down outside of it, and whether the ledger agrees.

Facts are recorded in batches, numbered from 1, that anybody can make again from a seed. A writer that was killed or cut
off does not know what became of its last batch, so the next one asks for the same again: facts with keys are recorded
once. In the end the log holds the batches one after another, each whole and once.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

from ledger.book import Book
from ledger.facts import Fact, IndexFixed, same_content
from ledger.seal.tree import Frontier

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
SIZES = (1, 1, 1, 2, 5, 20)
LENGTHS = (1, 10, 100, 1000, 2000)
"""Half the characters of a note."""


class Acknowledged(NamedTuple):
    """A line of the account: up to this batch all is recorded, and the log is so long, with this root."""

    number: int
    position: int
    root: bytes


@dataclass(frozen=True)
class Account:
    """The batches that come from a seed, and the file in which it is written down which of them were acknowledged."""

    seed: int
    file: Path

    def batch(self, number: int) -> list[Fact]:
        """The facts of a batch: of one page of a database, or of many."""
        by = random.Random(f"{self.seed} {number}")
        return [
            IndexFixed.model_validate(
                {
                    "effective": dt.date(2001, 1, 1) + dt.timedelta(days=number),
                    "key": f"{number}-{place}",
                    "note": by.randbytes(by.choice(LENGTHS)).hex(),
                    "index": f"index-{by.randrange(4)}",
                    "rate": "0.06",
                }
            )
            for place in range(by.choice(SIZES))
        ]

    def clock(self, number: int) -> dt.datetime:
        """What the clock shows then: it is set forward by a year now and then, and back."""
        return NOW + random.Random(f"{self.seed} {number} clock").choice([-1, 0, 0, 1]) * YEAR

    def acknowledged(self) -> list[Acknowledged]:
        """The lines of the account."""
        written = self.file.read_text().split("\n")[:-1] if self.file.exists() else []
        lines = (line.split() for line in written)
        return [Acknowledged(int(number), int(position), bytes.fromhex(root)) for number, position, root in lines]

    def go_on(self, book: Book) -> Iterator[Acknowledged]:
        """Record one batch after another from the first that is not acknowledged, and write each down."""
        done = self.acknowledged()
        with self.file.open("ab", buffering=0) as file:
            for number in count(done[-1].number + 1 if done else 1):
                receipt = book.record(self.batch(number), now=self.clock(number))
                file.write(f"{number} {receipt.position} {receipt.root.hex()}\n".encode())
                yield Acknowledged(number, receipt.position, receipt.root)


class Audit:
    """A comparison of a ledger with its account, that goes on where it was left."""

    def __init__(self, book: Book, account: Account) -> None:
        self._book = book
        self._account = account
        self._tree = Frontier()
        self._number = 0
        self._ends: dict[int, tuple[int, bytes]] = {}
        """The log at the end of each batch: its length, and its root."""

    def go_on(self) -> int:
        """Compare what is new, and say how many batches there are."""
        due: list[Fact] = []
        for record in self._book.read(after=self._tree.size):
            if not due:
                self._number += 1
                due = self._account.batch(self._number)
            assert same_content(record.fact, due.pop(0)), f"position {record.position}, batch {self._number}"
            self._tree = self._tree.add(record.leaf_hash)
            if not due:
                self._ends[self._number] = (self._tree.size, self._tree.root)
        assert not due, f"batch {self._number} is not whole"
        acknowledged = self._account.acknowledged()
        for number, *end in acknowledged:
            assert self._ends.get(number) == tuple(end), f"batch {number} was acknowledged"
        assert self._number - len(acknowledged) in (0, 1), "a writer asks for one batch at a time"
        return self._number

    def finish(self) -> int:
        """Go on, compare the whole once more from the start, and have the ledger verify itself."""
        self.go_on()
        assert self._book.verify(dict(self._ends.values())) == []
        return Audit(self._book, self._account).go_on()
