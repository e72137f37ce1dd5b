"""Tables too large for memory, written part by part."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from foedus.experiments.columns import RUNS
from foedus.experiments.durable import UNFINISHED_SUFFIX, sync_folder
from foedus.experiments.tables import schema_of


@contextlib.contextmanager
def table_writer(path: Path) -> Iterator[Callable[[Any], int]]:
    """A function that appends tables of runs; the file appears when all is written.

    Parameters
    ----------
    path
        Ends in ``.csv`` or ``.parquet``.
    """
    temporary = path.with_name(path.name + UNFINISHED_SUFFIX)
    try:
        with temporary.open("wb") as file:
            with _format(path, file) as writer:
                yield lambda table: _written(writer, table)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _format(path: Path, file: Any) -> Any:
    schema = schema_of(RUNS)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetWriter(file, schema, compression="zstd")
    from pyarrow import csv

    return csv.CSVWriter(file, schema, write_options=csv.WriteOptions(quoting_style="needed"))


def _written(writer: Any, table: Any) -> int:
    writer.write_table(table)
    return int(table.num_rows)
