"""A member with a decision rule of its own: a subclass, in stories and ensembles alike."""

from __future__ import annotations

import numpy as np
import pytest

import foedus
from foedus.data.terms import Level, Stance
from foedus.errors import UsageError
from foedus.model.mesa_model import AllianceModel, MemberState
from foedus.model.outcome import FIELDS


class Reluctant(MemberState):
    """It blocks whatever goes beyond talk."""

    def stance(self, level: Level) -> Stance:
        return Stance.OBJECT if level > Level.CONSULT else super().stance(level)


@pytest.mark.parametrize("endogenous", [False, True])
def test_agents_of_the_usual_kind_live_the_ensemble_of_the_arrays(endogenous):
    setup = foedus.prepare("kazakhstan-2022", endogenous=endogenous)
    arrays = foedus.ensemble(setup, 25, seed=4).outcome
    agents = foedus.ensemble(setup, 25, seed=4, members={"KAZ": MemberState}).outcome
    for name in FIELDS:
        one, other = getattr(arrays, name), getattr(agents, name)
        assert one.dtype == other.dtype, name
        assert np.array_equal(one, other), name


def test_a_member_that_blocks_stops_the_force_in_story_and_ensemble_alike():
    setup, members = foedus.prepare("kazakhstan-2022"), {"BLR": Reluctant}
    usual = foedus.ensemble(setup, 30, seed=1).outcome.level
    bent = foedus.ensemble(setup, 30, seed=1, members=members).outcome.level
    assert usual.max() == Level.DEPLOY
    assert bent.max() <= Level.CONSULT
    told = [foedus.story(setup, run, seed=1, members=members).level for run in range(30)]
    assert told == bent.tolist()


def test_a_class_for_nobody_or_of_another_kind_is_refused():
    with pytest.raises(UsageError, match="USA is not a member here; members: ARM BLR"):
        foedus.ensemble("kazakhstan-2022", 2, members={"USA": Reluctant})
    with pytest.raises(UsageError, match=r"members\['BLR'\]: expected a subclass of MemberState"):
        foedus.story("kazakhstan-2022", members={"BLR": int})
    with pytest.raises(UsageError, match="USA is not a member here"):
        AllianceModel.from_setup("kazakhstan-2022", members={"USA": Reluctant})


def test_a_stepped_model_collects_a_row_a_day_and_member():
    model = AllianceModel.from_setup("kazakhstan-2022", run=2, seed=1, members={"BLR": Reluctant})
    days = 0
    while model.running:
        model.step()
        days += 1
    frame = model.datacollector.get_agent_vars_dataframe()
    assert len(frame) == days * len(model.states)
    assert set(frame[frame.state == "BLR"].deploy) == {"object"}
    assert len(model.datacollector.get_model_vars_dataframe()) == days
    model.step()
    assert model.day == days
    model.close()
