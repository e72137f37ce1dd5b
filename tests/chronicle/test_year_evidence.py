"""The evidence: rows are what history holds, nothing foretells itself, and noise has no skill."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.chronicle.hazard_evidence import (
    SPLIT_YEAR,
    _folds,
    _regression,
    log_scores,
    member_years,
    weigh,
)
from foedus.chronicle.membership import outside_help
from foedus.data.register import parameters


@pytest.fixture(scope="module")
def rows():
    return member_years(["csto", "cento", "seato", "warsaw-pact", "gcc"])


def test_rows_are_members_at_risk_and_events_are_their_own(rows):
    csto = rows["alliance"] == "csto"
    gone = [
        (state, year)
        for state, year, broke in zip(
            rows["state"][csto], rows["year"][csto], rows["broke"][csto], strict=True
        )
        if broke
    ]
    assert sorted(gone) == [
        ("ARM", 2024),
        ("AZE", 1999),
        ("GEO", 1999),
        ("UZB", 1999),
        ("UZB", 2012),
    ]
    assert "RUS" not in rows["state"][csto]
    assert rows["year"][rows["alliance"] == "warsaw-pact"].max() < 1991, "a dissolution is no exit"


def test_a_row_knows_nothing_of_its_own_year(rows):
    at = (rows["alliance"] == "csto") & (rows["state"] == "KAZ") & (rows["year"] == 2022)
    after = (rows["alliance"] == "csto") & (rows["state"] == "KAZ") & (rows["year"] == 2023)
    assert rows["called"][at].all()
    assert rows["trust"][after].item() > rows["trust"][at].item()
    azerbaijan = (rows["alliance"] == "csto") & (rows["state"] == "AZE")
    pact = dict(zip(rows["year"][azerbaijan], rows["pact"][azerbaijan], strict=True))
    assert (pact[1995], pact[1996]) == (0, 1), "Turkey's treaty counts from 1995 on"


def test_protection_is_danger_times_help_expected_within_less_without(rows):
    without = outside_help(rows["pact"], parameters())
    wanted = rows["danger"] * (rows["trust"] - without)
    np.testing.assert_allclose(rows["protection"], wanted)


@pytest.mark.parametrize("split", ["alliance", "time"])
def test_no_row_is_scored_by_a_forecast_that_was_fitted_on_it(rows, split):
    held = np.zeros(len(rows), int)
    for train, test in _folds(rows, split):
        assert not (train & test).any()
        held += test
    late = rows["year"] >= SPLIT_YEAR
    assert (held == (1 if split == "alliance" else late)).all()


def test_the_held_out_rows_of_a_split_in_time_are_the_late_ones(rows):
    found = weigh(rows, "break", "time")
    assert found.n_rows == (rows["year"] >= SPLIT_YEAR).sum()
    assert found.n_events == rows["broke"][rows["year"] >= SPLIT_YEAR].sum()


def test_a_forecaster_that_knows_the_answer_has_skill_and_one_that_knows_noise_has_none(rows):
    """The control in both directions, through the very path that scores the theory."""
    chance = np.where(rows["broke"], 0.5, 0.001)
    seer = weigh(rows.assign(p_break=chance), "break", "alliance")
    luck = np.random.default_rng(1).uniform(size=len(rows))
    noise = weigh(rows.assign(p_break=0.05 * luck), "break", "alliance")
    of = {
        name: next(s for s in found.scores if s.name == "theory, nothing fitted")
        for name, found in {"seer": seer, "noise": noise}.items()
    }
    assert of["seer"].low > 0.5
    assert seer.trust_adds["theory"][0] > 0, "better than without trust is above 0"
    assert of["noise"].skill < 0


def test_scores_are_those_of_the_definition():
    assert log_scores(np.array([0.25]), np.array([True]))[0] == pytest.approx(np.log(4))
    assert log_scores(np.array([0.25]), np.array([False]))[0] == pytest.approx(-np.log(0.75))


def test_the_regression_finds_the_weights_of_a_made_up_world():
    chance = np.random.default_rng(2)
    x = chance.normal(size=(20_000, 2))
    truth = 1 / (1 + np.exp(-(-1.0 + 2.0 * x[:, 0])))
    came = chance.uniform(size=20_000) < truth
    found = _regression(x, came, x)
    assert np.abs(found - truth).mean() < 0.01
