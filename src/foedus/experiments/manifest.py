"""What a sweep was asked, by which code, and what came out: one JSON file, checked by a digest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from foedus.data.durable import sha256
from foedus.data.records import Count, Identifier, Record, Version
from foedus.errors import InputError
from foedus.experiments.code_version import CodeVersion, Digest, code_version, versions
from foedus.experiments.plan import Plan, Reference
from foedus.experiments.points import Point, digest_of
from foedus.experiments.study import Study

MAX_BYTES = 2_000_000
MOST_FAILURES = 100
"""Failed points that are listed with their reasons; all are counted."""


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

    def under(self, plan: Plan, text: bytes) -> Manifest:
        """The same sweep under a plan of the same points; tasks stay cut as they were."""
        if plan.task_size != self.plan.task_size:
            plan = plan.model_copy(update={"points_per_task": self.plan.task_size})
        return self.model_copy(update={"plan": plan, "plan_sha256": sha256(text)})


def new_manifest(study: Study, points: list[Point], plan_text: bytes, command: str) -> Manifest:
    """The manifest of a sweep that begins."""
    return Manifest(
        schema_version=1,
        command=command.encode(errors="backslashreplace").decode(),
        created=now(),
        versions=versions(),
        code=code_version(),
        plan=study.plan,
        plan_sha256=sha256(plan_text),
        inputs=tuple(
            Input(id=case.id, given=given, digest=case.digest)
            for given, case in zip(study.plan.scenarios, study.cases, strict=True)
        ),
        n_points=len(points),
        points_sha256=digest_of(points),
    )


def now() -> str:
    """The time, for people."""
    return datetime.now(UTC).isoformat(timespec="seconds")


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
        return Manifest.model_validate_json(json.dumps(record))
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
