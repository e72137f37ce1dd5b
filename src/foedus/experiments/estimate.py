"""How large a sweep is and how long it may take, measured on a small part of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from foedus.experiments.code_version import code_version
from foedus.experiments.evaluate import message_of, perform
from foedus.experiments.points import Point, points_of, tasks_of
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

    Attributes:
        n_repeated: Points of the plan that equal others, and are computed once.
        runs_per_second, seconds: Of one worker, as measured; with all workers.
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
    plan, points = study.plan, points_of(study, code_version())
    n_tasks = len(tasks_of(points, plan.task_size, set(range(len(points)))))
    rate, n_runs = _rate(study, points), len(points) * plan.runs
    return Estimate(
        n_points=len(points),
        n_tasks=n_tasks,
        n_runs=n_runs,
        n_repeated=plan.n_points - len(points),
        n_workers=n_workers,
        runs_per_second=rate,
        seconds=n_runs / (rate * min(n_workers, n_tasks)) + START_SECONDS,
    )


def _rate(study: Study, points: list[Point]) -> float:
    """Runs a second of one process, over the scenarios tried."""
    plan = study.plan.model_copy(update={"runs": min(study.plan.runs, PILOT_RUNS)})
    n_points = min(plan.task_size, max(1, PILOT_RUNS // plan.runs))
    n_runs, seconds = 0, 0.0
    for case in study.cases:
        some = [point for point in points if point.scenario == case.id][:n_points]
        message = message_of(some, plan, case, "")
        perform(message)  # once to warm up: imports, tables, caches
        began = time.perf_counter()
        perform(message)
        seconds += time.perf_counter() - began
        n_runs += plan.runs * len(some)
        if seconds > PILOT_SECONDS:
            break
    return n_runs / seconds
