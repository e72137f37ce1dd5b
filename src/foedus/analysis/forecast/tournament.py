"""Theories and baselines against history, every forecast of a crisis made without that crisis.

Each theory competes twice: as its priors alone (nothing fitted), and calibrated on the other
crises with strengths weighed on those others. All together they compete as mixtures, for whoever
does not want to choose. Baselines that learn are fitted without the crisis they forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast import leave_one_out
from foedus.analysis.forecast.baselines import REFERENCE, RIVAL, all_baselines, base_rate
from foedus.analysis.forecast.scores import Forecaster, Panel, judge
from foedus.analysis.frames import html_table, span
from foedus.analysis.inference import likelihood
from foedus.analysis.inference.priors import answering, spread_draws
from foedus.analysis.intervals import grouped
from foedus.analysis.summary import by_word
from foedus.data.terms import LEVELS
from foedus.data.theory import Theory, theories
from foedus.model.numbers import Array

if TYPE_CHECKING:
    import pandas as pd

DRAWS, RUNS = 4096, 32
"""Draws from the priors, and runs of each draw and crisis, at which two seeds agree in skill."""
GIVEN_RUNS = 1000
"""Runs of each crisis with parameters that are given."""


@dataclass(frozen=True, repr=False)
class Contestant:
    """A forecaster before it is scored; every forecast (crisis, level) made without its crisis.

    Attributes:
        kind: ``baseline``, ``prior`` (nothing fitted), ``calibrated``, ``mixture`` or ``given``.
        strength, draws: Mean strength of the fit, and effective draws behind a forecast.
        log_evidence, evidence_without: Log probability under the theory's prior of all crises, and
            of all but one (crisis,), nats.
    """

    name: str
    kind: str
    forecasts: Array
    strength: float | None = None
    draws: float | None = None
    log_evidence: float | None = None
    evidence_without: Array | None = None


@dataclass(frozen=True, repr=False)
class Entry(Contestant, Forecaster):
    """A contestant and how it did; `stacking` is its weight in the best mixture of the theories."""

    stacking: float | None = None


@dataclass(frozen=True)
class Tournament:
    """All entries on one panel, from `n_draws` of the priors and `n_runs` of each."""

    panel: Panel
    entries: tuple[Entry, ...]
    n_draws: int
    n_runs: int
    seed: int

    def entry(self, name: str, kind: str) -> Entry:
        """The entry of that name and kind."""
        return next(e for e in self.entries if (e.name, e.kind) == (name, kind))

    def __repr__(self) -> str:
        best = max(self.entries, key=lambda entry: entry.skill)
        return (
            f"<Tournament: {len(self.entries)} forecasters of {len(self.panel)} crises, "
            f"best {best.name} ({best.kind}) with skill {best.skill:+.3f}>"
        )

    def _repr_html_(self) -> str:
        rows = (
            (e.name, e.kind, f"{e.rps.mean():.3f}", f"{e.skill:+.3f}", span(e.interval))
            for e in sorted(self.entries, key=lambda entry: -entry.skill)
        )
        heads = ("forecast", "kind", "RPS", "skill", "90 % interval, alliances resampled")
        return html_table(heads, rows)


def hold_tournament(
    panel: Panel,
    *,
    n_draws: int = DRAWS,
    n_runs: int = RUNS,
    seed: int = 1,
    calibrated: Mapping[str, float] | None = None,
    contenders: Mapping[str, Theory] | None = None,
    extend: Callable[[], None] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    each: Callable[..., Iterable[list[Contestant]]] = map,
) -> Tournament:
    """Let every theory and baseline forecast every crisis of a panel.

    Args:
        n_draws, n_runs: Draws from the priors, best a power of 2, and runs of each draw and crisis.
        calibrated: Parameters of an earlier calibration: the full model is then entered with them
            as well.
        contenders: Theories by name; all by default.
        extend: Adds what the theories need to the model of each process.
        progress: Called with a line on what is being done.
        each: `map`, or one that shares its calls among processes; results do not depend on it.
    """
    if extend is not None:
        extend()
    points = spread_draws(answering(), n_draws, seed)
    claims = contenders or theories()
    compete = partial(
        theory_contestants, panel=panel, points=points, n_runs=n_runs, seed=seed, extend=extend
    )
    found = iter(each(compete, claims.items()))
    progress("baselines")
    entered = [Contestant(name, "baseline", given) for name, given in all_baselines(panel).items()]
    for name in claims:
        progress(name)
        entered += next(found)
    entered += mixtures([c for c in entered if c.kind == "prior"])
    if calibrated:
        given = {name: np.array([value]) for name, value in calibrated.items()}
        trials = likelihood.trials_of(panel, None, GIVEN_RUNS, seed)
        shares = likelihood.answer_shares(trials, given)
        forecasts = likelihood.smoothed(shares, GIVEN_RUNS)[0]
        entered.append(Contestant("full, parameters given", "given", forecasts))
    return Tournament(panel, tuple(judged(entered, panel)), n_draws, n_runs, seed)


def theory_contestants(
    claim: tuple[str, Theory],
    panel: Panel,
    points: Mapping[str, Array],
    n_runs: int,
    seed: int,
    extend: Callable[[], None] | None = None,
) -> list[Contestant]:
    """One theory, by its name, as its priors alone and calibrated with each crisis left out."""
    if extend is not None:  # this process may not know the extension yet
        extend()
    name, theory = claim
    shares = likelihood.shares_in_parts(panel, theory, points, n_runs, seed)
    logs = likelihood.log_likelihoods(shares, panel.observed, n_runs)
    chances = likelihood.smoothed(shares, n_runs)
    calibrated, strengths = leave_one_out.nested_forecasts(chances, logs, panel.observed)
    weights = leave_one_out.weights_without(logs, float(np.median(strengths)))
    draws = float(leave_one_out.effective_draws(weights).mean())
    evidence, without = leave_one_out.log_evidence(logs), leave_one_out.evidence_without(logs)
    return [
        Contestant(name, "prior", chances.mean(axis=0), None, None, evidence, without),
        Contestant(name, "calibrated", calibrated, float(strengths.mean()), draws),
    ]


def mixtures(priors: Sequence[Contestant]) -> list[Contestant]:
    """All theories together, each with nothing fitted within it.

    Once with equal weights; once weighted, for each crisis, by the probability that a theory's
    priors give to the **other** crises (Bayesian model averaging with equal prior odds). The
    second is what choosing the best theory is worth on a crisis that had no part in the choice.

    References:
        Hoeting, Madigan, Raftery and Volinsky (1999), doi:10.1214/ss/1009212519.
    """
    forecasts = np.stack([c.forecasts for c in priors])
    without = np.stack([c.evidence_without for c in priors if c.evidence_without is not None])
    odds = np.exp(without - without.max(axis=0))
    weighted = np.einsum("tc,tcl->cl", odds / odds.sum(axis=0), forecasts)
    return [
        Contestant("all theories, equal weights", "mixture", forecasts.mean(axis=0)),
        Contestant("all theories, weighted by the other crises", "mixture", np.asarray(weighted)),
    ]


def judged(entered: Sequence[Contestant], panel: Panel) -> list[Entry]:
    """Score all contestants on the same crises and the same bootstrap replicates."""
    observed = panel.observed
    known = {c.name: c.forecasts for c in entered if c.kind == "baseline"}
    fitted = [c for c in entered if c.kind == "calibrated"]
    chances = np.column_stack([c.forecasts[np.arange(len(panel)), observed] for c in fitted])
    stacking = zip((c.name for c in fitted), leave_one_out.stacking_weights(chances), strict=True)
    weights = {(name, "calibrated"): float(weight) for name, weight in stacking}
    against = {"reference": known[REFERENCE], "rival": known[RIVAL]}
    found = []
    for c in entered:
        one = judge(c.name, c.forecasts, observed, panel.groups, **against)
        found.append(Entry(**{**vars(one), **vars(c)}, stacking=weights.get((c.name, c.kind))))
    return found


def subsets(panel: Panel) -> dict[str, NDArray[np.bool_]]:
    """The harder parts of a panel, each against its own base rate: which crises (crisis,)."""
    outside = np.array([name != "csto" for name in panel.alliances])
    parts = {"with a request": panel.asked > 0, "outside the CSTO": outside}
    return {name: inside for name, inside in parts.items() if inside.sum() > 2}


def scores_on(tournament: Tournament, inside: NDArray[np.bool_]) -> list[Entry]:
    """Entries scored on some of the crises, with the base rate of those crises as reference.

    Forecasts stay as they are: what was learned was learned from all other crises.
    """
    panel = tournament.panel
    observed, groups = panel.observed[inside], grouped(np.array(panel.alliances)[inside])
    own, rival = base_rate(observed), tournament.entry(RIVAL, "baseline").forecasts[inside]
    found = []
    for e in tournament.entries:
        given = own if (e.name, e.kind) == (REFERENCE, "baseline") else e.forecasts[inside]
        one = judge(e.name, given, observed, groups, reference=own, rival=rival)
        found.append(replace(e, **vars(one)))
    return found


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
    happened = np.arange(len(LEVELS))[None, :] == observed[:, None]
    given, came = entry.forecasts.ravel(), happened.ravel()
    bins = np.searchsorted(edges[1:-1], given, side="right")
    return [
        (float(given[bins == b].mean()), float(came[bins == b].mean()), int((bins == b).sum()))
        for b in np.unique(bins)
    ]


def as_record(tournament: Tournament) -> dict[str, Any]:
    """The tournament as plain values, for JSON."""
    return {
        "n_draws": tournament.n_draws,
        "n_runs": tournament.n_runs,
        "seed": tournament.seed,
        "crises": list(tournament.panel.ids),
        "observed": tournament.panel.observed.tolist(),
        "entries": [entry_record(entry) for entry in tournament.entries],
    }


def entry_record(entry: Entry) -> dict[str, Any]:
    """One forecaster as plain values, for JSON."""
    return {
        "name": entry.name,
        "kind": entry.kind,
        "rps": float(entry.rps.mean()),
        "log": float(entry.log.mean()),
        "brier_deploy": float(entry.brier.mean()),
        "skill": entry.skill,
        "skill_90": list(entry.interval),
        "gain": entry.gain,
        "gain_90": list(entry.gain_interval),
        "strength": entry.strength,
        "effective_draws": entry.draws,
        "log_evidence": entry.log_evidence,
        "stacking": entry.stacking,
        "forecasts": entry.forecasts.tolist(),
    }


def frame_of(tournament: Tournament) -> pd.DataFrame:
    """One row a forecaster and crisis: forecast and scores."""
    import pandas as pd

    return pd.DataFrame(
        {
            "forecast": entry.name,
            "kind": entry.kind,
            "crisis": crisis,
            "observed": LEVELS[tournament.panel.observed[i]],
            **by_word("p", entry.forecasts[i]),
            "rps": entry.rps[i],
            "log": entry.log[i],
            "brier_deploy": entry.brier[i],
        }
        for entry in tournament.entries
        for i, crisis in enumerate(tournament.panel.ids)
    )
