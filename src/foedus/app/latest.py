"""Work that only matters while it is the latest, done in a thread; stale wishes are dropped.

While a thousand runs are being computed, a slider moves on; only its last place is worth
computing next. Nothing queues up, and the page never waits for the work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import background_tasks, run


class Latest:
    """Runs the newest piece of work; those that came in between are never begun.

    Parameters
    ----------
    pause
        Seconds to wait for a newer wish before work begins.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self._wish: tuple[Callable[[], Any], Callable[[Any], None]] | None = None
        self._busy = False
        self._is_over = False

    def stop(self) -> None:
        """Show nothing any more: the page is gone."""
        self._is_over, self._wish = True, None

    def wants(self, work: Callable[[], Any], show: Callable[[Any], None]) -> None:
        """Do `work` in a thread and give its result to `show`, unless a newer wish comes first."""
        if self._is_over:
            return
        self._wish = (work, show)
        if not self._busy:
            self._busy = True
            background_tasks.create(self._until_nothing_is_wanted(), name="foedus latest")

    async def _until_nothing_is_wanted(self) -> None:
        try:
            while self._wish is not None:
                await self._settled()
                if self._wish is None:
                    break
                (work, show), self._wish = self._wish, None
                result = await run.io_bound(work)
                if result is not None and not self._is_over:  # None: the server is stopping
                    show(result)
        finally:
            self._busy = False

    async def _settled(self) -> None:
        """Wait until no newer wish has come for the length of the pause."""
        held = None
        while self.pause and held is not self._wish:
            held = self._wish
            await asyncio.sleep(self.pause)
