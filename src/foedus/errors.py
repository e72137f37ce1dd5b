"""Every error foedus raises on purpose.

::

    FoedusError
    ├── InputError        something a person wrote cannot be used      (exit 65)
    │   └── FileProblems    one or more located problems in a file
    ├── UsageError        a command was given words it does not know   (exit 2)
    └── UnfinishedError   the work ended, but some of it failed        (exit 3)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from os import PathLike
from typing import TypeVar

Thing = TypeVar("Thing")
MOST_TOLD = 20
"""Known words that an error lists; a longer list would hide what it says."""

LONGEST = 600
"""Characters of an error that are shown; a hostile file could state a name of any length."""

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class FoedusError(Exception):
    """Root of the tree; its text is one clear line for a person."""

    exit_code = 1


class InputError(FoedusError):
    """Something a person wrote (a file, a number, a name) cannot be used."""

    exit_code = 65


class UsageError(FoedusError):
    """A command or function was given words it does not know."""

    exit_code = 2


class UnfinishedError(FoedusError):
    """The work ended, but part of it failed and is recorded as failed."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One located problem, in one line: ``file:line:column: path: what was expected``."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        text = f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"
        return one_line(text)


class FileProblems(InputError):
    """All the problems found in files, each once, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def file_problem(file: str | PathLike[str], message: str, line: int = 1) -> FileProblems:
    """The error of a file with one problem, at the beginning of a line."""
    return FileProblems([Problem(str(file), line, 1, "", message)])


def one_line(text: str) -> str:
    """The text in one line that a terminal shows as it stands, whatever a file or name holds."""
    shown = " ".join(text.splitlines()).encode(errors="backslashreplace").decode()
    shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}..."
    return CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", shown)


def missing(what: str, library: str, extra: str) -> UsageError:
    """The error of whoever asks for `what` without the extra that brings `library`."""
    return UsageError(
        f"{what} needs {library}: pip install 'foedus[{extra}]' (in a checkout: '.[{extra}]')"
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"``, or the known words where none is near and they are few.

    Args:
        word: What was written; small and capital letters count alike.
        known: What would have been understood.
    """
    words = sorted(known)
    folded = {one.lower(): one for one in words}
    near = get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    if near:
        return f" (did you mean '{folded[near[0]]}'?)"
    return f" (known: {', '.join(words)})" if 0 < len(words) <= MOST_TOLD else ""


def named(kind: str, name: str, known: Mapping[str, Thing]) -> Thing:
    """What is known by a name.

    Raises:
        UsageError: If it is no text, or nothing of that kind has the name.
    """
    if not isinstance(name, str):
        raise UsageError(f"expected the name of a {kind}, found a {type(name).__name__}")
    if name not in known:
        raise UsageError(f"unknown {kind} '{name}'{did_you_mean(name, known)}")
    return known[name]
