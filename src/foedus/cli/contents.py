"""The table of contents that `foedus --help` prints: commands by what one does with them."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

SECTIONS = {
    "Simulate and explain": (
        "list",
        "show",
        "run",
        "replay",
        "explain",
        "compare",
        "sweep-1d",
        "sweep-2d",
        "sensitivity",
    ),
    "Hold against history": (
        "history",
        "tournament",
        "alternatives",
        "calibrate",
        "recover",
        "requests",
    ),
    "Draw, report, play": ("plot", "report", "play", "app"),
    "Write crises of your own": ("new", "validate", "schema"),
    "What the numbers rest on": (
        "parameters",
        "sources",
        "coverage",
        "agreement",
        "dependence",
        "power",
    ),
    "Large experiments": (
        "experiment",
        "sweep",
        "status",
        "resume",
        "collect",
        "rerun",
        "benchmark",
    ),
}
"""Every command once, in the order in which people meet them."""


class Contents(TyperGroup):
    """The root of the command line, its commands listed by section."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the sections into the help."""
        for title, names in SECTIONS.items():
            told = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(f"{name:12}", one.get_short_help_str(limit=200)) for name, one in told if one]
            with formatter.section(title):
                formatter.write_dl(rows)
