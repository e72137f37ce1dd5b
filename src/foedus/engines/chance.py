"""The noise and the codes of a range of runs, each drawn at its own address."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from foedus.core.draws import (
    BLOCK,
    actor_key,
    standard_logistic,
    triangular,
    uniforms,
    unit_logistic,
)
from foedus.core.numbers import Array, Value
from foedus.core.situation import Chance, Codes, Situation, Span
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Mechanism

THE_CRISIS = 0
"""Address of what concerns no single member."""


def blocks_of(start: int, stop: int) -> range:
    """Blocks that hold the runs ``start`` to ``stop - 1``."""
    return range(start // BLOCK, -(-stop // BLOCK))


def draw_chance(
    situation: Situation, seed: int, start: int, stop: int, *, with_doubt: bool = False
) -> Chance:
    """The noise of the runs ``start`` to ``stop - 1`` under `seed`.

    Parameters
    ----------
    with_doubt
        Whether the requester's daily doubt is needed (endogenous requests).
    """
    days = situation.horizon_days
    requester = actor_key(situation.members[situation.requester])

    def drawn(mechanism: Mechanism, actor: int, n_days: int = 1) -> Array:
        parts = [
            uniforms(seed, mechanism, actor, block, n_days=n_days)
            for block in blocks_of(start, stop)
        ]
        return _trimmed(parts, start, stop)

    return Chance(
        crisis=standard_logistic(drawn(Mechanism.CRISIS_SHOCK, THE_CRISIS))[0],
        members=standard_logistic(
            np.concatenate(
                [drawn(Mechanism.MEMBER_SHOCK, actor_key(state)) for state in situation.members]
            )
        ),
        intensity=unit_logistic(drawn(Mechanism.INTENSITY, THE_CRISIS, days)),
        doubt=standard_logistic(drawn(Mechanism.REQUEST, requester, days)) if with_doubt else None,
    )


def draw_codes(
    situation: Situation, seed: int, start: int, stop: int, *, drawn: bool = True
) -> Codes:
    """Values of all attributes for the runs ``start`` to ``stop - 1``.

    Parameters
    ----------
    drawn
        Whether codes on which the coders differ are drawn within their range (triangular, the
        mean as mode); else every run has the mean.
    """

    def values(span: Span, actor: int, part: int) -> Value:
        if not (drawn and span.is_open):
            return span.mode
        parts = [
            uniforms(seed, Mechanism.CODE, actor, block, part=part)
            for block in blocks_of(start, stop)
        ]
        return triangular(_trimmed(parts, start, stop)[0], span.low, span.mode, span.high)

    crisis = {
        name: values(situation.crisis[name], THE_CRISIS, CRISIS_ATTRIBUTES.index(name))
        for name in situation.crisis
    }
    standing = {
        name: _stacked(
            values(span, actor_key(state), MEMBER_ATTRIBUTES.index(name))
            for state, span in zip(situation.members, spans, strict=True)
        )
        for name, spans in situation.standing.items()
    }
    return Codes(crisis, standing)


def _trimmed(parts: list[Array], start: int, stop: int) -> Array:
    first = start - start // BLOCK * BLOCK
    whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    return whole[:, first : first + stop - start]


def _stacked(rows: Iterable[Value]) -> Array:
    """Rows to (member, run), or (member, 1) where no row differs by run."""
    return np.stack([np.atleast_1d(row) for row in np.broadcast_arrays(*rows)])
