"""Who sends how many: tokens from all, the bulk from the eager and capable, never too much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.model.forces import company, contribution, eagerness, share_in_place
from foedus.model.numbers import added_up


@pytest.mark.parametrize("omega", [0.05, 1.0, 20.0])
def test_a_supporter_at_the_bar_claims_half_its_capability(omega):
    assert eagerness(2.0, 2.0, 0.5, omega) == 0.25


@pytest.mark.parametrize(("distance", "odds"), [(0.0, 1), (1.0, np.e), (2.0, np.e**2)])
def test_the_odds_of_a_claim_grow_by_e_for_each_omega_above_the_bar(distance, odds):
    claim = eagerness(1.0 + 2.0 * distance, 1.0, 1.0, 2.0)
    assert claim / (1 - claim) == pytest.approx(odds)


def test_a_claim_far_from_the_bar_is_nothing_or_all_without_overflow():
    with np.errstate(all="raise", under="ignore"):
        assert eagerness(-1e6, 0.0, 0.5, 0.05) == pytest.approx(0.0, abs=1e-300)
        assert eagerness(1e6, 0.0, 0.5, 0.05) == 0.5


def test_a_supporter_sends_its_token_and_its_share_of_the_rest():
    assert contribution(0.75, 1.0, 120.0, 1000.0, np.inf) == 870.0


def test_a_supporter_without_a_claim_sends_its_token_alone():
    assert contribution(0.0, 0.4, 120.0, 1000.0, np.inf) == 120.0
    assert contribution(0.0, 0.0, 120.0, 1000.0, np.inf) == 120.0


@pytest.mark.parametrize(("pool", "men"), [(500.0, 500), (60.0, 60), (0.0, 0)])
def test_a_pool_caps_the_token_and_the_rest_alike(pool, men):
    assert contribution(0.75, 1.0, 120.0, 1000.0, pool) == men


def test_men_are_whole():
    assert contribution(1.0, 3.0, 0.0, 1000.0, np.inf) == 333.0


@given(
    st.lists(st.floats(0.01, 1), min_size=1, max_size=8),
    st.integers(0, 300),
    st.integers(0, 10_000),
)
def test_all_tokens_and_shares_add_up_to_the_need_but_for_rounding_down(claims, token, rest):
    sent = [contribution(c, added_up(claims), token, rest, np.inf) for c in claims]
    need = token * len(claims) + rest
    assert need - len(claims) <= added_up(sent) <= need + 1e-6


@pytest.mark.parametrize(("troops", "share"), [(0, 0), (500, 0.25), (2000, 1), (5000, 1)])
def test_a_force_counts_as_a_share_of_the_need_and_never_more_than_all(troops, share):
    assert share_in_place(troops, 2000.0) == share


@pytest.mark.parametrize(
    ("n_senders", "pool", "men"),
    [(3, np.inf, 120), (3, 360, 120), (3, 300, 100), (4, 100, 25), (0, 0, 0), (0, 500, 120)],
)
def test_a_token_company_shrinks_where_the_alliance_has_too_few_for_all(n_senders, pool, men):
    assert company(120.0, n_senders, pool) == men
