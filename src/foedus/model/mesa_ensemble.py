"""An ensemble lived by agents: the same runs as the array engine, for members of another class."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.model.mesa_model import AllianceModel, MemberState
from foedus.model.outcome import Outcome, nothing_yet
from foedus.model.setup import Setup


def run_agents(
    setup: Setup, seed: int, n_runs: int, members: Mapping[str, type[MemberState]]
) -> Outcome:
    """Live through the runs ``0`` to ``n_runs - 1`` one by one with Mesa.

    Without classes of one's own the outcome is that of
    :func:`foedus.model.array_engine.run_batch`, bit for bit.
    """
    situation = setup.situation
    outcome = nothing_yet(situation.n_members, n_runs, situation.horizon_days)
    for run in range(n_runs):
        model = AllianceModel.from_setup(setup, run, seed, members=members, collects=False)
        try:
            model.live()
            _write(outcome, run, model)
        finally:
            model.close()
    return outcome


def _write(outcome: Outcome, run: int, model: AllianceModel) -> None:
    council, crisis = model.council, model.crisis
    outcome.level[run] = council.answer
    outcome.day_decided[run] = council.day_decided
    outcome.day_ended[run] = crisis.day_ended
    outcome.ending[run] = crisis.ending
    outcome.troops[:, run] = np.array([state.troops for state in model.states]).astype(np.int32)
    outcome.day_asked[run] = crisis.day_asked
    outcome.asked[run] = crisis.asked
    outcome.channel[run] = crisis.channel
