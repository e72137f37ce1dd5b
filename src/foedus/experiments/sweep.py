"""The coordinator: hands out tasks, writes down what comes back, and gives up on nothing lightly.

What is finished is on the disk, checked by its digest, before it counts. Whatever is killed,
torn or filled up, a resume computes what is missing and arrives at the same bytes.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import count

from foedus.errors import UnfinishedError, UsageError
from foedus.experiments.collection import result_of
from foedus.experiments.durable import disk_errors, sole_writer, write_durably
from foedus.experiments.folder import Folder
from foedus.experiments.ledger import Ledger, LedgerDamagedError, Tally
from foedus.experiments.manifest import manifest_text
from foedus.experiments.opening import MANIFEST_FACT, Sweep, begin, open_ledger, reopen
from foedus.experiments.points import Task, tasks_of
from foedus.experiments.pool import Broken, Done, Event, Pool, PoolMaker
from foedus.experiments.study import Study
from foedus.experiments.work import message_of


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


def start(
    study: Study,
    plan_text: bytes,
    folder: Folder,
    pool: PoolMaker,
    *,
    command: str,
    notify: Notify = silent,
) -> Sweep:
    """Compute a study into a folder; what is finished there already is kept.

    Parameters
    ----------
    plan_text
        The plan as written, kept beside the results.
    pool
        Makes the pool, if there is anything to compute.
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
    if folder.is_foreign():
        raise UsageError(f"{folder.path}: holds files that are no sweep's; choose another --out")
    folder.make()
    with sole_writer(folder.path):
        return _finish(begin(folder, study, plan_text, command), pool, notify)


def resume(folder: Folder, pool: PoolMaker, *, notify: Notify = silent) -> Sweep:
    """Compute what is missing of the sweep in a folder; see :func:`start`."""
    folder.require()
    with sole_writer(folder.path):
        return _finish(reopen(folder), pool, notify)


def _finish(sweep: Sweep, pool: PoolMaker, notify: Notify) -> Sweep:
    try:
        with closing(open_ledger(sweep)) as ledger:
            _compute(sweep, ledger, pool, notify)
            finished = _concluded(sweep, ledger)
            _complain(finished, ledger)
            return finished
    except LedgerDamagedError as error:
        raise UnfinishedError(
            f"{sweep.folder.ledger}: damaged ({error}); run: foedus resume {sweep.folder.path}"
        ) from None


def _compute(sweep: Sweep, ledger: Ledger, make: PoolMaker, notify: Notify) -> None:
    tasks = tasks_of(sweep.points, sweep.study.plan.task_size, ledger.planned())
    if not tasks:
        return
    with closing(make()) as pool:
        _Coordinator(sweep, ledger, pool, notify, deque(tasks), ledger.tally()).run()


@dataclass
class _Coordinator:
    """Tasks that wait, tasks that workers hold, and what to do when one comes back."""

    sweep: Sweep
    ledger: Ledger
    pool: Pool
    notify: Notify
    waiting: deque[Task]
    tally: Tally

    def run(self) -> None:
        """Work until every point is done or given up."""
        numbers, began, before = count(), time.monotonic(), self.tally.done
        held: dict[int, Task] = {}
        runs = self.sweep.study.plan.runs
        while self.waiting or held:
            while self.waiting and len(held) < self.pool.capacity:
                number = next(numbers)
                held[number] = self.waiting.popleft()
                self._submit(number, held[number])
            event = self.pool.next()
            self._settle(held.pop(event.task), event)
            fresh = self.tally.done - before
            self.notify(Progress(self.tally, fresh, time.monotonic() - began, runs))

    def _submit(self, number: int, task: Task) -> None:
        plan = self.sweep.study.plan
        message = message_of(task, plan, self.sweep.case(task.points[0].scenario))
        self.pool.submit(number, message, plan.time_limit)

    def _settle(self, task: Task, event: Event) -> None:
        """Write down what came of a task."""
        if isinstance(event, Done):
            self.ledger.finish(self.sweep.folder.store(task, event.answer))
            self.tally = self.tally.moved(len(task.points), 0)
        else:
            self._retry(task, event)

    def _retry(self, task: Task, broken: Broken) -> None:
        """One bad point must not take its neighbours along: each is tried alone, twice."""
        if len(task.points) > 1:
            self.waiting.extendleft(reversed(task.alone()))
        elif not self.ledger.fail(task.points[0].key, broken.reason):
            self.waiting.append(task)
        else:
            self.tally = self.tally.moved(0, 1)


def _concluded(sweep: Sweep, ledger: Ledger) -> Sweep:
    """The sweep with its result in the manifest."""
    result = result_of(sweep.folder, ledger.tally(), sweep.manifest.result)
    manifest = sweep.manifest.model_copy(update={"result": result})
    if manifest != sweep.manifest:
        text = manifest_text(manifest)
        with disk_errors(sweep.folder.path, sweep.folder.remedy):
            write_durably(sweep.folder.manifest, text.encode())
        ledger.note(MANIFEST_FACT, text)
    return sweep.having(manifest)


def _complain(sweep: Sweep, ledger: Ledger) -> None:
    failures = ledger.failures()
    if not failures:
        return
    first = failures[0]
    raise UnfinishedError(
        f"{len(failures):,} of {len(sweep.points):,} points failed; the first, point "
        f"{first.point}: {first.reason}\nsee them: foedus status {sweep.folder.path}\n"
        f"try them again: foedus resume {sweep.folder.path}"
    )
