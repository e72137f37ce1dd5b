"""A chronicle as the time line of a page takes it: ribbons, calls, and what other answers rest on.

Shares are whole thousandths, so that a file stays small. The page itself simulates other answers
(`timeline_model.js`), from the year of the first changed call on.
"""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np

from foedus.chronicle.trust import in_kind
from foedus.chronicle.year_summary import Ribbons, ribbons_of
from foedus.chronicle.years import (
    ChronicleSetup,
    Progress,
    chronicle,
    chronicle_ids,
    run_chronicle,
)
from foedus.chronicle.years_plan import Plan
from foedus.data.chronicle_file import CHRONICLE_FILE, Call, read_chronicle
from foedus.data.library import ALLIANCE_FILE, load_alliance, shipped
from foedus.data.register import OF_YEARS, free, parameters, register
from foedus.model.numbers import Array
from foedus.plots.chronicle_picture import finding
from foedus.web.page_data import priors_of, told

MEASURED, DIGITS = ("dependence", "alignment", "pact"), 4
"""What is measured of each state and year, and its digits in the page."""


def timeline_data(
    name: str, n_runs: int = 1000, seed: int = 1, progress: Progress = lambda _: None
) -> dict[str, Any]:
    """What a time line shows of a :func:`~foedus.chronicle.years.chronicle`, over the priors.

    Returns:
        dict: ``states`` and ``relevance`` by year with history's standing; ``calls`` and ``events``
            with words and sources; ``model``, what the page simulates other answers from.

    Raises:
        InputError: If there is no such chronicle, or a file cannot be used.
    """
    setup = chronicle(name, plan=Plan(members="history"), over_priors=True)
    years = run_chronicle(setup, n_runs, seed, progress)
    ribbons = ribbons_of(setup, years)
    return {
        "id": setup.record.alliance,
        "name": setup.name,
        "finding": finding(ribbons),
        "leadState": ribbons.lead_state,
        "years": [ribbons.years[0], ribbons.years[-1]],
        "runs": n_runs,
        "seed": seed,
        "states": _states(ribbons),
        "relevance": {n: thousandths(v) for n, v in ribbons.relevance._asdict().items()},
        "calls": [_call(setup, ribbons, k, call) for k, call in enumerate(setup.calls)],
        "events": list(_events(setup, ribbons)),
        "sources": _cited(setup),
        "model": _model(setup, ribbons),
    }


def chronicle_names() -> list[dict[str, str]]:
    """Id and name of every shipped chronicle by name, without reading the years."""
    rows = [{"id": name, "name": _name(name)} for name in chronicle_ids()]
    return sorted(rows, key=itemgetter("name"))


def _name(name: str) -> str:
    folder = shipped() / name
    if (folder / ALLIANCE_FILE).is_file():
        return load_alliance(folder)[0].name
    return read_chronicle(folder / CHRONICLE_FILE).name or name


def thousandths(values: Array) -> list[int]:
    """Shares, 0 to 1, as whole thousandths."""
    return [int(share) for share in np.rint(1000.0 * values)]


def _states(ribbons: Ribbons) -> list[dict[str, Any]]:
    names = ("member", "aside", "trust", "low", "high")
    shown = dict(zip(names, (ribbons.member, ribbons.frozen, *ribbons.trust), strict=True))
    return [
        {
            "id": ribbons.ids[row],
            "name": name,
            **{key: thousandths(values[:, row]) for key, values in shown.items()},
        }
        for row, name in enumerate(ribbons.states)
    ]


def _model(setup: ChronicleSetup, ribbons: Ribbons) -> dict[str, Any]:
    """What the page's own simulation rests on beside the calls: years, parameters, priors."""
    t, values = setup.timeline, parameters(setup.overrides)
    drawn = [row for row in free(of_years=True) if row.name not in setup.overrides]
    return {
        "states": list(t.states),
        "rows": [t.states.index(state) for state in ribbons.ids],
        "firstYear": t.years[0],
        **told(t, "ends", "renewal"),
        **{name: getattr(t, name).round(DIGITS).tolist() for name in MEASURED},
        **{n: getattr(t, n).astype(int).tolist() for n in ("enters", "standing", "suspended")},
        "fixed": {n: values[n] for n, row in register().items() if row.role == OF_YEARS},
        "register": priors_of(drawn),
    }


def _call(setup: ChronicleSetup, ribbons: Ribbons, k: int, call: Call) -> dict[str, Any]:
    crises, case = setup.timeline.crises, setup.cases.get(call.name)
    who = setup.names.get(call.state, call.state)
    return {
        "id": call.name,
        "title": case.scenario.title if case else f"{who}, {call.date:%B %Y}",
        "date": call.date.isoformat(),
        "year": call.date.year,
        "row": _row(ribbons, call.state),
        "asked": call.asked,
        "answer": int(call.level),
        "kept": call.asked > 0 and bool(in_kind(call.level, call.asked)),
        "state": int(crises.state[k]),
        "threat": crises.threat[k],
        "late": int(crises.late[k]),
        "judged": crises.judged[k],
        "imposed": crises.imposed[k].tolist(),
        "why": call.why or "",
        "source": list(call.source),
    }


def _row(ribbons: Ribbons, state: str) -> int:
    """Row of a state's ribbon; -1 where it has none, as the lead state."""
    return ribbons.ids.index(state) if state in ribbons.ids else -1


def _events(setup: ChronicleSetup, ribbons: Ribbons) -> Iterator[dict[str, Any]]:
    """Comings and goings, ends of terms, and other protectors, in order of date."""
    record, states = setup.record, setup.timeline.states
    found: list[tuple[date, str, tuple[str, ...], str, tuple[str, ...]]] = [
        *((e.date, e.kind, e.who, e.why, e.source) for e in record.events),
        *((end.date, "renewal", (), end.why, end.source) for end in record.renewals),
        *((r.since, "protector", (r.state,), r.name, r.source) for r in record.rivals),
    ]
    for day, kind, who, why, source in sorted(found, key=lambda row: row[0]):
        if day.year in setup.years:
            yield {
                "date": day.isoformat(),
                "year": day.year,
                "kind": kind,
                "rows": [_row(ribbons, state) for state in who if state in states],
                "states": [setup.names.get(state, state) for state in who],
                "why": why,
                "source": list(source),
            }


def _cited(setup: ChronicleSetup) -> dict[str, str]:
    """The sources that calls and events name."""
    record = setup.record
    parts = (record.events, record.calls, record.renewals, record.rivals)
    cited = {key for part in parts for entry in part for key in entry.source}
    return {key: text for key, text in record.sources.items() if key in cited}
