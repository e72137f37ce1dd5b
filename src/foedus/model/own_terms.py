"""Terms of willingness from outside the package: measured once for a set of runs, then weighed.

A term is a function of the situation and the codes. Its values stand among the codes of the
members, under its name, so that everything that moves a code moves the term with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from foedus.errors import InputError
from foedus.model.numbers import Array, Parameters, Value
from foedus.model.situation import Codes, Situation

Measure: TypeAlias = Callable[[Situation, Codes], Array]


@dataclass(frozen=True)
class Term:
    """One term: ``sign * weight * values``, log-odds.

    Attributes:
        weight: Name of the parameter that weighs it.
        sign: 1 if it makes a member more willing, -1 if less.
        measure: Its values, (member, run), or (member, 1) where no run differs.
    """

    weight: str
    sign: int
    measure: Measure


TERMS: dict[str, Term] = {}
"""By name, in the order in which they were added."""


def measures(situation: Situation) -> dict[str, Callable[[Codes], Array]]:
    """How each term is worked out from the codes of this situation."""
    return {name: partial(_measured, name, term.measure, situation) for name, term in TERMS.items()}


def weighed(standing: Mapping[str, Value], p: Parameters) -> dict[str, Value]:
    """Every term that was measured, log-odds by name."""
    return {
        name: term.sign * p[term.weight] * standing[name]
        for name, term in TERMS.items()
        if name in standing
    }


def _measured(name: str, measure: Measure, situation: Situation, codes: Codes) -> Array:
    """The values of a term, once they are known to be numbers of that shape."""
    try:
        values = np.asarray(measure(situation, codes), dtype=np.float64)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"the term '{name}' cannot be worked out: {reason}") from error
    widths = {1, *(np.shape(rows)[-1] for rows in codes.standing.values())}
    widths |= {np.size(value) for value in codes.crisis.values()}
    if values.ndim != 2 or len(values) != situation.n_members or values.shape[1] not in widths:
        raise InputError(
            f"the term '{name}' has the shape {values.shape}, expected a row for each of the "
            f"{situation.n_members} members and a column for each run, or one for all"
        )
    if not np.isfinite(values).all():
        raise InputError(f"the term '{name}' is no finite number for every member and run")
    return values
