"""The command line: parse, call, show.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 a bug,
2 words the command does not know, 3 finished with failures, 65 bad input, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from foedus.errors import FoedusError


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """Run one command and return its exit code."""
    import typer

    from foedus.faces.cli import (  # noqa: F401 - they add their commands
        authoring,
        benchmark,
        evidence,
        experiments,
        library,
        library_studies,
        pictures,
        rooms,
        simulation,
    )
    from foedus.faces.cli.root import app

    try:
        code = app(words, prog_name="foedus", standalone_mode=False)
        sys.stdout.flush()
    except FoedusError as error:
        _say(str(error))
        return error.exit_code
    except typer.Abort:
        return 130
    except _word_error() as error:
        _say(f"foedus: {error.format_message()}")  # type: ignore[attr-defined]
        return int(error.exit_code)  # type: ignore[attr-defined]
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0


def _word_error() -> type[Exception]:
    """What typer raises for words that it cannot read; its root has moved from click into typer."""
    from typer import BadParameter

    return next(kind for kind in BadParameter.__mro__ if kind.__name__ == "ClickException")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
