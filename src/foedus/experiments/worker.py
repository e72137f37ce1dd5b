"""A worker process: reads tasks from standard input, writes answers, ends when its parent does."""

from __future__ import annotations

import os
import sys
from typing import IO

from foedus.experiments.code_version import code_version
from foedus.experiments.frames import ERROR, POINTS, READY, RUNS, TASK, BrokenPipe, receive, send
from foedus.experiments.work import perform


def main() -> None:
    """Work until the parent closes the pipe or dies."""
    answers = _private_output()
    import pyarrow.parquet  # noqa: F401 - so that starting, not the first task, pays for it

    try:
        send(answers, READY, str(code_version()).encode())
        while True:
            kind, message = receive(sys.stdin.buffer)
            if kind == TASK:
                _answer(answers, message)
    except BrokenPipe:
        return


def _answer(answers: IO[bytes], message: bytes) -> None:
    try:
        answer = perform(message)
    except Exception as error:  # whatever it is, it concerns this task alone
        send(answers, ERROR, f"{type(error).__name__}: {error}".encode(errors="replace"))
        return
    send(answers, POINTS, answer.points)
    send(answers, RUNS, answer.runs)


def _private_output() -> IO[bytes]:
    """Standard output for answers alone; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


if __name__ == "__main__":
    main()
