"""A task computed: many points of one scenario in one call of the engine, under the same chance.

Points stand side by side on the run axis: parameters become arrays (run,), the chance of the
ensemble is repeated for each point (common random numbers). Every run is the same, bit for bit,
as in an ensemble of its own; only the Python overhead is shared.

A task is a JSON message that holds all it needs, its answer the bytes of Parquet files: a worker
shares nothing but the code with whoever asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from foedus.data.indicators import Indicator
from foedus.data.library import Case
from foedus.data.schema import Alliance, Scenario
from foedus.data.settings import Settings
from foedus.data.terms import CASE_RANGE
from foedus.data.theory import Theory
from foedus.errors import InputError
from foedus.experiments.plan import Plan
from foedus.experiments.points import Point, Task
from foedus.experiments.table import (
    RUNS,
    columns,
    row_of,
    runs_of,
    table_of_blocks,
    table_of_rows,
    to_parquet,
)
from foedus.model.array_engine import simulate
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import Ensemble
from foedus.model.numbers import Array, Parameters
from foedus.model.outcome import Outcome, joined
from foedus.model.setup import Setup, prepare
from foedus.model.situation import Chance, Codes, Situation

COLUMNS = 16 * 1024
"""Runs in one call of the engine; results do not depend on it."""

SWEEP_NOTE = "points_sha256"
"""Metadata of a part: the digest of all points of the sweep that it belongs to."""

RUNS_NOTE = "runs_sha256"
"""Metadata of a part of points: the digest of the part of runs that belongs to it, if any."""

SETUP = ("drawn_codes", "endogenous", "without", "stances")
"""What a plan says of the set-up of all its points."""

STRUCTURAL = ("rounds_per_day", "indicator_reach")
"""Parameters that shape the computation, so that points which differ in them cannot share it."""


def evaluate(setups: Sequence[Setup], n_runs: int, seed: int) -> list[Outcome]:
    """The ensembles of several setups of one case, in their order.

    Parameters
    ----------
    setups
        They share case, `drawn_codes`, `endogenous`, `without` and `stances`.
    n_runs
        Runs of each.
    seed
        Seed of all.

    Returns
    -------
    list of Outcome
        The same bits as one :func:`foedus.model.ensemble.ensemble` each.
    """
    points = [_Point(setup, setup.parameters, setup.settings.attributes) for setup in setups]
    parts: list[list[Outcome]] = [[] for _ in setups]
    for places in _alike(points):
        group = [points[i] for i in places]
        for where, outcome in _computed(group, n_runs, seed):
            parts[places[where]].append(outcome)
    return [joined(pieces) for pieces in parts]


@dataclass(frozen=True)
class _Point:
    """A setup with its values resolved once."""

    setup: Setup
    parameters: Parameters
    attributes: Parameters

    @property
    def structure(self) -> tuple[object, ...]:
        """What two points must share to stand side by side."""
        return (
            self.setup.rule or (self.setup.theory.rule if self.setup.theory else None),
            self.setup.request,
            *(self.parameters[name] for name in STRUCTURAL),
            frozenset(name for name in self.attributes if name.endswith(".dependence")),
            frozenset(self.of_case.items()),
        )

    @property
    def of_case(self) -> dict[str, float]:
        """The numbers of the case that it sets, such as the days of a run."""
        return {name: value for name, value in self.attributes.items() if name in CASE_RANGE}


def _alike(points: Sequence[_Point]) -> list[list[int]]:
    """Indices of the points that can be computed together."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, point in enumerate(points):
        groups.setdefault(point.structure, []).append(index)
    return list(groups.values())


def _computed(group: list[_Point], n_runs: int, seed: int) -> Iterator[tuple[int, Outcome]]:
    """Outcomes of alike points with their place in the group, ranges of runs in order."""
    setup = group[0].setup
    plain = setup.having(settings=Settings(setup.settings.parameters, group[0].of_case)).situation
    for low in range(0, n_runs, COLUMNS):
        high = min(low + COLUMNS, n_runs)
        chance = draw_chance(plain, seed, low, high, with_doubt=setup.endogenous)
        codes = draw_codes(plain, seed, low, high, drawn=setup.drawn_codes)
        at_once = COLUMNS // (high - low)
        for first in range(0, len(group), at_once):
            some = group[first : first + at_once]
            outcome = _side_by_side(plain, some, codes, chance)
            for where in range(len(some)):
                own = outcome.part(where * (high - low), (where + 1) * (high - low))
                yield first + where, own


def _side_by_side(
    situation: Situation, points: list[_Point], codes: Codes, chance: Chance
) -> Outcome:
    """One call of the engine for points that are alike, one after the other on the run axis."""
    n, n_runs = len(points), chance.n_runs
    codes = codes.tiled(n)
    stated = dict(situation.stated_dependence)
    for name in dict.fromkeys(name for point in points for name in point.attributes):
        state, _, attribute = name.rpartition(".")
        if name in CASE_RANGE:  # in the situation already
            continue
        if attribute == "dependence":
            own = [point.attributes[name] for point in points]
            stated[situation.members.index(state)] = np.repeat(own, n_runs)
        else:
            values = _values(name, points, situation, codes, n_runs)
            codes = codes.having(name, values, situation.members)
    situation = replace(situation, stated_dependence=stated)
    return simulate(situation, codes, _parameters(points, n_runs), chance.tiled(n))


def _values(
    name: str, points: list[_Point], situation: Situation, codes: Codes, n_runs: int
) -> Array:
    """An attribute (run,): as a point states it, else as it is coded and drawn."""
    state, dot, attribute = name.rpartition(".")
    coded = codes.standing[attribute][situation.members.index(state)] if dot else codes.crisis[name]
    values = np.array(np.broadcast_to(coded, len(points) * n_runs), dtype=np.float64)
    for row, point in zip(values.reshape(len(points), n_runs), points, strict=True):
        if name in point.attributes:
            row[:] = point.attributes[name]
    return values


def _parameters(points: list[_Point], n_runs: int) -> Parameters:
    """A number where all points agree, else an array (run,)."""
    columns = {name: [point.parameters[name] for point in points] for name in points[0].parameters}
    return {
        name: values[0] if len(set(values)) == 1 else np.repeat(values, n_runs)
        for name, values in columns.items()
    }


@dataclass(frozen=True)
class Answer:
    """What a task yields: the bytes of two Parquet files.

    Attributes
    ----------
    points
        One row for each point.
    runs
        One row for each run; empty where runs are not kept.
    """

    points: bytes
    runs: bytes


def message_of(task: Task, plan: Plan, case: Case, sweep: str) -> bytes:
    """All that a worker needs to know; `sweep` is the digest of all points of the sweep."""
    parts = {*SETUP, "claims", "runs", "seed", "keep_runs"}
    order = {**plan.model_dump(mode="json", include=parts), "names": plan.names}
    points = [asdict(point) for point in task.points]
    return json.dumps({**order, "sweep": sweep, "case": case_text(case), "points": points}).encode()


def perform(message: bytes) -> Answer:
    """Compute a task."""
    order = json.loads(message)
    case = _case(order["case"])
    points = [Point(**point) for point in order["points"]]
    setups = [_setup(case, point, order) for point in points]
    outcomes = evaluate(setups, order["runs"], order["seed"])
    results = [
        Ensemble(setup, order["seed"], outcome, version("foedus"))
        for setup, outcome in zip(setups, outcomes, strict=True)
    ]
    notes = {SWEEP_NOTE: order["sweep"]}
    runs = _runs(points, results, notes) if order["keep_runs"] else b""
    if runs:
        notes[RUNS_NOTE] = hashlib.sha256(runs).hexdigest()
    rows = [row_of(p, r, order["names"]) for p, r in zip(points, results, strict=True)]
    return Answer(to_parquet(table_of_rows(rows, columns(order["names"])), notes), runs)


def _runs(points: Sequence[Point], results: Sequence[Ensemble], notes: dict[str, str]) -> bytes:
    blocks = [runs_of(point, result) for point, result in zip(points, results, strict=True)]
    return to_parquet(table_of_blocks(blocks, RUNS), notes)


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

    Raises
    ------
    InputError
        If it holds no case.
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
