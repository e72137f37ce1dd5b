"""The forces of history, each forecast from the others."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast.force_forecast import (
    DAYS,
    SHARES,
    SIZE,
    days_off,
    errors_of,
    force_scores,
)
from foedus.model.compilation import deployments
from foedus.model.forces import Deployment, ForceLaw


def made(sizes, power=0.5):
    """Forces whose contingents go exactly with a power of capability."""
    return [
        (f"case-{k}", Deployment(n, tuple((c, n * c**power) for c in (0.64, 0.16, 0.04)), 3.0))
        for k, n in enumerate(sizes)
    ]


def by_name(scores):
    return {one.what: one for one in scores}


def test_each_size_is_forecast_by_the_geometric_mean_of_the_others():
    size = by_name(force_scores(made([100.0, 400.0, 1600.0, 400.0])))[SIZE]
    means = np.log([4, 1, 0.25, 1]) / 3
    records = np.log([0.25, 1, 4, 1])
    assert size.errors == pytest.approx(means - records)
    assert size.baseline_errors == pytest.approx([np.log(4), 0, -np.log(4), 0])


def test_shares_that_follow_the_law_are_found_without_error_and_beat_capability():
    shares = by_name(force_scores(made([100.0, 400.0, 1600.0, 400.0])))[SHARES]
    assert shares.n == 12
    assert shares.error == pytest.approx(0.0, abs=1e-9)
    assert shares.baseline_error == pytest.approx(np.log(4) / 2 * 2 / 3)


def test_what_always_takes_three_days_is_forecast_to_the_day():
    past = made([100.0, 400.0, 1600.0, 400.0])
    assert by_name(force_scores(past))[DAYS].error == pytest.approx(0.0)
    assert days_off(past) == pytest.approx((0.0, 0.0))


def test_no_forecast_has_seen_its_own_crisis():
    past = list(deployments())
    k = next(k for k, (_, row) in enumerate(past) if row.total)
    name, row = past[k]
    changed = [*past]
    changed[k] = (name, Deployment(row.total * np.e, row.contingents, row.days))
    before, after = (by_name(force_scores(rows))[SIZE] for rows in (past, changed))
    i = before.crises.index(name)
    assert before.errors[i] - after.errors[i] == pytest.approx(1.0)
    assert before.coverage != (1.0, 1.0)


def test_intervals_of_the_law_hold_about_what_they_say_when_it_is_true():
    rng = np.random.default_rng(1)
    sizes = np.exp(rng.normal(7.0, 1.0, 100))
    half, most = by_name(force_scores(made(sizes)))[SIZE].coverage
    four_errors = 4 * np.sqrt([0.25 / 100, 0.09 / 100])
    assert (half, most) == (
        pytest.approx(0.5, abs=four_errors[0]),
        pytest.approx(0.9, abs=four_errors[1]),
    )


def test_the_forces_of_the_library_are_forecast_as_the_page_on_evidence_says():
    page = {
        SIZE: (19, 1.00, 2.7, 2.1, 0.95, 0.53, 0.79),
        DAYS: (15, 1.33, 3.8, 4.2, 1.30, 0.33, 0.93),
        SHARES: (48, 0.44, 1.6, 1.4, 0.60, 0.58, 0.90),
    }
    for what, one in by_name(force_scores()).items():
        found = (one.n, one.error, one.factor, one.median_factor, one.baseline_error)
        digits = [0, 0.005, 0.05, 0.05, 0.005, 0.005, 0.005]
        for number, told, half in zip((*found, *one.coverage), page[what], digits, strict=True):
            assert abs(number - told) <= half + 1e-9, what
    assert days_off() == pytest.approx((15.9, 15.7), abs=0.05)


def test_the_library_says_shares_better_than_capability_and_size_worse_than_its_median():
    found = by_name(force_scores())
    assert found[SHARES].gain_interval[0] > 0
    assert found[SIZE].gain_interval[1] < 0.0
    assert 2 < found[SIZE].factor < 4


def test_the_spread_of_a_contingent_about_its_forces_mean_is_what_its_own_part_in_it_leaves():
    law = ForceLaw(7.0, 1.0, 0.5, 0.8, 1.0, 1.0, 9)
    row = Deployment(100.0, ((0.64, 70.0), (0.16, 20.0), (0.04, 10.0)), 3.0)
    errors, _, spread = dict(errors_of(row, [row], law))[SHARES]
    assert spread == pytest.approx([0.8 * np.sqrt(2 / 3)] * 3)
    assert errors.sum() == pytest.approx(0)
    alone = Deployment(100.0, ((0.64, 70.0),), 3.0)
    assert SHARES not in dict(errors_of(alone, [row], law))
