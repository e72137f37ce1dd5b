"""Commands on what drives the answer: vary one input or two, screen all, ask who controls it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from rich.table import Table

from foedus.analysis.explain import control as analysis
from foedus.analysis.explain.response import Response, response_curve, response_surface
from foedus.analysis.explain.sensitivity import Sensitivity, as_record, study
from foedus.analysis.summary import by_word
from foedus.cli import options as opt
from foedus.cli.output import Parts, give, number, percent, printed, rows_of, said, table, width
from foedus.cli.progress import side_by_side, steps
from foedus.cli.root import app
from foedus.data.library import ids
from foedus.data.terms import LEVELS
from foedus.errors import UsageError
from foedus.model.numbers import Array
from foedus.model.setup import Setup
from foedus.plots.words import meaning_of

NAMES_SAY = "One number or two: rho=0:2:21, RUS.stake, threat=0,0.5,1."
NARROW, FEW = 90, 5
"""Characters of a terminal that shows only so many columns of a grid."""


@opt.command(app)
def vary(
    changes: opt.Changes,
    scenario: opt.Scenario,
    names: list[str] = opt.argument("NAME[=FROM:TO:COUNT]...", NAMES_SAY),
    values: str | None = opt.maybe("--values", None, "", "--values-1", hidden=True),
    second_values: str | None = opt.maybe("--values-2", None, "", hidden=True),
    runs: opt.SomeRuns = None,
    seed: opt.Seed = 1,
) -> None:
    """How the answer changes with one number or two."""
    setup = changes.setup(scenario)
    axes = [opt.setting_word(setup.case, word).partition("=") for word in names]
    if len(axes) > 2:
        raise UsageError("vary takes one number or two; for more, foedus new plan NAME")
    tried = zip(axes, (values, second_values), strict=False)
    both = [(name, _axis(text or old)) for (name, _, text), old in tried]
    if len(both) == 1:
        _curve(setup, *both[0], runs or 1000, seed)
    else:
        _surface(setup, both, runs or 500, seed)


def _axis(text: str | None) -> Array | None:
    """Values from ``from:to:count``, or from a list with commas."""
    if text is None:
        return None
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


def _curve(setup: Setup, name: str, values: Array | None, runs: int, seed: int) -> None:
    found = response_curve(setup, name, values, runs, seed)
    fields = ("name", "now", "values", "p_levels", "errors", "tipping_points", "n_runs", "seed")
    record = {"id": setup.case.id, **{field: getattr(found, field) for field in fields}}
    rows = list(zip(found.values, found.p_levels, found.errors, strict=True))
    shown = table(
        f"{setup.case.scenario.title}: {_said(name)} (now {found.now:.3g}), {runs:,} runs each",
        (
            (f"{name}#", "{0:.3g}"),
            *((f"{word} %", f"{{1[{k}]:%}}") for k, word in enumerate(LEVELS)),
            ("±", lambda row: f"{100 * row[2].max():.1f}"),
        ),
        rows,
    )
    turns = list(_turns(found)) or ["The most probable answer does not change over this range."]
    flat = [{name: x, **by_word("p", p), **by_word("se", error)} for x, p, error in rows]
    give(record, [shown, *turns], lambda: flat)


def _turns(response: Response) -> Parts:
    """Where the most probable answer changes, and whether the runs can tell."""
    values, likely = response.values, response.p_levels.argmax(axis=1)
    for k in np.flatnonzero(np.diff(likely)):
        a, b = likely[k : k + 2]
        apart = abs(response.p_levels[:, a] - response.p_levels[:, b])[k : k + 2]
        sure = (apart > 2 * response.errors[k : k + 2].max(axis=1)).all()
        unsure = "" if sure else ", within simulation error"
        ends, words = values[k : k + 2], (LEVELS[a], LEVELS[b])
        yield said("tipping point", ends=ends, words=words, unsure=unsure)


def _said(name: str) -> str:
    return f"{name} ({meaning_of(name)})"


def _surface(setup: Setup, axes: list[tuple[str, Array | None]], runs: int, seed: int) -> None:
    (down, across), values = zip(*axes, strict=True)
    found = response_surface(setup, (down, across), values, runs, seed)
    flat = [
        {down: a, across: b, **by_word("p", found.p_levels[i, j])}
        for i, a in enumerate(found.first)
        for j, b in enumerate(found.second)
    ]
    shown = np.arange(len(found.second))
    if width() < NARROW and len(shown) > FEW:
        shown = np.linspace(0, len(shown) - 1, FEW).round().astype(int)
    grid = table(
        f"{setup.case.scenario.title}: {_said(down)} down, {_said(across)} across",
        (
            (f"{down}#", "{0:.3g}"),
            *((f"{found.second[k]:.3g}#", lambda row, k=k: _cell(row[1][k])) for k in shown),
        ),
        zip(found.first, found.p_levels, strict=True),
        caption="Each cell: probability of deploy in %, then the most probable answer: N none, "
        "C consult, S support, D deploy",
    )
    give({"id": setup.case.id, **vars(found)}, grid, lambda: flat)


def _cell(chances: Array) -> str:
    return f"{percent(chances[3])} {LEVELS[int(chances.argmax())][0].upper()}"


@dataclass(frozen=True)
class Study:
    """What is studied, and by how many points."""

    scenario: opt.CrisisOrAll = None
    every: bool = opt.switch("--all", "All shipped crises, totals only.")
    runs: opt.RunsEach = 64
    base: opt.Base = 256
    seed: opt.Seed = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of one crisis, or of all."""
        if (self.scenario is None) != self.every:
            raise UsageError("expected a crisis, or --all")
        return tuple(ids()) if self.scenario is None else (self.scenario,)

    def told(self, results: Iterable[Any]) -> dict[str, Any]:
        """Results by crisis, each crisis told as it begins where there are many."""
        tell, found, coming = steps(len(self.names)), {}, iter(results)
        for name in self.names:
            if self.every:
                tell(name)
            found[name] = next(coming)
        return found


@opt.command(app)
def sensitivity(changes: opt.Changes, of: Study) -> None:
    """What drives the answer: Morris screening, then Sobol indices."""
    n_base = 32 if of.every else of.base
    setups = map(changes.setup, of.names)
    found = of.told(study(one, n_runs=of.runs, n_base=n_base, seed=of.seed) for one in setups)
    each = [(name, one) for name, outputs in found.items() for one in outputs]
    give(
        [{"id": name, "outputs": list(map(as_record, outputs))} for name, outputs in found.items()],
        [_strongest(name, one) if of.every else _of_sensitivity(one) for name, one in each],
        lambda: [
            {"id": name, "output": one.output, **row}
            for name, one in each
            for row in rows_of(as_record(one))
        ],
    )


def _strongest(name: str, found: Sensitivity) -> str:
    inputs = ", ".join(effect.factor.name for effect in found.effects[:4])
    return f"{name}: {found.output}: {inputs}"


def _of_sensitivity(found: Sensitivity, n: int = 15) -> Table:

    def index(value: float | None, error: float | None) -> str:
        return number(value) + ("" if value is None or error is None else f" ±{error:.2f}")

    return printed(
        "sensitivity",
        found.effects[:n],
        found=found,
        first_index=lambda effect: index(effect.first, effect.first_error),
        total_index=lambda effect: index(effect.total, effect.total_error),
    )


@opt.command(app, every=opt.switch("--all", "All shipped crises, averaged."), base=64)
def control(changes: opt.Changes, of: Study) -> None:
    """Who decides: the lead state, the other members, or the crisis."""
    work = partial(analysis.control, n_base=of.base, n_runs=of.runs, seed=of.seed)
    with side_by_side(is_long=of.every) as each:
        found = list(of.told(each(work, map(changes.setup, of.names))).values())
    one = found[0]
    what = one.case if len(found) == 1 else f"the mean of {len(found)} crises"
    rows = analysis.averaged(found).itertuples(name=None)
    give(analysis.frame_of(found).to_dict("records"), printed("control", rows, what=what, one=one))
