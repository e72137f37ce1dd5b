"""Tables of what the library holds: crises, alliances, theories, rules, parameters, and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from foedus.cli.columns import Columns, percent, plain_columns, table
from foedus.data.coverage import Backing, Measured
from foedus.data.indicators import ORIGINS
from foedus.data.library import Case
from foedus.data.records import mean, spread
from foedus.data.register import Parameter
from foedus.data.schema import Alliance
from foedus.data.sources import Grounds, Stated
from foedus.data.terms import CRISIS_ATTRIBUTES, INDICATORS, LEVELS, MEMBER_ATTRIBUTES

EVIDENCE = (
    "what-if: changes another crisis. evidence: A primary or several agreeing sources, B press, "
    "C memory"
)


def asked_words(asked: float) -> str:
    """What was asked for: ``3 (force)``, ``2.5 (support/force)``."""
    names, low = ("nothing", *LEVELS[1:3], "force"), int(asked)
    words = names[low] if asked == low else f"{names[low]}/{names[low + 1]}"
    return f"{asked:g} ({words})"


def case_record(case: Case) -> dict[str, Any]:
    """One line about a case, as plain values."""
    told = case.scenario
    asked, history = told.crisis.asked.value, told.history.level if told.history else None
    first = {name: getattr(told, name) for name in ("id", "alliance", "title", "requester")}
    more = {"extends": told.extends, "quality": told.quality}
    return {**first, "asked": asked, "history": history, **more}


CASES: Columns = (
    ("id", "{id}"),
    ("alliance", "{alliance}"),
    ("crisis", "{title}"),
    ("asked", lambda row: asked_words(row["asked"])),
    ("answer", lambda row: row["history"] or "(what-if)"),
    ("evidence", "{quality}"),
)


def of_cases(cases: Sequence[Case]) -> Table:
    """The crises of the library."""
    return table(f"{len(cases)} crises", CASES, map(case_record, cases), caption=EVIDENCE)


def of_records(title: str, records: Sequence[Mapping[str, Any]]) -> Table:
    """Plain records as a table; their keys are the headings."""
    heads = list(records[0]) if records else []
    return table(title, [(head, f"{{{head}}}") for head in heads], records)


def of_case(case: Case) -> Iterator[RenderableType]:
    """A case in full."""
    scenario = case.scenario
    yield Text(f"{scenario.title} ({scenario.id}, {case.alliance.name})", style="bold")
    yield Text(scenario.question, style="italic")
    yield Text(f"\n{scenario.summary}\n")
    yield table(
        f"The crisis as judged on {scenario.dates.coded}",
        (
            ("attribute", "{0}"),
            ("value#", "{1.value:g}"),
            ("range#", "{1.range:g}"),
            ("why", "{1.why}"),
            ("source", lambda pair: ", ".join(pair[1].source)),
        ),
        [(name, getattr(scenario.crisis, name)) for name in CRISIS_ATTRIBUTES],
    )
    yield table(
        "The members",
        plain_columns(("state", *(f"{name}#" for name in MEMBER_ATTRIBUTES), "why")),
        [
            (case.name_of(state), *_codes(member), member.why)
            for state, member in scenario.members.items()
        ],
        caption="* the coders differ; the value is their mean",
    )
    if scenario.history:
        yield Text(f"History: {scenario.history.level}. {scenario.history.why}\n", style="bold")
    if scenario.sources:
        yield table("Sources", plain_columns(("key", "where")), scenario.sources.items())


def _codes(member: Any) -> Iterator[str]:
    for name in MEMBER_ATTRIBUTES:
        coders = getattr(member, name)
        many = "" if coders is None else "*" if spread(coders) else ""
        yield "" if coders is None else f"{mean(coders):.3g}{many}"


PERIOD: Columns = (("from", "{since}"), ("to", "{until}"))
COUNCIL: Columns = (
    *PERIOD,
    ("rule", "{rule}"),
    ("abstention#", "{abstention:g}"),
    ("why", "{why}"),
)


def of_alliance(
    treaty: Alliance, crises: Sequence[str], has_chronicle: bool
) -> Iterator[RenderableType]:
    """An alliance: who belongs and leads, what the treaty says, how its council decides."""
    yield Text(f"{treaty.name} ({treaty.id})", style="bold")
    yield f"\n{treaty.summary}\n"
    state = ("state", lambda one: treaty.states[one.state])
    members = sorted(treaty.members, key=lambda one: (one.since, one.state))
    yield table("Members", (state, *PERIOD, ("note", "{note}")), members)
    yield table("Lead state", (state, *PERIOD, ("why", "{why}")), treaty.lead_state)
    yield table("Council", COUNCIL, treaty.council)
    yield table("Treaty", (("article", "{article}"), *PERIOD, ("says", "{says}")), treaty.treaty)
    yield f"{len(crises)} crises: {', '.join(crises)}" if crises else "No crisis is coded."
    yield f"Chronicle: {f'yes, foedus chronicle {treaty.id}' if has_chronicle else 'none'}"


REGISTER: Columns = (
    ("name", "{name}"),
    ("symbol", "{symbol}"),
    ("default#", "{default:g}"),
    ("prior", lambda row: f"{row.prior} {row.spread:g}" if row.is_free else row.prior),
    ("range", "{low:g} to {high:g}"),
    ("unit", "{unit}"),
    ("meaning", "{description}"),
    ("source", "{source}"),
)


def of_register(rows: Iterable[Parameter]) -> Table:
    """The parameter register."""
    return table("The parameter register", REGISTER, rows)


STYLES = {Grounds.SOURCED: "", Grounds.PARTLY: "yellow", Grounds.ASSUMED: "red"}


def stated_record(stated: Stated) -> dict[str, Any]:
    """One number and what it rests on, as plain values."""
    lists = {name: list(getattr(stated, name)) for name in ("sources", "pages")}
    first = {"case": stated.case or None, "number": stated.where, "values": list(stated.values)}
    return {**first, "grounds": stated.grounds.value, **lists, "is_used": stated.is_used}


NUMBERS: Columns = (
    ("crisis", "{case}"),
    ("number", lambda one: one.where + ("" if one.is_used else " (not read by the model)")),
    ("value", lambda one: ", ".join(f"{value:g}" for value in one.values)),
    ("rests on", lambda one: Text(one.grounds, style=STYLES[one.grounds])),
    ("sources", lambda one: Text(", ".join(one.sources))),
)


def of_numbers(numbers: Sequence[Stated]) -> Iterator[RenderableType]:
    """Numbers beside what they rest on."""
    yield table(f"{len(numbers):,} numbers and what they rest on", NUMBERS, numbers)
    counts = Counter(one.grounds for one in numbers)
    shares = (f"{g.value} {percent(counts.get(g, 0) / (len(numbers) or 1))} %" for g in Grounds)
    yield Text(", ".join(shares))


def coverage_record(
    measured: Sequence[Measured], backings: Sequence[Backing]
) -> dict[str, list[dict[str, Any]]]:
    """Coverage as plain values."""
    return {
        "indicators": [
            {
                "case": row.case,
                "member": row.state,
                "year": row.year,
                "used": {name: _figure(row, name) for name in row.used},
                "missing": list(row.missing),
            }
            for row in measured
        ],
        "backing": [
            {
                "alliance": row.alliance,
                "crises": row.n_crises,
                "numbers": {grounds.value: row.numbers.get(grounds, 0) for grounds in Grounds},
                "citations": row.n_citations,
                "assumed_citations": row.n_assumed,
            }
            for row in backings
        ],
    }


def _figure(row: Measured, name: str) -> dict[str, Any]:
    figure = row.used[name]
    kept = {key: getattr(figure, key) for key in ("value", "unit", "origin", "source")}
    return {**kept, "years_away": figure.distance(row.year)}


def of_coverage(
    measured: Sequence[Measured], backings: Sequence[Backing]
) -> Iterator[RenderableType]:
    """How the library is backed, what is measured, and what is missing."""
    yield of_backing(backings)
    yield of_origins(measured)
    yield table(
        "Indicators by member and year: the origin of the figure used, or what is missing",
        (
            ("crisis", "{case}"),
            ("member", "{state}"),
            ("year#", "{year}"),
            *((name, lambda row, name=name: _origin(row, name)) for name in INDICATORS),
        ),
        measured,
        caption="page: read on the source's page; derived: computed from others; memory: recalled "
        "and not checked; +n: the figure lies n years off; -: none near enough, left out",
    )


def _origin(row: Measured, name: str) -> Text:
    figure = row.used.get(name)
    if figure is None:
        return Text("-", style="red")
    away = figure.distance(row.year)
    unseen = figure.origin in ("memory", "assumed")
    return Text(figure.origin + (f" +{away}" if away else ""), style="yellow" if unseen else "")


def of_origins(measured: Sequence[Measured]) -> Table:
    """How often each origin stands behind each indicator."""
    rows = []
    for name in INDICATORS:
        used = Counter(row.used[name].origin for row in measured if name in row.used)
        missing = sum(name in row.missing for row in measured)
        rows.append((name, *(used[origin] for origin in ORIGINS), missing))
    heads = ("indicator", *(f"{origin}#" for origin in ORIGINS), "missing#")
    return table("Indicators by origin: times used", plain_columns(heads), rows)


def of_backing(backings: Sequence[Backing]) -> Table:
    """Numbers by their grounds, and citations, alliance by alliance."""
    return table(
        "Codes and figures in the files, without counterfactuals",
        (
            ("alliance", "{alliance}"),
            ("crises#", "{n_crises}"),
            ("numbers#", lambda row: f"{sum(row.numbers.values()):,}"),
            *((f"{one.value} %", lambda row, one=one: _share(row, one)) for one in Grounds),
            ("citations#", "{n_citations:,}"),
            (
                "of them assumed %",
                lambda row: percent(row.n_assumed / row.n_citations) if row.n_citations else "",
            ),
        ),
        [*backings, _all(backings)],
    )


def _share(row: Backing, grounds: Grounds) -> str:
    n = sum(row.numbers.values())
    return percent(row.numbers.get(grounds, 0) / n) if n else ""


def _all(backings: Sequence[Backing]) -> Backing:
    numbers: Counter[Grounds] = Counter()
    for row in backings:
        numbers.update(row.numbers)
    sums = (sum(getattr(row, name) for row in backings) for name in ("n_citations", "n_assumed"))
    return Backing("all", sum(row.n_crises for row in backings), numbers, *sums)
