"""A ledger's facts as a file that any ledger can be made of again, with the same root."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from ledger.book import Book
from ledger.facts import written
from ledger.records import Recorded
from ledger.rejected import Rejected
from ledger.seal.tree import Frontier

ROWS_IN_A_GROUP = 10_000


def export(file: Path, db: str) -> tuple[int, bytes]:
    """Write all facts, in order, as JSON Lines or Parquet; the length of the log and its root.

    The file is there whole, or not at all. Raises Rejected (`export_suffix`, `no_parquet`, `output_unwritable`) and
    StoreUnusable.
    """
    writers: dict[str, Callable[[Path, Iterator[Recorded]], None]] = {".jsonl": _json_lines, ".parquet": _parquet}
    if file.suffix not in writers:
        raise Rejected(
            "export_suffix",
            f"{file} was to be written, and its suffix names no format.",
            remedy=f"Let it end with {' or '.join(writers)}.",
        )
    counted = _Counted()
    with _whole_or_not_at_all(file) as beside, Book.open(db) as book:
        writers[file.suffix](beside, counted.passing(book.read()))
    return counted.tree.size, counted.tree.root


class _Counted:
    """The tree over the records that have gone by."""

    def __init__(self) -> None:
        self.tree = Frontier()

    def passing(self, records: Iterator[Recorded]) -> Iterator[Recorded]:
        for record in records:
            self.tree = self.tree.add(record.leaf_hash)
            yield record


def _json_lines(file: Path, records: Iterator[Recorded]) -> None:
    with file.open("wb") as opened:
        opened.writelines(written(record.fact) + b"\n" for record in records)


def _parquet(file: Path, records: Iterator[Recorded]) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise Rejected(
            "no_parquet",
            "What writes Parquet is not installed.",
            remedy='Install it, with pip install "asof-ledger[parquet]", or export to a .jsonl file.',
        ) from None
    moment = pyarrow.timestamp("us", tz="UTC")
    schema = pyarrow.schema(
        [
            ("position", pyarrow.int64()),
            ("recorded_at", moment),
            ("known_at", moment),
            ("event", pyarrow.string()),
            ("subject", pyarrow.string()),
            ("key", pyarrow.string()),
            ("effective", pyarrow.date32()),
            ("standing", pyarrow.string()),
            ("document", pyarrow.string()),
            ("clause", pyarrow.string()),
            ("leaf_hash", pyarrow.binary(32)),
            ("record", pyarrow.string()),
        ]
    )
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while rows := [_row(record) for record in islice(records, ROWS_IN_A_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


def _row(record: Recorded) -> dict[str, Any]:
    fact = record.fact
    return {
        "position": record.position,
        "recorded_at": record.recorded_at,
        "known_at": record.known_at,
        "event": fact.event,
        "subject": fact.subject,
        "key": fact.own_key,
        "effective": fact.effective_on,
        "standing": fact.standing,
        "document": fact.source.document if fact.source else None,
        "clause": fact.source.clause if fact.source else None,
        "leaf_hash": record.leaf_hash,
        "record": written(fact).decode(),
    }


@contextmanager
def _whole_or_not_at_all(file: Path) -> Iterator[Path]:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(file)
    except OSError as error:
        raise Rejected(
            "output_unwritable",
            f"{file} cannot be written: {error.strerror}.",
            remedy="Name a file in a directory that is there and may be written to.",
        ) from None
    finally:
        beside.unlink(missing_ok=True)
