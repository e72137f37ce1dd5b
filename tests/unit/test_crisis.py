"""A crisis drifts, is relieved, is clipped, and ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.model.crisis import days_collapsing, drift, drift_on, is_quelled, next_intensity, relief

P = {"mu": 0.25, "kappa_own": 0.125}
CHANGE = st.floats(-2, 2)


@pytest.mark.parametrize(
    ("trend", "capacity", "change"),
    [(1, 0, 0.25), (-1, 0, -0.25), (0, 1, -0.125), (1, 1, 0.125), (0, 0, 0)],
)
def test_drift_is_the_trend_less_what_the_requester_does_itself(trend, capacity, change):
    assert drift(trend, capacity, P) == change


def test_the_trend_drives_the_first_days_and_no_later_one():
    on = drift_on(np.arange(5), 0.5, 0.25, {**P, "trend_days": 3})
    assert on.tolist() == [drift(0.5, 0.25, P)] * 3 + [drift(0.0, 0.25, P)] * 2


def test_a_trend_that_was_judged_for_no_day_drives_none():
    assert drift_on(0, 0.5, 0.25, {**P, "trend_days": 0}) == drift(0.0, 0.25, P)


def test_each_run_has_its_own_length_of_the_trend():
    on = drift_on(2, np.array([1.0, 0.5]), 0.0, {**P, "trend_days": np.array([2, 3])})
    assert on.tolist() == [0.0, drift(0.5, 0.0, P)]


@pytest.mark.parametrize(("share", "taken"), [(0, 0), (0.5, 0.0625), (1, 0.125)])
def test_relief_is_in_proportion_to_the_force_in_place(share, taken):
    assert relief(share, 0.125) == taken


def test_a_day_adds_drift_and_shock_and_takes_relief_off():
    assert next_intensity(0.5, 0.25, 0.125, 0.0625) == 0.6875


def test_days_of_constant_drift_run_along_a_straight_line():
    intensity = 0.25
    for _ in range(5):
        intensity = next_intensity(intensity, 0.125, 0.0, 0.0)
    assert intensity == 0.875


@given(st.floats(0, 1), CHANGE, CHANGE, CHANGE)
def test_intensity_stays_between_nothing_and_all(intensity, moved, taken, shock):
    assert 0 <= next_intensity(intensity, moved, taken, shock) <= 1


def test_intensity_is_clipped_at_both_ends():
    assert next_intensity(np.array([0.9, 0.1]), np.array([0.5, -0.5]), 0.0, 0.0).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("intensity", "over"), [(0.0, True), (0.05, True), (np.nextafter(0.05, 1), False)]
)
def test_a_crisis_is_quelled_at_the_bound_and_not_above(intensity, over):
    assert bool(is_quelled(intensity, defaults()["quelled_at"])) is over


def test_collapse_counts_days_in_a_row_and_starts_again_after_a_respite():
    days, counted = 0, []
    for intensity in (0.99, 1.0, 0.98, 0.99, 1.0, 1.0):
        days = days_collapsing(days, intensity, 0.99)
        counted.append(int(days))
    assert counted == [1, 2, 0, 1, 2, 3]


def test_each_run_counts_its_own_days_of_collapse():
    assert days_collapsing(np.array([2, 2]), np.array([1.0, 0.5]), 0.99).tolist() == [3, 0]
