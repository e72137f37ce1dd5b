"""Member-years of history: who was at risk to break or free to call, what was known, what came.

All that a row knows stands at the end of the year before, so that nothing of a year foretells it.
The lead state is left out, and so is the year in which an alliance was dissolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import asking, membership
from foedus.chronicle.exits import exits_of
from foedus.chronicle.membership import in_name
from foedus.chronicle.timeline import MIDDLING, Timeline, closeness
from foedus.chronicle.year_chance import chance_of, derived
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
        What the theory says at the register's defaults, nothing fitted (row,); ``_untrusting``:
        where every state trusts as without any call.
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
    parts = [vars(_of_alliance(chronicle(name))) for name in (names or chronicle_ids())]
    columns = {
        name: np.concatenate([part[name] for part in parts])
        for name in parts[0]
        if name != "features"
    }
    features = {n: np.concatenate([part["features"][n] for part in parts]) for n in FEATURES}
    return MemberYears(features=features, **columns)


def _of_alliance(setup: ChronicleSetup) -> MemberYears:
    held = setup.having(plan=replace(setup.plan, members="history"))
    years, t = run_chronicle(held, 1, 1), setup.timeline
    y, i = np.nonzero(in_name(t.standing[: min(t.n_years, t.ends) - 1]))
    y = y + 1
    features = _features(setup, years, y, i)
    untrusting = {**features, "trust": np.full(len(y), parameters()["trust_prior"])}
    return MemberYears(
        alliance=np.full(len(y), t.alliance),
        state=np.array(t.states)[i],
        year=y + t.first_year,
        broke=_marked(t, ((t.years.index(year), s) for year, s, _ in exits_of(setup)))[y, i],
        called=_marked(t, _calls(t))[y, i],
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


def _calls(t: Timeline) -> Iterator[tuple[int, str]]:
    for crisis in t.crises:
        if crisis.state >= 0 and crisis.asked > 0:
            yield crisis.year, t.states[crisis.state]


def _marked(t: Timeline, places: Iterable[tuple[int, str]]) -> NDArray[np.bool_]:
    """Whether something happened (year, state)."""
    found = np.zeros(t.standing.shape, np.bool_)
    for y, state in places:
        found[y, t.states.index(state)] = True
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
