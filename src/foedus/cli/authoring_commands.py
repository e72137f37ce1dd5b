"""Commands on crises of one's own: validate, new; and completion for the shell."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer._completion_shared import get_completion_script

from foedus.cli import options as opt
from foedus.cli.output import check_place
from foedus.cli.progress import note
from foedus.cli.root import app, group
from foedus.data import library
from foedus.data.chronicle_file import CHRONICLE_FILE, read_chronicle
from foedus.data.drafts import chronicle_draft, write_draft
from foedus.data.json_schema import schema_text
from foedus.data.terms import FileKind
from foedus.errors import FileProblems, InputError, Problem, UsageError, did_you_mean
from foedus.experiments.plan import plan_schema, plan_template

FILES_SAY = "Crises, alliances, plans or folders of them. Without any: all shipped crises."
SCHEMA_SAYS = "Print the JSON Schema of a kind of file, for editors."


@opt.command(app, prints=False)
def validate(
    files: opt.Words = opt.argument("ID|FILE|DIR", FILES_SAY, default=None),
    schema: bool = opt.switch("--schema", SCHEMA_SAYS),
) -> None:
    """Check files of crises; tell each problem with line and column."""
    if schema:
        _print_schema(files or ["scenario"])
        return
    problems: list[Problem] = []
    names = [each for name in files or library.ids() for each in _files_of(name)]
    for name in names:
        try:
            _check(name)
        except FileProblems as found:
            problems.extend(found.problems)
    if problems:
        raise FileProblems(problems)
    print(f"{names[0]}: valid" if len(names) == 1 else f"{len(names)} files: all valid")


def _print_schema(kinds: list[str]) -> None:
    known = [*(str(kind) for kind in FileKind), "plan"]
    for kind in kinds:
        if kind not in known:
            raise UsageError(f"unknown kind of file '{kind}'{did_you_mean(kind, known)}")
        print(plan_schema() if kind == "plan" else schema_text(FileKind(kind)), end="")


def _check(name: str) -> None:
    """Read one file as what it is: an alliance, a chronicle, a plan, or a crisis."""
    path = Path(name)
    if path.name == library.ALLIANCE_FILE:
        library.load_alliance(path.parent)
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
    folder = Path(name)
    if name in library.ids() or not folder.is_dir():
        return [name]
    alliances = [path for path in library.yaml_files(folder) if path.name in library.NO_CRISES]
    found = [str(path) for path in (*alliances, *library.scenario_files(folder).values())]
    if not found:
        raise InputError(f"{name}: no scenario and no alliance in this folder")
    return found


new = group("new")
OutDir = Annotated[Path, opt.option("--out-dir", "DIR", "Folder of the file.", "-o")]
HOME_SAYS = "Id of a shipped alliance, or of the alliance.yaml in the folder or above it."
ASKER_SAYS = "Default: the first that does not lead."
DAY_SAYS = (
    "The day that the codes describe; members, treaty and council of that day are "
    "used. Default: today."
)


@opt.command(new, "crisis", prints=False)
def new_crisis(
    alliance: str = opt.argument("ALLIANCE", HOME_SAYS),
    scenario_id: str = opt.argument("ID", "Id of the new crisis, such as my-crisis."),
    out_dir: OutDir = Path(),
    day: str | None = opt.maybe("--date", "YYYY-MM-DD", DAY_SAYS),
    requester: str | None = opt.maybe("--requester", "ISO3", ASKER_SAYS),
    like: str | None = opt.maybe("--like", "ID|FILE", "Copy the codes of this crisis."),
) -> None:
    """Write a commented crisis to fill in; it runs as it is.

    `foedus new plan NAME` writes the plan of a large experiment instead.
    """
    on = opt.day_of(day) if day else None if like else date.today()
    asks = requester.upper() if requester else None
    path, schema = write_draft(opt.chosen_alliance(alliance), scenario_id, out_dir, on, asks, like)
    print(path)
    listed = f"The codes of {like} are copied" if like else f"The members of {on} are listed"
    note(f"{listed}; the editor reads {schema}.")
    note(f"Next: foedus validate {path}; foedus run {path} --runs 1000")


@opt.command(new, "plan", prints=False)
def new_plan(
    name: str = opt.argument("NAME", "Such as my-plan."),
    out_dir: OutDir = Path(),
) -> None:
    """Write the commented plan of an experiment; it runs as it is."""
    path = out_dir / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError(f"{name}: expected lower-case words joined by hyphens")
    if path.exists():
        raise UsageError(f"{path} exists already and is not overwritten")
    out_dir.mkdir(parents=True, exist_ok=True)
    path.write_text(plan_template(name), encoding="utf-8")
    (out_dir / "plan.schema.json").write_text(plan_schema(), encoding="utf-8")
    print(path)
    note(f"Next: foedus experiment run {path} --dry-run")


@opt.command(new, "chronicle", prints=False)
def new_chronicle(
    alliance: str = opt.argument("ALLIANCE", "Id of a shipped alliance, or its folder."),
    out_dir: OutDir = Path(),
    force: opt.Force = False,
) -> None:
    """Write the chronicle of an alliance to fill in: its members come and go, no call yet."""
    path = out_dir / CHRONICLE_FILE
    check_place(path, force=force)
    path.write_text(chronicle_draft(library.alliance_named(alliance)[0]), encoding="utf-8")
    print(path)
    note(f"Next: foedus validate {path}; foedus chronicle {out_dir}")


Shell = StrEnum("Shell", ["BASH", "ZSH", "FISH"])


@opt.command(app, prints=False)
def completion(
    shell: Shell = opt.argument(None, "Your shell."),
) -> None:
    """Print the script that lets a shell complete commands and options.

    For bash: foedus completion bash >> ~/.bashrc
    """
    named_so = {"prog_name": "foedus", "complete_var": "_FOEDUS_COMPLETE"}
    print(get_completion_script(**named_so, shell=str(shell)))
