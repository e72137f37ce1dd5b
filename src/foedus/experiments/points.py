"""The points of a study, each with an address made of its content, and the tasks they form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from foedus.data.library import Case
from foedus.experiments.code_version import CodeVersion
from foedus.experiments.designs import Choice, choices
from foedus.experiments.plan import OWN, Plan
from foedus.experiments.study import Study


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
    settings
        Parameters and attributes that differ from register and file.
    """

    index: int
    key: str
    scenario: str
    theory: str | None
    rule: str | None
    settings: dict[str, float]


@dataclass(frozen=True)
class Task:
    """Points of one scenario that one worker computes together."""

    points: tuple[Point, ...]

    def alone(self) -> list[Task]:
        """Each of its points as a task of its own."""
        return [Task((point,)) for point in self.points]


def points_of(study: Study, code: CodeVersion) -> list[Point]:
    """Every point, scenario by scenario; equal ones once."""
    found: dict[str, Point] = {}
    for case in study.cases:
        shared = _shared(study.plan, case, code)
        for choice in _crossed(study.plan):
            content = shared.copy()
            content.update(json.dumps(vars(choice), sort_keys=True).encode())
            key = content.hexdigest()
            if key not in found:
                found[key] = Point(
                    len(found), key, case.id, choice.theory, choice.rule, choice.settings
                )
    return list(found.values())


def _crossed(plan: Plan) -> Iterator[Choice]:
    """Every design under every theory and rule; what a row states itself stands."""
    for theory in plan.theories or (None,):
        for rule in plan.rules or (None,):
            for choice in _designed(plan):
                stated = choice.rule or rule
                yield Choice(
                    {**plan.settings, **choice.settings},
                    choice.theory or theory,
                    None if stated == OWN else stated,
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
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode())


def digest_of(points: Iterable[Point]) -> str:
    """One SHA-256 for all points and their order."""
    digest = hashlib.sha256()
    for point in points:
        digest.update(point.key.encode())
    return digest.hexdigest()


def tasks_of(points: Iterable[Point], task_size: int, wanted: set[int]) -> list[Task]:
    """Tasks for the points whose index is wanted.

    Where a task begins and ends is fixed by the study, whatever else is finished already, so
    that the parts of a sweep never interleave.
    """
    tasks: list[Task] = []
    block, in_block, previous = 0, 0, ""
    placed: list[tuple[int, Point]] = []
    for point in points:
        if point.scenario != previous or in_block == task_size:
            block, in_block, previous = block + 1, 0, point.scenario
        in_block += 1
        placed.append((block if point.index in wanted else -1, point))
    for key, group in groupby(placed, key=lambda pair: pair[0]):
        if key >= 0:
            tasks.append(Task(tuple(point for _, point in group)))
    return tasks
