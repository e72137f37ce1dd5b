"""Who decides: how much of the answer the lead state holds, the other members, and the crisis.

Every code of one crisis is moved over the whole of its scale, and the spread of the expected
answer is shared out among three groups by grouped Sobol indices (Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018). Beside them: p(deploy) with all attributes of a group at their
worst, and at their best. Both by rho, the weight of the lead state's influence: the document's
claim (¶15) is that influence hands the answer to the lead state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.explain.sensitivity import NOTHING, Factor, Index, outputs_of, sobol
from foedus.data.settings import Settings, settings_from
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

    def holds_at(rho: float) -> Iterator[Hold]:
        outputs = outputs_of(_having(setup, {"rho": rho}), factors, n_runs, seed)
        indices, _ = sobol(lambda x: outputs(x)["expected_level"], factors, n_base, seed)
        for group in GROUPS:
            index = indices.get(group, NOTHING)
            yield Hold(**vars(turned(setup, rho, group, n_table, seed)), index=index)

    holds = tuple(hold for rho in rhos for hold in holds_at(float(rho)))
    n_points = n_base * (len({factor.group for factor in factors}) + 2)
    return Control(setup.case.id, holds, n_points, n_runs)


def turned(setup: Setup, rho: float, group: str, n_runs: int, seed: int) -> Turn:
    """How far a group can turn the answer of a crisis at one rho."""

    def p_deploy(best: bool) -> float:
        values = {"rho": rho}
        for factor in factors_by_group(setup):
            if factor.group == group:
                rises = factor.name.rpartition(".")[2] not in AGAINST
                values[factor.name] = factor.high if rises == best else factor.low
        return float(np.mean(_levels(setup, values, n_runs, seed) == Level.DEPLOY))

    return Turn(rho, group, p_deploy(best=False), p_deploy(best=True))


def turns_of(setup: SetupLike, n_runs: int, seed: int) -> tuple[Turn, ...]:
    """How far the lead state and the other members can turn the answer, by rho."""
    setup = setup_of(setup)
    return tuple(
        turned(setup, rho, group, n_runs, seed)
        for rho in (0.0, 0.25, 0.5, 1.0)
        for group in (LEAD_STATE, OTHERS)
    )


def factors_by_group(setup: Setup) -> list[Factor]:
    """Every code over its whole scale, by who holds it; the requester, who has no say, aside."""
    situation = setup.situation
    found = [Factor(name, *ATTRIBUTE_RANGE[name], "code", CRISIS) for name in CRISIS_ATTRIBUTES]
    for i in situation.voters:
        state, group = situation.members[i], LEAD_STATE if i == situation.patron else OTHERS
        found += [Factor(f"{state}.{name}", 0.0, 1.0, "code", group) for name in OWN]
    return found


def _having(setup: Setup, values: dict[str, float]) -> Setup:
    """The setup with further parameters or attributes set."""
    old, new = setup.settings, settings_from(values, setup.situation.members)
    attributes = {**old.attributes, **new.attributes}
    return setup.having(settings=Settings({**old.parameters, **new.parameters}, attributes))


def _levels(setup: Setup, values: dict[str, float], n_runs: int, seed: int) -> NDArray[np.int8]:
    return ensemble(_having(setup, values), n_runs, seed).outcome.level


def frame_of(controls: Iterable[Control]) -> pd.DataFrame:
    """One row a crisis, rho and group, with indices, their errors, `p_worst` and `p_best`."""
    import pandas as pd

    rows = (
        {"crisis": one.case, **vars(hold), **vars(hold.index)}
        for one in controls
        for hold in one.holds
    )
    indices = [field.name for field in fields(Index)]
    return pd.DataFrame(rows, columns=["crisis", "rho", "group", *indices, "p_worst", "p_best"])


def averaged(controls: Iterable[Control]) -> pd.DataFrame:
    """Over many crises: mean total index, `p_worst` and `p_best`, by rho and group."""
    groups = frame_of(controls).groupby(["rho", "group"], sort=False)
    return groups[["total", "p_worst", "p_best"]].mean()


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
    now = _levels(setup, {}, n_runs, seed)
    pivots = []
    for state in (setup.situation.members[i] for i in setup.situation.voters):
        low, high = (_levels(setup, {f"{state}.alignment": x}, n_runs, seed) for x in (0.0, 1.0))
        pivots.append(Pivot(state, float((low < now).mean()), float((high > now).mean())))
    return sorted(pivots, key=lambda pivot: -(pivot.p_lower + pivot.p_higher))
