"""Agreement of coders who worked apart: Krippendorff's alpha and its bootstrap interval.

alpha = 1 - D_observed / D_expected: how much two ratings of the same unit differ, against how
much two ratings differ when it is forgotten which unit they belong to. 1 is perfect agreement,
0 is what chance gives, and less than 0 is systematic disagreement.

References:
    Krippendorff (2011), https://repository.upenn.edu/asc_papers/43, which has no DOI; Hayes and
    Krippendorff (2007), doi:10.1080/19312450709336664.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from foedus.analysis.frames import plain
from foedus.analysis.intervals import Groups, Interval, grouped, percentiles, times_drawn
from foedus.data.library import Case
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES
from foedus.model.numbers import Array

PUBLISHED: dict[str, float] = {
    "external": 0.99,
    "territory": 0.97,
    "mandate": 0.92,
    "threat": 0.94,
    "capacity": 0.96,
    "escalation": 0.98,
    "trend": 0.91,
    "request": 0.92,
    "alignment": 0.94,
    "stake": 0.96,
    "ties": 0.95,
    "dependence": 0.95,
    "capability": 1.00,
    "overextension": 0.63,
}
N_PUBLISHED = 56
"""Alpha (interval) of the same two coders, over so many crises; the shipped ones are a part.

From the codebook, "How far the coding can be trusted"; `asked` and `institution` had one coder.
"""


def krippendorff_alpha(ratings: Array) -> float:
    """Agreement of the coders beyond chance, at most 1; the distance of two ratings is squared.

    Ratings are (coder, unit), nan where a coder wrote nothing. A unit with fewer than two drops
    out; where the others do not vary, alpha is nan.

    Raises:
        ValueError: If the ratings are not a table of finite numbers and nan.
    """
    return float(_alpha(np.ones((1, np.shape(ratings)[-1])), ratings)[0])


def alpha_interval(ratings: Array, groups: Groups, level: float = 0.95) -> tuple[float, float]:
    """Percentile bootstrap interval of alpha, groups of units (unit,) drawn whole.

    It holds the share `level` of the replicates that vary; nan where none does.

    Raises:
        ValueError: Also if the groups do not fit the units, or the level leaves (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    n_units = np.shape(ratings)[-1]
    if len(groups) != n_units:
        raise ValueError(f"expected a group for each of {n_units} units, found {len(groups)}")
    return percentiles(_alpha(times_drawn(groups), ratings), level)


def _alpha(times: Array, ratings: Array) -> Array:
    """Alpha of replicates that hold each unit so many times (replicate, unit), (replicate,).

    With m ratings of a unit and n in all, D_observed is the sum over units of
    pairs / (m - 1), divided by n, and D_expected is the pairs of all ratings / (n (n - 1)).
    """
    ratings = np.asarray(ratings, dtype=np.float64)
    if ratings.ndim != 2 or np.isinf(ratings).any():
        raise ValueError("ratings must be a table (coder, unit) of finite numbers and nan")
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = (ratings[:, :, None] == values).sum(axis=0)  # of each value in each unit
    counts = counts * (counts.sum(axis=1, keepdims=True) > 1.0)
    distance = (values[:, None] - values) ** 2
    partners = np.maximum(counts.sum(axis=1) - 1, 1)
    observed = times @ (_disagreement(counts, distance) / partners)
    pooled = times @ counts
    expected = _disagreement(pooled, distance)
    ratio = np.full(len(times), np.nan)
    np.divide((pooled.sum(axis=1) - 1) * observed, expected, out=ratio, where=expected > 0)
    return 1 - ratio


def _disagreement(counts: Array, distance: Array) -> Array:
    """Sum of the distances over all ordered pairs of ratings, (any, value) -> (any,)."""
    return np.asarray(((counts @ distance) * counts).sum(axis=1))


@dataclass(frozen=True)
class Agreement:
    """Agreement on one attribute, whose units are the crises or `of_members` of each crisis.

    Attributes:
        n_units, n_single: Units that two coders or more rated, and those that one alone rated,
            which say nothing.
        alpha, interval: Krippendorff's alpha and its 95 % bootstrap interval (whole alliances drawn
            again); nan where unknown, as `share_equal`: units on which all wrote the same.
        published: The figure over 56 crises.
    """

    attribute: str
    of_members: bool
    n_units: int
    n_single: int
    alpha: float
    interval: Interval
    share_equal: float
    published: float | None


def agreement_table(cases: Iterable[Case]) -> list[Agreement]:
    """Agreement on every attribute over the cases, counterfactuals aside.

    An alliance is drawn again with all its crises and members: their codes are not independent.
    """
    coded = [case for case in cases if case.scenario.extends is None]
    return [agreement_on(name, coded) for name in (*CRISIS_ATTRIBUTES, *MEMBER_ATTRIBUTES)]


def agreement_on(attribute: str, cases: list[Case]) -> Agreement:
    """Agreement on one attribute."""
    homes = grouped([case.scenario.alliance for case in cases])
    units = [
        (home, codes)
        for home, case in zip(homes, cases, strict=True)
        for codes in codes_of(case, attribute)
    ]
    paired = [(home, codes) for home, codes in units if len(codes) > 1]
    alpha, interval, equal = float("nan"), (float("nan"), float("nan")), float("nan")
    if paired:
        ratings = ratings_of([codes for _, codes in paired])
        _, groups = np.unique([home for home, _ in paired], return_inverse=True)
        alpha, interval = krippendorff_alpha(ratings), alpha_interval(ratings, groups)
        equal = float(np.mean([len(set(codes)) == 1 for _, codes in paired]))
    return Agreement(
        attribute=attribute,
        of_members=attribute in MEMBER_ATTRIBUTES,
        n_units=len(paired),
        n_single=len(units) - len(paired),
        alpha=alpha,
        interval=interval,
        share_equal=equal,
        published=PUBLISHED.get(attribute),
    )


def codes_of(case: Case, attribute: str) -> list[tuple[float, ...]]:
    """What the coders wrote: once for a crisis attribute, else once for each member."""
    if attribute in CRISIS_ATTRIBUTES:
        return [getattr(case.scenario.crisis, attribute).coders]
    codes = (getattr(member, attribute) for member in case.scenario.members.values())
    return [written for written in codes if written is not None]


def ratings_of(codes: Sequence[tuple[float, ...]]) -> Array:
    """Codes as ratings (coder, unit), nan where a coder wrote nothing."""
    return np.array(list(zip_longest(*codes, fillvalue=np.nan)))


def as_records(table: Iterable[Agreement]) -> list[dict[str, object]]:
    """Plain records, for JSON; what is unknown is null."""
    return [
        {**plain(row), "interval": None if np.isnan(row.alpha) else list(row.interval)}
        for row in table
    ]
