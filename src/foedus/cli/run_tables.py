"""What a run, many runs, and two sets of runs show on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.columns import Columns, percent, table
from foedus.data.library import Case
from foedus.data.terms import LEVELS, Level
from foedus.plots.story_text import date_of, story_lines
from foedus.plots.words import OVER_PRIORS, n_troops

if TYPE_CHECKING:
    from foedus.analysis.explain.comparison import Comparison, Difference
    from foedus.analysis.explain.decomposition import MemberAccount
    from foedus.analysis.explain.response import Response, Surface
    from foedus.analysis.summary import Spread, Summary
    from foedus.model.ensemble import Ensemble
    from foedus.model.numbers import Array
    from foedus.model.story import Story


def of_story(
    case: Case, story: Story, accounts: Sequence[MemberAccount] = ()
) -> Iterator[RenderableType]:
    """One run day by day, with the reasons of each vote."""
    yield Text(
        f"{case.scenario.title} ({case.id}): run {story.run} of seed {story.seed}, one possible "
        "history",
        style="bold",
    )
    yield from story_lines(case, story, accounts)


def of_ensemble(result: Ensemble, summary: Summary, over_priors: Array) -> Iterator[RenderableType]:
    """An ensemble beside its average over the priors, and history."""
    case = result.setup.case
    history = case.scenario.history
    happened = history.level if history else None
    yield table(
        f"{case.scenario.title} ({case.id}): {result.n_runs:,} runs, seed {result.seed}",
        (
            ("answer", "{label}"),
            ("%", lambda level: percent(float(summary.p_levels[level]))),
            ("±", lambda level: f"{100 * summary.errors[level]:.1f}"),
            ("uncertain parameters %", lambda level: percent(float(over_priors[level]))),
            ("history", lambda level: "<- what happened" if level.label == happened else ""),
        ),
        Level,
        caption=OVER_PRIORS,
    )
    if summary.decision_day:
        yield f"Decided {_days(case, summary.decision_day)}."
    fell = "lost by the lead state" if case.scenario.requester == case.patron else "government fell"
    yield (
        f"Crisis ended in {percent(summary.p_quelled)} %, {fell} in "
        f"{percent(summary.p_lost)} %, still open on day {result.setup.situation.horizon_days} in "
        f"{percent(summary.p_open)} % of the runs. Median day of the end: "
        f"{summary.days_to_end.median:g}."
    )
    if summary.troops:
        reported = history.troops if history else {}
        yield table(
            "Troops, where the alliance deploys",
            (
                ("state", lambda row: case.name_of(row[0])),
                ("median#", lambda row: n_troops(row[1].median)),
                ("90 % of runs", lambda row: _range(row[1])),
                ("history", lambda row: n_troops(*reported[row[0]]) if row[0] in reported else ""),
            ),
            summary.troops.items(),
        )


def _range(spread: Spread) -> str:
    return n_troops(spread.low, spread.high) if spread.low < spread.high else "the same"


def _days(case: Case, spread: Spread) -> str:
    """When the answer comes: a day with its date where nearly all runs agree, else a range."""
    first, last = int(spread.low), int(spread.high)
    if first == last:
        return f"on day {first} ({date_of(case, first)}) in at least 90 % of runs"
    return (
        f"between day {first} ({date_of(case, first)}) and day {last} ({date_of(case, last)}) in "
        f"90 % of runs; median: day {spread.median:g}"
    )


def of_response(case: Case, response: Response) -> Iterator[RenderableType]:
    """A response curve and its tipping points."""
    yield table(
        f"{case.scenario.title}: {said(response.name)} (now {response.now:.3g}), "
        f"{response.n_runs:,} runs each",
        (
            (f"{response.name}#", "{0:.3g}"),
            *((f"{word} %", f"{{1[{k}]:%}}") for k, word in enumerate(LEVELS)),
            ("±", lambda row: f"{100 * row[2].max():.1f}"),
        ),
        zip(response.values, response.p_levels, response.errors, strict=True),
    )
    turns = list(_turns(response))
    yield from turns or ["The most probable answer does not change over this range."]


def _turns(response: Response) -> Iterator[str]:
    """Where the most probable answer changes, and whether the runs can tell."""
    values, likely = response.values, response.p_levels.argmax(axis=1)
    for k in range(len(values) - 1):
        a, b = int(likely[k]), int(likely[k + 1])
        if a == b:
            continue
        sure = all(
            abs(response.p_levels[at, a] - response.p_levels[at, b]) > 2 * response.errors[at].max()
            for at in (k, k + 1)
        )
        yield (
            f"Between {values[k]:.3g} and {values[k + 1]:.3g} the most probable answer changes "
            f"from {LEVELS[a]} to {LEVELS[b]}{'' if sure else ', within simulation error'}."
        )


def said(name: str) -> str:
    """A number by its name and its meaning: ``rho (weight of influence)``."""
    from foedus.plots.words import meaning_of

    return f"{name} ({meaning_of(name)})"


NARROW, FEW = 90, 5
"""Characters of a terminal that shows only so many columns of a grid."""


def of_surface(case: Case, surface: Surface, width: int) -> Table:
    """The most probable answer, and p(deploy), over two numbers."""
    n = len(surface.second)
    shown = list(range(n))
    if width < NARROW and n > FEW:
        shown = [round(k * (n - 1) / (FEW - 1)) for k in range(FEW)]
    first, second = surface.names
    return table(
        f"{case.scenario.title}: {said(first)} down, {said(second)} across",
        (
            (f"{first}#", "{0:.3g}"),
            *((f"{surface.second[k]:.3g}#", lambda row, k=k: _cell(row[1][k])) for k in shown),
        ),
        zip(surface.first, surface.p_levels, strict=True),
        caption="Each cell: probability of deploy in %, then the most probable answer: N none, "
        "C consult, S support, D deploy",
    )


def _cell(chances: Array) -> str:
    return f"{percent(chances[3])} {LEVELS[int(chances.argmax())][0].upper()}"


QUANTITIES = {
    "expected_level": "mean answer (0-3)",
    "day_decided": "day of the answer",
    "day_ended": "day of the end",
    "p_quelled": "crisis ended %",
    "p_lost": "government fell %",
    "troops": "troops",
}
"""Quantities of a comparison in plain words; others are told from their names."""


def quantity(name: str) -> str:
    """A quantity of a comparison in words: ``p_none`` is ``none %``."""
    if name in QUANTITIES:
        return QUANTITIES[name]
    kind, _, rest = name.partition("_")
    return f"{rest} %" if kind == "p" else f"troops of {rest}"


COMPARED: Columns = (
    ("quantity", lambda one: _dim(one, quantity(one.name))),
    *(
        (head, lambda one, k=k: _dim(one, difference_cells(one)[k]))
        for k, head in enumerate(
            ("A#", "B#", "B minus A#", "± (same random numbers)#", "± (if separate)#")
        )
    ),
)


def _dim(one: Difference, said: str) -> Text:
    return Text(said, style="" if one.is_clear else "dim")


def of_comparison(found: Comparison) -> Iterator[RenderableType]:
    """Two setups under the same random numbers."""
    from foedus.analysis.explain.comparison import verdict

    first, second = found.first.setup.case.id, found.second.setup.case.id
    yield Text(f"{first} (A) and {second} (B), seed {found.first.seed}", style="bold")
    yield differing(found)
    yield table(
        f"{found.first.n_runs:,} runs of each with the same random numbers",
        COMPARED,
        found.differences,
        caption="dim: no clear difference",
    )
    yield verdict(found)


def differing(found: Comparison) -> str:
    """What the second setup has otherwise, in a sentence."""
    if not found.changes:
        return "Nothing differs between them."
    more = len(found.changes) - 12
    listed = "; ".join(found.changes[:12]) + (f"; and {more} more" if more > 0 else "")
    return f"What differs from A to B: {listed}."


def difference_cells(one: Difference) -> tuple[str, ...]:
    """A, B, difference and the two errors, in the unit of the quantity; shares in percent."""
    scale = 100.0 if one.unit == "share" else 1.0
    form, fine = {
        "share": (".1f", ".2f"),
        "level": (".3f", ".3f"),
        "days": (".2f", ".2f"),
    }.get(one.unit, (",.0f", ",.1f"))
    values = (one.first, one.second)
    return (
        *(format(scale * value, form) for value in values),
        format(scale * one.difference, "+" + form),
        format(scale * one.error, fine),
        format(scale * one.unpaired_error, fine),
    )


COUNTERFACTUALS: Columns = (
    ("counterfactual", "{0.second.setup.case.id}"),
    ("changes", "{0.first.setup.case.id}"),
    ("deploy before %", "{1.first:.1f%}"),
    ("after %", "{1.second:.1f%}"),
    ("points#", "{1.difference:+.1f%}"),
    ("±", "{1.error:.2f%}"),
    ("mean answer (0-3)#", "{2.difference:+.3f}"),
    ("±", "{2.error:.3f}"),
    ("troops#", "{3.difference:+,.0f}"),
    ("answer changes %", lambda row: f"{100 * (row[0].p_higher + row[0].p_lower):.1f}"),
)


def of_counterfactuals(found: Sequence[Comparison]) -> Table:
    """Every counterfactual against its base."""
    runs = found[0].first if found else None
    size = f": {runs.n_runs:,} runs each, seed {runs.seed}" if runs else ""
    return table(
        f"Counterfactuals against the crisis they change, same random numbers{size}",
        COUNTERFACTUALS,
        [(one, *map(one.of, ("p_deploy", "expected_level", "troops"))) for one in found],
    )
