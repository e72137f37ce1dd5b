"""Beginning a sweep in a folder, and opening one that is there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foedus.data.library import Case, ids, load
from foedus.errors import InputError, UnfinishedError, UsageError
from foedus.experiments.cases import case_from, text_of
from foedus.experiments.code_version import CodeVersion, code_version
from foedus.experiments.durable import disk_errors, make_durably, write_durably
from foedus.experiments.folder import Folder
from foedus.experiments.ledger import Ledger, LedgerDamagedError, read_facts
from foedus.experiments.manifest import (
    Input,
    Manifest,
    manifest_from,
    manifest_text,
    new_manifest,
    read_manifest,
)
from foedus.experiments.points import Point, digest_of, points_of
from foedus.experiments.study import Study

MANIFEST_FACT = "manifest"
"""Name under which the ledger keeps a copy of the manifest."""

MAX_INPUT_BYTES = 8_000_000


@dataclass(frozen=True)
class Sweep:
    """A sweep in its folder.

    Attributes
    ----------
    study
        Plan and cases.
    points
        All its points.
    manifest
        As it stands in the folder.
    """

    folder: Folder
    study: Study
    points: list[Point]
    manifest: Manifest

    def case(self, scenario: str) -> Case:
        """The case of that id."""
        return next(case for case in self.study.cases if case.id == scenario)

    def having(self, manifest: Manifest) -> Sweep:
        """The same with another manifest."""
        return replace(self, manifest=manifest)


def begin(folder: Folder, study: Study, plan_text: bytes, command: str) -> Sweep:
    """Begin a sweep; where the same points live here already, go on with those.

    Raises
    ------
    UsageError
        If the folder holds another sweep.
    """
    points = points_of(study, code_version())
    manifest = _manifest_there(folder)
    if manifest is None:
        manifest = new_manifest(study, points, plan_text, command)
    else:
        _same_code(folder, manifest)
        if manifest.points_sha256 != digest_of(points):
            raise UsageError(
                f"{folder.path}: another plan's sweep lives here, or a scenario has changed "
                f"since; go on with it: foedus resume {folder.path}, or choose another --out"
            )
        manifest = manifest.under(study.plan, plan_text)
    with disk_errors(folder.path, "choose another folder with --out"):
        write_durably(folder.plan, plan_text)
        for case in study.cases:
            write_durably(folder.inputs / f"{case.id}.json", text_of(case).encode())
    _keep(folder, manifest)
    return Sweep(folder, Study(manifest.plan, study.cases), points, manifest)


def _manifest_there(folder: Folder) -> Manifest | None:
    """The manifest of the sweep that lives here; None where there is none, or it is lost."""
    try:
        return manifest_in(folder)
    except InputError:
        return None


def reopen(folder: Folder) -> Sweep:
    """Open the sweep that lives in a folder.

    Raises
    ------
    InputError
        If there is none, or what it was computed from is lost.
    UsageError
        If other code computed it.
    """
    folder.require()
    manifest = manifest_in(folder)
    _same_code(folder, manifest)
    study = Study(manifest.plan, tuple(_case(folder, entry) for entry in manifest.inputs))
    points = points_of(study, code_version())
    if digest_of(points) != manifest.points_sha256:
        raise UsageError(f"{folder.path}: its plan yields other points here; is SciPy the same?")
    _keep(folder, manifest)
    return Sweep(folder, study, points, manifest)


def manifest_in(folder: Folder) -> Manifest:
    """The manifest of the sweep in a folder, from the ledger's copy where the file is damaged.

    Raises
    ------
    InputError
        If both are.
    """
    try:
        return read_manifest(folder.manifest)
    except InputError as error:
        copy = read_facts(folder.ledger).get(MANIFEST_FACT)
        if copy is None:
            raise InputError(
                f"{error}; run `foedus sweep` with its plan and this folder again: "
                "what is finished is kept"
            ) from None
        return manifest_from(copy.encode(), f"{folder.ledger}")


def _keep(folder: Folder, manifest: Manifest) -> None:
    """Write the manifest where the folder does not hold it; what stands there is set aside."""
    try:
        there = read_manifest(folder.manifest)
    except InputError:
        there = None
        if folder.manifest.exists():
            folder.set_aside(folder.manifest)
    if there != manifest:
        with disk_errors(folder.path, folder.remedy):
            write_durably(folder.manifest, manifest_text(manifest).encode())


def _same_code(folder: Folder, manifest: Manifest) -> None:
    theirs = CodeVersion(**manifest.code.model_dump())
    if theirs != code_version():
        raise UsageError(
            f"{folder.path}: computed by {theirs}, this is {code_version()}; finish it with that "
            "version, or sweep into another folder"
        )


def _case(folder: Folder, entry: Input) -> Case:
    """A case as it was read, or as the library has it where the copy is damaged."""
    for attempt in (copied, _from_library):
        try:
            case = attempt(folder, entry)
        except InputError:
            continue
        if case.digest == entry.digest:
            return case
    raise InputError(
        f"{folder.inputs / entry.id}.json: damaged, and the library has no such scenario"
    )


def copied(folder: Folder, entry: Input) -> Case:
    """The copy of a case that a sweep's folder holds.

    Raises
    ------
    InputError
        If it is missing or cannot be read.
    """
    path = folder.inputs / f"{entry.id}.json"
    try:
        if not path.is_file() or path.stat().st_size > MAX_INPUT_BYTES:
            raise InputError(f"{path}: missing, or larger than any case")
        return case_from(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path}: cannot be read") from None


def _from_library(_: Folder, entry: Input) -> Case:
    if entry.id not in ids():
        raise InputError(f"unknown scenario '{entry.id}'")
    return load(entry.id)


def open_ledger(sweep: Sweep) -> Ledger:
    """The sweep's ledger, made to say what its parts prove; rebuilt from them where damaged."""
    folder = sweep.folder
    with disk_errors(folder.path, folder.remedy):
        make_durably(folder.parts)
        parts = list(folder.whole_parts(sweep.points))
    facts = {MANIFEST_FACT: manifest_text(sweep.manifest)}
    for _ in range(2):
        try:
            ledger = Ledger.open(folder.ledger)
        except LedgerDamagedError:
            _set_ledger_aside(folder)
            continue
        try:
            ledger.reconcile(sweep.points, parts, facts)
        except LedgerDamagedError:
            ledger.close()
            _set_ledger_aside(folder)
            continue
        except BaseException:
            ledger.close()
            raise
        return ledger
    raise UnfinishedError(f"{folder.ledger}: cannot be made anew; is the disk failing?")


def _set_ledger_aside(folder: Folder) -> None:
    for suffix in ("", "-wal", "-shm"):
        path = folder.ledger.with_name(folder.ledger.name + suffix)
        if path.exists():
            folder.set_aside(path)
