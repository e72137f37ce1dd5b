"""What an ensemble is asked for is checked before anything is run."""

from __future__ import annotations

import pytest

from foedus.data.library import shipped
from foedus.errors import UsageError
from foedus.model.ensemble import ensemble, story
from foedus.model.setup import prepare

CASE = "kazakhstan-2022"


def test_a_case_is_prepared_by_id_by_path_and_by_itself():
    by_id = prepare(CASE)
    assert prepare(shipped() / "csto" / f"{CASE}.yaml").case.digest == by_id.case.digest
    assert prepare(by_id.case) == by_id


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"rule": ""}, "unknown rule ''"),
        ({"theory": ""}, "unknown theory ''"),
        ({"theory": "realism"}, "did you mean 'realist'?"),
        ({"calibrated": {"roh": 1.0}}, "did you mean 'rho'?"),
        ({"calibrated": {"rho": -1.0}}, "rho"),
        ({"calibrated": {"threat": 0.5}}, "threat"),
    ],
)
def test_words_that_are_not_known_are_refused(words, says):
    with pytest.raises(UsageError) as refused:
        prepare(CASE, **words)
    assert says in str(refused.value)


@pytest.mark.parametrize("n_runs", [0, -1, 1.5, True, None])
def test_a_number_of_runs_is_a_whole_number_from_one(n_runs):
    with pytest.raises(UsageError, match="n_runs: expected a whole number from 1"):
        ensemble(prepare(CASE), n_runs)


@pytest.mark.parametrize("seed", [-1, 0.5, None])
def test_a_seed_is_a_whole_number_from_zero(seed):
    for call in (ensemble, story):
        with pytest.raises(UsageError, match="seed: expected a whole number from 0"):
            call(prepare(CASE), seed=seed)


def test_a_run_is_a_whole_number_from_zero():
    with pytest.raises(UsageError, match="run: expected a whole number from 0"):
        story(prepare(CASE), run=-1)
