"""Which code computes: part of every point's address, so that no table mixes two."""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from inspect import getsourcefile
from pathlib import Path
from typing import Annotated

from pydantic import Field

from foedus.data.durable import sha256
from foedus.extensions import loaded
from foedus.model.council import PASSES

DECIDES = (
    "data",
    "model",
    "analysis/summary.py",
    "experiments/columns.csv",
    "experiments/evaluate.py",
    "experiments/points.py",
    "experiments/table.py",
)
"""Parts of the package that decide results."""

SUFFIXES = (".py", ".csv", ".yaml")

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class CodeVersion:
    """What must be the same for two results to be comparable byte for byte.

    `source` is the SHA-256 over the files that decide results.
    """

    foedus: str
    source: Digest
    numpy: str

    def __str__(self) -> str:
        return f"foedus {self.foedus} (source {self.source[:12]}, numpy {self.numpy})"


def code_version() -> CodeVersion:
    """The version of the code that runs now, with the rules and plug-ins from outside foedus."""
    return _version(tuple(sorted(_outside())))


@cache
def _version(outside: tuple[Path, ...]) -> CodeVersion:
    return CodeVersion(version("foedus"), _source_digest(outside), version("numpy"))


def _source_digest(outside: tuple[Path, ...] = ()) -> str:
    package = Path(__file__).resolve().parents[1]
    places = [package / part for part in DECIDES]
    found = [path for place in places for path in (place, *sorted(place.rglob("*")))]
    own = [path for path in found if path.is_file() and path.suffix in SUFFIXES]
    named = [(path.relative_to(package).as_posix(), path) for path in own]
    named += [(path.name, path) for path in outside]
    return sha256("".join(name + sha256(path.read_bytes()) for name, path in named).encode())


def _outside() -> set[Path]:
    """Source files of council rules and of installed plug-ins that are not part of foedus."""
    rules = (Path(file).resolve() for rule in PASSES.values() if (file := getsourcefile(rule)))
    package = Path(__file__).resolve().parents[1]
    found = {path for path in rules if path.is_file() and not path.is_relative_to(package)}
    return found | set(loaded()) | _plugins()


@cache
def _plugins() -> frozenset[Path]:
    specs = (find_spec(entry.module) for entry in entry_points(group="foedus"))
    return frozenset(Path(spec.origin) for spec in specs if spec and spec.origin)


def versions() -> dict[str, str]:
    """Versions of all that takes part, for the manifest."""
    found = {
        **asdict(code_version()),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for package in ("scipy", "pyarrow", "distributed"):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
