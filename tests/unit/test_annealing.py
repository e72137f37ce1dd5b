"""Annealed importance sampling against a Gaussian posterior known in closed form."""

import warnings

import numpy as np

from foedus.analysis.forecast.leave_one_out import effective_draws
from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.inference import recovery
from foedus.analysis.inference.recovery import (
    CARRIED,
    _next_power,
    _normalised,
    annealed,
    gaussian_of,
    recover,
)
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


def test_the_power_is_the_highest_that_the_draws_can_carry():
    z = np.random.default_rng(1).standard_normal((500, 3))
    logs, even = 4 * log_likelihood(z), np.zeros(500)
    power = _next_power(even, logs, 0.0)
    carried, more = (effective_draws(_normalised(p * logs)) / 500 for p in (power, 1.001 * power))
    assert more < CARRIED <= carried
    assert 0.001 < power < 0.999
    assert _next_power(even, logs, power) >= power


def test_it_stops_after_the_most_steps_whatever_the_power():
    for most in (1, 3):
        calls = []
        annealed(
            lambda z, calls=calls: calls.append(1) or 1e4 * log_likelihood(z),
            3,
            n_draws=50,
            most_steps=most,
        )
        assert len(calls) == most


def test_no_two_steps_and_no_two_histories_share_a_draw(monkeypatch):
    """The truths are the first part of the stream; every step of every history is another."""
    parts = []

    def noted(n, n_columns, seed, part):
        parts.append(part)
        return drawn(n, n_columns, seed, part)

    drawn = recovery.standard_normal
    monkeypatch.setattr(recovery, "standard_normal", noted)
    panel = panel_of(load(n) for n in ("armenia-2022", "fiji-2006", "kazakhstan-2022"))
    recover(panel, names=["gamma", "rho"], n_histories=3, n_draws=20, n_runs=8, copies=(30,))
    assert len(parts) > 4
    assert len(set(parts)) == len(parts)
