"""How results leave: in one piece, to stdout, when all is done."""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
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

_BYTES_THAT_TELL = 1024
_BEGINNINGS = {
    "database": re.compile(rb"SQLite format 3\0"),
    "key": re.compile(rb"(PRIVATE\+KEY\+)?[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\s"),
    "checkpoint": re.compile(rb"[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n\xe2\x80\x94 "),
}
_KEPT = {"database": "a database, perhaps a ledger", "key": "a key", "checkpoint": "a checkpoint"}


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


def form_by_ending(output: Path | None, forms: Mapping[str, str], otherwise: str) -> str:
    """The form of what is written to a file, by its ending; `otherwise` where there is no ending, or no file.

    Raises Rejected (`unknown_ending`).
    """
    ending = output.suffix.removeprefix(".").lower() if output is not None else ""
    if ending and ending not in forms:
        raise Rejected(
            "unknown_ending",
            f"{output} ends with .{ending}, which says of no format that it is to be written.",
            remedy=f"Write {' or '.join(f'.{each}' for each in forms)}, or say the format with --format.",
        )
    return forms[ending] if ending else otherwise


def write_file(path: Path, content: bytes, *, is_checkpoint: bool = False) -> None:
    """Write a file whole or not at all: what was there stays there if the writing fails.

    Raises Rejected as `whole_or_not_at_all` does.
    """
    with whole_or_not_at_all(path, "-o", is_checkpoint=is_checkpoint) as beside:
        beside.write_bytes(content)


def leave_text(text: str, path: Path | None, *, is_checkpoint: bool = False) -> None:
    """Write text, in UTF-8, to a file, or to stdout if none is named. Raises Rejected as `write_file` does."""
    if path is None or str(path) == "-":
        write_text(text)
    else:
        write_file(path, text.encode(), is_checkpoint=is_checkpoint)


@contextmanager
def whole_or_not_at_all(path: Path, option: str, *, is_checkpoint: bool = False) -> Iterator[Path]:
    """A place beside a file to write to: if all goes well, what is written there takes the file's place.

    What is no file, such as a pipe, is written to as it is. What cannot be had again stays as it is: a database, which
    may be the ledger itself, a key, and, unless what is written is one, too (`is_checkpoint`), a checkpoint. `option`
    is the one that names the file. Raises Rejected (`output_unwritable`, `output_is_database`, `output_is_key`,
    `output_is_checkpoint`).
    """
    try:
        if path.is_file() and (kept := _kept(path)) is not None and not (is_checkpoint and kept == "checkpoint"):
            raise Rejected(
                f"output_is_{kept}",
                f"{path} was about to be overwritten, and it is {_KEPT[kept]}.",
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


def _kept(path: Path) -> str | None:
    """What a file is by its beginning, if it is something that no result may take the place of."""
    with path.open("rb") as file:
        beginning = file.read(_BYTES_THAT_TELL)
    return next((name for name, pattern in _BEGINNINGS.items() if pattern.match(beginning)), None)


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
