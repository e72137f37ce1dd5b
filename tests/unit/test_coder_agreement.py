"""The coders' agreement, recomputed from the shipped files."""

from __future__ import annotations

import json
from itertools import permutations

import numpy as np
import pytest

from foedus.analysis.coding.agreement import (
    PUBLISHED,
    agreement_on,
    agreement_table,
    alpha_interval,
    as_records,
    ratings_of,
)
from foedus.analysis.intervals import grouped
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES


@pytest.fixture(scope="module")
def table(library):
    return {row.attribute: row for row in agreement_table(library)}


def pairs_by_hand(library, name):
    for case in library:
        if case.scenario.extends is None:
            if name in CRISIS_ATTRIBUTES:
                yield getattr(case.scenario.crisis, name).coders
            else:
                yield from (getattr(m, name) for m in case.scenario.members.values())


def alpha_by_hand(pairs):
    """One minus the mean squared difference within pairs over that among all values."""
    pooled = [value for pair in pairs for value in pair]
    expected = np.mean([(a - b) ** 2 for a, b in permutations(pooled, 2)])
    return 1 - np.mean([(a - b) ** 2 for a, b in pairs]) / expected


@pytest.mark.parametrize("name", ["mandate", "trend", "overextension", "ties"])
def test_alpha_is_the_one_worked_out_by_hand_from_the_two_coders(library, table, name):
    pairs = [codes for codes in pairs_by_hand(library, name) if len(codes) == 2]
    assert table[name].n_units == len(pairs)
    assert table[name].alpha == pytest.approx(alpha_by_hand(pairs))
    assert table[name].share_equal == np.mean([a == b for a, b in pairs])


def test_every_attribute_of_the_codebook_has_a_row_and_two_have_one_coder(table):
    assert list(table) == [*CRISIS_ATTRIBUTES, *MEMBER_ATTRIBUTES]
    single = {name for name, row in table.items() if row.n_units == 0}
    assert single == {"asked", "institution"} == set(table) - set(PUBLISHED)
    assert all(np.isnan(table[name].alpha) for name in single)


def test_counterfactuals_are_no_units_of_the_coders(library, table):
    crises = [case for case in library if case.scenario.extends is None]
    assert len(crises) < len(library)
    assert table["threat"].n_units + table["threat"].n_single == len(crises)


def test_the_shipped_codes_agree_about_as_far_as_the_published_figures_say(table):
    for name, published in PUBLISHED.items():
        assert table[name].alpha == pytest.approx(published, abs=0.06), name
    assert min(PUBLISHED, key=lambda name: table[name].alpha) == "overextension"


def test_the_interval_holds_alpha(table):
    for row in table.values():
        if row.n_units:
            low, high = row.interval
            assert low <= row.alpha <= high


def test_the_crises_of_one_alliance_are_drawn_together(library, table):
    coded = [case for case in library if case.scenario.extends is None]
    homes = grouped([case.scenario.alliance for case in coded])
    pairs = [case.scenario.crisis.trend.coders for case in coded]
    expected = alpha_interval(ratings_of(pairs), homes)
    assert table["trend"].interval == pytest.approx(expected)
    alone = alpha_interval(ratings_of(pairs), np.arange(len(coded)))
    assert table["trend"].interval != pytest.approx(alone, abs=0.01)


def test_a_member_that_one_coder_left_out_is_counted_apart(toy):
    row = agreement_on("stake", [toy.load(("stake: [0.5]", "stake: [0.5, 0.75]"))])
    assert (row.n_units, row.n_single) == (1, 3)


def test_a_third_coder_who_wrote_for_one_unit_alone_leaves_the_others_open():
    np.testing.assert_array_equal(
        ratings_of([(0.1, 0.2), (0.3, 0.4, 0.5)]), [[0.1, 0.3], [0.2, 0.4], [np.nan, 0.5]]
    )


def test_records_say_null_for_what_is_unknown(table):
    text = json.dumps(as_records(table.values()), allow_nan=False)
    asked = next(row for row in json.loads(text) if row["attribute"] == "asked")
    assert asked["alpha"] is asked["interval"] is asked["published"] is None
