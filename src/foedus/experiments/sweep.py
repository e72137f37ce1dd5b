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
from itertools import count

from foedus.data.durable import sole_writer
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.code_version import code_version
from foedus.experiments.evaluate import message_of
from foedus.experiments.executor import Done, Event, Executor, ExecutorMaker
from foedus.experiments.export import collected
from foedus.experiments.manifest import MOST_FAILURES, Failure, Manifest, Result, new_manifest, now
from foedus.experiments.points import Point, Task, digest_of, points_of, tasks_of
from foedus.experiments.store import Folder, Tally
from foedus.experiments.study import Study
from foedus.experiments.table import digest_of_results

TRIES = 2
"""Times that a point may fail, computed alone, before it is given up."""


@dataclass(frozen=True)
class Progress:
    """How far a sweep is: its points, how many are `fresh` after so many seconds, runs of each."""

    tally: Tally
    fresh: int
    seconds: float
    runs: int


Notify = Callable[[Progress], None]


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
    notify: Notify = lambda _: None,
) -> Sweep:
    """Compute a study into a folder; what is finished there already is kept.

    Args:
        plan_text, command: The plan as written, and what was typed, kept beside the results.
        executor: Makes the executor, if there is anything to compute.
        notify: Told whenever a task is over.

    Raises:
        UnfinishedError: If points failed, or the disk or the workers did.
        UsageError: If the folder holds something else, or another process is at work there.
    """
    folder.make()
    with sole_writer(folder.path):
        return _finish(_begun(folder, study, plan_text, command), executor, notify)


def resume(folder: Folder, executor: ExecutorMaker, *, notify: Notify = lambda _: None) -> Sweep:
    """Compute what is missing of the sweep in a folder; see :func:`start`."""
    folder.require()
    with sole_writer(folder.path):
        return _finish(_reopened(folder), executor, notify)


def _begun(folder: Folder, study: Study, plan_text: bytes, command: str) -> Sweep:
    """A sweep that begins; where the same points live here already, that which goes on."""
    points = points_of(study, code_version())
    try:
        manifest = _manifest(folder)
    except InputError:  # there is none, or it is lost
        manifest = new_manifest(study, points, plan_text, command)
    else:
        if manifest.points_sha256 != digest_of(points):
            raise UsageError(
                f"{folder.path}: another plan's sweep lives here, or a scenario has changed "
                f"since; go on with it: {folder.resume}, or choose another folder"
            )
        manifest = manifest.under(study.plan, plan_text)
    folder.keep_inputs(plan_text, study.cases)
    folder.keep(manifest)
    return Sweep(folder, Study(manifest.plan, study.cases), points, manifest)


def _reopened(folder: Folder) -> Sweep:
    """The sweep that lives in a folder."""
    manifest = _manifest(folder)
    study = Study(manifest.plan, tuple(map(folder.case, manifest.inputs)))
    points = points_of(study, code_version())
    if digest_of(points) != manifest.points_sha256:
        raise UsageError(f"{folder.path}: its plan yields other points here; is SciPy the same?")
    folder.keep(manifest)
    return Sweep(folder, study, points, manifest)


def _manifest(folder: Folder) -> Manifest:
    """The manifest of a folder that this code computed."""
    manifest = folder.manifest()
    if manifest.code != code_version():
        raise UsageError(
            f"{folder.path}: computed by {manifest.code}, this is {code_version()}; "
            "finish it with that version, or choose another folder"
        )
    return manifest


def _finish(sweep: Sweep, make: ExecutorMaker, notify: Notify) -> Sweep:
    done = sweep.folder.mended(sweep.manifest)
    wanted = set(range(len(sweep.points))) - done
    tasks = tasks_of(sweep.points, sweep.study.plan.task_size, wanted)
    failures: list[Failure] = []
    if tasks:
        with closing(make()) as executor, _remedy(sweep.folder):
            coordinator = _Coordinator(sweep, executor, notify, deque(tasks), len(done))
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
        kept = f"what is finished is kept; go on with: {folder.resume}"
        raise UnfinishedError(f"{error}; {kept}") from None


@dataclass
class _Coordinator:
    """Tasks that wait, tasks that workers hold, and what to do when one comes back."""

    sweep: Sweep
    executor: Executor
    notify: Notify
    waiting: deque[Task]
    n_done: int
    suspects: deque[Task] = field(default_factory=deque)
    tries: Counter[int] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def run(self) -> list[Failure]:
        """Work until every point is done or given up; returns those given up, in their order."""
        numbers, began, before = count(), time.monotonic(), self.n_done
        held: dict[int, Task] = {}
        runs = self.sweep.study.plan.runs
        while self.waiting or self.suspects or held:
            for task in self._due(len(held)):
                number = next(numbers)
                held[number] = task
                self._submit(number, task)
            event = self.executor.next()
            self._settle(held.pop(event.task), event)
            fresh, seconds = self.n_done - before, time.monotonic() - began
            self.notify(Progress(self._tally(), fresh, seconds, runs))
        return sorted(self.failures, key=lambda failure: failure.point)

    def _tally(self) -> Tally:
        failed = len(self.failures)
        planned = len(self.sweep.points) - self.n_done - failed
        return Tally(planned=planned, done=self.n_done, failed=failed)

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
        case = next(case for case in study.cases if case.id == task[0].scenario)
        message = message_of(task, study.plan, case, self.sweep.manifest.points_sha256)
        self.executor.submit(number, message, study.plan.time_limit)

    def _settle(self, task: Task, event: Event) -> None:
        """Write down what came of a task; of a broken one, try each point alone, twice."""
        number = task[0].index
        if isinstance(event, Done):
            self.sweep.folder.store(task, event.points, event.runs)
            self.n_done += len(task)
        elif len(task) > 1:
            self.waiting.extendleft((point,) for point in reversed(task))
        elif self.tries[number] + 1 < TRIES:
            self.tries[number] += 1
            self.suspects.append(task)
        else:
            self.failures.append(Failure(point=number, reason=event.reason[:500]))


def _concluded(sweep: Sweep, failures: list[Failure]) -> Sweep:
    """The sweep with its result in the manifest; one that says the same keeps its date."""
    before, result = sweep.manifest.result, _result(sweep.folder, failures)
    if before and before.model_copy(update={"finished": result.finished}) == result:
        return sweep
    manifest = sweep.manifest.model_copy(update={"result": result})
    sweep.folder.keep(manifest)
    return replace(sweep, manifest=manifest)


def _result(folder: Folder, failures: list[Failure]) -> Result:
    import pyarrow.compute as pc

    given_up = {"failed": len(failures), "failures": tuple(failures[:MOST_FAILURES])}
    if not folder.part_names("points"):
        return Result(finished=now(), done=0, table_sha256=None, scenarios={}, **given_up)
    table, _ = collected(folder)
    column = table.column("scenario")
    return Result(
        finished=now(),
        done=table.num_rows,
        table_sha256=digest_of_results(table),
        scenarios={
            name: digest_of_results(table.filter(pc.equal(column, name)))
            for name in column.unique().to_pylist()
        },
        **given_up,
    )
