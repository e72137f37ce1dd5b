"""The time line's numbers are those of the chronicle, unchanged and with any one answer changed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foedus.chronicle.membership import ASIDE, Standing
from foedus.chronicle.year_summary import changes
from foedus.chronicle.years import chronicle, chronicle_ids, run_chronicle
from foedus.chronicle.years_plan import Plan
from foedus.data.terms import LEVELS, Level
from foedus.web.timeline_data import WITHOUT, timeline_data

RUNS, SEED = 300, 4
HALF = 0.5001e-3
"""Half a thousandth: what is lost by rounding."""


@pytest.fixture(scope="module")
def data():
    return timeline_data("csto", RUNS, SEED)


def simulated(**plan):
    setup = chronicle("csto", plan=Plan(**plan), over_priors=True)
    return setup, run_chronicle(setup, RUNS, SEED)


def assert_same(drawn, setup, years, first):
    def near(told, value):
        assert np.abs(np.array(told) / 1000 - value).max() <= HALF

    near(drawn["relevance"]["mean"], years.relevance[first:].mean(axis=-1))
    near(drawn["relevance"]["low"], np.quantile(years.relevance[first:], 0.05, axis=-1))
    near(drawn["relevance"]["high"], np.quantile(years.relevance[first:], 0.95, axis=-1))
    for ribbon, state in zip(drawn["states"], IDS, strict=True):
        i = setup.timeline.states.index(state)
        standing = years.standing[first:, i]
        near(ribbon["member"], (standing == Standing.MEMBER).mean(axis=-1))
        near(ribbon["aside"], np.isin(standing, ASIDE).mean(axis=-1))
        near(ribbon["trust"], years.trust[first:, i].mean(axis=-1))


IDS = ("ARM", "KAZ", "KGZ", "TJK", "BLR", "UZB", "AZE", "GEO")


def test_the_unchanged_chronicle_is_the_one_that_the_command_runs(data):
    assert tuple(row["id"] for row in data["states"]) == IDS
    assert_same(data, *simulated(members="history"), 0)


@pytest.mark.parametrize(
    ("call", "key", "year"),
    [("armenia-2022", "3", 2022), ("kazakhstan-2022", WITHOUT, 2022), ("batken-1999", "2", 1999)],
)
def test_a_changed_answer_gives_the_chronicle_that_the_command_runs(data, call, key, year):
    change = (
        {"without": frozenset({call})} if key == WITHOUT else {"fixed": {call: Level(int(key))}}
    )
    before, after = simulated(since=year), simulated(since=year, **change)
    first = year - data["years"][0]
    assert_same(data["unchanged"][str(year)], *before, first)
    assert_same(data["changes"][call][key], *after, first)
    moved = {row.state: row for row in changes(before, after)}
    for state, told in zip((*IDS, "relevance"), data["changes"][call][key]["moves"], strict=True):
        row = moved[state]
        found = (row.before, row.after, row.difference, row.error)
        assert np.abs(np.array(told) / 1e4 - found).max() <= HALF / 10


def test_every_other_answer_to_every_call_is_there_and_only_those(data):
    for call in data["calls"]:
        keys = {str(level) for level in range(len(LEVELS)) if level != call["answer"]}
        assert set(data["changes"][call["id"]]) == keys | {WITHOUT}


def test_help_for_armenia_keeps_it_and_no_force_for_kazakhstan_costs_relevance(data):
    armenia = data["changes"]["armenia-2022"]["3"]["moves"]
    assert armenia[IDS.index("ARM")][2] < 0 < armenia[-1][2]
    assert data["changes"]["kazakhstan-2022"]["0"]["moves"][-1][2] < -100


@pytest.mark.parametrize("name", chronicle_ids())
def test_every_alliance_has_a_time_line_of_small_size(name):
    data = timeline_data(name, 20)
    assert len(json.dumps(data, separators=(",", ":"))) < 400_000
    first, last = data["years"]
    for state in data["states"]:
        assert len(state["member"]) == len(state["trust"]) == last - first + 1
    assert all(len(state["name"]) > 3 for state in data["states"]), "a state has no name"
    for call in data["calls"]:
        assert all(key in data["sources"] or is_built_in(key) for key in call["source"])
        assert (call["row"] == -1) == call["ofLead"], call["id"]


def is_built_in(key):
    return key.startswith(("assumed", "document"))
