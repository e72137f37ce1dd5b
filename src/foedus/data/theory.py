"""Theories: claims about alliances, each a file that sets parameters or the council's rule.

The package has those in ``theories``; ``--theory FILE`` and :func:`theory_at` take any other file,
and :func:`add` takes those of an installed extension.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from os import PathLike
from pathlib import Path

from pydantic import Field

from foedus.data.record_reader import Finding, record_from
from foedus.data.records import Number, Record, RuleName, Text
from foedus.data.settings import parameter_faults
from foedus.data.terms import ATTRIBUTE_RANGE
from foedus.data.yaml_reader import read_tree
from foedus.errors import UsageError, did_you_mean, named

FOLDER = Path(__file__).parent / "theories"
_added: dict[str, Theory] = {}
_files: dict[str, Theory] = {}


class Theory(Record):
    """A claim, and the parameters that state it.

    Attributes:
        rule: The council rule; the alliance's own where it is absent.
        parameters: Values by the name of the parameter, those of extensions included.
        raises, lowers, ignores: Attributes that, under this theory, raise, lower or leave alone the
            expected answer; a test checks those of the package against what the model does.
    """

    title: Text
    claim: Text
    rule: RuleName | None = None
    parameters: dict[str, Number] = Field(default_factory=dict)
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()
    sources: tuple[Text, ...] = Field(min_length=1)


def theories() -> Mapping[str, Theory]:
    """All theories by name; the full model first, those of extensions last."""
    return {**_shipped(), **_added}


def add(name: str, held: Theory | str | PathLike[str]) -> None:
    """Add a theory from outside the package, as a record or as its file (:func:`read_theory`)."""
    _added[name] = held if isinstance(held, Theory) else read_theory(Path(held))


def theory(name: str) -> Theory:
    """The theory of that name.

    Raises:
        UsageError: If there is none.
    """
    return named("theory", name, theories())


def theory_at(given: Theory | str | PathLike[str]) -> Theory:
    """A theory by its name (:func:`theory`), by its file (:func:`read_theory`), or as it is.

    Raises:
        UsageError: If it is none of these.
    """
    if isinstance(given, Theory):
        return given
    if not isinstance(given, str | PathLike):
        raise UsageError(f"expected a theory, its name or file, found a {type(given).__name__}")
    if isinstance(given, str) and not is_path(given):
        return theory(str(given))
    found = _files[str(given)] = read_theory(Path(given))
    return found


def is_path(given: str) -> bool:
    """Whether a word is meant as the path of a file, and not as the name of what foedus ships."""
    return given.endswith((".yaml", ".yml")) or "/" in given


def name_of(held: Theory) -> str | None:
    """The name of a theory, or the file that it was read from; None where there is neither."""
    known = {**_files, **theories()}
    return next((name for name, one in reversed(known.items()) if one == held), None)


def read_theory(path: Path) -> Theory:
    """Read and check the file of a theory.

    Raises:
        FileProblems: If the file cannot be used; each problem with its line and column.
    """
    return record_from(read_tree(path), Theory, _faults)


def _faults(held: Theory) -> Iterator[Finding]:
    yield from parameter_faults(held.parameters)
    for key in ("raises", "lowers", "ignores"):
        for index, name in enumerate(getattr(held, key)):
            if name not in ATTRIBUTE_RANGE:
                near = did_you_mean(name, ATTRIBUTE_RANGE)
                yield Finding((key, index), f"unknown attribute '{name}'{near}")


@cache
def _shipped() -> Mapping[str, Theory]:
    names = sorted((path.stem for path in FOLDER.glob("*.yaml")), key=lambda n: (n != "full", n))
    return {name: read_theory(FOLDER / f"{name}.yaml") for name in names}
