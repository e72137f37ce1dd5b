"""What is read off a tournament: bins, parts, groups and words, against values by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.forecast import baselines, scores
from foedus.analysis.forecast.scores import panel_of
from foedus.analysis.forecast.tournament import (
    Contestant,
    Entry,
    Tournament,
    as_record,
    frame_of,
    hold_tournament,
    judged,
    reliability,
    scores_on,
    subsets,
    worst_crises,
)
from foedus.analysis.inference.likelihood import in_strata, shares_in_parts
from foedus.analysis.inference.priors import answering, spread_draws
from foedus.data.theory import theories
from foedus.model.chance import draw_chance
from foedus.model.setup import prepare

EDGES = (0, 0.1, 0.3, 0.5, 0.7, 1)


@pytest.fixture(scope="module")
def panel(library):
    return panel_of(library)


@pytest.fixture(scope="module")
def held(panel):
    entered = [
        Contestant("base rate", "baseline", baselines.base_rate(panel.observed)),
        Contestant(
            "the ask, learned",
            "baseline",
            baselines.answer_equals_ask(panel.asked, panel.observed),
        ),
        Contestant("full", "prior", np.full((len(panel), 4), 0.25)),
        Contestant("full", "calibrated", 0.1 + 0.6 * np.eye(4)[panel.observed]),
        Contestant("hegemon", "calibrated", np.full((len(panel), 4), 0.25)),
    ]
    return Tournament(panel, tuple(judged(entered, panel)), 64, 8, 1)


def entry_of(forecasts):
    given = np.array(forecasts)
    nothing = np.zeros(len(given))
    return Entry("x", given, nothing, nothing, nothing, 0, (0, 0), 0, (0, 0), "prior")


def test_each_probability_is_counted_in_the_bin_that_holds_it():
    """.05, .2, .25, .5 and 0, .1, .1, .8: a bin holds its lower edge and not its upper."""
    rows = reliability(entry_of([[0.05, 0.2, 0.25, 0.5], [0.0, 0.1, 0.1, 0.8]]), np.array([3, 1]))
    expected = [
        (np.mean([0.05, 0.0]), 0.0, 2),
        (np.mean([0.2, 0.25, 0.1, 0.1]), 0.25, 4),
        (0.5, 1.0, 1),
        (0.8, 0.0, 1),
    ]
    assert len(rows) == 4
    for found, wanted in zip(rows, expected, strict=True):
        assert found == pytest.approx(wanted)


def test_a_sure_forecast_is_in_the_last_bin_and_the_first_holds_what_is_impossible():
    assert reliability(entry_of([[0, 0, 0, 1.0]]), np.array([3])) == [(0.0, 0.0, 3), (1.0, 1.0, 1)]


def test_bins_hold_every_probability_once():
    given = np.random.default_rng(1).dirichlet(np.ones(4), 50)
    rows = reliability(entry_of(given), np.zeros(50, dtype=int))
    assert sum(n for *_, n in rows) == 200
    for (mean, came, n), low, high in zip(rows, EDGES, EDGES[1:], strict=False):
        inside = (given >= low) & (given < high)
        assert (mean, n) == (pytest.approx(given[inside].mean()), inside.sum())
        assert came == pytest.approx(inside[:, 0].sum() / inside.sum())


def test_a_skill_is_against_the_base_rate_and_a_gain_over_the_learned_ask(held):
    base, rival = held.entry("base rate", "baseline"), held.entry("the ask, learned", "baseline")
    for entry in held.entries:
        assert entry.skill == pytest.approx(1 - entry.rps.mean() / base.rps.mean())
        assert entry.gain == pytest.approx((rival.rps - entry.rps).mean())
    assert held.entry("full", "calibrated").stacking == pytest.approx(1.0)
    assert held.entry("full", "prior").stacking is None


def test_harder_parts_are_scored_against_their_own_base_rate(held, panel):
    parts = subsets(panel)
    asked = parts["with a request"]
    assert asked.tolist() == (panel.asked > 0).tolist()
    outside = [case.scenario.alliance != "csto" for case in panel.cases]
    assert parts["outside the CSTO"].tolist() == outside
    found = {(e.name, e.kind): e for e in scores_on(held, asked)}
    own = baselines.base_rate(panel.observed[asked])
    reference = scores.ranked_probability_score(own, panel.observed[asked])
    assert found["base rate", "baseline"].skill == 0
    flat = found["full", "prior"]
    assert flat.rps == pytest.approx(held.entry("full", "prior").rps[asked])
    assert flat.skill == pytest.approx(1 - flat.rps.mean() / reference.mean())
    assert flat.skill != pytest.approx(held.entry("full", "prior").skill)


def test_the_worst_crises_come_first(held):
    entry = held.entry("the ask, learned", "baseline")
    worst = worst_crises(held, entry, 3)
    assert [score for _, score in worst] == sorted(entry.rps, reverse=True)[:3]
    assert all(entry.rps[held.panel.ids.index(name)] == score for name, score in worst)


def test_a_tournament_is_a_line_in_a_terminal_and_a_table_in_a_notebook(held):
    assert repr(held).startswith(f"<Tournament: 5 forecasters of {len(held.panel)} crises, best ")
    assert repr(held.panel).startswith(f"<Panel: {len(held.panel)} crises of ")
    assert repr(held.entries[0]).startswith("<Entry 'base rate': skill +0.000 ")
    html = held._repr_html_()
    assert html.count("<tr>") == 6
    assert html.index("calibrated") < html.index("prior")


def test_every_baseline_gives_each_crisis_a_distribution(panel):
    for forecasts in baselines.all_baselines(panel).values():
        scores.checked(forecasts, panel.observed)


def test_a_small_tournament_enters_every_kind_once_and_mixes_the_priors_alone(library):
    names = ("armenia-2020", "fiji-2006", "kazakhstan-2022", "kyrgyzstan-2010", "turkey-2003")
    few = panel_of(case for case in library if case.id in names)
    two = {name: theories()[name] for name in ("full", "hegemon")}
    told = []
    held = hold_tournament(
        few, n_draws=64, n_runs=8, contenders=two, calibrated={"rho": 0.0}, progress=told.append
    )
    assert told == ["baselines", "full", "hegemon"]
    kinds = [entry.kind for entry in held.entries if entry.kind != "baseline"]
    assert sorted(kinds) == ["calibrated"] * 2 + ["given"] + ["mixture"] * 2 + ["prior"] * 2
    priors = [held.entry(name, "prior").forecasts for name in two]
    mixed = held.entry("all theories, equal weights", "mixture").forecasts
    assert mixed == pytest.approx(np.mean(priors, axis=0))
    weighted = held.entry("all theories, weighted by the other crises", "mixture").forecasts
    low, high = np.minimum(*priors), np.maximum(*priors)
    assert ((weighted >= low - 1e-9) & (weighted <= high + 1e-9)).all()
    for name in two:
        prior, fitted = held.entry(name, "prior"), held.entry(name, "calibrated")
        assert prior.log_evidence < 0
        assert 0 <= fitted.strength <= 1
        assert fitted.draws <= 64 + 1e-6
    assert sum(e.stacking for e in held.entries if e.kind == "calibrated") == pytest.approx(1)
    given = held.entry("full, parameters given", "given").forecasts
    runs = given * 1001 - 0.25  # a thousand runs, and one that is spread over the four levels
    assert runs == pytest.approx(runs.round(), abs=1e-6)
    assert runs.sum(axis=1) == pytest.approx(np.full(len(few), 1000))
    record = as_record(held)
    assert [e["skill"] for e in record["entries"]] == [e.skill for e in held.entries]
    frame = frame_of(held)
    assert len(frame) == len(held.entries) * len(few)
    assert frame.filter(like="p_").sum(axis=1).to_numpy() == pytest.approx(np.ones(len(frame)))


def test_two_seeds_of_a_prior_forecast_agree_where_draws_and_runs_fill_their_space(library):
    few = panel_of(case for case in library if case.id in ("fiji-2006", "mali-2012", "nato-2001"))
    shares = [
        shares_in_parts(few, theories()["full"], spread_draws(answering(), 1024, seed), 32, seed)
        for seed in (1, 2)
    ]
    assert shares[0].mean(axis=0) == pytest.approx(shares[1].mean(axis=0), abs=0.01)


def test_each_run_has_a_slice_of_its_own_of_what_nobody_measured():
    situation = prepare("kazakhstan-2022").situation
    even = in_strata(draw_chance(situation, 3, 0, 40), 3)
    for row in (even.crisis, *even.members):
        slices = np.floor(40 / (1 + np.exp(-row)) + 1e-12)
        assert sorted(slices) == list(range(40))
    assert sorted(np.floor(40 * even.convening)) == list(range(40))
    orders = [tuple(row.argsort()) for row in (even.crisis, *even.members)]
    assert len(set(orders)) == len(orders)
