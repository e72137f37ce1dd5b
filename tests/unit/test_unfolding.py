from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis import summary as analysis
from foedus.analysis.summary import summarise, unfold
from foedus.data.terms import Ending
from foedus.model.ensemble import ensemble, story
from foedus.model.setup import prepare


@pytest.fixture
def setup(toy):
    return prepare(toy.load())


def test_shares_of_a_day_add_up_and_end_as_the_ensemble_ends(setup):
    days = unfold(setup, 400, 3)
    summary = summarise(ensemble(setup, 400, 3))
    assert days.answers.sum(axis=1) == pytest.approx(np.ones(setup.situation.horizon_days))
    assert tuple(days.answers[-1]) == pytest.approx(summary.p_levels)
    assert days.quelled[-1] == pytest.approx(summary.p_quelled)
    assert days.lost[-1] == pytest.approx(summary.p_lost)


def test_an_answer_never_falls_and_an_ended_crisis_stays_ended(setup):
    days = unfold(setup, 400, 3)
    at_least = days.answers[:, ::-1].cumsum(axis=1)
    assert (np.diff(at_least, axis=0) >= -1e-12).all()
    assert (np.diff(days.quelled) >= 0).all()
    assert (np.diff(days.lost) >= 0).all()
    assert days.quelled[-1] > days.quelled[0]


def test_nobody_is_in_place_before_the_council_first_sits(setup):
    days = unfold(setup, 200, 3)
    first = setup.situation.day_first_sitting
    assert (days.in_place[:first] == 0).all()
    assert days.in_place.max() > 0


def test_blocks_change_nothing(setup, monkeypatch):
    whole = unfold(setup, 300, 3)
    monkeypatch.setattr(analysis, "BLOCK", 64)
    parts = unfold(setup, 300, 3)
    assert (whole.answers == parts.answers).all()
    assert (whole.in_place == parts.in_place).all()


def test_a_crisis_is_over_from_the_end_of_the_day_on_which_it_ended(setup):
    """`day_ended` counts days lived: a run that ended after d days is over in row d - 1."""
    for seed in range(20):
        outcome = ensemble(setup, 1, seed).outcome
        over = unfold(setup, 1, seed)
        ended = over.quelled + over.lost
        last = int(outcome.day_ended[0])
        if outcome.ending[0] == Ending.HORIZON:
            assert ended.tolist() == [0.0] * len(over.quelled)
        else:
            assert ended.tolist() == [0.0] * (last - 1) + [1.0] * (len(over.quelled) - last + 1)


@pytest.mark.parametrize("endogenous", [False, True])
def test_each_day_shows_what_the_story_of_that_run_shows(toy, endogenous):
    setup = prepare(toy.load(), endogenous=endogenous)
    days, told = unfold(setup, 1, 5), story(setup, 0, 5)
    for day in told.days:
        assert days.answers[day.day].argmax() == day.answer
        assert days.in_place[day.day] == day.in_place
