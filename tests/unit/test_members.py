"""Stances of single members: what is recorded, what learns, and what the model says, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast.members import (
    FULL,
    REFERENCE,
    WITHOUT,
    baselines,
    member_table,
    said,
    stances_of,
)
from foedus.analysis.forecast.regression import LOOSE, leave_one_out_regression
from foedus.analysis.forecast.scores import ranked_score
from foedus.data.library import load
from foedus.data.terms import Level, Stance
from foedus.errors import InputError
from foedus.model.ensemble import story
from foedus.model.setup import prepare

CASES = ("kazakhstan-2022", "mali-2012", "turkey-2003", "kyrgyzstan-2010", "gambia-2017")


@pytest.fixture(scope="module")
def cases(library):
    return [case for case in library if case.id in CASES]


@pytest.fixture(scope="module")
def table(cases):
    return member_table(cases, 256, 1)


def test_what_a_member_that_sits_and_did_not_ask_said_is_taken_from_history(cases):
    rows = said(cases)
    for case in cases:
        history, members = case.scenario.history, case.scenario.members
        here = {row.state: row.stance.name.lower() for row in rows if row.case.id == case.id}
        assert here == {
            s: word
            for s, word in history.stances.items()
            if s in members and s != case.scenario.requester
        }
    kazakhstan = next(row for row in rows if row.case.id == "kazakhstan-2022")
    assert (kazakhstan.level, kazakhstan.stance) == (Level.DEPLOY, Stance.SUPPORT)


def test_a_sure_forecast_of_a_stance_scores_its_distance():
    sure = np.eye(3)
    assert ranked_score(sure, np.array([0, 1, 2])).tolist() == [0, 0, 0]
    assert ranked_score(sure, np.array([2, 2, 0])).tolist() == [2, 1, 2]
    assert ranked_score(np.full((1, 3), 1 / 3), np.array([2])) == pytest.approx([1 / 9 + 4 / 9])


def test_the_base_rate_counts_the_stances_of_other_crises(cases):
    rows = said(cases)
    observed = np.array([row.stance + 1 for row in rows])
    found = baselines(rows, observed)
    for i, row in enumerate(rows):
        others = observed[[other.case.id != row.case.id for other in rows]]
        prior = (np.bincount(others, minlength=3) + 1) / (len(others) + 3)
        counts = np.bincount(others, minlength=3) + prior
        assert found[REFERENCE][i] == pytest.approx(counts / counts.sum())
    for given in found.values():
        assert given.sum(axis=1) == pytest.approx(np.ones(len(rows)))
        assert (given > 0).all()


def test_no_baseline_has_seen_the_crisis_that_it_forecasts(cases):
    rows = said(cases)
    observed = np.array([row.stance + 1 for row in rows])
    here = np.array([row.case.id == "mali-2012" for row in rows])
    turned = np.where(here, 2 - observed, observed)
    before, after = baselines(rows, observed), baselines(rows, turned)
    for name in before:
        assert before[name][here] == pytest.approx(after[name][here]), name
        assert before[name][~here] != pytest.approx(after[name][~here]), name


def test_a_members_chances_are_the_shares_of_the_stories_in_which_it_said_so():
    setup, n = prepare("kyrgyzstan-2010"), 40
    found = stances_of(setup, {}, Level.DEPLOY, n, 1)
    counts = {state: np.zeros(3) for state in found}
    last = int(setup.situation.day_first_sitting) + 7
    for run in range(n):
        told = story(setup, run)
        decided = told.day_decided if 0 <= told.day_decided <= last else last
        for member in told.days[min(decided, len(told.days) - 1)].members:
            counts[member.state][member.stances[2] + 1] += 1
    for state, shares in found.items():
        assert shares == pytest.approx((counts[state] + 1 / 3) / (n + 1), abs=2.01 / n)


def test_what_influence_adds_is_the_paired_difference_of_both_forecasts(table):
    full, without = table.forecaster(FULL), table.forecaster(WITHOUT)
    gain = without.score - full.score
    assert table.influence == pytest.approx(gain.mean())
    assert table.influence_interval[0] <= table.influence <= table.influence_interval[1]
    assert np.abs(gain).max() > 0


def test_a_skill_is_against_the_base_rate(table):
    base = table.forecaster(REFERENCE)
    assert base.skill == 0
    for one in table.forecasters:
        assert one.skill == pytest.approx(1 - one.score.mean() / base.score.mean())
        supports = np.array([row.stance == Stance.SUPPORT for row in table.rows])
        assert one.brier == pytest.approx((one.forecasts[:, 2] - supports) ** 2)


def test_a_table_of_members_is_a_line_and_a_small_table(table):
    assert repr(table).startswith(f"<MemberTable: {len(table.rows)} stances, influence adds ")
    assert table._repr_html_().count("<tr>") == 1 + len(table.forecasters)
    assert "alignment alone" in repr(table.forecaster("alignment alone"))


def test_stances_of_one_crisis_alone_are_refused():
    with pytest.raises(InputError, match="at least 2 crises"):
        member_table([load("kazakhstan-2022")], 16)


def test_two_crises_are_enough():
    table = member_table([load("kazakhstan-2022"), load("mali-2012")], 16)
    assert {row.case.id for row in table.rows} == {"kazakhstan-2022", "mali-2012"}


def test_a_learner_leaves_a_whole_crisis_out_and_gives_the_better_aligned_the_better_chances():
    """Stances that follow the code in two crises are expected to follow it in the third."""
    code, observed = np.tile([0, 0, 0.5, 0.5, 1, 1], 3)[:, None], np.tile([0, 0, 1, 1, 2, 2], 3)
    crises = np.repeat(np.arange(3), 6)

    def learned(stances, codes=code):
        return leave_one_out_regression(codes, stances, LOOSE, groups=crises, n_levels=3)

    assert learned(observed).argmax(axis=1).tolist() == observed.tolist()
    assert learned(observed, 3 + 2 * code) == pytest.approx(learned(observed), abs=1e-4)
    turned = learned(np.where(crises == 1, 2 - observed, observed))
    assert turned[crises == 1] == pytest.approx(learned(observed)[crises == 1])
    assert turned[crises != 1] != pytest.approx(learned(observed)[crises != 1])
