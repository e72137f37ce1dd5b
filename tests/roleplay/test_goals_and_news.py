"""Private goals, and what a decision brings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foedus.data.library import ids, load
from foedus.data.terms import Ending, Level, Line, Stance
from foedus.model.setup import prepare
from foedus.roleplay.game import begin, decide, play_on, story_of
from foedus.roleplay.stakes import MOVED, costs, goals, news


def played(name, line=None, run=0):
    setup = prepare(load(name))
    game = begin(setup, (), run=run)
    if line is not None:
        members = setup.case.scenario.members
        for _ in range(2):
            game = decide(game, dict.fromkeys(members, line))
    return setup, story_of(play_on(game))


@pytest.mark.parametrize("name", ids())
def test_every_seat_of_every_crisis_has_goals_that_a_finished_run_can_judge(name):
    setup, story = played(name)
    for state in setup.case.scenario.members:
        found = goals(setup, state)
        assert 1 <= len(found) <= 6
        assert {goal.is_met(story) for goal in found} <= {True, False}
        assert len({goal.words for goal in found}) == len(found)


def test_a_force_meets_the_goal_of_who_asked_for_it_and_not_that_of_who_is_busy_elsewhere():
    setup, story = played("kazakhstan-2022", Line.DEPLOY)
    assert story.level is Level.DEPLOY
    by_words = {goal.words: goal.is_met(story) for goal in goals(setup, "KAZ")}
    assert by_words["Get an answer as high as your request."]
    busy = {goal.words: goal.is_met(story) for goal in goals(setup, "TJK")}
    assert not busy["Your troops are needed elsewhere: send none."]


def test_a_fallen_government_has_not_met_its_goal():
    setup, story = played("kazakhstan-2022")
    goal = next(g for g in goals(setup, "KAZ") if "in office" in g.words)
    assert not goal.is_met(replace(story, ending=Ending.LOST))
    assert goal.is_met(replace(story, ending=Ending.QUELLED))


def test_the_lead_state_fails_its_goal_when_a_member_votes_against():
    setup, story = played("kazakhstan-2022", Line.DEPLOY)
    goal = next(g for g in goals(setup, "RUS") if "no member votes against" in g.words)
    assert goal.is_met(story)
    day = story.days[story.day_decided]
    against = replace(day.members[-1], stances=(Stance.OBJECT,) * 3)
    days = list(story.days)
    days[story.day_decided] = replace(day, members=(*day.members[:-1], against))
    assert not goal.is_met(replace(story, days=tuple(days)))


def test_news_say_who_voted_how_on_the_day_of_a_decision():
    setup, story = played("kazakhstan-2022", Line.DEPLOY)
    said = " ".join(news(setup.case, story, story.day_decided))
    assert "The council agrees on a force." in said
    for member in story.days[story.day_decided].members:
        if member.state != "KAZ":
            assert setup.case.name_of(member.state) in said


def test_after_a_force_is_decided_days_bring_news_until_the_end():
    setup, story = played("kazakhstan-2022", Line.DEPLOY)
    after = [news(setup.case, story, d.day) for d in story.days[story.day_decided + 1 :]]
    assert after
    assert any("troops have arrived" in text for said in after for text in said)


def test_a_change_of_danger_is_news_and_a_still_day_is_not():
    setup, story = played("kazakhstan-2022")
    told = set()
    for before, now in zip(story.days, story.days[1:], strict=False):
        said = " ".join(news(setup.case, story, now.day))
        change = now.intensity - before.intensity
        assert ("gets worse" in said) is (change >= MOVED)
        assert ("calms down" in said) is (change <= -MOVED)
        told |= {word for word in ("gets worse", "calms down") if word in said} or {"nothing"}
    assert {"calms down", "nothing"} <= told


def test_the_adversary_breaks_with_a_partner_that_voted_for_aid():
    setup, story = played("armenia-2020", Line.SUPPORT)
    assert story.level >= Level.SUPPORT
    after = " ".join(news(setup.case, story, story.day_decided + 1))
    (broken,) = (text for text in costs(setup.case, story) if "breaks with" in text)
    assert broken in after
    assert broken.startswith("Azerbaijan breaks with ")
    assert "Russia" in broken
    assert "Armenia" not in broken
    assert broken.endswith(": they voted for material help.")


def test_a_crowd_breaks_with_nobody():
    setup, story = played("kazakhstan-2022", Line.DEPLOY)
    said = [text for d in story.days for text in news(setup.case, story, d.day)]
    assert not any("breaks with" in text for text in said)


def test_the_adversary_strikes_back_in_some_runs_and_not_in_all():
    struck = []
    for run in range(40):
        setup, story = played("armenia-2020", Line.DEPLOY, run)
        said = [text for d in story.days for text in news(setup.case, story, d.day)]
        struck.append(any("fighting spreads" in text for text in said))
        assert struck[-1] == any("answered the force" in text for text in costs(setup.case, story))
    assert 0 < sum(struck) < len(struck)


def test_news_of_a_day_do_not_change_as_days_go_by():
    setup, story = played("armenia-2020", Line.DEPLOY)
    for day in range(1, len(story.days)):
        shorter = replace(story, days=story.days[: day + 1])
        assert news(setup.case, shorter, day) == news(setup.case, story, day)


def test_costs_name_the_troops_of_each_member_and_how_the_crisis_ended():
    setup, story = played("kazakhstan-2022", Line.DEPLOY)
    said = " ".join(costs(setup.case, story))
    for state, n in story.troops.items():
        assert (f"{setup.case.name_of(state)} had {n:,} troops" in said) is (n > 0)
    lost = costs(setup.case, replace(story, ending=Ending.LOST))
    assert lost[0] == f"The government of Kazakhstan fell on day {story.day_ended}."


@pytest.mark.parametrize(
    ("request_", "wants"),
    [
        ("history", "You have asked for nothing yet: get at least talks."),
        ("treaty", "Get an answer as high as your request."),
    ],
)
def test_the_government_in_crisis_wants_what_it_asks_for_in_this_game(request_, wants):
    setup = prepare("armenia-2020", request=request_)
    assert wants in [goal.words for goal in goals(setup, "ARM")]
