"""For notebooks: a figure by its kind, and sliders that show the score beside the fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.analysis import baselines, scores
from foedus.analysis.likelihood import answer_shares, smoothed, trials_of
from foedus.analysis.panel import Panel, panel_of
from foedus.core.numbers import Array
from foedus.data.library import load, load_all
from foedus.data.register import known
from foedus.data.terms import LEVELS
from foedus.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from foedus.engines.ensemble import Setup

DOCUMENT_CRISES = (
    "kazakhstan-2022",
    "armenia-2020",
    "kyrgyzstan-2010",
    "tajikistan-2010",
    "ukraine-2022",
)
"""The crises of the source document (¶12 and ¶14)."""


def figure(kind: str, setup: Setup | None = None, **wanted: Any) -> Figure:
    """A figure as ``foedus plot`` draws it.

    Parameters
    ----------
    kind
        For example ``story``, ``ensemble``, ``network``, ``why``, ``response``, ``history``.
    setup
        Of the case, where the kind shows one.
    wanted
        Further fields of :class:`foedus.faces.plots.catalogue.Wanted`.

    Raises
    ------
    UsageError
        If the kind is unknown or needs what is not given.
    """
    from foedus.faces.plots.catalogue import Wanted, kind_of
    from foedus.faces.plots.frame import framed

    return framed(kind_of(kind).build(Wanted(setup=setup, **wanted)))


def fit_and_test(
    parameters: Mapping[str, float],
    seen: Sequence[str] = DOCUMENT_CRISES,
    *,
    n_runs: int = 200,
    seed: int = 1,
) -> pd.DataFrame:
    """Scores of some parameters on crises one looks at, and on those one does not.

    Parameters
    ----------
    parameters
        Values by name of the register.
    seen
        Ids of the crises that are tuned to.

    Returns
    -------
    DataFrame
        Rows ``seen`` and ``not seen``: number of crises, mean ranked probability score, skill
        against the base rate, and how often the most probable answer is the historical one.
    """
    import pandas as pd

    panel = panel_of(load_all())
    forecasts = _forecasts(panel, parameters, n_runs, seed)
    rps = scores.ranked_probability_score(forecasts, panel.observed)
    reference = scores.ranked_probability_score(baselines.base_rate(panel.observed), panel.observed)
    looked_at = np.isin(np.array(panel.ids), list(seen))
    rows = {}
    for label, held in (("seen", looked_at), ("not seen", ~looked_at)):
        right = forecasts[held].argmax(axis=1) == panel.observed[held]
        rows[label] = {
            "crises": int(held.sum()),
            "RPS": float(rps[held].mean()),
            "skill": scores.skill(rps[held], reference[held]),
            "right": int(right.sum()),
        }
    return pd.DataFrame(rows).T


def _forecasts(panel: Panel, parameters: Mapping[str, float], n_runs: int, seed: int) -> Array:
    """Probability of each answer (crisis, level) under some parameters."""
    points = {name: np.array([value]) for name, value in parameters.items()}
    shares = answer_shares(trials_of(panel, None, n_runs, seed), points)
    return np.asarray(smoothed(shares, n_runs)[0])


def tuner(
    names: Sequence[str] = ("rho", "gamma", "tau_consult", "gap_support", "gap_deploy", "eta"),
    seen: Sequence[str] = DOCUMENT_CRISES,
    n_runs: int = 200,
) -> Any:
    """Sliders for some parameters: the forecasts of the crises seen, and the score on the others.

    Raises
    ------
    UsageError
        If ipywidgets is not installed.
    """
    try:
        import ipywidgets as widgets
    except ImportError:
        raise UsageError("sliders need ipywidgets: pip install 'foedus[notebooks]'") from None

    sliders = {name: _slider(widgets, name) for name in names}

    def show(**values: float) -> None:
        from IPython.display import display

        for table in (
            forecast_table(values, seen, n_runs),
            fit_and_test(values, seen, n_runs=n_runs).round(2),
        ):
            display(table)  # type: ignore[no-untyped-call]

    shown = widgets.interactive_output(show, sliders)
    return widgets.VBox([*sliders.values(), shown])


def _slider(widgets: Any, name: str) -> Any:
    row = known(name)
    reach = 3.0 * max(abs(row.default), 0.5)
    return widgets.FloatSlider(
        value=row.default,
        min=max(row.low, min(0.0, row.default - reach)),
        max=min(row.high, row.default + reach),
        step=0.05,
        description=name,
        continuous_update=False,
        tooltip=row.description,
        style={"description_width": "110px"},
        layout={"width": "480px"},
    )


def forecast_table(
    parameters: Mapping[str, float], seen: Sequence[str] = DOCUMENT_CRISES, n_runs: int = 200
) -> pd.DataFrame:
    """Probability of each answer for the crises seen, beside history."""
    import pandas as pd

    panel = panel_of(load(name) for name in seen)
    forecasts = _forecasts(panel, parameters, n_runs, seed=1)
    table = pd.DataFrame(forecasts, index=list(panel.ids), columns=list(LEVELS)).round(2)
    table["history"] = [LEVELS[level] for level in panel.observed]
    return table
