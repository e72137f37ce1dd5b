"""Ranges of runs cut from fixed blocks, and codes drawn within what the coders leave open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.model.chance import BLOCK, blocks_of, draw_chance, draw_codes
from foedus.model.situation import Span
from toys import fixed, toy_situation

OPEN = Span(0.25, 0.5, 1.0)


@pytest.mark.parametrize(
    ("start", "stop", "blocks"),
    [(0, 1, [0]), (0, 1024, [0]), (0, 1025, [0, 1]), (1023, 1025, [0, 1]), (1024, 2048, [1])],
)
def test_a_range_of_runs_touches_the_blocks_that_hold_it(start, stop, blocks):
    assert list(blocks_of(start, stop)) == blocks


@given(st.integers(0, 3 * BLOCK), st.integers(1, 40))
@settings(max_examples=30)
def test_any_range_of_runs_is_a_slice_of_the_whole(start, n_runs):
    situation = toy_situation(horizon_days=3)
    whole = draw_chance(situation, 0, 0, 4 * BLOCK, with_doubt=True)
    part = draw_chance(situation, 0, start, start + n_runs, with_doubt=True)
    for name in ("crisis", "members", "intensity", "doubt"):
        cut = getattr(whole, name)[..., start : start + n_runs]
        assert (getattr(part, name) == cut).all()


def test_each_day_member_and_mechanism_has_noise_of_its_own():
    chance = draw_chance(toy_situation(), 0, 0, 10, with_doubt=True)
    rows = np.vstack([chance.crisis[None], chance.members, chance.intensity, chance.doubt])
    assert np.unique(rows).size == rows.size


def test_doubt_is_drawn_only_for_a_requester_that_decides():
    assert draw_chance(toy_situation(), 0, 0, 10).doubt is None


def test_open_codes_are_drawn_within_their_range_and_agreed_ones_are_not():
    base = toy_situation()
    stake = (OPEN, *base.standing["stake"][1:])
    situation = toy_situation(
        crisis={**base.crisis, "threat": OPEN}, standing={**base.standing, "stake": stake}
    )
    codes = draw_codes(situation, 0, 0, 100)
    for drawn in (codes.crisis["threat"], codes.standing["stake"][0]):
        assert len(set(drawn)) == 100
        assert drawn.min() >= 0.25
        assert drawn.max() <= 1.0
    assert not np.isin(codes.crisis["threat"], codes.standing["stake"][0]).any()
    assert codes.crisis["mandate"] == 0.5
    assert (codes.standing["stake"][1:] == [[0.25], [0.5], [0.75]]).all()
    assert codes.standing["alignment"].shape == (4, 1)


def test_codes_that_are_not_drawn_are_the_coders_mean():
    base = toy_situation()
    situation = toy_situation(crisis={**base.crisis, "threat": OPEN})
    assert draw_codes(situation, 0, 0, 100, drawn=False).crisis["threat"] == OPEN.mode


def test_an_open_code_moves_no_other_draw():
    base = toy_situation(crisis={**toy_situation().crisis, "threat": OPEN})
    more = toy_situation(crisis={**base.crisis, "mandate": Span(0.0, 0.25, 0.5)})
    one, other = (draw_codes(s, 0, 0, 50).crisis["threat"] for s in (base, more))
    assert (one == other).all()


def test_of_run_gives_the_numbers_of_one_run():
    situation = toy_situation(crisis={**toy_situation().crisis, "threat": OPEN, "trend": fixed(1)})
    codes, chance = draw_codes(situation, 0, 0, 9), draw_chance(situation, 0, 0, 9)
    assert codes.of_run(4).crisis["threat"] == codes.crisis["threat"][4]
    assert codes.of_run(4).crisis["trend"] == 1.0
    assert chance.of_run(4).crisis == chance.crisis[4]
    assert (chance.of_run(4).members == chance.members[:, 4]).all()
