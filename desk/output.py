"""How results leave: in one piece, to stdout, when all is done."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from desk.errors import CUT_OFF
from ledger.rejected import Rejected, StoreUnusable

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH_OF_JSON = 160
WIDTH_WITHOUT_A_TERMINAL = 100
_BYTES_AT_A_TIME = 1 << 20
_BEGINNING_OF_SQLITE = b"SQLite format 3\0"


def write_json(data: Any) -> None:
    """Write plain data as JSON, in UTF-8."""
    _write(f"{json_text(data)}\n".encode())


def write_json_lines(lines: Iterable[Any]) -> None:
    """Write plain data as JSON Lines, in UTF-8."""
    _write("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode())


def write_text(text: str) -> None:
    """Write text, in UTF-8."""
    _write(text.encode())


def write_tables(*parts: "RenderableType") -> None:
    """Write tables for people: as wide as the terminal, or as $COLUMNS says; in colour only on a terminal."""
    _write(_tables(parts, terminal=sys.stdout.isatty()).encode(sys.stdout.encoding, errors="replace"))


def write_bytes(content: bytes) -> None:
    """Write what is no text for people as it is."""
    _write(content)


def tables_bytes(*parts: "RenderableType") -> bytes:
    """Tables for people as text for a file, in UTF-8 and without colour."""
    return _tables(parts, terminal=False).encode()


def write_stream(stream: BinaryIO) -> None:
    """Write what a stream holds, however long it is."""
    while piece := stream.read(_BYTES_AT_A_TIME):
        _write(piece)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: what was there stays there if the writing fails.

    Raises Rejected (`output_unwritable`).
    """
    with whole_or_not_at_all(path, "-o") as beside:
        beside.write_bytes(content)


def leave_text(text: str, path: Path | None) -> None:
    """Write text, in UTF-8, to a file, or to stdout if none is named. Raises Rejected (`output_unwritable`)."""
    if path is None or str(path) == "-":
        write_text(text)
    else:
        write_file(path, text.encode())


@contextmanager
def whole_or_not_at_all(path: Path, option: str) -> Iterator[Path]:
    """A place beside a file to write to: if all goes well, what is written there takes the file's place.

    What is no file, such as a pipe, is written to as it is; a database, which may be the ledger itself, stays as it is.
    `option` is the one that names the file. Raises Rejected (`output_unwritable`, `output_is_database`).
    """
    try:
        if path.is_file() and _is_database(path):
            raise Rejected(
                "output_is_database",
                f"{path} was about to be overwritten, and it is a database, perhaps a ledger.",
                remedy=f"It was left as it is. Name another file with {option}.",
            )
        if path.exists() and not path.is_file():
            yield path
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            yield beside
            with beside.open("rb") as written:
                os.fsync(written.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Rejected(
            "output_unwritable",
            f"{path} cannot be written: {error.strerror}.",
            remedy=f"Name a file, with {option}, in a directory that is there and may be written to.",
        ) from None


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_BEGINNING_OF_SQLITE)) == _BEGINNING_OF_SQLITE


def _tables(parts: Iterable["RenderableType"], *, terminal: bool) -> str:
    from rich.console import Console

    width = None if terminal or "COLUMNS" in os.environ else WIDTH_WITHOUT_A_TERMINAL
    drawn = StringIO()
    console = Console(file=drawn, force_terminal=terminal, width=width, highlight=False)
    for part in parts:
        console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in drawn.getvalue().splitlines())


def json_text(data: Any, indent: str = "") -> str:
    """JSON that people can read, too: what fits on a line stands on one. The same data are always the same text."""
    flat = json.dumps(data, ensure_ascii=False)
    if not data or not isinstance(data, dict | list) or len(indent) + len(flat) <= WIDTH_OF_JSON:
        return flat
    deeper = f"{indent} "
    if isinstance(data, dict):
        items = [f"{json.dumps(name, ensure_ascii=False)}: {json_text(data[name], deeper)}" for name in data]
        opening, closing = "{}"
    else:
        items = [json_text(item, deeper) for item in data]
        opening, closing = "[]"
    inside = f",\n{deeper}".join(items)
    return f"{opening}\n{deeper}{inside}\n{indent}{closing}"


def _write(text: bytes) -> None:
    stream, rest = sys.stdout.buffer, memoryview(text)
    try:
        while rest:
            rest = rest[stream.write(rest) :]  # an unbuffered stream may take a part
        stream.flush()
    except OSError as fault:
        # What is left of the text would otherwise be tried again, and complained of, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(fault, BrokenPipeError):  # the reader has seen enough
            sys.exit(CUT_OFF)
        matter = f"The result cannot be written: {fault.strerror}."
        raise StoreUnusable("output_unusable", matter, remedy="Write it where there is room.") from None
