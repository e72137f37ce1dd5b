"""Commands on large experiments: compute, look, go on, collect, compute again."""

from __future__ import annotations

import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli.root import Json, app, print_json

if TYPE_CHECKING:
    from foedus.experiments.opening import Sweep
    from foedus.experiments.pilot import Estimate
    from foedus.experiments.pool import PoolMaker
    from foedus.experiments.sweep import Progress

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="A sweep's folder.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=512, help="Processes; without it, one a processor."),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="tcp://HOST:PORT", help="A Dask scheduler's address."),
]


@app.command()
def sweep(
    plan: Annotated[Path, typer.Argument(metavar="FILE", help="A plan (YAML).")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of the results.")
    ] = None,
    workers: Workers = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how large it is and how long it may take.")
    ] = False,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Compute every point of a plan; may be killed at any time."""
    from foedus.errors import UsageError
    from foedus.experiments.folder import Folder
    from foedus.experiments.study import read_study
    from foedus.experiments.sweep import start

    _check_extra()
    study = read_study(plan)
    if dry_run:
        from foedus.experiments.pilot import estimate

        _show_estimate(estimate(study, workers or _processors()), json)
        return
    if out is None:
        raise UsageError("expected --out DIR (or --dry-run)")
    command = shlex.join(["foedus", *sys.argv[1:]])
    with _resumable(out), _progress() as notify:
        pool = _pool(workers, cluster)
        done = start(study, plan.read_bytes(), Folder(out), pool, command=command, notify=notify)
    _show_result(done, json)


@app.command()
def resume(
    folder: FolderArgument, workers: Workers = None, cluster: Cluster = None, json: Json = False
) -> None:
    """Go on with a sweep, and try again what failed."""
    from foedus.experiments.folder import Folder
    from foedus.experiments.sweep import resume as go_on

    _check_extra()
    with _resumable(folder), _progress() as notify:
        done = go_on(Folder(folder), _pool(workers, cluster), notify=notify)
    _show_result(done, json)


@app.command()
def status(folder: FolderArgument, json: Json = False) -> None:
    """Say what of a sweep is planned, done and failed."""
    from foedus.experiments.folder import Folder
    from foedus.experiments.state import state_of

    state = state_of(Folder(folder))
    if json:
        print_json(state.as_record())
        return
    tally = state.tally
    print(f"{tally.done:,} of {tally.total:,} points done, {tally.failed:,} failed")
    print(f"{state.n_parts:,} parts, {state.n_bytes / 1e6:.1f} MB")
    if state.is_running:
        print("a process is at work on it")
    elif tally.planned or tally.failed:
        print(f"go on with: foedus resume {folder}")
    for failure in state.failures:
        print(f"point {failure.point}: {failure.reason}")


@app.command()
def collect(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A .csv or .parquet file.")],
    runs: Annotated[
        bool, typer.Option("--runs", help="One row a run (where the plan keeps them).")
    ] = False,
) -> None:
    """Put a sweep's results into one table, with a data dictionary."""
    from foedus.experiments.collection import collected, warn_of_missing
    from foedus.experiments.export import check_name, write_dictionary, write_runs, write_table
    from foedus.experiments.folder import Folder
    from foedus.experiments.opening import manifest_in

    _check_extra()
    check_name(out)
    place = Folder(folder)
    table, tally = collected(place)
    manifest = manifest_in(place)
    if runs:
        rows = write_runs(place, out)
    else:
        write_table(table, out)
        rows = table.num_rows
    written = [out, *write_dictionary(manifest, out, runs=runs)]
    print(f"wrote {rows:,} rows to {', '.join(map(str, written))}", file=sys.stderr)
    missing = warn_of_missing(tally)
    if missing is not None:
        raise missing


@app.command()
def rerun(
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="A manifest.json.")],
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Compute a finished sweep again, and compare every number."""
    from foedus.errors import UnfinishedError
    from foedus.experiments.folder import Folder
    from foedus.experiments.manifest import read_manifest
    from foedus.experiments.reproduction import rerun as reproduce

    _check_extra()
    asked = read_manifest(manifest)
    with tempfile.TemporaryDirectory() as scratch, _ended(), _progress() as notify:
        pool = _pool(workers, cluster)
        found = reproduce(asked, manifest.parent, Folder(Path(scratch)), pool, notify=notify)
    if json:
        print_json(found.as_record())
    elif found.is_same:
        print(f"the same: {found.now.done:,} points, table {found.now.table_sha256}")
    for name, (then, here) in found.versions.items():
        print(f"{name}: {then} then, {here} now", file=sys.stderr)
    if not found.is_same:
        raise UnfinishedError(f"the table differs, in: {', '.join(found.differing)}")


def _check_extra() -> None:
    """Refuse at once, in one line, where the libraries of the extra are not installed."""
    from importlib.util import find_spec

    from foedus.errors import missing

    for library in ("pyarrow", "scipy"):
        if find_spec(library) is None:
            raise missing("a large experiment", library, "experiments")


def _pool(workers: int | None, cluster: str | None) -> PoolMaker:
    """What makes the pool, when it is needed."""

    def make() -> Any:
        if cluster is not None:
            from foedus.experiments.dask_pool import DaskPool

            return DaskPool(cluster)
        from foedus.experiments.local_pool import LocalPool

        return LocalPool(workers or _processors())

    return make


def _processors() -> int:
    """Processors that this process may use."""
    import os

    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _ended() -> Iterator[None]:
    """Let a polite end (SIGTERM, a closed terminal) be the same as Ctrl-C."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            before[getattr(signal, name)] = signal.signal(getattr(signal, name), stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _resumable(folder: Path) -> Iterator[None]:
    """Say how to go on when a sweep is interrupted."""
    with _ended():
        try:
            yield
        except KeyboardInterrupt:
            print(f"\ninterrupted; go on with: foedus resume {folder}", file=sys.stderr)
            raise


@contextmanager
def _progress() -> Iterator[Any]:
    """A line that says how far a sweep is, on a terminal alone."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda now: print(
            f"\r\x1b[K{_progress_line(now)}", end="", file=sys.stderr, flush=True
        )
    finally:
        print(file=sys.stderr)


def _progress_line(now: Progress) -> str:
    rate = now.fresh * now.runs / now.seconds if now.seconds > 0 else 0.0
    left = now.tally.planned * now.runs / rate if rate > 0 else None
    failed = f", {now.tally.failed:,} failed" if now.tally.failed else ""
    until = f", {_duration(left)} left" if left is not None else ""
    return f"{now.tally.done:,} of {now.tally.total:,} points{failed}, {rate:,.0f} runs/s{until}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _show_estimate(found: Estimate, json: bool) -> None:
    if json:
        print_json(vars(found))
        return
    print(f"{found.n_points:,} points in {found.n_tasks:,} tasks, {found.n_runs:,} runs")
    print(
        f"about {_duration(found.seconds)} on {found.n_workers} workers "
        f"({found.runs_per_second:,.0f} runs/s each, measured)"
    )


def _show_result(done: Sweep, json: bool) -> None:
    result = done.manifest.result
    assert result is not None
    if json:
        print_json(result.model_dump(mode="json"))
    else:
        print(f"{result.done:,} points done in {done.folder.path}, table {result.table_sha256}")
