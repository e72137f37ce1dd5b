"""A crisis as a page sets it, and what the browser cannot work out: runs under a rule in Python."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan
from typing import Any

import numpy as np

from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.summary import typical_run
from foedus.app.crises import case_of
from foedus.data.terms import Request
from foedus.data.theory import theory
from foedus.errors import UsageError
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import DEFAULT_SEED, ensemble, story
from foedus.model.setup import Setup, prepare
from foedus.web.embed import council_data

N_RUNS = 1000
"""As many as the page's own."""
LATEST_RUN = 999_999
CHOICES = ("theory", "rule", "call", "run", "day", "member")
"""Names in an address of the page that are no setting of a number."""


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
