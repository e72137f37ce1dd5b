"""Two setups under the same chance: exact zeros, smaller errors, and errors that are right."""

from __future__ import annotations

import json
from math import sqrt

import numpy as np
import pytest

from foedus.analysis.explain.comparison import (
    Difference,
    _difference,
    against_bases,
    as_record,
    compare,
    is_same,
    verdict,
)
from foedus.analysis.summary import summarise
from foedus.errors import UsageError
from foedus.model.ensemble import ensemble
from foedus.model.setup import Setup, prepare

KAZAKHSTAN = "kazakhstan-2022"
AT_WAR = "kazakhstan-2022-russia-at-war"
CHANGES = ("larger-membership", "no-base-veto", "russia-at-war", "stronger-members")


@pytest.fixture(scope="module")
def every(library):
    return {one.second.setup.case.id: one for one in against_bases(library, 2000, 1)}


def test_a_scenario_differs_from_itself_by_exactly_nothing(library):
    case = next(case for case in library if case.id == KAZAKHSTAN)
    found = compare(Setup(case), Setup(case), 500, 3)
    assert found.changes == ()
    for one in found.differences:
        assert one.difference == one.error == 0
        assert one.unpaired_error > 0
    assert verdict(found) == "The answer is the same in all 500 runs."


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_chance_makes_the_error_smaller_on_every_change_of_kazakhstan(every, change):
    found = every[f"{KAZAKHSTAN}-{change}"]
    for name in ("p_support", "p_deploy", "expected_level", "troops", "day_ended", "p_lost"):
        one = found.of(name)
        same = one.first == one.second and one.error == 0
        assert same or 0 < one.error < 0.8 * one.unpaired_error, name


def test_the_differences_are_those_of_two_ensembles_run_apart(every):
    found = every[AT_WAR]
    a, b = (ensemble(prepare(name), 2000, 1) for name in (KAZAKHSTAN, AT_WAR))
    first, second = summarise(a), summarise(b)
    for level, word in enumerate(("none", "consult", "support", "deploy")):
        one = found.of(f"p_{word}")
        assert (one.first, one.second) == (first.p_levels[level], second.p_levels[level])
        apart = sqrt(first.errors[level] ** 2 + second.errors[level] ** 2)
        assert one.unpaired_error == pytest.approx(apart)
    level = found.of("expected_level")
    assert level.difference == pytest.approx(second.expected_level - first.expected_level)
    assert found.of("troops").first == pytest.approx(a.outcome.troops.sum() / 2000)


def test_the_paired_error_is_the_spread_of_differences_over_fresh_batches():
    n_batches, size = 100, 200
    a, b = (
        ensemble(prepare(KAZAKHSTAN, {"RUS.overextension": v}), n_batches * size, 5).outcome.level
        for v in (0.5, 1.0)
    )
    batches = (b.astype(float) - a).reshape(n_batches, size)
    spread = batches.mean(axis=1).std(ddof=1)
    stated = np.mean([_difference("", "level", np.zeros(size), row).error for row in batches])
    four_errors = 4 / sqrt(2 * (n_batches - 1))
    assert abs(stated / spread - 1) < four_errors
    apart = sqrt((a.var() + b.var()) / size)
    assert abs(apart / spread - 1) > four_errors


def test_where_no_run_differs_the_error_of_a_share_is_that_of_half_a_run():
    found = compare(prepare(KAZAKHSTAN), prepare(KAZAKHSTAN, {"kappa_force": 0.3}), 400, 1)
    deploy, ended = found.of("p_deploy"), found.of("day_ended")
    assert deploy.difference == 0
    assert deploy.error == pytest.approx(sqrt(0.5) / 400)
    assert ended.difference < 0
    assert ended.is_clear


def test_men_of_a_state_that_sits_in_one_council_alone_count_as_none_in_the_other(every):
    found = every[f"{KAZAKHSTAN}-larger-membership"]
    assert found.of("troops_UZB").first == 0
    assert found.of("troops_UZB").second > 0


def test_higher_and_lower_are_counted_run_by_run(every):
    war = every[AT_WAR]
    assert war.p_higher == 0
    assert war.p_lower >= -war.of("expected_level").difference / 3
    rules = every["kyrgyzstan-2010-amended-rules"]
    assert rules.p_lower == 0
    assert rules.of("p_deploy").is_clear


def test_the_verdict_says_so_where_the_difference_is_too_little_to_tell(every):
    assert "too little to tell" in verdict(every[f"{KAZAKHSTAN}-larger-membership"])
    assert "too little to tell" not in verdict(every[AT_WAR])
    assert verdict(every[f"{KAZAKHSTAN}-no-base-veto"]).startswith("The answer is the same in all")


def test_two_names_for_the_same_numbers_are_the_same_and_another_seed_of_doubt_is_not():
    base = prepare(KAZAKHSTAN)
    assert is_same(base, prepare(KAZAKHSTAN, {"rho": base.parameters["rho"]}))
    for other in (
        prepare(KAZAKHSTAN, {"rho": 0}),
        prepare(KAZAKHSTAN, rule="patron"),
        prepare(KAZAKHSTAN, endogenous=True),
        prepare(KAZAKHSTAN, drawn_codes=False),
    ):
        assert not is_same(base, other)


def test_one_run_leaves_no_error_to_estimate():
    with pytest.raises(UsageError, match="at least 2 runs"):
        compare(prepare(KAZAKHSTAN), prepare(KAZAKHSTAN), 1, 1)


def test_there_is_a_comparison_for_each_counterfactual_of_the_document(every, library):
    assert len(every) == 6
    for name, found in every.items():
        base = found.first.setup.case.id
        assert base == next(c.scenario.extends for c in library if c.id == name)


def test_the_record_is_plain(every):
    record = as_record(every["armenia-2020-own-soil"])
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_a_difference_is_clear_beyond_two_of_its_errors():
    def of(difference):
        return Difference("p_deploy", "share", 100, 0.5, 0.5 + difference, 0.1, 0.2)

    assert not of(0.19).is_clear
    assert of(0.21).is_clear
    assert of(-0.21).is_clear


def test_the_verdict_gives_deployment_in_percent_and_points(every):
    one = every[f"{KAZAKHSTAN}-russia-at-war"]
    deploy = one.of("p_deploy")
    points, error = 100 * deploy.difference, 100 * deploy.error
    said = f"from {deploy.first:.1%} to {deploy.second:.1%} ({points:+.1f} points, ± {error:.1f})"
    assert abs(points) > 1
    assert said in verdict(one)
