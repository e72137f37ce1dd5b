"""Commands on what the library holds: list and show."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from foedus.cli import options as opt
from foedus.cli.output import Parts, give, plain_columns, printed, styled, table
from foedus.cli.progress import hint
from foedus.cli.root import app
from foedus.data import library
from foedus.data.chronicle_file import CHRONICLE_FILE
from foedus.data.records import mean, spread
from foedus.data.register import Parameter, register
from foedus.data.sources import numbers_of
from foedus.data.terms import CRISIS_ATTRIBUTES, LEVELS, MEMBER_ATTRIBUTES
from foedus.data.theory import theories
from foedus.data.vocabulary import entries

What = StrEnum("What", ["CRISES", "ALLIANCES", "THEORIES", "RULES", "PARAMETERS", "FIGURES"])


@opt.command(app, "list")
def list_known(
    what: What = opt.argument(None, "What to list.", What.CRISES),
) -> None:
    """List crises, alliances, theories, rules, parameters or figures."""
    if what is What.CRISES:
        cases = list(library.load_all())
        give(list(map(_case_record, cases)), of_cases(cases))
        hint("foedus show ID; foedus run ID; foedus run ID --runs 1000")
    elif what is What.PARAMETERS:
        rows = register().values()
        give(list(map(vars, rows)), of_register(rows))
    else:
        known = _known(what)
        heads = [(head, f"{{{head}}}") for head in known[0]]
        give(known, table(what.capitalize(), heads, known))


def of_register(rows: Iterable[Parameter]) -> Table:
    """The parameters of the model."""
    return printed(
        "register",
        rows,
        prior_of=lambda row: f"{row.prior} {row.spread:g}" if row.is_free else row.prior,
    )


def _known(what: What) -> Sequence[dict[str, Any]]:
    if what is What.ALLIANCES:
        found = [(name, library.alliance_named(name)[0]) for name in library.alliance_ids()]
        return [{"id": name, "name": one.name, "summary": one.summary} for name, one in found]
    if what is What.THEORIES:
        return [{"name": n, "title": t.title, "claim": t.claim} for n, t in theories().items()]
    if what is What.RULES:
        return [{"name": name, "decides": row.description} for name, row in entries("rule").items()]
    from foedus.plots.catalogue import kinds

    return [
        {"kind": name, "of": "one crisis" if kind.of_case else "all crises", "shows": kind.shows}
        for name, kind in kinds().items()
    ]


def of_cases(cases: Sequence[library.Case]) -> Table:
    """The crises of the library."""
    return printed(
        "crises",
        map(_case_record, cases),
        n=len(cases),
        asked_for=lambda row: _asked(row["asked"]),
        answer=lambda row: row["history"] or "(what-if)",
    )


def _asked(asked: float) -> str:
    """What was asked for: ``3 (force)``, ``2.5 (support/force)``."""
    names, low = ("nothing", *LEVELS[1:3], "force"), int(asked)
    words = names[low] if asked == low else f"{names[low]}/{names[low + 1]}"
    return f"{asked:g} ({words})"


def _case_record(case: library.Case) -> dict[str, Any]:
    told = case.scenario
    asked, history = told.crisis.asked.value, told.history.level if told.history else None
    first = {name: getattr(told, name) for name in ("id", "alliance", "title", "requester")}
    more = {"extends": told.extends, "quality": told.quality}
    return {**first, "asked": asked, "history": history, **more}


@opt.command(app)
def show(
    scenario: str = opt.argument("ID|FILE", "A crisis, by id or file; or an alliance."),
    sources: bool = opt.switch("--sources", "Every number and its source instead."),
) -> None:
    """Show a crisis or an alliance: facts, reasons, members, sources."""
    if opt.is_alliance(scenario):
        opt.refuse("show ALLIANCE", sources=sources)
        _show_alliance(scenario)
        return
    case = opt.chosen_case(scenario)
    if sources:
        from foedus.cli.data_commands import give_numbers, reach  # numpy comes with them

        give_numbers(list(numbers_of(case, reach())))
    else:
        record = case.scenario.model_dump(mode="json")
        give(record, of_case(case), lambda: [_case_record(case)])


def of_case(case: library.Case) -> Parts:
    """A case in full."""
    told = case.scenario
    yield styled(f"{told.title} ({told.id}, {case.alliance.name})")
    yield styled(told.question, "italic")
    yield f"\n{told.summary}\n"
    codes = [(name, getattr(told.crisis, name)) for name in CRISIS_ATTRIBUTES]
    yield printed("crisis codes", codes, day=told.dates.coded)
    yield table(
        "The members",
        plain_columns(("state", *(f"{name}#" for name in MEMBER_ATTRIBUTES), "why")),
        [(case.name_of(state), *_codes(one), one.why) for state, one in told.members.items()],
        caption="* the coders differ; the value is their mean",
    )
    if told.history:
        yield styled(f"History: {told.history.level}. {told.history.why}\n")
    if told.sources:
        yield printed("sources", told.sources.items())


def _codes(member: Any) -> Iterator[str]:
    for name in MEMBER_ATTRIBUTES:
        coders = getattr(member, name)
        many = "" if coders is None else "*" if spread(coders) else ""
        yield "" if coders is None else f"{mean(coders):.3g}{many}"


def _show_alliance(name: str) -> None:
    """An alliance: who belongs and leads, what the treaty says, how its council decides."""
    home = library.alliance_home(opt.chosen_alliance(name))
    treaty, crises = library.alliance_named(str(home))[0], list(library.scenario_files(home))
    has_chronicle = (home / CHRONICLE_FILE).is_file()
    more = {"crises": crises, "has_chronicle": has_chronicle}
    record = {**treaty.model_dump(mode="json"), **more}
    members = sorted(treaty.members, key=lambda one: (one.since, one.state))

    def state(one: Any) -> str:
        return treaty.states[one.state]

    shown: list[RenderableType] = [
        styled(f"{treaty.name} ({treaty.id})"),
        f"\n{treaty.summary}\n",
        printed("alliance members", members, state=state),
        printed("alliance lead", treaty.lead_state, state=state),
        printed("alliance council", treaty.council),
        printed("alliance treaty", treaty.treaty),
        f"{len(crises)} crises: {', '.join(crises)}" if crises else "No crisis is coded.",
        f"Chronicle: {f'yes, foedus chronicle {treaty.id}' if has_chronicle else 'none'}",
    ]
    give(record, shown, lambda: record["members"])
