"""The model in JavaScript is the Python model: the same draws give the same run."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus.data.library import ids
from foedus.data.terms import Rule
from foedus.data.theory import theories
from foedus.model.array_engine import simulate
from foedus.model.chance import draw_chance, draw_codes
from foedus.web.model_data import situation_data

N = 500
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")


def drawn(setup, n=N):
    situation = setup.situation
    chance = draw_chance(situation, 1, 0, n, with_doubt=setup.endogenous)
    codes = draw_codes(situation, 1, 0, n)
    return situation, codes, chance


def told(setup, n=N):
    """A set-up with its draws as one line of JSON, and the outcome of the array engine."""
    situation, codes, chance = drawn(setup, n)
    plain = {
        "situation": situation_data(situation),
        "p": setup.parameters,
        "n": n,
        "traced": False,
        "codes": {
            "crisis": {k: np.asarray(v).tolist() for k, v in codes.crisis.items()},
            "standing": {k: v.tolist() for k, v in codes.standing.items()},
        },
        "chance": {
            "crisis": chance.crisis.tolist(),
            "members": chance.members.tolist(),
            "intensity": chance.intensity.tolist(),
            "convening": chance.convening.tolist(),
            "size": chance.size.tolist(),
            "arrival": chance.arrival.tolist(),
            "shares": chance.shares.tolist(),
            "doubt": None if chance.doubt is None else chance.doubt.tolist(),
        },
    }
    return json.dumps(plain), simulate(situation, codes, setup.parameters, chance)


def in_javascript(lines, model=None):
    model = model or resources.files("foedus.web").joinpath("model.js")
    script = Path(__file__).with_name("model_runs.mjs")
    done = subprocess.run(
        [NODE, str(script), str(model)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def differences(found, outcome):
    """Runs in which the two models differ in anything they report."""
    rows = zip(
        outcome.level, outcome.day_decided, outcome.day_ended, outcome.ending, outcome.troops.T,
        strict=True,
    )  # fmt: skip
    return [
        n
        for n, (run, (level, decided, ended, ending, troops)) in enumerate(
            zip(found, rows, strict=True)
        )
        if (run["level"], run["dayDecided"], run["dayEnded"], run["ending"])
        != (level, decided, ended, ending)
        or run["troops"] != troops.tolist()
    ]


def check(setups):
    told_ones = [told(setup) for setup in setups]
    found = in_javascript([line for line, _ in told_ones])
    assert [differences(f, o) for f, (_, o) in zip(found, told_ones, strict=True)] == [
        [] for _ in setups
    ]


@pytest.mark.parametrize("endogenous", [False, True])
def test_every_shipped_crisis_runs_the_same(endogenous):
    check([foedus.prepare(name, endogenous=endogenous) for name in ids()])


@pytest.mark.parametrize("rule", list(Rule))
def test_every_council_rule_decides_the_same(rule):
    check([foedus.prepare(name, rule=rule) for name in ("kazakhstan-2022", "drc-1998")])


@pytest.mark.parametrize("theory", list(theories()))
def test_every_theory_decides_the_same(theory):
    check([foedus.prepare(name, theory=theory) for name in ("kyrgyzstan-2010", "mali-2013")])


def test_an_equation_changed_on_one_side_only_is_found(tmp_path):
    text = resources.files("foedus.web").joinpath("model.js").read_text(encoding="utf-8")
    equation = "1 - (1 - a) ** rho"
    assert text.count(equation) == 1
    changed = tmp_path / "model.mjs"
    changed.write_text(text.replace(equation, "1 - (1 - a) ** (rho + 0.1)"), encoding="utf-8")
    line, outcome = told(foedus.prepare("kazakhstan-2022"))
    (found,) = in_javascript([line], changed)
    assert differences(found, outcome)
