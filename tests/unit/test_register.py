"""The register is complete, and refuses what it does not know."""

from __future__ import annotations

import csv
from dataclasses import replace
from importlib import resources
from math import inf, nan

import pytest

from foedus.data import register as register_module
from foedus.data.register import defaults, free, known, parameters, register
from foedus.data.terms import INDICATORS
from foedus.errors import UsageError

ROWS = list(register().values())
BY_NAME = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@BY_NAME
def test_a_row_tells_all_about_its_parameter(row):
    for field in ("name", "symbol", "unit", "role", "description", "source"):
        assert getattr(row, field).strip(), field
    assert row.prior in ("lognormal", "normal", "fixed")


@BY_NAME
def test_a_default_lies_within_its_range(row):
    assert row.low < row.high
    assert row.accept(row.default) == row.default


@BY_NAME
def test_a_fixed_parameter_has_no_spread_and_a_free_one_has(row):
    assert (row.spread > 0) == row.is_free
    assert row.is_free == (row in (*free(), *free(of_years=True)))


@BY_NAME
def test_a_lognormal_parameter_is_positive(row):
    if row.prior == "lognormal":
        assert row.default > 0
        assert row.low >= 0


@BY_NAME
def test_a_value_just_outside_the_range_is_refused_with_the_range(row):
    for beyond in (row.low - 1e-6, row.high + 1e-6):
        with pytest.raises(UsageError, match=rf"^{row.name}: .* expected {row.low:g} to "):
            row.accept(beyond)


def test_the_table_has_no_blank_column_and_no_name_or_symbol_twice():
    table = resources.files("foedus.data").joinpath("register.csv").read_text(encoding="utf-8")
    lines = list(csv.reader(table.splitlines()))
    assert {len(line) for line in lines} == {11}
    assert len({row.name for row in ROWS}) == len(lines) - 1
    assert len({row.symbol for row in ROWS}) == len(lines) - 1


def test_every_indicator_has_a_reference_and_a_weight():
    weighed = {name.partition("_")[2] for name in register() if name.startswith("w_")}
    referred = {name.partition("_")[2] for name in register() if name.startswith("ref_")}
    assert weighed == referred == set(INDICATORS)


def test_overrides_replace_what_they_name_and_nothing_else():
    changed = {name: v for name, v in parameters({"rho": 0}).items() if v != defaults()[name]}
    assert changed == {"rho": 0.0}
    assert parameters() == defaults()


def test_an_override_leaves_the_register_as_it_was():
    parameters({"rho": 0.25})["eta"] = 99.0
    assert defaults()["rho"] == 1.0
    assert defaults()["eta"] == 2.0


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_value_that_is_no_finite_number_is_refused(value):
    with pytest.raises(UsageError, match="out of range"):
        parameters({"b_baseline": value})


def test_an_unknown_name_is_refused_with_the_nearest_known():
    with pytest.raises(UsageError, match=r"unknown parameter 'rh0' \(did you mean 'rho'\?\)"):
        known("rh0")
    with pytest.raises(UsageError, match=r"did you mean 'sigma_crisis'"):
        parameters({"sigma_crises": 1.0})


def test_assumed_parameters_say_so_in_their_source():
    assert known("eta").is_assumed
    assert not known("ref_bloc").is_assumed


def test_a_parameter_from_outside_is_known_everywhere_and_shadows_none(monkeypatch):
    monkeypatch.setattr(register_module, "_added", {})
    own = replace(known("b_stake"), name="b_kinship", symbol="b_kin", default=0.5)
    register_module.add(own)
    assert parameters()["b_kinship"] == 0.5
    assert parameters({"b_kinship": 2})["b_kinship"] == 2
    assert own in free()
    with pytest.raises(UsageError, match="another parameter is called 'b_stake'"):
        register_module.add(replace(own, name="b_stake"))
