"""What `foedus chronicle` shows: standing, relevance, changes, exits explained, one run told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from foedus.cli.output import percent, table
from foedus.data.terms import LEVELS

if TYPE_CHECKING:
    from foedus.chronicle.exits import ExitAccount
    from foedus.chronicle.hazard_evidence import Evidence
    from foedus.chronicle.year_summary import Change, StateSummary, YearSummary
    from foedus.chronicle.years import ChronicleSetup
    from foedus.chronicle.years_model import AllianceOverYears

TOLD_YEARS = 12
"""Rows of the table of years at most; `--out` writes them all."""


def of_states(
    setup: ChronicleSetup, rows: Sequence[StateSummary], n_runs: int, seed: int
) -> Iterator[RenderableType]:
    """Where the states stand at the end."""
    first, last = max(setup.plan.since, setup.years[0]), setup.years[-1]
    made = table(
        f"{setup.name}, {first} to {last}: {n_runs:,} chronicles, seed {seed}",
        (
            "state",
            "in history",
            "member %",
            "frozen %",
            "left %",
            "ever froze or left %",
            "±",
            "trust#",
        ),
        caption="± is one standard error. Trust: help that the state expects, 0 to 1, in the last "
        "year.",
    )
    for row in rows:
        made.add_row(
            row.state,
            row.in_history.label,
            percent(row.p_member),
            percent(row.p_frozen),
            percent(row.p_left),
            f"{100 * row.p_broke:.1f}",
            f"{100 * row.error:.1f}",
            f"{row.trust:.2f}",
        )
    yield made


def of_relevance(rows: Sequence[YearSummary]) -> Iterator[RenderableType]:
    """The index by year."""
    made = table(
        "Relevance, 0 to 1",
        (
            "year#",
            "index#",
            "90 % of runs#",
            "calls#",
            "answers#",
            "members#",
            "dependents#",
            "legitimacy#",
        ),
        caption="Geometric mean of: share of crises brought to it, share of calls answered in "
        "kind, members kept, dependents kept.",
    )
    step = -(-len(rows) // TOLD_YEARS)
    for row in list(rows)[::-1][::step][::-1]:
        made.add_row(
            str(row.year),
            f"{row.relevance:.2f}",
            f"{row.low:.2f} to {row.high:.2f}",
            *(f"{part:.2f}" for part in row.parts),
            f"{row.legitimacy:.2f}",
        )
    yield made


def of_changes(rows: Sequence[Change], what: str) -> Iterator[RenderableType]:
    """What the changes do, under the same chance."""
    made = table(
        f"With {what}",
        (
            "chance to freeze or leave, %",
            "before#",
            "after#",
            "difference#",
            "±",
        ),
        caption="The same runs under the same chance; ± is one standard error of the difference. "
        "The last row is the relevance index of the last year, in hundredths.",
    )
    for row in rows:
        values = (row.before, row.after, row.difference, row.error)
        cells = [f"{100 * value:.1f}" for value in values]
        made.add_row(row.state, cells[0], cells[1], f"{100 * row.difference:+.1f}", cells[3])
    yield made


def of_exits(rows: Sequence[ExitAccount], n_draws: int) -> Iterator[RenderableType]:
    """Why each member went."""
    made = table(
        "Exits of history",
        (
            "state",
            "year#",
            "",
            "chance that year %",
            "of those who stayed %",
            "place",
            "protection#",
            "dependence#",
            "alignment#",
            "legitimacy#",
            "pact#",
            "above the others in % of draws",
            "explained",
        ),
        caption="Terms are the worth of membership in log-odds, in brackets the mean of those who "
        f"stayed; below 0 they push out. {n_draws:,} draws from the priors. Explained: above the "
        "mean of those who stayed in 90 % of the draws.",
    )
    for row in rows:
        terms = [f"{row.terms[n]:+.2f} ({row.mean_terms[n]:+.2f})" for n in row.terms]
        made.add_row(
            row.state,
            str(row.year),
            row.kind,
            f"{100 * row.chance:.1f}",
            f"{100 * row.chance_of_others:.1f}",
            f"{row.rank} of {row.n_members}",
            *terms,
            f"{row.pact:g}",
            percent(row.share_above),
            "yes" if row.is_explained else "no",
        )
    yield made
    yield Text(
        "An exit can be explained and yet unlikely: the rule looks at who went, the chance says "
        "how surprising it was that anybody did."
    )


def of_evidence(found: Sequence[Evidence]) -> Iterator[RenderableType]:
    """How well each forecaster does on rows that it has not seen."""
    asks = {"break": "Who freezes or leaves", "call": "Who calls"}
    holds = {"alliance": "one alliance held out at a time", "time": "years from 2000 on held out"}
    for part in found:
        made = table(
            f"{asks[part.question]}, by member-year: {holds[part.split]}; {part.n_rows:,} rows, "
            f"{part.n_events} events",
            ("forecaster", "Brier, thousandths#", "log, thousandths#", "skill#", "90 %#"),
        )
        for score in part.scores:
            made.add_row(
                score.name,
                f"{1000 * score.brier:.2f}",
                f"{1000 * score.log:.2f}",
                f"{score.skill:+.3f}",
                f"{score.low:+.3f} to {score.high:+.3f}",
            )
        yield made
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
    timeline = model.timeline
    frame = model.datacollector.get_agent_vars_dataframe().reset_index()
    yield Text(f"One run of {timeline.alliance}, {timeline.years[0]} to {timeline.years[-1]}")
    standing = dict.fromkeys(timeline.states, 0)
    words = ("outside", "member", "frozen", "left")
    for step, rows in frame.groupby("Step"):
        year = timeline.years[int(step) - 1]
        for crisis in timeline.crises:
            if crisis.year == step - 1 and model.answers.get(crisis.name, -1) >= 0:
                yield Text(f"{year}  {crisis.name}: {LEVELS[model.answers[crisis.name]]}")
        for row in rows.itertuples():
            if row.standing != standing[row.state]:
                yield Text(f"{year}  {row.state}: {words[row.standing]}, trust {row.trust:.2f}")
                standing[row.state] = row.standing
