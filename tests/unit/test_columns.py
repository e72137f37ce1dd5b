"""Some columns of an array, and where they lie."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.model.deliberation import CACHE_LINE, empty, lined_up, of_columns
from foedus.model.situation import Codes

PICKED = np.array([4, 0, 2])


def test_columns_are_picked_on_the_last_axis():
    rows = np.arange(15.0).reshape(3, 5)
    assert of_columns(rows, PICKED).tolist() == rows[:, PICKED].tolist()
    assert of_columns({"rows": rows}, PICKED)["rows"].tolist() == rows[:, PICKED].tolist()
    assert of_columns(rows[1], PICKED).tolist() == [9.0, 5.0, 7.0]


def test_what_no_run_changes_stays_as_it_is():
    column = np.ones((3, 1))
    assert of_columns(2.5, PICKED) == 2.5
    assert of_columns(column, PICKED) is column


def test_of_a_record_the_columns_of_every_value_are_picked():
    rows = np.arange(10.0).reshape(2, 5)
    codes = Codes({"threat": rows[0], "trend": 0.5}, {"stake": rows, "ties": rows[:, :1]})
    picked = of_columns(codes, PICKED)
    assert picked.crisis["threat"].tolist() == [4.0, 0.0, 2.0]
    assert picked.crisis["trend"] == 0.5
    assert picked.standing["stake"].tolist() == rows[:, PICKED].tolist()
    assert picked.standing["ties"].tolist() == [[0.0], [5.0]]


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (6, 1024)])
def test_arrays_begin_at_a_cache_line(shape):
    for array in (empty(*shape), lined_up(np.ones(shape))):
        assert array.shape == shape
        assert array.ctypes.data % CACHE_LINE == 0
        assert array.flags.c_contiguous


def test_a_lined_up_copy_shares_nothing_with_its_source():
    source = np.arange(6.0).reshape(2, 3)
    copy = lined_up(source)
    assert (copy == source).all()
    copy[:] = 0
    assert source.max() == 5
