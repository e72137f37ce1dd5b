"""Regressions that learn from the other crises, against statsmodels and by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from statsmodels.miscmodels.ordinal_model import OrderedModel

from foedus.analysis.forecast.regression import (
    ALL_ATTRIBUTES,
    SIGNS,
    _loss,
    attribute_table,
    leave_one_out_regression,
    unit_weights,
    with_floor,
)
from foedus.analysis.forecast.scores import panel_of
from foedus.data.library import load


@pytest.fixture(scope="module")
def panel():
    names = ("armenia-2020", "kazakhstan-2022", "kyrgyzstan-2010", "mali-2012", "fiji-2006",
             "turkey-2012-june")  # fmt: skip
    return panel_of([load(name) for name in names])


RNG = np.random.default_rng(1)
CODES = RNG.random((30, 2))
OBSERVED = np.clip(np.round(3 * CODES[:, 0] + 0.5 * RNG.standard_normal(30)), 0, 3).astype(int)


def test_without_a_ridge_the_forecast_is_that_of_statsmodels():
    rest = np.arange(30) != 4
    known, new = CODES[rest], CODES[4]
    z = (known - known.mean(axis=0)) / known.std(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = OrderedModel(OBSERVED[rest], z, distr="logit").fit(method="bfgs", disp=False)
    chances = np.asarray(fitted.predict(((new - known.mean(0)) / known.std(0))[None]))[0]
    expected = (29 * chances + 1) / 30 - (1 - 0.25) / 30  # a thirtieth is spread over four levels
    found = leave_one_out_regression(CODES, OBSERVED, ridge=1e-9)[4]
    assert found == pytest.approx(expected, abs=1e-4)


def test_the_gradient_is_that_of_the_loss():
    at = np.array([0.4, -0.2, -0.5, 0.1, -0.3])
    args = (OBSERVED, CODES, 0.7)
    numeric = approx_fprime(at, lambda v: _loss(v, *args)[0], 1e-7)
    assert _loss(at, *args)[1] == pytest.approx(numeric, abs=1e-4)


def test_a_heavy_ridge_leaves_the_shares_of_the_other_crises():
    found = leave_one_out_regression(CODES, OBSERVED, ridge=1e6)
    counts = np.bincount(np.delete(OBSERVED, 0), minlength=4)
    assert found[0] == pytest.approx((29 * counts / 29 + 0.25) / 30, abs=2e-3)


@pytest.mark.parametrize("learner", [
    lambda o: leave_one_out_regression(CODES[: len(o)], o),
    lambda o: unit_weights(CODES[: len(o)], [1, 1], o),
])  # fmt: skip
@pytest.mark.parametrize("observed", [[0, 0, 0], [0, 0, 3], [2, 2, 2, 2]])
def test_a_fold_with_one_level_is_forecast_as_the_base_rate_has_it(learner, observed):
    rows = learner(np.array(observed))
    rest = observed[:-1]
    counts = np.bincount(rest, minlength=4) + 1
    assert rows[-1] == pytest.approx(counts / counts.sum())
    assert rows.sum(axis=1) == pytest.approx(np.ones(len(observed)))


def test_unit_weights_count_every_attribute_alike_by_its_sign():
    """Two attributes of opposite sign and equal spread: only their difference counts."""
    difference = CODES[:, 0] - CODES[:, 1]
    even = np.column_stack([difference, -difference])
    assert unit_weights(even, [1, -1], OBSERVED) == pytest.approx(
        unit_weights(difference[:, None], [1], OBSERVED), abs=1e-3
    )
    scaled = np.column_stack([100 * difference, -difference])
    assert unit_weights(scaled, [1, -1], OBSERVED) == pytest.approx(
        unit_weights(even, [1, -1], OBSERVED), abs=1e-6
    )


def test_unit_weights_of_a_good_attribute_forecast_and_of_the_wrong_sign_do_not_matter():
    """The slope is learned, so that a sum with all signs turned round forecasts the same."""
    right = unit_weights(CODES[:, :1], [1], OBSERVED)
    turned = unit_weights(CODES[:, :1], [-1], OBSERVED)
    assert right == pytest.approx(turned, abs=2e-3)
    assert (right.argmax(axis=1) == OBSERVED).mean() > 0.5


def test_danger_and_closeness_speak_for_an_answer_and_cost_and_strength_against_it():
    against = {name for name, sign in zip(ALL_ATTRIBUTES, SIGNS, strict=True) if sign < 0}
    assert against == {"capacity", "escalation", "patron.ties", "patron.overextension"}
    assert len(ALL_ATTRIBUTES) == 14


def test_the_lead_states_codes_are_told_from_the_crisis_codes(panel):
    table = attribute_table(panel, ("threat", "patron.stake"))
    for row, case in zip(table, panel.cases, strict=True):
        stake = case.scenario.members[case.patron].stake
        assert row == pytest.approx([case.scenario.crisis.threat.value, sum(stake) / len(stake)])


def test_the_floor_moves_none_to_consult_where_a_council_meets_when_asked(panel):
    assert {0, 1, 3} <= {int(asked) for asked in attribute_table(panel, ("asked",))[:, 0]}
    even = np.full((6, 4), 0.25)
    floored = with_floor(even, panel)
    for row, case in zip(floored, panel.cases, strict=True):
        crisis = case.scenario.crisis
        meets = crisis.institution.value >= 0.75 and crisis.asked.value >= 1
        expected = [0.25 - 0.225, 0.25 + 0.225, 0.25, 0.25] if meets else [0.25] * 4
        assert row == pytest.approx(expected)
    assert (floored[:, 0] < 0.25).any()
    assert (floored[:, 0] == 0.25).any()
    assert (even == 0.25).all()
