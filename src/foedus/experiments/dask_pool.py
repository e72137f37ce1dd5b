"""A Dask cluster as a pool: workers on as many machines as one likes.

Tasks travel as bytes (JSON there, Parquet back). Dask itself wraps what it sends in pickles, over
the network only: a cluster runs whatever its scheduler is sent, so keep it on a network of your
own. Nothing is ever unpickled from a disk.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import re
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from foedus.errors import InputError, UnfinishedError, UsageError, missing
from foedus.experiments.code_version import code_version
from foedus.experiments.pool import Broken, Done, Event
from foedus.experiments.work import Answer, perform

PATIENCE = 60.0
"""Seconds that a sweep waits for workers to come (back) before it stops."""

CONNECT_SECONDS = 15.0
WATCH_SECONDS = 1.0

ADDRESS = re.compile(r"(tcp|tls)://([\w.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}")


def perform_remotely(message: bytes, expected_code: str) -> tuple[str, bytes, bytes]:
    """What a Dask worker runs: the code it runs, and the two parts of its answer.

    The answer is empty where the worker runs other code than the coordinator.
    """
    own = str(code_version())
    if own != expected_code:
        return own, b"", b""
    answer = perform(message)
    return own, answer.points, answer.runs


@dataclass
class _Flight:
    """A task on its way, and when it counts as lost."""

    future: Any
    deadline: float


class DaskPool:
    """A pool behind a Dask scheduler; see :class:`foedus.experiments.pool.Pool`.

    Parameters
    ----------
    address
        Of the scheduler, e.g. ``tcp://10.0.0.5:8786``.
    patience
        Seconds to wait for workers.
    """

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._client = _connected(address, patience)
        self._landed: queue.Queue[tuple[int, Any]] = queue.Queue()
        self._flights: dict[int, _Flight] = {}
        self._address = address
        self._alone_since: float | None = None
        self._session = uuid4().hex[:8]

    @property
    def capacity(self) -> int:
        """Three tasks a thread of the cluster, so that none waits for the network."""
        return max(2, 3 * sum(self._threads().values()))

    def submit(self, task: int, message: bytes, seconds: float) -> None:
        """Hand over a task."""
        with self._network():
            future = self._client.submit(
                perform_remotely,
                message,
                str(code_version()),
                key=f"foedus-{self._session}-{task}-{uuid4().hex[:8]}",
                pure=False,
            )
        # a task may wait behind others before it starts
        deadline = time.monotonic() + seconds * self.capacity
        self._flights[task] = _Flight(future, deadline)
        future.add_done_callback(lambda done: self._landed.put((task, done)))

    def next(self) -> Event:
        """Wait for the next event.

        Raises
        ------
        UnfinishedError
            If the scheduler is gone, no worker comes back, or one runs other code.
        """
        while True:
            try:
                task, future = self._landed.get(timeout=WATCH_SECONDS)
            except queue.Empty:
                self._watch()
                late = self._late()
                if late is not None:
                    return late
                continue
            flight = self._flights.get(task)
            if flight is not None and flight.future is future:
                del self._flights[task]
                return self._event(task, flight)

    def close(self) -> None:
        """Take back what is not computed, and leave the cluster as it is."""
        with contextlib.suppress(Exception):  # a cluster that is gone needs no farewell
            self._client.cancel([flight.future for flight in self._flights.values()], force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    def _event(self, task: int, flight: _Flight) -> Event:
        try:
            theirs, points, runs = self._fetched(flight)
        except UnfinishedError:
            raise
        except Exception as error:
            if flight.future.status == "error":
                return Broken(task, f"{type(error).__name__}: {_line(error)}")
            raise UnfinishedError(
                f"the connection to the scheduler at {self._address} was lost"
            ) from None
        if not points:
            raise UnfinishedError(
                f"a worker of {self._address} runs {theirs}, this is {code_version()}: "
                "install the same on all machines"
            )
        return Done(task, Answer(points, runs))

    def _fetched(self, flight: _Flight) -> tuple[str, bytes, bytes]:
        """A result, brought over; one that its worker took to the grave is computed again."""
        while True:
            try:
                theirs, points, runs = flight.future.result(timeout=WATCH_SECONDS)
            except TimeoutError:
                if flight.future.status == "error":  # the task's own
                    raise
                self._watch()
                if time.monotonic() > flight.deadline:
                    raise UnfinishedError(f"no answer from {self._address} in time") from None
            else:
                return theirs, points, runs

    def _watch(self) -> None:
        """Stop when the cluster is gone for too long."""
        if self._client.status not in ("running", "connecting"):
            raise UnfinishedError(f"the connection to the scheduler at {self._address} was lost")
        if self._threads():
            self._alone_since = None
            return
        self._alone_since = self._alone_since or time.monotonic()
        if time.monotonic() - self._alone_since > self._patience:
            raise UnfinishedError(f"no worker has come back to {self._address}")

    def _late(self) -> Broken | None:
        now = time.monotonic()
        for task, flight in self._flights.items():
            if flight.deadline < now:
                del self._flights[task]
                self._client.cancel([flight.future], force=True)
                return Broken(task, "no answer in time")
        return None

    def _threads(self) -> dict[str, int]:
        with self._network():
            return dict(self._client.nthreads())

    @contextlib.contextmanager
    def _network(self) -> Any:
        """Errors of the network as what they mean here."""
        try:
            yield
        except Exception as error:
            raise UnfinishedError(
                f"the scheduler at {self._address} does not answer: {_line(error)}"
            ) from None


def _connected(address: str, patience: float) -> Any:
    try:
        import distributed
    except ImportError:
        raise missing("--cluster", "Dask", "cluster") from None
    if not ADDRESS.fullmatch(address):
        expected = "expected an address such as tcp://10.0.0.5:8786"
        raise UsageError(f"--cluster: {expected}, found '{address}'")
    connect: Any = distributed.Client
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = connect(address, timeout=min(patience, CONNECT_SECONDS), set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"no Dask scheduler answers at {address}: {_line(error)}") from None
    try:
        client.wait_for_workers(1, timeout=patience)
    except Exception:
        client.close()
        raise InputError(f"the scheduler at {address} has no workers") from None
    return client


def _line(error: object) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
