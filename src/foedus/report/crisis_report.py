"""The report on one crisis, from the answer to how far to trust it, and the report on all."""

from __future__ import annotations

import json
import platform
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version

from foedus.analysis.explain.decomposition import MemberAccount
from foedus.analysis.explain.sensitivity import Sensitivity, study
from foedus.analysis.forecast.history import HistoryTable, history_table, levels_over_priors
from foedus.analysis.summary import as_record
from foedus.data.library import find, ids, load_all
from foedus.data.register import OF_YEARS, register
from foedus.data.terms import CRISIS_ATTRIBUTES, Ending
from foedus.data.theory import name_of
from foedus.data.vocabulary import words
from foedus.model.numbers import Array
from foedus.model.setup import Setup
from foedus.plots.answer_bars import history_picture
from foedus.plots.answer_curve import control_picture
from foedus.plots.answers_by_day import course, ensemble_picture, finding
from foedus.plots.day_by_day import story_picture
from foedus.plots.network import network_picture
from foedus.plots.positions import (
    NOTHING,
    moved_how,
    positions_picture,
    stances_said,
    why_picture,
)
from foedus.plots.wanted import Wanted
from foedus.plots.words import end_of, n_crises, story_lines
from foedus.report.document import Section, page, section

RUNS_TURNED = 400
"""Runs of each bar of the figure on who decides; assumed enough for the eye."""


@dataclass(frozen=True)
class Material(Wanted):
    """What is known about one crisis under one setup; the run without noise is explained.

    Attributes:
        story_run: Number of the run that is told as a story.
        sensitivity: Effects of the inputs, where a study was made.
    """

    story_run: int = 0
    sensitivity: Sequence[Sensitivity] = ()

    @cached_property
    def over_priors(self) -> Array:
        """Probability of each answer (level,) when every run draws its uncertain parameters."""
        return levels_over_priors(self.case, self.n_runs, self.seed)


def gather(
    setup: Setup, n_runs: int, seed: int, run: int = 0, *, sensitivity: bool = False
) -> Material:
    """All that a report on one crisis is made of.

    Args:
        run: The run that is told as a story.
        sensitivity: Whether to study what drives the answer; this takes some thousand points more.
    """
    studies = study(setup, seed=seed) if sensitivity else ()
    return Material(setup, n_runs=n_runs, seed=seed, story_run=run, sensitivity=studies)


def report_on(material: Material, *, short: bool = False) -> str:
    """The report on one crisis as a whole HTML document."""
    case = material.case.case
    return page(
        sections_of(material, short=short),
        title=case.scenario.title,
        kicker=f"{case.alliance.name} · {case.scenario.dates.coded} · a foedus report",
        question=case.scenario.question,
        n_runs=material.n_runs,
        seed=material.seed,
    )


def sections_of(material: Material, prefix: str = "", *, short: bool = False) -> Iterator[Section]:
    """All sections of a report on one crisis.

    Args:
        prefix: Of every id, where several crises share a page.
        short: Whether to leave out codes, members, story, reasons and the record.
    """
    case = material.case.case
    codes = {name: getattr(case.scenario.crisis, name) for name in CRISIS_ATTRIBUTES}
    shared = {"m": material, "case": case, "scenario": case.scenario, "codes": codes}

    def part(name: str, heading: str, **data: object) -> Section:
        return section(f"crisis/{name}", heading, prefix, **shared, **data)

    yield part("answer", "The answer", **_answer(material, short=short))
    if not short:
        yield part("crisis", "The crisis")
        yield part("members", "The members")
        yield part("story", f"The story of run {material.story_run}", **_story(material))
        yield part("why", "Why each member stood where it stood", **_reasons(material))
    yield part("turns", "What would change the answer")
    if material.sensitivity:
        yield part("sensitivity", "What drives it")
    yield part("cautions", "Cautions", **_cautions(material))
    if not short:
        yield part("reproduce", "Make it again", **_manifest(material))
    yield part("sources", "Sources")


def _answer(material: Material, *, short: bool) -> dict[str, object]:
    """What the runs say, how they end, and troops beside those that were reported."""
    case, summary = material.case.case, material.summary
    picture = None if short else ensemble_picture(material)
    reported = case.scenario.history.troops if case.scenario.history else {}
    endings = ((Ending.QUELLED, summary.p_quelled), (Ending.LOST, summary.p_lost))
    return {
        "finding": finding(case, summary, material.n_runs),
        "picture": picture and replace(picture, finding=course(case, summary)),
        "ends": [(end_of(case, ending), share) for ending, share in endings],
        "reported": reported,
        "sent": [row for row in summary.troops.items() if row[1].high > 0 or row[0] in reported],
    }


def _story(material: Material) -> dict[str, object]:
    """One run in sentences and as a figure."""
    one = replace(material, run=material.story_run)
    return {"lines": story_lines(one.case.case, one.told), "picture": story_picture(one)}


def _reasons(material: Material) -> dict[str, object]:
    """Positions of all members, the sums behind them, and each in a sentence."""
    accounts, case = material.explanation.members, material.case.case
    turned = control_picture(replace(material, n_runs=min(material.n_runs, RUNS_TURNED)))
    return {
        "names": [case.name_of(account.state) for account in accounts],
        "sums": _sums(accounts),
        "nothing": NOTHING,
        "moved_how": moved_how,
        "stances_said": stances_said,
        "positions": positions_picture(material),
        "network": network_picture(material),
        "control": replace(turned, source=material.source()),
        "why": why_picture(material),
    }


def _sums(accounts: Sequence[MemberAccount]) -> list[tuple[str, list[float], bool]]:
    """The sum behind each position: a row a term, a number a member, and whether it is a sum."""
    named = (name for a in accounts for name, value in a.terms.items() if abs(value) >= NOTHING)
    return [
        *(
            (words("term", name), [a.terms.get(name, 0.0) for a in accounts], False)
            for name in dict.fromkeys(named)
        ),
        ("its own view", [a.private for a in accounts], True),
        ("moved by influence", [a.moved for a in accounts], False),
        ("its position", [a.position for a in accounts], True),
    ]


def _cautions(material: Material) -> dict[str, object]:
    """What of the parameters and codes rests on no source."""
    case = material.case.case
    rows = [row for row in register().values() if row.role != OF_YEARS]
    coded = {name: getattr(case.scenario.crisis, name) for name in CRISIS_ATTRIBUTES}
    coded |= case.scenario.members
    return {
        "n_parameters": len(rows),
        "n_assumed": sum(row.is_assumed for row in rows),
        "assumed": [case.name_of(name) for name, code in coded.items() if "assumed" in code.source],
    }


def _manifest(material: Material) -> dict[str, object]:
    """The command, versions, hashes, and what differs from the register."""
    ordered = json.dumps(material.case.parameters, sort_keys=True)
    packages = ("foedus", "mesa", "numpy", "matplotlib")
    installed = ", ".join(f"{name} {version(name)}" for name in packages)
    return {
        "command": command_of(material),
        "digest": sha256(ordered.encode()).hexdigest(),
        "versions": f"{installed}, Python {platform.python_version()}",
        "changed": list(_changed(material.case)),
        "record": json.dumps(as_record(material.result), indent=1, ensure_ascii=False),
    }


def command_of(material: Material) -> str:
    """The command that makes this report again."""
    setup, case = material.case, material.case.case
    is_shipped = case.id in ids() and find(case.id) == case.path
    settings = {**setup.settings.parameters, **setup.settings.attributes}
    theory = setup.theory and (name_of(setup.theory) or "theory.yaml")
    options: dict[str, Iterable[object]] = {
        "--run": [material.story_run] if material.story_run else [],
        "--set": [f"{name}={value!r}" for name, value in settings.items()],
        "--rule": [setup.rule] if setup.rule else [],
        "--without-member": setup.without,
        "--stance": [f"{state}={stance.label}" for state, stance in setup.stances.items()],
        "--theory": [theory] if theory else [],
        "--calibration": ["parameters.json"] if setup.calibrated else [],
    }
    switches = {
        "--fixed-codes": not setup.drawn_codes,
        "--requester-decides": setup.endogenous,
        "--sensitivity": bool(material.sensitivity),
    }
    chance = ["--runs", material.n_runs, "--seed", material.seed]
    given = [word for name, values in options.items() for value in values for word in (name, value)]
    given += [switch for switch, on in switches.items() if on]
    subject = case.id if is_shipped else case.path.name
    command = shlex.join(["foedus", "report", subject, *map(str, [*chance, *given])])
    return f"{command} --out {case.id}.html"


def _changed(setup: Setup) -> Iterator[tuple[str, str, str, str]]:
    """What differs from the register and the file: name, default, value, and who set it."""
    by = {
        "a calibration": setup.calibrated,
        "the theory": setup.theory.parameters if setup.theory else {},
        "hand": setup.settings.parameters,
    }
    for who, values in by.items():
        for name, value in values.items():
            yield name, f"{register()[name].default:g}", f"{value:g}", who
    for name, value in setup.settings.attributes.items():
        yield name, "as coded", f"{value:g}", "hand"
    if setup.rule is not None:
        yield "council rule", "the alliance's", str(setup.rule), "hand"


def report_on_library(
    n_runs: int, seed: int, progress: Callable[[str], None], *, short: bool = False
) -> str:
    """The report on all shipped crises; `progress` is called with the id of each."""
    cases = list(load_all())
    materials = [
        Material(Setup(case), n_runs=n_runs, seed=seed, progress=progress) for case in cases
    ]
    return report_on_all(materials, history_table(cases, n_runs, seed), short=short)


def report_on_all(
    materials: Sequence[Material], history: HistoryTable, *, short: bool = False
) -> str:
    """All crises as one HTML document.

    Args:
        short: Whether each crisis has its answer and what would change it, without the rest.
    """
    picture = history_picture(history)
    sections = [
        section("library/all", "All crises", materials=materials),
        section("library/history", "Against history", history=history, picture=picture),
    ]
    for material in materials:
        case = material.case.case
        material.progress(case.id)
        title, prefix = case.scenario.title, f"{case.id}-"
        parts = sections_of(material, prefix, short=short)
        sections.append(section("library/case", title, prefix, case=case, parts=parts))
    n_known = sum(m.case.case.scenario.answer is not None for m in materials)
    supposed = len(materials) - n_known
    others = f", and {supposed} that never were" if supposed else ""
    return page(
        sections,
        title=f"{n_crises(n_known)} and what the alliances answered{others}",
        kicker="The whole library · a foedus report",
        question="When an ally calls for help, who answers?",
        n_runs=materials[0].n_runs,
        seed=materials[0].seed,
        wide=True,
    )
