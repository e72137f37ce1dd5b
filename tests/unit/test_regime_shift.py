"""Regime and power shift (Leeds 2003): the terms, worked by hand, and what they add."""

from __future__ import annotations

import csv
from dataclasses import replace
from math import log

import numpy as np
import pytest

from foedus.analysis.forecast import reliability_theory
from foedus.analysis.forecast.baselines import all_baselines
from foedus.analysis.forecast.regression import (
    RIDGE,
    attribute_table,
    leave_one_out_regression,
    ordered_logit,
)
from foedus.analysis.forecast.reliability_theory import shift_table
from foedus.analysis.forecast.scores import judge, panel_of


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
        (row["alliance"], int(row["year"]), row["state"]): reliability_theory.terms_of(row)
        for row in csv.DictReader(table.splitlines())
    }
    monkeypatch.setattr(reliability_theory, "known_terms", lambda: known)
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


def gain_of(panel, attributes, without):
    """Gain in ranked score of attributes over others, each crisis left out, with its interval."""
    with_them, plain = (
        leave_one_out_regression(table, panel.observed) for table in (attributes, without)
    )
    one = judge("", with_them, panel.observed, panel.groups, reference=plain, rival=plain)
    return one.gain, *one.gain_interval


def test_terms_that_tell_the_answer_would_gain(panel):
    """The control: the scoring finds terms that are worth something."""
    request = attribute_table(panel, ("asked", "request"))
    telling = panel.observed[:, None] + 0.01 * np.arange(len(panel))[:, None]
    assert gain_of(panel, np.column_stack([request, telling]), request)[1] > 0


def test_in_this_library_regime_and_power_shift_cost_what_the_page_says(panel):
    request, terms = attribute_table(panel, ("asked", "request")), shift_table(panel)
    both = np.column_stack([request, terms])
    assert gain_of(panel, both, request) == pytest.approx((-0.017, -0.026, -0.005), abs=5e-4)
    alone = gain_of(panel, terms, np.zeros_like(request))
    assert alone[0] == pytest.approx(-0.043, abs=5e-4)
    spread = (both - both.mean(axis=0)) / both.std(axis=0)
    slopes, _ = ordered_logit(panel.observed, spread, RIDGE)
    assert slopes[2:] == pytest.approx([-0.09, -0.05, 0.19], abs=5e-3)


def test_the_tournament_has_them_among_its_baselines(panel):
    both = np.column_stack([attribute_table(panel, ("asked", "request")), shift_table(panel)])
    entered = all_baselines(panel)["ordered regression, ask, channel, regime and power shift"]
    assert entered == pytest.approx(leave_one_out_regression(both, panel.observed))
