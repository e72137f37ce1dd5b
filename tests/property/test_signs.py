"""Raising one number moves the result the way the theory says, run by run under the same chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from foedus.data.register import OF_YEARS, parameters, register
from foedus.data.terms import CRISIS_ATTRIBUTES, INDICATORS, MEMBER_ATTRIBUTES, Level
from foedus.model.array_engine import simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.influence import ears_of
from toys import WITHOUT_CHANCE, toy_situation

N_RUNS = 400
FOLLOWERS = (1, 2)
"""Members that neither ask nor lead."""

MEASURES = {
    "answer": lambda outcome, trace: outcome.level.astype(int),
    "supports": lambda outcome, trace: (outcome.level >= Level.SUPPORT).astype(int),
    "deploys": lambda outcome, trace: (outcome.level == Level.DEPLOY).astype(int),
    "followers": lambda outcome, trace: trace.positions[-1, FOLLOWERS].mean(axis=0),
    "intensity": lambda outcome, trace: trace.intensity[-1],
    "last day": lambda outcome, trace: outcome.day_ended.astype(int),
    "day decided": lambda outcome, trace: outcome.day_decided.astype(int),
    "troops of a small member": lambda outcome, trace: outcome.troops[1],
    "has asked": lambda outcome, trace: (outcome.day_asked >= 0).astype(int),
    "asked for": lambda outcome, trace: outcome.asked,
}
UNCODED = {"territory": 0.5, "request": 0.5}
"""Codes between the ends, so that each weight has something to weigh."""

WARM_PATRON = {"alignment": (0.75, 0.5, 0.5, 1.0), "stake": (0.5, 0.0, 0.25, 1.0)}
NO_RELIEF = {"kappa_force": 0.0}
SENDS = {
    "asked": 3.0,
    "mandate": 1.0,
    "external": 1.0,
    "trend": -0.5,
    "threat": 0.6,
    "horizon_days": 15,
}
COLLAPSES = {"threat": 0.9, "trend": 1.0, "capacity": 0.0, "horizon_days": 20}


@dataclass(frozen=True)
class Effect:
    """What raising `name` from `low` to `high` does to a measure: +1 raises it, -1 lowers it."""

    name: str
    low: float
    high: float
    sign: int
    measure: str = "answer"
    situation: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    endogenous: bool = False


OF_PARAMETERS = [
    Effect("b_baseline", -1, 1, +1),
    Effect("b_mandate", 0.5, 2, +1, situation=UNCODED),
    Effect("b_need", 0.5, 2, +1, situation=UNCODED),
    Effect("b_escalation", 0.5, 2, -1, situation=UNCODED),
    Effect("b_alignment", 0.5, 2, +1, situation=UNCODED),
    Effect("b_stake", 0.5, 2, +1, situation=UNCODED),
    Effect("b_ties", 0.5, 2, -1, situation=UNCODED),
    Effect("b_overextension", 0.5, 2, -1, situation=UNCODED),
    Effect("b_exposure", 0.5, 4, -1, situation=UNCODED | {"escalation": 0.75}),
    Effect("treaty_bar", 1, 6, -1, situation=UNCODED),
    Effect("rho", 0, 1, +1, "followers", WARM_PATRON, WITHOUT_CHANCE),
    Effect("rho", 1, 4, +1, "followers", WARM_PATRON, WITHOUT_CHANCE),
    Effect("rounds_per_day", 1, 8, +1, "followers",
           {**WARM_PATRON, "horizon_days": 1}, WITHOUT_CHANCE),
    Effect("tau_consult", -1, 1, -1),
    # A requester that insists on a higher bar pulls the others up, so lower levels may gain.
    Effect("gap_support", 0.5, 3, -1, "supports"),
    Effect("gap_deploy", 0.5, 3, -1, "deploys", {"asked": 3.0}),
    Effect("eta", 0, 2, +1),
    Effect("gamma", 0, 3, -1, situation={"asked": 1.0}),
    Effect("convenes_at", 0.25, 0.75, -1, situation={"institution": 0.5}),
    Effect("p_convene", 0.1, 0.9, +1, situation={"institution": 1.0}),
    Effect("mu", 0.02, 0.1, +1, "followers", {"horizon_days": 4}, NO_RELIEF),
    Effect("kappa_own", 0.01, 0.1, -1, "followers", {"horizon_days": 4}, NO_RELIEF),
    Effect("kappa_force", 0.05, 0.3, -1, "last day", SENDS),
    Effect("quelled_at", 0.05, 0.3, -1, "last day", {"threat": 0.4, "trend": -1.0}),
    Effect("lost_at", 0.9, 0.99, +1, "last day", COLLAPSES, {"b_baseline": -5.0}),
    Effect("collapse_days", 2, 5, +1, "last day", COLLAPSES, {"b_baseline": -5.0}),
    Effect("trend_days", 1, 4, +1, "followers", {"horizon_days": 5, "trend": 0.5}, NO_RELIEF),
    Effect("own_initiative_lag", 3, 6, +1, "day decided",
           {"day_first_sitting": None, "asked": 3.0}, {**WITHOUT_CHANCE, "b_baseline": 3.0}),
    Effect("b_ask", 1, 4, +1, "has asked", endogenous=True),
    Effect("b_hope", 0.5, 2, +1, "has asked", endogenous=True),
    Effect("b_sovereignty", 0.5, 2, -1, "has asked", endogenous=True),
    Effect("ask_bar", 1, 2.5, -1, "has asked", endogenous=True),
    Effect("ask_support_at", 0.2, 0.6, -1, "asked for", parameters=NO_RELIEF, endogenous=True),
    Effect("ask_force_at", 0.5, 0.9, -1, "asked for", parameters=NO_RELIEF, endogenous=True),
]  # fmt: skip

OF_THE_CRISIS = [
    Effect("external", 0.25, 0.75, +1),
    Effect("territory", 0.25, 0.75, +1),
    Effect("mandate", 0.25, 0.75, +1),
    Effect("threat", 0.25, 0.75, +1, situation={"horizon_days": 3}),
    Effect("capacity", 0.25, 0.75, -1, situation={"horizon_days": 3}),
    Effect("escalation", 0.25, 0.75, -1),
    Effect("trend", -0.5, 0.5, +1, "followers", {"horizon_days": 4}, NO_RELIEF),
    Effect("request", 0.25, 0.75, +1),
    Effect("asked", 1, 3, +1),
    Effect("institution", 0.25, 0.75, +1),
]

OF_THE_OTHER_MEMBERS = [
    Effect("alignment", 0.25, 0.75, +1),
    Effect("stake", 0.25, 0.75, +1),
    Effect("ties", 0.25, 0.75, -1),
    Effect("overextension", 0.25, 0.75, -1),
    Effect("dependence", 0.25, 0.75, +1, "followers", WARM_PATRON, WITHOUT_CHANCE),
]

OF_SPREAD = {
    "sigma_crisis": lambda outcome, trace: trace.positions[0, 3].std(),
    "sigma_member": lambda outcome, trace: (trace.private[0, 3] - trace.private[0, 2]).std(),
    "sigma_intensity": lambda outcome, trace: trace.intensity[3].std(),
}
"""Scales of noise spread results out and have no sign."""

WITHOUT_SIGN = {
    "sigma_ask": "doubt brings requests forward as often as it puts them off",
    "indicator_reach": "decides which figures are found; see the tests of indicators",
}


def lived(situation, p, endogenous=False):
    chance = draw_chance(situation, 0, 0, N_RUNS, with_doubt=endogenous)
    return simulate_traced(situation, draw_codes(situation, 0, 0, N_RUNS), p, chance)


def assert_effect(effect, low, high):
    """Both runs of the measure, run by run: never against the sign, and somewhere with it."""
    measured = MEASURES[effect.measure]
    moved = effect.sign * (measured(*high).astype(float) - measured(*low))
    assert moved.min() >= -1e-12
    assert moved.max() > 1e-9


def named(effect):
    return f"{effect.name}-{effect.low}-{effect.high}"


@pytest.mark.parametrize("effect", OF_PARAMETERS, ids=named)
def test_raising_a_parameter_moves_every_run_its_way(effect):
    situation = toy_situation(**effect.situation)
    low, high = (
        lived(situation, parameters({**effect.parameters, effect.name: v}), effect.endogenous)
        for v in (effect.low, effect.high)
    )
    assert_effect(effect, low, high)


@pytest.mark.parametrize("effect", OF_THE_CRISIS, ids=named)
def test_raising_a_code_of_the_crisis_moves_every_run_its_way(effect):
    low, high = (
        lived(toy_situation(**effect.situation, **{effect.name: v}), parameters(effect.parameters))
        for v in (effect.low, effect.high)
    )
    assert_effect(effect, low, high)


@pytest.mark.parametrize("effect", OF_THE_OTHER_MEMBERS, ids=named)
def test_raising_a_code_of_the_members_moves_every_run_its_way(effect):
    low, high = (
        lived(
            toy_situation(**effect.situation).with_attributes(
                {f"{state}.{effect.name}": v for state in ("BBB", "CCC")}
            ),
            parameters(effect.parameters),
        )
        for v in (effect.low, effect.high)
    )
    assert_effect(effect, low, high)


@pytest.mark.parametrize("warm", [True, False])
def test_a_more_capable_patron_draws_its_followers_toward_its_own_view(warm):
    views = (
        WARM_PATRON if warm else {"stake": (1.0, 0.5, 0.5, 0.0), "alignment": (1.0, 0.5, 0.5, 0.0)}
    )
    effect = Effect("capability", 0.25, 1.0, +1 if warm else -1, "followers", views)
    low, high = (
        lived(
            toy_situation(**views).with_attributes({"DDD.capability": v}),
            parameters(WITHOUT_CHANCE),
        )
        for v in (effect.low, effect.high)
    )
    assert_effect(effect, low, high)


def test_more_room_to_stand_aside_lets_more_pass():
    effect = Effect("abstention", 0.0, 1.0, +1)
    low, high = (lived(toy_situation(abstention=v), parameters()) for v in (0.0, 1.0))
    assert_effect(effect, low, high)


@pytest.mark.parametrize("name", sorted(OF_SPREAD))
def test_a_larger_scale_of_noise_spreads_results_out(name):
    calm, wild = (
        OF_SPREAD[name](*lived(toy_situation(), parameters({**WITHOUT_CHANCE, name: v})))
        for v in (0.05, 0.1)
    )
    assert 1.5 * calm < wild <= 2.1 * calm


@pytest.mark.parametrize("name", INDICATORS)
def test_a_higher_reference_lowers_dependence_and_a_heavier_full_indicator_raises_it(name):
    other = next(indicator for indicator in INDICATORS if indicator != name)
    reference = register()[f"ref_{name}"]

    def dependence(p):
        situation = toy_situation(indicators=({}, {name: reference.default, other: 0.0}, {}, {}))
        codes = draw_codes(situation, 0, 0, 1)
        return ears_of(situation, codes, parameters(p)).dependence[1, 0]

    assert dependence({}) == 0.5
    assert dependence({f"w_{name}": 3.0}) == 0.75
    if reference.default < reference.high:
        assert dependence({f"ref_{name}": reference.high}) < 0.5
    assert dependence({f"ref_{name}": reference.low}) == 0.5


def test_every_parameter_and_every_attribute_has_its_place_in_the_tables():
    measured = {f"{kind}_{name}" for kind in ("w", "ref") for name in INDICATORS}
    tabled = {effect.name for effect in OF_PARAMETERS} | set(OF_SPREAD) | set(WITHOUT_SIGN)
    of_a_crisis = {name for name, row in register().items() if row.role != OF_YEARS}
    assert tabled | measured == of_a_crisis
    assert {effect.name for effect in OF_THE_CRISIS} == set(CRISIS_ATTRIBUTES)
    tabled = {effect.name for effect in OF_THE_OTHER_MEMBERS} | {"capability"}
    assert tabled == set(MEMBER_ATTRIBUTES)


def test_the_check_of_signs_refuses_the_wrong_sign_and_no_effect():
    low, high = (lived(toy_situation(), parameters({"b_stake": v})) for v in (0.5, 2.0))
    for wrong in (Effect("b_stake", 0.5, 2, -1), Effect("b_stake", 0.5, 2, +1, "intensity")):
        with pytest.raises(AssertionError):
            assert_effect(wrong, low, high if wrong.sign < 0 else low)


def test_the_answers_of_the_toy_leave_room_both_ways():
    outcome, _ = lived(toy_situation(), parameters())
    assert 0 < np.mean(outcome.level) < 3
