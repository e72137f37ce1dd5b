"""What the browser cannot work out: runs under a council rule that an extension has added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from foedus.analysis.forecast.history import levels_over_priors
from foedus.analysis.summary import typical_run
from foedus.app.crises import setup_in_address
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import DEFAULT_SEED, ensemble, story
from foedus.model.outcome import Outcome
from foedus.model.setup import Setup
from foedus.web.embed import council_data

N_RUNS = 1000
"""As many as the page's own."""
LATEST_RUN = 999_999


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
    return {
        "runs": [
            {"level": int(level), "ending": int(ending), "troops": troops.tolist()}
            for level, ending, troops in zip(
                outcome.level, outcome.ending, outcome.troops.T, strict=True
            )
        ],
        "average": levels_over_priors(setup, N_RUNS, DEFAULT_SEED).tolist(),
        "told": _told(setup, _run_of(asked.get("run", ""), outcome)),
    }


def _run_of(asked: str, outcome: Outcome) -> int:
    """The run asked for, or the first that gives the most frequent answer."""
    if asked.isascii() and asked.isdigit() and int(asked[:9]) <= LATEST_RUN:
        return int(asked[:9])
    return typical_run(outcome)


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
