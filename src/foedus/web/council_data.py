"""One run as the council component takes it: members, days, and how it ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from foedus.analysis.explain.influence_network import listening
from foedus.data.library import Case
from foedus.model.setup import Setup
from foedus.model.story import Day, Story
from foedus.plots.words import end_on


def council_data(setup: Setup, story: Story) -> dict[str, Any]:
    """One run of a crisis as plain data, ready for JSON.

    Parameters
    ----------
    setup, story
        The crisis as set, and one run of it.

    Returns
    -------
    dict
        ``id``, ``title``, ``members`` (id, name, roles, capability in [0, 1], ``hears``: share of
        its position by speaker), ``days`` (thresholds and positions in log-odds, stances -1, 0 or
        1 toward consult, support and deploy, troops) and ``end``, a sentence.
    """
    case = setup.case
    return {
        "id": case.id,
        "title": case.scenario.title,
        "members": _members(setup),
        "days": [_day(case, day) for day in story.days],
        "end": ending(case, story),
    }


def ending(case: Case, story: Story) -> str:
    """How the run ended, in one sentence that says whose danger it is."""
    end = end_on(case, story)
    return f"{end[0].upper()}{end[1:]}."


def _members(setup: Setup) -> list[dict[str, Any]]:
    network, case = listening(setup), setup.case
    roles = {network.requester: ["in crisis"]}
    roles.setdefault(network.patron, []).append("lead state")
    if network.adversary is not None:
        roles.setdefault(network.adversary, []).append("adversary")
    return [
        {
            "id": state,
            "name": case.name_of(state),
            "roles": roles.get(i, []),
            "capability": float(network.capability[i]),
            "hears": {
                other: round(float(share), 4)
                for other, share in zip(network.members, network.influence[i], strict=True)
                if share > 0
            },
        }
        for i, state in enumerate(network.members)
    ]


def _day(case: Case, day: Day) -> dict[str, Any]:
    date = case.scenario.dates.coded + timedelta(days=day.day)
    return {
        "day": day.day,
        "date": f"{date.day} {date:%B %Y}",
        "danger": day.intensity,
        "asked": day.asked,
        "channel": day.channel,
        "bars": list(day.bars),
        "sat": day.council_sat,
        "byProcedure": day.by_procedure,
        "answer": int(day.answer),
        "inPlace": day.in_place,
        "members": [
            {
                "private": m.private,
                "position": m.position,
                "stances": [int(stance) for stance in m.stances],
                "troops": m.troops,
            }
            for m in day.members
        ],
    }
