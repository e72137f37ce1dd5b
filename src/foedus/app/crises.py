"""What the app offers, how a page sets a crisis, and the runs that the browser cannot work out.

Pages and addresses name crises and chronicles by id alone; what lies on the disk is read when the
app is started, and only because whoever starts it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np

from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.summary import typical_run
from foedus.chronicle.years import chronicle, is_chronicle
from foedus.data.library import Case, load, load_all
from foedus.data.terms import Request
from foedus.data.theory import theory
from foedus.errors import UsageError, did_you_mean
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import DEFAULT_SEED, ensemble, story
from foedus.model.setup import Setup, prepare
from foedus.web.page_data import council_data
from foedus.web.timeline_data import chronicle_names

N_RUNS = 1000
"""As many as the page's own."""
LATEST_RUN = 999_999
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


def setup_in_address(crisis: str, asked: Mapping[str, str]) -> Setup:
    """A crisis as the query of a page's address sets it; raises as :func:`setup_asked`."""
    call = asked.get("call", "")
    decides = call == "decides"
    settings = {name: text for name, text in asked.items() if name not in CHOICES}
    choices = {**asked, "request": "" if decides else call}
    return setup_asked(crisis, settings, choices, endogenous=decides)


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


def simulated(crisis: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """A thousand runs of a crisis as a page's address sets it, and the one that is told.

    Args:
        crisis: Its id.
        asked: The address's query: choices and settings by name.

    Returns:
        dict: ``runs`` (level, ending, troops by member), ``average`` (probability of each answer
            over the priors) and ``told``: a run with its days, codes and chance.

    Raises:
        FoedusError: If the crisis, the rule, the theory or a setting cannot be used.
    """
    setup = setup_in_address(crisis, asked)
    outcome = ensemble(setup, N_RUNS, seed=DEFAULT_SEED).outcome
    levels, endings, troops = (
        values.tolist() for values in (outcome.level, outcome.ending, outcome.troops.T)
    )
    run = asked.get("run", "")
    is_run = run.isascii() and run.isdigit() and int(run[:9]) <= LATEST_RUN
    return {
        "runs": [
            {"level": level, "ending": ending, "troops": sent}
            for level, ending, sent in zip(levels, endings, troops, strict=True)
        ],
        "average": levels_over_priors(setup, N_RUNS, DEFAULT_SEED).tolist(),
        "told": _told(setup, int(run[:9]) if is_run else typical_run(outcome)),
    }


def _told(setup: Setup, run: int) -> dict[str, Any]:
    situation, lived = setup.situation, story(setup, run, seed=DEFAULT_SEED)
    chance = draw_chance(situation, DEFAULT_SEED, run, run + 1)
    codes = draw_codes(situation, DEFAULT_SEED, run, run + 1, drawn=setup.drawn_codes)
    return {
        "days": council_data(setup, lived)["days"],
        "dayEnded": lived.day_ended,
        "ending": int(lived.ending),
        "codes": {
            "crisis": {name: float(np.ravel(v)[0]) for name, v in codes.crisis.items()},
            "standing": {name: rows[:, 0].tolist() for name, rows in codes.standing.items()},
        },
        "chance": {"crisis": float(chance.crisis[0]), "members": chance.members[:, 0].tolist()},
    }
