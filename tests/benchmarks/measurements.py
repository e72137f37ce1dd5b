"""What is measured: the engines against Mesa and the limit, growth, memory and start-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from benchmarks.stopwatch import (
    Action,
    Memory,
    Started,
    best_seconds,
    memory_of,
    process,
)
from foedus.data.library import load
from foedus.data.register import defaults
from foedus.errors import FoedusError
from foedus.model.array_engine import CHUNK, chunks_of, run_batch, simulate
from foedus.model.chance import draw_chance, draw_codes
from foedus.model.compilation import situation_of
from foedus.model.outcome import FIELDS
from foedus.model.situation import Chance, Codes, Situation

CASE = "kazakhstan-2022"
SEED = 1


@dataclass(frozen=True)
class Sizes:
    """How much is measured: runs of the arrays, of whatever Mesa runs, and rounds.

    Agents deliberate for one day in some runs and for thirty in others, so that a few dozen runs
    may cost a quarter more or less than most; all that is Mesa's lives through the same `n_agents`.
    """

    n_arrays: int = 8 * CHUNK
    n_agents: int = 300
    repeats: int = 7
    run_counts: tuple[int, ...] = (1, 100, 1_000, 10_000, 100_000, 1_000_000)
    member_counts: tuple[int, ...] = (3, 6, 12, 24, 48)
    day_counts: tuple[int, ...] = (10, 30, 90, 365)
    processes: int = 3


QUICK = Sizes(2 * CHUNK, 3, 1, (1, 1_000), (3, 6), (10, 30), 1)
"""Enough to see that everything runs; its figures mean nothing."""


@dataclass(frozen=True)
class Engines:
    """Seconds a run, in one process.

    Attributes:
        arrays: Whole runs: chance and codes drawn, days lived.
        drawing: Chance and codes alone, which no engine can do without.
        arrays_loop: Days alone, chance and codes given.
        agents, mesa, lean: A replay by agents; Mesa's ``batch_run`` on the same agents, and on a
            lean model.
    """

    arrays: float
    drawing: float
    arrays_loop: float
    agents: float
    mesa: float
    lean: float


def kazakhstan() -> Situation:
    """The case that everything is measured on: six members, thirty days, consensus."""
    return situation_of(load(CASE))


def engines(sizes: Sizes) -> Engines:
    """Measure every engine on the same runs, in turns."""
    situation, p, n = kazakhstan(), defaults(), sizes.n_arrays
    chance, codes = draw_chance(situation, SEED, 0, CHUNK), draw_codes(situation, SEED, 0, CHUNK)
    actions: dict[str, tuple[Action, int]] = {
        "arrays": (partial(run_batch, situation, p, SEED, n), n),
        "drawing": (partial(_draw, situation, n), n),
        "arrays_loop": (partial(simulate, situation, codes, p, chance), CHUNK),
        **_by_agents(situation, codes, chance, sizes),
    }
    best = best_seconds({name: action for name, (action, _) in actions.items()}, sizes.repeats)
    return Engines(**{name: best[name] / n_runs for name, (_, n_runs) in actions.items()})


def _draw(situation: Situation, n_runs: int) -> None:
    for low, high in chunks_of(0, n_runs):
        draw_chance(situation, SEED, low, high)
        draw_codes(situation, SEED, low, high)


def _by_agents(
    situation: Situation, codes: Codes, chance: Chance, sizes: Sizes
) -> dict[str, tuple[Action, int]]:
    from benchmarks import mesa_runs
    from foedus.model.mesa_model import replay

    p = defaults()
    same = mesa_runs.agents_of_foedus(situation, p, codes, chance)
    lean = mesa_runs.lean_agents(situation, p, codes, chance)
    expected = simulate(situation, codes, p, chance).level
    for model in (same, lean):
        answers = mesa_runs.answers_by_batch_run(model, sizes.n_agents)
        if (answers != expected[: len(answers)]).any():
            raise FoedusError("Mesa and the arrays disagree: there is nothing to compare")

    def agents() -> None:
        for run in range(sizes.n_agents):
            replay(situation, p, SEED, run)

    def run_by_mesa(model: type, n_runs: int) -> None:
        mesa_runs.answers_by_batch_run(model, n_runs)
        mesa_runs.forget_models()

    return {
        "agents": (agents, sizes.n_agents),
        "mesa": (partial(run_by_mesa, same, sizes.n_agents), sizes.n_agents),
        "lean": (partial(run_by_mesa, lean, sizes.n_agents), sizes.n_agents),
    }


@dataclass(frozen=True)
class Growth:
    """Seconds of ensembles of growing size, by what grows; a run's seconds for the last two."""

    by_runs: Mapping[int, float]
    by_members: Mapping[int, float]
    by_days: Mapping[int, float]


def growth(sizes: Sizes) -> Growth:
    """Measure how time grows with runs, members and days, with the array engine."""
    situation, p, n = kazakhstan(), defaults(), CHUNK
    rounds = max(1, sizes.repeats // 2)
    runs = {f"{k}": partial(run_batch, situation, p, SEED, k) for k in sizes.run_counts}
    members = {
        f"{k}": partial(run_batch, enlarged(situation, k), p, SEED, n) for k in sizes.member_counts
    }
    days = {
        f"{k}": partial(run_batch, replace(situation, horizon_days=k), p, SEED, n)
        for k in sizes.day_counts
    }
    return Growth(
        by_runs=_by_number(best_seconds(runs, rounds), 1),
        by_members=_by_number(best_seconds(members, rounds), n),
        by_days=_by_number(best_seconds(days, rounds), n),
    )


def _by_number(best: Mapping[str, float], n_runs: int) -> dict[int, float]:
    return {int(name): seconds / n_runs for name, seconds in best.items()}


def enlarged(situation: Situation, n_members: int) -> Situation:
    """The same crisis among more members or fewer: its own, over and over, under other names.

    The requester and the patron come first, so that both sit in any company of two or more.
    """
    leads = [situation.requester, situation.patron]
    order = leads + [i for i in range(situation.n_members) if i not in leads]
    picked = [order[k % len(order)] for k in range(n_members)]
    return replace(
        situation,
        members=tuple(f"{chr(65 + k // 26)}{chr(65 + k % 26)}X" for k in range(n_members)),
        standing={n: tuple(spans[i] for i in picked) for n, spans in situation.standing.items()},
        indicators=situation.indicators and tuple(situation.indicators[i] for i in picked),
        pools=tuple(situation.pools[i] for i in picked),
        requester=0,
        patron=1,
        adversary=None,
    )


@dataclass(frozen=True)
class Memories:
    """Memory of each way to run.

    Attributes:
        kept: Bytes a run that an outcome of the arrays holds.
        arrays, twice: Memory of an ensemble, and of one twice as large.
        n_runs: Runs of the first.
        story: Memory of one replay with its diary.
        mesa: Bytes that each run of ``batch_run`` leaves behind in Mesa.
    """

    kept: float
    arrays: Memory
    twice: Memory
    n_runs: int
    story: Memory
    mesa: float


def memory(sizes: Sizes) -> Memories:
    """Measure memory."""
    from benchmarks import mesa_runs
    from foedus.model.mesa_model import replay

    situation, p, n = kazakhstan(), defaults(), sizes.n_arrays
    chance, codes = draw_chance(situation, SEED, 0, 1024), draw_codes(situation, SEED, 0, 1024)
    model = mesa_runs.agents_of_foedus(situation, p, codes, chance)
    mesa_runs.answers_by_batch_run(model, 1)
    outcome = run_batch(situation, p, SEED, n)
    left = memory_of(partial(mesa_runs.answers_by_batch_run, model, sizes.n_agents)).remains
    mesa_runs.forget_models()
    return Memories(
        kept=sum(getattr(outcome, name).nbytes for name in FIELDS) / n,
        arrays=memory_of(partial(run_batch, situation, p, SEED, n)),
        twice=memory_of(partial(run_batch, situation, p, SEED, 2 * n)),
        n_runs=n,
        story=memory_of(partial(replay, situation, p, SEED, 0)),
        mesa=left / sizes.n_agents,
    )


COMMANDS = (
    "--help",
    "--version",
    "list",
    f"run {CASE}",
    f"run {CASE} --runs 1000",
    f"run {CASE} --runs 100000",
    "history --runs 10000",
)
"""Commands whose start-up is measured, as a person types them."""


def start_up(sizes: Sizes, commands: tuple[str, ...] = COMMANDS) -> dict[str, Started]:
    """Seconds of whole processes, by command; ``python`` is an interpreter that does nothing."""
    found = {"python": process(["-c", "pass"], sizes.processes)}
    for command in commands:
        found[command] = process(["-m", "foedus", *command.split()], sizes.processes)
    nothing_kept = process(
        ["-m", "foedus", *commands[-1].split()], sizes.processes, FOEDUS_CACHE=""
    )
    return {**found, f"{commands[-1]}, the first time": nothing_kept}


def versions() -> dict[str, str]:
    """What the figures were measured with."""
    import os
    import platform
    from importlib.metadata import version

    packages = ["numpy", "mesa"]
    return {
        "processor": _processor(),
        "processors": str(os.cpu_count()),
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
        "vectors": ", ".join(_vectors()),
        "load": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "",
    }


def _processor() -> str:
    import platform
    from pathlib import Path

    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _vectors() -> list[str]:
    """Vector instructions that numpy has found, the widest last."""
    info = np.show_config(mode="dicts") or {}
    return list(info.get("SIMD Extensions", {}).get("found", []))[-1:]
