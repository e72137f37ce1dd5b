"""The noise and the codes of a range of runs, each drawn at its own address (7.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import pi, sqrt
from typing import TypeAlias

import numpy as np

from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Mechanism
from foedus.model.numbers import Array, Value
from foedus.model.own_terms import measures
from foedus.model.situation import Chance, Codes, Situation, Span
from foedus.model.streams import BLOCK, actor_key, filled, keys_of

_UNIT_LOGISTIC = sqrt(3.0) / pi

THE_CRISIS = 0
"""Address of what concerns no single member."""

Stream: TypeAlias = tuple[Mechanism, int, int]
"""Mechanism, actor and part of an address; block and run make it whole."""


def standard_logistic(uniform: Array, out: Array | None = None) -> Array:
    """Standard logistic noise (mean 0, variance pi^2 / 3) from uniforms in (0, 1)."""
    odds = np.divide(uniform, 1.0 - uniform, out=out)
    return np.log(odds, out=out)


def unit_logistic(uniform: Array, out: Array | None = None) -> Array:
    """Logistic noise of mean 0 and variance 1 from uniforms in (0, 1)."""
    return np.multiply(standard_logistic(uniform, out), _UNIT_LOGISTIC, out=out)


def triangular(uniform: Array, low: float, mode: float, high: float) -> Array:
    """Triangular noise on [low, high] with the given mode, from uniforms in (0, 1), by inversion.

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


def blocks_of(start: int, stop: int) -> range:
    """Blocks that hold the runs ``start`` to ``stop - 1``."""
    return range(start // BLOCK, -(-stop // BLOCK))


def draw_chance(
    situation: Situation, seed: int, start: int, stop: int, *, with_doubt: bool = False
) -> Chance:
    """The noise of the runs ``start`` to ``stop - 1``; doubt only where the requester decides."""
    days = situation.horizon_days
    actors = [actor_key(state) for state in situation.members]

    def drawn(streams: list[Stream], turned: Turned, n_days: int = 1) -> Array:
        return drawn_noise(seed, streams, start, stop, turned, n_days)

    shocks = [(Mechanism.CRISIS_SHOCK, THE_CRISIS, 0)]
    shocks += [(Mechanism.MEMBER_SHOCK, actor, 0) for actor in actors]
    crisis, members = np.split(drawn(shocks, _logistic), [1])
    force = [(Mechanism.FORCE, THE_CRISIS, part) for part in (0, 1)]
    force += [(Mechanism.FORCE, actor, 0) for actor in actors]
    size, arrival, shares = np.split(drawn(force, _unit), [1, 2])
    doubts = [(Mechanism.REQUEST, actors[situation.requester], 0)]
    return Chance(
        crisis=crisis[0],
        members=members,
        intensity=drawn([(Mechanism.INTENSITY, THE_CRISIS, 0)], _unit, days),
        convening=drawn([(Mechanism.CONVENING, THE_CRISIS, 0)], _as_they_are)[0],
        doubt=drawn(doubts, _logistic)[0] if with_doubt else None,
        size=size[0],
        arrival=arrival[0],
        shares=shares,
    )


def draw_codes(
    situation: Situation, seed: int, start: int, stop: int, *, drawn: bool = True
) -> Codes:
    """Values of all attributes for the runs ``start`` to ``stop - 1``.

    Args:
        drawn: Whether codes on which the coders differ are drawn within their range (triangular,
            the mean as mode); else every run has the mean.
    """
    streams, spans = _coded(situation)
    open_ = [i for i, span in enumerate(spans) if drawn and span.is_open]
    values: list[Value] = [span.mode for span in spans]
    if open_:
        rows = drawn_noise(seed, [streams[i] for i in open_], start, stop, _as_they_are)
        for i, row in zip(open_, rows, strict=True):
            values[i] = triangular(row, spans[i].low, spans[i].mode, spans[i].high)
    given = iter(values)
    crisis = {name: next(given) for name in situation.crisis}
    standing = {
        name: _stacked([next(given) for _ in row]) for name, row in situation.standing.items()
    }
    return Codes(crisis, standing, measures(situation)).measured()


def _coded(situation: Situation) -> tuple[list[Stream], list[Span]]:
    """Every code's stream and span: of the crisis, then of each member by attribute."""
    streams: list[Stream] = [
        (Mechanism.CODE, THE_CRISIS, CRISIS_ATTRIBUTES.index(name)) for name in situation.crisis
    ]
    spans = list(situation.crisis.values())
    for name, row in situation.standing.items():
        part = MEMBER_ATTRIBUTES.index(name)
        streams += [(Mechanism.CODE, actor_key(state), part) for state in situation.members]
        spans += row
    return streams, spans


Turned: TypeAlias = Callable[[Array], Array]
"""Uniforms (row, run) turned into noise."""


def _as_they_are(uniform: Array) -> Array:
    return uniform


def _logistic(uniform: Array) -> Array:
    return standard_logistic(uniform, out=uniform)


def _unit(uniform: Array) -> Array:
    return unit_logistic(uniform, out=uniform)


def drawn_noise(
    seed: int,
    streams: Sequence[Stream],
    start: int,
    stop: int,
    turned: Turned,
    n_days: int = 1,
) -> Array:
    """Noise of some runs (stream x day, run), made block by block while it is in the cache."""
    blocks = blocks_of(start, stop)
    keys = keys_of(seed, [(*stream, block) for block in blocks for stream in streams])
    noise = np.empty((len(streams) * n_days, stop - start))
    room = np.empty((len(streams), n_days, BLOCK))
    for block in blocks:
        for stream in room:
            filled(stream, next(keys))
        whole = turned(room.reshape(-1, BLOCK))
        first = block * BLOCK - start
        low, high = max(first, 0), min(first + BLOCK, stop - start)
        noise[:, low:high] = whole[:, low - first : high - first]
    return noise


def _stacked(values: Sequence[Value]) -> Array:
    """Values of the members to (member, run), or (member, 1) where none differs by run."""
    rows = np.empty((len(values), max(np.size(value) for value in values)))
    for row, value in zip(rows, values, strict=True):
        row[:] = value
    return rows
