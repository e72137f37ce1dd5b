"""Files that are either there in full or not at all, whatever happens to the machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from foedus.errors import UnfinishedError, UsageError

UNFINISHED_SUFFIX = ".unfinished"
"""Ends the name of a file that is being written; such files mean nothing and may be deleted."""


LOCK_ATTEMPTS = 5
LOCK_PAUSE = 0.1
"""Patience with a lock, in seconds an attempt: whoever asks for a status holds it for a moment."""


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it survives a crash: temporary name, fsync, rename, fsync of the folder.

    Raises
    ------
    OSError
        If the disk is full, cannot be written, or fails; the path is then as it was before.
    """
    temporary = path.with_name(path.name + UNFINISHED_SUFFIX)
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable (where the system can)."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
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
        If the folder cannot be written.
    """
    with disk_errors(folder, "choose a folder that can be written"):
        file = (folder / "lock").open("a+")
    with file:
        for _ in range(LOCK_ATTEMPTS):
            if _locked(file.fileno()):
                break
            time.sleep(LOCK_PAUSE)
        else:
            raise UsageError(f"{folder}: another foedus is at work there")
        yield


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
