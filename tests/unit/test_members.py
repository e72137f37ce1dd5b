"""Stances of single members: what is recorded, what learns, and what the model says, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foedus.analysis.forecast.members import (
    FULL,
    REFERENCE,
    WITHOUT,
    baselines,
    member_table,
    observed_of,
    said,
    stances_of,
)
from foedus.analysis.forecast.regression import LOOSE, leave_one_out_regression
from foedus.analysis.forecast.scores import (
    brier_of_highest,
    log_score,
    ranked_probability_score,
)
from foedus.analysis.inference.priors import answering, spread_draws
from foedus.data.library import load
from foedus.data.records import mean
from foedus.data.terms import LEVELS, Level, Stance
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
    for case in cases:
        answer, asked = LEVELS.index(case.scenario.history.level), case.scenario.crisis.asked.value
        level = max(answer or int(np.ceil(asked)), 1)
        assert {row.level for row in rows if row.case.id == case.id} <= {level}
    assert {row.level for row in said([load("solomon-2000")])} == {Level.DEPLOY}  # none came


def test_a_sure_forecast_of_a_stance_scores_its_distance():
    sure = np.eye(3)
    assert ranked_probability_score(sure, [0, 1, 2], 3).tolist() == [0, 0, 0]
    assert ranked_probability_score(sure, [2, 2, 0], 3).tolist() == [2, 1, 2]
    even = np.full((1, 3), 1 / 3)
    assert ranked_probability_score(even, [2], 3) == pytest.approx([1 / 9 + 4 / 9])
    assert brier_of_highest(even, [2], 3) == pytest.approx([4 / 9])
    assert log_score(even, [2], 3) == pytest.approx([np.log(3)])


def test_the_base_rate_counts_the_stances_of_other_crises(cases):
    rows = said(cases)
    observed = np.array([row.stance + 1 for row in rows])
    found = baselines(rows)
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
    here = np.array([row.case.id == "mali-2012" for row in rows])
    turned = [
        replace(row, stance=Stance(-row.stance)) if own else row
        for row, own in zip(rows, here, strict=True)
    ]
    before, after = baselines(rows), baselines(turned)
    lead = np.array([row.state == row.case.patron for row in rows])
    for name in before:
        unseen = here & lead if name == "the lead state's stance" else here
        assert unseen.any()
        assert before[name][unseen] == pytest.approx(after[name][unseen]), name
        assert before[name][~here] != pytest.approx(after[name][~here]), name


def test_the_lead_states_stance_is_its_own_and_no_other_members(library):
    rows = [row for row in said(library) if row.state != row.case.patron]
    found = baselines(rows)
    assert found["the lead state's stance"] == pytest.approx(found[REFERENCE])


def test_a_baseline_on_a_code_reads_the_members_own_code(cases):
    rows = said(cases)
    _, crises = np.unique([row.case.id for row in rows], return_inverse=True)
    for code in ("alignment", "capability"):
        own = [mean(getattr(row.case.scenario.members[row.state], code)) for row in rows]
        expected = leave_one_out_regression(
            np.array(own)[:, None], observed_of(rows), LOOSE, groups=crises, n_levels=3
        )
        assert baselines(rows)[f"{code} alone"] == pytest.approx(expected)


def test_the_model_without_influence_is_the_model_with_rho_0(table, cases):
    setup, drawn = prepare("kazakhstan-2022"), spread_draws(answering(), 256, 1)
    for name, rho in ((FULL, drawn["rho"]), (WITHOUT, np.zeros(256))):
        told = stances_of(setup, {**drawn, "rho": rho}, Level.DEPLOY, 256, 1)
        for row, given in zip(said(cases), table[name].forecasts, strict=True):
            if row.case.id == "kazakhstan-2022":
                assert given == pytest.approx(told[row.state])


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
    full, without = table[FULL], table[WITHOUT]
    gain = without.rps - full.rps
    assert full.gain == pytest.approx(gain.mean())
    assert full.gain_interval[0] <= full.gain <= full.gain_interval[1]
    assert np.abs(gain).max() > 0
    assert without.gain == 0


def test_a_skill_is_against_the_base_rate(table, cases):
    base = table[REFERENCE]
    assert base.skill == 0
    supports = np.array([row.stance == Stance.SUPPORT for row in said(cases)])
    for name, one in table.items():
        assert one.skill == pytest.approx(1 - one.rps.mean() / base.rps.mean())
        assert one.brier == pytest.approx((one.forecasts[:, 2] - supports) ** 2)
        assert name in repr(one)


def test_stances_of_one_crisis_alone_are_refused():
    with pytest.raises(InputError, match="at least 2 crises"):
        member_table([load("kazakhstan-2022")], 16)


def test_two_crises_are_enough():
    two = [load("kazakhstan-2022"), load("mali-2012")]
    table = member_table(two, 16)
    assert {len(one.rps) for one in table.values()} == {len(said(two))}


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
