"""Role play in the terminal: typed lines in, dialogue on standard error, debrief on output."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from foedus.cli import run
from foedus.data.library import load
from foedus.data.terms import Level, Line
from foedus.model.setup import prepare
from foedus.roleplay.game import begin, morning
from foedus.roleplay.terminal import understood, usual
from foedus.roleplay.wording import codes_of

CASE = "kazakhstan-2022"


@pytest.fixture
def typed(monkeypatch, capsys):
    def play(text, *words):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code = run(["play", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return play


def test_a_seat_is_played_to_the_debrief(typed):
    code, out, err = typed("object\nobject\nhold\n", CASE, "--as", "RUS", "--format", "json")
    assert code == 0
    record = json.loads(out)
    assert record["played"]["level"] == "consult"
    assert record["seats"][0]["lines"][0]["line"] == "object"
    assert "You play Russia" in err
    assert "Day 2, 7 January 2022" in err


def test_several_people_sit_at_one_terminal(typed):
    code, out, _ = typed(
        "deploy\ndeploy\nhold\n", CASE, "--as", "rus", "--as", "KAZ", "--format", "json"
    )
    assert code == 0
    assert [seat["state"] for seat in json.loads(out)["seats"]] == ["KAZ", "RUS"]


def test_a_player_sees_what_was_known_then_and_nothing_of_what_came_after(typed):
    _, out, err = typed("hold\n", CASE, "--as", "KGZ")
    case = load(CASE)
    flat = " ".join(err.split())
    assert " ".join(case.scenario.summary.split()) in flat
    assert "The model" not in err
    for phrase in ("Collective peacekeeping force", "history", "2,500 planned"):
        assert phrase not in flat
    assert "In history. The alliance deployed on 6 January 2022." in out


def test_the_debrief_gives_the_decision_history_and_every_theory(typed):
    _, out, _ = typed("support\nhold\n", CASE, "--as", "RUS")
    for words in ("As you played it.", "Without you.", "In history.", "You: support (days 0 to",
                  "Institutionalism", "Realism", "Regime solidarity", "Hegemony"):  # fmt: skip
        assert words in out


def test_what_is_not_understood_is_asked_again(typed):
    code, _, err = typed("surrender\n9\ns\ndeploy\nhold\n", CASE, "--as", "RUS")
    assert code == 0
    assert "'surrender' is no choice of RUS" in err
    assert "'9' is no choice of RUS" in err


def test_without_input_the_advisers_decide_to_the_end(typed):
    code, out, err = typed("", CASE, "--as", "RUS", "--format", "json")
    assert code == 0
    assert "No more input" in err
    assert json.loads(out)["seats"][0]["lines"][0]["line"] == "deploy"


def test_a_session_left_is_saved_and_goes_on_where_it_was(typed, tmp_path):
    saved, again = tmp_path / "one.json", tmp_path / "two.json"
    code, out, err = typed("object\nleave\n", CASE, "--as", "RUS", "--save", str(saved))
    assert (code, out) == (0, "")
    assert "Left after 1 days and saved" in err
    code, out, err = typed(
        "hold\n", CASE, "--resume", str(saved), "--save", str(again), "--format", "json"
    )
    assert code == 0
    assert "Day 1," in err
    assert "Day 0," not in err
    assert json.loads(again.read_text())["days"][0] == {"RUS": "object"}


def test_a_scenario_that_changed_since_the_session_was_saved_is_noticed(typed, tmp_path):
    saved = tmp_path / "game.json"
    typed("object\nleave\n", CASE, "--as", "RUS", "--save", str(saved))
    says = f"{CASE} has changed since this session was saved"
    assert says not in typed("leave\n", CASE, "--resume", str(saved))[2]
    saved.write_text(json.dumps({**json.loads(saved.read_text()), "digest": "0" * 64}))
    assert says in typed("leave\n", CASE, "--resume", str(saved))[2]


REFUSED = {
    "no seat": (["play", CASE], 2, "add --as with one of ARM, BLR, KAZ, KGZ, RUS, TJK"),
    "a state that does not sit": (["play", CASE, "--as", "USA"], 2, "USA is not a member here"),
    "an unknown crisis": (["play", "narnia-1950", "--as", "RUS"], 65, "unknown scenario"),
    "no such session": (["play", CASE, "--resume", "nowhere.json"], 65, "no such file"),
}


@pytest.mark.parametrize(("words", "code", "line"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_played_is_refused_in_one_line(capsys, words, code, line):
    assert run(words) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert line in err
    assert "Traceback" not in err


def test_a_broken_session_is_refused_with_its_place(capsys, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('{"session_version": 1,\n "seed": "one"}')
    assert run(["play", CASE, "--resume", str(path)]) == 65
    assert "bad.json:2:10: seed: expected a whole number, found 'one'" in capsys.readouterr().err


def test_it_plays_as_a_process_too():
    done = subprocess.run(
        [sys.executable, "-m", "foedus", "play", CASE, "--as", "BLR"],
        input="deploy\nhold\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "debrief" in done.stdout
    assert "Traceback" not in done.stderr


def test_numbers_first_letters_and_enter_are_understood():
    view = morning(begin(prepare(CASE), ["RUS"])).seats[0]
    assert understood(view, "1") is Line.OBJECT
    assert understood(view, "5") is Line.DEPLOY
    assert understood(view, "dep") is Line.DEPLOY
    assert understood(view, "") is usual(view) is Line.DEPLOY
    assert understood(view, "0") is None
    assert understood(view, "²") is None


def test_a_government_with_nothing_to_back_stands_aside_by_default():
    view = morning(begin(prepare("armenia-2020"), ["RUS", "ARM"])).seats
    assert [seat.advice for seat in view] == [Level.NONE, Level.NONE]
    assert [usual(seat) for seat in view] == [Line.OBJECT, Line.ASIDE]


def test_codes_are_told_in_the_words_of_the_codebook():
    told = {title: word for title, _, word in codes_of(load(CASE), "BLR")}
    assert told["Alignment with the requester"] == "friendly"
    assert told["Forces busy elsewhere"] == "a little busy"
    assert told["Share of military power"].startswith("4")


def test_a_chance_that_no_session_can_hold_is_refused_before_the_first_day(typed):
    code, out, err = typed("hold\n", CASE, "--as", "KAZ", "--seed", str(2**32))
    assert (code, out) == (2, "")
    assert "--seed" in err
