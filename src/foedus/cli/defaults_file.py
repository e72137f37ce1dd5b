"""Defaults of one's own for seed and runs: the file ``foedus.toml`` of the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from foedus.cli.options import RUNS_VARIABLE, SEED_VARIABLE
from foedus.errors import InputError

FILE = Path("foedus.toml")
KEYS = {"seed": SEED_VARIABLE, "runs": RUNS_VARIABLE}


def own_defaults(command: Any) -> dict[str, Any]:
    """Defaults for each command below `command`, by its options that the file may set."""
    return _for(command, _read()) if FILE.is_file() else {}


def _read() -> dict[str, int]:
    import tomllib

    try:
        found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{FILE}: cannot be read: {error}") from None
    for name, value in found.items():
        if name not in KEYS or type(value) is not int:
            raise InputError(f"{FILE}: {name}: expected `seed` or `runs` and a whole number")
    return {KEYS[name]: value for name, value in found.items()}


def _for(command: Any, values: dict[str, int]) -> dict[str, Any]:
    below = getattr(command, "commands", {})
    own = {p.name: values[p.envvar] for p in command.params if getattr(p, "envvar", "") in values}
    return {**own, **{name: _for(one, values) for name, one in below.items()}}
