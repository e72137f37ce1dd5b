"""Draws from the register's priors, each parameter at its own address."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from zlib import crc32

import numpy as np

from foedus.data.register import Parameter, free
from foedus.data.terms import Mechanism
from foedus.model.chance import blocks_of, uniforms
from foedus.model.numbers import Array


def answering() -> tuple[Parameter, ...]:
    """Free parameters that bear on the answer to a request made (not on the request itself)."""
    return tuple(row for row in free() if row.role != "request")


def quantile(row: Parameter, uniform: Array) -> Array:
    """Values of a free parameter at quantiles of its prior in (0, 1)."""
    return from_standard(row, normal_quantile(uniform))


def normal_quantile(uniform: Array) -> Array:
    """Standard normal quantiles of uniforms in (0, 1), any shape."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(u) for u in uniform.ravel()]).reshape(uniform.shape)


def standard_normal(n: int, n_columns: int, seed: int, part: int) -> Array:
    """Standard normal draws (draw, column), each column at its own address."""
    return normal_quantile(study_uniforms(seed, 2, n, n_columns, part).T)


def from_standard(row: Parameter, z: Array) -> Array:
    """The parameter's value at standard normal coordinate `z` of its prior, held within its range.

    The prior is lognormal about the default (its median), or normal (its mean).
    """
    is_log = row.prior == "lognormal"
    value = row.default * np.exp(row.spread * z) if is_log else row.default + row.spread * z
    return np.clip(value, row.low, row.high)


def spread_draws(rows: Iterable[Parameter], n: int, seed: int) -> dict[str, Array]:
    """Draws (n,) by name that fill the priors evenly: averages settle with far fewer draws.

    A scrambled Sobol sequence (Owen 1998, doi:10.1006/jcom.1998.0487), most even where `n` is a
    power of 2.
    """
    from scipy.stats import qmc

    rows = tuple(rows)
    drawn = qmc.Sobol(len(rows), seed=seed).random_base2((n - 1).bit_length())[:n]
    within = np.clip(drawn, 1e-9, 1.0 - 1e-9)
    return {row.name: quantile(row, within[:, k]) for k, row in enumerate(rows)}


def prior_draws(rows: Iterable[Parameter], n: int, seed: int) -> dict[str, Array]:
    """Independent draws (n,) from the priors, by name."""
    drawn = {row: study_uniforms(seed, crc32(row.name.encode()), n)[0] for row in rows}
    return {row.name: quantile(row, uniform) for row, uniform in drawn.items()}


def study_uniforms(seed: int, actor: int, n: int, n_rows: int = 1, part: int = 0) -> Array:
    """Uniforms in (0, 1) of a stream of their own (row, n); the first are the same for any `n`."""
    drawn = [
        uniforms(seed, Mechanism.STUDY, actor, block, n_days=n_rows, part=part)
        for block in blocks_of(0, n)
    ]
    return np.concatenate(drawn, axis=1)[:, :n]
