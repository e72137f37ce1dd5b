from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.analysis.proportions import wilson_interval


def test_it_is_wilsons_interval():
    # Agresti and Coull (1998), doi:10.1080/00031305.1998.10480550: 0 of 10 at 95 % is [0, .278].
    assert wilson_interval(0.0, 10, 0.95) == pytest.approx((0.0, 0.2775), abs=5e-4)
    assert wilson_interval(0.5, 100, 0.95) == pytest.approx((0.4038, 0.5962), abs=5e-4)


@given(st.integers(1, 500), st.data())
def test_it_holds_the_share_and_stays_inside(n, data):
    share = data.draw(st.integers(0, n)) / n
    low, high = wilson_interval(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    assert low < high


def test_more_cases_make_it_narrower():
    few, many = wilson_interval(0.3, 10), wilson_interval(0.3, 1000)
    assert many[1] - many[0] < (few[1] - few[0]) / 5
