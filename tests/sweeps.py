"""Small sweeps for tests, pools that live in the test's own process, and commands as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

from foedus.experiments.collection import collected
from foedus.experiments.folder import Folder
from foedus.experiments.pool import Broken, Done
from foedus.experiments.study import Study, read_study
from foedus.experiments.sweep import resume, start
from foedus.experiments.tables import digest_of_table
from foedus.experiments.work import perform

PLAN = """\
schema_version: 1
name: small
scenarios: [toy-2020.yaml]
runs: 50
points_per_task: 3
designs:
  - kind: grid
    values:
      rho: [0, 0.5, 1]
      threat: [0.25, 0.5, 0.75, 1]
"""
"""Twelve points in four tasks."""

N_POINTS = 12


def write_plan(toy, text: str = PLAN, name: str = "plan.yaml") -> Path:
    """A plan beside the toy alliance's scenario."""
    toy.write()
    return toy.write(text, name)


def study_in(toy, text: str = PLAN) -> Study:
    return read_study(write_plan(toy, text))


class InlinePool:
    """Works in the test's own process; `breaks(order)` says why a task breaks, or None."""

    def __init__(self, breaks=lambda message: None, capacity: int = 2) -> None:
        self.capacity = capacity
        self.breaks = breaks
        self.submitted: list[bytes] = []
        self.patience: list[float] = []
        self.events: deque = deque()
        self.is_closed = False

    def submit(self, task: int, message: bytes, seconds: float) -> None:
        self.submitted.append(message)
        self.patience.append(seconds)
        reason = self.breaks(message)
        self.events.append(Broken(task, reason) if reason else Done(task, perform(message)))

    def next(self):
        return self.events.popleft()

    def close(self) -> None:
        self.is_closed = True


def silent(_) -> None:
    """Told of progress, says nothing."""


def compute(study: Study, out: Path, pool=InlinePool, notify=silent):
    return start(study, PLAN.encode(), Folder(out), pool, command="test", notify=notify)


def go_on(out: Path, pool=InlinePool, notify=silent):
    return resume(Folder(out), pool, notify=notify)


def digest(out: Path) -> str:
    """Digest of the collected table, keys included."""
    return digest_of_table(collected(Folder(out))[0])


def foedus(*words: object, **options) -> subprocess.CompletedProcess[str]:
    """Run the command as a process."""
    return subprocess.run(
        [sys.executable, "-m", "foedus", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )


def begin_foedus(*words: object, **options) -> subprocess.Popen[str]:
    """Start the command as a process, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "foedus", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


HELD_WORKER = """
import json, time
from foedus.experiments import worker

own = worker.perform

def perform(message):
    while any(point["index"] >= {held_from} for point in json.loads(message)["points"]):
        time.sleep(0.1)
    return own(message)

worker.perform = perform
worker.main()
"""


def begin_held_foedus(held_from: int, *words: object) -> subprocess.Popen[str]:
    """As :func:`begin_foedus`; no worker ever ends a task with a point from `held_from` on."""
    worker = HELD_WORKER.format(held_from=held_from)
    program = (
        "import sys\n"
        "from foedus.experiments import local_pool\n"
        "from foedus.cli import main\n"
        f"local_pool.COMMAND = (sys.executable, '-c', {worker!r})\n"
        "main()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def n_parts(out: Path) -> int:
    """Finished parts on the disk."""
    return len(list((out / "parts").glob("points-*.parquet"))) if out.exists() else 0


def children_of(pid: int) -> list[int]:
    """Processes whose parent is `pid` (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
