"""Which code computes: part of every point's address, so that no table mixes two."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from inspect import getsourcefile
from pathlib import Path

from foedus.extensions import loaded
from foedus.model.council import PASSES

DECIDES = (
    "data",
    "model",
    "analysis/summary.py",
    "experiments/evaluate.py",
    "experiments/points.py",
    "experiments/table.py",
)
"""Parts of the package that decide results."""

SUFFIXES = (".py", ".csv", ".yaml")


@dataclass(frozen=True)
class CodeVersion:
    """What must be the same for two results to be comparable byte for byte.

    Attributes
    ----------
    foedus, numpy
        Installed versions.
    source
        SHA-256 over the files that decide results.
    """

    foedus: str
    source: str
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
    named = [(path.relative_to(package).as_posix(), path) for path in _files(package)]
    digest = hashlib.sha256()
    for name, path in [*named, *((path.name, path) for path in outside)]:
        digest.update(name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(package: Path) -> Iterator[Path]:
    for part in DECIDES:
        place = package / part
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (path for path in found if path.is_file() and path.suffix in SUFFIXES)


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
    code = code_version()
    found = {
        "foedus": code.foedus,
        "source": code.source,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for package in ("numpy", "scipy", "pyarrow", "distributed"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
