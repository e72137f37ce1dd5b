"""What a sweep's folder says of itself, read without disturbing whoever works there."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from foedus.errors import InputError
from foedus.experiments.durable import is_locked
from foedus.experiments.folder import PART_NAME, RUNS_NAME, Folder, damaged
from foedus.experiments.ledger import Failure, LedgerDamagedError, Tally, read_state


@dataclass(frozen=True)
class State:
    """How a sweep stands.

    Attributes
    ----------
    failures
        Points that were given up, and why.
    n_parts, n_bytes
        Files of results, and their size.
    is_running
        Whether a process is at work on it.
    """

    tally: Tally
    failures: tuple[Failure, ...]
    n_parts: int
    n_bytes: int
    is_running: bool

    def as_record(self) -> dict[str, object]:
        """As plain values, for JSON."""
        return {**asdict(self.tally), **asdict(self), "total": self.tally.total}


def state_of(folder: Folder) -> State:
    """The state of the sweep in a folder.

    Raises
    ------
    InputError
        If there is none.
    UnfinishedError
        If its ledger is damaged: a resume mends it.
    """
    folder.require()
    try:
        tally, failures, _ = read_state(folder.ledger)
    except LedgerDamagedError:
        raise damaged(folder.path, InputError(f"{folder.ledger}: missing or damaged")) from None
    sizes = _sizes(folder)
    return State(tally, tuple(failures), len(sizes), sum(sizes), is_locked(folder.path))


def _sizes(folder: Folder) -> list[int]:
    if not folder.parts.is_dir():
        return []
    own = (
        p
        for p in folder.parts.iterdir()
        if PART_NAME.fullmatch(p.name) or RUNS_NAME.fullmatch(p.name)
    )
    return [path.stat().st_size for path in own]
