"""How large a force was, when it came and who sent how many, forecast without its crisis.

The law of 7.6 is estimated from the other deployments of the library, and held beside what a
person would say who knows no more than their median (for shares: that troops go with capability).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from foedus.analysis.intervals import Interval, grouped, mean_interval
from foedus.model.compilation import deployments
from foedus.model.forces import Deployment, ForceLaw, law_of, within
from foedus.model.numbers import Array

SIZE, DAYS, SHARES = "troops in all", "days to arrival", "troops by member"
BESIDE = {SIZE: "median of the others", DAYS: "median of the others", SHARES: "as capability"}
"""What stands beside the law's forecast of each quantity."""
COVERAGES = (0.5, 0.9)

Past = Sequence[tuple[str, Deployment]]


@dataclass(frozen=True)
class ForceScore:
    """One quantity, over all deployments that record it.

    Attributes:
        crises: Id of the crisis of each value (value,).
        errors, baseline_errors: Log of forecast over record (value,), signed; the days with one
            added.
        gain_interval: Of the mean absolute error of the baseline less the law's, 90 %, crises drawn
            again whole.
        coverage: Share of records inside the central 50 % and 90 % intervals of the law.
    """

    what: str
    baseline: str
    crises: tuple[str, ...]
    errors: Array
    baseline_errors: Array
    gain_interval: Interval
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


def force_scores(past: Past | None = None) -> list[ForceScore]:
    """Score size, days and shares, each deployment of the library forecast from the others."""
    errors = [
        (what, name, found)
        for name, row, others, law in _without_each(past)
        for what, found in errors_of(row, others, law)
    ]
    return [
        _scored(what, [(name, found) for known, name, found in errors if known == what])
        for what in BESIDE
    ]


def days_off(past: Past | None = None) -> tuple[float, float]:
    """Mean absolute error in days of the law's median and of the median of the others."""
    pairs = []
    for _, row, others, law in _without_each(past):
        if row.days is not None:
            middle = np.median([other.days for other in others if other.days is not None])
            pairs.append((abs(np.expm1(law.wait) - row.days), abs(middle - row.days)))
    ours, theirs = np.mean(pairs, axis=0)
    return float(ours), float(theirs)


def _without_each(
    past: Past | None,
) -> Iterator[tuple[str, Deployment, list[Deployment], ForceLaw]]:
    """Each crisis's id and deployment, those of the other crises, and the law of these."""
    past = deployments() if past is None else past
    for name, row in past:
        others = [other for key, other in past if key != name]
        law = law_of(others)
        if law is not None:
            yield name, row, others, law


def errors_of(
    row: Deployment, others: Sequence[Deployment], law: ForceLaw
) -> Iterator[tuple[str, Array]]:
    """Logs of what a crisis records: error of the law, of what stands beside it, and the spread.

    By quantity, each (3, value).
    """
    if row.total:
        record = np.log(row.total)
        median = np.median(np.log([other.total for other in others if other.total]))
        yield SIZE, np.array([[law.size - record], [median - record], [law.size_spread]])
    if row.days is not None:
        record = np.log1p(row.days)
        median = np.median(np.log1p([other.days for other in others if other.days is not None]))
        yield DAYS, np.array([[law.wait - record], [median - record], [law.wait_spread]])
    if (n := len(row.contingents)) > 1:
        capability, troops = within(row)
        spread = np.full(n, law.share_spread * np.sqrt(1.0 - 1.0 / n))
        yield SHARES, np.stack([law.power * capability - troops, capability - troops, spread])


def _scored(what: str, found: Sequence[tuple[str, Array]]) -> ForceScore:
    errors, theirs, spread = np.hstack([values for _, values in found])
    crises = tuple(name for name, values in found for _ in values.T)
    half, most = (
        float(np.mean(np.abs(errors) <= NormalDist().inv_cdf((1 + c) / 2) * spread))
        for c in COVERAGES
    )
    interval = mean_interval(np.abs(theirs) - np.abs(errors), grouped(crises))
    return ForceScore(what, BESIDE[what], crises, errors, theirs, interval, (half, most))


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
