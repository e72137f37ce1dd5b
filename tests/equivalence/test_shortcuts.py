"""What is there for speed alone changes no bit: each shortcut against the plain equation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.data.terms import Mechanism
from foedus.model import array_engine
from foedus.model.array_engine import run_batch
from foedus.model.chance import uniforms
from foedus.model.council import Ballot, consensus, consensus_on_levels, objects, supports
from foedus.model.outcome import FIELDS
from foedus.model.situation import Span
from situations import SEEDS, parameter_sets, situations
from toys import toy_situation

OFTEN = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
ALL_RUNS = 2**60


def rows(part, n, high=1.0, low=0.0):
    """Rows of invented numbers, the same each time."""
    return low + (high - low) * uniforms(0, Mechanism.STUDY, part, 0, n_days=n)


def same_bytes(one, other):
    return one.tobytes() == other.tobytes()


@pytest.mark.parametrize("n_voters", [1, 2, 7])
@pytest.mark.parametrize("room", [0.0, 0.7])
def test_consensus_on_all_levels_at_once_is_consensus_on_each(n_voters, room):
    positions, capability = rows(1, n_voters, 2.0, -2.0), rows(2, n_voters)
    bars = (-1.0, rows(3, 1, 1.0, -1.0)[0], 0.5)
    at_once = consensus_on_levels(positions, capability, bars, room)
    for bar, passed in zip(bars, at_once, strict=True):
        ballot = Ballot(
            supports=[supports(x, bar) for x in positions],
            objects=[objects(x, bar, room) for x in positions],
            positions=positions,
            capability=capability,
            patron_supports=supports(positions[0], bar),
            bar=bar,
        )
        assert same_bytes(passed, consensus(ballot))
        assert 0 < passed.mean() < 1


def assert_same(one, other):
    for name in FIELDS:
        assert same_bytes(getattr(one, name), getattr(other, name)), name


@given(situations(max_members=5), st.lists(parameter_sets(), min_size=6, max_size=6),
       SEEDS, st.booleans())  # fmt: skip
@OFTEN
def test_dropping_the_columns_of_runs_that_are_through_changes_nothing(
    situation, sets, seed, endogenous
):
    by_run = {name: np.array([p[name] for p in sets] * 10) for name in sets[0]}
    by_run["rounds_per_day"] = sets[0]["rounds_per_day"]
    for parameters in (sets[0], by_run):
        outcomes = []
        for share, many in ((0.0, 1), (0.0, ALL_RUNS)):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(array_engine, "STALE", share)
                patch.setattr(array_engine, "MANY", many)
                outcomes.append(run_batch(situation, parameters, seed, 60, endogenous=endogenous))
        assert_same(*outcomes)


@pytest.mark.parametrize(("start", "n_runs"), [(0, 5000), (1000, 2100), (1024, 1024), (700, 1)])
def test_threads_share_the_chunks_and_change_nothing(monkeypatch, start, n_runs):
    whole = run_batch(toy_situation(), defaults(), 0, n_runs, start=start)
    monkeypatch.setattr(array_engine, "CHUNK", 1024)
    by_run = {**defaults(), "rho": np.ones(n_runs)}
    assert_same(whole, run_batch(toy_situation(), by_run, 0, n_runs, start=start))


def test_chunks_are_cut_where_blocks_end():
    cuts = array_engine.chunks_of(array_engine.CHUNK - 5, 2 * array_engine.CHUNK + 7)
    assert cuts == [
        (array_engine.CHUNK - 5, array_engine.CHUNK),
        (array_engine.CHUNK, 2 * array_engine.CHUNK),
        (2 * array_engine.CHUNK, 2 * array_engine.CHUNK + 7),
    ]
    assert array_engine.chunks_of(0, array_engine.CHUNK) == [(0, array_engine.CHUNK)]


def test_columns_are_dropped_in_an_ensemble_of_usual_size(monkeypatch):
    dropped = []
    drop = array_engine.Course._drop

    def noted(self):
        before = len(self.runs)
        drop(self)
        dropped.append(before - len(self.runs))

    monkeypatch.setattr(array_engine.Course, "_drop", noted)
    situation = toy_situation(asked=3.0, horizon_days=30, external=1.0)
    wide = replace(situation, crisis={**situation.crisis, "threat": Span(0.2, 0.6, 1.0)})
    run_batch(wide, defaults(), 0, 4096)
    assert sum(dropped) > 2048
