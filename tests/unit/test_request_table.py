"""The request as a decision: its probability in closed form, its scores by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest

from foedus.analysis.forecast.baselines import base_rate
from foedus.analysis.forecast.requests import (
    _level_errors,
    as_record,
    asking_of,
    ranked,
    request_table,
    score_of,
)
from foedus.data.register import parameters
from foedus.model.request import warmth
from toys import toy_situation

N_RUNS = 4000


@pytest.fixture(scope="module")
def table(library):
    return request_table(library, 500, 1)


@pytest.fixture(scope="module")
def rows(table):
    return {row.case.id: row for row in table.rows}


def chance_on_day_0(threat, capacity, warm):
    p = parameters()
    wish = (
        p["b_ask"] * threat * (1 - capacity) + p["b_hope"] * warm - p["b_sovereignty"] * (1 - warm)
    )
    return 1 / (1 + exp((p["ask_bar"] - wish) / p["sigma_ask"]))


def test_the_chance_of_asking_on_day_0_is_the_logistic_of_wish_less_bar(toy):
    found = asking_of(toy.load(), N_RUNS, 1).p_day_0
    expected = chance_on_day_0(0.75, 0.5, warm=0.75)
    four_errors = 4 * sqrt(expected * (1 - expected) / N_RUNS)
    assert abs(found - expected) < four_errors
    assert abs(found - chance_on_day_0(0.75, 0.5, warm=1.0)) > four_errors


def test_a_patron_that_asks_looks_to_the_others_and_not_to_its_own_warmth(toy):
    case = toy.load(
        ("requester: ASK", "requester: LED"),
        ("  LED: {alignment: [0.75]", "  LED: {alignment: [1]"),
        ("  FRI: {alignment: [0.75, 0.5]", "  FRI: {alignment: [0.75]"),
    )
    others = (0.125 * 1.0 + 0.0625 * 0.75 + 0.0625 * 0.5) / 0.25
    found = asking_of(case, N_RUNS, 1).p_day_0
    expected = chance_on_day_0(0.75, 0.5, warm=others)
    four_errors = 4 * sqrt(expected * (1 - expected) / N_RUNS)
    assert abs(found - expected) < four_errors
    assert abs(found - chance_on_day_0(0.75, 0.5, warm=1.0)) > four_errors


def test_the_patron_is_asked_unless_it_asks_itself_and_never_its_enemy():
    assert toy_situation().addressees == (3,)
    assert toy_situation(requester=3).addressees == (0, 1, 2)
    assert toy_situation(requester=3, adversary=1).addressees == (0, 2)


def test_the_warmth_of_several_counts_by_their_power_and_of_one_alone_as_it_is():
    alignment, capability = np.array([[1.0], [0.5], [0.0]]), np.array([[0.3], [0.1], [0.6]])
    assert warmth(alignment, capability, (1,)) == [0.5]
    assert warmth(alignment, capability, (0, 1)) == pytest.approx([0.35 / 0.4])
    assert warmth(alignment, np.zeros((3, 1)), (0, 1)) == [0.0]


def test_more_days_never_make_a_request_less_likely(rows):
    for row in rows.values():
        assert 0 <= row.p_day_0 <= row.p_by_decision <= row.p_by_horizon <= 1
        if row.decision_day == 0:
            assert row.p_by_decision == row.p_day_0


def test_the_level_asked_for_on_day_0_follows_the_danger_of_that_day(rows):
    assert rows["kuwait-1990"].mean_asked == 3
    assert rows["turkey-2012-june"].mean_asked == 1


def test_history_is_told_in_days_from_onset(rows):
    kazakhstan = rows["kazakhstan-2022"]
    assert (kazakhstan.days_to_request, kazakhstan.days_to_coded) == (3, 3)
    assert kazakhstan.decision_day == 1
    assert rows["armenia-2020"].days_to_request is None


def test_a_report_of_a_request_is_no_request(rows):
    silent = {name for name, row in rows.items() if not row.did_ask}
    assert silent == {
        "bakiyev-2010",
        "grenada-1983",
        "kyrgyzstan-2020",
        "laos-1961",
        "armenia-2020",
        "karabakh-2023",
        "kursk-2024",
        "kyrgyz-tajik-2021",
        "kyrgyzstan-2005",
        "tajikistan-2010",
    }


def test_counterfactuals_have_no_history_to_be_held_against(rows, library):
    assert set(rows) == {case.id for case in library if case.scenario.extends is None}


def test_the_base_rate_leaves_each_crisis_out():
    shares = base_rate([1, 1, 0, 1], n_levels=2)
    assert shares[:, 1] == pytest.approx([3 / 5, 3 / 5, 4 / 5, 3 / 5])
    whole = base_rate([1, 1, 0, 1], n_levels=2, groups=np.array([0, 0, 1, 1]))
    assert whole[:, 1] == pytest.approx([1 / 2, 1 / 2, 3 / 4, 3 / 4])


def test_scores_are_those_worked_out_by_hand():
    score = score_of("x", [0.9, 0.4, 0.5], [True, False, False], np.arange(3))
    assert score.brier == pytest.approx((0.01 + 0.16 + 0.25) / 3)
    assert score.base_rate == pytest.approx(((1 - 1 / 4) ** 2 + 0.25 + 0.25) / 3)
    assert score.gain == pytest.approx(score.base_rate - score.brier)
    assert score.interval[0] <= score.gain <= score.interval[1]
    assert (score.n, score.n_asked, score.p_ranked) == (3, 1, 1.0)


def test_a_tie_of_an_asker_and_another_counts_half():
    assert ranked(np.array([0.5, 0.9]), np.array([0.5])) == 0.75
    assert np.isnan(ranked(np.array([0.5]), np.array([])))


def test_the_table_says_what_it_cannot_show(table):
    assert "10 of 56 governments did not ask, all in csto, oecs, seato" in table.caution
    assert {score.name.split(", ")[1] for score in table.scores} == {"all crises", "csto only"}


def test_the_record_is_plain_and_says_null_for_what_is_unknown(table):
    record = as_record(table)
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert len(record["crises"]) == 56


def test_the_error_is_that_of_a_share_of_the_runs(toy):
    found = asking_of(toy.load(), N_RUNS, 1)
    p = found.p_by_decision
    assert 0 < p < 1
    assert found.error == pytest.approx(sqrt(p * (1 - p) / N_RUNS))


def test_the_level_asked_for_is_held_against_the_mean_of_the_others_by_hand(rows):
    some = [
        replace(row, asked=asked, mean_asked=model)
        for row, asked, model in zip(
            [row for row in rows.values() if row.did_ask][:4],
            (3, 1, 2, 2.5),
            (2.5, 1.5, 2, np.nan),
            strict=True,
        )
    ]
    ours, others = _level_errors(some)
    assert ours == pytest.approx(1 / 3)
    assert others == pytest.approx((1.5 + 1.5 + 0.0) / 3)
    assert np.isnan(_level_errors(some[:1])).all()
