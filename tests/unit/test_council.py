"""Bars, stances, the six rules on ballots worked by hand, and the ladder."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.terms import Rule
from foedus.model.council import (
    PASSES,
    Ballot,
    answer,
    bars,
    consensus_on_levels,
    convenes,
    first_sitting,
    objects,
    supports,
    thresholds,
    treaty_case,
)
from toys import toy_situation

P = {"tau_consult": -1.0, "gap_support": 2.0, "gap_deploy": 3.0, "gamma": 10.0, "treaty_bar": 3.0}
STANCES = st.lists(st.sampled_from("SAO"), min_size=1, max_size=9)
CAPABILITY = st.floats(0.01, 1)


def ballot(stances, capability=None, positions=None, patron=True, bar=0.0):
    """One ballot; `stances` is a letter a voter: Supports, Abstains, Objects."""
    place = {"S": 1.0, "A": -1.0, "O": -3.0}
    return Ballot(
        supports=[np.bool_(s == "S") for s in stances],
        objects=[np.bool_(s == "O") for s in stances],
        positions=positions or [place[s] for s in stances],
        capability=capability or [1.0] * len(stances),
        patron_supports=np.bool_(patron),
        bar=bar,
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (3, (-1, 1, 4)),
        (2.5, (-1, 1, 9)),
        (2, (-1, 1, 14)),
        (1, (-1, 11, 24)),
        (0.5, (4, 16, 29)),
        (0, (9, 21, 34)),
    ],
)
def test_a_level_above_what_was_asked_costs_gamma_for_each_step(asked, expected):
    assert bars(asked, 1.0, 1.0, P) == expected


@pytest.mark.parametrize(
    ("channel", "case", "rises"),
    [
        (1.0, 1.0, (0, 0, 0)),
        (0.0, 1.0, (1, 0, 0)),
        (1.0, 0.0, (0, 2, 3)),
        (0.5, 0.5, (0.5, 1, 1.5)),
    ],
)
def test_without_the_treatys_case_the_thresholds_rise_by_thirds_and_talks_need_a_call(
    channel, case, rises
):
    given = bars(3.0, channel, case, P)
    assert given == pytest.approx(tuple(t + r for t, r in zip(thresholds(P), rises, strict=True)))


@pytest.mark.parametrize(
    ("unrest", "codes", "channel", "expected"),
    [
        (True, {"territory": 1, "external": 0, "mandate": 0.5}, 1.0, 1.0),
        (True, {"territory": 1, "external": 1, "mandate": 1}, 0.0, 0.0),
        (False, {"territory": 1, "external": 0.5, "mandate": 1}, 0.0, 0.5),
        (False, {"territory": 0, "external": 1, "mandate": 1}, 1.0, 0.0),
        (False, {"territory": 1, "external": 1, "mandate": 0.25}, 1.0, 0.5),
    ],
)
def test_the_treatys_case_is_a_product_of_place_ground_and_text(unrest, codes, channel, expected):
    assert treaty_case(toy_situation(is_unrest=unrest), codes, channel) == expected


@pytest.mark.parametrize(
    ("position", "stance"),
    [
        (1.5, "support"),
        (np.nextafter(1.5, -9), "abstain"),
        (-0.5, "abstain"),
        (np.nextafter(-0.5, -9), "object"),
    ],
)
def test_support_begins_at_the_bar_and_objection_below_the_room_under_it(position, stance):
    said = (bool(supports(position, 1.5)), bool(objects(position, 1.5, 2.0)))
    assert (
        said
        == {"support": (True, False), "abstain": (False, False), "object": (False, True)}[stance]
    )


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_without_room_nobody_stands_aside(position, bar):
    assert supports(position, bar) != objects(position, bar, 0.0)


def test_every_rule_of_the_closed_set_is_known():
    assert set(PASSES) == set(Rule)


@pytest.mark.parametrize(
    ("rule", "stances", "passes"),
    [
        ("unanimity", "SSS", True),
        ("unanimity", "SSA", False),
        ("majority", "SSO", True),
        ("majority", "SSOO", False),
        ("majority", "SAAA", False),
        ("majority", "SSSAO", True),
        ("two_thirds", "SSO", True),
        ("two_thirds", "SSSSOOO", False),
        ("two_thirds", "SSSSAA", True),
        ("two_thirds", "SO", False),
        ("consensus", "SSA", True),
        ("consensus", "SAA", False),
        ("consensus", "SSSSO", False),
    ],
)
def test_a_rule_that_counts_heads_decides_ballots_worked_by_hand(rule, stances, passes):
    assert bool(PASSES[Rule(rule)](ballot(stances))) is passes


@pytest.mark.parametrize(
    ("capability", "passes"),
    [([0.51, 0.49], True), ([0.5, 0.5], False), ([0.49, 0.51], False), ([3.0, 1.0], True)],
)
def test_weighted_asks_for_more_than_half_of_the_capability(capability, passes):
    assert bool(PASSES[Rule.WEIGHTED](ballot("SO", capability))) is passes


@pytest.mark.parametrize(
    ("capability", "positions", "passes"),
    [
        ([3.0, 1.0], [1.0, -3.0], True),
        ([3.0, 1.0], [1.0, -3.5], False),
        ([1.0, 3.0], [1.0, -1.0], False),
    ],
)
def test_consensus_weighs_positions_by_capability_and_passes_at_the_bar(
    capability, positions, passes
):
    assert bool(PASSES[Rule.CONSENSUS](ballot("SA", capability, positions))) is passes


def test_consensus_measures_the_mean_against_the_bar_of_the_level():
    assert PASSES[Rule.CONSENSUS](ballot("SA", None, [4.0, 1.0], bar=2.5))
    assert not PASSES[Rule.CONSENSUS](ballot("SA", None, [4.0, 1.0], bar=2.6))


@pytest.mark.parametrize("patron", [True, False])
@pytest.mark.parametrize("stances", ["SSS", "OOO"])
def test_the_patron_rule_hears_the_patron_alone(patron, stances):
    assert bool(PASSES[Rule.PATRON](ballot(stances, patron=patron))) is patron


@given(STANCES)
def test_a_stricter_count_never_passes_what_a_looser_one_refuses(stances):
    unanimous, two_thirds, majority = (
        bool(PASSES[rule](ballot(stances)))
        for rule in (Rule.UNANIMITY, Rule.TWO_THIRDS, Rule.MAJORITY)
    )
    assert unanimous <= two_thirds <= majority


@given(st.data(), STANCES, st.sampled_from([r for r in Rule if r != Rule.PATRON]))
def test_a_voter_that_comes_round_never_defeats_a_level(data, stances, rule):
    capability = data.draw(st.lists(CAPABILITY, min_size=len(stances), max_size=len(stances)))
    i = data.draw(st.integers(0, len(stances) - 1))
    willing = [*stances[:i], "S", *stances[i + 1 :]]
    before = bool(PASSES[rule](ballot(stances, capability)))
    assert before <= bool(PASSES[rule](ballot(willing, capability)))


@pytest.mark.parametrize("rule", list(Rule))
def test_a_rule_decides_each_run_as_if_it_were_alone(rule):
    rows = ["".join(stances) for stances in product("SAO", repeat=3)]
    alone = [bool(PASSES[rule](ballot(row, [1.0, 2.0, 4.0], patron=row[0] == "S"))) for row in rows]
    columns = [np.array(list(column)) for column in zip(*rows, strict=True)]
    together = Ballot(
        supports=[column == "S" for column in columns],
        objects=[column == "O" for column in columns],
        positions=[np.select([c == "S", c == "A"], [1.0, -1.0], -3.0) for c in columns],
        capability=[np.array([1.0]), np.array([2.0]), np.array([4.0])],
        patron_supports=columns[0] == "S",
        bar=0.0,
    )
    assert PASSES[rule](together).tolist() == alone
    assert True in alone
    assert False in alone


@pytest.mark.parametrize("passed", list(product([False, True], repeat=3)))
def test_the_answer_is_the_highest_level_that_passes(passed):
    highest = max((k for k, yes in enumerate(passed, start=1) if yes), default=0)
    assert answer([np.bool_(yes) for yes in passed]) == highest
    assert answer([np.array([yes, False]) for yes in passed]).tolist() == [highest, 0]


@pytest.mark.parametrize(
    ("institution", "asked", "luck", "meets"),
    [
        (0.75, 1, 0.5, True),
        (1.0, 3, 0.875, True),
        (0.5, 3, 0.5, False),
        (0.75, 0.5, 0.5, False),
        (0.75, 0, 0.5, False),
        (0.75, 1, 0.9, False),
    ],
)
def test_machinery_with_a_procedure_mostly_meets_when_it_is_asked(institution, asked, luck, meets):
    p = {"convenes_at": 0.75, "p_convene": 0.9}
    assert bool(convenes(institution, asked, luck, p)) is meets


@pytest.mark.parametrize("passed", list(product([False, True], repeat=3)))
def test_a_council_that_meets_answers_at_least_with_consultation(passed):
    plain = answer([np.bool_(yes) for yes in passed])
    assert answer([np.bool_(yes) for yes in passed], np.True_) == max(plain, 1)


@given(st.data(), st.integers(1, 6), st.floats(0, 3))
def test_consensus_on_all_levels_at_once_is_consensus_on_each(data, n_voters, room):
    rows = st.lists(st.floats(-5, 5), min_size=n_voters, max_size=n_voters)
    positions = data.draw(rows)
    capability = data.draw(st.lists(CAPABILITY, min_size=n_voters, max_size=n_voters))
    levels = (-0.5, 0.85, 2.2)
    one_by_one = [
        PASSES[Rule.CONSENSUS](
            Ballot(
                supports=[supports(x, bar) for x in positions],
                objects=[objects(x, bar, room) for x in positions],
                positions=positions,
                capability=capability,
                patron_supports=True,
                bar=bar,
            )
        )
        for bar in levels
    ]
    columns = [np.array([x]) for x in positions]
    at_once = consensus_on_levels(columns, capability, levels, room)
    assert [bool(passed[0]) for passed in at_once] == [bool(passed) for passed in one_by_one]


def test_the_council_first_sits_the_day_after_a_call_or_on_its_own_initiative():
    situation = toy_situation(days_since_onset=2, day_first_sitting=4)
    p = {"own_initiative_lag": 7}
    days = first_sitting(situation, p, np.array([-1, 0, 2, 30]))
    assert days.tolist() == [5, 1, 3, 5]
    assert first_sitting(situation, p) == 4
