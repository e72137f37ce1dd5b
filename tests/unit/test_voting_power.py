"""Who could decide in a real council on a day, and what is said where that cannot be known."""

from __future__ import annotations

import json
from datetime import date

import pytest

from foedus.analysis.voting_power import as_record, council_on, latest_case, power_table
from foedus.data.library import alliance_named
from foedus.data.terms import Rule
from foedus.errors import InputError
from toys import ALLIANCE, build_toy, changed

FRIEND = "dependence: [0.5],\n        capability: "
FAR = "dependence: [0.25],\n        capability: "
JANUARY_2022 = date(2022, 1, 5)


def council_of(name, day, cases):
    return council_on(alliance_named(name)[0], day, cases)


def shares(table, rule, index="shapley_shubik"):
    return dict(zip(table.council.members, getattr(table.powers[rule], index), strict=True))


def test_in_january_2022_russia_alone_carries_consensus_and_each_voter_can_block(library):
    csto = alliance_named("csto")[0]
    table = power_table(council_on(csto, JANUARY_2022, library, requester="KAZ"))
    assert (table.council.own_rule, table.council.room) == (Rule.CONSENSUS, True)
    assert "KAZ" not in table.council.members
    for index in ("shapley_shubik", "banzhaf", "penrose"):
        power = shares(table, Rule.CONSENSUS, index)
        assert power.pop("RUS") == 1
        assert set(power.values()) == {0}
    assert all(table.powers[Rule.CONSENSUS].can_block)
    assert table.powers[Rule.WEIGHTED].can_block == tuple(
        state == "RUS" for state in table.council.members
    )


def test_among_equals_a_member_decides_more_often_under_a_majority(library):
    table = power_table(council_of("csto", JANUARY_2022, library))
    for index in ("shapley_shubik", "banzhaf"):
        assert set(shares(table, Rule.UNANIMITY, index).values()) == {1 / 6}
    assert shares(table, Rule.UNANIMITY, "penrose")["RUS"] == 1 / 2**5
    assert shares(table, Rule.MAJORITY, "penrose")["RUS"] == pytest.approx(10 / 2**5)


def test_who_is_no_member_cannot_be_the_requester(library):
    with pytest.raises(InputError, match="UKR was no member of csto on 2022-01-05"):
        council_on(alliance_named("csto")[0], JANUARY_2022, library, requester="UKR")


@pytest.mark.parametrize("rule", [Rule.WEIGHTED, Rule.PATRON])
def test_russia_alone_decides_where_armies_or_the_patron_count(library, rule):
    power = shares(power_table(council_of("csto", JANUARY_2022, library)), rule)
    assert power.pop("RUS") == 1
    assert set(power.values()) == {0}


def test_without_the_strongest_votes_weighted_by_capability_make_more_than_one_member_matter(toy):
    capability = {"ASK": 0.2, "FAR": 0.2, "FRI": 0.2, "LED": 0.4}
    case = toy.load(
        ("capability: [0.75]", "capability: [0.4]"),
        ("capability: [0.125]", "capability: [0.2]"),
        (FRIEND + "[0.0625]", FRIEND + "[0.2]"),
        (FAR + "[0.0625]", FAR + "[0.2]"),
    )
    table = power_table(council_on(case.alliance, case.scenario.dates.coded, [case]))
    assert table.council.capability == capability
    assert shares(table, Rule.WEIGHTED)["LED"] == pytest.approx(1 / 2)
    assert shares(table, Rule.WEIGHTED)["FAR"] == pytest.approx(1 / 6)


def test_a_state_counts_only_while_it_is_a_member(library):
    before, after = (council_of("csto", date(2012, 12, d), library) for d in (19, 20))
    assert set(before.members) - set(after.members) == {"UZB"}


def test_capabilities_come_from_the_latest_case_at_or_before_the_day(library):
    source = {
        day: council_of("csto", day, library).capability_from
        for day in (date(2022, 1, 4), JANUARY_2022, date(2005, 3, 23))
    }
    assert source == {
        date(2022, 1, 4): "afghan-border-2021",
        JANUARY_2022: "kazakhstan-2022",
        date(2005, 3, 23): "batken-2000",
    }


def test_no_counterfactual_is_ever_a_source_of_capabilities(library):
    last = max(case.scenario.dates.coded for case in library)
    only = [case for case in library if case.scenario.extends]
    assert only
    assert latest_case("csto", last, only) is None


def test_where_capability_counts_what_is_missing_is_named_in_one_line(library):
    early = power_table(council_of("csto", date(1992, 6, 1), library))
    assert early.powers[Rule.WEIGHTED] is None
    line = "weighted: no case of csto by 1992-06-01 states the members' capability"
    assert line in early.missing
    nato = power_table(council_of("nato", date(2003, 2, 16), library))
    assert nato.powers[Rule.WEIGHTED] is nato.powers[Rule.CONSENSUS] is None
    consensus, weighted = nato.missing
    assert consensus.split(": ")[1] == weighted.split(": ")[1]
    assert "turkey-2003 states no capability for CAN" in weighted
    assert "TUR" not in weighted


def test_without_a_lead_state_the_patron_rule_has_no_power_to_share(tmp_path):
    text = changed(
        ALLIANCE,
        ("- {since: 2000-01-01, state: LED, why", "- {since: 2015-01-01, state: LED, why"),
    )
    case = build_toy(tmp_path, text).load()
    table = power_table(council_on(case.alliance, date(2012, 1, 1), []), [Rule.PATRON])
    assert table.missing == ("patron: no lead state had a vote in toy on 2012-01-01",)


def test_a_day_before_the_alliance_is_refused_with_its_first_day(library):
    with pytest.raises(InputError, match=r"csto had no members on 1991-01-01 .* 1992-05-15"):
        council_of("csto", date(1991, 1, 1), library)


def test_the_record_is_plain_and_names_every_rule(library):
    record = as_record(power_table(council_of("nato", date(2003, 2, 16), library)))
    assert json.loads(json.dumps(record)) == record
    assert set(record["rules"]) == {str(rule) for rule in Rule}


@pytest.mark.parametrize(("day", "room"), [(date(2005, 1, 1), False), (date(2015, 1, 1), True)])
def test_there_is_room_to_stand_aside_where_abstaining_is_not_as_good_as_an_objection(
    toy, day, room
):
    assert council_on(toy.load().alliance, day, []).room is room
