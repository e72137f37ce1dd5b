"""Small sweeps for tests, an executor in the test's own process, and commands as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from pathlib import Path

from foedus.experiments.evaluate import perform
from foedus.experiments.executor import Event
from foedus.experiments.store import Folder, collected
from foedus.experiments.study import Study, read_study
from foedus.experiments.sweep import resume, start
from foedus.experiments.table import digest_of_table

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


class InlineExecutor:
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
        self.events.append(Event(task, *(() if reason else perform(message)), fault=reason))

    def next(self):
        return self.events.popleft()

    def close(self) -> None:
        self.is_closed = True


def silent(_) -> None:
    """Told of progress, says nothing."""


def compute(study: Study, out: Path, executor=InlineExecutor, notify=silent):
    return start(study, PLAN.encode(), Folder(out), executor, command="test", notify=notify)


def go_on(out: Path, executor=InlineExecutor, notify=silent):
    return resume(Folder(out), executor, notify=notify)


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


HELD = """
import sys
from foedus.cli import main
from foedus.experiments import executor

def work(message, code, seconds):
    import json, time
    from foedus.experiments.executor import work
    while any(point["index"] >= {held_from} for point in json.loads(message)["points"]):
        time.sleep(0.1)
    return work(message, code, seconds)

if __name__ == "__main__":
    executor.work = work  # travels to the workers by value
    main()
"""


def begin_held_foedus(held_from: int, *words: object) -> subprocess.Popen[str]:
    """As :func:`begin_foedus`; no worker ever ends a task with a point from `held_from` on."""
    return subprocess.Popen(
        [sys.executable, "-c", HELD.format(held_from=held_from), *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def n_parts(out: Path) -> int:
    """Finished parts on the disk."""
    return len(list((out / "parts").glob("points-*.parquet"))) if out.exists() else 0


def workers_of(pid: int) -> list[int]:
    """Worker processes whose parent is `pid` (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_text()
            except OSError:
                continue
            is_child = int(fields[1]) == pid and fields[0] != "Z"
            if is_child and "resource_tracker" not in command:
                found.append(int(entry.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
