"""Commands that draw, report and play: figures, HTML pages, a seat in the council, the app."""

import os
from dataclasses import replace
from typing import Annotated, Any

from foedus.cli import options as opt
from foedus.cli.output import check_figure, check_html, give, write_figure
from foedus.cli.progress import note, steps, tell
from foedus.cli.root import RUNS_VARIABLE, SEED_VARIABLE, app
from foedus.data.terms import Rule
from foedus.errors import UsageError

KIND_SAYS = "A crisis and a kind of figure, or a kind that shows all crises: foedus list figures."
HOST_SAYS = (
    "Address to listen on; this machine alone if not given. Giving one (0.0.0.0 for the local "
    "network) also opens class rooms."
)
SUBJECT_SAYS = "A crisis, by id or file; or an alliance with a chronicle, by id or folder."
DECADES_SAY = "Decades to carry too: an alliance, or a folder of your own. Repeatable."
COUNCIL_SAYS = "Only the council of one crisis, to paste into a page."
CRISES_SAY = "Crises to carry; all of them if not given."
FILES_SAY = "Your own crises and chronicles beside the shipped ones; the first is opened."
STUDY_SAYS = "Study what drives the answer; takes longer."
DRAWS_SAY = "Of tournament: draws (1000)."


_SEED = opt.count("--seed", 0, 2**32 - 1, "Seed of all chance.", "-s", envvar=SEED_VARIABLE)
GameSeed = Annotated[int, _SEED]


@opt.command(app, prints=False)
def plot(
    changes: opt.Changes,
    out: opt.OutFile,
    words: list[str] = opt.argument("[ID|FILE] KIND", KIND_SAYS),
    runs: opt.SomeRuns = None,
    seed: opt.Seed = 1,
    run: opt.OneRun = None,
    member: opt.Member = None,
    along: str | None = opt.maybe("--along", "NAME", "Of response: rho, threat, RUS.stake..."),
    alliance: str | None = opt.maybe("--alliance", "ID", "Of history: one alliance's crises."),
    draws: int | None = opt.count("--draws", 50, 100_000, DRAWS_SAY, default=None),
    force: opt.Force = False,
) -> None:
    """Draw a figure as PNG or SVG; its title says what it shows."""
    from foedus.data.settings import Settings
    from foedus.plots.catalogue import kind_of
    from foedus.plots.wanted import Wanted

    kind, scenario = _kind_and_crisis(words)
    shape = kind_of(kind)
    check_figure(out, force=force)
    given: dict[str, Any] = {"run": run, "member": member, "along": along, "alliance": alliance}
    for name, value in {**given, "runs": runs, "draws": draws}.items():
        from_outside = name == "runs" and os.environ.get(RUNS_VARIABLE) == str(value)
        if value is not None and name not in shape.options and not from_outside:
            raise UsageError(f"plot {kind} takes no --{name}")
    if shape.of_case and scenario is None:
        raise UsageError(f"plot {kind} needs a scenario: foedus plot ID {kind} --out FILE")
    if not shape.of_case and scenario is not None:
        raise UsageError(f"plot {kind} shows the library and takes no scenario")
    setup = settings = None
    if scenario is not None:
        setup = changes.setup(scenario)
        given["member"] = opt.chosen_member(setup.case, member) if member else None
    elif replace(changes, set_=None).any:
        raise UsageError(f"plot {kind} can change parameters with --set, and nothing else")
    else:
        settings = Settings(opt.chosen_parameters(changes.set_))
    counts = {"n_runs": runs, "n_draws": draws}
    given |= {name: n for name, n in counts.items() if n is not None}
    write_figure(shape.build(Wanted(setup, settings, seed=seed, progress=note, **given)), out)


def _kind_and_crisis(words: list[str]) -> tuple[str, str | None]:
    """The kind of figure and the crisis, in whichever order they were named."""
    from foedus.plots.catalogue import kinds

    if len(words) == 1:
        return words[0], None
    if len(words) > 2:
        raise UsageError("plot takes one crisis and one kind of figure")
    first, second = words
    return (second, first) if second in kinds() and first not in kinds() else (first, second)


@opt.command(app, prints=False)
def report(
    changes: opt.Changes,
    out: opt.OutFile,
    scenario: str | None = opt.argument("ID|FILE", SUBJECT_SAYS, default=None),
    all_: bool = opt.switch("--all", "Every crisis of the library."),
    runs: opt.Runs = 1000,
    seed: opt.Seed = 1,
    run: int = opt.count("--run", 0, 2**31 - 1, "The run that is told.", default=0),
    sensitivity: bool = opt.switch("--sensitivity", STUDY_SAYS),
    short: bool = opt.switch("--short", "The answer and what would change it, no more."),
    force: opt.Force = False,
) -> None:
    """Write a report as one HTML file that needs no network."""
    from foedus.chronicle.years import is_chronicle
    from foedus.data.library import ids
    from foedus.report.alliance import report_on_decades
    from foedus.report.crisis_report import gather, report_on, report_on_library

    if all_ == (scenario is not None):
        raise UsageError("report needs a scenario, or --all without one")
    check_html(out, "report", force=force)
    if scenario is None:
        if changes.any or sensitivity or run:
            raise UsageError("report --all takes --runs, --seed and --short, and no other option")
        text = report_on_library(runs, seed, steps(len(ids())), short=short)
    elif is_chronicle(scenario):
        if changes.any or sensitivity or run or short:
            raise UsageError("the report on an alliance takes --runs and --seed, no other option")
        text = report_on_decades(scenario, runs, seed, tell)
    else:
        setup = changes.setup(scenario)
        material = gather(setup, runs, seed, run, sensitivity=sensitivity)
        text = report_on(material, short=short)
    out.write_text(text, encoding="utf-8", newline="\n")
    note(f"wrote {out}")


@opt.command(app, prints=False)
def page(
    out: opt.OutFile,
    crises: opt.Words = opt.argument("[ID|FILE]...", CRISES_SAY, default=None),
    chronicles: opt.Words = opt.maybe("--chronicle", "ALLIANCE", DECADES_SAY),
    council: bool = opt.switch("--council", COUNCIL_SAYS),
    force: opt.Force = False,
) -> None:
    """Write one HTML file that simulates in any browser, without installation or network."""
    from foedus.data.library import load_all
    from foedus.data.vocabulary import rules
    from foedus.web.page import embed
    from foedus.web.page import page as written
    from foedus.web.timeline_data import timeline_data

    check_html(out, "page", force=force)
    if council:
        if len(crises or ()) != 1 or chronicles:
            raise UsageError("page --council takes one crisis, and no chronicle")
        out.write_text(embed(opt.chosen_case((crises or [""])[0])), encoding="utf-8")
        note(f"wrote {out}: paste it into a page")
        return
    cases = [opt.chosen_case(name) for name in crises] if crises else list(load_all())
    decades = [timeline_data(name, progress=tell) for name in dict.fromkeys(chronicles or ())]
    out.write_text(written(cases, chronicles=decades), encoding="utf-8")
    note(f"wrote {out}: open it in a browser")
    for rule in sorted(set(rules()) - set(Rule)):
        note(f"the page cannot work out the rule '{rule}': it is Python; foedus app can")


@opt.command(app)
def play(
    changes: opt.Changes,
    scenario: opt.Scenario,
    as_: opt.Words = opt.maybe("--as", "STATE", "The member that you play. Repeatable."),
    seed: GameSeed = 1,
    run: int = opt.count("--run", 0, 9_999_999, "Which random numbers to play with.", default=0),
    save: opt.Place = opt.maybe("--save", None, "Save the session here after each day."),
    resume: opt.Place = opt.maybe("--resume", None, "Go on with a saved session."),
) -> None:
    """Play a member of the council, decide day by day, and look back.

    You see what a government knew then; the model plays the others.
    """
    from rich.console import Console

    from foedus.data.sessions import read_session
    from foedus.roleplay.debrief import as_record, debrief
    from foedus.roleplay.game import begin, game_of
    from foedus.roleplay.terminal import of_debrief
    from foedus.roleplay.terminal import play as play_out

    opt.refuse("play", calibration=changes.calibration, requester_decides=changes.requester_decides)
    if resume is not None:
        case, session = opt.chosen_case(scenario), read_session(resume)
        if session.digest != case.digest:
            note(f"{case.id} has changed since this session was saved.")
        game = game_of(session, case)
    else:
        setup = changes.setup(scenario)
        if not as_:
            sitting = ", ".join(sorted(setup.case.scenario.members))
            raise UsageError(f"nobody is played: add --as with one of {sitting}")
        game = begin(setup, [opt.chosen_member(setup.case, state) for state in as_], seed, run)
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    game, finished = play_out(game, console, save)
    if finished:
        review = debrief(game)
        give(as_record(review), of_debrief(review))
    else:
        where = f" and saved in {save}; go on with --resume {save}" if save else "; not saved"
        note(f"Left after {len(game.days)} days{where}.")


@opt.command(app, "app", prints=False)
def crisis_room(
    crises: opt.Words = opt.argument("[ID|FILE|FOLDER]...", FILES_SAY, default=None),
    port: int = opt.count("--port", 1, 65535, "Port to listen on.", default=8080),
    host: str | None = opt.maybe("--host", None, HOST_SAYS),
    no_browser: bool = opt.switch("--no-browser", "Do not open a browser."),
) -> None:
    """Open the crisis room in a browser; it needs no network."""
    from foedus.app.server import serve

    serve(host=host, port=port, show=not no_browser, crises=crises or ())
