"""The requester asks when need and hope outweigh sovereignty, and asks for more as danger grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.model.request import asks, next_asked, next_channel, warmth, wish

P = {"b_ask": 8.0, "b_hope": 3.0, "b_sovereignty": 5.0, "ask_support_at": 0.4, "ask_force_at": 0.65}


@pytest.mark.parametrize(
    ("intensity", "capacity", "alignment", "wanted"),
    [(1, 0, 1, 8 + 3), (1, 0, 0, 8 - 5), (0.5, 0.5, 0.5, 2 + 1.5 - 2.5), (1, 1, 1, 3)],
)
def test_the_wish_is_need_plus_hope_less_sovereignty(intensity, capacity, alignment, wanted):
    assert wish(intensity, capacity, alignment, P) == wanted


@pytest.mark.parametrize(("doubt", "does"), [(0.5, True), (0.4375, False), (0.625, True)])
def test_it_asks_once_wish_and_doubt_together_reach_the_bar(doubt, does):
    assert bool(asks(1.0, doubt, 1.5)) is does


def test_it_asks_bilaterally_first_then_formally_and_never_goes_back():
    channel, channels = 0.0, []
    for today in (False, True, False, True, True, False):
        channel = next_channel(channel, today)
        channels.append(float(channel))
    assert channels == [0, 0.5, 0.5, 1, 1, 1]


def test_a_rumour_of_a_request_becomes_a_bilateral_one():
    assert next_channel(0.25, True) == 0.5


@pytest.mark.parametrize(
    ("intensity", "level"), [(0.39, 1), (0.4, 2), (0.64, 2), (0.65, 3), (1.0, 3)]
)
def test_it_asks_for_more_as_the_danger_grows(intensity, level):
    assert next_asked(0.0, True, intensity, P) == level


def test_without_asking_nothing_is_asked_for():
    assert next_asked(0.0, False, 1.0, P) == 0.0


@given(st.floats(0, 3), st.booleans(), st.floats(0, 1))
def test_it_never_asks_for_less_than_before(asked, today, intensity):
    assert next_asked(asked, today, intensity, P) >= asked


def test_each_run_asks_for_itself():
    today = np.array([True, False, True])
    assert next_channel(np.array([0.0, 0.5, 0.5]), today).tolist() == [0.5, 0.5, 1.0]
    intensity = np.array([0.5, 1.0, 1.0])
    assert next_asked(np.zeros(3), today, intensity, P).tolist() == [2.0, 0.0, 3.0]


def test_the_warmth_of_one_that_is_asked_is_its_own():
    alignment, capability = np.array([[0.25], [0.75]]), np.array([[0.5], [0.0]])
    assert warmth(alignment, capability, [1]).tolist() == [0.75]


def test_the_warmth_of_several_counts_the_strong_for_more():
    alignment, capability = np.array([[0.25], [0.75], [0.9]]), np.array([[1.0], [3.0], [5.0]])
    assert warmth(alignment, capability, [0, 1]).tolist() == [(0.25 + 3 * 0.75) / 4]


def test_powerless_addressees_have_no_warmth_to_offer():
    assert warmth(np.array([[1.0], [1.0]]), np.zeros((2, 1)), [0, 1]).tolist() == [0.0]
