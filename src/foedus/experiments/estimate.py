"""How large a sweep is and how long it may take, measured on a small part of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from foedus.experiments.code_version import code_version
from foedus.experiments.evaluate import message_of, perform
from foedus.experiments.points import Point, Task, points_of, tasks_of
from foedus.experiments.study import Study

PILOT_RUNS = 16 * 1024
"""Runs tried, about, of each scenario tried."""

PILOT_SECONDS = 2.0
"""Time after which no further scenario is tried."""

START_SECONDS = 1.5
"""What it takes, about, to start the workers."""


@dataclass(frozen=True)
class Estimate:
    """Size of a sweep, and how long it may take.

    Attributes
    ----------
    n_repeated
        Points of the plan that equal others, and are computed once.
    runs_per_second
        Measured on one worker.
    seconds
        With all workers.
    """

    n_points: int
    n_tasks: int
    n_runs: int
    n_repeated: int
    n_workers: int
    runs_per_second: float
    seconds: float


def estimate(study: Study, n_workers: int) -> Estimate:
    """Try a few points of each scenario, and reckon."""
    plan = study.plan
    points = points_of(study, code_version())
    tasks = tasks_of(points, plan.task_size, set(range(len(points))))
    rate = _rate(study, points)
    n_runs = len(points) * plan.runs
    busy = min(n_workers, len(tasks))
    seconds = n_runs / (rate * busy) + START_SECONDS
    n_repeated = plan.n_points - len(points)
    return Estimate(len(points), len(tasks), n_runs, n_repeated, n_workers, rate, seconds)


def _rate(study: Study, points: list[Point]) -> float:
    """Runs a second of one process, over the scenarios tried."""
    plan = study.plan.model_copy(update={"runs": min(study.plan.runs, PILOT_RUNS)})
    n_points = min(plan.task_size, max(1, PILOT_RUNS // plan.runs))
    n_runs, seconds = 0, 0.0
    for case in study.cases:
        some = [point for point in points if point.scenario == case.id][:n_points]
        message = message_of(Task(tuple(some)), plan, case, "")
        perform(message)  # once to warm up: imports, tables, caches
        began = time.perf_counter()
        perform(message)
        seconds += time.perf_counter() - began
        n_runs += plan.runs * len(some)
        if seconds > PILOT_SECONDS:
            break
    return n_runs / seconds
