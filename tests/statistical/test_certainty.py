"""With next to no noise a crisis worked out by hand has one answer, whatever the seed."""

from __future__ import annotations

import pytest

from foedus.data.register import parameters
from foedus.data.terms import MEMBER_ATTRIBUTES, Ending, Rule
from foedus.model.array_engine import run_batch
from toys import toy_situation

TINY = dict.fromkeys(("sigma_crisis", "sigma_member", "sigma_intensity", "sigma_ask"), 1e-09)
WEIGHTS = {
    f"b_{name}": 1.0
    for name in ("mandate", "need", "escalation", "alignment", "stake", "ties", "overextension")
}
FIXED = {**TINY, **WEIGHTS, "rho": 0.0, "mu": 0.0, "kappa_own": 0.0, "kappa_force": 0.2,
         "b_baseline": 0.5, "b_exposure": 0.0, "treaty_bar": 0.0, "gap_deploy": 1.35}  # fmt: skip
"""Every weight 1, nobody listens, the crisis stands still, no treaty: -0.5, 0.85, 2.2."""

# All share baseline .5 + mandate .5 - escalation .25 + need .5 (2 - 0) = 1.75.
# AAA (asks):  1.75 + alignment 1    + stake 1                             = 3.75
# BBB:         1.75 + alignment .25            - ties .5 - overextension .25 = 1.25
# DDD (leads): 1.75 + alignment .75  + stake 1           - overextension .25 = 3.25
# CCC is as DDD in all but capability, of which it has none; AAA .2, BBB .2, DDD .6.
CRISIS = {"mandate": 0.5, "external": 0.5, "territory": 1.0, "escalation": 0.25, "institution": 0.5,
              "request": 1.0, "threat": 0.5, "capacity": 0.0, "trend": 0.0}  # fmt: skip
AAA, BBB = (1.0, 1.0, 0.0, 0.0, 0.0, 0.2), (0.25, 0.0, 0.5, 0.25, 0.5, 0.2)
CCC, DDD = (0.75, 1.0, 0.0, 0.25, 0.0, 0.0), (0.75, 1.0, 0.0, 0.25, 0.0, 0.6)
STANDING = dict(zip(MEMBER_ATTRIBUTES, zip(AAA, BBB, CCC, DDD, strict=True), strict=True))


def certain(p=None, seed=0, **changes):
    """The outcome of runs that must all be alike, as one."""
    situation = toy_situation(**{**CRISIS, **STANDING, **changes})
    outcome = run_batch(situation, parameters({**FIXED, **(p or {})}), seed, 200)
    for name in ("level", "day_decided", "day_ended", "ending"):
        assert len(set(getattr(outcome, name))) == 1, name
    assert (outcome.troops == outcome.troops[:, :1]).all()
    return outcome


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(
    ("rule", "asked", "eta", "level"),
    [
        # All asked for: BBB reaches support, stands aside from deploy (1.25 >= 2.2 - 2), and the
        # mean (.2 * 1.25 + .6 * 3.25) / .8 = 2.75 reaches 2.2.
        (Rule.CONSENSUS, 3, 2.0, 3),
        # With less room BBB objects: 1.25 < 2.2 - .5.
        (Rule.CONSENSUS, 3, 0.5, 2),
        (Rule.UNANIMITY, 3, 2.0, 2),
        (Rule.MAJORITY, 3, 0.5, 3),
        (Rule.TWO_THIRDS, 3, 0.5, 3),
        (Rule.WEIGHTED, 3, 0.5, 3),
        (Rule.PATRON, 3, 0.5, 3),
        # Consultation asked for: bars -0.5, 2.85, 6.2. The mean 2.75 misses 2.85.
        (Rule.CONSENSUS, 1, 2.0, 1),
        (Rule.UNANIMITY, 1, 2.0, 1),
        (Rule.MAJORITY, 1, 2.0, 2),
        (Rule.PATRON, 1, 2.0, 2),
        # Nothing asked for: bars 1.5, 4.85, 8.2.
        (Rule.CONSENSUS, 0, 2.0, 1),
        (Rule.UNANIMITY, 0, 2.0, 0),
        (Rule.WEIGHTED, 0, 2.0, 1),
    ],
)
def test_a_council_worked_out_by_hand_answers_so_in_every_run(rule, asked, eta, level, seed):
    outcome = certain({"eta": eta}, seed, rule=rule, asked=float(asked))
    assert outcome.level[0] == level
    assert outcome.day_decided[0] == (1 if level else -1)


@pytest.mark.parametrize(("rounds", "level"), [(0, 2), (1, 3)])
def test_one_round_of_talk_brings_the_doubter_round(rounds, level):
    # BBB: d = .5, a = s = .5 + .5 * .6 / .8 = .875; it hears .5 * 3.25 (the lead state) and
    # .5 * (.2 * 3.75 + .6 * 3.25) / .8, 3.3125 in all, and moves to 3.0547.
    outcome = certain(
        {"rho": 1.0, "rounds_per_day": rounds},
        rule=Rule.UNANIMITY,
        asked=3.0,
        day_first_sitting=0,
        horizon_days=1,
    )
    assert outcome.level[0] == level


def test_an_adversary_in_the_council_holds_it_to_consultation():
    assert certain(asked=3.0, adversary=1).level[0] == 1
    assert certain(asked=3.0, adversary=1, rule=Rule.MAJORITY).level[0] == 3


def test_forces_arrive_after_the_lag_and_quell_the_crisis_on_the_day_worked_out():
    # Decided on day 1, in place on day 2. Intensity .5 at the start of day 2, then .3, .1, 0.
    outcome = certain(asked=3.0, rule=Rule.PATRON)
    assert outcome.ending[0] == Ending.QUELLED
    assert outcome.day_ended[0] == 5


def test_without_help_the_crisis_is_lost_on_the_day_worked_out():
    # Intensity .75, 1, 1, 1 at the end of days 0 to 3: three days of collapse.
    outcome = certain({"mu": 0.25, "b_baseline": -5.0}, asked=3.0, trend=1.0)
    assert outcome.ending[0] == Ending.LOST
    assert outcome.day_ended[0] == 4


def test_contributions_are_those_worked_out_by_hand():
    # CCC has no capability and counts as .002, DDD has .6: 2000 * .002 / .602 and the rest.
    outcome = certain(asked=3.0, rule=Rule.PATRON)
    assert outcome.troops[:, 0].tolist() == [0, 0, 6, 1993]


def test_a_requester_in_need_asks_on_the_first_day_and_for_what_the_danger_calls_for():
    # Wish 3 * .5 + .75 - .25 = 2 >= 1.5; support from .4 of intensity, a force from .65.
    situation = toy_situation(**{**CRISIS, **STANDING})
    outcome = run_batch(situation, parameters(FIXED), 0, 100, endogenous=True)
    assert set(outcome.day_asked) == {0}
    assert set(outcome.asked) == {2.0}
    assert set(outcome.channel) == {1.0}


def test_the_check_of_certainty_refuses_noise_that_matters():
    with pytest.raises(AssertionError):
        certain({"sigma_crisis": 0.82})
