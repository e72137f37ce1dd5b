"""Sums are taken in order, so that one run and an array of runs give the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.model.numbers import added_up, weighted_sum

TERMS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("terms", "total"), [([1e16, 1.0, -1e16], 0.0), ([1e16, -1e16, 1.0], 1.0), ([0.5], 0.5)]
)
def test_a_sum_runs_from_left_to_right(terms, total):
    assert added_up(terms) == total


def test_a_sum_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one term"):
        added_up([])


def test_a_sum_leaves_its_terms_as_they_were():
    first = np.array([1.0, 2.0])
    added_up([first, first, first])
    assert first.tolist() == [1.0, 2.0]


@given(TERMS, TERMS)
def test_a_lone_run_has_the_bits_of_its_column(one, other):
    n = min(len(one), len(other))
    columns = np.stack([one[:n], other[:n]], axis=1)
    assert added_up(columns).tolist() == [added_up(one[:n]), added_up(other[:n])]


def test_a_weighted_sum_pairs_weights_and_values_in_order():
    assert weighted_sum([0.5, 2.0, 4.0], [8.0, 3.0, -1.0]) == 6.0


def test_a_weighted_sum_refuses_weights_that_have_no_value():
    with pytest.raises(ValueError, match="zip"):
        weighted_sum([1.0, 2.0], [1.0])
