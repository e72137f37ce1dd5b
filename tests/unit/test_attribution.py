"""Shapley values: exact where all coalitions are known, telescoping where orders are sampled."""

import numpy as np
import pytest

from foedus.analysis.explain import control
from foedus.analysis.explain.attribution import (
    _contributions,
    attribute_difference,
    errors_of,
)
from foedus.analysis.explain.control import pivotal_members
from foedus.errors import UsageError
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare


def test_shapley_values_of_the_glove_game():
    """One left glove, two right gloves: 2/3, 1/6, 1/6."""
    found = _contributions(["left", "right1", "right2"], worth_of_gloves, 2000, seed=1)
    assert found.shape == (2000, 3)
    assert (found.sum(axis=1) == 1).all()
    away = found.mean(axis=0) - [2 / 3, 1 / 6, 1 / 6]
    assert (np.abs(away) < 4 * errors_of(found)).all()
    assert (errors_of(found) < 0.015).all()


def worth_of_gloves(coalition):
    return float("left" in coalition and len(coalition) > 1)


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
    with pytest.raises(UsageError, match="kazakhstan-2022 is compared with itself"):
        attribute_difference(setup, setup, n_orders=2, n_runs=50)


def test_the_patron_is_the_pivot_where_it_decides_alone():
    pivots = pivotal_members(prepare("kazakhstan-2022", rule="patron"), n_runs=300)
    assert pivots[0].state == "RUS"
    assert pivots[0].p_lower > 0.1
    assert all(pivot.p_lower == pivot.p_higher == 0 for pivot in pivots[1:])


def test_who_decides_on_the_request_is_a_player_of_its_own():
    first = prepare("kyrgyzstan-2010")
    found = attribute_difference(
        first, prepare("kyrgyzstan-2010", endogenous=True), n_orders=4, n_runs=300
    )
    (share,) = found.shares
    p_first, p_second = (
        np.mean(ensemble(prepare("kyrgyzstan-2010", drawn_codes=False, endogenous=e), 300)
                .outcome.level == 3)
        for e in (False, True)
    )  # fmt: skip
    assert share.name == "requester decides"
    assert (found.p_first, found.p_carried) == (p_first, p_second)
    assert share.value == pytest.approx(p_second - p_first)
    assert abs(share.value) > 0.03


def test_a_difference_between_crises_whose_requesters_decide_is_that_of_their_ensembles():
    names = ("kyrgyzstan-2010", "kazakhstan-2022")
    first, second = (prepare(name, drawn_codes=False, endogenous=True) for name in names)
    found = attribute_difference(first, second, n_orders=4, n_runs=200)
    ours = [np.mean(ensemble(setup, 200).outcome.level == 3) for setup in (first, second)]
    assert [found.p_first, found.p_second] == pytest.approx(ours)


def test_a_member_is_no_pivot_of_a_request_that_it_never_hears():
    """Where the requester decides, a cold lead state is asked less often."""
    scheduled, decides = (
        {p.state: p for p in pivotal_members(prepare("kyrgyzstan-2010", endogenous=e), 300)}
        for e in (False, True)
    )
    assert decides["RUS"].p_lower != scheduled["RUS"].p_lower


@pytest.mark.parametrize(
    ("codes", "player"),
    [
        ({"RUS.alignment": 0.0}, "patron.alignment"),
        ({f"{s}.alignment": 0.0 for s in ("ARM", "BLR", "KGZ", "TJK")}, "others.alignment"),
    ],
)
def test_a_difference_in_one_place_is_wholly_that_places_doing(codes, player):
    first = prepare("kazakhstan-2022", {"rho": 0.0}, drawn_codes=False)
    second = prepare("kazakhstan-2022", {"rho": 0.0, **codes}, drawn_codes=False)
    found = attribute_difference(first, second, n_orders=4, n_runs=300)
    (share,) = found.shares
    assert share.name == player
    assert share.value == pytest.approx(found.p_second - found.p_first)
    assert found.make_up == pytest.approx(0.0)
    assert share.value < -0.05


def test_a_pivot_is_counted_in_the_runs_whose_answer_its_alignment_moves():
    setup, n = prepare("kyrgyzstan-2010"), 200
    now = ensemble(setup, n).outcome.level
    found = {pivot.state: pivot for pivot in pivotal_members(setup, n)}
    assert "KGZ" not in found
    for state, pivot in found.items():
        low, high = (
            ensemble(prepare("kyrgyzstan-2010", {f"{state}.alignment": at}), n).outcome.level
            for at in (0, 1)
        )
        assert (pivot.p_lower, pivot.p_higher) == ((low < now).mean(), (high > now).mean())
    assert max(pivot.p_higher for pivot in found.values()) > 0
    often = [pivot.p_lower + pivot.p_higher for pivot in pivotal_members(setup, n)]
    assert often == sorted(often, reverse=True)


def test_a_pivot_counts_lower_and_higher_answers_apart(monkeypatch):
    def levels(setup, moved, n_runs, seed):
        (end,) = moved.values() or (None,)
        return np.array({None: [1, 1, 1, 1], 0.0: [0, 2, 2, 1], 1.0: [3, 0, 1, 1]}[end])

    monkeypatch.setattr(control, "_levels", levels)
    for pivot in pivotal_members(prepare("kazakhstan-2022")):
        assert (pivot.p_lower, pivot.p_higher) == (0.25, 0.25)
