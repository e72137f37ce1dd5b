"""What many runs of a chronicle say: standing, breaks and relevance, each with its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle.membership import IN_NAME, Standing
from foedus.chronicle.years import ChronicleSetup
from foedus.chronicle.years_engine import Years
from foedus.model.numbers import Array

INTERVAL = (0.05, 0.95)
"""Quantiles of every interval: 90 % of the runs lie inside."""


@dataclass(frozen=True)
class StateSummary:
    """One state at the end.

    Attributes
    ----------
    state
        ISO code.
    p_member, p_frozen, p_suspended, p_left, p_outside
        Shares of the runs.
    p_broke, error
        Share of the runs in which it froze or left at least once, and its standard error.
    trust
        Mean in the last year, 0 to 1.
    in_history
        Standing at the end of the record.
    """

    state: str
    p_member: float
    p_frozen: float
    p_suspended: float
    p_left: float
    p_outside: float
    p_broke: float
    error: float
    trust: float
    in_history: Standing


@dataclass(frozen=True)
class YearSummary:
    """The alliance in one year: means over runs, and 90 % intervals."""

    year: int
    relevance: float
    low: float
    high: float
    legitimacy: float
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Change:
    """What a change does, under the same chance: differences and their standard errors."""

    state: str
    before: float
    after: float
    difference: float
    error: float


def broke(setup: ChronicleSetup, years: Years) -> NDArray[np.bool_]:
    """Whether each state, a member if only in name, froze or left in a year (year, state, run).

    The dissolution of the alliance is not counted.
    """
    now = years.standing
    before = np.concatenate([np.zeros_like(now[:1]), now[:-1]])
    gone: NDArray[np.bool_] = np.isin(before, IN_NAME) & (
        (now == Standing.FROZEN) | (now == Standing.LEFT)
    )
    gone[setup.timeline.ends :] = False
    return gone


def ever_broke(setup: ChronicleSetup, years: Years) -> NDArray[np.bool_]:
    """The same over the simulated years together (state, run)."""
    first = max(setup.plan.since, setup.timeline.first_year) - setup.timeline.first_year
    return np.asarray(broke(setup, years)[first:].any(axis=0))


def summarise_states(setup: ChronicleSetup, years: Years) -> tuple[StateSummary, ...]:
    """Every state at the end of the years."""
    t, gone = setup.timeline, ever_broke(setup, years)
    last, n_runs = years.standing[-1], years.standing.shape[-1]
    found = []
    for i, state in enumerate(t.states):
        share = {kind: float(np.mean(last[i] == kind)) for kind in Standing}
        p = float(gone[i].mean())
        found.append(
            StateSummary(
                state=state,
                p_member=share[Standing.MEMBER],
                p_frozen=share[Standing.FROZEN],
                p_suspended=share[Standing.SUSPENDED],
                p_left=share[Standing.LEFT],
                p_outside=share[Standing.OUTSIDE],
                p_broke=p,
                error=float(np.sqrt(p * (1.0 - p) / n_runs)),
                trust=float(years.trust[-1, i].mean()),
                in_history=Standing(int(t.standing[-1, i])),
            )
        )
    return tuple(found)


def summarise_years(setup: ChronicleSetup, years: Years) -> tuple[YearSummary, ...]:
    """The alliance year by year."""
    low, high = np.quantile(years.relevance, INTERVAL, axis=-1)
    return tuple(
        YearSummary(
            year=year,
            relevance=float(years.relevance[y].mean()),
            low=float(low[y]),
            high=float(high[y]),
            legitimacy=float(years.legitimacy[y].mean()),
            parts=tuple(float(part.mean()) for part in years.parts[y]),
        )
        for y, year in enumerate(setup.timeline.years)
    )


def changes(
    before: tuple[ChronicleSetup, Years], after: tuple[ChronicleSetup, Years]
) -> tuple[Change, ...]:
    """What a change does to each state's chance to break, and to the last year's relevance."""
    rows = [
        (state, *pair)
        for state, *pair in zip(
            before[0].timeline.states, ever_broke(*before), ever_broke(*after), strict=True
        )
    ]
    rows.append(("relevance", before[1].relevance[-1], after[1].relevance[-1]))
    return tuple(
        _change(name, np.asarray(old, float), np.asarray(new, float)) for name, old, new in rows
    )


def _change(name: str, old: Array, new: Array) -> Change:
    gap = new - old
    return Change(
        state=name,
        before=float(old.mean()),
        after=float(new.mean()),
        difference=float(gap.mean()),
        error=float(gap.std() / np.sqrt(len(gap))),
    )
