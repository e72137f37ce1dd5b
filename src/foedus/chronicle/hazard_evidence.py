"""Does the theory foretell who breaks and who calls? Out of sample, against simple rivals.

Every forecast is made for rows that it was not fitted on: those of one alliance from all others, or
those from a year on from the years before. Intervals come from drawing members, not rows, as the
years of a member hang together. Skill is against the constant rate of the same training rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.regression import ordered_logit
from foedus.chronicle.member_years import member_years
from foedus.chronicle.year_chance import chance_of, log_odds
from foedus.chronicle.year_summary import INTERVAL
from foedus.data.terms import Mechanism
from foedus.model.chance import uniforms
from foedus.model.numbers import Array

if TYPE_CHECKING:
    import pandas as pd

Question = Literal["break", "call"]
Split = Literal["alliance", "time"]

SPLIT_YEAR = 2000
"""First year of the rows that are held out in time."""

RIDGE = 1.0
"""Penalty on a standardised weight, as of one observation: a Gaussian prior of deviation 1."""

N_REPLICATES = 1000
"""At most the runs of one block of draws."""

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


def weigh(rows: pd.DataFrame, question: Question, split: Split, seed: int = 1) -> Evidence:
    """Score all forecasters.

    Args:
        rows: From :func:`foedus.chronicle.member_years.member_years`.
        question: Who breaks, or who calls.
        split: Hold out one alliance at a time, or the years from `SPLIT_YEAR` on.
    """
    event, chance = ("broke", "p_break") if question == "break" else ("called", "p_called")
    came, theory = rows[event].to_numpy(), rows[chance].to_numpy()
    held = np.zeros(len(rows), np.bool_)
    chances = {name: np.zeros(len(rows)) for name in ("constant rate", *FITTED)}
    chances["theory, nothing fitted"] = theory
    chances["theory without trust"] = rows[f"{chance}_untrusting"].to_numpy()
    chances["theory, level fitted"] = np.zeros(len(rows))
    for train, test in _folds(rows, split):
        held |= test
        rate = (came[train].sum() + 0.5) / (train.sum() + 1.0)
        chances["constant rate"][test] = rate
        for name, known in FITTED.items():
            table = np.column_stack([rows[feature] for feature in known])
            chances[name][test] = _regression(table[train], came[train], table[test])
        shift = _level(log_odds(theory[train]), came[train])
        chances["theory, level fitted"][test] = chance_of(log_odds(theory[test]) + shift)
    drawn = _members_drawn(rows, held, seed)
    given = {name: chance[held] for name, chance in chances.items()}
    logs = {name: log_scores(chance, came[held]) for name, chance in given.items()}
    return Evidence(
        question=question,
        split=split,
        n_rows=int(held.sum()),
        n_events=int(came[held].sum()),
        scores=tuple(
            _score(name, given[name], came[held], logs[name], logs["constant rate"], drawn)
            for name in chances
        ),
        trust_adds={kind: _gain(logs[a], logs[b], drawn) for kind, (a, b) in PAIRS.items()},
    )


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


def _score(
    name: str, chance: Array, came: NDArray[np.bool_], logs: Array, base: Array, drawn: Array
) -> Score:
    low, high = np.quantile(1.0 - _means(logs, drawn) / _means(base, drawn), INTERVAL)
    return Score(
        name=name,
        brier=float(np.mean((chance - came) ** 2)),
        log=float(logs.mean()),
        skill=float(1.0 - logs.mean() / base.mean()),
        low=float(low),
        high=float(high),
    )


def _gain(without: Array, with_it: Array, drawn: Array) -> tuple[float, float, float]:
    gain = 1000.0 * (without - with_it)
    low, high = np.quantile(_means(gain, drawn), INTERVAL)
    return float(gain.mean()), float(low), float(high)


def _members_drawn(rows: pd.DataFrame, held: NDArray[np.bool_], seed: int) -> Array:
    """How often each row counts in each replicate (replicate, row), members drawn as wholes."""
    names = (rows["alliance"] + rows["state"])[held]
    _, member = np.unique(names, return_inverse=True)
    n = int(member.max()) + 1
    luck = uniforms(seed, Mechanism.STUDY, 11, 0, n_days=n)[:, :N_REPLICATES]
    picked = np.minimum((luck * n).astype(np.int64), n - 1)
    counts = np.stack([np.bincount(column, minlength=n) for column in picked.T])
    return np.asarray(counts[:, member], np.float64)


def _means(values: Array, drawn: Array) -> Array:
    """Mean of the rows in each replicate (replicate,)."""
    return np.asarray((drawn @ values) / drawn.sum(axis=1))
