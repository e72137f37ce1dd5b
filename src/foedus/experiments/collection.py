"""All parts of a sweep as one tidy table, and what came out of it in figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.folder import Folder, damaged, named_parts, runs_name
from foedus.experiments.ledger import LedgerDamagedError, Tally, read_state
from foedus.experiments.manifest import Result, now
from foedus.experiments.tables import digest_of_table, from_parquet, notes_of


def collected(folder: Folder) -> tuple[Any, Tally]:
    """Every finished point as one Arrow table, in the order of the points, and how many there are.

    Raises
    ------
    UnfinishedError
        If a part or the ledger is damaged: a resume mends it.
    """
    import pyarrow as pa

    tally, names = _state(folder)
    if not names:
        raise InputError(f"{folder.path}: no point is finished yet")
    table = _without_repeats(pa.concat_tables([_read(folder, name) for name in names]))
    if table.num_rows != tally.done:
        error = InputError(f"{folder.path}: {tally.done} points are done, {table.num_rows} found")
        raise damaged(folder.path, error)
    return table, tally


def _state(folder: Folder) -> tuple[Tally, list[str]]:
    folder.require()
    try:
        tally, _, digests = read_state(folder.ledger)
    except LedgerDamagedError:
        raise damaged(folder.path, InputError(f"{folder.ledger}: damaged")) from None
    return tally, named_parts(list(digests))


def _read(folder: Folder, name: str) -> Any:
    """One part, checked; its notes stay in the metadata."""
    try:
        return from_parquet(folder.content(name), name).replace_schema_metadata(None)
    except InputError as error:
        raise damaged(folder.path, error) from None


def _without_repeats(table: Any) -> Any:
    """Rows by their point, each once: a point that was computed twice has two equal rows."""
    table = table.sort_by("point").combine_chunks()
    _, first = np.unique(table.column("point").to_numpy(), return_index=True)
    return table if len(first) == table.num_rows else table.take(first)


def runs_in(folder: Folder) -> Iterator[Any]:
    """The runs of a sweep that keeps them, part by part, in the order of the points.

    Raises
    ------
    UsageError
        If it does not keep them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    seen: set[int] = set()
    for name in _state(folder)[1]:
        notes = notes_of(from_parquet(folder.content(name), name))
        runs = runs_name(name, notes)
        if runs is None:
            raise UsageError(f"{folder.path}: this sweep keeps no runs (`keep_runs: true` does)")
        try:
            table = from_parquet(folder.content(runs), runs)
        except InputError as error:
            raise damaged(folder.path, error) from None
        here = set(table.column("point").unique().to_pylist())
        if here & seen:
            fresh = pa.array(sorted(here - seen), pa.int64())
            table = table.filter(pc.is_in(table.column("point"), fresh))
        seen |= here
        yield table.replace_schema_metadata(None)


def result_of(folder: Folder, tally: Tally, before: Result | None) -> Result | None:
    """What came out, with digests of the table; None where nothing did.

    A result that says the same as the one before keeps its date.
    """
    if not tally.done:
        return None
    table, _ = collected(folder)
    result = Result(
        finished=now(),
        done=tally.done,
        failed=tally.failed,
        table_sha256=digest_of_results(table),
        scenarios=_digests(table),
    )
    same = before is not None and before.model_copy(update={"finished": result.finished}) == result
    return before if same else result


def digest_of_results(table: Any) -> str:
    """Digest of a table of points but for their keys, which name the code and not what came out."""
    return digest_of_table(table.drop_columns(["key"]))


def _digests(table: Any) -> dict[str, str]:
    import pyarrow.compute as pc

    column = table.column("scenario")
    return {
        scenario: digest_of_results(table.filter(pc.equal(column, scenario)))
        for scenario in column.unique().to_pylist()
    }


def warn_of_missing(tally: Tally) -> UnfinishedError | None:
    """The error that says which points a collected table lacks; None where it lacks none."""
    if not (tally.planned or tally.failed):
        return None
    return UnfinishedError(
        f"the table holds {tally.done:,} of {tally.total:,} points: {tally.planned:,} are not "
        f"computed, {tally.failed:,} failed"
    )
