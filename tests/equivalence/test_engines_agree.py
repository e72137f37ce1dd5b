"""The two engines are one model: run n of an ensemble, replayed by agents, has the same bits."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.data.terms import Ending, Level, Rule, Stance
from foedus.model.array_engine import run_batch, simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.mesa_model import AllianceModel, replay
from foedus.model.outcome import FIELDS
from foedus.model.situation import Span
from situations import SEEDS, parameter_sets, situations
from toys import toy_situation

AT_THE_BORDERS = ((0,), (1023, 1024), (5000,))


def same_bits(one, other):
    return np.asarray(one, np.float64).tobytes() == np.asarray(other, np.float64).tobytes()


def traced(situation, parameters, seed, start, stop, drawn, endogenous):
    """Runs start to stop of the array engine, with every day."""
    chance = draw_chance(situation, seed, start, stop, with_doubt=endogenous)
    codes = draw_codes(situation, seed, start, stop, drawn=drawn)
    return simulate_traced(situation, codes, parameters, chance)


def assert_one_run_agrees(story, outcome, trace, column):
    """Hold one story against one column of the arrays."""
    assert story.level == outcome.level[column]
    assert story.day_decided == outcome.day_decided[column]
    assert story.day_ended == outcome.day_ended[column]
    assert story.ending == outcome.ending[column]
    assert list(story.troops.values()) == outcome.troops[:, column].tolist()
    lived = story.day_ended
    assert [day.day for day in story.days] == list(range(lived))
    assert same_bits([d.intensity for d in story.days], trace.intensity[:lived, column])
    assert same_bits([d.in_place for d in story.days], trace.in_place[:lived, column])
    assert same_bits([d.bars for d in story.days], trace.bars[:lived, :, column])
    assert [d.answer for d in story.days] == trace.answer[:lived, column].tolist()
    for name, days in (("private", trace.private), ("position", trace.positions)):
        told = [[getattr(member, name) for member in d.members] for d in story.days]
        assert same_bits(told, days[:lived, :, column]), name
    assert story.days[-1].asked == outcome.asked[column]
    assert story.days[-1].channel == outcome.channel[column]


def assert_engines_agree(situation, parameters, seed, runs, drawn=True, endogenous=False):
    """Hold neighbouring runs of the agents against the arrays, traced and plain."""
    start, stop = max(0, runs[0] - 1), runs[-1] + 2
    outcome, trace = traced(situation, parameters, seed, start, stop, drawn, endogenous)
    how = {"drawn_codes": drawn, "endogenous": endogenous}
    plain = run_batch(situation, parameters, seed, stop - start, start=start, **how)
    for name in FIELDS:
        assert (getattr(plain, name) == getattr(outcome, name)).all(), name
    stories = [replay(situation, parameters, seed, run, **how) for run in runs]
    for run, story in zip(runs, stories, strict=True):
        assert_one_run_agrees(story, outcome, trace, run - start)
    return stories


# Cases in which the engines once disagreed, or could.
BOTH_ENDS_AT_ONCE = defaults() | {
    "quelled_at": 0.5,
    "lost_at": 0.5,
    "collapse_days": 1.0,
    "mu": 0.0,
    "kappa_own": 0.0,
    "sigma_intensity": 0.0,
    "kappa_force": 0.0,
}
HALF_A_DAY = defaults() | {"own_initiative_lag": 4.5, "deployment_days_centre": 1.5}


@given(
    situation=situations(),
    parameters=parameter_sets(),
    seed=SEEDS,
    run=st.sampled_from([0, 1023, 1024, 5000]) | st.integers(0, 10_000),
    drawn=st.booleans(),
    endogenous=st.booleans(),
)
@example(toy_situation(threat=0.5), BOTH_ENDS_AT_ONCE, 0, 0, False, False)
@example(toy_situation(day_first_sitting=None), HALF_A_DAY, 0, 0, False, False)
@example(toy_situation(day_first_sitting=None), HALF_A_DAY, 0, 0, False, True)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_replayed_run_has_the_bits_of_its_column(
    situation, parameters, seed, run, drawn, endogenous
):
    assert_engines_agree(situation, parameters, seed, [run], drawn, endogenous)


@given(situation=situations(max_members=4), parameters=parameter_sets(), endogenous=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_runs_on_both_sides_of_a_block_border_agree(situation, parameters, endogenous):
    for runs in AT_THE_BORDERS:
        assert_engines_agree(situation, parameters, 0, runs, endogenous=endogenous)


def eventful(**changes):
    """A situation so open that every level and every ending comes up within a few runs."""
    wide = {"threat": Span(0.2, 0.6, 1.0), "capacity": Span(0, 0.25, 0.5)}
    base = toy_situation(asked=3.0, trend=0.0, horizon_days=15)
    return replace(base, crisis={**base.crisis, **wide}, **changes)


LIVELY = defaults() | {"sigma_crisis": 3.0, "sigma_intensity": 0.15, "mu": 0.1, "eta": 1.0}


@pytest.mark.parametrize("endogenous", [False, True])
@pytest.mark.parametrize("rule", list(Rule))
def test_every_level_and_every_ending_is_among_the_runs_that_agree(rule, endogenous):
    situation = eventful(rule=rule)
    stories = assert_engines_agree(situation, LIVELY, 0, range(40), endogenous=endogenous)
    assert {story.ending for story in stories} == set(Ending)
    levels = {story.level for story in stories}
    assert {Level.NONE, Level.DEPLOY} <= levels
    assert any(max(story.troops.values()) > 0 for story in stories)


@pytest.mark.parametrize("adversary", [1, 2, 3])
def test_runs_against_each_member_agree(adversary):
    stories = assert_engines_agree(eventful(adversary=adversary), LIVELY, 0, range(10))
    state = eventful().members[adversary]
    for story in stories:
        for day in story.days:
            (enemy,) = (member for member in day.members if member.state == state)
            assert enemy.stances[1:] == (Stance.OBJECT, Stance.OBJECT)


@pytest.mark.parametrize("changes", [{"patron": 0}, {"requester": 3, "patron": 3}])
def test_a_patron_that_asks_for_itself_agrees(changes):
    for rule in Rule:
        assert_engines_agree(eventful(rule=rule, **changes), LIVELY, 0, range(4))


def test_a_member_alone_agrees():
    base = eventful()
    alone = replace(
        base,
        members=("AAA",),
        standing={name: spans[:1] for name, spans in base.standing.items()},
        pools=(np.inf,),
        patron=0,
    )
    for rule in Rule:
        assert_engines_agree(replace(alone, rule=rule), LIVELY, 0, range(4))


def test_stances_told_are_those_that_positions_and_bars_imply():
    for run in range(10):
        story = replay(eventful(), LIVELY, 0, run)
        for day in story.days:
            for member in day.members:
                for stance, bar in zip(member.stances, day.bars, strict=True):
                    support = member.position >= bar
                    objects = member.position < bar - LIVELY["eta"]
                    assert stance == int(support) - int(objects)


@given(situation=situations(max_members=4), endogenous=st.booleans(), data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_parameters_that_differ_by_run_give_each_run_what_it_would_get_alone(
    situation, endogenous, data
):
    sets = [data.draw(parameter_sets()) for _ in range(3)]
    shared = {"rounds_per_day": sets[0]["rounds_per_day"]}
    together = {name: np.array([p[name] for p in sets]) for name in sets[0]} | shared
    batch = run_batch(situation, together, 0, 3, endogenous=endogenous)
    for run, parameters in enumerate(sets):
        alone = run_batch(situation, parameters | shared, 0, 1, start=run, endogenous=endogenous)
        for name in FIELDS:
            own = getattr(batch, name)[..., run : run + 1]
            assert (own == getattr(alone, name)).all(), name


@given(situation=situations(max_members=4), parameters=parameter_sets(), endogenous=st.booleans())
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_dropping_runs_that_are_through_changes_nothing(situation, parameters, endogenous):
    # A traced batch drops no run; a plain one drops them once a few hundred are through.
    outcome, _ = traced(situation, parameters, 0, 0, 1500, True, endogenous)
    plain = run_batch(situation, parameters, 0, 1500, endogenous=endogenous)
    for name in FIELDS:
        assert (getattr(plain, name) == getattr(outcome, name)).all(), name


@pytest.mark.parametrize("endogenous", [False, True])
@pytest.mark.parametrize("rule", list(Rule))
def test_runs_that_outlive_many_others_agree(rule, endogenous):
    situation = eventful(rule=rule, horizon_days=40)
    batch = run_batch(situation, LIVELY, 0, 3000, endogenous=endogenous)
    through = np.sort(batch.day_ended)
    assert through[1000] < through[-1]  # a thousand are over while others go on
    for run in np.argsort(batch.day_ended, kind="stable")[[0, 1500, 2500, -2, -1]]:
        story = replay(situation, LIVELY, 0, int(run), endogenous=endogenous)
        assert (story.level, story.day_ended, story.ending) == (
            batch.level[run],
            batch.day_ended[run],
            batch.ending[run],
        )
        assert list(story.troops.values()) == batch.troops[:, run].tolist()
        assert (story.days[-1].asked, story.days[-1].channel) == (
            batch.asked[run],
            batch.channel[run],
        )


def test_the_check_of_agreement_refuses_a_run_that_is_one_off():
    situation = toy_situation(threat=0.5)
    story = replay(situation, defaults(), 0, 0)
    outcome, trace = traced(situation, defaults(), 0, 0, 2, True, False)
    assert_one_run_agrees(story, outcome, trace, 0)
    with pytest.raises(AssertionError):
        assert_one_run_agrees(story, outcome, trace, 1)


def test_a_model_that_was_played_is_not_kept():
    situation = toy_situation()
    chance, codes = draw_chance(situation, 0, 0, 1), draw_codes(situation, 0, 0, 1)
    model = AllianceModel(situation, codes.of_run(0), defaults(), chance.of_run(0))
    model.live()
    model.close()
    kept = weakref.ref(model)
    del model
    gc.collect()
    assert kept() is None
