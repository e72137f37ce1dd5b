"""Worker processes on this machine, each watched by a thread, replaced when they die.

Processes are started afresh (never forked) and spoken to over pipes. A worker that is killed
takes one task with it, which is reported as broken; when the coordinator dies, the pipes close
and the workers end.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

from foedus.errors import UnfinishedError
from foedus.experiments.code_version import code_version
from foedus.experiments.frames import (
    ERROR,
    POINTS,
    READY,
    RUNS,
    TASK,
    BrokenPipe,
    receive,
    send,
)
from foedus.experiments.pool import Broken, Done, Event
from foedus.experiments.work import Answer

COMMAND = (sys.executable, "-m", "foedus.experiments.worker")
"""How a worker is started."""

STARTS = 3
"""Times in a row that a worker may fail to start before the sweep stops."""

START_SECONDS = 120.0
"""Time that a worker has to say that it is there."""

WATCH_SECONDS = 0.5
"""How often hung workers are looked for."""


@dataclass(frozen=True)
class _Order:
    task: int
    message: bytes
    seconds: float


@dataclass
class _Seat:
    """A place for one worker at a time, and the thread that talks to it."""

    process: subprocess.Popen[bytes] | None = None
    complaints: IO[bytes] | None = None
    deadline: float = field(default=float("inf"))
    overdue: bool = False


class LocalPool:
    """A pool of worker processes; see :class:`foedus.experiments.pool.Pool`.

    Parameters
    ----------
    n_workers
        Processes.
    command
        How one is started; without it, :data:`COMMAND`.
    """

    def __init__(self, n_workers: int, command: Sequence[str] | None = None) -> None:
        self._command = tuple(command or COMMAND)
        self._orders: queue.Queue[_Order | None] = queue.Queue()
        self._events: queue.Queue[Event | UnfinishedError] = queue.Queue()
        self._closing = False
        self._seats = [_Seat() for _ in range(n_workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(seat,), daemon=True) for seat in self._seats
        ]
        for thread in self._threads:
            thread.start()

    @property
    def capacity(self) -> int:
        """Two tasks a worker, so that none waits for the coordinator."""
        return 2 * len(self._seats)

    @property
    def process_ids(self) -> list[int]:
        """Of the workers that live now."""
        return [s.process.pid for s in self._seats if s.process and s.process.poll() is None]

    def submit(self, task: int, message: bytes, seconds: float) -> None:
        """Hand over a task."""
        self._orders.put(_Order(task, message, seconds))

    def next(self) -> Event:
        """Wait for the next event.

        Raises
        ------
        UnfinishedError
            If workers cannot be started.
        """
        while True:
            try:
                event = self._events.get(timeout=WATCH_SECONDS)
            except queue.Empty:
                self._stop_the_hung()
                continue
            if isinstance(event, UnfinishedError):
                raise event
            return event

    def close(self) -> None:
        """Kill the workers; their tasks are lost, never what is finished."""
        self._closing = True
        for _ in self._seats:
            self._orders.put(None)
        for seat in self._seats:
            _kill(seat)
        for thread in self._threads:
            thread.join(timeout=5)
        for seat in self._seats:  # one may have been started in the meantime
            _kill(seat)
            _close(seat)

    def _stop_the_hung(self) -> None:
        now = time.monotonic()
        for seat in self._seats:
            if seat.deadline < now and seat.process is not None:
                seat.overdue = True
                seat.process.kill()

    def _serve(self, seat: _Seat) -> None:
        """Give the seat's worker one order after the other."""
        while True:
            order = self._orders.get()
            if order is None or self._closing:
                return
            try:
                self._events.put(self._served(seat, order))
            except UnfinishedError as error:
                self._events.put(error)
                return
            except Exception as error:  # else the coordinator would wait for ever
                self._events.put(UnfinishedError(f"{type(error).__name__}: {error}"))
                return

    def _served(self, seat: _Seat, order: _Order) -> Event:
        process = self._living(seat)
        seat.overdue, seat.deadline = False, time.monotonic() + order.seconds
        try:
            return _asked(process, order)
        except BrokenPipe:
            process.kill()
            process.wait()
            return Broken(order.task, self._cause(seat, process, order))
        finally:
            seat.deadline = float("inf")

    def _cause(self, seat: _Seat, process: subprocess.Popen[bytes], order: _Order) -> str:
        if seat.overdue:
            return f"no answer within {order.seconds:g} s"
        how = process.returncode
        ended = f"by signal {-how}" if how < 0 else f"with exit code {how}"
        last = _last_words(seat)
        return f"its worker ended {ended}" + (f": {last}" if last else "")

    def _living(self, seat: _Seat) -> subprocess.Popen[bytes]:
        """The seat's worker, started anew where it is dead."""
        if seat.process is not None and seat.process.poll() is None:
            return seat.process
        for _ in range(STARTS):
            if self._closing:
                break
            process = self._start(seat)
            seat.deadline = time.monotonic() + START_SECONDS
            with contextlib.suppress(BrokenPipe):
                assert process.stdout is not None
                kind, theirs = receive(process.stdout)
                if kind == READY and theirs.decode() == str(code_version()):
                    return process
                process.kill()
                raise UnfinishedError(
                    f"the code changed under the sweep: it began with {code_version()}, a new "
                    f"worker runs {theirs.decode(errors='replace')}"
                )
            process.kill()
            process.wait()
        raise UnfinishedError(f"no worker can be started: {_last_words(seat) or 'it says nothing'}")

    def _start(self, seat: _Seat) -> subprocess.Popen[bytes]:
        _close(seat)
        try:
            seat.complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the seat
            seat.process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=seat.complaints,
                start_new_session=True,  # so that Ctrl-C reaches the coordinator alone
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        except OSError as error:
            raise UnfinishedError(f"no worker can be started: {error.strerror}") from None
        return seat.process


def _asked(process: subprocess.Popen[bytes], order: _Order) -> Event:
    """Send an order and wait for its answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    send(process.stdin, TASK, order.message)
    kind, content = receive(process.stdout)
    if kind == ERROR:
        return Broken(order.task, content.decode(errors="replace"))
    next_kind, runs = receive(process.stdout)
    if (kind, next_kind) != (POINTS, RUNS):
        raise BrokenPipe
    return Done(order.task, Answer(content, runs))


def _last_words(seat: _Seat) -> str:
    """The last line that the seat's worker wrote to standard error."""
    if seat.complaints is None:
        return ""
    seat.complaints.seek(0)
    lines = seat.complaints.read().decode(errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return said[-1][:300] if said else ""


def _kill(seat: _Seat) -> None:
    if seat.process is not None:
        seat.process.kill()
        seat.process.wait()


def _close(seat: _Seat) -> None:
    """Let go of what belonged to a dead worker."""
    if seat.process is not None:
        for pipe in (seat.process.stdin, seat.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
    if seat.complaints is not None:
        seat.complaints.close()
