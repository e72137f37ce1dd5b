"""Explanations add up, on the day that they explain, in every way of running."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from foedus.analysis.explain.decomposition import explain
from foedus.analysis.frames import plain
from foedus.data.library import ids
from foedus.data.terms import ATTRIBUTE_RANGE, Level, Rule, Stance
from foedus.data.theory import theories
from foedus.model.ensemble import ensemble, story
from foedus.model.setup import prepare

WAYS = [{"drawn_codes": d, "endogenous": e} for d, e in product((True, False), repeat=2)]


def assert_adds_up(explanation, what):
    for member in explanation.members:
        assert sum(member.terms.values()) == pytest.approx(member.private, abs=1e-9), what
        assert member.private + member.moved == pytest.approx(member.position), what
        assert member.terms.get("stands by its own request", 1) > 1e-6, what


@pytest.mark.parametrize("case", ids())
def test_terms_add_up_for_every_shipped_crisis_in_every_way_of_running(case):
    for run, way in enumerate(WAYS):
        assert_adds_up(explain(prepare(case, **way), run, n_steps=0), way)
    assert_adds_up(explain(prepare(case, endogenous=True), n_steps=0), "no noise")


@pytest.mark.parametrize("case", ids())
def test_terms_add_up_for_every_shipped_crisis_under_every_theory_and_rule(case):
    rules = list(Rule)
    for k, theory in enumerate(theories()):
        setup = prepare(case, theory=theory, rule=rules[k % len(rules)], endogenous=k % 2 == 0)
        assert_adds_up(explain(setup, k, n_steps=0), (theory, setup.rule))


def test_the_channel_is_that_of_the_day_explained_and_not_of_another_day():
    """An invitation is the ground that the treaty wants where a crowd is the adversary."""
    setup = prepare("mali-2012", endogenous=True)
    assert setup.situation.is_unrest
    rises = set()
    for run in range(12):
        found, days = explain(setup, run, n_steps=0), story(setup, run).days
        now = days[found.day].channel
        assert found.case.ground == now
        rises |= {"on the day"} if found.day and days[found.day - 1].channel < now else set()
        rises |= {"later"} if days[-1].channel > now else set()
    assert rises == {"on the day", "later"}


@pytest.mark.parametrize("endogenous", [False, True])
def test_an_explanation_says_what_the_story_of_that_run_says(endogenous):
    setup = prepare("kyrgyzstan-2010", endogenous=endogenous)
    for run in range(4):
        found, told = explain(setup, run, n_steps=0), story(setup, run)
        day = told.days[found.day]
        assert found.answer == told.level
        assert found.bars == pytest.approx(day.bars)
        for account, member in zip(found.members, day.members, strict=True):
            assert account.position == pytest.approx(member.position)
            assert account.stances == member.stances


def test_what_a_member_heard_adds_up_to_what_it_moved_once_talk_has_settled():
    """x = (1 - s) u + s sum_j w_j x_j, so that x - u is the sum of the single pulls."""
    setup = prepare("kazakhstan-2022", {"rounds_per_day": 50})
    moved = 0.0
    for run in (None, 0, 1):
        for member in explain(setup, run, n_steps=0).members:
            pulls = sum(heard.moved for heard in member.heard)
            assert pulls == pytest.approx(member.moved, abs=1e-6)
            moved = max(moved, abs(pulls))
    assert moved > 0.1


def test_a_turn_is_the_smallest_change_that_changes_the_answer():
    """Every value of the grid is tried by hand: what is nearer leaves the answer as it is."""
    setup = prepare("kazakhstan-2022", drawn_codes=False)
    found = explain(setup, 0, n_steps=4)
    n_farther = 0
    for turn in (t for t in found.turns if "." not in t.attribute):
        low, high = ATTRIBUTE_RANGE[turn.attribute]
        answers = {}
        for value in map(float, np.linspace(low, high, 5)):
            moved = prepare("kazakhstan-2022", {turn.attribute: value}, drawn_codes=False)
            answers[value] = ensemble(moved, 1).outcome.level[0]
        changed = [value for value in answers if answers[value] != found.answer]
        distances = sorted(abs(value - turn.value) for value in changed)
        assert answers[turn.becomes] == turn.answer != found.answer
        assert abs(turn.becomes - turn.value) == distances[0]
        n_farther += distances[-1] > distances[0]
    assert n_farther > 0
    sizes = [t.size for t in found.turns]
    assert sizes == sorted(sizes)


def test_a_trend_is_measured_against_the_whole_of_its_range():
    """From -1 to 1: a change of one is half of it."""
    turns = explain(prepare("kyrgyzstan-2010")).turns
    assert {"trend", "asked", "threat"} <= {turn.attribute for turn in turns}
    for turn in turns:
        low, high = {"trend": (-1, 1), "asked": (0, 3)}.get(turn.attribute, (0, 1))
        assert turn.size == pytest.approx(abs(turn.becomes - turn.value) / (high - low))
        steps = 20 * (turn.becomes - low) / (high - low)
        assert steps == pytest.approx(round(steps))


def test_a_member_that_is_the_adversary_objects_to_help_and_to_a_force():
    setup = prepare("kyrgyz-tajik-2022")
    state = setup.situation.members[setup.situation.adversary]
    enemy = next(m for m in explain(setup, n_steps=0).members if m.state == state)
    assert enemy.stances[1:] == (Stance.OBJECT, Stance.OBJECT)


def test_talks_by_procedure_are_told_from_talks_that_members_wanted():
    setup = prepare("turkey-2003")
    without = prepare("turkey-2003", {"p_convene": 0.0})
    talks = []
    for run in range(8):
        found, bare = explain(setup, run, n_steps=0), explain(without, run, n_steps=0)
        assert found.by_procedure == (found.answer > bare.answer)
        assert not bare.by_procedure
        talks += [found.answer] if found.by_procedure else []
    assert set(talks) == {Level.CONSULT}


@pytest.mark.parametrize("case", ["turkey-2003", "kazakhstan-2022"])
def test_a_story_says_by_procedure_on_the_days_whose_votes_brought_nothing(case):
    setup = prepare(case)
    told = set()
    for run in range(8):
        days = story(setup, run).days
        found = explain(setup, run, n_steps=0)
        assert days[found.day].by_procedure == found.by_procedure
        told |= {day.by_procedure for day in days}
        assert not any(day.by_procedure for day in days if day.answer > Level.CONSULT)
    assert False in told
    assert (True in told) == (case == "turkey-2003")


def test_the_record_of_an_explanation_is_plain():
    record = plain(explain(prepare("kazakhstan-2022"), 0, n_steps=2))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["members"][0]["moved"] == pytest.approx(
        record["members"][0]["position"] - record["members"][0]["private"]
    )
