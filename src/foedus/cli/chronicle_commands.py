"""The command `foedus chronicle`: an alliance over decades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from foedus.cli.options import Force, Form, OneRun, Runs, Seed
from foedus.cli.output import Format, check_place, give, note, show, tell
from foedus.cli.root import app

if TYPE_CHECKING:
    from rich.console import RenderableType

    from foedus.chronicle.year_summary import Change
    from foedus.chronicle.years import ChronicleSetup
    from foedus.chronicle.years_engine import Years

Origin = Literal["history", "simulated"]


def _origin(text: str) -> str:
    if text not in ("history", "simulated"):
        raise typer.BadParameter("expected history or simulated")
    return text


def _crises(text: str) -> str:
    if text not in ("history", "drawn"):
        raise typer.BadParameter("expected history or drawn")
    return text


@app.command()
def chronicle(
    alliance: Annotated[
        str | None,
        typer.Argument(metavar="ALLIANCE|DIR", help="An alliance, or a folder of your own."),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option("--from", metavar="YEAR", help="Standing is history's before this year."),
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="YEAR", help="Last year; the record's.")
    ] = None,
    runs: Runs = 1000,
    seed: Seed = 1,
    answer: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="CRISIS=LEVEL", help="Or CRISIS=in-kind. Repeatable."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="CRISIS", help="It never happens. Repeatable."),
    ] = None,
    join: Annotated[
        list[str] | None,
        typer.Option("--join", metavar="STATE=YEAR", help="A state comes in. Repeatable."),
    ] = None,
    stronger: Annotated[
        float | None,
        typer.Option("--stronger", metavar="FACTOR", help="On the small members' capability."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter (b_hold=1), or with simulated answers an attribute of all crises "
            "(RUS.stake=1) or of one (armenia-2022:RUS.stake=1). Repeatable.",
        ),
    ] = None,
    answers: Annotated[
        str, typer.Option("--answers", callback=_origin, help="history or simulated.")
    ] = "history",
    calls: Annotated[
        str, typer.Option("--calls", callback=_origin, help="history or simulated.")
    ] = "history",
    crises: Annotated[
        str, typer.Option("--crises", callback=_crises, help="history or drawn.")
    ] = "history",
    members: Annotated[
        str, typer.Option("--members", callback=_origin, help="history or simulated.")
    ] = "simulated",
    priors: Annotated[
        bool, typer.Option("--priors", help="Every run draws its parameters from their priors.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Why each member of history went.")
    ] = False,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="Score the theory on all alliances, without ALLIANCE."),
    ] = False,
    run: OneRun = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw it, .png or .svg.")
    ] = None,
    form: Form = Format.TABLE,
    force: Force = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write tables; goes on where it was stopped."),
    ] = None,
) -> None:
    """Simulate an alliance over decades: calls, answers, trust, exits."""
    from foedus.chronicle.plan_words import joining, planned
    from foedus.chronicle.years_plan import Plan

    if evidence or alliance is None:
        _weighed(alliance, evidence, seed, form)
        return
    if plot is not None:
        _check_figure(plot, force)
    plan = Plan(
        answers=cast(Origin, answers),
        calls=cast(Origin, calls),
        crises=cast(Any, crises),
        members=cast(Origin, members),
        without=frozenset(without or ()),
        since=first or 0,
        enters=joining(join or ()),
    )
    setup = planned(
        alliance,
        plan,
        answers=answer or (),
        settings=set_ or (),
        stronger=stronger,
        last=last,
        over_priors=priors,
    )
    if plan.needs_tables:
        setup.tables_told(tell)
    if explain:
        _explained(setup, runs, seed, form)
    elif run is not None:
        _one_run(setup, run, seed)
    else:
        years = _simulated(setup, runs, seed, out)
        if plot is not None:
            _drawn(setup, years, plot, seed)
        _told(setup, years, runs, seed, form)


def _weighed(alliance: str | None, evidence: bool, seed: int, form: Format) -> None:
    from foedus.analysis.frames import plain
    from foedus.chronicle.hazard_evidence import weigh_all
    from foedus.cli.chronicle_tables import of_evidence
    from foedus.errors import UsageError

    if alliance is not None:
        raise UsageError("--evidence is about all alliances; leave ALLIANCE out")
    if not evidence:
        raise UsageError("chronicle needs an alliance, e.g. foedus chronicle csto")
    found = weigh_all(seed)
    give(form, lambda: plain(found), lambda: of_evidence(found))


def _simulated(setup: ChronicleSetup, runs: int, seed: int, out: Path | None) -> Years:
    from foedus.chronicle.chronicle_folder import study_in
    from foedus.chronicle.years import run_chronicle

    if out is None:
        return run_chronicle(setup, runs, seed, tell)
    years = study_in(out, setup, runs, seed, tell)
    note(f"wrote {out}")
    return years


def _check_figure(path: Path, force: bool) -> None:
    from foedus.plots.frame import check_ending

    check_ending(path)
    check_place(path, force=force)


def _drawn(setup: ChronicleSetup, years: Years, path: Path, seed: int) -> None:
    from importlib.metadata import version

    from foedus.chronicle.ribbons import ribbons_of
    from foedus.plots.chronicle_picture import chronicle_picture
    from foedus.plots.frame import framed, save
    from foedus.plots.words import runs

    drawn = "parameters drawn from their priors" if setup.over_priors else "default parameters"
    what = _changed(setup) or drawn
    n_runs = years.relevance.shape[-1]
    head = f"foedus {version('foedus')} · {setup.record.alliance}"
    source = f"{head} · {runs(n_runs)}, seed {seed} · {what}"
    picture = chronicle_picture(ribbons_of(setup, years), source)
    save(framed(picture), path, note)
    note(f"wrote {path}: {picture.finding}")


def _explained(setup: ChronicleSetup, runs: int, seed: int, form: Format) -> None:
    from foedus.analysis.frames import plain
    from foedus.chronicle.exits import explain_exits
    from foedus.cli.chronicle_tables import of_exits

    found = explain_exits(setup, runs, seed)
    records = [{**plain(row), "explained": row.is_explained} for row in found]
    give(form, lambda: records, lambda: of_exits(found, runs))


def _one_run(setup: ChronicleSetup, run: int, seed: int) -> None:
    from foedus.chronicle.years import play_chronicle
    from foedus.cli.chronicle_tables import of_run

    for part in of_run(play_chronicle(setup, run, seed)):
        show(part)


def _told(setup: ChronicleSetup, years: Years, runs: int, seed: int, form: Format) -> None:
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

    give(form, lambda: plain({"states": states, "years": by_year, "changes": moved}), parts)


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
