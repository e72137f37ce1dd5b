"""The request as a decision (model, section 7), held against who asked.

What can be compared, and what cannot. The codes describe one day, and day 0 of every run is that
day; in most crises the historical request lies on it or before it, at a time for which nothing is
coded. So what is scored is one question: *with the crisis as it stood on the day it is coded, does
this government ask?* On that day, and by the day of the decision. When it asked is shown, but not
scored: a simulated request cannot lie before day 0, and the days that a government had before it
are not simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from foedus.analysis.forecast.baselines import base_rate
from foedus.analysis.frames import plain
from foedus.analysis.intervals import Groups, Interval, grouped, mean_interval
from foedus.data.library import Case
from foedus.model.array_engine import run_batch
from foedus.model.ensemble import ensemble
from foedus.model.numbers import Array
from foedus.model.request import BILATERAL, FORMAL
from foedus.model.setup import prepare

WHEN = {"p_day_0": "on day 0", "p_by_decision": "by the decision", "p_by_horizon": "ever"}


@dataclass(frozen=True)
class RequestScore:
    """How well a set of probabilities says who asked, over `n` crises.

    Attributes:
        brier, base_rate: Mean squared error, and that of the share of askers among the others.
        gain, interval: Base rate less the model, and its 90 % bootstrap interval (whole alliances
            drawn again).
        p_ranked: Probability that a government that asked is given more than one that did not; nan
            where there are not both.
    """

    name: str
    n: int
    n_asked: int
    brier: float
    base_rate: float
    gain: float
    interval: Interval
    p_ranked: float


@dataclass(frozen=True)
class Asking:
    """One crisis: whether and how its government asked, and what the model makes of it.

    Attributes:
        channel, asked: History's channel of the request and level asked for, codebook scales.
        days_to_request, days_to_coded: From onset to the historical request, if it is dated, and to
            day 0, from which all other days are counted.
        decision_day: Of the historical decision; 0 where nothing was decided.
        p_day_0, p_by_decision, p_by_horizon: Probability that the simulated government has asked by
            the end of that day; `error` is the standard error of `p_by_decision` over runs.
        median_day, p_formal: Of the runs with a request by the horizon: its median day, and the
            share in which it becomes formal; nan where none is made.
        mean_asked: Mean level asked for by the day of the decision; nan where nothing is.
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
    """All crises, the scores, and the mean error of the level asked for.

    Attributes:
        level_error, level_error_of_mean: Mean absolute error of the model and of the mean of the
            other crises, over governments that asked for something and ask in some run; nan where
            fewer than two did.
    """

    rows: tuple[Asking, ...]
    scores: tuple[RequestScore, ...]
    level_error: float
    level_error_of_mean: float

    @property
    def caution(self) -> str:
        """How far the comparison can be trusted."""
        silent = [row for row in self.rows if not row.did_ask]
        homes = ", ".join(sorted({row.case.alliance.id for row in silent})) or "none"
        soon = _mean([row.p_by_horizon for row in silent])
        return (
            f"Only {len(silent)} of {len(self.rows)} governments did not ask, all in {homes}: "
            "elsewhere crises entered the library because help was asked for, so the base rate "
            "says how cases were chosen. Capacity and threat were judged by people who knew "
            "whether it had asked. Nothing here is fitted; weights and bar are assumed. A request "
            "makes a decision more likely, and only crises that were decided have days beyond "
            "day 0 in `by the decision`: that column leans toward those who asked, and day 0 is "
            "the fair one. By the horizon those that never did ask in "
            f"{soon:.0%} of their runs."
        )

    def __repr__(self) -> str:
        asked = sum(row.did_ask for row in self.rows)
        return f"<RequestTable: {len(self.rows)} crises, {asked} governments asked>"


def request_table(
    cases: Iterable[Case], n_runs: int, seed: int, settings: Mapping[str, float] | None = None
) -> RequestTable:
    """Let every requester with a known history decide for itself, and score it.

    Counterfactuals have no history and are left out. `settings` are parameters that differ from
    the register.
    """
    known = [case for case in cases if case.scenario.history is not None]
    rows = [asking_of(case, n_runs, seed, settings) for case in known]
    return RequestTable(tuple(rows), tuple(_scores(rows)), *_level_errors(rows))


def asking_of(
    case: Case, n_runs: int, seed: int, settings: Mapping[str, float] | None = None
) -> Asking:
    """Simulate one government's decision to ask."""
    setup, scenario = prepare(case, settings, endogenous=True), case.scenario
    dates = scenario.dates
    decided = scenario.history.decided if scenario.history else None
    decision_day = max(0, (decided - dates.coded).days) if decided else 0
    whole = ensemble(setup, n_runs, seed).outcome
    stopped = replace(setup.situation, horizon_days=decision_day + 1)  # at the end of that day
    early = run_batch(stopped, setup.parameters, seed, n_runs, **setup.draws)
    asks = whole.day_asked >= 0
    p = float(np.mean(asks & (whole.day_asked <= decision_day)))
    return Asking(
        case=case,
        channel=scenario.crisis.request.value,
        asked=scenario.crisis.asked.value,
        days_to_request=(dates.requested - dates.onset).days if dates.requested else None,
        days_to_coded=(dates.coded - dates.onset).days,
        decision_day=decision_day,
        p_day_0=float(np.mean(whole.day_asked == 0)),
        p_by_decision=p,
        p_by_horizon=float(np.mean(asks)),
        error=float(np.sqrt(p * (1.0 - p) / n_runs)),
        median_day=float(np.median(whole.day_asked[asks])) if asks.any() else float("nan"),
        p_formal=_mean(whole.channel[asks] == FORMAL),
        mean_asked=_mean(early.asked[early.day_asked >= 0]),
    )


def _mean(values: ArrayLike) -> float:
    return float(np.mean(np.asarray(values))) if np.size(values) else float("nan")


def score_of(
    name: str, given: Sequence[float], asked: Sequence[bool], groups: Groups
) -> RequestScore:
    """Score probabilities of asking (crisis,) against who asked (crisis,), groups drawn whole."""
    p, happened = np.asarray(given, dtype=np.float64), np.asarray(asked)
    ours = (p - happened) ** 2
    theirs = (base_rate(happened, n_levels=2)[:, 1] - happened) ** 2
    return RequestScore(
        name=name,
        n=len(p),
        n_asked=int(happened.sum()),
        brier=float(ours.mean()),
        base_rate=float(theirs.mean()),
        gain=float((theirs - ours).mean()),
        interval=mean_interval(theirs - ours, groups),
        p_ranked=ranked(p[happened], p[~happened]),
    )


def ranked(askers: Array, others: Array) -> float:
    """Probability that one of `askers` is given more than one of `others`; a tie counts half."""
    apart = askers[:, None] - others
    return _mean((np.sign(apart) + 1) / 2)


def _scores(rows: Sequence[Asking]) -> Iterator[RequestScore]:
    """Over all crises, and over the alliances in which some asked and some did not."""
    homes = [{r.case.alliance.id for r in rows if r.did_ask is asked} for asked in (True, False)]
    both = homes[0] & homes[1]
    here = [row for row in rows if row.case.alliance.id in both]
    sets = {"all crises": rows}
    if here and len(here) < len(rows):
        sets[f"{', '.join(sorted(both))} only"] = here
    for which, some in sets.items():
        groups, did = grouped([r.case.alliance.id for r in some]), [r.did_ask for r in some]
        for name, text in WHEN.items():
            given = [getattr(row, name) for row in some]
            yield score_of(f"asks {text}, {which}", given, did, groups)


def _level_errors(rows: Sequence[Asking]) -> tuple[float, float]:
    known = [r for r in rows if r.did_ask and r.asked > 0 and not np.isnan(r.mean_asked)]
    if len(known) < 2:
        return float("nan"), float("nan")
    asked, model = np.array([(row.asked, row.mean_asked) for row in known]).T
    others = (asked.sum() - asked) / (len(asked) - 1)
    return float(np.abs(model - asked).mean()), float(np.abs(others - asked).mean())


def as_record(table: RequestTable) -> dict[str, object]:
    """A table as plain values, for JSON; what is unknown is null."""
    record = plain(table)
    crises = record.pop("rows")
    for row, asking in zip(crises, table.rows, strict=True):
        row |= {"id": row.pop("case"), "did_ask": asking.did_ask}
    return {"crises": crises, **record, "caution": table.caution}
