"""Which numbers have a slider, how far it reaches, and what its ends mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, isfinite

from foedus.analysis.explain.influence_network import listening
from foedus.data.library import Case
from foedus.data.register import Parameter, register
from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES
from foedus.model.ensemble import Setup, prepare
from foedus.roleplay.wording import TITLES

REACH = 2.5
"""Spreads of the prior that a parameter's slider covers on either side of the default."""
N_STEPS = 50
"""Steps of an arrow key from one end of a slider to the other, before rounding."""

PARAMETERS: Mapping[str, tuple[str, str, str]] = {
    "rho": ("The patron's influence", "nobody follows it", "all follow it"),
    "eta": ("Room to stand aside", "who does not back it blocks it", "few block"),
    "tau_consult": ("Bar for any answer", "low", "high"),
    "gap_deploy": ("From help to a force", "a small step", "a large step"),
    "gamma": ("Cost of more than was asked", "none", "high"),
    "sigma_crisis": ("What nobody measured", "none", "much"),
}
"""Parameters with a slider: title, and what its ends mean."""

CRISIS: Mapping[str, tuple[str, str, str]] = {
    "external": ("Attack from outside", "nobody from outside", "a state's forces"),
    "territory": ("Where help would operate", "outside the treaty's area", "on recognised soil"),
    "mandate": ("Do the rules foresee it", "excluded", "plainly foreseen"),
    "threat": ("Danger to the government", "local", "imminent collapse"),
    "capacity": ("Could hold out alone", "no", "yes"),
    "escalation": ("Risk of a wider war", "negligible", "war with a great power"),
    "trend": ("The next three days", "ebbing", "growing"),
    "request": ("Channel of the request", "none", "formal"),
    "asked": ("What is asked for", "nothing", "a force"),
    "institution": ("Crisis machinery", "on paper", "meets within days"),
}
"""Attributes of the crisis: title, and what the ends of the scale mean."""

MEMBER_ENDS: Mapping[str, tuple[str, str]] = {
    "alignment": ("hostile", "patron or client"),
    "stake": ("none", "vital"),
    "ties": ("none or hostile", "allies"),
    "overextension": ("free", "wholly tied"),
    "dependence": ("free", "total"),
    "capability": ("none", "all of it"),
}
"""What the ends of a member's scales mean."""


@dataclass(frozen=True)
class Dial:
    """One slider.

    Attributes
    ----------
    name
        As in settings: ``rho``, ``threat``, ``KAZ.stake``.
    default
        Where it stands untouched: the register's default, or what the coders wrote.
    """

    name: str
    title: str
    low_end: str
    high_end: str
    low: float
    high: float
    step: float
    default: float

    def accepted(self, value: float) -> float | None:
        """The value to set; None where it is the default, which then need not be set.

        Raises
        ------
        ValueError
            If it is no finite number.
        """
        if not isfinite(value):
            raise ValueError(f"{self.name}: {value} is no finite number")
        held = min(self.high, max(self.low, value))
        return None if abs(held - self.default) < self.step / 10 else round(held, 6)


@dataclass(frozen=True)
class Board:
    """All sliders of a case."""

    parameters: tuple[Dial, ...]
    crisis: tuple[Dial, ...]
    members: Mapping[str, tuple[Dial, ...]]

    def find(self, name: str) -> Dial | None:
        """The slider of that name."""
        every = (*self.parameters, *self.crisis, *(d for row in self.members.values() for d in row))
        return next((dial for dial in every if dial.name == name), None)


def board_of(case: Case) -> Board:
    """The sliders of a case, each at what the files say."""
    setup = prepare(case)
    return Board(
        parameters=tuple(_parameter(name) for name in PARAMETERS),
        crisis=tuple(_crisis(setup, name) for name in CRISIS_ATTRIBUTES),
        members=dict(_members(setup)),
    )


def _parameter(name: str) -> Dial:
    row = register()[name]
    low, high = _reach(row)
    return Dial(name, *PARAMETERS[name], low, high, _step(low, high), row.default)


def _reach(row: Parameter) -> tuple[float, float]:
    """The range that the prior finds worth a thought, in steps and within what is accepted."""
    if row.prior == "lognormal":
        low, high = row.low, row.default * exp(REACH * row.spread)
    else:
        low, high = row.default - REACH * row.spread, row.default + REACH * row.spread
    step = _step(low, high)
    return max(row.low, round(low / step) * step), min(row.high, round(high / step) * step)


def _step(low: float, high: float) -> float:
    wanted = (high - low) / N_STEPS
    return next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if step >= wanted * 0.7)


def _crisis(setup: Setup, name: str) -> Dial:
    low, high = ATTRIBUTE_RANGE[name]
    step = 0.5 if name == "asked" else 0.05
    return Dial(name, *CRISIS[name], low, high, step, setup.situation.crisis[name].mode)


def _members(setup: Setup) -> Iterator[tuple[str, tuple[Dial, ...]]]:
    """The patron first, then by capability; the patron depends on nobody and has no such dial."""
    situation, network = setup.situation, listening(setup)
    order = sorted(
        range(situation.n_members),
        key=lambda i: (i != situation.patron, -network.capability[i]),
    )
    for i in order:
        state = situation.members[i]
        coded = {name: spans[i].mode for name, spans in situation.standing.items()}
        coded["dependence"] = float(network.dependence[i])
        names = [n for n in MEMBER_ATTRIBUTES if n != "dependence" or i != situation.patron]
        yield state, tuple(_member(state, name, coded[name]) for name in names)


def _member(state: str, name: str, coded: float) -> Dial:
    low, high = ATTRIBUTE_RANGE[name]
    return Dial(f"{state}.{name}", TITLES[name], *MEMBER_ENDS[name], low, high, 0.05, coded)
