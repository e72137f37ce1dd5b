"""Shares of runs against probabilities that can be written down, at four standard errors."""

from __future__ import annotations

from math import exp, pi, sqrt

import numpy as np
import pytest
from scipy import integrate, stats

from foedus.data.register import parameters
from foedus.data.terms import Level, Rule
from foedus.model.array_engine import run_batch
from foedus.model.situation import Span
from toys import fixed, toy_situation

N_RUNS = 40_000
SIGMA_CRISIS, SIGMA_MEMBER = 0.82, 0.49
DEPLOY = 2.2
"""Bar of deployment where a force is asked for."""


def patron_decides(**changes):
    """Two members on one day: AAA asks for a force, BBB leads and decides alone."""
    pair = {
        "members": ("AAA", "BBB"),
        "requester": 0,
        "patron": 1,
        "pools": (np.inf, np.inf),
        "rule": Rule.PATRON,
        "horizon_days": 1,
        "day_first_sitting": 0,
        "asked": 3.0,
        "alignment": (1.0, 0.5),
        "stake": (1.0, 0.5),
        "ties": (0.0, 0.25),
        "overextension": (0.0, 0.25),
        "dependence": (0.5, 0.0),
        "capability": (0.25, 0.75),
    }
    return toy_situation(**{**pair, **changes})


# What BBB thinks without noise, every weight 1.3: mandate and escalation .5, need .5 * (2 - .5),
# alignment .5, stake .5, ties and overextension .25. The treaty is left out of the thresholds.
VIEW = 1.3 * (0.5 - 0.5 + 0.75 + 0.5 + 0.5 - 0.25 - 0.25)
PLAIN = {"treaty_bar": 0.0, "gap_deploy": 1.35, "b_exposure": 0.0}


def share(situation, p, level=Level.DEPLOY, seed=0):
    levels = run_batch(situation, parameters(PLAIN | p), seed, N_RUNS).level
    return float(np.mean(levels >= level))


def standard_errors_off(observed, p):
    return abs(observed - p) / sqrt(p * (1 - p) / N_RUNS)


def tail_of_two_logistics(beyond):
    """P(SIGMA_CRISIS e + SIGMA_MEMBER e_i >= beyond), e and e_i standard logistic."""

    def given_the_crisis(noise):
        reached = stats.logistic.sf((beyond - noise) / SIGMA_MEMBER)
        return stats.logistic.pdf(noise, scale=SIGMA_CRISIS) * reached

    return integrate.quad(given_the_crisis, -60, 60, points=[beyond], limit=200)[0]


@pytest.mark.parametrize("seed", [0, 1])
def test_one_source_of_noise_gives_the_logistic_tail(seed):
    p = {"sigma_crisis": SIGMA_CRISIS, "sigma_member": 0.0}
    exact = 1 / (1 + exp((DEPLOY - VIEW) / SIGMA_CRISIS))
    assert standard_errors_off(share(patron_decides(), p, seed=seed), exact) < 4


@pytest.mark.parametrize("level", [Level.CONSULT, Level.SUPPORT, Level.DEPLOY])
def test_two_sources_of_noise_give_the_tail_of_their_sum(level):
    p = {"sigma_crisis": SIGMA_CRISIS, "sigma_member": SIGMA_MEMBER}
    bar = (-0.5, 0.85, 2.2)[level - 1]
    observed = share(patron_decides(), p, level)
    assert standard_errors_off(observed, tail_of_two_logistics(bar - VIEW)) < 4


def test_the_check_refuses_one_source_alone_and_a_normal_of_the_same_variance():
    p = {"sigma_crisis": SIGMA_CRISIS, "sigma_member": SIGMA_MEMBER, "b_baseline": -4.0}
    observed = share(patron_decides(), p)
    beyond = DEPLOY - (VIEW - 4.0)
    assert standard_errors_off(observed, tail_of_two_logistics(beyond)) < 4
    spread = pi / sqrt(3) * sqrt(SIGMA_CRISIS**2 + SIGMA_MEMBER**2)
    assert standard_errors_off(observed, stats.norm.sf(beyond, scale=spread)) > 4
    alone = stats.logistic.sf(beyond, scale=SIGMA_CRISIS)
    assert standard_errors_off(observed, alone) > 4


def test_a_code_left_open_spreads_the_view_as_its_triangle_does():
    base = patron_decides()
    spans = {**base.crisis, "mandate": Span(0.0, 0.5, 1.0)}
    situation = patron_decides(crisis=spans)
    p = {"sigma_crisis": 0.0, "sigma_member": 0.0, "b_mandate": 10.0, "b_baseline": -3.0}
    # Deploys where 10 times the mandate makes up for what the rest of the view lacks.
    missing = (DEPLOY - (VIEW - 1.3 * 0.5 - 3.0)) / 10.0
    exact = stats.triang.sf(missing, 0.5)
    observed = share(situation, p)
    assert 0.01 < exact < 0.99
    assert standard_errors_off(observed, exact) < 4
    assert standard_errors_off(observed, stats.uniform.sf(missing)) > 4


def test_codes_that_are_not_drawn_leave_nothing_to_chance():
    spans = {**patron_decides().crisis, "mandate": Span(0.0, 0.5, 1.0), "trend": fixed(0.0)}
    p = parameters({"sigma_crisis": 0.0, "sigma_member": 0.0, "sigma_intensity": 0.0})
    levels = run_batch(patron_decides(crisis=spans), p, 0, 100, drawn_codes=False).level
    assert len(set(levels)) == 1


def test_a_daily_shock_moves_intensity_as_far_as_its_scale_says():
    # On day 2 intensity is .5 plus two shocks; the council then consults where it is high enough.
    situation = patron_decides(horizon_days=3, day_first_sitting=2, capacity=0.0, trend=0.0)
    p = {
        "sigma_crisis": 0.0, "sigma_member": 0.0, "sigma_intensity": 0.1, "kappa_own": 0.0,
        "b_need": 4.0, "b_baseline": DEPLOY - 0.8 - 8.0 * 0.5 - (VIEW - 1.3 * 0.75),
    }  # fmt: skip
    # Deploys where 8 (I - .5) >= .8, that is where the sum of two unit shocks is 1 or more.
    scale = sqrt(3) / pi

    def given_the_first(noise):
        return stats.logistic.pdf(noise, scale=scale) * stats.logistic.sf(1 - noise, scale=scale)

    exact = integrate.quad(given_the_first, -30, 30)[0]
    observed = share(situation, p)
    assert standard_errors_off(observed, exact) < 4
    assert standard_errors_off(observed, stats.logistic.sf(1, scale=scale)) > 4
