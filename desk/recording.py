"""Recording files of any length: facts are taken from them one by one, and none is kept."""

import json
import os
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from desk.progress import FactsProgress
from ledger.book import Book, Receipt
from ledger.facts import Correction, Fact, as_record
from ledger.facts.names import needed
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

        files = tuple(files)
        read = items(progress.reading(files))
        try:
            if rejects is None:
                return recorded(facts_or_faults(read), None), 0
            with _rejecting(rejects, places) as left_out:
                receipt = recorded(left_out.readable(read), left_out.refused)
                return receipt, left_out.count
        except Rejected as refused:
            raise places.placed(refused) from None
        except RecordFaults as unread:
            beside = _refused_beside(unread, book, files, now, migrate=migrate, progress=progress.done)
            raise RecordFaults(unread.faults, beside) from None


def _refused_beside(
    unread: RecordFaults,
    book: Book,
    files: Sequence[Path],
    now: datetime,
    *,
    migrate: bool,
    progress: Callable[[int], None],
) -> list[Rejected]:
    """The refusals of the facts of files that hold faults, too.

    Not told is of a fact that needs a name which stands in something that cannot be read: that may be why. Nothing is
    told where a whole file cannot be read, or not a second time.
    """
    if any(fault.line is None for fault in unread.faults) or not all(file.is_file() for file in files):
        return []
    places, in_unread, refusals = _Places(), set[str](), list[tuple[Rejected, set[str | None]]]()

    def readable() -> Iterator[Located]:
        for item in items(files):
            if isinstance(item, Located):
                yield item
            else:
                in_unread.update(re.findall(r"[a-z0-9._-]+", str(item.written)))

    def refused(refusal: Rejected, fact: Fact) -> None:
        needs = [fact.key] if isinstance(fact, Correction) else [name.name for name in needed(fact)]
        refusals.append((refusal, {*needs}))

    facts = places.passing(readable())
    book.record(facts, now=now, migrate=migrate, dry_run=True, refused=refused, progress=progress)
    return [places.placed(refusal) for refusal, needs in refusals if not needs & in_unread]


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
