"""From measured indicators to one number: how far a member depends on the patron (7.1)."""

from collections.abc import Mapping

import numpy as np

from foedus.model.numbers import Array, Parameters, Value, added_up, stacked
from foedus.model.situation import Codes, Situation


def score(measured: Value, reference: Value) -> Value:
    """Share of full dependence that one indicator shows, in [0, 1].

    Args:
        measured, reference: The indicator, 0 or more, and the value that counts as full dependence,
            in its unit.
    """
    return np.minimum(measured / reference, 1.0)


def dependence(measured: Mapping[str, float], parameters: Parameters) -> Value:
    """Weighted mean of the scores of the indicators that are known, in [0, 1].

    ``d = sum_k w_k z_k / sum_k w_k`` over the known indicators k; 0 where nothing is known.

    Args:
        measured: Indicator by name, in the unit of its reference; missing ones are absent.
        parameters: ``ref_<indicator>`` and ``w_<indicator>`` of the register.

    References:
        Document ¶14 and ¶15 for the choice of indicators.
    """
    if not measured:
        return 0.0
    weighted = added_up(
        parameters[f"w_{name}"] * score(value, parameters[f"ref_{name}"])
        for name, value in measured.items()
    )
    total = added_up(parameters[f"w_{name}"] for name in measured)
    return np.where(total > 0, weighted / np.where(total > 0, total, 1.0), 0.0)[()]


def dependence_of_members(
    indicators: tuple[Mapping[str, float], ...], patron: int, parameters: Parameters
) -> Array:
    """Dependence of every member (member, 1), or (member, run) where weights differ by run.

    The patron's own is 0.
    """
    each = enumerate(indicators)
    return stacked([0.0 if i == patron else dependence(own, parameters) for i, own in each])


def dependence_in(situation: Situation, codes: Codes, p: Parameters) -> Array:
    """Dependence of every member of a situation: stated by hand, else measured, else coded."""
    if situation.indicators is not None:
        depends = dependence_of_members(situation.indicators, situation.patron, p)
    else:
        depends = np.array(codes.standing["dependence"])
        depends[situation.patron] = 0.0
    for index, value in situation.stated_dependence.items():
        width = max(depends.shape[1], np.size(value))
        depends = np.array(np.broadcast_to(depends, (depends.shape[0], width)))
        depends[index] = value
    return depends
