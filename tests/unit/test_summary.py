"""Errors of shares in closed form, and the files of an ensemble."""

from __future__ import annotations

import json
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from foedus.analysis.frames import runs_frame, write_results
from foedus.analysis.summary import standard_error, typical_run
from foedus.model.ensemble import ensemble


@pytest.mark.parametrize(("p", "n", "error"), [(0.5, 100, 0.05), (0.2, 400, 0.02), (0.9, 9, 0.1)])
def test_the_error_of_a_share_is_that_of_a_binomial(p, n, error):
    assert standard_error(p, n) == pytest.approx(error)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_a_share_of_none_or_all_has_the_error_of_half_a_run(p):
    assert standard_error(p, 50) == pytest.approx(sqrt(0.01 * 0.99 / 50))


def test_the_typical_run_is_the_first_with_the_most_frequent_answer():
    outcome = ensemble("kyrgyzstan-2010", 200, seed=3).outcome
    levels = outcome.level.tolist()
    most = max(range(4), key=levels.count)
    assert typical_run(outcome) == levels.index(most)


def test_results_are_a_record_and_a_row_for_each_run(tmp_path):
    result = ensemble("kursk-2024", 7, seed=2)
    written = write_results(result, {"title": "É"}, tmp_path / "new" / "folder")
    assert [path.name for path in written] == ["result.json", "runs.csv"]
    assert json.loads(written[0].read_text(encoding="utf-8")) == {"title": "É"}
    assert "É" in written[0].read_text(encoding="utf-8")
    rows = pd.read_csv(written[1])
    assert rows.columns.tolist() == runs_frame(result).columns.tolist()
    assert np.array_equal(rows["level"], runs_frame(result)["level"])
