"""The command's root: its table of contents, groups, and a person's own defaults.

The file ``contents.csv`` names every command once, in the order in which people meet them. The
module of a command is imported when the command is called, so a module here may import all it
needs at its top, and the root's help stays instant.
"""

from __future__ import annotations

import csv
import os
from importlib import import_module
from importlib.metadata import entry_points
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from foedus.errors import InputError


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file that stands beside this module."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


CONTENTS = {line["command"]: line for line in read_rows("contents.csv")}

EPILOG = (
    "Each command explains itself: foedus COMMAND --help. Before any command: -q, --quiet prints "
    "results only. FOEDUS_SEED and FOEDUS_RUNS, or `seed` and `runs` in a file foedus.toml in the "
    "working folder, replace the defaults."
)
EXTENSION_SAYS = "Run a Python file that adds rules, terms or figures. Repeatable."
RUNS_VARIABLE, SEED_VARIABLE = "FOEDUS_RUNS", "FOEDUS_SEED"
DEFAULTS = Path("foedus.toml")


class Contents(TyperGroup):
    """The root of the command line: its commands by section, each imported when it is called."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        told = {name: TyperCommand(name, help=line["says"]) for name, line in CONTENTS.items()}
        self.commands = {**told, **self.commands}

    def format_commands(self, _: Any, formatter: Any) -> None:
        """Write the sections into the help."""
        for title, lines in groupby(CONTENTS.values(), key=lambda line: line["section"]):
            with formatter.section(title):
                formatter.write_dl([(f"{line['command']:11}", line["says"]) for line in lines])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that is called, and give it a person's own defaults."""
        name = args[0]
        if name in CONTENTS:
            import_module(f"foedus.cli.{CONTENTS[name]['file']}")
            self.commands.update(get_command(app).commands)  # type: ignore[attr-defined]
            ctx.default_map = {name: _defaults_of(self.commands[name], ctx.obj or {})}
        return super().resolve_command(ctx, args)


def own_defaults() -> dict[str, int]:
    """Seed and runs by their variables, as the file ``foedus.toml`` of this folder says."""
    if not DEFAULTS.is_file():
        return {}
    import tomllib

    keys = {"seed": SEED_VARIABLE, "runs": RUNS_VARIABLE}
    try:
        found = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{DEFAULTS}: cannot be read: {error}") from None
    for name, value in found.items():
        if name not in keys or type(value) is not int:
            raise InputError(f"{DEFAULTS}: {name}: expected `seed` or `runs` and a whole number")
    return {keys[name]: value for name, value in found.items()}


def _defaults_of(command: Any, values: dict[str, int]) -> dict[str, Any]:
    """Values for the options of a command, and of those below it, that read these variables."""
    below = getattr(command, "commands", {})
    own = {p.name: values[p.envvar] for p in command.params if getattr(p, "envvar", "") in values}
    return {**own, **{name: _defaults_of(one, values) for name, one in below.items()}}


class WithDefault(TyperGroup):
    """A group whose first command is meant where none is named: ``foedus history --runs 50``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the first command before words that name none."""
        if not args or args[0] not in self.commands:
            args = [next(iter(self.commands)), *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    help="How an alliance answers a call for help: simulate, explain, compare with history.",
    epilog=EPILOG,
    cls=Contents,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def group(name: str, *, with_default: bool = True) -> typer.Typer:
    """A group of commands below the root."""
    made = typer.Typer(
        help=CONTENTS[name]["says"],
        cls=WithDefault if with_default else TyperGroup,
        no_args_is_help=not with_default,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.add_typer(made, name=name)
    return made


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    extension: Annotated[
        list[Path] | None,
        typer.Option("--extension", metavar="FILE", help=EXTENSION_SAYS),
    ] = None,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(installed("foedus"))
        raise typer.Exit
    if extension or os.environ.get("FOEDUS_EXTENSIONS") or entry_points(group="foedus"):
        from foedus.extensions import declare, load_declared  # numpy comes with it

        declare([str(path) for path in extension or ()])
        load_declared()
