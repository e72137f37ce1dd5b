"""A chronicle in a folder: finished blocks are kept, so a stopped study goes on and ends alike."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from foedus.analysis.frames import plain
from foedus.chronicle.year_frames import (
    alliance_frame,
    answers_frame,
    breaks_frame,
    states_frame,
)
from foedus.chronicle.year_summary import summarise_states
from foedus.chronicle.years import ChronicleSetup, Progress, block_of_chronicle, joined
from foedus.chronicle.years_engine import Years
from foedus.errors import InputError
from foedus.model.streams import BLOCK

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

    Raises
    ------
    InputError
        If the folder holds another study.
    """
    (folder / "blocks").mkdir(parents=True, exist_ok=True)
    _agree(folder / MANIFEST, manifest_of(setup, n_runs, seed))
    parts = []
    for block in range(-(-n_runs // BLOCK)):
        path = folder / "blocks" / f"block-{block:05d}.npz"
        part = _read(path)
        if part is None:
            part = block_of_chronicle(setup, n_runs, seed, block)
            _write(path, part)
        parts.append(part)
        progress(f"{min((block + 1) * BLOCK, n_runs):,} of {n_runs:,} chronicles")
    whole = joined(parts)
    for name, frame in TABLES.items():
        _put(folder / f"{name}.csv", frame(setup, whole).to_csv(index=False).encode())
    _put(folder / "result.json", _json(plain(summarise_states(setup, whole))))
    return whole


def manifest_of(setup: ChronicleSetup, n_runs: int, seed: int) -> dict[str, Any]:
    """What decides the study, as plain values, with a digest of all files that it rests on."""
    content = [
        setup.record.model_dump(mode="json"),
        sorted((*key, *sorted(series.items())) for key, series in setup.panel.values.items()),
        [vars(row) for row in setup.indicators],
        {name: case.digest for name, case in setup.cases.items()},
    ]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
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


def _agree(path: Path, manifest: dict[str, Any]) -> None:
    text = _json(manifest)
    if path.exists() and path.read_bytes() != text:
        raise InputError(f"{path.parent}: holds another chronicle; choose a new folder")
    _put(path, text)


def _json(values: Any) -> bytes:
    return (json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _put(path: Path, content: bytes) -> None:
    """Write whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _write(path: Path, part: Years) -> None:
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        np.savez(file, **vars(part))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _read(path: Path) -> Years | None:
    """A finished block; None where there is none, or where it is damaged."""
    try:
        with path.open("rb") as file, np.load(file) as stored:
            return Years(**{name: stored[name] for name in Years.__dataclass_fields__})
    except (OSError, ValueError, KeyError, BadZipFile, EOFError):
        return None
