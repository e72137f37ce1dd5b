"""Intervals: shares, means, skills and correlations, groups drawn again whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foedus.analysis.intervals import (
    grouped,
    mean_interval,
    percentiles,
    skill_interval,
    spearman,
    spearman_interval,
    times_drawn,
    wilson_interval,
)

VALUES = st.sampled_from([0.0, 0.25, 0.5, 1.0, 3.0])
ROWS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=9)
GROUPS = np.repeat([0, 1, 2, 3], 3)


def test_a_shares_interval_is_wilsons():
    # Agresti and Coull (1998), doi:10.1080/00031305.1998.10480550: 0 of 10 at 95 % is [0, .278].
    assert wilson_interval(0.0, 10, 0.95) == pytest.approx((0.0, 0.2775), abs=5e-4)
    assert wilson_interval(0.5, 100, 0.95) == pytest.approx((0.4038, 0.5962), abs=5e-4)
    library = stats.binomtest(7, 20).proportion_ci(0.9, method="wilson")
    assert wilson_interval(0.35, 20) == pytest.approx((library.low, library.high))


@given(st.integers(1, 500), st.data())
def test_a_shares_interval_holds_the_share_and_stays_inside(n, data):
    share = data.draw(st.integers(0, n)) / n
    low, high = wilson_interval(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    assert low < high


def test_groups_are_numbered_by_name_and_a_lone_group_falls_apart_into_its_units():
    assert grouped(["nato", "csto", "nato"]).tolist() == [1, 0, 1]
    assert grouped(["csto"] * 3).tolist() == [0, 1, 2]
    assert grouped([]).tolist() == []


def test_units_of_one_group_come_up_together_and_as_many_groups_as_there_are():
    times = times_drawn(GROUPS)
    assert times.shape == (1024, 12)
    assert (times.reshape(1024, 4, 3).std(axis=2) == 0).all()
    assert (times.sum(axis=1) == 12).all()
    assert times.mean() == pytest.approx(1.0)
    assert stats.chisquare(times[:, ::3].sum(axis=0)).pvalue > 1e-4


def test_the_interval_of_a_mean_is_the_one_found_by_resampling_whole_groups():
    values = np.random.default_rng(1).random(12)
    found = [np.average(values, weights=row) for row in times_drawn(GROUPS)]
    assert mean_interval(values, GROUPS) == pytest.approx(tuple(np.quantile(found, [0.05, 0.95])))


def test_the_interval_of_a_mean_agrees_with_scipys_where_units_are_their_own_groups():
    values = np.random.default_rng(2).random(40)
    ours = mean_interval(values, np.arange(40))
    theirs = stats.bootstrap(
        (values,), np.mean, confidence_level=0.9, method="percentile", random_state=3
    ).confidence_interval
    width = theirs.high - theirs.low
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.1 * width)


def test_units_that_only_repeat_their_group_make_no_interval_narrower():
    """Ten copies of five values are five witnesses."""
    values = np.array([0.0, 0.2, 0.4, 0.6, 1.0])
    few = mean_interval(values, np.arange(5))
    copied, homes = np.repeat(values, 10), np.repeat(np.arange(5), 10)
    assert mean_interval(copied, homes) == pytest.approx(few)
    low, high = mean_interval(copied, np.arange(50))
    assert high - low < 0.5 * (few[1] - few[0])


def test_a_wider_coverage_makes_a_wider_interval_of_which_tails_are_equal():
    replicates = np.arange(101.0)
    assert percentiles(replicates, 0.9) == pytest.approx((5.0, 95.0))
    assert percentiles(replicates, 0.5) == pytest.approx((25.0, 75.0))
    assert percentiles(np.append(replicates, np.nan), 0.5) == pytest.approx((25.0, 75.0))
    assert np.isnan(percentiles(np.array([np.nan]))).all()


def test_the_interval_of_a_skill_is_that_of_the_ratio_of_mean_scores():
    ours, base = np.random.default_rng(4).random((2, 12))
    times = times_drawn(GROUPS)
    found = [1 - np.average(ours, weights=row) / np.average(base, weights=row) for row in times]
    expected = tuple(np.quantile(found, [0.05, 0.95]))
    assert skill_interval(ours, base, GROUPS) == pytest.approx(expected)


def test_the_interval_of_a_skill_without_spread_is_a_point():
    assert skill_interval(np.full(5, 0.5), np.ones(5), np.arange(5)) == (0.5, 0.5)
    assert np.isnan(skill_interval(np.ones(3), np.zeros(3), np.arange(3))).all()


@given(ROWS)
def test_a_correlation_is_that_of_scipy(rows):
    one, other = np.array(rows).T
    if len(set(one)) > 1 and len(set(other)) > 1:
        assert spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
    else:
        assert np.isnan(spearman(one, other))


def test_nothing_is_known_of_nothing():
    assert np.isnan(spearman([], []))


def test_the_interval_of_a_correlation_is_the_one_found_by_resampling_whole_groups():
    rng = np.random.default_rng(2)
    one, noise = rng.random((2, 12))
    other = one + noise
    found = []
    for row in times_drawn(GROUPS).astype(int):
        units = np.repeat(np.arange(12), row)
        with np.errstate(invalid="ignore"):
            found.append(stats.spearmanr(one[units], other[units]).statistic)
    expected = np.nanquantile(found, [0.05, 0.95])
    assert spearman_interval(one, other, GROUPS, 0.9) == pytest.approx(tuple(expected))


def test_where_nothing_varies_the_interval_is_unknown():
    assert np.isnan(spearman_interval([1, 1, 1], [1, 2, 3], np.arange(3))).all()
