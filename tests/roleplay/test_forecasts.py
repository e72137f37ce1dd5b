"""Scores of a class's forecasts."""

from __future__ import annotations

import pytest

from foedus.data.library import load
from foedus.data.terms import Level
from foedus.model.setup import prepare
from foedus.roleplay.game import begin, story_of
from foedus.roleplay.persons import days_scored, error, standing, together

SURE = {0: (0.0, 0.0, 0.0, 1.0)}


def test_a_sure_and_right_forecast_has_no_error_and_a_sure_and_wrong_one_the_largest():
    assert error(SURE, Level.DEPLOY, 3) == 0
    assert error(SURE, Level.NONE, 3) == 3


def test_without_a_forecast_a_quarter_for_each_answer_counts():
    quarters = {0: (0.25,) * 4}
    assert error({}, Level.DEPLOY, 2) == error(quarters, Level.DEPLOY, 2)
    # by hand: (1/4)² + (2/4)² + (3/4)²
    assert error({}, Level.DEPLOY, 1) == pytest.approx(0.875)


def test_an_error_is_the_mean_over_days_of_the_forecast_that_stood():
    late = {1: SURE[0]}
    assert error(late, Level.DEPLOY, 2) == pytest.approx(0.875 / 2)
    assert standing(late, 0) is None
    assert standing(late, 7) == SURE[0]


def test_who_was_right_earlier_scores_better():
    assert error(SURE, Level.DEPLOY, 5) < error({3: SURE[0]}, Level.DEPLOY, 5)


def test_the_class_together_says_the_mean_of_what_stands():
    found = together([SURE, {2: (1.0, 0.0, 0.0, 0.0)}, {}])
    assert found == {0: SURE[0], 2: (0.5, 0.0, 0.0, 0.5)}


def test_days_count_until_a_force_is_decided():
    story = story_of(begin(prepare(load("kazakhstan-2022")), ()), to_end=True)
    n_days = story.day_decided + 1 if story.level is Level.DEPLOY else len(story.days)
    assert days_scored(story) == n_days >= 1
