"""What is said beside a result, on standard error: remarks, and how far long work is."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

QUIET = ("-q", "--quiet")
LONG = 2.0
"""Seconds from which work has a line that says how long it will take."""


class _Manner:
    """How this command speaks: set once, before it begins."""

    quiet = False
    form = "table"


manner = _Manner()


def note(line: str) -> None:
    """Say something that is no result, unless the command is to be quiet."""
    if not manner.quiet:
        print(line, file=sys.stderr)


def hint(words: str) -> None:
    """Say what one may do next, where a person looks on."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        note(f"Next: {words}")


def is_watched() -> bool:
    """Whether a person sees progress as it is made."""
    return sys.stderr.isatty() and not manner.quiet


def tell(line: str) -> None:
    """Say how far the work is, where a person looks on."""
    if is_watched():
        note(line)


def progress_line(text: str) -> None:
    """Write over the line of progress."""
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


@contextmanager
def time_left(seconds: Callable[[], float], is_long: bool = True) -> Iterator[None]:
    """Count down while work is done, on a terminal alone.

    Args:
        seconds: Estimates how long it will take; not called where nobody looks on.
        is_long: Whether the work can be long at all.
    """
    expected = seconds() if is_long and is_watched() else 0.0
    if expected < LONG:
        yield
        return
    done = Event()
    teller = Thread(target=_count_down, args=(expected, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        progress_line("")


def _count_down(expected: float, done: Event) -> None:
    began = time.monotonic()
    while True:
        left = expected - (time.monotonic() - began)
        progress_line(f"about {duration(left)} left" if left > 0 else "nearly done")
        if done.wait(0.5):
            return


def duration(seconds: float) -> str:
    """A time in words: ``45 s``, ``12 min``, ``1.5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def steps(total: int) -> Callable[[str], None]:
    """A teller of steps, so many in all, with the time left on a terminal."""
    began, done = time.monotonic(), 0

    def tell(line: str) -> None:
        nonlocal done
        spent = time.monotonic() - began
        left = f", about {duration(spent / done * (total - done))} left" if done else ""
        note(f"{line}{left if is_watched() and done < total else ''}")
        done += 1

    return tell


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
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(processors(), _begin) as pool:
        yield pool.imap


def _begin() -> None:
    """Make a process ready: it knows the extensions, and leaves Ctrl-C to the one that asked."""
    from foedus.extensions import load_declared

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_declared()
