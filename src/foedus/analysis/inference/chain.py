"""The chain of a calibration on the disk: emcee's HDF5 file, which holds the random state too.

The sampler writes into a working copy. Each block of steps is kept whole or not at all: a copy is
flushed and put in the place of the last one. Whatever stops the work, the next start goes on from
a whole block and ends where an undisturbed one would have.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foedus.errors import InputError, missing
from foedus.model.numbers import Array

KEPT = "chain.h5"
MOST_BYTES = 2 << 30
"""A larger chain is not opened."""


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

    def take_up(self, n_walkers: int, heights_at: Callable[[Array], Array]) -> bool:
        """Go on from what is kept in the folder; False where nothing is.

        Args:
            heights_at: Log posterior (walker,) at places (walker, parameter): the last places must
                be as probable now as when they were kept.

        Raises:
            InputError: If the file is no chain of this calibration.
        """
        if self.kept is None or not self.kept.is_file():
            return False
        last, heights = _last_of(self.kept, self.names, n_walkers)
        if not np.allclose(heights, heights_at(last), rtol=1e-9, atol=1e-9):
            raise _other(self.kept)
        shutil.copyfile(self.kept, self.working)
        return True

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
