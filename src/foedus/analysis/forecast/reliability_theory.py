"""Reliability of allies (Leeds 2003): regimes and what changed since states joined, from data.

On alliances in wars between 1816 and 1944 Leeds found that democracies violate their commitments
less, and states whose power or regime has changed since the alliance was formed more. Here the
three terms stand for the library's crises twice. As attributes of a crisis they go into a
regression beside what was asked and how. As a theory they are terms of each member's willingness:
they enter by the door that extensions use, so nothing changes until somebody calls
:func:`add_terms`. Their sizes are assumed: the priors are those of alignment. Each stands about its
mean over the members known, so that the model's rates stay where they are.

References:
    Leeds (2003), doi:10.1017/S0020818303574057.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from foedus.analysis.coding.measured_data import measured
from foedus.analysis.forecast.scores import Panel
from foedus.data.library import Case
from foedus.data.records import mean
from foedus.data.theory import Theory
from foedus.extensions import term
from foedus.model.numbers import Array
from foedus.model.situation import Codes, Situation

TERMS = {
    "democracy": ("democracy", 1),
    "regime-change": ("change of regime", -1),
    "power-shift": ("change of power", -1),
}
"""The three terms by name: what they are, and the sign that Leeds gives each."""
OWN_VIEW = ("alignment", "stake", "ties", "overextension", "exposure")
"""Terms of a member's own that the theory alone leaves out."""
SOURCE = "Leeds 2003, doi:10.1017/S0020818303574057; size assumed"


@cache
def known_terms() -> Mapping[tuple[str, int, str], tuple[float, float, float]]:
    """The three terms by alliance, year and state: polyarchy, how far it has moved, and power."""
    return {
        (row["alliance"], int(row["year"]), row["state"]): terms_of(row)
        for row in measured("regimes")
    }


def terms_of(row: Mapping[str, str]) -> tuple[float, float, float]:
    """Polyarchy, 0 to 1, and both changes since a member joined; nan where nothing is known."""
    polyarchy, joined, power, before = (
        float(row[name] or "nan")
        for name in ("polyarchy", "polyarchy_joined", "cinc", "cinc_joined")
    )
    shift = abs(np.log(power / before)) if min(power, before) > 0 else np.nan
    return polyarchy, abs(polyarchy - joined), shift


def shift_table(panel: Panel) -> Array:
    """The three terms of each crisis (crisis, term).

    Means over the members that did not ask, weighted by capability: polyarchy, 0 to 1; how far
    it has moved since they joined; and how far the log of their share of world capability has.
    Where nothing is known, the mean of the other crises.
    """
    table = np.array([_of_crisis(case) for case in panel.cases])
    return np.where(np.isnan(table), np.nanmean(table, axis=0), table)


def _of_crisis(case: Case) -> Array:
    scenario = case.scenario
    place = (scenario.alliance, scenario.dates.coded.year)
    found = [
        (mean(member.capability), *terms)
        for state, member in scenario.members.items()
        if state != scenario.requester and (terms := known_terms().get((*place, state)))
    ]
    weights, *values = np.array(found).reshape(-1, 1 + len(TERMS)).T
    return np.array([_weighted_mean(value, weights) for value in values])


def _weighted_mean(values: Array, weights: Array) -> float:
    known = weights * ~np.isnan(values)
    return float((known * np.nan_to_num(values)).sum() / known.sum()) if known.any() else np.nan


def add_terms() -> None:
    """Add the three terms to the model of this process, weighed as alignment is."""
    for k, (name, (words, sign)) in enumerate(TERMS.items()):
        add = term(name, f"b_{name}", words, sign, default=1.3, prior="lognormal", spread=0.5,
                   source=SOURCE)  # fmt: skip
        add(_measure(k))


def _measure(k: int) -> Callable[[Situation, Codes], Array]:
    def values(situation: Situation, _: Codes) -> Array:
        middle = np.nanmean([terms[k] for terms in known_terms().values()])
        place = (situation.alliance, situation.year)
        own = [known_terms().get((*place, state), (np.nan,) * 3)[k] for state in situation.members]
        about: Array = np.nan_to_num(np.array(own)[:, None] - middle)
        return about

    return values


def contenders() -> dict[str, Theory]:
    """The full model, the same with the three terms, and these in place of a member's own.

    They compete in :func:`foedus.analysis.forecast.tournament.hold_tournament` where it is given
    :func:`add_terms` as well.
    """
    beside = "Democracies keep their word; states that have changed since they joined do not."
    claims = {
        "full": ("Full model", "As shipped.", [name.replace("-", "_") for name in TERMS]),
        "full, with regime and power shift": ("Reliability beside the rest", beside, []),
        "alliance reliability": ("Alliance reliability", beside, OWN_VIEW),
    }
    return {
        name: Theory(
            title=title,
            claim=claim,
            parameters={f"b_{term}": 0.0 for term in silent},
            sources=(SOURCE,),
        )
        for name, (title, claim, silent) in claims.items()
    }
