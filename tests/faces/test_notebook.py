"""What notebooks use: figures show themselves, tables hold what was run, sliders do something."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pages import KEY, LESSON, key_of, text_of

import foedus
from foedus import notebook
from foedus.analysis.forecast.overfitting import split_library
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS
from foedus.errors import UsageError
from foedus.notebook import (
    _Board,
    answers,
    codes,
    command,
    differences,
    figure,
    surface_figure,
    tuner,
)
from foedus.plots.forecast_scores import draw_fits, finding, overfitting_picture

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
needs_jupyter = pytest.mark.skipif(
    find_spec("ipywidgets") is None, reason="needs the extra `notebooks`"
)
SEEN = ("kazakhstan-2022", "armenia-2020")


@pytest.fixture
def kazakhstan():
    return foedus.prepare("kazakhstan-2022")


@pytest.fixture
def shell():
    """A shell as a kernel has one; it is gone after the test."""
    from IPython.core.interactiveshell import InteractiveShell

    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@needs_jupyter
def test_a_figure_is_shown_as_a_picture(kazakhstan, shell):
    formats, _ = shell.display_formatter.format(figure("network", kazakhstan))
    assert formats["image/png"]


@needs_jupyter
def test_a_figure_that_nobody_registered_is_shown_as_its_name(shell):
    from matplotlib.figure import Figure

    formats, _ = shell.display_formatter.format(Figure())
    assert "image/png" not in formats


def test_a_figure_can_be_had_without_a_notebook(kazakhstan):
    assert figure("why", kazakhstan, member="BLR").get_figwidth() > 0


def test_the_table_of_answers_is_that_of_the_ensembles(kazakhstan):
    table = answers({"as it was": kazakhstan}, n_runs=200)
    expected = foedus.summarise(foedus.ensemble(kazakhstan, 200, 1)).p_levels
    assert list(table.columns) == list(LEVELS)
    assert table.loc["as it was"].to_list() == [round(100 * p, 1) for p in expected]


def test_the_table_of_differences_adds_up(kazakhstan):
    weaker = foedus.prepare("kazakhstan-2022", {"rho": 0})
    row = differences({"no influence": (kazakhstan, weaker)}, n_runs=200).loc["no influence"]
    assert row["difference"] == pytest.approx(row["after"] - row["before"], abs=0.11)
    assert row["error"] > 0


def test_the_codes_of_a_crisis_stand_beside_their_reasons(kazakhstan):
    table = codes(kazakhstan)
    crisis = kazakhstan.case.scenario.crisis
    assert list(table.index) == list(CRISIS_ATTRIBUTES)
    assert table.loc["threat"].to_list() == [crisis.threat.value, crisis.threat.why]


def test_a_command_prints_its_errors_too(tmp_path, capsys):
    command(f"foedus validate {tmp_path}/nowhere.yaml")
    assert "nowhere.yaml" in capsys.readouterr().out


def test_a_surface_is_drawn_for_two_numbers(kazakhstan):
    drawn = surface_figure(kazakhstan, "RUS.stake", "escalation", n_runs=20)
    assert {"RUS.stake", "escalation"} <= {
        words for ax in drawn.subfigs[1].axes for words in (ax.get_xlabel(), ax.get_ylabel())
    }


def test_every_setting_tried_leaves_a_dot_and_the_title_says_what_it_is_worth():
    board = _Board(split_library(SEEN, n_runs=4))
    first = board.at({"rho": 1.0})
    assert "as at the defaults" in first.finding
    board.at({"rho": 1.0, "gap_deploy": 6.0})
    assert len(board.tried) == 2


def test_the_best_fit_is_marked_among_the_dots():
    fits = split_library(SEEN, n_runs=4).fits({"gap_deploy": np.array([0.5, 1.0, 6.0])})
    drawn = overfitting_picture(fits, (0.1, 0.5), "a test")
    assert f"{len(fits.rps)} settings on 2 crises" in finding(fits)
    from matplotlib.figure import Figure

    canvas = Figure()
    drawn.paint(canvas)
    (ax,) = canvas.axes
    assert len(ax.collections[0].get_offsets()) == 3
    best = ax.lines[-1].get_xydata()[0]
    assert best.tolist() == fits.rps[fits.best].tolist()


def test_the_dots_lie_where_the_scores_are():
    from matplotlib.figure import Figure

    fits = SimpleNamespace(base_rate=(0.8, 0.7), n_crises=(5, 24))
    ax = draw_fits(Figure().subplots(), [(0.1, 0.6), (0.2, 0.5)], [], fits)
    assert ax.collections[0].get_offsets().tolist() == [[0.1, 0.6], [0.2, 0.5]]


@needs_jupyter
def test_a_moved_slider_is_a_new_setting_and_the_button_goes_back_to_the_defaults(monkeypatch):
    seen, said = [], []

    def shown(picture):
        seen.append(picture.source)
        said.append(status.value if seen[1:] else "")

    monkeypatch.setattr(notebook, "shown", shown)
    box = tuner(names=("rho", "eta"), seen=SEEN, n_runs=4)
    *named, button, status, _ = box.children
    (words, rho), (_, eta) = (one.children for one in named)
    assert words.value == "Weight of the lead state's influence (rho)"
    before = (rho.value, eta.value)
    rho.value = rho.max
    assert f"rho {before[0]:g}," in seen[0]
    assert f"rho {rho.max:g}," in seen[1]
    button.click()
    assert (rho.value, eta.value) == before
    assert len(seen) == 3
    assert all("Simulating" in words for words in said[1:])
    assert status.value == "", "nothing is said any more once the figure is there"


def test_sliders_for_a_parameter_that_is_none_are_refused():
    with pytest.raises(UsageError):
        tuner(names=("rhoo",), seen=SEEN, n_runs=2)


# The notebooks as files


def cells(path):
    import json

    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert code
    assert all(not c["outputs"] and c["execution_count"] is None for c in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_links_to_is_there(path):
    text = "".join("".join(cell["source"]) for cell in cells(path))
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (path.parent / target).exists(), target


def test_the_teachers_key_holds_what_the_lesson_prints():
    text = "".join("".join(cell["source"]) + "\n" for cell in cells(LESSON))
    said, printed = key_of(text, text_of("teaching.md"))
    assert said
    assert said == printed


def test_the_pupils_notebook_does_not_hold_the_key():
    pupils = LESSON.read_text(encoding="utf-8")
    guide = text_of("teaching.md")
    shares = re.findall(r"^\| [A-Z][^|]* \| [\d.]+ \|$", guide[guide.index(KEY) :], re.MULTILINE)
    assert shares
    assert [row for row in shares if row in pupils] == []
    assert "<details>" not in pupils
