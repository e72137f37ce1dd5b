"""Sensitivity against the Ishigami function, whose indices are known."""

import numpy as np
import pytest

from foedus.analysis.explain.sensitivity import Factor, factors_of, morris, sobol
from foedus.model.ensemble import prepare

FACTORS = [Factor(name, -np.pi, np.pi, "parameter") for name in ("x1", "x2", "x3")]


def ishigami(points):
    x1, x2, x3 = points.T
    return np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def test_sobol_indices_of_the_ishigami_function_are_as_known():
    indices, _ = sobol(ishigami, FACTORS, 4096, seed=0)
    first = [indices[f.name][0] for f in FACTORS]
    total = [indices[f.name][2] for f in FACTORS]
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_few_points_miss_the_known_indices_by_more():
    """The negative control: the test above can fail."""
    indices, _ = sobol(ishigami, FACTORS, 16, seed=0)
    missed = [abs(indices["x1"][0] - 0.3139), abs(indices["x2"][0] - 0.4424)]
    assert max(missed) > 0.02


def test_morris_finds_no_effect_where_there_is_none():
    found = morris(lambda x: {"y": x[:, 0] * 2.0}, FACTORS, 10, seed=0)["y"]
    assert found[0] == pytest.approx(2.0 * 2 * np.pi)
    assert found[1] == found[2] == 0.0


def test_inputs_are_every_free_parameter_and_every_code():
    names = {factor.name for factor in factors_of(prepare("kazakhstan-2022"))}
    assert {"rho", "gamma", "threat", "RUS.stake"} <= names
    assert not any(name.endswith("capability") for name in names)


def test_what_a_theory_switches_is_not_varied():
    names = {factor.name for factor in factors_of(prepare("kazakhstan-2022", theory="realist"))}
    assert "b_mandate" not in names
    assert "b_stake" in names
