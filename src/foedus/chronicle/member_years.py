"""Member-years of history: who was at risk to break or free to call, what was known, what came.

All that a row knows stands at the end of the year before, so that nothing of a year foretells it.
The lead state is left out, and so is the year in which an alliance was dissolved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.chronicle import membership
from foedus.chronicle.exits import exits_of
from foedus.chronicle.timeline import closeness
from foedus.chronicle.trust import wish_to_ask
from foedus.chronicle.year_chance import chance_of, derived
from foedus.chronicle.years import ChronicleSetup, chronicle, chronicle_ids, run_chronicle
from foedus.data.register import parameters
from foedus.model.numbers import Array

if TYPE_CHECKING:
    import pandas as pd


def member_years(names: Iterable[str] | None = None) -> pd.DataFrame:
    """One row a member and year of some chronicles, all shipped ones by default.

    Returns:
        DataFrame: ``alliance``, ``state`` and ``year``; whether it ``broke`` (froze or left of its
            own accord) and whether it ``called``. What was known: ``votes`` (closeness in UN
            votes), ``dependence``, ``alignment``, ``pact`` of a rival, ``danger``, ``renewal`` (end
            of a term), ``trust``, all 0 to 1, and ``protection``, danger times help expected within
            less outside, -1 to 1. What the theory says at the register's defaults, nothing fitted:
            ``p_break`` and ``p_called``, and both with ``_untrusting`` where every state trusts as
            without any call.
    """
    import pandas as pd

    parts = [_of_alliance(chronicle(name)) for name in (names or chronicle_ids())]
    return pd.concat(parts, ignore_index=True)


def _of_alliance(setup: ChronicleSetup) -> pd.DataFrame:
    import pandas as pd

    held = setup.having(plan=replace(setup.plan, members="history"))
    years, t, p = run_chronicle(held, 1, 1), setup.timeline, derived(parameters())
    y, i = np.nonzero(membership.in_name(t.standing[: min(t.n_years, t.ends) - 1]))
    danger, trust, pact = years.danger[y, i, 0], years.trust[y, i, 0], t.pact[y, i]
    outside = membership.outside_help(pact, p)
    of_lead = t.dependence[y, i], t.alignment[y, i]

    def p_break(hope: Array) -> Array:
        terms = membership.worth(danger, hope, pact, *of_lead, years.legitimacy[y, 0], p)
        value = membership.total(terms)
        return np.asarray(chance_of(membership.will_to_break(value, 0.0, t.renewal[y + 1], p)))

    def p_called(hope: Array) -> Array:
        """A crisis at the general rate, and a call in a middling one by trust."""
        return np.asarray(p["p_crisis"] * chance_of(wish_to_ask(hope, membership.MIDDLING, p)))

    untrusting = np.full(len(y), p["trust_prior"])
    exits = {(year, state) for year, state, _ in exits_of(setup)}
    calls = {(call.date.year, call.state) for call in setup.record.calls if call.asked > 0}
    places = [(t.years[k + 1], t.states[s]) for k, s in zip(y, i, strict=True)]
    return pd.DataFrame(
        {
            "alliance": t.alliance,
            "state": [state for _, state in places],
            "year": [year for year, _ in places],
            "broke": [place in exits for place in places],
            "called": [place in calls for place in places],
            "votes": _votes(setup)[y, i],
            "dependence": of_lead[0],
            "alignment": of_lead[1],
            "pact": pact,
            "danger": danger,
            "renewal": t.renewal[y + 1],
            "trust": trust,
            "protection": danger * (trust - outside),
            "p_break": p_break(trust),
            "p_called": p_called(trust),
            "p_break_untrusting": p_break(untrusting),
            "p_called_untrusting": p_called(untrusting),
        }
    )


def _votes(setup: ChronicleSetup) -> Array:
    """Closeness in UN votes (year, state); middling where unknown."""
    t, p = setup.timeline, parameters()

    def near(state: str, year: int) -> float:
        known = setup.panel.known(state, "un_distance", year, p["panel_reach"])
        return closeness(known[0], p["un_reference"]) if known else membership.MIDDLING

    return np.array([[near(state, year) for state in t.states] for year in t.years])
