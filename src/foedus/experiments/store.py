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

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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
from foedus.experiments.study import Task
from foedus.experiments.table import columns, columns_of_runs, from_parquet, notes_of

PART_NAME = re.compile(r"(points|runs)-[0-9]{6}-[0-9a-f]{64}\.parquet")
MAX_PART_BYTES = 2_000_000_000
MAX_INPUT_BYTES = 8_000_000
MANIFESTS = ("manifest.json", "manifest.copy.json")
OWN_NAMES = {*MANIFESTS, "plan.yaml", "inputs", "parts", "set-aside", "lock"}


class Folder:
    """Where a sweep lives; `resume` is the command that goes on, `remedy` helps a full disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifests = [path / name for name in MANIFESTS]
        self.inputs = path / "inputs"
        self.parts = path / "parts"
        self.resume = f"foedus experiment resume {path}"
        self.remedy = f"what is finished is kept; make room or rights, then run: {self.resume}"

    def make(self) -> None:
        """Make the folder and those in it; refused where something else lies, and no sweep."""
        with disk_errors(self.path, "choose another folder"):
            here = self.path.iterdir() if self.path.is_dir() else ()
            names = {path.name.removesuffix(UNFINISHED_SUFFIX) for path in here}
            foreign = names.isdisjoint(MANIFESTS) and not names <= OWN_NAMES
            if foreign or self.path.is_file():
                problem = "holds files that are no sweep's; choose another folder"
                raise UsageError(f"{self.path}: {problem}")
            make_durably(self.inputs)
            make_durably(self.parts)

    def require(self) -> None:
        """Refuse a folder in which no sweep lives.

        Raises:
            InputError: If there is no such folder, or no sweep in it.
        """
        if not self.path.is_dir():
            raise InputError(f"{self.path}: no such folder")
        if not any(path.exists() for path in self.manifests):
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
        for path in self.manifests:
            try:
                there = read_manifest(path)
            except InputError:
                there = None
                if path.exists():
                    self.set_aside(path)
            if there != manifest:
                with disk_errors(self.path, self.remedy):
                    write_durably(path, manifest_text(manifest).encode())

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
            with suppress(InputError):
                case = find()
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

    def part_names(self, kind: str = "points") -> list[str]:
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
            for name in self.part_names():
                try:
                    points = self.points(name, manifest)
                    if manifest.plan.keep_runs:
                        self.runs(name, points)
                    done.update(points["point"].to_pylist())
                except InputError:
                    self.set_aside(self.parts / name)
        return done

    def points(self, name: str, manifest: Manifest) -> pa.Table:
        """A part of points.

        Raises:
            InputError: If it is damaged, or of another sweep.
        """
        table = from_parquet(self._content(name), name, columns(manifest.plan.names))
        if notes_of(table).get(SWEEP_NOTE) != manifest.points_sha256:
            raise InputError(f"{name}: belongs to another sweep")
        numbers = table["point"].to_pylist()
        if not all(n is not None and 0 <= n < manifest.n_points for n in numbers):
            raise InputError(f"{name}: holds points that the sweep does not have")
        return table

    def runs(self, name: str, points: pa.Table) -> pa.Table:
        """The part of runs that belongs to a part of points; errors as there."""
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

    @contextmanager
    def mendable(self) -> Iterator[None]:
        """Say of whatever is found damaged that a resume mends it."""
        try:
            yield
        except InputError as error:
            raise UnfinishedError(f"{error}; run: {self.resume}") from None


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

    def check(self) -> None:
        """Say which points the table lacks.

        Raises:
            UnfinishedError: If it lacks any.
        """
        if self.done < self.total:
            raise UnfinishedError(
                f"the table holds {self.done:,} of {self.total:,} points: {self.planned:,} are "
                f"not computed, {self.failed:,} failed"
            )


def tally_of(manifest: Manifest, n_done: int, *, is_running: bool) -> Tally:
    """How far a sweep is, from what its manifest says and the number of points found."""
    left = manifest.n_points - n_done
    failed = min(left, manifest.result.failed) if manifest.result and not is_running else 0
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
    done, damaged = set[int](), list[str]()
    for name in folder.part_names():
        try:
            done.update(folder.points(name, manifest)["point"].to_pylist())
        except InputError as error:
            damaged.append(str(error))
    failures = () if manifest.result is None or is_running else manifest.result.failures
    names = [*folder.part_names("points"), *folder.part_names("runs")]
    return State(
        tally=tally_of(manifest, len(done), is_running=is_running),
        failures=tuple(failure for failure in failures if failure.point not in done),
        n_parts=len(names),
        n_bytes=sum((folder.parts / name).stat().st_size for name in names),
        damaged=tuple(damaged),
        is_running=is_running,
    )


def collected(folder: Folder) -> tuple[pa.Table, Tally]:
    """Every finished point as one Arrow table, in the order of the points, and how many there are.

    Raises:
        UnfinishedError: If a part is damaged: a resume mends it.
        InputError: If no point is finished.
    """
    manifest = folder.manifest()
    with folder.mendable():
        parts = [folder.points(name, manifest) for name in folder.part_names()]
    if not parts:
        raise InputError(f"{folder.path}: no point is finished yet")
    plain = [part.replace_schema_metadata(None) for part in parts]
    table = pa.concat_tables(plain).sort_by("point").combine_chunks()
    _, first = np.unique(table["point"].to_numpy(), return_index=True)
    if len(first) < table.num_rows:  # a point that was computed twice has two equal rows
        table = table.take(first)
    if manifest.result and table.num_rows < manifest.result.done:
        message = f"{manifest.result.done:,} points were done, {table.num_rows:,} are there"
        raise UnfinishedError(f"{folder.parts}: {message}; run: {folder.resume}")
    tally = tally_of(manifest, table.num_rows, is_running=is_locked(folder.path))
    keys = "".join(map(str, table["key"].to_pylist()))
    if tally.done == tally.total and sha256(keys.encode()) != manifest.points_sha256:
        raise InputError(f"{folder.parts}: the keys of its points are not those of this sweep")
    return table, tally


def collected_runs(folder: Folder) -> Iterator[pa.Table]:
    """The runs of a sweep that keeps them, part by part, in the order of the points.

    Raises:
        UsageError: If it does not keep them.
        UnfinishedError: As :func:`collected`.
    """
    manifest, seen = folder.manifest(), set[int]()
    if not manifest.plan.keep_runs:
        raise UsageError(f"{folder.path}: this sweep keeps no runs (`keep_runs: true` does)")
    with folder.mendable():
        for name in folder.part_names():
            runs = folder.runs(name, folder.points(name, manifest))
            again = pc.is_in(runs["point"], pa.array([*seen], pa.int64()))
            runs = runs.filter(pc.invert(again))  # of a point that was computed twice
            seen.update(runs["point"].unique().to_pylist())
            yield runs.replace_schema_metadata(None)
