"""The model in JavaScript, asked in node or as a page would run it, and its input as JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import numpy as np

from foedus.model.array_engine import simulate
from foedus.model.chance import draw_chance, draw_codes
from foedus.web.page_data import situation_data

NODE = shutil.which("node")
WEB = Path(str(resources.files("foedus.web")))
RUNS = Path(__file__).with_name("web") / "model_runs.mjs"


def asked(way: str, lines: Iterable[str], folder: Path = WEB) -> list:
    """What node answers to crises as JSON lines; `folder` holds the script."""
    done = subprocess.run(
        [NODE, str(RUNS), str(folder), way],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(setup, n, *, start=0, **more):
    """A set-up with its draws as plain data, and the outcome of the array engine."""
    situation, stop = setup.situation, start + n
    chance = draw_chance(situation, 1, start, stop, with_doubt=setup.endogenous)
    codes = draw_codes(situation, 1, start, stop)
    plain = {
        "situation": situation_data(situation),
        "p": setup.parameters,
        "n": n,
        "traced": False,
        "codes": {
            "crisis": {k: np.asarray(v).tolist() for k, v in codes.crisis.items()},
            "standing": {k: v.tolist() for k, v in codes.standing.items()},
        },
        "chance": {
            "crisis": chance.crisis.tolist(),
            "members": chance.members.tolist(),
            "intensity": chance.intensity.tolist(),
            "convening": chance.convening.tolist(),
            "size": chance.size.tolist(),
            "arrival": chance.arrival.tolist(),
            "shares": chance.shares.tolist(),
            "doubt": None if chance.doubt is None else chance.doubt.tolist(),
        },
        **more,
    }
    return plain, simulate(situation, codes, setup.parameters, chance)


def differences(found, outcome):
    """Runs in which the two models differ in anything they report."""
    rows = zip(
        outcome.level, outcome.day_decided, outcome.day_ended, outcome.ending, outcome.troops.T,
        strict=True,
    )  # fmt: skip
    return [
        n
        for n, (run, (level, decided, ended, ending, troops)) in enumerate(
            zip(found, rows, strict=True)
        )
        if (run["level"], run["dayDecided"], run["dayEnded"], run["ending"])
        != (level, decided, ended, ending)
        or run["troops"] != troops.tolist()
    ]


def changed_copy(folder: Path, file: str, old: str, new: str) -> Path:
    """A folder with the script in which one expression differs."""
    for script in WEB.glob("*.js"):
        shutil.copy(script, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder
