"""All parts of a sweep as one table, and the table as a file with a data dictionary beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import numpy as np

from foedus.data.durable import disk_errors, is_locked, new_file, sha256, write_durably
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.manifest import Manifest
from foedus.experiments.store import Folder, Tally, tally_of
from foedus.experiments.table import Column, schema_of

SUFFIXES = (".csv", ".parquet")


def collected(folder: Folder) -> tuple[Any, Tally]:
    """Every finished point as one Arrow table, in the order of the points, and how many there are.

    Raises:
        UnfinishedError: If a part is damaged: a resume mends it.
        InputError: If no point is finished.
    """
    import pyarrow as pa

    manifest = folder.manifest()
    parts = [points.replace_schema_metadata(None) for points, _ in _parts(folder, manifest)]
    if not parts:
        raise InputError(f"{folder.path}: no point is finished yet")
    table = pa.concat_tables(parts).sort_by("point").combine_chunks()
    _, first = np.unique(table.column("point").to_numpy(), return_index=True)
    if len(first) < table.num_rows:  # a point that was computed twice has two equal rows
        table = table.take(first)
    if manifest.result and table.num_rows < manifest.result.done:
        message = f"{manifest.result.done:,} points were done, {table.num_rows:,} are there"
        raise folder.damaged(InputError(f"{folder.parts}: {message}"))
    tally = tally_of(manifest, table.num_rows, is_running=is_locked(folder.path))
    keys = "".join(map(str, table.column("key").to_pylist()))
    if tally.done == tally.total and sha256(keys.encode()) != manifest.points_sha256:
        raise InputError(f"{folder.parts}: the keys of its points are not those of this sweep")
    return table, tally


def collected_runs(folder: Folder) -> Iterator[Any]:
    """The runs of a sweep that keeps them, part by part, in the order of the points.

    Raises:
        UsageError: If it does not keep them.
        UnfinishedError: As :func:`collected`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    manifest, seen = folder.manifest(), set[int]()
    if not manifest.plan.keep_runs:
        raise UsageError(f"{folder.path}: this sweep keeps no runs (`keep_runs: true` does)")
    for _, runs in _parts(folder, manifest, runs=True):
        here = set(runs.column("point").unique().to_pylist())
        if here & seen:  # a point that was computed twice
            fresh = pa.array(sorted(here - seen), pa.int64())
            runs = runs.filter(pc.is_in(runs.column("point"), fresh))
        seen |= here
        yield runs.replace_schema_metadata(None)


def _parts(folder: Folder, manifest: Manifest, *, runs: bool = False) -> Iterator[tuple[Any, Any]]:
    def refuse(_: str, error: InputError) -> None:
        raise folder.damaged(error) from None

    return folder.whole_parts(manifest, refuse, runs=runs)


def what_is_missing(tally: Tally) -> UnfinishedError | None:
    """The error that says which points a collected table lacks; None where it lacks none."""
    if not (tally.planned or tally.failed):
        return None
    return UnfinishedError(
        f"the table holds {tally.done:,} of {tally.total:,} points: {tally.planned:,} are not "
        f"computed, {tally.failed:,} failed"
    )


def check_name(path: Path) -> None:
    """Refuse a name that says no known format.

    Raises:
        UsageError: Unless it ends in ``.csv`` or ``.parquet``.
    """
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: expected a name that ends in {' or '.join(SUFFIXES)}")


def write_table(tables: Iterable[Any], described: Iterable[Column], path: Path) -> int:
    """Write tables of the same columns as one CSV or Parquet file; returns the number of rows.

    Each is written before the next is asked for, for all together may not fit into memory. The
    file appears when all are written.

    Raises:
        UnfinishedError: If the disk does not take it.
    """
    n_rows, schema = 0, schema_of(described)
    with (
        disk_errors(path, "choose another place"),
        new_file(path) as file,
        _writer(path, file, schema) as writer,
    ):
        for table in tables:
            writer.write_table(table)
            n_rows += table.num_rows
    return n_rows


def _writer(path: Path, file: IO[bytes], schema: Any) -> Any:
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetWriter(file, schema, compression="zstd")
    from pyarrow import csv

    return csv.CSVWriter(file, schema, write_options=csv.WriteOptions(quoting_style="needed"))


def write_dictionary(manifest: Manifest, described: Sequence[Column], path: Path) -> list[Path]:
    """Write the data dictionary of a table beside it, for machines and for people."""
    title = f"Columns of {path.name}: {manifest.plan.title or manifest.plan.name}"
    record = {
        "table": path.name,
        "sweep": manifest.plan.name,
        "columns": [asdict(column) for column in described],
    }
    as_json = path.with_name(f"{path.stem}.dictionary.json")
    as_page = path.with_name(f"{path.stem}.dictionary.md")
    with disk_errors(path, "choose another place"):
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
