"""A class room without any page: codes, keys, seats, days, and limits on guessing."""

from __future__ import annotations

import pytest

from foedus.data.terms import Level, Line
from foedus.errors import UsageError
from foedus.model.ensemble import prepare, story
from foedus.roleplay.classroom import (
    CODE_LENGTH,
    IDLE_HOURS,
    LETTERS,
    MOST_ROOMS,
    ClassRooms,
)
from foedus.roleplay.game import begin, story_of
from foedus.roleplay.rate_limit import Tries

HERE, THERE = "192.168.1.7", "192.168.1.8"


@pytest.fixture
def rooms():
    return ClassRooms(are_open=True)


@pytest.fixture
def room(rooms):
    return rooms.open(begin(prepare("kazakhstan-2022"), ()), HERE, 0.0)


def test_class_rooms_are_off_unless_opened():
    rooms = ClassRooms()
    with pytest.raises(UsageError, match="--host"):
        rooms.open(begin(prepare("kazakhstan-2022"), ()), HERE, 0.0)
    with pytest.raises(UsageError, match="--host"):
        rooms.find("ABCDEF", HERE, 0.0)


def test_codes_are_random_readable_and_never_the_same(rooms):
    game = begin(prepare("kazakhstan-2022"), ())
    codes = [rooms.open(game, f"10.0.0.{n}", 0.0).code for n in range(MOST_ROOMS)]
    assert len(set(codes)) == MOST_ROOMS
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert set("".join(codes)) <= set(LETTERS)
    assert not set("IO01L") & set(LETTERS)
    with pytest.raises(UsageError, match="40 class rooms already"):
        rooms.open(game, "10.0.1.1", 1.0)


def test_a_code_is_found_however_it_is_typed(rooms, room):
    typed = f" {room.code[:3].lower()}-{room.code[3:]} "
    assert rooms.find(typed, THERE, 1.0) is room


@pytest.mark.parametrize("typed", ["", "?", "ABCDEF" * 1000, "../../etc", "\x00", "é" * 6, "¼½¾"])
def test_a_wrong_code_is_refused_in_one_line(rooms, room, typed):
    with pytest.raises(UsageError, match="no class room of that code"):
        rooms.find(typed, THERE, 1.0)


def test_guessing_codes_is_stopped_and_allowed_again_later(rooms, room):
    for n in range(rooms.tries.most):
        with pytest.raises(UsageError, match="no class room"):
            rooms.find("WRONG2", THERE, float(n))
    with pytest.raises(UsageError, match="too many tries: wait 50 seconds"):
        rooms.find(room.code, THERE, 10.0)
    assert rooms.find(room.code, HERE, 10.0) is room
    assert rooms.find(room.code, THERE, 61.0) is room


def test_guessing_keys_counts_as_guessing(rooms, room):
    for n in range(rooms.tries.most):
        with pytest.raises(UsageError, match="opens no seat"):
            rooms.seat_of(room, f"guess{n}", THERE, 0.0)
    with pytest.raises(UsageError, match="too many tries"):
        rooms.find(room.code, THERE, 0.0)


def test_opening_rooms_is_limited_too(rooms):
    game = begin(prepare("kazakhstan-2022"), ())
    for _ in range(rooms.openings.most):
        rooms.open(game, HERE, 0.0)
    with pytest.raises(UsageError, match="too many tries"):
        rooms.open(game, HERE, 0.0)


def test_tries_forget_addresses_when_the_window_is_over():
    tries = Tries(most=2, window=10.0)
    tries.count(HERE, 0.0)
    tries.check(HERE, 20.0)
    assert tries._times == {}


def test_an_idle_room_is_closed_and_its_pages_are_told(rooms, room):
    told = []
    room.watchers.append(lambda: told.append(1))
    rooms.open(room.game, HERE, IDLE_HOURS * 3600 + 1)
    assert room.code not in rooms.rooms
    assert told == [1]


def test_a_seat_has_one_holder_and_its_key_opens_it(rooms, room):
    key = room.take("RUS")
    assert rooms.seat_of(room, key, HERE, 0.0) == "RUS"
    with pytest.raises(UsageError, match="RUS is taken"):
        room.take("RUS")
    with pytest.raises(UsageError, match="no seat 'USA'"):
        room.take("USA")
    room.free("RUS")
    assert room.take("RUS") != key


def test_a_key_of_the_host_is_no_key_of_a_seat(rooms, room):
    assert room.is_host(room.host_key)
    assert not room.is_host(room.take("RUS"))
    assert not room.is_host("é")
    assert room.state_of("é") is None
    with pytest.raises(UsageError):
        rooms.seat_of(room, room.host_key, HERE, 0.0)


def test_the_model_plays_a_seat_while_its_holder_is_away(room):
    room.take("RUS")
    room.enter("RUS")
    room.choose("RUS", Line.OBJECT)
    room.live_a_day()
    room.leave("RUS")
    room.live_a_day()
    room.enter("RUS")
    room.live_a_day()
    assert [day.get("RUS") for day in room.game.days] == [Line.OBJECT, None, Line.OBJECT]


def test_a_second_page_of_the_holder_keeps_the_seat_present(room):
    room.take("ARM")
    room.enter("ARM")
    room.enter("ARM")
    room.leave("ARM")
    assert room.n_present == 1
    room.leave("ARM")
    room.leave("ARM")
    assert room.n_present == 0


def test_a_decision_counts_for_one_day_and_then_holds(room):
    room.take("KGZ")
    room.enter("KGZ")
    room.choose("KGZ", Line.ASIDE)
    assert (room.n_decided, room.n_present) == (1, 1)
    room.live_a_day()
    assert room.n_decided == 0
    room.live_a_day()
    assert [day["KGZ"] for day in room.game.days] == [Line.ASIDE, Line.ASIDE]


def test_a_late_joiner_sits_from_that_day_on(room):
    room.live_a_day()
    room.take("TJK")
    room.enter("TJK")
    room.choose("TJK", Line.CONSULT)
    room.live_a_day()
    assert [dict(day) for day in room.game.days] == [{}, {"TJK": Line.CONSULT}]


def test_every_seat_can_be_taken(room):
    for state in room.game.setup.situation.members:
        room.take(state)
        room.enter(state)
        room.choose(state, Line.DEPLOY)
    room.live_to_the_end()
    assert set(room.game.days[0]) == set(room.game.setup.situation.members)
    assert story_of(room.game).level is Level.DEPLOY


def test_a_room_in_which_nobody_sits_is_the_models_own_run(room):
    room.live_to_the_end()
    assert story_of(room.game) == story(room.game.setup)


def test_the_last_lines_stand_to_the_end(room):
    room.take("RUS")
    room.enter("RUS")
    room.choose("RUS", Line.OBJECT)
    room.live_to_the_end()
    assert story_of(room.game).level is Level.CONSULT
    assert room.morning().is_over


def test_a_line_that_is_not_open_is_refused(room):
    room.take("KAZ")
    with pytest.raises(UsageError, match="cannot take the line 'aside'"):
        room.choose("KAZ", Line.ASIDE)


def test_all_pages_are_told_of_every_change(room):
    told = []
    room.watchers.append(lambda: told.append(1))
    room.take("RUS")
    room.enter("RUS")
    room.choose("RUS", Line.DEPLOY)
    room.live_a_day()
    room.leave("RUS")
    room.free("RUS")
    assert len(told) == 6
