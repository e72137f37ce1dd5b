"""Every draw has an address and nothing else moves it; noise has the shape it claims."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foedus.data.terms import Mechanism
from foedus.model.chance import (
    BLOCK,
    SMALLEST,
    actor_key,
    standard_logistic,
    triangular,
    uniforms,
    unit_logistic,
)

ADDRESSES = st.tuples(
    st.integers(0, 2**64),
    st.sampled_from(Mechanism),
    st.from_regex(r"\A[A-Z]{3}\Z").map(actor_key) | st.just(0),
    st.integers(0, 100),
    st.integers(0, 20),
)
N_BLOCKS = 100
N = N_BLOCKS * BLOCK


def at(address, n_days=1):
    seed, mechanism, actor, block, part = address
    return uniforms(seed, mechanism, actor, block, n_days=n_days, part=part)


@pytest.fixture(scope="module")
def many():
    blocks = [uniforms(0, Mechanism.STUDY, 0, block) for block in range(N_BLOCKS)]
    return np.concatenate(blocks, axis=1)[0]


def standard_errors_off(sample, mean):
    return abs(sample.mean() - mean) / (sample.std(ddof=1) / sqrt(len(sample)))


@given(ADDRESSES, st.integers(1, 5))
@settings(max_examples=50)
def test_draws_lie_strictly_between_0_and_1(address, n_days):
    drawn = at(address, n_days)
    assert drawn.shape == (n_days, BLOCK)
    assert (drawn >= SMALLEST).all()
    assert (drawn < 1).all()


@given(ADDRESSES, ADDRESSES)
@settings(max_examples=50)
def test_an_address_gives_the_same_draws_whatever_was_drawn_before(address, other):
    first = at(address)
    at(other, 3)
    assert (at(address) == first).all()


@given(ADDRESSES, st.integers(1, 20), st.integers(0, 20))
@settings(max_examples=50)
def test_a_longer_horizon_keeps_the_earlier_days(address, n_days, more):
    assert (at(address, n_days + more)[:n_days] == at(address, n_days)).all()


@given(ADDRESSES, ADDRESSES)
@settings(max_examples=50)
def test_two_addresses_that_differ_share_no_draw(one, other):
    shared = np.intersect1d(at(one), at(other)).size
    assert shared == (BLOCK if one == other else 0)


@pytest.mark.parametrize("place", range(5))
def test_each_part_of_the_address_counts(place):
    address = [0, Mechanism.CODE, actor_key("AAA"), 0, 0]
    elsewhere = list(address)
    elsewhere[place] = [1, Mechanism.STUDY, actor_key("AAB"), 1, 1][place]
    assert not np.isin(at(elsewhere), at(address)).any()


def test_days_of_one_address_are_not_copies():
    first, second = uniforms(0, Mechanism.INTENSITY, 0, 0, n_days=2)
    assert not np.isin(first, second).any()


def test_actors_are_told_apart_by_their_letters():
    assert len({actor_key(code) for code in ("KAZ", "KZA", "AZK", "ZAK")}) == 4


def test_uniforms_have_the_mean_and_spread_of_uniforms(many):
    assert standard_errors_off(many, 1 / 2) < 4
    assert standard_errors_off((many - 1 / 2) ** 2, 1 / 12) < 4


def test_neighbouring_addresses_are_uncorrelated(many):
    other = np.concatenate([uniforms(0, Mechanism.STUDY, 1, block)[0] for block in range(N_BLOCKS)])
    assert abs(np.corrcoef(many, other)[0, 1]) < 4 / sqrt(N)
    mixed = 0.98 * other + 0.02 * many
    assert abs(np.corrcoef(many, mixed)[0, 1]) > 4 / sqrt(N)


def test_logistic_noise_has_the_moments_of_the_logistic_within_four_standard_errors(many):
    noise = standard_logistic(many)
    assert standard_errors_off(noise, 0) < 4
    assert standard_errors_off(noise**2, pi**2 / 3) < 4
    assert standard_errors_off(noise**4, 7 * pi**4 / 15) < 4


def test_the_check_of_moments_refuses_noise_that_is_a_little_off(many):
    noise = standard_logistic(many)
    assert standard_errors_off(noise + 0.05, 0) > 4
    assert standard_errors_off((noise * 1.03) ** 2, pi**2 / 3) > 4
    normal_of_the_same_variance = stats.norm.ppf(many) * pi / sqrt(3)
    assert standard_errors_off(normal_of_the_same_variance**4, 7 * pi**4 / 15) > 4


def test_unit_noise_has_variance_one(many):
    assert standard_errors_off(unit_logistic(many) ** 2, 1) < 4


@pytest.mark.parametrize(("uniform", "odds"), [(0.5, 1), (0.75, 3), (0.2, 1 / 4)])
def test_logistic_noise_is_the_logarithm_of_the_odds(uniform, odds):
    assert standard_logistic(np.array([uniform]))[0] == pytest.approx(np.log(odds))


@pytest.mark.parametrize("uniform", [SMALLEST, 1 - 2.0**-53])
def test_the_outermost_draws_still_give_finite_noise(uniform):
    with np.errstate(all="raise"):
        assert np.isfinite(standard_logistic(np.array([uniform])))[0]


@pytest.mark.parametrize(
    ("uniform", "value"),
    [
        (1 / 4, 1.0),  # the turn: the mode
        (1 / 16, 0.5),  # F(x) = x^2 / 4 below the mode
        (1 - 1 / 12, 4 - sqrt(1.0)),  # F(x) = 1 - (4 - x)^2 / 12 above it
        (1 - 1 / 3, 2.0),
    ],
)
def test_triangular_noise_inverts_its_distribution(uniform, value):
    assert triangular(np.array([uniform]), 0.0, 1.0, 4.0)[0] == pytest.approx(value)


@given(
    st.lists(st.integers(-1000, 3000), min_size=3, max_size=3, unique=True).map(sorted),
    st.floats(SMALLEST, 1 - 2.0**-53),
)
def test_triangular_noise_agrees_with_scipy_and_stays_in_its_interval(corners, uniform):
    low, mode, high = (corner / 1000 for corner in corners)  # as finely as anybody codes
    value = triangular(np.array([uniform]), low, mode, high)[0]
    assert low <= value <= high
    by_scipy = stats.triang.ppf(uniform, (mode - low) / (high - low), loc=low, scale=high - low)
    assert value == pytest.approx(by_scipy, abs=1e-6)


def test_triangular_noise_has_its_mean(many):
    noise = triangular(many, 0.0, 0.25, 1.0)
    assert standard_errors_off(noise, 1.25 / 3) < 4
    assert standard_errors_off(noise, 0.25) > 4


def test_an_interval_without_width_gives_its_value():
    assert triangular(np.array([0.1, 0.9]), 0.5, 0.5, 0.5).tolist() == [0.5, 0.5]
