"""What a chronicle must show: invariants, signs of changes, exits, speed is measured elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.chronicle.exits import chance_to_break, explain_exits
from foedus.chronicle.membership import Standing
from foedus.chronicle.year_summary import (
    broke,
    changes,
    ever_broke,
    summarise_states,
    summarise_years,
)
from foedus.chronicle.years import chronicle, run_chronicle
from foedus.chronicle.years_engine import NO_ANSWER
from foedus.chronicle.years_plan import Plan, planned
from foedus.data.terms import Level
from foedus.errors import UsageError

IN_KIND = Plan(since=2021, fixed={"armenia-2021": Level.CONSULT, "armenia-2022": Level.DEPLOY})


@pytest.fixture(scope="module")
def years(csto):
    return run_chronicle(csto, 500, 1)


def test_shares_stay_between_nothing_and_everything(years):
    for values in (years.trust, years.danger, years.legitimacy, years.parts, years.relevance):
        assert (values >= 0).all()
        assert (values <= 1).all()


def test_standing_moves_only_along_its_ways(years, csto):
    now, then = years.standing[:-1], years.standing[1:]
    for before, after in ((0, 2), (0, 3), (1, 0), (2, 0), (3, 0), (3, 2), (4, 0)):
        assert not ((now == before) & (then == after)).any(), (before, after)


def test_where_membership_must_be_renewed_nobody_freezes(csto, years):
    y = csto.timeline.years.index(1999)
    was_member = years.standing[y - 1] == Standing.MEMBER
    assert not (was_member & (years.standing[y] == Standing.FROZEN)).any()


def test_history_suspends_those_who_are_members_and_a_return_frees_them():
    setup = chronicle("pif")
    years, t = run_chronicle(setup, 200, 1), setup.timeline
    fiji, first, last = t.states.index("FJI"), t.years.index(2009), t.years.index(2014)
    held = years.standing[first:last, fiji]
    assert not (held == Standing.MEMBER).any()
    assert (held == Standing.SUSPENDED).any()
    assert not (years.standing[last:, fiji] == Standing.SUSPENDED).any()
    stayed = years.standing[last - 1, fiji] == Standing.SUSPENDED
    assert (years.standing[last, fiji, stayed] == Standing.MEMBER).mean() > 0.9
    assert not broke(setup, years)[first, fiji, held[0] == Standing.SUSPENDED].any()


def test_a_state_that_freezes_while_suspended_is_not_freed_by_it():
    setup = chronicle("ecowas")
    t = setup.timeline
    mali = t.states.index("MLI")
    by_year = {y: Standing(int(t.standing[t.years.index(y), mali])).label for y in (2021, 2024)}
    assert by_year == {2021: "suspended", 2024: "frozen"}
    assert t.suspended[t.years.index(2024), mali], "nobody lifted the suspension"


def test_history_as_it_was_holds_every_standing(csto):
    held = run_chronicle(csto.having(plan=Plan(members="history")), 20, 1)
    assert (held.standing == csto.timeline.standing[..., None]).all()
    t = csto.timeline
    gone = {(t.states[i], t.years[y]) for y, i, _ in np.argwhere(broke(csto, held))}
    exits = {("AZE", 1999), ("GEO", 1999), ("UZB", 1999), ("UZB", 2012), ("ARM", 2024)}
    assert gone == exits, "to freeze is to break"


def test_standing_is_historys_before_the_first_simulated_year(csto):
    late = run_chronicle(csto.having(plan=Plan(since=2021)), 300, 1)
    y = csto.timeline.years.index(2020)
    assert (late.standing[: y + 1] == csto.timeline.standing[: y + 1, :, None]).all()
    assert (late.standing[-1] != csto.timeline.standing[-1][:, None]).any()


def test_answers_to_the_lead_states_own_crises_are_not_judged(csto):
    crises = csto.timeline.crises
    judged = dict(zip(crises.names, crises.judged, strict=True))
    assert (judged["kazakhstan-2022"], judged["ukraine-2022"]) == (1, 0)


def test_a_state_outside_gets_no_answer_and_teaches_nobody(csto):
    out = run_chronicle(csto.having(plan=Plan(members="history")), 5, 1)
    names = csto.timeline.crises.names
    assert (out.answers != NO_ANSWER).all(), "history's callers were members"
    without = csto.having(plan=Plan(members="history", without=frozenset(["kazakhstan-2022"])))
    gone = run_chronicle(without, 5, 1)
    assert (gone.answers[names.index("kazakhstan-2022")] == NO_ANSWER).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_help_in_2022_would_have_held_armenia_beyond_monte_carlo_error_and_over_the_priors(seed):
    history = chronicle("csto", plan=Plan(since=2021), over_priors=True)
    helped = chronicle("csto", plan=IN_KIND, over_priors=True)
    moved = changes(
        (history, run_chronicle(history, 4000, seed)), (helped, run_chronicle(helped, 4000, seed))
    )
    armenia = next(row for row in moved if row.state == "ARM")
    assert armenia.difference < -4 * armenia.error < 0
    before = chance_to_break(history, "ARM", 2021, 2026, seed=seed)
    after = chance_to_break(helped, "ARM", 2021, 2026, seed=seed)
    assert (before > after).mean() > 0.99


def test_a_call_in_another_place_moves_armenia_less_than_its_own():
    """The control: help for another member must not do what help for oneself does."""
    history = chronicle("csto")
    own = chronicle("csto", plan=Plan(fixed={"armenia-2022": Level.DEPLOY}))
    other = chronicle("csto", plan=Plan(fixed={"belarus-2020": Level.DEPLOY}))
    base, with_own, with_other = (
        chance_to_break(setup, "ARM", 2023, 2026, 200).mean() for setup in (history, own, other)
    )
    assert base - with_own > 2 * (base - with_other) > 0


def test_every_exit_of_the_record_is_accounted_for(csto):
    found = explain_exits(csto, 100)
    assert [(row.state, row.year) for row in found] == [
        ("AZE", 1999),
        ("GEO", 1999),
        ("UZB", 1999),
        ("UZB", 2012),
        ("ARM", 2024),
    ]
    for row in found:
        assert 1 <= row.rank <= row.n_members
        assert row.is_explained == (row.share_above >= 0.9)
    assert [row.rank for row in found] == [1, 1, 1, 2, 1]


def test_what_is_unseen_has_no_part_in_the_account_of_an_exit(csto):
    quiet, loud = (
        explain_exits(csto.having(overrides={"sigma_state": sigma}), 50) for sigma in (0.0, 5.0)
    )
    for row, same in zip(quiet, loud, strict=True):
        assert row.share_above == same.share_above
        assert row.chance == pytest.approx(same.chance)


def test_the_chance_to_break_over_years_is_one_less_the_chance_to_stay_in_all(csto):
    by_year = [chance_to_break(csto, "ARM", year, year, 20) for year in (2022, 2023)]
    both = chance_to_break(csto, "ARM", 2022, 2023, 20)
    np.testing.assert_allclose(both, 1 - (1 - by_year[0]) * (1 - by_year[1]))
    assert (by_year[0] > 0).all()


def test_the_error_of_a_change_is_that_of_a_mean_of_pairs(csto):
    other = csto.having(plan=Plan(fixed={"kazakhstan-2022": Level.NONE}))
    before, after = run_chronicle(csto, 100, 1), run_chronicle(other, 100, 1)
    moved = changes((csto, before), (other, after))[-1]
    gap = after.relevance[-1] - before.relevance[-1]
    assert moved.difference == pytest.approx(gap.mean())
    assert moved.error == pytest.approx(gap.std() / 10)


def test_an_exit_of_a_state_like_all_others_is_not_explained(csto):
    """The negative control: without the terms that tell states apart, nobody stands out."""
    flat = {"b_protection": 0.0, "b_hold": 0.0, "b_affinity": 0.0, "b_legitimacy": 0.0}
    found = explain_exits(csto.having(overrides=flat), 100)
    assert not any(row.is_explained for row in found)
    assert len({round(row.chance, 12) for row in found if row.year == 1999}) == 1


def test_unknown_names_in_a_plan_are_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="did you mean 'armenia-2022'"):
        chronicle("csto", plan=Plan(without=frozenset(["armenia-22"])))
    with pytest.raises(UsageError, match="unknown state 'RUS'"):
        chronicle("csto", plan=Plan(enters={"RUS": 1999}))


def test_a_state_that_joins_by_hand_is_in_from_that_year_on():
    setup = chronicle("csto", plan=Plan(enters={"UKR": 2000}))
    years = run_chronicle(setup, 200, 1)
    y, i = setup.timeline.years.index(2000), setup.timeline.states.index("UKR")
    never = ~(years.standing[:y, i] > 0).any(axis=0)
    assert (years.standing[y, i, never] == Standing.MEMBER).all()


def test_stronger_small_members_are_at_most_whole_and_the_lead_state_stays_as_it_is():
    setup = planned(chronicle("csto", plan=Plan(answers="simulated")), stronger=100.0)
    values = {k: v for row in setup.crisis_settings.values() for k, v in row.items()}
    assert max(values.values()) == 1.0
    assert "KAZ.capability" in values
    assert "RUS.capability" not in values


def test_drawn_crises_come_at_the_rates_of_the_record(drawn):
    rates = drawn.timeline.crisis_rate
    assert ((rates > 0) & (rates < 1)).all()
    years = run_chronicle(drawn, 2000, 1)
    y = drawn.timeline.years.index(1993)
    floor = 0.25
    hit = years.danger[0] > floor + 1e-9
    expected = rates[:, None]
    error = np.sqrt(expected * (1 - expected) / hit.shape[1])
    assert (abs(hit.mean(axis=1, keepdims=True) - expected) < 4.5 * error).all()
    assert y == 1


def test_summaries_count_what_the_runs_hold(csto, years):
    rows = summarise_states(csto, years)
    for i, row in enumerate(rows):
        shares = (row.p_member, row.p_frozen, row.p_suspended, row.p_left, row.p_outside)
        assert sum(shares) == pytest.approx(1)
        assert row.p_broke == ever_broke(csto, years)[i].mean()
    for line in summarise_years(csto, years):
        assert line.low <= line.high
