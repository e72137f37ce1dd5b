"""Commands on the library and one's own crises: list, show, validate, new, completion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from foedus.cli import options as opt
from foedus.cli.output import Format, check_place, give, hint, note
from foedus.cli.root import app, group

FILES_SAY = "Crises, alliances, plans or folders of them. Without any: all shipped crises."
SCHEMA_SAYS = "Print the JSON Schema of a kind of file, for editors."


class What(StrEnum):
    """What can be listed."""

    CRISES = "crises"
    ALLIANCES = "alliances"
    THEORIES = "theories"
    RULES = "rules"
    PARAMETERS = "parameters"
    FIGURES = "figures"


@app.command("list")
def list_known(
    what: Annotated[What, typer.Argument(help="What to list.")] = What.CRISES,
    form: opt.Form = Format.TABLE,
) -> None:
    """List crises, alliances, theories, rules, parameters or figures."""
    from foedus.cli import library_tables
    from foedus.data.library import load_all
    from foedus.data.register import register

    if what is What.CRISES:
        cases = list(load_all())
        records = [library_tables.case_record(case) for case in cases]
        give(form, records, library_tables.of_cases(cases))
        hint("foedus show ID; foedus run ID; foedus run ID --runs 1000")
    elif what is What.PARAMETERS:
        rows = register().values()
        give(form, [vars(row) for row in rows], library_tables.of_register(rows))
    else:
        known = _records_of(what)
        give(form, known, library_tables.of_records(what.capitalize(), known))


def _records_of(what: What) -> Sequence[dict[str, Any]]:
    """Names with a line on each."""
    from foedus.data.library import alliance_ids, alliance_named
    from foedus.data.theory import theories
    from foedus.data.vocabulary import entries

    if what is What.ALLIANCES:
        found = [(name, alliance_named(name)[0]) for name in alliance_ids()]
        return [{"id": name, "name": one.name, "summary": one.summary} for name, one in found]
    if what is What.THEORIES:
        return [{"name": n, "title": t.title, "claim": t.claim} for n, t in theories().items()]
    if what is What.RULES:
        return [{"name": name, "decides": row.description} for name, row in entries("rule").items()]
    from foedus.plots.catalogue import kinds

    return [
        {"kind": name, "of": "one crisis" if kind.of_case else "all crises", "shows": kind.shows}
        for name, kind in kinds().items()
    ]


@app.command()
def show(
    scenario: Annotated[str, opt.argument("ID|FILE", "A crisis, by id or file; or an alliance.")],
    sources: Annotated[
        bool, opt.switch("--sources", "Every number and its source instead.")
    ] = False,
    form: opt.Form = Format.TABLE,
) -> None:
    """Show a crisis: facts, codes with reasons, members, sources; or an alliance."""
    from foedus.cli import library_tables
    from foedus.data.register import defaults
    from foedus.data.sources import numbers_of

    if opt.is_alliance(scenario):
        opt.refuse("show ALLIANCE", sources=sources)
        _show_alliance(scenario, form)
        return
    case = opt.chosen_case(scenario)
    if sources:
        numbers = list(numbers_of(case, defaults()["indicator_reach"]))
        records = [library_tables.stated_record(stated) for stated in numbers]
        give(form, records, library_tables.of_numbers(numbers))
    else:
        record, shown = case.scenario.model_dump(mode="json"), library_tables.of_case(case)
        give(form, record, shown, lambda: [library_tables.case_record(case)])


def _show_alliance(name: str, form: Format) -> None:
    from foedus.cli import library_tables
    from foedus.data.chronicle_file import CHRONICLE_FILE
    from foedus.data.library import alliance_home, alliance_named, scenario_files

    home = alliance_home(opt.chosen_alliance(name))
    treaty, crises = alliance_named(str(home))[0], list(scenario_files(home))
    has_chronicle = (home / CHRONICLE_FILE).is_file()
    more = {"crises": crises, "has_chronicle": has_chronicle}
    record = {**treaty.model_dump(mode="json"), **more}
    shown = library_tables.of_alliance(treaty, crises, has_chronicle)
    give(form, record, shown, lambda: record["members"])


@app.command()
def validate(
    files: Annotated[opt.Words, opt.argument("ID|FILE|DIR", FILES_SAY)] = None,
    schema: Annotated[bool, opt.switch("--schema", SCHEMA_SAYS)] = False,
) -> None:
    """Check files of crises; tell each problem with line and column."""
    from foedus.data.library import ids
    from foedus.errors import FileProblems, Problem

    if schema:
        _print_schema(files or ["scenario"])
        return
    problems: list[Problem] = []
    names = [each for name in files or ids() for each in _files_of(name)]
    for name in names:
        try:
            _check(name)
        except FileProblems as found:
            problems.extend(found.problems)
    if problems:
        raise FileProblems(problems)
    print(f"{names[0]}: valid" if len(names) == 1 else f"{len(names)} files: all valid")


def _print_schema(kinds: list[str]) -> None:
    from foedus.data.json_schema import schema_text
    from foedus.data.terms import FileKind
    from foedus.errors import UsageError, did_you_mean
    from foedus.experiments.plan import plan_schema

    known = [*(str(kind) for kind in FileKind), "plan"]
    for kind in kinds:
        if kind not in known:
            raise UsageError(f"unknown kind of file '{kind}'{did_you_mean(kind, known)}")
        print(plan_schema() if kind == "plan" else schema_text(FileKind(kind)), end="")


def _check(name: str) -> None:
    """Read one file as what it is: an alliance, a chronicle, a plan, or a crisis."""
    from foedus.data.chronicle_file import CHRONICLE_FILE, read_chronicle
    from foedus.data.library import ALLIANCE_FILE, load_alliance

    path = Path(name)
    if path.name == ALLIANCE_FILE:
        load_alliance(path.parent)
    elif path.name == CHRONICLE_FILE:
        read_chronicle(path)
    elif _is_plan(path):
        from foedus.experiments.study import read_study

        read_study(path)
    else:
        opt.chosen_case(name)


def _is_plan(path: Path) -> bool:
    """Whether a file has the keys of a plan, as far as can be told without reading it as one."""
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as stream:
        start = stream.read(100_000).splitlines()
    return any(line.startswith("scenarios:") for line in start)


def _files_of(name: str) -> list[str]:
    """What a name stands for: a folder for the alliance and the scenarios in and below it."""
    from foedus.data.library import NO_CRISES, ids, scenario_files, yaml_files
    from foedus.errors import InputError

    folder = Path(name)
    if name in ids() or not folder.is_dir():
        return [name]
    alliances = [path for path in yaml_files(folder) if path.name in NO_CRISES]
    found = [str(path) for path in (*alliances, *scenario_files(folder).values())]
    if not found:
        raise InputError(f"{name}: no scenario and no alliance in this folder")
    return found


new = group("new", "Write a file to fill in: a crisis, or the plan of an experiment.")
OutDir = Annotated[Path, opt.named("--out-dir", "DIR", "Folder of the file.", "-o")]
HOME_SAYS = "Id of a shipped alliance, or of the alliance.yaml in the folder or above it."
DAY_SAYS = (
    "The day that the codes describe; members, treaty and council of that day are "
    "used. Default: today."
)
Day = Annotated[str | None, opt.named("--date", "YYYY-MM-DD", DAY_SAYS)]
Requester = Annotated[
    str | None, opt.named("--requester", "ISO3", "Default: the first that does not lead.")
]
Like = Annotated[str | None, opt.named("--like", "ID|FILE", "Copy the codes of this crisis.")]


@new.command("crisis")
def new_crisis(
    alliance: Annotated[str, opt.argument("ALLIANCE", HOME_SAYS)],
    scenario_id: Annotated[str, opt.argument("ID", "Id of the new crisis, such as my-crisis.")],
    out_dir: OutDir = Path(),
    day: Day = None,
    requester: Requester = None,
    like: Like = None,
) -> None:
    """Write a commented crisis to fill in; it runs as it is.

    `foedus new plan NAME` writes the plan of a large experiment instead.
    """
    from foedus.data.drafts import write_draft

    on = opt.day_of(day) if day else None if like else date.today()
    asks = requester.upper() if requester else None
    path, schema = write_draft(opt.chosen_alliance(alliance), scenario_id, out_dir, on, asks, like)
    print(path)
    listed = f"The codes of {like} are copied" if like else f"The members of {on} are listed"
    note(f"{listed}; the editor reads {schema}.")
    note(f"Next: foedus validate {path}; foedus run {path} --runs 1000")


@new.command("plan")
def new_plan(
    name: Annotated[str, opt.argument("NAME", "Such as my-plan.")],
    out_dir: OutDir = Path(),
) -> None:
    """Write the commented plan of an experiment; it runs as it is."""
    import re

    from foedus.errors import UsageError
    from foedus.experiments.plan import plan_schema, plan_template

    path = out_dir / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(f"{name}: expected lower-case words joined by hyphens")
    if path.exists():
        raise UsageError(f"{path} exists already and is not overwritten")
    out_dir.mkdir(parents=True, exist_ok=True)
    path.write_text(plan_template(name, "kazakhstan-2022"), encoding="utf-8")
    (out_dir / "plan.schema.json").write_text(plan_schema(), encoding="utf-8")
    print(path)
    note(f"Next: foedus experiment run {path} --dry-run")


@new.command("chronicle")
def new_chronicle(
    alliance: Annotated[str, opt.argument("ALLIANCE", "Id of a shipped alliance, or its folder.")],
    out_dir: OutDir = Path(),
    force: opt.Force = False,
) -> None:
    """Write the chronicle of an alliance to fill in: its members come and go, no call yet."""
    from foedus.data.chronicle_draft import draft_of
    from foedus.data.chronicle_file import CHRONICLE_FILE
    from foedus.data.library import alliance_named

    path = out_dir / CHRONICLE_FILE
    check_place(path, force=force)
    path.write_text(draft_of(alliance_named(alliance)[0]), encoding="utf-8")
    print(path)
    note(f"Next: foedus validate {path}; foedus chronicle {out_dir}")


class Shell(StrEnum):
    """Shells that can complete words."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command()
def completion(
    shell: Annotated[Shell, typer.Argument(help="Your shell.")],
) -> None:
    """Print the script that lets a shell complete commands and options.

    For bash: foedus completion bash >> ~/.bashrc
    """
    from typer._completion_shared import get_completion_script

    named_so = {"prog_name": "foedus", "complete_var": "_FOEDUS_COMPLETE"}
    print(get_completion_script(**named_so, shell=str(shell)))
