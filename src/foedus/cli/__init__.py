"""The command line: parse, call, show.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 a bug,
2 words the command does not know, 3 finished with failures, 65 bad input or a place that cannot be
written, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from foedus.errors import FileProblems, FoedusError, InputError, missing, one_line

_OF_EXTRA = {
    "evidence": ("scipy", "statsmodels", "SALib", "emcee", "arviz", "h5py"),
    "experiments": ("pyarrow", "filelock", "distributed", "dask"),
    "app": ("starlette", "uvicorn", "websockets"),
}
EXTRAS = {library: extra for extra, libraries in _OF_EXTRA.items() for library in libraries}
"""The extra that brings a library which the base install may lack."""


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    sys.stdout, sys.stderr = _usable(sys.stdout), _usable(sys.stderr)
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """Run one command and return its exit code; without words, show what there is."""
    try:
        return _run(words or ["--help"])
    except KeyboardInterrupt:
        return 130
    except (BrokenPipeError, SystemExit):  # typer leaves so where nobody reads on
        _close_output()
        return 0
    except OSError as error:  # a full disk, a folder that is a file, a place nobody may write to
        what = f"{error.filename}: cannot be used" if error.filename else "cannot write"
        _say(f"{what}: {error.strerror or error}")
        if error.filename is None:
            _close_output()
        return InputError.exit_code


def _run(words: list[str]) -> int:
    import typer

    try:
        code = _called(words)
        sys.stdout.flush()
    except FileProblems as error:
        _say(str(error))
        return error.exit_code
    except FoedusError as error:
        _say(one_line(str(error)))
        return error.exit_code
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in EXTRAS:
            raise
        lacking = missing("this command", library, EXTRAS[library])
        _say(str(lacking))
        return lacking.exit_code
    except typer.Abort:
        return 130
    except _word_error() as error:
        _say(f"foedus: {_with_example(error.format_message(), words)}")  # type: ignore[attr-defined]
        return int(error.exit_code)  # type: ignore[attr-defined]
    return code if isinstance(code, int) else 0


def commands() -> Any:
    """The root of all commands, which takes a moment to import."""
    from typer.main import get_command

    from foedus.cli.root import app

    return get_command(app)


def _called(words: list[str]) -> Any:
    """Run the command that the words name, old names included."""
    from typer._completion_classes import completion_init

    from foedus.cli.old_names import renewed
    from foedus.cli.progress import QUIET, manner, note
    from foedus.cli.root import own_defaults

    manner.quiet = any(word in QUIET for word in words)
    words, old = renewed([word for word in words if word not in QUIET])
    for line in old:
        note(line)
    completion_init()
    call = {"prog_name": "foedus", "standalone_mode": False, "obj": own_defaults()}
    return commands()(words or ["--help"], **call)


def _with_example(message: str, words: list[str]) -> str:
    """What is missing, with an example where a crisis is."""
    if "Missing argument 'ID|FILE'" in message:
        return f"{message} E.g. foedus {words[0]} kazakhstan-2022; foedus list shows all."
    return message


def _word_error() -> type[Exception]:
    """What typer raises for words that it cannot read; its root has moved from click into typer."""
    from typer import BadParameter

    return next(kind for kind in BadParameter.__mro__ if kind.__name__ == "ClickException")


def _usable(stream: Any) -> Any:
    """A stream that takes every text: neither a closed one nor a strange character is a reason."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, TextIOWrapper):  # a notebook's own stream takes every text
        stream.reconfigure(errors="replace")
    return stream


def _close_output() -> None:
    """Send what is still to be printed nowhere, so that nothing complains at the end."""
    if isinstance(sys.stdout, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    with suppress(OSError):  # nobody can be told
        print(text, file=sys.stderr, flush=True)
