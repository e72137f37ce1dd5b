"""Ordered logistic regression on coded attributes: the baseline a statistician would try first.

McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x, with a normal prior on each standardised
coefficient, since a dozen attributes on a few dozen crises separate the levels perfectly and
leave the plain estimate without a maximum. The tests hold it against statsmodels, which takes a
hundred times as long.

With unit weights (Dawes 1979, doi:10.1037/0003-066X.34.7.571) every attribute counts alike, by
the sign that theory gives it; only how the sum becomes a level is learned. Such improper linear
models are hard to beat with few cases.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from foedus.analysis.forecast.scores import Panel
from foedus.analysis.intervals import Groups
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.register import parameters
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS, Level
from foedus.model.numbers import Array

RIDGE = 4.0
"""Precision of the prior on each standardised coefficient: a standard deviation of one half."""

LOOSE = 0.04
"""The same for the one slope of a sum with unit weights: a standard deviation of five."""

ALL_ATTRIBUTES = (
    *CRISIS_ATTRIBUTES,
    *(f"patron.{name}" for name in ("alignment", "stake", "ties", "overextension")),
)
"""Every attribute of the crisis, and the lead state's own."""

AGAINST = ("capacity", "escalation", "patron.ties", "patron.overextension")
SIGNS = np.array([-1.0 if name in AGAINST else 1.0 for name in ALL_ATTRIBUTES])
"""1 where an attribute speaks for an answer, -1 where against one (model, section 3)."""


def attribute_table(panel: Panel, names: Iterable[str]) -> Array:
    """Codes of each crisis (crisis, attribute); ``patron.stake`` names the lead state's own."""
    return np.array([[_value(case, name) for name in names] for case in panel.cases])


def _value(case: Case, name: str) -> float:
    lead_state, _, attribute = name.rpartition(".")
    if lead_state:
        return mean(getattr(case.scenario.members[case.patron], attribute))
    return float(getattr(case.scenario.crisis, attribute).value)


def leave_one_out_regression(
    attributes: Array,
    observed: NDArray[np.integer],
    ridge: float = RIDGE,
    *,
    signs: Array | None = None,
    groups: Groups | None = None,
    n_levels: int = len(LEVELS),
) -> Array:
    """Forecast each crisis from a regression of the others' levels on attributes (crisis, level).

    Args:
        attributes, observed: (crisis, attribute), and levels (crisis,), 0 to `n_levels` less 1.
        ridge: Precision of the normal prior on each standardised coefficient.
        signs: 1 or -1 for each attribute: their sum, so signed, stands in for them.
        groups: Group of each row (crisis,), left out whole; by default each row is its own.
    """
    own = np.arange(len(observed)) if groups is None else groups
    rows = []
    for group, new in zip(own, attributes, strict=True):
        known, levels = attributes[own != group], observed[own != group]
        if len(set(levels)) == 1:  # nothing to tell apart: as the base rate has it
            counts = np.bincount(levels, minlength=n_levels) + 1.0
            rows.append(counts / counts.sum())
            continue
        known, new = _standardised(known, new)
        if signs is not None:
            known, new = _standardised((known @ signs)[:, None], np.atleast_1d(new @ signs))
        seen, place = np.unique(levels, return_inverse=True)
        slopes, cuts = ordered_logit(place, known, ridge)
        chances = np.zeros(n_levels)  # none for levels that the known crises never saw
        chances[seen] = np.diff(_sigmoid(cuts - new @ slopes), prepend=0.0, append=1.0)
        weight = 1.0 / (len(levels) + 1.0)
        rows.append((1.0 - weight) * chances + weight / n_levels)
    return np.stack(rows)


def unit_weights(attributes: Array, signs: ArrayLike, observed: NDArray[np.integer]) -> Array:
    """The same by the signed sum of the standardised attributes, whose slope alone is learned."""
    return leave_one_out_regression(attributes, observed, LOOSE, signs=np.asarray(signs))


def with_floor(forecasts: Array, panel: Panel) -> Array:
    """Forecasts in which a council with a written procedure meets when it is asked to.

    Where the model's floor holds (``convenes_at``), `none` gives the share ``p_convene`` of its
    probability to `consult`; both at the register's defaults.
    """
    p = parameters({})
    institution, asked = attribute_table(panel, ("institution", "asked")).T
    meets = (institution >= p["convenes_at"]) & (asked >= Level.CONSULT)
    moved = forecasts[:, Level.NONE] * meets * p["p_convene"]
    floored = forecasts.copy()
    floored[:, Level.NONE] -= moved
    floored[:, Level.CONSULT] += moved
    return floored


def _standardised(known: Array, new: Array) -> tuple[Array, Array]:
    """Both on the scale of the known (crisis, attribute), of which some may not vary."""
    centre, scale = known.mean(axis=0), known.std(axis=0)
    scale = np.where(scale > 1e-12, scale, 1.0)
    return (known - centre) / scale, (new - centre) / scale


def ordered_logit(levels: NDArray[np.int64], x: Array, ridge: float) -> tuple[Array, Array]:
    """Slopes (attribute,) and rising cuts (level - 1,) of the most probable ordered logit.

    It takes levels (crisis,), 0 to n without a gap, of which there are two or more, and
    standardised attributes (crisis, attribute).
    """
    from scipy.optimize import minimize

    n_slopes, below = x.shape[1], np.cumsum(np.bincount(levels))[:-1] / len(levels)
    cuts = np.log(below / (1.0 - below))
    steps = np.log(np.maximum(np.diff(cuts), 0.1))
    start = np.concatenate([np.zeros(n_slopes), cuts[:1], steps])
    found = minimize(_loss, start, (levels, x, ridge), jac=True, method="BFGS").x
    return found[:n_slopes], _cuts(found[n_slopes:])


def _cuts(raw: Array) -> Array:
    """Rising cuts from the first one and the logarithms of the steps between them."""
    return np.cumsum(np.concatenate([raw[:1], np.exp(raw[1:])]))


def _loss(at: Array, levels: NDArray[np.int64], x: Array, ridge: float) -> tuple[float, Array]:
    """Minus the log posterior, and its gradient."""
    slopes, raw = at[: x.shape[1]], at[x.shape[1] :]
    edges = np.concatenate([[-np.inf], _cuts(raw), [np.inf]])
    line = x @ slopes
    upper, lower = _sigmoid(edges[levels + 1] - line), _sigmoid(edges[levels] - line)
    chance = np.maximum(upper - lower, 1e-300)
    rise, fall = upper * (1.0 - upper) / chance, lower * (1.0 - lower) / chance
    by_level = [(levels == k) for k in range(len(raw) + 1)]
    by_cut = [fall[by_level[k + 1]].sum() - rise[by_level[k]].sum() for k in range(len(raw))]
    by_step = np.cumsum(by_cut[::-1])[::-1] * np.concatenate([[1.0], np.exp(raw[1:])])
    gradient = np.concatenate([x.T @ (rise - fall) + ridge * slopes, by_step])
    return float(-np.log(chance).sum() + 0.5 * ridge * slopes @ slopes), gradient


def _sigmoid(x: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(x))
