from __future__ import annotations

from importlib.metadata import version

import pytest

from foedus.data.register import register
from foedus.data.vocabulary import entries
from foedus.model.setup import prepare
from foedus.plots.wanted import Wanted
from foedus.plots.words import (
    MINUS,
    listed,
    meaning_of,
    n_troops,
    number,
    of,
    percent,
    runs,
    set_by_hand,
    short_title,
    signed,
)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"),
        (0.004, "<1 %"),
        (0.005, "<1 %"),
        (0.006, "1 %"),
        (0.726, "73 %"),
        (0.996, ">99 %"),
        (1, "100 %"),
    ],
)
def test_a_small_share_is_not_said_to_be_nothing_nor_a_large_one_all(share, said):
    assert percent(share) == said.replace(" ", "\N{NO-BREAK SPACE}")


def test_numbers_carry_a_sign_and_never_a_minus_zero():
    assert signed(1.236) == "+1.24"
    assert signed(-0.5) == f"{MINUS}0.50"
    assert signed(-0.001) == "0.00"
    assert number(-1.5) == f"{MINUS}1.50"
    assert number(-0.001) == "0.00"


def test_every_parameter_and_attribute_has_a_meaning_that_fits_an_axis():
    assert meaning_of("rho") == "weight of the lead state's influence"
    assert meaning_of("RUS.stake") == "what the member itself stands to lose"
    for name in (*register(), *entries("attribute")):
        assert 5 < len(meaning_of(name)) < 100


def test_ranges_of_men_collapse_when_both_ends_are_one():
    assert n_troops(1500, 3000) == "1,500 to 3,000"
    assert n_troops(200, 200) == "200"


def test_lists_and_possessives_read_as_english():
    assert listed([]) == ""
    assert listed(["Armenia"]) == "Armenia"
    assert listed(["Armenia", "Belarus", "Russia"]) == "Armenia, Belarus and Russia"
    assert of("Belarus") == "Belarus'"
    assert of("Russia") == "Russia's"
    assert runs(1) == "1\N{NO-BREAK SPACE}run"
    assert runs(1000) == "1,000\N{NO-BREAK SPACE}runs"


def test_a_short_title_loses_its_brackets_only():
    assert short_title(prepare("kyrgyzstan-2010").case) == "Kyrgyzstan, June 2010"
    assert short_title(prepare("kazakhstan-2022").case) == "Kazakhstan, January 2022"


def test_the_source_line_names_scenario_runs_seed_version_and_every_change():
    plain = prepare("kazakhstan-2022")
    line = Wanted(plain, seed=7).source(500)
    known = ("kazakhstan-2022", plain.case.digest[:8], version("foedus"))
    for part in (*known, "500", "seed 7", "default"):
        assert part in line
    bent = prepare(
        "kazakhstan-2022", {"rho": 0, "RUS.stake": 0.25}, rule="patron", theory="realist",
        drawn_codes=False, endogenous=True,
    )  # fmt: skip
    said = set_by_hand(bent)
    for part in ("rho=0", "RUS.stake=0.25", "rule: patron", bent.theory.title, "coders' means",
                 "endogenous"):  # fmt: skip
        assert part in said


def test_every_term_of_a_position_has_plain_words(toy):
    from foedus.analysis.explain.decomposition import explain

    case = toy.load()
    names = {name for run in (None, 0) for m in explain(prepare(case), run).members
             for name in m.terms}  # fmt: skip
    assert names <= set(entries("term"))
