"""Dependence is a weighted mean of capped scores over what is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.data.register import defaults
from foedus.data.terms import INDICATORS
from foedus.model.dependence import dependence, dependence_of_members, score

P = defaults()
MEASURED = st.dictionaries(st.sampled_from(INDICATORS), st.floats(0, 1e4), min_size=1)


@pytest.mark.parametrize(
    ("measured", "reference", "share"), [(0, 30, 0), (15, 30, 0.5), (30, 30, 1), (300, 30, 1)]
)
def test_a_score_is_the_share_of_the_reference_and_never_above_one(measured, reference, share):
    assert score(measured, reference) == share


def test_dependence_is_the_mean_score_where_weights_are_equal():
    measured = {"remittances": P["ref_remittances"] / 2, "bloc": 1.0, "arms": 0.0}
    assert dependence(measured, P) == pytest.approx((0.5 + 1 + 0) / 3)


def test_a_heavier_indicator_counts_for_more():
    measured = {"remittances": P["ref_remittances"] / 2, "bloc": 1.0}
    assert dependence(measured, {**P, "w_bloc": 3.0}) == pytest.approx((0.5 + 3 * 1) / 4)


def test_an_unknown_indicator_drops_out_instead_of_counting_as_nothing():
    assert dependence({"bloc": 1.0}, P) == 1.0
    assert dependence({"bloc": 1.0, "arms": 0.0}, P) == 0.5


def test_nothing_known_and_nothing_weighed_are_no_dependence():
    assert dependence({}, P) == 0.0
    assert dependence({"bloc": 1.0}, {**P, "w_bloc": 0.0}) == 0.0


@given(MEASURED, st.floats(0.1, 10))
def test_dependence_is_a_share_that_a_common_factor_of_the_weights_leaves_alone(measured, factor):
    scaled = {**P, **{f"w_{name}": factor * P[f"w_{name}"] for name in INDICATORS}}
    plain = dependence(measured, P)
    assert 0 <= plain <= 1
    assert dependence(measured, scaled) == pytest.approx(plain)


def test_the_patron_depends_on_nobody():
    rows = dependence_of_members(({"bloc": 1.0}, {"bloc": 1.0}, {}), 1, P)
    assert rows.tolist() == [[1.0], [0.0], [0.0]]


def test_weights_that_differ_by_run_give_each_run_its_own_dependence():
    weights = np.array([0.0, 1.0, 3.0])
    rows = dependence_of_members(({"bloc": 1.0, "arms": 0.0}, {}), 1, {**P, "w_bloc": weights})
    assert rows.tolist() == [[0.0, 0.5, 0.75], [0.0, 0.0, 0.0]]
