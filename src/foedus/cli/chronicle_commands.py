"""The command `foedus chronicle`: an alliance over decades."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

from foedus.analysis.frames import plain
from foedus.chronicle.crisis_list import tables_of
from foedus.chronicle.exits import explain_exits
from foedus.chronicle.hazard_evidence import Evidence as Weighed
from foedus.chronicle.hazard_evidence import weigh_all
from foedus.chronicle.membership import Standing
from foedus.chronicle.year_summary import (
    changes,
    ribbons_of,
    summarise_states,
    summarise_years,
)
from foedus.chronicle.years import ChronicleSetup, play_chronicle, run_chronicle, study_in
from foedus.chronicle.years import chronicle as prepared
from foedus.chronicle.years_engine import Years
from foedus.chronicle.years_model import AllianceOverYears
from foedus.chronicle.years_plan import Plan, joining, planned
from foedus.cli import options as opt
from foedus.cli.output import Parts, check_figure, give, printed, said, write_figure
from foedus.cli.progress import note, tell
from foedus.cli.root import app
from foedus.data.terms import LEVELS
from foedus.errors import UsageError
from foedus.plots.words import runs


def _either(name: str, other: str, *, simulates: bool = False) -> Any:
    """An option that is `history` or another word."""

    def read(text: str) -> str:
        if text not in ("history", other):
            raise typer.BadParameter(f"expected history or {other}")
        return text

    default = other if simulates else "history"
    return opt.option(name, None, f"history or {other}.", callback=read, default=default)


SET_SAYS = (
    "A parameter (b_hold=1), or with simulated answers an attribute of all crises "
    "(RUS.stake=1) or of one (armenia-2022:RUS.stake=1). Repeatable."
)
HOME_SAYS = "An alliance, or a folder of your own."
EVIDENCE_SAYS = "Score the theory on all alliances, without ALLIANCE."

TOLD_YEARS = 12
"""Rows of the table of years at most; `--out` writes them all."""


@opt.command(app)
def chronicle(
    alliance: str | None = opt.argument("ALLIANCE|DIR", HOME_SAYS, default=None),
    first: int | None = opt.maybe("--from", "YEAR", "Standing is history's before this year."),
    last: int | None = opt.maybe("--to", "YEAR", "Last year; the record's."),
    runs: opt.Runs = 1000,
    seed: opt.Seed = 1,
    answer: opt.Words = opt.maybe("--answer", "CRISIS=LEVEL", "Or CRISIS=in-kind. Repeatable."),
    without: opt.Words = opt.maybe("--without", "CRISIS", "It never happens. Repeatable."),
    join: opt.Words = opt.maybe("--join", "STATE=YEAR", "A state comes in. Repeatable."),
    stronger: float | None = opt.maybe("--stronger", "FACTOR", "On the small members' capability."),
    set_: opt.Words = opt.maybe("--set", "NAME=VALUE", SET_SAYS),
    answers: str = _either("--answers", "simulated"),
    calls: str = _either("--calls", "simulated"),
    crises: str = _either("--crises", "drawn"),
    members: str = _either("--members", "simulated", simulates=True),
    priors: bool = opt.switch("--priors", "Every run draws its parameters from their priors."),
    explain: bool = opt.switch("--explain", "Why each member of history went."),
    evidence: bool = opt.switch("--evidence", EVIDENCE_SAYS),
    run: opt.OneRun = None,
    plot: opt.Place = opt.maybe("--plot", "FILE", "Draw it, .png or .svg."),
    force: opt.Force = False,
    out: opt.Place = opt.maybe("--out", "DIR", "Write tables; goes on where it was stopped."),
) -> None:
    """Simulate an alliance over decades: calls, answers, trust, exits."""
    if evidence:
        if alliance is not None:
            raise UsageError("--evidence is about all alliances; leave ALLIANCE out")
        _weighed(seed)
        return
    if alliance is None:
        raise UsageError("chronicle needs an alliance, e.g. foedus chronicle csto")
    if plot is not None:
        check_figure(plot, force=force)
    origins: dict[str, Any] = {"answers": answers, "calls": calls, "crises": crises}
    plan = Plan(
        **origins,
        members=members,  # type: ignore[arg-type]
        without=frozenset(without or ()),
        since=first or 0,
        enters=joining(join or ()),
    )
    setup = planned(
        prepared(alliance, plan=plan, over_priors=priors),
        answers=answer or (),
        settings=set_ or (),
        stronger=stronger,
        last=last,
    )
    if plan.needs_tables:
        tables_of(setup, tell)
    if explain:
        _explain(setup, runs, seed)
    elif run is not None:
        _tell(setup, run, seed)
    else:
        _many(setup, runs, seed, out, plot)


def _many(setup: ChronicleSetup, runs: int, seed: int, out: opt.Place, plot: opt.Place) -> None:
    """Simulate the alliance often, write and draw it where asked, and print where states stand."""
    if out is None:
        years = run_chronicle(setup, runs, seed, tell)
    else:
        years = study_in(out, setup, runs, seed, tell)
        note(f"wrote {out}")
    if plot is not None:
        _draw(setup, years, plot, seed)
    states, by_year = summarise_states(setup, years), summarise_years(setup, years)
    first, last = max(setup.plan.since, setup.years[0]), setup.years[-1]
    step = -(-len(by_year) // TOLD_YEARS)
    shown = [
        printed(
            "chronicle states", states, setup=setup, first=first, last=last, runs=runs, seed=seed
        ),
        printed("chronicle relevance", by_year[::-step][::-1]),
    ]
    moved: Any = ()
    if what := _changed(setup):
        plan = replace(setup.plan, fixed={}, without=frozenset(), enters={})
        before = setup.having(plan=plan, crisis_settings={})
        moved = changes((before, run_chronicle(before, runs, seed)), (setup, years))
        shown.append(printed("chronicle changes", moved, what=what))
    give({"states": states, "years": by_year, "changes": moved}, shown)


def _draw(setup: ChronicleSetup, years: Years, path: Path, seed: int) -> None:
    from foedus.plots.chronicle_picture import chronicle_picture

    drawn = "parameters drawn from their priors" if setup.over_priors else "default parameters"
    head = f"foedus {version('foedus')} · {setup.record.alliance}"
    n_runs = runs(years.relevance.shape[-1])
    source = f"{head} · {n_runs}, seed {seed} · {_changed(setup) or drawn}"
    write_figure(chronicle_picture(ribbons_of(setup, years), source), path)


def _changed(setup: ChronicleSetup) -> str:
    plan = setup.plan
    said = [f"{name} answered by {level.label}" for name, level in plan.fixed.items()]
    said += [f"no {name}" for name in sorted(plan.without)]
    said += [f"{state} in from {year}" for state, year in plan.enters.items()]
    said += ["other attributes in crises"] if setup.crisis_settings else []
    return ", ".join(said)


def _explain(setup: ChronicleSetup, runs: int, seed: int) -> None:
    found = explain_exits(setup, runs, seed)
    table = printed("exits", found, runs=runs)
    give(
        [{**plain(row), "explained": row.is_explained} for row in found],
        [table, said("exits are surprising")],
    )


def _weighed(seed: int) -> None:
    found = weigh_all(seed)
    give(found, _of_evidence(found))


def _of_evidence(found: tuple[Weighed, ...]) -> Parts:
    """How well each forecaster does on rows that it has not seen."""
    asks = {"break": "Who freezes or leaves", "call": "Who calls"}
    holds = {"alliance": "one alliance held out at a time", "time": "years from 2000 on held out"}
    for part in found:
        yield printed(
            "chronicle scores",
            part.scores,
            asks=asks[part.question],
            holds=holds[part.split],
            part=part,
            brier=lambda row: f"{1000 * row.brier:.2f}",
            log=lambda row: f"{1000 * row.log:.2f}",
        )
        for kind, gain in part.trust_adds.items():
            yield said("trust adds", kind=kind, gain=gain)
    yield said("chronicle skill")


def _tell(setup: ChronicleSetup, run: int, seed: int) -> None:
    model = play_chronicle(setup, run, seed)
    rows = model.datacollector.get_agent_vars_dataframe().reset_index()
    rows.insert(0, "year", rows.pop("Step") - 1 + setup.years[0])
    records = rows.drop(columns="AgentID").to_dict("records")
    named = [{**row, "standing": Standing(row["standing"]).label} for row in records]
    give(named, _story(model))


def _story(model: AllianceOverYears) -> Parts:
    """One run as a story, year by year."""
    timeline = model.timeline
    frame = model.datacollector.get_agent_vars_dataframe().reset_index()
    yield f"One run of {timeline.alliance}, {timeline.years[0]} to {timeline.years[-1]}"
    standing = dict.fromkeys(timeline.states, 0)
    for step, rows in frame.groupby("Step"):
        year = timeline.years[int(step) - 1]
        for name, of_year in zip(timeline.crises.names, timeline.crises.year, strict=True):
            if of_year == step - 1 and model.answers.get(name, -1) >= 0:
                yield f"{year}  {name}: {LEVELS[model.answers[name]]}"
        for row in rows.itertuples():
            if row.standing != standing[row.state]:
                word = Standing(row.standing).label
                yield f"{year}  {row.state}: {word}, trust {row.trust:.2f}"
                standing[row.state] = row.standing
