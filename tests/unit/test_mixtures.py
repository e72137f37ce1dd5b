"""All theories together, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast.tournament import Contestant, mixtures

SURE_NONE = np.array([[1.0, 0, 0, 0]] * 2)
SURE_DEPLOY = np.array([[0, 0, 0, 1.0]] * 2)


def contestant(forecasts, evidence):
    return Contestant("a claim", "prior", forecasts, evidence_without=np.array(evidence))


def test_equal_weights_are_the_plain_mean():
    equal, _ = mixtures([contestant(SURE_NONE, [0, 0]), contestant(SURE_DEPLOY, [0, 0])])
    assert equal.forecasts.tolist() == [[0.5, 0, 0, 0.5]] * 2


def test_weights_are_the_odds_of_the_theories_on_the_other_crises():
    first, second = contestant(SURE_NONE, [np.log(3), 0]), contestant(SURE_DEPLOY, [0, np.log(4)])
    _, weighted = mixtures([first, second])
    assert weighted.forecasts == pytest.approx(np.array([[0.75, 0, 0, 0.25], [0.2, 0, 0, 0.8]]))


def test_evidence_of_many_crises_does_not_underflow():
    _, weighted = mixtures(
        [contestant(SURE_NONE, [-5000] * 2), contestant(SURE_DEPLOY, [-4000] * 2)]
    )
    assert weighted.forecasts == pytest.approx(SURE_DEPLOY)
