"""A class room: seats of several persons, late decisions, forecasts, words, and the next game."""

from __future__ import annotations

import pytest

from foedus.data.library import load
from foedus.data.terms import Level, Line
from foedus.errors import UsageError
from foedus.model.setup import prepare
from foedus.roleplay.classroom import MOST_PERSONS, ClassRoom, Deciding
from foedus.roleplay.game import begin

CASE = "kazakhstan-2022"


@pytest.fixture(scope="module")
def setup():
    return prepare(load(CASE))


@pytest.fixture
def room(setup):
    return ClassRoom("ABCDEF", begin(setup, ()), used=0.0)


def sits(room, state, n=1):
    persons = [room.join() for _ in range(n)]
    for person in persons:
        person.n_pages = 1
        room.sit(person, state)
    return persons


# ---- several persons to a seat -------------------------------------------------------------------


def test_a_seat_decides_by_majority(room):
    first, second, third = sits(room, "RUS", 3)
    room.choose(first, "RUS", Line.OBJECT, 0)
    room.choose(second, "RUS", Line.DEPLOY, 0)
    room.choose(third, "RUS", Line.DEPLOY, 0)
    assert room.line_of_seat("RUS") is Line.DEPLOY


def test_in_a_tie_the_person_who_sat_down_first_decides(room):
    first, second = sits(room, "RUS", 2)
    room.choose(second, "RUS", Line.DEPLOY, 0)
    room.choose(first, "RUS", Line.ASIDE, 0)
    assert room.line_of_seat("RUS") is Line.ASIDE
    room.sit(first, None)
    room.sit(first, "RUS")  # the seat is taken again, after the other
    room.choose(first, "RUS", Line.ASIDE, 0)
    assert room.line_of_seat("RUS") is Line.DEPLOY


def test_a_speaker_decides_whatever_the_others_chose(room):
    first, *others = sits(room, "RUS", 3)
    for other in others:
        room.choose(other, "RUS", Line.DEPLOY, 0)
    room.deciding = Deciding.SPEAKER
    assert room.line_of_seat("RUS") is None
    room.choose(first, "RUS", Line.OBJECT, 0)
    assert room.line_of_seat("RUS") is Line.OBJECT


def test_when_the_speaker_leaves_the_next_person_speaks(room):
    first, second = sits(room, "RUS", 2)
    room.deciding = Deciding.SPEAKER
    room.choose(second, "RUS", Line.CONSULT, 0)
    assert room.line_of_seat("RUS") is None
    first.n_pages = 0
    assert room.line_of_seat("RUS") is Line.CONSULT


def test_a_person_who_is_away_is_not_waited_for(room):
    (person,) = sits(room, "RUS")
    assert room.undecided == ("RUS",)
    person.n_pages = 0
    assert room.undecided == ()


def test_only_who_holds_a_seat_decides_for_it(room):
    (person,) = sits(room, "RUS")
    with pytest.raises(UsageError, match="not your seat"):
        room.choose(person, "BLR", Line.DEPLOY, 0)


def test_a_line_that_the_seat_does_not_have_is_refused(room):
    (person,) = sits(room, "KAZ")  # the requester cannot abstain on its own request
    with pytest.raises(UsageError, match="cannot take the line 'aside'"):
        room.choose(person, "KAZ", Line.ASIDE, 0)


# ---- days ----------------------------------------------------------------------------------------


def test_a_decision_for_a_day_that_is_over_counts_for_no_day(room):
    (person,) = sits(room, "RUS")
    room.choose(person, "RUS", Line.CONSULT, 0)
    room.live_a_day(0)
    with pytest.raises(UsageError, match=r"too late: day 0 is over\. Day 1 is being decided"):
        room.choose(person, "RUS", Line.OBJECT, 0)
    assert room.line_of_seat("RUS") is None
    assert room.n_late == 1


def test_a_decision_for_a_day_to_come_is_refused(room):
    (person,) = sits(room, "RUS")
    with pytest.raises(UsageError, match="too early"):
        room.choose(person, "RUS", Line.OBJECT, 1)


def test_a_second_press_of_the_host_lives_no_second_day(room):
    room.live_a_day(0)
    with pytest.raises(UsageError, match="too late"):
        room.live_a_day(0)
    assert room.day == 1


def test_the_host_confirms_when_a_seat_is_undecided(room):
    sits(room, "RUS")
    with pytest.raises(UsageError, match="not decided yet: RUS"):
        room.live_a_day(0)
    room.live_a_day(0, anyway=True)
    assert room.game.days == ({},)


def test_the_last_line_stands_for_a_seat_that_chooses_none(room):
    (person,) = sits(room, "RUS")
    room.choose(person, "RUS", Line.OBJECT, 0)
    room.live_a_day(0)
    room.live_a_day(1, anyway=True)
    assert room.game.days[1] == {"RUS": Line.OBJECT}


def test_to_the_end_takes_what_has_been_chosen_for_the_day(room):
    (person,) = sits(room, "RUS")
    room.choose(person, "RUS", Line.OBJECT, 0)
    room.live_to_the_end()
    assert all(day == {"RUS": Line.OBJECT} for day in room.game.days)
    assert room.morning().is_over


def test_the_crisis_goes_on_after_a_force_is_decided_and_asks_for_no_decision(room, setup):
    sitting = sorted(setup.case.scenario.members)
    persons = {state: sits(room, state)[0] for state in sitting}
    while not room.morning().is_settled:
        for state, person in persons.items():
            room.choose(person, state, Line.DEPLOY, room.day)
        room.live_a_day(room.day)
    assert room.morning().answer is Level.DEPLOY
    assert not room.morning().is_over
    assert room.undecided == ()
    with pytest.raises(UsageError, match="settled"):
        room.choose(persons["RUS"], "RUS", Line.OBJECT, room.day)
    before = room.day
    room.live_a_day(room.day)
    assert room.day == before + 1


# ---- forecasts -----------------------------------------------------------------------------------


def test_an_onlooker_revises_a_forecast_from_day_to_day(room):
    person = room.join()
    room.forecast(person, [10, 20, 30, 40], 0)
    room.live_a_day(0)
    room.forecast(person, [0, 0, 0, 1], 1)
    assert person.forecasts == {0: (0.1, 0.2, 0.3, 0.4), 1: (0.0, 0.0, 0.0, 1.0)}


@pytest.mark.parametrize("shares", [[], [1, 1, 1], [0, 0, 0, 0], [1, 1, 1, -1], [float("nan")] * 4])
def test_a_forecast_is_four_numbers_not_all_zero(room, shares):
    with pytest.raises(UsageError, match="four numbers of 0 or more"):
        room.forecast(room.join(), shares, 0)


def test_a_forecast_for_a_day_that_is_over_is_late(room):
    room.live_a_day(0)
    with pytest.raises(UsageError, match="too late"):
        room.forecast(room.join(), [1, 1, 1, 1], 0)


def test_forecasts_close_when_the_answer_is_settled(room):
    room.live_to_the_end()
    with pytest.raises(UsageError, match="settled"):
        room.forecast(room.join(), [1, 1, 1, 1], room.day)


# ---- words ---------------------------------------------------------------------------------------


def test_a_seat_makes_one_public_statement_a_day(room):
    one, other = sits(room, "RUS", 2)
    room.say(one, None, "  We  stand\ntogether. ")
    assert room.talk.statements[0].text == "We stand together."
    with pytest.raises(UsageError, match="has made its statement of day 0"):
        room.say(other, None, "Once more.")
    room.live_a_day(0, anyway=True)
    room.say(other, None, "Day 1.")
    assert [m.day for m in room.talk.statements] == [0, 1]


def test_a_message_is_read_by_its_two_seats_alone(room):
    (russia,) = sits(room, "RUS")
    room.say(russia, "BLR", "Will you come?")
    read = {state: len(room.talk.between((state,))) for state in ("RUS", "BLR", "ARM")}
    assert read == {"RUS": 1, "BLR": 1, "ARM": 0}


def test_an_onlooker_cannot_speak_and_nobody_to_a_seat_that_is_not_there(room):
    with pytest.raises(UsageError, match="take a seat"):
        room.say(room.join(), None, "Hear me!")
    (person,) = sits(room, "RUS")
    with pytest.raises(UsageError, match="no seat 'XXX'"):
        room.say(person, "XXX", "Hello")
    with pytest.raises(UsageError, match="write something"):
        room.say(person, "BLR", "   ")
    with pytest.raises(UsageError, match="does not write to itself"):
        room.say(person, "RUS", "Hello")


def test_a_message_that_is_taken_away_is_gone(room):
    (person,) = sits(room, "RUS")
    room.say(person, None, "Rude words")
    room.talk.remove(room.talk.statements[0].number)
    assert room.talk.statements == []


# ---- persons and games ---------------------------------------------------------------------------


def test_a_full_room_lets_nobody_in_until_an_onlooker_has_left(room):
    persons = [room.join() for _ in range(MOST_PERSONS)]
    for person in persons:
        person.n_pages = 1
    with pytest.raises(UsageError, match="full"):
        room.join()
    persons[0].n_pages = 0
    assert room.join()


def test_a_person_with_a_seat_keeps_a_place_in_a_full_room(room):
    (seated,) = sits(room, "RUS")
    seated.n_pages = 0
    for _ in range(MOST_PERSONS + 5):
        room.join()
    assert room.person_of(seated.key) is seated


def test_play_again_keeps_the_seats_and_begins_under_other_chance(room):
    (person,) = sits(room, "RUS")
    room.forecast(person, [1, 1, 1, 1], 0)
    room.say(person, None, "Hello")
    room.live_to_the_end()
    room.again()
    assert (room.day, room.game.run, room.game_number) == (0, 1, 2)
    assert person.seats == ("RUS",)
    assert (person.forecasts, room.talk.messages, room.lasting) == ({}, [], {})


def test_in_the_next_crisis_a_person_keeps_a_seat_that_it_has(room):
    (russia,), (kazakhstan,) = sits(room, "RUS"), sits(room, "KAZ")
    other = prepare(load("mali-2012"))
    room.again(begin(other, ()))
    sitting = other.case.scenario.members
    for person, state in ((russia, "RUS"), (kazakhstan, "KAZ")):
        assert person.seats == ((state,) if state in sitting else ())


def test_whoever_is_sent_back_looks_on(room):
    one, other = sits(room, "RUS", 2)
    room.free("RUS")
    assert (one.seats, other.seats) == ((), ())
