"""A ledger's facts as a file that any ledger can be made of again, with the same root."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from desk.output import whole_or_not_at_all, write_stream
from desk.progress import FactsProgress
from ledger.book import FACTS_AT_A_TIME, Book
from ledger.facts import written
from ledger.records import Recorded
from ledger.rejected import Rejected, installing
from ledger.seal.tree import Frontier

ROWS_IN_A_GROUP = 10_000


def export(db: str, form: str, output: Path | None) -> None:
    """Write all facts, in order, as `jsonl` or `parquet`, and say how many they were, with their root.

    Without a file, they go to standard output. Nothing comes of it unless all are written. Raises Rejected
    (`no_parquet`, `binary_to_terminal`, and as `whole_or_not_at_all` does) and StoreUnusable.
    """
    counted = _Counted()
    with _leaving(form, output) as stream, Book.open(db) as book, FactsProgress("Exporting") as progress:
        _WRITERS[form](stream, counted.passing(book.read(), progress.done))
    place = output or "standard output"
    click.echo(f"Wrote {place}: position {counted.tree.size}, root {counted.tree.root.hex()[:16]}.", err=True)


@contextmanager
def _leaving(form: str, output: Path | None) -> Iterator[BinaryIO]:
    """Where to write; it is left behind only if all goes well."""
    if output is not None and str(output) != "-":
        with whole_or_not_at_all(output, "-o") as beside, beside.open("wb") as stream:
            yield stream
        return
    if form == "parquet" and sys.stdout.isatty():
        raise Rejected(
            "binary_to_terminal",
            "Parquet is no text, and was about to be written to the terminal.",
            remedy="Name a file for it, such as -o ledger.parquet, or send it to a program.",
        )
    with tempfile.TemporaryFile() as stream:
        yield stream
        stream.seek(0)
        write_stream(stream)


class _Counted:
    """The tree over the records that have gone by."""

    def __init__(self) -> None:
        self.tree = Frontier()

    def passing(self, records: Iterator[Recorded], progress: Callable[[int], None]) -> Iterator[Recorded]:
        """The records; `progress` is told how many, a step at a time."""
        for record in records:
            self.tree = self.tree.add(record.leaf_hash)
            if self.tree.size % FACTS_AT_A_TIME == 0:
                progress(self.tree.size)
            yield record


def _json_lines(stream: BinaryIO, records: Iterator[Recorded]) -> None:
    stream.writelines(written(record.fact) + b"\n" for record in records)


def _parquet(stream: BinaryIO, records: Iterator[Recorded]) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise Rejected(
            "no_parquet",
            "What writes Parquet is not installed.",
            remedy=f"Run {installing('parquet')}, or export as JSON Lines.",
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
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
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


_WRITERS: dict[str, Callable[[BinaryIO, Iterator[Recorded]], None]] = {"jsonl": _json_lines, "parquet": _parquet}
