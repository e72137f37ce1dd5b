"""Annealed importance sampling against a Gaussian posterior known in closed form."""

import numpy as np

from foedus.analysis.inference.importance_sampling import annealed

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
