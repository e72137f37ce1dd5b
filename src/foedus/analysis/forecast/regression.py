"""Ordered logistic regression on coded attributes: the baseline a statistician would try first.

The likelihood and its optimiser are statsmodels' ``OrderedModel``; a standard normal prior on
each standardised coefficient is added to it, since a dozen attributes on thirty crises separate
the levels perfectly and leave the plain estimate without a maximum.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.panel import Panel
from foedus.data.schema import mean
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS
from foedus.errors import missing
from foedus.model.numbers import Array

RIDGE = 4.0
"""Precision of the prior on each standardised coefficient: a standard deviation of one half."""

PATRON_ATTRIBUTES = ("alignment", "stake", "ties", "overextension")


def attribute_table(panel: Panel, names: tuple[str, ...]) -> Array:
    """Codes of each crisis (crisis, attribute); ``patron.stake`` names the patron's own."""
    return np.array([[_value(panel, i, name) for name in names] for i in range(len(panel))])


def all_attributes() -> tuple[str, ...]:
    """Every attribute of the crisis, and the patron's."""
    return (*CRISIS_ATTRIBUTES, *(f"patron.{name}" for name in PATRON_ATTRIBUTES))


def _value(panel: Panel, i: int, name: str) -> float:
    case = panel.cases[i]
    _, dot, attribute = name.rpartition(".")
    if dot:
        return mean(getattr(case.scenario.members[case.patron], attribute))
    return float(getattr(case.scenario.crisis, attribute).value)


def leave_one_out_regression(
    attributes: Array, observed: NDArray[np.int64], ridge: float = RIDGE
) -> Array:
    """Forecast each crisis from a regression on the others (crisis, level).

    Parameters
    ----------
    attributes
        (crisis, attribute).
    observed
        Levels (crisis,).
    ridge
        Precision of the normal prior on each standardised coefficient.

    Raises
    ------
    UsageError
        If statsmodels is not installed.
    """
    n = len(observed)
    rows = []
    for i in range(n):
        rest = np.delete(np.arange(n), i)
        rows.append(_forecast(attributes[rest], observed[rest], attributes[i], ridge))
    return np.stack(rows)


def _forecast(known: Array, levels: NDArray[np.int64], new: Array, ridge: float) -> Array:
    centre, scale = known.mean(axis=0), known.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    seen = np.unique(levels)
    fitted = _penalised(levels, (known - centre) / scale, ridge)
    chances = np.zeros(len(LEVELS))
    chances[seen] = np.asarray(fitted.predict(((new - centre) / scale)[None, :]))[0]
    weight = 1.0 / (len(levels) + 1.0)
    return np.asarray((1.0 - weight) * chances + weight / len(LEVELS))


def _penalised(levels: NDArray[np.int64], standardised: Array, ridge: float) -> Any:
    try:
        from statsmodels.miscmodels.ordinal_model import OrderedModel
    except ImportError:
        raise missing("ordered regression", "statsmodels", "evidence") from None

    n_attributes = standardised.shape[1]

    class Ridge(OrderedModel):  # type: ignore[misc]
        """statsmodels' likelihood with a normal prior on the coefficients."""

        def loglike(self, params: Array) -> float:
            slopes = params[:n_attributes]
            return float(super().loglike(params) - 0.5 * ridge * np.dot(slopes, slopes))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns about the Hessian it does not need
        return Ridge(levels, standardised, distr="logit").fit(
            method="lbfgs", maxiter=300, disp=False, skip_hessian=True
        )
