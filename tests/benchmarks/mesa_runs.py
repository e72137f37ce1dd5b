"""Runs by Mesa's own ``batch_run``, on the agents of foedus and on a lean model.

What ``batch_run`` asks for is added to the models and nothing else: a data collector that notes
the answer at the end of each day. Chance is drawn beforehand, so Mesa does not pay for it.

Note:
    Mesa 3.3.1 steps a model until ``steps > max_steps``, one more than the name says, and labels
    the last day's data with the day before; 3.5.1 leaves ``parameters={"rng": [...]}`` unseeded.
    Neither matters here: the models end themselves, take their chance as an argument, and only the
    answer is read.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from benchmarks.lean import LeanModel
from foedus.model.mesa_model import AllianceModel
from foedus.model.numbers import Parameters
from foedus.model.situation import Chance, Codes, Situation


def answers_by_batch_run(model: type[mesa.Model], n_runs: int) -> NDArray[np.int8]:
    """The answer of the runs ``0`` to ``n_runs - 1`` (run,), each a model of its own."""
    rows = mesa.batch_run(
        model,
        parameters={"run": range(n_runs)},
        number_processes=1,
        data_collection_period=-1,
        max_steps=model.horizon,
        display_progress=False,
    )
    return np.array([row["level"] for row in rows], dtype=np.int8)


def forget_models() -> None:
    """Empty the table in which Mesa 3.3 keeps every model for good."""
    for name in ("_ids", "_id_counters"):
        table = getattr(mesa.Agent, name, None)
        if table is not None and hasattr(table, "clear"):
            table.clear()


def agents_of_foedus(
    situation: Situation, p: Parameters, codes: Codes, chance: Chance
) -> type[mesa.Model]:
    """The agent engine as ``batch_run`` wants it, without its diary."""

    class Run(AllianceModel):
        horizon = situation.horizon_days

        def __init__(self, run: int, **_: Any) -> None:
            super().__init__(situation, codes.of_run(run), p, chance.of_run(run))
            self.datacollector = _collector(lambda model: int(model.council.answer))

        def step(self) -> None:
            super().step()
            if self.day >= situation.horizon_days:
                self.running = False
            self.datacollector.collect(self)

        def _write_down(self, sits: bool, in_place: float) -> None:
            pass

    return Run


def lean_agents(
    situation: Situation, p: Parameters, codes: Codes, chance: Chance
) -> type[mesa.Model]:
    """The lean model as ``batch_run`` wants it."""

    class Run(LeanModel):
        horizon = situation.horizon_days

        def __init__(self, run: int, **_: Any) -> None:
            super().__init__(situation, codes.of_run(run), p, chance.of_run(run))
            self.datacollector = _collector(lambda model: model.level)

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    return Run


def _collector(answer: Any) -> mesa.DataCollector:
    return mesa.DataCollector(model_reporters={"level": answer})
