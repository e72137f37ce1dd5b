"""The coordinator: hands out tasks, writes down what comes back, and gives up on nothing lightly.

What is finished is on the disk, checked by its digest, before it counts. Whatever is killed,
torn or filled up, a resume computes what is missing and arrives at the same bytes.
"""

import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pyarrow.compute as pc

from foedus.data.durable import sha256, sole_writer
from foedus.data.library import Case
from foedus.data.records import Record
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.evaluate import message_of
from foedus.experiments.executor import Event, Executor, ExecutorMaker
from foedus.experiments.manifest import (
    MOST_FAILURES,
    Failure,
    Input,
    Manifest,
    Result,
    code_version,
    now,
    versions,
)
from foedus.experiments.store import Folder, Tally, collected
from foedus.experiments.study import Point, Study, Task, digest_of, points_of, tasks_of
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


@dataclass
class Sweep:
    """A sweep in its folder: what is done, and tasks that wait or have broken.

    A task goes by the number of its first point.

    Attributes:
        manifest: As it stands in the folder.
        notify: Told whenever a task is over.
        suspects: Single points that have broken, as often as `tries` says.
        failures: Points that were given up.
    """

    folder: Folder
    manifest: Manifest
    cases: tuple[Case, ...]
    points: list[Point]
    notify: Notify
    n_done: int = 0
    waiting: deque[Task] = field(default_factory=deque)
    suspects: deque[Task] = field(default_factory=deque)
    tries: Counter[int] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    @property
    def n_repeated(self) -> int:
        """Points of the plan that equal others, and are computed once."""
        return self.manifest.plan.n_points - len(self.points)

    def finish(self, make: ExecutorMaker) -> Self:
        """Compute what is missing, and write down what came out where that is news.

        Raises:
            UnfinishedError: If points failed, or the disk or the workers did.
        """
        folder, before = self.folder, self.manifest.result
        folder.keep(self.manifest)
        done = folder.mended(self.manifest)
        wanted, self.n_done = {*range(len(self.points))} - done, len(done)
        self.waiting.extend(tasks_of(self.points, self.manifest.plan.task_size, wanted))
        if self.waiting:
            with closing(make()) as executor, _remedy(folder):
                self._compute(executor)
        failures = sorted(self.failures, key=lambda failure: failure.point)
        result = _result(folder, failures)
        if not before or before.model_copy(update={"finished": result.finished}) != result:
            self.manifest = self.manifest.model_copy(update={"result": result})
            folder.keep(self.manifest)
        if failures:
            raise UnfinishedError(
                f"{len(failures):,} of {len(self.points):,} points failed; the first, point "
                f"{failures[0].point}: {failures[0].reason}\n"
                f"see them: foedus experiment status {folder.path}\n"
                f"try them again: {folder.resume}"
            )
        return self

    def _compute(self, executor: Executor) -> None:
        """Work until every point is done or given up."""
        began, before, held = time.monotonic(), self.n_done, dict[int, Task]()
        plan, sweep = self.manifest.plan, self.manifest.points_sha256
        while self.waiting or self.suspects or held:
            for task in self._due(executor, len(held)):
                held[task[0].index] = task
                case = next(case for case in self.cases if case.id == task[0].scenario)
                message = message_of(task, plan, case, sweep)
                executor.submit(task[0].index, message, plan.time_limit)
            event = executor.next()
            self._settle(held.pop(event.task), event)
            done, failed = self.n_done, len(self.failures)
            tally = Tally(planned=len(self.points) - done - failed, done=done, failed=failed)
            self.notify(Progress(tally, done - before, time.monotonic() - began, plan.runs))

    def _due(self, executor: Executor, n_held: int) -> list[Task]:
        """Tasks to submit now; one that has broken alone, only while no other is at work.

        A worker that dies takes along what waits there for it; so nothing is given up for its
        neighbour's sake.
        """
        if self.waiting:
            n_free = executor.capacity - n_held
            return [self.waiting.popleft() for _ in range(min(n_free, len(self.waiting)))]
        return [self.suspects.popleft()] if self.suspects and not n_held else []

    def _settle(self, task: Task, event: Event) -> None:
        """Write down what came of a task; of a broken one, try each point alone, twice."""
        number = task[0].index
        if event.fault is None:
            self.folder.store(task, event.points, event.runs)
            self.n_done += len(task)
        elif len(task) > 1:
            self.waiting.extendleft((point,) for point in reversed(task))
        elif self.tries[number] + 1 < TRIES:
            self.tries[number] += 1
            self.suspects.append(task)
        else:
            self.failures.append(Failure(point=number, reason=event.fault[:500]))


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
        points = points_of(study, code_version())
        try:
            manifest = _manifest(folder)
        except InputError:  # there is none, or it is lost
            manifest = _new_manifest(study, points, plan_text, command)
        if manifest.points_sha256 != digest_of(points):
            raise UsageError(
                f"{folder.path}: another plan's sweep lives here, or a scenario has changed "
                f"since; go on with it: {folder.resume}, or choose another folder"
            )
        manifest = manifest.under(study.plan, plan_text)
        folder.keep_inputs(plan_text, study.cases)
        return Sweep(folder, manifest, study.cases, points, notify).finish(executor)


def resume(folder: Folder, executor: ExecutorMaker, *, notify: Notify = lambda _: None) -> Sweep:
    """Compute what is missing of the sweep in a folder; see :func:`start`."""
    folder.require()
    with sole_writer(folder.path):
        manifest = _manifest(folder)
        study = Study(manifest.plan, tuple(map(folder.case, manifest.inputs)))
        points = points_of(study, code_version())
        if digest_of(points) != manifest.points_sha256:
            problem = "its plan yields other points here; is SciPy the same?"
            raise UsageError(f"{folder.path}: {problem}")
        return Sweep(folder, manifest, study.cases, points, notify).finish(executor)


def _new_manifest(study: Study, points: list[Point], plan_text: bytes, command: str) -> Manifest:
    return Manifest(
        schema_version=1,
        command=command.encode(errors="backslashreplace").decode(),
        created=now(),
        versions=versions(),
        code=code_version(),
        plan=study.plan,
        plan_sha256=sha256(plan_text),
        inputs=tuple(
            Input(id=case.id, given=given, digest=case.digest)
            for given, case in zip(study.plan.scenarios, study.cases, strict=True)
        ),
        n_points=len(points),
        points_sha256=digest_of(points),
    )


def _manifest(folder: Folder) -> Manifest:
    """The manifest of a folder that this code computed."""
    manifest = folder.manifest()
    if manifest.code != code_version():
        raise UsageError(
            f"{folder.path}: computed by {manifest.code}, this is {code_version()}; "
            "finish it with that version, or choose another folder"
        )
    return manifest


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


def _result(folder: Folder, failures: list[Failure]) -> Result:
    given_up = {"failed": len(failures), "failures": tuple(failures[:MOST_FAILURES])}
    if not folder.part_names():
        return Result(finished=now(), done=0, table_sha256=None, scenarios={}, **given_up)
    table, _ = collected(folder)
    column = table["scenario"]
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


class Comparison(Record):
    """A sweep beside its repetition: scenarios whose rows differ, and software (then, now)."""

    then: Result
    now: Result
    differing: tuple[str, ...]
    versions: dict[str, tuple[str, str]]

    @property
    def is_same(self) -> bool:
        """Whether every row is the same, byte for byte."""
        return not self.differing and self.then.done == self.now.done

    def as_record(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return {"same": self.is_same, **self.model_dump(mode="json")}


def computed_again(
    manifest: Manifest, beside: Path, folder: Folder, executor: ExecutorMaker, *, notify: Notify
) -> Comparison:
    """Compute a finished sweep again, from its manifest alone, into a folder and compare digests.

    Copies of its cases are looked for `beside` its manifest first.

    Raises:
        InputError: If it was not finished, or a scenario is not what it was.
    """
    then = manifest.result
    if then is None:
        raise InputError("this manifest has no result yet: the sweep was not finished")
    study = Study(manifest.plan, tuple(map(Folder(beside).case, manifest.inputs)))
    plan_text = json.dumps(manifest.plan.model_dump(mode="json"), indent=2).encode()
    try:
        start(study, plan_text, folder, executor, command=manifest.command, notify=notify)
    except UnfinishedError:
        if not then.failed:  # what failed then may fail again
            raise
    again = folder.manifest().result
    if again is None:
        raise UnfinishedError("the repetition came to no result")
    return Comparison(
        then=then,
        now=again,
        differing=tuple(_changes(then.scenarios, again.scenarios)),
        versions=_changes(manifest.versions, versions()),
    )


def _changes(then: Mapping[str, str], here: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is not the same, as it was and as it is."""
    pairs = {n: (then.get(n, "none"), here.get(n, "none")) for n in sorted({*then, *here})}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
