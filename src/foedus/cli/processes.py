"""Several processes for one command."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def side_by_side(*, is_long: bool) -> Iterator[Callable[..., Iterator[Any]]]:
    """A `map` that shares its calls among processes, where the work is long enough to gain by it.

    Results come in order and do not depend on it. Whatever stops this process ends the others.
    """
    if not is_long or processors() < 2:
        yield map
        return
    with multiprocessing.get_context("spawn").Pool(processors(), _begin) as pool:
        yield pool.imap


def _begin() -> None:
    """Make a process ready: it knows the extensions, and leaves Ctrl-C to the one that asked."""
    from foedus.extensions import load_declared

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_declared()
