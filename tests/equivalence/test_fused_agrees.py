"""The compiled loop gives the bits of the array engine, for every kind of run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.data.terms import Ending, Level, Rule
from foedus.model.batch import run_batch
from foedus.model.chance import draw_chance
from foedus.model.outcome import FIELDS
from foedus.model.situation import Span
from situations import SEEDS, parameter_sets, situations
from toys import toy_situation

fused = pytest.importorskip("foedus.model.fused", exc_type=ImportError)

OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def both(*args, **choices):
    one, other = (run_batch(*args, engine=engine, **choices) for engine in ("numpy", "numba"))
    for name in FIELDS:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    return one


@given(situations(), parameter_sets(), SEEDS, st.integers(0, 3000), st.integers(1, 300))
@OFTEN
def test_any_runs_under_consensus_are_the_same_compiled(situation, p, seed, start, n_runs):
    both(situation.under(Rule.CONSENSUS), p, seed, n_runs, start=start)


@given(situations(max_members=4), st.lists(parameter_sets(), min_size=5, max_size=5), SEEDS)
@OFTEN
def test_parameters_that_differ_by_run_are_the_same_compiled(situation, sets, seed):
    by_run = {name: np.array([p[name] for p in sets] * 40) for name in sets[0]}
    by_run["rounds_per_day"] = sets[0]["rounds_per_day"]
    both(situation.under(Rule.CONSENSUS), by_run, seed, 200)


@pytest.mark.parametrize("adversary", [None, 2])
def test_every_level_and_ending_is_among_runs_that_agree(adversary):
    wide = {"threat": Span(0.2, 0.6, 1.0), "capacity": Span(0, 0.25, 0.5)}
    base = toy_situation(asked=3.0, trend=0.0, horizon_days=15, adversary=adversary)
    situation = replace(base, crisis={**base.crisis, **wide})
    lively = {
        **defaults(),
        "sigma_crisis": 3.0,
        "sigma_intensity": 0.15,
        "mu": 0.1,
        "eta": 1.0,
    }
    outcome = both(situation, lively, 0, 5000)
    assert set(outcome.ending) == set(Ending)
    assert set(outcome.level) == (set(Level) if adversary is None else {Level.NONE, Level.CONSULT})


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule != Rule.CONSENSUS])
def test_runs_that_the_loop_does_not_know_are_left_to_the_arrays(rule):
    situation = toy_situation(rule=rule)
    assert not fused.knows(situation, draw_chance(situation, 0, 0, 1))
    both(situation, defaults(), 0, 200)


def test_a_requester_that_decides_is_left_to_the_arrays():
    situation = toy_situation()
    assert not fused.knows(situation, draw_chance(situation, 0, 0, 1, with_doubt=True))
    both(situation, defaults(), 0, 200, endogenous=True)
