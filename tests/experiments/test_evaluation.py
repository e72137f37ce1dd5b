"""Many points at once are the same bits as one ensemble each."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data.library import load
from foedus.data.register import register
from foedus.data.settings import attribute_names
from foedus.data.terms import CASE_RANGE, Rule
from foedus.experiments.evaluate import evaluate
from foedus.experiments.plan import limits
from foedus.model import array_engine, parameter_points
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare

CASES = ("kazakhstan-2022", "armenia-2020", "liberia-1990", "kyrgyz-tajik-2021")


def same_bits(one, other) -> bool:
    return all(
        a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
        for a, b in ((getattr(one, name), getattr(other, name)) for name in vars(one))
    )


def mostly(shared, other):
    """What all points have in common, so that they stand side by side, or something else."""
    return st.sampled_from([True, True, True, False]).flatmap(
        lambda same: st.just(shared) if same else other
    )


def some_names(members):
    """Names of parameters and attributes to set."""
    return st.lists(st.sampled_from([*register(), *attribute_names(members)]), max_size=6)


OF_CASE = st.dictionaries(
    st.sampled_from(sorted(CASE_RANGE)), st.integers(1, 40).map(float), max_size=2
)


@st.composite
def point_settings(draw, names):
    """Values of some names."""
    chosen = {}
    for name in names:
        low, high = limits(name)
        if name in register():
            usual = register()[name].default
            low, high = max(low, usual / 3 - 0.2), min(high, usual * 2 + 0.2)
        share = draw(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(1e-6, 1))
        chosen[name] = min(low + (high - low) * share, high)
    if "rounds_per_day" in chosen:
        chosen["rounds_per_day"] = float(round(chosen["rounds_per_day"]))
    if draw(st.booleans()):
        chosen["rho"] = draw(st.sampled_from([0.0, 0.5, 1.0, 2.0, 1.7, 0.3]))
    return chosen


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_points_side_by_side_are_single_ensembles_bit_for_bit(name, data):
    case = load(name)
    free = sorted({*case.scenario.members} - {case.patron, case.scenario.requester})
    empty = data.draw(st.lists(st.sampled_from(free), max_size=1)) if len(free) > 1 else []
    members = sorted({*case.scenario.members} - {*empty})
    said = data.draw(st.sampled_from([{}, {members[-1]: "object"}]))
    endogenous, drawn = data.draw(st.booleans()), data.draw(st.booleans())
    names, of_case = data.draw(some_names(members)), data.draw(OF_CASE)
    requests, rules = ["history", "treaty", "none"], [None, *Rule]
    request, rule = data.draw(st.sampled_from(requests)), data.draw(st.sampled_from(rules))
    setups = [
        prepare(
            case,
            data.draw(mostly(names, some_names(members)).flatmap(point_settings))
            | data.draw(mostly(of_case, OF_CASE)),
            rule=data.draw(mostly(rule, st.sampled_from(rules))),
            theory=data.draw(st.sampled_from([None, "realist", "no-influence"])),
            drawn_codes=drawn,
            endogenous=endogenous,
            request=data.draw(mostly(request, st.sampled_from(requests))),
            without=empty,
            stances=said,
        )
        for _ in range(data.draw(st.integers(2, 5)))
    ]
    n_runs, seed = data.draw(st.sampled_from([1, 30, 300])), data.draw(st.integers(0, 9))
    for setup, outcome in zip(setups, evaluate(setups, n_runs, seed), strict=True):
        assert same_bits(ensemble(setup, n_runs, seed).outcome, outcome)


def test_results_do_not_depend_on_how_many_runs_the_engine_takes_at_once(monkeypatch):
    setups = [prepare("kazakhstan-2022", {"rho": rho}) for rho in (0.3, 0.9, 1.4)]
    at_once = evaluate(setups, 3000, 5)
    monkeypatch.setattr(array_engine, "CHUNK", 1000)
    monkeypatch.setattr(parameter_points, "CHUNK", 1000)
    for one, other in zip(at_once, evaluate(setups, 3000, 5), strict=True):
        assert same_bits(one, other)


def test_points_share_their_chance():
    setups = [prepare("kazakhstan-2022", {"rho": 1.0, "b_need": need}) for need in (1.3, 1.3)]
    one, other = evaluate(setups, 200, 1)
    assert same_bits(one, other)
    assert not same_bits(one, evaluate(setups[:1], 200, 2)[0])
