"""An ensemble: many runs of one case under one set of parameters, and one of them as a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from numbers import Integral
from typing import TYPE_CHECKING

from foedus.data.terms import LEVELS
from foedus.errors import UsageError
from foedus.model.array_engine import run_batch
from foedus.model.outcome import Outcome
from foedus.model.setup import Setup, SetupLike, setup_of

if TYPE_CHECKING:
    from foedus.model.mesa_agents import MemberState
    from foedus.model.outcome import Story

DEFAULT_RUNS = 1000
DEFAULT_SEED = 1
MOST_RUNS, MOST_SEED, MOST_RUN = 10_000_000, 2**63 - 1, 2**31 - 1
"""Largest number of runs, largest seed, and largest number of a run."""


@dataclass(frozen=True, repr=False)
class Ensemble:
    """Runs ``0`` to ``n_runs - 1`` of a setup under a seed."""

    setup: Setup
    seed: int
    outcome: Outcome
    version: str

    def __repr__(self) -> str:
        """One line: the crisis, the runs, and how often each answer came."""
        shares = ", ".join(f"{word} {share:.0%}" for word, share in self._shares())
        return f"Ensemble({self.setup.case.id}, {self.n_runs:,} runs, seed {self.seed}: {shares})"

    def _repr_html_(self) -> str:
        """A small table for notebooks."""
        head, cells = zip(*self._shares(), strict=True)
        row = "".join(f"<td>{share:.0%}</td>" for share in cells)
        heads = "".join(f"<th>{word}</th>" for word in head)
        title = f"{self.setup.case.id}: {self.n_runs:,} runs, seed {self.seed}"
        return f"<table><caption>{title}</caption><tr>{heads}</tr><tr>{row}</tr></table>"

    def _shares(self) -> list[tuple[str, float]]:
        levels = self.outcome.level
        return [(word, float((levels == k).mean())) for k, word in enumerate(LEVELS)]

    @property
    def members(self) -> tuple[str, ...]:
        """ISO codes in the order of the arrays."""
        return tuple(sorted({*self.setup.case.scenario.members} - {*self.setup.without}))

    @property
    def n_runs(self) -> int:
        """Number of runs."""
        return self.outcome.n_runs


def ensemble(
    setup: SetupLike,
    n_runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
    *,
    members: Mapping[str, type[MemberState]] | None = None,
) -> Ensemble:
    """Simulate an ensemble with the array engine.

    Args:
        setup: From :func:`prepare`, or the id or path of a crisis.
        n_runs: Number of runs, 1 or more.
        seed: Seed of all chance, 0 or more; the same seed gives the same runs, however many.
        members: Another class of agent for some members, by ISO code (subclasses of
            :class:`foedus.model.mesa_model.MemberState`). Such an ensemble runs through Mesa, run
            by run, hundreds of times slower; its runs are those of :func:`story` with these
            members.

    Raises:
        UsageError: If a number is none of these.
    """
    setup, n_runs = setup_of(setup), _whole("n_runs", n_runs, 1, MOST_RUNS)
    seed = whole_seed(seed)
    if members:
        from foedus.model.mesa_model import run_agents

        outcome = run_agents(setup, seed, n_runs, members)
    else:
        outcome = run_batch(setup.situation, setup.parameters, seed, n_runs, **setup.draws)
    return Ensemble(setup, seed, outcome, installed_version("foedus"))


def story(
    setup: SetupLike,
    run: int = 0,
    seed: int = DEFAULT_SEED,
    *,
    members: Mapping[str, type[MemberState]] | None = None,
) -> Story:
    """Play one run of the ensemble of `seed` with the agent engine.

    Args:
        setup, seed, members: As in :func:`ensemble`.
        run: Number of the run in the ensemble, 0 or more.

    Returns:
        Story: Every day, and who stood where: the run of that number of :func:`ensemble` with the
            same members, bit for bit.
    """
    from foedus.model.mesa_model import AllianceModel, lived

    run, seed = whole_run(run), whole_seed(seed)
    model = AllianceModel.from_setup(setup, run, seed, members=members, collects=False)
    return lived(model, seed, run)


def whole_seed(value: int) -> int:
    """A seed as a plain integer; NumPy's are taken too."""
    return _whole("seed", value, 0, MOST_SEED)


def whole_run(value: int) -> int:
    """The number of a run as a plain integer."""
    return _whole("run", value, 0, MOST_RUN)


def _whole(name: str, value: int, least: int, most: int) -> int:
    """Refuse what is no whole number in range."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least:
        raise UsageError(f"{name}: expected a whole number from {least}, found {value!r:.60}")
    if value > most:
        raise UsageError(f"{name}: expected a whole number up to {most:,}, found a larger one")
    return int(value)
