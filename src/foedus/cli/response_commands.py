"""Commands on what the answer depends on: vary, sensitivity, control."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from foedus.cli import options as opt
from foedus.cli.output import Format, give, print_csv, print_json, rows_of, show, steps, width
from foedus.cli.processes import side_by_side
from foedus.cli.root import app
from foedus.errors import UsageError

if TYPE_CHECKING:
    from foedus.model.setup import Setup


Names = Annotated[
    list[str],
    opt.argument(
        "NAME[=FROM:TO:COUNT]...", "One number or two: rho=0:2:21, RUS.stake, threat=0,0.5,1."
    ),
]
Every = Annotated[bool, opt.switch("--all", "All shipped crises, totals only.")]
EveryAveraged = Annotated[bool, opt.switch("--all", "All shipped crises, averaged.")]


@app.command()
@opt.with_changes
def vary(
    changes: opt.Changes,
    scenario: opt.Scenario,
    names: Names,
    runs: opt.SomeRuns = None,
    seed: opt.Seed = 1,
    form: opt.Form = Format.TABLE,
) -> None:
    """How the answer changes with one number or two."""
    setup = changes.setup(scenario)
    axes = [opt.setting_word(setup.case, word).partition("=") for word in names]
    if len(axes) > 2:
        raise UsageError("vary takes one number or two; for more, foedus new plan NAME")
    tried = [_axis(text) for _, _, text in axes]
    if len(axes) == 1:
        _curve(setup, axes[0][0], tried[0], runs or 1000, seed, form)
    else:
        _surface(setup, (axes[0][0], axes[1][0]), tried, runs or 500, seed, form)


def _axis(text: str) -> Any:
    """Values from ``from:to:count``, or from a list with commas."""
    if not text:
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


def _curve(setup: Setup, name: str, values: Any, runs: int, seed: int, form: Format) -> None:
    from foedus.analysis.explain.response import response_curve
    from foedus.analysis.summary import by_word
    from foedus.cli import run_tables

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

    def rows() -> list[dict[str, Any]]:
        each = zip(found.values, found.p_levels, found.errors, strict=True)
        return [{name: x, **by_word("p", p), **by_word("se", error)} for x, p, error in each]

    give(form, record, run_tables.of_response(setup.case, found), rows)


def _surface(
    setup: Setup, names: tuple[str, str], values: list[Any], runs: int, seed: int, form: Format
) -> None:
    from foedus.analysis.explain.response import response_surface
    from foedus.analysis.summary import by_word
    from foedus.cli import run_tables

    found = response_surface(setup, names, (values[0], values[1]), runs, seed)
    record = {
        "id": setup.case.id,
        "names": found.names,
        "first": found.first.tolist(),
        "second": found.second.tolist(),
        "p_levels": found.p_levels.tolist(),
        "n_runs": runs,
        "seed": seed,
    }

    def rows() -> list[dict[str, Any]]:
        return [
            {names[0]: a, names[1]: b, **by_word("p", found.p_levels[i, j])}
            for i, a in enumerate(found.first)
            for j, b in enumerate(found.second)
        ]

    give(form, record, run_tables.of_surface(setup.case, found, width()), rows)


@app.command()
@opt.with_changes
def sensitivity(
    changes: opt.Changes,
    scenario: opt.CrisisOrAll = None,
    every: Every = False,
    runs: opt.RunsEach = 64,
    base: opt.Base = 256,
    seed: opt.Seed = 1,
    form: opt.Form = Format.TABLE,
) -> None:
    """What drives the answer: Morris screening, then Sobol indices."""
    from foedus.analysis.explain.sensitivity import as_record, study
    from foedus.cli import explain_tables

    records: list[dict[str, Any]] = []
    for name in opt.crises_meant(scenario, every):
        results = study(changes.setup(name), n_runs=runs, n_base=32 if every else base, seed=seed)
        records.append({"id": name, "outputs": [as_record(one) for one in results]})
        for one in results if form is Format.TABLE else ():
            strongest = ", ".join(effect.factor.name for effect in one.effects[:4])
            whole = explain_tables.of_sensitivity(one)
            show(f"{name}: {one.output}: {strongest}" if every else whole)
    if form is Format.JSON:
        print_json(records)
    elif form is Format.CSV:
        print_csv([row for one in records for row in _effect_rows(one)])


def _effect_rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"id": record["id"], "output": output.get("output"), **row}
        for output in record["outputs"]
        for row in rows_of(output)
    ]


@app.command()
@opt.with_changes
def control(
    changes: opt.Changes,
    scenario: opt.CrisisOrAll = None,
    every: EveryAveraged = False,
    base: opt.Base = 64,
    runs: opt.RunsEach = 64,
    seed: opt.Seed = 1,
    form: opt.Form = Format.TABLE,
) -> None:
    """Who decides: the lead state, the other members, or the crisis."""
    from foedus.analysis.explain import control as analysis
    from foedus.cli import explain_tables

    names = opt.crises_meant(scenario, every)
    tell, found = steps(len(names)), []
    with side_by_side(is_long=every) as each:
        study = partial(analysis.control, n_base=base, n_runs=runs, seed=seed)
        results = iter(each(study, [changes.setup(name) for name in names]))
        for name in names:
            if every:
                tell(name)
            found.append(next(results))
    records = analysis.frame_of(found).to_dict("records")
    give(form, records, explain_tables.of_control(found))
