"""One compiled loop instead of many array operations, with the same bits (extra ``fast``).

Runs are taken some at a time. A run leaves the loop when the alliance deploys or the crisis is
over, and the last of the others takes its lane. What each member sends needs an exponential,
whose last bit may differ between libraries: the pledge stays with the array engine, between two
loops, one up to the decision and one after it.

Nothing here is a definition. Every line repeats an equation of :mod:`foedus.model`, in the same
order of operations; ``tests/equivalence`` holds the two to the same bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from foedus.data.terms import Ending, Level, Rule
from foedus.model import forces
from foedus.model.crisis import relief
from foedus.model.deliberation import Chamber, Seats
from foedus.model.numbers import Array, Parameters, Value, added_up
from foedus.model.outcome import Outcome, nothing_yet
from foedus.model.run_columns import of_columns
from foedus.model.setting import Setting, first_sitting, setting_of
from foedus.model.situation import Chance, Codes, Situation
from foedus.model.willingness import informality

LANES = 128
"""Runs worked on together: all that concerns them fits the innermost cache."""

QUELLED, LOST, DEPLOY = int(Ending.QUELLED), int(Ending.LOST), int(Level.DEPLOY)
N_LEVELS = DEPLOY

STEADY, PULL, VOICE, KEPT, CAPABILITY, POSITION = range(6)
"""What a lane holds of each member."""

(
    INTENSITY,
    COLLAPSING,
    LEVEL,
    FLOOR,
    CONVENED,
    INFORMALITY,
    B_NEED,
    UNABLE,
    FIRST_SITTING,
    DRIVEN,
    UNDRIVEN,
    TREND_DAYS,
    SIGMA,
    QUELLED_AT,
    LOST_AT,
    COLLAPSE_DAYS,
    OBJECTION,
) = range(17)
BEHIND = OBJECTION + N_LEVELS
N_ROWS = BEHIND + N_LEVELS
"""What a lane holds of the run; below `OBJECTION` a voter objects to the first level, and so on,
and from `BEHIND` on the weighted sum of positions reaches its bar."""


def knows(situation: Situation, chance: Chance) -> bool:
    """Whether the loop covers such runs: scheduled requests, and a council by consensus."""
    return situation.rule == Rule.CONSENSUS and chance.doubt is None


def simulate(situation: Situation, codes: Codes, p: Parameters, chance: Chance) -> Outcome:
    """As :func:`foedus.model.batch.simulate`, for runs that it :func:`knows`."""
    setting = setting_of(situation, codes, p)
    shared = setting.shared + p["sigma_crisis"] * chance.crisis
    own = setting.own + p["sigma_member"] * chance.members
    seats = Seats.of(setting, codes, p, shared + own, chance.convening)
    chamber = Chamber(situation, seats, codes.crisis["asked"], chance.n_runs)
    outcome = nothing_yet(situation.n_members, chance.n_runs, situation.horizon_days)
    outcome.asked[:], outcome.channel[:] = codes.crisis["asked"], codes.crisis["request"]
    outcome.day_asked[:] = 0
    rows = _rows(situation, codes, p, setting, chamber)
    chamber.positions = _decisions(situation, p, chance, chamber, rows, outcome)
    deploying = np.flatnonzero(outcome.level == DEPLOY)
    if len(deploying):
        _aftermath(situation, p, setting, chance, chamber, rows, outcome, deploying)
    return outcome


def _rows(
    situation: Situation, codes: Codes, p: Parameters, setting: Setting, chamber: Chamber
) -> Array:
    """What the loops need to know of each run (row, run)."""
    crisis, capability = codes.crisis, setting.capability
    of_voters = added_up(capability[i] for i in situation.voters)
    values: dict[int, Value] = {
        INTENSITY: crisis["threat"],
        COLLAPSING: 0,
        LEVEL: Level.NONE,
        FLOOR: chamber.floor,
        CONVENED: chamber.convened,
        INFORMALITY: informality(crisis["request"], p["b_request"]),
        B_NEED: p["b_need"],
        UNABLE: 1.0 - crisis["capacity"],
        FIRST_SITTING: first_sitting(situation, p),
        DRIVEN: setting.driven,
        UNDRIVEN: setting.undriven,
        TREND_DAYS: p["trend_days"],
        SIGMA: p["sigma_intensity"],
        QUELLED_AT: p["quelled_at"],
        LOST_AT: p["lost_at"],
        COLLAPSE_DAYS: p["collapse_days"],
    }
    for k, bar in enumerate(chamber.bars):
        values[OBJECTION + k] = bar - setting.room
        values[BEHIND + k] = bar * of_voters
    rows = np.empty((N_ROWS, chamber.n))
    for row, value in values.items():
        rows[row] = value
    return rows


def _decisions(
    situation: Situation,
    p: Parameters,
    chance: Chance,
    chamber: Chamber,
    rows: Array,
    outcome: Outcome,
) -> Array:
    """Live through the days up to deployment or the end; positions then (member, run)."""
    seats = chamber.seats
    held = np.empty((POSITION, situation.n_members, chamber.n))
    held[STEADY], held[PULL], held[VOICE] = seats.steady, seats.pull, seats.voice
    held[KEPT], held[CAPABILITY] = seats.kept, seats.capability
    positions: Array = np.empty_like(held[STEADY])
    _deliberate(
        held,
        rows,
        chance.intensity,
        np.array(situation.voters),
        situation.requester,
        int(p["rounds_per_day"]),
        # against a member that is the adversary, that member objects to all above consultation
        N_LEVELS if situation.adversary is None else int(Level.CONSULT),
        positions,
        outcome.level,
        outcome.day_decided,
        outcome.day_ended,
        outcome.ending,
    )
    return positions


def _aftermath(
    situation: Situation,
    p: Parameters,
    setting: Setting,
    chance: Chance,
    chamber: Chamber,
    rows: Array,
    outcome: Outcome,
    deploying: NDArray[np.intp],
) -> None:
    """Pledge, and live through the days after deployment."""
    men = chamber.pledges(deploying)
    outcome.troops[:, deploying] = men
    share = forces.share_in_place(added_up(men), situation.forces_needed)
    n = len(deploying)
    relieved, arrived = np.empty(n), np.empty(n)
    relieved[:] = relief(share, of_columns(p["kappa_force"], deploying))
    arrived[:] = outcome.day_decided[deploying] + of_columns(setting.lag_days, deploying)
    _hold_out(
        rows,
        chance.intensity,
        deploying,
        relieved,
        arrived,
        outcome.day_decided,
        outcome.day_ended,
        outcome.ending,
    )


_compiled = njit(cache=True, nogil=True, error_model="numpy")


@_compiled
def _hold_out(  # type: ignore[no-untyped-def]
    rows, shocks, deploying, relieved, arrived, day_decided, day_ended, ending
):
    """The crisis of each run from the day of deployment on."""
    for k in range(len(deploying)):
        run = deploying[k]
        intensity, collapsing = rows[INTENSITY, run], rows[COLLAPSING, run]
        for day in range(day_decided[run], shocks.shape[0]):
            taken = relieved[k] if day >= arrived[k] else 0.0
            shock = rows[SIGMA, run] * shocks[day, run]
            drift = rows[DRIVEN if day < rows[TREND_DAYS, run] else UNDRIVEN, run]
            intensity = min(max(((intensity + drift) - taken) + shock, 0.0), 1.0)
            collapsing = collapsing + 1 if intensity >= rows[LOST_AT, run] else 0
            quelled = intensity <= rows[QUELLED_AT, run]
            if quelled or collapsing >= rows[COLLAPSE_DAYS, run]:
                ending[run] = QUELLED if quelled else LOST
                day_ended[run] = day + 1
                break


@_compiled
def _deliberate(  # type: ignore[no-untyped-def]
    held,
    rows,
    shocks,
    voters,
    requester,
    n_rounds,
    top,
    positions,
    level,
    day_decided,
    day_ended,
    ending,
):
    """Every run up to deployment, the end of the crisis, or the horizon, lane by lane."""
    n_members, n_runs = held.shape[1], held.shape[2]
    seat = np.empty((POSITION + 1, n_members, LANES))
    row = np.empty((N_ROWS, LANES))
    run = np.empty(LANES, np.int64)
    private, anchor, said = np.empty((3, n_members, LANES))
    pressing, spoken, lowest, behind, answer = np.empty((5, LANES))
    for low in range(0, n_runs, LANES):
        n = min(LANES, n_runs - low)
        for k in range(n):
            run[k] = low + k
        seat[:POSITION, :, :n] = held[:, :, low : low + n]
        row[:, :n] = rows[:, low : low + n]
        for day in range(shocks.shape[0]):
            _form_views(seat, row, pressing, private, anchor, requester, n)
            if day == 0:
                seat[POSITION, :, :n] = private[:, :n]
            for _ in range(n_rounds):
                _talk_once(seat, anchor, said, spoken, n)
            _sound_out(seat, voters, lowest, behind, n)
            _answer(row, run, lowest, behind, answer, day, top, level, day_decided, n)
            n = _see_off(seat, row, run, rows, positions, n)
            _move(row, run, shocks, day, n)
            n = _close(seat, row, run, day, ending, day_ended, n)
            if n == 0:
                break


@_compiled
def _form_views(seat, row, pressing, private, anchor, requester, n):  # type: ignore[no-untyped-def]
    for k in range(n):
        danger = row[INTENSITY, k] * row[UNABLE, k]
        pressing[k] = row[B_NEED, k] * danger + row[INFORMALITY, k]
    for i in range(seat.shape[1]):
        for k in range(n):
            private[i, k] = seat[STEADY, i, k] + pressing[k]
    for k in range(n):
        private[requester, k] = max(private[requester, k], row[FLOOR, k])
    for i in range(seat.shape[1]):
        for k in range(n):
            anchor[i, k] = seat[KEPT, i, k] * private[i, k]


@_compiled
def _talk_once(seat, anchor, said, spoken, n):  # type: ignore[no-untyped-def]
    for k in range(n):
        spoken[k] = said[0, k] = seat[VOICE, 0, k] * seat[POSITION, 0, k]
    for i in range(1, seat.shape[1]):
        for k in range(n):
            said[i, k] = seat[VOICE, i, k] * seat[POSITION, i, k]
            spoken[k] = spoken[k] + said[i, k]
    for i in range(seat.shape[1]):
        for k in range(n):
            seat[POSITION, i, k] = seat[PULL, i, k] * (spoken[k] - said[i, k]) + anchor[i, k]


@_compiled
def _sound_out(seat, voters, lowest, behind, n):  # type: ignore[no-untyped-def]
    """The lowest position among the voters, and the sum weighted by capability."""
    first = voters[0]
    for k in range(n):
        lowest[k] = seat[POSITION, first, k]
        behind[k] = seat[CAPABILITY, first, k] * seat[POSITION, first, k]
    for i in voters[1:]:
        for k in range(n):
            lowest[k] = min(lowest[k], seat[POSITION, i, k])
            behind[k] = behind[k] + seat[CAPABILITY, i, k] * seat[POSITION, i, k]


@_compiled
def _answer(row, run, lowest, behind, answer, day, top, level, day_decided, n):  # type: ignore[no-untyped-def]
    for k in range(n):
        answer[k] = row[CONVENED, k]
    for highest in range(1, top + 1):
        for k in range(n):
            objected = lowest[k] < row[OBJECTION + highest - 1, k]
            reached = behind[k] >= row[BEHIND + highest - 1, k]
            answer[k] = float(highest) if reached and not objected else answer[k]
    for k in range(n):
        if answer[k] > row[LEVEL, k] and day >= row[FIRST_SITTING, k]:
            row[LEVEL, k] = answer[k]
            level[run[k]] = int(answer[k])
            day_decided[run[k]] = day


@_compiled
def _see_off(seat, row, run, rows, positions, n):  # type: ignore[no-untyped-def]
    """Runs that deploy leave, with where they stand; returns how many stay."""
    k = 0
    while k < n:
        if row[LEVEL, k] < DEPLOY:
            k += 1
            continue
        for i in range(seat.shape[1]):
            positions[i, run[k]] = seat[POSITION, i, k]
        rows[INTENSITY, run[k]] = row[INTENSITY, k]
        rows[COLLAPSING, run[k]] = row[COLLAPSING, k]
        n -= 1
        _take_over(seat, row, run, k, n)
    return n


@_compiled
def _move(row, run, shocks, day, n):  # type: ignore[no-untyped-def]
    for k in range(n):
        shock = row[SIGMA, k] * shocks[day, run[k]]
        drift = row[DRIVEN, k] if day < row[TREND_DAYS, k] else row[UNDRIVEN, k]
        moved = (row[INTENSITY, k] + drift) + shock
        row[INTENSITY, k] = min(max(moved, 0.0), 1.0)
    for k in range(n):
        collapses = row[INTENSITY, k] >= row[LOST_AT, k]
        row[COLLAPSING, k] = row[COLLAPSING, k] + 1.0 if collapses else 0.0


@_compiled
def _close(seat, row, run, day, ending, day_ended, n):  # type: ignore[no-untyped-def]
    """Runs whose crisis is over leave; returns how many stay."""
    k = 0
    while k < n:
        quelled = row[INTENSITY, k] <= row[QUELLED_AT, k]
        if not (quelled or row[COLLAPSING, k] >= row[COLLAPSE_DAYS, k]):
            k += 1
            continue
        ending[run[k]] = QUELLED if quelled else LOST
        day_ended[run[k]] = day + 1
        n -= 1
        _take_over(seat, row, run, k, n)
    return n


@_compiled
def _take_over(seat, row, run, k, last):  # type: ignore[no-untyped-def]
    """The run of the last lane takes over lane k."""
    run[k] = run[last]
    for i in range(seat.shape[1]):
        for part in range(seat.shape[0]):
            seat[part, i, k] = seat[part, i, last]
    for part in range(row.shape[0]):
        row[part, k] = row[part, last]
