"""How a crisis runs from day to day, and how it ends (7.5)."""

import numpy as np

from foedus.model.numbers import Parameters, Value


def drift(trend: Value, capacity: Value, p: Parameters) -> Value:
    """Change of intensity a day without help or chance: ``mu trend - kappa_own capacity``."""
    return p["mu"] * trend - p["kappa_own"] * capacity


def drift_on(day: Value, trend: Value, capacity: Value, p: Parameters) -> Value:
    """The :func:`drift` of a day: the trend is judged for the first days and drives no later one.

    Args:
        day: Index of the day, 0 on the coded date.
        p: ``trend_days``: days for which the trend was judged (the codebook's "next three days").
    """
    return drift(np.where(day < p["trend_days"], trend, 0.0)[()], capacity, p)


def relief(share_in_place: Value, kappa_force: Value) -> Value:
    """What the force takes off a day: ``kappa_force (forces in place / forces needed)``."""
    return kappa_force * share_in_place


def next_intensity(intensity: Value, drift: Value, relief: Value, shock: Value) -> Value:
    """Intensity of the next day, clipped to [0, 1].

    Args:
        drift, relief, shock: Changes a day; `shock` is ``sigma_I xi_t`` with xi_t of mean 0 and
            variance 1.
    """
    return np.minimum(np.maximum(((intensity + drift) - relief) + shock, 0.0), 1.0)


def is_quelled(intensity: Value, quelled_at: Value) -> Value:
    """Whether the crisis is over: ``I <= I_min``."""
    return intensity <= quelled_at


def days_collapsing(days: Value, intensity: Value, lost_at: Value) -> Value:
    """Days in a row at ``I >= I_max``, this one included."""
    return (days + 1) * (intensity >= lost_at)


def ends(
    intensity: Value, collapsing: Value, may_be_over: Value, p: Parameters
) -> tuple[Value, Value]:
    """Whether the crisis is over, or the requester lost; being over is looked at first.

    Args:
        collapsing: :func:`days_collapsing`, this day included.
        may_be_over: Whether the council has sat: a small crisis is not over before it can be
            answered.
    """
    quelled = may_be_over & is_quelled(intensity, p["quelled_at"])
    return quelled, np.logical_not(quelled) & (collapsing >= p["collapse_days"])
