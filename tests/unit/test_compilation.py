"""A case in files becomes a situation in numbers."""

from __future__ import annotations

from math import inf

import pytest

from foedus.data.terms import Rule
from foedus.model.compilation import situation_of
from foedus.model.situation import Span
from toys import ALLIANCE, build_toy, changed


def test_members_stand_in_the_order_of_their_codes_and_parties_are_found(toy):
    situation = situation_of(toy.load())
    assert situation.members == ("ASK", "FAR", "FRI", "LED")
    assert (situation.requester, situation.patron, situation.adversary) == (0, 3, None)
    assert situation.voters == (1, 2, 3)


def test_coders_who_differ_leave_a_span_with_their_mean(toy):
    situation = situation_of(toy.load())
    assert situation.crisis["mandate"] == Span(0.5, 0.625, 0.75)
    assert situation.crisis["threat"] == Span(0.75, 0.75, 0.75)
    assert situation.standing["alignment"][2] == Span(0.5, 0.625, 0.75)
    assert situation.crisis["mandate"].is_open
    assert not situation.crisis["threat"].is_open


def test_dates_become_days_since_the_day_that_is_coded(toy):
    plain = situation_of(toy.load())
    assert (plain.days_since_onset, plain.day_first_sitting, plain.horizon_days) == (4, 1, 20)


@pytest.mark.parametrize(
    ("swap", "day"),
    [
        (("  requested: 2020-01-05\n", ""), None),
        (("  requested: 2020-01-05\n", "  requested: 2020-01-02\n"), 0),
        (("  requested: 2020-01-05\n", "  council: 2020-01-12\n"), 7),
        (("  requested: 2020-01-05\n", "  requested: 2020-01-05\n  council: 2020-01-05\n"), 0),
    ],
)
def test_the_council_sits_on_its_own_date_or_the_day_after_the_request(toy, swap, day):
    assert situation_of(toy.load(swap)).day_first_sitting == day


def test_the_rule_in_force_on_that_day_counts_unless_the_scenario_has_its_own(toy):
    assert situation_of(toy.load()).rule == Rule.CONSENSUS
    before = toy.load(
        ("onset: 2020-01-01", "onset: 2005-01-01"),
        ("requested: 2020-01-05\n  coded: 2020-01-05", "coded: 2005-01-05"),
    )
    assert situation_of(before).rule == Rule.UNANIMITY
    assert situation_of(before).abstention == 0
    own = toy.load(("requester: ASK", "requester: ASK\ncouncil_rule: majority\nabstention: 0.5"))
    assert (situation_of(own).rule, situation_of(own).abstention) == (Rule.MAJORITY, 0.5)


def test_an_adversary_that_sits_is_found_and_one_that_does_not_is_nobody(toy):
    sits = toy.load(("kind: domestic", "kind: member, iso3: FAR"))
    assert situation_of(sits).adversary == 1
    outside = toy.load(("kind: domestic", "kind: state, iso3: OUT"))
    assert situation_of(outside).adversary is None


def test_pools_come_from_the_alliance_unless_the_scenario_states_them(toy):
    plain = situation_of(toy.load())
    assert plain.pools == (inf, inf, 500.0, 2000.0)
    assert plain.alliance_pool == 3000.0
    own = toy.load(("capability: [0.75],", "capability: [0.75], pool: 700,"))
    assert situation_of(own).pools == (inf, inf, 500.0, 700.0)


def test_an_alliance_without_pools_sets_no_limit(tmp_path):
    start, stop = ALLIANCE.index("pools:"), ALLIANCE.index("institutions:")
    toy = build_toy(tmp_path / "free", ALLIANCE[:start] + ALLIANCE[stop:])
    assert situation_of(toy.load()).alliance_pool == inf


def test_dependence_comes_from_codes_or_from_the_indicators_of_the_year(toy):
    assert situation_of(toy.load()).indicators is None
    measured = toy.load(("requester: ASK", "requester: ASK\ndependence_from: indicators"))
    assert measured.measures_dependence
    assert not toy.load().measures_dependence
    assert situation_of(measured).indicators == (
        {},
        {"remittances": 15.0},
        {"exports": 25.0, "base_veto": 1.0},
        {},
    )
    assert situation_of(measured, indicator_reach=0.0).indicators[1] == {"remittances": 15.0}


def test_a_counterfactual_switches_the_base_veto_for_all_but_the_patron(toy):
    swap = ("requester: ASK", "requester: ASK\ndependence_from: indicators\nbase_veto: false")
    rows = situation_of(toy.load(swap)).indicators
    assert [row.get("base_veto") for row in rows] == [0.0, 0.0, 0.0, None]


def test_attributes_set_by_hand_replace_codes_and_nothing_else(toy):
    plain = situation_of(toy.load())
    bent = plain.with_attributes({"threat": 0.1, "FRI.stake": 0.9, "FAR.dependence": 0.8})
    assert bent.crisis["threat"] == Span(0.1, 0.1, 0.1)
    assert bent.standing["stake"][2] == Span(0.9, 0.9, 0.9)
    assert bent.stated_dependence == {1: 0.8}
    assert bent.standing["stake"][3] == plain.standing["stake"][3]
    assert bent.with_attributes({"threat": 0.75}).crisis == plain.crisis


def test_the_indicator_with_an_unreachable_year_is_left_out(tmp_path):
    rows = changed(
        build_toy(tmp_path / "a").folder.joinpath("indicators.csv").read_text(encoding="utf-8"),
        ("FAR,remittances,2020,2020", "FAR,remittances,2000,2000"),
    )
    toy = build_toy(tmp_path / "b", indicators=rows)
    case = toy.load(("requester: ASK", "requester: ASK\ndependence_from: indicators"))
    assert situation_of(case, 19.0).indicators[1] == {}
    assert situation_of(case, 20.0).indicators[1] == {"remittances": 15.0}
