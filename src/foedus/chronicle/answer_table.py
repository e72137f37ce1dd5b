"""What the crisis model answers to one crisis of the library, for every mandate.

A chronicle meets a crisis in many runs, under mandates that precedents have moved. The crisis model
is run once for a grid of mandates; between its points the chances are interpolated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foedus.chronicle.membership import MIDDLING
from foedus.chronicle.trust import imposition
from foedus.data.library import Case
from foedus.data.terms import Level
from foedus.model import council
from foedus.model.chance import draw_codes
from foedus.model.ensemble import ensemble
from foedus.model.numbers import Array, Value
from foedus.model.setup import Setup, prepare
from foedus.model.willingness import quiet_views

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Mandates at which the crisis model is run: the codebook's steps."""

N_RUNS = 512
"""Runs at each; a chance of one half is known to within 2.2 points (one standard error)."""


@dataclass(frozen=True)
class AnswerTable:
    """One crisis; the defaults are of one that the library does not have.

    Attributes:
        reach: Chance that the answer is at least consult, support, deploy (mandate, level), on
            `GRID`; None where the crisis model was not run.
        mandate, threat: As coded, 0 to 1.
        imposed: How much each answer is imposed on the members, 0 to 1; empty where nobody's view
            is known, or where the lead state itself asks.
    """

    reach: Array | None = None
    mandate: float = MIDDLING
    threat: float = MIDDLING
    imposed: tuple[float, ...] = ()


def answered(reach: Array, which: Value, mandate: Value, luck: Value) -> Value:
    """The level that the crisis model answers: how many of the three chances the luck is below.

    Args:
        reach: Chances of all crises (crisis, mandate, level).
        which, mandate, luck: Index of the crisis, its mandate (0 to 1), and a uniform in (0, 1),
            each a number or (run,).
    """
    place = np.asarray(mandate) * (len(GRID) - 1)
    low = np.minimum(place.astype(np.int64), len(GRID) - 2)
    part = place - low
    level: Value = 0
    for k in range(len(Level) - 1):
        here, above = reach[which, low, k], reach[which, low + 1, k]
        level = level + (luck < here + part * (above - here))
    return level


_KNOWN: dict[tuple[object, ...], AnswerTable] = {}
"""Tables worked out before; the many chronicles of a study share them."""


def table_of(case: Case, settings: Mapping[str, float], *, simulated: bool = True) -> AnswerTable:
    """Run the crisis model on one crisis.

    Args:
        settings: Parameters and attributes of the crisis model that differ from register and file.
        simulated: Whether answers are needed; the private views alone take a moment.
    """
    key = (case.path, tuple(sorted(settings.items())), simulated)
    if key not in _KNOWN:
        crisis = case.scenario.crisis
        _KNOWN[key] = AnswerTable(
            reach=_reach(case, settings) if simulated else None,
            mandate=float(settings.get("mandate", crisis.mandate.value)),
            threat=float(settings.get("threat", crisis.threat.value)),
            imposed=_imposed(prepare(case, settings)),
        )
    return _KNOWN[key]


def _reach(case: Case, settings: Mapping[str, float]) -> Array:
    def chances(mandate: float) -> list[float]:
        setup = prepare(case, {**settings, "mandate": mandate})
        level = ensemble(setup, N_RUNS).outcome.level
        return [float(np.mean(level >= k)) for k in Level if k]

    return np.array([chances(mandate) for mandate in GRID])


def _imposed(setup: Setup) -> tuple[float, ...]:
    """Imposition of each answer, by the level that each member would choose alone (section 7.3).

    Views are those of day 0 without noise; requester and adversary do not count.
    """
    situation, p = setup.situation, setup.parameters
    codes = draw_codes(situation, 0, 0, 1, drawn=False)
    crisis = codes.crisis
    case = council.treaty_case(situation, crisis, crisis["request"])
    bars = council.bars(crisis["asked"], crisis["request"], case, p)
    views = quiet_views(situation, codes, p)[:, 0]
    wants = [sum(bool(council.supports(view, bar)) for bar in bars) for view in views]
    apart = (situation.requester, situation.patron, situation.adversary)
    others = tuple(want for i, want in enumerate(wants) if i not in apart)
    if not others or situation.requester == situation.patron:
        return ()
    return tuple(imposition(answer, wants[situation.patron], others) for answer in Level)
