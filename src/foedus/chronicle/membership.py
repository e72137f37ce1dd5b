"""Whether a member stays, freezes, leaves or comes back: worth against cost (section 8.7).

Terms are centred, so that their sum is 0 for a middling member, whose chance to break in a year is
the register's ``p_break``. Signs stand here; all weights are 0 or more. Trust, danger, dependence,
alignment and legitimacy are in [0, 1]; worth and wills are log-odds.

References:
    Morrow (1991), doi:10.2307/2111499, for security against autonomy. Leeds and Savun (2007),
    doi:10.1111/j.1468-2508.2007.00612.x, for changed value and new outside alliances. Katagiri
    (2016), doi:10.15545/3.101, for threat that makes states break alliances. Lake (2009) for
    dependence.
"""

import numpy as np

from foedus.data.terms import Labelled
from foedus.model.numbers import Parameters, Value, added_up


class Standing(Labelled):
    """Where a state stands toward the alliance."""

    OUTSIDE = 0
    MEMBER = 1
    FROZEN = 2
    LEFT = 3
    SUSPENDED = 4


ASIDE = (Standing.FROZEN, Standing.SUSPENDED)
"""Members in name only."""

MIDDLING = 0.5
"""Dependence or alignment of which nothing is known: its term is 0."""


def in_name(standing: Value) -> Value:
    """Whether a state is a member, if only in name: it can still freeze or leave by itself."""
    return (standing == Standing.MEMBER) | (standing == Standing.SUSPENDED)


def outside_help(pact: Value, p: Parameters) -> Value:
    """Chance of help from others if the state were free to take it, 0 to 1.

    ``p_outside + (trust_prior - p_outside) pact``: a rival's treaty is worth what any treaty is;
    `pact` is the rival protector's promise, 0 none to 1 a treaty.
    """
    return p["p_outside"] + (p["trust_prior"] - p["p_outside"]) * pact


def worth(
    danger: Value,
    trust: Value,
    pact: Value,
    dependence: Value,
    alignment: Value,
    legitimacy: Value,
    p: Parameters,
) -> dict[str, Value]:
    """What membership is worth, term by term.

    Danger scales what protection is worth: the help that `trust` expects from the alliance, less
    the help that a rival's `pact` lets expect from outside.
    """
    outside = outside_help(pact, p)
    return {
        "protection": p["b_protection"] * danger * (trust - outside),
        "dependence": p["b_hold"] * (dependence - 0.5),
        "alignment": p["b_affinity"] * (alignment - 0.5),
        "legitimacy": p["b_legitimacy"] * (legitimacy - 1.0),
    }


def total(terms: dict[str, Value]) -> Value:
    """Sum of the terms in their order, log-odds."""
    return added_up(terms.values())


def will_to_break(value: Value, unseen: Value, renewal: Value, p: Parameters) -> Value:
    """Log-odds that a member breaks this year.

    ``logit(p_break) - value + sigma_state e + renewal_ease renewal``: `unseen` is what nobody
    measured about the state (standard logistic), the same every year, and `renewal` is 1 in a year
    in which membership ends unless it is renewed, else 0.
    """
    return (p["break_log_odds"] - value) + p["sigma_state"] * unseen + p["renewal_ease"] * renewal


def will_to_join(value: Value, unseen: Value, log_odds: Value, p: Parameters) -> Value:
    """Log-odds that a state comes in this year: ``log_odds + value - sigma_state e``."""
    return (log_odds + value) - p["sigma_state"] * unseen


def next_standing(
    now: Value,
    breaks: Value,
    value: Value,
    unseen: Value,
    noise: Value,
    renewal: Value,
    p: Parameters,
) -> Value:
    """Where the state stands next year.

    A member, also a suspended one, whose will to break passes the noise (standard logistic)
    freezes, or leaves if it passes by more than ``leave_gap``; where membership must be renewed,
    to break is to leave. A frozen state leaves on the same will, and comes back on its will to
    return. One draw decides, from its two ends.
    """
    broken, far = noise < breaks, noise < breaks - p["leave_gap"]
    joins = will_to_join(value, unseen, p["join_log_odds"], p)
    returns = will_to_join(value, unseen, p["return_log_odds"], p)
    gone = far | (broken & (renewal > 0.0))
    of_member = np.where(gone, Standing.LEFT, np.where(broken, Standing.FROZEN, now))
    back = np.where(-noise < returns, Standing.MEMBER, Standing.FROZEN)
    of_frozen = np.where(far, Standing.LEFT, back)
    of_other = np.where(-noise < joins, Standing.MEMBER, now)
    is_frozen = now == Standing.FROZEN
    return np.where(in_name(now), of_member, np.where(is_frozen, of_frozen, of_other))[()]


def after_suspension(chosen: Value, suspended: Value) -> Value:
    """Where a state stands after the alliance acted: history's suspensions hold members."""
    acted = np.where(suspended, Standing.SUSPENDED, Standing.MEMBER)
    return np.where(in_name(chosen), acted, chosen)[()]
