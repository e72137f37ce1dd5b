"""A chronicle in a folder: finished blocks are kept, so a stopped study goes on and ends alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from foedus.analysis.frames import plain
from foedus.chronicle.year_summary import (
    alliance_frame,
    answers_frame,
    breaks_frame,
    states_frame,
    summarise_states,
)
from foedus.chronicle.years import ChronicleSetup, Progress, run_chronicle
from foedus.chronicle.years_engine import Years
from foedus.data.durable import make_durably, new_file, sha256, write_durably
from foedus.errors import InputError

MANIFEST = "manifest.json"
TABLES = {
    "states": states_frame,
    "alliance": alliance_frame,
    "breaks": breaks_frame,
    "answers": answers_frame,
}
"""Tables by the name of their file."""


def study_in(
    folder: Path, setup: ChronicleSetup, n_runs: int, seed: int, progress: Progress
) -> Years:
    """Simulate into a folder, taking up the blocks that stand there already.

    Raises:
        InputError: If the folder holds another study.
    """
    make_durably(folder / "blocks")
    manifest = _json(manifest_of(setup, n_runs, seed))
    if (folder / MANIFEST).exists() and (folder / MANIFEST).read_bytes() != manifest:
        raise InputError(f"{folder}: holds another chronicle; choose a new folder")
    write_durably(folder / MANIFEST, manifest)

    def kept(block: int, made: Callable[[], Years]) -> Years:
        path = folder / "blocks" / f"block-{block:05d}.npz"
        part = _read(path)
        if part is None:
            part = made()
            with new_file(path) as file:
                np.savez(file, **vars(part))
        return part

    whole = run_chronicle(setup, n_runs, seed, progress, kept=kept)
    for name, frame in TABLES.items():
        write_durably(folder / f"{name}.csv", frame(setup, whole).to_csv(index=False).encode())
    write_durably(folder / "result.json", _json(plain(summarise_states(setup, whole))))
    return whole


def manifest_of(setup: ChronicleSetup, n_runs: int, seed: int) -> dict[str, Any]:
    """What decides the study, as plain values, with a digest of all files that it rests on."""
    content = [
        setup.record.model_dump(mode="json"),
        sorted((*key, *sorted(series.items())) for key, series in setup.panel.values.items()),
        [vars(row) for row in setup.indicators],
        {name: case.digest for name, case in setup.cases.items()},
    ]
    digest = sha256(json.dumps(content, sort_keys=True, default=str).encode())
    plan = {**vars(setup.plan), "without": sorted(setup.plan.without)}
    return {
        "alliance": setup.record.alliance,
        "digest": digest,
        "years": [setup.years[0], setup.years[-1]],
        "plan": plain(plan),
        "parameters": dict(setup.overrides),
        "crisis_settings": plain(dict(setup.crisis_settings)),
        "over_priors": setup.over_priors,
        "n_runs": n_runs,
        "seed": seed,
        "version": version("foedus"),
    }


def _json(values: Any) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _read(path: Path) -> Years | None:
    """A finished block; None where there is none, or where it is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as stored:
            return Years(**{name: stored[name] for name in Years.__dataclass_fields__})
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return None
