"""Why a member froze or left, and how likely that was: each exit of history explained.

Standing is history's here, and every prior draw gives one chance. An exit counts as *explained*
when the chance to break of the state that went was above the mean chance of those that stayed that
year, in at least `SURE` of the draws from the priors. The rule was fixed before it was first
applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foedus.chronicle import membership
from foedus.chronicle.membership import Standing
from foedus.chronicle.year_chance import chance_of
from foedus.chronicle.years import ChronicleSetup, run_chronicle
from foedus.chronicle.years_engine import Years
from foedus.errors import UsageError, did_you_mean
from foedus.model.numbers import Array

SURE = 0.9
OWN_ACCORD = ("leave", "freeze")
"""Kinds of event that a member itself decides."""


@dataclass(frozen=True)
class ExitAccount:
    """One exit explained.

    Attributes:
        terms, mean_terms: What membership was worth at the register's defaults, log-odds by term;
            the same on average over those that stayed.
        chance, chance_of_others: To break that year at the defaults: of the state, and on average
            of those that stayed.
        rank, n_members: Place of its chance among the members of that year, 1 the highest, and
            their number.
        share_above: Share of the prior draws in which its chance is above the mean of those that
            stayed.
        pact, known: Rival protector's pact, and share of the measures that are known, 0 to 1.
    """

    state: str
    year: int
    kind: str
    terms: dict[str, float]
    mean_terms: dict[str, float]
    chance: float
    chance_of_others: float
    rank: int
    n_members: int
    share_above: float
    pact: float
    known: float

    @property
    def is_explained(self) -> bool:
        """Whether it meets the rule of this module."""
        return self.share_above >= SURE


def exits_of(setup: ChronicleSetup) -> Iterator[tuple[int, str, str]]:
    """Year, state and kind of every exit of history by a member's own accord."""
    for event in setup.record.events:
        if event.kind in OWN_ACCORD and event.date.year in setup.timeline.years:
            yield from (
                (event.date.year, state, event.kind)
                for state in event.who
                if state in setup.timeline.states
            )


def explain_exits(
    setup: ChronicleSetup, n_draws: int = 1000, seed: int = 1, states: tuple[str, ...] = ()
) -> tuple[ExitAccount, ...]:
    """Every exit of history by a member's own accord.

    Args:
        n_draws: Draws from the priors.
        states: ISO codes; all where none is given.

    Raises:
        UsageError: If a state never left.
    """
    found = list(exits_of(setup))
    known = {state for _, state, _ in found}
    for state in states:
        if state not in known:
            raise UsageError(f"no exit of '{state}'{did_you_mean(state, known)}")
    held = setup.having(plan=replace(setup.plan, members="history"), over_priors=False)
    one = run_chronicle(held, 1, seed)
    drawn = run_chronicle(held.having(over_priors=True), n_draws, seed)
    return tuple(
        _account(held, one, drawn, seed, exit_)
        for exit_ in found
        if not states or exit_[1] in states
    )


def _account(
    setup: ChronicleSetup, one: Years, drawn: Years, seed: int, exit_: tuple[int, str, str]
) -> ExitAccount:
    (year, state, kind), t = exit_, setup.timeline
    y, i = t.years.index(year), t.states.index(state)
    stayed = np.flatnonzero(t.standing[y] == Standing.MEMBER)
    p, terms = setup.parameters(1, seed), _terms(setup, one, y)
    value = membership.total(terms)
    chances = chance_of(membership.will_to_break(value, 0.0, t.renewal[y], p))
    over_priors = _chance_but_for_unseen(setup.having(over_priors=True), drawn, seed, y)
    others = over_priors[stayed].mean(axis=0) if len(stayed) else 0.0
    rivals = {*stayed.tolist(), i}
    return ExitAccount(
        state=state,
        year=year,
        kind=kind,
        terms={name: float(row[i]) for name, row in terms.items()},
        mean_terms={name: _mean(row[stayed]) for name, row in terms.items()},
        chance=float(chances[i]),
        chance_of_others=_mean(chances[stayed]),
        rank=1 + sum(chances[j] > chances[i] for j in rivals),
        n_members=len(rivals),
        share_above=float(np.mean(over_priors[i] > others)),
        pact=float(t.pact[y, i]),
        known=float(t.known[y, i]),
    )


def _mean(of_those_who_stayed: Array) -> float:
    return float(of_those_who_stayed.mean()) if len(of_those_who_stayed) else 0.0


def _terms(setup: ChronicleSetup, years: Years, y: int) -> dict[str, Array]:
    """Terms of the worth of membership in a year at the register's defaults (state,), log-odds."""
    p, t = setup.parameters(1, 1), setup.timeline
    felt, legit = (years.danger[y, :, 0], years.trust[y, :, 0]), years.legitimacy[y, 0]
    terms = membership.worth(*felt, t.pact[y], t.dependence[y], t.alignment[y], legit, p)
    return {name: np.broadcast_to(row, (len(t.states),)) for name, row in terms.items()}


def _chance_but_for_unseen(setup: ChronicleSetup, years: Years, seed: int, y: int) -> Array:
    """Chance to break of states of which nothing unmeasured is known (state, run)."""
    p, chance = setup.drawn(seed, 0, years.will.shape[-1])
    return np.asarray(chance_of(years.will[y] - p["sigma_state"] * chance.unseen))


def chance_to_break(
    setup: ChronicleSetup, state: str, first: int, last: int, n_draws: int = 1000, seed: int = 1
) -> Array:
    """Chance that a member freezes or leaves in some years, by prior draw (draw,).

    ``1 - product over the years of (1 - chance to break)``, with history's standing up to the
    last year, so that the chance of a draw is exact and not counted.

    Args:
        first, last: Calendar years, both included.
    """
    held = setup.having(plan=replace(setup.plan, members="history", since=0), over_priors=True)
    years = run_chronicle(held, n_draws, seed)
    t = setup.timeline
    if state not in t.states:
        raise UsageError(f"unknown state '{state}'{did_you_mean(state, t.states)}")
    span: NDArray[np.bool_] = np.array([first <= year <= last for year in t.years])
    stays = 1.0 - chance_of(years.will[span, t.states.index(state)])
    return np.asarray(1.0 - stays.prod(axis=0))
