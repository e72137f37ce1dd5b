"""What the app offers: shipped crises and chronicles, and those that it was started with.

Pages and addresses name each by its id alone; what lies on the disk is read when the app is
started, and only because whoever starts it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import isfinite, nan
from pathlib import Path

from foedus.chronicle.years import chronicle, chronicle_ids, is_chronicle
from foedus.data.library import Case, ids, load, load_all
from foedus.data.terms import Request
from foedus.data.theory import theory
from foedus.errors import UsageError, did_you_mean
from foedus.model.setup import Setup, prepare
from foedus.web.timeline_data import chronicle_names

CHOICES = ("theory", "rule", "call", "run", "day", "member")
"""Names in an address of the page that are no setting of a number."""

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
    found = [place for name in names for place in _taken(name)]
    all_crises.cache_clear()
    return found


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
        if case.id not in (*_given, *ids()):
            _given[case.id] = case
        elif case_of(case.id).digest != case.digest:
            raise UsageError(f"{case.path}: another crisis has the id '{case.id}': choose one")
        yield f"#/crisis/{case.id}"


def all_decades() -> list[dict[str, str]]:
    """Id and name of every chronicle, those that the app was started with first."""
    own = [{"id": id_, "name": name} for id_, (name, _) in _decades.items()]
    return own + [row for row in chronicle_names() if row["id"] not in _decades]


def decades_of(name: str) -> str:
    """What :func:`~foedus.web.timeline_data.timeline_data` calls a chronicle of this app.

    Raises:
        UsageError: If there is none of that id; an id is never read as a path.
    """
    if name not in (*_decades, *chronicle_ids()):
        raise UsageError("there is no such chronicle")
    return _decades[name][1] if name in _decades else name


def case_of(name: str) -> Case:
    """A crisis of this app by its id; an id is never read as a path.

    Raises:
        UsageError: If there is none.
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


def setup_asked(
    crisis: str,
    settings: Mapping[str, object],
    choices: Mapping[str, object],
    *,
    endogenous: bool = False,
) -> Setup:
    """A crisis as a page sets it.

    Args:
        crisis: Its id.
        settings: Numbers, or their text, by name.
        choices: ``rule``, ``theory`` and ``request`` by name, where they are chosen; a name is
            never read as a path.
        endogenous: Whether the requester decides when and what to ask.

    Raises:
        FoedusError: If the crisis, the rule, the theory or a setting cannot be used.
    """
    held = text_in(choices, "theory")
    return prepare(
        case_of(crisis),
        {str(name): _number(str(name), given) for name, given in settings.items()},
        rule=text_in(choices, "rule") or None,
        theory=theory(held) if held else None,
        endogenous=endogenous,
        request=text_in(choices, "request") or Request.HISTORY,
    )


def setup_in_address(crisis: str, asked: Mapping[str, str]) -> Setup:
    """A crisis as the query of a page's address sets it; raises as :func:`setup_asked`."""
    call = asked.get("call", "")
    decides = call == "decides"
    settings = {name: text for name, text in asked.items() if name not in CHOICES}
    choices = {**asked, "request": "" if decides else call}
    return setup_asked(crisis, settings, choices, endogenous=decides)


def text_in(asked: Mapping[str, object], name: str) -> str:
    """What a page says under a name, as text; empty where it says nothing."""
    return str(asked.get(name) or "")


def _number(name: str, given: object) -> float:
    try:
        found = float(given) if isinstance(given, int | float | str) else nan
    except ValueError:
        found = nan
    if isinstance(given, bool) or not isfinite(found):
        raise UsageError(f"{name[:40]}: expected a number")
    return found
