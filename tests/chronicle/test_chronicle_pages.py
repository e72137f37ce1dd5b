"""The pages on chronicles say what the commands say, and the notebook's kind of work is quick."""

from __future__ import annotations

import json
import re
from pathlib import Path
from time import perf_counter

import pytest

from foedus.chronicle.chronicle import run_chronicle
from foedus.chronicle.exits import explain_exits
from foedus.chronicle.hazard_evidence import weigh_all
from foedus.cli import run

DOCS = Path(__file__).parents[2] / "docs"


def page(name):
    return (DOCS / name).read_text(encoding="utf-8").replace("−", "-")


def result(capsys, *words):
    assert run(["chronicle", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_exits_are_those_of_the_page(csto):
    names = {"AZE": "Azerbaijan", "GEO": "Georgia", "UZB": "Uzbekistan", "ARM": "Armenia"}
    text = page("chronicle.md")
    for row in explain_exits(csto):
        line = (
            f"| {names[row.state]} {row.year} | {100 * row.chance:.1f} % | "
            f"{100 * row.chance_of_others:.1f} % |"
        )
        assert line in text, line
        assert row.is_explained


def test_the_evidence_is_that_of_the_page():
    text = page("chronicle.md").replace("0.", ".")
    by_alliance, by_time, calls, _ = weigh_all()
    assert f"{by_alliance.n_rows:,} member-years, {by_alliance.n_events} exits" in text
    for found in (by_alliance, by_time):
        theory = next(s for s in found.scores if s.name == "theory, level fitted")
        assert (
            f"{theory.skill:.3f} ({theory.low:.3f} to {theory.high:.3f})".replace("0.", ".") in text
        )
    asks = next(s for s in calls.scores if s.name == "theory, nothing fitted")
    assert f"{asks.skill:.3f}".replace("0.", ".") in text


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
    re.findall(r"`foedus chronicle (csto [^`]*--answer [^`]*)` \| [-+−]", page("relevance.md")),
)
def test_a_change_does_what_the_page_says(capsys, words):
    said = re.search(rf"{re.escape(words)}` \| ([-+]?[\d.]+)", page("relevance.md"))[1]
    found = result(capsys, *words.split())
    moved = next(row for row in found["changes"] if row["state"] == "relevance")
    assert f"{100 * moved['difference']:+.1f}" == said


def test_a_thousand_chronicles_take_seconds(csto):
    csto.crises  # noqa: B018 - read and compiled before the watch starts
    began = perf_counter()
    run_chronicle(csto, 1000, 1)
    assert perf_counter() - began < 10.0
