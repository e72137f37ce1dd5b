"""Results as pandas frames and plain records, for notebooks and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.data.terms import LEVELS, Ending
from foedus.model.ensemble import Ensemble

if TYPE_CHECKING:
    import pandas as pd

    from foedus.model.story import Story


def runs_frame(ensemble: Ensemble) -> pd.DataFrame:
    """One row a run.

    Returns
    -------
    DataFrame
        ``run``, ``level`` (a word), ``day_decided`` (-1: never) and ``day_ended`` in days from
        day 0, ``ending`` (a word), and men by state in columns ``troops_<ISO3>``.
    """
    import pandas as pd

    outcome = ensemble.outcome
    return pd.DataFrame(
        {
            "run": range(ensemble.n_runs),
            "level": [LEVELS[k] for k in outcome.level],
            "day_decided": outcome.day_decided,
            "day_ended": outcome.day_ended,
            "ending": [Ending(k).name.lower() for k in outcome.ending],
            **{f"troops_{state}": outcome.troops[i] for i, state in enumerate(ensemble.members)},
        }
    )


def days_frame(story: Story) -> pd.DataFrame:
    """One row a day and member.

    Returns
    -------
    DataFrame
        ``day`` from day 0; ``intensity`` in [0, 1]; ``answer`` in force (a word); the three bars
        ``bar_consult``, ``bar_support`` and ``bar_deploy``, and the member's ``private`` view and
        ``position`` after influence, in log-odds; men ``in_place`` of all, and ``troops`` of the
        member ``state``.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "day": day.day,
            "intensity": day.intensity,
            "answer": day.answer.label,
            "bar_consult": day.bars[0],
            "bar_support": day.bars[1],
            "bar_deploy": day.bars[2],
            "in_place": day.in_place,
            "state": member.state,
            "private": member.private,
            "position": member.position,
            "troops": member.troops,
        }
        for day in story.days
        for member in day.members
    )


def story_record(story: Story) -> dict[str, Any]:
    """A story as plain values."""
    return {
        "seed": story.seed,
        "run": story.run,
        "level": story.level.label,
        "day_decided": story.day_decided,
        "day_ended": story.day_ended,
        "ending": story.ending.name.lower(),
        "troops": story.troops,
        "days": [
            {
                "day": day.day,
                "intensity": day.intensity,
                "asked": day.asked,
                "channel": day.channel,
                "bars": list(day.bars),
                "council_sat": day.council_sat,
                "by_procedure": day.by_procedure,
                "answer": day.answer.label,
                "in_place": day.in_place,
                "members": [
                    {
                        "state": m.state,
                        "private": m.private,
                        "position": m.position,
                        "stances": [stance.name.lower() for stance in m.stances],
                        "troops": m.troops,
                    }
                    for m in day.members
                ],
            }
            for day in story.days
        ],
    }


def write_results(ensemble: Ensemble, record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write ``result.json`` and ``runs.csv``; returns the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    result, runs = folder / "result.json", folder / "runs.csv"
    result.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    runs_frame(ensemble).to_csv(runs, index=False)
    return [result, runs]
