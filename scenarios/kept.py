"""The rows of a sweep kept in a folder of Parquet files, a file a portion: the one thing that a scenario writes.

A file is written beside its place and then moved there, so it is whole or not there. The folder is a data set that
pandas, Polars, DuckDB and Arrow read as it is.
"""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

from ledger.rejected import Rejected, installing
from ledger.values import plain
from scenarios.axes import Label
from scenarios.sweep import Row, Sweep

_SEAL = "sweep.json"


class KeptInParquet:
    """A folder in which the finished branches of one sweep are kept; made if there is none."""

    def __init__(self, folder: Path, sweep: Sweep) -> None:
        """Take up a sweep, a new one or one broken off. Raises Rejected (`another_sweep`, `extra_missing`)."""
        self.folder = folder
        self._schema = _schema(sweep)
        self._sweep = sweep
        self.folder.mkdir(parents=True, exist_ok=True)
        seal = self.folder / _SEAL
        written = json.dumps({"sweep": sweep.fingerprint, "axes": list(sweep.axes), "branches": len(sweep)})
        if not seal.exists():
            if any(self.folder.iterdir()):
                raise self._another("The folder holds something else.")
            _write(seal, written.encode())
        elif seal.read_text(encoding="utf-8") != written:
            raise self._another("It holds another sweep: other axes, another question, or another state of the ledger.")

    def rows(self, numbers: range) -> list[Row] | None:
        """The rows of these branches, if they are kept."""
        from pyarrow import parquet

        file = self._file(numbers)
        if not file.exists():
            return None
        table = parquet.read_table(file, columns=list(Row._fields))
        return [_row(record, self._sweep.digits[record["facility"]]) for record in table.to_pylist()]

    def keep(self, numbers: range, rows: Sequence[Row]) -> None:
        """Keep the rows of these branches, all or none."""
        import pyarrow as pa
        from pyarrow import parquet

        records = [{**self._sweep.labels(row.branch), **row._asdict()} for row in rows]
        buffer = pa.BufferOutputStream()
        parquet.write_table(pa.Table.from_pylist([_scaled(each) for each in records], self._schema), buffer)
        _write(self._file(numbers), buffer.getvalue().to_pybytes())

    def _file(self, numbers: range) -> Path:
        return self.folder / f"branches-{numbers.start:07}-{numbers.stop - 1:07}.parquet"

    def _another(self, forbidden_by: str) -> Rejected:
        return Rejected(
            "another_sweep",
            f"The sweep is to be kept in {self.folder}.",
            forbidden_by=forbidden_by,
            remedy="Keep it in a folder of its own.",
        )


_PLACES = 18
"""The decimal places of every figure in a file; no rate of a record has as many."""


def _schema(sweep: Sweep) -> Any:
    """The columns: the axes, then the fields of a row."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError:
        raise Rejected(
            "extra_missing",
            "The sweep is to be kept in Parquet files.",
            forbidden_by="The package pyarrow, which writes them, is not installed.",
            remedy=f"Run {installing('sweeps')}.",
        ) from None
    figure = pa.decimal128(38, _PLACES)
    kinds = {int: pa.int64(), str: pa.string(), dt.date: pa.date32(), Decimal: figure}
    axes = [(name, kinds[type(axis.labels[0])] if len(axis) else pa.null()) for name, axis in sweep.axes.items()]
    row = [
        ("branch", pa.int64()),
        ("facility", pa.string()),
        ("on", pa.date32()),
        ("legal", pa.string()),
        ("rate", figure),
        ("total", figure),
        ("cost", figure),
        ("differs", pa.bool_()),
    ]
    return pa.schema([*axes, *row])


def _scaled(record: dict[str, Label | None]) -> dict[str, Label | None]:
    one = Decimal(1).scaleb(-_PLACES)
    with localcontext(prec=60):
        return {name: each.quantize(one) if isinstance(each, Decimal) else each for name, each in record.items()}


def _row(record: dict[str, Any], digits: int) -> Row:
    """A row as it was before it was kept, figures with as many digits as they had."""
    cents = Decimal(1).scaleb(-digits)
    amounts = {name: record[name] for name in ("total", "cost")}
    amounts = {name: None if amount is None else amount.quantize(cents) for name, amount in amounts.items()}
    rate = None if record["rate"] is None else Decimal(plain(record["rate"].normalize()))
    return Row(**{**record, **amounts, "rate": rate})


def _write(file: Path, content: bytes) -> None:
    beside = file.with_name(f".{file.name}.part")
    beside.write_bytes(content)
    beside.replace(file)
