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
from numpy.typing import ArrayLike, NDArray

from foedus.analysis.coding.dependence_check import Depends, on_day
from foedus.analysis.intervals import (
    Groups,
    grouped,
    percentiles,
    spearman,
    times_drawn,
    wilson_interval,
)
from foedus.data.indicators import Indicator
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.schema import Alliance
from foedus.data.terms import LEVELS
from foedus.errors import InputError
from foedus.model.numbers import Array, Parameters


@dataclass(frozen=True)
class Association:
    """How far two things go together.

    Attributes
    ----------
    name
        What is held against what.
    expected
        Sign that theory gives it, 1 or -1.
    r, interval
        Correlation in [-1, 1] and its 95 % interval, groups drawn again whole; nan where unknown.
    n, n_groups
        Rows, and the groups they come from.
    """

    name: str
    expected: int
    r: float
    interval: tuple[float, float]
    n: int
    n_groups: int

    @property
    def holds(self) -> bool:
        """Whether the interval lies wholly on the side that was expected."""
        low, high = self.interval
        return bool(low > 0 if self.expected > 0 else high < 0)


@dataclass(frozen=True)
class Rate:
    """How often something happened, with its 90 % interval (Wilson)."""

    name: str
    share: float
    interval: tuple[float, float]
    n: int


@cache
def measured(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one table of ``foedus/data/measured``."""
    text = (files("foedus") / "data" / "measured" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def dependence_and_votes(
    alliance: Alliance, indicators: Sequence[Indicator], parameters: Parameters
) -> list[Association]:
    """Whether members that depend more on Russia vote nearer to it, three ways each.

    Over all rows; within each member (what changes over its years, less what changes for all);
    and within each year. Expected: the more dependent, the smaller the distance.

    Raises
    ------
    InputError
        If no member has both in some year.
    """
    known = {(row["state"], int(row["year"])): row for row in measured("csto-years")}
    rows = [
        (depends, row)
        for year in sorted({year for _, year in known})
        for depends in _in(alliance, indicators, year, parameters)
        if depends.sides and (row := known.get((depends.state, year)))
    ]
    if not rows:
        raise InputError(f"no year with votes and indicators of members of {alliance.id}")
    computed = np.array([depends.computed for depends, _ in rows])
    arms = np.array([_number(row["arms_share_russia_5y"]) for _, row in rows])
    distance = np.array([_number(row["un_distance_to_russia"]) for _, row in rows])
    states = grouped([depends.state for depends, _ in rows])
    years = grouped([depends.year for depends, _ in rows])
    found = []
    for name, values in (("dependence (computed)", computed), ("Russia's share of arms", arms)):
        some = ~np.isnan(values)
        x, y, s, t = values[some], distance[some], states[some], years[some]
        ways = {"all rows": (), "within member and year": (s, t), "within year": (t,)}
        for how, inside in ways.items():
            what = f"{name} and distance in UN votes, {how}"
            found.append(association(what, -1, x, y, s, inside))
    return found


def _in(
    alliance: Alliance, indicators: Sequence[Indicator], year: int, p: Parameters
) -> list[Depends]:
    day = date(year, 7, 1)
    return on_day(alliance, indicators, day, p) if alliance.members_on(day) else []


def _number(text: str) -> float:
    return float(text) if text else float("nan")


def association(
    name: str,
    expected: int,
    x: ArrayLike,
    y: ArrayLike,
    groups: Groups,
    inside: Sequence[Groups] = (),
) -> Association:
    """Correlation of two rows of values, after the means of some groupings are taken out.

    Parameters
    ----------
    groups
        Group of each row, drawn again whole for the interval.
    inside
        Groupings whose means are taken out of both (fixed effects).
    """
    a, b = (without_means(np.asarray(v, dtype=np.float64), inside) for v in (x, y))
    _, groups = np.unique(groups, return_inverse=True)
    times = times_drawn(groups)
    total = times.sum(axis=1)
    centred = [values - ((times @ values) / total)[:, None] for values in (a, b)]
    joint, one, other = (
        (times * left * right).sum(axis=1)
        for left, right in ((centred[0], centred[1]), (centred[0], centred[0]), (centred[1],) * 2)
    )
    r = np.divide(
        joint, np.sqrt(one * other), out=np.full(len(times), np.nan), where=one * other > 0
    )
    spread = float(np.std(a) * np.std(b))
    here = float(np.corrcoef(a, b)[0, 1]) if spread > 0 else float("nan")
    return Association(name, expected, here, percentiles(r, 0.95), len(a), int(groups.max()) + 1)


def without_means(values: Array, groupings: Sequence[Groups]) -> Array:
    """Values (row,) less the means of every grouping, fitted together (fixed effects)."""
    if not groupings:
        return values
    columns = [(g[:, None] == np.arange(g.max() + 1)).astype(np.float64) for g in groupings]
    design = np.hstack(columns)
    return np.asarray(values - design @ np.linalg.lstsq(design, values, rcond=None)[0])


def codes_and_measures(cases: Iterable[Case]) -> list[Association]:
    """Whether coders rank members within a crisis as measures do; the mean over crises.

    Capability against the index of national capability (expected: together); alignment with the
    requester against distance from it in UN votes (expected: apart).
    """
    known = {(row["state"], int(row["year"])): row for row in measured("members")}
    capability, alignment = [], []
    for case in cases:
        if case.scenario.extends is None:
            capability.append((case.scenario.alliance, _capability(case, known)))
            alignment.append((case.scenario.alliance, _alignment(case, known)))
    return [
        _over_crises("coded capability and national capability", 1, capability),
        _over_crises("coded alignment and distance in UN votes", -1, alignment),
    ]


Known = Mapping[tuple[str, int], Mapping[str, str]]


def _capability(case: Case, known: Known) -> tuple[list[float], list[float]]:
    year = case.scenario.dates.coded.year
    rows = [
        (mean(member.capability), _number(known[state, year]["cinc"]))
        for state, member in case.scenario.members.items()
        if (state, year) in known
    ]
    return _pairs(rows)


def _alignment(case: Case, known: Known) -> tuple[list[float], list[float]]:
    year, requester = case.scenario.dates.coded.year, case.scenario.requester
    home = _number(known.get((requester, year), {}).get("un_ideal_point", ""))
    rows = [
        (mean(member.alignment), abs(_number(known[state, year]["un_ideal_point"]) - home))
        for state, member in case.scenario.members.items()
        if (state, year) in known and state != requester
    ]
    return _pairs(rows)


def _pairs(rows: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    both = [(a, b) for a, b in rows if not (np.isnan(a) or np.isnan(b))]
    return [a for a, _ in both], [b for _, b in both]


def _over_crises(
    name: str, expected: int, crises: list[tuple[str, tuple[list[float], list[float]]]]
) -> Association:
    found = [(home, spearman(*pairs), len(pairs[0])) for home, pairs in crises]
    kept = [(home, rho, n) for home, rho, n in found if not np.isnan(rho)]
    if not kept:
        return Association(name, expected, float("nan"), (float("nan"),) * 2, 0, 0)
    groups = grouped([home for home, *_ in kept])
    rho = np.array([rho for _, rho, _ in kept])
    times = times_drawn(groups)
    interval = percentiles(times @ rho / times.sum(axis=1), 0.95)
    n_groups = int(groups.max()) + 1
    return Association(
        name, expected, float(rho.mean()), interval, sum(n for *_, n in kept), n_groups
    )


def regional_rates(years: str = "1992-2016", violence: str | None = None) -> Array:
    """Shares of the four levels (level,) in what regional organisations did for actors in crises.

    Parameters
    ----------
    years
        ``1945-1991`` or ``1992-2016``.
    violence
        ``none``, ``minor clashes``, ``serious clashes`` or ``full-scale war``; all by default.
    """
    counts = Counter[str]()
    for row in measured("icb-responses"):
        if row["years"] == years and violence in (None, row["violence"]):
            counts[row["level"]] += int(row["actors"])
    shares = np.array([counts[word] for word in LEVELS], dtype=np.float64)
    if not shares.sum():
        raise InputError(f"no actors in crises of {years} with violence {violence}")
    return np.asarray(shares / shares.sum())


def rates() -> list[Rate]:
    """How often commitments were honoured in war, and how often regional organisations did what."""
    found = []
    wars = Counter[tuple[str, str, str]]()
    for row in measured("alliance-wars"):
        wars[row["years"], row["coding"], row["result"]] += int(row["commitments"])
    for years, coding in dict.fromkeys((years, coding) for years, coding, _ in wars):
        kept, broken = (wars[years, coding, word] for word in ("honoured", "violated"))
        found.append(_rate(f"alliances honoured in war, {years} ({coding})", kept, kept + broken))
    for years in ("1945-1991", "1992-2016"):
        rows = [row for row in measured("icb-responses") if row["years"] == years]
        clear = {word: sum(int(r["actors"]) for r in rows if r["level"] == word) for word in LEVELS}
        for word, n in clear.items():
            found.append(_rate(f"regional organisation: {word}, {years}", n, sum(clear.values())))
    return found


def _rate(name: str, happened: int, n: int) -> Rate:
    return Rate(name, happened / n, wilson_interval(happened / n, n), n)


def rate_forecast(observed: NDArray[np.integer], years: str = "1992-2016") -> Array:
    """The same shares of regional organisations for every crisis (crisis, level)."""
    return np.tile(regional_rates(years), (len(observed), 1))
