"""How large a force was, when it came and who sent how many, forecast without its crisis.

The law of 7.6 is estimated from the other deployments of the library, and held beside what a
person would say who knows no more than their median (for shares: that troops go with capability).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from foedus.analysis.intervals import grouped, mean_interval
from foedus.model.compilation import deployments
from foedus.model.forces import law_of, within
from foedus.model.numbers import Array
from foedus.model.situation import Deployment, ForceLaw

SIZE, DAYS, SHARES = "troops in all", "days to arrival", "troops by member"
COVERAGES = (0.5, 0.9)


@dataclass(frozen=True)
class ForceScore:
    """One quantity, over all deployments that record it.

    Attributes
    ----------
    crises
        Id of the crisis of each value (value,).
    errors, baseline_errors
        Log of forecast over record (value,), signed; the days with one added.
    gain_interval
        90 % interval of the mean absolute error of the baseline less the law's, crises drawn again
        whole.
    coverage
        Share of records inside the central 50 % and 90 % intervals of the law.
    """

    what: str
    baseline: str
    crises: tuple[str, ...]
    errors: Array
    baseline_errors: Array
    gain_interval: tuple[float, float]
    coverage: tuple[float, float]

    @property
    def n(self) -> int:
        """Values scored."""
        return len(self.errors)

    @property
    def error(self) -> float:
        """Mean absolute log ratio of the law."""
        return float(np.abs(self.errors).mean())

    @property
    def baseline_error(self) -> float:
        """Mean absolute log ratio of the baseline."""
        return float(np.abs(self.baseline_errors).mean())

    @property
    def factor(self) -> float:
        """Mean factor by which the law is off."""
        return float(np.exp(self.error))

    @property
    def median_factor(self) -> float:
        """Median factor by which the law is off."""
        return float(np.exp(np.median(np.abs(self.errors))))


@dataclass(frozen=True)
class _Guess:
    """Errors, baseline's errors and spreads of one crisis, each (value,)."""

    errors: Array
    baseline: Array
    spread: Array


def force_scores(past: Sequence[tuple[str, Deployment]] | None = None) -> list[ForceScore]:
    """Score size, days and shares, each deployment forecast from the others.

    Parameters
    ----------
    past
        Id and deployment of each crisis; the library's where none are given.
    """
    past = deployments() if past is None else past
    return [
        _scored(SIZE, "median of the others", past, _size),
        _scored(DAYS, "median of the others", past, _wait),
        _scored(SHARES, "as capability", past, _shares),
    ]


def days_off(past: Sequence[tuple[str, Deployment]] | None = None) -> tuple[float, float]:
    """Mean absolute error in days of the law's median and of the median of the others."""
    past = deployments() if past is None else past
    pairs = []
    for name, row in past:
        others = [other for key, other in past if key != name]
        law = law_of(others)
        if row.days is not None and law is not None:
            middle = np.median([other.days for other in others if other.days is not None])
            pairs.append((abs(np.expm1(law.wait) - row.days), abs(middle - row.days)))
    ours, theirs = np.mean(pairs, axis=0)
    return float(ours), float(theirs)


Guesser = Callable[[Deployment, Sequence[Deployment], ForceLaw], "_Guess | None"]


def _scored(
    what: str, baseline: str, past: Sequence[tuple[str, Deployment]], guess: Guesser
) -> ForceScore:
    names, found = [], []
    for name, row in past:
        others = [other for key, other in past if key != name]
        law = law_of(others)
        one = None if law is None else guess(row, others, law)
        if one is not None:
            names += [name] * len(one.errors)
            found.append(one)
    errors, theirs, spread = (
        np.concatenate([getattr(one, part) for one in found])
        for part in ("errors", "baseline", "spread")
    )
    gain = np.abs(theirs) - np.abs(errors)
    half, most = (
        float(np.mean(np.abs(errors) <= NormalDist().inv_cdf((1 + c) / 2) * spread))
        for c in COVERAGES
    )
    interval = mean_interval(gain, grouped(names))
    return ForceScore(what, baseline, tuple(names), errors, theirs, interval, (half, most))


def _size(row: Deployment, others: Sequence[Deployment], law: ForceLaw) -> _Guess | None:
    if not row.total:
        return None
    known = [other.total for other in others if other.total]
    return _one(np.log(row.total), law.size, law.size_spread, np.log(known))


def _wait(row: Deployment, others: Sequence[Deployment], law: ForceLaw) -> _Guess | None:
    if row.days is None:
        return None
    known = [other.days for other in others if other.days is not None]
    return _one(np.log1p(row.days), law.wait, law.wait_spread, np.log1p(known))


def _one(record: float, middle: float, spread: float, others: Array) -> _Guess:
    errors = np.array([middle - record])
    return _Guess(errors, np.array([np.median(others) - record]), np.array([spread]))


def _shares(row: Deployment, _: Sequence[Deployment], law: ForceLaw) -> _Guess | None:
    n = len(row.contingents)
    if n < 2:
        return None
    capability, troops = within(row)
    spread = np.full(n, law.share_spread * np.sqrt(1.0 - 1.0 / n))
    return _Guess(law.power * capability - troops, capability - troops, spread)


def as_records(scores: Sequence[ForceScore]) -> list[dict[str, object]]:
    """One plain record a quantity, for JSON."""
    return [
        {
            "what": one.what,
            "baseline": one.baseline,
            "n": one.n,
            "mean_abs_log_ratio": one.error,
            "mean_abs_log_ratio_of_baseline": one.baseline_error,
            "mean_factor": one.factor,
            "median_factor": one.median_factor,
            "gain_low": one.gain_interval[0],
            "gain_high": one.gain_interval[1],
            "within_50": one.coverage[0],
            "within_90": one.coverage[1],
        }
        for one in scores
    ]
