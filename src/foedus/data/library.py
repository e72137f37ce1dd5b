"""Find and load cases: shipped ones by id from anywhere, one's own by path."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from os import PathLike
from os.path import normpath
from pathlib import Path
from typing import Any, NoReturn

from foedus.data.indicators import Indicator, read_indicators
from foedus.data.parse_cache import cached_tree
from foedus.data.record_reader import merged, read_as, stated
from foedus.data.schema import Alliance, Scenario
from foedus.data.validation import check_alliance, check_scenario
from foedus.data.yaml_reader import MAX_NODES, Tree, read_text, read_tree
from foedus.errors import FileProblems, InputError, did_you_mean, file_problem

ALLIANCE_FILE = "alliance.yaml"
NO_CRISES = (ALLIANCE_FILE, "chronicle.yaml")
"""Files of an alliance that describe no crisis."""

INDICATOR_FILE = "indicators.csv"
OTHER_FILES = {"scenarios", "runs", "parameters", "claim"}
"""Keys of plans, parameter files and theories, which no scenario has."""

MOST_FILES = 20_000
"""Files and folders below a folder in which crises are looked for."""

MAX_CHAIN = 8
"""Scenarios of which each extends the next."""

_TOP_KEY = re.compile(r"^[\"']?([a-z_]+)[\"']? *:", re.MULTILINE)
_ID = re.compile(r"[a-z0-9-]{1,60}")

DOCUMENT_CRISES = (
    "kazakhstan-2022",
    "kyrgyzstan-2010",
    "tajikistan-2010",
    "armenia-2020",
    "ukraine-2022",
)
"""The crises of the source document, in the order of its argument (¶12 and ¶14)."""


@dataclass(frozen=True, repr=False)
class Case:
    """A scenario with all it rests on: the validated records, and the scenario's file."""

    scenario: Scenario
    alliance: Alliance
    indicators: tuple[Indicator, ...]
    path: Path

    def __repr__(self) -> str:
        """One line: the crisis and its alliance."""
        return f"Case({self.id}: {self.scenario.title}, {self.alliance.id})"

    @property
    def id(self) -> str:
        """Id of the scenario."""
        return self.scenario.id

    @property
    def patron(self) -> str:
        """ISO code of the lead state: the scenario's own, else the alliance's at that date."""
        day = self.scenario.dates.coded
        led_by = [entry.state for entry in self.alliance.lead_state if entry.holds_on(day)]
        return self.scenario.patron or led_by[0]

    @property
    def measures_dependence(self) -> bool:
        """Whether dependence is computed from indicators, not taken from the codes."""
        return (self.scenario.dependence_from or self.alliance.dependence_from) == "indicators"

    def name_of(self, state: str) -> str:
        """Display name of a state."""
        return self.alliance.states.get(state, state)

    def content(self) -> dict[str, Any]:
        """Scenario, alliance and indicators as plain values."""
        return {
            "scenario": self.scenario.model_dump(mode="json"),
            "alliance": self.alliance.model_dump(mode="json"),
            "indicators": [vars(row) for row in self.indicators],
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the content: the same numbers, the same digest."""
        content = json.dumps([*self.content().values()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


def shipped() -> Path:
    """Folder of the shipped scenarios, in an installed package or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "scenarios"
    return installed if installed.is_dir() else package.parents[1] / "scenarios"


def scenario_files(folder: Path) -> dict[str, Path]:
    """Scenario files below a folder by id (a file is named for its id), sorted.

    Plans, parameter files and theories that lie there too are passed over.
    """
    return {name: path for name, path in _files_below(folder).items() if _is_scenario(path)}


def _files_below(folder: Path) -> dict[str, Path]:
    files = (path for path in yaml_files(folder) if path.name not in NO_CRISES)
    return {path.stem: path for path in sorted(files, key=lambda p: p.stem)}


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files in a folder and below it, sorted.

    Raises:
        InputError: If more than `MOST_FILES` files and folders lie below it, as in ``/``.
    """
    found, n_seen = [], 0
    for place, folders, files in os.walk(folder):
        n_seen += len(folders) + len(files)
        if n_seen > MOST_FILES:
            raise InputError(
                f"{folder}: more than {MOST_FILES:,} files below this folder; name the folder of "
                "the crises"
            )
        found += [Path(place, name) for name in files if name.endswith(".yaml")]
    return sorted(found)


def _is_scenario(path: Path) -> bool:
    """Whether a file is meant as a scenario, as far as its first keys tell."""
    try:
        keys = set(_TOP_KEY.findall(read_text(path)))
    except FileProblems:  # whoever loads it is told why it cannot be read
        return True
    return bool(keys & {"id", "alliance", "extends", "crisis"}) or not keys & OTHER_FILES


@cache
def _shipped_files() -> dict[str, Path]:
    return _files_below(shipped())


def ids() -> tuple[str, ...]:
    """Ids of the shipped scenarios, sorted."""
    return tuple(_shipped_files())


def find(name: str | PathLike[str]) -> Path:
    """The file behind an id or a path.

    Raises:
        InputError: If there is none.
    """
    if not isinstance(name, str):
        return Path(name)
    if name in _shipped_files():
        return _shipped_files()[name]
    if name.endswith((".yaml", ".yml")) or "/" in name or _exists(Path(name)):
        return Path(name)
    file = f"{name}.yaml"
    near = f" (did you mean the file {file}?)" if _exists(Path(file)) else _nearest(name)
    raise InputError(f"unknown scenario '{name}'{near}")


def _nearest(name: str) -> str:
    return did_you_mean(name, _shipped_files()) or "; `foedus list` shows the known ones"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long for the file system
        return False


def load(name: str | PathLike[str]) -> Case:
    """Load a case: a scenario with its alliance and, where it has any, its indicators.

    Args:
        name: Id of a shipped scenario, such as ``kazakhstan-2022``, or path of a YAML file.

    Raises:
        FileProblems: If a file cannot be used; all problems of that file at once.
        InputError: If there is no such scenario.
    """
    path = find(name)
    own = _tree(path)
    if isinstance(own.values, dict) and "scenarios" in own.values:
        message = f"this is the plan of an experiment; run it with: foedus experiment run {path}"
        raise FileProblems([own.problem(("scenarios",), message, at_key=True)])
    tree = _extended(own, path, ())
    reading = read_as(tree, Scenario)
    try:
        alliance, indicators = _alliance_of(tree, reading.values.get("alliance"), path)
    except FileProblems as found:
        reading.checked(check_scenario(reading.values, None), found.problems)
        raise
    scenario = reading.checked(check_scenario(reading.values, alliance))
    return Case(scenario, alliance, indicators, path)


def load_all(folder: Path | None = None, answered: str | None = None) -> Iterator[Case]:
    """Load every case below a folder (the shipped ones by default), in the order of their ids.

    Args:
        answered: Only those that history answered so, such as ``deploy``; others are not checked.

    Raises:
        InputError: If there is no such folder.
        FileProblems: If a file cannot be used.
    """
    if folder is not None and not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    files = _shipped_files() if folder is None else scenario_files(folder)
    for path in files.values():
        if answered is None or stated(_tree(path).values, "history", "level") == answered:
            yield load(str(path))


def alliance_ids() -> tuple[str, ...]:
    """Ids of the shipped alliances, sorted."""
    return tuple(sorted(path.parent.name for path in shipped().glob(f"*/{ALLIANCE_FILE}")))


def alliance_home(name: str) -> Path:
    """The folder of a shipped alliance by its id, or of one's own by its path.

    Raises:
        InputError: If there is none.
    """
    if name in alliance_ids():
        return shipped() / name
    if _exists(Path(name, ALLIANCE_FILE)):
        return Path(name)
    near = did_you_mean(name, alliance_ids())
    raise InputError(f"unknown alliance '{name}'{near}; one's own is named by its folder")


def alliance_named(name: str) -> tuple[Alliance, tuple[Indicator, ...]]:
    """An alliance by its id or folder (:func:`alliance_home`), with its indicators.

    Raises:
        InputError: If there is none.
    """
    return load_alliance(alliance_home(name))


@cache
def load_alliance(folder: Path) -> tuple[Alliance, tuple[Indicator, ...]]:
    """Load the alliance of a folder, with its indicators where it has any.

    Raises:
        FileProblems: If a file cannot be used.
    """
    tree = _tree(folder / ALLIANCE_FILE)
    reading = read_as(tree, Alliance)
    alliance = reading.checked(check_alliance(reading.values))
    table = folder / INDICATOR_FILE
    return alliance, read_indicators(table, alliance.states) if table.is_file() else ()


def _tree(path: Path) -> Tree:
    """A file as a tree; shipped ones are parsed once and recalled after that."""
    return cached_tree(path) if path.is_relative_to(shipped()) else read_tree(path)


def alliance_folder(alliance: str, start: Path) -> Path | None:
    """Where scenarios in folder `start` find their alliance: here, up to two above, or shipped."""
    for folder in (start, start / "..", start / "../.."):
        if (folder / ALLIANCE_FILE).is_file():
            plain = Path(normpath(folder))  # as the user wrote it, where that is the same place
            return plain if plain.resolve() == folder.resolve() else folder.resolve()
    return shipped() / alliance if alliance in alliance_ids() else None


def _alliance_of(tree: Tree, name: Any, path: Path) -> tuple[Alliance, tuple[Indicator, ...]]:
    """The alliance that a scenario names; a malformed name has been told of already."""
    if not isinstance(name, str):
        raise FileProblems([])
    folder = alliance_folder(name, path.parent)
    if folder is None:
        _refuse(tree, "alliance", f"unknown alliance '{name}'{did_you_mean(name, alliance_ids())}")
    alliance, indicators = load_alliance(folder)
    if alliance.id != name:
        _refuse(tree, "alliance", f"the file beside it describes '{alliance.id}'")
    return alliance, indicators


def _extended(tree: Tree, path: Path, seen: tuple[Path, ...]) -> Tree:
    """The scenario with what it leaves to those that it extends."""
    base_id = stated(tree.values, "extends")
    if not isinstance(base_id, str):
        return tree
    if path.resolve() in seen:
        _refuse(tree, "extends", "a scenario cannot extend itself")
    if len(seen) >= MAX_CHAIN:
        _refuse(tree, "extends", f"more than {MAX_CHAIN} scenarios extend each other here")
    base_path = _base_file(base_id, path)
    if base_path is None:
        _refuse(tree, "extends", f"unknown scenario '{base_id}'{_nearest(base_id)}")
    base = _extended(_tree(base_path), base_path, (*seen, path.resolve()))
    if not isinstance(base.values, dict):
        raise file_problem(base_path, "expected keys and values")
    whole = merged(base, tree)
    if len(whole.places) > MAX_NODES:
        _refuse(tree, "extends", f"more than {MAX_NODES:,} keys and values, with what it extends")
    return whole


def _refuse(tree: Tree, key: str, message: str) -> NoReturn:
    raise FileProblems([tree.problem((key,), message)])


def _base_file(base_id: str, path: Path) -> Path | None:
    if not _ID.fullmatch(base_id):  # never a path that leads elsewhere
        return None
    beside = (folder / f"{base_id}.yaml" for folder in (path.parent, path.parent.parent))
    return next((file for file in beside if file.is_file()), _shipped_files().get(base_id))
