"""Labels that do not collide."""

from __future__ import annotations

from collections.abc import Sequence


def spread_out(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Places as near as can be to the wanted ones, at least `gap` apart.

    Least squares under the order of the wanted places (isotonic regression after taking the
    gaps out), then moved inside the interval. Where the interval is too short the gap shrinks.

    Parameters
    ----------
    wanted
        Places in any order.
    gap
        Smallest distance between two.
    low, high
        The interval to stay in.

    Returns
    -------
    Places in the order of `wanted`; equal ones keep their order.
    """
    n = len(wanted)
    if n == 0:
        return ()
    if n > 1:
        gap = min(gap, (high - low) / (n - 1))
    order = sorted(range(n), key=lambda i: (wanted[i], i))
    blocks: list[tuple[float, int]] = []
    for k, i in enumerate(order):
        blocks.append((wanted[i] - k * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, other) = blocks[-2:]
            blocks[-2:] = [((a * m + b * other) / (m + other), m + other)]
    level = [mean for mean, size in blocks for _ in range(size)]
    top = high - (n - 1) * gap
    placed = [0.0] * n
    for k, i in enumerate(order):
        placed[i] = min(max(level[k], low), top) + k * gap
    return tuple(placed)
