"""The request as a decision (model, section 7), held against who asked.

What can be compared, and what cannot. The codes describe one day, and day 0 of every run is that
day; in most crises the historical request lies on it or before it, at a time for which nothing is
coded. So what is scored is one question: *with the crisis as it stood on the day it is coded, does
this government ask?* On that day, and by the day of the decision. When it asked is shown, but not
scored: a simulated request cannot lie before day 0, and the days that a government had before it
are not simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foedus.analysis.forecast.request_scores import RequestScore, score_of
from foedus.data.library import Case
from foedus.model.batch import run_batch
from foedus.model.ensemble import Setup, ensemble
from foedus.model.outcome import Outcome
from foedus.model.request import BILATERAL, FORMAL


@dataclass(frozen=True)
class Asking:
    """One crisis: whether and how its government asked, and what the model makes of it.

    Attributes
    ----------
    channel, asked
        History's channel of the request and level asked for, codebook scales.
    days_to_request
        From onset to the historical request; None where none is dated.
    days_to_coded
        From onset to day 0.
    decision_day
        Day of the historical decision, counted from day 0; 0 where nothing was decided.
    p_day_0, p_by_decision, p_by_horizon
        Probability that the simulated government has asked by the end of that day.
    error
        Standard error of `p_by_decision` over runs.
    median_day
        Median day of the request, counted from day 0, where one is made by the horizon; nan
        where none is.
    p_formal
        Share of the runs with a request by the horizon in which it becomes formal; nan where
        none is made.
    mean_asked
        Mean level asked for by the day of the decision, where one is; nan where none is.
    """

    case: Case
    channel: float
    asked: float
    days_to_request: int | None
    days_to_coded: int
    decision_day: int
    p_day_0: float
    p_by_decision: float
    p_by_horizon: float
    error: float
    median_day: float
    p_formal: float
    mean_asked: float

    @property
    def did_ask(self) -> bool:
        """Whether history has a bilateral or a formal request, not a mere report of one."""
        return self.channel >= BILATERAL


@dataclass(frozen=True)
class RequestTable:
    """All crises and the scores."""

    rows: tuple[Asking, ...]
    scores: tuple[RequestScore, ...]
    level_error: float
    level_error_of_mean: float

    @property
    def caution(self) -> str:
        """How far the comparison can be trusted."""
        silent = [row for row in self.rows if not row.did_ask]
        homes = ", ".join(sorted({row.case.alliance.id for row in silent})) or "none"
        soon = np.mean([row.p_by_horizon for row in silent]) if silent else float("nan")
        return (
            f"Only {len(silent)} of {len(self.rows)} governments did not ask, all in {homes}: "
            "outside it crises entered the library because help was asked for, so the base rate "
            "says how cases were chosen. Capacity and threat were judged by people who knew "
            "whether it had asked. Nothing here is fitted; weights and bar are assumed. A request "
            "makes a decision more likely, and only crises that were decided have days beyond "
            "day 0 in `by the decision`: that column leans toward those who asked, and day 0 is "
            "the fair one. By the horizon those that never did ask in "
            f"{soon:.0%} of their runs."
        )


def request_table(cases: Iterable[Case], n_runs: int, seed: int) -> RequestTable:
    """Let every requester with a known history decide for itself, and score it.

    Counterfactuals have no history and are left out.
    """
    rows = [asking_of(case, n_runs, seed) for case in cases if case.scenario.history is not None]
    return RequestTable(tuple(rows), tuple(_scores(rows)), *_level_errors(rows))


def asking_of(case: Case, n_runs: int, seed: int) -> Asking:
    """Simulate one government's decision to ask."""
    setup = Setup(case, endogenous=True)
    dates, history, crisis = case.scenario.dates, case.scenario.history, case.scenario.crisis
    decided = history.decided if history else None
    decision_day = max(0, (decided - dates.coded).days) if decided else 0
    whole = ensemble(setup, n_runs, seed).outcome
    asks = whole.day_asked >= 0
    in_time = asks & (whole.day_asked <= decision_day)
    p = float(np.mean(in_time))
    return Asking(
        case=case,
        channel=crisis.request.value,
        asked=crisis.asked.value,
        days_to_request=(dates.requested - dates.onset).days if dates.requested else None,
        days_to_coded=(dates.coded - dates.onset).days,
        decision_day=decision_day,
        p_day_0=float(np.mean(whole.day_asked == 0)),
        p_by_decision=p,
        p_by_horizon=float(np.mean(asks)),
        error=float(np.sqrt(p * (1.0 - p) / n_runs)),
        median_day=float(np.median(whole.day_asked[asks])) if asks.any() else float("nan"),
        p_formal=float(np.mean(whole.channel[asks] == FORMAL)) if asks.any() else float("nan"),
        mean_asked=_mean_asked(setup, n_runs, seed, decision_day),
    )


def _mean_asked(setup: Setup, n_runs: int, seed: int, decision_day: int) -> float:
    """Level asked for by the decision: the same runs, stopped at the end of that day."""
    early: Outcome = run_batch(
        replace(setup.situation, horizon_days=decision_day + 1),
        setup.parameters,
        seed,
        n_runs,
        drawn_codes=setup.drawn_codes,
        endogenous=True,
    )
    asks = early.day_asked >= 0
    return float(early.asked[asks].mean()) if asks.any() else float("nan")


def _scores(rows: Sequence[Asking]) -> list[RequestScore]:
    here = [row for row in rows if row.case.alliance.id in _both_kinds(rows)]
    sets = [(rows, "all crises")]
    if here and len(here) < len(rows):
        names = ", ".join(sorted({row.case.alliance.id for row in here}))
        sets.append((here, f"{names} only"))
    when = {"p_day_0": "on day 0", "p_by_decision": "by the decision", "p_by_horizon": "ever"}
    return [
        score_of(f"asks {text}, {which}", [getattr(row, name) for row in some], did(some))
        for some, which in sets
        for name, text in when.items()
    ]


def _both_kinds(rows: Sequence[Asking]) -> set[str]:
    """Alliances in which some governments asked and some did not."""
    kinds = (
        {row.case.alliance.id for row in rows if row.did_ask is asked} for asked in (True, False)
    )
    return set.intersection(*kinds)


def did(rows: Iterable[Asking]) -> list[bool]:
    """Whether each government asked."""
    return [row.did_ask for row in rows]


def _level_errors(rows: Sequence[Asking]) -> tuple[float, float]:
    """Mean absolute error of the level asked for, where one was: the model's, and the others' mean.

    Both over the governments that asked for something and ask in some run; nan where none did.
    """
    known = [r for r in rows if r.did_ask and r.asked > 0 and not np.isnan(r.mean_asked)]
    if len(known) < 2:
        return float("nan"), float("nan")
    asked = np.array([row.asked for row in known])
    model = np.array([row.mean_asked for row in known])
    others = (asked.sum() - asked) / (len(asked) - 1)
    return float(np.abs(model - asked).mean()), float(np.abs(others - asked).mean())


def as_record(table: RequestTable) -> dict[str, object]:
    """A table as plain values, for JSON; what is unknown is null."""
    return {
        "crises": [
            {"id": row.case.id, "did_ask": row.did_ask, **_plain(row)} for row in table.rows
        ],
        "scores": [_plain(score) for score in table.scores],
        "level_error": _null(table.level_error),
        "level_error_of_mean": _null(table.level_error_of_mean),
        "caution": table.caution,
    }


def _plain(record: Asking | RequestScore) -> dict[str, object]:
    return {name: _null(value) for name, value in vars(record).items() if name != "case"}


def _null(value: object) -> object:
    if isinstance(value, tuple):
        return [_null(part) for part in value]
    return None if isinstance(value, float) and np.isnan(value) else value
