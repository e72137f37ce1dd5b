"""One number varied: each point is the ensemble of that number, in every way of running."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.explain.response import Response, response_curve, response_surface
from foedus.analysis.summary import summarise
from foedus.errors import UsageError
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare

ASK_WEIGHTS = np.array([0.0, 3.0, 12.0])


@pytest.mark.parametrize("endogenous", [False, True])
@pytest.mark.parametrize(("name", "values"), [("b_ask", ASK_WEIGHTS), ("mandate", [0.0, 1.0])])
def test_each_point_of_a_curve_is_the_ensemble_of_that_value(name, values, endogenous):
    setup = prepare("kyrgyzstan-2010", endogenous=endogenous)
    curve = response_curve(setup, name, np.array(values), 300, 2)
    for value, shares, errors, troops in zip(
        values, curve.p_levels, curve.errors, curve.troops, strict=True
    ):
        alone = summarise(
            ensemble(prepare("kyrgyzstan-2010", {name: value}, endogenous=endogenous), 300, 2)
        )
        assert tuple(shares) == pytest.approx(alone.p_levels)
        assert tuple(errors) == pytest.approx(alone.errors)
        known = alone.troops.get("total")
        assert troops == pytest.approx(known.median if known else np.nan, nan_ok=True)


def test_the_weight_of_need_in_asking_moves_the_answer_only_where_the_requester_decides():
    setup = prepare("kyrgyzstan-2010", endogenous=True)
    decides = response_curve(setup, "b_ask", ASK_WEIGHTS, 500).p_levels[:, 0]
    scheduled = response_curve(prepare("kyrgyzstan-2010"), "b_ask", ASK_WEIGHTS, 500)
    assert decides[0] > decides[1] + 0.2 > decides[2] + 0.3
    assert (np.ptp(scheduled.p_levels, axis=0) == 0).all()


def test_a_surface_honours_who_decides_on_the_request():
    setup = prepare("kyrgyzstan-2010", endogenous=True)
    grid = response_surface(setup, ("b_ask", "rho"), (ASK_WEIGHTS, np.array([0.0, 1.0])), 200)
    curve = response_curve(setup, "b_ask", ASK_WEIGHTS, 200)
    assert grid.p_levels[:, 1] == pytest.approx(curve.p_levels)


def test_the_answer_tips_halfway_between_two_values():
    shares = np.array([[0.6, 0.4, 0, 0], [0.4, 0.6, 0, 0], [0.1, 0.2, 0.3, 0.4]])
    values = np.array([0.0, 1.0, 3.0])
    curve = Response("x", values, shares, shares, np.zeros(3), 0.0, 10, 1)
    assert curve.tipping_points == [(0.5, "none", "consult"), (2.0, "consult", "deploy")]
    back = Response("x", values, shares[::-1], shares, np.zeros(3), 0.0, 10, 1)
    assert back.tipping_points == [(0.5, "deploy", "consult"), (2.0, "consult", "none")]
    flat = Response("x", values, shares[[0, 0, 0]], shares, np.zeros(3), 0.0, 10, 1)
    assert flat.tipping_points == []


def test_troops_are_unknown_where_nobody_deploys():
    curve = response_curve(prepare("ukraine-2022"), "rho", np.array([0.0]), 50)
    assert curve.p_levels[0, 3] == 0
    assert np.isnan(curve.troops[0])


def test_equal_points_are_refused_in_one_line():
    setup = prepare("kazakhstan-2022")
    with pytest.raises(UsageError, match="rho: a value is given twice"):
        response_curve(setup, "rho", np.array([0.0, 1.0, 0.0]), 10)
    with pytest.raises(UsageError, match="rho is given twice"):
        response_surface(setup, ("rho", "rho"), n_runs=10)


def test_more_runs_than_memory_holds_are_refused():
    with pytest.raises(UsageError, match=r"2,000,000 in all"):
        response_curve(prepare("kazakhstan-2022"), "rho", n_runs=1_000_000)


def test_points_computed_in_many_chunks_are_those_computed_at_once(monkeypatch):
    setup = prepare("kyrgyzstan-2010")
    values = np.linspace(0, 1, 7)
    whole = response_curve(setup, "mandate", values, 50)
    monkeypatch.setattr("foedus.model.parameter_points.CHUNK", 150)
    parts = response_curve(setup, "mandate", values, 50)
    assert (whole.p_levels == parts.p_levels).all()
    assert len(parts.p_levels) == 7
