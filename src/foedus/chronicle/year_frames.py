"""A chronicle as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.chronicle.membership import Standing
from foedus.chronicle.relevance import PARTS
from foedus.chronicle.year_parameters import chance_of
from foedus.chronicle.year_summary import INTERVAL, broke, summarise_years
from foedus.chronicle.years import ChronicleSetup
from foedus.chronicle.years_engine import NO_ANSWER, Years
from foedus.data.terms import LEVELS

if TYPE_CHECKING:
    import pandas as pd


def states_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a year and state.

    Returns
    -------
    DataFrame
        ``year``, ``state``; shares of the runs ``p_member``, ``p_frozen``, ``p_suspended``,
        ``p_left``; mean ``trust`` with its 90 % interval, ``danger``, ``p_break`` (mean chance to
        break that year), and the inputs ``dependence``, ``alignment``, ``pact`` and ``known``, all
        0 to 1.
    """
    import pandas as pd

    t = setup.timeline
    low, high = np.quantile(years.trust, INTERVAL, axis=-1)
    place = [(y, i) for y in range(t.n_years) for i in range(len(t.states))]
    return pd.DataFrame(
        {
            "year": t.years[y],
            "state": t.states[i],
            "p_member": np.mean(years.standing[y, i] == Standing.MEMBER),
            "p_frozen": np.mean(years.standing[y, i] == Standing.FROZEN),
            "p_suspended": np.mean(years.standing[y, i] == Standing.SUSPENDED),
            "p_left": np.mean(years.standing[y, i] == Standing.LEFT),
            "trust": years.trust[y, i].mean(),
            "trust_low": low[y, i],
            "trust_high": high[y, i],
            "danger": years.danger[y, i].mean(),
            "p_break": chance_of(years.will[y, i]).mean(),
            "dependence": t.dependence[y, i],
            "alignment": t.alignment[y, i],
            "pact": t.pact[y, i],
            "known": t.known[y, i],
        }
        for y, i in place
    )


def alliance_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a year: ``relevance`` with its 90 % interval, its four parts, ``legitimacy``."""
    import pandas as pd

    return pd.DataFrame(
        {
            "year": row.year,
            "relevance": row.relevance,
            "relevance_low": row.low,
            "relevance_high": row.high,
            **dict(zip(PARTS, row.parts, strict=True)),
            "legitimacy": row.legitimacy,
        }
        for row in summarise_years(setup, years)
    )


def breaks_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a run and state: ``year_broke`` first (blank: none), ``standing`` at the end."""
    import pandas as pd

    gone = broke(setup, years)
    first = np.where(gone.any(axis=0), gone.argmax(axis=0) + setup.timeline.first_year, 0)
    return pd.DataFrame(
        {
            "run": run,
            "state": state,
            "year_broke": first[i, run] or None,
            "standing": Standing(int(years.standing[-1, i, run])).label,
        }
        for run in range(first.shape[1])
        for i, state in enumerate(setup.timeline.states)
    )


def answers_frame(setup: ChronicleSetup, years: Years) -> pd.DataFrame:
    """One row a crisis of history: how often it reached the alliance, and shares of the answers."""
    import pandas as pd

    rows = []
    for k, crisis in enumerate(setup.timeline.crises if len(years.answers) else ()):
        came = years.answers[k][years.answers[k] != NO_ANSWER]
        shares = {
            word: float(np.mean(came == n)) if len(came) else np.nan
            for n, word in enumerate(LEVELS)
        }
        rows.append(
            {
                "crisis": crisis.name,
                "year": setup.timeline.years[crisis.year],
                "asked": crisis.asked,
                "in_history": LEVELS[crisis.answer],
                "reached": len(came) / years.answers.shape[1],
                **shares,
            }
        )
    return pd.DataFrame(rows)
