"""The table of history: both forecasts of the model, and how a level that never came is scored."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from foedus.analysis.forecast.history import (
    AS_GIVEN,
    DEFAULTS,
    OVER_OTHER_PRIORS,
    OVER_PRIORS,
    as_records,
    history_table,
)
from foedus.analysis.intervals import grouped, skill_interval
from foedus.analysis.summary import summarise
from foedus.data.library import DOCUMENT_CRISES, load
from foedus.data.terms import LEVELS
from foedus.errors import InputError
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare

N = 40


@pytest.fixture(scope="module")
def cases():
    return [load(name) for name in ("kazakhstan-2022", "kyrgyz-tajik-2022", "guinea-bissau-2022")]


def test_both_forecasts_of_the_model_stand_last_and_are_named_for_what_they_are(cases):
    table = history_table(cases, N, 1)
    assert (table.model.name, table.averaged.name) == (DEFAULTS, OVER_PRIORS)
    given = history_table(cases, N, 1, {"rho": 0.0})
    assert (given.model.name, given.averaged.name) == (AS_GIVEN, OVER_OTHER_PRIORS)


def test_a_record_scores_each_forecast_by_itself(cases):
    table = history_table(cases, N, 1)
    for i, record in enumerate(as_records(table)):
        assert record["rps"] == table.model.rps[i]
        assert record["over_priors"]["rps"] == table.averaged.rps[i]
        assert record["p_deploy"] == table.rows[i].summary.p_levels[3]


def test_a_level_that_no_run_came_to_costs_no_more_than_a_run_of_doubt(cases):
    table = history_table(cases, N, 1)
    bissau = next(i for i, row in enumerate(table.rows) if row.case.id == "guinea-bissau-2022")
    assert table.rows[bissau].summary.p_levels[3] == 0
    assert table.model.log[bissau] == pytest.approx(-np.log(0.25 / (N + 1)))


def test_the_documents_crises_stand_beside_a_formal_call_for_a_force_and_no_others_do():
    names = ("armenia-2020", "kazakhstan-2022", "mali-2013")
    table = history_table([load(name) for name in names], 400, 1)
    armenia, kazakhstan, mali = table.rows
    for row in (armenia, kazakhstan):
        treaty = ensemble(prepare(row.case, request="treaty"), 400, 1)
        assert row.called.p_levels == summarise(treaty).p_levels
    assert armenia.called.p_levels[0] < 0.1 < 0.6 < armenia.summary.p_levels[0]
    assert armenia.called.p_levels[3] <= 0.1
    assert mali.called is None
    records = as_records(table)
    assert records[0]["with_treaty_request"]["p_deploy"] == armenia.called.p_levels[3]
    assert records[2]["with_treaty_request"] is None


def test_the_named_patterns_stand_in_the_table_with_historys_request_and_with_the_call():
    table = history_table([load(name) for name in DOCUMENT_CRISES], 2000, 1)
    found = {r["id"]: (r, r["with_treaty_request"]) for r in as_records(table)}
    assert set(found) == set(DOCUMENT_CRISES)
    asked, called = found["kazakhstan-2022"]
    assert asked["p_deploy"] >= 0.6 <= called["p_deploy"]
    for name in ("armenia-2020", "tajikistan-2010", "ukraine-2022"):
        assert found[name][0]["p_deploy"] <= 0.1
    assert found["armenia-2020"][1]["p_deploy"] <= 0.1
    ukraine = found["ukraine-2022"][1]
    assert ukraine["p_deploy"] <= 0.05
    assert ukraine["p_support"] <= 0.3
    assert max(found["kyrgyzstan-2010"][0][f"p_{word}"] for word in LEVELS) <= 0.6


def test_a_table_of_nothing_is_refused():
    with pytest.raises(InputError, match="no crisis here has a `history`"):
        history_table([load("kazakhstan-2022-no-base-veto")], N, 1)


def test_alliances_are_drawn_again_whole_for_the_intervals():
    names = ("kazakhstan-2022", "armenia-2020", "kyrgyzstan-2010", "mali-2012", "mali-2013")
    table = history_table([load(name) for name in names], N, 1)
    homes = [row.case.scenario.alliance for row in table.rows]
    base, model = table.forecasters[0], table.model
    whole = skill_interval(model.rps, base.rps, grouped(homes))
    assert model.interval == pytest.approx(whole)
    assert whole != pytest.approx(skill_interval(model.rps, base.rps, np.arange(5)), abs=0.01)


def test_a_table_is_a_line_in_a_terminal_and_a_small_table_in_a_notebook(cases):
    table = history_table(cases, N, 1)
    assert repr(table).startswith("<HistoryTable: 3 crises, the most probable answer right in ")
    assert repr(table.rows[0]).startswith("<Row kazakhstan-2022: none ")
    html = table._repr_html_()
    assert html.count("<tr>") == 4
    assert "kazakhstan-2022" in html
    assert len(html) < 2000


def test_an_answer_is_right_where_the_most_probable_is_the_historical_one(cases):
    found = history_table(cases, N, 1)
    rows = tuple(
        SimpleNamespace(summary=SimpleNamespace(most_probable=likely), observed=observed)
        for likely, observed in ((0, 3), (3, 0), (2, 2), (1, 2))
    )
    assert replace(found, rows=rows).n_right == 1
