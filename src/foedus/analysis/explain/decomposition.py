"""Why a member stood where it stood: its view as an exact sum, and what the talk moved.

For the day of the answer (or the last day), in one run or in the run without noise. The same
history is run again, under the same chance, to find the smallest change of one attribute that
would have changed the answer. Beside it: who listens to whom in the alliance on that date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foedus.analysis.frames import html_table
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
from foedus.model.influence import ears_of, heard_weights
from foedus.model.numbers import Array, Parameters, added_up
from foedus.model.parameter_points import levels_of_points
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
        moved: What influence moved, log-odds.
    """

    state: str
    terms: dict[str, float]
    private: float
    position: float
    susceptibility: float
    dependence: float
    heard: tuple[Heard, ...]
    stances: tuple[Stance, Stance, Stance]
    moved: float


@dataclass(frozen=True)
class Turn:
    """The smallest change of one attribute that changes the answer, `size` its range's share."""

    attribute: str
    value: float
    becomes: float
    answer: Level
    size: float


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
class Listening:
    """The network of influence; arrays in the order of `members`.

    Attributes:
        patron, requester, adversary: Indices of members.
        dependence, susceptibility, capability: d, s and c in [0, 1] (member,).
        influence: ``s_i w_ij``: the share of listener i's position that is speaker j's word
            (listener, speaker); a row adds up to the listener's susceptibility.
    """

    members: tuple[str, ...]
    patron: int
    requester: int
    adversary: int | None
    dependence: Array
    susceptibility: Array
    capability: Array
    influence: Array


class _Past:
    """One run as it was lived: what it met, and how it stood at the end of the day explained."""

    def __init__(self, setup: Setup, run: int | None, seed: int) -> None:
        self.situation, self.parameters = situation, p = setup.situation, setup.parameters
        if run is None:
            n, days = situation.n_members, situation.horizon_days
            self.chance = Chance.calm(n, days, decides=setup.endogenous)
            self.codes = draw_codes(situation, 0, 0, 1, drawn=False)
        else:
            self.chance = draw_chance(situation, seed, run, run + 1, with_doubt=setup.endogenous)
            self.codes = draw_codes(situation, seed, run, run + 1, drawn=setup.drawn_codes)
        outcome, self.trace = simulate_traced(situation, self.codes, p, self.chance)
        decided = int(outcome.day_decided[0])
        self.day = decided if decided >= 0 else int(outcome.day_ended[0]) - 1
        self.answer = Level(int(outcome.level[0]))
        until = replace(situation, horizon_days=self.day + 1)
        self.channel = float(simulate(until, self.codes, p, self.chance).channel[0])
        self.network = _network(situation, self.codes, p)
        self.room = _lone(council.room_of(situation, p))

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
    past = _Past(setup_of(setup), run, whole_seed(seed))
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
    p, codes = past.parameters, past.codes
    own = {name: rows[i] for name, rows in codes.standing.items()}
    parts: dict[str, object] = {
        **crisis_terms(codes.crisis, p),
        **member_terms(own, codes.crisis["escalation"], p),
        "need": need(past.at("intensity"), codes.crisis["capacity"], p["b_need"]),
        "unmeasured, this crisis": p["sigma_crisis"] * past.chance.crisis,
        "unmeasured, this government": p["sigma_member"] * past.chance.members[i],
    }
    terms = {name: _lone(value) for name, value in parts.items()}
    private, position = past.at("private", i), past.at("positions", i)
    asking = private - added_up(terms.values())
    if i == past.situation.requester and asking > 1e-9:
        terms["stands by its own request"] = asking
    return MemberAccount(
        state=past.situation.members[i],
        terms=terms,
        private=private,
        position=position,
        susceptibility=float(past.network.susceptibility[i]),
        dependence=float(past.network.dependence[i]),
        heard=_heard(past, i),
        stances=(_stance(past, i, 1), _stance(past, i, 2), _stance(past, i, 3)),
        moved=position - private,
    )


def _lone(value: object) -> float:
    return float(np.atleast_1d(np.asarray(value))[0])


def _heard(past: _Past, i: int) -> tuple[Heard, ...]:
    """Whom member i hears: the weight in its ear, and what that moves."""
    shares = past.network.influence[i]
    listens, private = float(added_up(shares)), past.at("private", i)
    heard = []
    for j, (state, share) in enumerate(zip(past.situation.members, shares.tolist(), strict=True)):
        if share > 0:
            position = past.at("positions", j)
            heard.append(Heard(state, share / listens, position, share * (position - private)))
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
    low, high = ATTRIBUTE_RANGE[attribute]
    values = np.linspace(low, high, n_steps + 1)
    members, codes = past.situation.members, past.codes
    now = codes.standing[attribute][members.index(state), 0] if dot else codes.crisis[attribute]
    value = _lone(now)
    answers = levels_of_points(past.situation, past.parameters, {name: values}, past.chance, codes)[
        :, 0
    ]
    changed = np.flatnonzero(answers != past.answer)
    if not changed.size:
        return None
    k = min(changed, key=lambda k: abs(values[k] - value))
    size = abs(float(values[k]) - value) / (high - low)
    return Turn(name, value, float(values[k]), Level(int(answers[k])), size)


def listening(setup: SetupLike) -> Listening:
    """The network of a setup, with the coders' means where they differ."""
    setup = setup_of(setup)
    codes = draw_codes(setup.situation, 0, 0, 1, drawn=False)
    return _network(setup.situation, codes, setup.parameters)


def _network(situation: Situation, codes: Codes, p: Parameters) -> Listening:
    ears = ears_of(situation, codes, p)
    return Listening(
        members=situation.members,
        patron=situation.patron,
        requester=situation.requester,
        adversary=situation.adversary,
        dependence=ears.dependence[:, 0],
        susceptibility=ears.susceptibility[:, 0],
        capability=codes.standing["capability"][:, 0],
        influence=heard_weights(ears, situation.patron),
    )
