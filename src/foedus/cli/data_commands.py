"""Commands of `foedus data` on what the numbers rest on: sources and coverage."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

from rich.table import Table
from rich.text import Text

from foedus.cli import options as opt
from foedus.cli.output import Parts, give, percent, plain_columns, printed, styled, table
from foedus.cli.root import group
from foedus.data.indicators import ORIGINS
from foedus.data.library import Case, alliance_home, load_all
from foedus.data.register import defaults
from foedus.data.sources import (
    Backing,
    Grounds,
    Measured,
    Stated,
    backing,
    measured,
    numbers_of,
    numbers_of_the_model,
)
from foedus.data.terms import INDICATORS

data = group("data", with_default=False)

Part = Annotated[
    str | None, opt.argument("ID|ALLIANCE", "A crisis or an alliance. Without it: all.")
]
STYLES = {Grounds.SOURCED: "", Grounds.PARTLY: "yellow", Grounds.ASSUMED: "red"}


def cases_of(part: str | None, folder: Path | None = None) -> Iterable[Case]:
    """The crises meant: one, those of an alliance, those below a folder, or all."""
    if part is None:
        return load_all(folder)
    if opt.is_alliance(part) or Path(part).is_dir():
        return load_all(alliance_home(opt.chosen_alliance(part)))
    return [opt.chosen_case(part)]


def reach() -> float:
    """Years beyond which an indicator is not used."""
    return defaults()["indicator_reach"]


@opt.command(data)
def sources(
    part: Part = None, model: bool = opt.switch("--model", "The parameters of the model too.")
) -> None:
    """Every number of the crises and its sources."""
    numbers = [stated for case in cases_of(part) for stated in numbers_of(case, reach())]
    numbers += numbers_of_the_model() if model else ()
    give_numbers(numbers)


def give_numbers(numbers: Sequence[Stated]) -> None:
    """Print numbers beside what they rest on."""
    counts = Counter(one.grounds for one in numbers)
    shares = (f"{g} {percent(counts[g] / (len(numbers) or 1))} %" for g in Grounds)
    shown = printed(
        "numbers",
        numbers,
        n=len(numbers),
        where=lambda one: one.where + ("" if one.is_used else " (not read by the model)"),
        values=lambda one: ", ".join(f"{value:g}" for value in one.values),
        grounds=lambda one: styled(one.grounds, STYLES[one.grounds]),
    )
    give(list(map(_stated_record, numbers)), [shown, ", ".join(shares)])


def _stated_record(one: Stated) -> dict[str, Any]:
    rest = {name: value for name, value in vars(one).items() if name not in ("case", "where")}
    return {"case": one.case or None, "number": one.where, **rest}


@opt.command(data)
def coverage(part: Part = None) -> None:
    """Which indicators are missing, and how much is assumed."""
    cases = list(cases_of(part))
    known, backed = measured(cases, reach()), backing(cases, reach())
    record = {
        "indicators": list(map(_measured_record, known)),
        "backing": list(map(_backing_record, backed)),
    }
    give(record, _of_coverage(known, backed))


def _measured_record(row: Measured) -> dict[str, Any]:
    used: dict[str, dict[str, Any]] = {}
    for name, figure in row.used.items():
        used[name] = {key: getattr(figure, key) for key in ("value", "unit", "origin", "source")}
        used[name]["years_away"] = figure.distance(row.year)
    where = {"case": row.case, "member": row.state, "year": row.year}
    return {**where, "used": used, "missing": row.missing}


def _backing_record(row: Backing) -> dict[str, Any]:
    return {
        "alliance": row.alliance,
        "crises": row.n_crises,
        "numbers": {grounds: row.numbers.get(grounds, 0) for grounds in Grounds},
        "citations": row.n_citations,
        "assumed_citations": row.n_assumed,
    }


def _of_coverage(known: Sequence[Measured], backings: Sequence[Backing]) -> Parts:
    """How the library is backed, what is measured, and what is missing."""
    yield _of_backing(backings)
    times = Counter((name, row.used[name].origin) for row in known for name in row.used)
    missing = Counter(name for row in known for name in row.missing)
    yield table(
        "Indicators by origin: times used",
        plain_columns(("indicator", *(f"{origin}#" for origin in ORIGINS), "missing#")),
        [
            (name, *(times[name, origin] for origin in ORIGINS), missing[name])
            for name in INDICATORS
        ],
    )
    yield table(
        "Indicators by member and year: the origin of the figure used, or what is missing",
        (
            ("crisis", "{case}"),
            ("member", "{state}"),
            ("year#", "{year}"),
            *((name, lambda row, name=name: _origin(row, name)) for name in INDICATORS),
        ),
        known,
        caption="page: read on the source's page; derived: computed from others; memory: recalled "
        "and not checked; +n: the figure lies n years off; -: none near enough, left out",
    )


def _origin(row: Measured, name: str) -> Text:
    figure = row.used.get(name)
    if figure is None:
        return styled("-", "red")
    away = figure.distance(row.year)
    unseen = figure.origin in ("memory", "assumed")
    return styled(figure.origin + (f" +{away}" if away else ""), "yellow" if unseen else "")


def _of_backing(backings: Sequence[Backing]) -> Table:
    """Numbers by their grounds, and citations, alliance by alliance."""

    def share(part: int, whole: int) -> str:
        return percent(part / whole) if whole else ""

    counted = sum((Counter(row.numbers) for row in backings), Counter())
    sums = (sum(getattr(row, n) for row in backings) for n in ("n_citations", "n_assumed"))
    every = Backing("all", sum(row.n_crises for row in backings), counted, *sums)
    return table(
        "Codes and figures in the files, without counterfactuals",
        (
            ("alliance", "{alliance}"),
            ("crises#", "{n_crises}"),
            ("numbers#", lambda row: f"{sum(row.numbers.values()):,}"),
            *(
                (f"{g} %", lambda row, g=g: share(row.numbers.get(g, 0), sum(row.numbers.values())))
                for g in Grounds
            ),
            ("citations#", "{n_citations:,}"),
            ("of them assumed %", lambda row: share(row.n_assumed, row.n_citations)),
        ),
        [*backings, every],
    )
