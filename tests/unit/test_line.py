"""A person's line becomes a position that says just that line in council."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.terms import Line
from foedus.model.council import objects, supports
from foedus.roleplay.player_choice import position_of

BARS = (-1.0, 1.0, 4.0)


@pytest.mark.parametrize(
    ("line", "position"),
    [("OBJECT", -4), ("ASIDE", -2), ("CONSULT", 0), ("SUPPORT", 2.5), ("DEPLOY", 5.5)],
)
def test_a_line_stands_in_the_middle_of_the_positions_that_say_it(line, position):
    assert position_of(Line[line], BARS, 2.0) == position


@given(
    st.sampled_from(Line),
    st.floats(-5, 5),
    st.floats(0.01, 5),
    st.floats(0.01, 5),
    st.floats(0.01, 5),
)
def test_a_line_reaches_its_own_bar_and_none_above(line, consult, gap, more, room):
    bars = (consult, consult + gap, consult + gap + more)
    position = position_of(line, bars, room)
    reached = [bool(supports(position, bar)) for bar in bars]
    assert reached == [line >= Line.CONSULT, line >= Line.SUPPORT, line >= Line.DEPLOY]
    assert bool(objects(position, consult, room)) is (line == Line.OBJECT)
