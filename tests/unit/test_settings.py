"""What a person sets by hand is a number in range, or is refused in one line."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.data.settings import parse_parameters, parse_settings, settings_from
from foedus.errors import UsageError
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare


@pytest.mark.parametrize("value", ["1", None, True, [1], 1j])
@pytest.mark.parametrize("name", ["rho", "threat"])
def test_what_is_no_number_is_refused(name, value):
    with pytest.raises(UsageError, match=f"{name}: expected a number, found"):
        settings_from({name: value})


def test_where_no_crisis_is_meant_only_parameters_can_be_set():
    assert parse_parameters(["rho=.5", "eta=1"]) == {"rho": 0.5, "eta": 1.0}
    with pytest.raises(UsageError, match="only parameters"):
        parse_parameters(["rho=1", "threat=1"])


def test_days_and_troops_of_a_case_can_be_set_as_in_its_file(toy):
    own = {"horizon_days": 25, "forces_needed": 4000, "days_since_onset": 9, "day_first_sitting": 3}
    setup = prepare(toy.load(), own)
    assert {name: getattr(setup.situation, name) for name in own} == own
    as_in_file = prepare(
        toy.load(("horizon_days: 20", "horizon_days: 25"), ("value: 2000", "value: 4000"))
    )
    pair = [
        ensemble(
            prepare(toy.load(), {n: own[n] for n in ("horizon_days", "forces_needed")}), 300, 1
        ),
        ensemble(as_in_file, 300, 1),
    ]
    for name in ("level", "day_ended", "troops"):
        assert np.array_equal(*(getattr(each.outcome, name) for each in pair))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("horizon_days=10.5", "horizon_days: expected a whole number, found 10.5"),
        ("horizon_days=0", "horizon_days: 0 is out of range, expected 1 to 365"),
        ("forces_needed=2e7", "forces_needed: 2e+07 is out of range"),
        ("rule=unanimity", "--set rule=unanimity: use --rule unanimity"),
    ],
)
def test_a_number_of_the_case_that_will_not_do_is_refused(word, said):
    with pytest.raises(UsageError) as caught:
        parse_settings([word], ["KAZ"])
    assert str(caught.value).startswith(said)


def test_a_name_that_is_set_twice_is_refused():
    with pytest.raises(UsageError, match="--set rho: given twice"):
        parse_settings(["rho=0", "rho=1"])


def test_numbers_of_a_case_cannot_be_varied_between_points():
    with pytest.raises(UsageError, match="unknown name 'horizon_days'"):
        settings_from({"horizon_days": 30}, ["KAZ"])
