"""The time line's numbers are those of the chronicle, and its file is small."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foedus.chronicle.membership import ASIDE, Standing
from foedus.chronicle.years import chronicle, chronicle_ids, run_chronicle
from foedus.chronicle.years_plan import Plan
from foedus.web.timeline_data import timeline_data

RUNS, SEED = 300, 4
IDS = ("ARM", "KAZ", "KGZ", "TJK", "BLR", "UZB", "AZE", "GEO")
HALF = 0.5001e-3
"""Half a thousandth: what is lost by rounding."""


@pytest.fixture(scope="module")
def data():
    return timeline_data("csto", RUNS, SEED)


def test_the_unchanged_chronicle_is_the_one_that_the_command_runs(data):
    setup = chronicle("csto", plan=Plan(members="history"), over_priors=True)
    years = run_chronicle(setup, RUNS, SEED)

    def near(told, value):
        assert np.abs(np.array(told) / 1000 - value).max() <= HALF

    assert tuple(row["id"] for row in data["states"]) == IDS
    near(data["relevance"]["mean"], years.relevance.mean(axis=-1))
    near(data["relevance"]["low"], np.quantile(years.relevance, 0.05, axis=-1))
    near(data["relevance"]["high"], np.quantile(years.relevance, 0.95, axis=-1))
    for ribbon, state in zip(data["states"], IDS, strict=True):
        i = setup.timeline.states.index(state)
        standing = years.standing[:, i]
        near(ribbon["member"], (standing == Standing.MEMBER).mean(axis=-1))
        near(ribbon["aside"], np.isin(standing, ASIDE).mean(axis=-1))
        near(ribbon["trust"], years.trust[:, i].mean(axis=-1))


@pytest.mark.parametrize("name", chronicle_ids())
def test_every_alliance_has_a_time_line_of_small_size(name):
    data = timeline_data(name, 20)
    assert len(json.dumps(data, separators=(",", ":"))) < 250_000
    first, last = data["years"]
    for state in data["states"]:
        assert len(state["member"]) == len(state["trust"]) == last - first + 1
    assert all(len(state["name"]) > 3 for state in data["states"]), "a state has no name"
    for call in data["calls"]:
        assert all(key in data["sources"] or is_built_in(key) for key in call["source"])
        assert (call["row"] == -1) == (call["state"] < 0), call["id"]


def is_built_in(key):
    return key.startswith(("assumed", "document"))
