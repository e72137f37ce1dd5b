"""Time and memory of actions, side by side, so that what disturbs one disturbs all."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Action: TypeAlias = Callable[[], Any]


def best_seconds(
    actions: Mapping[str, Action],
    repeats: int,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """The shortest time of each action, taken in turns.

    Args:
        actions: By name.
        repeats: Rounds in which every action has its turn.
        clock: Processor time by default, which work of others on the machine disturbs least;
            wall-clock time (:func:`time.perf_counter`) where threads share the work.
    """
    best = dict.fromkeys(actions, float("inf"))
    for _ in range(repeats):
        for name, action in actions.items():
            gc.collect()
            start = clock()
            action()
            best[name] = min(best[name], clock() - start)
    return best


@dataclass(frozen=True)
class Memory:
    """Bytes that an action took at its height, and that remain once its result is gone."""

    peak: int
    remains: int


def memory_of(action: Action) -> Memory:
    """Memory of one action, as Python and numpy account for it."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        action()
        gc.collect()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return Memory(peak=peak - before, remains=after - before)


@dataclass(frozen=True)
class Started:
    """Seconds of a process from its start to its end."""

    wall: float
    processor: float


def process(words: Sequence[str], repeats: int, **environment: str) -> Started:
    """The shortest of several processes of this Python interpreter.

    Args:
        words: Arguments of the interpreter.
        environment: Variables that differ from the present environment.
    """
    best = Started(float("inf"), float("inf"))
    for _ in range(repeats):
        wall, processor = time.perf_counter(), _of_children()
        subprocess.run(
            [sys.executable, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        best = Started(
            min(best.wall, time.perf_counter() - wall),
            min(best.processor, _of_children() - processor),
        )
    return best


def _of_children() -> float:
    """Processor time of the processes that have ended (seconds)."""
    times = os.times()
    return times.children_user + times.children_system
