"""The coordinator: hands out tasks, writes down what comes back, and gives up on nothing lightly.

What is finished is on the disk, checked by its digest, before it counts. Whatever is killed,
torn or filled up, a resume computes what is missing and arrives at the same bytes.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from foedus.data.durable import disk_errors, sole_writer, write_durably
from foedus.data.library import Case, load
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.code_version import CodeVersion, code_version
from foedus.experiments.evaluate import case_from, case_text, message_of
from foedus.experiments.executor import Done, Event, Executor, ExecutorMaker
from foedus.experiments.export import collected
from foedus.experiments.manifest import (
    MOST_FAILURES,
    Failure,
    Input,
    Manifest,
    Result,
    new_manifest,
    now,
)
from foedus.experiments.points import Point, Task, digest_of, points_of, tasks_of
from foedus.experiments.store import Folder, Tally
from foedus.experiments.study import Study
from foedus.experiments.table import digest_of_results

TRIES = 2
"""Times that a point may fail, computed alone, before it is given up."""

MAX_INPUT_BYTES = 8_000_000


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    Attributes
    ----------
    tally
        Points planned, done and failed.
    fresh
        Points computed since this command began.
    seconds
        Time since then.
    runs
        Runs of a point.
    """

    tally: Tally
    fresh: int
    seconds: float
    runs: int


Notify = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Takes note of nothing."""


@dataclass(frozen=True)
class Sweep:
    """A sweep in its folder: plan and cases, all points, and the manifest as it stands there."""

    folder: Folder
    study: Study
    points: list[Point]
    manifest: Manifest

    @property
    def n_repeated(self) -> int:
        """Points of the plan that equal others, and are computed once."""
        return self.study.plan.n_points - len(self.points)


def start(
    study: Study,
    plan_text: bytes,
    folder: Folder,
    executor: ExecutorMaker,
    *,
    command: str,
    notify: Notify = silent,
) -> Sweep:
    """Compute a study into a folder; what is finished there already is kept.

    Parameters
    ----------
    plan_text
        The plan as written, kept beside the results.
    executor
        Makes the executor, if there is anything to compute.
    command
        For the manifest.
    notify
        Told whenever a task is over.

    Raises
    ------
    UnfinishedError
        If points failed, or the disk or the workers did.
    UsageError
        If the folder holds something else, or another process is at work there.
    """
    folder.make()
    with sole_writer(folder.path):
        return _finish(_begun(folder, study, plan_text, command), executor, notify)


def resume(folder: Folder, executor: ExecutorMaker, *, notify: Notify = silent) -> Sweep:
    """Compute what is missing of the sweep in a folder; see :func:`start`."""
    folder.require()
    with sole_writer(folder.path):
        return _finish(_reopened(folder), executor, notify)


def _begun(folder: Folder, study: Study, plan_text: bytes, command: str) -> Sweep:
    """A sweep that begins; where the same points live here already, that which goes on."""
    points = points_of(study, code_version())
    try:
        manifest = folder.manifest()
    except InputError:  # there is none, or it is lost
        manifest = new_manifest(study, points, plan_text, command)
    else:
        _same_code(folder, manifest)
        if manifest.points_sha256 != digest_of(points):
            raise UsageError(
                f"{folder.path}: another plan's sweep lives here, or a scenario has changed "
                f"since; go on with it: {folder.resume}, or choose another folder"
            )
        manifest = manifest.under(study.plan, plan_text)
    with disk_errors(folder.path, "choose another folder"):
        write_durably(folder.plan, plan_text)
        for case in study.cases:
            write_durably(folder.inputs / f"{case.id}.json", case_text(case).encode())
    folder.keep(manifest)
    return Sweep(folder, Study(manifest.plan, study.cases), points, manifest)


def _reopened(folder: Folder) -> Sweep:
    """The sweep that lives in a folder."""
    manifest = folder.manifest()
    _same_code(folder, manifest)
    study = Study(manifest.plan, tuple(case_as_it_was(folder, entry) for entry in manifest.inputs))
    points = points_of(study, code_version())
    if digest_of(points) != manifest.points_sha256:
        raise UsageError(f"{folder.path}: its plan yields other points here; is SciPy the same?")
    folder.keep(manifest)
    return Sweep(folder, study, points, manifest)


def _same_code(folder: Folder, manifest: Manifest) -> None:
    theirs = CodeVersion(**manifest.code.model_dump())
    if theirs != code_version():
        raise UsageError(
            f"{folder.path}: computed by {theirs}, this is {code_version()}; finish it with that "
            "version, or choose another folder"
        )


def case_as_it_was(folder: Folder, entry: Input) -> Case:
    """A case as a sweep read it: from the folder's copy, or from the library.

    Raises
    ------
    InputError
        If none of them is what it was.
    """
    for find in (partial(_copied, folder), load):
        try:
            case = find(entry.id)
        except InputError:
            continue
        if case.digest == entry.digest:
            return case
    raise InputError(
        f"{folder.inputs / entry.id}.json: damaged or missing, and the library has no such scenario"
    )


def _copied(folder: Folder, name: str) -> Case:
    path = folder.inputs / f"{name}.json"
    try:
        if not path.is_file() or path.stat().st_size > MAX_INPUT_BYTES:
            raise InputError(f"{path}: missing, or larger than any case")
        return case_from(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path}: cannot be read") from None


def _finish(sweep: Sweep, make: ExecutorMaker, notify: Notify) -> Sweep:
    done = sweep.folder.mended(sweep.manifest)
    wanted = set(range(len(sweep.points))) - done
    tasks = tasks_of(sweep.points, sweep.study.plan.task_size, wanted)
    failures: list[Failure] = []
    if tasks:
        with closing(make()) as executor:
            tally = Tally(len(wanted), len(done), 0)
            coordinator = _Coordinator(sweep, executor, notify, deque(tasks), tally)
            with _remedy(sweep.folder):
                failures = coordinator.run()
    finished = _concluded(sweep, failures)
    if failures:
        raise UnfinishedError(
            f"{len(failures):,} of {len(sweep.points):,} points failed; the first, point "
            f"{failures[0].point}: {failures[0].reason}\n"
            f"see them: foedus experiment status {sweep.folder.path}\n"
            f"try them again: {sweep.folder.resume}"
        )
    return finished


@contextmanager
def _remedy(folder: Folder) -> Iterator[None]:
    """Say how to go on, whatever stops the work."""
    try:
        yield
    except UnfinishedError as error:
        if folder.resume in str(error):
            raise
        raise UnfinishedError(
            f"{error}; what is finished is kept; go on with: {folder.resume}"
        ) from None


@dataclass
class _Coordinator:
    """Tasks that wait, tasks that workers hold, and what to do when one comes back."""

    sweep: Sweep
    executor: Executor
    notify: Notify
    waiting: deque[Task]
    tally: Tally
    suspects: deque[Task] = field(default_factory=deque)
    tries: Counter[int] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def run(self) -> list[Failure]:
        """Work until every point is done or given up; returns those given up, in their order."""
        numbers, began, before = count(), time.monotonic(), self.tally.done
        held: dict[int, Task] = {}
        runs = self.sweep.study.plan.runs
        while self.waiting or self.suspects or held:
            for task in self._due(len(held)):
                number = next(numbers)
                held[number] = task
                self._submit(number, task)
            event = self.executor.next()
            self._settle(held.pop(event.task), event)
            fresh = self.tally.done - before
            self.notify(Progress(self.tally, fresh, time.monotonic() - began, runs))
        return sorted(self.failures, key=lambda failure: failure.point)

    def _due(self, n_held: int) -> list[Task]:
        """Tasks to submit now; one that has broken alone, only while no other is at work.

        A worker that dies takes along what waits there for it; so nothing is given up for its
        neighbour's sake.
        """
        if self.waiting:
            n_free = max(0, self.executor.capacity - n_held)
            return [self.waiting.popleft() for _ in range(min(n_free, len(self.waiting)))]
        return [self.suspects.popleft()] if self.suspects and not n_held else []

    def _submit(self, number: int, task: Task) -> None:
        study = self.sweep.study
        case = next(case for case in study.cases if case.id == task.points[0].scenario)
        message = message_of(task, study.plan, case, self.sweep.manifest.points_sha256)
        self.executor.submit(number, message, study.plan.time_limit)

    def _settle(self, task: Task, event: Event) -> None:
        """Write down what came of a task; of a broken one, try each point alone, twice."""
        if isinstance(event, Done):
            self.sweep.folder.store(task, event.answer)
            self.tally = self.tally.moved(len(task.points), 0)
        elif len(task.points) > 1:
            self.waiting.extendleft(reversed(task.alone()))
        else:
            self._retry(task, event.reason)

    def _retry(self, task: Task, reason: str) -> None:
        (point,) = task.points
        self.tries[point.index] += 1
        if self.tries[point.index] < TRIES:
            self.suspects.append(task)
        else:
            self.failures.append(Failure(point=point.index, reason=reason[:500]))
            self.tally = self.tally.moved(0, 1)


def _concluded(sweep: Sweep, failures: list[Failure]) -> Sweep:
    """The sweep with its result in the manifest; one that says the same keeps its date."""
    before, result = sweep.manifest.result, _result(sweep.folder, failures)
    if before is None or before.model_copy(update={"finished": result.finished}) != result:
        manifest = sweep.manifest.model_copy(update={"result": result})
        sweep.folder.keep(manifest)
        return replace(sweep, manifest=manifest)
    return sweep


def _result(folder: Folder, failures: list[Failure]) -> Result:
    import pyarrow.compute as pc

    table = collected(folder)[0] if folder.part_names("points") else None
    found = [] if table is None else table.column("scenario").unique().to_pylist()
    return Result(
        finished=now(),
        done=0 if table is None else table.num_rows,
        failed=len(failures),
        failures=tuple(failures[:MOST_FAILURES]),
        table_sha256=None if table is None else digest_of_results(table),
        scenarios={
            name: digest_of_results(table.filter(pc.equal(table.column("scenario"), name)))
            for name in found
            if table is not None
        },
    )
