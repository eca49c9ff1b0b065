"""Reading record files: YAML, JSON Lines and CSV, told apart by their suffixes, validated by the same models.

A reading gives every fact with its file and line, or every fault of all its files, and never some of each.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from ledger.facts import Fact
from ledger.reading import csv_rows, json_lines, yaml_lists
from ledger.reading.faults import Fault, RecordFaults, quoted
from ledger.reading.written import Written

__all__ = ["Fault", "Located", "RecordFaults", "Written", "read", "read_mapping", "read_text"]

_FORMATS = {
    ".yaml": yaml_lists.written,
    ".yml": yaml_lists.written,
    ".jsonl": json_lines.written,
    ".csv": csv_rows.written,
}
_UTF_8 = "text in UTF-8, without a byte-order mark"


@dataclass(frozen=True, slots=True)
class Located:
    """A fact, the file it was read from, and the line on which it begins there, counted from 1."""

    fact: Fact
    file: str
    line: int

    def __str__(self) -> str:
        """The place, `notes.yaml:14`."""
        return f"{self.file}:{self.line}"


def read(paths: Iterable[Path]) -> list[Located]:
    """The facts of these files, in order. Raises RecordFaults with every fault of all of them."""
    return _all_or_faults(item for path in paths for item in _items_of_file(path))


def read_text(text: str, name: str = "record.yaml") -> list[Located]:
    """The facts of a text, in the format that the suffix of `name` says. Raises RecordFaults with all its faults."""
    return _all_or_faults(_items(name, io.BytesIO(text.encode())))


def read_mapping(path: Path) -> Written | None:
    """The mapping that a YAML file consists of, whatever it is to mean; None where the file is something else.

    Raises RecordFaults where nothing can be read, or what is there is no YAML.
    """
    try:
        with path.open("rb") as stream:
            return yaml_lists.written_alone(str(path), _lines(str(path), stream))
    except OSError as error:
        raise RecordFaults([_unreadable(path, error)]) from None


def _all_or_faults(items: Iterable[Located | Fault]) -> list[Located]:
    facts: list[Located] = []
    faults: list[Fault] = []
    for item in items:
        if isinstance(item, Fault):
            faults.append(item)
        else:
            facts.append(item)
    if faults:
        raise RecordFaults(faults)
    return facts


def _items_of_file(path: Path) -> Iterator[Located | Fault]:
    try:
        with path.open("rb") as stream:
            yield from _items(str(path), stream)
    except OSError as error:
        yield _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> Fault:
    return Fault(str(path), None, "", f"nothing that can be read ({error.strerror})", "a file of facts")


def _items(file: str, stream: BinaryIO) -> Iterator[Located | Fault]:
    suffix = PurePath(file).suffix
    if suffix not in _FORMATS:
        yield Fault(file, None, "", f"the suffix `{suffix}`" if suffix else "no suffix", quoted(list(_FORMATS)))
        return
    empty = True
    try:
        for each in _FORMATS[suffix](file, _lines(file, stream)):
            empty = False
            if isinstance(each, Fault):
                yield each
                continue
            outcome = each.fact()
            if isinstance(outcome, list):
                yield from outcome
            else:
                yield Located(outcome, file, each.line)
    except RecordFaults as unreadable:
        yield from unreadable.faults
        return
    if empty:
        yield Fault(file, None, "", "no fact", "at least one")


def _lines(file: str, stream: BinaryIO) -> Iterator[str]:
    for line, raw in enumerate(stream, start=1):
        if line == 1 and raw.startswith(b"\xef\xbb\xbf"):
            raise RecordFaults([Fault(file, 1, "", "a byte-order mark", _UTF_8)])
        try:
            yield raw.decode()
        except UnicodeDecodeError as error:
            found = f"the byte 0x{raw[error.start]:02x}, which is no UTF-8"
            raise RecordFaults([Fault(file, line, "", found, _UTF_8)]) from None
