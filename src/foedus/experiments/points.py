"""The points of a study: designs made into values, each point with an address, and the tasks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby, product
from typing import Any

import numpy as np

from foedus.data.library import Case
from foedus.data.register import register
from foedus.data.terms import CASE_RANGE, Request
from foedus.experiments.code_version import CodeVersion
from foedus.experiments.plan import OWN, Design, Interval, Plan, limits
from foedus.experiments.study import Study
from foedus.model.numbers import Array

SMALLEST = 1e-12
"""Distance that a sampled probability keeps from 0 and 1, where a prior has no quantile."""


@dataclass(frozen=True)
class Choice:
    """One point of a design, before it meets a scenario."""

    settings: dict[str, float] = field(default_factory=dict)
    theory: str | None = None
    rule: str | None = None
    request: str = Request.HISTORY


@dataclass(frozen=True)
class Point:
    """One ensemble to compute.

    Attributes
    ----------
    index
        Place in the study, from 0.
    key
        SHA-256 of all that decides its result, the code included.
    scenario
        Id of the scenario.
    theory, rule
        Names, or None: neither.
    request
        Which request is made.
    settings
        Parameters and attributes that differ from register and file.
    """

    index: int
    key: str
    scenario: str
    theory: str | None
    rule: str | None
    request: str
    settings: dict[str, float]


@dataclass(frozen=True)
class Task:
    """Points of one scenario that one worker computes together."""

    points: tuple[Point, ...]

    def alone(self) -> list[Task]:
        """Each of its points as a task of its own."""
        return [Task((point,)) for point in self.points]


def choices(design: Design, seed: int) -> Iterator[Choice]:
    """The points of a design.

    Parameters
    ----------
    seed
        Seed of a sample that states none of its own.

    References
    ----------
    McKay, Beckman and Conover 1979, doi:10.1080/00401706.1979.10489755 (Latin hypercube);
    Sobol' 1967, doi:10.1016/0041-5553(67)90144-9, scrambled after Owen 1998,
    doi:10.1006/jcom.1998.0487.
    """
    if design.kind == "grid":
        for values in product(*design.values.values()):
            yield Choice(dict(zip(design.values, values, strict=True)))
    elif design.kind == "list":
        for row in design.rows:
            yield Choice(dict(row.settings), row.theory, row.rule)
    else:
        yield from _sampled(design, seed if design.seed is None else design.seed)


def _sampled(design: Design, seed: int) -> Iterator[Choice]:
    from scipy.stats import qmc

    sampler: Any = qmc.LatinHypercube if design.kind == "latin_hypercube" else qmc.Sobol
    shares = sampler(d=len(design.over), seed=seed).random(design.n_points)
    columns = [
        quantiles(name, interval, shares[:, i])
        for i, (name, interval) in enumerate(design.over.items())
    ]
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield Choice(dict(zip(design.over, values, strict=True)))


def quantiles(name: str, interval: Interval, shares: Array) -> Array:
    """Values of a name at shares of its distribution.

    Parameters
    ----------
    interval
        A range (uniform within it), the register's prior, or neither: the whole range.
    shares
        In [0, 1], any shape.

    Returns
    -------
    array
        Within the range that the register or the codebook allows; whole where the name counts.
    """
    if interval.prior:
        return _prior_quantiles(name, shares)
    low, high = limits(name)
    if interval.low is not None and interval.high is not None:
        low, high = interval.low, interval.high
    values = np.minimum(low + (high - low) * shares, high)
    return np.rint(values) if name in CASE_RANGE else values


def _prior_quantiles(name: str, shares: Array) -> Array:
    from scipy.special import ndtri

    row = register()[name]
    deviates = ndtri(np.clip(shares, SMALLEST, 1.0 - SMALLEST))
    if row.prior == "lognormal":
        values = row.default * np.exp(row.spread * deviates)
    else:
        values = row.default + row.spread * deviates
    return np.asarray(np.clip(values, row.low, row.high))


def points_of(study: Study, code: CodeVersion) -> list[Point]:
    """Every point, scenario by scenario; equal ones once."""
    found: dict[str, Point] = {}
    for case in study.cases:
        shared = _shared(study.plan, case, code)
        for choice in _crossed(study.plan):
            content = shared.copy()
            content.update(
                json.dumps({**vars(choice), **_claim(study.plan, choice)}, sort_keys=True).encode()
            )
            key = content.hexdigest()
            if key not in found:
                found[key] = Point(len(found), key, case.id, **vars(choice))
    return list(found.values())


def _claim(plan: Plan, choice: Choice) -> dict[str, Any]:
    """What its theory says; the name alone would not tell a file of one's own from another."""
    return {"claim": plan.claim(choice.theory).model_dump(mode="json")} if choice.theory else {}


def _crossed(plan: Plan) -> Iterator[Choice]:
    """Every design under every theory, rule and request; what a row states itself stands."""
    crossed = (plan.theories or (None,), plan.rules or (None,), plan.requests or (Request.HISTORY,))
    for claim, rule, request in product(*crossed):
        for choice in _designed(plan):
            stated = choice.rule or rule
            yield Choice(
                {**plan.settings, **choice.settings},
                choice.theory or claim,
                None if stated == OWN else stated,
                request,
            )


def _designed(plan: Plan) -> Iterator[Choice]:
    if not plan.designs:
        yield Choice()
    for design in plan.designs:
        yield from choices(design, plan.seed)


def _shared(plan: Plan, case: Case, code: CodeVersion) -> Any:
    """The beginning of a SHA-256, over what the keys of all points of a case have in common."""
    content = {
        "code": asdict(code),
        "case": case.digest,
        "runs": plan.runs,
        "seed": plan.seed,
        "drawn_codes": plan.drawn_codes,
        "endogenous": plan.endogenous,
        "keep_runs": plan.keep_runs,
        "names": list(plan.names),
        "without": sorted(plan.without),
        "stances": plan.stances,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode())


def digest_of(points: Iterable[Point]) -> str:
    """One SHA-256 for all points and their order."""
    return hashlib.sha256("".join(point.key for point in points).encode()).hexdigest()


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
            tasks += [Task(tuple(stretch)) for is_wanted, stretch in stretches if is_wanted]
    return tasks
