"""A collected table as a file, with a data dictionary beside it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from foedus.errors import UsageError
from foedus.experiments.durable import disk_errors, new_file, write_durably
from foedus.experiments.manifest import Manifest
from foedus.experiments.store import Folder, collected_runs
from foedus.experiments.table import RUNS, Column, columns, schema_of

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
        for table in collected_runs(folder):
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
    record = {
        "table": path.name,
        "sweep": manifest.plan.name,
        "columns": [asdict(column) for column in described],
    }
    as_json = path.with_name(f"{path.stem}.dictionary.json")
    as_page = path.with_name(f"{path.stem}.dictionary.md")
    with disk_errors(path, "choose another place for --out"):
        write_durably(as_json, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
        write_durably(as_page, _as_markdown(described, title).encode())
    return [as_json, as_page]


def _as_markdown(described: Iterable[Column], title: str) -> str:
    """Columns as a page for people."""
    lines = [f"# {title}", "", "| column | type | unit | meaning |", "|---|---|---|---|"]
    for column in described:
        cells = (f"`{column.name}`", column.type, column.unit, column.description)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
