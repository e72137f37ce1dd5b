"""The force: estimated from past deployments, sized, shared and sent."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import pytest
import statsmodels.api as sm

from foedus.data.library import load_all
from foedus.model.compilation import deployments, force_law, situation_of
from foedus.model.forces import (
    Deployment,
    ForceLaw,
    claim,
    contribution,
    force_size,
    lag,
    law_of,
    pledges,
    share_in_place,
)
from toys import toy_situation

LAW = ForceLaw(log(1000), 1.0, 0.5, 0.7, log(4), 1.0, 9)
KNOWN = toy_situation(force=LAW, pools=(np.inf,) * 4)


def test_size_is_lognormal_with_the_spread_of_a_prediction():
    law = law_of([Deployment(n, ((0.5, n), (0.1, n)), 1.0) for n in (100.0, 400.0, 1600.0)])
    assert law.size == pytest.approx(log(400))
    assert law.size_spread == pytest.approx(log(4) * sqrt(1 + 1 / 3))
    assert law.n_cases == 3


def test_shares_go_with_the_power_of_capability_found_within_each_case():
    made = [
        Deployment(1.0, tuple((c, k * c**0.6) for c in (0.8, 0.1, 0.02)), 2.0) for k in (10, 100, 3)
    ]
    law = law_of(made)
    assert law.power == pytest.approx(0.6)
    assert law.share_spread == pytest.approx(0.0, abs=1e-9)


def test_power_and_spread_of_shares_are_those_of_least_squares_with_a_constant_for_each_case():
    """statsmodels as the oracle: log troops on log capability and on the case."""
    contingents = [
        ((0.8, 900.0), (0.1, 50.0), (0.05, 80.0)),
        ((0.5, 300.0), (0.3, 320.0)),
        ((0.6, 4000.0), (0.2, 500.0), (0.1, 900.0), (0.04, 100.0)),
    ]
    law = law_of([Deployment(1000.0, sent, 2.0) for sent in contingents])
    rows = [(case, *pair) for case, sent in enumerate(contingents) for pair in sent]
    case, capability, troops = np.array(rows).T
    known = np.column_stack([case == k for k in range(3)]).astype(float)
    fitted = sm.OLS(np.log(troops), np.column_stack([np.log(capability), known])).fit()
    assert law.power == pytest.approx(fitted.params[0])
    assert law.share_spread == pytest.approx(sqrt(fitted.mse_resid))


def test_too_few_deployments_give_no_law():
    assert law_of([Deployment(100.0, ((0.5, 50), (0.1, 50)), 1.0)] * 2) is None


def test_the_crisis_at_hand_and_what_it_is_compared_with_leave_their_own_deployment_out():
    n = len(deployments())
    assert force_law("kazakhstan-2022") != force_law("no such crisis")
    by_id = {case.id: case for case in load_all()}
    own, other = (situation_of(by_id[name]).force for name in (
        "kazakhstan-2022", "kazakhstan-2022-russia-at-war"
    ))  # fmt: skip
    assert own == other
    assert n > 15


def test_the_size_of_a_deployment_is_the_total_or_where_none_is_known_what_the_members_sent():
    """Of a range, the geometric mean of its ends; days are those from decision to arrival."""
    sent = dict(deployments())
    for case in (case for case in load_all() if case.id in sent):
        past, found = case.scenario.history, sent[case.id]
        middle = {s: sqrt(low * high) for s, (low, high) in past.troops.items() if low and high}
        members = sum(n for state, n in middle.items() if state != "total")
        expected = middle.get("total", members or None)
        assert found.total == (None if expected is None else pytest.approx(expected)), case.id
        if past.arrived and past.decided:
            assert found.days == max(0, (past.arrived - past.decided).days)
    assert sent["kazakhstan-2022"].total == pytest.approx(sqrt(2000 * 4000))
    assert sent["kazakhstan-2022"].days == 0


def test_the_median_force_is_the_geometric_mean_and_the_alliances_pool_caps_it():
    assert force_size(KNOWN, 0.0) == pytest.approx(1000)
    assert force_size(KNOWN, 1.0) == pytest.approx(1000 * exp(1))
    assert force_size(replace(KNOWN, alliance_pool=300.0), 0.0) == 300.0


def test_a_claim_grows_less_than_capability_and_never_vanishes():
    assert claim(KNOWN, 0.64, 0.0) / claim(KNOWN, 0.16, 0.0) == pytest.approx(2.0)
    assert claim(KNOWN, 0.0, 0.0) == claim(KNOWN, 0.002, 0.0) > 0


def test_days_to_arrival_are_whole_never_negative_and_at_most_a_year():
    assert lag(KNOWN, np.array([0.0, -9.0, 99.0])).tolist() == [3.0, 0.0, 365.0]


def test_a_contribution_is_whole_and_within_the_members_pool():
    assert contribution(1000.0, 1.0, 3.0, np.inf) == 333.0
    assert contribution(1000.0, 1.0, 3.0, 100.0) == 100.0
    assert contribution(1000.0, 0.0, 0.0, 100.0) == 0.0


def test_supporters_send_and_the_requester_and_an_adversary_do_not():
    x = np.array([[9.0], [9.0], [-9.0], [9.0]])
    capability = np.full((4, 1), 0.25)
    sent = pledges(KNOWN, x, 3.0, capability, np.zeros(1), np.zeros((4, 1)))[:, 0]
    asking = KNOWN.requester
    supporters = [i for i in (0, 1, 3) if i != asking]
    assert [i for i in range(4) if sent[i] > 0] == supporters
    assert sent.sum() == pytest.approx(1000, abs=len(supporters))
    foe = replace(KNOWN, adversary=supporters[0])
    assert pledges(foe, x, 3.0, capability, np.zeros(1), np.zeros((4, 1)))[supporters[0], 0] == 0


def test_no_supporter_sends_nobody():
    nobody = np.full((4, 1), -9.0)
    assert pledges(KNOWN, nobody, 3.0, np.ones((4, 1)), np.zeros(1), np.zeros((4, 1))).sum() == 0


@pytest.mark.parametrize(("troops", "share"), [(0.0, 0.0), (500.0, 0.5), (4000.0, 1.0)])
def test_forces_in_place_count_up_to_the_need(troops, share):
    assert share_in_place(troops, 1000.0) == share


def test_only_the_crises_that_history_answered_so_are_loaded():
    found = [case.id for case in load_all(answered="support")]
    every = [(case.id, case.scenario.history) for case in load_all()]
    assert found == [name for name, past in every if past is not None and past.level == "support"]
    assert found
