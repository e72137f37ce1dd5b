"""Scores against a kept library, and against answers known beforehand."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st

from foedus.analysis.forecast import baselines, scores
from foedus.errors import InputError

chances = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(
    lambda raw: np.array(raw) / sum(raw)
)


@given(chances, st.integers(0, 3))
def test_ranked_probability_score_equals_the_librarys(forecast, level):
    ours = scores.ranked_probability_score(forecast[None], [level])[0]
    assert ours == pytest.approx(float(scoringrules.rps_score(level + 1, forecast)), abs=1e-12)


@given(chances, st.integers(0, 3))
def test_brier_score_equals_the_librarys(forecast, level):
    ours = scores.brier_of_highest(forecast[None], [level])[0]
    theirs = float(scoringrules.brier_score(float(level == 3), float(forecast[3])))
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("said", range(4))
@pytest.mark.parametrize("happened", range(4))
def test_a_sure_forecast_scores_its_distance_on_the_ladder(said, happened):
    forecast = np.eye(4)[[said]]
    assert scores.ranked_probability_score(forecast, [happened])[0] == abs(said - happened)


@pytest.mark.parametrize(
    ("constant", "log_loss", "brier"),
    [
        (0.25, 0.562, 0.188),
        (0.22, 0.565, 0.188),
        (0.41, 0.619, 0.213),
        (0.5, 0.693, 0.250),
        (0.745, 1.098, 0.433),
    ],
)
def test_constant_forecasts_of_the_documents_four_crises_score_as_published(
    constant, log_loss, brier
):
    observed = [3, 0, 0, 0]
    forecasts = np.tile([1 - constant, 0, 0, constant], (4, 1))
    assert scores.log_score(forecasts, observed).mean() == pytest.approx(log_loss, abs=5e-4)
    assert scores.brier_of_highest(forecasts, observed).mean() == pytest.approx(brier, abs=6e-4)


def test_a_laplace_rate_that_leaves_one_out_scores_as_published():
    deployed = np.array([1, 0, 0, 0])
    others = deployed.sum() - deployed
    rate = (others + 1) / (len(deployed) - 1 + 2)
    forecasts = np.column_stack([1 - rate, np.zeros(4), np.zeros(4), rate])
    observed = 3 * deployed
    assert scores.log_score(forecasts, observed).mean() == pytest.approx(0.785, abs=5e-4)
    assert scores.brier_of_highest(forecasts, observed).mean() == pytest.approx(0.280, abs=5e-4)


def test_skill_is_one_for_a_perfect_forecast_and_zero_for_the_reference():
    assert scores.skill([0.0, 0.0], [1.0, 2.0]) == 1.0
    assert scores.skill([1.0, 2.0], [1.0, 2.0]) == 0.0


@pytest.mark.parametrize(
    "score", [scores.ranked_probability_score, scores.log_score, scores.brier_of_highest]
)
@pytest.mark.parametrize(
    ("forecast", "level", "message"),
    [
        ([0.25] * 4, -1, "observed level -1: expected 0"),
        ([0.25] * 4, 4, "observed level 4: expected 0"),
        ([0.25] * 4, 1.5, "observed level 1.5: expected 0"),
        ([0.3, 0.3, 0.3, 0.3], 1, "expected probabilities that add up to 1"),
        ([0.2, 0.2, 0.2, 0.2], 1, "expected probabilities that add up to 1"),
        ([-0.5, 0.5, 0.5, 0.5], 1, "expected probabilities that add up to 1"),
        ([np.nan, 0.5, 0.5, 0.5], 1, "expected probabilities that add up to 1"),
        ([0.5, 0.5, 0.0], 1, "expected 1 rows of 4 probabilities"),
    ],
)
def test_what_is_no_forecast_or_no_level_is_refused_in_one_line(score, forecast, level, message):
    with pytest.raises(InputError, match=message) as caught:
        score([forecast], [level])
    assert "\n" not in str(caught.value)


def test_as_many_forecasts_as_answers_are_wanted():
    with pytest.raises(InputError, match="expected 2 rows"):
        scores.log_score(np.eye(4), [0, 1])


def test_a_forecaster_is_said_in_a_line():
    given = np.full((3, 4), 0.25)
    sure = np.eye(4)[[3, 3, 0]]
    one = scores.judge("even odds", given, [0, 1, 3], np.arange(3), reference=given, rival=sure)
    assert repr(one) == "<Forecaster 'even odds': skill +0.000 (+0.00 to +0.00) over 3 crises>"
    assert one.gain == pytest.approx(
        (3 + 2 + 3) / 3 - scores.ranked_probability_score(given, [0, 1, 3]).mean()
    )


def test_the_base_rate_never_sees_the_crisis_it_forecasts():
    observed = np.array([0, 0, 1, 3])
    rows = baselines.base_rate(observed)
    assert rows[3].tolist() == pytest.approx([3 / 7, 2 / 7, 1 / 7, 1 / 7])
    assert rows[0].tolist() == pytest.approx([2 / 7, 2 / 7, 1 / 7, 2 / 7])


def test_changing_one_answer_leaves_its_own_learned_forecast_alone():
    asked = np.array([3, 3, 3, 0, 0, 2.5])
    observed = np.array([3, 1, 3, 0, 0, 3])
    changed = observed.copy()
    changed[0] = 0
    before = baselines.answer_equals_ask(asked, observed)
    after = baselines.answer_equals_ask(asked, changed)
    assert before[0].tolist() == after[0].tolist()
    assert before[1].tolist() != after[1].tolist()


def test_the_ask_taken_for_the_answer_splits_a_half():
    assert baselines.sure_ask([2.5, 3, 0]).tolist() == [
        [0, 0, 0.5, 0.5],
        [0, 0, 0, 1],
        [1, 0, 0, 0],
    ]


@given(st.lists(st.integers(0, 3), min_size=3, max_size=12))
def test_every_baseline_row_is_a_distribution(observed):
    asked = np.array(observed, dtype=float)
    for rows in (
        baselines.base_rate(observed),
        baselines.sure_ask(asked),
        baselines.answer_equals_ask(asked, observed),
        baselines.published_rate(0.22, observed),
    ):
        assert rows.min() >= 0
        assert np.allclose(rows.sum(axis=1), 1.0)
