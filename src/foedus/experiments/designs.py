"""Designs made into points: values of parameters and attributes, one dict a point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from foedus.data.register import register
from foedus.data.terms import ATTRIBUTE_RANGE
from foedus.experiments.plan import Design, Interval
from foedus.model.numbers import Array

SMALLEST = 1e-12
"""Distance that a sampled probability keeps from 0 and 1, where a prior has no quantile."""


@dataclass(frozen=True)
class Choice:
    """One point of a design, before it meets a scenario."""

    settings: dict[str, float] = field(default_factory=dict)
    theory: str | None = None
    rule: str | None = None


def choices(design: Design, seed: int) -> Iterator[Choice]:
    """The points of a design.

    Parameters
    ----------
    seed
        Seed of a sample that states none of its own.

    References
    ----------
    McKay, Beckman and Conover 1979, doi:10.1080/00401706.1979.10489755 (Latin hypercube);
    Sobol' 1967, doi:10.1016/0041-5553(67)90144-9, scrambled after Owen 1998,
    doi:10.1006/jcom.1998.0487.
    """
    if design.kind == "grid":
        for values in product(*design.values.values()):
            yield Choice(dict(zip(design.values, values, strict=True)))
    elif design.kind == "list":
        for row in design.rows:
            yield Choice(dict(row.settings), row.theory, row.rule)
    else:
        yield from _sampled(design, seed if design.seed is None else design.seed)


def _sampled(design: Design, seed: int) -> Iterator[Choice]:
    shares = _unit_sample(design.kind, len(design.over), design.n_points, seed)
    columns = [
        quantiles(name, interval, shares[:, i])
        for i, (name, interval) in enumerate(design.over.items())
    ]
    for values in zip(*(column.tolist() for column in columns), strict=True):
        yield Choice(dict(zip(design.over, values, strict=True)))


def _unit_sample(kind: str, n_names: int, n_points: int, seed: int) -> Array:
    """Points in the unit cube (point, name)."""
    from scipy.stats import qmc

    sampler: Any = qmc.LatinHypercube if kind == "latin_hypercube" else qmc.Sobol
    return np.asarray(sampler(d=n_names, seed=seed).random(n_points))


def quantiles(name: str, interval: Interval, shares: Array) -> Array:
    """Values of a name at shares of its distribution.

    Parameters
    ----------
    interval
        A range (uniform within it), the register's prior, or neither: the whole range.
    shares
        In [0, 1], any shape.

    Returns
    -------
    array
        Within the range that the register or the codebook allows.
    """
    if interval.prior:
        return _prior_quantiles(name, shares)
    low, high = limits(name)
    if interval.low is not None and interval.high is not None:
        low, high = interval.low, interval.high
    return np.minimum(low + (high - low) * shares, high)


def _prior_quantiles(name: str, shares: Array) -> Array:
    from scipy.special import ndtri

    row = register()[name]
    deviates = ndtri(np.clip(shares, SMALLEST, 1.0 - SMALLEST))
    if row.prior == "lognormal":
        values = row.default * np.exp(row.spread * deviates)
    else:
        values = row.default + row.spread * deviates
    return np.asarray(np.clip(values, row.low, row.high))


def limits(name: str) -> tuple[float, float]:
    """Lowest and highest value that a parameter or attribute may take."""
    if name in register():
        return register()[name].low, register()[name].high
    return ATTRIBUTE_RANGE[name.rpartition(".")[2]]
