"""The page on the counterfactuals, written by ``foedus compare --counterfactuals``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.analysis.explain.comparison import Comparison, verdict
from foedus.errors import UsageError

HEAD = """\
# Counterfactuals: what the document asked, and what the model answers

*This page is made by `{command}`; do not edit it by hand.*

The source document (CESCUBE 2022, cited as ¶n) leaves questions of the form "what if": would the
alliance have come to Armenia had the attack been on its own soil, how much rests on Russia's veto
over bases, what would a larger membership or stronger members change, could it act while Russia
fights in Ukraine, did the rules of 2010 make the difference between Kyrgyzstan and Kazakhstan.
Each question is a scenario file that changes in its base what the question names. Both are
simulated {n_runs:,} times (seed {seed}) **under the same chance**: run n of both meets the same
shocks, so the error of a difference comes from the differences run by run and is smaller than two
separate errors would make it.

Read the numbers as what follows from the theory's assumed weights (no weight is fitted), not
as what would have happened. The error is that of the simulation; it says nothing about whether
the weights are right.
"""

TABLE_HEAD = """\
| counterfactual | against | deploy before, % | after, % | difference, points | expected level | \
troops | answer changes, % of runs |
|---|---|---:|---:|---:|---:|---:|---:|
"""


def page(found: Sequence[Comparison]) -> str:
    """The whole page as Markdown.

    Raises
    ------
    UsageError
        If there is nothing to report.
    """
    if not found:
        raise UsageError("no counterfactuals to report")
    first = found[0].first
    numbers = f"--runs {first.n_runs} --seed {first.seed}"
    command = f"foedus compare --counterfactuals --markdown {numbers}"
    head = HEAD.format(command=command, n_runs=first.n_runs, seed=first.seed)
    table = TABLE_HEAD + "\n".join(_row(one) for one in found)
    return "\n".join([head, table, *(line for one in found for line in _section(one))])


def _row(one: Comparison) -> str:
    deploy, level, sent = (one.of(name) for name in ("p_deploy", "expected_level", "troops"))
    cells = (
        one.second.setup.case.id,
        one.first.setup.case.id,
        f"{100 * deploy.first:.1f}",
        f"{100 * deploy.second:.1f}",
        f"{100 * deploy.difference:+.1f} ± {100 * deploy.error:.1f}",
        f"{level.difference:+.3f} ± {level.error:.3f}",
        f"{sent.difference:+,.0f} ± {sent.error:,.0f}",
        f"{100 * (one.p_higher + one.p_lower):.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _section(one: Comparison) -> Iterator[str]:
    scenario = one.second.setup.case.scenario
    yield f"\n## {scenario.title}\n"
    yield f"**Asked:** {scenario.question}\n"
    yield f"{scenario.summary}\n"
    yield f"**Changed:** {'; '.join(one.changes)}.\n"
    yield f"**Answer:** {verdict(one)}"
