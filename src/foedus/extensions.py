"""What others add without changing the package: council rules, terms, theories, figures.

An extension is a Python file that calls these doors, given to ``foedus --extension FILE``, named
in the variable FOEDUS_EXTENSIONS, run by :func:`load`, or a module that an installed package
states as an entry point of the group ``foedus``. It is run as it is: use only what you trust.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Set
from functools import cache
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from os import PathLike
from pathlib import Path
from traceback import extract_tb
from typing import Any, Literal

from foedus.data import register, vocabulary
from foedus.data.register import Parameter
from foedus.data.terms import CRISIS_ATTRIBUTES, MEMBER_ATTRIBUTES, Rule
from foedus.data.theory import add as theory
from foedus.errors import FoedusError, InputError, UsageError
from foedus.model import council
from foedus.model.council import Ballot
from foedus.model.numbers import Value
from foedus.model.situation import Codes, Situation
from foedus.model.willingness import TERMS, Measure, Term

__all__ = [
    "Ballot",
    "Codes",
    "Situation",
    "council_rule",
    "figure",
    "load",
    "load_declared",
    "loaded",
    "term",
    "theory",
]

VARIABLE = "FOEDUS_EXTENSIONS"
"""Paths of extension files, separated as in PATH; processes that foedus starts inherit it."""

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
Prior = Literal["lognormal", "normal", "fixed"]
Passes = Callable[[Ballot], Value]
Wins = Callable[[frozenset[str], tuple[str, ...], Mapping[str, float]], bool]
Build = Callable[[Any], Any]
FIGURES: dict[str, tuple[str, Build, frozenset[str], bool]] = {}
"""What it shows, how it is built, the options it heeds, and whether it is of one crisis."""

_files: dict[Path, None] = {}


def council_rule(name: str, words: str, *, wins: Wins | None = None) -> Callable[[Passes], Passes]:
    """Add a council rule: a decorator of a function of the ballot.

    Args:
        name: As in files and after ``--rule``: small letters, digits, hyphens and underscores.
        words: When an answer passes, in one sentence, as ``foedus list rules`` shows it.
        wins: ``wins(states, members, capability)``: whether a motion passes with these states for
            it and the other members against it; for ``foedus data power``. Without it the rule
            itself is asked, with a ballot in which all who are not for a motion object to it.

    Returns:
        callable: Takes the rule: a function of a :class:`foedus.model.council.Ballot` that returns
            whether the level passes, one truth value a run. It may use ``&``, ``|``, ``~`` and
            numpy, no ``if``: a ballot holds many runs at once.

    Raises:
        UsageError: If the name cannot be used, or is that of a rule of the package.
    """
    _usable(name, taken=set(Rule), what="council rule")

    plain = name.replace("-", " ").replace("_", " ")

    def adding(rule: Passes) -> Passes:
        vocabulary.add(vocabulary.Entry("rule", name, plain.capitalize(), plain, words))
        council.PASSES[name] = rule
        council.WINS.pop(name, None)
        if wins is not None:
            council.WINS[name] = wins
        return rule

    return adding


def term(
    name: str,
    symbol: str,
    words: str,
    sign: int,
    *,
    default: float = 0.0,
    prior: Prior = "fixed",
    spread: float = 0.0,
    high: float = 10.0,
    source: str = "assumed",
) -> Callable[[Measure], Measure]:
    """Add a term of willingness: a decorator of a function of the situation and the codes.

    Args:
        name: Of the term, as in a code; its weight is the parameter ``b_`` and this name.
        symbol, words: As in an equation, and as explanations say it.
        sign: 1 if it makes a member more willing, -1 if less.
        default, prior, spread, high, source: Of the weight, log-odds, 0 to `high`:
            :class:`foedus.data.register.Parameter`. It is 0 unless a theory, ``--set`` or a prior
            says otherwise. A ``lognormal`` prior needs a default above 0, which is its median.

    Returns:
        callable: Takes ``measure(situation, codes)``, which returns an array (member, run), or
            (member, 1) where no run differs; members in the order of ``situation.members``. Runs
            come in blocks, and one by one: a column may depend on its own run alone.

    Raises:
        UsageError: If a name, the sign or the prior cannot be used.
    """
    attributes = {*CRISIS_ATTRIBUTES, *MEMBER_ATTRIBUTES}
    _usable(name, taken=attributes | (set(vocabulary.entries("term")) - set(TERMS)), what="term")
    weight = f"b_{name}".replace("-", "_")
    if sign not in (1, -1) or (prior == "lognormal" and default <= 0):
        raise UsageError(f"the term '{name}' needs the sign 1 or -1, and a prior it can have")
    row = Parameter(
        *(weight, symbol, default, prior, spread, 0.0, high),
        *("log-odds", "willingness", f"Weight of: {words}", source),
    )
    row.accept(default)

    def adding(measure: Measure) -> Measure:
        register.add(row)
        vocabulary.add(vocabulary.Entry("term", name, words[:1].upper() + words[1:], words, words))
        TERMS[name] = Term(weight, sign, measure)
        return measure

    return adding


def figure(
    name: str, shows: str, *, options: Set[str] = frozenset(), of_case: bool = True
) -> Callable[[Build], Build]:
    """Add a kind of figure: a decorator of a function that draws it.

    Args:
        name, shows: As after ``foedus plot ID``, and in one line as ``foedus list figures`` shows
            it.
        options: Of ``runs``, ``run``, ``member``, ``along`` and ``draws``: those it heeds.
        of_case: Whether it shows one crisis; else it shows the library.

    Returns:
        callable: Takes ``build(wanted)``, from a :class:`foedus.plots.wanted.Wanted` to a
            :class:`foedus.plots.frame.Picture`.
    """
    _usable(name, taken=set(), what="figure")

    def adding(build: Build) -> Build:
        FIGURES[name] = (shows, build, frozenset(options), of_case)
        return build

    return adding


def load(path: str | PathLike[str]) -> None:
    """Run a Python file that adds to the model; a file that has been run is not run again.

    Raises:
        InputError: If there is no such file, or it fails; the message names its line.
    """
    file = Path(path).resolve()
    if file in _files:
        return
    if not file.is_file():
        raise InputError(f"{path}: no such extension file")
    name = f"foedus_extension_{file.stem}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: expected a Python file with the ending .py")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(_blame(path, file, error)) from error
    _files[file] = None


def declare(paths: list[str]) -> None:
    """Put files into the variable that :func:`load_declared` and started processes read."""
    before = [path for path in os.environ.get(VARIABLE, "").split(os.pathsep) if path]
    own = [str(Path(path).resolve()) for path in paths]
    os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys([*before, *own]))


def load_declared() -> None:
    """Run the extensions of installed packages, and the files that the variable names.

    Raises:
        InputError: If one of them fails.
    """
    _load_installed()
    for path in os.environ.get(VARIABLE, "").split(os.pathsep):
        if path:
            load(path)


def loaded() -> tuple[Path, ...]:
    """The extension files that have been run."""
    return tuple(_files)


@cache
def _load_installed() -> None:
    for entry in entry_points(group="foedus"):
        try:
            entry.load()
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise InputError(f"the installed extension {entry.name} fails: {reason}") from error


def _usable(name: str, taken: Set[str], what: str) -> None:
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r}: expected a name in small letters, such as two-vetoes")
    if name in taken:
        raise UsageError(f"the package has a {what} '{name}'; choose another name")


def _blame(path: str | PathLike[str], file: Path, error: Exception) -> str:
    """The file, the line in it that failed, and why."""
    lines = [step.lineno for step in extract_tb(error.__traceback__) if step.filename == str(file)]
    line = lines[-1] if lines else getattr(error, "lineno", None)
    kind = "" if isinstance(error, FoedusError) else f"{type(error).__name__}: "
    where = str(path) if line is None else f"{path}:{line}"
    return f"{where}: {kind}{error}"
