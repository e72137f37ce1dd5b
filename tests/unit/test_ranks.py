"""Rank correlation with ties, against scipy and against resampling by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foedus.analysis.forecast.ranks import ranks, spearman, spearman_interval

VALUES = st.sampled_from([0.0, 0.25, 0.5, 1.0, 3.0])
ROWS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=9)


@given(ROWS)
def test_ranks_and_correlation_are_those_of_scipy(rows):
    one, other = np.array(rows).T
    np.testing.assert_array_equal(ranks(one), stats.rankdata(one))
    if len(set(one)) > 1 and len(set(other)) > 1:
        assert spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
    else:
        assert np.isnan(spearman(one, other))


def test_only_the_order_counts():
    values = np.array([3.0, 1.0, 2.0, 5.0])
    assert spearman(values, np.exp(values)) == pytest.approx(1)
    assert spearman(values, -(values**3)) == pytest.approx(-1)


def test_nothing_is_known_of_nothing():
    assert np.isnan(spearman([], []))


def test_the_interval_is_the_one_found_by_resampling_whole_groups():
    rng = np.random.default_rng(2)
    one, noise = rng.random((2, 12))
    other = one + noise
    groups = np.repeat([0, 1, 2, 3], 3)
    draws = rng.random((300, 4))
    found = []
    for row in np.floor(draws * 4).astype(int):
        units = np.concatenate([np.flatnonzero(groups == g) for g in row])
        found.append(stats.spearmanr(one[units], other[units]).statistic)
    expected = np.quantile(found, [0.05, 0.95])
    got = spearman_interval(one, other, groups, draws, coverage=0.9)
    assert got == pytest.approx(tuple(expected))
    alone = spearman_interval(one, other, np.arange(12), rng.random((300, 12)), coverage=0.9)
    assert got != pytest.approx(alone, abs=0.01)


def test_where_nothing_varies_the_interval_is_unknown():
    draws = np.random.default_rng(1).random((20, 3))
    assert np.isnan(spearman_interval([1, 1, 1], [1, 2, 3], np.arange(3), draws)).all()
