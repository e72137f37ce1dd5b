"""The table of a sweep: its columns, its rows, and its way into files and back.

What each column holds stands in ``columns.csv``; a plan adds one for each name that it sets.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from math import sqrt
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import CSVWriter, WriteOptions

from foedus.analysis.summary import Spread, Summary, by_word, standard_error, summarise
from foedus.data.durable import disk_errors, new_file, write_durably
from foedus.data.register import register
from foedus.data.terms import ATTRIBUTE_RANGE, CASE_RANGE, Ending
from foedus.data.vocabulary import entry
from foedus.errors import InputError, UsageError
from foedus.experiments.study import Point
from foedus.model.ensemble import Ensemble

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Column:
    """One column: its type (``int64``, ``float64``, ``string``), its unit or range, its meaning."""

    name: str
    type: str
    unit: str
    description: str


@cache
def _described(table: str) -> tuple[Column, ...]:
    text = resources.files("foedus.experiments").joinpath("columns.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Column(**row) for row in rows if row.pop("table") == table)


def columns_of_runs() -> tuple[Column, ...]:
    """All columns of the table of runs."""
    return _described("runs")


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """All columns of the table of points; `names` are those that the plan sets or varies."""
    return (*_described("points"), *map(_of_setting, names), *_described("results"))


def _of_setting(name: str) -> Column:
    if name in register():
        row = register()[name]
        return Column(name, "float64", row.unit, f"{row.description}.")
    left = "missing where the point leaves it as coded"
    if name in CASE_RANGE:
        low, high = CASE_RANGE[name]
        return Column(name, "float64", f"{low} to {high}", f"{name} of the case; {left}.")
    state, dot, attribute = name.rpartition(".")
    low, high = ATTRIBUTE_RANGE[attribute]
    whose = f"{attribute.capitalize()} of {state if dot else 'the crisis'}"
    meaning = entry("attribute", attribute).whole.rstrip(".")
    return Column(name, "float64", f"{low:g} to {high:g}", f"{whose}; {left}. {meaning}.")


def table_of_points(
    points: Sequence[Point], results: Sequence[Ensemble], names: Iterable[str]
) -> pa.Table:
    """A row for each point as an Arrow table; `names` are those that the plan sets or varies."""
    rows = [_row_of(*both, names) for both in zip(points, results, strict=True)]
    return pa.Table.from_pylist(rows, schema=schema_of(columns(names)))


def _row_of(point: Point, result: Ensemble, names: Iterable[str]) -> dict[str, Any]:
    summary, setup = summarise(result), result.setup
    scenario = setup.case.scenario
    used = {**setup.settings.attributes, **setup.parameters}
    return {
        "point": point.index,
        "key": point.key,
        "scenario": scenario.id,
        "alliance": scenario.alliance,
        "history": scenario.history.level if scenario.history else None,
        "theory": point.theory,
        "rule": str(setup.situation.rule),
        "request": str(setup.request),
        **{name: used.get(name) for name in names},
        "runs": result.n_runs,
        "seed": result.seed,
        **by_word("p", summary.p_levels),
        **by_word("se", summary.errors),
        "expected_level": summary.expected_level,
        "se_expected_level": _error_of_expected_level(summary, result.n_runs),
        "p_quelled": summary.p_quelled,
        "p_lost": summary.p_lost,
        **_spread("decision_day", summary.decision_day),
        **_spread("days_to_end", summary.days_to_end),
        **_spread("troops", summary.troops.get("total")),
    }


def _error_of_expected_level(summary: Summary, n_runs: int) -> float:
    """Standard error of the mean level; where all runs agree, that of half a run one level away."""
    mean = summary.expected_level
    squares = sum(k * k * p for k, p in enumerate(summary.p_levels))
    return max(sqrt(max(squares - mean * mean, 0.0) / n_runs), standard_error(0.0, n_runs))


def _spread(name: str, spread: Spread | None) -> dict[str, float]:
    """Three cells; none, and so missing, for a spread over no run at all."""
    return {f"{name}_{which}": value for which, value in vars(spread).items()} if spread else {}


def table_of_runs(points: Sequence[Point], results: Sequence[Ensemble]) -> pa.Table:
    """A row for each run of each point as an Arrow table."""
    schema, words = schema_of(columns_of_runs()), np.array([ending.label for ending in Ending])
    blocks = []
    for point, result in zip(points, results, strict=True):
        outcome = result.outcome
        block = {
            "point": np.full(result.n_runs, point.index),
            "run": np.arange(result.n_runs),
            "level": outcome.level,
            "day_decided": outcome.day_decided,
            "day_ended": outcome.day_ended,
            "ending": words[outcome.ending],
            "troops": outcome.troops.sum(axis=0, dtype=np.int64),
        }
        blocks.append(pa.table(block).cast(schema))
    return pa.concat_tables(blocks).combine_chunks()


def schema_of(described: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of some columns."""
    return pa.schema([(column.name, pa.type_for_alias(column.type)) for column in described])


def to_parquet(table: pa.Table, notes: Mapping[str, str]) -> bytes:
    """A table as the bytes of a Parquet file, with words kept in its metadata."""
    buffer = BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(notes)), buffer, compression="zstd")
    return buffer.getvalue()


def from_parquet(content: bytes, name: str, described: Iterable[Column]) -> pa.Table:
    """The table in the bytes of a Parquet file, refused where it has other columns.

    No thread is started for it: Arrow's pool now and then aborts a process that ends
    (https://github.com/apache/arrow/issues/34314).

    Raises:
        InputError: If they are no Parquet file, or one with other columns.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        fault = _fault(file.schema_arrow, schema_of(described))
        if fault:
            raise InputError(f"{name}: {fault}")
        return file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        said = (str(error).splitlines() or ["?"])[0][:200]
        raise InputError(f"{name}: not a Parquet file that can be read: {said}") from None


def _fault(found: pa.Schema, expected: pa.Schema) -> str | None:
    """What is wrong with a table that lacks a column, has one too many, or of another type."""
    for word in found.names:
        if found.names.count(word) > 1 or word not in expected.names:
            return f"the column '{word[:60]}' is not one of this table's"
    for field in expected:
        if field.name not in found.names:
            return f"the column '{field.name}' is missing"
        type_ = found.field(field.name).type
        if type_ != field.type:
            return f"the column '{field.name}': expected {field.type}, found {str(type_)[:60]}"
    return None if found.names == expected.names else "the columns are not in their order"


def notes_of(table: pa.Table) -> dict[str, str]:
    """Words kept in a table's metadata."""
    notes = table.schema.metadata or {}
    return {key.decode(errors="replace"): notes[key].decode(errors="replace") for key in notes}


def digest_of_table(table: pa.Table) -> str:
    """SHA-256 over names, types and values, whatever the chunks or the file format."""
    digest = hashlib.sha256()
    for field in table.schema:
        digest.update(f"{field.name}|{field.type}|".encode())
        digest.update(json.dumps(table.column(field.name).to_pylist()).encode())
    return digest.hexdigest()


def digest_of_results(table: pa.Table) -> str:
    """Digest of a table of points but for their keys, which name the code and not what came out."""
    return digest_of_table(table.drop_columns(["key"]))


def check_name(path: Path) -> None:
    """Refuse a name that says no known format.

    Raises:
        UsageError: Unless it ends in ``.csv`` or ``.parquet``.
    """
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: expected a name that ends in {' or '.join(SUFFIXES)}")


def write_table(tables: Iterable[pa.Table], described: Iterable[Column], path: Path) -> int:
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


def _writer(path: Path, file: IO[bytes], schema: pa.Schema) -> Any:
    if path.suffix == ".parquet":
        return pq.ParquetWriter(file, schema, compression="zstd")
    return CSVWriter(file, schema, write_options=WriteOptions(quoting_style="needed"))


def write_dictionary(
    described: Sequence[Column], path: Path, *, sweep: str, title: str
) -> list[Path]:
    """Write the data dictionary of a table beside it, for machines and for people."""
    entries = [asdict(column) for column in described]
    record = {"table": path.name, "sweep": sweep, "columns": entries}
    page = [f"# Columns of {path.name}: {title}", "", "| column | type | unit | meaning |"]
    page.append("|---|---|---|---|")
    for column in described:
        cells = (f"`{column.name}`", column.type, column.unit, column.description)
        page.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    as_json = path.with_name(f"{path.stem}.dictionary.json")
    as_page = path.with_name(f"{path.stem}.dictionary.md")
    with disk_errors(path, "choose another place"):
        write_durably(as_json, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
        write_durably(as_page, ("\n".join(page) + "\n").encode())
    return [as_json, as_page]
