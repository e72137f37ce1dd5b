"""What the register's defaults say of the document's crises, whatever the seed."""

import numpy as np
import pytest

from foedus.analysis.summary import summarise
from foedus.data.terms import Level
from foedus.model.ensemble import ensemble, prepare

SEEDS = (0, 1, 2024)


@pytest.fixture(scope="module", params=SEEDS)
def results(request):
    names = (
        "kazakhstan-2022",
        "armenia-2020",
        "kyrgyzstan-2010",
        "tajikistan-2010",
        "ukraine-2022",
    )
    return {name: ensemble(prepare(name), 10_000, request.param) for name in names}


def test_kazakhstan_most_probably_deploys(results):
    assert summarise(results["kazakhstan-2022"]).most_probable == Level.DEPLOY


@pytest.mark.parametrize("name", ["armenia-2020", "tajikistan-2010", "ukraine-2022"])
def test_where_nothing_was_sent_deployment_is_improbable(results, name):
    assert summarise(results[name]).p_levels[Level.DEPLOY] <= 0.10


def test_kyrgyzstan_is_left_open(results):
    assert max(summarise(results["kyrgyzstan-2010"]).p_levels) <= 0.6


def test_the_force_for_kazakhstan_is_russian_with_token_companies(results):
    troops = summarise(results["kazakhstan-2022"]).troops
    assert 2000 <= troops["total"].median <= 2500
    assert troops["RUS"].median > troops["total"].median / 2
    for state in ("ARM", "BLR", "KGZ", "TJK"):
        assert 0 < troops[state].median <= 250
    assert troops["KAZ"].median == 0


def test_kazakhstan_is_decided_within_a_day_and_over_within_twenty(results):
    outcome = results["kazakhstan-2022"].outcome
    deployed = outcome.level == Level.DEPLOY
    assert np.median(outcome.day_decided[deployed]) <= 1
    assert np.mean(outcome.day_ended[deployed] <= 20) > 0.5
