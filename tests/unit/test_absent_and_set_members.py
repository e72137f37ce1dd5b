"""Members that do not sit, and members that say one thing whatever their position."""

from __future__ import annotations

import numpy as np
import pytest

import foedus
from foedus.cli import run as command
from foedus.data.terms import Level, Rule, Stance
from foedus.errors import UsageError

ID = "kazakhstan-2022"


@pytest.mark.parametrize("rule", [None, *Rule])
@pytest.mark.parametrize("stance", list(Stance))
def test_story_and_ensemble_agree_where_a_stance_is_set(rule, stance):
    setup = foedus.prepare(ID, rule=rule, stances={"BLR": stance})
    outcome = foedus.ensemble(setup, 8, seed=2).outcome
    for run in range(8):
        told = foedus.story(setup, run, seed=2)
        assert (told.level, told.day_ended) == (outcome.level[run], outcome.day_ended[run])
        assert list(told.troops.values()) == outcome.troops[:, run].tolist()
        assert {m.stances for d in told.days for m in d.members if m.state == "BLR"} == {
            (stance,) * 3
        }


def test_one_that_objects_stops_a_consensus_and_one_that_supports_sends():
    blocked = foedus.ensemble(foedus.prepare(ID, stances={"ARM": "object"}), 100)
    assert blocked.outcome.level.max() <= Level.CONSULT
    eager = foedus.ensemble(foedus.prepare(ID, {"p_convene": 0}, stances={"ARM": "support"}), 100)
    deploys = eager.outcome.level == Level.DEPLOY
    assert deploys.any()
    assert (eager.outcome.troops[eager.members.index("ARM"), deploys] > 0).mean() > 0.9
    explained = foedus.explain(eager.setup, n_steps=0)
    assert next(m for m in explained.members if m.state == "ARM").stances == (Stance.SUPPORT,) * 3


def test_a_member_that_does_not_sit_is_nowhere_and_the_others_meet_the_same_chance():
    setup = foedus.prepare(ID, without=["ARM"])
    result = foedus.ensemble(setup, 20, seed=3)
    assert result.members == ("BLR", "KAZ", "KGZ", "RUS", "TJK")
    assert result.outcome.troops.shape == (5, 20)
    for run in (0, 7):
        told = foedus.story(setup, run, seed=3)
        assert told.level == result.outcome.level[run]
        assert "ARM" not in told.troops
    dumb = foedus.prepare(ID, {"rho": 0}, without=["ARM"])
    whole = foedus.prepare(ID, {"rho": 0})
    views = [
        {m.state: m.private for m in foedus.story(setup, 1).days[0].members}
        for setup in (dumb, whole)
    ]
    assert all(views[1][state] == view for state, view in views[0].items())


def test_without_the_only_one_that_would_block_the_answer_rises():
    hostile = {"ARM.alignment": 0, "ARM.stake": 0, "ARM.ties": 1, "ARM.overextension": 1, "rho": 0}
    levels = [
        foedus.ensemble(foedus.prepare(ID, hostile, without=gone), 200).outcome.level.mean()
        for gone in ([], ["ARM"])
    ]
    assert levels[1] > levels[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"without": ["KAZ"]}, "KAZ asks for help or leads"),
        ({"without": ["RUS"]}, "RUS asks for help or leads"),
        ({"without": ["USA"]}, "USA is not a member here"),
        ({"stances": {"USA": "object"}}, "USA is not a member here"),
        ({"stances": {"ARM": "objects"}}, r"unknown stance 'objects' \(did you mean 'object'"),
        ({"stances": {"ARM": "object"}, "without": ["ARM"]}, "ARM is not a member here"),
    ],
)
def test_what_cannot_be_is_refused(words, said):
    with pytest.raises(UsageError, match=said):
        foedus.prepare(ID, **words)


def test_the_command_line_takes_both_and_says_so(capsys):
    words = ["run", ID, "-n", "50", "--without-member", "Armenia", "--stance", "BLR=object"]
    assert command([*words, "-F", "json"]) == 0
    out = capsys.readouterr().out
    assert '"without": [\n    "ARM"\n  ]' in out or '"without": ["ARM"]' in out
    assert "object" in out
    assert command([*words, "--stance", "Belarus=support"]) == 2
    assert "--stance BLR is given twice" in capsys.readouterr().err
    assert command(["run", ID, "--stance", "BLR"]) == 2


def test_a_setup_shows_both():
    setup = foedus.prepare(ID, without=["ARM"], stances={"BLR": "object"})
    assert repr(setup) == "Setup(kazakhstan-2022, without ARM, BLR: object)"
    assert np.isfinite(foedus.explain(setup, n_steps=0).members[0].position)
