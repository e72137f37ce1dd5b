"""Looking back: the run as played, the run without persons, history, and the theories."""

from __future__ import annotations

import json

import pytest

from foedus.analysis.summary import summarise
from foedus.data.terms import Level, Line
from foedus.data.theory import theories
from foedus.model.ensemble import ensemble, story
from foedus.model.setup import prepare
from foedus.roleplay.debrief import as_record, debrief, stretches
from foedus.roleplay.game import answers, begin, decide, play_on, story_of

N = 60


@pytest.fixture(scope="module")
def refusal():
    """Russia refuses, Belarus wants a force."""
    game = decide(begin(prepare("kazakhstan-2022"), ["RUS", "BLR"]),
                  {"RUS": Line.OBJECT, "BLR": Line.DEPLOY})  # fmt: skip
    return play_on(game), debrief(game, n_runs=N, n_with_lines=20)


def seat(review, state):
    return next(one for one in review.seats if one.state == state)


def test_it_sets_the_run_as_played_beside_the_models_and_history(refusal):
    game, review = refusal
    assert review.played == story_of(game)
    assert review.modelled == story(game.setup)
    assert (review.played.level, review.modelled.level) == (Level.CONSULT, Level.DEPLOY)
    assert review.history is Level.DEPLOY


def test_it_tells_whose_line_turned_the_answer(refusal):
    _, review = refusal
    assert seat(review, "RUS").answer_without_it > Level.CONSULT
    assert seat(review, "BLR").answer_without_it is Level.CONSULT


def test_it_shows_what_the_state_said_and_sent_in_history(refusal):
    _, review = refusal
    assert seat(review, "RUS").history == "support"
    assert seat(review, "RUS").history_troops == (1500, 3000)
    assert seat(review, "RUS").troops == 0


def test_its_odds_are_those_of_the_ensembles_they_name(refusal):
    game, review = refusal
    assert review.without_lines.p_levels == summarise(ensemble(game.setup, N, 1)).p_levels
    for name, odds in zip(theories(), review.theories, strict=True):
        alone = prepare("kazakhstan-2022", theory=name)
        assert odds.p_levels == summarise(ensemble(alone, N, 1)).p_levels
    tried = answers(game, 20)
    assert review.with_lines.p_levels == tuple((tried == k).mean() for k in Level)


def test_days_with_the_same_line_are_one_stretch():
    game = begin(prepare("kazakhstan-2022"), ["ARM"])
    for line in (Line.ASIDE, Line.ASIDE, None, Line.OBJECT):
        game = decide(game, {} if line is None else {"ARM": line})
    told = [(s.line, s.first, s.last) for s in stretches(game, "ARM")]
    assert told == [(Line.ASIDE, 0, 1), (None, 2, 2), (Line.OBJECT, 3, 3)]


def test_a_supposition_has_no_history():
    game = decide(begin(prepare("kazakhstan-2022-no-base-veto"), ["RUS"]), {"RUS": Line.CONSULT})
    review = debrief(game, n_runs=N, n_with_lines=5)
    assert review.history is None
    assert seat(review, "RUS").history is None


def test_its_record_is_plain_json(refusal):
    last = len(refusal[0].days) - 1
    record = json.loads(json.dumps(as_record(refusal[1])))
    assert record["played"]["level"] == "consult"
    assert record["history"] == "deploy"
    assert record["seats"][0]["lines"] == [{"line": "deploy", "first": 0, "last": last}]
    assert len(record["theories"]) == len(theories())


def test_the_theories_are_asked_about_the_request_that_was_played():
    played = prepare("armenia-2020", request="treaty")
    review = debrief(begin(played, ["RUS"]), N, 2)
    for name, odds in zip(theories(), review.theories, strict=True):
        under = [
            summarise(ensemble(prepare("armenia-2020", theory=name, request=kind), N, 1)).p_levels
            for kind in ("treaty", "history")
        ]
        assert odds.p_levels == under[0]
        assert under[0] != under[1]
