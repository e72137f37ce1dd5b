"""The table of a sweep: its columns, its rows, and its way into Parquet and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import sqrt
from typing import Any, Literal

import numpy as np

from foedus.analysis.summary import Spread, Summary, by_word, standard_error, summarise
from foedus.data.register import register
from foedus.data.terms import ATTRIBUTE_RANGE, CASE_RANGE, LEVELS, Ending
from foedus.data.vocabulary import coding_rule
from foedus.errors import InputError
from foedus.experiments.points import Point
from foedus.model.ensemble import Ensemble

Type = Literal["int64", "float64", "string"]

NOWHERE = Spread(None, None, None)  # type: ignore[arg-type]
"""A spread over no run at all: three missing cells."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    type
        ``int64``, ``float64`` or ``string``.
    unit
        Unit or range; empty for words.
    description
        What a value says, and when it is missing.
    """

    name: str
    type: Type
    unit: str
    description: str


IDENTITY = (
    Column("point", "int64", "", "Number of the point in the sweep, from 0."),
    Column("key", "string", "", "SHA-256 of all that decides the point, the code included."),
    Column("scenario", "string", "", "Id of the scenario."),
    Column("alliance", "string", "", "Id of the alliance."),
    Column("history", "string", "", "Answer that history gave; missing for counterfactuals."),
    Column("theory", "string", "", "Theory; missing where none was chosen (the full model)."),
    Column("rule", "string", "", "Council rule under which the point was computed."),
    Column("request", "string", "", "Request that was made: history, treaty or none."),
)
"""Columns that say which point a row is."""

_QUANTILES = (
    ("median", "Median"),
    ("low", "5 % quantile of the"),
    ("high", "95 % quantile of the"),
)
_SPREAD = (
    ("decision_day", "days", "day of the answer, over runs with one; missing where none has"),
    ("days_to_end", "days", "day on which the crisis ended (the horizon where it did not)"),
    ("troops", "troops", "number of troops sent, over runs that deploy; missing where none does"),
)

RESULTS = (
    Column("runs", "int64", "runs", "Runs of the point."),
    Column("seed", "int64", "", "Seed of its ensemble."),
    *(Column(f"p_{w}", "float64", "0 to 1", f"Probability of the answer {w}.") for w in LEVELS),
    *(
        Column(f"se_{w}", "float64", "0 to 1", f"Standard error of p_{w} over runs.")
        for w in LEVELS
    ),
    Column("expected_level", "float64", "0 to 3", "Mean answer, counting none 0 to deploy 3."),
    Column("se_expected_level", "float64", "0 to 3", "Standard error of expected_level over runs."),
    Column("p_quelled", "float64", "0 to 1", "Probability that the crisis is quelled."),
    Column("p_lost", "float64", "0 to 1", "Probability that the requester is lost."),
    *(
        Column(f"{name}_{which}", "float64", unit, f"{share} {what}.")
        for name, unit, what in _SPREAD
        for which, share in _QUANTILES
    ),
)
"""Columns that say what came out."""

RUNS = (
    Column("point", "int64", "", "Number of the point in the sweep."),
    Column("run", "int64", "", "Number of the run, from 0; the same number, the same chance."),
    Column("level", "int64", "0 to 3", "Answer: none 0, consult 1, support 2, deploy 3."),
    Column("day_decided", "int64", "days", "Day of the answer; -1 where it is none."),
    Column(
        "day_ended", "int64", "days", "Day on which the crisis ended; the horizon if it did not."
    ),
    Column("ending", "string", "", f"How it ended: {', '.join(e.label for e in Ending)}."),
    Column("troops", "int64", "troops", "Troops sent by all members together."),
)
"""Columns of the table of runs."""


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """All columns of the table of points.

    Parameters
    ----------
    names
        Parameters and attributes that the plan sets or varies.
    """
    return (*IDENTITY, *(_of_setting(name) for name in names), *RESULTS)


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
    whose = f"{attribute} of {state}" if dot else f"{attribute} of the crisis"
    meaning = coding_rule(attribute).rstrip(".")
    return Column(
        name,
        "float64",
        f"{low:g} to {high:g}",
        f"{whose[0].upper()}{whose[1:]}; {left}. {meaning}.",
    )


def row_of(point: Point, result: Ensemble, names: Sequence[str]) -> dict[str, Any]:
    """One point as a row.

    Parameters
    ----------
    names
        Parameters and attributes that have a column.
    """
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
        "se_expected_level": error_of_expected_level(summary, result.n_runs),
        "p_quelled": summary.p_quelled,
        "p_lost": summary.p_lost,
        **_spread("decision_day", summary.decision_day or NOWHERE),
        **_spread("days_to_end", summary.days_to_end),
        **_spread("troops", summary.troops.get("total", NOWHERE)),
    }


def error_of_expected_level(summary: Summary, n_runs: int) -> float:
    """Standard error of the mean level over runs.

    Where all runs agree it is the error of half a run, one level away.
    """
    mean = summary.expected_level
    squares = sum(k * k * p for k, p in enumerate(summary.p_levels))
    return max(sqrt(max(squares - mean * mean, 0.0) / n_runs), standard_error(0.0, n_runs))


def _spread(name: str, spread: Spread) -> dict[str, float | None]:
    values = (spread.median, spread.low, spread.high)
    return {f"{name}_{which}": value for (which, _), value in zip(_QUANTILES, values, strict=True)}


def runs_of(point: Point, result: Ensemble) -> dict[str, Any]:
    """All runs of a point as columns."""
    outcome = result.outcome
    words = np.array([ending.label for ending in Ending])
    return {
        "point": np.full(result.n_runs, point.index),
        "run": np.arange(result.n_runs),
        "level": outcome.level,
        "day_decided": outcome.day_decided,
        "day_ended": outcome.day_ended,
        "ending": words[outcome.ending],
        "troops": outcome.troops.sum(axis=0, dtype=np.int64),
    }


def schema_of(described: Iterable[Column]) -> Any:
    """The Arrow schema of some columns."""
    import pyarrow as pa

    types = {"int64": pa.int64(), "float64": pa.float64(), "string": pa.string()}
    return pa.schema([(column.name, types[column.type]) for column in described])


def table_of_rows(rows: Sequence[Mapping[str, Any]], described: Iterable[Column]) -> Any:
    """Rows as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows), schema=schema_of(described))


def table_of_blocks(blocks: Sequence[Mapping[str, Any]], described: Iterable[Column]) -> Any:
    """Blocks of columns, one below the other, as an Arrow table."""
    import pyarrow as pa

    schema = schema_of(described)
    parts = [
        pa.table({field.name: pa.array(block[field.name]).cast(field.type) for field in schema})
        for block in blocks
    ]
    return pa.concat_tables(parts).combine_chunks().cast(schema)


def to_parquet(table: Any, notes: Mapping[str, str]) -> bytes:
    """A table as the bytes of a Parquet file, with words kept in its metadata."""
    import pyarrow.parquet as pq

    buffer = BytesIO()
    pq.write_table(table.replace_schema_metadata(dict(notes)), buffer, compression="zstd")
    return buffer.getvalue()


def from_parquet(content: bytes, name: str, described: Iterable[Column]) -> Any:
    """The table in the bytes of a Parquet file.

    No thread is started for it: Arrow's pool now and then aborts a process that ends
    (https://github.com/apache/arrow/issues/34314).

    Parameters
    ----------
    name
        Names the file in errors.
    described
        The columns that it must have, no more and no fewer.

    Raises
    ------
    InputError
        If they are no Parquet file, or one with other columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        _check_columns(file.schema_arrow, schema_of(described), name)
        return file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        said = (str(error).splitlines() or ["?"])[0][:200]
        raise InputError(f"{name}: not a Parquet file that can be read: {said}") from None


def _check_columns(found: Any, expected: Any, name: str) -> None:
    """Refuse a table that lacks a column, has one too many, or one of another type."""
    for word in found.names:
        if found.names.count(word) > 1 or word not in expected.names:
            raise InputError(f"{name}: the column '{word[:60]}' is not one of this table's")
    for field in expected:
        if field.name not in found.names:
            raise InputError(f"{name}: the column '{field.name}' is missing")
        type_ = found.field(field.name).type
        if type_ != field.type:
            message = f"expected {field.type}, found {str(type_)[:60]}"
            raise InputError(f"{name}: the column '{field.name}': {message}")
    if found.names != expected.names:
        raise InputError(f"{name}: the columns are not in their order")


def notes_of(table: Any) -> dict[str, str]:
    """Words kept in a table's metadata."""
    return {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in (table.schema.metadata or {}).items()
    }


def digest_of_table(table: Any) -> str:
    """SHA-256 over names, types and values, whatever the chunks or the file format."""
    digest = hashlib.sha256()
    for field in table.schema:
        digest.update(f"{field.name}|{field.type}|".encode())
        digest.update(json.dumps(table.column(field.name).to_pylist()).encode())
    return digest.hexdigest()


def digest_of_results(table: Any) -> str:
    """Digest of a table of points but for their keys, which name the code and not what came out."""
    return digest_of_table(table.drop_columns(["key"]))
