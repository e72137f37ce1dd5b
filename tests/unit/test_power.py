"""Voting power against the literature, against brute force, and against its own invariants."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.analysis.power_indices import (
    banzhaf,
    can_block,
    game_of,
    penrose,
    shapley_shubik,
    swings,
    swings_under,
)
from foedus.data.terms import Rule
from foedus.errors import InputError
from foedus.model.council import PASSES, Ballot

INDICES = (shapley_shubik, banzhaf, penrose)
EEC_1958 = np.array([4, 4, 4, 2, 2, 1]), 12
EU_15 = np.array([10] * 4 + [8] + [5] * 4 + [4] * 2 + [3] * 3 + [2]), 62
SECURITY_COUNCIL = np.array([7] * 5 + [1] * 10), 39


@st.composite
def games(draw):
    weights = draw(st.lists(st.integers(0, 7), min_size=1, max_size=6).filter(any))
    return np.array(weights), draw(st.integers(1, sum(weights)))


def shapley_by_orders(weights, quota):
    orders = list(permutations(range(len(weights))))
    pivots = [order[np.searchsorted(weights[[*order]].cumsum(), quota)] for order in orders]
    return tuple(Fraction(pivots.count(i), len(orders)) for i in range(len(weights)))


def swings_by_coalitions(weights, quota):
    members = range(len(weights))
    return tuple(
        tuple(
            sum(
                quota - weights[i] <= weights[list(coalition)].sum() < quota
                for coalition in combinations([j for j in members if j != i], size)
            )
            for size in members
        )
        for i in members
    )


def test_the_eec_council_of_1958_left_luxembourg_without_power():
    large, medium = Fraction(7, 30), Fraction(3, 20)
    assert shapley_shubik(swings(*EEC_1958)) == (large,) * 3 + (medium,) * 2 + (0,)
    assert float(large) == pytest.approx(0.2333, abs=5e-5)
    assert banzhaf(swings(*EEC_1958)) == (Fraction(10, 42),) * 3 + (Fraction(6, 42),) * 2 + (0,)


def test_a_veto_in_the_security_council_is_worth_a_hundred_elected_seats():
    power = shapley_shubik(swings(*SECURITY_COUNCIL))
    assert len(set(power[:5])) == len(set(power[5:])) == 1
    assert float(power[0]) == pytest.approx(0.19627, abs=5e-6)
    assert float(power[-1]) == pytest.approx(0.001865, abs=5e-7)


def test_banzhaf_gives_the_veto_in_the_security_council_ten_elected_seats():
    power = banzhaf(swings(*SECURITY_COUNCIL))
    assert power == (Fraction(848, 5080),) * 5 + (Fraction(84, 5080),) * 10


def test_the_council_of_the_fifteen_has_the_banzhaf_indices_of_leech_2002():
    """Leech (2002), European Journal of Political Research 41(4), doi:10.1111/1475-6765.00019."""
    power = dict(zip(EU_15[0].tolist(), banzhaf(swings(*EU_15)), strict=True))
    published = {10: 0.1116, 8: 0.0924, 5: 0.0587, 4: 0.0479, 3: 0.0359, 2: 0.0226}
    assert {votes: round(float(share), 4) for votes, share in power.items()} == published


def test_only_those_without_whom_the_rest_fall_short_can_block():
    assert can_block(swings(*SECURITY_COUNCIL)) == (True,) * 5 + (False,) * 10
    assert not any(can_block(swings(*EEC_1958)))


def by_the_council(rule, capability, patron, room):
    """Swings counted by asking the council's own code about every set of supporters."""
    n = len(capability)

    def passes(supporters):
        says = [np.bool_(i in supporters) for i in range(n)]
        return bool(
            PASSES[rule](
                Ballot(
                    supports=says,
                    objects=[np.bool_(not said and not room) for said in says],
                    positions=[1.0 if said else -1.0 for said in says],
                    capability=list(capability),
                    patron_supports=says[patron],
                    bar=0.0,
                )
            )
        )

    return tuple(
        tuple(
            sum(
                passes({i, *others}) and not passes(set(others))
                for others in combinations([j for j in range(n) if j != i], size)
            )
            for size in range(n)
        )
        for i in range(n)
    )


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 1000), min_size=0, max_size=4),
    rule=st.sampled_from(Rule),
    room=st.booleans(),
    data=st.data(),
)
def test_each_rule_plays_the_game_that_the_council_plays(cuts, rule, room, data):
    capability = np.diff([0, *sorted(cuts), 1000]).astype(float)
    patron = data.draw(st.integers(0, len(capability) - 1))
    game = game_of(rule, capability, patron, room)
    assert swings(*game) == by_the_council(rule, capability, patron, room)


def test_with_room_to_stand_aside_consensus_gives_all_power_to_who_holds_half():
    assert shapley_shubik(swings(*game_of(Rule.CONSENSUS, np.array([5, 3, 2]), None, True))) == (
        Fraction(2, 3),
        Fraction(1, 6),
        Fraction(1, 6),
    )
    over_half = game_of(Rule.CONSENSUS, np.array([51, 29, 20]), None, True)
    assert shapley_shubik(swings(*over_half)) == (1, 0, 0)


@given(games())
def test_shapley_shubik_is_the_share_of_orders_in_which_a_member_is_pivotal(game):
    assert shapley_shubik(swings(*game)) == shapley_by_orders(*game)


@given(games())
def test_swings_are_those_found_by_listing_every_coalition(game):
    assert swings(*game) == swings_by_coalitions(*game)


@given(games())
def test_banzhaf_and_penrose_are_the_listed_swings_over_their_sum_and_over_all_votes(game):
    totals = [sum(row) for row in swings_by_coalitions(*game)]
    assert banzhaf(swings(*game)) == tuple(Fraction(total, sum(totals)) for total in totals)
    assert penrose(swings(*game)) == tuple(
        Fraction(total, 2 ** (len(totals) - 1)) for total in totals
    )


@given(games())
def test_the_two_normalised_indices_sum_to_one_and_the_penrose_measure_is_a_probability(game):
    assert sum(shapley_shubik(swings(*game))) == sum(banzhaf(swings(*game))) == 1
    assert all(0 <= p <= 1 for p in penrose(swings(*game)))


@pytest.mark.parametrize("index", INDICES)
@given(game=games())
def test_a_member_without_votes_is_a_dummy_and_takes_nothing_from_the_others(index, game):
    weights, quota = game
    assert index(swings(np.append(weights, 0), quota)) == (*index(swings(weights, quota)), 0)


@pytest.mark.parametrize("index", INDICES)
@given(game=games(), data=st.data())
def test_power_follows_its_member_when_the_members_change_places(index, game, data):
    weights, quota = game
    order = data.draw(st.permutations(range(len(weights))))
    power = index(swings(weights, quota))
    assert index(swings(weights[order], quota)) == tuple(power[i] for i in order)


@pytest.mark.parametrize("index", INDICES)
@given(game=games())
def test_more_votes_never_mean_less_power(index, game):
    power = index(swings(*game))
    ranked = [power[i] for i in np.argsort(game[0], kind="stable")]
    assert ranked == sorted(ranked)


@pytest.mark.parametrize("index", INDICES)
@given(game=games(), unit=st.integers(2, 5))
def test_power_does_not_depend_on_the_unit_in_which_votes_are_counted(index, game, unit):
    weights, quota = game
    assert index(swings(weights * unit, quota * unit)) == index(swings(weights, quota))


def test_counts_stay_exact_far_beyond_sixty_four_bits():
    weights = np.ones(101, dtype=np.int64)
    assert penrose(swings(weights, 51)) == (Fraction(comb(100, 50), 2**100),) * 101
    assert shapley_shubik(swings(weights, 51)) == (Fraction(1, 101),) * 101


def test_thirty_members_with_two_thousand_votes_are_counted_exactly():
    weights = np.arange(52, 82)
    assert weights.sum() == 1995
    for quota in (998, 1995):
        assert sum(shapley_shubik(swings(weights, quota))) == 1
    assert set(shapley_shubik(swings(weights, 1995))) == {Fraction(1, 30)}


@pytest.mark.parametrize("index", INDICES)
@pytest.mark.parametrize("quota", [0, -1, 7, 2.5])
def test_a_quota_that_is_never_or_always_reached_is_refused(index, quota):
    with pytest.raises(ValueError, match="quota must be a whole number from 1 to 6"):
        index(swings(np.array([3, 2, 1]), quota))


@pytest.mark.parametrize("weights", [[2, -1], [1.5, 1.0], [[1, 1]], [True, True], []])
def test_weights_that_are_not_a_row_of_counts_are_refused(weights):
    with pytest.raises(ValueError, match="non-negative integers"):
        swings(np.array(weights), 1)


@pytest.mark.parametrize("rule", [Rule.UNANIMITY, Rule.CONSENSUS])
@pytest.mark.parametrize("index", [shapley_shubik, banzhaf])
@pytest.mark.parametrize("n", [1, 5, 6, 30])
def test_where_each_can_block_all_have_the_same_power(rule, index, n):
    assert index(swings(*game_of(rule, np.linspace(0, 1, n), 0))) == (Fraction(1, n),) * n


@pytest.mark.parametrize("index", INDICES)
def test_where_the_patron_decides_it_has_all_the_power(index):
    assert index(swings(*game_of(Rule.PATRON, np.ones(5), 2))) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize(("n", "majority", "two_thirds"), [(1, 1, 1), (5, 3, 4), (6, 4, 4)])
def test_a_majority_is_more_than_half_and_two_thirds_at_least_that(n, majority, two_thirds):
    for rule, expected in [(Rule.MAJORITY, majority), (Rule.TWO_THIRDS, two_thirds)]:
        weights, quota = game_of(rule, np.ones(n), None)
        assert (weights.tolist(), quota) == ([1] * n, expected)


def test_weighted_votes_are_thousandths_of_all_power_and_the_smallest_army_keeps_one():
    weights, quota = game_of(Rule.WEIGHTED, np.array([70.0, 29.99, 0.01, 0.0]), None)
    assert (weights.tolist(), quota) == ([700, 300, 1, 0], 501)
    assert shapley_shubik(swings(weights, quota)) == (1, 0, 0, 0)


def test_exactly_half_of_the_weighted_votes_passes_nothing():
    weights, quota = game_of(Rule.WEIGHTED, np.array([0.5, 0.5]), None)
    assert penrose(swings(weights, quota)) == penrose(swings(np.array([1, 1]), 2))


@settings(max_examples=30)
@given(
    capability=st.lists(st.floats(0, 1), min_size=1, max_size=8).filter(any),
    rule=st.sampled_from(Rule),
)
def test_every_rule_of_the_council_is_a_game_with_a_reachable_quota(capability, rule):
    power = shapley_shubik(swings(*game_of(rule, np.array(capability), 0)))
    assert len(power) == len(capability)
    assert sum(power) == 1


@pytest.mark.parametrize("patron", [None, -1, 3])
def test_a_patron_that_does_not_vote_cannot_decide(patron):
    with pytest.raises(ValueError, match="one of the 3 voters"):
        game_of(Rule.PATRON, np.ones(3), patron)


@pytest.mark.parametrize("capability", [[0.0, 0.0], [1.0, -0.1], [1.0, np.nan], [1.0, np.inf]])
def test_votes_cannot_be_weighted_by_power_that_is_no_power(capability):
    with pytest.raises(ValueError, match="capabilities must be finite"):
        game_of(Rule.WEIGHTED, np.array(capability), None)


@pytest.mark.parametrize("rule", list(Rule))
def test_an_empty_council_is_refused(rule):
    with pytest.raises(ValueError, match="at least one voter"):
        game_of(rule, np.array([]), 0)


def test_every_coalition_is_tried_of_twenty_voters_at_most():
    for n in (21, 25):
        with pytest.raises(InputError, match=f"{n} voters are more than 20"):
            swings_under(Rule.MAJORITY, tuple(map(str, range(n))), {}, None)
