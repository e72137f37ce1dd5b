"""A role play saved and opened again; hostile files are refused in a line each."""

from __future__ import annotations

import json

import pytest

from foedus.data.library import load
from foedus.data.sessions import parse_session, read_session, session_text, write_session
from foedus.data.terms import Line
from foedus.errors import FoedusError, InputError, UsageError
from foedus.model.setup import prepare
from foedus.roleplay.game import begin, decide, game_of, session_of, story_of

CASE = "kazakhstan-2022"


def played():
    settings = {"rho": 0.5, "RUS.stake": 0.25}
    setup = prepare(CASE, settings, rule="majority", theory="realist", request="treaty")
    game = begin(setup, ["RUS", "KAZ"], seed=7, run=3)
    game = decide(game, {"RUS": Line.ASIDE, "KAZ": Line.SUPPORT})
    return decide(game, {"RUS": Line.DEPLOY})


def record(**changes):
    return {**json.loads(session_text(session_of(played()))), **changes}


def test_a_saved_game_opens_as_the_same_game():
    game = played()
    again = game_of(parse_session(session_text(session_of(game))), load(CASE))
    assert again == game
    assert story_of(again) == story_of(game)


def test_a_session_is_written_whole_and_read_back(tmp_path):
    session = session_of(played())
    path = tmp_path / "game.json"
    write_session(session, path)
    assert read_session(path) == session
    assert [p.name for p in tmp_path.iterdir()] == ["game.json"]


def test_a_session_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        write_session(session_of(played()), tmp_path / "nowhere" / "game.json")


def test_a_session_holds_no_more_than_what_was_decided():
    assert set(record()) == {
        "session_version", "scenario", "digest", "seed", "run", "settings", "rule", "theory",
        "request", "drawn_codes", "seats", "days",
    }  # fmt: skip


def test_calibrated_parameters_are_not_saved_silently():
    game = begin(prepare(CASE, calibrated={"rho": 2.0}), ["RUS"])
    with pytest.raises(UsageError, match="calibrated"):
        session_of(game)


HOSTILE = {
    "nothing": "",
    "no JSON": "not { a session",
    "a list": "[]",
    "a number": "1",
    "binary": "\x00\x01\x02",
    "deep": "[" * 3000 + "]" * 3000,
    "deep in a key": '{"settings": ' + '{"a":' * 3000 + "1" + "}" * 3000 + "}",
    "too long": '{"a": "' + "x" * 1_100_000 + '"}',
    "a tag": '{"scenario": !!python/object/apply:os.system ["true"]}',
    "an alias bomb": "a: &a [x, x]\nb: [*a, *a]",
    "a lone surrogate": '{"scenario": "\ud800"}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_session_is_refused_and_located(text):
    with pytest.raises(FoedusError) as caught:
        parse_session(text, "upload")
    assert str(caught.value).startswith("upload:")
    assert len(str(caught.value).splitlines()[0]) < 300


WRONG = {
    "an unknown key": {"pickle": "gASV"},
    "another version": {"session_version": 2},
    "a path as scenario": {"scenario": "../../etc/passwd"},
    "a seed below zero": {"seed": -1},
    "a seed too large": {"seed": 2**40},
    "a seed that is true": {"seed": True},
    "a run that is text": {"run": "0"},
    "a run too large": {"run": 10**9},
    "a digest that is none": {"digest": "zz"},
    "settings that are text": {"settings": {"rho": "0"}},
    "a rule that is none": {"rule": "dictatorship"},
    "a request that is none": {"request": "decides"},
    "a seat that is no code": {"seats": ["Russia"]},
    "too many days": {"days": [{}] * 400},
    "a line that is none": {"days": [{"RUS": "surrender"}]},
    "days that are no list": {"days": {"RUS": "object"}},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_part_is_refused_and_named(changes):
    with pytest.raises(FoedusError) as caught:
        parse_session(json.dumps(record(**changes)), "upload")
    assert next(iter(changes)) in str(caught.value)


UNPLAYABLE = {
    "an unknown parameter": {"settings": {"rhoo": 1.0}},
    "a value out of range": {"settings": {"rho": 1e9}},
    "an unknown theory": {"theory": "marxism"},
    "a state that does not sit": {"seats": ["USA"]},
    "a line not open": {"days": [{"KAZ": "aside"}]},
    "days after the end": {"days": [{}] * 31},
}


@pytest.mark.parametrize("changes", UNPLAYABLE.values(), ids=UNPLAYABLE.keys())
def test_a_session_that_cannot_be_played_is_bad_input(changes):
    session = parse_session(json.dumps(record(**changes)))
    with pytest.raises(InputError, match="the session cannot be played"):
        game_of(session, load(CASE))


def test_a_session_of_another_crisis_is_bad_input():
    with pytest.raises(InputError, match="plays 'kazakhstan-2022', not 'kursk-2024'"):
        game_of(session_of(played()), load("kursk-2024"))
