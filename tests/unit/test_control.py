"""Who decides: grouped indices against a known answer, the table against ensembles."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.analysis.explain.control import (
    CRISIS,
    GROUPS,
    LEAD_STATE,
    OTHERS,
    averaged,
    control,
    factors_by_group,
    frame_of,
)
from foedus.analysis.explain.sensitivity import Factor, sobol
from foedus.model.ensemble import ensemble
from foedus.model.setup import prepare


def test_grouped_indices_of_the_ishigami_function_are_as_known():
    """x1 and x3 together hold .3139 + .2437 (their interaction), x2 the rest."""
    factors = [
        Factor("x1", -np.pi, np.pi, "code", "first and third"),
        Factor("x2", -np.pi, np.pi, "code", "second"),
        Factor("x3", -np.pi, np.pi, "code", "first and third"),
    ]

    def ishigami(points):
        x1, x2, x3 = points.T
        return np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)

    indices, half = sobol(ishigami, factors, 4096, seed=0)
    assert set(indices) == set(half) == {"first and third", "second"}
    for name, share in (("first and third", 0.5576), ("second", 0.4424)):
        assert indices[name].first == pytest.approx(share, abs=0.02)
        assert indices[name].total == pytest.approx(share, abs=0.02)


@pytest.fixture(scope="module")
def found():
    return control(prepare("kazakhstan-2022"), rhos=(0.0, 1.0), n_base=16, n_runs=32, n_table=400)


def hold_of(found, group, rho):
    return next(hold for hold in found.holds if (hold.group, hold.rho) == (group, rho))


def test_every_code_is_moved_by_who_holds_it_and_the_requester_has_none():
    setup = prepare("kazakhstan-2022")
    by_group = {g: [f.name for f in factors_by_group(setup) if f.group == g] for g in GROUPS}
    assert len(by_group[CRISIS]) == 10
    own = ("alignment", "stake", "ties", "overextension")
    assert by_group[LEAD_STATE] == [f"RUS.{name}" for name in own]
    assert {name[:3] for name in by_group[OTHERS]} == {"ARM", "BLR", "KGZ", "TJK"}


def test_the_table_is_that_of_ensembles_with_all_attributes_at_one_end(found):
    worst = {"RUS.alignment": 0, "RUS.stake": 0, "RUS.ties": 1, "RUS.overextension": 1}
    best = {name: 1 - value for name, value in worst.items()}
    hold = hold_of(found, LEAD_STATE, 1.0)
    for codes, p in ((worst, hold.p_worst), (best, hold.p_best)):
        level = ensemble(prepare("kazakhstan-2022", {"rho": 1.0, **codes}), 400).outcome.level
        assert p == np.mean(level == 3)


def test_the_worst_and_the_best_crisis_are_those_that_the_terms_of_the_model_make(found):
    best = dict.fromkeys(("external", "territory", "mandate", "threat", "trend"), 1.0)
    best |= {"request": 1.0, "institution": 1.0, "asked": 3.0, "capacity": 0.0, "escalation": 0.0}
    worst = {name: 1.0 - value for name, value in best.items()} | {"asked": 0.0, "trend": -1.0}
    hold = hold_of(found, CRISIS, 1.0)
    for codes, p in ((worst, hold.p_worst), (best, hold.p_best)):
        level = ensemble(prepare("kazakhstan-2022", {"rho": 1.0, **codes}), 400).outcome.level
        assert p == np.mean(level == 3)


def test_influence_hands_the_answer_from_the_others_to_the_lead_state(found):
    """Document ¶15, in Kazakhstan: what the others could move, Russia moves with influence."""
    room = {(g, r): hold_of(found, g, r).p_best - hold_of(found, g, r).p_worst
            for g in (LEAD_STATE, OTHERS) for r in (0.0, 1.0)}  # fmt: skip
    assert room[OTHERS, 1.0] < room[OTHERS, 0.0] - 0.3
    assert room[LEAD_STATE, 1.0] > room[LEAD_STATE, 0.0]
    assert room[LEAD_STATE, 1.0] > room[OTHERS, 1.0] + 0.3


def test_where_the_lead_state_decides_alone_the_others_hold_nothing():
    found = control(
        prepare("kazakhstan-2022", rule="patron"), rhos=(1.0,), n_base=16, n_runs=16, n_table=200
    )
    others = hold_of(found, OTHERS, 1.0)
    assert others.index.first == others.index.total == 0.0
    assert others.p_worst == others.p_best
    assert hold_of(found, LEAD_STATE, 1.0).index.total > 0.05


def test_the_frame_has_a_row_for_each_crisis_rho_and_group(found):
    assert (found.n_points, found.n_runs) == (16 * (3 + 2), 32)
    frame = frame_of([found, found])
    assert len(frame) == 2 * 2 * 3
    assert frame.loc[0, "crisis"] == "kazakhstan-2022"
    assert set(frame["group"]) == set(GROUPS)
    assert frame["p_best"].between(0, 1).all()


def test_averages_are_taken_over_crises(found):
    other = control(prepare("mali-2012"), rhos=(0.0, 1.0), n_base=16, n_runs=16, n_table=100)
    table = averaged([found, other])
    hold = [hold_of(one, CRISIS, 1.0) for one in (found, other)]
    expected = [np.mean([getattr(h, n) for h in hold]) for n in ("p_worst", "p_best")]
    total, *ends = table.loc[(1.0, CRISIS)]
    assert ends == pytest.approx(expected)
    assert total == pytest.approx(np.mean([h.index.total for h in hold]))
