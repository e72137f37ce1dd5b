"""The sampler itself, emcee with the moves of a calibration, on a posterior known in closed form.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): truths come from the prior, data
from the truths, and the rank of each truth within its posterior must be uniform.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_normal

from foedus.analysis.inference.mcmc import Guide, sampler_of
from foedus.analysis.inference.recovery import WeightedDraws

N_HISTORIES, N_WALKERS, N_STEPS, BURNT = 100, 16, 70, 20
NOISE = 0.8


class Inverted(Guide):
    """The negative control: the ratio of Metropolis and Hastings the wrong way round."""

    def propose(self, z, random):
        new, ratio = super().propose(z, random)
        return new, -ratio


def guide_of(kind=Guide, seen=(0.0, 0.0)):
    """Near the posterior, but off its centre, and skewed where that is round."""
    spread = NOISE / np.sqrt(1 + NOISE**2)
    centre = np.array(seen) / (1 + NOISE**2) + 0.5 * spread * np.array([1.0, -1.0])
    root = spread * np.array([[1.1, 0.0], [0.4, 1.0]])
    return kind(WeightedDraws(np.zeros((1, 2)), np.ones(1)), centre, root)


def ranks(kind):
    """Rank of each truth among the draws (history, parameter), in [0, 1]."""
    random = np.random.default_rng(11)
    truths = random.standard_normal((N_HISTORIES, 2))
    data = truths + NOISE * random.standard_normal((N_HISTORIES, 2))
    found = []
    for k, seen in enumerate(data):
        sampler = sampler_of(
            lambda z, seen=seen: -0.5 * (z**2 + ((seen - z) / NOISE) ** 2).sum(axis=1),
            guide_of(kind, seen),
            N_WALKERS,
        )
        start = random.standard_normal((N_WALKERS, 2))
        sampler.random_state = np.random.RandomState(k).get_state()
        sampler.run_mcmc(start, N_STEPS, skip_initial_state_check=True)
        draws = sampler.get_chain(discard=BURNT, thin=5, flat=True)
        found.append((draws < truths[k]).mean(axis=0))
    return np.array(found)


def test_ranks_of_the_truth_are_uniform_under_the_sampler_of_a_calibration():
    for column in ranks(Guide).T:
        assert kstest(column, "uniform").pvalue > 1e-3


def test_ranks_are_not_uniform_under_an_inverted_ratio():
    assert min(kstest(column, "uniform").pvalue for column in ranks(Inverted).T) < 1e-3


def test_the_log_ratio_of_a_proposal_is_old_over_new_under_the_guide():
    guide = guide_of()
    density = multivariate_normal(guide.centre, guide.root @ guide.root.T)
    old = np.array([[0.0, 0.0], [1.0, -2.0], [3.0, 3.0]])
    new, ratio = guide.propose(old, np.random.RandomState(3))
    assert ratio == pytest.approx(density.logpdf(old) - density.logpdf(new))
    assert np.abs(ratio).min() > 0.01


def test_proposals_are_draws_from_the_guide():
    guide = guide_of()
    new, _ = guide.propose(np.zeros((20_000, 2)), np.random.RandomState(5))
    covariance = guide.root @ guide.root.T
    error = 4 * np.sqrt(np.diag(covariance) / 20_000)
    assert (np.abs(new.mean(axis=0) - guide.centre) < error).all()
    assert np.cov(new.T) == pytest.approx(covariance, rel=0.06)
