"""A study: a plan read, checked against the crises it names, and laid out as points and tasks."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby, islice, product
from pathlib import Path
from typing import Any, TypeAlias

from foedus.data.durable import sha256
from foedus.data.library import Case, load
from foedus.data.record_reader import Finding, record_from
from foedus.data.register import register
from foedus.data.settings import attribute_names, settings_from
from foedus.data.terms import CASE_RANGE, Request
from foedus.data.theory import is_path, read_theory
from foedus.data.vocabulary import rule_named
from foedus.data.yaml_reader import Path_, Tree, read_tree
from foedus.errors import FileProblems, InputError, UsageError, did_you_mean
from foedus.experiments.manifest import CodeVersion
from foedus.experiments.plan import MAX_NAMES, MAX_POINTS, OWN, Plan, Row
from foedus.model.setup import prepare

MAX_PROBLEMS = 20
"""Problems of one plan that are told at once."""

DECIDING = ("runs", "seed", "drawn_codes", "endogenous", "keep_runs", "stances")
"""What of a plan decides the results of all its points, as it stands there."""


@dataclass(frozen=True)
class Study:
    """A plan with its crises loaded, one for each of its scenarios, in the same order."""

    plan: Plan
    cases: tuple[Case, ...]


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


def read_study(path: Path) -> Study:
    """Read a plan and load what it names; relative paths start at its folder.

    Raises:
        FileProblems: If the plan or a scenario cannot be used, each problem at its line and column.
    """
    tree, folder = read_tree(path), path.parent
    _refuse(tree, _other_kinds(tree.values))
    plan = _with_own_theories(record_from(tree, Plan, _size), folder)
    cases: dict[str, Case] = {}
    _refuse(tree, _load_into(cases, plan, folder))
    study = Study(plan, tuple(cases.values()))
    _refuse(tree, _findings(study))
    return study


def _refuse(tree: Tree, findings: Iterator[Finding]) -> None:
    found = list(islice(findings, MAX_PROBLEMS))
    if found:
        raise FileProblems(tree.problem(*finding) for finding in found)


def _other_kinds(values: object) -> Iterator[Finding]:
    """What a file is that is no plan but may stand beside one."""
    if isinstance(values, dict) and "scenarios" not in values:
        crisis = "this is a crisis, not a plan of an experiment; use: foedus run FILE"
        alliance = "this is an alliance, not a plan of an experiment"
        for key, words in (("adversary", crisis), ("extends", crisis), ("treaty", alliance)):
            if key in values:
                yield Finding((key,), words, at_key=True)
                return


def _size(plan: Plan) -> Iterator[Finding]:
    if plan.n_points > MAX_POINTS:
        found = f"expected at most {MAX_POINTS:,} points, found {plan.n_points:,}; split the plan"
        yield Finding(("designs",), found)
    if len(plan.names) > MAX_NAMES:
        found = f"expected at most {MAX_NAMES} names, found {len(plan.names)}"
        yield Finding(("designs",), found)


def _load_into(cases: dict[str, Case], plan: Plan, folder: Path) -> Iterator[Finding]:
    """Load every scenario, by id or by a path."""
    for index, name in enumerate(plan.scenarios):
        place = ("scenarios", index)
        try:
            case = load(str(folder / name) if is_path(name) else name)
        except FileProblems:
            raise
        except InputError as error:
            yield Finding(place, str(error))
        except (OSError, ValueError) as error:
            yield Finding(place, f"cannot be read: {error}")
        else:
            if case.id in cases:
                yield Finding(place, f"the scenario '{case.id}' stands here twice")
            cases[case.id] = case


def _with_own_theories(plan: Plan, folder: Path) -> Plan:
    """The plan with the theories that it names by the path of a file."""
    words = {word for _, word in _words(plan, "theories", "theory")} - {*plan.claims}
    read = {word: read_theory(folder / word) for word in sorted(words) if is_path(word)}
    return plan.model_copy(update={"claims": {**plan.claims, **read}})


def _findings(study: Study) -> Iterator[Finding]:
    plan = study.plan
    yield from _settings(study)
    for place, word in _words(plan, "theories", "theory"):
        yield from _refused(place, partial(plan.claim, word))
    for place, word in _words(plan, "rules", "rule"):
        if word != OWN:
            yield from _refused(place, partial(rule_named, word))
    yield from _seats(study)
    for d, design in enumerate(plan.designs):
        for name, interval in design.over.items():
            if interval.prior and not (name in register() and register()[name].is_free):
                place = ("designs", d, "over", name, "prior")
                yield Finding(place, f"{name} has no prior in the register")


def _settings(study: Study) -> Iterator[Finding]:
    """Names that some scenario does not know, each where it first stands, and values out of range.

    Whose attribute a name is, is asked of each scenario.
    """
    faults: dict[str, str | None] = {}
    for place, name, value in _stated(study.plan):
        if name not in faults:
            faults[name] = next(filter(None, (_unknown(name, case) for case in study.cases)), None)
            if fault := faults[name]:
                yield Finding(place[: place.index(name) + 1], fault, at_key=True)
        if value is not None and not faults[name]:
            owner = name.rpartition(".")[0]
            yield from _refused(place, partial(settings_from, {name: value}, [owner], of_case=True))


def _unknown(name: str, case: Case) -> str | None:
    known = (*register(), *attribute_names(sorted(case.scenario.members)))
    if name in known or name in CASE_RANGE:
        return None
    return f"unknown name '{name}'{did_you_mean(name, known)} in {case.id}"


def _seats(study: Study) -> Iterator[Finding]:
    """Seats that some crisis cannot leave empty, or that nobody fills there."""
    plan = study.plan
    for name in plan.names:
        if name.partition(".")[0] in plan.without:
            yield Finding(("without",), f"{name} is set, and its state does not sit")
    for case in study.cases:
        place = ("without",)
        try:
            prepare(case, without=plan.without)
            place = ("stances",)
            prepare(case, without=plan.without, stances=plan.stances)
        except UsageError as error:
            yield Finding(place, str(error))


def _refused(place: Path_, attempt: Callable[[], object]) -> Iterator[Finding]:
    try:
        attempt()
    except UsageError as error:
        yield Finding(place, str(error))


def _words(plan: Plan, many: str, one: str) -> Iterator[tuple[Path_, str]]:
    """Every theory, or every rule, that the plan names, with its place."""
    yield from (((many, index), word) for index, word in enumerate(getattr(plan, many)))
    for d, design in enumerate(plan.designs):
        for r, row in enumerate(design.rows):
            if getattr(row, one) is not None:
                yield ("designs", d, "rows", r, one), getattr(row, one)


def _stated(plan: Plan) -> Iterator[tuple[Path_, str, float | None]]:
    """Every name and what is stated for it, with its place; None where it is only named."""
    for name, value in plan.settings.items():
        yield ("settings", name), name, value
    for d, design in enumerate(plan.designs):
        here: Path_ = ("designs", d)
        for name, values in design.values.items():
            for v, value in enumerate(values):
                yield (*here, "values", name, v), name, value
        for r, row in enumerate(design.rows):
            for name, value in row.settings.items():
                yield (*here, "rows", r, "settings", name), name, value
        for name, interval in design.over.items():
            yield (*here, "over", name, "low"), name, interval.low
            yield (*here, "over", name, "high"), name, interval.high


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
    designed = [row for design in plan.designs for row in design.each(plan.seed)]
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
