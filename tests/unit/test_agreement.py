"""Krippendorff's alpha against its worked example, its definition and chance."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from foedus.analysis.coding.agreement import alpha_interval, krippendorff_alpha
from foedus.analysis.intervals import times_drawn

NAN = np.nan
WORKED_EXAMPLE = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
TABLES = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=5),
    elements=st.sampled_from([0.0, 1.0, 2.0, 4.0, NAN]),
)


def alpha_by_definition(ratings):
    units = [unit[~np.isnan(unit)] for unit in ratings.T]
    units = [unit for unit in units if len(unit) >= 2]
    pooled = [rating for unit in units for rating in unit]
    n = len(pooled)
    expected = sum((a - b) ** 2 for a, b in permutations(pooled, 2))
    if expected == 0:
        return NAN
    within = [sum((a - b) ** 2 for a, b in permutations(u, 2)) / (len(u) - 1) for u in units]
    return 1 - (sum(within) / n) / (expected / (n * (n - 1)))


def mean_and_error(alphas):
    return np.mean(alphas), np.std(alphas, ddof=1) / np.sqrt(len(alphas))


def two_coders(rng, share_copied, n_unit=50):
    first, second = rng.integers(0, 5, size=(2, n_unit)).astype(float)
    return np.array([first, np.where(rng.random(n_unit) < share_copied, first, second)])


def test_the_worked_example_of_krippendorff_2011_is_reproduced():
    assert krippendorff_alpha(WORKED_EXAMPLE) == pytest.approx(0.849, abs=5e-4)


@given(TABLES)
def test_alpha_is_one_minus_observed_over_expected_disagreement(ratings):
    assert krippendorff_alpha(ratings) == pytest.approx(alpha_by_definition(ratings), nan_ok=True)


def test_perfect_agreement_is_exactly_one():
    assert krippendorff_alpha(np.array([[0.1, 0.7, 3.0]] * 4)) == 1


def test_systematic_contradiction_is_below_zero():
    assert krippendorff_alpha(np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])) < 0


@given(TABLES, st.data())
def test_the_order_of_coders_and_of_units_does_not_matter(ratings, data):
    coders = data.draw(st.permutations(range(ratings.shape[0])))
    units = data.draw(st.permutations(range(ratings.shape[1])))
    assert krippendorff_alpha(ratings[coders][:, units]) == pytest.approx(
        krippendorff_alpha(ratings), nan_ok=True
    )


@given(TABLES)
def test_a_unit_with_one_rating_changes_nothing(ratings):
    alone = np.full((len(ratings), 1), NAN)
    alone[0] = 7.0
    assert krippendorff_alpha(np.hstack([ratings, alone])) == pytest.approx(
        krippendorff_alpha(ratings), nan_ok=True
    )


def test_alpha_ignores_origin_and_unit_and_no_more():
    assert krippendorff_alpha(1e6 - 8 * WORKED_EXAMPLE) == pytest.approx(
        krippendorff_alpha(WORKED_EXAMPLE)
    )
    assert abs(krippendorff_alpha(np.exp(WORKED_EXAMPLE)) - 0.849) > 0.01


def test_coders_who_guess_agree_as_chance_does_and_one_who_copies_a_tenth_does_not():
    rng = np.random.default_rng(1)
    alphas = {
        copied: [krippendorff_alpha(two_coders(rng, copied)) for _ in range(1000)]
        for copied in (0.0, 0.1)
    }
    mean, error = mean_and_error(alphas[0.0])
    assert abs(mean) < 4 * error
    mean, error = mean_and_error(alphas[0.1])
    assert abs(mean) > 4 * error
    assert abs(mean - 0.1) < 4 * error + 0.01


@pytest.mark.parametrize(
    "ratings", [np.ones((3, 4)), np.full((2, 3), NAN), np.array([[1.0, NAN], [NAN, 2.0]])]
)
def test_without_variation_among_pairs_alpha_is_unknown_and_so_is_its_interval(ratings):
    assert np.isnan(krippendorff_alpha(ratings))
    assert np.isnan(alpha_interval(ratings, np.arange(ratings.shape[1]))).all()


def test_drawing_all_units_as_one_group_gives_alpha_itself():
    groups = np.zeros(WORKED_EXAMPLE.shape[1], dtype=int)
    alpha = krippendorff_alpha(WORKED_EXAMPLE)
    assert alpha_interval(WORKED_EXAMPLE, groups) == pytest.approx((alpha, alpha))


@pytest.mark.parametrize("groups", [np.arange(12), np.repeat(np.arange(4), 3)])
def test_the_interval_is_the_one_found_by_resampling_whole_groups(groups):
    alphas = [
        alpha_by_definition(np.repeat(WORKED_EXAMPLE, row, axis=1))
        for row in times_drawn(groups).astype(int)
    ]
    expected = np.nanquantile(alphas, [0.1, 0.9])
    assert alpha_interval(WORKED_EXAMPLE, groups, level=0.8) == pytest.approx(tuple(expected))


def test_the_interval_covers_the_truth_as_often_as_it_says_and_no_more():
    rng = np.random.default_rng(1)
    samples = [two_coders(rng, 0.0, n_unit=100) for _ in range(400)]

    def share_covered(level):
        ends = np.array([alpha_interval(sample, np.arange(100), level) for sample in samples])
        return np.mean((ends[:, 0] <= 0) & (ends[:, 1] >= 0))

    four_errors = 4 * np.sqrt(0.95 * 0.05 / len(samples))
    assert abs(share_covered(0.95) - 0.95) < four_errors
    assert abs(share_covered(0.80) - 0.95) > four_errors


@pytest.mark.parametrize("ratings", [np.ones(3), np.array([[1.0, np.inf], [1.0, 2.0]])])
def test_ratings_that_are_not_a_table_of_numbers_are_refused(ratings):
    with pytest.raises(ValueError, match="ratings must be a table"):
        krippendorff_alpha(ratings)


def test_groups_that_do_not_fit_the_units_are_refused():
    with pytest.raises(ValueError, match="expected a group for each of 12 units, found 3"):
        alpha_interval(WORKED_EXAMPLE, np.arange(3))


@pytest.mark.parametrize("level", [0, 1, 95, NAN])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(ValueError, match="level must lie between"):
        alpha_interval(WORKED_EXAMPLE, np.arange(12), level)
