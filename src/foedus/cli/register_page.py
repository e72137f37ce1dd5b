"""The table of all parameters in the description of the model, written from the register."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.data.register import Parameter
from foedus.doc_pages import markdown_table

COLUMNS = ("parameter", "symbol", "default#", "prior", "range", "unit", "what it is, source")

GREEK = {
    "tau": "τ",
    "eta": "η",
    "rho": "ρ",
    "iota": "ι",
    "omega": "ω",
    "theta": "θ",
    "gamma": "γ",
    "sigma": "σ",
    "kappa": "κ",
    "mu": "μ",
}
"""The register's plain letters as the equations write them."""


def register_markdown(rows: Iterable[Parameter]) -> str:
    """All parameters as one Markdown table, in the register's order, and their number."""
    listed = list(rows)
    n_free = sum(row.is_free for row in listed)
    n_assumed = sum(row.is_assumed for row in listed)
    table = markdown_table(COLUMNS, [_cells(row) for row in listed])
    count = f"{len(listed)} parameters; {n_free} have a prior, {n_assumed} are of an assumed size."
    return f"{table}\n\n{count}"


def symbol(row: Parameter) -> str:
    """The parameter's letter as the equations write it, such as ``τ<sub>2</sub>``."""
    return " − ".join(_letter(part) for part in row.symbol.split("-"))


def _letter(plain: str) -> str:
    letter, _, index = plain.replace("b0", "b_0").partition("_")
    letter = GREEK.get(letter, letter)
    return f"{letter}<sub>{index}</sub>" if index else letter


def _cells(row: Parameter) -> tuple[str, ...]:
    return (
        f"`{row.name}`",
        symbol(row),
        f"{row.default:g}",
        f"{row.prior}, {row.spread:g}" if row.is_free else row.prior,
        f"{row.low:g} to {row.high:g}",
        row.unit,
        f"{row.description}. *{row.source[0].upper()}{row.source[1:]}.*",
    )
