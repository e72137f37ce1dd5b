"""What each theory declares of itself, against what the model does under it."""

import numpy as np
import pytest

from foedus.data.register import defaults
from foedus.data.terms import CRISIS_ATTRIBUTES
from foedus.data.theory import theories, theory
from foedus.errors import UsageError
from foedus.model.parameter_points import simulate_points
from foedus.model.setup import prepare

CRISES = ("kazakhstan-2022", "liberia-1990", "armenia-2022", "turkey-2012-june")


def expected_levels(name, crisis, attribute):
    """Mean answer at the two ends of an attribute (of the patron, where it is a member's)."""
    setup = prepare(crisis, theory=name)
    situation = setup.situation
    patron = situation.members[situation.patron]
    own = attribute if attribute in CRISIS_ATTRIBUTES else f"{patron}.{attribute}"
    parameters = {**setup.parameters, "mu": 0.0}
    ends = simulate_points(situation, parameters, {own: np.array([0.0, 1.0])}, 1, 400)
    return [float(outcome.level.mean()) for outcome in ends]


@pytest.mark.parametrize("name", list(theories()))
def test_what_a_theory_says_raises_the_answer_raises_it_somewhere_and_lowers_it_nowhere(name):
    for attribute in theory(name).raises:
        ends = [expected_levels(name, crisis, attribute) for crisis in CRISES]
        assert all(high >= low for low, high in ends), attribute
        assert any(high > low for low, high in ends), attribute


@pytest.mark.parametrize("name", list(theories()))
def test_what_a_theory_says_lowers_the_answer_lowers_it_somewhere_and_raises_it_nowhere(name):
    for attribute in theory(name).lowers:
        ends = [expected_levels(name, crisis, attribute) for crisis in CRISES]
        assert all(high <= low for low, high in ends), attribute
        assert any(high < low for low, high in ends), attribute


@pytest.mark.parametrize("crisis", CRISES)
@pytest.mark.parametrize("name", list(theories()))
def test_what_a_theory_ignores_changes_nothing(name, crisis):
    for attribute in theory(name).ignores:
        if attribute == "dependence":
            continue
        low, high = expected_levels(name, crisis, attribute)
        assert high == low, attribute


def test_without_influence_dependence_changes_nothing():
    setup = prepare("kazakhstan-2022", theory="no-influence")
    dependent = {"KGZ.dependence": np.array([0.0, 1.0])}
    free, bound = simulate_points(setup.situation, setup.parameters, dependent, 1, 400)
    assert np.array_equal(free.level, bound.level)


def test_every_theory_names_its_sources():
    for name, claim in theories().items():
        assert claim.sources, name
        assert set(claim.parameters) <= set(defaults()), name


def test_an_unknown_theory_is_refused_with_a_suggestion():
    with pytest.raises(UsageError, match="did you mean 'realist'"):
        theory("realst")
