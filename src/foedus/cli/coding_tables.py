"""Tables on how the crises were coded: power, agreement of coders, measured dependence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.columns import Columns, number, plain_columns, table
from foedus.data.terms import INDICATORS

if TYPE_CHECKING:
    from foedus.analysis.coding.agreement import Agreement
    from foedus.analysis.coding.dependence_check import Accord, Depends
    from foedus.analysis.voting_power import PowerTable

INDICES = {
    "shapley_shubik": "Shapley-Shubik: in what share of all orders of joining it decides",
    "banzhaf": "Banzhaf: its share of all coalitions that one member turns into a majority",
    "penrose": "Penrose: probability that it decides when all others vote at random",
    "can_block": "Can block: whether what all others want fails if it objects",
}
AGREEMENT: Columns = (
    ("attribute", "{attribute}"),
    ("units#", lambda row: f"{row.n_units} {'members' if row.of_members else 'crises'}"),
    ("one coder only#", "{n_single}"),
    ("equal %", "{share_equal:%}"),
    ("alpha#", "{alpha:.2f}"),
    ("95 % interval (alliances resampled)", lambda row: _interval(row.interval)),
)
FAR = 4
"""Years from which a figure is marked as far from the year it stands for."""


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
    rows = [
        (council.alliance.states[state], *(_power(column[i]) for column in columns.values()))
        for i, state in enumerate(council.members)
    ]
    return table(title, plain_columns(("member", *heads)), rows)


def _power(value: float) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else number(value, ".3f")


def _power_notes(found: PowerTable) -> Iterator[Text]:
    own = "* the alliance's own rule. " if found.council.own_rule in found.powers else ""
    yield Text(own + MEANS[found.council.room])
    if found.council.capability_from:
        source = found.council.capability_from
        yield Text(f"Where capability counts, it is that coded for {source}.")
    for line in found.missing:
        yield Text(f"Not worked out: {line}.")


MEANS = {
    True: "Consensus: who is not for a motion may stand aside; it passes with half of the "
    "capability behind it, unless somebody objects.",
    False: "Consensus leaves no room to stand aside here: all must be for a motion.",
}


def _interval(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return "" if low != low else f"{low:.2f} to {high:.2f}"


def of_agreement(
    rows: Sequence[Agreement], n_crises: int, n_published: int
) -> Iterator[RenderableType]:
    """Agreement of the coders, recomputed and as published."""
    yield table(
        f"Krippendorff's alpha (interval) of the coders over {n_crises} crises",
        (*AGREEMENT, (f"published, {n_published} crises#", "{published:.2f}")),
        rows,
        caption="alpha: 1 full agreement, 0 as by chance",
    )
    yield Text(
        "The interval draws alliances again, whole. Published figures: codebook. "
        "The shipped crises are part of those, so the two columns are no replication."
    )


def of_dependence(rows: Sequence[Depends], names: dict[str, str]) -> Table:
    """Computed dependence by occasion and member, with what it rests on."""
    before = ["", *(row.occasion for row in rows)]
    return table(
        "Dependence on the lead state, computed from indicators (each as a share of full "
        "dependence)",
        (
            ("occasion", lambda pair: "" if pair[0] == pair[1].occasion else pair[1].occasion),
            ("member", lambda pair: names.get(pair[1].state, pair[1].state)),
            ("computed#", "{1.computed:.2f}"),
            ("coders#", "{1.coded:.2f}"),
            *((f"{name}#", lambda pair, name=name: _side(pair[1], name)) for name in INDICATORS),
        ),
        list(zip(before, rows, strict=False)),
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
        (
            ("member", lambda row: names[row[0]]),
            ("rows#", "{1[0]}"),
            ("computed#", "{1[1]:.2f}"),
            ("coders#", "{1[2]:.2f}"),
            ("computed minus coders#", lambda row: f"{row[1][1] - row[1][2]:+.2f}"),
        ),
        found.by_state.items(),
    )
    yield table(
        "The correlation without some indicators",
        (("left out", "{0}"), ("correlation#", "{1:.2f}")),
        found.without.items(),
    )
