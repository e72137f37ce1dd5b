"""The model in JavaScript is the Python model: the same draws give the same run."""

from __future__ import annotations

import json

import numpy as np
import pytest

import foedus
from foedus.analysis.explain.decomposition import explain
from foedus.data.library import ids
from foedus.data.terms import Rule
from foedus.data.theory import theories
from foedus.model.array_engine import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from javascript import NODE, asked, changed_copy, differences, told

N = 500
N_EXPLAINED = 3
NEAR = {"rel": 0, "abs": 1e-9}
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")


def check(setups):
    both = [told(setup, N) for setup in setups]
    found = asked("runs", [json.dumps(plain) for plain, _ in both])
    assert [differences(f, o) for f, (_, o) in zip(found, both, strict=True)] == [
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
    folder = changed_copy(tmp_path, "model.js", "1 - (1 - a) ** rho", "1 - (1 - a) ** (rho + 0.1)")
    plain, outcome = told(foedus.prepare("kazakhstan-2022"), N)
    (found,) = asked("runs", [json.dumps(plain)], folder)
    assert differences(found, outcome)


def explained(setup):
    """A set-up with its draws and the days that Python explains, and the explanations."""
    accounts = [explain(setup, run, n_steps=0) for run in range(N_EXPLAINED)]
    days = [account.day for account in accounts]
    return json.dumps(told(setup, N_EXPLAINED, traced=True, days=days)[0]), accounts


def apart(found, account):
    """Members whose account differs in a term, a sum or a threshold."""
    return [
        one.state
        for one, other in zip(account.members, found, strict=True)
        if not (
            {name: value for name, value in other["terms"].items() if abs(value) > 1e-9}
            == pytest.approx({k: v for k, v in one.terms.items() if abs(v) > 1e-9}, **NEAR)
            and (other["private"], other["position"], other["influence"])
            == pytest.approx((one.private, one.position, one.moved), **NEAR)
            and other["bars"] == pytest.approx(account.bars, **NEAR)
            and other["given"] == pytest.approx(account.case.given, **NEAR)
            and sum(other["terms"].values()) == pytest.approx(other["private"], **NEAR)
        )
    ]


@pytest.mark.parametrize("endogenous", [False, True])
def test_why_a_member_stands_where_it_stands_has_the_same_terms(endogenous):
    setups = [foedus.prepare(name, endogenous=endogenous) for name in ids()]
    both = [explained(setup) for setup in setups]
    found = asked("why", [line for line, _ in both])
    differ = {
        (setup.case.id, run): members
        for setup, (_, accounts), runs in zip(setups, both, found, strict=True)
        for run, (account, members_found) in enumerate(zip(accounts, runs, strict=True))
        if (members := apart(members_found, account))
    }
    assert differ == {}


def test_a_term_changed_on_one_side_only_is_found(tmp_path):
    line, accounts = explained(foedus.prepare("kazakhstan-2022"))
    folder = changed_copy(
        tmp_path, "model.js", "stake: p.b_stake * ", "stake: (p.b_stake + 1e-8) * "
    )
    (found,) = asked("why", [line], folder)
    assert apart(found[0], accounts[0])


def test_every_day_of_a_story_has_the_same_views_positions_and_thresholds():
    setup = foedus.prepare("kyrgyzstan-2010", endogenous=True)
    plain, _ = told(setup, 20, traced=True)
    (found,) = asked("runs", [json.dumps(plain)])
    chance = draw_chance(setup.situation, 1, 0, 20, with_doubt=True)
    codes = draw_codes(setup.situation, 1, 0, 20)
    _, trace = simulate_traced(setup.situation, codes, setup.parameters, chance)
    for r, run in enumerate(found):
        for day in run["days"]:
            t = day["day"]
            assert day["danger"] == pytest.approx(trace.intensity[t, r], **NEAR)
            assert day["bars"] == pytest.approx(trace.bars[t, :, r], **NEAR)
            private = np.array([member["private"] for member in day["members"]])
            assert private == pytest.approx(trace.private[t, :, r], **NEAR)
            position = np.array([member["position"] for member in day["members"]])
            assert position == pytest.approx(trace.positions[t, :, r], **NEAR)
