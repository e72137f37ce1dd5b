"""Reliability of allies (Leeds 2003) as a theory: terms of willingness from yearly data.

The terms enter by the door that extensions use, so nothing changes until somebody calls
:func:`add_terms`. Their sizes are assumed: the priors are those of alignment. Each stands about its
mean over the members known, so that the model's rates stay where they are.

References:
    Leeds (2003), doi:10.1017/S0020818303574057: democracies violate alliances less; states whose
    regime or power has changed since they joined violate them more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from foedus.analysis.forecast import tournament
from foedus.analysis.forecast.panel import Panel
from foedus.analysis.forecast.regime_shift import TERMS, known_terms
from foedus.analysis.forecast.tournament import Contestant, Entry
from foedus.data.theory import Theory
from foedus.extensions import term
from foedus.model.numbers import Array
from foedus.model.situation import Codes, Situation

NAMES = ("democracy", "regime-change", "power-shift")
SIGNS = (1, -1, -1)
"""Sign that Leeds gives each."""
OWN_VIEW = ("alignment", "stake", "ties", "overextension", "exposure")
"""Terms of a member's own that the theory alone leaves out."""
SOURCE = "Leeds 2003, doi:10.1017/S0020818303574057; size assumed"


def add_terms() -> None:
    """Add the three terms to the model of this process, weighed as alignment is."""
    for k, (name, words, sign) in enumerate(zip(NAMES, TERMS, SIGNS, strict=True)):
        add = term(name, f"b_{name}", words, sign, default=1.3, prior="lognormal", spread=0.5,
                   source=SOURCE)  # fmt: skip
        add(_measure(k))


def contenders() -> Mapping[str, Theory]:
    """The full model, the same with the three terms, and these in place of a member's own."""
    weights = [f"b_{name}".replace("-", "_") for name in NAMES]
    claim = "Democracies keep their word; states that have changed since they joined do not."
    return {
        "full": _theory("Full model", "As shipped.", weights),
        "full, with regime and power shift": _theory("Reliability beside the rest", claim, []),
        "alliance reliability": _theory(
            "Alliance reliability", claim, [f"b_{name}" for name in OWN_VIEW]
        ),
    }


def score_theory(
    panel: Panel,
    n_draws: int = tournament.DRAWS,
    n_runs: int = tournament.RUNS,
    seed: int = 1,
    each: Callable[..., Iterable[list[Contestant]]] = map,
) -> list[Entry]:
    """Score the theory as the tournament does, as prior and calibrated, beside the full model.

    The parameters are those of :func:`foedus.analysis.forecast.tournament.hold_tournament`.
    """
    add_terms()
    held = tournament.hold_tournament(
        panel,
        n_draws=n_draws,
        n_runs=n_runs,
        seed=seed,
        contenders=contenders(),
        each=lambda compete, claims: each(partial(_with_terms, compete), claims),
    )
    return [one for one in held.entries if one.kind in ("prior", "calibrated")]


def _with_terms(compete: Callable[[Any], list[Contestant]], claim: Any) -> list[Contestant]:
    """Let a claim compete in a process that may not know the terms yet."""
    add_terms()
    return compete(claim)


def as_records(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """One plain record a forecast, for JSON."""
    shown = ("name", "kind", "rps", "skill", "skill_90", "gain", "gain_90")
    return [{name: tournament.entry_record(one)[name] for name in shown} for one in entries]


def _theory(title: str, claim: str, silent: list[str]) -> Theory:
    return Theory(
        title=title, claim=claim, parameters=dict.fromkeys(silent, 0.0), sources=(SOURCE,)
    )


def _measure(k: int) -> Callable[[Situation, Codes], Array]:
    def values(situation: Situation, _: Codes) -> Array:
        middle = np.nanmean([terms[k] for terms in known_terms().values()])
        place = (situation.alliance, situation.year)
        own = [known_terms().get((*place, state), (np.nan,) * 3)[k] for state in situation.members]
        about: Array = np.nan_to_num(np.array(own)[:, None] - middle)
        return about

    return values
