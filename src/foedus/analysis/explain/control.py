"""Who decides: how much of the answer the lead state holds, the other members, and the crisis.

Every code of one crisis is moved over the whole of its scale, and the spread of the expected
answer is shared out among three groups by grouped Sobol indices (Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018). Beside them: p(deploy) with all attributes of a group at their
worst, and at their best. Both by rho, the weight of the lead state's influence: the document's
claim (¶15) is that influence hands the answer to the lead state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.explain.sensitivity import Factor, Index, outputs_of, sobol
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, Level
from foedus.model.ensemble import ensemble
from foedus.model.setup import Setup, SetupLike, setup_of

if TYPE_CHECKING:
    import pandas as pd

LEAD_STATE, OTHERS, CRISIS = "lead state", "other members", "crisis"
GROUPS = (LEAD_STATE, OTHERS, CRISIS)

OWN = ("alignment", "stake", "ties", "overextension")
"""A member's own attributes."""

AGAINST = ("ties", "overextension", "capacity", "escalation")
"""Attributes of which more speaks against an answer (model, section 3); all others speak for it."""

RHOS = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Turn:
    """How far one group can turn the answer at one rho.

    Attributes:
        p_worst, p_best: Probability of `deploy` with all attributes of the group at the end of
            their scale that speaks most against an answer, and at the end that speaks most for one.
    """

    rho: float
    group: str
    p_worst: float
    p_best: float


@dataclass(frozen=True)
class Hold(Turn):
    """How much of the answer one group holds at one rho: Sobol indices of the expected level."""

    index: Index


@dataclass(frozen=True)
class Control:
    """Who decides in one crisis: a hold for each rho and group, in this order.

    The Sobol design has `n_points` at each rho, of `n_runs` runs each.
    """

    case: str
    holds: tuple[Hold, ...]
    n_points: int
    n_runs: int
    seed: int

    def hold(self, group: str, rho: float) -> Hold:
        """The hold of a group at a rho."""
        return next(h for h in self.holds if (h.group, h.rho) == (group, rho))


def control(
    setup: SetupLike,
    *,
    rhos: Sequence[float] = RHOS,
    n_base: int = 64,
    n_runs: int = 64,
    n_table: int = 1000,
    seed: int = 1,
) -> Control:
    """Share out one crisis's answer.

    Args:
        n_base: Base points of the Sobol design, a power of 2; it takes five times as many.
        n_runs, n_table: Runs of each point of the design, and of each cell of the table.

    Raises:
        UsageError: If SALib is not installed, or `n_base` is no power of 2.
    """
    setup = setup_of(setup)
    factors = factors_by_group(setup)
    holds = []
    for rho in rhos:
        here = _having(setup, parameters={"rho": float(rho)})
        evaluate = outputs_of(here, factors, n_runs, seed)
        indices, _ = sobol(
            lambda points, outputs=evaluate: outputs(points)["expected_level"],  # type: ignore[misc]
            factors,
            n_base,
            seed,
        )
        for group in GROUPS:
            turn = turned(here, float(rho), group, n_table, seed)
            index = indices.get(group, Index(0.0, 0.0, 0.0, 0.0))
            holds.append(Hold(**vars(turn), index=index))
    n_points = n_base * (len({factor.group for factor in factors}) + 2)
    return Control(setup.case.id, tuple(holds), n_points, n_runs, seed)


def turned(setup: SetupLike, rho: float, group: str, n_runs: int, seed: int) -> Turn:
    """How far a group can turn the answer of a crisis at one rho."""
    here = _having(setup_of(setup), parameters={"rho": rho})
    own = [factor for factor in factors_by_group(here) if factor.group == group]
    worst, best = (_p_deploy(here, own, best, n_runs, seed) for best in (False, True))
    return Turn(rho, group, worst, best)


def turns_of(setup: SetupLike, n_runs: int, seed: int) -> tuple[Turn, ...]:
    """How far the lead state and the other members can turn the answer, by rho."""
    return tuple(
        turned(setup, rho, group, n_runs, seed)
        for rho in (0.0, 0.25, 0.5, 1.0)
        for group in (LEAD_STATE, OTHERS)
    )


def factors_by_group(setup: Setup) -> list[Factor]:
    """Every code over its whole scale, by who holds it; the requester, who has no say, aside."""
    situation = setup.situation
    found = [Factor(name, *ATTRIBUTE_RANGE[name], "code", CRISIS) for name in CRISIS_ATTRIBUTES]
    for i, state in enumerate(situation.members):
        if i == situation.requester and situation.n_members > 1:
            continue
        group = LEAD_STATE if i == situation.patron else OTHERS
        found += [Factor(f"{state}.{name}", 0.0, 1.0, "code", group) for name in OWN]
    return found


def _p_deploy(setup: Setup, factors: list[Factor], best: bool, n_runs: int, seed: int) -> float:
    """Probability of `deploy` with these attributes at their best or at their worst."""
    ends = {}
    for factor in factors:
        rises = factor.name.rpartition(".")[2] not in AGAINST
        ends[factor.name] = factor.high if rises == best else factor.low
    level = ensemble(_having(setup, attributes=ends), n_runs, seed).outcome.level
    return float(np.mean(level == Level.DEPLOY))


def _having(setup: Setup, **changes: dict[str, float]) -> Setup:
    """The setup with further parameters or attributes set."""
    old = setup.settings
    merged = {name: {**getattr(old, name), **values} for name, values in changes.items()}
    return setup.having(settings=replace(old, **merged))


def frame_of(controls: Iterable[Control]) -> pd.DataFrame:
    """One row a crisis, rho and group, with indices, their errors, `p_worst` and `p_best`."""
    import pandas as pd

    return pd.DataFrame(
        {
            "crisis": one.case,
            "rho": hold.rho,
            "group": hold.group,
            **vars(hold.index),
            "p_worst": hold.p_worst,
            "p_best": hold.p_best,
        }
        for one in controls
        for hold in one.holds
    )


def averaged(controls: Sequence[Control]) -> dict[tuple[float, str], tuple[float, float, float]]:
    """Over many crises: mean total index, p_worst and p_best, by rho and group."""
    table = {}
    for holds in zip(*(one.holds for one in controls), strict=True):
        rows = [(hold.index.total, hold.p_worst, hold.p_best) for hold in holds]
        total, worst, best = np.mean(rows, axis=0).tolist()
        table[holds[0].rho, holds[0].group] = (total, worst, best)
    return table


@dataclass(frozen=True)
class Pivot:
    """How often one member alone decides.

    Attributes:
        p_lower, p_higher: Share of the runs whose answer would be lower (higher) were this member's
            alignment at the lowest (highest) end of its scale.
    """

    state: str
    p_lower: float
    p_higher: float


def pivotal_members(setup: SetupLike, n_runs: int = 1000, seed: int = 1) -> list[Pivot]:
    """How often the answer depends on each member's own view, most often first.

    All runs meet the same chance, so a change of the answer is that member's doing.
    """
    setup = setup_of(setup)
    situation = setup.situation

    def levels(values: dict[str, float]) -> NDArray[np.int8]:
        return ensemble(_having(setup, attributes=values), n_runs, seed).outcome.level

    now = levels({})
    pivots = []
    for i, state in enumerate(situation.members):
        if i == situation.requester and situation.n_members > 1:
            continue
        lower = levels({f"{state}.alignment": 0.0}) < now
        higher = levels({f"{state}.alignment": 1.0}) > now
        pivots.append(Pivot(state, float(lower.mean()), float(higher.mean())))
    return sorted(pivots, key=lambda pivot: -(pivot.p_lower + pivot.p_higher))
