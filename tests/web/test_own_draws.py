"""The page's own draws are other numbers than Python's; how often each answer comes is the same.

Two samples of n runs each differ by chance alone: a share by at most :data:`BOUND` standard errors
of a difference, ``sqrt(2 p (1 - p) / n)`` with the pooled share p (a normal approximation: beyond
it by chance about once in 15,000 shares).
"""

from __future__ import annotations

import json

import numpy as np
import pytest

import foedus
from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.summary import level_probabilities
from foedus.data.library import ids
from foedus.web.page_data import page_data, situation_data
from javascript import NODE, WEB, asked, changed_copy

N = 2000
BOUND = 4.0
SOME = ("kazakhstan-2022", "kyrgyzstan-2010", "armenia-2020", "mali-2013", "drc-1998")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node to run the script")


def line(setup, **more):
    situation = situation_data(setup.situation)
    options = {"seed": 1, "n": N, "decides": setup.endogenous}
    return json.dumps({"situation": situation, "p": setup.parameters, **options, **more})


def in_python(setup):
    return level_probabilities(foedus.ensemble(setup, N, seed=1).outcome)


def shares(setups, folder=WEB):
    return [run["shares"] for run in asked("own", [line(setup) for setup in setups], folder)]


def errors_apart(one, other, n=N):
    """The largest difference of two rows of shares, in standard errors of a difference."""
    pooled = (np.asarray(one) + np.asarray(other)) / 2
    error = np.sqrt(2 * pooled * (1 - pooled) / n)
    return float(np.max(np.abs(np.subtract(one, other)) / np.where(error > 0, error, 1)))


def beyond(setups, found, expected):
    return {
        setup.case.id: (shares, list(other))
        for setup, shares, other in zip(setups, found, expected, strict=True)
        if errors_apart(shares, other) > BOUND
    }


def test_every_crisis_has_the_answers_of_python_as_often():
    setups = [foedus.prepare(name) for name in ids()]
    found = shares(setups)
    assert beyond(setups, found, map(in_python, setups)) == {}


def test_requests_that_the_government_decides_have_them_as_often():
    setups = [foedus.prepare(name, endogenous=True) for name in SOME]
    found = shares(setups)
    assert beyond(setups, found, map(in_python, setups)) == {}


def test_averages_over_the_priors_agree():
    register = page_data([], "")["register"]
    setups = [foedus.prepare(name) for name in SOME]
    found = asked("priors", [line(setup, register=register) for setup in setups])
    expected = [levels_over_priors(setup, N, 1) for setup in setups]
    assert beyond(setups, found, expected) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("actors.map((actor) => logistic(", "actors.map((actor) => 3 * logistic("),
        ("Math.log(u / (1 - u))", "Math.log(u / (1 - u)) + 0.2"),
    ],
)
def test_noise_of_another_size_or_mean_is_found(tmp_path, old, new):
    setups = [foedus.prepare(name) for name in SOME]
    folder = changed_copy(tmp_path, "draws.js", old, new)
    found = shares(setups, folder)
    assert beyond(setups, found, map(in_python, setups))


def test_a_moved_slider_keeps_the_chance():
    """All are more willing: no run of the same chance gives less, and most give the same."""
    setups = [foedus.prepare("mali-2013", more) for more in ({}, {"b_baseline": 1.2})]
    before, after = (np.array(run["levels"]) for run in asked("own", map(line, setups)))
    assert np.all(after >= before)
    assert 0 < np.mean(after > before) < 0.25


def test_what_was_looked_at_before_changes_no_draw():
    """Two crises of the same members: the second is the same after the first as alone."""
    first, second = (
        line(foedus.prepare(name, endogenous=True)) for name in ("kazakhstan-2022", "armenia-2020")
    )
    assert asked("own", [first, second])[1] == asked("own", [second])[0]
