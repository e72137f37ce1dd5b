"""A worker process: tasks come by standard input, answers leave; it ends when its parent does."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO

from foedus.experiments.code_version import code_version
from foedus.experiments.frames import ERROR, POINTS, READY, RUNS, TASK, BrokenPipe, receive, send
from foedus.experiments.work import perform


def main() -> None:
    """Work until the parent closes the pipe or dies."""
    answers = _private_output()
    import pyarrow.parquet  # noqa: F401 - so that starting, not the first task, pays for it

    tasks: SimpleQueue[bytes] = SimpleQueue()
    with suppress(BrokenPipe):
        send(answers, READY, str(code_version()).encode())
        Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
        while True:
            _answer(answers, tasks.get())


def _listen(pipe: IO[bytes], tasks: SimpleQueue[bytes]) -> None:
    """Pass tasks on; when the parent is gone, end at once, even in the middle of one."""
    try:
        while True:
            kind, message = receive(pipe)
            if kind == TASK:
                tasks.put(message)
    except BrokenPipe:
        os._exit(0)


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
