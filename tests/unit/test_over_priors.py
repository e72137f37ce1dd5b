"""Answers averaged over the priors: what is drawn, what is held, and what it adds."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.inference.priors import answering
from foedus.analysis.summary import by_word, level_probabilities
from foedus.data.theory import theories
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare

N = 2000


@pytest.fixture(scope="module")
def kazakhstan():
    return prepare("kazakhstan-2022")


def test_the_same_seed_gives_the_same_average_and_another_seed_does_not(kazakhstan):
    once = levels_over_priors(kazakhstan, N, 3)
    assert once.tolist() == levels_over_priors(kazakhstan, N, 3).tolist()
    assert once.tolist() != levels_over_priors(kazakhstan, N, 4).tolist()


def test_probabilities_add_up_and_are_named_by_level(kazakhstan):
    record = by_word("p", levels_over_priors(kazakhstan, N, 1))
    assert list(record) == ["p_none", "p_consult", "p_support", "p_deploy"]
    assert sum(record.values()) == pytest.approx(1)


def test_not_knowing_the_weights_makes_the_answer_less_certain(kazakhstan):
    known = level_probabilities(ensemble(kazakhstan, N, 1).outcome)
    averaged = levels_over_priors(kazakhstan, N, 1)
    error = 4 * np.sqrt(2 * 0.25 / N)
    assert averaged.max() < known.max() - error


def test_parameters_that_are_all_set_by_hand_leave_nothing_to_average():
    held = {row.name: row.default for row in answering()}
    setup = prepare("kazakhstan-2022", held)
    alone = level_probabilities(ensemble(setup, N, 1).outcome)
    assert levels_over_priors(setup, N, 1).tolist() == alone.tolist()


def test_a_theory_keeps_what_it_switches():
    assert theories()["no-influence"].parameters == {"rho": 0.0}
    switched = prepare("kazakhstan-2022", theory="no-influence")
    by_hand = prepare("kazakhstan-2022", {"rho": 0})
    given = [levels_over_priors(setup, N, 1).tolist() for setup in (switched, by_hand)]
    assert given[0] == given[1]
    assert given[0] != levels_over_priors(prepare("kazakhstan-2022"), N, 1).tolist()
