"""The command `foedus compare`: two crises, or one under two settings."""

from dataclasses import replace
from operator import itemgetter

from rich.console import RenderableType

from foedus.analysis.explain import comparison
from foedus.analysis.explain.attribution import attribute_difference
from foedus.analysis.explain.comparison import compare as compared
from foedus.analysis.frames import plain
from foedus.cli import options as opt
from foedus.cli.crisis_commands import LONG_RUNS, seconds_of
from foedus.cli.output import Parts, give, printed, styled, table
from foedus.cli.progress import time_left
from foedus.cli.root import app
from foedus.data.library import load_all
from foedus.errors import UsageError
from foedus.model.setup import Setup

WHY_SAYS = "Split the difference by attribute (Shapley values)."
ALL_SAYS = "Every shipped what-if with its crisis."


@opt.command(app)
def compare(
    changes: opt.Changes,
    first: str | None = opt.argument("A", "A crisis: id or file.", default=None),
    second: str | None = opt.argument("B", "Another; without it, A again.", default=None),
    runs: opt.Pairs = 1000,
    seed: opt.Seed = 1,
    set_a: opt.Words = opt.maybe("--set-a", "NAME=VALUE", "As --set, in A."),
    set_b: opt.Words = opt.maybe("--set-b", "NAME=VALUE", "As --set, in B."),
    rule_a: str | None = opt.maybe("--rule-a", None, "Council rule of A."),
    rule_b: str | None = opt.maybe("--rule-b", None, "Council rule of B."),
    theory_a: str | None = opt.maybe("--theory-a", None, "Theory of A."),
    theory_b: str | None = opt.maybe("--theory-b", None, "Theory of B."),
    why: bool = opt.switch("--why", WHY_SAYS),
    counterfactuals: bool = opt.switch("--counterfactuals", ALL_SAYS),
) -> None:
    """Two crises, or one under two settings: what differs, and why."""
    sides = (set_a, set_b, rule_a, rule_b, theory_a, theory_b)
    if counterfactuals:
        if first is not None or any(sides) or changes.any or why:
            raise UsageError(
                "--counterfactuals takes no scenario and no settings, only --runs and --seed"
            )
        _compare_counterfactuals(runs, seed)
        return
    if first is None:
        raise UsageError("name a scenario to compare, or --counterfactuals")
    if second is None and not any(sides):
        raise UsageError("name a second scenario, or set something: --set-b, --rule-b, --theory-b")

    def side(name: str, more: list[str] | None, rule: str | None, theory: str | None) -> Setup:
        own = replace(changes, rule=rule or changes.rule, theory=theory or changes.theory)
        return own.setup(name, *(more or ()))

    a = side(first, set_a, rule_a, theory_a)
    b = side(second or first, set_b, rule_b, theory_b)
    _compare_why(a, b, runs, seed) if why else _compare_two(a, b, runs, seed)


QUANTITIES = {
    "expected_level": "mean answer (0-3)",
    "day_decided": "day of the answer",
    "day_ended": "day of the end",
    "p_quelled": "crisis ended %",
    "p_lost": "government fell %",
    "troops": "troops",
}
"""Quantities of a comparison in plain words; others are told from their names."""

FORMS = {"share": (".1f", ".2f"), "level": (".3f", ".3f"), "days": (".2f", ".2f")}
"""How a quantity and its error are written, by unit."""

HEADS = ("quantity", "A#", "B#", "B minus A#", "± (same random numbers)#", "± (if separate)#")


def _compare_two(a: Setup, b: Setup, runs: int, seed: int) -> None:
    with time_left(lambda: seconds_of(a, runs) + seconds_of(b, runs), runs >= LONG_RUNS):
        found = compared(a, b, runs, seed)
    give(comparison.as_record(found), _of_comparison(found))


def _of_comparison(found: comparison.Comparison) -> Parts:
    first, second = found.first.setup.case.id, found.second.setup.case.id
    yield styled(f"{first} (A) and {second} (B), seed {found.first.seed}")
    if found.changes:
        more = len(found.changes) - 12
        listed = "; ".join(found.changes[:12]) + (f"; and {more} more" if more > 0 else "")
        yield f"What differs from A to B: {listed}."
    else:
        yield "Nothing differs between them."
    yield table(
        f"{found.first.n_runs:,} runs of each with the same random numbers",
        [(head, itemgetter(k)) for k, head in enumerate(HEADS)],
        map(_cells, found.differences),
        caption="dim: no clear difference",
    )
    yield comparison.verdict(found)


def _cells(one: comparison.Difference) -> list[RenderableType]:
    """A quantity, A, B, difference and the two errors, in its unit; shares in percent."""
    kind, _, rest = one.name.partition("_")
    name = QUANTITIES.get(one.name) or (f"{rest} %" if kind == "p" else f"troops of {rest}")
    scale = 100.0 if one.unit == "share" else 1.0
    form, fine = FORMS.get(one.unit, (",.0f", ",.1f"))
    cells = (
        name,
        *(format(scale * value, form) for value in (one.first, one.second)),
        format(scale * one.difference, "+" + form),
        *(format(scale * error, fine) for error in (one.error, one.unpaired_error)),
    )
    return [styled(cell, "" if one.is_clear else "dim") for cell in cells]


def _compare_why(a: Setup, b: Setup, runs: int, seed: int) -> None:
    """Split the difference of the probability of deploy between two setups."""
    first, second = a.case.id, b.case.id
    found = attribute_difference(a, b, n_runs=runs, seed=seed)
    rows = [(one.name, one.first, one.second, one.value, one.error) for one in found.shares]
    shown = printed(
        "attribution",
        [*rows, ("the members themselves", None, None, found.make_up, None)],
        first=first,
        second=second,
        found=found,
        attribute=lambda row: row[0].replace("patron.", "lead state."),
    )
    record = {"first": first, "second": second, **plain(found)}
    give(record, shown)


def _compare_counterfactuals(runs: int, seed: int) -> None:
    found = comparison.against_bases(load_all(), runs, seed)
    size = f": {runs:,} runs each, seed {seed}" if found else ""
    named = ("p_deploy", "expected_level", "troops")
    three = [(one, *map(one.of, named), one.p_higher + one.p_lower) for one in found]
    shown = printed("counterfactuals", three, size=size)
    records = plain(list(map(comparison.as_record, found)))
    rows = [
        {"first": one["first"], "second": one["second"], **part}
        for one in records
        for part in one["differences"]
    ]
    give(records, shown, lambda: rows)
