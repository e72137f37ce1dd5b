"""Write a table into the documentation: ``python tests/faces/doc_tables.py NAME``.

NAME is one of `parameters`, `forces`, `tournament` and `counterfactuals`; the last two compute for
minutes. Tables that a command prints as well are taken from what it prints.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from doc_pages import fill, markdown_table
from foedus.analysis.explain.comparison import against_bases, verdict
from foedus.cli import history_commands, theory_commands
from foedus.data.library import load_all
from foedus.data.register import register

DOCS = Path(__file__).parents[2] / "docs"
PARAMETERS = ("parameter", "symbol", "default#", "prior", "range", "unit", "what it is, source")

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


HEAD = """\
# Counterfactuals: what the document asked, and what the model answers

*This page is made by `python tests/faces/doc_tables.py counterfactuals`; do not edit it by hand.*

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

COUNTERFACTUALS = (
    "counterfactual",
    "against",
    "deploy before, %#",
    "after, %#",
    "difference, points#",
    "expected level#",
    "troops#",
    "answer changes, % of runs#",
)


def of_shown(shown):
    """A table of the terminal as Markdown."""
    heads = [str(c.header) + ("#" if c.justify == "right" else "") for c in shown.columns]
    cells = zip(*(column.cells for column in shown.columns), strict=True)
    return markdown_table(heads, [tuple(map(str, row)) for row in cells])


def parameters(rows):
    """All parameters as one Markdown table, in the register's order, and their number."""
    listed = list(rows)
    n_free = sum(row.is_free for row in listed)
    n_assumed = sum(row.is_assumed for row in listed)
    table = markdown_table(PARAMETERS, [_cells(row) for row in listed])
    count = f"{len(listed)} parameters; {n_free} have a prior, {n_assumed} are of an assumed size."
    return f"{table}\n\n{count}"


def symbol(row):
    """The parameter's letter as the equations write it, such as ``τ<sub>2</sub>``."""
    return " − ".join(_letter(part) for part in row.symbol.split("-"))


def _letter(plain):
    letter, _, index = plain.replace("b0", "b_0").partition("_")
    letter = GREEK.get(letter, letter)
    return f"{letter}<sub>{index}</sub>" if index else letter


def _cells(row):
    return (
        f"`{row.name}`",
        symbol(row),
        f"{row.default:g}",
        f"{row.prior}, {row.spread:g}" if row.is_free else row.prior,
        f"{row.low:g} to {row.high:g}",
        row.unit,
        f"{row.description}. *{row.source[0].upper()}{row.source[1:]}.*",
    )


def tournament(held):
    """Scores, theories, verdict, scores by group, crises missed, reliability."""
    from foedus.analysis.forecast.tournament import reliability

    scores, theories, *_ = theory_commands.of_tournament(held)
    yield of_shown(scores)
    yield f"{theories.caption}."
    yield of_shown(theories)
    yield theory_commands.verdict(held)
    best = [*theory_commands.ranked(held)[:2], held.entry("full", "prior")]
    shown = [*best, held.entry("base rate", "baseline")]
    scenarios = [case.scenario for case in held.panel.cases]
    for by, groups in (
        ("alliance", [scenario.alliance for scenario in scenarios]),
        ("kind", [str(scenario.adversary.kind) for scenario in scenarios]),
    ):
        insides = {group: np.array(groups) == group for group in sorted(set(groups))}
        rows = [
            (group, str(inside.sum()), *(f"{e.rps[inside].mean():.2f}" for e in shown))
            for group, inside in insides.items()
        ]
        yield f"Mean ranked probability score by {by}:"
        yield markdown_table((by, "crises#", *(f"{e.name} ({e.kind})#" for e in shown)), rows)
    for entry in (best[0], best[-1]):
        yield theory_commands.most_wrong(held, entry)
    yield "Reliability of the full model, nothing fitted (all crises and levels):"
    classes = reliability(best[-1], held.panel.observed)
    rows = [(f"{given:.2f}", f"{came:.2f}", str(n)) for given, came, n in classes]
    yield markdown_table(("probability given#", "came about#", "number#"), rows)


def counterfactuals(found):
    """The whole page on the counterfactuals."""
    one = found[0].first
    yield HEAD.format(n_runs=one.n_runs, seed=one.seed)
    yield markdown_table(COUNTERFACTUALS, map(_row, found)) + "\n"
    for each in found:
        yield from _section(each)


def _row(one):
    deploy, level, sent = (one.of(name) for name in ("p_deploy", "expected_level", "troops"))
    return (
        one.second.setup.case.id,
        one.first.setup.case.id,
        f"{100 * deploy.first:.1f}",
        f"{100 * deploy.second:.1f}",
        f"{100 * deploy.difference:+.1f} ± {100 * deploy.error:.1f}",
        f"{level.difference:+.3f} ± {level.error:.3f}",
        f"{sent.difference:+,.0f} ± {sent.error:,.0f}",
        f"{100 * (one.p_higher + one.p_lower):.1f}",
    )


def _section(one):
    scenario = one.second.setup.case.scenario
    yield f"## {scenario.title}\n"
    yield f"**Asked:** {scenario.question}\n"
    yield f"{scenario.summary}\n"
    yield f"**Changed:** {'; '.join(one.changes)}.\n"
    yield f"**Answer:** {verdict(one)}\n"


def write(name):
    """Compute one table, and write it into its page."""
    from foedus.analysis.forecast.force_forecast import force_scores
    from foedus.analysis.forecast.scores import panel_of
    from foedus.analysis.forecast.tournament import hold_tournament

    evidence = DOCS / "evidence.md"
    if name == "parameters":
        fill(DOCS / "model.md", name, parameters(register().values()))
    elif name == "tournament":
        held = hold_tournament(panel_of(load_all()), progress=print)
        fill(evidence, name, "\n\n".join(tournament(held)))
    elif name == "forces":
        scores = history_commands.of_forces(force_scores())
        fill(evidence, name, of_shown(scores))
    elif name == "counterfactuals":
        text = "\n".join(counterfactuals(against_bases(load_all(), 10_000, 1)))
        (DOCS / "counterfactuals.md").write_text(text, encoding="utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    write(*sys.argv[1:2] or [""])
