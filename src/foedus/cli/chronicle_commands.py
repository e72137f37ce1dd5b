"""The command `foedus chronicle`: an alliance over decades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli import options as opt
from foedus.cli.output import check_figure, give, note, show, tell, write_figure
from foedus.cli.root import app
from foedus.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from foedus.chronicle.year_summary import Change
    from foedus.chronicle.years import ChronicleSetup
    from foedus.chronicle.years_engine import Years


def _either(name: str, other: str) -> Any:
    """An option that is `history` or another word."""

    def read(text: str) -> str:
        if text not in ("history", other):
            raise typer.BadParameter(f"expected history or {other}")
        return text

    return opt.named(name, None, f"history or {other}.", callback=read)


SET_SAYS = (
    "A parameter (b_hold=1), or with simulated answers an attribute of all crises "
    "(RUS.stake=1) or of one (armenia-2022:RUS.stake=1). Repeatable."
)
Alliance = Annotated[
    str | None, opt.argument("ALLIANCE|DIR", "An alliance, or a folder of your own.")
]
First = Annotated[
    int | None, opt.named("--from", "YEAR", "Standing is history's before this year.")
]
Last = Annotated[int | None, opt.named("--to", "YEAR", "Last year; the record's.")]
Answer = Annotated[
    opt.Words, opt.named("--answer", "CRISIS=LEVEL", "Or CRISIS=in-kind. Repeatable.")
]
Without = Annotated[opt.Words, opt.named("--without", "CRISIS", "It never happens. Repeatable.")]
Join = Annotated[opt.Words, opt.named("--join", "STATE=YEAR", "A state comes in. Repeatable.")]
Stronger = Annotated[
    float | None, opt.named("--stronger", "FACTOR", "On the small members' capability.")
]
Set = Annotated[opt.Words, opt.named("--set", "NAME=VALUE", SET_SAYS)]
Priors = Annotated[
    bool, opt.switch("--priors", "Every run draws its parameters from their priors.")
]
Explain = Annotated[bool, opt.switch("--explain", "Why each member of history went.")]
Evidence = Annotated[
    bool, opt.switch("--evidence", "Score the theory on all alliances, without ALLIANCE.")
]
Plot = Annotated[opt.Place, opt.named("--plot", "FILE", "Draw it, .png or .svg.")]
Out = Annotated[opt.Place, opt.named("--out", "DIR", "Write tables; goes on where it was stopped.")]


@opt.command(app)
def chronicle(
    alliance: Alliance = None,
    first: First = None,
    last: Last = None,
    runs: opt.Runs = 1000,
    seed: opt.Seed = 1,
    answer: Answer = None,
    without: Without = None,
    join: Join = None,
    stronger: Stronger = None,
    set_: Set = None,
    answers: Annotated[str, _either("--answers", "simulated")] = "history",
    calls: Annotated[str, _either("--calls", "simulated")] = "history",
    crises: Annotated[str, _either("--crises", "drawn")] = "history",
    members: Annotated[str, _either("--members", "simulated")] = "simulated",
    priors: Priors = False,
    explain: Explain = False,
    evidence: Evidence = False,
    run: opt.OneRun = None,
    plot: Plot = None,
    force: opt.Force = False,
    out: Out = None,
) -> None:
    """Simulate an alliance over decades: calls, answers, trust, exits."""
    from foedus.chronicle.years import chronicle as prepared
    from foedus.chronicle.years_plan import Plan, joining, planned

    if evidence or alliance is None:
        _weighed(alliance, evidence, seed)
        return
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
        setup.tables(tell)
    if explain:
        _explained(setup, runs, seed)
    elif run is not None:
        _one_run(setup, run, seed)
    else:
        years = _simulated(setup, runs, seed, out)
        if plot is not None:
            _drawn(setup, years, plot, seed)
        _told(setup, years, runs, seed)


def _weighed(alliance: str | None, evidence: bool, seed: int) -> None:
    from foedus.analysis.frames import plain
    from foedus.chronicle.hazard_evidence import weigh_all
    from foedus.cli.chronicle_tables import of_evidence

    if alliance is not None:
        raise UsageError("--evidence is about all alliances; leave ALLIANCE out")
    if not evidence:
        raise UsageError("chronicle needs an alliance, e.g. foedus chronicle csto")
    found = weigh_all(seed)
    give(plain(found), of_evidence(found))


def _simulated(setup: ChronicleSetup, runs: int, seed: int, out: Path | None) -> Years:
    from foedus.chronicle.chronicle_folder import study_in
    from foedus.chronicle.years import run_chronicle

    if out is None:
        return run_chronicle(setup, runs, seed, tell)
    years = study_in(out, setup, runs, seed, tell)
    note(f"wrote {out}")
    return years


def _drawn(setup: ChronicleSetup, years: Years, path: Path, seed: int) -> None:
    from foedus.chronicle.ribbons import ribbons_of
    from foedus.plots.chronicle_picture import chronicle_picture
    from foedus.plots.words import runs

    drawn = "parameters drawn from their priors" if setup.over_priors else "default parameters"
    what = _changed(setup) or drawn
    n_runs = years.relevance.shape[-1]
    head = f"foedus {version('foedus')} · {setup.record.alliance}"
    source = f"{head} · {runs(n_runs)}, seed {seed} · {what}"
    write_figure(chronicle_picture(ribbons_of(setup, years), source), path)


def _explained(setup: ChronicleSetup, runs: int, seed: int) -> None:
    from foedus.analysis.frames import plain
    from foedus.chronicle.exits import explain_exits
    from foedus.cli.chronicle_tables import of_exits

    found = explain_exits(setup, runs, seed)
    records = [{**plain(row), "explained": row.is_explained} for row in found]
    give(records, of_exits(found, runs))


def _one_run(setup: ChronicleSetup, run: int, seed: int) -> None:
    from foedus.chronicle.years import play_chronicle
    from foedus.cli.chronicle_tables import of_run

    for part in of_run(play_chronicle(setup, run, seed)):
        show(part)


def _told(setup: ChronicleSetup, years: Years, runs: int, seed: int) -> None:
    from foedus.analysis.frames import plain
    from foedus.chronicle.year_summary import changes, summarise_states, summarise_years
    from foedus.chronicle.years import run_chronicle
    from foedus.cli.chronicle_tables import of_changes, of_relevance, of_states

    states, by_year = summarise_states(setup, years), summarise_years(setup, years)
    what = _changed(setup)
    moved: tuple[Change, ...] = ()
    if what:
        before = _unchanged(setup)
        moved = changes((before, run_chronicle(before, runs, seed)), (setup, years))

    def parts() -> Iterator[RenderableType]:
        yield of_states(setup, states, runs, seed)
        yield of_relevance(by_year)
        if moved:
            yield of_changes(moved, what)

    give(plain({"states": states, "years": by_year, "changes": moved}), parts())


def _unchanged(setup: ChronicleSetup) -> ChronicleSetup:
    """The same chronicle without what a person changed in it."""
    plan = replace(setup.plan, fixed={}, without=frozenset(), enters={})
    return setup.having(plan=plan, crisis_settings={})


def _changed(setup: ChronicleSetup) -> str:
    plan = setup.plan
    said = [f"{name} answered by {level.label}" for name, level in plan.fixed.items()]
    said += [f"no {name}" for name in sorted(plan.without)]
    said += [f"{state} in from {year}" for state, year in plan.enters.items()]
    said += ["other attributes in crises"] if setup.crisis_settings else []
    return ", ".join(said)
