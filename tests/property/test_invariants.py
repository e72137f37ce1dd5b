"""What holds in every run of every situation that files can describe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.data.terms import Ending, Level
from foedus.model.array_engine import run_batch, simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.council import thresholds
from foedus.model.influence import ears_of
from situations import SEEDS, parameter_sets, situations
from toys import toy_situation, without_chance

N_RUNS = 20


@st.composite
def histories(draw):
    """A situation, its parameters, and the traced runs they lead to."""
    situation, parameters = draw(situations()), draw(parameter_sets())
    seed, endogenous = draw(SEEDS), draw(st.booleans())
    chance = draw_chance(situation, seed, 0, N_RUNS, with_doubt=endogenous)
    codes = draw_codes(situation, seed, 0, N_RUNS)
    outcome, trace = simulate_traced(situation, codes, parameters, chance)
    return situation, parameters, ears_of(situation, codes, parameters), outcome, trace


INVARIANTS = []


def invariant(check):
    """A sentence about every history; all are held against the same drawn histories."""
    INVARIANTS.append(check)
    return check


@invariant
def shares_stay_between_0_and_1(history):
    _, _, ears, _, trace = history
    for share in (trace.intensity, ears.dependence, ears.susceptibility):
        assert (share >= 0).all()
        assert (share <= 1).all()


@invariant
def everything_is_a_number(history):
    *_, outcome, trace = history
    for name in ("private", "positions", "bars", "in_place"):
        assert np.isfinite(getattr(trace, name)).all()
    assert set(outcome.level) <= set(Level)
    assert set(outcome.ending) <= set(Ending)


@invariant
def the_answer_never_falls_and_ends_as_the_outcome(history):
    *_, outcome, trace = history
    assert (np.diff(trace.answer.astype(int), axis=0) >= 0).all()
    assert (trace.answer[-1] == outcome.level).all()


@invariant
def days_come_in_their_order(history):
    situation, _, _, outcome, _ = history
    assert ((outcome.day_decided == -1) == (outcome.level == Level.NONE)).all()
    assert (outcome.day_decided < outcome.day_ended).all()
    assert (outcome.day_ended >= 1).all()
    assert (outcome.day_ended <= situation.horizon_days).all()
    stayed = outcome.ending == Ending.HORIZON
    assert (outcome.day_ended[stayed] == situation.horizon_days).all()


@invariant
def the_patron_and_the_unsusceptible_speak_their_own_mind(history):
    situation, parameters, ears, _, trace = history
    if parameters["rounds_per_day"] > 0:
        assert (trace.positions[:, situation.patron] == trace.private[:, situation.patron]).all()
        for i in np.flatnonzero((ears.susceptibility == 0).all(axis=1)):
            assert (trace.positions[:, i] == trace.private[:, i]).all()


@invariant
def the_requester_wants_at_least_what_it_asks(history):
    situation, parameters, _, outcome, trace = history
    level = np.ceil(outcome.asked).astype(int)
    for run in np.flatnonzero((level > 0) & (outcome.day_ended == situation.horizon_days)):
        own = trace.private[-1, situation.requester, run]
        assert own >= np.broadcast_to(thresholds(parameters)[level[run] - 1], outcome.n_runs)[run]


@invariant
def troops_never_exceed_a_members_pool_nor_the_alliances(history):
    situation, *_, outcome, _ = history
    assert (outcome.troops >= 0).all()
    assert (outcome.troops <= np.array(situation.pools)[:, None]).all()
    assert (outcome.troops.sum(axis=0) <= situation.alliance_pool).all()


@invariant
def only_supporters_of_a_deployment_send_and_never_the_requester_or_the_adversary(history):
    situation, *_, outcome, trace = history
    senders = outcome.troops > 0
    assert not senders[:, outcome.level != Level.DEPLOY].any()
    assert not senders[situation.requester].any()
    if situation.adversary is not None:
        assert not senders[situation.adversary].any()
    for member, run in np.argwhere(senders):
        day = outcome.day_decided[run]
        assert trace.positions[day, member, run] >= trace.bars[day, Level.DEPLOY - 1, run]


@invariant
def men_are_in_place_only_after_the_lag_and_all_of_them_at_once(history):
    _, _, _, outcome, trace = history
    for run in range(N_RUNS):
        sent = outcome.level[run] == Level.DEPLOY
        arrives = outcome.day_decided[run] + 1 if sent else np.inf
        days = np.arange(trace.in_place.shape[0])
        expected = np.where(days >= arrives, outcome.troops[:, run].sum(), 0)
        assert (trace.in_place[:, run] == expected).all()


@invariant
def the_adversary_never_lets_a_consensus_pass_above_consultation(history):
    situation, *_, outcome, _ = history
    if situation.adversary is not None and situation.rule in ("consensus", "unanimity"):
        assert (outcome.level <= Level.CONSULT).all()


@given(history=histories())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_history_keeps_every_invariant(history):
    for check in INVARIANTS:
        check(history)


@pytest.mark.parametrize("pool", [0.0, 50.0, 100.0, 359.0])
def test_an_alliance_too_poor_for_a_company_from_each_shares_out_what_it_has(pool):
    willing = toy_situation(asked=3.0, alliance_pool=pool, alignment=(1.0, 1.0, 1.0, 1.0))
    outcome = run_batch(willing, without_chance(b_baseline=5.0), 0, 1)
    assert outcome.level == Level.DEPLOY
    assert pool - 3 < outcome.troops.sum() <= pool


def test_the_drawn_histories_are_not_empty_of_events():
    situation = toy_situation(asked=3.0, trend=-0.5)
    outcome = run_batch(situation, defaults() | {"sigma_crisis": 3.0}, 0, 500)
    assert set(outcome.level) == set(Level)
    assert (outcome.troops > 0).any()
    assert Ending.QUELLED in outcome.ending


def test_a_scheduled_request_is_made_on_day_0_and_stays_as_it_was():
    outcome = run_batch(toy_situation(asked=2.5, request=0.75), defaults(), 0, 50)
    assert (outcome.day_asked == 0).all()
    assert (outcome.asked == 2.5).all()
    assert (outcome.channel == 0.75).all()


def test_an_endogenous_request_is_made_in_order_or_not_at_all():
    outcome = run_batch(toy_situation(threat=0.6), defaults(), 0, 500, endogenous=True)
    never = outcome.day_asked < 0
    assert never.any()
    assert not never.all()
    assert (outcome.asked[never] == 0).all()
    assert (outcome.channel[never] == 0).all()
    assert set(outcome.channel[~never]) == {0.5, 1.0}
    assert (outcome.asked[~never] >= 1).all()
    assert (outcome.day_asked < outcome.day_ended).all()


@pytest.mark.parametrize(
    ("requested", "since", "first"), [(4, 0, 4), (None, 0, 3), (None, 2, 1), (None, 9, 0)]
)
def test_the_council_sits_on_its_day_or_some_days_after_onset(requested, since, first):
    situation = toy_situation(
        day_first_sitting=requested, days_since_onset=since, request=0.0, asked=3.0
    )
    outcome = run_batch(situation, without_chance(b_baseline=5.0), 0, 1)
    assert outcome.day_decided == first
