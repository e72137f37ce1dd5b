"""The page's own simulation of decades: Python's under one chance, and on average with its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from foedus.chronicle.membership import ASIDE, Standing
from foedus.chronicle.year_summary import changes
from foedus.chronicle.years import chronicle, run_chronicle
from foedus.chronicle.years_engine import Engine
from foedus.chronicle.years_plan import Plan
from foedus.data.terms import Level
from foedus.web.timeline_data import DIGITS, MEASURED, timeline_data
from javascript import NODE, WEB

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")

RUNS = Path(__file__).with_name("decades_runs.mjs")
N = 12
CASES = [
    ("csto", 1992, {}),
    ("csto", 2022, {"armenia-2022": "3"}),
    ("csto", 1999, {"batken-1999": "2", "armenia-2022": "3", "kazakhstan-2022": "without"}),
    ("ecowas", 1975, {}),
    ("warsaw-pact", 1956, {}),
]
"""Alliance, first simulated year, and answers by call: several, a suspension, a dissolution."""


def asked(way, told, folder=WEB):
    done = subprocess.run(
        [NODE, str(RUNS), str(folder), way],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def planned(name, since, answers):
    fixed = {call: Level(int(key)) for call, key in answers.items() if key != "without"}
    without = frozenset(call for call, key in answers.items() if key == "without")
    plan = Plan(since=since, fixed=fixed, without=without)
    return chronicle(name, plan=plan, over_priors=True)


def given(name, since, answers):
    """One question to the script with Python's parameters and chance, and Python's answer."""
    setup = planned(name, since, answers)
    t = setup.timeline
    t = replace(t, **{measure: getattr(t, measure).round(DIGITS) for measure in MEASURED})
    p, chance = setup.drawn(3, 0, N)
    told = {
        "data": timeline_data(name, 5),
        "answers": answers,
        "since": since - t.years[0],
        "runs": [
            {
                "p": {key: float(np.broadcast_to(value, N)[n]) for key, value in p.items()},
                "yearly": chance.standing[..., n].tolist(),
                "unseen": chance.unseen[:, n].tolist(),
            }
            for n in range(N)
        ],
    }
    return told, Engine(t, setup.plan, p, chance).run()


def far(found, years):
    """Runs whose standing, trust or relevance differ."""
    return [
        n
        for n, run in enumerate(found)
        if [year["standing"] for year in run] != years.standing[..., n].tolist()
        or not np.allclose([year["trust"] for year in run], years.trust[..., n], atol=1e-9)
        or not np.allclose([year["relevance"] for year in run], years.relevance[:, n], atol=1e-9)
    ]


@pytest.mark.parametrize(("name", "since", "answers"), CASES)
def test_a_run_of_the_script_is_that_of_python_under_the_same_chance(name, since, answers):
    told, years = given(name, since, answers)
    assert far(asked("runs", told), years) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weight * p.others_weight", "weight"),
        ("p.b_hold * (model", "p.b_hold * -(model"),
        ("? LEFT : noise < will ? FROZEN", "? LEFT : noise > will ? FROZEN"),
        ("crisis.late !== late", "late"),
        ("(model.suspended[y][i] ? SUSPENDED : MEMBER)", "MEMBER"),
        ("state.standing === OUTSIDE ? OUTSIDE : LEFT", "state.standing"),
    ],
)
def test_a_slip_in_the_script_is_found(tmp_path, old, new):
    for script in WEB.glob("*.js"):
        shutil.copy(script, tmp_path)
    text = (tmp_path / "timeline_model.js").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "timeline_model.js").write_text(text.replace(old, new), encoding="utf-8")
    told = [given(*case) for case in CASES]
    assert any(far(asked("runs", one, tmp_path), years) for one, years in told)


def test_its_own_chance_gives_the_same_shares_and_the_same_change():
    """Two samples of n runs: beyond 4.5 standard errors of a difference about once in 100,000."""
    n, answers = 1500, {"armenia-2022": "3", "kazakhstan-2022": "0"}
    told = {"data": {**timeline_data("csto", 5), "runs": n}, "since": 2022 - 1992}
    (before, after), python = (
        [asked("own", {**told, "answers": given}) for given in ({}, answers)],
        [
            (setup, run_chronicle(setup, n, 1))
            for setup in (planned("csto", 2022, given) for given in ({}, answers))
        ],
    )
    rows, years = told["data"]["model"]["rows"], python[1][1]
    for found, i in zip(after["states"], rows, strict=True):
        standing = years.standing[30:, i]
        for name, kinds in (("member", [Standing.MEMBER]), ("aside", list(ASIDE))):
            share = np.isin(standing, kinds).mean(axis=-1)
            error = np.sqrt(2 * share * (1 - share) / n) + 0.5 / n
            assert (abs(np.array(found[name]) / 1000 - share) < 4.5 * error + 5e-4).all()
        spread = years.trust[30:, i].std(axis=-1) * np.sqrt(2 / n)
        gap = abs(np.array(found["trust"]) / 1000 - years.trust[30:, i].mean(axis=-1))
        assert (gap < 4.5 * spread + 5e-4).all()
    moved = changes(*python)
    gaps = np.array(after["last"]) - np.array(before["last"])
    both = np.hypot(moved[-1].error, gaps.std() / np.sqrt(n))
    assert abs(gaps.mean() - moved[-1].difference) < 4.5 * both
    armenia = np.array(after["went"][0]).mean() - np.array(before["went"][0]).mean()
    assert armenia < 0 > moved[rows[0]].difference
