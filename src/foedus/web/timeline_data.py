"""A chronicle as the time line of a page takes it: ribbons, calls, and every other answer.

Shares are whole thousandths, so that a file stays small. From the year of a changed call on,
standing is simulated, in the unchanged chronicle too, and both have the same chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from foedus.chronicle.membership import ASIDE, Standing
from foedus.chronicle.relevance import PARTS
from foedus.chronicle.ribbons import Ribbons, ribbons_of
from foedus.chronicle.timeline import CrisisCall
from foedus.chronicle.trust import in_kind
from foedus.chronicle.year_summary import INTERVAL, changes
from foedus.chronicle.years import (
    ChronicleSetup,
    Progress,
    chronicle,
    chronicle_ids,
    run_chronicle,
)
from foedus.chronicle.years_engine import Years
from foedus.chronicle.years_plan import Plan
from foedus.data.chronicle_file import CHRONICLE_FILE, read_chronicle
from foedus.data.library import ALLIANCE_FILE, load_alliance, shipped
from foedus.data.terms import LEVELS, Level
from foedus.model.numbers import Array
from foedus.plots.chronicle_picture import finding

N_RUNS = 1000
"""Chronicles behind every number."""

WITHOUT = "without"
"""Stands for the crisis that never happens, beside the four answers."""

Outcome = tuple[ChronicleSetup, Years]


def timeline_data(
    name: str, n_runs: int = N_RUNS, seed: int = 1, progress: Progress = lambda _: None
) -> dict[str, Any]:
    """Everything that a time line shows, as plain data, over the priors.

    Parameters
    ----------
    name
        As for :func:`foedus.chronicle.years.chronicle`.

    Returns
    -------
    dict
        ``states``, ``relevance`` and ``parts`` by year with history's standing; ``calls`` and
        ``events`` with words and sources; ``unchanged``, by year from which standing is simulated;
        ``changes``, by call and answer (``"0"`` to ``"3"``, or `WITHOUT`).

    Raises
    ------
    InputError
        If there is no such chronicle, or a file cannot be used.
    """
    setup = chronicle(name, plan=Plan(members="history"), over_priors=True)
    years = run_chronicle(setup, n_runs, seed)
    ribbons = ribbons_of(setup, years)
    unchanged, changed = _other_answers(setup, ribbons, n_runs, seed, progress)
    return {
        "id": setup.record.alliance,
        "name": setup.name,
        "finding": finding(ribbons),
        "leadState": ribbons.lead_state,
        "years": [ribbons.years[0], ribbons.years[-1]],
        "runs": n_runs,
        "seed": seed,
        "states": _states(setup, years, ribbons),
        "relevance": _relevance(years),
        "parts": dict(zip(PARTS, map(thousandths, _parts(years)), strict=True)),
        "calls": [_call(setup, ribbons, crisis) for crisis in setup.timeline.crises],
        "events": list(_events(setup, ribbons)),
        "sources": _cited(setup),
        "unchanged": unchanged,
        "changes": changed,
    }


def chronicle_names() -> list[dict[str, str]]:
    """Id and name of every shipped chronicle, without reading the years."""
    return [{"id": name, "name": _name(name)} for name in chronicle_ids()]


def _name(name: str) -> str:
    folder = shipped() / name
    if (folder / ALLIANCE_FILE).is_file():
        return load_alliance(folder)[0].name
    return read_chronicle(folder / CHRONICLE_FILE).name or name


def thousandths(values: Array) -> list[int]:
    """Shares, 0 to 1, as whole thousandths."""
    return [int(value) for value in np.rint(1000.0 * np.asarray(values))]


def _parts(years: Years) -> Iterator[Array]:
    return iter(years.parts.mean(axis=-1).T)


def _relevance(years: Years, first: int = 0) -> dict[str, list[int]]:
    """The index from a year on: mean and 90 % interval."""
    rows = years.relevance[first:]
    low, high = np.quantile(rows, INTERVAL, axis=-1)
    return {
        "mean": thousandths(rows.mean(axis=-1)),
        "low": thousandths(low),
        "high": thousandths(high),
    }


def _states(setup: ChronicleSetup, years: Years, ribbons: Ribbons) -> list[dict[str, Any]]:
    low, high = np.quantile(years.trust, INTERVAL, axis=-1)
    return [
        {
            "id": setup.timeline.states[i],
            "name": ribbons.states[row],
            **_ribbon(years, i),
            "low": thousandths(low[:, i]),
            "high": thousandths(high[:, i]),
        }
        for row, i in enumerate(ribbons.order)
    ]


def _ribbon(years: Years, i: int, first: int = 0) -> dict[str, list[int]]:
    """One state: shares of the runs in which it is in, or frozen or suspended; mean trust."""
    standing = years.standing[first:, i]
    return {
        "member": thousandths((standing == Standing.MEMBER).mean(axis=-1)),
        "aside": thousandths(np.isin(standing, ASIDE).mean(axis=-1)),
        "trust": thousandths(years.trust[first:, i].mean(axis=-1)),
    }


def _other_answers(
    setup: ChronicleSetup, ribbons: Ribbons, n_runs: int, seed: int, progress: Progress
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every other answer to every call, and the chronicles that they are set against."""
    unchanged: dict[str, Outcome] = {}
    changed = {}
    for crisis in setup.timeline.crises:
        progress(f"other answers: {crisis.name}")
        year = setup.years[crisis.year]
        if str(year) not in unchanged:
            unchanged[str(year)] = _outcome(setup, Plan(since=year), n_runs, seed)
        before = unchanged[str(year)]
        changed[crisis.name] = {
            key: _changed(before, _outcome(setup, plan, n_runs, seed), ribbons)
            for key, plan in other_plans(crisis, year)
        }
    return {year: _later(found, ribbons) for year, found in unchanged.items()}, changed


def other_plans(crisis: CrisisCall, year: int) -> Iterator[tuple[str, Plan]]:
    """Every plan that changes one crisis, by its key."""
    for level in Level:
        if level != crisis.answer:
            yield str(int(level)), Plan(since=year, fixed={crisis.name: level})
    yield WITHOUT, Plan(since=year, without=frozenset({crisis.name}))


def _outcome(setup: ChronicleSetup, plan: Plan, n_runs: int, seed: int) -> Outcome:
    planned = setup.having(plan=plan)
    return planned, run_chronicle(planned, n_runs, seed)


def _later(outcome: Outcome, ribbons: Ribbons) -> dict[str, Any]:
    """A chronicle from the year on from which it is simulated."""
    setup, years = outcome
    first = setup.plan.since - setup.years[0]
    return {
        "relevance": _relevance(years, first),
        "states": [_ribbon(years, i, first) for i in ribbons.order],
    }


def _changed(before: Outcome, after: Outcome, ribbons: Ribbons) -> dict[str, Any]:
    """A changed chronicle, and by how much each chance to go and the last relevance move.

    ``moves`` has a row for each state, then one for relevance: before, after, difference and its
    standard error, in ten-thousandths.
    """
    moved = changes(before, after)
    rows = [*(moved[i] for i in ribbons.order), moved[-1]]
    return {
        **_later(after, ribbons),
        "moves": [
            [round(1e4 * part) for part in (m.before, m.after, m.difference, m.error)] for m in rows
        ],
    }


def _call(setup: ChronicleSetup, ribbons: Ribbons, crisis: CrisisCall) -> dict[str, Any]:
    call = setup.record.call(crisis.name)
    case = setup.cases.get(crisis.name)
    who = setup.names.get(call.state, call.state)
    return {
        "id": crisis.name,
        "title": case.scenario.title if case else f"{who}, {call.date:%B %Y}",
        "date": call.date.isoformat(),
        "year": call.date.year,
        "row": _row(ribbons, crisis.state),
        "ofLead": crisis.state < 0,
        "asked": crisis.asked,
        "answer": LEVELS.index(call.answer),
        "kept": crisis.asked > 0 and bool(in_kind(crisis.answer, crisis.asked)),
        "inLibrary": case is not None,
        "why": call.why or "",
        "source": list(call.source),
    }


def _row(ribbons: Ribbons, state: int) -> int:
    """Row of a state's ribbon; -1 where it has none, as the lead state."""
    return ribbons.order.index(state) if state in ribbons.order else -1


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
                "rows": [_row(ribbons, states.index(s)) for s in who if s in states],
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
