"""Commands that study the case library: power, coders, dependence, comparisons, requests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.root import (
    Json,
    RuleName,
    Seed,
    Set,
    app,
    chosen_setup,
    day_of,
    print_json,
)

if TYPE_CHECKING:
    from datetime import date

    from foedus.analysis.coding.dependence_check import Depends

Alliance = Annotated[str, typer.Argument(metavar="ALLIANCE", help="An alliance's id, or a folder.")]
Pairs = Annotated[int, typer.Option("--runs", min=2, max=10_000_000, help="Runs of each.")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=10_000_000, help="Runs of each crisis.")]


@app.command()
def power(
    alliance: Alliance,
    day: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help="The day; members and rule then.")
    ],
    rule: RuleName = None,
    json: Json = False,
) -> None:
    """Voting power of each member on a day, under all six rules."""
    from foedus.analysis.voting_power import as_record, council_on, power_table
    from foedus.cli import study_tables, tables
    from foedus.data.library import alliance_home, alliance_named, load_all
    from foedus.data.terms import Rule
    from foedus.model.ensemble import rule_of

    treaty, _ = alliance_named(alliance)
    council = council_on(treaty, day_of(day), load_all(alliance_home(alliance)))
    table = power_table(council, [rule_of(rule)] if rule else tuple(Rule))
    if json:
        print_json(as_record(table))
    else:
        for part in study_tables.of_power(table):
            tables.show(part)


@app.command()
def agreement(json: Json = False) -> None:
    """How far the coders agree, attribute by attribute."""
    from foedus.analysis.coding.agreement import N_PUBLISHED, agreement_table, as_records
    from foedus.cli import study_tables, tables
    from foedus.data.library import load_all

    cases = [case for case in load_all() if case.scenario.extends is None]
    rows = agreement_table(cases)
    if json:
        print_json(as_records(rows))
    else:
        for part in study_tables.of_agreement(rows, len(cases), N_PUBLISHED):
            tables.show(part)


@app.command()
def dependence(
    alliance: Annotated[
        str, typer.Argument(metavar="ALLIANCE", help="The id of one with indicators, or a folder.")
    ] = "csto",
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="A day instead of every crisis."),
    ] = None,
    set_: Set = None,
    json: Json = False,
) -> None:
    """Dependence computed from indicators, beside the coders'."""
    from foedus.analysis.coding.dependence_check import accord, accord_record, as_records
    from foedus.cli import study_tables, tables
    from foedus.data.library import alliance_named
    from foedus.data.register import parameters
    from foedus.data.settings import parse_parameters
    from foedus.errors import InputError

    values = parameters(parse_parameters(set_ or ()))
    rows = _dependence_rows(alliance, day_of(day) if day else None, values)
    try:
        found = accord(rows, values) if day is None else None
    except InputError as error:  # too few members were judged by coders as well
        found = None
        print(error, file=sys.stderr)
    if json:
        print_json({"rows": as_records(rows), "accord": found and accord_record(found)})
        return
    names = alliance_named(alliance)[0].states
    tables.show(study_tables.of_dependence(rows, names))
    for part in study_tables.of_accord(found, names) if found else ():
        tables.show(part)


def _dependence_rows(name: str, day: date | None, values: dict[str, float]) -> list[Depends]:
    from foedus.analysis.coding.dependence_check import of_case, on_day
    from foedus.data.library import alliance_home, alliance_named, load_all
    from foedus.errors import UsageError

    alliance, indicators = alliance_named(name)
    if not indicators:
        raise UsageError(f"{name} has no indicators: its members' dependence is the coders' own")
    if day is not None:
        return on_day(alliance, indicators, day, values)
    own = load_all(alliance_home(name))
    measured = (c for c in own if c.measures_dependence and c.scenario.extends is None)
    return [row for case in measured for row in of_case(case, values)]


@app.command()
def compare(
    first: Annotated[str | None, typer.Argument(metavar="A", help="A scenario id or file.")] = None,
    second: Annotated[
        str | None, typer.Argument(metavar="B", help="Another; without it, A again.")
    ] = None,
    runs: Pairs = 1000,
    seed: Seed = 1,
    set_a: Annotated[
        list[str] | None, typer.Option("--set-a", metavar="NAME=VALUE", help="As --set, in A.")
    ] = None,
    set_b: Annotated[
        list[str] | None, typer.Option("--set-b", metavar="NAME=VALUE", help="As --set, in B.")
    ] = None,
    rule_a: Annotated[str | None, typer.Option("--rule-a", help="Council rule of A.")] = None,
    rule_b: Annotated[str | None, typer.Option("--rule-b", help="Council rule of B.")] = None,
    theory_a: Annotated[str | None, typer.Option("--theory-a", help="Theory of A.")] = None,
    theory_b: Annotated[str | None, typer.Option("--theory-b", help="Theory of B.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every shipped counterfactual against its base.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="With --all: the page of the documentation.")
    ] = False,
    json: Json = False,
) -> None:
    """Two crises, or one under two settings, under the same chance."""
    from foedus.errors import UsageError

    words = (first, second, set_a, set_b, rule_a, rule_b, theory_a, theory_b)
    if every:
        if any(words):
            raise UsageError("--all takes no scenario and no settings, only --runs and --seed")
        _compare_all(runs, seed, markdown=markdown, json=json)
        return
    if first is None:
        raise UsageError("name a scenario to compare, or --all")
    if markdown:
        raise UsageError("--markdown goes with --all")
    if second is None and not any(words[1:]):
        raise UsageError("name a second scenario, or set something: --set-b, --rule-b, --theory-b")
    _compare_two(
        (first, set_a, rule_a, theory_a),
        (second or first, set_b, rule_b, theory_b),
        runs,
        seed,
        json=json,
    )


Words = tuple[str, list[str] | None, str | None, str | None]
"""What a person says of one side: scenario, settings, rule, theory."""


def _compare_two(a: Words, b: Words, runs: int, seed: int, *, json: bool) -> None:
    from foedus.analysis.explain.comparison import as_record, compare
    from foedus.cli import study_tables, tables

    found = compare(chosen_setup(*a), chosen_setup(*b), runs, seed)
    if json:
        print_json(as_record(found))
    else:
        for part in study_tables.of_comparison(found):
            tables.show(part)


def _compare_all(runs: int, seed: int, *, markdown: bool, json: bool) -> None:
    from foedus.analysis.explain.comparison import against_bases, as_record
    from foedus.cli import study_tables, tables
    from foedus.cli.counterfactual_page import page
    from foedus.data.library import load_all

    found = against_bases(load_all(), runs, seed)
    if json:
        print_json([as_record(one) for one in found])
    elif markdown:
        print(page(found))
    else:
        tables.show(study_tables.of_counterfactuals(found))


@app.command()
def requests(runs: Runs = 1000, seed: Seed = 1, json: Json = False) -> None:
    """Who asked and who did not, beside a requester that decides."""
    from foedus.analysis.forecast.requests import as_record, request_table
    from foedus.cli import study_tables, tables
    from foedus.data.library import load_all

    table = request_table(load_all(), runs, seed)
    if json:
        print_json(as_record(table))
    else:
        for part in study_tables.of_requests(table, runs):
            tables.show(part)
