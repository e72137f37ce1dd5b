"""Files that are either there in full or not at all, whatever happens to the machine."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from foedus.errors import UnfinishedError, UsageError

UNFINISHED_SUFFIX = ".unfinished"
"""Ends the name of a file that is being written; such files mean nothing and may be deleted."""


LOCK_ATTEMPTS = 5
LOCK_PAUSE = 0.1
"""Patience with a lock, in seconds an attempt: whoever asks for a status holds it for a moment."""


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when all is written, and survives a crash.

    Temporary name, fsync, rename, fsync of the folder.

    Raises
    ------
    OSError
        If the disk is full, cannot be written, or fails; the path is then as it was before.
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
    """Write a file by way of :func:`new_file`.

    Raises
    ------
    OSError
        As there.
    """
    with new_file(path) as file:
        file.write(content)


def make_durably(folder: Path) -> None:
    """Make a folder, and those above it, so that they survive a crash.

    Raises
    ------
    OSError
        If the disk does not let them be made.
    """
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
    """Turn errors of the disk into one clear line that says what to do.

    Raises
    ------
    UnfinishedError
        In place of any ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise UnfinishedError(f"{folder}: {error.strerror or error}; {remedy}") from None


@contextlib.contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system releases it when the process ends, however it ends.

    Raises
    ------
    UsageError
        If another process holds it.
    UnfinishedError
        If the folder cannot be written, or its disk knows no locks.
    """
    remedy = "choose a folder that can be written, on a disk of this machine"
    with disk_errors(folder, remedy):
        file = (folder / "lock").open("a+")
    with file:
        with disk_errors(folder, remedy):
            mine = _waited_for(file.fileno())
        if not mine:
            raise UsageError(f"{folder}: another foedus is at work there")
        yield


def _waited_for(handle: int) -> bool:
    """Take a lock, with some patience; whether it was got."""
    for _ in range(LOCK_ATTEMPTS):
        if _locked(handle):
            return True
        time.sleep(LOCK_PAUSE)
    return False


def is_locked(folder: Path) -> bool:
    """Whether some process is at work in a folder."""
    try:
        with (folder / "lock").open("r") as file:
            return not _locked(file.fileno())
    except OSError:
        return False


def _locked(handle: int) -> bool:
    """Try to take the lock of an open file."""
    try:
        import fcntl
    except ImportError:  # Windows
        return _locked_on_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked_on_windows(handle: int) -> bool:
    import msvcrt

    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
