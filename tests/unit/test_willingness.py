"""Private willingness: each term by hand, its sign, and the requester's insistence."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.data.register import defaults
from foedus.model.council import thresholds
from foedus.model.willingness import (
    crisis_terms,
    insistence,
    member_terms,
    need,
    private_view,
)

P = defaults()
WEIGHTS = {
    "b_baseline": 2.0,
    "b_mandate": 3.0,
    "b_escalation": 5.0,
    "b_alignment": 7.0,
    "b_stake": 11.0,
    "b_ties": 13.0,
    "b_overextension": 17.0,
    "b_exposure": 19.0,
}
CRISIS = {"mandate": 0.5, "escalation": 0.25}
STANDING = {"alignment": 0.75, "stake": 0.5, "ties": 0.25, "overextension": 1.0}


def test_terms_of_the_crisis_are_weight_times_code():
    assert crisis_terms(CRISIS, WEIGHTS) == {
        "baseline": 2.0,
        "mandate": 1.5,
        "escalation": -1.25,
    }


def test_terms_of_a_member_are_weight_times_code_and_exposure_is_escalation_times_own_ties():
    assert member_terms(STANDING, CRISIS["escalation"], WEIGHTS) == {
        "alignment": 5.25,
        "stake": 5.5,
        "ties": -3.25,
        "overextension": -17.0,
        "exposure": -19.0 * 0.0625,
    }


@pytest.mark.parametrize(
    ("intensity", "capacity", "expected"),
    [(0.0, 0.0, 0.0), (1.0, 0.0, 2.6), (1.0, 1.0, 1.3), (0.5, 0.5, 0.975)],
)
def test_a_danger_counts_and_once_more_as_far_as_it_cannot_be_met_alone(
    intensity, capacity, expected
):
    assert need(intensity, capacity, 1.3) == pytest.approx(expected)


@pytest.mark.parametrize(("asked", "level"), [(0.5, 0), (1, 0), (1.5, 1), (2, 1), (2.5, 2), (3, 2)])
def test_the_requester_insists_on_the_plain_threshold_of_what_it_asks(asked, level):
    assert insistence(asked, P) == thresholds(P)[level]
    assert private_view(-9.0, 0.0, insists=insistence(asked, P)) == thresholds(P)[level]


def test_who_asks_for_nothing_insists_on_nothing():
    assert insistence(0.0, P) == -np.inf
    assert private_view(-9.0, 0.5, insists=insistence(0.0, P)) == -8.5


def test_no_case_of_the_treaty_moves_what_the_requester_insists_on():
    louder = P | {"treaty_bar": 9.0, "gamma": 9.0}
    assert insistence(3.0, louder) == insistence(3.0, P)


def test_insisting_never_makes_the_requester_less_willing():
    views = np.linspace(-5, 5, 21)
    for asked in (0, 1, 2, 3):
        assert (private_view(views, 0.0, insists=insistence(asked, P)) >= views).all()
