"""Chance with an address: every draw is a function of (seed, mechanism, actor, day, run) alone.

A new run, member, day or mechanism moves no other draw, and nothing depends on chunks, workers
or order. Draws come in fixed blocks of :data:`BLOCK` runs; the day is the outer axis, so that a
longer horizon keeps the earlier days. Generator: PCG64DXSM keyed by ``SeedSequence``.

This is the only module that creates a generator. The equations take its numbers as arguments.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from foedus.data.terms import Mechanism
from foedus.model.numbers import Array

BLOCK = 1024
"""Runs that share one stream; a whole block is always drawn."""

SMALLEST = 2.0**-54
"""Stands for a uniform of exactly zero, which has no logit."""

_UNIT_LOGISTIC = sqrt(3.0) / pi


def actor_key(iso3: str) -> int:
    """Address of a member: its letters read as one integer, whatever its place in a list."""
    return int.from_bytes(iso3.encode("ascii"), "big")


def uniforms(
    seed: int, mechanism: Mechanism, actor: int, block: int, *, n_days: int = 1, part: int = 0
) -> Array:
    """Uniform draws of one block of runs.

    Parameters
    ----------
    seed
        Seed of the ensemble, 0 or more.
    mechanism
        What the draw decides.
    actor
        Who it concerns: 0 for the crisis itself, else :func:`actor_key`.
    block
        Index of the block: runs ``block * BLOCK`` to ``(block + 1) * BLOCK - 1``.
    n_days
        Days to draw.
    part
        Which of several numbers of this actor and mechanism (an attribute's index).

    Returns
    -------
    array (day, run)
        In the open interval (0, 1).
    """
    key = np.random.SeedSequence(seed, spawn_key=(int(mechanism), actor, part, block))
    return filled(np.empty((n_days, BLOCK)), key)


def filled(room: Array, key: ISeedSequence) -> Array:
    """:func:`uniforms` of an address whose key is known, put into `room` (day, run)."""
    bits = np.random.PCG64DXSM(key)  # type: ignore[arg-type]  # numpy's stub forgets such keys
    np.random.Generator(bits).random(out=room)
    return np.maximum(room, SMALLEST, out=room)


def standard_logistic(uniform: Array, out: Array | None = None) -> Array:
    """Standard logistic noise (mean 0, variance pi^2 / 3) from uniforms in (0, 1)."""
    odds = np.divide(uniform, 1.0 - uniform, out=out)
    return np.log(odds, out=out)


def unit_logistic(uniform: Array, out: Array | None = None) -> Array:
    """Logistic noise of mean 0 and variance 1 from uniforms in (0, 1)."""
    return np.multiply(standard_logistic(uniform, out), _UNIT_LOGISTIC, out=out)


def triangular(uniform: Array, low: float, mode: float, high: float) -> Array:
    """Triangular noise on [low, high] with the given mode, by inversion.

    Parameters
    ----------
    uniform
        Draws in (0, 1), any shape.
    low, mode, high
        ``low <= mode <= high``; a degenerate interval returns the mode.
    """
    if high <= low:
        return np.full_like(uniform, mode)
    turn = (mode - low) / (high - low)
    rising = uniform * ((high - low) * (mode - low))
    np.add(low, np.sqrt(rising, out=rising), out=rising)
    falling = (1.0 - uniform) * ((high - low) * (high - mode))
    np.subtract(high, np.sqrt(falling, out=falling), out=falling)
    return np.where(uniform < turn, rising, falling)
