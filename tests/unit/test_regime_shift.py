"""Regime and power shift (Leeds 2003): the terms, worked by hand, and what they add."""

from __future__ import annotations

import csv
from dataclasses import replace
from math import log

import numpy as np
import pytest

from foedus.analysis.forecast import regime_shift
from foedus.analysis.forecast.panel import panel_of
from foedus.analysis.forecast.regime_shift import shift_scores, shift_slopes, shift_table
from foedus.analysis.forecast.tournament import baseline_contestants


@pytest.fixture(scope="module")
def panel(library):
    return panel_of(library)


def test_terms_are_means_over_the_others_by_capability_and_skip_what_is_unknown(panel, monkeypatch):
    one = next(case for case in panel.cases if case.id == "kazakhstan-2022")
    capability = {s: m.capability for s, m in one.scenario.members.items()}
    table = (
        "alliance,state,year,joined,polyarchy,polyarchy_joined,cinc,cinc_joined\n"
        "csto,RUS,2022,1994,0.2,0.5,0.04,0.08\n"
        "csto,ARM,2022,1994,0.6,0.5,,\n"
        "csto,KAZ,2022,1994,0.9,0.1,0.5,0.1\n"
    )
    known = {
        (row["alliance"], int(row["year"]), row["state"]): regime_shift.terms_of(row)
        for row in csv.DictReader(table.splitlines())
    }
    monkeypatch.setattr(regime_shift, "known_terms", lambda: known)
    rus, arm = (float(np.mean(capability[state])) for state in ("RUS", "ARM"))
    terms = shift_table(replace(panel, cases=(one,)))[0]
    assert terms == pytest.approx(
        [
            (0.2 * rus + 0.6 * arm) / (rus + arm),
            (0.3 * rus + 0.1 * arm) / (rus + arm),
            log(2),
        ]
    )


def test_every_crisis_has_its_terms(panel):
    table = shift_table(panel)
    assert table.shape == (len(panel), 3)
    assert np.isfinite(table).all()
    assert (table >= 0).all()


def test_terms_that_tell_the_answer_would_gain(panel, monkeypatch):
    """The control: the scoring finds terms that are worth something."""
    telling = panel.observed[:, None] + np.zeros((1, 3)) + 0.01 * np.arange(len(panel))[:, None]
    monkeypatch.setattr(regime_shift, "shift_table", lambda _: telling)
    assert shift_scores(panel)["beside request and channel"].gain_interval[0] > 0


def test_in_this_library_regime_and_power_shift_cost_what_the_page_says(panel):
    found = shift_scores(panel)
    beside, alone = found["beside request and channel"], found["alone"]
    assert (beside.gain, *beside.gain_interval) == pytest.approx((-0.017, -0.026, -0.005), abs=5e-4)
    assert alone.gain == pytest.approx(-0.043, abs=5e-4)
    assert shift_slopes(panel) == pytest.approx([-0.09, -0.05, 0.19], abs=5e-3)


def test_the_tournament_has_them_among_its_baselines(panel):
    assert "ordered regression, ask, channel, regime and power shift" in {
        one.name for one in baseline_contestants(panel)
    }
