"""A Dask cluster is a executor like any other: the same bytes, whatever is torn."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments import executor
from foedus.experiments.executor import Event, on_cluster
from foedus.experiments.store import Folder, state_of
from sweeps import PLAN, begin_foedus, compute, digest, go_on, n_parts, study_in, write_plan
from toys import changed

distributed = pytest.importorskip("distributed")

QUIET = {"dashboard_address": "127.0.0.1:0", "silence_logs": "CRITICAL"}
LONGER = changed(PLAN, ("runs: 50", "runs: 4000"), ("points_per_task: 3", "points_per_task: 1"))


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=True,
        **QUIET,
    ) as found:
        yield found


@pytest.fixture
def expected(toy, tmp_path):
    compute(study_in(toy, LONGER), tmp_path / "local")
    return digest(tmp_path / "local")


def pids(cluster) -> list[int]:
    return [worker.pid for worker in cluster.workers.values() if worker.pid]


def test_a_cluster_gives_the_bytes_of_this_process_even_when_its_worker_is_killed(
    toy, tmp_path, cluster, expected
):
    killed = []

    def kill_one(progress) -> None:
        if progress.tally.done == 3:
            killed.extend(pids(cluster))
            os.kill(killed[-1], signal.SIGKILL)

    out = tmp_path / "out"
    study = study_in(toy, LONGER)
    compute(study, out, lambda: on_cluster(cluster.scheduler_address), kill_one)
    assert len(killed) == 1
    assert digest(out) == expected


def test_a_worker_of_other_code_stops_the_sweep(toy, tmp_path, cluster, monkeypatch):
    monkeypatch.setattr(executor, "code_version", lambda: "foedus 9.9.9")
    with pytest.raises(UnfinishedError, match=r"runs foedus 0\..*this is foedus 9\.9\.9"):
        compute(study_in(toy), tmp_path / "out", lambda: on_cluster(cluster.scheduler_address))


def test_a_task_that_raises_is_broken_with_its_reason(cluster):
    executor = on_cluster(cluster.scheduler_address)
    try:
        executor.submit(7, b"no task at all", 100.0)
        broken = executor.next()
    finally:
        executor.close()
    assert broken == Event(7, fault="JSONDecodeError: Expecting value: line 1 column 1 (char 0)")


@pytest.mark.parametrize("address", ["nonsense", "ftp://a:1", "tcp://", "tcp://a", "tcp://a b:1"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UsageError, match=r"expected an address such as tcp://10\.0\.0\.5:8786"):
        on_cluster(address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://nowhere.invalid:8786"])
def test_an_address_where_no_scheduler_answers_is_said(address):
    with pytest.raises(InputError, match=f"no Dask scheduler answers at {address}"):
        on_cluster(address, patience=0.5)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_said():
    with (
        distributed.LocalCluster(n_workers=0, processes=True, **QUIET) as empty,
        pytest.raises(InputError, match="has no workers"),
    ):
        on_cluster(empty.scheduler_address, patience=0.5)


# --- the network, torn ---------------------------------------------------------------------


class Cable:
    """A stretch of network in front of a scheduler, that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self.far = (host, port)
        self.is_cut = False
        self.lines: list[socket.socket] = []
        self.near = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.near.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self.near.accept()
                if self.is_cut:
                    here.close()
                    continue
                there = socket.create_connection(self.far)
            except OSError:
                return
            self.lines += [here, there]
            for source, target in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()

    def cut(self) -> None:
        self.is_cut = True
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.lines = []

    def mend(self) -> None:
        self.is_cut = False


@pytest.fixture
def far_worker(cluster):
    """A worker behind a cable, in a process of its own."""
    host, port = cluster.scheduler_address.removeprefix("tcp://").split(":")
    cable = Cable(host, int(port))
    words = ("worker", cable.address, "--nthreads", "1", "--no-dashboard", "--name", "far")
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    with distributed.Client(cluster.scheduler_address) as client:
        client.wait_for_workers(2, timeout=300)
    yield cable
    cable.near.close()
    process.terminate()
    process.wait()


@pytest.mark.slow
def test_a_worker_whose_cable_is_torn_again_and_again_loses_nothing(
    toy, tmp_path, cluster, far_worker, expected
):
    study, cuts = study_in(toy, LONGER), []

    def tear(progress) -> None:
        if progress.tally.done in (1, 4, 7):
            far_worker.cut()
            cuts.append(progress.tally.done)
        if progress.tally.done in (3, 6):
            far_worker.mend()

    for n in range(5):
        out = tmp_path / f"out{n}"
        compute(study, out, lambda: on_cluster(cluster.scheduler_address), tear)
        assert digest(out) == expected
        far_worker.mend()
        time.sleep(1)
    assert len(cuts) >= 15


@pytest.mark.slow
def test_a_coordinator_whose_cable_is_torn_stops_and_a_resume_goes_on(
    toy, tmp_path, cluster, expected
):
    host, port = cluster.scheduler_address.removeprefix("tcp://").split(":")
    cable, out = Cable(host, int(port)), tmp_path / "out"

    def tear(progress) -> None:
        if progress.tally.done == 3:
            cable.cut()

    with pytest.raises(UnfinishedError, match="scheduler"):
        compute(study_in(toy, LONGER), out, lambda: on_cluster(cable.address, patience=5), tear)
    assert state_of(Folder(out)).tally.done >= 3
    go_on(out, lambda: on_cluster(cluster.scheduler_address))
    assert digest(out) == expected


def test_a_scheduler_that_is_gone_costs_one_line_that_says_how_to_go_on(toy, tmp_path, expected):
    """As people start it: a scheduler and a worker as commands, one of them killed."""
    port = free_port()
    address, out = f"tcp://127.0.0.1:{port}", tmp_path / "out"
    scheduler = begin_dask("scheduler", "--host", "127.0.0.1", "--port", port)
    worker = begin_dask("worker", address, "--nthreads", 1)
    try:
        plan = write_plan(toy, LONGER)
        process = begin_foedus("experiment", "run", plan, "--out-dir", out, "--cluster", address)
        while n_parts(out) < 2 and process.poll() is None:
            time.sleep(0.01)
        scheduler.kill()
        _, said = process.communicate(timeout=100)
    finally:
        for one in (scheduler, worker):
            one.kill()
            one.wait()
    assert process.returncode == 3, said
    assert len(said.strip().splitlines()) == 1
    assert f"go on with: foedus experiment resume {out}" in said
    go_on(out)
    assert digest(out) == expected


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def begin_dask(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, words), "--no-dashboard"],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_a_cluster_that_loses_all_workers_for_good_stops_the_sweep(toy, tmp_path, expected):
    out = tmp_path / "out"
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, **QUIET) as dying:

        def leave(progress) -> None:
            if progress.tally.done == 3:
                dying.scale(0)

        with pytest.raises(UnfinishedError, match="no worker has come back"):
            compute(
                study_in(toy, LONGER), out, lambda: on_cluster(dying.scheduler_address, 4), leave
            )
    go_on(out)
    assert digest(out) == expected
