"""Forecasts from all the other crises, against closed forms."""

import numpy as np
import pytest

from foedus.analysis.forecast import leave_one_out

SHARES = np.array(
    [
        [[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7], [0.7, 0.1, 0.1, 0.1]],
        [[0.1, 0.1, 0.1, 0.7], [0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7]],
    ]
)
OBSERVED = np.array([0, 3, 0])
LOGS = np.log(SHARES[:, np.arange(3), OBSERVED])


def test_strength_zero_is_the_prior_mean():
    forecasts = leave_one_out.forecasts_without(SHARES, LOGS, 0.0)
    assert forecasts == pytest.approx(SHARES.mean(axis=0))


def test_full_strength_is_bayes_rule_on_the_others():
    weights = leave_one_out.weights_without(LOGS, 1.0)
    fits, misfits = 0.7 * 0.7, 0.1 * 0.1
    assert weights[0] == pytest.approx([fits / (fits + misfits), misfits / (fits + misfits)])


def test_a_crisis_never_weighs_on_its_own_forecast():
    changed = LOGS.copy()
    changed[:, 0] = [-9.0, 0.0]
    before = leave_one_out.forecasts_without(SHARES, LOGS, 1.0)[0]
    assert leave_one_out.forecasts_without(SHARES, changed, 1.0)[0] == pytest.approx(before)


def test_strengths_are_weighed_without_the_crisis():
    rng = np.random.default_rng(5)
    shares = rng.dirichlet(np.ones(4), size=(60, 8))
    observed = rng.integers(0, 4, 8)
    logs = np.log(shares[:, np.arange(8), observed])
    _, strengths = leave_one_out.nested_forecasts(shares, logs, observed)
    observed_too = observed.copy()
    observed_too[0] = (observed[0] + 1) % 4
    logs_too = logs.copy()
    logs_too[:, 0] = np.log(shares[:, 0, observed_too[0]])
    _, changed = leave_one_out.nested_forecasts(shares, logs_too, observed_too)
    assert strengths[0] == pytest.approx(changed[0])
    assert strengths[1] != pytest.approx(changed[1])


@pytest.fixture
def many():
    rng = np.random.default_rng(7)
    shares = rng.dirichlet(np.ones(4), size=(300, 5))
    observed = rng.integers(0, 4, 5)
    return shares, np.log(shares[:, np.arange(5), observed]), observed


def test_a_forecast_without_two_crises_is_bayes_rule_on_the_rest(many):
    shares, logs, _ = many
    found = leave_one_out.forecasts_without_two(shares, logs, 0.5)
    for i in range(5):
        for j in range(5):
            rest = [k for k in range(5) if k not in (i, j)]
            weights = np.exp(0.5 * logs[:, rest].sum(axis=1))
            expected = weights @ shares[:, j] / weights.sum()
            if i != j:
                assert found[i, j] == pytest.approx(expected)


def test_strengths_count_by_the_probability_that_they_gave_to_the_other_crises(many):
    shares, logs, observed = many
    forecasts, strengths = leave_one_out.nested_forecasts(shares, logs, observed)
    usable = leave_one_out.usable_strengths(logs)
    assert len(usable) > 2
    for i in range(5):
        rest = np.delete(np.arange(5), i)
        given = []
        for s in usable:
            inner = leave_one_out.forecasts_without(shares[:, rest], logs[:, rest], s)
            given.append(np.log(inner[np.arange(4), observed[rest]]).sum())
        weights = np.exp(given) / np.exp(given).sum()
        assert strengths[i] == pytest.approx(weights @ usable)
        outer = [leave_one_out.forecasts_without(shares, logs, s)[i] for s in usable]
        assert forecasts[i] == pytest.approx(weights @ np.array(outer))


def test_a_strength_that_leaves_too_few_effective_draws_is_not_used():
    logs = np.zeros((30, 3))
    logs[0] = 40.0
    assert leave_one_out.usable_strengths(logs) == (0.0,)
    assert leave_one_out.usable_strengths(np.zeros((30, 3))) == leave_one_out.STRENGTHS
    assert leave_one_out.usable_strengths(np.zeros((24, 3))) == (0.0,)


def test_nor_is_one_that_leaves_less_than_a_twentieth_of_the_draws():
    logs = np.full((1000, 3), -60.0)
    logs[:48] = 0.0
    assert leave_one_out.usable_strengths(logs) == (0.0,)
    logs[:52] = 0.0
    assert leave_one_out.usable_strengths(logs) == leave_one_out.STRENGTHS


def test_log_evidence_is_the_log_of_the_mean_likelihood():
    expected = np.log(np.mean(np.exp(LOGS.sum(axis=1))))
    assert leave_one_out.log_evidence(LOGS) == pytest.approx(expected)


def test_evidence_without_a_crisis_is_the_evidence_of_the_others():
    assert leave_one_out.evidence_without(LOGS) == pytest.approx(
        [leave_one_out.log_evidence(LOGS[:, others]) for others in ([1, 2], [0, 2], [0, 1])]
    )


def test_stacking_gives_all_weight_to_the_better_of_two():
    chances = np.array([[0.9, 0.2], [0.8, 0.1], [0.9, 0.3]])
    assert leave_one_out.stacking_weights(chances) == pytest.approx([1.0, 0.0], abs=1e-6)


def test_stacking_mixes_two_that_are_right_in_turn():
    chances = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert leave_one_out.stacking_weights(chances) == pytest.approx([0.5, 0.5])


def test_effective_draws_count_equal_weights():
    assert leave_one_out.effective_draws(np.full(10, 0.1)) == pytest.approx(10)
    assert leave_one_out.effective_draws(np.array([1.0, 0, 0])) == pytest.approx(1)


def test_strengths_go_from_the_prior_alone_to_the_whole_likelihood():
    assert leave_one_out.STRENGTHS[0] == 0
    assert leave_one_out.STRENGTHS[-1] == 1
    assert list(leave_one_out.STRENGTHS) == sorted(leave_one_out.STRENGTHS)
