"""A new scenario on disk: the template, and beside it the schema that its first line names."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from math import inf
from os.path import normpath
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from foedus.data.json_schema import MADE_BY, file_name, schema_text
from foedus.data.library import (
    ALLIANCE_FILE,
    Case,
    alliance_folder,
    alliance_ids,
    load,
    load_alliance,
    scenario_files,
)
from foedus.data.records import Identifier, mean
from foedus.data.schema import Alliance
from foedus.data.template import scenario_template
from foedus.data.terms import FileKind
from foedus.errors import InputError, UsageError, did_you_mean


def write_draft(
    alliance: str,
    scenario_id: str,
    folder: Path,
    day: date | None = None,
    requester: str | None = None,
    like: str | None = None,
) -> tuple[Path, Path]:
    """Write a commented scenario, and the schema it points at where none stands above it.

    The editor's schema is a copy beside the file, so that it is found without a network, without
    foedus and after the folder has been moved or sent on; a copy of an older foedus is renewed.

    Parameters
    ----------
    alliance
        Its id; found as a scenario in that folder would find it.
    scenario_id
        Id of the new scenario; the file is named for it.
    folder
        Where to write; made if absent.
    day
        The day coded; by default that of `like`, else today.
    requester
        See :func:`foedus.data.template.scenario_template`.
    like
        Id or file of a crisis of the same alliance to start from.

    Returns
    -------
    The scenario's file, and the schema's.

    Raises
    ------
    UsageError
        If an argument makes no sense, or the file exists already.
    InputError
        If the folder cannot be written.
    """
    _check_id(scenario_id)
    path = folder / f"{scenario_id}.yaml"
    if path.exists():
        raise UsageError(f"{path} exists already and is not overwritten")
    found = _alliance(alliance, folder)
    schema = _schema_above(folder)
    if like and requester:
        raise UsageError("the crisis to copy has its own requester; leave the requester out")
    case = _case_of(like, alliance) if like else None
    day = day or (case.scenario.dates.coded if case else date.today())
    shares = _shares(alliance, folder, day)
    text = scenario_template(
        found, scenario_id, day, requester, schema, shares, case.scenario if case else None
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if schema == file_name(FileKind.SCENARIO):
            _write_schema(folder / schema)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return path, Path(normpath(folder / schema))


def _case_of(like: str, alliance: str) -> Case:
    case = load(like)
    if case.scenario.alliance != alliance:
        raise UsageError(f"{like} is a crisis of {case.scenario.alliance}, not of {alliance}")
    return case


def _shares(alliance: str, folder: Path, day: date) -> dict[str, float]:
    """Capability of each state in the crisis of this alliance that is nearest to the day."""
    home = alliance_folder(alliance, folder)
    nearest: dict[str, tuple[int, float]] = {}
    for path in scenario_files(home).values() if home else ():
        with suppress(InputError):  # a file that cannot be used has nothing to give
            scenario = load(path).scenario
            far = abs((scenario.dates.coded - day).days)
            for state, member in scenario.members.items() if not scenario.extends else ():
                nearest[state] = min(nearest.get(state, (far, inf)), (far, mean(member.capability)))
    return {state: share for state, (_, share) in nearest.items()}


def _check_id(scenario_id: str) -> None:
    try:
        TypeAdapter(Identifier).validate_python(scenario_id)
    except ValidationError:
        example = "lower-case words joined by hyphens, such as my-crisis"
        raise UsageError(f"the id '{scenario_id}' will not do; expected {example}") from None


def _alliance(name: str, folder: Path) -> Alliance:
    home = alliance_folder(name, folder)
    if home is None:
        raise UsageError(f"unknown alliance '{name}'{did_you_mean(name, alliance_ids())}")
    alliance, _ = load_alliance(home)
    if alliance.id != name:
        raise UsageError(
            f"scenarios in {folder} belong to '{alliance.id}' ({home / ALLIANCE_FILE}); "
            f"expected that id, or another --out-dir"
        )
    return alliance


def _schema_above(folder: Path) -> str:
    """The schema as seen from the folder: that of a collection one or two above, else its own."""
    name = file_name(FileKind.SCENARIO)
    home = folder.resolve()
    for up, above in zip(("", "../", "../../"), (home, *home.parents), strict=False):
        if (above / name).is_file():
            return up + name
    return name


def _write_schema(path: Path) -> None:
    if path.is_file() and MADE_BY not in _beginning(path):
        raise UsageError(
            f"{path} was not made by foedus and is not overwritten; use another --out-dir"
        )
    path.write_text(schema_text(FileKind.SCENARIO), encoding="utf-8")


def _beginning(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(400)
