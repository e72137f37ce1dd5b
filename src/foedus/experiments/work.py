"""A task as a message that any worker understands, and the work itself.

Messages are JSON, answers are Parquet: a worker needs no file of the coordinator's, and nothing
but the code is shared between machines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from foedus.data.library import Case
from foedus.experiments.cases import case_from, text_of
from foedus.experiments.columns import RUNS, columns
from foedus.experiments.evaluation import evaluate
from foedus.experiments.plan import Plan
from foedus.experiments.points import Point, Task
from foedus.experiments.rows import row_of, runs_of
from foedus.experiments.tables import table_of_blocks, table_of_rows, to_parquet
from foedus.model.ensemble import Ensemble, Setup, prepare

RUNS_NOTE = "runs_sha256"
"""Metadata of a part of points: the digest of the part of runs that belongs to it, if any."""


@dataclass(frozen=True)
class Answer:
    """What a task yields: the bytes of two Parquet files.

    Attributes
    ----------
    points
        One row a point.
    runs
        One row a run; empty where runs are not kept.
    """

    points: bytes
    runs: bytes


def message_of(task: Task, plan: Plan, case: Case) -> bytes:
    """All that a worker needs to know."""
    return json.dumps(
        {
            "case": text_of(case),
            "points": [asdict(point) for point in task.points],
            "names": plan.names,
            "runs": plan.runs,
            "seed": plan.seed,
            "drawn_codes": plan.drawn_codes,
            "endogenous": plan.endogenous,
            "keep_runs": plan.keep_runs,
        }
    ).encode()


def perform(message: bytes) -> Answer:
    """Compute a task."""
    order = json.loads(message)
    case = _case(order["case"])
    points = [Point(**point) for point in order["points"]]
    setups = [_setup(case, point, order) for point in points]
    outcomes = evaluate(setups, order["runs"], order["seed"])
    installed = version("foedus")
    results = [
        Ensemble(setup, order["seed"], outcome, installed)
        for setup, outcome in zip(setups, outcomes, strict=True)
    ]
    runs = _runs(points, results) if order["keep_runs"] else b""
    rows = [row_of(p, r, order["names"]) for p, r in zip(points, results, strict=True)]
    notes = {RUNS_NOTE: hashlib.sha256(runs).hexdigest()} if runs else {}
    return Answer(to_parquet(table_of_rows(rows, columns(order["names"])), notes), runs)


def _runs(points: Sequence[Point], results: Sequence[Ensemble]) -> bytes:
    blocks = [runs_of(point, result) for point, result in zip(points, results, strict=True)]
    return to_parquet(table_of_blocks(blocks, RUNS))


def _setup(case: Case, point: Point, order: dict[str, Any]) -> Setup:
    return prepare(
        case,
        point.settings,
        rule=point.rule,
        theory=point.theory,
        drawn_codes=order["drawn_codes"],
        endogenous=order["endogenous"],
    )


@lru_cache(maxsize=8)
def _case(text: str) -> Case:
    return case_from(text, "the message of a task")
