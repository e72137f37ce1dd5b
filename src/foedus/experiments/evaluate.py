"""A task computed: many points of one scenario in one call of the engine, under the same chance.

A task is a JSON message that holds all it needs, its answer the bytes of two Parquet files: a
worker shares nothing but the code with whoever asked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from foedus.data.durable import sha256
from foedus.data.indicators import Indicator
from foedus.data.library import Case
from foedus.data.schema import Alliance, Scenario
from foedus.data.settings import Settings
from foedus.data.terms import CASE_RANGE
from foedus.data.theory import Theory
from foedus.errors import InputError
from foedus.experiments.plan import Plan
from foedus.experiments.points import Point
from foedus.experiments.table import table_of_points, table_of_runs, to_parquet
from foedus.model.ensemble import Ensemble
from foedus.model.outcome import Outcome
from foedus.model.parameter_points import simulate_points
from foedus.model.setup import Setup, prepare

SWEEP_NOTE = "points_sha256"
"""Metadata of a part: the digest of all points of the sweep that it belongs to."""

RUNS_NOTE = "runs_sha256"
"""Metadata of a part of points: the digest of the part of runs that belongs to it, if any."""

SETUP = ("drawn_codes", "endogenous", "without", "stances")
"""What a plan says of the set-up of all its points."""

STRUCTURAL = ("rounds_per_day", "indicator_reach")
"""Parameters that shape the computation, so that points which differ in them cannot share it."""


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
    """What two points must share to stand side by side."""
    parameters, attributes = setup.parameters, setup.settings.attributes
    return (
        setup.rule or (setup.theory.rule if setup.theory else None),
        setup.request,
        *(parameters[name] for name in STRUCTURAL),
        frozenset(attributes),
        frozenset(_of_case(setup).items()),
    )


def _of_case(setup: Setup) -> dict[str, float]:
    """The numbers of the case that it sets, such as the days of a run."""
    set_ = setup.settings.attributes
    return {name: value for name, value in set_.items() if name in CASE_RANGE}


def _side_by_side(setups: Sequence[Setup], n_runs: int, seed: int) -> list[Outcome]:
    """Outcomes of setups of one structure."""
    first = setups[0]
    values = [{**setup.parameters, **setup.settings.attributes} for setup in setups]
    columns = {name: np.array([point[name] for point in values]) for name in values[0]}
    shared = {name: values[0][name] for name in first.parameters if len({*columns[name]}) == 1}
    differing = {n: v for n, v in columns.items() if n not in shared and n not in CASE_RANGE}
    settings = Settings(first.settings.parameters, _of_case(first))
    plain = first.having(settings=settings).situation
    outcomes = simulate_points(plain, shared, differing, seed, n_runs, **first.draws)
    return outcomes if differing else outcomes * len(setups)


def message_of(points: Sequence[Point], plan: Plan, case: Case, sweep: str) -> bytes:
    """All that a worker needs to know; `sweep` is the digest of all points of the sweep."""
    parts = {*SETUP, "claims", "runs", "seed", "keep_runs"}
    order = {
        **plan.model_dump(mode="json", include=parts),
        "names": plan.names,
        "sweep": sweep,
        "case": case_text(case),
        "points": [asdict(point) for point in points],
    }
    return json.dumps(order).encode()


def perform(message: bytes) -> tuple[bytes, bytes]:
    """Compute a task: Parquet files of a row for each point, and for each run (empty: not kept)."""
    order = json.loads(message)
    case = _case(order["case"])
    points = [Point(**point) for point in order["points"]]
    setups = [_setup(case, point, order) for point in points]
    outcomes = evaluate(setups, order["runs"], order["seed"])
    results = [
        Ensemble(setup, order["seed"], outcome, version("foedus"))
        for setup, outcome in zip(setups, outcomes, strict=True)
    ]
    notes, runs = {SWEEP_NOTE: order["sweep"]}, b""
    if order["keep_runs"]:
        runs = to_parquet(table_of_runs(points, results), notes)
        notes[RUNS_NOTE] = sha256(runs)
    return to_parquet(table_of_points(points, results, order["names"]), notes), runs


def _setup(case: Case, point: Point, order: dict[str, Any]) -> Setup:
    claim = order["claims"].get(point.theory)
    return prepare(
        case,
        point.settings,
        rule=point.rule,
        theory=Theory.model_validate(claim) if claim else point.theory,
        request=point.request,
        **{name: order[name] for name in SETUP},
    )


@lru_cache(maxsize=8)
def _case(text: str) -> Case:
    return case_from(text, "the message of a task")


def case_text(case: Case) -> str:
    """A case with its alliance and indicators as JSON; the same case, the same text."""
    return json.dumps(
        {
            "scenario": case.scenario.model_dump(mode="json"),
            "alliance": case.alliance.model_dump(mode="json"),
            "indicators": [vars(row) for row in case.indicators],
        },
        sort_keys=True,
    )


def case_from(text: str, name: str) -> Case:
    """The case in a JSON text; `name` names it in errors and stands for its file.

    Raises:
        InputError: If it holds no case.
    """
    try:
        record = json.loads(text)
        return Case(
            scenario=Scenario.model_validate_json(json.dumps(record["scenario"])),
            alliance=Alliance.model_validate_json(json.dumps(record["alliance"])),
            indicators=tuple(Indicator(**row) for row in record["indicators"]),
            path=Path(name),
        )
    except (ValidationError, ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"{name}: expected a case as foedus writes it") from None
