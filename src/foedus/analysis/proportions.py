"""How sure one can be of a share that was counted in few cases."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def wilson_interval(share: float, n: int, coverage: float = 0.9) -> tuple[float, float]:
    """Interval of a share counted in `n` cases; unlike the plain one it stays inside [0, 1].

    Parameters
    ----------
    share
        In [0, 1].
    n
        Cases counted, 1 or more.
    coverage
        In (0, 1).

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    z = NormalDist().inv_cdf((1.0 + coverage) / 2.0)
    shrink = 1.0 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z / shrink * sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
