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
    from foedus.experiments.estimate import Estimate
    from foedus.experiments.executor import Executor, ExecutorMaker
    from foedus.experiments.manifest import Result
    from foedus.experiments.sweep import Progress, Sweep

experiment = typer.Typer(
    help="Large experiments: run, status, resume, table, verify.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(experiment, name="experiment")

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
@experiment.command("run")
def sweep(
    plan: Annotated[Path, typer.Argument(metavar="FILE", help="A plan (YAML).")],
    out: Annotated[
        Path | None,
        typer.Option("--out-dir", "--out", metavar="DIR", help="Folder of the results."),
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
    from foedus.experiments.store import Folder
    from foedus.experiments.study import read_study
    from foedus.experiments.sweep import start

    _check_extra()
    study = read_study(plan)
    if dry_run:
        from foedus.experiments.estimate import estimate

        _show_estimate(estimate(study, workers or _processors()), json)
        return
    if out is None:
        raise UsageError("expected --out-dir DIR (or --dry-run)")
    command = shlex.join(["foedus", *sys.argv[1:]])
    with _resumable(out), _progress() as notify:
        executor = _executor(workers, cluster)
        text = plan.read_bytes()
        done = start(study, text, Folder(out), executor, command=command, notify=notify)
    _show_result(done, json)


@app.command()
@experiment.command("resume")
def resume(
    folder: FolderArgument, workers: Workers = None, cluster: Cluster = None, json: Json = False
) -> None:
    """Go on with a sweep, and try again what failed."""
    from foedus.experiments.store import Folder
    from foedus.experiments.sweep import resume as go_on

    _check_extra()
    with _resumable(folder), _progress() as notify:
        done = go_on(Folder(folder), _executor(workers, cluster), notify=notify)
    _show_result(done, json)


@app.command()
@experiment.command("status")
def status(folder: FolderArgument, json: Json = False) -> None:
    """Say what of a sweep is planned, done and failed."""
    from foedus.experiments.store import Folder, state_of

    state = state_of(Folder(folder))
    if json:
        print_json(state.as_record())
        return
    tally = state.tally
    print(f"{tally.done:,} of {counted(tally.total, 'point')} done, {tally.failed:,} failed")
    print(f"{counted(state.n_parts, 'file')} of results, {state.n_bytes / 1e6:.1f} MB")
    if state.is_running:
        print("a process is at work on it")
    elif tally.planned or tally.failed or state.damaged:
        print(f"go on with: foedus experiment resume {folder}")
    for failure in state.failures:
        print(f"point {failure.point}: {failure.reason}")
    for problem in state.damaged:
        print(problem)


@app.command()
@experiment.command("table")
def collect(
    folder: FolderArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A .csv or .parquet file.")],
    runs: Annotated[
        bool,
        typer.Option(
            "--per-run", "--runs", help="One row for each run (where the plan keeps them)."
        ),
    ] = False,
) -> None:
    """Put a sweep's results into one table, with a data dictionary."""
    from foedus.experiments.export import (
        check_name,
        collected,
        what_is_missing,
        write_dictionary,
        write_runs,
        write_table,
    )
    from foedus.experiments.store import Folder

    _check_extra()
    check_name(out)
    place = Folder(folder)
    table, tally = collected(place)
    manifest = place.manifest()
    if runs:
        rows = write_runs(place, out)
    else:
        write_table(table, out)
        rows = table.num_rows
    written = [out, *write_dictionary(manifest, out, runs=runs)]
    print(f"wrote {counted(rows, 'row')} to {', '.join(map(str, written))}", file=sys.stderr)
    missing = what_is_missing(tally)
    if missing is not None:
        raise missing


@app.command()
@experiment.command("verify")
def rerun(
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="A manifest.json.")],
    workers: Workers = None,
    cluster: Cluster = None,
    json: Json = False,
) -> None:
    """Compute a finished sweep again, and compare every number."""
    from foedus.errors import UnfinishedError
    from foedus.experiments.manifest import read_manifest
    from foedus.experiments.reproduce import computed_again
    from foedus.experiments.store import Folder

    _check_extra()
    asked = read_manifest(manifest)
    with tempfile.TemporaryDirectory() as scratch, _ended(), _progress() as notify:
        place, executor = Folder(Path(scratch)), _executor(workers, cluster)
        found = computed_again(asked, manifest.parent, place, executor, notify=notify)
    if json:
        print_json(found.as_record())
    elif found.is_same:
        print(f"the same: {counted(found.now.done, 'point')}, table {_short(found.now)}")
    for name, (then, here) in found.versions.items():
        print(f"{name}: {then} then, {here} now", file=sys.stderr)
    if not found.is_same:
        raise UnfinishedError(f"the table differs, in: {', '.join(found.differing)}")


def _check_extra() -> None:
    """Refuse at once, in one line, where the libraries of the extra are not installed."""
    from importlib.util import find_spec

    from foedus.errors import missing

    for library in ("pyarrow", "scipy", "distributed", "filelock"):
        if find_spec(library) is None:
            raise missing("a large experiment", library, "experiments")


def _executor(workers: int | None, cluster: str | None) -> ExecutorMaker:
    """What makes the executor, when it is needed."""

    def make() -> Executor:
        from foedus.experiments.executor import on_cluster, on_this_machine

        return on_cluster(cluster) if cluster else on_this_machine(workers or _processors())

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
            print(f"\ninterrupted; go on with: foedus experiment resume {folder}", file=sys.stderr)
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
    tasks, runs = counted(found.n_tasks, "task"), counted(found.n_runs, "run")
    print(f"{counted(found.n_points, 'point')} in {tasks}, {runs}")
    if found.n_repeated:
        print(f"{counted(found.n_repeated, 'point')} of the plan equal others: computed once")
    print(
        f"about {_duration(found.seconds)} on {counted(found.n_workers, 'worker')} "
        f"({found.runs_per_second:,.0f} runs/s each, measured)"
    )


def _show_result(done: Sweep, json: bool) -> None:
    result = done.manifest.result
    if result is None:  # a sweep that ends has one
        raise RuntimeError("the sweep ended without a result")
    if json:
        print_json(result.model_dump(mode="json"))
    else:
        points = counted(result.done, "point")
        print(f"{points} done in {done.folder.path}, table {_short(result)}")


def _short(result: Result) -> str:
    """Enough of a table's digest to tell tables apart; the manifest has all of it."""
    return (result.table_sha256 or "")[:12]


def counted(n: int, noun: str) -> str:
    """A count with its noun: 1 point, 2 points."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
