"""What the register's defaults say of the document's crises, whatever the seed."""

import numpy as np
import pytest

from foedus.analysis.summary import summarise
from foedus.data.terms import Level
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare

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


def levels(name, request):
    return [summarise(ensemble(prepare(name, request=request), 10_000, s)).p_levels for s in SEEDS]


def test_a_call_under_the_treaty_makes_no_force_where_the_fighting_is_outside_its_area():
    assert all(shares[Level.DEPLOY] <= 0.10 for shares in levels("armenia-2020", "treaty"))
    for shares in levels("ukraine-2022", "treaty"):
        assert shares[Level.DEPLOY] <= 0.05
        assert shares[Level.SUPPORT] <= 0.30


def test_kazakhstan_deploys_for_its_request_and_not_without_one():
    assert all(shares[Level.DEPLOY] >= 0.6 for shares in levels("kazakhstan-2022", "history"))
    assert all(shares[Level.DEPLOY] >= 0.6 for shares in levels("kazakhstan-2022", "treaty"))
    assert all(shares[Level.DEPLOY] <= 0.10 for shares in levels("kazakhstan-2022", "none"))


def test_the_force_for_kazakhstan_is_mostly_russian_and_its_size_is_wide_open(results):
    troops = summarise(results["kazakhstan-2022"]).troops
    assert troops["total"].low < 2_500 < troops["total"].high
    for state in ("ARM", "BLR", "KGZ", "TJK"):
        assert 0 < troops[state].median < troops["RUS"].median
    assert troops["KAZ"].median == 0


def test_kazakhstan_is_decided_within_a_day(results):
    outcome = results["kazakhstan-2022"].outcome
    assert np.median(outcome.day_decided[outcome.level == Level.DEPLOY]) <= 1
