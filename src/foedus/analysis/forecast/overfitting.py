"""What a fit to some crises is worth on the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.baselines import base_rate
from foedus.analysis.forecast.scores import Panel, panel_of, ranked_probability_score
from foedus.analysis.inference.likelihood import Trial, answer_shares, smoothed, trials_of
from foedus.analysis.inference.priors import prior_draws
from foedus.data.library import load_all
from foedus.data.register import known
from foedus.errors import UsageError, did_you_mean
from foedus.model.numbers import Array

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Split:
    """The library's crises, made ready once, in two parts: those tuned to, and the others.

    Attributes:
        is_seen: Whether a crisis is tuned to (crisis,).
    """

    panel: Panel
    trials: list[Trial]
    is_seen: NDArray[np.bool_]
    n_runs: int
    seed: int

    def fits(self, points: Mapping[str, Array]) -> Fits:
        """How well each point does on both parts; values by name, each (point,)."""
        observed, parts = self.panel.observed, (self.is_seen, ~self.is_seen)
        forecasts = smoothed(answer_shares(self.trials, points), self.n_runs)
        rps = np.stack([ranked_probability_score(row, observed) for row in forecasts])
        base = ranked_probability_score(base_rate(observed), observed)
        right = forecasts.argmax(axis=2) == observed
        return Fits(
            forecasts=forecasts,
            n_crises=tuple(int(part.sum()) for part in parts),
            rps=np.column_stack([rps[:, part].mean(axis=1) for part in parts]),
            n_right=np.column_stack([right[:, part].sum(axis=1) for part in parts]),
            base_rate=np.array([base[part].mean() for part in parts]),
        )


@dataclass(frozen=True)
class Fits:
    """Scores of settings of some parameters, on the crises tuned to and on the others: two parts.

    Attributes:
        forecasts: Probabilities (point, crisis, level).
        n_crises: Of the two parts.
        rps: Mean ranked probability score (point, part), 0 to 3, lower is better.
        n_right: Crises in which the most probable answer is the historical one (point, part).
        base_rate: Score of the base rate, each crisis left out (part,).
    """

    forecasts: Array
    n_crises: tuple[int, ...]
    rps: Array
    n_right: NDArray[np.int64]
    base_rate: Array

    @property
    def best(self) -> int:
        """The point that fits the crises tuned to best."""
        return int(self.rps[:, 0].argmin())

    @property
    def share_beaten(self) -> float:
        """Share of the other points that score worse than that one on the crises not seen."""
        unseen = self.rps[:, 1]
        return float(np.mean(np.delete(unseen, self.best) > unseen[self.best]))


def split_library(seen: Sequence[str], n_runs: int = 200, seed: int = 1) -> Split:
    """Make the library's crises with a known answer ready, some of them, by id, to be tuned to.

    Raises:
        UsageError: If an id is not that of a crisis with a known answer, or no crisis is left to
            test on.
    """
    panel = panel_of(load_all())
    for name in seen:
        if name not in panel.ids:
            hint = did_you_mean(name, panel.ids)
            raise UsageError(f"no crisis '{name}' with a known answer{hint}")
    is_seen = np.isin(np.array(panel.ids), list(seen))
    if is_seen.all() or not is_seen.any():
        raise UsageError("expected crises to tune to, and others to test on")
    return Split(panel, trials_of(panel, None, n_runs, seed), is_seen, n_runs, seed)


def search(crises: Split, names: Sequence[str], n_points: int) -> Fits:
    """Try settings drawn blindly from the priors of some free parameters of the register."""
    return crises.fits(prior_draws([known(name) for name in names], n_points, crises.seed))


def score_table(crises: Split, parameters: Mapping[str, float]) -> pd.DataFrame:
    """Scores of one setting on both parts.

    Returns:
        DataFrame: Rows ``seen`` and ``not seen``: number of crises, mean ranked probability score,
            skill against the base rate, and how often the most probable answer is the historical
            one.
    """
    import pandas as pd

    fits = crises.fits({name: np.array([value]) for name, value in parameters.items()})
    return pd.DataFrame(
        {
            "crises": fits.n_crises,
            "RPS": fits.rps[0],
            "skill": 1.0 - fits.rps[0] / fits.base_rate,
            "right": fits.n_right[0],
        },
        index=["seen", "not seen"],
    )
