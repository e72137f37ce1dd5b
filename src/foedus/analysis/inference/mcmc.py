"""The posterior of the free parameters given a panel of crises.

Walkers move on the priors' standard normal scale, so that the prior is a sphere; the likelihood
is estimated on the array engine under one chance for all (it is a fixed function of the
parameters), raised to a strength that shrinks the fit. Sampler: emcee, several moves.

The chain is kept on the disk in emcee's HDF5 file, which holds the random state too. The sampler
writes into a working copy; each block of steps is kept whole or not at all. Whatever stops the
work, the next start goes on from a whole block and ends where an undisturbed one would have.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from foedus.analysis.inference.likelihood import Target, log_likelihood, log_posterior, values_at
from foedus.analysis.inference.recovery import WeightedDraws, annealed, gaussian_of
from foedus.data.register import Parameter
from foedus.errors import InputError, missing
from foedus.model.numbers import Array

GUIDE_DRAWS = 2000
"""Draws in each step towards the guide: a hundred for each parameter, or its Gaussian is noise."""

KEPT = "chain.h5"
MOST_BYTES = 2 << 30
"""A larger chain is not opened."""


@dataclass(frozen=True)
class Posterior:
    """Draws from the posterior, and whether they can be trusted.

    Attributes:
        z: Kept draws on the standard scale (step, walker, parameter).
        rhat, ess: Split R-hat and effective sample size (parameter,).
    """

    rows: tuple[Parameter, ...]
    z: Array
    rhat: Array
    ess: Array

    @property
    def draws(self) -> dict[str, Array]:
        """Values by name, all walkers and steps together (draw,)."""
        return values_at(self.rows, self.z.reshape(-1, self.z.shape[-1]))


def sample(
    target: Target,
    *,
    max_steps: int = 2000,
    seed: int = 1,
    block: int = 50,
    rhat_below: float = 1.05,
    least_ess: float = 400.0,
    folder: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Posterior:
    """Sample the posterior until R-hat and effective sample size are good, or steps run out.

    Args:
        block: Steps between two looks at the diagnostics, and two savings; `progress` then gets a
            line.
        folder: Where to save the chain; a chain found there is taken up again, and ends bit for bit
            where one that was never interrupted does.

    Raises:
        UsageError: If emcee, h5py or ArviZ is not installed.
        InputError: If the chain in `folder` is of other parameters, crises, strength, runs or seed.
    """
    walkers = 2 * (len(target.rows) + 2)
    saved = Chain(folder, [row.name for row in target.rows])
    heights_at = partial(log_posterior, target)
    done = saved.take_up(walkers, heights_at)
    guide = _guide(target, seed)
    sampler = sampler_of(heights_at, guide, walkers, saved.backend)
    while done < max_steps:
        state = None if done else _start(guide, walkers, seed)
        steps = min(block - done % block, max_steps - done)
        sampler.run_mcmc(state, steps, skip_initial_state_check=True)
        saved.keep()
        done += steps
        rhat, ess = diagnostics(_settled(sampler.get_chain()))
        progress(
            f"{done} steps of {walkers} walkers: R-hat at most {rhat.max():.3f}, "
            f"effective draws at least {ess.min():.0f}"
        )
        if rhat.max() < rhat_below and ess.min() >= least_ess:
            break
    kept = _settled(sampler.get_chain())
    saved.close()
    return Posterior(target.rows, kept, *diagnostics(kept))


def _settled(chain: Array) -> Array:
    """A chain (step, walker, parameter) without its first quarter."""
    return chain[len(chain) // 4 :]


def sampler_of(
    log_density: Callable[[Array], Array], guide: Guide, n_walkers: int, backend: Any = None
) -> Any:
    """Emcee's sampler with the moves that calibration makes.

    Most moves propose from the guide; `log_density` gives the log posterior (walker,) at places
    (walker, parameter).
    """
    emcee = emcee_library()
    return emcee.EnsembleSampler(
        n_walkers,
        len(guide.centre),
        log_density,
        vectorize=True,
        backend=backend,
        moves=[
            (emcee.moves.MHMove(guide.propose), 0.7),
            (emcee.moves.DEMove(), 0.2),
            (emcee.moves.StretchMove(), 0.1),
        ],
    )


def diagnostics(chain: Array) -> tuple[Array, Array]:
    """Rank-normalised split R-hat and bulk effective sample size of each parameter.

    From a chain (step, walker, parameter), after Vehtari et al. (2021), doi:10.1214/20-BA1221.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # ArviZ announces its next version
        arviz = import_module("arviz")
    columns = np.swapaxes(chain, 0, 2)
    rhat, ess = (np.array([float(of(c)) for c in columns]) for of in (arviz.rhat, arviz.ess))
    return rhat, ess


@dataclass(frozen=True)
class Guide:
    """A Gaussian near the posterior: where walkers start, and what most moves propose.

    Proposals are drawn from it whatever the walker's place, and accepted by the ratio that makes
    the posterior the chain's own: the guide decides how fast the chain mixes, never what it finds.
    """

    draws: WeightedDraws
    centre: Array
    root: Array

    def log_density(self, z: Array) -> Array:
        """Log density up to a constant (point,)."""
        noise = np.linalg.solve(self.root, (z - self.centre).T)
        return np.asarray(-0.5 * (noise**2).sum(axis=0))

    def propose(self, z: Array, random: np.random.RandomState) -> tuple[Array, Array]:
        """New places for all walkers, and the log ratio that keeps detailed balance."""
        new = self.centre + random.standard_normal(z.shape) @ self.root.T
        return new, self.log_density(z) - self.log_density(new)


def _guide(target: Target, seed: int) -> Guide:
    draws = annealed(
        lambda z: target.strength * log_likelihood(target, z),
        len(target.rows),
        n_draws=GUIDE_DRAWS,
        seed=seed,
    )
    centre, root = gaussian_of(draws.z, draws.weights)
    return Guide(draws, centre, root)


def _start(guide: Guide, walkers: int, seed: int) -> Any:
    """Places near the posterior, and the random state of a chain that begins."""
    chance = np.random.RandomState(np.random.MT19937(np.random.SeedSequence([seed, 0])))
    chosen = chance.choice(len(guide.draws.weights), size=walkers, p=guide.draws.weights)
    start = guide.draws.z[chosen] + 0.05 * chance.standard_normal((walkers, len(guide.centre)))
    return emcee_library().State(start, random_state=chance.get_state())


def record_of(posterior: Posterior, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter file's content (JSON is YAML too): medians, spreads, where they come from."""
    draws = posterior.draws
    return {
        "schema_version": 1,
        "made_by": dict(provenance),
        "diagnostics": {
            "rhat": dict(zip(draws, posterior.rhat.tolist(), strict=True)),
            "ess": dict(zip(draws, posterior.ess.tolist(), strict=True)),
        },
        "parameters": {name: float(np.median(values)) for name, values in draws.items()},
        "interval_90": {
            name: np.quantile(values, [0.05, 0.95]).tolist() for name, values in draws.items()
        },
    }


class Chain:
    """A chain in a folder, or in memory where there is none; emcee writes to its `backend`."""

    def __init__(self, folder: Path | None, names: Sequence[str]) -> None:
        emcee = emcee_library()
        self.names = list(names)
        self.kept = None if folder is None else folder / KEPT
        if folder is None:
            self.backend = emcee.backends.Backend()
            return
        folder.mkdir(parents=True, exist_ok=True)
        self.working = folder / f"{KEPT}.part"
        self.working.unlink(missing_ok=True)
        self.backend = emcee.backends.HDFBackend(str(self.working))

    def take_up(self, n_walkers: int, heights_at: Callable[[Array], Array]) -> int:
        """Go on from what is kept in the folder, and say how many steps that is.

        Args:
            heights_at: Log posterior (walker,) at places (walker, parameter): the last places must
                be as probable now as when they were kept.

        Raises:
            InputError: If the file is no chain of this calibration.
        """
        if self.kept is None or not self.kept.is_file():
            return 0
        last, heights = _last_of(self.kept, self.names, n_walkers)
        if not np.allclose(heights, heights_at(last), rtol=1e-9, atol=1e-9):
            raise _other(self.kept)
        shutil.copyfile(self.kept, self.working)
        return int(self.backend.iteration)

    def keep(self) -> None:
        """Put what has been sampled in the place of what was kept, whole or not at all."""
        if self.kept is None:
            return
        import h5py

        with h5py.File(self.working, "a") as file:
            file.attrs["names"] = self.names
        copy = self.kept.with_suffix(".h5.copy")
        shutil.copyfile(self.working, copy)
        with copy.open("rb+") as out:
            os.fsync(out.fileno())
        copy.replace(self.kept)

    def close(self) -> None:
        """Leave nothing but what is kept."""
        if self.kept is not None:
            self.working.unlink(missing_ok=True)


def _last_of(path: Path, names: list[str], n_walkers: int) -> tuple[Array, Array]:
    """Last places (walker, parameter) and their heights (walker,) of a file that is a chain."""
    import h5py

    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        with h5py.File(path, "r") as file:
            group = _own(file, "mcmc", h5py.Group)
            chain, heights = (_rows(group, name, path) for name in ("chain", "log_prob"))
            n = int(group.attrs["iteration"])
            fits = chain.shape == (n, n_walkers, len(names)) and heights.shape == (n, n_walkers)
            if not (fits and n and list(file.attrs["names"]) == names):
                raise ValueError("of another calibration")
            _rows(group, "accepted", path)
            places, tall = np.asarray(chain[...]), np.asarray(heights[...])
            if not (np.isfinite(places).all() and np.isfinite(tall).all()):
                raise ValueError("not finite")
            state = [group.attrs[f"random_state_{k}"] for k in range(5)]
            if not 0 <= state[2] <= len(state[1]):  # NumPy would read beyond the key
                raise ValueError("no random state")
            np.random.RandomState().set_state(tuple(state))
    except Exception:  # a file bent at random makes HDF5 raise nearly anything
        raise _other(path) from None
    return places[-1], tall[-1]


def _own(group: Any, name: str, kind: type) -> Any:
    """A part that lies in the file itself and is of the kind wanted."""
    import h5py

    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise ValueError(f"{name}: a link")
    if not isinstance(group[name], kind):
        raise ValueError(f"{name}: of another kind")
    return group[name]


def _rows(group: Any, name: str, path: Path) -> Any:
    """Numbers that stand in the file as they are: not packed, not elsewhere, not made up."""
    import h5py

    rows = _own(group, name, h5py.Dataset)
    packed = rows.id.get_create_plist().get_nfilters()
    if packed or rows.is_virtual or rows.external is not None or rows.dtype != float:
        raise ValueError(f"{name}: of another form")
    if rows.nbytes > path.stat().st_size:
        raise ValueError(f"{name}: more than the file holds")
    return rows


def _other(path: Path) -> InputError:
    return InputError(f"{path}: expected the chain of this calibration; give another --out-dir")


def emcee_library() -> Any:
    """The sampler; a UsageError where it or h5py is not installed."""
    try:
        import emcee
        import h5py  # noqa: F401
    except ImportError:
        raise missing("calibration", "emcee and h5py", "evidence") from None
    return emcee
