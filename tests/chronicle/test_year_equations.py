"""Each equation of the chronicle alone, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.chronicle import membership, relevance, trust
from foedus.chronicle.crisis_list import GRID, answered
from foedus.chronicle.membership import Standing
from foedus.chronicle.trust import Memory
from foedus.chronicle.year_chance import chance_of, derived, log_odds
from foedus.data.register import parameters

P = derived(parameters())
UNIT = st.floats(0, 1)


def test_trust_without_calls_is_the_prior_and_one_kept_call_moves_it_halfway_to_one():
    assert Memory(0.0, 0.0).mean(0.5, 1.0) == 0.5
    assert Memory(1.0, 1.0).mean(0.5, 1.0) == 0.75
    assert Memory(0.0, 1.0).mean(0.5, 1.0) == 0.25


def test_half_of_what_is_remembered_is_left_after_the_half_life():
    assert trust.kept_a_year(10.0) ** 10 == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("answer", "asked", "kept"),
    [(1, 1, 1), (1, 2.5, 0), (2, 2.5, 0), (3, 2.5, 1), (0, 0.5, 0), (1, 0.5, 1), (0, 0, 1)],
)
def test_an_answer_is_in_kind_where_it_reaches_the_higher_level_asked_for(answer, asked, kept):
    assert trust.in_kind(answer, asked) == kept


def test_a_crisis_in_which_nobody_calls_tests_nobody():
    assert trust.share_of_ladder(0.0) == 0.0
    assert trust.share_of_ladder(3.0) == 1.0


def test_danger_adds_up_like_chances_and_falls_back_to_its_floor():
    assert trust.struck(0.25, 0.5) == 0.625
    assert trust.struck(0.25, 1.0) == 1.0
    assert trust.struck(0.25, 0.0) == 0.25
    assert trust.calmed(0.65, 0.25, 0.5) == pytest.approx(0.45)
    assert trust.calmed(0.25, 0.25, 0.5) == 0.25


def test_imposition_is_the_gap_between_the_others_distance_and_the_lead_states():
    assert trust.imposition(3, 3, (0, 0)) == 1.0
    assert trust.imposition(0, 0, (3, 0)) == 0.5
    assert trust.imposition(3, 0, (3, 3)) == 0.0, "what the others want is not imposed on them"


def test_legitimacy_is_whole_until_something_is_imposed():
    assert trust.legitimacy(Memory(0.0, 5.0), 1.0) == 1.0
    assert trust.legitimacy(Memory(1.0, 1.0), 1.0) == 0.5
    assert trust.legitimacy(Memory(1.0, 2.0), 3.0) == pytest.approx(0.8)


def test_precedents_of_history_leave_the_coded_mandate_as_it_is():
    assert trust.mandate_after(0.5, 0.3, 0.3, 0.25) == 0.5
    assert trust.mandate_after(0.5, 1.0, 0.0, 0.25) == 0.75
    assert trust.mandate_after(0.9, 1.0, 0.0, 0.5) == 1.0


def test_a_middling_member_breaks_with_the_registers_chance_and_more_easily_at_the_end_of_a_term():
    will = membership.will_to_break(0.0, 0.0, 0.0, P)
    assert chance_of(will) == pytest.approx(parameters()["p_break"])
    at_the_end = membership.will_to_break(0.0, 0.0, 1.0, P)
    assert at_the_end - will == pytest.approx(parameters()["renewal_ease"])


def worth(**changed):
    given_ = {
        "danger": 0.5,
        "trust": 0.5,
        "pact": 0.0,
        "dependence": 0.5,
        "alignment": 0.5,
        "legitimacy": 1.0,
    }
    return membership.total(membership.worth(**{**given_, **changed}, p=P))


DISTINCT = {
    "b_protection": 2.0,
    "b_hold": 3.0,
    "b_affinity": 5.0,
    "b_legitimacy": 7.0,
    "trust_prior": 0.6,
    "p_outside": 0.2,
    "break_log_odds": -4.0,
    "sigma_state": 0.5,
    "renewal_ease": 2.0,
    "call_log_odds": 0.25,
    "b_trust_call": 2.0,
    "b_threat_call": 3.0,
}
"""Weights that differ, so that one in the place of another shows."""


def test_each_term_of_membership_is_its_own_weight_times_its_own_measure():
    terms = membership.worth(0.5, 0.7, 0.25, 0.9, 0.4, 0.8, DISTINCT)
    wanted = {"protection": 0.4, "dependence": 1.2, "alignment": -0.5, "legitimacy": -1.4}
    assert terms == pytest.approx(wanted)
    assert membership.total(terms) == pytest.approx(-0.3)


def test_a_treaty_with_others_is_worth_what_any_treaty_is():
    assert membership.outside_help(0.0, DISTINCT) == pytest.approx(0.2)
    assert membership.outside_help(0.5, DISTINCT) == pytest.approx(0.4)
    assert membership.outside_help(1.0, DISTINCT) == pytest.approx(0.6)


def test_worth_holds_a_member_and_what_is_unseen_pushes_it_out_and_keeps_it_out():
    assert membership.will_to_break(0.5, 2.0, 0.0, DISTINCT) == pytest.approx(-3.5)
    assert membership.will_to_break(0.5, 2.0, 1.0, DISTINCT) == pytest.approx(-1.5)
    assert membership.will_to_join(0.5, 2.0, -3.0, DISTINCT) == pytest.approx(-3.5)


def next_standing(now, breaks, joins, returns, noise, renewal):
    p = {"join_log_odds": joins, "return_log_odds": returns, "sigma_state": 0.5, "leave_gap": 1.0}
    return membership.next_standing(int(now), breaks, 0.0, 0.0, noise, renewal, p)


def test_a_frozen_state_comes_back_on_its_will_to_return_and_others_on_theirs_to_join():
    def then(now, joins, returns):
        return next_standing(now, -9.0, joins, returns, 1.0, 0.0)

    assert then(Standing.FROZEN, -9.0, 9.0) == Standing.MEMBER
    assert then(Standing.FROZEN, 9.0, -9.0) == Standing.FROZEN
    assert then(Standing.LEFT, 9.0, -9.0) == then(Standing.OUTSIDE, 9.0, -9.0) == Standing.MEMBER
    assert then(Standing.LEFT, -9.0, 9.0) == Standing.LEFT


def test_noise_above_minus_the_wish_makes_a_call():
    assert trust.wish_to_ask(0.75, 0.25, DISTINCT) == pytest.approx(0.0)
    assert trust.calls(1.0, -0.5)
    assert not trust.calls(-1.0, 0.5)
    assert trust.calls(-0.5, 1.0)


@pytest.mark.parametrize("raises", ["trust", "dependence", "alignment", "legitimacy"])
def test_more_of_it_keeps_a_member(raises):
    assert worth(**{raises: 0.9}) > worth(**{raises: 0.1})


def test_a_rival_protector_and_danger_without_help_push_a_member_out():
    assert worth(pact=0.5) < worth(pact=0.0)
    assert worth(danger=0.9, trust=0.0) < worth(danger=0.1, trust=0.0)
    assert worth(danger=0.9, trust=0.9) > worth(danger=0.1, trust=0.9)


@pytest.mark.parametrize(
    ("now", "noise", "renewal", "then"),
    [
        (Standing.MEMBER, 0.0, 0.0, Standing.MEMBER),
        (Standing.MEMBER, -1.5, 0.0, Standing.FROZEN),
        (Standing.MEMBER, -2.5, 0.0, Standing.LEFT),
        (Standing.MEMBER, -1.5, 1.0, Standing.LEFT),
        (Standing.FROZEN, -2.5, 0.0, Standing.LEFT),
        (Standing.FROZEN, 0.0, 0.0, Standing.FROZEN),
        (Standing.FROZEN, 5.0, 0.0, Standing.MEMBER),
        (Standing.LEFT, 5.0, 0.0, Standing.MEMBER),
        (Standing.OUTSIDE, -5.0, 0.0, Standing.OUTSIDE),
    ],
)
def test_the_next_standing_follows_from_one_draw(now, noise, renewal, then):
    assert next_standing(now, -1.0, -3.0, -3.0, noise, renewal) == then


@pytest.mark.parametrize(
    ("now", "noise", "then"),
    [
        (Standing.SUSPENDED, 0.0, Standing.SUSPENDED),
        (Standing.SUSPENDED, -1.5, Standing.FROZEN),
        (Standing.SUSPENDED, -2.5, Standing.LEFT),
    ],
)
def test_a_suspended_state_may_still_freeze_or_leave_and_cannot_come_back_by_itself(
    now, noise, then
):
    assert next_standing(now, -1.0, 9.0, 9.0, noise, 0.0) == then


@pytest.mark.parametrize(
    ("chosen", "suspended", "then"),
    [
        (Standing.MEMBER, True, Standing.SUSPENDED),
        (Standing.SUSPENDED, True, Standing.SUSPENDED),
        (Standing.SUSPENDED, False, Standing.MEMBER),
        (Standing.MEMBER, False, Standing.MEMBER),
        (Standing.FROZEN, True, Standing.FROZEN),
        (Standing.FROZEN, False, Standing.FROZEN),
        (Standing.LEFT, True, Standing.LEFT),
        (Standing.OUTSIDE, True, Standing.OUTSIDE),
    ],
)
def test_the_alliance_suspends_members_and_nobody_else(chosen, suspended, then):
    assert membership.after_suspension(int(chosen), suspended) == then


def test_who_trusts_more_or_is_in_more_danger_calls_more():
    middle = trust.wish_to_ask(0.5, 0.5, P)
    assert middle == pytest.approx(log_odds(parameters()["p_call"]))
    assert trust.wish_to_ask(0.9, 0.5, P) > middle < trust.wish_to_ask(0.5, 0.9, P)


def test_an_alliance_remembers_each_crisis_by_what_was_asked():
    nothing = dict.fromkeys(relevance.REMEMBERED, Memory())
    after = relevance.after_crisis(nothing, 1.5, 1.0, 0.4, 1.0)
    assert after == {"calls": (1, 1), "answers": (0.5, 0.5), "imposed": (0.4, 1)}
    quiet = relevance.after_crisis(after, 0.0, 1.0, 0.2, 0.0)
    assert quiet == {**after, "calls": (1, 2)}
    hint = relevance.after_crisis(nothing, 0.5, 0.0, 0.4, 1.0)
    assert (hint["calls"].total, hint["answers"].total) == (1.0, 0.0)
    assert hint["answers"].weight == pytest.approx(1 / 6)
    apart = relevance.after_crisis(after, 3.0, 1.0, 0.4, 1.0, live=0.0)
    assert apart == after, "a crisis that did not reach it leaves no trace"
    assert after["imposed"].faded(0.5) == (0.2, 0.5)


def test_parts_of_relevance_and_legitimacy_rest_on_their_own_sums_and_priors():
    sums = {"calls": Memory(1.0, 3.0), "answers": Memory(1.0, 2.0), "imposed": Memory(0.5, 4.0)}
    p = {"p_call": 0.4, "trust_prior": 0.6, "prior_weight": 2.0}
    parts = relevance.parts_now(sums, [1.0, 0.0], [1.0, 1.0], [0.75, 0.25], p)
    assert parts == pytest.approx((1.8 / 5, 2.2 / 4, 0.5, 0.75))
    assert trust.legitimacy(sums["imposed"], p["prior_weight"]) == pytest.approx(1 - 0.5 / 6)


def test_relevance_is_nothing_where_one_part_is_nothing():
    assert relevance.relevance(1.0, 1.0, 1.0, 1.0) == 1.0
    assert relevance.relevance(1.0, 0.0, 1.0, 1.0) == 0.0
    assert relevance.relevance(0.5, 0.5, 0.5, 0.5) == pytest.approx(0.5)


def test_dependents_count_by_their_dependence():
    assert relevance.share_kept([0.9, 0.1], [1.0, 0.0], [1.0, 1.0]) == pytest.approx(0.9)
    assert relevance.share_kept([1.0, 1.0], [1.0, 0.0], [1.0, 1.0]) == 0.5
    assert relevance.share_kept([1.0], [0.0], [0.0]) == 0.0


REACH = np.array(
    [[[0.2, 0.1, 0.0], [0.4, 0.2, 0.1], [0.6, 0.4, 0.2], [0.8, 0.6, 0.4], [1, 0.8, 0.6]]]
)


@pytest.mark.parametrize(
    ("mandate", "luck", "level"), [(0, 0.15, 1), (0, 0.3, 0), (0.125, 0.29, 1), (1, 0.59, 3)]
)
def test_the_answer_of_the_crisis_model_is_read_between_the_points_of_the_grid(
    mandate, luck, level
):
    assert len(GRID) == REACH.shape[1]
    assert answered(REACH, 0, mandate, luck) == level


@given(mandate=UNIT, more=UNIT, luck=st.floats(0.001, 0.999))
def test_a_wider_mandate_never_lowers_an_answer_whose_chances_rise_with_it(mandate, more, luck):
    wide = min(1.0, mandate + more)
    assert answered(REACH, 0, wide, luck) >= answered(REACH, 0, mandate, luck)


@given(good=UNIT, heard=UNIT, prior=UNIT, weight=st.floats(0.05, 50))
def test_trust_stays_between_nothing_and_everything(good, heard, prior, weight):
    assert 0 <= Memory(good * heard, heard).mean(prior, weight) <= 1 + 1e-12
