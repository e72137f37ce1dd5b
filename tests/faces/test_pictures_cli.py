"""``foedus plot`` and ``foedus report`` as a person uses them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from collisions import collisions, outside
from html_rules import faults_of
from matplotlib.figure import Figure

from foedus.analysis.forecast.tournament import Entry, Tournament
from foedus.cli import run
from foedus.model.setup import prepare
from foedus.plots import catalogue, style
from foedus.plots.catalogue import KINDS
from foedus.plots.frame import bare, framed
from foedus.plots.wanted import Wanted
from foedus.report.document import WIDTH
from toys import SCENARIO, changed

QUICK = sorted(set(KINDS) - {"tournament", "reliability"})


def words_for(kind, toy):
    words = ["plot", kind]
    if KINDS[kind].of_case:
        words.append(str(toy.write()))
    if "runs" in KINDS[kind].options:
        words += ["--runs", "40"]
    if "along" in KINDS[kind].options:
        words += ["--along", "rho"]
    return words


@pytest.mark.parametrize("kind", QUICK)
def test_every_kind_writes_a_figure_titled_with_its_finding(kind, toy, tmp_path, capsys):
    out = tmp_path / "figure.svg"
    assert run([*words_for(kind, toy), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    finding = said.err.partition(": ")[2].strip()
    drawn = out.read_text(encoding="utf-8")
    assert finding.split()[0] in drawn
    assert "foedus 0." in drawn


def entry(name, kind, skill):
    forecasts = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7], [0.1, 0.7, 0.1, 0.1]])
    scores = np.zeros(3)
    around = (skill - 0.1, skill + 0.1)
    return Entry(name, forecasts, scores, scores, scores, skill, around, 0.0, (0.0, 0.0), kind=kind)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("tournament", "'full', calibrated, forecasts best (skill +0.40)"),
        ("reliability", "compatible with what came in 2 of 2 classes"),
    ],
)
def test_figures_of_the_tournament_are_drawn_from_it(kind, said, tmp_path, monkeypatch, capsys):
    entries = [entry("base rate", "baseline", 0.0), entry("full", "prior", 0.3),
               entry("full", "calibrated", 0.4)]  # fmt: skip

    def hold(panel, *, n_draws, seed, **_):
        short = replace(panel, observed=panel.observed[:3] * 0 + [0, 3, 1])
        return Tournament(short, tuple(entries), n_draws, 8, seed)

    monkeypatch.setattr(catalogue, "hold_tournament", hold)
    out = tmp_path / "figure.svg"
    assert run(["plot", kind, "--draws", "77", "--out", str(out)]) == 0
    assert said in capsys.readouterr().err
    assert "77 draws" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["plot", "netwrok", "--out", "a.png"], "did you mean 'network'"),
        (["plot", "network", "--out", "a.png"], "needs a scenario"),
        (["plot", "history", "kazakhstan-2022", "--out", "a.png"], "takes no scenario"),
        (["plot", "history", "--theory", "realist", "--out", "a.png"], "nothing else"),
        (["plot", "why", "kazakhstan-2022", "--out", "a.pdf"], r".png or .svg"),
        (["plot", "why", "kazakhstan-2022", "--runs", "5", "--out", "a.png"], "takes no --runs"),
        (
            ["plot", "why", "kazakhstan-2022", "--member", "RU", "--out", "a.png"],
            "RU is not a member here; members: ARM",
        ),
        (["plot", "response", "kazakhstan-2022", "--out", "a.png"], "--along"),
        (["plot", "response", "kazakhstan-2022", "--along", "roh", "--out", "a.png"], "'rho'"),
        (["plot", "why", "kazakhstan-2022"], "--out"),
        (["report", "--out", "a.html"], "--all"),
        (["report", "kazakhstan-2022", "--all", "--out", "a.html"], "--all"),
        (["report", "kazakhstan-2022", "--out", "a.txt"], ".html"),
        (["report", "--all", "--set", "rho=0", "--out", "a.html"], "no other option"),
    ],
)
def test_words_that_cannot_be_heeded_end_in_one_line_and_code_2(words, complaint, capsys):
    assert run(words) == 2
    said = capsys.readouterr()
    assert complaint in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


def test_bad_input_ends_with_code_65(capsys):
    assert run(["plot", "why", "kazakhstan-2021", "--out", "a.png"]) == 65
    assert "did you mean 'kazakhstan-2022'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "shaped"),
    [("kazakhstan-2022-larger-membership", framed), ("kyrgyz-tajik-2022", bare)],
)
@pytest.mark.parametrize(
    "kind", ["ensemble", "story", "network", "positions", "control", "why", "tiles"]
)
def test_no_text_runs_into_another_or_out_of_the_figure(name, shaped, kind):
    picture = KINDS[kind].build(Wanted(prepare(name), n_runs=100))
    figure = shaped(picture) if shaped is framed else shaped(picture, WIDTH)
    assert collisions(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize("shaped", [framed, bare])
def test_the_figure_of_all_crises_holds_its_texts_at_a_pages_width(shaped):
    figure = shaped(KINDS["history"].build(Wanted(n_runs=20)), WIDTH)
    assert collisions(figure) == []
    assert outside(figure) == []


def test_a_collision_and_a_cut_text_would_be_found():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 2))
    figure.text(0.5, 0.5, "one")
    figure.text(0.51, 0.51, "two")
    figure.text(0.95, 0.1, "far too long for this place")
    assert collisions(figure) == [("one", "two")]
    assert outside(figure) == ["far too long for this place"]


@pytest.fixture
def fonts(monkeypatch):
    """Say which fonts a machine may have beside the house font."""

    def forget():
        style.families.cache_clear()
        style._drawn.cache_clear()

    def of(*names):
        monkeypatch.setitem(style.HOUSE, "font.sans-serif", ["DejaVu Sans", *names])
        forget()

    yield of
    forget()


@pytest.mark.parametrize("letters", ["吉尔", "한국", "\U0001f9e0"])
def test_letters_that_no_font_has_are_named_in_one_line(letters, toy, tmp_path, capsys, fonts):
    fonts()
    text = changed(SCENARIO, ("title: A toy crisis", f"title: {letters} A toy crisis"))
    case = toy.write(text)
    words = ["plot", str(case), "ensemble", "--runs", "20", "--out"]
    assert run([*words, str(tmp_path / "a.png")]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith(f"no installed font has {' '.join(letters)}; an SVG file shows them")
    assert len(said) == 2
    assert run([*words, str(tmp_path / "a.svg")]) == 0
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert letters in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_a_font_that_is_installed_draws_what_the_house_font_lacks(fonts):
    """A font that comes with matplotlib stands in for those that a machine may have."""
    figure = Figure()
    figure.text(0, 0, "a\u1d81")
    fonts()
    assert style.without_glyph(figure) == "\u1d81"
    fonts("No such font", "STIXGeneral")
    assert style.without_glyph(figure) == ""


def test_a_report_is_written_by_the_command(toy, tmp_path, capsys):
    out = tmp_path / "report.html"
    words = ["report", str(toy.write()), "--runs", "40", "--set", "rho=0.5", "--out", str(out)]
    assert run(words) == 0
    assert f"wrote {out}" in capsys.readouterr().err
    assert faults_of(out.read_text(encoding="utf-8")) == []


def test_help_needs_no_numpy_nor_matplotlib():
    code = (
        "import sys; from foedus.cli import run\n"
        "try:\n    run(['plot', '--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy', 'matplotlib', 'pandas', 'mesa') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
