"""One crisis as numbers: what the equations need to know, in one fixed order of members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.terms import CASE_RANGE, Stance
from foedus.errors import UsageError
from foedus.model.numbers import Array, Value, by_run

if TYPE_CHECKING:
    from foedus.model.forces import ForceLaw


@dataclass(frozen=True)
class Span:
    """A coded value with the interval its coders leave open."""

    low: float
    mode: float
    high: float

    @property
    def is_open(self) -> bool:
        """Whether the coders differ."""
        return self.high > self.low


@dataclass(frozen=True)
class Situation:
    """A scenario compiled to numbers; members stand in the order of their ISO codes.

    Attributes:
        crisis, standing: Codes by attribute, of the crisis and one for each member; ``dependence``
            only where stated.
        indicators: Measured indicators of each member by name, or None where dependence is stated.
        requester, patron, adversary: Indices of members; the adversary only where it is one.
        abstention: Room to stand aside in council, as a share of eta.
        day_first_sitting: Day on which the council may first sit; None: after the request, or on
            its own initiative.
        days_since_onset: Days from the onset of the crisis to day 0.
        pools, alliance_pool: Most troops of each member, and of all (inf: not known).
        forces_needed: Troops that would meet the need.
        stated_dependence: Dependence set by hand, by index, a number or one a run (run,); it
            outranks all else.
        is_unrest: Whether the adversary is domestic or an armed movement, so that the treaty's case
            needs the government's invitation; else it needs aggression from outside.
        force: What past deployments say of a force; where it is None, the force needed is sent,
            shared by capability, and arrives the next day.
        stances: What some members say to every level, by index, whatever their position.
        alliance, year: Whose crisis it is, and the year of the codes: for terms from yearly data.
            No equation of the package reads them.
    """

    members: tuple[str, ...]
    crisis: Mapping[str, Span]
    standing: Mapping[str, tuple[Span, ...]]
    indicators: tuple[Mapping[str, float], ...] | None
    requester: int
    patron: int
    adversary: int | None
    rule: str
    abstention: float
    day_first_sitting: int | None
    days_since_onset: int
    horizon_days: int
    pools: tuple[float, ...]
    alliance_pool: float
    forces_needed: float
    stated_dependence: Mapping[int, Value] = field(default_factory=dict)
    is_unrest: bool = False
    force: ForceLaw | None = None
    stances: Mapping[int, Stance] = field(default_factory=dict)
    alliance: str = ""
    year: int = 0

    @property
    def n_members(self) -> int:
        """Number of members that sit."""
        return len(self.members)

    @property
    def voters(self) -> tuple[int, ...]:
        """Members that vote: all but the requester, unless it is the only one."""
        others = tuple(i for i in range(self.n_members) if i != self.requester)
        return others or (self.requester,)

    @property
    def addressees(self) -> tuple[int, ...]:
        """Members that a requester turns to: the patron, or the others where that is itself.

        A patron at war with a member does not ask that one.
        """
        if self.requester != self.patron:
            return (self.patron,)
        others = tuple(i for i in self.voters if i != self.adversary)
        return others or (self.patron,)

    def under(self, rule: str) -> Situation:
        """The same situation under another council rule."""
        return replace(self, rule=rule)

    def with_stances(self, stances: Mapping[str, Stance]) -> Situation:
        """The same situation where some members say one thing to every level, by ISO code."""
        return replace(self, stances={self.members.index(s): said for s, said in stances.items()})

    def without(self, states: Iterable[str]) -> Situation:
        """The same situation where some members do not sit; the others meet the same chance.

        Raises:
            UsageError: If one of them is no member, asks for help, or leads.
        """
        gone = set(states)
        needed = {self.members[i] for i in (self.requester, self.patron)}
        for state in sorted(gone):
            if state not in self.members:
                raise UsageError(f"{state} is not a member here; members: {' '.join(self.members)}")
            if state in needed:
                raise UsageError(f"{state} asks for help or leads: it cannot be absent")
        return self.seated([i for i, state in enumerate(self.members) if state not in gone])

    def seated(self, order: Sequence[int]) -> Situation:
        """The same situation where only some members sit, in an order of their own, by index."""
        place = {i: n for n, i in enumerate(order)}
        return replace(
            self,
            members=tuple(self.members[i] for i in order),
            standing={name: tuple(row[i] for i in order) for name, row in self.standing.items()},
            indicators=self.indicators and tuple(self.indicators[i] for i in order),
            requester=place[self.requester],
            patron=place[self.patron],
            adversary=None if self.adversary is None else place.get(self.adversary),
            pools=tuple(self.pools[i] for i in order),
            stated_dependence={
                place[i]: v for i, v in self.stated_dependence.items() if i in place
            },
            stances={place[i]: said for i, said in self.stances.items() if i in place},
        )

    def with_attributes(self, values: Mapping[str, float]) -> Situation:
        """The same situation with some codes fixed at other values.

        Args:
            values: By name: ``threat`` for the crisis, ``KAZ.stake`` for a member, ``horizon_days``
                for the case (:data:`foedus.data.terms.CASE_RANGE`). Stating any member's
                ``dependence`` leaves the others' as they are computed or coded.
        """
        crisis, standing = dict(self.crisis), dict(self.standing)
        stated, of_case = dict(self.stated_dependence), dict[str, Any]()
        for name, value in values.items():
            state, dot, attribute = name.rpartition(".")
            if name in CASE_RANGE:
                of_case[name] = float(value) if name == "forces_needed" else int(value)
            elif not dot:
                crisis[name] = Span(value, value, value)
            elif attribute == "dependence":
                stated[self.members.index(state)] = value
            else:
                spans = list(standing[attribute])
                spans[self.members.index(state)] = Span(value, value, value)
                standing[attribute] = tuple(spans)
        coded = {"crisis": crisis, "standing": standing, "stated_dependence": stated}
        return replace(self, **coded, **of_case)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Codes:
    """Values of all attributes for a set of runs.

    Attributes:
        crisis: By attribute: a number, or an array (run,) where the code is drawn.
        standing: By attribute: array (member, 1), or (member, run) where any of its codes is drawn.
        measures: Terms of extensions by name: how each is worked out from the codes
            (:mod:`foedus.model.willingness`).
    """

    crisis: Mapping[str, Value]
    standing: Mapping[str, Array]
    measures: Mapping[str, Callable[[Codes], Array]] = field(default_factory=dict)

    def measured(self) -> Codes:
        """The same codes with what is worked out from them, beside them in `standing`."""
        found = {name: measure(self) for name, measure in self.measures.items()}
        return replace(self, standing={**self.standing, **found}) if found else self

    def of_run(self, n: int) -> Codes:
        """Codes of one run alone: numbers, and arrays (member, 1)."""
        alone: Codes = by_run(self, lambda row: row[..., n : n + 1])
        return replace(alone, crisis={k: float(np.ravel(v)[0]) for k, v in alone.crisis.items()})

    def tiled(self, n: int) -> Codes:
        """The same runs `n` times over, one copy after the other."""
        copies: Codes = by_run(self, lambda row: np.tile(row, n))
        return copies

    @classmethod
    def joined(cls, parts: Sequence[Codes]) -> Codes:
        """Several sets of runs, one after the other; what no coder doubts stays one number."""
        first = parts[0]
        return cls(
            {name: _in_a_row([part.crisis[name] for part in parts]) for name in first.crisis},
            {name: _in_a_row([part.standing[name] for part in parts]) for name in first.standing},
            first.measures,
        )

    def having(self, name: str, values: Array, members: tuple[str, ...]) -> Codes:
        """The same codes with one attribute (``threat``, ``KAZ.stake``) at other values (run,).

        `members` are the ISO codes in the order of the arrays.
        """
        state, dot, attribute = name.rpartition(".")
        if not dot:
            crisis = {**self.crisis, attribute: values}
            return replace(self, crisis=crisis).measured()
        rows = self.standing[attribute]
        widened = np.array(np.broadcast_to(rows, (rows.shape[0], len(values))))
        widened[members.index(state)] = values
        return replace(self, standing={**self.standing, attribute: widened}).measured()


def _in_a_row(values: Sequence[Value]) -> Value:
    return by_run(values[0], lambda _: np.concatenate(values, axis=-1))


@dataclass(frozen=True)
class Chance:
    """The noise of a set of runs, standardised.

    Attributes:
        crisis: Standard logistic (run,): what nobody measured about this crisis.
        members: Standard logistic (member, run): what nobody measured about each government.
        intensity: Mean 0, variance 1 (day, run).
        convening: Uniform in (0, 1) (run,): whether the council's machinery works on request.
        doubt: Standard logistic (run,): what nobody measured about the requester's wish to ask;
            None where the request is scheduled.
        size, arrival: Mean 0, variance 1 (run,): of the size of a force and of its arrival.
        shares: Mean 0, variance 1 (member, run): of each contingent's share.
    """

    crisis: Array
    members: Array
    intensity: Array
    convening: Array
    doubt: Array | None
    size: Array
    arrival: Array
    shares: Array

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return int(self.crisis.shape[-1])

    def of_run(self, n: int) -> Chance:
        """The noise of one run alone."""
        return self._each(lambda row: row[..., n])

    def tiled(self, n: int) -> Chance:
        """The same noise `n` times over, one copy after the other."""
        return self._each(lambda row: np.tile(row, n))

    @classmethod
    def joined(cls, parts: Sequence[Chance]) -> Chance:
        """Several sets of runs, one after the other."""
        each = zip(*(vars(part).values() for part in parts), strict=True)
        rows: list[Any] = [None if own[0] is None else np.concatenate(own, axis=-1) for own in each]
        return cls(*rows)

    def _each(self, turned: Callable[[Array], Array]) -> Chance:
        rows: list[Any] = [None if row is None else turned(row) for row in vars(self).values()]
        return Chance(*rows)

    @classmethod
    def calm(cls, n_members: int, n_days: int, *, decides: bool = False) -> Chance:
        """No noise at all, for one run."""
        row, rows = np.zeros(1), np.zeros((n_members, 1))
        doubt = np.zeros(1) if decides else None
        return cls(row, rows, np.zeros((n_days, 1)), np.full(1, 0.5), doubt, row, row, rows)
