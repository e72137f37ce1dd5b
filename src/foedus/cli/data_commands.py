"""Commands of `foedus data` on what the numbers rest on: sources, coverage, coders, councils."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from rich.table import Table
from rich.text import Text

from foedus.analysis.coding import agreement as coders
from foedus.analysis.coding import dependence_check as check
from foedus.analysis.voting_power import Power, PowerTable, as_record, council_on, power_table
from foedus.cli import options as opt
from foedus.cli.output import Parts, give, percent, plain_columns, printed, said, styled, table
from foedus.cli.progress import note
from foedus.cli.root import group
from foedus.data import sources as basis
from foedus.data.indicators import ORIGINS
from foedus.data.library import Case, alliance_home, alliance_named, load_all
from foedus.data.register import defaults, parameters
from foedus.data.terms import INDICATORS
from foedus.data.vocabulary import rule_named
from foedus.errors import InputError, UsageError

data = group("data", with_default=False)

Part = Annotated[
    str | None, opt.argument("ID|ALLIANCE", "A crisis or an alliance. Without it: all.")
]
STYLES = {basis.Grounds.SOURCED: "", basis.Grounds.PARTLY: "yellow", basis.Grounds.ASSUMED: "red"}


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
    numbers = [stated for case in cases_of(part) for stated in basis.numbers_of(case, reach())]
    numbers += basis.numbers_of_the_model() if model else ()
    give_numbers(numbers)


def give_numbers(numbers: Sequence[basis.Stated]) -> None:
    """Print numbers beside what they rest on."""
    counts = Counter(one.grounds for one in numbers)
    shares = (f"{g} {percent(counts[g] / (len(numbers) or 1))} %" for g in basis.Grounds)
    shown = printed(
        "numbers",
        numbers,
        n=len(numbers),
        where=lambda one: one.where + ("" if one.is_used else " (not read by the model)"),
        values=lambda one: ", ".join(f"{value:g}" for value in one.values),
        grounds=lambda one: styled(one.grounds, STYLES[one.grounds]),
    )
    give(list(map(_stated_record, numbers)), [shown, ", ".join(shares)])


def _stated_record(one: basis.Stated) -> dict[str, Any]:
    rest = {name: value for name, value in vars(one).items() if name not in ("case", "where")}
    return {"case": one.case or None, "number": one.where, **rest}


@opt.command(data)
def coverage(part: Part = None) -> None:
    """Which indicators are missing, and how much is assumed."""
    cases = list(cases_of(part))
    known, backed = basis.measured(cases, reach()), basis.backing(cases, reach())
    record = {
        "indicators": list(map(_measured_record, known)),
        "backing": list(map(_backing_record, backed)),
    }
    give(record, _of_coverage(known, backed))


def _measured_record(row: basis.Measured) -> dict[str, Any]:
    used: dict[str, dict[str, Any]] = {}
    for name, figure in row.used.items():
        used[name] = {key: getattr(figure, key) for key in ("value", "unit", "origin", "source")}
        used[name]["years_away"] = figure.distance(row.year)
    where = {"case": row.case, "member": row.state, "year": row.year}
    return {**where, "used": used, "missing": row.missing}


def _backing_record(row: basis.Backing) -> dict[str, Any]:
    return {
        "alliance": row.alliance,
        "crises": row.n_crises,
        "numbers": {grounds: row.numbers.get(grounds, 0) for grounds in basis.Grounds},
        "citations": row.n_citations,
        "assumed_citations": row.n_assumed,
    }


def _of_coverage(known: Sequence[basis.Measured], backings: Sequence[basis.Backing]) -> Parts:
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


def _origin(row: basis.Measured, name: str) -> Text:
    figure = row.used.get(name)
    if figure is None:
        return styled("-", "red")
    away = figure.distance(row.year)
    unseen = figure.origin in ("memory", "assumed")
    return styled(figure.origin + (f" +{away}" if away else ""), "yellow" if unseen else "")


def _of_backing(backings: Sequence[basis.Backing]) -> Table:
    """Numbers by their grounds, and citations, alliance by alliance."""

    def share(part: int, whole: int) -> str:
        return percent(part / whole) if whole else ""

    counted = sum((Counter(row.numbers) for row in backings), Counter())
    sums = (sum(getattr(row, n) for row in backings) for n in ("n_citations", "n_assumed"))
    every = basis.Backing("all", sum(row.n_crises for row in backings), counted, *sums)
    return table(
        "Codes and figures in the files, without counterfactuals",
        (
            ("alliance", "{alliance}"),
            ("crises#", "{n_crises}"),
            ("numbers#", lambda row: f"{sum(row.numbers.values()):,}"),
            *(
                (f"{g} %", lambda row, g=g: share(row.numbers.get(g, 0), sum(row.numbers.values())))
                for g in basis.Grounds
            ),
            ("citations#", "{n_citations:,}"),
            ("of them assumed %", lambda row: share(row.n_assumed, row.n_citations)),
        ),
        [*backings, every],
    )


DAY_SAYS = "A day; members and rule of that day."
INDICATED_SAYS = "The id of one with indicators, or a folder."


@opt.command(data)
def agreement(part: Part = None, scenarios: opt.Scenarios = None) -> None:
    """How far the coders agree, attribute by attribute."""
    cases = [case for case in cases_of(part, scenarios) if case.scenario.extends is None]
    rows = coders.agreement_table(cases)
    shown = printed(
        "agreement",
        rows,
        n=len(cases),
        n_published=coders.N_PUBLISHED,
        units=lambda row: f"{row.n_units} {'members' if row.of_members else 'crises'}",
        within=lambda row: _interval(*row.interval),
    )
    give(coders.as_records(rows), [shown, said("agreement is no replication")])


def _interval(low: float, high: float) -> str:
    return "" if low != low else f"{low:.2f} to {high:.2f}"


@opt.command(data)
def dependence(
    alliance: str = opt.argument("ALLIANCE", INDICATED_SAYS, default="csto"),
    day: str | None = opt.maybe("--date", "YYYY-MM-DD", DAY_SAYS),
    set_: opt.SetParameter = None,
) -> None:
    """Dependence computed from indicators, beside the coders'."""
    name = opt.chosen_alliance(alliance)
    values = parameters(opt.chosen_parameters(set_))
    rows = _dependence_rows(name, opt.day_of(day) if day else None, values)
    try:
        found = check.accord(rows, values) if day is None else None
    except InputError as error:  # too few members were judged by coders as well
        found = None
        note(str(error))
    names = alliance_named(name)[0].states
    beside = _of_accord(found, names) if found else ()
    give({"rows": check.as_records(rows), "accord": found}, [_of_dependence(rows, names), *beside])


def _dependence_rows(name: str, day: date | None, values: dict[str, float]) -> list[check.Depends]:
    alliance, indicators = alliance_named(name)
    if not indicators:
        raise UsageError(f"{name} has no indicators: its members' dependence is the coders' own")
    if day is not None:
        return check.on_day(alliance, indicators, day, values)
    own = load_all(alliance_home(name))
    measured = (c for c in own if c.measures_dependence and c.scenario.extends is None)
    return [row for case in measured for row in check.of_case(case, values)]


FAR = 4
"""Years from which a figure is marked as far from the year it stands for."""


def _of_dependence(rows: list[check.Depends], names: dict[str, str]) -> Table:
    firsts = {row.occasion: row for row in reversed(rows)}.values()
    return table(
        "Dependence on the lead state, computed from indicators (each as a share of full "
        "dependence)",
        (
            ("occasion", lambda row: row.occasion if row in firsts else ""),
            ("member", lambda row: names.get(row.state, row.state)),
            ("computed#", "{computed:.2f}"),
            ("coders#", "{coded:.2f}"),
            *((f"{name}#", lambda row, name=name: _side(row, name)) for name in INDICATORS),
        ),
        rows,
        caption=f"' the figure is {FAR} years or more from that year; -: none",
    )


def _side(row: check.Depends, name: str) -> str:
    side = row.indicators.get(name)
    return "-" if side is None else f"{side.score:.2f}{chr(39) if side.years_off >= FAR else ''}"


def _of_accord(found: check.Accord, names: dict[str, str]) -> Parts:
    yield said("accord", found=found)
    means = [(names[state], *three, three[1] - three[2]) for state, three in found.by_state.items()]
    yield printed("accord by member", means)
    yield printed("accord without", found.without.items())


@opt.command(data)
def power(
    alliance: str = opt.argument("ALLIANCE", "An alliance's id, or a folder."),
    day: str = opt.option("--date", "YYYY-MM-DD", DAY_SAYS),
    only_rule: str | None = opt.maybe("--only-rule", "RULE", "Show only this rule."),
    requester: str | None = opt.maybe("--requester", "STATE", "Member that asks, and has no vote."),
) -> None:
    """Power of each member to carry a motion or block it on a day, under each rule."""
    name = opt.chosen_alliance(alliance)
    treaty, _ = alliance_named(name)
    council = council_on(treaty, opt.day_of(day), load_all(alliance_home(name)), requester)
    found = power_table(council, [rule_named(only_rule)] if only_rule else None)
    give(as_record(found), _of_power(found))


def _of_power(found: PowerTable) -> Parts:
    """One table per index with the rules side by side, or one table of one rule."""
    council = found.council
    own = f"its rule then: {council.own_rule}" if council.own_rule else "no rule of its own then"
    yield styled(f"{council.alliance.name} on {council.date}; {own}")
    known = {rule: power for rule, power in found.powers.items() if power is not None}
    if len(found.powers) > 1:
        for name in Power.__annotations__:
            yield _shares(
                found, said(name), {rule: getattr(one, name) for rule, one in known.items()}
            )
    else:
        for rule, power in known.items():
            yield _shares(found, f"Voting power under the rule {rule}", vars(power))
            yield from map(said, vars(power))
    mark = "* the alliance's own rule. " if council.own_rule in found.powers else ""
    yield mark + said(f"consensus {'with' if council.room else 'without'} room")
    if council.capability_from:
        yield f"Where capability counts, it is that coded for {council.capability_from}."
    for line in found.missing:
        yield f"Not worked out: {line}."


def _shares(found: PowerTable, title: str, columns: dict[str, tuple[float, ...]]) -> Table:
    council = found.council
    heads = [f"{name}{'*' if name == council.own_rule else ''}#" for name in columns]
    members = [council.alliance.states[state] for state in council.members]
    cells = [map(_power, column) for column in columns.values()]
    return table(title, plain_columns(("member", *heads)), zip(members, *cells, strict=True))


def _power(value: float) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:.3f}"
