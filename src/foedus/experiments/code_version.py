"""Which code computes: part of every point's address, so that no table mixes two."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

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


@cache
def code_version() -> CodeVersion:
    """The version of the code that runs now."""
    return CodeVersion(version("foedus"), _source_digest(), version("numpy"))


def _source_digest() -> str:
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in _files(package):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(package: Path) -> Iterator[Path]:
    for part in DECIDES:
        place = package / part
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (path for path in found if path.is_file() and path.suffix in SUFFIXES)


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
