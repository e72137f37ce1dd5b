"""The sentence over a figure says what its data say."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from foedus.analysis.explain.decomposition import explain, listening
from foedus.analysis.forecast.history import history_table
from foedus.analysis.summary import summarise
from foedus.data.library import load_all
from foedus.data.terms import Ending
from foedus.model.ensemble import ensemble, story
from foedus.model.setup import prepare
from foedus.plots import (
    answer_bars,
    answer_curve,
    forecast_scores,
    network,
    positions,
)
from foedus.plots import answers_by_day as ensembles
from foedus.plots import day_by_day as stories
from foedus.plots.words import end_of, end_on
from foedus.roleplay.wording import outcome
from foedus.web.page_data import council_data

SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def setup():
    return prepare("kazakhstan-2022")


@pytest.fixture(scope="module")
def result(setup):
    return ensemble(setup, 400, 1)


def with_levels(summary, *p):
    return replace(summary, p_levels=p)


def test_an_ensemble_that_history_agrees_with_says_so(setup, result):
    summary = with_levels(summarise(result), 0.0, 0.1, 0.2, 0.7)
    said = ensembles.finding(setup.case, summary, 400).replace(SPACE, " ")
    assert said == "Kazakhstan, January 2022: the alliance deploys in 70 % of 400 runs, as it did"


def test_an_ensemble_that_history_contradicts_says_that(setup, result):
    summary = with_levels(summarise(result), 0.7, 0.2, 0.1, 0.0)
    said = ensembles.finding(setup.case, summary, 400).replace(SPACE, " ")
    assert said.endswith(
        "does nothing in 70 % of 400 runs; in history it deployed (0 % of the runs)"
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [
        ((0.1, 0.1, 0.45, 0.35), "support comes in 45 %, and deploy, as in history, in 35 %"),
        ((0.2, 0.1, 0.3, 0.4), "deploy, as in history, comes in 40 %, and support in 30 %"),
    ],
)
def test_an_ensemble_without_a_majority_claims_none(setup, result, p, said):
    found = ensembles.finding(setup.case, with_levels(summarise(result), *p), 400)
    assert found.replace(SPACE, " ").endswith(f"no answer has half of 400 runs; {said}")


def test_a_supposition_is_held_against_nothing(result):
    case = prepare("kazakhstan-2022-no-base-veto").case
    assert "history" not in ensembles.finding(case, summarise(result), 400)


def test_the_course_says_when_half_of_the_runs_are_there_and_whose_crisis_ends(result):
    summary, case = summarise(result), result.setup.case
    said = ensembles.course(case, summary)
    assert "the crisis of Kazakhstan is over in" in said
    assert f"stand by day {summary.decision_day.median:g};" in said
    assert "No run finds an answer" in ensembles.course(case, replace(summary, decision_day=None))


def test_a_story_tells_answer_men_and_end(setup):
    told = story(setup, 0, 1)
    said = stories.finding(told, setup.case).replace(SPACE, " ")
    assert f"deploys {sum(told.troops.values()):,} troops on day {told.day_decided}" in said
    assert said.endswith(f"the crisis of Kazakhstan is over on day {told.day_ended}")


@pytest.mark.parametrize("name", ["kazakhstan-2022", "nato-2001"])
@pytest.mark.parametrize("ending", list(Ending))
def test_every_face_says_whose_crisis_ends_in_the_same_words(name, ending):
    setup = prepare(name)
    told = replace(story(setup, 0, 1), ending=ending)
    end = end_on(setup.case, told)
    assert setup.case.name_of(setup.case.scenario.requester) in end
    assert stories.finding(told, setup.case).endswith(end)
    assert council_data(setup, told)["end"] == f"{end[0].upper()}{end[1:]}."
    assert end_on(setup.case, told, past=True) in outcome(setup.case, told)


def test_no_government_falls_where_the_lead_state_itself_is_at_war():
    case = next(case for case in load_all() if case.scenario.requester == case.patron)
    who = case.name_of(case.patron)
    assert end_of(case, Ending.LOST, past=True) == f"{who} lost its crisis"


def test_history_counts_how_often_the_likeliest_answer_came(result):
    cases = [prepare(name).case for name in ("kazakhstan-2022", "drc-1998")]
    table = history_table(cases, 200, 1)
    right = sum(row.summary.most_probable == row.observed for row in table.rows)
    assert right == 1
    assert "in 1 of 2 crises" in answer_bars.finding(table)


def test_the_network_names_the_most_and_the_least_faithful(setup):
    net = listening(setup)
    said = network.finding(net, setup.case)
    follows = net.influence[:, net.patron]
    most = setup.case.name_of(net.members[int(np.argmax(follows))])
    assert f"of {most}" in said
    off = listening(prepare("kazakhstan-2022", {"rho": 0}))
    assert "Nobody listens to Russia" in network.finding(off, setup.case)


def test_why_says_what_influence_changed(setup):
    explanation = explain(setup, n_steps=1)
    case = setup.case
    moved = next(m for m in explanation.members if m.state == "ARM")
    assert positions.moved_how(moved, explanation, case) == (
        f"Armenia speaks for support on its own view; influence moves it up by {moved.moved:.2f}, "
        "and it speaks for deploy"
    )
    patron = next(m for m in explanation.members if m.state == "RUS")
    assert "influence moves it by nothing" in positions.moved_how(patron, explanation, case)
    assert positions.carried(explanation, case) == ("influence lifts Armenia to deploy")
    held = prepare("kyrgyzstan-2010")
    assert positions.carried(explain(held, n_steps=1), held.case) == (
        "influence lifts Tajikistan to support"
    )


def test_stances_are_grouped_by_what_is_said(setup):
    explanation = explain(prepare("kyrgyz-tajik-2022"), n_steps=1)
    account = next(m for m in explanation.members if m.state == "RUS")
    assert (
        positions.stances_said(account.stances)
        == "stands aside on consult, objects to support and deploy"
    )


def test_tiles_count_the_voters_without_the_requester(setup):
    explanation = explain(setup, n_steps=1)
    said = positions.votes_said(explanation, setup.case)
    assert said == "5 of 5 voters speak for deploy"
    silent = prepare("turkey-2003")
    few = positions.votes_said(explain(silent, n_steps=1), silent.case)
    assert few.startswith("6 of 6 voters speak for support")
    nobody = prepare("laos-1961")
    said = positions.votes_said(explain(nobody, n_steps=1), nobody.case)
    assert said.startswith("None of the 6 voters speaks even for")


def curve(name, values, p):
    return SimpleNamespace(name=name, values=np.array(values), p_levels=np.array(p))


def test_a_response_names_the_values_at_which_the_likeliest_answer_turns():
    p = [[0.9, 0.1, 0, 0], [0.4, 0.6, 0, 0], [0, 0.3, 0, 0.7]]
    said = answer_curve.finding(curve("threat", [0, 0.5, 1], p)).replace(SPACE, " ")
    assert said == (
        "deploy goes from 0 % to 70 % as threat goes from 0 to 1; the most probable answer is "
        "none at first, consult from 0.5, deploy from 1"
    )
    risen = answer_curve.finding(curve("threat", [0, 1], [p[0], [0.8, 0.15, 0.05, 0]])).replace(
        SPACE, " "
    )
    assert risen.startswith("none goes from 90 % to 80 %")
    assert risen.endswith("none is the most probable answer throughout")


def test_a_response_that_is_flat_is_said_to_be_flat():
    said = answer_curve.finding(curve("rho", [0, 1], [[0.9, 0.1, 0, 0], [0.88, 0.12, 0, 0]]))
    assert said.replace(SPACE, " ") == (
        "hardly anything changes as rho goes from 0 to 1; none stays at 88 % to 90 %"
    )


def test_a_tournament_names_the_best_and_whether_it_can_be_told_from_the_best_baseline():
    def said(skill, interval):
        entries = [
            SimpleNamespace(name="base", kind="baseline", skill=0.0, interval=(0, 0)),
            SimpleNamespace(name="ask", kind="baseline", skill=0.3, interval=(0.1, 0.5)),
            SimpleNamespace(name="full", kind="prior", skill=skill, interval=interval),
        ]
        return forecast_scores.best_forecaster(entries)

    close = said(0.4, (0.2, 0.6))
    assert close.startswith("'full', nothing fitted, forecasts best (skill +0.40)")
    assert "'ask' (+0.30), their intervals overlap" in close
    assert said(0.9, (0.8, 1)).endswith("do not overlap")


def test_reliability_counts_the_classes_that_chance_allows():
    compatible = forecast_scores.compatible
    fits = compatible([(0.1, 0.2, 9, 0.05, 0.3), (0.6, 0.5, 9, 0.3, 0.7)])
    assert fits.endswith("2 of 2 classes")
    fails = compatible([(0.1, 0.2, 9, 0.05, 0.3), (0.9, 0.3, 9, 0.1, 0.5)])
    assert "1 of 2 classes; at worst 90" in fails
