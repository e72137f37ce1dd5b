"""What the analyses over the case library show on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.tables import percent, titled
from foedus.data.terms import INDICATORS, Rule

if TYPE_CHECKING:
    from foedus.analysis.coding.agreement import Agreement
    from foedus.analysis.coding.dependence_check import Accord, Depends
    from foedus.analysis.explain.comparison import Comparison, Difference
    from foedus.analysis.forecast.requests import Asking, RequestScore, RequestTable
    from foedus.analysis.voting_power import PowerTable

INDICES = {
    "shapley_shubik": "Shapley-Shubik: share of the orders of joining in which it tips the balance",
    "banzhaf": "Banzhaf: its share of all the coalitions that some member tips",
    "penrose": "Penrose: probability that it decides when all others toss a coin",
}


def number(value: float | None, form: str = ".2f") -> str:
    """A number, or nothing where it is not known."""
    return "" if value is None or isnan(value) else format(value, form)


def of_power(table: PowerTable) -> Iterator[RenderableType]:
    """Voting power: one table an index with the rules side by side, or one table of one rule."""
    council = table.council
    own = f"its rule then: {council.own_rule}" if council.own_rule else "no rule of its own then"
    yield Text(f"{council.alliance.name} on {council.day}; {own}", style="bold")
    known = {rule: power for rule, power in table.powers.items() if power is not None}
    if len(table.powers) > 1:
        for name, says in INDICES.items():
            columns = {str(rule): getattr(power, name) for rule, power in known.items()}
            yield _shares(table, says, columns)
    else:
        for rule, power in known.items():
            yield _shares(table, f"Voting power under the rule {rule}", vars(power))
            yield from (Text(says) for says in INDICES.values())
    yield from _power_notes(table)


def _shares(table: PowerTable, title: str, columns: Mapping[str, Sequence[float]]) -> Table:
    council = table.council
    heads = [f"{name}{'*' if name == council.own_rule else ''}#" for name in columns]
    shares = titled(title, "member", *heads)
    for i, state in enumerate(council.members):
        cells = (number(column[i], ".3f") for column in columns.values())
        shares.add_row(council.alliance.states[state], *cells)
    return shares


def _power_notes(table: PowerTable) -> Iterator[Text]:
    own = "* the alliance's own rule. " if table.council.own_rule in table.powers else ""
    yield Text(
        f"{own}Consensus counts as unanimity: any member can block. Whoever asks for help does "
        "not vote on it."
    )
    if table.council.capability_from and table.powers.get(Rule.WEIGHTED):
        yield Text(
            f"Votes are weighted by the capabilities coded for {table.council.capability_from}."
        )
    for line in table.missing:
        yield Text(f"Not worked out: {line}.")


def of_agreement(
    rows: Sequence[Agreement], n_crises: int, n_published: int
) -> Iterator[RenderableType]:
    """Agreement of the coders, recomputed and as published."""
    table = titled(
        f"Krippendorff's alpha (interval) of the coders over the {n_crises} shipped crises",
        "attribute",
        "units#",
        "one coder only#",
        "equal %",
        "alpha#",
        "95 % of crises",
        f"published, {n_published} crises#",
    )
    for row in rows:
        low, high = row.interval
        table.add_row(
            row.attribute,
            f"{row.n_units} {'members' if row.of_members else 'crises'}",
            str(row.n_single),
            "" if isnan(row.share_equal) else percent(row.share_equal),
            number(row.alpha),
            "" if isnan(low) else f"{low:.2f} to {high:.2f}",
            number(row.published),
        )
    yield table
    yield Text(
        "The interval draws crises again, each with all its members. Published figures: codebook. "
        "The shipped crises are part of those, so the two columns are no replication."
    )


def of_dependence(rows: Sequence[Depends], names: dict[str, str]) -> Table:
    """Computed dependence by occasion and member, with what it rests on."""
    table = titled(
        "Dependence on the lead state, computed from indicators (each as its share of full "
        "dependence; ' a figure 4 years or more from that year)",
        "occasion",
        "member",
        "computed#",
        "coders#",
        *(f"{name}#" for name in INDICATORS),
    )
    before = ""
    for row in rows:
        table.add_row(
            row.occasion if row.occasion != before else "",
            names.get(row.state, row.state),
            number(row.computed),
            number(row.coded),
            *(_side(row, name) for name in INDICATORS),
        )
        before = row.occasion
    return table


FAR = 4
"""Years from which a figure is marked as far from the year it stands for."""


def _side(row: Depends, name: str) -> str:
    side = row.sides.get(name)
    if side is None:
        return "-"
    return f"{side.score:.2f}{chr(39) if side.years_off >= FAR else ''}"


def of_accord(found: Accord, names: dict[str, str]) -> Iterator[RenderableType]:
    """How far the computed dependence ranks members as the coders do."""
    low, high = found.over_crises
    least, most = found.over_states
    yield Text(
        f"Spearman's rank correlation with the coders: {found.rho:.2f} over {found.n_units} rows "
        f"(95 %: {low:.2f} to {high:.2f} when the {found.n_crises} crises are drawn again, "
        f"{least:.2f} to {most:.2f} when the {found.n_states} states are); mean within a crisis "
        f"{number(found.within_crises)}. Computed less coded: {found.bias:+.2f} on average."
    )
    states = titled(
        "By member, mean over its rows", "member", "rows#", "computed#", "coders#", "less#"
    )
    for state, (n, computed, coded) in found.by_state.items():
        less = f"{computed - coded:+.2f}"
        states.add_row(names[state], str(n), f"{computed:.2f}", f"{coded:.2f}", less)
    yield states
    without = titled("The correlation without some indicators", "left out", "correlation#")
    for left_out, rho in found.without.items():
        without.add_row(left_out, number(rho))
    yield without


def of_comparison(found: Comparison) -> Iterator[RenderableType]:
    """Two setups under the same chance."""
    from foedus.analysis.explain.comparison import verdict

    first, second = found.first.setup.case.id, found.second.setup.case.id
    yield Text(f"{first} (A) and {second} (B), seed {found.first.seed}", style="bold")
    yield Text(differing(found))
    table = titled(
        f"{found.first.n_runs:,} runs under the same chance",
        "quantity",
        "A#",
        "B#",
        "B less A#",
        "paired +-",
        "unpaired +-",
    )
    for one in found.differences:
        table.add_row(one.name, *difference_cells(one), style="" if one.is_clear else "dim")
    yield table
    yield Text(verdict(found))


def differing(found: Comparison) -> str:
    """What the second setup has otherwise, in a sentence."""
    if not found.changes:
        return "Nothing differs between them."
    more = len(found.changes) - 12
    said = "; ".join(found.changes[:12]) + (f"; and {more} more" if more > 0 else "")
    return f"What differs from A to B: {said}."


def difference_cells(one: Difference) -> tuple[str, ...]:
    """A, B, difference and the two errors, in the unit of the quantity; shares in percent."""
    scale = 100.0 if one.unit == "share" else 1.0
    form = {"share": ".1f", "level": ".3f", "men": ",.0f", "days": ".2f"}[one.unit]
    fine = ".2f" if one.unit in ("share", "days") else ".3f" if one.unit == "level" else ",.1f"
    values = (one.first, one.second)
    return (
        *(format(scale * value, form) for value in values),
        format(scale * one.difference, "+" + form),
        format(scale * one.error, fine),
        format(scale * one.unpaired_error, fine),
    )


def of_counterfactuals(found: Sequence[Comparison]) -> Table:
    """Every counterfactual against its base."""
    runs = found[0].first if found else None
    size = f": {runs.n_runs:,} runs each, seed {runs.seed}" if runs else ""
    table = titled(
        f"Counterfactuals against what they change, under the same chance{size}",
        "counterfactual",
        "against",
        "deploy before %",
        "after %",
        "points#",
        "+-",
        "expected level#",
        "+-",
        "men#",
        "answer moves %",
    )
    for one in found:
        deploy, level, men = (one.of(n) for n in ("p_deploy", "expected_level", "troops"))
        table.add_row(
            one.second.setup.case.id,
            one.first.setup.case.id,
            f"{100 * deploy.first:.1f}",
            f"{100 * deploy.second:.1f}",
            f"{100 * deploy.difference:+.1f}",
            f"{100 * deploy.error:.2f}",
            f"{level.difference:+.3f}",
            f"{level.error:.3f}",
            f"{men.difference:+,.0f}",
            f"{100 * (one.p_higher + one.p_lower):.1f}",
        )
    return table


def of_requests(table: RequestTable, n_runs: int) -> Iterator[RenderableType]:
    """Who asked, and what the model makes of it."""
    rows = titled(
        f"The request as a decision, {n_runs:,} runs each; day 0 is the day the crisis is coded",
        "crisis",
        "asked, history",
        "level#",
        "days to request#",
        "days to day 0#",
        "model: day 0 %",
        "by decision %",
        "ever %",
        "median day#",
        "formal %",
        "level#",
    )
    for row in table.rows:
        rows.add_row(*_asking_cells(row))
    yield rows
    yield of_request_scores(table.scores)
    yield Text(
        f"Level asked for by those who asked: the model errs by {number(table.level_error)} on "
        f"average, the mean of the other crises by {number(table.level_error_of_mean)}."
    )
    yield Text(table.caution)


CHANNELS = ((1.0, "formal"), (0.75, "to the lead"), (0.5, "informal"), (0.25, "reported"))
"""Channels of the codebook, from the highest; `informal` holds what is bilateral or contested."""


def channel_of(code: float) -> str:
    """The codebook's word for a channel; what lies between two counts as the lower."""
    return next((word for least, word in CHANNELS if code >= least), "none")


def _asking_cells(row: Asking) -> tuple[str, ...]:
    return (
        row.case.id,
        channel_of(row.channel),
        f"{row.asked:g}",
        "" if row.days_to_request is None else str(row.days_to_request),
        str(row.days_to_coded),
        percent(row.p_day_0),
        f"{percent(row.p_by_decision)} (day {row.decision_day})",
        percent(row.p_by_horizon),
        number(row.median_day, "g"),
        "" if isnan(row.p_formal) else percent(row.p_formal),
        number(row.mean_asked, ".1f"),
    )


def of_request_scores(scores: Iterable[RequestScore]) -> Table:
    """How well the model says who asked."""
    table = titled(
        "Who asked, formally or bilaterally: Brier score, lower is better",
        "forecast",
        "crises#",
        "asked#",
        "model#",
        "base rate#",
        "gain#",
        "90 % of crises",
        "ranks an asker higher %",
    )
    for one in scores:
        low, high = one.interval
        table.add_row(
            one.name,
            str(one.n),
            str(one.n_asked),
            f"{one.brier:.3f}",
            f"{one.base_rate:.3f}",
            f"{one.gain:+.3f}",
            f"{low:+.3f} to {high:+.3f}",
            "" if isnan(one.p_ranked) else percent(one.p_ranked),
        )
    return table
