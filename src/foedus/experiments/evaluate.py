"""A task computed: many points of one scenario in one call of the engine, under the same chance.

A task is a JSON message that holds all it needs, its answer the bytes of two Parquet files: a
worker shares nothing but the code with whoever asked.
"""

import json
import time
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from foedus.data.durable import sha256
from foedus.data.indicators import Indicator
from foedus.data.library import Case
from foedus.data.schema import Alliance, Scenario
from foedus.data.terms import CASE_RANGE
from foedus.errors import InputError
from foedus.experiments.manifest import code_version
from foedus.experiments.plan import Plan
from foedus.experiments.study import Point, Study, points_of, tasks_of
from foedus.experiments.table import table_of_points, table_of_runs, to_parquet
from foedus.model.ensemble import Ensemble
from foedus.model.outcome import Outcome
from foedus.model.parameter_points import simulate_points
from foedus.model.setup import Setup, prepare

SWEEP_NOTE = "points_sha256"
"""Metadata of a part: the digest of all points of the sweep that it belongs to."""

RUNS_NOTE = "runs_sha256"
"""Metadata of a part of points: the digest of the part of runs that belongs to it, if any."""

STRUCTURAL = ("rounds_per_day", "indicator_reach")
"""Parameters that shape the computation, so that points which differ in them cannot share it."""

PILOT_RUNS = 16 * 1024
"""Runs tried, about, of each scenario tried."""

PILOT_SECONDS = 2.0
"""Time after which no further scenario is tried."""

START_SECONDS = 1.5
"""What it takes, about, to start the workers."""


def evaluate(setups: Sequence[Setup], n_runs: int, seed: int) -> list[Outcome]:
    """The ensembles of several setups of one case: the bits of one :func:`foedus.ensemble` each.

    The setups share case, `drawn_codes`, `endogenous`, `without` and `stances`.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, setup in enumerate(setups):
        groups[_structure(setup)].append(place)
    found: dict[int, Outcome] = {}
    for places in groups.values():
        alike = _side_by_side([setups[place] for place in places], n_runs, seed)
        found.update(zip(places, alike, strict=True))
    return [found[place] for place in range(len(setups))]


def _structure(setup: Setup) -> Hashable:
    """What two points must share to stand side by side, numbers of the case among it."""
    parameters, attributes = setup.parameters, setup.settings.attributes
    return (
        setup.rule or (setup.theory.rule if setup.theory else None),
        setup.request,
        frozenset(attributes),
        *(parameters[name] for name in STRUCTURAL),
        *(attributes.get(name) for name in CASE_RANGE),
    )


def _side_by_side(setups: Sequence[Setup], n_runs: int, seed: int) -> list[Outcome]:
    """Outcomes of setups of one structure: all as the first, but for the values that differ."""
    first = setups[0]
    values = [{**setup.parameters, **setup.settings.attributes} for setup in setups]
    columns = {name: np.array([point[name] for point in values]) for name in values[0]}
    differing = {name: column for name, column in columns.items() if len({*column}) > 1}
    shared = {name: v for name, v in first.parameters.items() if name not in differing}
    outcomes = simulate_points(first.situation, shared, differing, seed, n_runs, **first.draws)
    return outcomes if differing else outcomes * len(setups)


def message_of(points: Sequence[Point], plan: Plan, case: Case, sweep: str) -> bytes:
    """All that a worker needs to know; `sweep` is the digest of all points of the sweep."""
    order = {
        "plan": plan.model_copy(update={"designs": ()}).model_dump_json(),
        "names": plan.names,
        "sweep": sweep,
        "case": case_text(case),
        "points": [asdict(point) for point in points],
    }
    return json.dumps(order).encode()


def perform(message: bytes) -> tuple[bytes, bytes]:
    """Compute a task: Parquet files of a row for each point, and for each run (empty: not kept)."""
    order = json.loads(message)
    plan, case = Plan.model_validate_json(order["plan"]), case_from(order["case"], "a task")
    points = [Point(**point) for point in order["points"]]
    setups = [_setup(case, point, plan) for point in points]
    results = [
        Ensemble(setup, plan.seed, outcome, version("foedus"))
        for setup, outcome in zip(setups, evaluate(setups, plan.runs, plan.seed), strict=True)
    ]
    notes, runs = {SWEEP_NOTE: order["sweep"]}, b""
    if plan.keep_runs:
        runs = to_parquet(table_of_runs(points, results), notes)
        notes[RUNS_NOTE] = sha256(runs)
    return to_parquet(table_of_points(points, results, order["names"]), notes), runs


def _setup(case: Case, point: Point, plan: Plan) -> Setup:
    return prepare(
        case,
        point.settings,
        rule=point.rule,
        theory=plan.claim(point.theory) if point.theory else None,
        request=point.request,
        drawn_codes=plan.drawn_codes,
        endogenous=plan.endogenous,
        without=plan.without,
        stances=plan.stances,
    )


def case_text(case: Case) -> str:
    """A case with its alliance and indicators as JSON; the same case, the same text."""
    return json.dumps(case.content(), sort_keys=True)


@lru_cache(maxsize=8)
def case_from(text: str, name: str) -> Case:
    """The case in a JSON text; `name` names it in errors and stands for its file.

    Raises:
        InputError: If it holds no case.
    """
    try:
        record = json.loads(text)
        return Case(
            scenario=Scenario.model_validate(record["scenario"]),
            alliance=Alliance.model_validate(record["alliance"]),
            indicators=tuple(Indicator(**row) for row in record["indicators"]),
            path=Path(name),
        )
    except (ValidationError, ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"{name}: expected a case as foedus writes it") from None


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
    n_tasks = len(tasks_of(points, plan.task_size, {*range(len(points))}))
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
