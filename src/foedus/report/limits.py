"""How far to trust a report, and how to make it again."""

from __future__ import annotations

import json
import platform
import shlex
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version

from markupsafe import Markup

from foedus.analysis.summary import as_record
from foedus.data.library import find, ids
from foedus.data.register import OF_YEARS, register
from foedus.data.terms import CRISIS_ATTRIBUTES
from foedus.data.theory import name_of
from foedus.model.setup import Setup
from foedus.plots.words import runs
from foedus.report.document import rendered
from foedus.report.material import Material

PACKAGES = ("foedus", "mesa", "numpy", "matplotlib")


def cautions_section(material: Material) -> Markup:
    """What this report cannot tell."""
    scenario = material.case.scenario
    rows = [row for row in register().values() if row.role != OF_YEARS]
    codes = {name: getattr(scenario.crisis, name) for name in CRISIS_ATTRIBUTES}
    assumed = [name for name, code in codes.items() if "assumed" in code.source]
    assumed += [s for s, member in scenario.members.items() if "assumed" in member.source]
    return rendered(
        "crisis/cautions.html",
        m=material,
        n_parameters=len(rows),
        n_assumed=sum(row.is_assumed for row in rows),
        disputed=[name for name, code in codes.items() if code.range > 0],
        assumed=[material.case.name_of(name) for name in assumed],
    )


def manifest_section(material: Material) -> Markup:
    """The command, versions, hashes, and what differs from the register."""
    return rendered(
        "crisis/reproduce.html",
        command=command_of(material),
        facts=list(_facts(material)),
        changed=list(_changed(material.setup)),
        record=json.dumps(as_record(material.result), indent=1, ensure_ascii=False),
    )


def command_of(material: Material) -> str:
    """The command that makes this report again."""
    setup, case = material.setup, material.case
    is_shipped = case.id in ids() and find(case.id) == case.path
    words = ["foedus", "report", case.id if is_shipped else case.path.name]
    words += ["--runs", str(material.result.n_runs), "--seed", str(material.result.seed)]
    if material.told.run:
        words += ["--run", str(material.told.run)]
    for name, value in {**setup.settings.parameters, **setup.settings.attributes}.items():
        words += ["--set", f"{name}={value!r}"]
    if setup.rule is not None:
        words += ["--rule", str(setup.rule)]
    for state in setup.without:
        words += ["--without-member", state]
    for state, stance in setup.stances.items():
        words += ["--stance", f"{state}={stance.label}"]
    if setup.theory is not None:
        words += ["--theory", name_of(setup.theory) or "theory.yaml"]
    if setup.calibrated:
        words += ["--calibration", "parameters.json"]
    switches = {
        "--fixed-codes": not setup.drawn_codes,
        "--requester-decides": setup.endogenous,
        "--sensitivity": bool(material.sensitivity),
    }
    words += [switch for switch, on in switches.items() if on]
    return f"{shlex.join(words)} --out {case.id}.html"


def _facts(material: Material) -> Iterator[tuple[str, str]]:
    setup, case = material.setup, material.case
    yield "Scenario", f"{case.id}, SHA-256 {case.digest}"
    ordered = json.dumps(setup.parameters, sort_keys=True)
    yield "Parameters", f"{len(setup.parameters)}, SHA-256 {sha256(ordered.encode()).hexdigest()}"
    yield "Runs and seed", f"{runs(material.result.n_runs)}, seed {material.result.seed}"
    yield (
        "Council rule",
        f"{setup.situation.rule}, room to stand aside {setup.situation.abstention:g}",
    )
    if setup.theory is not None:
        yield "Theory", setup.theory.title
    yield "Codes", "drawn where coders differ" if setup.drawn_codes else "the coders' means"
    yield "Requests", "decided by the requester" if setup.endogenous else "as in history"
    installed = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield "Versions", f"{installed}, Python {platform.python_version()}"


def _changed(setup: Setup) -> Iterator[tuple[str, str, str, str]]:
    by = [
        ("a calibration", setup.calibrated),
        ("the theory", setup.theory.parameters if setup.theory else {}),
        ("hand", setup.settings.parameters),
    ]
    for who, values in by:
        for name, value in values.items():
            yield name, f"{register()[name].default:g}", f"{value:g}", who
    for name, value in setup.settings.attributes.items():
        yield name, "as coded", f"{value:g}", "hand"
    if setup.rule is not None:
        yield "council rule", "the alliance's", str(setup.rule), "hand"
