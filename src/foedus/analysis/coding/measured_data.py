"""Codes and priors held against data that nobody here coded.

Three questions. Does dependence on Russia go with voting near it in the United Nations, within a
member over time and within a year over members? Do the coders' capability and alignment agree
with the composite index of national capability and with distance in UN votes? And how often do
alliances and regional organisations answer elsewhere? Tables and sources lie in
``foedus/data/measured``.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from foedus.analysis.coding.dependence_check import on_day
from foedus.analysis.intervals import (
    Groups,
    Interval,
    grouped,
    mean_interval,
    percentiles,
    spearman,
    times_drawn,
)
from foedus.data.indicators import Indicator
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Alliance
from foedus.data.terms import LEVELS
from foedus.errors import InputError
from foedus.model.numbers import Array, Parameters

Pairs = list[tuple[float, float]]
PERIODS = ("1945-1991", "1992-2016")
"""Years by which responses of regional organisations are counted."""


@dataclass(frozen=True)
class Association:
    """How far two things go together.

    Attributes:
        expected: Sign that theory gives it, 1 or -1.
        r, interval: Correlation in [-1, 1] and its 95 % interval, groups drawn again whole; nan
            where unknown.
        n, n_groups: Rows, and the groups they come from.
    """

    name: str
    expected: int
    r: float
    interval: Interval
    n: int
    n_groups: int

    @property
    def holds(self) -> bool:
        """Whether the interval lies wholly on the side that was expected."""
        low, high = self.interval
        return bool(low > 0 if self.expected > 0 else high < 0)


@cache
def measured(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one table of ``foedus/data/measured``."""
    text = (files("foedus") / "data" / "measured" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _by_state_and_year(name: str) -> Mapping[tuple[str, int], Mapping[str, str]]:
    return {(row["state"], int(row["year"])): row for row in measured(name)}


def _number(row: Mapping[str, str], name: str) -> float:
    return float(row.get(name) or "nan")


def dependence_and_votes(
    alliance: Alliance, indicators: Sequence[Indicator], parameters: Parameters
) -> list[Association]:
    """Whether members that depend more on Russia vote nearer to it, three ways each.

    Over all rows; within each member (what changes over its years, less what changes for all);
    and within each year. Expected: the more dependent, the smaller the distance.

    Raises:
        InputError: If no member has both in some year.
    """
    known = _by_state_and_year("csto-years")
    rows = [
        (one, row)
        for day in (date(year, 7, 1) for year in sorted({year for _, year in known}))
        if alliance.members_on(day)
        for one in on_day(alliance, indicators, day, parameters)
        if one.indicators and (row := known.get((one.state, one.year)))
    ]
    if not rows:
        raise InputError(f"no year with votes and indicators of members of {alliance.id}")
    states, years = grouped([one.state for one, _ in rows]), grouped([one.year for one, _ in rows])
    computed = np.array([one.computed for one, _ in rows])
    arms, distance = (
        np.array([_number(row, name) for _, row in rows])
        for name in ("arms_share_russia_5y", "un_distance_to_russia")
    )
    found = []
    for name, values in (("dependence (computed)", computed), ("Russia's share of arms", arms)):
        some = ~np.isnan(values)
        x, y, s, t = values[some], distance[some], states[some], years[some]
        ways = {"all rows": (), "within member and year": (s, t), "within year": (t,)}
        for how, inside in ways.items():
            what = f"{name} and distance in UN votes, {how}"
            found.append(association(what, -1, x, y, s, inside))
    return found


def association(
    name: str,
    expected: int,
    x: ArrayLike,
    y: ArrayLike,
    groups: Groups,
    inside: Sequence[Groups] = (),
) -> Association:
    """Correlation of two rows of values, after the means of some groupings are taken out.

    Groups of rows are drawn again whole for the interval; the means of those of each grouping
    `inside` are taken out of both (fixed effects).
    """
    a, b = (without_means(np.asarray(v, dtype=np.float64), inside) for v in (x, y))
    states, groups = np.unique(groups, return_inverse=True)
    times = times_drawn(groups)
    left, right = (v - ((times @ v) / times.sum(axis=1))[:, None] for v in (a, b))
    joint, one, other = (
        (times * p * q).sum(axis=1) for p, q in ((left, right), (left, left), (right, right))
    )
    r = np.full(len(times), np.nan)
    np.divide(joint, np.sqrt(one * other), out=r, where=one * other > 0)
    here = float(np.corrcoef(a, b)[0, 1]) if np.std(a) * np.std(b) > 0 else float("nan")
    return Association(name, expected, here, percentiles(r, 0.95), len(a), len(states))


def without_means(values: Array, groupings: Sequence[Groups]) -> Array:
    """Values (row,) less the means of every grouping, fitted together (fixed effects)."""
    if not groupings:
        return values
    design = np.hstack([np.eye(g.max() + 1)[g] for g in groupings])
    return np.asarray(values - design @ np.linalg.lstsq(design, values, rcond=None)[0])


def codes_and_measures(cases: Iterable[Case]) -> list[Association]:
    """Whether coders rank members within a crisis as measures do; the mean over crises.

    Capability against the index of national capability (expected: together); alignment with the
    requester against distance from it in UN votes (expected: apart).
    """
    known, capability, alignment = _by_state_and_year("members"), [], []
    for scenario in (case.scenario for case in cases if case.scenario.extends is None):
        rows = {state: known.get((state, scenario.dates.coded.year)) for state in scenario.members}
        index, point = (
            {state: _number(row, name) for state, row in rows.items() if row}
            for name in ("cinc", "un_ideal_point")
        )
        home = point.pop(scenario.requester, float("nan"))
        member = scenario.members
        powers = [(mean(member[state].capability), value) for state, value in index.items()]
        apart = [(mean(member[state].alignment), abs(at - home)) for state, at in point.items()]
        capability.append((scenario.alliance, powers))
        alignment.append((scenario.alliance, apart))
    return [
        _over_crises("coded capability and national capability", 1, capability),
        _over_crises("coded alignment and distance in UN votes", -1, alignment),
    ]


def _over_crises(name: str, expected: int, crises: Iterable[tuple[str, Pairs]]) -> Association:
    """Spearman's correlation within each crisis, in the mean over those in which both vary."""
    found = []
    for home, pairs in crises:
        known = [pair for pair in pairs if not np.isnan(pair).any()]
        found.append((home, spearman(*np.array(known).reshape(-1, 2).T), len(known)))
    kept = [one for one in found if not np.isnan(one[1])]
    if not kept:
        return Association(name, expected, float("nan"), (float("nan"),) * 2, 0, 0)
    homes, rho, n = zip(*kept, strict=True)
    groups = grouped(homes)
    interval = mean_interval(rho, groups, 0.95)
    n_groups = int(groups.max()) + 1
    return Association(name, expected, float(np.mean(rho)), interval, sum(n), n_groups)


def regional_rates(years: str = PERIODS[1]) -> Array:
    """Shares of the four levels (level,) in what regional organisations did for actors in crises.

    `years` is one of :data:`PERIODS`.
    """
    actors = Counter[str]()
    for row in measured("icb-responses"):
        if row["years"] == years:
            actors[row["level"]] += int(row["actors"])
    counts = np.array([actors[word] for word in LEVELS])
    return np.asarray(counts / counts.sum())


def honoured_in_war() -> dict[tuple[str, str], tuple[int, int]]:
    """By years and coding: commitments of alliances honoured in war, and all that are clear."""
    wars: dict[tuple[str, str], Counter[str]] = {}
    for row in measured("alliance-wars"):
        each = wars.setdefault((row["years"], row["coding"]), Counter())
        each[row["result"]] += int(row["commitments"])
    return {of: (each["honoured"], each.total()) for of, each in wars.items()}
