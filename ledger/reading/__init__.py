"""Reading record files: YAML, JSON Lines, CSV and Parquet, told apart by their suffixes, validated by the same models.

A reading gives every fact with its file and line, or every fault of all its files, and never some of each. Who wants
some of each, or more facts than memory holds, takes them one by one from `items`.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from ledger.reading import csv_rows, json_lines, parquet_rows, yaml_lists
from ledger.reading.faults import Fault, RecordFaults, quoted
from ledger.reading.written import Located, Written

__all__ = [
    "Fault",
    "Located",
    "RecordFaults",
    "Unread",
    "Written",
    "facts_or_faults",
    "items",
    "read",
    "read_mapping",
    "read_text",
]

_FORMATS = {
    ".yaml": yaml_lists.written,
    ".yml": yaml_lists.written,
    ".jsonl": json_lines.written,
    ".csv": csv_rows.written,
    ".parquet": json_lines.written,
}
_UTF_8 = "text in UTF-8, without a byte-order mark"


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands in the place of a fact and is none, with everything that is wrong with it.

    `written` is what stands there: plain data, or the line as it is. It is None where the faults are a whole file's.
    """

    faults: tuple[Fault, ...]
    written: dict[str, Any] | str | None


def items(paths: Iterable[Path]) -> Iterator[Located | Unread]:
    """What these files hold, in order, one by one as it is taken; only a YAML file is read whole."""
    for path in paths:
        yield from _items_of_file(path)


def read(paths: Iterable[Path]) -> list[Located]:
    """The facts of these files, in order. Raises RecordFaults with every fault of all of them."""
    return list(facts_or_faults(items(paths)))


def read_text(text: str, name: str = "record.yaml") -> list[Located]:
    """The facts of a text, in the format that the suffix of `name` says. Raises RecordFaults with all its faults."""
    return list(facts_or_faults(_items(name, io.BytesIO(text.encode()))))


def read_mapping(path: Path) -> Written | None:
    """The mapping that a YAML file consists of, whatever it is to mean; None where the file is something else.

    Raises RecordFaults where nothing can be read, or what is there is no YAML.
    """
    try:
        with path.open("rb") as stream:
            return yaml_lists.written_alone(str(path), _lines(str(path), stream))
    except OSError as error:
        raise RecordFaults([_unreadable(path, error)]) from None


def facts_or_faults(read: Iterable[Located | Unread]) -> Iterator[Located]:
    """The facts, up to the first fault. Raises RecordFaults at the end, with every fault, if there was one."""
    faults: list[Fault] = []
    for item in read:
        if isinstance(item, Unread):
            faults += item.faults
        elif not faults:
            yield item
    if faults:
        raise RecordFaults(faults)


def _items_of_file(path: Path) -> Iterator[Located | Unread]:
    try:
        with path.open("rb") as stream:
            yield from _items(str(path), stream)
    except OSError as error:
        yield Unread((_unreadable(path, error),), None)


def _unreadable(path: Path, error: OSError) -> Fault:
    return Fault(str(path), None, "", f"nothing that can be read ({error.strerror})", "a file of facts")


def _items(file: str, stream: BinaryIO) -> Iterator[Located | Unread]:
    suffix = PurePath(file).suffix
    if suffix not in _FORMATS:
        found = f"the suffix `{suffix}`" if suffix else "no suffix"
        yield Unread((Fault(file, None, "", found, quoted(list(_FORMATS))),), None)
        return
    lines = _Lines(parquet_rows.lines(file, stream) if suffix == ".parquet" else _lines(file, stream))
    empty = True
    try:
        for each in _FORMATS[suffix](file, lines):
            empty = False
            if isinstance(each, Located):
                yield each
                continue
            if isinstance(each, Fault):
                yield Unread((each,), lines.last)
                continue
            outcome = each.fact()
            yield Unread(tuple(outcome), each.data) if isinstance(outcome, list) else Located(outcome, file, each.line)
    except RecordFaults as unreadable:
        yield Unread(unreadable.faults, None)
        return
    if empty:
        yield Unread((Fault(file, None, "", "no fact", "at least one"),), None)


class _Lines(Iterator[str]):
    """Lines, of which the last that was taken is remembered."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.last = ""

    def __next__(self) -> str:
        self.last = next(self._lines)
        return self.last


def _lines(file: str, stream: BinaryIO) -> Iterator[str]:
    for line, raw in enumerate(stream, start=1):
        if line == 1 and raw.startswith(b"\xef\xbb\xbf"):
            raise RecordFaults([Fault(file, 1, "", "a byte-order mark", _UTF_8)])
        try:
            yield raw.decode()
        except UnicodeDecodeError as error:
            found = f"the byte 0x{raw[error.start]:02x}, which is no UTF-8"
            raise RecordFaults([Fault(file, line, "", found, _UTF_8)]) from None
