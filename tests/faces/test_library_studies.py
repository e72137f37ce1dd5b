"""The studies of the case library as commands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from doc_tables import counterfactuals

from foedus.analysis.explain.comparison import against_bases
from foedus.cli import run

DOCS = Path(__file__).parents[2] / "docs"
NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*")


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch, library):
    """The commands read the whole library each time; here it is read once."""
    monkeypatch.setattr("foedus.data.library.load_all", lambda _folder=None: iter(library))


def said(capsys, *words):
    assert run(list(words)) == 0
    return capsys.readouterr().out


def refused(capsys, *words):
    code = run(list(words))
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    return code, err


def test_power_shows_the_six_rules_side_by_side_and_marks_the_alliances_own(capsys):
    text = said(capsys, "data", "power", "csto", "--date", "2022-01-05")
    for rule in ("consensus*", "unanimity", "majority", "two_thirds", "weighted", "patron"):
        assert rule in text
    assert text.count("Tajikistan") == 4
    assert "that coded for kazakhstan-2022" in text


def test_power_under_one_rule_is_one_table(capsys):
    text = said(capsys, "data", "power", "gcc", "--date", "2011-03-13", "--only-rule", "majority")
    assert text.count("Bahrain") == 1
    assert "0.167" in text


def test_power_says_in_one_line_whose_capability_is_missing(capsys):
    text = said(capsys, "data", "power", "nato", "--date", "2003-02-16")
    line = [line for line in text.splitlines() if "Not worked out" in line][-1]
    assert "turkey-2003 states no capability for" in line


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("data power natoo --date 2022-01-05", 65, "did you mean 'nato'?"),
        ("data power csto --date soon", 2, "expected a day such as 2022-01-05"),
        ("data power csto --date 1980-01-01", 65, "had no members on 1980-01-01"),
        ("data power csto --date 2022-01-05 --only-rule quorum", 2, "unknown rule 'quorum'"),
        ("data power csto", 2, "--date"),
        ("data dependence nato", 2, "nato has no indicators"),
        ("data dependence --set rho=x", 2, "'x' is not a number"),
        ("compare", 2, "name a scenario"),
        ("compare kazakhstan-2022", 2, "name a second scenario"),
        ("compare kazakhstan-2022 kazakhstan-2022 --runs 1", 2, "--runs"),
        ("compare --counterfactuals kazakhstan-2022", 2, "--counterfactuals takes no scenario"),
        ("compare kazakhstan-2022 nowhere-1999", 65, "unknown scenario 'nowhere-1999'"),
    ],
)
def test_words_that_cannot_be_used_end_in_one_line(capsys, words, code, message):
    found, line = refused(capsys, *words.split())
    assert found == code
    assert message in line


def test_agreement_sets_every_attribute_beside_the_published_figure(capsys):
    text = said(capsys, "data", "agreement")
    assert re.search(r"overextension .* 0\.63 .* 0\.63 ", text)
    rows = json.loads(said(capsys, "data", "agreement", "--format", "json"))
    assert len(rows) == 16


def test_dependence_shows_its_indicators_and_its_correlation_whatever_it_is(capsys):
    text = said(capsys, "data", "dependence")
    rho = re.search(r"Spearman's rank correlation with the coders: ([-\d.]+) over 83 rows", text)
    assert "bloc and base_veto" in text
    other = json.loads(
        said(capsys, "data", "dependence", "--set", "w_base_veto=0", "--format", "json")
    )["accord"]
    assert abs(other["rho"] - float(rho[1])) > 0.01


def test_dependence_on_a_day_has_no_coders_to_be_held_against(capsys):
    record = json.loads(
        said(capsys, "data", "dependence", "csto", "--date", "2012-06-01", "--format", "json")
    )
    assert record["accord"] is None
    assert {row["state"] for row in record["rows"]} == {"ARM", "BLR", "KAZ", "KGZ", "TJK", "UZB"}


def test_compare_says_what_differs_and_by_how_much(capsys):
    words = ("compare", "kazakhstan-2022", "--rule-b", "patron", "--set-b", "rho=0", "--runs", "50")
    text = said(capsys, *words)
    assert "What differs from A to B: rule consensus -> patron; rho 1 -> 0." in text
    assert "± (same random numbers)" in text
    record = json.loads(said(capsys, *words, "--format", "json"))
    assert record["changes"] == ["rule consensus -> patron", "rho 1 -> 0"]


def test_compare_with_nothing_changed_is_allowed_where_both_are_named(capsys):
    text = said(capsys, "compare", "kazakhstan-2022", "kazakhstan-2022", "--runs", "50")
    assert "Nothing differs between them." in text
    assert "The answer is the same in all 50 runs." in text


def test_compare_all_has_a_row_for_each_counterfactual(capsys):
    text = said(capsys, "compare", "--counterfactuals", "--runs", "50")
    assert sum("│ kazakhstan-2022-" in line for line in text.splitlines()) == 4
    assert (
        len(
            json.loads(
                said(capsys, "compare", "--counterfactuals", "--runs", "50", "--format", "json")
            )
        )
        == 6
    )


def test_requests_sets_history_beside_the_model_with_scores_and_a_caution(capsys):
    text = said(capsys, "history", "requests", "--runs", "100")
    assert "kyrgyzstan-2005" in text
    assert "Brier score" in text
    assert "governments did not ask, all in csto, oecs, seato" in text
    assert (
        len(
            json.loads(said(capsys, "history", "requests", "--runs", "100", "--format", "json"))[
                "crises"
            ]
        )
        == 56
    )


def test_the_page_on_the_counterfactuals_is_what_the_model_says_now(library):
    """Words to the letter; numbers to what another processor's last digit may move."""
    written = (DOCS / "counterfactuals.md").read_text(encoding="utf-8")
    made = "\n".join(counterfactuals(against_bases(library, 10_000, 1)))
    again = "run: python tests/faces/doc_tables.py counterfactuals"
    assert NUMBER.sub("#", made) == NUMBER.sub("#", written), again
    for new, old in zip(NUMBER.findall(made), NUMBER.findall(written), strict=True):
        a, b = (float(text.replace(",", "")) for text in (new, old))
        assert a == pytest.approx(b, abs=0.11, rel=0.01), again


def test_the_page_on_dependence_has_the_figures_of_its_command(capsys):
    written = (DOCS / "dependence.md").read_text(encoding="utf-8")
    found = json.loads(said(capsys, "data", "dependence", "--format", "json"))["accord"]
    low, high = found["over_crises"]
    least, most = found["over_states"]
    for text in (
        f"is **{found['rho']:.2f}**",
        f"{low:.2f} to {high:.2f} when crises",
        f"{least:.2f} to {most:.2f} when states",
        f"without the veto, {found['without']['base_veto']:.2f}**",
        f"bloc ({found['without']['bloc']:.2f})",
    ):
        assert text in " ".join(written.split())
    for n, computed, coded in found["by_state"].values():
        assert f"| {n} | {computed:.2f} | {coded:.2f} | {computed - coded:+.2f} |" in written


def test_the_page_on_the_library_has_the_figures_of_its_commands(capsys):
    written = (DOCS / "library.md").read_text(encoding="utf-8")
    for row in json.loads(said(capsys, "data", "agreement", "--format", "json")):
        if row["alpha"] is not None:
            low, high = row["interval"]
            cells = (row["attribute"], f"{row['alpha']:.2f}", f"{low:.2f} to {high:.2f}")
            assert f"| {' | '.join(cells)} | {row['published']:.2f} |" in written
    for score in json.loads(said(capsys, "history", "requests", "--format", "json"))["scores"]:
        when, which = score["name"].removeprefix("asks ").split(", ")
        kind = "all" if which == "all crises" else "CSTO"
        line = re.search(rf"\| {when}, {kind} \| (\d+) \| ([\d.]+) \| ([\d.]+) \|", written)
        if when != "ever":
            assert int(line[1]) == score["n"]
            assert float(line[2]) == pytest.approx(score["brier"], abs=0.01)
            assert float(line[3]) == pytest.approx(score["base_rate"], abs=0.01)
