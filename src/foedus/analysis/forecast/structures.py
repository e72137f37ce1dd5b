"""Structural choices that theory suggests, each tried in place of what the model does.

A choice changes one thing: the rule, a scale of chance, a bar, the days that are watched, or what
the treaty's machinery does before members judge. All are scored by the procedure of the
tournament, as priors alone and calibrated on the other crises, and what counts is the paired
difference from the model as it is: a choice is worth adopting where that difference is above
zero beyond its interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from operator import methodcaller
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foedus.analysis.forecast.baselines import LEAST_SALIENCE, base_rate
from foedus.analysis.forecast.leave_one_out import nested_forecasts
from foedus.analysis.forecast.scores import Panel, judge, log_score, ranked_probability_score
from foedus.analysis.inference.likelihood import ANSWER_DAYS, log_likelihoods, smoothed, trials_of
from foedus.analysis.inference.priors import answering, spread_draws
from foedus.analysis.intervals import Interval, mean_interval
from foedus.data.terms import Rule
from foedus.model.numbers import Array
from foedus.model.parameter_points import levels_of_points, shares_of_levels
from foedus.model.situation import Situation, Span

Points = Mapping[str, Array]
Levels = NDArray[np.int8]

AS_IT_IS = "as it is"
OTHERS_CHOICE = "whichever scores best on the other crises"


def _unchanged(what: Any, *_: Situation) -> Any:
    return what


@dataclass(frozen=True)
class Choice:
    """One structural choice.

    Attributes:
        situation, points, levels: What it makes of a crisis, of the parameters drawn (point,), and
            of the answers (point, run).
        days: Days after the first sitting at whose end the answer is read.
    """

    name: str
    situation: Callable[[Situation], Situation] = _unchanged
    points: Callable[[Points, Situation], Points] = _unchanged
    levels: Callable[[Levels, Situation], Levels] = _unchanged
    days: int = ANSWER_DAYS


@dataclass(frozen=True)
class Finding:
    """How a choice did; gains are over the model as it is, priors alone, above 0 where better.

    Attributes:
        skill, skill_calibrated: Ranked-probability skill against the base rate, as priors alone and
            calibrated; None where nothing is calibrated.
        gain, gain_interval: Mean gain in ranked probability score, and its paired 90 % bootstrap
            interval (whole alliances drawn again).
        log_gain, log_gain_interval: The same in the log score, nats a crisis.
    """

    name: str
    skill: float
    skill_calibrated: float | None
    gain: float
    gain_interval: Interval
    log_gain: float
    log_gain_interval: Interval


def _scaled(name: str, by: float, plus: float = 0.0) -> Callable[[Points, Situation], Points]:
    """One parameter times a factor, and more by an amount."""
    return partial(_line, name=name, by=by, plus=plus)


def _line(points: Points, _: Situation, *, name: str, by: float, plus: float) -> Points:
    return {**points, name: points[name] * by + plus}


def _even_gaps(points: Points, _: Situation) -> Points:
    return {**points, "gap_deploy": points["gap_support"]}


def _free_consultation(points: Points, situation: Situation) -> Points:
    """Take the surcharge off the first bar and leave the others where they are."""
    surcharge = points["gamma"] * max(0.0, 1.0 - situation.crisis["asked"].mode)
    return {
        **points,
        "tau_consult": points["tau_consult"] - surcharge,
        "gap_support": points["gap_support"] + surcharge,
    }


def _capped(levels: Levels, situation: Situation) -> Levels:
    return np.minimum(levels, np.int8(np.ceil(situation.crisis["asked"].mode)))


def _salient(situation: Situation) -> Situation:
    """Capability times stake in place of capability."""
    standing = situation.standing
    power = tuple(
        Span(*(held.mode * max(stake.mode, LEAST_SALIENCE),) * 3)
        for held, stake in zip(standing["capability"], standing["stake"], strict=True)
    )
    return replace(situation, standing={**standing, "capability": power})


CHOICES: tuple[Choice, ...] = (
    Choice(AS_IT_IS),
    Choice("no floor under consultation", points=_scaled("p_convene", 0)),
    Choice(
        "no treaty's case: every threshold as if it were given", points=_scaled("treaty_bar", 0)
    ),
    Choice("joining costs no member more than another", points=_scaled("b_exposure", 0)),
    Choice("no influence", points=_scaled("rho", 0)),
    Choice("twice the influence", points=_scaled("rho", 2)),
    Choice("a force as far above aid as aid above talks", points=_even_gaps),
    Choice("no surcharge on consultation beyond the ask", points=_free_consultation),
    Choice("no answer above the ask, ever", levels=_capped),
    Choice("a bar for the first step 1 higher", points=_scaled("tau_consult", 1, plus=1)),
    Choice("twice the shock of each government", points=_scaled("sigma_member", 2)),
    Choice("a tenth of the shock of each government", points=_scaled("sigma_member", 0.1)),
    Choice("twice the shock of the crisis", points=_scaled("sigma_crisis", 2)),
    Choice("voices and votes weighted by capability times stake", situation=_salient),
    *(
        Choice(f"every council by {rule.replace('_', ' ')}", methodcaller("under", rule))
        for rule in Rule
    ),
    Choice("the answer of the first sitting alone", days=0),
    Choice("the answer that stands after a month", days=30),
)


def try_alternatives(
    panel: Panel,
    *,
    n_draws: int = 1024,
    n_runs: int = 48,
    seed: int = 1,
    progress: Callable[[str], None] = lambda _: None,
    each: Callable[..., Iterable[tuple[Array, Array]]] = map,
) -> tuple[Finding, ...]:
    """Score every choice on a panel; all meet the same draws and the same chance.

    The last finding is that of :data:`OTHERS_CHOICE`: for each crisis the choice that forecasts
    the other crises best, which is what searching among the choices is worth.

    Args:
        n_draws, n_runs: Draws from the priors, and runs of each draw and crisis.
        progress: Called with the name of each choice.
        each: `map`, or one that shares its calls among processes; results do not depend on it.
    """
    points = spread_draws(answering(), n_draws, seed)
    forecasts_of = partial(_forecasts, panel=panel, points=points, n_runs=n_runs, seed=seed)
    made = iter(each(forecasts_of, CHOICES))
    found: dict[str, tuple[Array, Array | None]] = {}
    for choice in CHOICES:
        progress(choice.name)
        found[choice.name] = next(made)
    priors = np.stack([prior for prior, _ in found.values()])
    found[OTHERS_CHOICE] = chosen_on_the_others(priors, panel.observed), None
    return tuple(_finding(name, *given, priors[0], panel) for name, given in found.items())


def _forecasts(
    choice: Choice, panel: Panel, points: Points, n_runs: int, seed: int
) -> tuple[Array, Array]:
    """Forecasts (crisis, level) under a choice: as priors alone, and calibrated on the others."""
    shares = []
    for trial in trials_of(panel, None, n_runs, seed, days=choice.days, remade=choice.situation):
        own = choice.points(points, trial.situation)
        levels = levels_of_points(trial.situation, trial.parameters, own, trial.chance, trial.codes)
        shares.append(shares_of_levels(choice.levels(levels, trial.situation)))
    by_crisis = np.stack(shares, axis=1)
    logs, chances = log_likelihoods(by_crisis, panel.observed, n_runs), smoothed(by_crisis, n_runs)
    calibrated, _ = nested_forecasts(chances, logs, panel.observed)
    return chances.mean(axis=0), calibrated


def chosen_on_the_others(forecasts: Array, observed: NDArray[np.int64]) -> Array:
    """From (choice, crisis, level), each crisis as the choice best on the others forecasts it."""
    rps = np.stack([ranked_probability_score(given, observed) for given in forecasts])
    best = np.argmin(rps.sum(axis=1, keepdims=True) - rps, axis=0)
    return np.asarray(forecasts[best, np.arange(len(observed))])


def _finding(name: str, given: Array, fitted: Array | None, plain: Array, panel: Panel) -> Finding:
    observed, groups = panel.observed, panel.groups
    score = partial(
        judge, observed=observed, groups=groups, reference=base_rate(observed), rival=plain
    )
    one = score(name, given)
    log_gain = log_score(plain, observed) - one.log
    return Finding(
        name=name,
        skill=one.skill,
        skill_calibrated=None if fitted is None else score(name, fitted).skill,
        gain=one.gain,
        gain_interval=one.gain_interval,
        log_gain=float(log_gain.mean()),
        log_gain_interval=mean_interval(log_gain, groups),
    )
