"""What a member would do if it heard nobody: private willingness on the log-odds scale (7.3).

Every term is kept apart under the name of its attribute, so that any position can be explained
exactly as a sum. All weights b are 0 or more; the sign of each term stands here.

A term from outside the package is a function of the situation and the codes, measured once for a
set of runs. Its values stand among the codes of the members, under its name, so that everything
that moves a code moves the term with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from foedus.errors import InputError
from foedus.model.council import thresholds
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.situation import Chance, Codes, Situation


def crisis_terms(crisis: Mapping[str, Value], p: Parameters) -> dict[str, Value]:
    """Terms that all members share and that do not move from day to day.

    Args:
        crisis: Attributes of the crisis by name, codebook scales.

    Returns:
        dict: Log-odds by name of the attribute, in the order in which they are added.
    """
    return {
        "baseline": p["b_baseline"],
        "mandate": p["b_mandate"] * crisis["mandate"],
        "escalation": -p["b_escalation"] * crisis["escalation"],
    }


def member_terms(
    standing: Mapping[str, Value], escalation: Value, p: Parameters
) -> dict[str, Value]:
    """Terms of one member (or of all, on the first axis), log-odds by attribute.

    ``exposure`` is what joining may cost the member itself (document ¶14): the risk of a wider war
    times its own ties, which retaliation can cut.
    """
    return {
        "alignment": p["b_alignment"] * standing["alignment"],
        "stake": p["b_stake"] * standing["stake"],
        "ties": -p["b_ties"] * standing["ties"],
        "overextension": -p["b_overextension"] * standing["overextension"],
        "exposure": -p["b_exposure"] * (escalation * standing["ties"]),
        **weighed(standing, p),
    }


def need(intensity: Value, capacity: Value, b_need: Value) -> Value:
    """Pull of the danger: ``b_need I_t (2 - capacity)``.

    A danger counts as such, and once more as far as the requester cannot meet it alone.
    """
    return b_need * (intensity * (2.0 - capacity))


def insistence(asked: Value, p: Parameters) -> Value:
    """The threshold of the level asked for, log-odds: the requester's view is never below it.

    It is the plain threshold, without the treaty's case: a louder request does not make the case.
    A half between two levels counts as the higher: whoever may want a force would take one. Where
    nothing is asked for, it is minus infinity.
    """
    consult, support, deploy = thresholds(p)
    return np.select([asked > 2, asked > 1, asked > 0], [deploy, support, consult], -np.inf)


def steady_view(codes: Codes, chance: Chance, p: Parameters) -> Array:
    """What does not move from day to day (member, run), log-odds.

    ``(crisis terms + sigma_crisis e) + (own terms + sigma_member e_i)``, where e is what nobody
    measured.
    """
    noise = chance.members.reshape(chance.members.shape[0], -1)  # (member, run), or one run
    shared, own = _sums(codes, p)
    steady: Array = (shared + p["sigma_crisis"] * chance.crisis) + (own + p["sigma_member"] * noise)
    return steady


def _sums(codes: Codes, p: Parameters) -> tuple[Value, Value]:
    terms = member_terms(codes.standing, codes.crisis["escalation"], p)
    return added_up(crisis_terms(codes.crisis, p).values()), added_up(terms.values())


def private_view(
    steady: Value, needed: Value, *, insists: Value = -np.inf, out: Array | None = None
) -> Value:
    """A private view u of the day (7.3), the one place where it is summed.

    Args:
        steady: :func:`steady_view`, of one member or of all (member, run).
        needed: :func:`need` of the day.
        insists: The threshold that the view is never below: :func:`insistence` for the requester.
        out: Room for the result.
    """
    view = np.add(steady, needed, out=out)
    return np.maximum(view, insists, out=out)


def quiet_views(situation: Situation, codes: Codes, p: Parameters) -> Array:
    """Private views of day 0 without noise (member, run), the requester standing by its request."""
    crisis = codes.crisis
    shared, own = _sums(codes, p)
    views: Array = private_view(
        shared + own, need(crisis["threat"], crisis["capacity"], p["b_need"])
    )
    insists = insistence(crisis["asked"], p)
    views[situation.requester] = np.maximum(views[situation.requester], insists)
    return views


Measure: TypeAlias = Callable[[Situation, Codes], Array]


@dataclass(frozen=True)
class Term:
    """One term from outside: ``sign * weight * values``, log-odds.

    Attributes:
        weight: Name of the parameter that weighs it.
        sign: 1 if it makes a member more willing, -1 if less.
        measure: Its values, (member, run), or (member, 1) where no run differs.
    """

    weight: str
    sign: int
    measure: Measure


TERMS: dict[str, Term] = {}
"""Terms from outside the package by name, in the order in which they were added."""


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
