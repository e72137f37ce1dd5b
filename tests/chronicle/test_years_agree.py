"""Arrays and agents give the same chronicle, bit for bit, and runs keep their address."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foedus.chronicle.year_chance import draw_years
from foedus.chronicle.years import chronicle, play_chronicle, run_chronicle
from foedus.chronicle.years_model import StateOverYears
from foedus.chronicle.years_plan import Plan
from foedus.data.terms import Level


def played(setup, run, seed):
    model = play_chronicle(setup, run, seed)
    frame = model.datacollector.get_agent_vars_dataframe()
    shape = (len(setup.timeline.years), len(setup.timeline.states))
    columns = {name: frame[name].to_numpy(dtype=float).reshape(shape) for name in COLUMNS}
    of_model = model.datacollector.get_model_vars_dataframe()
    return model, columns, of_model


COLUMNS = ("standing", "trust", "danger", "will")
RUNS = (0, 3, 1030)


@pytest.mark.parametrize("over_priors", [False, True])
@pytest.mark.parametrize("which", ["csto", "simulated", "drawn", "suspending"])
def test_a_run_of_the_array_engine_replays_as_agents_bit_for_bit(which, over_priors, request):
    setup = request.getfixturevalue(which).having(over_priors=over_priors)
    years = run_chronicle(setup, 1040, seed=5)
    for run in RUNS:
        model, columns, of_model = played(setup, run, 5)
        for name in COLUMNS:
            ours = getattr(years, name)[..., run].astype(float)
            np.testing.assert_array_equal(columns[name], ours, err_msg=f"{name}, run {run}")
        np.testing.assert_array_equal(of_model["legitimacy"], years.legitimacy[:, run])
        np.testing.assert_array_equal(of_model["relevance"], years.relevance[:, run])
        for k, name in enumerate(setup.timeline.crises.names if len(years.answers) else ()):
            assert model.answers[name] == years.answers[k, run], name


def test_more_runs_and_later_years_move_no_earlier_draw(csto):
    few, many = run_chronicle(csto, 10, 3), run_chronicle(csto, 1100, 3)
    np.testing.assert_array_equal(few.standing, many.standing[..., :10])
    longer = run_chronicle(chronicle("csto", years=range(1992, 2041)), 10, 3)
    np.testing.assert_array_equal(few.standing, longer.standing[: few.standing.shape[0]])


def test_an_earlier_first_year_moves_no_draw(csto):
    t = csto.timeline
    earlier = replace(t, years=range(t.years[0] - 2, t.years[-1] + 1))
    ours, theirs = (draw_years(each, 3, 0, 5, drawn_crises=True) for each in (t, earlier))
    np.testing.assert_array_equal(ours.standing, theirs.standing[2:])
    np.testing.assert_array_equal(ours.drawn, theirs.drawn[:, 2:])
    np.testing.assert_array_equal(ours.unseen, theirs.unseen)


def test_another_seed_gives_other_runs(csto):
    one, two = run_chronicle(csto, 200, 1), run_chronicle(csto, 200, 2)
    assert (one.standing != two.standing).any()


def test_a_changed_answer_moves_no_year_before_it(csto):
    changed = csto.having(plan=Plan(fixed={"kazakhstan-2022": Level.NONE}))
    before, after = run_chronicle(csto, 50, 1), run_chronicle(changed, 50, 1)
    y = csto.timeline.years.index(2022)
    np.testing.assert_array_equal(before.standing[:y], after.standing[:y])
    called = before.answers[place_of(csto, "kazakhstan-2022")] >= 0
    lower = before.trust[y] > after.trust[y]
    assert (lower == called).all(), "an unanswered call lowers everybody's trust"


def place_of(setup, name):
    return setup.timeline.crises.names.index(name)


def test_a_decision_rule_of_ones_own_is_a_subclass(csto):
    class Loyal(StateOverYears):
        def choose(self):
            super().choose()
            if self.has_joined:
                self.stand(type(self.standing).MEMBER)

    model = play_chronicle(csto, 0, 1, Loyal)
    assert all(state.is_member for state in model.states if state.has_joined)
