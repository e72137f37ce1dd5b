"""Commands on what the numbers rest on: sources, coverage, coders, dependence, voting power."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from foedus.cli import options as opt
from foedus.cli.output import Format, give, note
from foedus.cli.root import group

if TYPE_CHECKING:
    from datetime import date

    from foedus.analysis.coding.dependence_check import Depends
    from foedus.data.library import Case

data = group("data", "What the numbers rest on.", with_default=False)

Alliance = Annotated[str, opt.argument("ALLIANCE", "An alliance's id, or a folder.")]
Indicated = Annotated[str, opt.argument("ALLIANCE", "The id of one with indicators, or a folder.")]
Part = Annotated[
    str | None, opt.argument("ID|ALLIANCE", "A crisis or an alliance. Without it: all.")
]
Day = opt.named("--date", "YYYY-MM-DD", "A day; members and rule of that day.")
Model = Annotated[bool, opt.switch("--model", "The parameters of the model too.")]
OnlyRule = Annotated[str | None, opt.named("--only-rule", "RULE", "Show only this rule.")]
Requester = Annotated[
    str | None, opt.named("--requester", "STATE", "Member that asks, and has no vote.")
]


def _cases(part: str | None, folder: Path | None = None) -> Iterable[Case]:
    """The crises meant: one, those of an alliance, those below a folder, or all."""
    from foedus.data.library import alliance_home, alliance_ids, load_all

    if part is None:
        return load_all(folder)
    name = opt.chosen_alliance(part)
    if name in alliance_ids() or Path(name).is_dir():
        return load_all(alliance_home(name))
    return [opt.chosen_case(part)]


def _reach() -> float:
    from foedus.data.register import defaults

    return defaults()["indicator_reach"]


@data.command()
def sources(part: Part = None, model: Model = False, form: opt.Form = Format.TABLE) -> None:
    """Every number of the crises and its sources."""
    from foedus.cli import library_tables
    from foedus.data.sources import numbers_of, numbers_of_the_model

    numbers = [stated for case in _cases(part) for stated in numbers_of(case, _reach())]
    numbers += numbers_of_the_model() if model else ()
    records = [library_tables.stated_record(stated) for stated in numbers]
    give(form, records, library_tables.of_numbers(numbers))


@data.command()
def coverage(part: Part = None, form: opt.Form = Format.TABLE) -> None:
    """Which indicators are missing, and how much is assumed."""
    from foedus.cli import library_tables
    from foedus.data.coverage import backing, measured

    cases = list(_cases(part))
    known, backed = measured(cases, _reach()), backing(cases, _reach())
    record = library_tables.coverage_record(known, backed)
    give(form, record, library_tables.of_coverage(known, backed))


@data.command()
def agreement(
    part: Part = None, scenarios: opt.Scenarios = None, form: opt.Form = Format.TABLE
) -> None:
    """How far the coders agree, attribute by attribute."""
    from foedus.analysis.coding.agreement import N_PUBLISHED, agreement_table, as_records
    from foedus.cli import coding_tables

    cases = [case for case in _cases(part, scenarios) if case.scenario.extends is None]
    rows = agreement_table(cases)
    give(form, as_records(rows), coding_tables.of_agreement(rows, len(cases), N_PUBLISHED))


@data.command()
def dependence(
    alliance: Indicated = "csto",
    day: Annotated[str | None, Day] = None,
    set_: opt.SetParameter = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """Dependence computed from indicators, beside the coders'."""
    from foedus.analysis.coding.dependence_check import accord, accord_record, as_records
    from foedus.cli import coding_tables
    from foedus.data.library import alliance_named
    from foedus.data.register import parameters
    from foedus.errors import InputError

    name = opt.chosen_alliance(alliance)
    values = parameters(opt.chosen_parameters(set_))
    rows = _dependence_rows(name, opt.day_of(day) if day else None, values)
    try:
        found = accord(rows, values) if day is None else None
    except InputError as error:  # too few members were judged by coders as well
        found = None
        note(str(error))
    names = alliance_named(name)[0].states
    record = {"rows": as_records(rows), "accord": found and accord_record(found)}
    beside = coding_tables.of_accord(found, names) if found else ()
    give(form, record, [coding_tables.of_dependence(rows, names), *beside])


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


@data.command()
def power(
    alliance: Alliance,
    day: Annotated[str, Day],
    only_rule: OnlyRule = None,
    requester: Requester = None,
    form: opt.Form = Format.TABLE,
) -> None:
    """Power of each member to carry a motion or block it on a day, under each rule."""
    from foedus.analysis.voting_power import as_record, council_on, power_table
    from foedus.cli import coding_tables
    from foedus.data.library import alliance_home, alliance_named, load_all
    from foedus.data.vocabulary import rule_named

    name = opt.chosen_alliance(alliance)
    treaty, _ = alliance_named(name)
    council = council_on(treaty, opt.day_of(day), load_all(alliance_home(name)), requester)
    found = power_table(council, [rule_named(only_rule)] if only_rule else None)
    give(form, as_record(found), coding_tables.of_power(found))
