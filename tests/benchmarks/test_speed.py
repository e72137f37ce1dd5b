"""How fast the engines must be, as ratios within one run: ``pytest -m benchmark``.

Never part of the plain test run. Measure with nothing else to do.
"""

from __future__ import annotations

import time
from functools import partial

import pytest

from benchmarks.measurements import (
    CASE,
    Sizes,
    engines,
    growth,
    kazakhstan,
    memory,
    start_up,
)
from benchmarks.stopwatch import best_seconds
from foedus.data.register import defaults
from foedus.model import array_engine
from foedus.model.array_engine import run_batch

pytestmark = pytest.mark.benchmark

SIZES = Sizes(repeats=5, run_counts=(10_000, 100_000), member_counts=(6, 24), day_counts=(30, 120))


@pytest.fixture(scope="module")
def measured():
    return engines(SIZES)


def test_arrays_run_three_hundred_times_as_often_as_batch_run(measured):
    assert measured.mesa / measured.arrays >= 300


def test_arrays_run_a_hundred_times_as_often_as_the_leanest_mesa_model(measured):
    assert measured.lean / measured.arrays >= 100


def test_time_grows_no_faster_than_runs_members_and_days():
    grown = growth(SIZES)
    few, many = (seconds / n for n, seconds in grown.by_runs.items())
    assert many <= 1.3 * few
    assert grown.by_members[24] <= 1.5 * 4 * grown.by_members[6]
    assert grown.by_days[120] <= 1.2 * 4 * grown.by_days[30]


def test_an_ensemble_keeps_its_outcome_alone():
    found = memory(SIZES)
    assert found.kept < 100
    assert found.twice.peak - found.arrays.peak < 1.5 * found.kept * found.n_runs
    assert found.arrays.remains < 100_000


def test_commands_start_at_once_and_the_whole_history_takes_three_seconds():
    history = "history --runs 10000"
    found = start_up(SIZES, ("--help", f"run {CASE} --runs 1000", history))
    assert found["--help"].processor < 0.2
    assert found[f"run {CASE} --runs 1000"].processor < 1.0
    assert found[history].processor < 3.0


def test_the_stopwatch_sees_an_engine_that_is_three_times_as_slow(monkeypatch):
    run = partial(run_batch, kazakhstan(), defaults(), 0, 32 * 1024)

    def in_small_chunks():
        with monkeypatch.context() as patch:
            patch.setattr(array_engine, "CHUNK", 1024)
            run()

    best = best_seconds({"usual": run, "slow": in_small_chunks, "again": run}, 5)
    assert best["slow"] > 2 * best["usual"]
    assert 0.7 < best["again"] / best["usual"] < 1.4


def test_the_stopwatch_knows_waiting_from_working():
    action = {"wait": partial(time.sleep, 0.05)}
    assert best_seconds(action, 2)["wait"] < 0.01
    assert best_seconds(action, 2, clock=time.perf_counter)["wait"] >= 0.05
