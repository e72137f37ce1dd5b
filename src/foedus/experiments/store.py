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
from collections.abc import Callable, Iterator, Sequence
from functools import partial
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
from foedus.data.library import Case, load
from foedus.data.records import Record
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.evaluate import RUNS_NOTE, SWEEP_NOTE, case_from, case_text
from foedus.experiments.manifest import Failure, Input, Manifest, manifest_text, read_manifest
from foedus.experiments.points import Task
from foedus.experiments.table import columns, columns_of_runs, from_parquet, notes_of

PART_NAME = re.compile(r"(points|runs)-[0-9]{6}-[0-9a-f]{64}\.parquet")
MAX_PART_BYTES = 2_000_000_000
MAX_INPUT_BYTES = 8_000_000
OWN_NAMES = {
    *("manifest.json", "manifest.copy.json", "plan.yaml", "inputs", "parts", "set-aside", "lock")
}


class Folder:
    """Where a sweep lives; `resume` is the command that goes on, `remedy` helps a full disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifests = (path / "manifest.json", path / "manifest.copy.json")
        self.inputs = path / "inputs"
        self.parts = path / "parts"
        self.resume = f"foedus experiment resume {path}"
        self.remedy = f"what is finished is kept; make room or rights, then run: {self.resume}"

    def make(self) -> None:
        """Make the folder and those in it; refused where something else lies, and no sweep."""
        with disk_errors(self.path, "choose another folder"):
            here = self.path.iterdir() if self.path.is_dir() else ()
            names = {path.name.removesuffix(UNFINISHED_SUFFIX) for path in here}
            foreign = not self._has_sweep() and not names <= OWN_NAMES
            if foreign or self.path.is_file():
                problem = "holds files that are no sweep's; choose another folder"
                raise UsageError(f"{self.path}: {problem}")
            for folder in (self.inputs, self.parts):
                make_durably(folder)

    def _has_sweep(self) -> bool:
        return any(path.exists() for path in self.manifests)

    def require(self) -> None:
        """Refuse a folder in which no sweep lives.

        Raises:
            InputError: If there is no such folder, or no sweep in it.
        """
        if not self.path.is_dir():
            raise InputError(f"{self.path}: no such folder")
        if not self._has_sweep():
            raise InputError(f"{self.path}: no sweep lives here (no manifest.json)")

    def manifest(self) -> Manifest:
        """The manifest, from its copy where it is damaged; refused where both are.

        Raises:
            InputError: If both are.
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

    def keep_inputs(self, plan_text: bytes, cases: Sequence[Case]) -> None:
        """Write the plan and the cases as they were read."""
        with disk_errors(self.path, "choose another folder"):
            write_durably(self.path / "plan.yaml", plan_text)
            for case in cases:
                write_durably(self.inputs / f"{case.id}.json", case_text(case).encode())

    def case(self, entry: Input) -> Case:
        """A case as the sweep read it: from the copy kept here, or from the library."""
        path = self.inputs / f"{entry.id}.json"
        for find in (partial(_copied, path), partial(load, entry.id)):
            try:
                case = find()
            except InputError:
                continue
            if case.digest == entry.digest:
                return case
        raise InputError(f"{path}: damaged or missing, and the library has no such scenario")

    def store(self, task: Task, points: bytes, runs: bytes) -> None:
        """Write the results of a task; they are on the disk when this returns.

        Raises:
            UnfinishedError: If the disk does not take them.
        """
        with disk_errors(self.path, self.remedy):
            for kind, content in (("runs", runs), ("points", points)):
                if content:
                    name = f"{kind}-{task[0].index:06d}-{sha256(content)}.parquet"
                    write_durably(self.parts / name, content)

    def part_names(self, kind: str) -> list[str]:
        """Names of the parts of points, or of runs, in the order of their first points."""
        if not self.parts.is_dir():
            return []
        names = (path.name for path in self.parts.iterdir())
        return sorted(n for n in names if PART_NAME.fullmatch(n) and n.startswith(kind))

    def whole_parts(
        self, manifest: Manifest, damaged: Callable[[str, InputError], None], *, runs: bool
    ) -> Iterator[tuple[Any, Any]]:
        """Every part of points that is whole, with the part of its runs where those are wanted.

        Whoever asks is told (`damaged`) the name of each other part, and what is wrong with it.
        """
        for name in self.part_names("points"):
            try:
                points = self._points(name, manifest)
                kept = self._runs(name, points) if runs and manifest.plan.keep_runs else None
            except InputError as error:
                damaged(name, error)
            else:
                yield points, kept

    def mended(self, manifest: Manifest) -> set[int]:
        """Numbers of the points that whole parts hold.

        Damaged parts and those of other sweeps are set aside, leftovers of a crash deleted.
        """
        done: set[int] = set()
        with disk_errors(self.path, self.remedy):
            make_durably(self.parts)
            for path in self.parts.glob(f"*{UNFINISHED_SUFFIX}"):
                path.unlink(missing_ok=True)
            for points, _ in self.whole_parts(manifest, self._set_part_aside, runs=True):
                done.update(points.column("point").to_pylist())
        return done

    def _set_part_aside(self, name: str, _: InputError) -> None:
        self.set_aside(self.parts / name)

    def _points(self, name: str, manifest: Manifest) -> Any:
        table = from_parquet(self._content(name), name, columns(manifest.plan.names))
        numbers = table.column("point").to_pylist()
        if notes_of(table).get(SWEEP_NOTE) != manifest.points_sha256:
            raise InputError(f"{name}: belongs to another sweep")
        if not all(n is not None and 0 <= n < manifest.n_points for n in numbers):
            raise InputError(f"{name}: holds points that the sweep does not have")
        return table

    def _runs(self, name: str, points: Any) -> Any:
        """The part of runs that belongs to a part of points."""
        runs = f"runs-{name[7:13]}-{notes_of(points).get(RUNS_NOTE)}.parquet"
        return from_parquet(self._content(runs), runs, columns_of_runs())

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


def _copied(path: Path) -> Case:
    try:
        if not path.is_file() or path.stat().st_size > MAX_INPUT_BYTES:
            raise InputError(f"{path}: missing, or larger than any case")
        return case_from(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path}: cannot be read") from None


class Tally(Record):
    """How far a sweep is, in points."""

    planned: int
    done: int
    failed: int

    @property
    def total(self) -> int:
        """All points."""
        return self.planned + self.done + self.failed


def tally_of(manifest: Manifest, n_done: int, *, is_running: bool) -> Tally:
    """How far a sweep is, from what its manifest says and the number of points found."""
    left = manifest.n_points - n_done
    known = manifest.result.failed if manifest.result and not is_running else 0
    failed = min(known, left)
    return Tally(planned=left - failed, done=n_done, failed=failed)


class State(Record):
    """How a sweep stands: its files of results, and what is wrong with those that are damaged."""

    tally: Tally
    failures: tuple[Failure, ...]
    n_parts: int
    n_bytes: int
    damaged: tuple[str, ...]
    is_running: bool

    def as_record(self) -> dict[str, object]:
        """As plain values, for JSON."""
        own = self.model_dump(mode="json")
        return {**own["tally"], **own, "total": self.tally.total}


def state_of(folder: Folder) -> State:
    """The state of the sweep in a folder, read without disturbing whoever works there.

    Raises:
        InputError: If there is none.
    """
    manifest, is_running = folder.manifest(), is_locked(folder.path)
    done: set[int] = set()
    damaged: list[str] = []
    whole = folder.whole_parts(manifest, lambda _, error: damaged.append(str(error)), runs=False)
    for points, _ in whole:
        done.update(points.column("point").to_pylist())
    failures = () if manifest.result is None or is_running else manifest.result.failures
    names = [*folder.part_names("points"), *folder.part_names("runs")]
    sizes = [(folder.parts / name).stat().st_size for name in names]
    return State(
        tally=tally_of(manifest, len(done), is_running=is_running),
        failures=tuple(failure for failure in failures if failure.point not in done),
        n_parts=len(sizes),
        n_bytes=sum(sizes),
        damaged=tuple(damaged),
        is_running=is_running,
    )
