"""What a sweep needs of whoever does the work: a small interface, and two that fill it.

:mod:`foedus.experiments.local_pool` runs processes on this machine,
:mod:`foedus.experiments.dask_pool` hands tasks to a Dask cluster. Both may lose workers at any
time; neither may lose a task without saying so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from foedus.experiments.work import Answer


@dataclass(frozen=True)
class Done:
    """A task was computed."""

    task: int
    answer: Answer


@dataclass(frozen=True)
class Broken:
    """A task failed, or its worker died over it."""

    task: int
    reason: str


Event: TypeAlias = Done | Broken


class Pool(Protocol):
    """Workers."""

    @property
    def capacity(self) -> int:
        """Tasks worth having submitted at the same time."""
        ...

    def submit(self, task: int, message: bytes, seconds: float) -> None:
        """Hand over a task.

        Parameters
        ----------
        task
            Its number, which comes back with the event.
        message
            What :func:`foedus.experiments.work.perform` takes.
        seconds
            Time after which its worker counts as hung.
        """
        ...

    def next(self) -> Event:
        """Wait for the next event.

        Raises
        ------
        UnfinishedError
            If there are no workers any more.
        """
        ...

    def close(self) -> None:
        """Let the workers go, at once."""
        ...


PoolMaker: TypeAlias = Callable[[], Pool]
