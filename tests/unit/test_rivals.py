"""Rivals against the published case of the EC's emission standards, and by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from foedus.analysis.forecast import baselines
from foedus.analysis.forecast.baselines import (
    _condorcet_of,
    condorcet,
    condorcet_forecasts,
    mean_ideal_levels,
    weighted_mean,
)
from foedus.analysis.forecast.scores import Panel, panel_of
from foedus.data.library import load

CAPABILITY = [0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08]
POSITION = [4, 7, 4, 4, 10, 10, 10, 7, 4, 7]
SALIENCE = [80, 40, 20, 80, 60, 60, 90, 10, 100, 70]


def test_the_weighted_mean_of_the_emission_standards_case_is_as_published():
    """Scholz, Calbert and Smith (2011) after Bueno de Mesquita (1994)."""
    assert weighted_mean(CAPABILITY, SALIENCE, POSITION) == pytest.approx(7.390, abs=5e-4)


def test_equal_weights_give_the_plain_mean():
    ones = [1.0] * len(POSITION)
    assert weighted_mean(ones, ones, POSITION) == pytest.approx(6.7)


def test_nobody_with_weight_is_refused():
    with pytest.raises(ValueError, match="capability and salience"):
        weighted_mean([0, 0], [1, 1], [1, 2])


def test_of_two_options_each_holds_as_its_supporters_are_strong():
    """3 x 1 for the first, 1 x 1 for the second, whose gains are equal: 3 to 1."""
    assert condorcet([3, 1], [1, 1], [0, 1], [0, 1]) == pytest.approx([0.75, 0.25])
    assert condorcet([3, 1], [1, 6], [0, 1], [0, 1]) == pytest.approx([1 / 3, 2 / 3])


def test_what_all_want_wins_for_sure_and_what_nobody_tells_apart_is_even():
    assert condorcet([1, 2], [1, 1], [2, 2], [0, 1, 2, 3]) == pytest.approx([0, 0, 1, 0], abs=1e-9)
    assert condorcet([1], [1], [1], [0, 2]) == pytest.approx([0.5, 0.5])


def test_probabilities_are_those_of_the_chain_in_which_any_option_may_challenge_any():
    """The stationary shares, by following the chain for long."""
    options, weights = [0.0, 1.0, 3.0], np.array([0.5, 0.2, 0.3])
    positions = np.array([0.2, 1.5, 2.8])
    beats = np.empty((3, 3))
    for a in range(3):
        for b in range(3):
            lead = np.abs(positions - options[b]) - np.abs(positions - options[a])
            sides = (weights * np.maximum(lead, 0)).sum(), (weights * np.maximum(-lead, 0)).sum()
            beats[a, b] = sides[0] / sum(sides) if sum(sides) else 0.5
    held = np.full(3, 1 / 3)
    for _ in range(2000):
        taken = np.array([sum(held[h] * beats[c, h] / 3 for h in range(3) if h != c)
                          for c in range(3)])  # fmt: skip
        lost = np.array([held[h] * sum(beats[c, h] / 3 for c in range(3) if c != h)
                         for h in range(3)])  # fmt: skip
        held = held + taken - lost
    assert condorcet(weights, np.ones(3), positions, options) == pytest.approx(held, abs=1e-9)


def test_the_emission_standards_case_ends_late_and_not_at_its_plain_mean():
    """Actual outcome 8.833 years; the likeliest of the three proposals is the one in the middle
    or the latest, never the earliest, which most capability opposes."""
    chances = condorcet(CAPABILITY, SALIENCE, POSITION, [4, 7, 10])
    assert chances.sum() == pytest.approx(1)
    assert chances[0] < min(chances[1], chances[2])
    assert 6.7 < chances @ np.array([4, 7, 10]) < 8.833


def test_a_crisis_in_which_nobody_asked_for_anything_is_forecast_to_end_in_none():
    panel = panel_of([load(n) for n in ("kazakhstan-2022", "kyrgyzstan-2010", "tajikistan-2010")])
    rows = condorcet_forecasts(panel)
    assert rows.sum(axis=1) == pytest.approx(np.ones(3))
    assert rows[panel.asked == 0].argmax(axis=1).tolist() == [0] * int((panel.asked == 0).sum())
    assert rows[list(panel.ids).index("kazakhstan-2022")].argmax() > 0


def test_a_member_stands_at_the_level_asked_for_times_its_readiness(toy):
    """The plain mean of alignment, stake, and what ties and overextension leave."""
    readiness = np.array([
        (0.5 + 0.0 + 0.5 + 0.75) / 4,  # FAR
        (0.625 + 0.5 + 1.0 + 1.0) / 4,  # FRI
        (0.75 + 1.0 + 1.0 + 0.75) / 4,  # LED
    ])  # fmt: skip
    expected = condorcet([0.0625, 0.0625, 0.75], [0.05, 0.5, 1], 2.5 * readiness, range(4))
    assert _condorcet_of(toy.load()) == pytest.approx(expected)


def test_the_mean_of_ideal_levels_counts_the_thresholds_that_each_view_reaches(toy, monkeypatch):
    """FAR reaches none, FRI two and LED all; the requester none, and it has no say."""
    views = {"LED": 2.0, "FRI": 1.0, "FAR": -9.0, "ASK": -9.0}
    accounts = [SimpleNamespace(state=state, private=view) for state, view in views.items()]
    told = SimpleNamespace(members=accounts, bars=(0.0, 1.0, 1.5))
    monkeypatch.setattr(baselines, "explain", lambda *_, **__: told)
    weights = np.array([0.75 * 1, 0.0625 * 0.5, 0.0625 * 0.05])
    expected = weights @ [3, 2, 0] / weights.sum()
    panel = Panel((toy.load(),), np.array([0]), np.array([2.5]))
    assert mean_ideal_levels(panel) == pytest.approx([expected])


def test_nobody_with_weight_is_refused_by_condorcet_too():
    with pytest.raises(ValueError, match="capability and salience"):
        condorcet([0, 0], [1, 1], [1, 2], [0, 1])
