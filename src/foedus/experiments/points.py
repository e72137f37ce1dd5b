"""The points of a study: designs made into values, each point with an address, and the tasks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby, product
from typing import Any, TypeAlias

import numpy as np

from foedus.data.durable import sha256
from foedus.data.register import register
from foedus.data.terms import CASE_RANGE, Request
from foedus.experiments.manifest import CodeVersion
from foedus.experiments.plan import OWN, Design, Interval, Plan, Row, limits
from foedus.experiments.study import Study
from foedus.model.numbers import Array

SMALLEST = 1e-12
"""Distance that a sampled probability keeps from 0 and 1, where a prior has no quantile."""

DECIDING = ("runs", "seed", "drawn_codes", "endogenous", "keep_runs", "stances")
"""What of a plan decides the results of all its points, as it stands there."""


@dataclass(frozen=True)
class Point:
    """One ensemble to compute.

    Attributes:
        index: Place in the study, from 0.
        key: SHA-256 of all that decides its result, the code included.
        settings: Parameters and attributes that differ from register and file.
    """

    index: int
    key: str
    scenario: str
    theory: str | None
    rule: str | None
    request: str
    settings: dict[str, float]


Task: TypeAlias = tuple[Point, ...]
"""Points of one scenario that one worker computes together."""


def rows_of(design: Design, seed: int) -> Iterator[Row]:
    """The points of a design; the seed is that of a sample that states none of its own.

    References:
        McKay, Beckman and Conover 1979, doi:10.1080/00401706.1979.10489755 (Latin hypercube);
        Sobol' 1967, doi:10.1016/0041-5553(67)90144-9, scrambled after Owen 1998,
        doi:10.1006/jcom.1998.0487.
    """
    if design.kind == "list":
        yield from design.rows
        return
    is_grid = design.kind == "grid"
    points = product(*design.values.values()) if is_grid else _sampled(design, seed)
    for values in points:
        yield Row(settings=dict(zip(design.names, values, strict=True)))


def _sampled(design: Design, seed: int) -> Iterator[tuple[float, ...]]:
    from scipy.stats import qmc

    sampler: Any = qmc.LatinHypercube if design.kind == "latin_hypercube" else qmc.Sobol
    own_seed = seed if design.seed is None else design.seed
    shares = sampler(d=len(design.over), seed=own_seed).random(design.n_points)
    columns = map(quantiles, design.over, design.over.values(), shares.T)
    return zip(*(column.tolist() for column in columns), strict=True)


def quantiles(name: str, interval: Interval, shares: Array) -> Array:
    """Values of a name at shares of its distribution, whole where the name counts something.

    Args:
        interval: A range (uniform within it), the register's prior, or neither: the whole range.
        shares: In [0, 1], any shape.
    """
    if interval.prior:
        from scipy.special import ndtri

        from foedus.analysis.inference.priors import from_standard

        row, deviates = register()[name], ndtri(np.clip(shares, SMALLEST, 1.0 - SMALLEST))
        return from_standard(row, deviates)
    low, high = limits(name)
    if interval.low is not None and interval.high is not None:
        low, high = interval.low, interval.high
    values = np.minimum(low + (high - low) * shares, high)
    return np.rint(values) if name in CASE_RANGE else values


def points_of(study: Study, code: CodeVersion) -> list[Point]:
    """Every point, scenario by scenario; equal ones once."""
    plan, found = study.plan, dict[str, Point]()
    crossed = list(_crossed(plan))
    # what a theory says; its name alone would not tell a file of one's own from another
    named = {choice["theory"] for choice in crossed if choice["theory"]}
    claims = {name: plan.claim(name).model_dump(mode="json") for name in named}
    for case in study.cases:
        shared = {
            **plan.model_dump(mode="json", include={*DECIDING}),
            "code": asdict(code),
            "case": case.digest,
            "names": plan.names,
            "without": sorted(plan.without),
        }
        for choice in crossed:
            content = {**shared, **choice, "claim": claims.get(choice["theory"])}
            key = sha256(json.dumps(content, sort_keys=True).encode())
            found.setdefault(key, Point(len(found), key, case.id, **choice))
    return list(found.values())


def _crossed(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every design under every theory, rule and request; what a row states itself stands."""
    designed = [row for design in plan.designs for row in rows_of(design, plan.seed)]
    crossed = (plan.theories or (None,), plan.rules or (None,), plan.requests or (Request.HISTORY,))
    for claim, rule, request in product(*crossed):
        for row in designed if plan.designs else [Row()]:
            stated = row.rule or rule
            yield {
                "settings": {**plan.settings, **row.settings},
                "theory": row.theory or claim,
                "rule": None if stated == OWN else stated,
                "request": request,
            }


def digest_of(points: Iterable[Point]) -> str:
    """One SHA-256 for all points and their order."""
    return sha256("".join(point.key for point in points).encode())


def tasks_of(points: Iterable[Point], task_size: int, wanted: set[int]) -> list[Task]:
    """Tasks for the points whose index is wanted.

    Where a task begins and ends is fixed by the study, whatever else is finished already, so
    that the parts of a sweep never interleave.
    """
    tasks: list[Task] = []
    for _, group in groupby(points, key=lambda point: point.scenario):
        own = list(group)
        for first in range(0, len(own), task_size):
            block = own[first : first + task_size]
            stretches = groupby(block, key=lambda point: point.index in wanted)
            tasks += [tuple(stretch) for is_wanted, stretch in stretches if is_wanted]
    return tasks
