"""Structural choices: what each changes, and how the search among them is judged."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast.baselines import base_rate
from foedus.analysis.forecast.scores import panel_of, ranked_probability_score
from foedus.analysis.forecast.structures import (
    AS_IT_IS,
    CHOICES,
    OTHERS_CHOICE,
    _finding,
    chosen_on_the_others,
    try_alternatives,
)
from foedus.cli import progress
from foedus.data.library import load
from foedus.data.terms import Rule
from toys import toy_situation

POINTS = {
    name: np.array([1.0, 2.0])
    for name in ("gamma", "tau_consult", "gap_support", "b_institution", "p_convene")
}
BY_NAME = {choice.name: choice for choice in CHOICES}


def test_free_consultation_moves_the_first_bar_and_no_other():
    choice = BY_NAME["no surcharge on consultation beyond the ask"]
    moved = choice.points(POINTS, toy_situation(asked=0.5))
    assert moved["tau_consult"].tolist() == [0.5, 1.0]
    assert (moved["tau_consult"] + moved["gap_support"]).tolist() == [2.0, 4.0]


def test_a_cap_at_the_ask_counts_a_half_as_the_higher_level():
    levels = np.array([[0, 1, 2, 3]], dtype=np.int8)
    capped = BY_NAME["no answer above the ask, ever"].levels
    assert capped(levels, toy_situation(asked=1.5)).tolist() == [[0, 1, 2, 2]]
    assert capped(levels, toy_situation(asked=0.0)).tolist() == [[0, 0, 0, 0]]


def test_salience_weighs_capability_by_stake():
    remade = BY_NAME["voices and votes weighted by capability times stake"].situation(
        toy_situation(capability=(0.5, 0.25, 0.25, 1.0), stake=(1.0, 0.5, 0.0, 0.5))
    )
    power = [span.mode for span in remade.standing["capability"]]
    assert power == pytest.approx([0.5, 0.125, 0.0125, 0.5])


def test_every_rule_is_tried():
    rules = {
        choice.situation(toy_situation()).rule for choice in CHOICES if "council" in choice.name
    }
    assert rules == set(Rule)


def test_a_crisis_has_no_say_in_the_choice_that_forecasts_it():
    sure = np.eye(4)
    observed = np.array([0, 0, 3])
    first, second = sure[[0, 0, 0]], sure[[3, 3, 3]]
    # the first is right about the first two crises, so that it is chosen for the third and fails;
    # for each of the first two the other two are tied, and the earlier of the choices is taken
    chosen = chosen_on_the_others(np.stack([first, second]), observed)
    assert chosen.tolist() == [sure[0].tolist(), sure[0].tolist(), sure[0].tolist()]
    assert chosen_on_the_others(np.stack([second, first]), observed)[0].tolist() == sure[3].tolist()


def test_processes_that_share_the_choices_change_no_bit(monkeypatch):
    monkeypatch.setattr(progress, "processors", lambda: 2)
    panel = panel_of(load(name) for name in ("kazakhstan-2022", "kyrgyz-tajik-2022", "drc-1998"))
    told = []
    with progress.side_by_side(is_long=True) as each:
        shared = try_alternatives(panel, n_draws=4, n_runs=2, each=each, progress=told.append)
    assert shared == try_alternatives(panel, n_draws=4, n_runs=2)
    assert told == list(BY_NAME)


def test_a_line_on_one_parameter_scales_it_and_adds():
    moved = {name: BY_NAME[name].points for name in BY_NAME}
    higher = moved["a bar for the first step 1 higher"](POINTS, toy_situation())
    assert higher == {**POINTS, "tau_consult": pytest.approx([2.0, 3.0])}
    no_floor = moved["no floor under consultation"](POINTS, toy_situation())
    assert no_floor == {**POINTS, "p_convene": pytest.approx([0.0, 0.0])}
    even = moved["a force as far above aid as aid above talks"](POINTS, toy_situation())
    assert even == {**POINTS, "gap_deploy": pytest.approx([1.0, 2.0])}


def test_a_finding_is_worked_out_from_three_forecasts_by_hand():
    panel = panel_of(load(name) for name in ("kazakhstan-2022", "kyrgyz-tajik-2022", "drc-1998"))
    sure, even = 0.1 + 0.6 * np.eye(4)[panel.observed], np.full((3, 4), 0.25)
    found = _finding("x", sure, even, even, panel)
    assert found.log_gain == pytest.approx(np.log(0.7 / 0.25))
    assert found.log_gain_interval == pytest.approx((np.log(0.7 / 0.25),) * 2)
    base, ours, flat = (
        ranked_probability_score(given, panel.observed).mean()
        for given in (base_rate(panel.observed), sure, even)
    )
    assert found.skill == pytest.approx(1 - ours / base)
    assert found.skill_calibrated == pytest.approx(1 - flat / base)
    assert found.gain == pytest.approx(flat - ours)


def test_the_model_as_it_is_gains_nothing_over_itself():
    panel = panel_of(load(name) for name in ("kazakhstan-2022", "kyrgyz-tajik-2022", "drc-1998"))
    findings = {f.name: f for f in try_alternatives(panel, n_draws=20, n_runs=8)}
    assert list(findings) == [*BY_NAME, OTHERS_CHOICE]
    plain = findings[AS_IT_IS]
    assert (plain.gain, plain.log_gain, plain.gain_interval) == (0, 0, (0, 0))
    assert findings["no floor under consultation"].gain < 0


@pytest.mark.parametrize(("choice", "name", "factor"), [
    ("no treaty's case: every threshold as if it were given", "treaty_bar", 0),
    ("joining costs no member more than another", "b_exposure", 0),
    ("no influence", "rho", 0),
    ("twice the influence", "rho", 2),
    ("twice the shock of each government", "sigma_member", 2),
    ("a tenth of the shock of each government", "sigma_member", 0.1),
    ("twice the shock of the crisis", "sigma_crisis", 2),
])  # fmt: skip
def test_a_choice_multiplies_what_its_name_says(choice, name, factor):
    points = {**POINTS, name: np.array([0.5, 3.0])}
    moved = BY_NAME[choice].points(points, toy_situation())
    assert moved == {**points, name: pytest.approx([0.5 * factor, 3 * factor])}


def test_the_answer_is_read_on_the_day_that_a_choice_names():
    days = {choice.name: choice.days for choice in CHOICES}
    assert days.pop("the answer of the first sitting alone") == 0
    assert days.pop("the answer that stands after a month") == 30
    assert set(days.values()) == {7}
