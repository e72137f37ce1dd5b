"""What a sweep was asked, by which code, and what came out: one JSON file, checked by a digest."""

import json
import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from inspect import getsourcefile
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError

from foedus.data.durable import sha256
from foedus.data.records import Count, Identifier, Record, Version
from foedus.errors import InputError
from foedus.experiments.plan import Plan, Reference
from foedus.extensions import loaded
from foedus.model.council import PASSES

DECIDES = (
    "data",
    "model",
    "analysis/summary.py",
    "experiments/columns.csv",
    "experiments/evaluate.py",
    "experiments/plan.py",
    "experiments/study.py",
    "experiments/table.py",
)
"""Parts of the package that decide results."""

SUFFIXES = (".py", ".csv", ".yaml")
MAX_BYTES = 2_000_000
MOST_FAILURES = 100
"""Failed points that are listed with their reasons; all are counted."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class CodeVersion:
    """What must be the same for two results to be comparable byte for byte.

    It is part of every point's address, so that no table mixes two versions. `source` is the
    SHA-256 over the files that decide results.
    """

    foedus: str
    source: Digest
    numpy: str

    def __str__(self) -> str:
        return f"foedus {self.foedus} (source {self.source[:12]}, numpy {self.numpy})"


def code_version() -> CodeVersion:
    """The version of the code that runs now, with the rules and plug-ins from outside foedus."""
    return _version(tuple(sorted(_outside())))


@cache
def _version(outside: tuple[Path, ...]) -> CodeVersion:
    return CodeVersion(version("foedus"), _source_digest(outside), version("numpy"))


def _source_digest(outside: tuple[Path, ...] = ()) -> str:
    package = Path(__file__).resolve().parents[1]
    places = [package / part for part in DECIDES]
    found = [path for place in places for path in (place, *sorted(place.rglob("*")))]
    own = [path for path in found if path.is_file() and path.suffix in SUFFIXES]
    named = [(path.relative_to(package).as_posix(), path) for path in own]
    named += [(path.name, path) for path in outside]
    return sha256("".join(name + sha256(path.read_bytes()) for name, path in named).encode())


def _outside() -> set[Path]:
    """Source files of council rules and of installed plug-ins that are not part of foedus."""
    rules = (Path(file).resolve() for rule in PASSES.values() if (file := getsourcefile(rule)))
    package = Path(__file__).resolve().parents[1]
    found = {path for path in rules if path.is_file() and not path.is_relative_to(package)}
    return found | set(loaded()) | _plugins()


@cache
def _plugins() -> frozenset[Path]:
    specs = (find_spec(entry.module) for entry in entry_points(group="foedus"))
    return frozenset(Path(spec.origin) for spec in specs if spec and spec.origin)


def versions() -> dict[str, str]:
    """Versions of all that takes part, for people."""
    found = {
        **asdict(code_version()),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for package in ("scipy", "pyarrow", "distributed"):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def now() -> str:
    """The time, for people."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Input(Record):
    """A scenario as it was read; `given` is its id or path, as the plan has it."""

    id: Identifier
    given: Reference
    digest: Digest


class Failure(Record):
    """A point that was given up, and why."""

    point: Count
    reason: str


class Result(Record):
    """What came out: the digests of the whole table (None: no point done) and of each scenario.

    Only the first :data:`MOST_FAILURES` points that failed are listed.
    """

    finished: str
    done: Count
    failed: Count
    failures: tuple[Failure, ...] = ()
    table_sha256: Digest | None
    scenarios: dict[Identifier, Digest]


class Manifest(Record):
    """The record of a sweep."""

    schema_version: Version
    command: str
    created: str
    versions: dict[str, str]
    code: CodeVersion
    plan: Plan
    plan_sha256: Digest
    inputs: tuple[Input, ...] = Field(min_length=1)
    n_points: Count
    points_sha256: Digest
    result: Result | None = None

    def under(self, plan: Plan, text: bytes) -> Self:
        """The same sweep under a plan of the same points; tasks stay cut as they were."""
        if plan.task_size != self.plan.task_size:
            plan = plan.model_copy(update={"points_per_task": self.plan.task_size})
        return self.model_copy(update={"plan": plan, "plan_sha256": sha256(text)})


def manifest_text(manifest: Manifest) -> str:
    """A manifest as JSON that carries its own digest."""
    record = manifest.model_dump(mode="json")
    return json.dumps({**record, "sha256": _digest(record)}, indent=1, ensure_ascii=False) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        InputError: If it is no manifest, or not as foedus wrote it.
    """
    try:
        if not path.is_file():
            raise InputError(f"{path}: no such file")
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: expected at most {MAX_BYTES // 1_000_000} MB")
        record = json.loads(path.read_bytes())
        if record.pop("sha256", None) != _digest(record):
            raise InputError(f"{path}: changed since foedus wrote it (its digest does not match)")
        return Manifest.model_validate(record)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{path}: {where}: {first['msg']}") from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path}: expected the manifest of a sweep") from None


def _digest(record: object) -> str:
    return sha256(json.dumps(record, sort_keys=True).encode())
