"""A term of willingness from one file outside the package, and a theory that weighs it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus import extensions
from foedus.analysis.explain.response import response_curve
from foedus.errors import FileProblems, InputError, UsageError
from foedus.model.willingness import TERMS
from foedus.web.page import page

HERE = Path(__file__).parent
KIN = HERE / "kin.yaml"


@pytest.fixture
def kinship():
    extensions.load(HERE / "kinship.py")
    return HERE / "kinship.py"


def levels(setup, n_runs=200, seed=1):
    return foedus.ensemble(setup, n_runs, seed).outcome.level


def test_its_weight_is_0_so_that_nothing_changes_until_somebody_sets_it():
    before = levels(foedus.prepare("kazakhstan-2022"))
    extensions.load(HERE / "kinship.py")
    setup = foedus.prepare("kazakhstan-2022")
    assert setup.parameters["b_kinship"] == 0
    assert np.array_equal(levels(setup), before)


def test_a_theory_file_that_weighs_it_gives_another_answer(kinship):
    setup = foedus.prepare("kazakhstan-2022", theory=KIN)
    without = foedus.prepare("kazakhstan-2022", {"b_kinship": 0}, theory=KIN)
    assert levels(setup).mean() > levels(without).mean() + 0.1


@pytest.mark.parametrize("endogenous", [False, True])
def test_story_and_ensemble_agree_bit_for_bit(kinship, endogenous):
    setup = foedus.prepare("kazakhstan-2022", theory=KIN, endogenous=endogenous)
    outcome = foedus.ensemble(setup, 20, seed=2).outcome
    for run in range(20):
        told = foedus.story(setup, run, seed=2)
        assert told.level == outcome.level[run]
        assert told.day_ended == outcome.day_ended[run]
        explained = foedus.explain(setup, run, seed=2, n_steps=0)
        lived = told.days[explained.day].members
        assert [m.position for m in lived] == [a.position for a in explained.members]


@pytest.mark.parametrize("run", [None, 0, 7])
def test_an_explanation_names_it_and_adds_up(kinship, library, run):
    for case in library[::4]:
        explained = foedus.explain(foedus.prepare(case, theory=KIN), run, n_steps=0)
        for account in explained.members:
            assert sum(account.terms.values()) == pytest.approx(account.private, abs=1e-12)
        assert any(account.terms["kinship"] > 0 for account in explained.members)


def test_what_moves_a_code_moves_the_term(kinship):
    weights = {"b_stake": 0, "b_alignment": 0, "b_kinship": 5}
    setup = foedus.prepare("kazakhstan-2022", weights)
    curve = response_curve(setup, "RUS.stake", n_runs=400)
    direct = [
        (levels(foedus.prepare("kazakhstan-2022", {**weights, "RUS.stake": x}), 400) == 3).mean()
        for x in (curve.values[0], curve.values[-1])
    ]
    assert [curve.p_levels[0][3], curve.p_levels[-1][3]] == pytest.approx(direct)
    assert direct[1] > direct[0]


def test_the_command_line_says_it_in_words(called, kinship):
    code, out, _ = called(
        *("--extension", kinship, "explain", "kazakhstan-2022", "--theory", KIN, "-m", "RUS")
    )
    assert code == 0
    assert "close to the requester, and with a stake" in out
    code, out, _ = called("--extension", kinship, "list", "parameters", "-F", "json")
    assert json.loads(out)[-1]["name"] == "b_kinship"


def test_a_theory_that_weighs_an_unknown_term_is_refused_at_its_line():
    with pytest.raises(FileProblems, match=r"kin\.yaml:6:3: .*unknown parameter 'b_kinship'"):
        foedus.prepare("kazakhstan-2022", theory=KIN)


def test_a_page_leaves_it_out_and_refuses_one_that_always_counts(kinship):
    cases = [foedus.load("kursk-2024")]
    assert "kinship" not in page(cases)
    extensions.term("always", "b_a", "always there", 1, default=1.0)(
        lambda situation, codes: codes.standing["stake"]
    )
    with pytest.raises(InputError, match="a page cannot work out the term 'always'"):
        page(cases)


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (lambda situation, codes: np.zeros(3), r"the shape \(3,\), expected a row for each of the"),
        (lambda situation, codes: codes.standing["stake"] * np.nan, "no finite number"),
        (lambda situation, codes: codes.standing["stakes"], "cannot be worked out: KeyError"),
        (lambda situation, codes: codes.standing["stake"][:1], "the shape"),
        (lambda situation, codes: codes.standing["stake"][:, :, None], "the shape"),
        (lambda situation, codes: codes.standing["stake"][:, 0], "the shape"),
    ],
)
def test_a_term_that_is_no_row_of_numbers_is_refused_in_one_line(measure, said):
    extensions.term("odd", "b_o", "odd", -1)(measure)
    with pytest.raises(InputError, match=said):
        foedus.ensemble(foedus.prepare("kursk-2024"), 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "stake"},
        {"name": "need"},
        {"name": "A b"},
        {"sign": 0},
        {"prior": "lognormal"},
        {"default": 11},
    ],
)
def test_a_term_that_cannot_be_is_refused(bad):
    given = {"name": "own", "symbol": "b", "words": "w", "sign": 1, **bad}
    with pytest.raises(UsageError):
        extensions.term(**given)
    assert not TERMS
