"""Why a member froze or left, and how likely that was: each exit of history explained.

Standing is history's here, and every prior draw gives one chance. An exit counts as *explained*
when the chance to break of the state that went was above the mean chance of those that stayed that
year, in at least `SURE` of the draws from the priors. The rule was fixed before it was first
applied.
"""

from dataclasses import dataclass, replace

import numpy as np

from foedus.chronicle import membership
from foedus.chronicle.membership import Standing
from foedus.chronicle.timeline import Timeline
from foedus.chronicle.year_chance import chance_of
from foedus.chronicle.years import ChronicleSetup, run_chronicle
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


def exits_of(setup: ChronicleSetup) -> list[tuple[int, str, str]]:
    """Year, state and kind of every exit of history by a member's own accord."""
    return [
        (event.date.year, state, event.kind)
        for event in setup.record.events
        if event.kind in OWN_ACCORD and event.date.year in setup.years
        for state in event.who
        if state != setup.lead_state
    ]


def explain_exits(
    setup: ChronicleSetup, n_draws: int = 1000, seed: int = 1
) -> tuple[ExitAccount, ...]:
    """Every exit of history by a member's own accord, with some draws from the priors."""
    held = setup.having(plan=replace(setup.plan, members="history"), over_priors=False)
    one, t, p = run_chronicle(held, 1, seed), held.timeline, held.parameters(1, seed)
    legitimacy = np.broadcast_to(one.legitimacy, t.pact.shape)
    of_year = t.pact, t.dependence, t.alignment, legitimacy
    terms = membership.worth(one.danger[..., 0], one.trust[..., 0], *of_year, p)
    will = membership.will_to_break(membership.total(terms), 0.0, t.renewal[:, None], p)
    drawn = held.having(over_priors=True)
    wills = run_chronicle(drawn, n_draws, seed).will
    p, chance = drawn.drawn(seed, 0, n_draws)
    unseen = p["sigma_state"] * chance.unseen

    def account(year: int, state: str, kind: str) -> ExitAccount:
        y = t.years.index(year)
        in_draws = np.asarray(chance_of(wills[y] - unseen))
        return _account(t, y, t.states.index(state), kind, terms, chance_of(will), in_draws)

    return tuple(account(*exit_) for exit_ in exits_of(setup))


def _account(
    t: Timeline, y: int, i: int, kind: str, terms: dict[str, Array], chances: Array, in_draws: Array
) -> ExitAccount:
    """One exit, with the chance of every state to break that year by prior draw (state, draw)."""
    stayed = np.flatnonzero(t.standing[y] == Standing.MEMBER)
    others = in_draws[stayed].mean(axis=0) if len(stayed) else 0.0
    rivals = {*stayed.tolist(), i}
    return ExitAccount(
        state=t.states[i],
        year=t.years[y],
        kind=kind,
        terms={name: float(row[y, i]) for name, row in terms.items()},
        mean_terms={name: _mean(row[y, stayed]) for name, row in terms.items()},
        chance=float(chances[y, i]),
        chance_of_others=_mean(chances[y, stayed]),
        rank=1 + sum(chances[y, j] > chances[y, i] for j in rivals),
        n_members=len(rivals),
        share_above=float(np.mean(in_draws[i] > others)),
        pact=float(t.pact[y, i]),
        known=float(t.known[y, i]),
    )


def _mean(of_those_who_stayed: Array) -> float:
    return float(of_those_who_stayed.mean()) if len(of_those_who_stayed) else 0.0


def chance_to_break(
    setup: ChronicleSetup, state: str, first: int, last: int, n_draws: int = 1000, seed: int = 1
) -> Array:
    """Chance that a member freezes or leaves in the years `first` to `last`, by prior draw (draw,).

    ``1 - product over the years of (1 - chance to break)``, with history's standing up to the
    last year, so that the chance of a draw is exact and not counted.

    Raises:
        UsageError: If the alliance has no such state.
    """
    held, t = setup.having(plan=replace(setup.plan, members="history", since=0)), setup.timeline
    if state not in t.states:
        raise UsageError(f"unknown state '{state}'{did_you_mean(state, t.states)}")
    years = run_chronicle(held.having(over_priors=True), n_draws, seed)
    span = np.isin(t.years, range(first, last + 1))
    stays = 1.0 - chance_of(years.will[span, t.states.index(state)])
    return np.asarray(1.0 - stays.prod(axis=0))
