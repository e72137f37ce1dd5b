"""The report on an alliance over decades: a picture that moves, record, other answers, exits."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from foedus.chronicle.exits import ExitAccount, explain_exits
from foedus.chronicle.ribbons import ribbons_of
from foedus.chronicle.years import ChronicleSetup, Progress, chronicle, run_chronicle
from foedus.chronicle.years_plan import Plan
from foedus.plots.chronicle_picture import chronicle_picture
from foedus.plots.words import listed, runs
from foedus.report.document import Section, page
from foedus.report.figures import inline_figure
from foedus.report.markup import Html, items, joined, linked, table, tag
from foedus.web.page import TIMELINE, bundle, inert
from foedus.web.timeline_data import WITHOUT, timeline_data

HELP = ("nothing", "talks", "aid", "a force")
"""The four answers as what a caller gets."""

WORDS = {
    "found": "founded the alliance",
    "join": "joined",
    "leave": "left",
    "freeze": "froze membership",
    "suspend": "suspended",
    "return": "came back",
    "dissolve": "The alliance was dissolved",
    "renewal": "The term of the treaty ended",
    "protector": "found another protector",
}
"""Kinds of event after the names of the states."""


def report_on_decades(name: str, n_runs: int, seed: int, progress: Progress) -> str:
    """The report on an alliance as a whole HTML document.

    Parameters
    ----------
    name
        Id of a shipped chronicle, or path of one's own.

    Raises
    ------
    InputError
        If there is no such chronicle, or a file cannot be used.
    """
    data = timeline_data(name, n_runs, seed, progress)
    setup = chronicle(name, plan=Plan(members="history"), over_priors=True)
    first, last = data["years"]
    return page(
        title=setup.name,
        kicker=f"{first} to {last} · a foedus report",
        question=f"{data['finding']}.",
        sections=list(_sections(name, setup, data)),
        foot=f"foedus {version('foedus')}, {runs(n_runs)}, seed {seed}. This file loads nothing; "
        "its one script moves the picture.",
        script=bundle(("dom", *TIMELINE)),
    )


def _sections(name: str, setup: ChronicleSetup, data: dict[str, Any]) -> Iterator[Section]:
    yield Section("decades", "The decades", _picture(setup, data))
    yield Section("record", "What happened", _record(data))
    yield Section("answers", "What one other answer would have changed", _answers(data))
    exits = explain_exits(setup, data["runs"], data["seed"])
    if exits:
        yield Section("exits", "Why members went", _exits(setup, exits))
    yield Section("cautions", "How far to trust it", items(CAUTIONS))
    yield Section("reproduce", "Make it again", _commands(name, data))
    yield Section("sources", "Sources", _sources(data))


CAUTIONS = (
    "The past is data; what members would have done is the model's. Exits are foretold slightly "
    "better than by a constant rate, calls are not (foedus chronicle --evidence).",
    "Weights are assumed and drawn from their priors; no number was fitted to any exit.",
    "Relevance is a definition: the geometric mean of calls made, calls answered as asked, members "
    "kept and dependents kept. Who weighs them otherwise finds another curve.",
    "Calls are those that were found. A call that is not in the file moves no trust.",
    "It foretells nothing: it shows what the assumptions imply.",
)


def _picture(setup: ChronicleSetup, data: dict[str, Any]) -> Html:
    """The time line, and a figure in its place where no script runs."""
    years = run_chronicle(setup, data["runs"], data["seed"])
    source = (
        f"foedus {version('foedus')}, {runs(data['runs'])} over the priors, seed {data['seed']}"
    )
    still = inline_figure(chronicle_picture(ribbons_of(setup, years), source), "decades-figure")
    carried = tag("script", Html(inert(data)), type="application/json")
    return joined([tag("foedus-timeline", carried), tag("noscript", still)])


def _record(data: dict[str, Any]) -> Html:
    """Events and calls in order of date."""
    rows = [(event["date"], _event_words(event), event["why"], event) for event in data["events"]]
    rows += [(call["date"], _call_words(call), call["why"], call) for call in data["calls"]]
    return table(
        "Comings, goings, calls and answers",
        ("date", "what", "in one line", "sources"),
        [
            (tag("span", day, class_="day"), what, why, ", ".join(entry["source"]))
            for day, what, why, entry in sorted(rows, key=lambda row: row[0])
        ],
        class_="long",
    )


def _event_words(event: dict[str, Any]) -> str:
    return " ".join(filter(None, (listed(event["states"]), WORDS[event["kind"]])))


def _call_words(call: dict[str, Any]) -> str:
    asked = HELP[_wanted(call)]
    return f"{call['title']}: asked for {asked}, got {HELP[call['answer']]}"


def _wanted(call: dict[str, Any]) -> int:
    return min(3, int(-(-call["asked"] // 1)))


def _answers(data: dict[str, Any]) -> Html:
    """The opposite answer to every call, and the crisis that never comes."""
    names = [state["name"] for state in data["states"]]
    rows = [
        (call["title"], words, *_moved(data["changes"][call["id"]][key]["moves"], names))
        for call in data["calls"]
        if call["asked"] > 0
        for key, words in _others(call)
    ]
    note = (
        "Each is set beside the unchanged chronicle under the same chance; in both, standing is "
        "simulated from the year of the call on. The ± is one standard error of the difference. "
        "A state is named where its chance moves by more than three of them."
    )
    last = data["years"][1]
    heads = ("call", "if instead", f"relevance in {last}, hundredths", "±", "chance to go")
    return joined([table("One answer changed", heads, rows, numbers=(2, 3)), tag("p", note)])


def _others(call: dict[str, Any]) -> Iterator[tuple[str, str]]:
    other = 0 if call["kept"] else _wanted(call)
    yield str(other), f"it got {HELP[other]}"
    yield WITHOUT, "the crisis never came"


def _moved(moves: list[list[int]], names: list[str]) -> tuple[str, str, str]:
    """Difference of relevance and its error, and the state whose chance moves most for sure."""
    *states, relevance = moves
    sure = [
        (abs(row[2]), f"{names[i]}: {row[0] / 100:.1f} to {row[1] / 100:.1f}\N{NO-BREAK SPACE}%")
        for i, row in enumerate(states)
        if abs(row[2]) > max(3 * row[3], 5)
    ]
    most = max(sure)[1] if sure else "no sure change"
    gap, error = (part / 100 for part in relevance[2:])
    return f"{gap:+.2f}".replace("-", "\N{MINUS SIGN}"), f"{error:.2f}", most


def _exits(setup: ChronicleSetup, exits: tuple[ExitAccount, ...]) -> Html:
    rows = [
        (
            f"{setup.names.get(row.state, row.state)} {row.year}",
            f"{100 * row.chance:.1f} %",
            f"{100 * row.chance_of_others:.1f} %",
            f"{row.rank} of {row.n_members}",
            "yes" if row.is_explained else "no",
        )
        for row in exits
    ]
    note = (
        "An exit counts as explained where the state's chance to break that year was above the "
        "mean of those that stayed in at least 90 % of the draws from the priors."
    )
    heads = ("exit", "its chance that year", "of those who stayed", "its rank", "explained")
    return joined([table("Exits of history", heads, rows, numbers=(1, 2, 3)), tag("p", note)])


def _commands(name: str, data: dict[str, Any]) -> Html:
    chance = f"--runs {data['runs']} --seed {data['seed']}"
    lines = (
        f"foedus report {name} {chance} --out {data['id']}.html",
        f"foedus chronicle {name} --members history --priors {chance}",
        f"foedus chronicle {name} --priors {chance} --from YEAR --answer CALL=LEVEL",
    )
    return tag("pre", tag("code", "\n".join(lines)), tabindex="0")


def _sources(data: dict[str, Any]) -> Html:
    rows = [
        tag("li", tag("strong", key), ": ", linked(where)) for key, where in data["sources"].items()
    ]
    return tag("ul", *rows, class_="sources") if rows else tag("p", "The file lists no sources.")
