"""A small chronicle compiled, every figure worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foedus.chronicle.crisis_list import precedents_of_history
from foedus.chronicle.membership import Standing
from foedus.chronicle.year_chance import of_runs
from foedus.chronicle.year_summary import broke, ribbons_of
from foedus.chronicle.years import chronicle, run_chronicle
from foedus.chronicle.years_plan import Plan
from foedus.data.register import parameters
from foedus.model.dependence import dependence

TOY = """\
schema_version: 1
alliance: toy
lead_state: AAA
until: 2016-12-31
events:
  - {date: 2000-01-01, kind: found, states: [AAA, BBB, CCC, DDD], *WHY}
  - {date: 2008-12-31, kind: suspend, state: DDD, *WHY}
  - {date: 2009-12-31, kind: return, state: DDD, *WHY}
  - {date: 2010-12-31, kind: leave, state: BBB, *WHY}
  - {date: 2012-01-01, kind: join, state: BBB, *WHY}
  - {date: 2014-06-01, kind: dissolve, *WHY}
renewals:
  - {date: 2006-05-01, *WHY}
rivals:
  - {state: BBB, since: 2003-12-31, until: 2005-12-31, name: x, pact: 0.5, *SRC}
  - {state: CCC, since: 2006-05-01, name: x, pact: 1, *SRC}
  - {state: CCC, since: 2004-12-31, until: 2004-12-31, name: one day, pact: .25, *SRC}
  - {state: DDD, since: 2006-05-02, name: x, pact: 1, *SRC}
calls:
  - {date: 2004-01-01, state: BBB, asked: 3, answer: deploy, kind: state, threat: .5, *SRC}
  - {date: 2006-05-01, state: CCC, asked: 0, answer: none, kind: state, threat: .25, *SRC}
  - {date: 2006-05-02, state: DDD, asked: 1, answer: none, kind: state, threat: .75, *SRC}
  - {date: 2007-05-02, state: AAA, asked: 0, answer: none, kind: state, threat: .5, *SRC}
  - {date: 2014-01-01, state: CCC, asked: 2, answer: none, kind: state, threat: .5, *SRC}
"""
TOY = TOY.replace("*WHY", "why: x, source: assumed").replace("*SRC", "source: assumed")
PANEL = """\
state,year,un_distance,arms_share,polyarchy,cinc
AAA,2000,,,0.2,0.1
BBB,2000,0.2,,0.5,0.02
CCC,2000,,,0.1,
DDD,2000,,0.5,,0.5
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    (folder / "chronicle.yaml").write_text(TOY, encoding="utf-8")
    (folder / "panel.csv").write_text(PANEL, encoding="utf-8")
    return chronicle(str(folder))


@pytest.fixture(scope="module")
def held(toy):
    return run_chronicle(toy.having(plan=Plan(members="history")), 3, 1)


def row(toy, name, state):
    t = toy.timeline
    return dict(zip(t.years, getattr(t, name)[:, t.states.index(state)].tolist(), strict=True))


def test_dependence_is_the_gap_in_capability_where_no_indicator_is_known(toy):
    assert row(toy, "dependence", "BBB")[2000] == pytest.approx(0.8)
    assert row(toy, "dependence", "CCC")[2000] == 0.5
    assert row(toy, "dependence", "DDD")[2000] == dependence({"arms": 50.0}, parameters())


def test_alignment_is_the_mean_closeness_in_votes_and_regime(toy):
    assert row(toy, "alignment", "BBB")[2000] == pytest.approx((0.8 + 0.4) / 2)
    assert row(toy, "alignment", "CCC")[2000] == pytest.approx(0.8), "above or below is the same"
    assert row(toy, "alignment", "DDD")[2000] == 0.5
    known = [row(toy, "known", state)[2000] for state in ("BBB", "CCC", "DDD")]
    assert known == pytest.approx([1.0, 1 / 3, 1 / 3])


def test_a_figure_stands_in_for_years_within_reach_and_no_further(toy):
    by_year = row(toy, "alignment", "CCC")
    assert by_year[2010] == by_year[2000]
    assert by_year[2011] == 0.5


def test_a_rival_protects_from_its_first_day_to_its_last(toy):
    bbb = row(toy, "pact", "BBB")
    assert [bbb[year] for year in range(2002, 2007)] == [0, 0.5, 0.5, 0.5, 0]
    assert row(toy, "pact", "CCC")[2004] == 0.25


def test_on_a_day_of_renewal_only_treaties_of_that_day_count(toy):
    assert row(toy, "pact", "CCC")[2006] == 1
    assert [row(toy, "pact", "DDD")[year] for year in (2006, 2007)] == [0, 1]
    assert toy.timeline.renewal.tolist() == [float(year == 2006) for year in toy.years]


def test_a_crisis_on_the_day_of_renewal_comes_before_the_choice(toy):
    late = dict(zip(toy.timeline.crises.names, toy.timeline.crises.late, strict=True))
    assert not late["ccc-2006"]
    assert late["ddd-2006"]
    assert not late["bbb-2004"]


def test_a_state_enters_by_history_once(toy):
    assert [year for year, enters in row(toy, "enters", "BBB").items() if enters] == [2000]


def test_what_happens_on_the_last_day_of_a_year_holds_in_it(toy):
    bbb, ddd = row(toy, "standing", "BBB"), row(toy, "standing", "DDD")
    assert [bbb[year] for year in (2009, 2010, 2012)] == [1, 3, 1]
    assert [Standing(ddd[year]).label for year in (2007, 2008, 2009)] == [
        "member",
        "suspended",
        "member",
    ]
    assert [row(toy, "suspended", "DDD")[year] for year in (2007, 2008, 2009)] == [0, 1, 0]


def test_a_dissolved_alliance_meets_no_crisis_and_its_end_is_no_exit(toy, held):
    t = toy.timeline
    assert t.years[t.ends] == 2014
    assert held.answers[:, 0].tolist() == [3, 0, 0, 0, -1]
    gone = np.argwhere(broke(toy, held)[..., 0]).tolist()
    assert gone == [[t.years.index(2010), t.states.index("BBB")]]


def test_rates_of_drawn_crises_count_years_as_a_member_and_are_drawn_to_the_general_one(toy):
    p = parameters()
    weight, general = p["crisis_prior_years"], p["p_crisis"]
    t, rate = toy.timeline, toy.timeline.crisis_rate
    for state, count, years in (("BBB", 1, 12), ("CCC", 2, 14), ("DDD", 1, 14)):
        wanted = (count + general * weight) / (years + weight)
        assert rate[t.states.index(state)] == pytest.approx(wanted)
    assert [t.crises.names[k] for k in t.crises.templates] == [
        "bbb-2004",
        "ccc-2006",
        "ddd-2006",
        "ccc-2014",
    ]


def test_who_did_not_ask_in_history_would_ask_by_the_danger(toy):
    p = parameters()
    at = {"none": 0.0, "support": p["ask_support_at"], "force": p["ask_force_at"]}
    calls = toy.record.calls
    for word, level in (("none", 1.0), ("support", 2.0), ("force", 3.0)):
        quiet = calls[1].model_copy(update={"threat": at[word]})
        record = toy.record.model_copy(update={"calls": (quiet,)})
        assert toy.having(record=record).timeline.crises.would_ask.tolist() == [level]
    assert toy.timeline.crises.would_ask[0] == 3.0


def test_precedents_of_history_fade_by_the_year(toy):
    p = {"trust_kept": 0.5, "prior_weight": 1.0}
    found = precedents_of_history(toy.timeline.crises, p)[:, 0]
    assert found[0] == 0.0
    assert found[1] == pytest.approx(0.25 / 1.25), "two years later a quarter is left"
    assert found[2] == pytest.approx(0.25 / 2.25)


def test_the_year_of_from_is_the_first_that_is_simulated():
    plan = Plan(since=2010)
    assert plan.holds_members(2009)
    assert not plan.holds_members(2010)
    assert Plan(members="history").holds_members(2010)


def test_a_part_of_the_runs_has_the_parameters_of_those_runs():
    p = {"a": np.arange(5.0), "b": 7.0}
    assert of_runs(p, slice(2, 4))["a"].tolist() == [2.0, 3.0]
    assert of_runs(p, 3) == {"a": 3.0, "b": 7.0}


def test_ribbons_put_who_stayed_first_and_a_crisis_without_a_call_was_not_kept(toy, held):
    setup = toy.having(plan=Plan(members="history"), years=range(2000, 2012))
    short = run_chronicle(setup, 3, 1)
    drawn = ribbons_of(setup, short)
    assert drawn.states == ("CCC", "DDD", "BBB")
    kept = {mark.name: mark.kept for mark in drawn.calls}
    assert kept == {"bbb-2004": True, "ccc-2006": False, "ddd-2006": False}


def test_an_answer_set_by_hand_is_given_where_the_crisis_model_could_answer(csto):
    for level in (0, 3):
        plan = Plan(answers="simulated", fixed={"kazakhstan-2022": level})
        setup = csto.having(plan=replace(plan, members="history"))
        place = setup.timeline.crises.names.index("kazakhstan-2022")
        assert (run_chronicle(setup, 20, 1).answers[place] == level).all()
