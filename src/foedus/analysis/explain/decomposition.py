"""Why a member stood where it stood: its view as an exact sum, and what the talk moved.

For the day on which the answer was reached (or the last day lived), in one run or in the run
without noise. The smallest change of one attribute that would have changed the answer is found
by running the same history again, under the same chance, with that attribute moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foedus.data.terms import ATTRIBUTE_RANGE, CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Level, Stance
from foedus.model.batch import simulate, simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.ensemble import Setup
from foedus.model.numbers import added_up
from foedus.model.outcome import Outcome, Trace
from foedus.model.setting import Setting, setting_of
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.willingness import crisis_terms, informality, member_terms, need


@dataclass(frozen=True)
class Heard:
    """What one other member's voice did: its share of what is heard, and the pull it exerts."""

    state: str
    weight: float
    position: float
    moved: float


@dataclass(frozen=True)
class MemberAccount:
    """One member's position explained.

    Attributes
    ----------
    terms
        Log-odds by name, in the order in which they add up to `private`.
    private, position
        Before and after talk, log-odds; `moved` is their difference.
    susceptibility, dependence
        How far it listens, and how far it depends on the patron.
    heard
        Whose voice it heard, heaviest first.
    stances
        What it says to consult, support and deploy.
    """

    state: str
    terms: dict[str, float]
    private: float
    position: float
    susceptibility: float
    dependence: float
    heard: tuple[Heard, ...]
    stances: tuple[Stance, Stance, Stance]

    @property
    def moved(self) -> float:
        """What influence moved, log-odds."""
        return self.position - self.private


@dataclass(frozen=True)
class Turn:
    """The smallest change of one attribute that changes the answer."""

    attribute: str
    value: float
    becomes: float
    answer: Level

    @property
    def size(self) -> float:
        """Change as a share of the attribute's range."""
        low, high = ATTRIBUTE_RANGE[self.attribute.rpartition(".")[2]]
        return abs(self.becomes - self.value) / (high - low)


@dataclass(frozen=True)
class Explanation:
    """One run explained.

    Attributes
    ----------
    day
        The day explained.
    bars
        Bars of consult, support and deploy on that day, log-odds.
    by_procedure
        Whether the alliance consults although its rule brings nothing: it meets when asked.
    """

    run: int | None
    day: int
    answer: Level
    by_procedure: bool
    bars: tuple[float, float, float]
    room: float
    members: tuple[MemberAccount, ...]
    turns: tuple[Turn, ...]


def explain(
    setup: Setup, run: int | None = None, seed: int = 1, *, n_steps: int = 20
) -> Explanation:
    """Explain one run, or the run without noise.

    Parameters
    ----------
    run
        Number of the run in the ensemble of `seed`; None for no noise and mean codes.
    n_steps
        Steps over the range of each attribute when looking for what would change the answer;
        0: do not look.

    Returns
    -------
    Explanation
        Of the day of the answer, or the last day where there is none; terms in log-odds.
    """
    situation, p = setup.situation, setup.parameters
    chance, codes = _conditions(setup, situation, run, seed)
    outcome, trace = simulate_traced(situation, codes, p, chance)
    decided, ended = int(outcome.day_decided[0]), int(outcome.day_ended[0])
    day = decided if decided >= 0 else ended - 1
    setting = setting_of(situation, codes, p)
    return Explanation(
        run=run,
        day=day,
        answer=Level(int(outcome.level[0])),
        by_procedure=bool(
            outcome.level[0] > simulate(situation, codes, {**p, "p_convene": 0.0}, chance).level[0]
        ),
        bars=tuple(float(bar) for bar in trace.bars[day, :, 0]),  # type: ignore[arg-type]
        room=float(np.atleast_1d(setting.room)[0]),
        members=tuple(
            _account(setup, situation, codes, chance, setting, trace, outcome, day, i)
            for i in range(situation.n_members)
        ),
        turns=tuple(_turns(situation, codes, p, chance, outcome, n_steps)) if n_steps else (),
    )


def _conditions(
    setup: Setup, situation: Situation, run: int | None, seed: int
) -> tuple[Chance, Codes]:
    if run is not None:
        chance = draw_chance(situation, seed, run, run + 1, with_doubt=setup.endogenous)
        return chance, draw_codes(situation, seed, run, run + 1, drawn=setup.drawn_codes)
    calm = Chance(
        crisis=np.zeros(1),
        members=np.zeros((situation.n_members, 1)),
        intensity=np.zeros((situation.horizon_days, 1)),
        convening=np.full(1, 0.5),
        doubt=np.zeros(1) if setup.endogenous else None,
    )
    return calm, draw_codes(situation, 0, 0, 1, drawn=False)


def _account(
    setup: Setup,
    situation: Situation,
    codes: Codes,
    chance: Chance,
    setting: Setting,
    trace: Trace,
    outcome: Outcome,
    day: int,
    i: int,
) -> MemberAccount:
    p = setup.parameters
    shared = crisis_terms(codes.crisis, p)
    own = member_terms({name: rows[i] for name, rows in codes.standing.items()}, p)
    channel = outcome.channel[0]
    terms = {
        **{name: _lone(value) for name, value in {**shared, **own}.items()},
        "need": _lone(need(trace.intensity[day, 0], codes.crisis["capacity"], p["b_need"])),
        "request": _lone(informality(channel, p["b_request"])),
        "unmeasured, this crisis": _lone(p["sigma_crisis"] * chance.crisis),
        "unmeasured, this government": _lone(p["sigma_member"] * chance.members[i]),
    }
    private, position = float(trace.private[day, i, 0]), float(trace.positions[day, i, 0])
    asking = private - added_up(terms.values())
    if i == situation.requester and asking > 1e-9:
        terms["stands by its own request"] = asking
    return MemberAccount(
        state=situation.members[i],
        terms=terms,
        private=private,
        position=position,
        susceptibility=float(setting.susceptibility[i, 0]),
        dependence=float(setting.dependence[i, 0]),
        heard=_heard(situation, setting, trace, day, i),
        stances=_stances(situation, setting, trace, day, i),
    )


def _lone(value: object) -> float:
    return float(np.atleast_1d(np.asarray(value))[0])


def _heard(
    situation: Situation, setting: Setting, trace: Trace, day: int, i: int
) -> tuple[Heard, ...]:
    voice = setting.voice[:, 0]
    others = added_up(voice) - voice[i]
    if others <= 0:
        return ()
    s = float(setting.susceptibility[i, 0])
    private = float(trace.private[day, i, 0])
    heard = [
        Heard(
            state=situation.members[j],
            weight=float(voice[j] / others),
            position=float(trace.positions[day, j, 0]),
            moved=s * float(voice[j] / others) * (float(trace.positions[day, j, 0]) - private),
        )
        for j in range(situation.n_members)
        if j != i and voice[j] > 0
    ]
    return tuple(sorted(heard, key=lambda h: -h.weight))


def _stances(
    situation: Situation, setting: Setting, trace: Trace, day: int, i: int
) -> tuple[Stance, Stance, Stance]:
    x = trace.positions[day, i, 0]
    room = float(np.atleast_1d(setting.room)[0])

    def stance(level: Level) -> Stance:
        bar = trace.bars[day, level - 1, 0]
        if i == situation.adversary and level > Level.CONSULT:
            return Stance.OBJECT
        if x >= bar:
            return Stance.SUPPORT
        return Stance.OBJECT if x < bar - room else Stance.ABSTAIN

    return stance(Level.CONSULT), stance(Level.SUPPORT), stance(Level.DEPLOY)


def _turns(
    situation: Situation,
    codes: Codes,
    p: dict[str, float],
    chance: Chance,
    outcome: Outcome,
    n_steps: int,
) -> Iterator[Turn]:
    """The smallest turn of each attribute that has one, smallest first."""
    found = []
    for name in (*CRISIS_ATTRIBUTES, *_member_names(situation)):
        turn = _turn(situation, codes, p, chance, outcome, name, n_steps)
        if turn is not None:
            found.append(turn)
    yield from sorted(found, key=lambda turn: turn.size)


def _member_names(situation: Situation) -> Iterator[str]:
    for state in situation.members:
        for attribute in MEMBER_ATTRIBUTES:
            if attribute in situation.standing and attribute != "dependence":
                yield f"{state}.{attribute}"


def _turn(
    situation: Situation,
    codes: Codes,
    p: dict[str, float],
    chance: Chance,
    outcome: Outcome,
    name: str,
    n_steps: int,
) -> Turn | None:
    """Try values over the attribute's range, all at once, under the same chance."""
    low, high = ATTRIBUTE_RANGE[name.rpartition(".")[2]]
    values = np.linspace(low, high, n_steps + 1)
    now = _now(situation, codes, name)
    tried = simulate(
        situation, codes.having(name, values, situation.members), p, chance.tiled(len(values))
    )
    changed = tried.level != outcome.level[0]
    if not changed.any():
        return None
    nearest = min(np.flatnonzero(changed), key=lambda k: abs(values[k] - now))
    return Turn(name, now, float(values[nearest]), Level(int(tried.level[nearest])))


def _now(situation: Situation, codes: Codes, name: str) -> float:
    state, dot, attribute = name.rpartition(".")
    if not dot:
        return _lone(codes.crisis[attribute])
    return float(codes.standing[attribute][situation.members.index(state), 0])


def as_record(explanation: Explanation) -> dict[str, object]:
    """An explanation as plain values, for JSON."""
    return {
        "run": explanation.run,
        "day": explanation.day,
        "answer": explanation.answer.label,
        "by_procedure": explanation.by_procedure,
        "bars": list(explanation.bars),
        "room": explanation.room,
        "members": [
            {
                "state": m.state,
                "terms": m.terms,
                "private": m.private,
                "moved": m.moved,
                "position": m.position,
                "susceptibility": m.susceptibility,
                "dependence": m.dependence,
                "heard": [vars(h) for h in m.heard],
                "stances": [stance.name.lower() for stance in m.stances],
            }
            for m in explanation.members
        ],
        "turns": [
            {
                "attribute": t.attribute,
                "value": t.value,
                "becomes": t.becomes,
                "answer": t.answer.label,
                "size": t.size,
            }
            for t in explanation.turns
        ],
    }
