"""The command `foedus history`: answers, requests and forces beside what happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.table import Table
from rich.text import Text

from foedus.analysis.forecast import force_forecast as past_forces
from foedus.analysis.forecast.history import HistoryTable, Row, as_records, history_table
from foedus.analysis.forecast.requests import RequestTable, as_record, request_table
from foedus.cli import options as opt
from foedus.cli.crisis_commands import seconds_of
from foedus.cli.output import Columns, Parts, give, percent, printed, said, styled, table
from foedus.cli.progress import time_left
from foedus.cli.root import group
from foedus.data.library import Case, load_all
from foedus.data.terms import LEVELS, Level
from foedus.model.setup import Setup
from foedus.plots.words import n_troops

history = group("history")

NAMES = {
    "the answer equals the ask": "answer = request",
    "the ask, learned": "past answers to the same kind of request",
}
"""Simple rules in plain words, by the names of the analysis."""


def plain_name(name: str) -> str:
    """A forecast in plain words; what follows in brackets is kept."""
    for known, plain in NAMES.items():
        name = name.replace(known, plain)
    return name


SCORES: dict[str, Callable[[Any], str]] = {
    "forecast": lambda one: plain_name(one.name),
    "mean_rps": lambda one: f"{one.rps.mean():.3f}",
    "mean_log": lambda one: f"{one.log.mean():.3f}",
    "mean_brier": lambda one: f"{one.brier.mean():.3f}",
}
"""Cells of a forecast's scores in ``printed.md``."""

BESIDE: Columns = (
    ("history", "{observed.label}"),
    *((f"{word} %", lambda row, k=k: _chance(row, k)) for k, word in enumerate(LEVELS)),
)
ANSWERS: Columns = (
    ("crisis", "{case.id}"),
    ("asked#", "{case.scenario.crisis.asked.value:g}"),
    *BESIDE,
    ("most likely", lambda row: "yes" if row.summary.most_probable == row.observed else "no"),
    ("troops, model#", lambda row: _troops(row)[0]),
    ("troops, record#", lambda row: _troops(row)[1]),
)
CALLED: Columns = (
    ("crisis", "{case.id}"),
    *BESIDE,
    *((f"called: {word} %", f"{{called.p_levels[{k}]:%}}") for k, word in enumerate(LEVELS)),
)


@dataclass(frozen=True)
class Simulated:
    """How every crisis is simulated; options of both commands that do."""

    runs: opt.Runs = 1000
    seed: opt.Seed = 1
    set_: opt.SetParameter = None

    def table(self, make: Callable[..., Any], cases: Sequence[Case], **more: Any) -> Any:
        """What is made of these crises, with the time that is left where it is long."""
        is_long = bool(cases) and self.runs > 1000
        with time_left(lambda: 2 * len(cases) * seconds_of(Setup(cases[0]), self.runs), is_long):
            return make(cases, self.runs, self.seed, **more)


@opt.command(history, "answers")
def answers(
    how: Simulated,
    rule: opt.RuleName = None,
    theory: opt.TheoryName = None,
    calibration: opt.Calibration = None,
    scenarios: opt.Scenarios = None,
) -> None:
    """How often the model is right: every crisis beside what happened.

    `foedus history requests` does the same for who asked for help.
    """
    cases = [case for case in load_all(scenarios) if case.scenario.history is not None]
    settings = opt.chosen_parameters(how.set_, calibration)
    found = how.table(history_table, cases, settings=settings, rule=rule, theory=theory)
    give(as_records(found), of_history(found))


def of_history(found: HistoryTable) -> Parts:
    """The message, then all crises beside what happened, by alliance, then the scores."""
    yield message(found)
    n, n_runs = len(found.rows), found.rows[0].ensemble.n_runs if found.rows else 0
    placed = sorted(found.rows, key=lambda row: (row.case.alliance.id, row.case.id))
    rows: list[Any] = []
    for name, members in groupby(placed, key=lambda row: row.case.alliance.id):
        rows += [None, styled(name), *members]
    yield table(
        f"Every crisis with a known answer, {n_runs:,} runs each",
        ANSWERS,
        rows[1:],
        caption="asked: 0 nothing, 1 consultations, 2 support, 3 a force. *: what happened; most "
        "likely: whether that has the highest probability",
    )
    called = [row for row in found.rows if row.called is not None]
    if called:
        yield table(
            "The document's crises, as asked in history and with a formal call for a force",
            CALLED,
            called,
            caption="called: as with --request treaty",
        )
    yield printed("history scores", found.forecasters, **SCORES)
    so_few = "One crisis proves" if n == 1 else f"{n} crises prove"
    yield f"{so_few} {'nothing' if n < 10 else 'little'}."


def message(found: HistoryTable, n_worst: int = 3) -> str:
    """How often the model is right, its skill, and where it fails."""
    n, best = len(found.rows), found.averaged
    order = sorted(range(n), key=lambda k: -best.rps[k])[:n_worst]
    worst = ", ".join(
        f"{found.rows[k].case.id} ({percent(best.forecasts[k, found.rows[k].observed])} %)"
        for k in order
    )
    return said("history message", n_right=found.n_right, n=n, best=best, worst=worst)


def _chance(row: Row, level: int) -> Text | str:
    chance = percent(row.summary.p_levels[level])
    return styled(f"{chance}*") if level == row.observed else f"{chance} "


def _troops(row: Row) -> tuple[str, str]:
    """Troops of the model and of the record, where the alliance deployed."""
    if row.observed != Level.DEPLOY:
        return "", ""
    model, past = row.summary.troops.get("total"), row.case.scenario.history
    record = past.troops.get("total") if past else None
    return n_troops(model.median) if model else "", n_troops(*record) if record else ""


CHANNELS = ((1.0, "formal"), (0.75, "to the lead state"), (0.5, "informal"), (0.25, "reported"))
"""Channels of the codebook, from the highest; `informal` holds what is bilateral or contested."""


@opt.command(history, "requests")
def requests(how: Simulated, scenarios: opt.Scenarios = None) -> None:
    """Who asked for help and who did not, beside a model that decides."""
    settings = opt.chosen_parameters(how.set_)
    found = how.table(request_table, list(load_all(scenarios)), settings=settings)
    give(as_record(found), _of_requests(found, how.runs))


def _of_requests(found: RequestTable, n_runs: int) -> Parts:
    yield printed(
        "request decisions",
        found.rows,
        n_runs=n_runs,
        channel=lambda row: channel_of(row.channel),
    )
    yield printed("request scores", found.scores)
    yield said("request levels", found=found)
    yield found.caution


def channel_of(code: float) -> str:
    """The codebook's word for a channel; what lies between two counts as the lower."""
    return next((word for least, word in CHANNELS if code >= least), "none")


@opt.command(history, "forces")
def forces() -> None:
    """Size, arrival and shares of past forces, each forecast without its crisis."""
    found = past_forces.force_scores()
    law, median = past_forces.days_off()
    off = f"In days the law errs by {law:.1f} on average, the median by {median:.1f}."
    give(past_forces.as_records(found), [of_forces(found), off])


def of_forces(found: Sequence[past_forces.ForceScore]) -> Table:
    """Size, arrival and shares of the forces that were sent."""
    return printed("forces", found)
