"""Does the theory foretell who breaks and who calls? Out of sample, against simple rivals.

Every forecast is made for rows that it was not fitted on: those of one alliance from all others, or
those from a year on from the years before. Intervals come from drawing members, not rows, as the
years of a member hang together. Skill is against the constant rate of the same training rows.

A row is a member and a year. All that it knows stands at the end of the year before, so that
nothing of a year foretells it. The lead state is left out, and so is the year in which an alliance
was dissolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.regression import ordered_logit
from foedus.analysis.intervals import grouped, times_drawn
from foedus.chronicle import membership
from foedus.chronicle.exits import exits_of
from foedus.chronicle.trust import wish_to_ask
from foedus.chronicle.year_chance import chance_of, derived, log_odds
from foedus.chronicle.year_summary import INTERVAL
from foedus.chronicle.years import ChronicleSetup, chronicle, chronicle_ids, run_chronicle
from foedus.data.register import parameters
from foedus.model.numbers import Array, Value

if TYPE_CHECKING:
    import pandas as pd

Question = Literal["break", "call"]
Split = Literal["alliance", "time"]

SPLIT_YEAR = 2000
"""First year of the rows that are held out in time."""

RIDGE = 1.0
"""Penalty on a standardised weight, as of one observation: a Gaussian prior of deviation 1."""

STREAM, N_REPLICATES = 11, 1000
"""Address of the draws of members, and how many."""

WITHOUT_TRUST = ("dependence", "alignment", "pact", "danger", "renewal")
FITTED: dict[str, tuple[str, ...]] = {
    "UN votes alone": ("votes",),
    "dependence alone": ("dependence",),
    "all but trust": WITHOUT_TRUST,
    "all with trust": (*WITHOUT_TRUST, "trust", "protection"),
}
"""Logistic regressions by name, with what each knows."""

PAIRS = {
    "regression": ("all but trust", "all with trust"),
    "theory": ("theory without trust", "theory, nothing fitted"),
}
"""Forecasters without and with trust, by kind."""


@dataclass(frozen=True)
class Score:
    """One forecaster on the rows held out: mean Brier and log scores, where lower is better.

    ``skill`` is ``1 - log score / that of the constant rate``, with its 90 % interval over members.
    """

    name: str
    brier: float
    log: float
    skill: float
    low: float
    high: float


@dataclass(frozen=True)
class Evidence:
    """All forecasters on one question and split, with rows held out and events among them.

    ``trust_adds`` says by kind what trust adds: mean log score without it less that with it, in
    thousandths of a nat a row, and its 90 % interval over members; above 0 trust helps.
    """

    question: Question
    split: Split
    n_rows: int
    n_events: int
    scores: tuple[Score, ...]
    trust_adds: dict[str, tuple[float, float, float]]


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
    y, i = np.nonzero(membership.in_name(t.standing[: t.ends - 1]))
    danger, trust, pact = years.danger[y, i, 0], years.trust[y, i, 0], t.pact[y, i]
    of_lead = t.dependence[y, i], t.alignment[y, i]

    def chances(hope: Value) -> tuple[Array, Array]:
        """To break, and to call in a middling crisis that comes at the general rate."""
        terms = membership.worth(danger, hope, pact, *of_lead, years.legitimacy[y, 0], p)
        will = membership.will_to_break(membership.total(terms), 0.0, t.renewal[y + 1], p)
        wish = wish_to_ask(hope, membership.MIDDLING, p)
        return chance_of(will), p["p_crisis"] * chance_of(wish)

    p_break, p_called = chances(trust)
    p_break_untrusting, p_called_untrusting = chances(p["trust_prior"])
    exits = {(year, state) for year, state, _ in exits_of(setup)}
    calls = {(call.date.year, call.state) for call in setup.calls if call.asked > 0}
    places = [(t.years[k + 1], t.states[s]) for k, s in zip(y, i, strict=True)]
    return pd.DataFrame(
        {
            "alliance": t.alliance,
            "state": [state for _, state in places],
            "year": [year for year, _ in places],
            "broke": [place in exits for place in places],
            "called": [place in calls for place in places],
            "votes": t.votes[y, i],
            "dependence": of_lead[0],
            "alignment": of_lead[1],
            "pact": pact,
            "danger": danger,
            "renewal": t.renewal[y + 1],
            "trust": trust,
            "protection": danger * (trust - membership.outside_help(pact, p)),
            "p_break": p_break,
            "p_called": p_called,
            "p_break_untrusting": p_break_untrusting,
            "p_called_untrusting": p_called_untrusting,
        }
    )


def weigh(rows: pd.DataFrame, question: Question, split: Split, seed: int = 1) -> Evidence:
    """Score all forecasters on rows of :func:`member_years`.

    Held out is one alliance at a time, or the years from `SPLIT_YEAR` on.
    """
    event, chance = ("broke", "p_break") if question == "break" else ("called", "p_called")
    given, held = _forecasts(rows, event, chance, split)
    came = rows[event].to_numpy()[held]
    logs = {name: log_scores(forecast, came) for name, forecast in given.items()}
    members = grouped((rows["alliance"] + rows["state"])[held])
    drawn = times_drawn(members, seed, STREAM)[:N_REPLICATES]
    scores = []
    for name, forecast in given.items():
        in_draws = 1.0 - _means(logs[name], drawn) / _means(logs["constant rate"], drawn)
        skill = 1.0 - logs[name].mean() / logs["constant rate"].mean()
        brier = np.mean((forecast - came) ** 2)
        measures = brier, logs[name].mean(), skill, *np.quantile(in_draws, INTERVAL)
        scores.append(Score(name, *(float(value) for value in measures)))
    return Evidence(
        question=question,
        split=split,
        n_rows=int(held.sum()),
        n_events=int(came.sum()),
        scores=tuple(scores),
        trust_adds={kind: _gain(logs[a], logs[b], drawn) for kind, (a, b) in PAIRS.items()},
    )


def _forecasts(
    rows: pd.DataFrame, event: str, chance: str, split: Split
) -> tuple[dict[str, Array], NDArray[np.bool_]]:
    """The chance that each forecaster gives to every row held out, and which rows these are."""
    came, theory = rows[event].to_numpy(), rows[chance].to_numpy()
    held = np.zeros(len(rows), np.bool_)
    chances = {name: np.zeros(len(rows)) for name in ("constant rate", *FITTED)}
    chances["theory, nothing fitted"] = theory
    chances["theory without trust"] = rows[f"{chance}_untrusting"].to_numpy()
    chances["theory, level fitted"] = np.zeros(len(rows))
    for train, test in _folds(rows, split):
        held |= test
        chances["constant rate"][test] = (came[train].sum() + 0.5) / (train.sum() + 1.0)
        for name, known in FITTED.items():
            table = rows[list(known)].to_numpy()
            chances[name][test] = _regression(table[train], came[train], table[test])
        shift = _level(log_odds(theory[train]), came[train])
        chances["theory, level fitted"][test] = chance_of(log_odds(theory[test]) + shift)
    return {name: forecast[held] for name, forecast in chances.items()}, held


def weigh_all(seed: int = 1) -> tuple[Evidence, ...]:
    """Both questions, held out by alliance and by time, on all shipped chronicles."""
    rows = member_years()
    return tuple(
        weigh(rows, question, split, seed)
        for question in get_args(Question)
        for split in get_args(Split)
    )


def _folds(
    rows: pd.DataFrame, split: Split
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    if split == "time":
        tests = [rows["year"] >= SPLIT_YEAR]
    else:
        tests = [rows["alliance"] == name for name in sorted(rows["alliance"].unique())]
    for test in tests:
        yield ~test.to_numpy(), test.to_numpy()


def _regression(table: Array, came: NDArray[np.bool_], wanted: Array) -> Array:
    """Ridge logistic regression, fitted on one table and read on another."""
    middle, width = table.mean(axis=0), table.std(axis=0)
    x, z = ((rows - middle) / np.where(width > 0, width, 1.0) for rows in (table, wanted))
    slopes, cuts = ordered_logit(came.astype(np.int64), x, RIDGE)
    return np.asarray(chance_of(z @ slopes - cuts[0]))


def _level(logits: Array, came: NDArray[np.bool_]) -> float:
    """The shift of all log-odds under which the expected number of events is the number seen."""
    from scipy.optimize import brentq

    return float(brentq(lambda x: chance_of(logits + x).sum() - came.sum() - 0.5, -10.0, 10.0))


def log_scores(chance: Array, came: NDArray[np.bool_]) -> Array:
    """Minus the logarithm of the chance given to what came (row,), nats."""
    given = np.where(came, chance, 1.0 - chance)
    return np.asarray(-np.log(np.maximum(given, 1e-12)))


def _gain(without: Array, with_it: Array, drawn: Array) -> tuple[float, float, float]:
    gain = 1000.0 * (without - with_it)
    low, high = np.quantile(_means(gain, drawn), INTERVAL)
    return float(gain.mean()), float(low), float(high)


def _means(values: Array, drawn: Array) -> Array:
    """Mean of the rows in each replicate (replicate,)."""
    return np.asarray((drawn @ values) / drawn.sum(axis=1))
