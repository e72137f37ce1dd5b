"""The pages on chronicles say what the commands say, and the notebook's kind of work is quick."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import perf_counter

import pytest

from foedus.chronicle.exits import explain_exits
from foedus.chronicle.hazard_evidence import member_years, weigh_all
from foedus.chronicle.years import run_chronicle
from foedus.cli import run

DOCS = Path(__file__).parents[2] / "docs"


def page(name):
    return (DOCS / name).read_text(encoding="utf-8").replace("−", "-")


def result(capsys, *words):
    assert run(["chronicle", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


CLOSE = {"abs": 0.3}
"""Percentage points or hundredths by which a page may lag behind the crisis model."""


def test_the_exits_are_those_of_the_page(csto):
    names = {"AZE": "Azerbaijan", "GEO": "Georgia", "UZB": "Uzbekistan", "ARM": "Armenia"}
    for row in explain_exits(csto):
        head = rf"^\| {names[row.state]} {row.year} \| ([\d.]+) % \| ([\d.]+) % \|"
        said = re.search(head, page("chronicle.md"), re.M)
        assert float(said[1]) == pytest.approx(100 * row.chance, **CLOSE)
        assert float(said[2]) == pytest.approx(100 * row.chance_of_others, **CLOSE)
        assert row.is_explained


@pytest.fixture(scope="module")
def evidence():
    return weigh_all()


NAMES = {
    "all but trust": "regression, all but trust",
    "all with trust": "regression, all with trust",
}


def rounded(value):
    return f"{value:.3f}".replace("0.", ".")


def test_the_table_of_evidence_is_that_of_the_page(evidence):
    text = page("chronicle.md")
    assert f"{evidence[0].n_rows:,} member-years, {evidence[0].n_events} exits" in text
    columns = [{score.name: score for score in found.scores} for found in evidence[:2]]
    for name in columns[0]:
        if name == "constant rate":
            continue
        cells = (
            f"{rounded(s.skill)} ({rounded(s.low)} to {rounded(s.high)})"
            for s in (column[name] for column in columns)
        )
        assert f"| {NAMES.get(name, name)} | {' | '.join(cells)} |" in text


def test_the_page_says_what_trust_adds_and_what_it_does_not(evidence):
    by_alliance, _, calls, _ = evidence
    theory = next(s for s in calls.scores if s.name == "theory, nothing fitted")
    assert theory.high < 0, "the page says that the theory is worse than a constant rate here"
    assert calls.trust_adds["theory"][2] < 0 < by_alliance.trust_adds["theory"][1]
    low, high = (rounded(value) for value in (theory.low, theory.high))
    assert f"({rounded(theory.skill)}, {low} to\n{high})" in page("chronicle.md")


def test_members_with_a_rival_protector_broke_as_often_as_the_page_says():
    rows = member_years()
    has_rival = rows["pact"] > 0
    with_one, without = (1000 * rows["broke"][part].mean() for part in (has_rival, ~has_rival))
    said = f"broke in {with_one:.1f} of 1,000 years ({rows['broke'][has_rival].sum()} exits)"
    assert said in page("chronicle.md")
    assert f"members without in {without:.1f}" in page("chronicle.md")


def test_the_relevance_of_the_past_is_that_of_the_page(capsys):
    found = result(capsys, "csto", "--members", "history", "--priors")
    years = {row["year"]: row for row in found["years"]}
    text = page("relevance.md")
    for year in (2020, 2021, 2023, 2024, 2009, 1998):
        assert f"{years[year]['relevance']:.2f}".lstrip("0") in text, year
    for n, part in enumerate(("calls", "answers", "members", "dependents")):
        row = re.search(rf"^\| {part} \|.*$", text, re.M)[0]
        cells = [f"{years[y]['parts'][n]:.2f}".lstrip("0") for y in (2012, 2020, 2023, 2026)]
        assert row.endswith(f"| {' | '.join(cells)} |"), row


@pytest.mark.parametrize(
    "words",
    re.findall(r"`foedus chronicle (csto [^`]*)` \| [-+−]?\d", page("relevance.md")),
)
def test_a_change_does_what_the_page_says(capsys, words):
    said = re.search(rf"{re.escape(words)}` \| ([-+]?[\d.]+)", page("relevance.md"))[1]
    found = result(capsys, *words.split())
    moved = next(row for row in found["changes"] if row["state"] == "relevance")
    assert float(said) == pytest.approx(100 * moved["difference"], **CLOSE)


def test_a_thousand_chronicles_take_seconds(csto):
    csto.timeline  # noqa: B018 - read and compiled before the watch starts
    began = perf_counter()
    run_chronicle(csto, 1000, 1)
    assert perf_counter() - began < 10.0
