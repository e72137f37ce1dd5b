"""What one setup has otherwise than another is said, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from foedus.analysis.explain.comparison import changes, situation_changes
from foedus.data.library import load
from foedus.data.terms import Rule, Stance
from foedus.model.forces import ForceLaw
from foedus.model.setup import Setup, prepare
from toys import COUNTERFACTUAL, fixed, toy_situation

OTHER = {
    "members": ("AAA", "BBB", "CCC", "EEE"),
    "crisis": {**toy_situation().crisis, "threat": fixed(0.9)},
    "standing": {**toy_situation().standing, "stake": tuple(map(fixed, (1, 0.25, 0.5, 0.9)))},
    "indicators": ({}, {"bloc": 1.0}, {}, {}),
    "requester": 1,
    "patron": 2,
    "adversary": 1,
    "rule": Rule.PATRON,
    "abstention": 0.5,
    "day_first_sitting": None,
    "days_since_onset": 3,
    "horizon_days": 9,
    "pools": (500.0, *toy_situation().pools[1:]),
    "alliance_pool": 3000.0,
    "forces_needed": 2001.0,
    "stated_dependence": {1: 0.3},
    "stances": {1: Stance.OBJECT},
    "is_unrest": not toy_situation().is_unrest,
    "force": ForceLaw(7.0, 1.0, 0.5, 1.0, 2.0, 1.0, 9),
}


def test_every_side_of_a_situation_is_tried_here():
    labels = {"alliance", "year"}  # which crisis it is; no equation of the model reads them
    assert set(OTHER) == {field.name for field in fields(toy_situation())} - labels


@pytest.mark.parametrize("name", list(OTHER))
def test_no_side_of_a_situation_changes_in_silence(name):
    base = toy_situation()
    assert list(situation_changes(base, base)) == []
    assert list(situation_changes(base, replace(base, **{name: OTHER[name]})))


def test_each_change_of_a_scenario_is_one_line(toy):
    base = toy.load()
    calm = load(str(toy.write(COUNTERFACTUAL, "toy-2020-calm.yaml")))
    assert list(changes(Setup(base), Setup(calm))) == ["threat 0.75 -> 0.25"]


def test_codes_on_which_the_coders_differ_are_said_as_a_range(toy):
    base = toy.load()
    set_ = prepare(base, {"mandate": 0.5, "FRI.alignment": 1})
    assert list(changes(Setup(base), set_)) == [
        "mandate 0.5 to 0.75 -> 0.5",
        "FRI.alignment 0.5 to 0.75 -> 1",
    ]


def test_parameters_rule_and_ways_of_running_are_said(toy):
    base = toy.load()
    other = prepare(base, {"rho": 0}, rule="majority", drawn_codes=False, endogenous=True)
    assert list(changes(Setup(base), other)) == [
        "rule consensus -> majority",
        "rho 1 -> 0",
        "drawn_codes yes -> no",
        "endogenous no -> yes",
    ]


def test_a_larger_council_is_said_by_its_new_seats():
    joined = changes(prepare("kazakhstan-2022"), prepare("kazakhstan-2022-larger-membership"))
    assert next(joined) == "AZE, UZB sit too"


def test_without_the_veto_the_measured_side_is_said_and_not_the_coders_dependence():
    lines = list(changes(prepare("kazakhstan-2022"), prepare("kazakhstan-2022-no-base-veto")))
    assert lines == [f"{s}.base_veto 1 -> 0" for s in ("ARM", "BLR", "KAZ", "KGZ", "TJK")]


def test_a_coded_dependence_is_said_where_one_of_the_two_reads_it():
    base = toy_situation()
    codes = tuple(map(fixed, (0.1, 0.75, 0.5, 0.0)))
    coded = replace(base, standing={**base.standing, "dependence": codes})
    assert "AAA.dependence 0.5 -> 0.1" in list(situation_changes(base, coded))
    measured = ({}, {"bloc": 1.0}, {}, {})
    one = list(situation_changes(base, replace(coded, indicators=measured)))
    assert "AAA.dependence 0.5 -> 0.1" in one
    both = situation_changes(
        replace(base, indicators=measured), replace(coded, indicators=measured)
    )
    assert list(both) == []
