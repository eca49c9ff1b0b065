"""Recording files of any length: facts are taken from them one by one, and none is kept."""

import json
import os
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from desk.progress import FactsProgress
from ledger.book import Book, Receipt
from ledger.facts import Fact, as_record
from ledger.reading import Fault, Located, RecordFaults, Unread, facts_or_faults, items
from ledger.rejected import Rejected, SeveralRejected


@dataclass
class _Places:
    """Where facts stand, by their number from 0: a few bytes each."""

    files: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    lines: "array[int]" = field(default_factory=lambda: array("L"))

    def passing(self, located: Iterable[Located]) -> Iterator[Fact]:
        """The facts, each of them noted as it goes by."""
        for each in located:
            if not self.files or self.files[-1] != each.file:
                self.files.append(each.file)
                self.starts.append(len(self.lines))
            self.lines.append(each.line)
            yield each.fact

    def file_and_line(self, index: int) -> tuple[str, int]:
        """The file and the line of a fact."""
        return self.files[bisect_right(self.starts, index) - 1], self.lines[index]

    def placed(self, refused: Rejected) -> Rejected:
        """A refusal, or all the refusals that it is of, with the places of their facts."""
        if isinstance(refused, SeveralRejected):
            return SeveralRejected([self.placed(each) for each in refused.refusals])
        if refused.index is None:
            return refused
        file, line = self.file_and_line(refused.index)
        return refused.at(f"{file}:{line}")


def record(
    files: Iterable[Path], db: str, *, now: datetime, migrate: bool, dry_run: bool, rejects: Path | None
) -> tuple[Receipt, int]:
    """Record the facts of files, and the number of those that were left out.

    Without `rejects`, that is none: all are recorded, or nothing. With it, what cannot be read or is refused goes to
    that file, a line of JSON each, with the reasons. Raises RecordFaults, Rejected and StoreUnusable.
    """
    places = _Places()
    with Book.open(db) as book, FactsProgress("Recording") as progress:

        def recorded(located: Iterable[Located], refused: Callable[[Rejected, Fact], None] | None) -> Receipt:
            return book.record(
                places.passing(located),
                now=now,
                migrate=migrate,
                dry_run=dry_run,
                refused=refused,
                progress=progress.done,
            )

        read = items(progress.reading(files))
        try:
            if rejects is None:
                return recorded(facts_or_faults(read), None), 0
            with _rejecting(rejects, places) as left_out:
                receipt = recorded(left_out.readable(read), left_out.refused)
                return receipt, left_out.count
        except Rejected as refused:
            raise places.placed(refused) from None


@dataclass
class _LeftOut:
    """What is left out of a recording, as it is written to a file."""

    places: _Places
    write: Callable[[str], Any]
    count: int = 0

    def readable(self, read: Iterable[Located | Unread]) -> Iterator[Located]:
        """The facts; what is none is left out. Raises RecordFaults where a whole file is none."""
        for item in read:
            if isinstance(item, Located):
                yield item
            elif item.written is None:
                raise RecordFaults(item.faults)
            else:
                first = item.faults[0]
                self._leave_out(first.file, first.line, [_words(fault) for fault in item.faults], item.written)

    def refused(self, refusal: Rejected, fact: Fact) -> None:
        """Leave out a fact that was refused."""
        assert refusal.index is not None
        self._leave_out(*self.places.file_and_line(refusal.index), [str(refusal)], as_record(fact))

    def _leave_out(self, file: str, line: int | None, reasons: list[str], written: dict[str, Any] | str) -> None:
        self.count += 1
        told = {"file": file, "line": line, "reasons": reasons, "written": written}
        self.write(f"{json.dumps(told, ensure_ascii=False, default=str)}\n")


def _words(fault: Fault) -> str:
    return f"{fault.field}: found {fault.found}, allowed is {fault.allowed}".removeprefix(": ")


@contextmanager
def _rejecting(rejects: Path, places: _Places) -> Iterator[_LeftOut]:
    """A file that is there, if anything was left out, once the rest is recorded. Raises Rejected."""
    beside = rejects.with_name(f".{rejects.name}.{os.getpid()}")
    try:
        if rejects.exists():
            raise Rejected(
                "rejects_exist",
                f"There is a file at {rejects} already.",
                remedy="It was left as it is. Name another with --rejects.",
            )
        with beside.open("w", encoding="utf-8", errors="backslashreplace") as opened:
            left_out = _LeftOut(places, opened.write)
            yield left_out
        if left_out.count:
            beside.replace(rejects)
    except OSError as error:
        raise Rejected(
            "output_unwritable",
            f"{rejects} cannot be written: {error.strerror}.",
            remedy="Name a file, with --rejects, where you may write.",
        ) from None
    finally:
        beside.unlink(missing_ok=True)
