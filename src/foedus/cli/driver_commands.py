"""Commands on what drives the answer: sensitivity to every input, control by every group."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from foedus.cli import options as opt
from foedus.cli.columns import Columns, number, table
from foedus.cli.output import give, rows_of, steps
from foedus.cli.processes import side_by_side
from foedus.cli.root import app

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from foedus.analysis.explain.sensitivity import Sensitivity

Every = Annotated[bool, opt.switch("--all", "All shipped crises, totals only.")]
EveryAveraged = Annotated[bool, opt.switch("--all", "All shipped crises, averaged.")]


@opt.command(app)
def sensitivity(
    changes: opt.Changes,
    scenario: opt.CrisisOrAll = None,
    every: Every = False,
    runs: opt.RunsEach = 64,
    base: opt.Base = 256,
    seed: opt.Seed = 1,
) -> None:
    """What drives the answer: Morris screening, then Sobol indices."""
    from foedus.analysis.explain.sensitivity import as_record, study

    records: list[dict[str, Any]] = []
    shown: list[RenderableType] = []
    names = opt.crises_meant(scenario, every)
    tell = steps(len(names))
    for name in names:
        if every:
            tell(name)
        found = study(changes.setup(name), n_runs=runs, n_base=32 if every else base, seed=seed)
        records.append({"id": name, "outputs": [as_record(one) for one in found]})
        for one in found:
            strongest = ", ".join(effect.factor.name for effect in one.effects[:4])
            shown.append(f"{name}: {one.output}: {strongest}" if every else _of_sensitivity(one))

    def rows() -> list[dict[str, Any]]:
        return [
            {"id": record["id"], "output": output["output"], **row}
            for record in records
            for output in record["outputs"]
            for row in rows_of(output)
        ]

    give(records, shown, rows)


def _of_sensitivity(found: Sensitivity, n: int = 15) -> Table:
    """Effects on one output, strongest first."""

    def index(value: float | None, error: float | None = None) -> str:
        return number(value) + ("" if value is None or error is None else f" ±{error:.2f}")

    return table(
        f"What drives {found.output}: Morris over all inputs, Sobol over the strongest "
        f"({found.n_points:,} points of {found.n_runs} runs)",
        (
            ("input", "{factor.name}"),
            ("varied over", "{factor.low:.2f} to {factor.high:.2f}"),
            ("mean |effect|#", "{mu_star:.3f}"),
            ("first#", lambda effect: index(effect.first, effect.first_error)),
            ("total#", lambda effect: index(effect.total, effect.total_error)),
            ("total, half the points#", lambda effect: number(effect.total_half)),
        ),
        found.effects[:n],
        caption="first: share of the variance that the input explains alone; total: with others",
    )


CONTROL: Columns = (
    ("rho, influence of the lead state#", "{0[0]:g}"),
    ("group", "{0[1]}"),
    ("total index#", "{1:.2f}"),
    ("worst %", "{2:%}"),
    ("best %", "{3:%}"),
)


@opt.command(app)
def control(
    changes: opt.Changes,
    scenario: opt.CrisisOrAll = None,
    every: EveryAveraged = False,
    base: opt.Base = 64,
    runs: opt.RunsEach = 64,
    seed: opt.Seed = 1,
) -> None:
    """Who decides: the lead state, the other members, or the crisis."""
    from foedus.analysis.explain import control as analysis

    names = opt.crises_meant(scenario, every)
    tell, found = steps(len(names)), []
    with side_by_side(is_long=every) as each:
        study = partial(analysis.control, n_base=base, n_runs=runs, seed=seed)
        results = iter(each(study, [changes.setup(name) for name in names]))
        for name in names:
            if every:
                tell(name)
            found.append(next(results))
    one = found[0]
    what = one.case if len(found) == 1 else f"the mean of {len(found)} crises"
    shown = table(
        f"Who decides in {what}: {one.n_points:,} points of {one.n_runs} runs for each rho",
        CONTROL,
        analysis.averaged(found).itertuples(name=None),
        caption="total index: share of the variance of the answer in which the group has a part "
        "(Sobol). worst, best: probability of deploy with all its attributes at that end",
    )
    give(analysis.frame_of(found).to_dict("records"), shown)
