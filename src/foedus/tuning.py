"""Tuning by hand and by lot, with the score on the crises one does not look at beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.analysis.forecast import overfitting
from foedus.analysis.forecast.overfitting import Split, search, split_library
from foedus.analysis.inference.priors import quantile
from foedus.data.library import DOCUMENT_CRISES
from foedus.data.register import Parameter, known
from foedus.errors import missing
from foedus.model.ensemble import DEFAULT_SEED
from foedus.model.numbers import Array
from foedus.notebook import shown

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from foedus.plots.frame import Picture

TUNED = ("rho", "gamma", "tau_consult", "gap_support", "gap_deploy", "eta")
"""Parameters that one is tempted to tune: influence, and where the bars stand."""


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
    from foedus.plots.forecast_scores import overfitting_picture

    crises = split_library(seen, n_runs, seed)
    fits, defaults = search(crises, names, n_settings), crises.fits({})
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
    named = [widgets.VBox([_words(widgets, known(name)), sliders[name]]) for name in names]
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
    return widgets.VBox([*named, button, status, output])


def _words(widgets: Any, row: Parameter) -> Any:
    """A slider's name above it: beside it, long ones are cut."""
    return widgets.Label(f"{re.split('[:;]', row.description)[0]} ({row.name})")


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
        from foedus.plots.forecast_scores import tuning_picture
        from foedus.plots.words import short_title

        points = {name: np.array([value]) for name, value in values.items()}
        fits = self.crises.fits(points)
        self.tried.append(fits.rps[0])
        rows = np.flatnonzero(self.crises.is_seen)
        panel = self.crises.panel
        titles = [short_title(panel.cases[k]).replace(" and Nagorno-Karabakh", "") for k in rows]
        bars = [
            (title, fits.forecasts[0][k], int(panel.observed[k]))
            for title, k in zip(titles, rows, strict=True)
        ]
        source = ", ".join(f"{name} {value:g}" for name, value in values.items())
        source += f" · {self.crises.n_runs} runs each, seed {self.crises.seed}"
        return tuning_picture(bars, self.tried, fits, source)
