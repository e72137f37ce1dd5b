"""Files that are either there in full or not at all, whatever happens to the machine."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from foedus.errors import UnfinishedError, UsageError

UNFINISHED_SUFFIX = ".unfinished"
"""Ends the name of a file that is being written; such files mean nothing and may be deleted."""

LOCK_SECONDS = 0.5
"""Patience with a lock: whoever asks for a status holds it for a moment."""


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when all is written, and survives a crash.

    Temporary name, fsync, rename, fsync of the folder.

    Raises:
        OSError: If the disk is full, cannot be written, or fails; the path is then as it was
            before.
    """
    temporary = path.with_name(path.name + UNFINISHED_SUFFIX)
    try:
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:  # a new file, never one that a link leads to
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write a file by way of :func:`new_file`; errors as there."""
    with new_file(path) as file:
        file.write(content)


def make_durably(folder: Path) -> None:
    """Make a folder, and those above it, so that they survive a crash; may raise `OSError`."""
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in new:
        sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """Make what was made or renamed in a folder durable (where the system can)."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # some shared file systems cannot
                raise
        finally:
            os.close(handle)


def sha256(content: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def disk_errors(folder: Path, remedy: str) -> Iterator[None]:
    """Turn any ``OSError`` into an `UnfinishedError`: one clear line that says what to do."""
    try:
        yield
    except OSError as error:
        raise UnfinishedError(f"{folder}: {error.strerror or error}; {remedy}") from None


@contextlib.contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system releases it when the process ends, however it ends.

    Raises:
        UsageError: If another process holds it.
        UnfinishedError: If the folder cannot be written, or its disk knows no locks.
    """
    from filelock import FileLock, Timeout

    with disk_errors(folder, "choose a folder that can be written, on a disk of this machine"):
        try:
            lock = FileLock(folder / "lock").acquire(LOCK_SECONDS)
        except Timeout:
            raise UsageError(f"{folder}: another foedus is at work there") from None
    with lock:
        yield


def is_locked(folder: Path) -> bool:
    """Whether some process is at work in a folder."""
    from filelock import FileLock, Timeout

    if not (folder / "lock").is_file():
        return False
    try:
        with FileLock(folder / "lock", timeout=0):
            return False
    except OSError as error:
        return isinstance(error, Timeout)
