"""The folder of a sweep: what lies where, and which of its parts are whole.

::

    manifest.json       what was asked, of which code, and what came out
    plan.yaml           the plan as it was written
    inputs/             the cases as they were read
    parts/              results; the name of a part holds the digest of its bytes
    ledger.sqlite       what is planned, done and failed
    set-aside/          files that were found damaged, or another sweep's

The parts are the truth: the ledger can be rebuilt from them, and a part that is damaged is found
out by its own name and computed again. Each row of a part says which point it is, by number and
key; a part that holds a point of another sweep is none of this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foedus.errors import InputError, UnfinishedError
from foedus.experiments.durable import (
    UNFINISHED_SUFFIX,
    disk_errors,
    make_durably,
    sha256,
    write_durably,
)
from foedus.experiments.ledger import Part
from foedus.experiments.points import Point, Task
from foedus.experiments.tables import from_parquet, notes_of
from foedus.experiments.work import RUNS_NOTE, Answer

PART_NAME = re.compile(r"points-[0-9]{6}-[0-9a-f]{64}\.parquet")
RUNS_NAME = re.compile(r"runs-[0-9]{6}-[0-9a-f]{64}\.parquet")
MAX_PART_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Folder:
    """Where a sweep lives."""

    path: Path

    @property
    def manifest(self) -> Path:
        """What was asked and what came out."""
        return self.path / "manifest.json"

    @property
    def plan(self) -> Path:
        """The plan as it was written."""
        return self.path / "plan.yaml"

    @property
    def inputs(self) -> Path:
        """Folder of the cases."""
        return self.path / "inputs"

    @property
    def parts(self) -> Path:
        """Folder of the results."""
        return self.path / "parts"

    @property
    def ledger(self) -> Path:
        """What is planned, done and failed."""
        return self.path / "ledger.sqlite"

    @property
    def remedy(self) -> str:
        """What to do after the disk failed."""
        return f"what is finished is kept; make room or rights, then run: foedus resume {self.path}"

    def make(self) -> None:
        """Make the folder and those in it.

        Raises
        ------
        UnfinishedError
            If the disk does not let them be made.
        """
        with disk_errors(self.path, "choose another folder with --out"):
            for folder in (self.inputs, self.parts):
                make_durably(folder)

    def is_foreign(self) -> bool:
        """Whether something lies here that is no sweep's, and no sweep beside it."""
        if self.ledger.exists():
            return False
        own = {self.manifest.name, self.plan.name, "inputs", "parts", "lock", "set-aside"}
        try:
            names = {p.name.removesuffix(UNFINISHED_SUFFIX) for p in self.path.iterdir()}
        except NotADirectoryError:
            return self.path.exists()
        except OSError:
            return False
        return any(name not in own and not name.startswith(self.ledger.name) for name in names)

    def store(self, task: Task, answer: Answer) -> Part:
        """Write the results of a task; they are on the disk when this returns.

        Raises
        ------
        UnfinishedError
            If the disk does not take them.
        """
        first = task.points[0].index
        name = f"points-{first:06d}-{sha256(answer.points)}.parquet"
        with disk_errors(self.path, self.remedy):
            if answer.runs:
                runs = f"runs-{first:06d}-{sha256(answer.runs)}.parquet"
                write_durably(self.parts / runs, answer.runs)
            write_durably(self.parts / name, answer.points)
        keys = tuple(point.key for point in task.points)
        return Part(name, sha256(answer.points), len(answer.points), keys)

    def whole_parts(self, points: Sequence[Point]) -> Iterator[Part]:
        """Parts of these points whose bytes are what their names say, in the order of the points.

        Damaged ones and those of other sweeps are set aside, leftovers of a crash deleted.
        """
        own = {(point.index, point.key) for point in points}
        for path in sorted(self.parts.iterdir()):
            if path.name.endswith(UNFINISHED_SUFFIX):
                path.unlink(missing_ok=True)
            elif PART_NAME.fullmatch(path.name):
                part = self._read(path, own)
                if part is not None:
                    yield part

    def _read(self, path: Path, own: set[tuple[int, str]]) -> Part | None:
        try:
            content = self.content(path.name)
            table = from_parquet(content, path.name)
            runs = runs_name(path.name, notes_of(table))
            if runs is not None:
                self.content(runs)
            rows = _rows(table, path.name)
            if not own.issuperset(rows):
                raise InputError(f"{path}: holds points of another sweep")
        except InputError:
            self.set_aside(path)
            return None
        return Part(path.name, sha256(content), len(content), tuple(key for _, key in rows))

    def content(self, name: str) -> bytes:
        """The bytes of a part.

        Raises
        ------
        InputError
            If it is missing, or its bytes are not what its name says.
        """
        if not (PART_NAME.fullmatch(name) or RUNS_NAME.fullmatch(name)):
            raise InputError(f"{name}: not the name of a part")
        path = self.parts / name
        try:
            if not path.is_file() or path.stat().st_size > MAX_PART_BYTES:
                raise InputError(f"{path}: missing, or larger than any part")
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

    def require(self) -> None:
        """Check that a sweep lives here.

        Raises
        ------
        InputError
            If there is no such folder, or no sweep in it.
        """
        if not self.path.is_dir():
            raise InputError(f"{self.path}: no such folder")
        if not (self.manifest.exists() or self.ledger.exists()):
            raise InputError(f"{self.path}: no sweep lives here (no manifest.json)")


def _rows(table: Any, name: str) -> list[tuple[int, str]]:
    """Number and key of each point in a part."""
    for column, type_ in (("point", "int64"), ("key", "string")):
        if column not in table.schema.names or str(table.schema.field(column).type) != type_:
            raise InputError(f"{name}: expected a column '{column}' of {type_}")
    columns = [table.column(column).to_pylist() for column in ("point", "key")]
    return list(zip(*columns, strict=True))


def runs_name(points_name: str, notes: dict[str, str]) -> str | None:
    """Name of the part of runs that belongs to a part of points; None where runs are not kept."""
    digest = notes.get(RUNS_NOTE)
    return None if digest is None else f"runs-{points_name[7:13]}-{digest}.parquet"


def named_parts(names: Sequence[str]) -> list[str]:
    """Names that are names of parts, in the order of their first points."""
    return sorted(name for name in names if PART_NAME.fullmatch(name))


def damaged(folder: Path, error: Exception) -> UnfinishedError:
    """The error for something damaged that a resume mends."""
    return UnfinishedError(f"{error}; run: foedus resume {folder}")
