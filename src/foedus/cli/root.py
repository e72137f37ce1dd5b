"""The command's root: its table of contents, and groups with a command of their own."""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

SECTIONS = {
    "Simulate and explain": (
        *("list", "show", "run", "explain"),
        *("compare", "vary", "sensitivity", "control"),
    ),
    "Compare with history": ("history", "tournament", "calibrate", "chronicle"),
    "Draw, report, play": ("plot", "report", "page", "play", "app"),
    "Work with your own crises": ("new", "validate", "data", "experiment"),
    "Set up the shell": ("completion",),
}
"""Every command once, in the order in which people meet them."""

EPILOG = (
    "Each command explains itself: foedus COMMAND --help. Before any command: -q, --quiet prints "
    "results only. FOEDUS_SEED and FOEDUS_RUNS, or `seed` and `runs` in a file foedus.toml in the "
    "working folder, replace the defaults."
)
EXTENSION_SAYS = "Run a Python file that adds rules, terms or figures. Repeatable."
HELP_WORDS = {"help_option_names": ["-h", "--help"]}


class Contents(TyperGroup):
    """The root of the command line, its commands listed by section."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the sections into the help."""
        for title, names in SECTIONS.items():
            told = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(f"{name:11}", one.get_short_help_str(limit=200)) for name, one in told if one]
            with formatter.section(title):
                formatter.write_dl(rows)


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
    context_settings=HELP_WORDS,
)


def group(name: str, about: str, *, with_default: bool = True) -> typer.Typer:
    """A group of commands below the root."""
    made = typer.Typer(
        help=about,
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
