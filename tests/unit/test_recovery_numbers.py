"""What recovery and the sampler report, from posteriors whose answers are known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.inference.likelihood import calibrated_rows, predictive_counts, target_of
from foedus.analysis.inference.mcmc import Guide, Posterior, _start, record_of
from foedus.analysis.inference.recovery import WeightedDraws, _correlation, _rows, recover
from foedus.data.library import load


@pytest.fixture(scope="module")
def panel():
    return panel_of(load(name) for name in ("kazakhstan-2022", "mali-2012", "armenia-2022"))


def posterior(at):
    """A hundred draws of one parameter, evenly from `at` - 1 to `at` + 1."""
    return WeightedDraws(np.linspace(at - 1, at + 1, 100)[:, None], np.full(100, 0.01))


def test_a_truth_in_either_tail_is_not_covered_and_one_within_is():
    target = SimpleNamespace(rows=(SimpleNamespace(name="rho"),))
    truths = np.array([[0.0], [0.85], [-0.85], [0.95], [-0.95], [2.0]])
    (row,) = _rows(target, truths, [posterior(0.0)] * 6, 10)
    assert (row.name, row.n_crises, row.coverage) == ("rho", 10, 0.5)
    assert row.narrowing == pytest.approx(2 / np.sqrt(12), rel=0.02)


def test_means_that_follow_the_truths_correlate_with_them():
    target = SimpleNamespace(rows=(SimpleNamespace(name="rho"),))
    truths = np.array([[0.0], [1.0], [2.0]])
    (row,) = _rows(target, truths, [posterior(at) for at in (1.0, 2.0, 3.0)], 10)
    assert row.correlation == pytest.approx(1)


def test_two_values_correlate_wholly_and_one_or_equal_ones_not_at_all():
    assert _correlation(np.array([0.0, 1.0]), np.array([5.0, 3.0])) == pytest.approx(-1)
    assert np.isnan(_correlation(np.array([1.0]), np.array([2.0])))
    assert np.isnan(_correlation(np.array([1.0, 1.0]), np.array([2.0, 3.0])))
    assert np.isnan(_correlation(np.array([2.0, 3.0]), np.array([1.0, 1.0])))


def test_progress_counts_the_histories_of_each_length(panel):
    told = []
    recover(
        panel, names=["rho"], n_histories=3, n_draws=50, n_runs=8, copies=(1, 4),
        progress=told.append,
    )  # fmt: skip
    assert told == [f"history {k} of 3, {n} crises" for n in (3, 12) for k in (1, 2, 3)]


def test_a_chain_begins_near_draws_of_the_posterior():
    draws = WeightedDraws(np.array([[-3.0, 0.0], [3.0, 1.0], [9.0, 9.0]]), np.array([0.5, 0.5, 0]))
    guide = Guide(draws, np.zeros(2), np.eye(2))
    places = _start(guide, 4000, 1).coords
    near = np.where(places[:, :1] > 0, [3.0, 1.0], [-3.0, 0.0])
    away = places - near
    error = 0.05 / np.sqrt(len(places))
    assert np.abs(away.mean(axis=0)).max() < 4 * error
    assert away.std(axis=0) == pytest.approx([0.05, 0.05], rel=0.06)
    assert abs((places[:, 0] > 0).mean() - 0.5) < 4 * 0.5 / np.sqrt(len(places))
    assert np.array_equal(_start(guide, 8, 1).coords, _start(guide, 8, 1).coords)
    assert not np.array_equal(_start(guide, 8, 1).coords, _start(guide, 8, 2).coords)


def test_histories_under_many_draws_count_every_crisis_once(panel):
    """More draws than come in one block of random numbers: the first ones are as before."""
    target = target_of(panel, n_runs=8, seed=1)
    z = np.zeros((1500, len(target.rows)))
    counts = predictive_counts(target, z, 1)
    assert counts.shape == (1500, 4)
    assert (counts.sum(axis=1) == 3).all()
    assert np.array_equal(counts[:10], predictive_counts(target, z[:10], 1))
    assert len(np.unique(counts[1024:], axis=0)) > 1


def test_a_parameter_file_has_the_median_and_the_central_interval_of_all_draws():
    rows = [row for row in calibrated_rows() if row.prior == "normal"][:2]
    z = np.linspace(-1, 1, 3 * 7 * 2).reshape(3, 7, 2)
    posterior = Posterior(tuple(rows), z, np.array([1.01, 1.2]), np.array([500.0, 40.0]))
    record = record_of(posterior, {"seed": 3})
    for k, row in enumerate(rows):
        draws = np.clip(row.default + row.spread * z[:, :, k].ravel(), row.low, row.high)
        assert record["parameters"][row.name] == pytest.approx(np.median(draws))
        assert record["interval_90"][row.name] == pytest.approx(np.quantile(draws, [0.05, 0.95]))
    assert list(record["diagnostics"]["rhat"].values()) == [1.01, 1.2]
    assert list(record["diagnostics"]["ess"].values()) == [500.0, 40.0]
    assert record["made_by"] == {"seed": 3}
