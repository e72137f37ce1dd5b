"""A collected table as a file, with a data dictionary beside it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from foedus.errors import UsageError
from foedus.experiments.collection import runs_in
from foedus.experiments.columns import RUNS, Column, as_markdown, columns, dictionary
from foedus.experiments.durable import disk_errors, new_file, write_durably
from foedus.experiments.folder import Folder
from foedus.experiments.manifest import Manifest
from foedus.experiments.tables import schema_of

SUFFIXES = (".csv", ".parquet")


def check_name(path: Path) -> None:
    """Refuse a name that says no known format.

    Raises
    ------
    UsageError
        Unless it ends in ``.csv`` or ``.parquet``.
    """
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: expected a name that ends in {' or '.join(SUFFIXES)}")


def write_table(table: Any, path: Path) -> None:
    """Write a table as CSV or Parquet, as its name says.

    Raises
    ------
    UnfinishedError
        If the disk does not take it.
    """
    with _writer(path, table.schema) as writer:
        writer.write_table(table)


def write_runs(folder: Folder, path: Path) -> int:
    """Write all runs, one part at a time, for they may not fit into memory; returns how many.

    Raises
    ------
    UsageError
        If the sweep keeps none.
    """
    n_rows = 0
    with _writer(path, schema_of(RUNS)) as writer:
        for table in runs_in(folder):
            writer.write_table(table)
            n_rows += table.num_rows
    return n_rows


@contextlib.contextmanager
def _writer(path: Path, schema: Any) -> Iterator[Any]:
    """Arrow's writer for a file that appears when all is written."""
    with (
        disk_errors(path, "choose another place for --out"),
        new_file(path) as file,
        _format(path, file, schema) as writer,
    ):
        yield writer


def _format(path: Path, file: IO[bytes], schema: Any) -> Any:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetWriter(file, schema, compression="zstd")
    from pyarrow import csv

    return csv.CSVWriter(file, schema, write_options=csv.WriteOptions(quoting_style="needed"))


def write_dictionary(manifest: Manifest, path: Path, *, runs: bool) -> list[Path]:
    """Write the data dictionary of a table beside it, for machines and for people."""
    described: Sequence[Column] = RUNS if runs else columns(manifest.plan.names)
    title = f"Columns of {path.name}: {manifest.plan.title or manifest.plan.name}"
    record = {"table": path.name, "sweep": manifest.plan.name, "columns": dictionary(described)}
    as_json = path.with_name(f"{path.stem}.dictionary.json")
    as_page = path.with_name(f"{path.stem}.dictionary.md")
    with disk_errors(path, "choose another place for --out"):
        write_durably(as_json, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
        write_durably(as_page, as_markdown(described, title).encode())
    return [as_json, as_page]
