"""Commands on large experiments: run, status, resume, table, verify."""

import shlex
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from foedus.cli import options as opt
from foedus.cli.output import check_place, give
from foedus.cli.progress import duration, is_watched, note, processors, progress_line
from foedus.cli.root import group
from foedus.errors import UnfinishedError, UsageError, missing

if TYPE_CHECKING:
    from foedus.experiments.evaluate import Estimate
    from foedus.experiments.executor import ExecutorMaker
    from foedus.experiments.manifest import Result
    from foedus.experiments.store import State
    from foedus.experiments.sweep import Progress, Sweep

experiment = group("experiment", with_default=False)

_WORKERS = opt.count("--workers", 1, 512, "Processes; without it, one per processor.")
_CLUSTER = opt.option("--cluster", "tcp://HOST:PORT", "A Dask scheduler's address.")
FolderArgument = Annotated[Path, opt.argument("DIR", "An experiment's folder.")]
Workers = Annotated[int | None, _WORKERS]
Cluster = Annotated[str | None, _CLUSTER]
LARGE_SAYS = "Only say how large it is and how long it may take."
ROWS_SAY = "One row per run (where the plan keeps them)."


@opt.command(experiment, "run")
def run_plan(
    plan: Path = opt.argument("FILE", "A plan (foedus new plan NAME)."),
    more: opt.Words = opt.argument(None, "", None, hidden=True),
    out_dir: opt.Place = opt.maybe("--out-dir", "DIR", "Folder of the results.", "-o"),
    workers: Workers = None,
    dry_run: bool = opt.switch("--dry-run", LARGE_SAYS),
    cluster: Cluster = None,
) -> None:
    """Compute every point of a plan; may be interrupted at any time."""
    if more:
        raise UsageError(
            f"an experiment takes a plan file; for one number use foedus vary {plan} {more[0]}"
        )
    _check_extra()
    from foedus.experiments.store import Folder
    from foedus.experiments.study import read_study
    from foedus.experiments.sweep import start

    study = read_study(plan)
    if dry_run:
        from foedus.experiments.evaluate import estimate

        found = estimate(study, workers or processors())
        give(vars(found), _estimate_lines(found))
        return
    if out_dir is None:
        raise UsageError("expected --out-dir DIR (or --dry-run)")
    command = shlex.join(["foedus", *sys.argv[1:]])
    with _at_work(out_dir) as notify:
        text, executor = plan.read_bytes(), _executor(workers, cluster)
        done = start(study, text, Folder(out_dir), executor, command=command, notify=notify)
    if done.n_repeated:
        note(_repeated(done.n_repeated))
    _show_result(done)


@opt.command(experiment, "status")
def status(folder: FolderArgument) -> None:
    """Say what of an experiment is planned, done and failed."""
    _check_extra()
    from foedus.experiments.store import Folder, state_of

    state = state_of(Folder(folder))
    give(state.as_record(), _state_lines(state, folder))


def _state_lines(state: "State", folder: Path) -> Iterator[str]:
    tally = state.tally
    yield f"{tally.done:,} of {counted(tally.total, 'point')} done, {tally.failed:,} failed"
    yield f"{counted(state.n_parts, 'file')} of results, {state.n_bytes / 1e6:.1f} MB"
    if state.is_running:
        yield "a process is at work on it"
    elif tally.planned or tally.failed or state.damaged:
        yield f"go on with: foedus experiment resume {folder}"
    for failure in state.failures:
        yield f"point {failure.point}: {failure.reason}"
    yield from state.damaged


@opt.command(experiment, "resume")
def resume(folder: FolderArgument, workers: Workers = None, cluster: Cluster = None) -> None:
    """Go on with an experiment, and try again what failed."""
    _check_extra()
    from foedus.experiments.store import Folder
    from foedus.experiments.sweep import resume as go_on

    with _at_work(folder) as notify:
        done = go_on(Folder(folder), _executor(workers, cluster), notify=notify)
    _show_result(done)


@opt.command(experiment, "table", prints=False)
def collect(
    folder: FolderArgument,
    out: opt.OutFile,
    per_run: bool = opt.switch("--per-run", ROWS_SAY),
    force: opt.Force = False,
) -> None:
    """Put the results into one table (.csv or .parquet), with a data dictionary."""
    _check_extra()
    from foedus.experiments import table as tables
    from foedus.experiments.store import Folder, collected, collected_runs

    tables.check_name(out)
    check_place(out, force=force)
    place = Folder(folder)
    points, tally = collected(place)
    plan = place.manifest().plan
    described = tables.columns_of_runs() if per_run else tables.columns(plan.names)
    rows = tables.write_table(collected_runs(place) if per_run else [points], described, out)
    beside = tables.write_dictionary(described, out, sweep=plan.name, title=plan.title or plan.name)
    note(f"wrote {counted(rows, 'row')} to {', '.join(map(str, [out, *beside]))}")
    tally.check()


@opt.command(experiment, "verify")
def verify(
    manifest: Path = opt.argument("MANIFEST|DIR", "A manifest.json, or its folder."),
    workers: Workers = None,
    cluster: Cluster = None,
) -> None:
    """Compute a finished experiment again, and compare every number."""
    _check_extra()
    from foedus.experiments.manifest import read_manifest
    from foedus.experiments.store import Folder
    from foedus.experiments.sweep import computed_again

    manifest = manifest / "manifest.json" if manifest.is_dir() else manifest
    asked = read_manifest(manifest)
    with tempfile.TemporaryDirectory() as scratch, _at_work() as notify:
        place, executor = Folder(Path(scratch)), _executor(workers, cluster)
        found = computed_again(asked, manifest.parent, place, executor, notify=notify)
    same = f"the same: {counted(found.now.done, 'point')}, table {_short(found.now)}"
    give(found.as_record(), [same] if found.is_same else [])
    for name, (then, here) in found.versions.items():
        note(f"{name}: {then} then, {here} now")
    if not found.is_same:
        raise UnfinishedError(f"the table differs, in: {', '.join(found.differing)}")


def _check_extra() -> None:
    """Refuse at once, in one line, where the libraries of the extra are not installed."""
    from importlib.util import find_spec

    for library in ("pyarrow", "scipy", "distributed", "filelock"):
        if find_spec(library) is None:
            raise missing("a large experiment", library, "experiments")


def _executor(workers: int | None, cluster: str | None) -> "ExecutorMaker":
    from foedus.experiments.executor import on_cluster, on_this_machine

    if cluster:
        return partial(on_cluster, cluster)
    return partial(on_this_machine, workers or processors())


@contextmanager
def _at_work(resumable: opt.Place = None) -> Iterator[Any]:
    """A teller of how far an experiment is; SIGTERM and SIGHUP end it as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in known}
    watched = is_watched()
    try:
        try:
            yield lambda now: progress_line(_how_far(now)) if watched else None
        finally:
            if watched:
                note("")
    except KeyboardInterrupt:
        if resumable is not None:
            told = f"interrupted; go on with: foedus experiment resume {resumable}"
            print(f"\n{told}", file=sys.stderr)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _how_far(now: "Progress") -> str:
    rate = now.fresh * now.runs / now.seconds if now.seconds > 0 else 0.0
    left = now.tally.planned * now.runs / rate if rate > 0 else None
    failed = f", {now.tally.failed:,} failed" if now.tally.failed else ""
    until = f", {duration(left)} left" if left is not None else ""
    return f"{now.tally.done:,} of {now.tally.total:,} points{failed}, {rate:,.0f} runs/s{until}"


def _estimate_lines(found: "Estimate") -> Iterator[str]:
    tasks, runs = counted(found.n_tasks, "task"), counted(found.n_runs, "run")
    yield f"{counted(found.n_points, 'point')} in {tasks}, {runs}"
    if found.n_repeated:
        yield _repeated(found.n_repeated)
    workers = counted(found.n_workers, "worker")
    rate = f"({found.runs_per_second:,.0f} runs/s each, measured)"
    yield f"about {duration(found.seconds)} on {workers} {rate}"


def _repeated(n: int) -> str:
    return f"{counted(n, 'point')} of the plan equal to others, computed once"


def _show_result(done: "Sweep") -> None:
    result = done.manifest.result
    if result is None:  # an experiment that ends has one
        raise RuntimeError("the experiment ended without a result")
    points = counted(result.done, "point")
    line = f"{points} done in {done.folder.path}, table {_short(result)}"
    give(result.model_dump(mode="json"), line)


def _short(result: "Result") -> str:
    """Enough of a table's digest to tell tables apart; the manifest has all of it."""
    return (result.table_sha256 or "")[:12]


def counted(n: int, noun: str) -> str:
    """A count with its noun: 1 point, 2 points."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
