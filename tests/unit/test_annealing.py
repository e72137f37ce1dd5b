"""Annealed importance sampling against a Gaussian posterior known in closed form."""

import warnings

import numpy as np

from foedus.analysis.forecast.panel import panel_of
from foedus.analysis.inference.importance_sampling import annealed, gaussian_of
from foedus.analysis.inference.recovery import recover
from foedus.data.library import load

PRECISION = np.array([4.0, 0.5, 9.0])
SEEN = np.array([1.5, -2.0, 0.3])


def log_likelihood(z):
    return -0.5 * (PRECISION * (z - SEEN) ** 2).sum(axis=1)


def test_mean_and_spread_are_those_of_the_conjugate_gaussian():
    draws = annealed(log_likelihood, 3, n_draws=4000, seed=3)
    mean = PRECISION * SEEN / (1 + PRECISION)
    spread = np.sqrt(1 / (1 + PRECISION))
    error = 4 * spread / np.sqrt(draws.effective)
    assert draws.effective > 1000
    assert (np.abs(draws.mean - mean) < error).all()
    assert (np.abs(draws.spread - spread) < error).all()


def test_without_data_it_is_the_prior():
    draws = annealed(lambda z: np.zeros(len(z)), 2, n_draws=4000, seed=1)
    assert round(draws.effective) == 4000
    assert (np.abs(draws.mean) < 4 / np.sqrt(4000)).all()


def test_the_rank_of_a_low_truth_is_low():
    draws = annealed(log_likelihood, 3, n_draws=1000, seed=2)
    assert (draws.rank_of(np.full(3, -10.0)) == 0).all()
    assert (draws.rank_of(np.full(3, 10.0)) > 0.999).all()


def test_one_draw_with_all_the_weight_leaves_a_narrow_gaussian_about_it():
    z = np.array([[1.0, 2.0], [5.0, -3.0]])
    centre, root = gaussian_of(z, np.array([1.0, 0.0]))
    assert centre.tolist() == [1.0, 2.0]
    assert 0 < root[0, 0] < 0.01


def test_recovery_from_few_draws_and_one_history_says_what_is_not_known_without_a_warning():
    panel = panel_of(load(n) for n in ("armenia-2022", "fiji-2006", "kazakhstan-2022"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = recover(panel, names=["gamma", "rho"], n_histories=1, n_draws=50, n_runs=8)
    assert len(found.rows) == 4
    for row in found.rows:
        assert np.isnan(row.correlation)
        assert 0 < row.narrowing < 2
        assert row.coverage in (0.0, 1.0)
