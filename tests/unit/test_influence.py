"""Talk against Friedkin and Johnsen (1990): their weights, their fixed point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foedus.model.influence import (
    anchored,
    kept,
    listen,
    pull,
    susceptibility,
    talk,
    talk_in_place,
)
from foedus.model.numbers import added_up

SHARE = st.floats(0, 1)


def listeners(n_members, most=1.0):
    """Susceptibilities, voices (somebody else always speaks), private views, positions."""
    return st.tuples(
        arrays(np.float64, n_members, elements=st.floats(0, most)),
        arrays(np.float64, n_members, elements=st.floats(0.05, 1)),
        arrays(np.float64, n_members, elements=st.floats(-5, 5)),
        arrays(np.float64, n_members, elements=st.floats(-5, 5)),
    )


GROUPS = st.integers(2, 8).flatmap(listeners)
STUBBORN_GROUPS = st.integers(2, 8).flatmap(lambda n: listeners(n, most=0.9))


def weights(voices):
    """The row-stochastic W written out: ``w_ij = c_j / sum_{l != i} c_l``, nothing to oneself."""
    spoken = np.where(np.eye(len(voices)), 0.0, voices)
    return spoken / spoken.sum(axis=1, keepdims=True)


def after(n_rounds, s, voices, private, positions=None):
    """Positions of one run after some rounds of talk."""
    column = np.asarray(voices)[:, None]
    pulls = pull(np.asarray(s)[:, None], column, added_up(column))
    first = private if positions is None else positions
    return talk(np.asarray(first)[:, None], np.asarray(private)[:, None], pulls, column, n_rounds)[
        :, 0
    ]


@given(SHARE)
def test_rho_zero_switches_influence_off_and_rho_one_takes_dependence_at_face_value(d):
    assert susceptibility(d, 0.0) == 0.0
    assert susceptibility(d, 1.0) == pytest.approx(d, abs=1e-15)


@pytest.mark.parametrize(
    ("d", "rho", "s"), [(0.75, 0.5, 0.5), (0.5, 2, 0.75), (0, 3, 0), (1, 0.5, 1), (1, 0, 0)]
)
def test_susceptibility_is_one_minus_independence_to_the_power_of_rho(d, rho, s):
    assert susceptibility(d, rho) == s


@given(SHARE, SHARE, st.floats(0, 10), st.floats(0, 10))
def test_susceptibility_is_a_share_that_grows_with_dependence_and_with_rho(d, more, rho, higher):
    s = susceptibility(d, rho)
    assert 0 <= s <= 1
    assert susceptibility(max(d, more), rho) >= s
    assert susceptibility(d, max(rho, higher)) >= s


@pytest.mark.parametrize("rho", [0.5, 1.0, 1.7, 2.0])
@pytest.mark.parametrize("n_members", [2, 6])
def test_one_exponent_for_all_runs_has_the_bits_of_one_for_each(rho, n_members):
    for seed in range(200):
        dependence = np.random.default_rng(seed).random((n_members, 1))
        for_each = susceptibility(dependence, np.full(9, rho))
        for_all = np.broadcast_to(susceptibility(dependence, rho), for_each.shape)
        assert np.array_equal(for_all, for_each)


@given(GROUPS)
def test_a_round_is_the_update_of_friedkin_and_johnsen_with_explicit_weights(group):
    s, voices, private, positions = group
    by_hand = s * (weights(voices) @ positions) + (1 - s) * private
    assert after(1, *group) == pytest.approx(by_hand, abs=1e-12)


@given(STUBBORN_GROUPS)
def test_many_rounds_lead_to_the_fixed_point_wherever_they_start(group):
    s, voices, private, _ = group
    n = len(s)
    fixed_point = np.linalg.solve(
        np.eye(n) - np.diag(s) @ weights(voices), (np.eye(n) - np.diag(s)) @ private
    )
    assert after(400, *group) == pytest.approx(fixed_point, abs=1e-9)


@given(SHARE, st.floats(-5, 5), st.floats(-5, 5))
def test_of_two_members_the_follower_ends_between_the_leader_and_its_own_view(a, u1, u2):
    assert after(1, [0.0, a], [1.0, 1.0], [u1, u2]) == pytest.approx([u1, a * u1 + (1 - a) * u2])


@given(GROUPS, st.integers(0, 5))
def test_nobody_is_talked_beyond_the_views_that_are_held(group, n_rounds):
    _, _, private, positions = group
    held = np.concatenate([private, positions])
    moved = after(n_rounds, *group)
    assert (moved >= held.min() - 1e-12).all()
    assert (moved <= held.max() + 1e-12).all()


@given(GROUPS, st.integers(0, 5))
def test_no_rounds_move_nobody_and_the_unsusceptible_return_to_their_own_view(group, n_rounds):
    _, voices, private, positions = group
    assert after(0, *group).tolist() == positions.tolist()
    deaf = np.zeros(len(voices))
    assert after(n_rounds + 1, deaf, voices, private, positions).tolist() == private.tolist()


def test_whoever_hears_nobody_keeps_its_private_view():
    assert pull(0.9, 0.0, 0.0) == 0.0
    assert after(3, [0.9, 0.9], [1.0, 0.0], [1.0, -1.0]).tolist() == [1.0, 0.1 * -1 + 0.9 * 1]


def test_a_silent_member_hears_but_is_not_heard():
    with_it = after(4, [0.5, 0.5, 0.5], [1.0, 2.0, 0.0], [1.0, -1.0, 5.0])
    without = after(4, [0.5, 0.5], [1.0, 2.0], [1.0, -1.0])
    assert with_it[:2].tolist() == without.tolist()
    assert with_it[2] < 5.0


def test_all_speak_before_anybody_moves():
    assert after(1, [1.0, 1.0], [1.0, 1.0], [3.0, -2.0]).tolist() == [-2.0, 3.0]


def test_anchor_and_listening_are_the_two_halves_of_a_round():
    drawn = pull(0.5, 1.0, 4.0)
    anchor = anchored(2.0, drawn, 1.0, 4.0)
    assert anchor == pytest.approx(0.5 * 2.0)
    assert listen(7.0, anchor, drawn, 1.0, 1.0 * 7.0 + 3.0 * 4.0) == pytest.approx(1 + 0.5 * 4)


@given(GROUPS, st.integers(0, 6))
def test_talk_in_place_has_the_bits_of_talk(group, n_rounds):
    s, voices, private, positions = (np.asarray(row)[:, None] for row in group)
    pulls = pull(s, voices, added_up(voices))
    anchors = kept(pulls, voices, added_up(voices)) * private
    moved, said, spoken = positions.copy(), np.empty_like(positions), np.empty(1)
    talk_in_place(moved, anchors, pulls, voices, n_rounds, said=said, spoken=spoken)
    assert moved.tolist() == talk(positions, private, pulls, voices, n_rounds).tolist()
