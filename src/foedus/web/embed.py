"""One run as the council component takes it, and that component for a page of somebody else's."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import Any

from foedus.analysis.explain.decomposition import listening
from foedus.analysis.summary import typical_run
from foedus.data.library import Case
from foedus.model.ensemble import DEFAULT_RUNS, DEFAULT_SEED, ensemble, story
from foedus.model.outcome import Day, Story
from foedus.model.setup import Setup, SetupLike, setup_of
from foedus.plots.words import end_on
from foedus.web.page import COUNCIL, bundle, inert

CAPTION = (
    "one of many possible histories, simulated by foedus. A model for study and teaching: it "
    "cannot predict a decision."
)


def embed(setup: SetupLike, run: int | None = None, seed: int = DEFAULT_SEED) -> str:
    """The council of one run as HTML to paste into a page: an element, its data, its script.

    Args:
        setup: From :func:`foedus.prepare`, or the id or path of a crisis.
        run: Which run of `seed`; None for the first that gives the most frequent answer.

    Returns:
        str: A ``<figure>`` with ``<foedus-council>``, and a script; it loads nothing from outside.
            Where a page shows several councils, each brings its own, and the first script counts.
    """
    setup = setup_of(setup)
    if run is None:
        run = typical_run(ensemble(setup, DEFAULT_RUNS, seed).outcome)
    data = inert(council_data(setup, story(setup, run, seed)))
    return f"""<figure>
<foedus-council><script type="application/json">{data}</script></foedus-council>
<figcaption>{escape(setup.case.scenario.title)}: {CAPTION}</figcaption>
</figure>
<script type="module">{bundle(COUNCIL)}</script>
"""


def council_data(setup: Setup, story: Story) -> dict[str, Any]:
    """One run of a crisis as plain data, ready for JSON.

    Args:
        setup, story: The crisis as set, and one run of it.

    Returns:
        dict: ``id``, ``title``, ``members`` (id, name, roles, capability in [0, 1], ``hears``:
            share of its position by speaker), ``days`` (thresholds and positions in log-odds,
            stances -1, 0 or 1 toward consult, support and deploy, troops) and ``end``, a sentence.
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
