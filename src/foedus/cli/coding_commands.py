"""Commands of `foedus data` on coders and councils: agreement, dependence, power."""

from datetime import date

from rich.table import Table

from foedus.analysis.coding import agreement as coders
from foedus.analysis.coding.dependence_check import (
    Accord,
    Depends,
    accord,
    as_records,
    of_case,
    on_day,
)
from foedus.analysis.voting_power import Power, PowerTable, as_record, council_on, power_table
from foedus.cli import options as opt
from foedus.cli.data_commands import Part, cases_of, data
from foedus.cli.output import Parts, give, number, plain_columns, printed, said, styled, table
from foedus.cli.progress import note
from foedus.data.library import alliance_home, alliance_named, load_all
from foedus.data.register import parameters
from foedus.data.terms import INDICATORS
from foedus.data.vocabulary import rule_named
from foedus.errors import InputError, UsageError

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
        found = accord(rows, values) if day is None else None
    except InputError as error:  # too few members were judged by coders as well
        found = None
        note(str(error))
    names = alliance_named(name)[0].states
    beside = _of_accord(found, names) if found else ()
    give({"rows": as_records(rows), "accord": found}, [_of_dependence(rows, names), *beside])


def _dependence_rows(name: str, day: date | None, values: dict[str, float]) -> list[Depends]:
    alliance, indicators = alliance_named(name)
    if not indicators:
        raise UsageError(f"{name} has no indicators: its members' dependence is the coders' own")
    if day is not None:
        return on_day(alliance, indicators, day, values)
    own = load_all(alliance_home(name))
    measured = (c for c in own if c.measures_dependence and c.scenario.extends is None)
    return [row for case in measured for row in of_case(case, values)]


FAR = 4
"""Years from which a figure is marked as far from the year it stands for."""


def _of_dependence(rows: list[Depends], names: dict[str, str]) -> Table:
    """Computed dependence by occasion and member, with what it rests on."""
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


def _side(row: Depends, name: str) -> str:
    side = row.indicators.get(name)
    return "-" if side is None else f"{side.score:.2f}{chr(39) if side.years_off >= FAR else ''}"


def _of_accord(found: Accord, names: dict[str, str]) -> Parts:
    """How far the computed dependence ranks members as the coders do."""
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
    return ("yes" if value else "no") if isinstance(value, bool) else number(value, ".3f")
