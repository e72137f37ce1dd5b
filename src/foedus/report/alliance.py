"""The report on an alliance over decades: a picture that moves, record, other answers, exits."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from math import ceil
from typing import Any

from foedus.chronicle.exits import explain_exits
from foedus.chronicle.year_summary import Change, changes, ribbons_of
from foedus.chronicle.years import ChronicleSetup, Progress, chronicle, run_chronicle
from foedus.chronicle.years_engine import Years
from foedus.chronicle.years_plan import Plan
from foedus.data.terms import Level
from foedus.plots.chronicle_picture import chronicle_picture
from foedus.plots.words import HELP, MINUS, SPACE, runs
from foedus.report.document import Section, page, section
from foedus.web.page import TIMELINE, bundle, inert
from foedus.web.timeline_data import timeline_data


def report_on_decades(name: str, n_runs: int, seed: int, progress: Progress) -> str:
    """The report on an alliance as a whole HTML document.

    Args:
        name: Id of a shipped chronicle, or path of one's own.

    Raises:
        InputError: If there is no such chronicle, or a file cannot be used.
    """
    data = timeline_data(name, n_runs, seed, progress)
    setup = chronicle(name, plan=Plan(members="history"), over_priors=True)
    first, last = data["years"]
    return page(
        _sections(name, setup, data, progress),
        title=setup.name,
        kicker=f"{first} to {last} · a foedus report",
        question=f"{data['finding']}.",
        n_runs=n_runs,
        seed=seed,
        script=bundle(TIMELINE),
    )


def _sections(
    name: str, setup: ChronicleSetup, data: dict[str, Any], progress: Progress
) -> Iterator[Section]:
    years = run_chronicle(setup, data["runs"], data["seed"])
    chance = f"{runs(data['runs'])} over the priors, seed {data['seed']}"
    still = chronicle_picture(ribbons_of(setup, years), f"foedus {version('foedus')}, {chance}")
    yield section("alliance/decades", "The decades", data=inert(data), still=still)
    entries = sorted([*data["events"], *data["calls"]], key=lambda entry: str(entry["date"]))
    yield section("alliance/record", "What happened", entries=entries)
    heading, rows = "What one other answer would have changed", _changed(setup, data, progress)
    yield section("alliance/answers", heading, rows=list(rows), last=data["years"][1])
    if exits := explain_exits(setup, data["runs"], data["seed"]):
        yield section("alliance/exits", "Why members went", exits=exits, names=setup.names)
    yield section("alliance/cautions", "How far to trust it")
    yield section("alliance/reproduce", "Make it again", name=name, data=data)
    yield section("alliance/sources", "Sources", sources=data["sources"])


def _changed(
    setup: ChronicleSetup, data: dict[str, Any], progress: Progress
) -> Iterator[tuple[str, ...]]:
    """The opposite answer to every call, and the crisis that never comes."""
    order = [setup.timeline.states.index(state["id"]) for state in data["states"]]
    names = [state["name"] for state in data["states"]]

    def outcome(plan: Plan) -> tuple[ChronicleSetup, Years]:
        planned = setup.having(plan=plan)
        return planned, run_chronicle(planned, data["runs"], data["seed"])

    for call in data["calls"]:
        if call["asked"] > 0:
            progress(f"other answers: {call['id']}")
            before = outcome(Plan(since=call["year"]))
            for plan, said in _others(call):
                moved = changes(before, outcome(plan))
                yield call["title"], said, *_moved([moved[i] for i in order], moved[-1], names)


def _others(call: dict[str, Any]) -> Iterator[tuple[Plan, str]]:
    name, year = call["id"], call["year"]
    other = 0 if call["kept"] else ceil(call["asked"])
    yield Plan(since=year, fixed={name: Level(other)}), f"it got {HELP[other]}"
    yield Plan(since=year, without=frozenset({name})), "the crisis never came"


def _moved(states: list[Change], relevance: Change, names: list[str]) -> tuple[str, str, str]:
    """Difference of relevance and its error, and the state whose chance moves most for sure."""
    sure = [
        (abs(row.difference), f"{name}: {100 * row.before:.1f} to {100 * row.after:.1f}{SPACE}%")
        for name, row in zip(names, states, strict=True)
        if abs(row.difference) > max(3 * row.error, 5e-4)
    ]
    most = max(sure)[1] if sure else "no sure change"
    gap, error = 100 * relevance.difference, 100 * relevance.error
    return f"{gap:+.2f}".replace("-", MINUS), f"{error:.2f}", most
