"""The crises that the app offers: the shipped ones, and those that it was started with.

Pages and addresses name a crisis by its id alone; what lies on the disk is read when the app is
started, and only because whoever starts it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from foedus.data.library import Case, ids, load, load_all
from foedus.errors import UsageError, did_you_mean

_given: dict[str, Case] = {}


def take_in(names: Iterable[str]) -> list[Case]:
    """Take in crises: shipped ones by id, one's own by file, or all below a folder.

    Returns
    -------
    The cases that were named, in their order.

    Raises
    ------
    FileProblems, InputError
        If a file cannot be used.
    UsageError
        If a folder holds no scenario, or two different crises have one id.
    """
    named = [case for name in names for case in _read(name)]
    for case in named:
        if case.id not in (*_given, *ids()):
            _given[case.id] = case
        elif case_of(case.id).digest != case.digest:
            raise UsageError(f"{case.path}: another crisis has the id '{case.id}': choose one")
    all_crises.cache_clear()
    return named


def _read(name: str) -> Iterator[Case]:
    if not Path(name).is_dir():
        yield load(name)
        return
    cases = list(load_all(Path(name)))
    if not cases:
        raise UsageError(f"{name}: there is no scenario file in this folder")
    yield from cases


def case_of(name: str) -> Case:
    """A crisis of this app by its id; an id is never read as a path.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name in _given:
        return _given[name]
    if name not in ids():
        shown = name if len(name) <= 40 else f"{name[:39]}…"
        raise UsageError(f"unknown crisis '{shown}'{did_you_mean(name[:60], (*_given, *ids()))}")
    return _shipped(name)


@cache
def _shipped(name: str) -> Case:
    return load(name)


@cache
def all_crises() -> tuple[Case, ...]:
    """All crises, those that the app was started with first."""
    return tuple(case_of(name) for name in (*_given, *ids()))
