from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.data.register import free, register
from foedus.experiments.plan import Design, Interval, limits

OVER = {"rho": {"low": 0.0, "high": 2.0}, "threat": {}, "b_need": {"prior": True}}


def sampled(kind, points, seed=None, over=OVER):
    return Design(kind=kind, points=points, over=over, seed=seed)


def values(design, name, seed=1):
    return np.array([row.settings[name] for row in design.each(seed)])


def test_a_grid_combines_every_value_with_every_other_the_first_name_slowest():
    design = Design(kind="grid", values={"rho": (0.0, 1.0), "threat": (0.25, 0.5, 1.0)})
    found = [tuple(row.settings.values()) for row in design.each(1)]
    assert found == [(0, 0.25), (0, 0.5), (0, 1), (1, 0.25), (1, 0.5), (1, 1)]
    assert len(found) == design.n_points


def test_a_list_keeps_its_rows_with_their_theory_and_rule():
    rows = ({"settings": {"rho": 0.5}, "rule": "patron"}, {"theory": "realist"}, {})
    found = list(Design(kind="list", rows=rows).each(1))
    assert [c.settings for c in found] == [{"rho": 0.5}, {}, {}]
    assert [c.rule for c in found] == ["patron", None, None]
    assert [c.theory for c in found] == [None, "realist", None]


@given(points=st.integers(1, 40), seed=st.integers(0, 5))
@settings(max_examples=12, deadline=None)
def test_a_latin_hypercube_has_one_point_in_every_stratum_of_every_name(points, seed):
    rho = values(sampled("latin_hypercube", points), "rho", seed) / 2.0
    assert sorted(np.floor(rho * points).astype(int)) == list(range(points))


def test_a_sobol_sample_fills_every_cell_of_the_plane_evenly():
    design = sampled("sobol", 64)
    x, y = values(design, "rho") / 2.0, values(design, "threat")
    cells = np.histogram2d(x, y, bins=8, range=[[0, 1], [0, 1]])[0]
    assert (cells == 1).all()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_sample_is_fixed_by_its_seed_and_seed_0_counts(kind):
    def drawn(seed, fallback):
        return values(sampled(kind, 16, seed), "rho", fallback)

    assert np.array_equal(drawn(0, 1), drawn(0, 2))
    assert not np.array_equal(drawn(0, 1), drawn(1, 1))
    assert np.array_equal(drawn(None, 0), drawn(0, 7))


@pytest.mark.parametrize("name", [row.name for row in free()])
def test_the_median_of_a_sampled_prior_is_the_registers_default(name):
    (median,) = Interval(prior=True).quantiles(name, np.array([0.5]))
    assert median == pytest.approx(register()[name].default)


def test_one_standard_deviation_of_a_sampled_prior_is_the_registers_spread():
    share = np.array([0.158655, 0.841345])
    low, high = Interval(prior=True).quantiles("b_need", share)
    assert np.log(high / low) / 2 == pytest.approx(register()["b_need"].spread, rel=1e-4)
    low, high = Interval(prior=True).quantiles("tau_consult", share)
    assert (high - low) / 2 == pytest.approx(register()["tau_consult"].spread, rel=1e-4)


@given(name=st.sampled_from([*register(), "threat", "trend", "asked", "RUS.stake"]), data=st.data())
def test_no_sampled_value_leaves_the_range_that_is_allowed(name, data):
    prior = name in register() and register()[name].is_free and data.draw(st.booleans())
    shares = np.array(data.draw(st.lists(st.floats(0, 1), min_size=1)))
    low, high = limits(name)
    found = Interval(prior=prior).quantiles(name, shares)
    assert np.isfinite(found).all()
    assert (found >= low).all()
    assert (found <= high).all()
