"""Data that nobody here coded: tables as their sources give them, correlations by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from foedus.analysis.coding.measured_data import (
    Association,
    _over_crises,
    association,
    codes_and_measures,
    dependence_and_votes,
    honoured_in_war,
    measured,
    regional_rates,
    without_means,
)
from foedus.data.library import alliance_named
from foedus.data.records import mean
from foedus.data.register import parameters
from foedus.errors import InputError

RNG = np.random.default_rng(3)
STATES, YEARS = np.repeat(np.arange(6), 10), np.tile(np.arange(10), 6)


def test_rates_of_alliances_honoured_are_those_of_the_published_codings():
    found = honoured_in_war()
    early, late = (found[years, "Leeds, Long and Mitchell"] for years in ("1848-1944", "1945-2003"))
    assert (early[1], late[1]) == (39, 50)
    assert early[0] / early[1] == pytest.approx(0.64, abs=0.005)
    assert late[0] / late[1] == pytest.approx(0.20, abs=0.005)
    assert all(0 < honoured < n for honoured, n in found.values())


def test_each_rate_is_counted_over_what_is_clear_by_hand():
    """By hand from the tables; actors for whom it is unclear what was done are left out."""
    assert honoured_in_war()["no year", "Berkemeier and Fuhrmann"] == (37, 56)
    assert len(honoured_in_war()) == 6
    assert regional_rates()[2] == 2 / 160
    assert regional_rates("1945-1991")[0] == 284 / 509


def test_regional_organisations_mostly_talked_and_sent_forces_more_often_after_1991():
    after, before = regional_rates(), regional_rates("1945-1991")
    assert after == pytest.approx(np.array([58, 79, 2, 21]) / 160)
    assert (after.sum(), before.sum()) == pytest.approx((1, 1))
    assert after[3] > 4 * before[3]


def test_every_figure_lies_on_its_scale():
    for row in measured("members"):
        assert row["cinc"] == "" or 0 <= float(row["cinc"]) < 0.4
        assert row["un_ideal_point"] == "" or -4 < float(row["un_ideal_point"]) < 4
    for row in measured("csto-years"):
        assert 0 <= float(row["un_distance_to_russia"]) < 4
        assert row["arms_share_russia_5y"] == "" or 0 <= float(row["arms_share_russia_5y"]) <= 1
    for table in ("members", "csto-years"):
        keys = [(row["state"], row["year"]) for row in measured(table)]
        assert len(keys) == len(set(keys))


def test_fixed_effects_take_out_what_is_shared_by_a_member_or_a_year():
    shared = 3.0 * STATES + np.sin(YEARS)
    assert without_means(shared, (STATES, YEARS)) == pytest.approx(np.zeros(60), abs=1e-9)
    own = RNG.random(60)
    left = without_means(shared + own, (STATES, YEARS))
    for group in (STATES, YEARS):
        assert [left[group == g].mean() for g in set(group)] == pytest.approx(
            [0] * len(set(group)), abs=1e-9
        )
    assert left == pytest.approx(without_means(own, (STATES, YEARS)))
    assert without_means(own, ()) is own


def test_an_association_is_pearsons_after_the_means_are_out():
    x, noise = RNG.random((2, 60))
    y = x + noise + 10 * STATES
    plain = association("x", 1, x, y, STATES)
    assert plain.r == pytest.approx(pearsonr(x, y).statistic)
    inside = association("x", 1, x, y, STATES, (STATES,))
    centred = [v - np.array([v[s == STATES].mean() for s in STATES]) for v in (x, y)]
    assert inside.r == pytest.approx(pearsonr(*centred).statistic)
    assert inside.r > plain.r + 0.3
    assert (inside.n, inside.n_groups) == (60, 6)
    assert inside.interval[0] < inside.r < inside.interval[1]


def test_what_lies_on_one_line_is_sure_and_what_does_not_vary_unknown():
    x = RNG.random(60)
    assert association("x", 1, x, 2 * x, STATES).interval == pytest.approx((1.0, 1.0))
    assert np.isnan(association("x", 1, x, np.ones(60), STATES).r)


@pytest.mark.parametrize(
    ("expected", "interval", "holds"),
    [(1, (0.1, 0.5), True), (-1, (0.1, 0.5), False), (-1, (-0.5, -0.1), True),
     (1, (-0.1, 0.5), False), (-1, (-0.1, 0.5), False)],
)  # fmt: skip
def test_an_expectation_holds_where_the_whole_interval_has_its_sign(expected, interval, holds):
    assert Association("x", expected, 0.0, interval, 9, 3).holds is holds


@pytest.fixture(scope="module")
def votes():
    return dependence_and_votes(*alliance_named("csto"), parameters({}))


def test_dependence_is_held_against_votes_in_three_ways_and_two_measures(votes):
    assert len(votes) == 6
    assert {one.expected for one in votes} == {-1}
    assert all(one.n > 100 and one.n_groups >= 6 for one in votes)
    assert all(-1 <= one.interval[0] <= one.r <= one.interval[1] <= 1 for one in votes)


def test_members_vote_nearer_to_russia_when_they_depend_on_it_more(votes):
    """Within member and year, where neither geography nor fashion can make the difference."""
    inside = next(one for one in votes if "computed" in one.name and "member" in one.name)
    assert inside.r < 0


def test_correlations_are_those_of_the_page_on_evidence(votes, library):
    found = [(one.r, *one.interval) for one in (*votes, *codes_and_measures(library))]
    page = {
        0: (0.32, -0.01, 0.59),
        1: (-0.21, -0.38, -0.06),
        2: (-0.16, -0.45, -0.02),
        4: (-0.19, -0.46, 0.19),
        6: (0.84, 0.70, 0.93),
        7: (0.03, -0.14, 0.24),
    }
    for k, told in page.items():
        assert found[k] == pytest.approx(told, abs=0.00501), k
    assert [one.n for one in (*votes, *codes_and_measures(library))][::2] == [159, 159, 121, 352]


def test_an_alliance_without_indicators_is_refused():
    with pytest.raises(InputError, match="no year with votes and indicators"):
        dependence_and_votes(alliance_named("nato")[0], (), parameters({}))


def test_coded_capability_ranks_members_as_the_index_of_national_capability_does(library):
    capability, alignment = codes_and_measures(library)
    assert capability.holds
    assert capability.r > 0.7
    assert (capability.expected, alignment.expected) == (1, -1)


def test_agreement_within_a_crisis_is_spearmans_mean_over_crises(library):
    known = {(row["state"], int(row["year"])): row for row in measured("members")}
    case = next(case for case in library if case.id == "kazakhstan-2022")
    other = next(case for case in library if case.id == "mali-2012")
    found = []
    for one in (case, other):
        states = [s for s in one.scenario.members if (s, one.scenario.dates.coded.year) in known]
        coded = [mean(one.scenario.members[s].capability) for s in states]
        index = [float(known[s, one.scenario.dates.coded.year]["cinc"]) for s in states]
        found.append(spearmanr(coded, index).statistic)
    assert codes_and_measures([case, other])[0].r == pytest.approx(np.mean(found))


def test_alignment_is_held_against_the_distance_from_the_requester(library):
    known = {(row["state"], int(row["year"])): row for row in measured("members")}
    cases = [case for case in library if case.id in ("kazakhstan-2022", "kyrgyzstan-2010")]
    found = []
    for case in cases:
        year, home = case.scenario.dates.coded.year, case.scenario.requester
        points = {s: known[s, year]["un_ideal_point"] for s in case.scenario.members}
        states = [s for s, point in points.items() if point and s != home]
        coded = [mean(case.scenario.members[s].alignment) for s in states]
        apart = [abs(float(points[s]) - float(points[home])) for s in states]
        found.append(spearmanr(coded, apart).statistic)
    assert codes_and_measures(cases)[1].r == pytest.approx(np.mean(found))


def test_of_no_crises_nothing_is_known():
    assert all(np.isnan(one.r) and one.n == 0 for one in codes_and_measures([]))


def test_an_association_over_crises_counts_its_pairs_and_its_alliances():
    up, down = (
        [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)],
        [(1.0, 4.0), (2.0, 3.0), (3.0, 2.0), (4.0, 1.0)],
    )
    up, flat = [*up, (9.0, np.nan)], [(1.0, 1.0), (1.0, 2.0)]
    found = _over_crises("n", 1, [("a", up), ("a", up), ("b", down), ("c", flat)])
    assert found.n == 3 + 3 + 4
    assert found.n_groups == 2
    assert found.r == pytest.approx(1 / 3)
    assert found.interval[0] == pytest.approx(-1)
    assert found.interval[1] == pytest.approx(1)
