"""What `foedus chronicle` shows: standing, relevance, changes, exits explained, one run told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.columns import Columns, table
from foedus.data.terms import LEVELS

if TYPE_CHECKING:
    from foedus.chronicle.exits import ExitAccount
    from foedus.chronicle.hazard_evidence import Evidence
    from foedus.chronicle.year_summary import Change, StateSummary, YearSummary
    from foedus.chronicle.years import ChronicleSetup
    from foedus.chronicle.years_model import AllianceOverYears

TOLD_YEARS = 12
"""Rows of the table of years at most; `--out` writes them all."""

STATES: Columns = (
    ("state", "{state}"),
    ("in history", "{in_history.label}"),
    ("member %", "{p_member:%}"),
    ("frozen %", "{p_frozen:%}"),
    ("suspended %", "{p_suspended:%}"),
    ("left %", "{p_left:%}"),
    ("ever froze or left %", "{p_broke:.1f%}"),
    ("±", "{error:.1f%}"),
    ("trust#", "{trust:.2f}"),
)
PARTS = ("calls#", "answers#", "members#", "dependents#")
RELEVANCE: Columns = (
    ("year#", "{year}"),
    ("index#", "{relevance:.2f}"),
    ("90 % of runs#", "{low:.2f} to {high:.2f}"),
    *((head, f"{{parts[{k}]:.2f}}") for k, head in enumerate(PARTS)),
    ("legitimacy#", "{legitimacy:.2f}"),
)
CHANGES: Columns = (
    ("chance to freeze or leave, %", "{state}"),
    ("before#", "{before:.1f%}"),
    ("after#", "{after:.1f%}"),
    ("difference#", "{difference:+.1f%}"),
    ("±", "{error:.1f%}"),
)
TERMS = ("protection", "dependence", "alignment", "legitimacy")
EXITS: Columns = (
    ("state", "{state}"),
    ("year#", "{year}"),
    ("", "{kind}"),
    ("chance that year %", "{chance:.1f%}"),
    ("of those who stayed %", "{chance_of_others:.1f%}"),
    ("place", "{rank} of {n_members}"),
    *((f"{name}#", f"{{terms[{name}]:+.2f}} ({{mean_terms[{name}]:+.2f}})") for name in TERMS),
    ("pact#", "{pact:g}"),
    ("above the others in % of draws", "{share_above:%}"),
    ("explained", lambda row: "yes" if row.is_explained else "no"),
)
SCORES: Columns = (
    ("forecaster", "{name}"),
    ("Brier, thousandths#", lambda row: f"{1000 * row.brier:.2f}"),
    ("log, thousandths#", lambda row: f"{1000 * row.log:.2f}"),
    ("skill#", "{skill:+.3f}"),
    ("90 %#", "{low:+.3f} to {high:+.3f}"),
)


def of_states(setup: ChronicleSetup, rows: Sequence[StateSummary], n_runs: int, seed: int) -> Table:
    """Where the states stand at the end."""
    first, last = max(setup.plan.since, setup.years[0]), setup.years[-1]
    return table(
        f"{setup.name}, {first} to {last}: {n_runs:,} chronicles, seed {seed}",
        STATES,
        rows,
        caption="± is one standard error. Trust: help that the state expects, 0 to 1, in the last "
        "year.",
    )


def of_relevance(rows: Sequence[YearSummary]) -> Table:
    """The index by year."""
    step = -(-len(rows) // TOLD_YEARS)
    return table(
        "Relevance, 0 to 1",
        RELEVANCE,
        rows[::-1][::step][::-1],
        caption="Geometric mean of: share of crises brought to it, share of calls answered in "
        "kind, members kept, dependents kept.",
    )


def of_changes(rows: Sequence[Change], what: str) -> Table:
    """What the changes do, under the same chance."""
    return table(
        f"With {what}",
        CHANGES,
        rows,
        caption="The same runs under the same chance; ± is one standard error of the difference. "
        "The last row is the relevance index of the last year, in hundredths.",
    )


def of_exits(rows: Sequence[ExitAccount], n_draws: int) -> Iterator[RenderableType]:
    """Why each member went."""
    yield table(
        "Exits of history",
        EXITS,
        rows,
        caption="Terms are the worth of membership in log-odds, in brackets the mean of those who "
        f"stayed; below 0 they push out. {n_draws:,} draws from the priors. Explained: above the "
        "mean of those who stayed in 90 % of the draws.",
    )
    yield Text(
        "An exit can be explained and yet unlikely: the rule looks at who went, the chance says "
        "how surprising it was that anybody did."
    )


def of_evidence(found: Sequence[Evidence]) -> Iterator[RenderableType]:
    """How well each forecaster does on rows that it has not seen."""
    asks = {"break": "Who freezes or leaves", "call": "Who calls"}
    holds = {"alliance": "one alliance held out at a time", "time": "years from 2000 on held out"}
    for part in found:
        yield table(
            f"{asks[part.question]}, by member-year: {holds[part.split]}; {part.n_rows:,} rows, "
            f"{part.n_events} events",
            SCORES,
            part.scores,
        )
        for kind, (gain, low, high) in part.trust_adds.items():
            yield Text(
                f"What trust adds to the {kind}: {gain:+.2f} thousandths of a nat a row "
                f"({low:+.2f} to {high:+.2f})."
            )
    yield Text(
        "Skill: 1 - log score / that of the constant rate; above 0 is better. Intervals draw "
        "members, not rows."
    )


def of_run(model: AllianceOverYears) -> Iterator[RenderableType]:
    """One run as a story, year by year."""
    from foedus.chronicle.membership import Standing

    timeline = model.timeline
    frame = model.datacollector.get_agent_vars_dataframe().reset_index()
    yield Text(f"One run of {timeline.alliance}, {timeline.years[0]} to {timeline.years[-1]}")
    standing = dict.fromkeys(timeline.states, 0)
    for step, rows in frame.groupby("Step"):
        year = timeline.years[int(step) - 1]
        for crisis in timeline.crises:
            if crisis.year == step - 1 and model.answers.get(crisis.name, -1) >= 0:
                yield Text(f"{year}  {crisis.name}: {LEVELS[model.answers[crisis.name]]}")
        for row in rows.itertuples():
            if row.standing != standing[row.state]:
                word = Standing(row.standing).label
                yield Text(f"{year}  {row.state}: {word}, trust {row.trust:.2f}")
                standing[row.state] = row.standing
