"""Simulation-based calibration: ranks of known parameters within their posteriors are uniform."""

import numpy as np
import pytest
from scipy.stats import kstest

from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.inference.recovery import recover
from foedus.data.library import load

NAMES = ("b_escalation", "treaty_bar", "gap_support")
CRISES = (
    "kazakhstan-2022",
    "armenia-2022",
    "kyrgyzstan-2010",
    "pakistan-1965",
    "fiji-2006",
    "bahrain-2011",
    "turkey-2012-june",
    "cote-divoire-2010",
)


@pytest.fixture(scope="module")
def recovery():
    panel = panel_of(load(name) for name in CRISES)
    return recover(panel, names=NAMES, n_histories=50, n_draws=200, n_runs=10, copies=(3,))


def test_ranks_of_the_truth_are_uniform(recovery):
    (ranks,) = recovery.ranks.values()
    for k in range(len(NAMES)):
        assert kstest(ranks[:, k], "uniform").pvalue > 1e-3


def test_ranks_of_a_shifted_truth_are_not_uniform(recovery):
    """The negative control: posteriors that are off by one spread would be found out."""
    (ranks,) = recovery.ranks.values()
    shifted = np.clip(ranks[:, 0] + 0.3, 0, 1)
    assert kstest(shifted, "uniform").pvalue < 1e-3


def test_the_data_narrow_what_the_prior_left_open(recovery):
    assert all(row.narrowing < 1.0 for row in recovery.rows)
    assert max(row.correlation for row in recovery.rows) > 0.3


def test_the_posteriors_rest_on_enough_draws(recovery):
    (draws,) = recovery.draws.values()
    assert draws > 50
