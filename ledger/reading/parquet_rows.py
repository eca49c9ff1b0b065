"""Record files in Parquet, as `asof export` writes them: the column `record` has a fact a row, in JSON."""

from collections.abc import Iterator
from typing import BinaryIO

from ledger.reading.faults import Fault, RecordFaults
from ledger.rejected import installing

_ALLOWED = "a Parquet file with a column `record` of text"


def lines(file: str, stream: BinaryIO) -> Iterator[str]:
    """The facts as lines of JSON Lines, a row at a time. Raises RecordFaults for what is no such file."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        reader = f"its reader: {installing('parquet')}"
        raise RecordFaults([Fault(file, None, "", "a Parquet file, and nothing that reads one", reader)]) from None
    try:
        parquet = pyarrow.parquet.ParquetFile(stream)
        if "record" not in parquet.schema_arrow.names:
            raise RecordFaults([Fault(file, None, "", "no column `record`", _ALLOWED)])
        for batch in parquet.iter_batches(columns=["record"]):
            for record in batch.column(0).to_pylist():
                yield record if isinstance(record, str) else "null"
    except pyarrow.ArrowException as error:
        raise RecordFaults([Fault(file, None, "", f"what is no Parquet ({error})", _ALLOWED)]) from None
