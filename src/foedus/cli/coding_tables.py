"""Tables on how the crises were coded: power, agreement of coders, measured dependence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.output import number, percent, table
from foedus.data.terms import INDICATORS, Rule

if TYPE_CHECKING:
    from foedus.analysis.coding.agreement import Agreement
    from foedus.analysis.coding.dependence_check import Accord, Depends
    from foedus.analysis.voting_power import PowerTable

INDICES = {
    "shapley_shubik": "Shapley-Shubik: in what share of all orders of joining it decides",
    "banzhaf": "Banzhaf: its share of all coalitions that one member turns into a majority",
    "penrose": "Penrose: probability that it decides when all others vote at random",
}


def of_power(found: PowerTable) -> Iterator[RenderableType]:
    """Voting power: one table per index with the rules side by side, or one table of one rule."""
    council = found.council
    own = f"its rule then: {council.own_rule}" if council.own_rule else "no rule of its own then"
    yield Text(f"{council.alliance.name} on {council.day}; {own}", style="bold")
    known = {rule: power for rule, power in found.powers.items() if power is not None}
    if len(found.powers) > 1:
        for name, says in INDICES.items():
            columns = {str(rule): getattr(power, name) for rule, power in known.items()}
            yield _shares(found, says, columns)
    else:
        for rule, power in known.items():
            yield _shares(found, f"Voting power under the rule {rule}", vars(power))
            yield from (Text(says) for says in INDICES.values())
    yield from _power_notes(found)


def _shares(found: PowerTable, title: str, columns: Mapping[str, Sequence[float]]) -> Table:
    council = found.council
    heads = [f"{name}{'*' if name == council.own_rule else ''}#" for name in columns]
    return table(
        title,
        ("member", *heads),
        [
            (
                council.alliance.states[state],
                *(number(column[i], ".3f") for column in columns.values()),
            )
            for i, state in enumerate(council.members)
        ],
    )


def _power_notes(found: PowerTable) -> Iterator[Text]:
    own = "* the alliance's own rule. " if found.council.own_rule in found.powers else ""
    yield Text(
        f"{own}Consensus counts as unanimity: any member can block. Whoever asks for help does "
        "not vote on it."
    )
    if found.council.capability_from and found.powers.get(Rule.WEIGHTED):
        yield Text(
            f"Votes are weighted by the capabilities coded for {found.council.capability_from}."
        )
    for line in found.missing:
        yield Text(f"Not worked out: {line}.")


def of_agreement(
    rows: Sequence[Agreement], n_crises: int, n_published: int
) -> Iterator[RenderableType]:
    """Agreement of the coders, recomputed and as published."""
    yield table(
        f"Krippendorff's alpha (interval) of the coders over {n_crises} crises",
        (
            "attribute",
            "units#",
            "one coder only#",
            "equal %",
            "alpha#",
            "95 % interval (crises resampled)",
            f"published, {n_published} crises#",
        ),
        [
            (
                row.attribute,
                f"{row.n_units} {'members' if row.of_members else 'crises'}",
                str(row.n_single),
                "" if isnan(row.share_equal) else percent(row.share_equal),
                number(row.alpha),
                "" if isnan(row.interval[0]) else "{:.2f} to {:.2f}".format(*row.interval),
                number(row.published),
            )
            for row in rows
        ],
        caption="alpha: 1 full agreement, 0 as by chance",
    )
    yield Text(
        "The interval draws crises again, each with all its members. Published figures: codebook. "
        "The shipped crises are part of those, so the two columns are no replication."
    )


FAR = 4
"""Years from which a figure is marked as far from the year it stands for."""


def of_dependence(rows: Sequence[Depends], names: dict[str, str]) -> Table:
    """Computed dependence by occasion and member, with what it rests on."""
    before, cells = "", []
    for row in rows:
        cells.append(
            (
                row.occasion if row.occasion != before else "",
                names.get(row.state, row.state),
                number(row.computed),
                number(row.coded),
                *(_side(row, name) for name in INDICATORS),
            )
        )
        before = row.occasion
    return table(
        "Dependence on the lead state, computed from indicators (each as a share of full "
        "dependence)",
        ("occasion", "member", "computed#", "coders#", *(f"{name}#" for name in INDICATORS)),
        cells,
        caption=f"' the figure is {FAR} years or more from that year; -: none",
    )


def _side(row: Depends, name: str) -> str:
    side = row.sides.get(name)
    return "-" if side is None else f"{side.score:.2f}{chr(39) if side.years_off >= FAR else ''}"


def of_accord(found: Accord, names: dict[str, str]) -> Iterator[RenderableType]:
    """How far the computed dependence ranks members as the coders do."""
    low, high = found.over_crises
    least, most = found.over_states
    yield Text(
        f"Spearman's rank correlation with the coders: {found.rho:.2f} over {found.n_units} rows "
        f"(95 %: {low:.2f} to {high:.2f} when the {found.n_crises} crises are drawn again, "
        f"{least:.2f} to {most:.2f} when the {found.n_states} states are); mean within a crisis "
        f"{number(found.within_crises)}. Computed minus coded: {found.bias:+.2f} on average."
    )
    yield table(
        "By member, mean over its rows",
        ("member", "rows#", "computed#", "coders#", "computed minus coders#"),
        [
            (names[state], str(n), f"{computed:.2f}", f"{coded:.2f}", f"{computed - coded:+.2f}")
            for state, (n, computed, coded) in found.by_state.items()
        ],
    )
    yield table(
        "The correlation without some indicators",
        ("left out", "correlation#"),
        [(left_out, number(rho)) for left_out, rho in found.without.items()],
    )
