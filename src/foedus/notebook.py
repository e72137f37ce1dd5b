"""For notebooks: figures that show themselves, tables, commands, and tuning by hand and by lot.

Tuning shows the score on the crises that one does not look at beside the score on the others.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from foedus.analysis.explain.comparison import compare
from foedus.analysis.explain.response import response_surface
from foedus.analysis.forecast import overfitting
from foedus.analysis.forecast.overfitting import Split, split_library
from foedus.analysis.forecast.tournament import Tournament
from foedus.analysis.inference.priors import quantile
from foedus.analysis.summary import summarise
from foedus.data.library import DOCUMENT_CRISES
from foedus.data.register import Parameter, known
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS
from foedus.errors import missing
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, ensemble
from foedus.model.numbers import Array
from foedus.model.setup import SetupLike, setup_of
from foedus.plots.answer_curve import surface_picture
from foedus.plots.catalogue import kind_of
from foedus.plots.forecast_scores import overfitting_picture, tournament_picture, tuning_picture
from foedus.plots.frame import Picture, framed
from foedus.plots.wanted import Wanted
from foedus.plots.words import short_title

TUNED = ("rho", "gamma", "tau_consult", "gap_support", "gap_deploy", "eta")
"""Parameters that one is tempted to tune: influence, and where the bars stand."""


def figure(kind: str, setup: SetupLike | None = None, **wanted: Any) -> Figure:
    """A figure as ``foedus plot`` draws it.

    Args:
        kind: For example ``story``, ``ensemble``, ``network``, ``why``, ``response``, ``history``.
        setup: Of the crisis, or its id, where the kind shows one.
        wanted: Further fields of :class:`foedus.plots.wanted.Wanted`.

    Raises:
        UsageError: If the kind is unknown or needs what is not given.
    """
    made = None if setup is None else setup_of(setup)
    return shown(kind_of(kind).build(Wanted(setup=made, **wanted)))


def shown(picture: Picture) -> Figure:
    """A figure that a notebook draws when it is the last value of a cell."""
    try:
        from IPython.core.getipython import get_ipython
        from IPython.core.pylabtools import select_figure_formats
    except ImportError:
        return framed(picture)
    if shell := get_ipython():
        select_figure_formats(shell, {"retina"})  # type: ignore[no-untyped-call]
    return framed(picture)


def tournament_figure(held: Tournament) -> Figure:
    """The scores of a tournament that has been held."""
    drawn = f"{held.n_draws} draws from the priors, {held.n_runs} runs each, seed {held.seed}"
    return shown(tournament_picture(held, drawn))


def surface_figure(
    setup: SetupLike, first: str, second: str, n_runs: int = 500, seed: int = DEFAULT_SEED
) -> Figure:
    """How the probability of `deploy` follows two parameters or attributes together."""
    setup = setup_of(setup)
    found = response_surface(setup, (first, second), n_runs=n_runs, seed=seed)
    return shown(surface_picture(found, setup))


def codes(*setups: SetupLike) -> pd.DataFrame:
    """What each crisis was coded as, and why: one row an attribute, two columns a crisis."""
    columns = {}
    for setup in map(setup_of, setups):
        crisis = setup.case.scenario.crisis
        coded = {name: getattr(crisis, name) for name in CRISIS_ATTRIBUTES}
        columns[setup.case.id] = {name: code.value for name, code in coded.items()}
        columns[f"{setup.case.id}: why"] = {name: code.why for name, code in coded.items()}
    return pd.DataFrame(columns)


def answers(
    setups: Mapping[str, SetupLike], n_runs: int = DEFAULT_RUNS, seed: int = DEFAULT_SEED
) -> pd.DataFrame:
    """Probability of each answer in %, one row a setup, all under the same chance."""
    rows = {
        label: summarise(ensemble(setup, n_runs, seed)).p_levels for label, setup in setups.items()
    }
    return (100 * pd.DataFrame(rows, index=list(LEVELS)).T).round(1)


def differences(
    pairs: Mapping[str, tuple[SetupLike, SetupLike]],
    n_runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
) -> pd.DataFrame:
    """What each change does to the probability of `deploy`, under the same chance.

    Args:
        pairs: By label: the setup before, and after the change.

    Returns:
        DataFrame: In percentage points: ``before``, ``after``, ``difference`` and its standard
            ``error``.
    """
    rows = {}
    for label, (before, after) in pairs.items():
        deploy = compare(before, after, n_runs, seed).of("p_deploy")
        values = (deploy.first, deploy.second, deploy.difference, deploy.error)
        rows[label] = [100 * value for value in values]
    return pd.DataFrame(rows, index=["before", "after", "difference", "error"]).T.round(1)


def command(line: str) -> None:
    """Run a command of foedus, for example ``foedus validate my-crisis.yaml``.

    What it prints appears below the cell, errors included; it raises nothing.
    """
    words = shlex.split(line.removeprefix("foedus "))
    done = subprocess.run(
        [sys.executable, "-m", "foedus", *words], capture_output=True, text=True, check=False
    )
    print(done.stdout + done.stderr, end="")


def blind_search(
    seen: Sequence[str] = DOCUMENT_CRISES,
    names: Sequence[str] = TUNED,
    n_settings: int = 300,
    n_runs: int = 50,
    seed: int = DEFAULT_SEED,
) -> Figure:
    """Try settings drawn from the priors, and see what the best fit to some is worth elsewhere.

    Args:
        seen: Ids of the crises that the setting is chosen on.
        names: Parameters that differ between settings.
        n_settings: Settings tried.
        n_runs: Runs of each setting and crisis.
    """
    crises = split_library(seen, n_runs, seed)
    fits, defaults = overfitting.search(crises, names, n_settings), crises.fits({})
    source = f"{n_settings} settings of {', '.join(names)} · {n_runs} runs each, seed {seed}"
    return shown(overfitting_picture(fits, defaults.rps[0], source))


def score_table(
    parameters: Mapping[str, float], seen: Sequence[str] = DOCUMENT_CRISES, n_runs: int = 200
) -> pd.DataFrame:
    """Scores of some parameters on the crises one looks at, and on those one does not.

    The columns are those of :func:`foedus.analysis.forecast.overfitting.score_table`.
    """
    return overfitting.score_table(split_library(seen, n_runs), parameters).round(2)


def tuner(
    names: Sequence[str] = TUNED, seen: Sequence[str] = DOCUMENT_CRISES, n_runs: int = 200
) -> Any:
    """Sliders for some parameters; below them the crises seen, and the score on the others.

    Every setting tried leaves a dot. The sliders reach as far as 95 % of the priors.

    Raises:
        UsageError: If ipywidgets is not installed.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        raise missing("a slider", "ipywidgets", "notebooks") from None

    sliders = {name: _slider(widgets, known(name)) for name in names}
    # a name stands above its slider: beside it, long ones are cut
    words = (re.split("[:;]", known(name).description)[0] + f" ({name})" for name in names)
    above = zip(map(widgets.Label, words), sliders.values(), strict=True)
    status = widgets.Label()
    board = _Board(split_library(seen, n_runs))

    def show(**values: float) -> None:
        from IPython.display import display

        status.value = "Simulating: the figure is still the one before."
        display(shown(board.at(values)))  # type: ignore[no-untyped-call]
        status.value = ""

    def reset(_: object) -> None:
        for name, slider in sliders.items():
            slider.value = known(name).default

    button = widgets.Button(description="Back to the defaults")
    button.on_click(reset)
    output = widgets.interactive_output(show, sliders)
    return widgets.VBox([*map(widgets.VBox, above), button, status, output])


def _slider(widgets: Any, row: Parameter) -> Any:
    low, high = quantile(row, np.array([0.025, 0.975]))
    return widgets.FloatSlider(
        value=row.default,
        min=float(np.floor(20 * low) / 20),
        max=float(np.ceil(20 * high) / 20),
        step=0.05,
        continuous_update=False,
        layout={"width": "95%", "max_width": "600px"},
    )


class _Board:
    """What the sliders have shown so far: the crises, and the scores of every setting tried."""

    def __init__(self, crises: Split) -> None:
        self.crises = crises
        self.tried: list[Array] = []

    def at(self, values: Mapping[str, float]) -> Picture:
        """The picture of a setting, which joins those tried."""
        fits = self.crises.fits({name: np.array([value]) for name, value in values.items()})
        self.tried.append(fits.rps[0])
        panel, bars = self.crises.panel, []
        for k in np.flatnonzero(self.crises.is_seen):
            title = short_title(panel.cases[k]).replace(" and Nagorno-Karabakh", "")
            bars.append((title, fits.forecasts[0][k], int(panel.observed[k])))
        source = ", ".join(f"{name} {value:g}" for name, value in values.items())
        source += f" · {self.crises.n_runs} runs each, seed {self.crises.seed}"
        return tuning_picture(bars, self.tried, fits, source)
