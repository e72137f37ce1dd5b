"""Member-years of history: who was at risk to break or free to call, what was known, what came.

All that a row knows stands at the end of the year before, so that nothing of a year foretells it.
The lead state is left out, and so is the year in which an alliance was dissolved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import asking, membership
from foedus.chronicle.exits import OWN_ACCORD
from foedus.chronicle.membership import IN_NAME
from foedus.chronicle.timeline import MIDDLING, Timeline, closeness
from foedus.chronicle.year_parameters import chance_of, derived
from foedus.chronicle.years import ChronicleSetup, chronicle, chronicle_ids, run_chronicle
from foedus.chronicle.years_engine import Years
from foedus.data.register import parameters
from foedus.model.numbers import Array

FEATURES = ("votes", "dependence", "alignment", "pact", "danger", "renewal", "trust", "protection")
"""Known of a row: closeness in UN votes, dependence, alignment, rival pact, danger, end of a term,
trust, and danger times help expected within less outside. All 0 to 1 but the last, -1 to 1."""


@dataclass(frozen=True)
class MemberYears:
    """Rows, one a member and year.

    Attributes
    ----------
    alliance, state, year
        Whose (row,).
    broke, called
        Whether it froze or left of its own accord, and whether it called (row,).
    features
        By name, each (row,).
    p_break, p_called
        What the theory says at the register's defaults, nothing fitted (row,).
    p_break_untrusting, p_called_untrusting
        The same where every state trusts as without any call (row,).
    """

    alliance: NDArray[np.str_]
    state: NDArray[np.str_]
    year: NDArray[np.int64]
    broke: NDArray[np.bool_]
    called: NDArray[np.bool_]
    features: dict[str, Array]
    p_break: Array
    p_called: Array
    p_break_untrusting: Array
    p_called_untrusting: Array

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.year)


def member_years(names: Iterable[str] | None = None) -> MemberYears:
    """The rows of some chronicles, all shipped ones by default."""
    parts = [_of_alliance(chronicle(name)) for name in (names or chronicle_ids())]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in MemberYears.__dataclass_fields__
        if name != "features"
    }
    features = {name: np.concatenate([part.features[name] for part in parts]) for name in FEATURES}
    return MemberYears(features=features, **joined)


def _of_alliance(setup: ChronicleSetup) -> MemberYears:
    held = setup.having(plan=replace(setup.plan, members="history"))
    years, t = run_chronicle(held, 1, 1), setup.timeline
    at_risk = [
        (y, i)
        for y in range(1, min(t.n_years, t.ends))
        for i in range(len(t.states))
        if t.standing[y - 1, i] in IN_NAME
    ]
    y, i = (np.array(axis, np.int64) for axis in zip(*at_risk, strict=True))
    features = _features(setup, years, y, i)
    untrusting = {**features, "trust": np.full(len(y), parameters()["trust_prior"])}
    return MemberYears(
        alliance=np.full(len(y), t.alliance),
        state=np.array(t.states)[i],
        year=y + t.first_year,
        broke=_broke(setup)[y, i],
        called=_called(t)[y, i],
        features=features,
        p_break=_theory_of_breaks(years, t, features, y),
        p_called=_theory_of_calls(features),
        p_break_untrusting=_theory_of_breaks(years, t, untrusting, y),
        p_called_untrusting=_theory_of_calls(untrusting),
    )


def _features(
    setup: ChronicleSetup, years: Years, y: NDArray[np.int64], i: NDArray[np.int64]
) -> dict[str, Array]:
    t, p = setup.timeline, derived(parameters())
    danger, trust = years.danger[y - 1, i, 0], years.trust[y - 1, i, 0]
    outside = membership.outside_help(t.pact[y - 1, i], p)
    return {
        "votes": _votes(setup)[y - 1, i],
        "dependence": t.dependence[y - 1, i],
        "alignment": t.alignment[y - 1, i],
        "pact": t.pact[y - 1, i],
        "danger": danger,
        "renewal": t.renewal[y],
        "trust": trust,
        "protection": danger * (trust - outside),
    }


def _votes(setup: ChronicleSetup) -> Array:
    """Closeness in UN votes (year, state); middling where unknown."""
    t, p = setup.timeline, parameters()

    def near(state: str, year: int) -> float:
        known = setup.panel.known(state, "un_distance", year, p["panel_reach"])
        return closeness(known[0], p["un_reference"]) if known else MIDDLING

    return np.array([[near(state, year) for state in t.states] for year in t.years])


def _broke(setup: ChronicleSetup) -> NDArray[np.bool_]:
    t = setup.timeline
    found = np.zeros(t.standing.shape, np.bool_)
    for event in setup.record.events:
        if event.kind in OWN_ACCORD and event.date.year in t.years:
            for state in event.who:
                if state in t.states:
                    found[t.years.index(event.date.year), t.states.index(state)] = True
    return found


def _called(t: Timeline) -> NDArray[np.bool_]:
    found = np.zeros(t.standing.shape, np.bool_)
    for crisis in t.crises:
        if crisis.state >= 0 and crisis.asked > 0:
            found[crisis.year, crisis.state] = True
    return found


def _theory_of_breaks(
    years: Years, t: Timeline, known: dict[str, Array], y: NDArray[np.int64]
) -> Array:
    p = derived(parameters())
    terms = membership.worth(
        known["danger"],
        known["trust"],
        membership.outside_help(known["pact"], p),
        known["dependence"],
        known["alignment"],
        years.legitimacy[y - 1, 0],
        p,
    )
    will = membership.will_to_break(membership.total(terms), 0.0, t.renewal[y], p)
    return np.asarray(chance_of(will))


def _theory_of_calls(known: dict[str, Array]) -> Array:
    """A crisis at the general rate, and a call in a middling one by trust."""
    p = derived(parameters())
    wish = asking.wish_to_ask(known["trust"], MIDDLING, p)
    return np.asarray(p["p_crisis"] * chance_of(wish))
