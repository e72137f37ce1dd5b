from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.plots.marks import spread_out

PLACES = st.lists(st.floats(-3, 3), min_size=1, max_size=12)


@given(PLACES, st.floats(0.01, 1))
def test_no_two_labels_are_nearer_than_the_gap_where_there_is_room(wanted, gap):
    placed = sorted(spread_out(wanted, gap, -20, 20))
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(placed))


@given(PLACES, st.floats(0.01, 1))
def test_labels_stay_inside_and_keep_their_order(wanted, gap):
    placed = spread_out(wanted, gap, -2, 2)
    assert all(-2 - 1e-9 <= y <= 2 + 1e-9 for y in placed)
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    assert [placed[i] for i in order] == sorted(placed)


def test_labels_that_do_not_collide_stay_where_they_are():
    assert spread_out([2.0, 0.0, 1.0], 0.5, -1, 3) == (2.0, 0.0, 1.0)


def test_two_labels_at_one_place_move_apart_by_the_same_way():
    assert spread_out([1.0, 1.0], 0.4, 0, 2) == pytest.approx((0.8, 1.2))


def test_the_gap_shrinks_where_the_interval_is_too_short():
    assert spread_out([0.5] * 5, 1.0, 0, 1) == pytest.approx((0, 0.25, 0.5, 0.75, 1))


def test_nothing_to_place_is_no_fault():
    assert spread_out([], 1, 0, 1) == ()
