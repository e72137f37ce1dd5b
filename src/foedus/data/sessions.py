"""A saved role play: which crisis, which chance, and who decided what on which day.

A session holds decisions only; the days are lived again from them. It is plain JSON, checked key
by key when it is opened, and names no person.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from foedus.data.durable import write_durably
from foedus.data.record_reader import record_from
from foedus.data.records import Flag, Identifier, Iso3, Number, Record, RuleName, Text, Version
from foedus.data.terms import Request
from foedus.data.yaml_reader import MAX_BYTES, TOO_LARGE, parse_tree, read_tree
from foedus.errors import UsageError, file_problem

LineWord = Literal["object", "aside", "consult", "support", "deploy"]


class Session(Record):
    """One role play as decided so far.

    Attributes:
        scenario, digest: Id of the scenario, and the digest of what it said when the session was
            saved.
        seed, run: The chance under which it is played.
        settings, rule, theory, request: What was set by hand, as on the command line.
        seats: States that persons hold.
        days: For each day lived, the line of each state that a person decided for; the model plays
            the others.
    """

    session_version: Version
    scenario: Identifier
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seed: Annotated[int, Field(strict=True, ge=0, le=2**32 - 1)]
    run: Annotated[int, Field(strict=True, ge=0, lt=10_000_000)]
    settings: dict[Annotated[str, Field(max_length=60)], Number] = Field(
        default_factory=dict, max_length=200
    )
    rule: RuleName | None = None
    theory: Annotated[Text, Field(max_length=60)] | None = None
    request: Request = Request.HISTORY
    drawn_codes: Flag = True
    seats: tuple[Iso3, ...] = Field(max_length=60)
    days: tuple[dict[Iso3, LineWord], ...] = Field(default=(), max_length=365)


def parse_session(text: str, file: str = "session") -> Session:
    """Check a session that was sent as text; `file` names it in problems.

    Raises:
        FileProblems: If it is too long, no JSON, or no session; of :func:`read_session` too.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise file_problem(file, TOO_LARGE)
    return record_from(parse_tree(text, file), Session)


def read_session(path: Path) -> Session:
    """Open a saved session.

    Raises:
        FileProblems: If the file cannot be read or holds no session.
    """
    return record_from(read_tree(path), Session)


def session_text(session: Session) -> str:
    """The session as JSON."""
    record = session.model_dump(mode="json", exclude_none=True)
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def write_session(session: Session, path: Path) -> None:
    """Save a session to a file, whole or not at all.

    Raises:
        UsageError: If the file cannot be written.
    """
    try:
        write_durably(path, session_text(session).encode())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
