"""Regime and power shift (Leeds 2003) as terms of willingness, and the theory scored."""

from __future__ import annotations

import json
from dataclasses import replace
from math import log

import numpy as np
import pytest

import foedus
from foedus.analysis.forecast import reliability_theory
from foedus.analysis.forecast.reliability_theory import add_terms, contenders
from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.forecast.tournament import as_record, hold_tournament
from foedus.cli import progress
from foedus.model.willingness import TERMS


def score_theory(panel, n_draws, n_runs, each=map):
    theories = contenders()
    return hold_tournament(
        panel, n_draws=n_draws, n_runs=n_runs, contenders=theories, extend=add_terms, each=each
    )


@pytest.fixture
def yearly(monkeypatch):
    """Two states with figures of their own; the others are unknown."""
    table = {("csto", 2022, "RUS"): (0.2, 0.3, log(2)), ("csto", 2022, "ARM"): (0.6, 0.1, 0.0)}
    monkeypatch.setattr(reliability_theory, "known_terms", lambda: table)
    add_terms()
    return foedus.prepare("kazakhstan-2022").situation


@pytest.mark.parametrize(
    ("name", "russia"), [("democracy", -0.2), ("regime-change", 0.1), ("power-shift", log(2) / 2)]
)
def test_a_term_stands_about_the_mean_of_those_known(yearly, name, russia):
    values = TERMS[name].measure(yearly, None)[:, 0]
    known = dict(zip(yearly.members, values, strict=True))
    assert known.pop("RUS") == pytest.approx(russia)
    assert known.pop("ARM") == pytest.approx(-russia)
    assert set(known.values()) == {0.0}


def test_another_year_knows_nothing_of_it(yearly):
    elsewhere = replace(yearly, year=1999)
    assert not TERMS["democracy"].measure(elsewhere, None).any()


def test_democracy_makes_willing_and_change_unwilling(yearly):
    assert [TERMS[name].sign for name in reliability_theory.TERMS] == [1, -1, -1]


def test_with_its_weights_at_0_the_model_is_as_shipped():
    before = foedus.ensemble(foedus.prepare("armenia-2020"), 100, 1).outcome.level
    add_terms()
    setup = foedus.prepare("armenia-2020", contenders()["full"].parameters)
    assert np.array_equal(foedus.ensemble(setup, 100, 1).outcome.level, before)


def test_it_is_scored_as_prior_and_calibrated_beside_the_full_model(library):
    panel = panel_of([case for case in library if case.scenario.alliance in ("csto", "nato")])
    held = score_theory(panel, 64, 8)
    found = [one for one in held.entries if one.kind in ("prior", "calibrated")]
    assert [(one.name, one.kind) for one in found] == [
        (name, kind) for name in contenders() for kind in ("prior", "calibrated")
    ]
    assert len({float(one.rps.mean()) for one in found}) == 6


def test_processes_that_never_heard_of_the_terms_score_it_bit_for_bit(library, monkeypatch):
    monkeypatch.setattr(progress, "processors", lambda: 2)
    panel = panel_of([case for case in library if case.scenario.alliance == "nato"])
    alone = as_record(score_theory(panel, 16, 8))
    with progress.side_by_side(is_long=True) as each:
        assert as_record(score_theory(panel, 16, 8, each=each)) == alone


def test_the_command_prints_its_rows(called):
    code, out, _ = called("tournament", "reliability", "--draws", 50, "--runs", 8, "-F", "json")
    assert code == 0
    rows = json.loads(out)
    assert {row["name"] for row in rows} == set(contenders())
    assert list(rows[0]) == ["name", "kind", "rps", "skill", "skill_90", "gain", "gain_90"]
