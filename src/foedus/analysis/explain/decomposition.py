"""Why a member stood where it stood: its view as an exact sum, and what the talk moved.

For the day of the answer (or the last day), in one run or in the run without noise. The same
history is run again, under the same chance, to find the smallest change of one attribute that
would have changed the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from foedus.analysis.frames import html_table, plain
from foedus.data.terms import (
    ATTRIBUTE_RANGE,
    CRISIS_ATTRIBUTES,
    LEVELS,
    MEMBER_ATTRIBUTES,
    Level,
    Stance,
)
from foedus.model import council
from foedus.model.array_engine import simulate, simulate_traced
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.council import treaty_case
from foedus.model.ensemble import whole_run, whole_seed
from foedus.model.influence import Ears, ears_of, heard_weights
from foedus.model.numbers import added_up
from foedus.model.outcome import Trace
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.willingness import crisis_terms, member_terms, need


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

    Attributes:
        terms: Log-odds by name, in the order in which they add up to `private`.
        private, position: Before and after talk, log-odds.
        susceptibility, dependence: How far it listens, and how far it depends on the lead state, in
            [0, 1].
        heard: Heaviest first.
        stances: On consult, support and deploy.
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
class TreatyCase:
    """What the treaty asks for, in [0, 1] each; thresholds depend on `given`, their product.

    Attributes:
        territory: Whether the help would be in the treaty's area.
        ground: The government's invitation against unrest, aggression from outside otherwise.
        mandate: What the text allows, as it counts: ``min(1, 2 mandate)``.
    """

    territory: float
    ground: float
    mandate: float
    given: float


@dataclass(frozen=True)
class Explanation:
    """One run explained.

    Attributes:
        by_procedure: Whether the alliance consults although its rule brings nothing: it meets when
            asked.
        bars: Thresholds of consult, support and deploy on that day, log-odds.
        room: How far below a threshold a member may stand without blocking, log-odds.
    """

    run: int | None
    day: int
    answer: Level
    by_procedure: bool
    bars: tuple[float, float, float]
    case: TreatyCase
    room: float
    members: tuple[MemberAccount, ...]
    turns: tuple[Turn, ...]

    def __repr__(self) -> str:
        which = "without noise" if self.run is None else f"run {self.run}"
        return f"<Explanation: {which}, day {self.day}: {self.answer.label}>"

    def _repr_html_(self) -> str:
        rows = (
            [
                *(m.state, f"{m.private:+.2f}", f"{m.moved:+.2f}", f"{m.position:+.2f}"),
                *(stance.name.lower() for stance in m.stances),
            ]
            for m in self.members
        )
        heads = ("member", "own view", "moved", "position", *LEVELS[1:])
        return html_table(heads, rows, repr(self)[1:-1])


@dataclass(frozen=True)
class _Past:
    """One run as it was lived: what it met, and how it stood at the end of the day explained."""

    situation: Situation
    parameters: dict[str, float]
    chance: Chance
    codes: Codes
    ears: Ears
    room: float
    trace: Trace
    channel: float
    answer: Level
    day: int

    def at(self, name: str, *index: int) -> float:
        """A number of the trace on the day explained."""
        return float(getattr(self.trace, name)[(self.day, *index, 0)])


def explain(
    setup: SetupLike, run: int | None = None, seed: int = 1, *, n_steps: int = 20
) -> Explanation:
    """Explain one run, or the run without noise.

    Args:
        setup: From :func:`foedus.prepare`, or the id or path of a crisis.
        run: Number of the run in the ensemble of `seed`; None for no noise and mean codes.
        n_steps: Steps over the range of each attribute when looking for what would change the
            answer; 0: do not look.

    Returns:
        Explanation: Of the day of the answer, or the last day where there is none; terms in
            log-odds.
    """
    run = None if run is None else whole_run(run)
    past = _relived(setup_of(setup), run, whole_seed(seed))
    unconvened = {**past.parameters, "p_convene": 0.0}
    ruled = simulate(past.situation, past.codes, unconvened, past.chance).level[0]
    return Explanation(
        run=run,
        day=past.day,
        answer=past.answer,
        by_procedure=bool(past.answer > ruled),
        bars=(past.at("bars", 0), past.at("bars", 1), past.at("bars", 2)),
        case=_case(past),
        room=past.room,
        members=tuple(_account(past, i) for i in range(past.situation.n_members)),
        turns=tuple(_turns(past, n_steps)) if n_steps else (),
    )


def _relived(setup: Setup, run: int | None, seed: int) -> _Past:
    """Live through the run to find the day, and again up to it for the channel of that day."""
    situation, p = setup.situation, setup.parameters
    if run is None:
        chance = Chance.calm(situation.n_members, situation.horizon_days, decides=setup.endogenous)
        codes = draw_codes(situation, 0, 0, 1, drawn=False)
    else:
        chance = draw_chance(situation, seed, run, run + 1, with_doubt=setup.endogenous)
        codes = draw_codes(situation, seed, run, run + 1, drawn=setup.drawn_codes)
    outcome, trace = simulate_traced(situation, codes, p, chance)
    decided = int(outcome.day_decided[0])
    day = decided if decided >= 0 else int(outcome.day_ended[0]) - 1
    until = simulate(replace(situation, horizon_days=day + 1), codes, p, chance)
    level = Level(int(outcome.level[0]))
    ears, room = ears_of(situation, codes, p), _lone(council.room_of(situation, p))
    channel = float(until.channel[0])
    return _Past(situation, p, chance, codes, ears, room, trace, channel, level, day)


def _case(past: _Past) -> TreatyCase:
    crisis = past.codes.crisis
    ground = past.channel if past.situation.is_unrest else crisis["external"]
    return TreatyCase(
        territory=_lone(crisis["territory"]),
        ground=_lone(ground),
        mandate=min(1.0, 2.0 * _lone(crisis["mandate"])),
        given=_lone(treaty_case(past.situation, crisis, past.channel)),
    )


def _account(past: _Past, i: int) -> MemberAccount:
    p, codes, ears = past.parameters, past.codes, past.ears
    standing = {name: rows[i] for name, rows in codes.standing.items()}
    own = member_terms(standing, codes.crisis["escalation"], p)
    parts: dict[str, object] = {
        **crisis_terms(codes.crisis, p),
        **own,
        "need": need(past.at("intensity"), codes.crisis["capacity"], p["b_need"]),
        "unmeasured, this crisis": p["sigma_crisis"] * past.chance.crisis,
        "unmeasured, this government": p["sigma_member"] * past.chance.members[i],
    }
    terms = {name: _lone(value) for name, value in parts.items()}
    private = past.at("private", i)
    asking = private - added_up(terms.values())
    if i == past.situation.requester and asking > 1e-9:
        terms["stands by its own request"] = asking
    return MemberAccount(
        state=past.situation.members[i],
        terms=terms,
        private=private,
        position=past.at("positions", i),
        susceptibility=float(ears.susceptibility[i, 0]),
        dependence=float(ears.dependence[i, 0]),
        heard=_heard(past, i),
        stances=(_stance(past, i, 1), _stance(past, i, 2), _stance(past, i, 3)),
    )


def _lone(value: object) -> float:
    return float(np.atleast_1d(np.asarray(value))[0])


def _heard(past: _Past, i: int) -> tuple[Heard, ...]:
    """Whom member i hears: the weight in its ear, and what that moves."""
    shares = heard_weights(past.ears, past.situation.patron)[i]
    listens, private = float(added_up(shares)), past.at("private", i)
    heard = []
    for j, state in enumerate(past.situation.members):
        if shares[j] > 0:
            position = past.at("positions", j)
            moves = float(shares[j]) * (position - private)
            heard.append(Heard(state, float(shares[j] / listens), position, moves))
    return tuple(sorted(heard, key=lambda h: -h.weight))


def _stance(past: _Past, i: int, level: int) -> Stance:
    fixed = council.fixed_stance(past.situation, i, Level(level))
    if fixed is not None:
        return fixed
    x, bar = past.at("positions", i), past.at("bars", level - 1)
    if council.supports(x, bar):
        return Stance.SUPPORT
    return Stance.OBJECT if council.objects(x, bar, past.room) else Stance.ABSTAIN


def _turns(past: _Past, n_steps: int) -> list[Turn]:
    """The smallest turn of each attribute that has one, smallest first."""
    own = [name for name in MEMBER_ATTRIBUTES if name in past.situation.standing]
    names = [f"{s}.{name}" for s in past.situation.members for name in own if name != "dependence"]
    found = [_turn(past, name, n_steps) for name in (*CRISIS_ATTRIBUTES, *names)]
    return sorted((turn for turn in found if turn), key=lambda turn: turn.size)


def _turn(past: _Past, name: str, n_steps: int) -> Turn | None:
    """Try values over the attribute's range, all at once, under the same chance."""
    state, dot, attribute = name.rpartition(".")
    values = np.linspace(*ATTRIBUTE_RANGE[attribute], n_steps + 1)
    members, codes = past.situation.members, past.codes
    now = codes.standing[attribute][members.index(state), 0] if dot else codes.crisis[attribute]
    moved = codes.having(name, values, members)
    tried = simulate(past.situation, moved, past.parameters, past.chance.tiled(len(values)))
    changed = np.flatnonzero(tried.level != past.answer)
    if not changed.size:
        return None
    nearest = min(changed, key=lambda k: abs(values[k] - _lone(now)))
    return Turn(name, _lone(now), float(values[nearest]), Level(int(tried.level[nearest])))


def as_record(explanation: Explanation) -> dict[str, Any]:
    """An explanation as plain values, for JSON."""
    return {
        **plain(explanation),
        "members": [{**plain(m), "moved": m.moved} for m in explanation.members],
        "turns": [{**plain(turn), "size": turn.size} for turn in explanation.turns],
    }
