"""How stances become an answer: thresholds, stances, rules and sittings of a council (7.4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from foedus.data.terms import Level, Rule, Stance
from foedus.model.numbers import Array, Parameters, Value, added_up, weighted_sum
from foedus.model.situation import Situation


def thresholds(p: Parameters) -> tuple[Value, Value, Value]:
    """Positions needed for consult, support and deploy where all that is needed is given."""
    consult = p["tau_consult"]
    support = consult + p["gap_support"]
    return consult, support, support + p["gap_deploy"]


def treaty_case(situation: Situation, crisis: Mapping[str, Value], channel: Value) -> Value:
    """How far the treaty's case is given: ``F = territory ground min(1, 2 mandate)``.

    The ground is the government's invitation where the adversary is at home, and aggression from
    outside where it is a state. A product: where one condition fails, nothing makes up for it.

    All values are in [0, 1]; `crisis` holds the codes of the crisis.

    References:
        Document ¶6 (whom the treaty defends), ¶12 (request at home), ¶14 (outside the area).
    """
    ground = channel if situation.is_unrest else crisis["external"]
    return (crisis["territory"] * ground) * np.minimum(1.0, 2.0 * crisis["mandate"])


def bars(asked: Value, channel: Value, case: Value, p: Parameters) -> tuple[Value, Value, Value]:
    """Positions needed for consult, support and deploy (7.4).

    ``tau_k + gamma max(0, k - asked)``, and beside it the treaty's part: consulting needs a call,
    aid and a force need the treaty's case, a force most.

    Args:
        asked: Level asked for, 0 to 3; a level above it costs more.
        channel: Channel of the request, in [0, 1].
        case: :func:`treaty_case`.
        p: ``tau_consult``, ``gap_support``, ``gap_deploy``, ``gamma`` and ``treaty_bar``, log-odds.
    """
    consult, support, deploy = thresholds(p)
    missing = p["treaty_bar"] * (1.0 - case)
    return (
        (consult + p["gamma"] * np.maximum(0.0, 1.0 - asked))
        + (p["treaty_bar"] * (1.0 - channel)) / 3.0,
        (support + p["gamma"] * np.maximum(0.0, 2.0 - asked)) + (2.0 * missing) / 3.0,
        (deploy + p["gamma"] * np.maximum(0.0, 3.0 - asked)) + missing,
    )


def room_of(situation: Situation, p: Parameters) -> Value:
    """How far below a bar a member may stand aside, log-odds: eta times the rule's share of it."""
    return p["eta"] * situation.abstention


def supports(position: Value, bar: Value) -> Value:
    """Whether a member at `position` speaks for the level: ``x_i >= bar_k``."""
    return position >= bar


def objects(position: Value, bar: Value, room: Value) -> Value:
    """Whether it blocks: ``x_i < bar_k - eta``; between the two it stands aside."""
    return position < bar - room


@dataclass(frozen=True)
class Ballot:
    """What the voters say to one level; one entry a voter, each (run,) or a lone value.

    Attributes:
        positions, capability: x and c.
        patron_supports: Whether the lead state speaks for it; it may be the requester, who does not
            vote.
        bar: Threshold of the level, log-odds.
        members: ISO codes of the voters.
    """

    supports: Sequence[Value]
    objects: Sequence[Value]
    positions: Sequence[Value]
    capability: Sequence[Value]
    patron_supports: Value
    bar: Value
    members: tuple[str, ...] = ()


def _count(says: Sequence[Value]) -> Value:
    return added_up(np.asarray(said, dtype=np.int16) for said in says)


def consensus(ballot: Ballot) -> Value:
    """Nobody objects, and the capability-weighted mean position reaches the bar."""
    mean_reached = weighted_sum(ballot.capability, ballot.positions) >= ballot.bar * added_up(
        ballot.capability
    )
    return (_count(ballot.objects) == 0) & mean_reached


def consensus_on_levels(
    positions: Sequence[Value], capability: Sequence[Value], bars: Sequence[Value], room: Value
) -> list[Value]:
    """:func:`consensus` on several levels at once, where no voter objects as a matter of course.

    The mean position is the same for every level, and somebody objects where the lowest does.
    Positions and capability are those of the voters; there is a bar for each level.
    """
    lowest = reduce(np.minimum, positions)
    behind, all_of_it = weighted_sum(capability, positions), added_up(capability)
    return [~objects(lowest, bar, room) & (behind >= bar * all_of_it) for bar in bars]


def unanimity(ballot: Ballot) -> Value:
    """Every voter speaks for it."""
    return _count(ballot.supports) == len(ballot.supports)


def majority(ballot: Ballot) -> Value:
    """More than half of the voters speak for it."""
    return 2 * _count(ballot.supports) > len(ballot.supports)


def two_thirds(ballot: Ballot) -> Value:
    """At least two thirds of the voters speak for it."""
    return 3 * _count(ballot.supports) >= 2 * len(ballot.supports)


def weighted(ballot: Ballot) -> Value:
    """Voters with more than half of the voters' capability speak for it."""
    behind = weighted_sum(ballot.capability, [said * 1.0 for said in ballot.supports])
    return 2.0 * behind > added_up(ballot.capability)


def patron(ballot: Ballot) -> Value:
    """The patron speaks for it, whatever the others say."""
    return ballot.patron_supports


PASSES: dict[str, Callable[[Ballot], Value]] = {
    Rule.CONSENSUS: consensus,
    Rule.UNANIMITY: unanimity,
    Rule.MAJORITY: majority,
    Rule.TWO_THIRDS: two_thirds,
    Rule.WEIGHTED: weighted,
    Rule.PATRON: patron,
}
"""Whether one level passes, by rule; an extension adds its own."""

WINS: dict[str, Callable[[frozenset[str], tuple[str, ...], Mapping[str, float]], bool]] = {}
"""Whether a set of states passes a motion (the set, all voters, their capability), by rule from
outside; for voting power. A rule without an entry is asked through its ballot."""


def fixed_stance(situation: Situation, i: int, level: Level) -> Stance | None:
    """What a member says whatever its position: as set by hand, or against help to its enemy."""
    if i in situation.stances:
        return situation.stances[i]
    return Stance.OBJECT if i == situation.adversary and level > Level.CONSULT else None


def ballot_of(
    level: Level,
    positions: Sequence[Value] | Array,
    capability: Sequence[Value] | Array,
    bar: Value,
    room: Value,
    situation: Situation,
) -> Ballot:
    """What the voters say to one level (:func:`fixed_stance` where that stands already).

    Positions and capability are those of all members; `room` is how far below the bar a member
    may stand aside, log-odds.
    """
    x, voters = positions, situation.voters

    def agrees(i: int) -> Value:
        fixed = fixed_stance(situation, i, level)
        return supports(x[i], bar) if fixed is None else np.bool_(fixed == Stance.SUPPORT)

    def blocks(i: int) -> Value:
        fixed = fixed_stance(situation, i, level)
        return objects(x[i], bar, room) if fixed is None else np.bool_(fixed == Stance.OBJECT)

    return Ballot(
        supports=[agrees(i) for i in voters],
        objects=[blocks(i) for i in voters],
        positions=[x[i] for i in voters],
        capability=[capability[i] for i in voters],
        patron_supports=agrees(situation.patron),
        bar=bar,
        members=tuple(situation.members[i] for i in voters),
    )


def convenes(institution: Value, asked: Value, luck: Value, p: Parameters) -> Value:
    """Whether the council consults because it was asked to, whatever its members think.

    Machinery with a written procedure mostly meets on request: a treaty's clause on consultation
    binds where there is something that meets.

    Args:
        institution: The alliance's crisis machinery, in [0, 1].
        luck: Uniform in (0, 1): whether such machinery works this time.
        p: ``convenes_at``, the code from which machinery meets, and ``p_convene``, how often.
    """
    able = (institution >= p["convenes_at"]) & (asked >= Level.CONSULT)
    return able & (luck < p["p_convene"])


def answer(passed: Sequence[Value], convened: Value = False) -> Value:
    """The highest level that passes, 0 to 3.

    Args:
        passed: Whether consult, support and deploy pass, in this order.
        convened: Whether it consults in any case (:func:`convenes`).
    """
    consult, support, deploy = passed
    one, two, three = np.int8(Level.CONSULT), np.int8(Level.SUPPORT), np.int8(Level.DEPLOY)
    return np.maximum(np.maximum((consult | convened) * one, support * two), deploy * three)


def first_sitting(situation: Situation, p: Parameters, day_asked: Value | None = None) -> Value:
    """Day of the first sitting; where nobody asks, on its own initiative, days after the onset.

    Args:
        day_asked: Day of a simulated request, -1 where none was made; None where history made the
            request, whose date is then the scenario's.
    """
    own = np.maximum(0, p["own_initiative_lag"] - situation.days_since_onset)
    if day_asked is not None:
        return np.where(day_asked >= 0, np.minimum(day_asked + 1, own), own)
    return own if situation.day_first_sitting is None else situation.day_first_sitting
