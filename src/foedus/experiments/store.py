"""The folder of a sweep: what lies where, which of its parts are whole, and how far it is.

::

    manifest.json       what was asked, of which code, and what came out; manifest.copy.json too
    plan.yaml           the plan as it was written
    inputs/             the cases as they were read
    parts/              results; the name of a part holds the digest of its bytes
    set-aside/          files that were found damaged, or another sweep's

The parts are the truth: a point is done if a whole part holds it, and there is no other record of
it. A part says in its metadata which sweep it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from foedus.data.durable import (
    UNFINISHED_SUFFIX,
    disk_errors,
    is_locked,
    make_durably,
    sha256,
    write_durably,
)
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.evaluate import RUNS_NOTE, SWEEP_NOTE, Answer
from foedus.experiments.manifest import Failure, Manifest, manifest_text, read_manifest
from foedus.experiments.points import Task
from foedus.experiments.table import RUNS, columns, from_parquet, notes_of

PART_NAME = re.compile(r"(points|runs)-[0-9]{6}-[0-9a-f]{64}\.parquet")
MAX_PART_BYTES = 2_000_000_000


class Folder:
    """Where a sweep lives.

    Attributes
    ----------
    manifests
        What was asked and what came out, and a copy of it.
    plan, inputs, parts
        The plan as written; the folders of the cases and of the results.
    resume
        The command that goes on.
    remedy
        What to do after the disk failed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifests = (path / "manifest.json", path / "manifest.copy.json")
        self.plan = path / "plan.yaml"
        self.inputs = path / "inputs"
        self.parts = path / "parts"
        self.resume = f"foedus experiment resume {path}"
        self.remedy = f"what is finished is kept; make room or rights, then run: {self.resume}"

    def make(self) -> None:
        """Make the folder and those in it.

        Raises
        ------
        UsageError
            If it holds something that is no sweep's.
        UnfinishedError
            If the disk does not let them be made.
        """
        if self._is_foreign():
            raise UsageError(f"{self.path}: holds files that are no sweep's; choose another folder")
        with disk_errors(self.path, "choose another folder"):
            for folder in (self.inputs, self.parts):
                make_durably(folder)

    def _is_foreign(self) -> bool:
        """Whether something lies here that is no sweep's, and no sweep beside it."""
        own = {path.name for path in (*self.manifests, self.plan, self.inputs, self.parts)}
        try:
            names = {p.name.removesuffix(UNFINISHED_SUFFIX) for p in self.path.iterdir()}
        except NotADirectoryError:
            return self.path.exists()
        except OSError:
            return False
        has_sweep = any(path.exists() for path in self.manifests)
        return not has_sweep and not names <= own | {"lock", "set-aside"}

    def require(self) -> None:
        """Check that a sweep lives here.

        Raises
        ------
        InputError
            If there is no such folder, or no sweep in it.
        """
        if not self.path.is_dir():
            raise InputError(f"{self.path}: no such folder")
        if not any(path.exists() for path in self.manifests):
            raise InputError(f"{self.path}: no sweep lives here (no manifest.json)")

    def manifest(self) -> Manifest:
        """The manifest, from its copy where it is damaged.

        Raises
        ------
        InputError
            If both are.
        """
        self.require()
        first, copy = self.manifests
        try:
            return read_manifest(first)
        except InputError as error:
            try:
                return read_manifest(copy)
            except InputError:
                raise InputError(
                    f"{error}, nor is its copy whole; run `foedus experiment run` with its plan "
                    "and this folder again: what is finished is kept"
                ) from None

    def keep(self, manifest: Manifest) -> None:
        """Write the manifest and its copy where the folder does not hold them.

        What stands there and is none is set aside.
        """
        text = manifest_text(manifest).encode()
        for path in self.manifests:
            try:
                there = read_manifest(path)
            except InputError:
                there = None
                if path.exists():
                    self.set_aside(path)
            if there != manifest:
                with disk_errors(self.path, self.remedy):
                    write_durably(path, text)

    def store(self, task: Task, answer: Answer) -> None:
        """Write the results of a task; they are on the disk when this returns.

        Raises
        ------
        UnfinishedError
            If the disk does not take them.
        """
        with disk_errors(self.path, self.remedy):
            for kind, content in (("runs", answer.runs), ("points", answer.points)):
                if content:
                    name = f"{kind}-{task.points[0].index:06d}-{sha256(content)}.parquet"
                    write_durably(self.parts / name, content)

    def part_names(self, kind: str) -> list[str]:
        """Names of the parts of points, or of runs, in the order of their first points."""
        if not self.parts.is_dir():
            return []
        names = (path.name for path in self.parts.iterdir())
        return sorted(n for n in names if PART_NAME.fullmatch(n) and n.startswith(kind))

    def mended(self, manifest: Manifest) -> set[int]:
        """Numbers of the points that whole parts hold.

        Damaged parts and those of other sweeps are set aside, leftovers of a crash deleted.
        """
        done: set[int] = set()
        with disk_errors(self.path, self.remedy):
            make_durably(self.parts)
            for path in self.parts.glob(f"*{UNFINISHED_SUFFIX}"):
                path.unlink(missing_ok=True)
            for name in self.part_names("points"):
                try:
                    table = self.part(name, manifest)
                    self.runs_of(name, table, manifest)
                except InputError:
                    self.set_aside(self.parts / name)
                else:
                    done.update(table.column("point").to_pylist())
        return done

    def part(self, name: str, manifest: Manifest) -> Any:
        """A part of points, checked.

        Raises
        ------
        InputError
            If it is missing, damaged, has other columns, or belongs to another sweep.
        """
        table = from_parquet(self._content(name), name, columns(manifest.plan.names))
        numbers = table.column("point").to_pylist()
        if notes_of(table).get(SWEEP_NOTE) != manifest.points_sha256:
            raise InputError(f"{name}: belongs to another sweep")
        if not all(n is not None and 0 <= n < manifest.n_points for n in numbers):
            raise InputError(f"{name}: holds points that the sweep does not have")
        return table

    def runs_of(self, name: str, table: Any, manifest: Manifest) -> Any:
        """The part of runs that belongs to a part of points; None where runs are not kept.

        Raises
        ------
        InputError
            As :meth:`part`.
        """
        if not manifest.plan.keep_runs:
            return None
        runs = f"runs-{name[7:13]}-{notes_of(table).get(RUNS_NOTE)}.parquet"
        return from_parquet(self._content(runs), runs, RUNS)

    def _content(self, name: str) -> bytes:
        """The bytes of a part, if they are what its name says."""
        path = self.parts / name
        try:
            if not PART_NAME.fullmatch(name) or not path.is_file():
                raise InputError(f"{path}: missing")
            if path.stat().st_size > MAX_PART_BYTES:
                raise InputError(f"{path}: larger than any part")
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        if sha256(content) != name.rpartition("-")[2].removesuffix(".parquet"):
            raise InputError(f"{path}: damaged, its bytes are not those that were written")
        return content

    def set_aside(self, path: Path) -> None:
        """Put a damaged file out of the way, for whoever wants to look at it."""
        aside = self.path / "set-aside"
        with disk_errors(self.path, self.remedy):
            aside.mkdir(exist_ok=True)
            n = sum(1 for _ in aside.iterdir())
            path.replace(aside / f"{n}-{path.name}")

    def damaged(self, error: Exception) -> UnfinishedError:
        """The error for something damaged that a resume mends."""
        return UnfinishedError(f"{error}; run: {self.resume}")


@dataclass(frozen=True)
class Tally:
    """How far a sweep is, in points."""

    planned: int
    done: int
    failed: int

    @property
    def total(self) -> int:
        """All points."""
        return self.planned + self.done + self.failed

    def moved(self, done: int, failed: int) -> Tally:
        """The tally after some more points are done, and some given up."""
        return Tally(self.planned - done - failed, self.done + done, self.failed + failed)


@dataclass(frozen=True)
class State:
    """How a sweep stands.

    Attributes
    ----------
    failures
        The first points that were given up, and why.
    n_parts, n_bytes
        Files of results, and their size.
    damaged
        What is wrong with each part that cannot be used.
    is_running
        Whether a process is at work on it.
    """

    tally: Tally
    failures: tuple[Failure, ...]
    n_parts: int
    n_bytes: int
    damaged: tuple[str, ...]
    is_running: bool

    def as_record(self) -> dict[str, object]:
        """As plain values, for JSON."""
        failures = [failure.model_dump() for failure in self.failures]
        own = {**asdict(self), "failures": failures, "damaged": list(self.damaged)}
        return {**asdict(self.tally), **own, "total": self.tally.total}


def state_of(folder: Folder) -> State:
    """The state of the sweep in a folder, read without disturbing whoever works there.

    Raises
    ------
    InputError
        If there is none.
    """
    manifest, is_running = folder.manifest(), is_locked(folder.path)
    done: set[int] = set()
    damaged: list[str] = []
    for name in folder.part_names("points"):
        try:
            done.update(folder.part(name, manifest).column("point").to_pylist())
        except InputError as error:
            damaged.append(str(error))
    failures = () if manifest.result is None or is_running else manifest.result.failures
    failures = tuple(failure for failure in failures if failure.point not in done)
    names = [*folder.part_names("points"), *folder.part_names("runs")]
    sizes = [(folder.parts / name).stat().st_size for name in names]
    return State(
        tally_of(manifest, len(done), is_running=is_running),
        failures,
        len(sizes),
        sum(sizes),
        tuple(damaged),
        is_running,
    )


def tally_of(manifest: Manifest, n_done: int, *, is_running: bool) -> Tally:
    """How far a sweep is, from what its manifest says and the number of points found."""
    left = manifest.n_points - n_done
    known = manifest.result.failed if manifest.result and not is_running else 0
    failed = min(known, left)
    return Tally(left - failed, n_done, failed)
