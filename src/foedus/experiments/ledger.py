"""The ledger of a sweep: what is planned, done and failed. One SQLite file, one writer."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from foedus.errors import UnfinishedError
from foedus.experiments.points import Point

TRIES = 2
"""Times that a point may fail, computed alone, before it is given up."""

LEDGER_VERSION = 1
DISK_ERRORS = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PERM,
)
BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE parts (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    points INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE points (
    key TEXT PRIMARY KEY,
    point INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'failed')),
    tries INTEGER NOT NULL,
    part TEXT,
    reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX points_by_state ON points (state);
"""


class LedgerDamagedError(Exception):
    """The file is no ledger any more; it is rebuilt from the parts and never shown to people."""


@dataclass(frozen=True)
class Tally:
    """How far a sweep is."""

    planned: int
    done: int
    failed: int

    @property
    def total(self) -> int:
        """All points."""
        return self.planned + self.done + self.failed

    def moved(self, done: int, failed: int) -> Tally:
        """The tally after some more points are done, and some given up."""
        return Tally(self.planned - done - failed, self.done + done, self.failed + failed)


@dataclass(frozen=True)
class Failure:
    """A point that was given up."""

    point: int
    tries: int
    reason: str


@dataclass(frozen=True)
class Part:
    """A file of results.

    Attributes
    ----------
    name
        Its name in the folder of parts.
    sha256
        Digest of its bytes.
    n_bytes
        Its size.
    keys
        Keys of the points in it.
    """

    name: str
    sha256: str
    n_bytes: int
    keys: tuple[str, ...]


class Ledger:
    """An open ledger."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Open a ledger to write, making it where there is none.

        Raises
        ------
        LedgerDamagedError
            If the file is no ledger, or not whole.
        UnfinishedError
            If the disk does not let it be written.
        """
        new = not path.exists()
        with _errors(path):
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                if new:
                    version = f"PRAGMA user_version = {LEDGER_VERSION};"
                    connection.executescript(f"BEGIN;{_SCHEMA}{version}COMMIT;")
                _check(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    def close(self) -> None:
        """Close it."""
        with _errors(self._path):
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _errors(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def reconcile(
        self, points: Sequence[Point], parts: Iterable[Part], facts: Mapping[str, str]
    ) -> None:
        """Make the ledger say what the parts on the disk prove, and nothing else.

        Points that were given up are planned again.
        """
        in_part = {key: part for part in parts for key in part.keys}
        rows = [
            (p.key, p.index, "done" if p.key in in_part else "planned", _name(in_part.get(p.key)))
            for p in points
        ]
        known = {part.name: part for part in in_part.values()}
        with self._transaction() as connection:
            for table in ("points", "parts", "facts"):
                connection.execute(f"DELETE FROM {table}")
            connection.executemany("INSERT INTO points VALUES (?, ?, ?, 0, ?, NULL)", rows)
            connection.executemany(
                "INSERT INTO parts VALUES (?, ?, ?, ?)", map(_row, known.values())
            )
            connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())

    def finish(self, part: Part) -> None:
        """Note that the points of a part are done."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", _row(part))
            connection.executemany(
                "UPDATE points SET state = 'done', part = ?, reason = NULL WHERE key = ?",
                [(part.name, key) for key in part.keys],
            )

    def fail(self, key: str, reason: str) -> bool:
        """Note that a point failed alone; returns whether it is given up."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE points SET tries = tries + 1, reason = ?, "
                "state = CASE WHEN tries + 1 >= ? THEN 'failed' ELSE state END WHERE key = ?",
                (reason[:500], TRIES, key),
            )
            query = "SELECT state FROM points WHERE key = ?"
            return bool(connection.execute(query, (key,)).fetchone() == ("failed",))

    def note(self, name: str, value: str) -> None:
        """Keep a fact under a name."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def planned(self) -> set[int]:
        """Numbers of the points still to be computed."""
        with _errors(self._path):
            query = "SELECT point FROM points WHERE state = 'planned'"
            return {number for (number,) in self._connection.execute(query)}

    def tally(self) -> Tally:
        """How many points are planned, done and failed."""
        with _errors(self._path):
            return _tally(self._connection)

    def failures(self) -> list[Failure]:
        """Points given up, in their order."""
        with _errors(self._path):
            return _failures(self._connection)


def read_facts(path: Path) -> dict[str, str]:
    """The facts of a ledger, without writing to it; empty where it cannot be read."""
    try:
        with closing(_reader(path)) as connection:
            return dict(connection.execute("SELECT name, value FROM facts"))
    except (sqlite3.Error, LedgerDamagedError, ValueError):
        return {}


def read_state(path: Path) -> tuple[Tally, list[Failure], dict[str, str]]:
    """Tally, failures, and digest by part, without writing to the ledger.

    Raises
    ------
    LedgerDamagedError
        If it cannot be read.
    """
    try:
        with closing(_reader(path)) as connection:
            _check(connection)
            digests = dict(connection.execute("SELECT name, sha256 FROM parts"))
            return _tally(connection), _failures(connection), digests
    except (sqlite3.Error, ValueError) as error:
        raise LedgerDamagedError(str(error)) from None


def _reader(path: Path) -> sqlite3.Connection:
    """A connection that never writes; a folder that cannot be written is read as it is."""
    if not path.is_file():
        raise LedgerDamagedError("no such file")
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("SELECT name FROM sqlite_master").fetchall()
        except sqlite3.OperationalError:
            connection.close()
        else:
            return connection
    raise LedgerDamagedError("cannot be opened")


def _check(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    expected = {sql.split()[2]: sql.strip() for sql in _SCHEMA.split(";") if sql.strip()}
    if found != "ok" or version != LEDGER_VERSION or tables != expected:
        raise LedgerDamagedError(str(found))


def _tally(connection: sqlite3.Connection) -> Tally:
    counts = dict(connection.execute("SELECT state, COUNT(*) FROM points GROUP BY state"))
    return Tally(*(counts.get(state, 0) for state in ("planned", "done", "failed")))


def _failures(connection: sqlite3.Connection) -> list[Failure]:
    query = "SELECT point, tries, reason FROM points WHERE state = 'failed' ORDER BY point"
    return [Failure(*row) for row in connection.execute(query)]


def _row(part: Part) -> tuple[str, str, int, int]:
    return part.name, part.sha256, part.n_bytes, len(part.keys)


def _name(part: Part | None) -> str | None:
    return None if part is None else part.name


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """What SQLite says, as what it means here."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not _is_of_the_disk(error, path):
            raise LedgerDamagedError(str(error)) from None
        raise UnfinishedError(
            f"{path.parent}: the ledger cannot be written: {error}; what is finished is kept; "
            f"make room or rights, then run: foedus resume {path.parent}"
        ) from None


def _is_of_the_disk(error: sqlite3.DatabaseError, path: Path) -> bool:
    """Whether the disk is at fault (full, read-only, failing) and not what stands in the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_READONLY:  # a damaged header, too, makes a file read-only
        return not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    return code in DISK_ERRORS
