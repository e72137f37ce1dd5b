"""A fit is scored on the crises it was made for, and on the others, and the two stay apart."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast.overfitting import score_table, search, split_library
from foedus.analysis.forecast.scores import ranked_probability_score
from foedus.errors import UsageError

SEEN = ("kazakhstan-2022", "armenia-2020")


@pytest.fixture(scope="module")
def crises():
    return split_library(SEEN, n_runs=8)


def test_every_crisis_with_a_known_answer_is_in_one_part_alone(crises):
    seen = {name for name, is_seen in zip(crises.panel.ids, crises.is_seen, strict=True) if is_seen}
    assert seen == set(SEEN)
    fits = crises.fits({})
    assert fits.n_crises == (2, len(crises.panel) - 2)


def test_the_scores_of_a_setting_are_means_over_its_two_parts(crises):
    fits = crises.fits({"rho": np.array([0.0, 1.0])})
    rps = ranked_probability_score(fits.forecasts[1], crises.panel.observed)
    parts = (crises.is_seen, ~crises.is_seen)
    assert fits.rps[1] == pytest.approx([rps[part].mean() for part in parts])


def test_a_setting_is_right_where_its_likeliest_answer_is_that_of_history(crises):
    fits = crises.fits({"rho": np.array([0.0, 1.0])})
    right = fits.forecasts[1].argmax(axis=1) == crises.panel.observed
    counts = (right[crises.is_seen].sum(), right[~crises.is_seen].sum())
    assert tuple(fits.n_right[1]) == counts
    assert score_table(crises, {"rho": 1.0})["right"].to_list() == list(counts)


def test_no_setting_tried_fits_the_seen_crises_better_than_the_best(crises):
    fits = search(crises, ("rho", "gamma", "gap_deploy"), 20)
    seen, unseen = fits.rps.T
    assert seen[fits.best] == seen.min()
    worse = unseen > unseen[fits.best]
    assert fits.share_beaten == pytest.approx(worse.sum() / 19)


def test_the_table_says_how_much_is_gained_on_the_base_rate(crises):
    table = score_table(crises, {"rho": 0.5})
    base = np.array(crises.fits({}).base_rate)
    assert table["skill"].to_list() == pytest.approx(list(1 - table["RPS"].to_numpy() / base))
    assert table["crises"].to_list() == [2, len(crises.panel) - 2]


@pytest.mark.parametrize("seen", [("kazakstan-2022",), ("armenia-2020-own-soil",), ()])
def test_a_crisis_without_a_known_answer_and_an_empty_part_are_refused(seen):
    with pytest.raises(UsageError, match=r"known answer|tune to"):
        split_library(seen, n_runs=2)
