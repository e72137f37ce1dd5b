"""Dependence computed from indicators, held against the engines, by hand and against the coders."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from foedus.analysis.coding.dependence_check import accord, as_records, of_case, on_day
from foedus.analysis.frames import plain
from foedus.data.library import alliance_named
from foedus.data.register import parameters
from foedus.data.terms import INDICATORS
from foedus.errors import InputError
from foedus.model.chance import draw_codes
from foedus.model.influence import ears_of
from foedus.model.setup import prepare

P = parameters()


@pytest.fixture(scope="module")
def rows(library):
    own = [c for c in library if c.measures_dependence and c.scenario.extends is None]
    return [row for case in own for row in of_case(case, P)]


def test_a_member_depends_by_the_mean_of_its_known_scores(toy):
    found = {row.state: row for row in of_case(toy.load(), P)}
    assert found["FRI"].computed == pytest.approx((25 / 50 + 1) / 2)
    assert found["FAR"].computed == pytest.approx(15 / 30)
    assert found["FRI"].missing == tuple(n for n in INDICATORS if n not in ("exports", "base_veto"))
    assert found["FRI"].coded == 0.5
    assert "LED" not in found


def test_of_a_member_without_any_indicator_nothing_is_computed(toy):
    (asker,) = (row for row in of_case(toy.load(), P) if row.state == "ASK")
    assert np.isnan(asker.computed)
    assert as_records([asker])[0]["computed"] is None


def test_it_is_what_the_engines_use(library):
    measured = [c for c in library if c.measures_dependence and c.scenario.extends is None]
    assert measured
    for case in measured:
        setup = prepare(case)
        situation = setup.situation
        codes = draw_codes(situation, 0, 0, 1, drawn=False)
        used = ears_of(situation, codes, setup.parameters).dependence
        for row in of_case(case, P):
            assert row.computed == used[situation.members.index(row.state), 0]


def test_the_correlation_is_that_of_scipy_over_all_rows(rows):
    computed, coded = [row.computed for row in rows], [row.coded for row in rows]
    found = accord(rows, P)
    assert found.rho == pytest.approx(stats.spearmanr(computed, coded).statistic)
    assert (found.n_units, found.n_crises, found.n_states) == (len(rows), 16, 6)
    for low, high in (found.over_crises, found.over_states):
        assert low < found.rho < high
    assert found.bias == pytest.approx(np.mean(computed) - np.mean(coded))
    assert sum(n for n, _, _ in found.by_state.values()) == len(rows)
    armenia = [row for row in rows if row.state == "ARM"]
    expected = [np.mean([getattr(row, name) for row in armenia]) for name in ("computed", "coded")]
    assert found.by_state["ARM"] == (len(armenia), *map(pytest.approx, expected))


def test_the_correlation_within_crises_is_the_mean_over_those_in_which_both_vary(rows):
    found = []
    for crisis in {row.occasion for row in rows}:
        pairs = np.array([(r.computed, r.coded) for r in rows if r.occasion == crisis])
        if (np.ptp(pairs, axis=0) > 0).all():
            found.append(stats.spearmanr(*pairs.T).statistic)
    assert len(found) > 1
    assert accord(rows, P).within_crises == pytest.approx(np.mean(found))


def test_within_crises_is_the_mean_of_the_correlations_of_each_crisis(rows):
    found = []
    for occasion in {row.occasion for row in rows}:
        own = [row for row in rows if row.occasion == occasion]
        pair = [row.computed for row in own], [row.coded for row in own]
        if all(np.ptp(values) for values in pair):
            found.append(stats.spearmanr(*pair).statistic)
    assert accord(rows, P).within_crises == pytest.approx(np.mean(found))
    assert len(found) > 10


def test_leaving_an_indicator_out_is_giving_it_no_weight(library, rows):
    for name in ("remittances", "base_veto"):
        without = parameters({f"w_{name}": 0.0})
        own = [c for c in library if c.measures_dependence and c.scenario.extends is None]
        fewer = [row for case in own for row in of_case(case, without)]
        assert accord(rows, P).without[name] == pytest.approx(accord(fewer, without).rho)


def test_states_drawn_whole_leave_more_doubt_than_crises_drawn_whole(rows):
    found = accord(rows, P)
    width = {name: np.ptp(getattr(found, name)) for name in ("over_crises", "over_states")}
    assert width["over_states"] > width["over_crises"]


def test_too_few_rows_to_rank_are_refused(rows):
    with pytest.raises(InputError, match="fewer than two"):
        accord(rows[:1], P)


def test_a_day_has_the_members_of_that_day_and_no_coders():
    alliance, indicators = alliance_named("csto")
    states = {
        year: {row.state for row in on_day(alliance, indicators, date(year, 6, 1), P)}
        for year in (2011, 2013)
    }
    assert states[2011] - states[2013] == {"UZB"}
    assert "RUS" not in states[2011]
    (armenia,) = (r for r in on_day(alliance, indicators, date(2022, 1, 5), P) if r.state == "ARM")
    assert armenia.coded is None
    assert armenia.indicators["bloc"].score == 1
    with pytest.raises(InputError, match="no members"):
        on_day(alliance, indicators, date(1950, 1, 1), P)


def test_records_are_plain_and_say_where_each_figure_comes_from(rows):
    text = json.dumps([as_records(rows), plain(accord(rows, P))], allow_nan=False)
    first = json.loads(text)[0][0]["indicators"]["remittances"]
    assert first["source"]
    assert first["unit"] == "% of GDP"


def test_rows_without_figures_or_without_coders_are_left_out(rows):
    whole = [row for row in rows if row.coded is not None and row.indicators]
    uncoded = [replace(row, coded=None) for row in whole[:3]]
    unknown = [replace(row, indicators={}, computed=float("nan")) for row in whole[:3]]
    assert accord([*whole, *uncoded, *unknown], P) == accord(whole, P)
