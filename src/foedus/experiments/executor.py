"""Dask does the work: processes on this machine, or workers on as many machines as one likes.

Tasks travel as bytes (JSON there, Parquet back). Dask wraps what it sends in pickles, over the
network only: a cluster runs whatever its scheduler is sent, so keep it on a network of your own.
Nothing is ever unpickled from a disk.
"""

import contextlib
import logging
import os
import queue
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import uuid4

from foedus.errors import FoedusError, InputError, UnfinishedError, UsageError
from foedus.experiments.evaluate import perform
from foedus.experiments.manifest import code_version
from foedus.extensions import load_declared

PATIENCE = 60.0
"""Seconds that a sweep waits for workers to come (back) before it stops."""

CONNECT_SECONDS = 15.0
WATCH_SECONDS = 0.5

ADDRESS = re.compile(r"(tcp|tls)://([\w.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}")

LOCAL = {
    "distributed.scheduler.allowed-failures": 1,  # deaths over a task; then it is tried alone
    "distributed.comm.timeouts.connect": "30s",
    "distributed.worker.profile.enabled": False,  # takes time from the work
    # Dask's own would give every large array back to the system as soon as it is free
    "distributed.nanny.pre-spawn-environ": dict.fromkeys(
        ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), 1
    ),
}
"""What differs from Dask's own settings where it runs on this machine alone."""

LOGGERS = ("distributed", "tornado")


@dataclass(frozen=True)
class Event:
    """What came of a task.

    Attributes:
        points, runs: The bytes of its parts (:func:`foedus.experiments.evaluate.perform`).
        fault: Why it failed, or its worker died over it; None where it was computed.
    """

    task: int
    points: bytes = b""
    runs: bytes = b""
    fault: str | None = None


def work(message: bytes, expected_code: str, seconds: float) -> tuple[str, bytes, bytes]:
    """What a worker runs: the code it runs, and the two parts of its answer.

    The answer is empty where the worker runs other code than the coordinator. A worker that takes
    longer than `seconds` ends itself, for nobody can stop it from outside.
    """
    load_declared()
    own = str(code_version())
    if own != expected_code:
        return own, b"", b""
    watchdog = threading.Timer(seconds, os._exit, (1,))
    watchdog.daemon = True
    watchdog.start()
    try:
        return own, *perform(message)
    finally:
        watchdog.cancel()


class Executor:
    """Workers behind a Dask scheduler; any may be lost at any time, no task without a word.

    Args:
        name: Names the scheduler in errors.
        patience: Seconds to wait for workers.
        cluster: That ends with this executor; None where the workers are somebody else's.
    """

    def __init__(self, client: Any, name: str, patience: float, cluster: Any = None) -> None:
        self._client, self._name, self._patience = client, name, patience
        self._cluster = cluster
        self._landed: queue.Queue[tuple[int, Any]] = queue.Queue()
        self._flights: dict[int, tuple[Any, float]] = {}
        self._alone_since: float | None = None

    @property
    def capacity(self) -> int:
        """Tasks worth having submitted at the same time: two for each thread of the workers."""
        return max(1, 2 * self._n_threads())

    def submit(self, task: int, message: bytes, seconds: float) -> None:
        """Hand over a task under its number; a worker that takes longer counts as hung."""
        with _meaning(UnfinishedError, f"{self._name} does not answer"):
            words = (work, message, str(code_version()), seconds)
            future = self._client.submit(*words, key=f"foedus-{task}-{uuid4().hex}", pure=False)
        self._flights[task] = (future, seconds)
        future.add_done_callback(lambda done: self._landed.put((task, done)))

    def next(self) -> Event:
        """Wait for the next event; :class:`UnfinishedError` where none can come any more."""
        while True:
            try:
                return self._event(*self._landed.get(timeout=WATCH_SECONDS))
            except queue.Empty:
                self._watch()

    def close(self) -> None:
        """Let the workers go, at once; their tasks are lost, never what is finished."""
        with contextlib.suppress(Exception):  # what is gone needs no farewell
            if self._cluster is None:
                futures = [future for future, _ in self._flights.values()]
                self._client.cancel(futures, force=True)
            else:
                _end(self._cluster)
            self._client.close(timeout=5)

    def _event(self, task: int, future: Any) -> Event:
        _, seconds = self._flights.pop(task)
        try:  # what is lost with its worker is computed again
            theirs, points, runs = future.result(timeout=seconds + self._patience)
        except Exception as error:
            if future.status != "error":
                raise self._lost() from None
            return Event(task, fault=_reason(error, seconds))
        if not points:
            raise UnfinishedError(
                f"a worker of {self._name} runs {theirs}, this is {code_version()}: "
                "install the same on all machines"
            )
        return Event(task, points, runs)

    def _watch(self) -> None:
        """Stop when the cluster is gone for too long."""
        if self._client.status not in ("running", "connecting"):
            raise self._lost()
        if self._n_threads():
            self._alone_since = None
            return
        self._alone_since = self._alone_since or time.monotonic()
        if time.monotonic() - self._alone_since > self._patience:
            raise UnfinishedError(f"no worker has come back to {self._name}")

    def _n_threads(self) -> int:
        with _meaning(UnfinishedError, f"{self._name} does not answer"):
            return sum(self._client.nthreads().values())

    def _lost(self) -> UnfinishedError:
        return UnfinishedError(f"the connection to {self._name} was lost")


ExecutorMaker: TypeAlias = Callable[[], Executor]


def on_this_machine(n_workers: int, patience: float = PATIENCE) -> Executor:
    """Worker processes of one thread each, started afresh; they end with this process.

    Where the library `cryptography` is installed they speak TLS under a certificate made for
    them alone, so that no other user of the machine can reach them.

    Raises:
        UnfinishedError: If they cannot be started.
    """
    import dask
    import distributed

    _hush()
    dask_distributed: Any = distributed  # without types
    security = None
    with contextlib.suppress(ImportError):
        security = dask_distributed.Security.temporary()
    with dask.config.set(LOCAL):
        with _meaning(UnfinishedError, "no worker can be started"):
            cluster = dask_distributed.LocalCluster(
                n_workers=n_workers,
                threads_per_worker=1,
                host="127.0.0.1",
                protocol="tls://" if security else "tcp://",
                security=security,
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                memory_limit=0,
                silence_logs=logging.CRITICAL,
            )
        client = dask_distributed.Client(cluster, set_as_default=False)
    return Executor(client, "the workers of this machine", patience, cluster)


def on_cluster(address: str, patience: float = PATIENCE) -> Executor:
    """Workers that others have started, behind the scheduler at an address.

    Raises:
        UsageError: If it is no address.
        InputError: If no scheduler answers there, or none that has workers.
    """
    import distributed

    if not ADDRESS.fullmatch(address):
        expected = "expected an address such as tcp://10.0.0.5:8786"
        raise UsageError(f"--cluster: {expected}, found '{address}'")
    _hush()
    connect: Any = distributed.Client
    with _meaning(InputError, f"no Dask scheduler answers at {address}"):
        client = connect(address, timeout=min(patience, CONNECT_SECONDS), set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=patience)
    except Exception:
        client.close()
        raise InputError(f"the scheduler at {address} has no workers") from None
    return Executor(client, f"the scheduler at {address}", patience)


def _end(cluster: Any) -> None:
    """Kill the workers of a cluster, also those that are busy, and close it."""
    for nanny in list(cluster.workers.values()):
        nanny.auto_restart = False
        with contextlib.suppress(ProcessLookupError, TypeError):
            os.kill(nanny.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    cluster.close(timeout=5)


def _reason(error: Exception, seconds: float) -> str:
    """Why a task broke, in one line."""
    if type(error).__name__ == "KilledWorker":
        return f"its worker died, or took longer than the time limit of {seconds:g} s"
    return f"{type(error).__name__}: {_line(error)}"


@contextlib.contextmanager
def _meaning(kind: type[FoedusError], words: str) -> Iterator[None]:
    """Say what an error of Dask or of the network means here."""
    try:
        yield
    except Exception as error:
        raise kind(f"{words}: {_line(error)}") from None


def _line(error: object) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def _hush() -> None:
    """Keep Dask's own messages off the terminal: what matters is said here, in one line."""
    for name in [*LOGGERS, *logging.root.manager.loggerDict]:
        if name.partition(".")[0] in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
