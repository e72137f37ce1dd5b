"""Shapley values: exact where all coalitions are known, telescoping where orders are sampled."""

import numpy as np
import pytest

from foedus.analysis.explain.attribution import (
    attribute_difference,
    errors_of,
    pivotal_members,
    shapley_values,
)
from foedus.model.ensemble import prepare


def test_shapley_values_of_the_glove_game():
    """One left glove, two right gloves: 2/3, 1/6, 1/6."""
    players = ["left", "right1", "right2"]
    worth = {}
    for mask in range(8):
        coalition = frozenset(p for k, p in enumerate(players) if mask >> k & 1)
        pair = "left" in coalition and coalition & {"right1", "right2"}
        worth[coalition] = 1.0 if pair else 0.0
    values = shapley_values(players, worth)
    assert values == pytest.approx({"left": 2 / 3, "right1": 1 / 6, "right2": 1 / 6})


def test_an_order_and_its_reverse_count_as_one_witness():
    """Two players worth something together alone: every pair of orders says one half each."""
    together = np.array([[0.0, 1.0], [1.0, 0.0]] * 3)
    assert errors_of(together).tolist() == [0.0, 0.0]
    apart = np.array([[0.0], [0.0], [1.0], [1.0]])
    assert errors_of(apart) == pytest.approx([0.5])


def test_shares_add_up_to_the_difference_exactly():
    first, second = prepare("armenia-2020"), prepare("kazakhstan-2022")
    found = attribute_difference(first, second, n_orders=6, n_runs=200)
    total = sum(share.value for share in found.shares)
    assert total == pytest.approx(found.p_carried - found.p_first, abs=1e-12)
    assert found.p_carried + found.make_up == pytest.approx(found.p_second)


def test_a_crisis_against_itself_leaves_nothing_to_explain():
    setup = prepare("kazakhstan-2022")
    with pytest.raises(ValueError, match="nothing differs"):
        attribute_difference(setup, setup, n_orders=2, n_runs=50)


def test_the_patron_is_the_pivot_where_it_decides_alone():
    pivots = pivotal_members(prepare("kazakhstan-2022", rule="patron"), n_runs=300)
    assert pivots[0].state == "RUS"
    assert pivots[0].p_lower > 0.1
    assert all(pivot.p_lower == pivot.p_higher == 0 for pivot in pivots[1:])
