"""The command `foedus vary`: how the answer changes with one number or two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.cli import options as opt
from foedus.cli.columns import percent, table
from foedus.cli.output import give, width
from foedus.cli.root import app
from foedus.data.terms import LEVELS
from foedus.errors import UsageError

if TYPE_CHECKING:
    from foedus.analysis.explain.response import Response
    from foedus.model.numbers import Array
    from foedus.model.setup import Setup

Names = Annotated[
    list[str],
    opt.argument(
        "NAME[=FROM:TO:COUNT]...", "One number or two: rho=0:2:21, RUS.stake, threat=0,0.5,1."
    ),
]


@opt.command(app)
def vary(
    changes: opt.Changes,
    scenario: opt.Scenario,
    names: Names,
    runs: opt.SomeRuns = None,
    seed: opt.Seed = 1,
    values: Annotated[str | None, typer.Option("--values", hidden=True)] = None,
    first_values: Annotated[str | None, typer.Option("--values-1", hidden=True)] = None,
    second_values: Annotated[str | None, typer.Option("--values-2", hidden=True)] = None,
) -> None:
    """How the answer changes with one number or two."""
    setup = changes.setup(scenario)
    axes = [opt.setting_word(setup.case, word).partition("=") for word in names]
    old = [values or first_values, second_values]
    if len(axes) > 2:
        raise UsageError("vary takes one number or two; for more, foedus new plan NAME")
    tried = [_axis(text or old[k]) for k, (_, _, text) in enumerate(axes)]
    if len(axes) == 1:
        _curve(setup, axes[0][0], tried[0], runs or 1000, seed)
    else:
        _surface(setup, (axes[0][0], axes[1][0]), (tried[0], tried[1]), runs or 500, seed)


def _axis(text: str | None) -> Any:
    """Values from ``from:to:count``, or from a list with commas."""
    if text is None:
        return None
    import numpy as np

    try:
        if ":" in text:
            low, high, n = text.split(":")
            found = np.linspace(float(low), float(high), min(max(int(n), 0), 1002))
        else:
            found = np.array([float(part) for part in text.split(",")])
    except ValueError:
        raise UsageError(f"{text}: expected from:to:count, e.g. 0:2:21, or 0,1,2") from None
    if not 2 <= len(found) <= 1001 or not np.isfinite(found).all():
        raise UsageError(f"{text}: expected 2 to 1001 finite values")
    return found


def _curve(setup: Setup, name: str, values: Any, runs: int, seed: int) -> None:
    from foedus.analysis.explain.response import response_curve
    from foedus.analysis.summary import by_word

    found = response_curve(setup, name, values, runs, seed)
    record = {
        "id": setup.case.id,
        "name": name,
        "now": found.now,
        "values": found.values.tolist(),
        "p_levels": found.p_levels.tolist(),
        "errors": found.errors.tolist(),
        "tipping_points": found.tipping_points,
        "n_runs": runs,
        "seed": seed,
    }
    rows = list(zip(found.values, found.p_levels, found.errors, strict=True))
    flat = [{name: x, **by_word("p", p), **by_word("se", error)} for x, p, error in rows]
    shown = table(
        f"{setup.case.scenario.title}: {_said(name)} (now {found.now:.3g}), {runs:,} runs each",
        (
            (f"{name}#", "{0:.3g}"),
            *((f"{word} %", f"{{1[{k}]:%}}") for k, word in enumerate(LEVELS)),
            ("±", lambda row: f"{100 * row[2].max():.1f}"),
        ),
        rows,
    )
    turns = list(_turns(found))
    none = "The most probable answer does not change over this range."
    give(record, [shown, *(turns or [none])], lambda: flat)


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


def _said(name: str) -> str:
    """A number by its name and its meaning: ``rho (weight of influence)``."""
    from foedus.plots.words import meaning_of

    return f"{name} ({meaning_of(name)})"


NARROW, FEW = 90, 5
"""Characters of a terminal that shows only so many columns of a grid."""


def _surface(setup: Setup, names: tuple[str, str], values: Any, runs: int, seed: int) -> None:
    """The most probable answer, and p(deploy), over two numbers."""
    from foedus.analysis.explain.response import response_surface
    from foedus.analysis.summary import by_word

    found = response_surface(setup, names, values, runs, seed)
    record = {
        "id": setup.case.id,
        "names": found.names,
        "first": found.first.tolist(),
        "second": found.second.tolist(),
        "p_levels": found.p_levels.tolist(),
        "n_runs": runs,
        "seed": seed,
    }
    flat = [
        {names[0]: a, names[1]: b, **by_word("p", found.p_levels[i, j])}
        for i, a in enumerate(found.first)
        for j, b in enumerate(found.second)
    ]
    n = len(found.second)
    shown = list(range(n))
    if width() < NARROW and n > FEW:
        shown = [round(k * (n - 1) / (FEW - 1)) for k in range(FEW)]
    grid = table(
        f"{setup.case.scenario.title}: {_said(names[0])} down, {_said(names[1])} across",
        (
            (f"{names[0]}#", "{0:.3g}"),
            *((f"{found.second[k]:.3g}#", lambda row, k=k: _cell(row[1][k])) for k in shown),
        ),
        zip(found.first, found.p_levels, strict=True),
        caption="Each cell: probability of deploy in %, then the most probable answer: N none, "
        "C consult, S support, D deploy",
    )
    give(record, grid, lambda: flat)


def _cell(chances: Array) -> str:
    return f"{percent(chances[3])} {LEVELS[int(chances.argmax())][0].upper()}"
