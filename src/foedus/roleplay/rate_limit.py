"""How often an address may guess: so many wrong tries within so long, then it has to wait."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from foedus.errors import UsageError

MOST_ADDRESSES = 10_000
"""Addresses remembered at once; the oldest are forgotten first."""


@dataclass
class Tries:
    """Wrong tries of each address, kept in memory for the length of the window and no longer.

    Attributes
    ----------
    most
        Tries allowed within the window.
    window
        Seconds.
    """

    most: int = 10
    window: float = 60.0
    _times: dict[str, deque[float]] = field(default_factory=dict)

    def check(self, address: str, now: float) -> None:
        """Refuse an address that has used up its tries.

        Raises
        ------
        UsageError
            If it has.
        """
        times = self._recent(address, now)
        if len(times) >= self.most:
            wait = max(1, round(times[0] + self.window - now))
            raise UsageError(f"too many tries: wait {wait} seconds")

    def count(self, address: str, now: float) -> None:
        """Remember one try."""
        if len(self._times) >= MOST_ADDRESSES:
            self._times.pop(next(iter(self._times)))
        self._times.setdefault(address, deque(maxlen=self.most)).append(now)

    def _recent(self, address: str, now: float) -> deque[float]:
        times = self._times.get(address, deque())
        while times and times[0] <= now - self.window:
            times.popleft()
        if not times:
            self._times.pop(address, None)
        return times
