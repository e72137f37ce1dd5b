"""What the app offers: shipped crises and chronicles, and those that it was started with.

Pages and addresses name each by its id alone; what lies on the disk is read when the app is
started, and only because whoever starts it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from foedus.chronicle.years import chronicle, is_chronicle
from foedus.data.library import Case, load, load_all
from foedus.errors import UsageError, did_you_mean
from foedus.web.timeline_data import chronicle_names

_given: dict[str, Case] = {}
_decades: dict[str, tuple[str, str]] = {}
"""Chronicles that the app was started with, by id: name, and where they lie."""


def take_in(names: Iterable[str]) -> list[str]:
    """Take in crises and chronicles: shipped ones by id, one's own by file, or all of a folder.

    A chronicle of one's own stands in the place of the shipped one of that id.

    Returns:
        list: Where the page shows what was named; the chronicle of a folder comes before its
            crises.

    Raises:
        FileProblems, InputError: If a file cannot be used.
        UsageError: If a folder holds no scenario and no chronicle, or two different crises have one
            id.
    """
    return [place for name in names for place in _taken(name)]


def _taken(name: str) -> Iterator[str]:
    has_chronicle, is_folder = is_chronicle(name), Path(name).is_dir()
    if has_chronicle:
        setup = chronicle(name)
        _decades[setup.record.alliance] = setup.name, name
        yield f"#/decades/{setup.record.alliance}"
    cases = list(load_all(Path(name))) if is_folder else [] if has_chronicle else [load(name)]
    if not cases and not has_chronicle:
        raise UsageError(f"{name}: there is no scenario file and no chronicle in this folder")
    for case in cases:
        held = all_crises().get(case.id)
        if held is None:
            _given[case.id] = case
        elif held.digest != case.digest:
            raise UsageError(f"{case.path}: another crisis has the id '{case.id}': choose one")
        yield f"#/crisis/{case.id}"


def all_decades() -> dict[str, tuple[str, str]]:
    """Name and place of every chronicle by id, those that the app was started with first."""
    shipped = {row["id"]: (row["name"], row["id"]) for row in chronicle_names()}
    return {**_decades, **shipped, **_decades}


def decades_of(name: str) -> str:
    """What :func:`~foedus.web.timeline_data.timeline_data` calls a chronicle of this app.

    Raises:
        UsageError: If there is none of that id; an id is never read as a path.
    """
    if name not in all_decades():
        raise UsageError("there is no such chronicle")
    return all_decades()[name][1]


def all_crises() -> dict[str, Case]:
    """All crises by id, those that the app was started with first."""
    return {**_given, **_shipped()}


@cache
def _shipped() -> dict[str, Case]:
    return {case.id: case for case in load_all()}


def case_of(name: str) -> Case:
    """A crisis of this app by its id; an id is never read as a path.

    Raises:
        UsageError: If there is none.
    """
    found = all_crises().get(name)
    if found is None:
        shown = name if len(name) <= 40 else f"{name[:39]}…"
        raise UsageError(f"unknown crisis '{shown}'{did_you_mean(name[:60], all_crises())}")
    return found
