"""Talk against Friedkin and Johnsen (1990): weights, rounds, and their fixed point."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foedus.model.influence import (
    attachment,
    ears_of,
    heard_weights,
    susceptibility,
    talk,
    talk_in_place,
)
from foedus.model.situation import Codes
from toys import toy_situation

LEAD = 3  # of the toy's four members
SHARE = st.floats(0, 1)
SITUATION = toy_situation()
GROUPS = st.tuples(
    arrays(np.float64, 4, elements=SHARE),
    arrays(np.float64, 4, elements=st.floats(0.05, 1)),
    arrays(np.float64, 4, elements=st.floats(-5, 5)),
    arrays(np.float64, 4, elements=st.floats(-5, 5)),
)


def heard_by(depends, capability, rho=1.0, situation=SITUATION):
    stated = {i: 0.0 if i == LEAD else d for i, d in enumerate(depends)}
    rows = {"capability": np.array(capability)[:, None], "dependence": np.zeros((4, 1))}
    return ears_of(replace(situation, stated_dependence=stated), Codes({}, rows), {"rho": rho})


def row_weights(depends, capability):
    """W written out: ``w_ip = a_i``, ``w_ij = (1 - d_i) c_j / sum_{l != i} c_l``."""
    rows = np.zeros((4, 4))
    for i in range(4):
        d = 0.0 if i == LEAD else depends[i]
        others = sum(c for j, c in enumerate(capability) if j != i)
        for j in range(4):
            if j != i:
                rows[i, j] = (1 - d) * capability[j] / others + (d if j == LEAD else 0.0)
    return rows


@given(SHARE)
def test_rho_zero_switches_influence_off_and_rho_one_takes_attachment_at_face_value(a):
    assert susceptibility(a, 0.0) == 0.0
    assert susceptibility(a, 1.0) == pytest.approx(a, abs=1e-15)


@given(SHARE, st.floats(0, 1), st.floats(0.01, 2))
def test_attachment_is_dependence_and_beyond_it_the_weight_of_the_lead_states_power(d, c, others):
    a = attachment(d, c, others)
    assert a == pytest.approx(d + (1 - d) * min(c / others, 1))
    assert d - 1e-12 <= a <= 1 + 1e-12
    assert attachment(d, c, 0.0) == d


@given(GROUPS)
def test_what_a_member_hears_adds_up_to_its_susceptibility(group):
    depends, capability, _, _ = group
    ears = heard_by(depends, capability)
    heard = heard_weights(ears, LEAD)
    assert heard.sum(axis=1) == pytest.approx(ears.susceptibility[:, 0], abs=1e-12)
    s = ears.susceptibility[:, :1]
    assert heard == pytest.approx(s * row_weights(depends, capability), abs=1e-12)


@given(GROUPS, st.integers(0, 6))
def test_a_round_is_the_written_out_equation(group, n_rounds):
    depends, capability, private, first = group
    ears = heard_by(depends, capability)
    s, w = ears.susceptibility[:, 0], row_weights(depends, capability)
    expected = first
    for _ in range(n_rounds):
        expected = s * (w @ expected) + (1 - s) * private
    found = talk(first[:, None], private[:, None], ears, LEAD, n_rounds)[:, 0]
    assert found == pytest.approx(expected, abs=1e-9)


@given(GROUPS)
def test_many_rounds_reach_the_fixed_point_of_friedkin_and_johnsen(group):
    depends, capability, private, _ = group
    ears = heard_by(0.9 * depends, capability, rho=0.5)
    s, w = np.diag(ears.susceptibility[:, 0]), row_weights(0.9 * depends, capability)
    fixed = np.linalg.solve(np.eye(4) - s @ w, (np.eye(4) - s) @ private)
    found = talk(private[:, None], private[:, None], ears, LEAD, 4000)[:, 0]
    assert found == pytest.approx(fixed, abs=1e-6)


@given(GROUPS)
def test_without_influence_everybody_keeps_its_view(group):
    depends, capability, private, _ = group
    ears = heard_by(depends, capability, rho=0.0)
    assert talk(private[:, None], private[:, None], ears, LEAD, 4).tolist() == (
        private[:, None].tolist()
    )


@given(GROUPS)
def test_the_lead_state_is_moved_by_nobody(group):
    depends, capability, private, _ = group
    moved = talk(private[:, None], private[:, None], heard_by(depends, capability), LEAD, 4)
    assert moved[LEAD, 0] == private[LEAD]


def test_who_depends_wholly_stands_where_the_lead_state_stood_a_round_before():
    ears = heard_by([1.0, 0.5, 0.0, 0.0], [0.1, 0.1, 0.1, 0.7])
    private = np.array([[-3.0], [0.0], [1.0], [2.0]])
    assert talk(private, private, ears, LEAD, 1)[0, 0] == pytest.approx(2.0)


def test_an_adversary_is_heard_by_nobody_and_a_lead_state_that_is_one_leads_nobody():
    ears = heard_by(
        [0.5, 0.5, 0.5, 0.0], [0.1, 0.1, 0.1, 0.7], situation=toy_situation(adversary=1)
    )
    assert heard_weights(ears, LEAD)[:, 1].tolist() == [0.0] * 4
    ears = heard_by(
        [0.5, 0.5, 0.5, 0.0], [0.1, 0.1, 0.1, 0.7], situation=toy_situation(adversary=LEAD)
    )
    assert heard_weights(ears, LEAD)[:, LEAD].tolist() == [0.0] * 4


@given(GROUPS, st.integers(0, 5))
def test_talk_in_place_gives_the_same_bits(group, n_rounds):
    depends, capability, private, first = group
    ears = heard_by(depends, capability)
    columns, views = np.tile(first[:, None], (1, 3)), np.tile(private[:, None], (1, 3))
    expected = talk(columns, views, ears, LEAD, n_rounds)
    talk_in_place(
        columns, ears.kept * views, ears, LEAD, n_rounds,
        said=np.empty_like(columns), spoken=np.empty(3),
    )  # fmt: skip
    assert columns.tolist() == expected.tolist()
