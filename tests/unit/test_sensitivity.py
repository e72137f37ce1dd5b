"""Sensitivity against the Ishigami function, whose indices are known."""

import json
import warnings

import numpy as np
import pytest

from foedus.analysis.explain.sensitivity import (
    Factor,
    as_record,
    factors_of,
    morris,
    outputs_of,
    sobol,
    study,
)
from foedus.errors import UsageError
from foedus.model.setup import prepare

FACTORS = [Factor(name, -np.pi, np.pi, "parameter") for name in ("x1", "x2", "x3")]


def ishigami(points):
    x1, x2, x3 = points.T
    return np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def test_sobol_indices_of_the_ishigami_function_are_as_known():
    indices, _ = sobol(ishigami, FACTORS, 4096, seed=0)
    first = [indices[f.name].first for f in FACTORS]
    total = [indices[f.name].total for f in FACTORS]
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_few_points_miss_the_known_indices_by_more():
    """The negative control: the test above can fail."""
    indices, _ = sobol(ishigami, FACTORS, 16, seed=0)
    missed = [abs(indices["x1"].first - 0.3139), abs(indices["x2"].first - 0.4424)]
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


def test_a_design_whose_size_is_no_power_of_two_is_refused_in_one_line():
    for base in (17, 24, 8, 0):
        with pytest.raises(UsageError, match=f"{base}: expected a power of 2"):
            study(prepare("kazakhstan-2022"), n_runs=8, n_base=base)


def test_an_output_that_nothing_moves_owes_nothing_to_anything_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        indices, half = sobol(lambda x: np.full(len(x), 0.3), FACTORS, 16, seed=0)
    assert {index.total for index in indices.values()} == set(half.values()) == {0.0}


def test_where_the_requester_decides_its_wish_to_ask_is_an_input_that_matters():
    setup = prepare("kyrgyzstan-2010", endogenous=True)
    factors = factors_of(setup)
    assert "b_ask" in {factor.name for factor in factors}
    assert "b_ask" not in {factor.name for factor in factors_of(prepare("kyrgyzstan-2010"))}
    place = [factor.name for factor in factors].index("b_ask")
    points = np.tile([(f.low + f.high) / 2 for f in factors], (2, 1))
    points[:, place] = 0.0, 12.0
    low, high = outputs_of(setup, factors, 200, 1)(points)["expected_level"]
    assert high > low + 0.1


def test_codes_vary_over_what_their_coders_leave_open_and_stay_on_their_scale():
    spans = {f.name: (f.low, f.high) for f in factors_of(prepare("kazakhstan-2022"))}
    situation = prepare("kazakhstan-2022").situation
    for name, span in situation.crisis.items():
        low, high = spans[name]
        floor, ceiling = {"trend": (-1, 1), "asked": (0, 3)}.get(name, (0, 1))
        assert low == max(floor, min(span.low, span.mode - 0.125))
        assert high == min(ceiling, max(span.high, span.mode + 0.125))


def test_a_study_screens_all_inputs_and_takes_indices_of_the_strongest():
    found = study(prepare("kazakhstan-2022"), n_runs=8, n_trajectories=2, n_base=16, keep=3)
    assert [one.output for one in found] == ["p_deploy", "expected_level"]
    for one in found:
        strengths = [effect.mu_star for effect in one.effects]
        assert strengths == sorted(strengths, reverse=True)
        assert [effect.total is None for effect in one.effects] == [False] * 3 + [True] * (
            len(one.effects) - 3
        )
        assert one.n_points == 16 * 5
        record = as_record(one)
        assert json.loads(json.dumps(record, allow_nan=False)) == record
        first = record["effects"][0]
        assert set(first) == {
            "name", "low", "high", "kind", "mu_star", "first", "first_error", "total",
            "total_error", "total_half",
        }  # fmt: skip
        assert first["name"] == one.effects[0].factor.name
        assert first["total_half"] == one.effects[0].total_half is not None


def test_the_record_of_an_effect_has_all_that_was_found():
    found = study("kursk-2024", n_runs=4, n_trajectories=2, n_base=16, keep=2)[0]
    record = as_record(found)
    for effect, kept in zip(found.effects, record["effects"], strict=True):
        assert kept["name"] == effect.factor.name
        for name in ("first", "total"):
            assert kept[name] == getattr(effect, name)
        assert {name for name in vars(effect) if name != "factor"} <= set(kept)
        assert "factor" not in kept
