"""Cases as JSON text, so that a sweep holds what it was computed from."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from foedus.data.indicators import Indicator
from foedus.data.library import Case
from foedus.data.schema import Alliance, Scenario
from foedus.errors import InputError


def text_of(case: Case) -> str:
    """A case with its alliance and indicators as JSON; the same case, the same text."""
    return json.dumps(
        {
            "scenario": case.scenario.model_dump(mode="json"),
            "alliance": case.alliance.model_dump(mode="json"),
            "indicators": [vars(row) for row in case.indicators],
        },
        sort_keys=True,
    )


def case_from(text: str, name: str) -> Case:
    """The case in a JSON text.

    Parameters
    ----------
    name
        Names the text in errors, and stands for the case's file.

    Raises
    ------
    InputError
        If it holds no case.
    """
    try:
        record = json.loads(text)
        return Case(
            scenario=Scenario.model_validate_json(json.dumps(record["scenario"])),
            alliance=Alliance.model_validate_json(json.dumps(record["alliance"])),
            indicators=tuple(Indicator(**row) for row in record["indicators"]),
            path=Path(name),
        )
    except (ValidationError, ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"{name}: expected a case as foedus writes it") from None
