"""Messages over a pipe: one letter that says what it is, the length, the bytes."""

from __future__ import annotations

import struct
from typing import IO

_HEAD = struct.Struct(">cQ")
MAX_BYTES = 8_000_000_000

TASK, READY, POINTS, RUNS, ERROR = b"t", b"v", b"p", b"r", b"e"


class BrokenPipe(Exception):
    """The other side is gone, or says nothing that can be understood."""


def send(pipe: IO[bytes], kind: bytes, content: bytes) -> None:
    """Write one message.

    Raises
    ------
    BrokenPipe
        If nobody reads any more.
    """
    try:
        pipe.write(_HEAD.pack(kind, len(content)))
        pipe.write(content)
        pipe.flush()
    except (OSError, ValueError):
        raise BrokenPipe from None


def receive(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    """Read one message, as its kind and content.

    Raises
    ------
    BrokenPipe
        If the other side ended, even in the middle of a message.
    """
    kind, length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    if length > MAX_BYTES:
        raise BrokenPipe
    return kind, _exactly(pipe, length)


def _exactly(pipe: IO[bytes], n: int) -> bytes:
    try:
        content = pipe.read(n)
    except (OSError, ValueError):
        raise BrokenPipe from None
    if content is None or len(content) < n:
        raise BrokenPipe
    return content
