"""A tournament read by parts: harder crises, groups, single crises, probability by probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast import scores
from foedus.analysis.forecast.baselines import base_rate
from foedus.analysis.forecast.panel import Panel
from foedus.analysis.forecast.tournament import REFERENCE, RIVAL, Entry, Tournament
from foedus.analysis.intervals import grouped
from foedus.data.terms import Level


def subsets(panel: Panel) -> dict[str, NDArray[np.bool_]]:
    """The harder parts of a panel, each against its own base rate: which crises (crisis,)."""
    asked = panel.asked > 0
    outside = np.array([name != "csto" for name in panel.alliances])
    parts = {"with a request": asked, "outside the CSTO": outside}
    return {name: inside for name, inside in parts.items() if inside.sum() > 2}


def scores_on(tournament: Tournament, inside: NDArray[np.bool_]) -> list[Entry]:
    """Entries scored on some of the crises, with the base rate of those crises as reference.

    Forecasts stay as they are: what was learned was learned from all other crises.
    """
    panel = tournament.panel
    observed = panel.observed[inside]
    groups = grouped(np.array(panel.alliances)[inside])
    own = base_rate(observed)
    reference = scores.ranked_probability_score(own, observed)
    rival = tournament.entry(RIVAL, "baseline").rps[inside]
    found = []
    for e in tournament.entries:
        given = own if (e.name, e.kind) == (REFERENCE, "baseline") else e.forecasts[inside]
        one = scores.judge(e.name, given, observed, groups, reference=reference, rival=rival)
        found.append(replace(e, **vars(one)))
    return found


def breakdown(tournament: Tournament, by: str) -> dict[str, dict[str, tuple[int, float]]]:
    """Mean ranked probability score by group of crises: number of crises and mean, by entry.

    `by` is ``alliance`` or ``kind`` (of the adversary).
    """
    scenarios = [case.scenario for case in tournament.panel.cases]
    names = [s.alliance if by == "alliance" else str(s.adversary.kind) for s in scenarios]
    groups, places = np.unique(names, return_inverse=True)
    table = {}
    for k, group in enumerate(groups.tolist()):
        inside = places == k
        table[group] = {
            f"{e.name} ({e.kind})": (int(inside.sum()), float(e.rps[inside].mean()))
            for e in tournament.entries
        }
    return table


def worst_crises(tournament: Tournament, entry: Entry, n: int = 5) -> list[tuple[str, float]]:
    """The crises an entry gets most wrong: id and ranked probability score."""
    order = np.argsort(-entry.rps, kind="stable")[:n]
    return [(tournament.panel.ids[i], float(entry.rps[i])) for i in order]


def reliability(
    entry: Entry, observed: NDArray[np.int64], edges: Sequence[float] = (0, 0.1, 0.3, 0.5, 0.7, 1)
) -> list[tuple[float, float, int]]:
    """How often what was given a probability came about, over all crises and levels.

    One row a bin that holds any: mean probability given, share that came about, and number.
    """
    happened = np.arange(len(Level))[None, :] == observed[:, None]
    given, came = entry.forecasts.ravel(), happened.ravel()
    bins = np.searchsorted(edges[1:-1], given, side="right")
    return [
        (float(given[bins == b].mean()), float(came[bins == b].mean()), int((bins == b).sum()))
        for b in np.unique(bins)
    ]
