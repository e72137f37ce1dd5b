"""How large a force was, when it came and who sent how many, forecast without its crisis.

The law of 7.6 is estimated from the other deployments of the library, and held beside what a
person would say who knows no more than their median (for shares: that troops go with capability).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

Past = Sequence[tuple[str, Deployment]]
Guesser = Callable[[Deployment, Sequence[Deployment], ForceLaw], Array]
"""Error of the law, error of the baseline and spread of the law, each (value,), of one crisis."""
NOTHING: Array = np.empty((3, 0))
"""What is guessed where the record has nothing."""


@dataclass(frozen=True)
class ForceScore:
    """One quantity, over all deployments that record it.

    Attributes:
        crises: Id of the crisis of each value (value,).
        errors, baseline_errors: Log of forecast over record (value,), signed; the days with one
            added.
        gain_interval: Of the mean absolute error of the baseline less the law's: 90 %, crises drawn
            again whole.
        coverage: Share of records inside the central 50 % and 90 % intervals of the law.
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


def force_scores(past: Past | None = None) -> list[ForceScore]:
    """Score size, days and shares, each deployment of the library forecast from the others."""
    return [
        _scored(SIZE, "median of the others", _size, past),
        _scored(DAYS, "median of the others", _wait, past),
        _scored(SHARES, "as capability", _shares, past),
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


def _scored(what: str, baseline: str, guess: Guesser, past: Past | None) -> ForceScore:
    names: list[str] = []
    guesses = []
    for name, row, others, law in _without_each(past):
        made = guess(row, others, law)
        names += [name] * made.shape[1]
        guesses.append(made)
    errors, theirs, spread = np.hstack(guesses)
    half, most = (
        float(np.mean(np.abs(errors) <= NormalDist().inv_cdf((1 + c) / 2) * spread))
        for c in COVERAGES
    )
    interval = mean_interval(np.abs(theirs) - np.abs(errors), grouped(names))
    return ForceScore(what, baseline, tuple(names), errors, theirs, interval, (half, most))


def _size(row: Deployment, others: Sequence[Deployment], law: ForceLaw) -> Array:
    known = [other.total or None for other in (row, *others)]
    return _beside_median(np.log, known, law.size, law.size_spread)


def _wait(row: Deployment, others: Sequence[Deployment], law: ForceLaw) -> Array:
    return _beside_median(
        np.log1p, [other.days for other in (row, *others)], law.wait, law.wait_spread
    )


def _beside_median(
    scale: np.ufunc, records: Sequence[float | None], middle: float, spread: float
) -> Array:
    """The law and the median of the others beside the first record."""
    record, *others = records
    if record is None:
        return NOTHING
    median = np.median(scale([other for other in others if other is not None]))
    return np.array([[middle - scale(record)], [median - scale(record)], [spread]])


def _shares(row: Deployment, _: Sequence[Deployment], law: ForceLaw) -> Array:
    n = len(row.contingents)
    if n < 2:
        return NOTHING
    capability, troops = within(row)
    spread = np.full(n, law.share_spread * np.sqrt(1.0 - 1.0 / n))
    return np.stack([law.power * capability - troops, capability - troops, spread])


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
