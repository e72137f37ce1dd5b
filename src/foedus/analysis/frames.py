"""Results as plain values, pandas frames and tables of HTML, for files and notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from html import escape
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data.library import Case
from foedus.data.terms import LEVELS, Ending, Labelled
from foedus.model.ensemble import Ensemble

if TYPE_CHECKING:
    import pandas as pd

    from foedus.model.outcome import Story


def plain(value: Any) -> Any:
    """A result as plain values that JSON can hold.

    Records become dicts by field, tuples and arrays lists, a case its id, a term its word in
    small letters, and a number that is not known (nan, or without an end) null.
    """
    if isinstance(value, Case):
        return value.id
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, Labelled):
        return value.label
    return None if isinstance(value, float) and not isfinite(value) else value


def runs_frame(ensemble: Ensemble) -> pd.DataFrame:
    """One row a run.

    Returns:
        DataFrame: ``run``, ``level`` (a word), ``day_decided`` (-1: never) and ``day_ended`` in
            days from day 0, ``ending`` (a word), and troops by state in columns ``troops_<ISO3>``.
    """
    import pandas as pd

    outcome = ensemble.outcome
    return pd.DataFrame(
        {
            "run": range(ensemble.n_runs),
            "level": [LEVELS[k] for k in outcome.level],
            "day_decided": outcome.day_decided,
            "day_ended": outcome.day_ended,
            "ending": [Ending(k).label for k in outcome.ending],
            **{f"troops_{state}": outcome.troops[i] for i, state in enumerate(ensemble.members)},
        }
    )


def days_frame(story: Story) -> pd.DataFrame:
    """One row a day and member.

    Returns:
        DataFrame: ``day`` from day 0; ``intensity`` in [0, 1]; ``answer`` in force (a word); the
            three bars ``bar_consult``, ``bar_support`` and ``bar_deploy``, and the member's
            ``private`` view and ``position`` after influence, in log-odds; troops ``in_place`` of
            all, and ``troops`` of the member ``state``.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "day": day.day,
            "intensity": day.intensity,
            "answer": day.answer.label,
            **{f"bar_{word}": bar for word, bar in zip(LEVELS[1:], day.bars, strict=True)},
            "in_place": day.in_place,
            "state": member.state,
            "private": member.private,
            "position": member.position,
            "troops": member.troops,
        }
        for day in story.days
        for member in day.members
    )


def write_json(record: Mapping[str, Any], path: Path) -> None:
    """Write plain values as a file of JSON."""
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_results(ensemble: Ensemble, record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write ``result.json`` and ``runs.csv``; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    result, runs = folder / "result.json", folder / "runs.csv"
    write_json(record, result)
    runs_frame(ensemble).to_csv(runs, index=False)
    return [result, runs]


def html_table(heads: Iterable[str], rows: Iterable[Iterable[object]], title: str = "") -> str:
    """A heading and rows of cells, all escaped; `title` stands above them."""
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    lines = (("th", heads), *(("td", row) for row in rows))
    body = (
        "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) for tag, cells in lines
    )
    return f"<table>{caption}{''.join(f'<tr>{line}</tr>' for line in body)}</table>"


def span(interval: tuple[float, float]) -> str:
    """An interval of a skill, as a cell."""
    low, high = interval
    return f"{low:+.2f} to {high:+.2f}"
