"""Private willingness is the sum of section 3, term by term."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.model.numbers import added_up
from foedus.model.willingness import (
    crisis_terms,
    insistence,
    member_terms,
    need,
    private_view,
)

# A prime for each weight, so that no two terms can be mistaken for one another.
WEIGHTS = {
    "b_baseline": 2.0,
    "b_mandate": 3.0,
    "b_external": 5.0,
    "b_territory": 7.0,
    "b_need": 11.0,
    "b_escalation": 13.0,
    "b_request": 17.0,
    "b_institution": 19.0,
    "b_alignment": 23.0,
    "b_stake": 29.0,
    "b_ties": 31.0,
    "b_overextension": 37.0,
}
ALL_ONE = {"mandate": 1.0, "external": 1.0, "territory": 1.0, "escalation": 1.0, "institution": 1.0}
MEMBER_ONE = {"alignment": 1.0, "stake": 1.0, "ties": 1.0, "overextension": 1.0}
BARS = (-1.0, 1.0, 3.0)


def test_each_crisis_term_is_its_weight_with_the_sign_of_section_3():
    assert crisis_terms({**ALL_ONE, "territory": 0.0}, WEIGHTS) == {
        "baseline": 2.0,
        "mandate": 3.0,
        "external": 5.0,
        "territory": -7.0,
        "escalation": -13.0,
        "institution": 19.0,
    }


def test_each_member_term_is_its_weight_with_the_sign_of_section_3():
    assert member_terms(MEMBER_ONE, WEIGHTS) == {
        "alignment": 23.0,
        "stake": 29.0,
        "ties": -31.0,
        "overextension": -37.0,
    }


def test_terms_are_linear_in_the_codes():
    half = crisis_terms(dict.fromkeys(ALL_ONE, 0.5), WEIGHTS)
    assert list(half.values()) == [2.0, 1.5, 2.5, -3.5, -6.5, 9.5]


def test_help_on_the_requesters_own_soil_costs_nothing():
    assert crisis_terms(ALL_ONE, WEIGHTS)["territory"] == 0.0


@pytest.mark.parametrize(
    ("intensity", "capacity", "pull"),
    [(1, 0, 11), (0.5, 0.5, 2.75), (1, 1, 0), (0, 0, 0)],
)
def test_need_is_the_danger_that_the_requester_cannot_meet_alone(intensity, capacity, pull):
    assert need(intensity, capacity, WEIGHTS["b_need"]) == pull


@pytest.mark.parametrize(("channel", "cost"), [(0, -17), (0.5, -8.5), (1, 0)])
def test_only_a_formal_request_is_free(channel, cost):
    assert informality(channel, WEIGHTS["b_request"]) == cost


def test_a_whole_view_is_the_sum_of_all_terms():
    p = {**defaults(), **dict.fromkeys(WEIGHTS, 1.3), "b_baseline": 0.0}
    view = (
        added_up(crisis_terms({**ALL_ONE, "escalation": 0.25}, p).values())
        + added_up(member_terms({**MEMBER_ONE, "ties": 0.0, "overextension": 0.5}, p).values())
        + need(0.75, 0.5, p["b_need"])
        + informality(0.75, p["b_request"])
    )
    by_hand = 1.3 * (1 + 1 - 0 - 0.25 + 1 + 1 + 1 - 0 - 0.5 + 0.75 * 0.5 - 0.25)
    assert view == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("asked", "floor"),
    [(0, -9), (0.5, -1), (1, -1), (1.5, 1), (2, 1), (2.5, 3), (3, 3)],
)
def test_the_requester_stands_at_least_at_the_bar_of_what_it_asks(asked, floor):
    assert private_view(-9.0, 0.0, insists=insistence(asked, BARS)) == floor


@given(st.floats(-9, 9), st.floats(0, 3))
def test_insisting_never_makes_the_requester_less_willing(private, asked):
    assert private_view(private, 0.0, insists=insistence(asked, BARS)) >= private


def test_each_run_insists_on_what_it_asks():
    asked = np.array([0.0, 1.0, 2.0, 3.0])
    assert private_view(np.full(4, -9.0), 0.0, insists=insistence(asked, BARS)).tolist() == [
        -9.0,
        -1.0,
        1.0,
        3.0,
    ]
