"""Persons decide for members day by day; everything else is the model's own run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foedus.data.terms import Level, Line, Stance
from foedus.errors import UsageError
from foedus.model.ensemble import story
from foedus.model.setup import prepare
from foedus.roleplay.game import (
    Game,
    answers,
    begin,
    decide,
    line_of,
    morning,
    play_on,
    story_of,
    without,
)
from foedus.roleplay.player_choice import position_of
from foedus.roleplay.wording import situation

KAZAKHSTAN = "kazakhstan-2022"


@pytest.fixture(scope="module")
def crisis():
    return prepare(KAZAKHSTAN)


def room_of(game: Game) -> float:
    setup = game.setup
    return setup.parameters["eta"] * setup.situation.abstention


def member(day, state):
    return next(m for m in day.members if m.state == state)


@pytest.mark.parametrize("name", [KAZAKHSTAN, "kyrgyzstan-2010", "kuwait-1990"])
@pytest.mark.parametrize("run", [0, 5])
def test_a_game_that_nobody_plays_is_the_models_own_run_to_the_last_bit(name, run):
    setup = prepare(name)
    assert story_of(begin(setup, (), 3, run), to_end=True) == story(setup, run, 3)


def test_looking_at_the_morning_moves_nothing(crisis):
    game = begin(crisis, ["RUS"])
    before = story_of(decide(game, {"RUS": Line.SUPPORT}))
    morning(game)
    assert story_of(decide(game, {"RUS": Line.SUPPORT})) == before


@pytest.mark.parametrize("line", list(Line))
def test_a_held_line_stands_all_day_where_its_level_is(crisis, line):
    game = decide(begin(crisis, ["BLR"]), {"BLR": line})
    day = story_of(game).days[0]
    assert member(day, "BLR").position == position_of(line, day.bars, room_of(game))


def test_the_others_hear_a_held_line(crisis):
    cold = decide(begin(crisis, ["RUS"]), {"RUS": Line.OBJECT})
    warm = decide(begin(crisis, ["RUS"]), {"RUS": Line.DEPLOY})
    for state in ("ARM", "BLR", "KGZ", "TJK"):
        assert member(story_of(cold).days[0], state).position < (
            member(story_of(warm).days[0], state).position - 1.0
        )


@pytest.mark.parametrize("state", ["ARM", "BLR", "KGZ", "RUS", "TJK"])
def test_one_objection_stops_every_answer_under_consensus_but_the_talks_that_procedure_brings(
    state,
):
    for p_convene, level in ((1, Level.CONSULT), (0, Level.NONE)):
        setup = prepare(KAZAKHSTAN, {"p_convene": p_convene})
        game = play_on(decide(begin(setup, [state]), {state: Line.OBJECT}))
        assert story_of(game).level is level


def test_who_stands_aside_blocks_nothing_and_sends_nobody(crisis):
    game = play_on(decide(begin(crisis, ["KGZ"]), {"KGZ": Line.ASIDE}))
    played = story_of(game)
    for day in played.days:
        assert member(day, "KGZ").stances == (Stance.ABSTAIN,) * 3
    assert played.level is Level.DEPLOY
    assert played.troops["KGZ"] == 0


@pytest.mark.parametrize("name", [KAZAKHSTAN, "kyrgyzstan-2010", "kyrgyz-tajik-2022"])
def test_a_line_says_in_council_what_its_offer_promised(name):
    setup = prepare(name)
    seats = [s for s in setup.situation.members if s != setup.case.scenario.requester]
    game = begin(setup, seats)
    for view in morning(game).seats:
        for line, stances in view.offers.items():
            day = story_of(decide(game, {view.state: line})).days[0]
            assert member(day, view.state).stances == stances


def test_the_requesters_line_is_what_it_asks_for_from_that_day_on(crisis):
    game = begin(crisis, ["KAZ"])
    for line in (Line.CONSULT, Line.DEPLOY, Line.OBJECT):
        game = decide(game, {"KAZ": line})
    days = story_of(game).days
    assert [day.asked for day in days] == [1.0, 3.0, 0.0]
    assert [day.channel for day in days] == [1.0, 1.0, 0.0]
    assert morning(replace(game, days=game.days[:1])).asked == 1.0


def test_a_request_withdrawn_raises_every_threshold(crisis):
    quiet = decide(begin(crisis, ["KAZ"]), {"KAZ": Line.OBJECT})
    loud = decide(begin(crisis, ["KAZ"]), {"KAZ": Line.DEPLOY})
    asked, silent = story_of(loud).days[0].bars, story_of(quiet).days[0].bars
    assert all(more > less for more, less in zip(silent, asked, strict=True))


def test_the_requester_cannot_stand_aside_from_its_own_request(crisis):
    with pytest.raises(UsageError, match="KAZ cannot take the line 'aside'"):
        decide(begin(crisis, ["KAZ"]), {"KAZ": Line.ASIDE})


def test_strict_unanimity_leaves_no_room_to_stand_aside(toy):
    setup = prepare(toy.load(), {"eta": 0})
    assert Line.ASIDE not in morning(begin(setup, ["FRI"])).seats[0].offers
    with pytest.raises(UsageError, match="open: object, consult, support, deploy"):
        decide(begin(setup, ["FRI"]), {"FRI": Line.ASIDE})


def test_a_seat_given_back_is_moved_by_the_talk_again(crisis):
    game = decide(begin(crisis, ["BLR"]), {"BLR": Line.OBJECT})
    day = story_of(decide(game, {})).days[1]
    assert member(day, "BLR").position > day.bars[0]


def test_an_adversary_that_a_person_plays_is_not_bound_to_object():
    setup = prepare("kyrgyz-tajik-2022")
    enemy = setup.case.scenario.adversary.iso3
    assert enemy in setup.situation.members
    modelled = story(setup).days[0]
    assert member(modelled, enemy).stances[1:] == (Stance.OBJECT, Stance.OBJECT)
    played = story_of(decide(begin(setup, [enemy]), {enemy: Line.DEPLOY})).days[0]
    assert member(played, enemy).stances == (Stance.SUPPORT,) * 3


def test_all_seats_can_be_held_at_once(crisis):
    seats = crisis.situation.members
    game = play_on(decide(begin(crisis, seats), dict.fromkeys(seats, Line.SUPPORT)))
    assert story_of(game).level is Level.SUPPORT


def test_a_late_joiner_takes_part_from_that_day_on(crisis):
    game = decide(decide(begin(crisis, ["KGZ"]), {"KGZ": Line.CONSULT}), {"ARM": Line.CONSULT})
    assert game.seats == ("ARM", "KGZ")
    assert story_of(game).days[0] == story_of(replace(game, days=game.days[:1])).days[0]


def test_playing_on_repeats_the_last_lines_until_the_end(crisis):
    game = play_on(decide(begin(crisis, ["RUS"]), {"RUS": Line.CONSULT}))
    assert set(map(str, game.days)) == {str({"RUS": Line.CONSULT})}
    now = morning(game)
    assert now.is_over
    assert now.is_settled
    assert len(game.days) == len(story_of(game).days)
    with pytest.raises(UsageError, match="nothing is left to decide"):
        decide(game, {"RUS": Line.CONSULT})


def test_nothing_is_left_to_decide_once_a_force_is_decided(crisis):
    seats = crisis.situation.members
    game = begin(crisis, seats)
    while morning(game).answer is not Level.DEPLOY:
        game = decide(game, dict.fromkeys(seats, Line.DEPLOY))
    assert morning(game).is_settled
    assert not morning(game).is_over


def test_the_answers_under_other_chance_are_those_of_each_run_lived_alone(crisis):
    game = decide(begin(crisis, ["RUS"], seed=4), {"RUS": Line.SUPPORT})
    alone = [story_of(replace(game, run=run), to_end=True).level for run in range(6)]
    assert answers(game, 6).tolist() == alone


def test_without_a_seat_the_model_decides_for_it_on_every_day(crisis):
    game = play_on(decide(begin(crisis, ["RUS"]), {"RUS": Line.OBJECT}))
    assert story_of(without(game, "RUS"), to_end=True) == story(crisis)


def test_a_state_that_does_not_sit_is_refused_by_name(crisis):
    with pytest.raises(UsageError, match="no seat 'USA'"):
        begin(crisis, ["USA"])
    with pytest.raises(UsageError, match=r"no seat 'RUSS' \(did you mean 'RUS'"):
        decide(begin(crisis, ["RUS"]), {"RUSS": Line.CONSULT})


def test_a_word_that_is_no_line_is_refused_with_the_nearest():
    assert [line_of(line.label) for line in Line] == list(Line)
    with pytest.raises(UsageError, match="did you mean 'deploy'"):
        line_of("deplyo")


def test_role_play_and_endogenous_requests_exclude_each_other(crisis):
    with pytest.raises(UsageError, match="endogenous"):
        begin(crisis.having(endogenous=True), ["RUS"])


def test_soundings_of_the_first_morning_are_first_views_and_later_ones_positions(crisis):
    game = begin(crisis, ["ARM"])
    first = morning(game)
    private = {m.state: m.private for m in story_of(decide(game, {})).days[0].members}
    assert {s.state: s.position for s in first.soundings} == private
    after = decide(game, {"ARM": Line.CONSULT})
    moved = {m.state: m.position for m in story_of(after).days[0].members}
    assert {s.state: s.position for s in morning(after).soundings} == moved
    weights = [s.weight for s in first.soundings]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == pytest.approx(1)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (0.0, "Kazakhstan has asked for nothing"),
        (1.0, "Kazakhstan has formally asked for consultations"),
        (2.5, "Kazakhstan has formally asked for material help or a force"),
        (3.0, "Kazakhstan has formally asked for a force"),
    ],
)
def test_the_request_is_said_with_what_it_leaves_open(crisis, asked, says):
    now = replace(morning(begin(crisis, ())), asked=asked)
    assert says in situation(crisis.case, now)
