"""How well probabilities of a yes or no say who said yes, against the share of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.analysis.forecast.scores import bootstrap_indices
from foedus.data.terms import Mechanism
from foedus.model.draws import uniforms
from foedus.model.numbers import Array


@dataclass(frozen=True)
class RequestScore:
    """How well a set of probabilities says who asked.

    Attributes
    ----------
    name
        As printed.
    n, n_asked
        Crises, and those whose government asked.
    brier
        Mean squared error, lower is better.
    base_rate
        The same for the share of askers among the other crises.
    gain, interval
        Base rate less the model, above 0 where the model is better, with its 90 % bootstrap
        interval over crises.
    p_ranked
        Probability that a government that asked is given more than one that did not; nan where
        there are not both.
    """

    name: str
    n: int
    n_asked: int
    brier: float
    base_rate: float
    gain: float
    interval: tuple[float, float]
    p_ranked: float


def score_of(name: str, given: Sequence[float], asked: Sequence[bool]) -> RequestScore:
    """Score probabilities of asking against who asked.

    Parameters
    ----------
    given
        Probabilities (crisis,), in [0, 1].
    asked
        Whether each government asked (crisis,).
    """
    p, happened = np.asarray(given, dtype=np.float64), np.asarray(asked, dtype=np.float64)
    ours = (p - happened) ** 2
    theirs = (share_of_others(happened) - happened) ** 2
    drawn = bootstrap_indices(uniforms(0, Mechanism.STUDY, 0, 0, n_days=len(p)).T)
    low, high = np.quantile((theirs - ours)[drawn].mean(axis=1), [0.05, 0.95])
    return RequestScore(
        name=name,
        n=len(p),
        n_asked=int(happened.sum()),
        brier=float(ours.mean()),
        base_rate=float(theirs.mean()),
        gain=float((theirs - ours).mean()),
        interval=(float(low), float(high)),
        p_ranked=ranked(p[happened == 1], p[happened == 0]),
    )


def share_of_others(happened: Array) -> Array:
    """Share of askers among the other crises (crisis,), one of each kind added (Laplace)."""
    return np.asarray((happened.sum() - happened + 1.0) / (len(happened) - 1.0 + 2.0))


def ranked(askers: Array, others: Array) -> float:
    """Probability that one of `askers` is given more than one of `others`; a tie counts half."""
    if not (len(askers) and len(others)):
        return float("nan")
    apart = askers[:, None] - others[None, :]
    return float(np.mean((apart > 0) + 0.5 * (apart == 0)))
